package survey

// Table sees the objects of one place side by side.
type Table struct {
	Rows []*Row
	// Columns are the keys of the objects, in the order in which they occur.
	Columns []*Column
	// Others counts what stands beside the objects and is none, by its kind.
	Others [kinds]int

	columns map[string]*Column
	// ids are the texts of the ids, once asked for; nil inside if there are none.
	ids *map[string]bool
}

// TableOf returns the table of one object.
func TableOf(v *Value) *Table {
	t := &Table{}
	t.add(v, nil, 0, "")
	return t
}

// Row is an object.
type Row struct {
	Value *Value
	// Parent is the row that holds this one, nil at the top.
	Parent *Row
	// Group is the number of the top list that the row is in.
	Group int
	// Key is what the row is under where it is held by an object.
	Key string
}

// Cell is the value of a row in a column.
type Cell struct {
	Row   *Row
	Value *Value
}

// Column is what the rows of a table have under one key.
type Column struct {
	Key   string
	Cells []Cell
	// Kinds counts the cells of each kind.
	Kinds [kinds]int
	// Table is the one that the column is of.
	Table *Table

	counts   []Count
	elements *Table
	inside   *Table
	members  *Table
}

// add takes the value of a place in.
func (t *Table) add(v *Value, parent *Row, group int, key string) {
	if v.Kind != Object {
		t.Others[v.Kind]++
		return
	}
	if t.columns == nil {
		t.columns = make(map[string]*Column)
	}
	row := &Row{v, parent, group, key}
	t.Rows = append(t.Rows, row)
	for _, m := range v.Members {
		c := t.columns[m.Key]
		if c == nil {
			c = &Column{Key: m.Key, Table: t}
			t.columns[m.Key] = c
			t.Columns = append(t.Columns, c)
		}
		if n := len(c.Cells); n > 0 && c.Cells[n-1].Row == row {
			continue // a key twice
		}
		c.Cells = append(c.Cells, Cell{row, m.Value})
		c.Kinds[m.Value.Kind]++
	}
}

// Column returns the column of a key, nil if no row has it.
func (t *Table) Column(key string) *Column { return t.columns[key] }

// At returns the column at the end of a path through objects, nil if there is
// none.
func (t *Table) At(path []string) *Column {
	for i, key := range path {
		c := t.Column(key)
		if c == nil || i == len(path)-1 {
			return c
		}
		t = c.Inside()
	}
	return nil
}

// OnlyObjects reports whether nothing stands beside the objects, of which there
// is one at least.
func (t *Table) OnlyObjects() bool {
	return len(t.Rows) > 0 && t.Others == [kinds]int{}
}

// Missing counts the rows without the key.
func (c *Column) Missing() int { return len(c.Table.Rows) - len(c.Cells) }

// Only reports whether all cells are of one of the kinds. Null is none of them
// unless it is named.
func (c *Column) Only(of ...Kind) bool {
	n := 0
	for _, k := range of {
		n += c.Kinds[k]
	}
	return n == len(c.Cells)
}

// Elements returns the table of the elements of all lists under the key.
func (c *Column) Elements() *Table {
	if c.elements == nil {
		c.elements = &Table{}
		for _, cell := range c.Cells {
			for _, e := range cell.Value.Elements {
				c.elements.add(e, cell.Row, cell.Row.Group, "")
			}
		}
	}
	return c.elements
}

// Inside returns the table of the objects under the key, at most one a row.
func (c *Column) Inside() *Table {
	if c.inside == nil {
		c.inside = &Table{}
		for _, cell := range c.Cells {
			if cell.Value.Kind == Object {
				c.inside.add(cell.Value, cell.Row, cell.Row.Group, "")
			}
		}
	}
	return c.inside
}

// Members returns the table of what the objects under the key hold, each under a
// key of its own.
func (c *Column) Members() *Table {
	if c.members == nil {
		c.members = &Table{}
		for _, cell := range c.Cells {
			for _, m := range cell.Value.Members {
				c.members.add(m.Value, cell.Row, cell.Row.Group, m.Key)
			}
		}
	}
	return c.members
}

// Count is a scalar and how many cells have it.
type Count struct {
	Kind Kind
	Text string
	N    int
}

// Counts returns the scalars of the column, in the order in which they occur.
// Null is one.
func (c *Column) Counts() []Count {
	if c.counts != nil {
		return c.counts
	}
	at := make(map[Count]int)
	for _, cell := range c.Cells {
		if cell.Value.Kind == List || cell.Value.Kind == Object {
			continue
		}
		key := Count{Kind: cell.Value.Kind, Text: cell.Value.Text}
		i, ok := at[key]
		if !ok {
			i = len(c.counts)
			at[key] = i
			c.counts = append(c.counts, key)
		}
		c.counts[i].N++
	}
	return c.counts
}

// CountOf returns how many cells have a scalar, by its text.
func (c *Column) CountOf(text string) int {
	n := 0
	for _, count := range c.Counts() {
		if count.Text == text {
			n += count.N
		}
	}
	return n
}
