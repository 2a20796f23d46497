package document

import (
	"bytes"
	"fmt"
	"strings"
)

// Numbers of items whose path id has no number.
const (
	// noNumber is that of an id that is missing or wrong.
	noNumber = 1<<32 - 1 - iota
	// lateNumber is that of an id that came before its parent's: it is read
	// once that is known.
	lateNumber
)

// itemID reads the id of item i. Problems with it do not name the item.
func (p *parser) itemID(level Level, i, first uint32) bool {
	p.about.known = false
	p.enter(keyStep(p.levels[level].ID.Key))
	if !p.leave(p.idValue(level, i, first)) {
		ls := &p.shape.levels[level]
		ls.slots[int(i)*ls.stride+idSlot] = 0 // what is there is not a whole value
		return false
	}
	p.about.known = true
	return true
}

func (p *parser) idValue(level Level, i, first uint32) bool {
	l := &p.levels[level]
	p.next()
	start := p.pos
	if !l.ID.accepts(p.src[start:]) {
		return p.wrongValue("the id", l.ID.wantKinds())
	}
	if !p.value(0) {
		return false
	}
	if p.halfPair > start {
		p.shape.levels[level].nodes[i].number = noNumber
		p.find(start, "id", "the id has "+halfPairAt(p.src[p.halfPair:]))
		return true
	}
	if longID(p.src[start:p.pos]) {
		p.shape.levels[level].nodes[i].number = noNumber
		p.find(start, "id", fmt.Sprintf("the id is too long: want at most %d bytes", MaxIDLength))
		return true
	}
	if l.ID.Kind == PathID {
		p.pathIDBelow(level, i, first)
		return true
	}
	text := idText(p.src[start:p.pos])
	switch {
	case text == "":
		p.find(start, "id", "the id is empty")
	case l.pattern != nil && !l.pattern.MatchString(text):
		p.find(start, "id", fmt.Sprintf("%s is not the id of %s: want %s", shown(text), withArticle(l.Name), l.ID.Pattern))
	}
	return true
}

// pathIDBelow checks a path id as soon as its parent's is known. What the ids
// below a wrong one should be cannot be told.
func (p *parser) pathIDBelow(level Level, i, first uint32) {
	if level > 0 {
		parent := p.shape.levels[level].nodes[i].parent
		if p.shape.slot(level-1, parent, idSlot) == 0 {
			p.shape.levels[level].nodes[i].number = lateNumber
			p.lateIDs = true
			return
		}
		if p.shape.levels[level-1].nodes[parent].number == noNumber {
			return
		}
	}
	p.pathID(level, i, first)
}

// accepts reports whether the JSON value that b begins with may be an id.
func (d *IDDescriptor) accepts(b []byte) bool {
	if len(b) == 0 {
		return true // the scanner reports it
	}
	if b[0] == '"' {
		return d.String
	}
	n := numberLength(b)
	if n == 0 {
		return false
	}
	return d.Float || d.Int && !bytes.ContainsAny(b[:n], ".eE")
}

func (d *IDDescriptor) wantKinds() string {
	var kinds []string
	if d.String {
		kinds = append(kinds, "text")
	}
	switch {
	case d.Float:
		kinds = append(kinds, "a number")
	case d.Int:
		kinds = append(kinds, "an integer")
	}
	return strings.Join(kinds, " or ")
}

// pathID checks the id of item i against its parent's and its siblings'.
func (p *parser) pathID(level Level, i, first uint32) {
	text := p.shape.ownID(level, i)
	nodes := p.shape.levels[level].nodes
	nodes[i].number = noNumber
	last, below, parent := text, true, ""
	if level > 0 {
		parent = p.shape.ownID(level-1, nodes[i].parent)
		if last, below = strings.CutPrefix(text, parent); below {
			last, below = strings.CutPrefix(last, ".")
		}
	}
	n, tail, ok := cutSegment(last, p.levels[level].ID.Prefix)
	if !below || !ok || tail != "" {
		p.about = itemPlace{level, i, false}
		number := "a number"
		if level > 0 {
			parent += "."
		}
		if rest, ok := strings.CutPrefix(text, parent+p.levels[level].ID.Prefix); ok && rest != "" && digits(rest) == len(rest) {
			number = fmt.Sprintf("a number of at most %d digits without leading zeros", maxDigits)
		}
		p.find(int(p.shape.slot(level, i, idSlot)), "id", fmt.Sprintf("%s is not the id of %s here: want %s%s and %s",
			shown(text), withArticle(p.levels[level].Name), parent, p.levels[level].ID.Prefix, number))
		return
	}
	nodes[i].number = n
	if n != i-first+1 {
		p.shape.markSparse(level, nodes[i].parent)
	}
	if i > first && nodes[i-1].number >= n {
		unordered := &p.levels[level].unordered
		if k := len(*unordered); k == 0 || (*unordered)[k-1] != nodes[i].parent {
			*unordered = append(*unordered, nodes[i].parent)
		}
	}
}

func (s *shape) markSparse(l Level, parent uint32) {
	if l == 0 {
		s.groups[parent].sparse = true
	} else {
		s.levels[l-1].kids[parent] |= 1
	}
}

// index gives the items numbers and finds ids that are taken twice. The items
// must be whole; their ids need not be right.
func (p *parser) index() {
	s := p.shape
	number := 0
	for l := range p.levels {
		s.levels[l].number = number
		number += len(s.levels[l].nodes)
	}
	s.groupNames = make(map[string]int, len(s.groups))
	for g := range s.groups {
		s.groupNames[s.groups[g].name] = g
	}
	if p.levels[0].ID.Kind == PathID {
		p.indexUnordered()
	} else {
		p.indexNames(number)
	}
}

// finish derives what else a document without problems needs: the column and
// the counts.
func (p *parser) finish() {
	s := p.shape
	statuses := make([][]Status, len(p.levels))
	for l := range p.levels {
		statuses[l] = p.levels[l].statuses
	}
	s.statuses = p.typ.packing.build(statuses)
	s.counts = make([]uint32, len(p.levels)*len(p.typ.statuses))
	for l := range statuses {
		for _, st := range statuses[l] {
			s.counts[l*len(p.typ.statuses)+int(st)]++
		}
	}
}

// indexUnordered records the children of parents whose numbers do not ascend,
// and finds duplicates among them.
func (p *parser) indexUnordered() {
	s := p.shape
	for l := range p.levels {
		for _, parent := range p.levels[l].unordered {
			first, end := s.below(Level(l), parent)
			for i := first; i < end; i++ {
				if n := s.levels[l].nodes[i].number; n < lateNumber {
					p.indexPath(pathKey{Level(l), parent, n}, i)
				}
			}
		}
	}
}

func (p *parser) indexPath(key pathKey, i uint32) {
	s := p.shape
	if s.paths == nil {
		s.paths = map[pathKey]uint32{}
	}
	if other, twice := s.paths[key]; twice {
		p.duplicateID(key.level, i, key.level, other)
		return
	}
	s.paths[key] = i
}

func (p *parser) duplicateID(l Level, i uint32, otherLevel Level, other uint32) {
	s := p.shape
	p.findID(itemPlace{l, i, true}, "duplicate-id",
		fmt.Sprintf("the id %s is taken by another %s", shown(s.ownID(l, i)), p.levels[otherLevel].Name))
	if p.omitted == 0 {
		p.findings[len(p.findings)-1].other = int(s.slot(otherLevel, other, idSlot))
	}
}

// findID records a problem with the id of an item once all items are read.
func (p *parser) findID(about itemPlace, rule, message string) {
	p.about = about
	p.base = p.shape.pointer(about.level, about.i)
	p.enter(keyStep(p.levels[about.level].ID.Key))
	p.find(int(p.shape.slot(about.level, about.i, idSlot)), rule, message)
	p.leave(true)
}

// indexNames works out the full ids of text and local ids, and finds
// duplicates. Wrong ids, and those below them, have no place in the index.
func (p *parser) indexNames(items int) {
	s := p.shape
	s.names = newNameIndex(items)
	for l := range s.levels {
		for i := range s.levels[l].nodes {
			text, ok := p.fullID(Level(l), uint32(i))
			if !ok {
				s.names.skip()
				continue
			}
			if len(s.names.ids)+len(text) > p.idSpace {
				p.findID(itemPlace{Level(l), uint32(i), true}, "size", fmt.Sprintf("the ids of the document, each with those above it, have together more than %d bytes", p.idSpace))
				return
			}
			if other, ok := s.names.add(s, s.group(Level(l), uint32(i)), text); !ok {
				ol, oi := s.at(other)
				p.duplicateID(Level(l), uint32(i), ol, oi)
			}
		}
	}
}

// fullID returns the full id of an item whose parent is in the index.
func (p *parser) fullID(l Level, i uint32) (text string, ok bool) {
	s := p.shape
	if raw := s.value(l, i, idSlot); len(raw) == 0 || !p.levels[l].ID.accepts(raw) || longID(raw) {
		return "", false
	}
	text = s.ownID(l, i)
	if l == 0 || p.levels[l].ID.Kind != LocalID || text == "" {
		return text, text != ""
	}
	parent := s.names.text(s.number(l-1, s.levels[l].nodes[i].parent))
	if parent == "" {
		return "", false
	}
	text = p.typ.LocalID(ID{text: parent}, text).text
	if len(text) > MaxIDLength {
		p.findID(itemPlace{l, i, false}, "id", fmt.Sprintf("the id has %d bytes with those above it: want at most %d", len(text), MaxIDLength))
		return "", false
	}
	return text, true
}
