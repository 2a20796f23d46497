package document

import (
	"github.com/backlog-gen/backlog-gen/document/internal/compiled"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
	"github.com/backlog-gen/backlog-gen/document/internal/persistent"
	"github.com/backlog-gen/backlog-gen/document/internal/tree"
)

// statusless says that items of a level have no status.
func statusless(l *compiled.Level) string {
	return compiled.WithArticle(l.Name) + " has no status: it only groups others"
}

// statusIn returns the status of an item in a column, 0 for none.
func (s *shape) statusIn(statuses persistent.Column, number int) Status {
	status := Status(s.typ.format.Packing.At(statuses, number))
	if status == s.typ.format.None {
		return 0
	}
	return status
}

// withStatus returns the text of an item with a status in it.
func (s *shape) withStatus(n tree.Node, r *record, status Status) *record {
	if status == r.status {
		return r
	}
	out := *r.with(&s.Level(n).Record, compiled.StatusSlot, string(s.Level(n).StatusValue(status)), s.layout())
	out.status = status
	return &out
}

// statusPatch is a status that has changed, in the text of an item that has not
// changed otherwise.
func (d *Document) statusPatch(n tree.Node, now Status) jsontext.Patch {
	s := d.shape
	at, text := s.Slot(n, compiled.StatusSlot), s.Level(n).StatusValue(now)
	if text[0] == '{' || text[0] == '[' { // laid out as the text around it
		r := s.withStatus(n, d.recordOf(n), now)
		text = r.value(compiled.StatusSlot)
	}
	return jsontext.Patch{Span: jsontext.Span{Start: at, End: uint32(jsontext.ValueEnd(s.Source, int(at)))}, Text: text}
}
