package survey

import "slices"

// idKeys, folded, hold ids: the ones before the others where several would do.
var idKeys = []string{"id", "key", "uuid", "guid", "identifier", "number", "nr", "no", "num", "iid", "code", "slug", "ref",
	"taskid", "storyid", "issueid", "itemid", "featureid", "ticketid", "subtaskid", "phaseid", "stepid", "epicid",
	"milestoneid", "sprintid", "cardid", "bugid", "requirementid", "todoid", "tasknumber", "issuenumber", "phasenumber",
	"stepnumber", "step", "phase", "index", "order"}

// titleKeys, folded, hold what tells items apart where they have no id.
var titleKeys = []string{"title", "name", "content", "summary", "text", "subject", "task", "todo", "label", "description"}

// IDs are the columns that may be the id of a table, the likelier before the
// others.
type IDs struct {
	// Unique is the best of those that no two rows share: two rows of one group,
	// and if that is not so of any, two rows of one parent.
	Unique *Column
	// Local is set where Unique is so only among the rows of one parent.
	Local bool
	// Title is set where no key is an id by its name, and Unique is what the items
	// are about.
	Title bool
	// Repeated are the columns that are ids by their name, and are not unique.
	Repeated []*Column
}

// IDs returns what tells the rows apart.
func (t *Table) IDs() IDs {
	var ids IDs
	for _, among := range []func(*Row) any{func(r *Row) any { return r.Group }, func(r *Row) any { return r.Parent }} {
		ids.Repeated = nil
		for _, want := range idKeys {
			for _, c := range t.Columns {
				if Fold(c.Key) != want || !c.isID() {
					continue
				}
				if _, again := c.Repetition(among); again == nil {
					ids.Unique = c
					return ids
				}
				ids.Repeated = append(ids.Repeated, c)
			}
		}
		ids.Local = true
	}
	ids.Local = false
	if len(ids.Repeated) > 0 {
		return ids
	}
	for _, want := range titleKeys {
		for _, c := range t.Columns {
			if Fold(c.Key) != want || !c.Only(Text) || !c.isID() || !c.isShort() {
				continue
			}
			if _, again := c.Repetition(func(r *Row) any { return r.Group }); again == nil {
				ids.Unique, ids.Title = c, true
				return ids
			}
		}
	}
	return ids
}

// isID reports whether each row has something that can be an id.
func (c *Column) isID() bool {
	return c.Missing() == 0 && !slices.ContainsFunc(c.Cells, func(cell Cell) bool { return !cell.Value.IsID() })
}

const longestTitle = 200

func (c *Column) isShort() bool {
	return !slices.ContainsFunc(c.Cells, func(cell Cell) bool { return len(cell.Value.Text) > longestTitle })
}

// Repetition returns two rows of one scope with the same text, nil if there are
// none.
func (c *Column) Repetition(scope func(*Row) any) (first, again *Row) {
	type place struct {
		scope any
		text  string
	}
	seen := make(map[place]*Row)
	for _, cell := range c.Cells {
		at := place{scope(cell.Row), cell.Value.Text}
		if other := seen[at]; other != nil {
			return other, cell.Row
		}
		seen[at] = cell.Row
	}
	return nil, nil
}
