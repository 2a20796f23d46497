package survey

import (
	"slices"
	"strings"
)

// Shape is how the items of a place are held.
type Shape uint8

// The shapes.
const (
	Array   Shape = iota + 1 // the document is a list
	Under                    // a list under a path of keys
	Groups                   // lists under one key of each of several objects
	Keyed                    // an object, each item under a key of its own
	Lines                    // JSON Lines
	Item                     // the document is an item
	Columns                  // an object of lists with the names of statuses
)

// Place is where objects stand side by side.
type Place struct {
	Shape Shape
	// Path leads there from the root. Of Groups it is the one key.
	Path  []string
	Table *Table
	// Lists is how many lists there are: of Groups and Columns several.
	Lists int
}

// Key is the last key of the path, "" for the root.
func (p *Place) Key() string {
	if len(p.Path) == 0 {
		return ""
	}
	return p.Path[len(p.Path)-1]
}

// Name returns the path as people write it.
func (p *Place) Name() string {
	switch {
	case len(p.Path) == 0:
		return "the document"
	case p.Shape == Groups:
		return "*." + p.Key()
	}
	return strings.Join(p.Path, ".")
}

const (
	deepestPlace = 8
	mostPlaces   = 500
)

// Places returns the places where the items of a file may be, and lists of
// scalars under keys of items. There are no more than some hundreds.
func (f *File) Places() []*Place {
	s := &search{}
	switch root := f.Root; {
	case f.Lines:
		s.list(Lines, nil, root.Elements)
	case root.Kind == List:
		s.list(Array, nil, root.Elements)
	case root.Kind == Object:
		s.object(root, nil)
		s.places = append(s.places, &Place{Shape: Item, Table: TableOf(root), Lists: 1})
	}
	return s.places
}

type search struct{ places []*Place }

func (s *search) list(shape Shape, path []string, elements ...[]*Value) {
	if len(s.places) >= mostPlaces {
		return
	}
	t := &Table{}
	for group, list := range elements {
		for _, v := range list {
			t.add(v, nil, group, "")
		}
	}
	if len(t.Rows) > 0 || t.Others[Text] > 0 && len(path) > 0 && IsWork(path[len(path)-1]) {
		s.places = append(s.places, &Place{shape, path, t, len(elements)})
	}
}

// object looks for places in an object: its lists, the objects in it, and itself.
func (s *search) object(v *Value, path []string) {
	if len(path) > deepestPlace {
		return
	}
	grouped := ""
	if len(path) == 0 {
		grouped = s.groups(v)
	}
	s.keyed(v, path)
	s.columns(v, path)
	for _, m := range v.Members {
		at := append(slices.Clip(path), m.Key)
		switch {
		case m.Value.Kind == List:
			s.list(Under, at, m.Value.Elements)
		case m.Value.Kind == Object && (grouped == "" || m.Value.Get(grouped) == nil):
			s.object(m.Value, at)
		}
	}
}

// groups finds the key under which the members of a document each hold a list of
// objects; "" if there is none. One member alone is a group only where nothing
// else is there, and its key does not say that it is just a wrapper.
func (s *search) groups(root *Value) string {
	type found struct{ rows, lists int }
	counts := make(map[string]found)
	best := ""
	objects := 0
	for _, m := range root.Members {
		if m.Value.Kind != Object {
			continue
		}
		objects++
		for _, inner := range m.Value.Members {
			if !isListOfObjects(inner.Value) || IsAside(inner.Key) {
				continue
			}
			c := counts[inner.Key]
			c.rows += len(inner.Value.Elements)
			c.lists++
			counts[inner.Key] = c
			if best == "" || c.rows > counts[best].rows {
				best = inner.Key
			}
		}
	}
	if best == "" || counts[best].rows == 0 {
		return ""
	}
	if counts[best].lists < 2 && (objects != 1 || len(root.Members) != 1 || wrapperKeys[Fold(root.Members[0].Key)]) {
		return ""
	}
	var lists [][]*Value
	for _, m := range root.Members {
		if m.Value.Kind != Object {
			continue
		}
		if inner := m.Value.Get(best); inner != nil && inner.Kind == List {
			lists = append(lists, inner.Elements)
		}
	}
	s.list(Groups, []string{best}, lists...)
	return best
}

// isListOfObjects reports whether v is a list of objects only, or of nothing.
func isListOfObjects(v *Value) bool {
	return v.Kind == List && !slices.ContainsFunc(v.Elements, func(e *Value) bool { return e.Kind != Object })
}

func (s *search) keyed(v *Value, path []string) {
	if len(s.places) >= mostPlaces || len(v.Members) == 0 {
		return
	}
	t := &Table{}
	for _, m := range v.Members {
		t.add(m.Value, nil, 0, m.Key)
	}
	if t.OnlyObjects() {
		s.places = append(s.places, &Place{Keyed, path, t, 1})
	}
}

// columns takes an object of lists for a board if their keys name statuses.
func (s *search) columns(v *Value, path []string) {
	if len(s.places) >= mostPlaces || len(v.Members) < 2 {
		return
	}
	known := 0
	t := &Table{}
	for _, m := range v.Members {
		if !isListOfObjects(m.Value) {
			return
		}
		if _, ok := MeaningOf(m.Key); ok {
			known++
		}
		for _, e := range m.Value.Elements {
			t.add(e, nil, 0, m.Key)
		}
	}
	if known >= 2 && 2*known > len(v.Members) && len(t.Rows) > 0 {
		s.places = append(s.places, &Place{Columns, path, t, len(v.Members)})
	}
}

// mostLinks bounds the columns of a place that are looked at: a key can be spelled in
// many ways.
const mostLinks = 50

// Link finds a column whose texts are the ids of another place, and whose name
// says that those are where an item stands: a status that is a link.
func Link(p *Place, places []*Place) (*Column, *Place) {
	looked := 0
	for _, c := range p.Table.Columns {
		if !linkKeys[Fold(c.Key)] || !c.Only(Text, Integer, Null) {
			continue
		}
		if looked++; looked > mostLinks {
			break
		}
		for _, other := range places {
			if other != p && other.Shape != Item && holdsAll(other.Table, c) {
				return c, other
			}
		}
	}
	return nil, nil
}

// holdsAll reports whether the ids of a table are all that a column holds.
func holdsAll(t *Table, c *Column) bool {
	have := t.idTexts()
	if have == nil {
		return false
	}
	counts := c.Counts()
	for _, n := range counts {
		if n.Kind != Null && !have[n.Text] {
			return false
		}
	}
	return len(counts) > 0
}

// idTexts returns the ids of the rows, nil if the table has none that are unique.
func (t *Table) idTexts() map[string]bool {
	if t.ids != nil {
		return *t.ids
	}
	t.ids = new(map[string]bool)
	if c := t.IDs().Unique; c != nil {
		*t.ids = make(map[string]bool, len(c.Cells))
		for _, cell := range c.Cells {
			(*t.ids)[cell.Value.Text] = true
		}
	}
	return *t.ids
}
