package document

import (
	"bytes"
	"slices"

	"github.com/backlog-gen/backlog-gen/document/internal/compiled"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
	"github.com/backlog-gen/backlog-gen/document/internal/tree"
)

// record is the text of an item that was edited, children cut out, and where the
// values of its known members begin in it. It is immutable.
type record struct {
	text []byte
	// hole is where the children's value belongs, 0 for none.
	hole  uint32
	slots []uint32
	// status is the one in the text.
	status Status
}

// value returns the raw text of a member, nil if it is missing.
func (r *record) value(slot int) []byte {
	if r.slots[slot] == 0 {
		return nil
	}
	return jsontext.ValueAt(r.text, int(r.slots[slot]))
}

// recordOf returns the text of an item as a record.
func (d *Document) recordOf(n tree.Node) *record {
	s := d.shape
	if r := d.edits.of(s.Number(n)); r != nil {
		return r
	}
	nd, hole := s.Entry(n), s.ChildrenSpan(n)
	r := &record{slots: make([]uint32, len(s.Level(n).Record.Fields))}
	cut := hole.End - hole.Start
	if cut == 0 {
		r.text = bytes.Clone(s.Source[nd.Start:nd.End])
	} else {
		r.text = slices.Concat(s.Source[nd.Start:hole.Start], s.Source[hole.End:nd.End])
		r.hole = hole.Start - nd.Start
	}
	for slot := range r.slots {
		at := s.Slot(n, slot)
		if at == 0 {
			continue
		}
		if at -= nd.Start; cut > 0 && at > r.hole {
			at -= cut
		}
		r.slots[slot] = at
	}
	r.status = Status(s.typ.format.Packing.At(s.Statuses, s.Number(n)))
	return r
}

// with returns a record in which the member of a slot has another value: it is
// replaced, added, or with "" taken away.
func (r *record) with(t *compiled.Record, slot int, value string, lay jsontext.Layout) *record {
	at := int(r.slots[slot])
	switch {
	case at == 0 && value == "":
		return r
	case at == 0:
		return r.insert(t, slot, value, lay)
	case value == "":
		return r.remove(slot)
	}
	end := jsontext.ValueEnd(r.text, at)
	value = lay.Like(r.text).Like(r.text[at:end]).Format(value, jsontext.LineIndent(r.text, at))
	return r.splice(at, end, value, at)
}

// splice replaces text[from:to] and moves what begins behind it. Slots and hole
// at keep or before it stay.
func (r *record) splice(from, to int, text string, keep int) *record {
	out := &record{text: slices.Concat(r.text[:from], []byte(text), r.text[to:]), hole: r.hole, slots: slices.Clone(r.slots), status: r.status}
	shift := uint32(len(text) - (to - from))
	for s, at := range out.slots {
		if int(at) > keep {
			out.slots[s] += shift
		}
	}
	if int(out.hole) > keep {
		out.hole += shift
	}
	return out
}

// insert adds a member where new items have it, as far as the order of those that
// are there allows.
func (r *record) insert(t *compiled.Record, slot int, value string, lay jsontext.Layout) *record {
	at := r.placeFor(t, slot)
	end := jsontext.ValueEnd(r.text, at)
	lay = lay.Like(r.text)
	comma := lay.Comma
	if lead := jsontext.Short(jsontext.TrailingSpace(r.text[:jsontext.KeyStart(r.text, at)])); lay.Newline != "" && lead != "" {
		comma = "," + lead
	}
	member := comma + t.Fields[slot].Quoted + lay.Colon
	out := r.splice(end, end, member+lay.Format(value, jsontext.LineIndent(r.text, at)), at)
	out.slots[slot] = uint32(end + len(member))
	return out
}

// placeFor returns where the value begins behind which a new member belongs: the
// last in the text of those that come before it in new items, or the id where
// there is none.
func (r *record) placeFor(t *compiled.Record, slot int) int {
	at := uint32(0)
	for _, before := range t.Order {
		if before == slot {
			break
		}
		at = max(at, r.slots[before])
	}
	if at == 0 {
		at = r.slots[compiled.IDSlot]
	}
	return int(at)
}

// remove takes a member away, with one of the commas beside it.
func (r *record) remove(slot int) *record {
	at := int(r.slots[slot])
	key, end := jsontext.KeyStart(r.text, at), jsontext.ValueEnd(r.text, at)
	from := key - len(jsontext.TrailingSpace(r.text[:key]))
	if r.text[from-1] == ',' {
		from--
	} else if rest := len(jsontext.LeadingSpace(r.text[end:])); r.text[end+rest] == ',' {
		end += rest + 1
	}
	out := r.splice(from, end, "", at)
	out.slots[slot] = 0
	return out
}
