package document

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// Parse reads a document. It copies data once, so the caller keeps it. The error
// is a *ParseError with every problem.
func (t *Type) Parse(data []byte) (*Document, error) {
	return t.ParseOwned(bytes.Clone(data))
}

// ParseOwned is Parse without the copy: data belongs to the document from then
// on and must not be touched again.
func (t *Type) ParseOwned(data []byte) (*Document, error) {
	p := newParser(t, data)
	s := p.document()
	if len(p.findings) > 0 {
		return nil, &ParseError{Problems: p.problems()}
	}
	return s.document(), nil
}

// document returns the snapshot that is the source text.
func (s *shape) document() *Document {
	return &Document{shape: s, statuses: s.statuses, counts: s.counts}
}

// parser reads a document in one pass: syntax, structure, ids, statuses and
// every rule that refuses.
type parser struct {
	checker
	shape  *shape
	levels []levelParser
	// lateIDs is set where an item's id came after its children.
	lateIDs bool
}

// levelParser is what the parser keeps for each level.
type levelParser struct {
	*levelType
	statuses []Status
	// follows[slot+1] is the slot that came after slot last time: keys come
	// in the same order in most items. follows[0] is the first key's.
	follows []int
	// unordered lists the parents whose children's numbers do not ascend.
	unordered []uint32
	last      Status
}

var byteOrderMark = []byte("\xef\xbb\xbf")

func newParser(t *Type, source []byte) *parser {
	p := &parser{checker: checker{scanner: scanner{src: source}, typ: t}, shape: newShape(t, source)}
	p.levels = make([]levelParser, len(t.levels))
	for i := range p.levels {
		l := &p.levels[i]
		l.levelType = &t.levels[i]
		l.follows = make([]int, len(l.record.fields)+1)
		for slot := range l.follows {
			l.follows[slot] = slot % len(l.record.fields)
		}
	}
	return p
}

// document parses the whole text. The shape is of use only if there are no
// findings.
func (p *parser) document() *shape {
	if len(p.src) > MaxSize {
		p.find(0, "size", fmt.Sprintf("the document has %d bytes: at most %d", len(p.src), MaxSize))
		return nil
	}
	if bytes.HasPrefix(p.src, byteOrderMark) {
		p.pos = len(byteOrderMark)
	}
	if p.rootValue() {
		if p.next(); p.pos < len(p.src) {
			p.fail(p.pos, "syntax", "unexpected text after the document")
		}
	}
	p.keepFault()
	if p.refusals == 0 {
		p.finish()
	}
	return p.shape
}

func (p *parser) rootValue() bool {
	switch p.next() {
	case '[':
		if root, ok := p.rootOf(RootArray); ok {
			p.shape.root = root
			return p.topItems("")
		}
		p.find(p.pos, "root", "the document is an array: want "+p.wantRoot())
		return p.value(0)
	case '{':
		return p.rootObject()
	case 0:
		if p.pos >= len(p.src) {
			return p.fail(p.pos, "syntax", "the document is empty: want "+p.wantRoot())
		}
	}
	start := p.pos
	if !p.value(0) {
		return false
	}
	p.find(start, "root", "this is not a document: want "+p.wantRoot())
	return true
}

func (p *parser) rootOf(kind RootKind) (Root, bool) {
	for _, r := range p.typ.descriptor.Roots {
		if r.Kind == kind {
			return r, true
		}
	}
	return Root{}, false
}

func (p *parser) wantRoot() string {
	var b bytes.Buffer
	for i, r := range p.typ.descriptor.Roots {
		if i > 0 {
			b.WriteString(" or ")
		}
		switch r.Kind {
		case RootObject:
			fmt.Fprintf(&b, `{%q: […]}`, r.Key)
		case RootArray:
			b.WriteString("an array […]")
		case RootGroups:
			fmt.Fprintf(&b, `an object of groups {"…": {%q: […]}}`, r.Key)
		}
	}
	return b.String()
}

// rootObject reads a root object or root groups, whichever it is.
func (p *parser) rootObject() bool {
	object, hasObject := p.rootOf(RootObject)
	groups, hasGroups := p.rootOf(RootGroups)
	switch {
	case hasObject && hasGroups:
		if p.holdsItems(object.Key) {
			hasGroups = false
		}
	case !hasObject && !hasGroups:
		p.find(p.pos, "root", "the document is an object: want "+p.wantRoot())
		return p.value(0)
	}
	if !hasGroups {
		p.shape.root = object
		return p.rootMembers(p.pos, "", object.Key)
	}
	p.shape.root = groups
	return p.groupMembers(groups.Key)
}

// holdsItems looks ahead whether the object at pos has a member key that is an
// array or null.
func (p *parser) holdsItems(key string) bool {
	ahead := scanner{src: p.src, pos: p.pos + 1}
	for ahead.next() == '"' {
		k, ok := ahead.key()
		if !ok {
			return false
		}
		c := ahead.next()
		if k == key && (c == '[' || c == 'n') {
			return true
		}
		if !ahead.value(1) || ahead.next() != ',' {
			return false
		}
		ahead.pos++
	}
	return false
}

// groupMembers reads an object of groups. Members that are not groups are kept
// as they are.
func (p *parser) groupMembers(key string) bool {
	p.pos++
	if p.next() == '}' {
		p.pos++
		return true
	}
	keys := keySet{scanner: &p.scanner, first: len(p.keys)}
	defer keys.release()
	for {
		p.next()
		at := p.pos
		name, ok := p.key()
		if !ok {
			return false
		}
		if !keys.add(name) {
			return p.duplicate(at, name)
		}
		if p.next() == '{' && p.holdsItems(key) {
			ok = p.rootMembers(at, name, key)
		} else {
			ok = p.value(1)
		}
		if !ok {
			return false
		}
		if more, ok := p.more('}'); !more {
			return ok
		}
	}
}

// rootMembers reads the object that holds an array of top items under key.
func (p *parser) rootMembers(at int, group, key string) bool {
	start := p.pos
	p.pos++
	found := false
	keys := keySet{scanner: &p.scanner, first: len(p.keys)}
	defer keys.release()
	for more := p.next() != '}'; more; {
		p.next()
		at := p.pos
		name, ok := p.key()
		switch {
		case !ok:
			return false
		case !keys.add(name):
			return p.duplicate(at, name)
		case name != key:
			ok = p.value(1)
		case p.next() == '[':
			found = true
			ok = p.topItems(group)
		default:
			p.find(p.pos, "type", fmt.Sprintf("%q is %s: want an array", key, kindName(p.next())))
			found = true
			ok = p.value(1)
		}
		if !ok {
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
	if !found {
		p.find(start, "root", "the document has no "+fmt.Sprintf("%q", key)+": want "+p.wantRoot())
	}
	return true
}

// topItems reads an array of top items.
func (p *parser) topItems(groupName string) bool {
	g := uint32(len(p.shape.groups))
	start := uint32(p.pos)
	first := uint32(len(p.shape.levels[0].nodes))
	p.shape.groups = append(p.shape.groups, group{name: groupName, first: first})
	p.base = p.shape.root.pointer(groupName)
	ok := p.items(0, g)
	p.base = ""
	grp := &p.shape.groups[g]
	grp.end = uint32(len(p.shape.levels[0].nodes))
	grp.array = span{start, uint32(p.pos)}
	return ok
}

// items reads an array of items of one level.
func (p *parser) items(level Level, parent uint32) bool {
	p.pos++
	if p.next() == ']' {
		p.pos++
		return true
	}
	first := uint32(len(p.shape.levels[level].nodes))
	for n := 0; ; n++ {
		if p.next() != '{' {
			p.place = append(p.place, step{index: n})
			p.find(p.pos, "type", fmt.Sprintf("a %s is %s: want an object", p.levels[level].Name, kindName(p.next())))
			p.place = p.place[:len(p.place)-1]
			if !p.value(int(level)) {
				return false
			}
		} else {
			p.place = append(p.place, step{index: n})
			if !p.item(level, parent, first) {
				return false
			}
			p.place = p.place[:len(p.place)-1]
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
	nd := node{start: uint32(start), parent: parent}
	if !p.typ.leaf(level) {
		nd.first = uint32(len(p.shape.levels[level+1].nodes))
	}
	ls.nodes = append(ls.nodes, nd)
	ls.slots = slices.Grow(ls.slots, ls.stride)[:len(ls.slots)+ls.stride]
	clear(ls.slots[int(i)*ls.stride:])
	l.statuses = append(l.statuses, 0)
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
	p.complete(level, i, first)
	return true
}

// member reads one member of item i and returns its slot, or -1 if it is not
// known. previous is the slot of the member before.
func (p *parser) member(level Level, i, first uint32, previous int, unknown *keySet) (int, bool) {
	l := &p.levels[level]
	at := p.pos
	if p.next() == '"' {
		at = p.pos
	}
	slot := l.follows[previous+1]
	quoted := l.record.fields[slot].quoted
	if rest := p.src[p.pos:]; len(rest) > len(quoted) && string(rest[:len(quoted)]) == quoted && rest[len(quoted)] == ':' {
		p.pos += len(quoted) + 1
	} else {
		key, ok := p.key()
		if !ok {
			return 0, false
		}
		if slot, ok = l.record.slots[key]; !ok {
			if !unknown.add(key) {
				return 0, p.duplicate(at, key)
			}
			return -1, p.value(int(level) + 1)
		}
		l.follows[previous+1] = slot
	}
	p.next()
	ls := &p.shape.levels[level]
	offset := &ls.slots[int(i)*ls.stride+slot]
	if *offset != 0 {
		return 0, p.duplicate(at, l.record.fields[slot].Key)
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
	p.about = itemPlace{level, i, true}
	return slot, p.field(&l.record.fields[slot])
}

// children reads the value that holds the level below.
func (p *parser) children(level Level, i uint32) bool {
	l := &p.levels[level]
	ok := true
	switch c := p.next(); {
	case c == '[':
		p.place = append(p.place, step{key: l.Children})
		ok = p.items(level+1, i)
		p.place = p.place[:len(p.place)-1]
	case c == 'n' && l.ChildrenNullable:
		ok = p.literal("null")
	default:
		p.about = itemPlace{level, i, true}
		p.findKey(l.Children, p.pos, "type", fmt.Sprintf("%s is %s: want an array", l.Children, kindName(c)))
		ok = p.value(int(level) + 1)
	}
	ls := &p.shape.levels[level]
	ls.slots[int(i+1)*ls.stride-1] = uint32(p.pos) - ls.nodes[i].start
	return ok
}

// status reads the status of item i.
func (p *parser) status(level Level, i uint32) bool {
	l := &p.levels[level]
	start := p.pos
	if p.next() != '"' {
		p.about = itemPlace{level, i, true}
		p.findKey(l.StatusKey, start, "type", fmt.Sprintf("%s is %s: want text", l.StatusKey, kindName(p.next())))
		return p.value(int(level) + 1)
	}
	if _, ok := p.text(); !ok {
		return false
	}
	raw := p.src[start:p.pos]
	if l.last != 0 && string(raw) == p.typ.quoted[l.last] {
		l.statuses[i] = l.last
		return true
	}
	text := unquote(raw)
	p.about = itemPlace{level, i, true}
	for n, s := range l.spellings {
		if s.text == text {
			l.statuses[i], l.last = s.status, s.status
			if n >= l.statusCount && p.warnings {
				p.place = append(p.place, step{key: l.StatusKey})
				p.record(start, Warning, "status-alias", fmt.Sprintf("%q is read as %s", text, p.typ.StatusName(s.status)))
				p.place = p.place[:len(p.place)-1]
			}
			return true
		}
	}
	p.findKey(l.StatusKey, start, "status", fmt.Sprintf("%q is not a status of a %s: want %s", text, l.Name, l.statusNames()))
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
func (p *parser) complete(level Level, i, first uint32) {
	ls, l := &p.shape.levels[level], &p.levels[level]
	slots := ls.slots[int(i)*ls.stride:]
	for _, slot := range l.record.required {
		if slots[slot] == 0 {
			p.about = itemPlace{level, i, true}
			p.find(int(ls.nodes[i].start), "required", fmt.Sprintf("the %s has no %q", l.Name, l.record.fields[slot].Key))
		}
	}
	if l.statuses[i] == 0 {
		l.statuses[i] = l.machine.Initial()
	}
	if p.lateIDs && l.Children != "" && slots[idSlot] != 0 {
		from, to := p.shape.children(level, i)
		for child := from; child < to; child++ {
			p.pathID(level+1, child, from)
		}
	}
}
