package tree

import (
	"strings"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/compiled"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
)

// rootPointer returns the path to the array of top items of a group.
func rootPointer(r format.Root, group string) string {
	if r.Kind == format.RootGroups {
		return jsontext.Pointer("", steps(append([]string{group}, r.Path()...))...)
	}
	return jsontext.Pointer("", steps(r.Path())...)
}

// steps lead along keys.
func steps(keys []string) []jsontext.Step {
	out := make([]jsontext.Step, len(keys))
	for i, key := range keys {
		out[i] = jsontext.KeyStep(key)
	}
	return out
}

// Pointer returns the JSON pointer of an item.
func (s *Tree) Pointer(n Node) string {
	last := jsontext.IndexStep(int(n.Index - s.Siblings(n).First))
	if above, ok := s.Parent(n); ok {
		return jsontext.Pointer(s.Pointer(above), append(steps(s.Level(above).Record.ChildrenField().Way), last)...)
	}
	return jsontext.Pointer(rootPointer(s.Root, s.Groups[s.Group(n)].Name), last)
}

// PartialID is the id of an item of a tree that may not be complete.
func (s *Tree) PartialID(n Node) string {
	own := s.nearID(n)
	parent, ok := s.Parent(n)
	if own == "" || !ok || !s.Level(n).ID.FollowsParent() || int(parent.Index) >= len(s.rows[parent.Row].entries) {
		return own
	}
	above := s.PartialID(parent)
	if above == "" || strings.HasPrefix(own, above+".") {
		return own
	}
	return above + "." + own
}

// nearID is the id as an item spells it, "" if it has none or one that is too
// long: what is longer is not looked at, however often it is asked for.
func (s *Tree) nearID(n Node) string {
	at := int(s.Slot(n, compiled.IDSlot))
	switch {
	case at != 0:
	case s.Level(n).ID.Kind == format.PositionID:
		return s.OwnID(n)
	default:
		return ""
	}
	near := jsontext.Scanner{Src: s.Source[at:min(len(s.Source), at+compiled.LongestID)]}
	if near.Src[0] != '"' {
		return jsontext.SharedString(near.Src[:jsontext.NumberLength(near.Src)])
	}
	if _, ok := near.Text(); !ok {
		return ""
	}
	return jsontext.Unquote(near.Src[:near.Pos])
}
