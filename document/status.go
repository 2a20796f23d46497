package document

import (
	"github.com/backlog-gen/backlog-gen/document/internal/compiled"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
	"github.com/backlog-gen/backlog-gen/document/internal/tree"
)

// withStatus returns the text of an item with a status in it.
func (s *shape) withStatus(n tree.Node, r *record, status Status, lay jsontext.Layout) *record {
	if status == r.status {
		return r
	}
	out := *r.with(&s.Level(n).Record, compiled.StatusSlot, string(s.typ.format.StatusValue(status)), lay)
	out.status = status
	return &out
}
