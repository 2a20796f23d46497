package tree

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
func (p *Parser) itemID(n Node, first uint32) bool {
	p.About.Known = false
	p.Enter(jsontext.KeyStep(p.levels[n.Kind].ID.Key))
	if !p.Leave(p.idValue(n, first)) {
		r := &p.Tree.rows[n.Row]
		r.slots[int(n.Index)*r.stride+compiled.IDSlot] = 0 // what is there is not a whole value
		return false
	}
	p.About.Known = true
	return true
}

func (p *Parser) idValue(n Node, first uint32) bool {
	l := &p.levels[n.Kind]
	p.Next()
	start := p.Pos
	if !l.ID.Accepts(p.Src[start:]) {
		return p.WrongValue("the id", l.ID.WantKinds())
	}
	if !p.Value(0) {
		return false
	}
	if p.HalfPair > start {
		p.Tree.Entry(n).Number = noNumber
		p.Find(start, "id", "the id has "+jsontext.HalfPairAt(p.Src[p.HalfPair:]))
		return true
	}
	if compiled.LongID(p.Src[start:p.Pos]) {
		p.Tree.Entry(n).Number = noNumber
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
func (p *Parser) pathIDBelow(n Node, first uint32) {
	if above, ok := p.Tree.Parent(n); ok {
		if p.Tree.Slot(above, compiled.IDSlot) == 0 {
			p.Tree.Entry(n).Number = lateNumber
			p.lateIDs = true
			return
		}
		if p.Tree.Entry(above).Number == noNumber {
			return
		}
	}
	p.pathID(n, first)
}

// pathID checks the id of item i against its parent's and its siblings'.
func (p *Parser) pathID(n Node, first uint32) {
	text := p.Tree.OwnID(n)
	e := p.Tree.Entry(n)
	e.Number = noNumber
	last, below, parent := text, true, ""
	above, hasAbove := p.Tree.Parent(n)
	if hasAbove {
		parent = p.Tree.OwnID(above)
		if last, below = strings.CutPrefix(text, parent); below {
			last, below = strings.CutPrefix(last, ".")
		}
	}
	at, tail, ok := compiled.CutSegment(last, p.levels[n.Kind].ID.Prefix)
	if !below || !ok || tail != "" {
		p.About = SubjectOf(n, false)
		number := "a number"
		if hasAbove {
			parent += "."
		}
		if rest, ok := strings.CutPrefix(text, parent+p.levels[n.Kind].ID.Prefix); ok && rest != "" && jsontext.Digits(rest) == len(rest) {
			number = fmt.Sprintf("a number of at most %d digits without leading zeros", compiled.MaxDigits)
		}
		p.Find(int(p.Tree.Slot(n, compiled.IDSlot)), "id", fmt.Sprintf("%s is not the id of %s here: want %s%s and %s",
			jsontext.Shown(text), compiled.WithArticle(p.levels[n.Kind].Name), parent, p.levels[n.Kind].ID.Prefix, number))
		return
	}
	e.Number = at
	if at != n.Index-first+1 {
		p.Tree.markSparse(p.Tree.Within(n))
	}
	if n.Index > first && p.Tree.rows[n.Row].entries[n.Index-1].Number >= at {
		unordered := &p.levels[n.Kind].unordered
		if k := len(*unordered); k == 0 || (*unordered)[k-1] != p.Tree.Within(n) {
			*unordered = append(*unordered, p.Tree.Within(n))
		}
	}
}

// index gives the items numbers and finds ids that are taken twice. The items
// must be whole; their ids need not be right.
func (p *Parser) index() {
	s := p.Tree
	number := 0
	for row := range s.rows {
		s.rows[row].number = number
		number += len(s.rows[row].entries)
	}
	s.groupNames = make(map[string]int, len(s.Groups))
	for g := range s.Groups {
		s.groupNames[s.Groups[g].Name] = g
	}
	if p.levels[0].ID.Kind == format.PathID {
		p.indexUnordered()
	} else {
		p.indexIDs(number)
	}
}

// finish derives what else a document without problems needs: what its ids do not
// name, the column and the counts.
func (p *Parser) finish() {
	s := p.Tree
	s.shared = p.sharedIDs()
	statuses := make([][]format.Status, len(p.levels))
	for l := range p.levels {
		statuses[l] = p.levels[l].statuses
	}
	s.Statuses = persistent.NewColumn(&p.Format.Packing, statuses)
	s.Counts = make([]uint32, len(p.levels)*len(p.Format.Statuses))
	for l := range statuses {
		if p.levels[l].NoStatus {
			s.Counts[l*len(p.Format.Statuses)] = uint32(len(statuses[l]))
			continue
		}
		for _, st := range statuses[l] {
			s.Counts[l*len(p.Format.Statuses)+int(st)]++
		}
	}
}

// indexUnordered records the children of parents whose numbers do not ascend,
// and finds duplicates among them.
func (p *Parser) indexUnordered() {
	s := p.Tree
	for l := range p.levels {
		for _, in := range p.levels[l].unordered {
			for n := range s.List(in).Nodes() {
				if number := s.Entry(n).Number; number < lateNumber {
					p.indexPath(pathKey{in.Row, in.Parent, number}, n)
				}
			}
		}
	}
}

func (p *Parser) indexPath(key pathKey, n Node) {
	s := p.Tree
	if s.paths == nil {
		s.paths = map[pathKey]uint32{}
	}
	if other, twice := s.paths[key]; twice {
		p.duplicateID(n, Node{other, n.Row, n.Kind})
		return
	}
	s.paths[key] = n.Index
}

func (p *Parser) duplicateID(n, other Node) {
	s := p.Tree
	tolerated, follows := p.tolerates(n, other)
	if tolerated {
		p.noteTwins(n, other)
		if follows || !p.Warnings {
			return
		}
	}
	p.aboutID(SubjectOf(n, true), func(offset int) {
		message := fmt.Sprintf("the id %s is taken by another %s", jsontext.Shown(s.OwnID(n)), p.levels[other.Kind].Name)
		if tolerated {
			p.Warn(offset, "duplicate-id", "neither can be addressed: "+message)
		} else {
			p.Find(offset, "duplicate-id", message)
		}
	})
	if p.Omitted == 0 {
		p.Findings[len(p.Findings)-1].Other = int(max(s.Slot(other, compiled.IDSlot), s.Entry(other).Start))
	}
}

// findID records a problem with the id of an item once all items are read.
func (p *Parser) findID(at compiled.Subject, rule, message string) {
	p.aboutID(at, func(offset int) { p.Find(offset, rule, message) })
}

// aboutID records something about the id of an item, which lies at an offset.
func (p *Parser) aboutID(at compiled.Subject, record func(offset int)) {
	p.About = at
	n := NodeOf(at)
	p.Base = p.Tree.Pointer(n)
	offset := p.Tree.Slot(n, compiled.IDSlot)
	if offset == 0 {
		record(int(p.Tree.Entry(n).Start))
		return
	}
	p.EnterValue(&p.levels[n.Kind].Record.Fields[compiled.IDSlot])
	record(int(offset))
	p.Place = p.Place[:0]
}

// indexIDs works out the full ids of text and local ids, and finds
// duplicates. Wrong ids, and those below them, have no place in the index.
func (p *Parser) indexIDs(items int) {
	s := p.Tree
	s.ids = newIDIndex(items)
	for l := range p.levels {
		for n := range s.OfKind(format.Level(l)).Nodes() {
			text, ok := p.fullID(n)
			if !ok {
				s.ids.skip()
				continue
			}
			if len(s.ids.texts)+len(text) > p.IDSpace {
				p.findID(SubjectOf(n, true), "size", fmt.Sprintf("the ids of the document, each with those above it, have together more than %d bytes", p.IDSpace))
				return
			}
			if other, ok := s.ids.add(s, s.Group(n), text); !ok {
				p.duplicateID(n, s.At(other))
			}
		}
	}
}

// fullID returns the full id of an item whose parent is in the index.
func (p *Parser) fullID(n Node) (text string, ok bool) {
	s := p.Tree
	id := &p.levels[n.Kind].ID
	if raw := s.Value(n, compiled.IDSlot); id.Kind != format.PositionID && (len(raw) == 0 || !id.Accepts(raw) || compiled.LongID(raw)) {
		return "", false
	}
	text = s.OwnID(n)
	above, ok := s.Parent(n)
	if !ok || !id.FollowsParent() || text == "" {
		return text, text != ""
	}
	parent := s.ids.text(s.Number(above))
	if parent == "" {
		return "", false
	}
	text = compiled.LocalID(parent, text)
	if len(text) > compiled.MaxIDLength {
		p.findID(SubjectOf(n, false), "id", fmt.Sprintf("the id has %d bytes with those above it: want at most %d", len(text), compiled.MaxIDLength))
		return "", false
	}
	return text, true
}
