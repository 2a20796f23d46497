package document

import (
	"fmt"
	"slices"
	"strings"
)

// items reads an array of items of one level.
func (p *parser) items(level Level, parent uint32) bool {
	p.pos++
	if p.next() == ']' {
		p.pos++
		return true
	}
	first := uint32(len(p.shape.levels[level].nodes))
	above := p.about
	for n := 0; ; n++ {
		p.enter(indexStep(n))
		p.about = above
		var ok bool
		if p.next() == '{' {
			ok = p.item(level, parent, first)
		} else {
			ok = p.wrongValue(withArticle(p.levels[level].Name), "an object")
		}
		if !p.leave(ok) {
			return false
		}
		if more, ok := p.more(']'); !more {
			return ok
		}
	}
}

// item reads one item. first is the position of its first sibling.
func (p *parser) item(level Level, parent, first uint32) bool {
	ls, l := &p.shape.levels[level], &p.levels[level]
	i := uint32(len(ls.nodes))
	start := p.pos
	nd := node{start: uint32(start), parent: parent, number: noNumber}
	if !p.typ.leaf(level) {
		ls.kids = append(ls.kids, uint32(len(p.shape.levels[level+1].nodes))<<1)
	}
	if i == sampled {
		p.makeRoom(level)
	}
	ls.nodes = append(ls.nodes, nd)
	ls.slots = slices.Grow(ls.slots, ls.stride)[:len(ls.slots)+ls.stride]
	clear(ls.slots[int(i)*ls.stride:])
	l.statuses = append(l.statuses, 0)
	p.about = itemPlace{level, i, true}
	p.pos++
	unknown := keySet{scanner: &p.scanner, first: len(p.keys)}
	slot, more := -1, p.next() != '}'
	for more {
		var ok bool
		if slot, ok = p.member(level, i, first, slot, &unknown); !ok {
			return false
		}
		if more, ok = p.more('}'); !ok {
			return false
		}
		if !more {
			p.pos--
		}
	}
	p.pos++
	unknown.release()
	ls.nodes[i].end = uint32(p.pos)
	p.complete(level, i)
	return true
}

// sampled is after how many items of a level their number is estimated.
const sampled = 1000

// makeRoom makes room for as many items of a level as the text holds if it goes
// on as it has begun. Growing bit by bit would copy all of them several times.
func (p *parser) makeRoom(level Level) {
	ls, l := &p.shape.levels[level], &p.levels[level]
	more := int(uint64(sampled)*uint64(len(p.src))/uint64(p.pos)) - sampled
	more += more / 16
	ls.nodes = slices.Grow(ls.nodes, more)
	ls.slots = slices.Grow(ls.slots, more*ls.stride)
	l.statuses = slices.Grow(l.statuses, more)
}

// member reads one member of item i and returns its slot, or -1 if it is not
// known. previous is the slot of the member before.
func (p *parser) member(level Level, i, first uint32, previous int, unknown *keySet) (int, bool) {
	l := &p.levels[level]
	at := p.pos
	if p.next() == '"' {
		at = p.pos
	}
	slot, found := l.record.at(p.src[p.pos:], l.follows[previous+1])
	if found {
		p.pos += len(l.record.quoted[slot]) + 1
	} else {
		key, ok := p.key()
		if !ok {
			return 0, false
		}
		if slot, ok = l.record.slots[key]; !ok {
			if !unknown.add(key) {
				p.duplicateKey(at, key)
			}
			return -1, p.value(0)
		}
	}
	l.follows[previous+1] = slot
	p.next()
	ls := &p.shape.levels[level]
	offset := &ls.slots[int(i)*ls.stride+slot]
	if *offset != 0 {
		p.duplicateKey(at, l.record.fields[slot].Key)
		return slot, p.value(0)
	}
	*offset = uint32(p.pos) - ls.nodes[i].start
	switch {
	case slot == idSlot:
		return slot, p.itemID(level, i, first)
	case slot == statusSlot:
		return slot, p.status(level, i)
	case slot == len(l.record.fields)-1 && l.Children != "":
		return slot, p.children(level, i)
	}
	return slot, p.field(&l.record.fields[slot], 0)
}

// children reads the value that holds the level below.
func (p *parser) children(level Level, i uint32) bool {
	l := &p.levels[level]
	p.enter(keyStep(l.Children))
	var ok bool
	switch c := p.next(); {
	case c == '[':
		ok = p.items(level+1, i)
	case c == 'n' && l.ChildrenNullable:
		ok = p.literal("null")
	default:
		ok = p.wrongValue(l.Children, "an array")
	}
	if !p.leave(ok) {
		return false
	}
	p.about = itemPlace{level, i, true}
	ls := &p.shape.levels[level]
	ls.slots[int(i+1)*ls.stride-1] = uint32(p.pos) - ls.nodes[i].start
	return true
}

// status reads the status of item i.
func (p *parser) status(level Level, i uint32) bool {
	p.enter(keyStep(p.levels[level].StatusKey))
	return p.leave(p.statusValue(level, i))
}

func (p *parser) statusValue(level Level, i uint32) bool {
	l := &p.levels[level]
	if p.next() != '"' {
		return p.wrongValue(l.StatusKey, "text")
	}
	start := p.pos
	kind, ok := p.text()
	if !ok {
		return false
	}
	if kind&halfPairText != 0 {
		p.find(start, "status", "the status has "+halfPairAt(p.src[p.halfPair:]))
		return true
	}
	raw := p.src[start:p.pos]
	if l.last != 0 && string(raw) == p.typ.quoted[l.last] {
		l.statuses[i] = l.last
		return true
	}
	text := unquote(raw)
	for n, s := range l.spellings {
		if s.text == text {
			l.statuses[i], l.last = s.status, s.status
			if n >= l.statusCount && p.warnings {
				p.record(start, Warning, "status-alias", fmt.Sprintf("%q is read as %s", text, p.typ.StatusName(s.status)))
			}
			return true
		}
	}
	p.find(start, "status", fmt.Sprintf("%s is not a status of %s: want %s", shown(text), withArticle(l.Name), l.statusNames()))
	return true
}

func (l *levelType) statusNames() string {
	names := make([]string, l.statusCount)
	for i := range names {
		names[i] = l.spellings[i].text
	}
	return strings.Join(names, ", ")
}

// complete checks what is missing once an item has been read.
func (p *parser) complete(level Level, i uint32) {
	ls, l := &p.shape.levels[level], &p.levels[level]
	slots := ls.slots[int(i)*ls.stride:]
	for _, slot := range l.record.required {
		if slots[slot] == 0 {
			start := int(ls.nodes[i].start)
			p.find(start, "required", p.lacks(&l.record, slot, start))
		}
	}
	if l.statuses[i] == 0 {
		l.statuses[i] = l.machine.Initial()
	}
	if l.dependencies >= 0 {
		if i%64 == 0 {
			ls.waits = append(ls.waits, 0)
		}
		if holdsReferences(p.src, ls.nodes[i].start, slots[firstField+l.dependencies]) {
			ls.waits[i/64] |= 1 << (i % 64)
		}
	}
	if p.lateIDs && l.Children != "" && ls.nodes[i].number != noNumber {
		p.lateChildren(level, i)
	}
}

// holdsReferences reports whether a member of an item, given by where its value
// begins, is more than missing, null or an empty array.
func holdsReferences(src []byte, item, slot uint32) bool {
	if slot == 0 {
		return false
	}
	s := scanner{src: src, pos: int(item + slot)}
	switch src[s.pos] {
	case 'n':
		return false
	case '[':
		s.pos++
		return s.next() != ']'
	}
	return true
}

// lateChildren checks the ids that were read before the id of item i above them.
func (p *parser) lateChildren(level Level, i uint32) {
	from, to := p.shape.children(level, i)
	for child := from; child < to; child++ {
		if p.shape.levels[level+1].nodes[child].number != lateNumber {
			continue
		}
		p.enter(keyStep(p.levels[level].Children))
		p.enter(indexStep(int(child - from)))
		p.enter(keyStep(p.levels[level+1].ID.Key))
		p.pathID(level+1, child, from)
		p.place = p.place[:len(p.place)-3]
	}
	p.about = itemPlace{level, i, true}
}
