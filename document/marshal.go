package document

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
)

// changeJSON is how a Change is written down: by names, so that the text
// outlives the numbering of statuses and events.
type changeJSON struct {
	Op     string      `json:"op"`
	Group  string      `json:"group,omitempty"`
	ID     string      `json:"id"`
	To     string      `json:"to,omitempty"`
	Event  string      `json:"event,omitempty"`
	Reason string      `json:"reason,omitempty"`
	Parent *idJSON     `json:"parent,omitempty"`
	Place  string      `json:"place,omitempty"`
	Beside *idJSON     `json:"beside,omitempty"`
	Item   string      `json:"item,omitempty"`
	Fields []fieldJSON `json:"fields,omitempty"`
	Seen   []seenJSON  `json:"seen,omitempty"`
}

type seenJSON struct {
	Group string `json:"group,omitempty"`
	ID    string `json:"id"`
	Text  string `json:"text,omitempty"`
}

type idJSON struct {
	Group string `json:"group,omitempty"`
	ID    string `json:"id"`
}

type fieldJSON struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

var opNames = [...]string{
	OpSet: "set", OpAdvance: "advance", OpFire: "fire", OpForce: "force",
	OpEdit: "edit", OpAdd: "add", OpRemove: "remove", OpMove: "move",
}

// String returns the name of the operation: "set", "advance", …
func (o Op) String() string {
	if int(o) >= len(opNames) || o == 0 {
		return fmt.Sprintf("Op(%d)", uint8(o))
	}
	return opNames[o]
}

// MarshalChanges writes groups of changes as JSON, with statuses and events by
// name. The error lists every operation, status and event that has no name.
func (t *Type) MarshalChanges(groups [][]Change) ([]byte, error) {
	var errs []error
	out := make([][]changeJSON, len(groups))
	for g, group := range groups {
		out[g] = make([]changeJSON, len(group))
		for i, c := range group {
			if err := t.unwritable(&c); err != nil {
				errs = append(errs, fmt.Errorf("document: group %d, change %d: %w", g, i, err))
			}
			out[g][i] = t.written(c)
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return json.Marshal(out)
}

// unwritable says what of a change cannot be written down, nil for nothing. The
// gate refuses such changes, so that what is accepted can be kept.
func (t *Type) unwritable(c *Change) error {
	switch {
	case c.Op == 0 || int(c.Op) >= len(opNames):
		return fmt.Errorf("unknown operation %s", c.Op)
	case int(c.To) >= len(t.format.Statuses):
		return fmt.Errorf("unknown status %d", c.To)
	case int(c.Event) >= len(t.format.Events):
		return fmt.Errorf("unknown event %d", c.Event)
	case c.Edit != nil && c.Edit.Place.Kind == placeTwice:
		return errors.New("more than one place is given: want one at most")
	case c.Edit != nil && int(c.Edit.Place.Kind) >= len(placeNames):
		return fmt.Errorf("unknown place %s", c.Edit.Place.Kind)
	}
	if text, ok := c.otherThanUTF8(); ok {
		return fmt.Errorf("the text %q is not UTF-8", jsontext.Clipped(text, jsontext.MaxShown))
	}
	return nil
}

// otherThanUTF8 returns a text of the change that JSON cannot hold, if there is
// one.
func (c *Change) otherThanUTF8() (text string, ok bool) {
	bad := func(s string) bool {
		text = s
		return !utf8.ValidString(s)
	}
	if bad(c.ID.group) || bad(c.ID.text) || bad(c.Reason) {
		return text, true
	}
	for _, s := range c.Seen {
		if bad(s.ID.group) || bad(s.ID.text) || bad(s.Text) {
			return text, true
		}
	}
	if c.Edit == nil {
		return "", false
	}
	if bad(c.Edit.Parent.group) || bad(c.Edit.Parent.text) || bad(c.Edit.Place.Sibling.group) || bad(c.Edit.Place.Sibling.text) || bad(c.Edit.Item) {
		return text, true
	}
	for _, f := range c.Edit.Fields {
		if bad(f.Key) || bad(f.Value) {
			return text, true
		}
	}
	return "", false
}

func (t *Type) written(c Change) changeJSON {
	out := changeJSON{Op: c.Op.String(), Group: c.ID.group, ID: c.ID.text, To: t.StatusName(c.To), Event: t.EventName(c.Event), Reason: c.Reason}
	for _, s := range c.Seen {
		out.Seen = append(out.Seen, seenJSON{s.ID.group, s.ID.text, s.Text})
	}
	if c.Edit != nil {
		out.Parent = &idJSON{c.Edit.Parent.group, c.Edit.Parent.text}
		out.Place = c.Edit.Place.Kind.String()
		if sibling, ok := c.Edit.Place.beside(); ok {
			out.Beside = &idJSON{sibling.group, sibling.text}
		}
		out.Item = c.Edit.Item
		for _, f := range c.Edit.Fields {
			out.Fields = append(out.Fields, fieldJSON(f))
		}
	}
	return out
}

// UnmarshalChanges reads what MarshalChanges wrote. The error lists every name
// that the type does not know.
func (t *Type) UnmarshalChanges(data []byte) ([][]Change, error) {
	var in [][]changeJSON
	if err := json.Unmarshal(data, &in); err != nil {
		return nil, fmt.Errorf("document: changes: %w", err)
	}
	var errs []error
	out := make([][]Change, len(in))
	for g, group := range in {
		out[g] = make([]Change, len(group))
		for i, c := range group {
			var err error
			if out[g][i], err = t.read(c); err != nil {
				errs = append(errs, fmt.Errorf("document: group %d, change %d: %w", g, i, err))
			}
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return out, nil
}

func (t *Type) read(c changeJSON) (Change, error) {
	op, okOp := indexOf(opNames[:], c.Op)
	to, okTo := indexOf(t.format.Statuses, c.To)
	event, okEvent := indexOf(t.format.Events, c.Event)
	switch {
	case !okOp || op == 0:
		return Change{}, fmt.Errorf("unknown operation %q", c.Op)
	case !okTo:
		return Change{}, fmt.Errorf("unknown status %q", c.To)
	case !okEvent:
		return Change{}, fmt.Errorf("unknown event %q", c.Event)
	}
	out := Change{Op: Op(op), ID: ID{c.Group, c.ID}, To: Status(to), Event: Event(event), Reason: c.Reason}
	for _, s := range c.Seen {
		out.Seen = append(out.Seen, Seen{ID{s.Group, s.ID}, s.Text})
	}
	if c.Parent != nil {
		place, err := c.place()
		if err != nil {
			return Change{}, err
		}
		out.Edit = &Edit{Parent: ID{c.Parent.Group, c.Parent.ID}, Place: place, Item: c.Item}
		for _, f := range c.Fields {
			out.Edit.Fields = append(out.Edit.Fields, FieldEdit(f))
		}
	}
	return out, nil
}

// place reads where an item goes.
func (c *changeJSON) place() (Place, error) {
	kind, ok := indexOf(placeNames[:], c.Place)
	p := Place{Kind: PlaceKind(kind)}
	if c.Beside != nil {
		p.Sibling = ID{c.Beside.Group, c.Beside.ID}
	}
	if _, beside := p.beside(); !ok || beside != (c.Beside != nil) {
		return Place{}, fmt.Errorf("unknown place %q: want first or last, or before or after with the item beside it", c.Place)
	}
	return p, nil
}

// indexOf returns where a name stands in a list that begins with "".
func indexOf(names []string, name string) (int, bool) {
	i := slices.Index(names, name)
	return i, i >= 0
}
