package tree

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/compiled"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
)

// items reads the array of a list.
func (p *Parser) items(in ListID) bool {
	p.Pos++
	if p.Next() == ']' {
		p.Pos++
		return true
	}
	first := uint32(len(p.Tree.rows[in.Row].entries))
	above := p.About
	for n := 0; ; n++ {
		p.Enter(jsontext.IndexStep(n))
		p.About = above
		var ok bool
		if p.Next() == '{' {
			ok = p.Item(in, first)
		} else {
			ok = p.WrongValue(compiled.WithArticle(p.levels[in.Kind].Name), "an object")
		}
		if !p.Leave(ok) {
			return false
		}
		if more, ok := p.More(']'); !more {
			return ok
		}
	}
}

// Item reads one item of a list. first is the position of its first sibling.
func (p *Parser) Item(in ListID, first uint32) bool {
	ls, l := &p.Tree.rows[in.Row], &p.levels[in.Kind]
	n := Node{uint32(len(ls.entries)), in.Row, in.Kind}
	start := p.Pos
	e := Entry{Start: uint32(start), parent: in.Parent, Number: noNumber}
	if !p.Format.Leaf(n.Kind) {
		ls.kids = append(ls.kids, uint32(len(p.Tree.rows[n.Row+1].entries))<<1)
	}
	if n.Index == sampled {
		p.makeRoom(n)
	}
	ls.entries = append(ls.entries, e)
	ls.slots = slices.Grow(ls.slots, ls.stride)[:len(ls.slots)+ls.stride]
	clear(ls.slots[int(n.Index)*ls.stride:])
	l.statuses = append(l.statuses, 0)
	p.About = SubjectOf(n, true)
	p.Pos++
	unknown, firstUnknown := p.Keys(), p.Unknown()
	slot, more := -1, p.Next() != '}'
	for more {
		var ok bool
		if slot, ok = p.member(n, first, slot, &unknown); !ok {
			return false
		}
		if more, ok = p.More('}'); !ok {
			return false
		}
		if !more {
			p.Pos--
		}
	}
	p.Pos++
	ls.entries[n.Index].End = uint32(p.Pos)
	p.complete(n)
	p.tellUnknown(n, firstUnknown, &l.Record.Members, &unknown)
	return true
}

// tellUnknown reports the unknown members of an item, or of an object in it, from
// the given one on. keys are those that were read and have no slot.
func (p *Parser) tellUnknown(n Node, first int, of *compiled.Members, keys *jsontext.Keys) {
	if p.Unknown() > first {
		ls := &p.Tree.rows[n.Row]
		slots := ls.slots[int(n.Index)*ls.stride:]
		p.TellUnknown(first, of, func(key string) bool {
			if slot, ok := of.Slots[key]; ok {
				return slots[slot] != 0
			}
			return keys.Has(key)
		})
	}
	keys.Release()
}

// sampled is after how many items of a level their number is estimated.
const sampled = 1000

// makeRoom makes room for as many items of a level as the text holds if it goes
// on as it has begun. Growing bit by bit would copy all of them several times.
func (p *Parser) makeRoom(n Node) {
	ls, l := &p.Tree.rows[n.Row], &p.levels[n.Kind]
	more := int(uint64(sampled)*uint64(len(p.Tree.Source))/uint64(p.Pos)) - sampled
	more += more / 16
	ls.entries = slices.Grow(ls.entries, more)
	ls.slots = slices.Grow(ls.slots, more*ls.stride)
	l.statuses = slices.Grow(l.statuses, more)
}

// member reads one member of item i and returns its slot, or -1 if it is not
// known. previous is the slot of the member before.
func (p *Parser) member(n Node, first uint32, previous int, unknown *jsontext.Keys) (int, bool) {
	l := &p.levels[n.Kind]
	at := p.Pos
	if p.Next() == '"' {
		at = p.Pos
	}
	slot, found := l.Record.At(p.Src[p.Pos:], l.follows[previous+1])
	if found {
		p.Pos += len(l.Record.Quoted[slot]) + 1
	} else {
		key, ok := p.Key()
		if !ok {
			return 0, false
		}
		if slot, ok = l.Record.Slots[key]; !ok {
			return -1, p.slotless(n, first, &l.Record.Members, key, at, unknown, 0)
		}
	}
	l.follows[previous+1] = slot
	return slot, p.known(n, first, slot, at)
}

// known reads the value of a slot. Its key begins at an offset.
func (p *Parser) known(n Node, first uint32, slot, key int) bool {
	p.Next()
	ls, l := &p.Tree.rows[n.Row], &p.levels[n.Kind]
	offset := &ls.slots[int(n.Index)*ls.stride+slot]
	if *offset != 0 {
		p.DuplicateKey(key, l.Record.Fields[slot].Key)
		return p.Value(0)
	}
	*offset = uint32(p.Pos) - ls.entries[n.Index].Start
	switch {
	case slot == compiled.IDSlot:
		return p.itemID(n, first)
	case slot == compiled.StatusSlot:
		return p.status(n)
	case slot == len(l.Record.Fields)-1 && l.Children != "":
		return p.children(n)
	}
	return p.Field(&l.Record.Fields[slot], 0)
}

// children reads the value that holds the level below.
func (p *Parser) children(n Node) bool {
	l := &p.levels[n.Kind]
	p.Enter(jsontext.KeyStep(l.Children))
	var ok bool
	switch c := p.Next(); {
	case c == '[':
		ok = p.items(n.Below())
	case c == 'n' && l.ChildrenNullable:
		ok = p.Literal("null")
	default:
		ok = p.WrongValue(l.Record.ChildrenField().Path, "an array")
	}
	if !p.Leave(ok) {
		return false
	}
	p.About = SubjectOf(n, true)
	ls := &p.Tree.rows[n.Row]
	ls.slots[int(n.Index+1)*ls.stride-1] = uint32(p.Pos) - ls.entries[n.Index].Start
	return true
}

// status reads the status of item i.
func (p *Parser) status(n Node) bool {
	p.Enter(jsontext.KeyStep(p.levels[n.Kind].StatusKey))
	return p.Leave(p.statusValue(n))
}

func (p *Parser) statusValue(n Node) bool {
	l := &p.levels[n.Kind]
	switch c := p.Next(); {
	case c == 'n' && l.StatusNullable:
		return p.Literal("null")
	case c != '"' && l.StatusIsText():
		return p.WrongValue(l.Record.Fields[compiled.StatusSlot].Path, "text")
	}
	start, refusals := p.Pos, p.Refusals
	switch {
	case !p.Value(0):
		return false
	case p.Refusals > refusals:
		return true
	case p.HalfPair > start:
		p.Find(start, "status", "the status has "+jsontext.HalfPairAt(p.Src[p.HalfPair:]))
		return true
	}
	raw := p.Src[start:p.Pos]
	if l.last == nil || !bytes.Equal(raw, l.last.JSON) {
		read := l.ReadStatus(raw)
		if read == nil {
			p.Find(start, "status", fmt.Sprintf("%s is not a status of %s: want %s", shownStatus(raw), compiled.WithArticle(l.Name), p.Format.WantStatus(l.Level)))
			return true
		}
		l.last = read
	}
	l.statuses[n.Index] = l.last.Status
	if l.last.Alias && p.Warnings {
		p.Warn(start, "status-alias", fmt.Sprintf("%s is read as %s", shownStatus(raw), p.Format.StatusName(l.last.Status)))
	}
	return true
}

// shownStatus is a value in a message.
func shownStatus(raw []byte) string {
	if raw[0] == '"' {
		return jsontext.Shown(jsontext.Unquote(raw))
	}
	return strings.Join(strings.Fields(jsontext.Clipped(string(raw[:min(len(raw), 2*jsontext.MaxShown)]), jsontext.MaxShown)), " ")
}

// complete checks what is missing once an item has been read.
func (p *Parser) complete(n Node) {
	ls, l, i := &p.Tree.rows[n.Row], &p.levels[n.Kind], n.Index
	slots := ls.slots[int(i)*ls.stride:]
	for _, slot := range l.Record.Required {
		if slots[slot] == 0 {
			start := int(ls.entries[i].Start)
			p.Find(start, "required", p.Lacks(&l.Record, slot, start))
		}
	}
	if l.NoStatus {
		l.statuses[i] = p.Format.None
	} else if l.statuses[i] == 0 {
		l.statuses[i] = l.Initial()
	}
	if l.Dependencies != nil {
		if i%64 == 0 {
			ls.waits = append(ls.waits, 0)
		}
		if holdsReferences(p.Src, ls.entries[i].Start, slots[l.Dependencies.Slot]) {
			ls.waits[i/64] |= 1 << (i % 64)
		}
	}
	if p.lateIDs && l.Children != "" && ls.entries[i].Number != noNumber {
		p.lateChildren(n)
	}
}

// holdsReferences reports whether a member of an item, given by where its value
// begins, is more than missing, null or an empty array. What is in objects is for
// later.
func holdsReferences(src []byte, item, slot uint32) bool {
	if slot == 0 {
		return false
	}
	s := jsontext.Scanner{Src: src, Pos: int(item + slot)}
	switch src[s.Pos] {
	case 'n':
		return false
	case '[':
		s.Pos++
		return s.Next() != ']'
	}
	return true
}

// lateChildren checks the ids that were read before the id of item i above them.
func (p *Parser) lateChildren(n Node) {
	children := p.Tree.Children(n)
	for child := range children.Nodes() {
		if p.Tree.Entry(child).Number != lateNumber {
			continue
		}
		item := len(p.Place)
		p.EnterValue(p.levels[n.Kind].Record.ChildrenField())
		p.Enter(jsontext.IndexStep(int(child.Index - children.First)))
		p.EnterValue(&p.levels[child.Kind].Record.Fields[compiled.IDSlot])
		p.pathID(child, children.First)
		p.Place = p.Place[:item]
	}
	p.About = SubjectOf(n, true)
}

// Below returns a list of a level in a tree without items. The parent is all that
// its children's ids need: it stands for one whose id is the first thing in the
// text.
func (p *Parser) Below(level format.Level) ListID {
	above, ok := p.Format.ParentLevel(level)
	if !ok {
		return Top(0)
	}
	r := &p.Tree.rows[above]
	r.entries, r.kids = []Entry{{}}, []uint32{0}
	r.slots = make([]uint32, r.stride)
	r.slots[compiled.IDSlot] = 1
	return Node{0, uint16(above), above}.Below()
}

// StatusOf returns the status that was read of an item, 0 for none.
func (p *Parser) StatusOf(n Node) format.Status {
	if p.levels[n.Kind].NoStatus {
		return 0
	}
	return p.levels[n.Kind].statuses[n.Index]
}
