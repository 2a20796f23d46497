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
	s, text := it.doc.shape, compiled.IDText(ref)
	group := s.Groups[s.Group(it.node)].Name
	if above, ok := s.Parent(it.node); ok && !s.PathIDs() && s.Level(it.node).ID.Kind == format.LocalID {
		if n, ok := s.find(ID{group, s.id(above).text + "." + text}); ok {
			return n, true
		}
	}
	return s.find(ID{group, text})
}

// resolve returns the full id of the item that a reference names, or the
// reference as it is written if it names none.
func (it Item) resolve(ref []byte) ID {
	if it.doc == nil {
		return ID{it.draft.id.group, compiled.IDText(ref)}
	}
	if n, ok := it.target(ref); ok {
		return it.doc.shape.id(n)
	}
	return ID{it.ID().group, compiled.IDText(ref)}
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
