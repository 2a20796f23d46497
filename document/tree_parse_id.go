package document

import (
	"fmt"
	"strings"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/compiled"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
	"github.com/backlog-gen/backlog-gen/document/internal/persistent"
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
func (p *parser) itemID(n node, first uint32) bool {
	p.About.Known = false
	p.Enter(jsontext.KeyStep(p.levels[n.kind].ID.Key))
	if !p.Leave(p.idValue(n, first)) {
		r := &p.tree.rows[n.row]
		r.slots[int(n.index)*r.stride+compiled.IDSlot] = 0 // what is there is not a whole value
		return false
	}
	p.About.Known = true
	return true
}

func (p *parser) idValue(n node, first uint32) bool {
	l := &p.levels[n.kind]
	p.Next()
	start := p.Pos
	if !l.ID.Accepts(p.Src[start:]) {
		return p.WrongValue("the id", l.ID.WantKinds())
	}
	if !p.Value(0) {
		return false
	}
	if p.HalfPair > start {
		p.tree.entry(n).number = noNumber
		p.Find(start, "id", "the id has "+jsontext.HalfPairAt(p.Src[p.HalfPair:]))
		return true
	}
	if compiled.LongID(p.Src[start:p.Pos]) {
		p.tree.entry(n).number = noNumber
		p.Find(start, "id", fmt.Sprintf("the id is too long: want at most %d bytes", compiled.MaxIDLength))
		return true
	}
	if l.ID.Kind == format.PathID {
		p.pathIDBelow(n, first)
		return true
	}
	text := compiled.IDText(p.Src[start:p.Pos])
	switch {
	case text == "":
		p.Find(start, "id", "the id is empty")
	case l.Pattern != nil && !l.Pattern.MatchString(text):
		p.Find(start, "id", fmt.Sprintf("%s is not the id of %s: want %s", jsontext.Shown(text), compiled.WithArticle(l.Name), l.ID.Pattern))
	}
	return true
}

// pathIDBelow checks a path id as soon as its parent's is known. What the ids
// below a wrong one should be cannot be told.
func (p *parser) pathIDBelow(n node, first uint32) {
	if above, ok := p.tree.parent(n); ok {
		if p.tree.slot(above, compiled.IDSlot) == 0 {
			p.tree.entry(n).number = lateNumber
			p.lateIDs = true
			return
		}
		if p.tree.entry(above).number == noNumber {
			return
		}
	}
	p.pathID(n, first)
}

// pathID checks the id of item i against its parent's and its siblings'.
func (p *parser) pathID(n node, first uint32) {
	text := p.tree.ownID(n)
	e := p.tree.entry(n)
	e.number = noNumber
	last, below, parent := text, true, ""
	above, hasAbove := p.tree.parent(n)
	if hasAbove {
		parent = p.tree.ownID(above)
		if last, below = strings.CutPrefix(text, parent); below {
			last, below = strings.CutPrefix(last, ".")
		}
	}
	at, tail, ok := compiled.CutSegment(last, p.levels[n.kind].ID.Prefix)
	if !below || !ok || tail != "" {
		p.About = about(n, false)
		number := "a number"
		if hasAbove {
			parent += "."
		}
		if rest, ok := strings.CutPrefix(text, parent+p.levels[n.kind].ID.Prefix); ok && rest != "" && jsontext.Digits(rest) == len(rest) {
			number = fmt.Sprintf("a number of at most %d digits without leading zeros", compiled.MaxDigits)
		}
		p.Find(int(p.tree.slot(n, compiled.IDSlot)), "id", fmt.Sprintf("%s is not the id of %s here: want %s%s and %s",
			jsontext.Shown(text), compiled.WithArticle(p.levels[n.kind].Name), parent, p.levels[n.kind].ID.Prefix, number))
		return
	}
	e.number = at
	if at != n.index-first+1 {
		p.tree.markSparse(p.tree.within(n))
	}
	if n.index > first && p.tree.rows[n.row].entries[n.index-1].number >= at {
		unordered := &p.levels[n.kind].unordered
		if k := len(*unordered); k == 0 || (*unordered)[k-1] != p.tree.within(n) {
			*unordered = append(*unordered, p.tree.within(n))
		}
	}
}

// index gives the items numbers and finds ids that are taken twice. The items
// must be whole; their ids need not be right.
func (p *parser) index() {
	s := p.tree
	number := 0
	for row := range s.rows {
		s.rows[row].number = number
		number += len(s.rows[row].entries)
	}
	s.groupNames = make(map[string]int, len(s.groups))
	for g := range s.groups {
		s.groupNames[s.groups[g].name] = g
	}
	if p.levels[0].ID.Kind == format.PathID {
		p.indexUnordered()
	} else {
		p.indexIDs(number)
	}
}

// finish derives what else a document without problems needs: the column and
// the counts.
func (p *parser) finish() {
	s := p.tree
	statuses := make([][]format.Status, len(p.levels))
	for l := range p.levels {
		statuses[l] = p.levels[l].statuses
	}
	s.statuses = persistent.NewColumn(&p.Format.Packing, statuses)
	s.counts = make([]uint32, len(p.levels)*len(p.Format.Statuses))
	for l := range statuses {
		for _, st := range statuses[l] {
			s.counts[l*len(p.Format.Statuses)+int(st)]++
		}
	}
}

// indexUnordered records the children of parents whose numbers do not ascend,
// and finds duplicates among them.
func (p *parser) indexUnordered() {
	s := p.tree
	for l := range p.levels {
		for _, in := range p.levels[l].unordered {
			for n := range s.list(in).nodes() {
				if number := s.entry(n).number; number < lateNumber {
					p.indexPath(pathKey{in.row, in.parent, number}, n)
				}
			}
		}
	}
}

func (p *parser) indexPath(key pathKey, n node) {
	s := p.tree
	if s.paths == nil {
		s.paths = map[pathKey]uint32{}
	}
	if other, twice := s.paths[key]; twice {
		p.duplicateID(n, node{other, n.row, n.kind})
		return
	}
	s.paths[key] = n.index
}

func (p *parser) duplicateID(n, other node) {
	s := p.tree
	p.findID(about(n, true), "duplicate-id",
		fmt.Sprintf("the id %s is taken by another %s", jsontext.Shown(s.ownID(n)), p.levels[other.kind].Name))
	if p.Omitted == 0 {
		p.Findings[len(p.Findings)-1].Other = int(s.slot(other, compiled.IDSlot))
	}
}

// findID records a problem with the id of an item once all items are read.
func (p *parser) findID(at compiled.Subject, rule, message string) {
	p.About = at
	n := nodeOf(at)
	p.Base = p.tree.pointer(n)
	p.Enter(jsontext.KeyStep(p.levels[n.kind].ID.Key))
	p.Find(int(p.tree.slot(n, compiled.IDSlot)), rule, message)
	p.Leave(true)
}

// indexIDs works out the full ids of text and local ids, and finds
// duplicates. Wrong ids, and those below them, have no place in the index.
func (p *parser) indexIDs(items int) {
	s := p.tree
	s.ids = newIDIndex(items)
	for l := range p.levels {
		for n := range s.ofKind(format.Level(l)).nodes() {
			text, ok := p.fullID(n)
			if !ok {
				s.ids.skip()
				continue
			}
			if len(s.ids.texts)+len(text) > p.idSpace {
				p.findID(about(n, true), "size", fmt.Sprintf("the ids of the document, each with those above it, have together more than %d bytes", p.idSpace))
				return
			}
			if other, ok := s.ids.add(s, s.group(n), text); !ok {
				p.duplicateID(n, s.at(other))
			}
		}
	}
}

// fullID returns the full id of an item whose parent is in the index.
func (p *parser) fullID(n node) (text string, ok bool) {
	s := p.tree
	if raw := s.value(n, compiled.IDSlot); len(raw) == 0 || !p.levels[n.kind].ID.Accepts(raw) || compiled.LongID(raw) {
		return "", false
	}
	text = s.ownID(n)
	above, ok := s.parent(n)
	if !ok || p.levels[n.kind].ID.Kind != format.LocalID || text == "" {
		return text, text != ""
	}
	parent := s.ids.text(s.number(above))
	if parent == "" {
		return "", false
	}
	text = compiled.LocalID(parent, text)
	if len(text) > compiled.MaxIDLength {
		p.findID(about(n, false), "id", fmt.Sprintf("the id has %d bytes with those above it: want at most %d", len(text), compiled.MaxIDLength))
		return "", false
	}
	return text, true
}
