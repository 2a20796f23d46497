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
	r.status = s.statusIn(s.Statuses, s.Number(n))
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
	if int(out.hole) > keep && int(out.hole) >= to {
		out.hole += shift
	}
	return out
}

// insert adds a member where new items have it, as far as the order of those that
// are there allows, with the objects around it that are missing.
func (r *record) insert(t *compiled.Record, slot int, value string, lay jsontext.Layout) *record {
	way, object, of := t.Fields[slot].Way, 0, &t.Members
	lay = lay.Like(r.text)
	for ; len(way) > 1; way = way[1:] {
		at := jsontext.MemberAt(r.text, object, way[0])
		if at == 0 {
			break
		}
		inner := jsontext.ValueAt(r.text, at)
		if inner[0] != '{' || jsontext.IsEmpty(inner) {
			text := lay.Format(around(way[1:], value), jsontext.LineIndent(r.text, at))
			return r.splice(at, at+len(inner), text, at).found(slot, way[1:], at)
		}
		object, of, lay = at, of.Inside[way[0]], lay.Like(inner)
	}
	at := r.placeFor(t, way[0], object, of)
	if at == 0 {
		return r.insertFirst(slot, way, value, lay)
	}
	end := jsontext.ValueEnd(r.text, at)
	comma := lay.Comma
	if lead := jsontext.Short(jsontext.TrailingSpace(r.text[:jsontext.KeyStart(r.text, at)])); lay.Newline != "" && lead != "" {
		comma = "," + lead
	}
	member := comma + string(jsontext.AppendQuoted(nil, way[0])) + lay.Colon
	text := lay.Format(around(way[1:], value), jsontext.LineIndent(r.text, at))
	return r.splice(end, end, member+text, max(at, end-1)).found(slot, way[1:], end+len(member))
}

// insertFirst adds a member before all others.
func (r *record) insertFirst(slot int, way []string, value string, lay jsontext.Layout) *record {
	const start = len("{")
	lead, behind := jsontext.LeadingSpace(r.text[start:]), ","
	switch {
	case r.text[start+len(lead)] == '}':
		lead, behind = nil, ""
	case len(lead) == 0:
		behind = lay.Comma
	}
	member := jsontext.Short(lead) + string(jsontext.AppendQuoted(nil, way[0])) + lay.Colon
	text := lay.Format(around(way[1:], value), jsontext.LineIndent(r.text, start+len(lead)))
	return r.splice(start, start, member+text+behind, 0).found(slot, way[1:], start+len(member))
}

// found notes where the value of a slot is: keys lead to it from a value.
func (r *record) found(slot int, way []string, value int) *record {
	for _, key := range way {
		value = jsontext.MemberAt(r.text, value, key)
	}
	r.slots[slot] = uint32(value)
	return r
}

// around is a value in the objects that keys lead through.
func around(way []string, value string) string {
	for _, key := range slices.Backward(way) {
		value = "{" + string(jsontext.AppendQuoted(nil, key)) + ":" + value + "}"
	}
	return value
}

// placeFor returns where the value begins behind which a new member of an object
// belongs: the last in the text of those that come before it in new items. Where
// there is none, it is what holds the anchor, else the last member.
func (r *record) placeFor(t *compiled.Record, key string, object int, of *compiled.Members) int {
	at := 0
	for i := range of.Order {
		if of.Order[i].Key == key {
			break
		}
		at = max(at, r.memberAt(object, &of.Order[i]))
	}
	switch {
	case at > 0:
	case of == &t.Members:
		if at = int(r.slots[t.Anchor]); len(t.Fields[t.Anchor].Way) > 1 {
			at = jsontext.MemberAt(r.text, object, t.Fields[t.Anchor].Way[0])
		}
	default:
		jsontext.MembersAt(r.text, object, func(_ string, value int) bool {
			at = value
			return true
		})
	}
	return at
}

// memberAt returns where the value of a known member of an object begins, 0 if it is
// missing.
func (r *record) memberAt(object int, m *compiled.Member) int {
	if m.Inside == nil {
		return int(r.slots[m.Slot])
	}
	return jsontext.MemberAt(r.text, object, m.Key)
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
