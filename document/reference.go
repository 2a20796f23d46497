package document

import (
	"fmt"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/compiled"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
	"github.com/backlog-gen/backlog-gen/document/internal/tree"
)

// target finds the item that a reference names: a sibling first, then by full
// id, within the group.
func (it Item) target(ref []byte) (tree.Node, bool) {
	n, _, ok := it.lookUp(ref)
	return n, ok
}

// lookUp is target, and also returns the id that the reference says. A sibling's is
// meant also where several share it.
func (it Item) lookUp(ref []byte) (tree.Node, ID, bool) {
	s, text := it.doc.shape, compiled.IDText(ref)
	group := s.Groups[s.Group(it.node)].Name
	if above, ok := s.Parent(it.node); ok && !s.PathIDs() && s.Level(it.node).ID.Kind == format.LocalID {
		sibling := ID{group, s.id(above).text + "." + text}
		n, ok := s.find(sibling)
		if _, shared := s.Shared(group, sibling.text); ok || shared > 0 {
			return n, sibling, ok
		}
	}
	n, ok := s.find(ID{group, text})
	return n, ID{group, text}, ok && !s.byPlace(n)
}

// byPlace reports whether an item is known by its place, or by that of one above:
// only siblings can refer to it.
func (s *shape) byPlace(n tree.Node) bool {
	for ok := s.typ.format.Positions; ok; n, ok = s.Parent(n) {
		switch s.Level(n).ID.Kind {
		case format.PositionID:
			return true
		case format.TextID:
			return false
		}
	}
	return false
}

// resolve returns the full id of the item that a reference names, or the
// reference as it is written if it names none.
func (it Item) resolve(ref []byte) ID {
	if it.doc == nil {
		return ID{it.draft.id.group, compiled.IDText(ref)}
	}
	_, id, _ := it.lookUp(ref)
	return id
}

// resolveAll returns what the references of a field name.
func (it Item) resolveAll(raw []byte) []ID {
	var ids []ID
	compiled.EachReference(raw, func(ref []byte) bool {
		ids = append(ids, it.resolve(ref))
		return true
	})
	return ids
}

// aimed returns a value whose references name from the item what they are meant
// to, or one that the gate refuses.
func (it Item) aimed(f int, v Value) Value {
	if it.doc == nil || len(v.targets) == 0 || it.field(f).Kind != format.ReferenceField {
		return v
	}
	i := 0
	refusal := ""
	compiled.EachReference(v.raw(), func(ref []byte) bool {
		read, meant := it.resolve(ref), v.targets[i]
		if i++; meant.group == "" {
			meant.group = read.group
		}
		if read != meant {
			refusal = fmt.Sprintf("a reference to %s would be read as %s here", jsontext.Clipped(meant.String(), jsontext.MaxShown), jsontext.Clipped(read.String(), jsontext.MaxShown))
		}
		return refusal == "" && i < len(v.targets)
	})
	if refusal != "" {
		return refusedValue(refusal)
	}
	return v
}
