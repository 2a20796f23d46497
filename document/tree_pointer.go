package document

import (
	"strings"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/compiled"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
)

// rootPointer returns the path to the array of top items of a group.
func rootPointer(r format.Root, group string) string {
	switch r.Kind {
	case format.RootObject:
		return jsontext.Pointer("", jsontext.KeyStep(r.Key))
	case format.RootGroups:
		return jsontext.Pointer("", jsontext.KeyStep(group), jsontext.KeyStep(r.Key))
	}
	return ""
}

// pointer returns the JSON pointer of an item.
func (s *tree) pointer(n node) string {
	last := jsontext.IndexStep(int(n.index - s.siblings(n).first))
	if above, ok := s.parent(n); ok {
		return jsontext.Pointer(s.pointer(above), jsontext.KeyStep(s.level(above).Children), last)
	}
	return jsontext.Pointer(rootPointer(s.root, s.groups[s.group(n)].name), last)
}

// partialID is the id of an item of a shape that may not be complete.
func (s *tree) partialID(n node) string {
	own := s.nearID(n)
	parent, ok := s.parent(n)
	if own == "" || !ok || s.level(n).ID.Kind != format.LocalID || int(parent.index) >= len(s.rows[parent.row].entries) {
		return own
	}
	above := s.partialID(parent)
	if above == "" || strings.HasPrefix(own, above+".") {
		return own
	}
	return above + "." + own
}

// nearID is the id as an item spells it, "" if it has none or one that is too
// long: what is longer is not looked at, however often it is asked for.
func (s *tree) nearID(n node) string {
	at := int(s.slot(n, compiled.IDSlot))
	if at == 0 {
		return ""
	}
	near := jsontext.Scanner{Src: s.source[at:min(len(s.source), at+compiled.LongestID)]}
	if near.Src[0] != '"' {
		return jsontext.SharedString(near.Src[:jsontext.NumberLength(near.Src)])
	}
	if _, ok := near.Text(); !ok {
		return ""
	}
	return jsontext.Unquote(near.Src[:near.Pos])
}
