package document

import (
	"fmt"
	"strings"
)

// itemID reads the id of item i.
func (p *parser) itemID(level Level, i, first uint32) bool {
	l := &p.levels[level]
	p.about = itemPlace{level, i, false}
	start, c := p.pos, p.next()
	if !l.ID.accepts(p.src[p.pos:]) {
		p.findKey(l.ID.Key, start, "type", fmt.Sprintf("the id is %s: want %s", kindName(c), l.ID.wantKinds()))
		return p.value(int(level) + 1)
	}
	if !p.value(int(level) + 1) {
		return false
	}
	if l.ID.Kind != PathID {
		text := idText(p.src[start:p.pos])
		switch {
		case text == "":
			p.findKey(l.ID.Key, start, "id", "the id is empty")
		case l.pattern != nil && !l.pattern.MatchString(text):
			p.findKey(l.ID.Key, start, "id", fmt.Sprintf("%q is not the id of a %s: want %s", text, l.Name, l.ID.Pattern))
		}
		return true
	}
	if level > 0 && p.shape.slot(level-1, p.shape.levels[level].nodes[i].parent, idSlot) == 0 {
		p.lateIDs = true
		return true
	}
	p.pathID(level, i, first)
	return true
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
	if strings.ContainsAny(string(b[:n]), ".eE") {
		return d.Float
	}
	return d.Int
}

func (d *IDDescriptor) wantKinds() string {
	var kinds []string
	if d.String {
		kinds = append(kinds, "text")
	}
	if d.Int {
		kinds = append(kinds, "an integer")
	}
	if d.Float {
		kinds = append(kinds, "a number")
	}
	return strings.Join(kinds, " or ")
}

// pathID checks the id of item i against its parent's and its siblings'.
func (p *parser) pathID(level Level, i, first uint32) {
	text := p.shape.ownID(level, i)
	parent := ""
	rest := text
	if level > 0 {
		parent = p.shape.ownID(level-1, p.shape.levels[level].nodes[i].parent) + "."
		rest = strings.TrimPrefix(text, parent)
	}
	nodes := p.shape.levels[level].nodes
	n, tail, ok := cutSegment(rest, p.levels[level].ID.Prefix)
	if !ok || tail != "" || len(rest) != len(text)-len(parent) {
		p.about = itemPlace{level, i, false}
		p.findKey(p.levels[level].ID.Key, int(p.shape.slot(level, i, idSlot)), "id",
			fmt.Sprintf("%q is not the id of a %s here: want %s%s and a number", text, p.levels[level].Name, parent, p.levels[level].ID.Prefix))
		return
	}
	nodes[i].number = n
	if i > first && nodes[i-1].number >= n {
		unordered := &p.levels[level].unordered
		if k := len(*unordered); k == 0 || (*unordered)[k-1] != nodes[i].parent {
			*unordered = append(*unordered, nodes[i].parent)
		}
	}
}

// finish derives what a complete shape needs: numbers, the column, the counts
// and the indexes of ids.
func (p *parser) finish() {
	s := p.shape
	statuses := make([][]Status, len(p.levels))
	number := 0
	for l := range p.levels {
		s.levels[l].number = number
		number += len(s.levels[l].nodes)
		statuses[l] = p.levels[l].statuses
	}
	s.statuses = p.typ.packing().build(statuses)
	s.counts = make([]uint32, len(p.levels)*len(p.typ.statuses))
	for l := range statuses {
		for _, st := range statuses[l] {
			s.counts[l*len(p.typ.statuses)+int(st)]++
		}
	}
	if len(s.groups) == 0 && s.root.Kind != RootGroups {
		s.groups = []group{{}}
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

// indexUnordered records the children of parents whose numbers do not ascend,
// and finds duplicates among them.
func (p *parser) indexUnordered() {
	s := p.shape
	for l := range p.levels {
		for _, parent := range p.levels[l].unordered {
			first, end := s.below(Level(l), parent)
			for i := first; i < end; i++ {
				p.indexPath(pathKey{Level(l), parent, s.levels[l].nodes[i].number}, i)
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
	line, _ := position(p.src, int(s.slot(otherLevel, other, idSlot)))
	p.about = itemPlace{l, i, true}
	p.findKey(p.levels[l].ID.Key, int(s.slot(l, i, idSlot)), "duplicate-id",
		fmt.Sprintf("the id %q is taken by the %s in line %d", s.ownID(l, i), p.levels[otherLevel].Name, line))
}

// indexNames works out the full ids of text and local ids, and finds
// duplicates.
func (p *parser) indexNames(items int) {
	s := p.shape
	s.names = newNameIndex(items)
	for l := range s.levels {
		for i := range s.levels[l].nodes {
			text := s.ownID(Level(l), uint32(i))
			if l > 0 && p.levels[l].ID.Kind == LocalID {
				parent := s.names.text(s.number(Level(l-1), s.levels[l].nodes[i].parent)) + "."
				if !strings.HasPrefix(text, parent) {
					text = parent + text
				}
			}
			if other, ok := s.names.add(s, s.group(Level(l), uint32(i)), text); !ok {
				ol, oi := s.at(other)
				p.duplicateID(Level(l), uint32(i), ol, oi)
			}
		}
	}
}
