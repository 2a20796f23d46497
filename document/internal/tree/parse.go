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

// Parser reads a document in one pass: syntax, structure, ids, statuses and
// every rule that refuses.
type Parser struct {
	compiled.Checker
	Tree   *Tree
	levels []levelParser
	// lateIDs is set where an item's id came after its children.
	lateIDs bool
	// twins are the items that share an id, and for each the first that has it, by
	// number.
	twins map[int]int
	// IDSpace is how long all full ids may be together.
	IDSpace int
	// maxSize is how long the text may be.
	maxSize int64
	// Unseen says that nobody knows the text: lines in it mean nothing.
	Unseen bool
}

// levelParser is what the parser keeps for each level.
type levelParser struct {
	*compiled.Level
	statuses []format.Status
	// follows[slot+1] is the slot that came after slot last time: keys come
	// in the same order in most items. follows[0] is the first key's.
	follows []int
	// unordered are the lists whose numbers do not ascend.
	unordered []ListID
	// last is how the last status was spelled.
	last *compiled.Spelling
}

// NewParser returns a parser of a text of at most maxSize bytes.
func NewParser(f *compiled.Format, source []byte, maxSize int64) *Parser {
	p := &Parser{Checker: compiled.Checker{Scanner: jsontext.Scanner{Src: source}, Format: f}, Tree: newTree(f, source), IDSpace: maxIDs, maxSize: maxSize}
	p.levels = make([]levelParser, len(f.Levels))
	for i := range p.levels {
		l := &p.levels[i]
		l.Level = &f.Levels[i]
		l.follows = make([]int, len(l.Record.Fields)+1)
		for slot := range l.follows {
			l.follows[slot] = slot % len(l.Record.Fields)
		}
	}
	return p
}

// Document reads the whole text. The tree is of use only if there are no
// findings.
func (p *Parser) Document() *Tree {
	if size := int64(len(p.Src)); size > p.maxSize {
		p.Find(0, "size", fmt.Sprintf("the document has %d bytes: want at most %d", size, p.maxSize))
		return nil
	}
	if bytes.HasPrefix(p.Src, []byte(jsontext.ByteOrderMark)) {
		p.Pos = len(jsontext.ByteOrderMark)
	}
	if p.rootValue() {
		p.End("the document")
	}
	if p.Fault.Rule != "" {
		p.Refusals++
		return p.Tree
	}
	p.index()
	if p.Refusals == 0 {
		p.finish()
	}
	return p.Tree
}

func (p *Parser) rootValue() bool {
	start := p.Pos
	switch c := p.Next(); {
	case p.isLines():
		p.Pos = start
		return p.lines()
	case c == '[':
		if root, ok := p.rootOf(format.RootArray); ok {
			p.Tree.Root = root
			return p.topItems("")
		}
		p.Find(p.Pos, "root", "the document is an array: want "+p.wantRoot())
		return p.Value(0)
	case c == '{':
		return p.rootObject()
	case p.Pos >= len(p.Src):
		return p.Fail(p.Pos, "syntax", "the document is empty: want "+p.wantRoot())
	}
	start = p.Pos
	if !p.Value(0) {
		return false
	}
	p.Find(start, "root", "this is not a document: want "+p.wantRoot())
	return true
}

func (p *Parser) rootOf(kind format.RootKind) (format.Root, bool) {
	for _, r := range p.Format.Descriptor.Roots {
		if r.Kind == kind {
			return r, true
		}
	}
	return format.Root{}, false
}

func (p *Parser) wantRoot() string {
	var b bytes.Buffer
	for i, r := range p.Format.Descriptor.Roots {
		if i > 0 {
			b.WriteString(" or ")
		}
		switch r.Kind {
		case format.RootObject:
			b.WriteString(shownList(r.Path()))
		case format.RootArray:
			b.WriteString("an array […]")
		case format.RootGroups:
			fmt.Fprintf(&b, `an object of groups {"…": %s}`, shownList(r.Path()))
		case format.RootLines:
			b.WriteString("JSON Lines, an object {…} on each")
		}
	}
	return b.String()
}

// shownList shows the objects around a list.
func shownList(path []string) string {
	shown := "[…]"
	for _, key := range slices.Backward(path) {
		shown = fmt.Sprintf("{%q: %s}", key, shown)
	}
	return shown
}

// rootObject reads a root object or root groups, whichever it is.
func (p *Parser) rootObject() bool {
	object, hasObject := p.rootOf(format.RootObject)
	groups, hasGroups := p.rootOf(format.RootGroups)
	switch {
	case hasObject && hasGroups:
		if p.holdsItems(object.Path()) {
			hasGroups = false
		}
	case !hasObject && !hasGroups:
		p.Find(p.Pos, "root", "the document is an object: want "+p.wantRoot())
		return p.Value(0)
	}
	if !hasGroups {
		p.Tree.Root = object
		return p.rootMembers("", object.Path(), 0)
	}
	p.Tree.Root = groups
	return p.groupMembers(groups.Path())
}

// holdsItems looks ahead whether the object at pos has an array or null at a path.
func (p *Parser) holdsItems(path []string) bool {
	ahead := jsontext.Scanner{Src: p.Src, Pos: p.Pos}
	holds, _ := holdsList(&ahead, path)
	return holds
}

// holdsList is holdsItems for the object that a scanner is at. It reads that to its
// end where it holds no list, and reports false for ok if it cannot.
func holdsList(ahead *jsontext.Scanner, path []string) (holds, ok bool) {
	ahead.Pos++
	for ahead.Next() == '"' {
		key, ok := ahead.Key()
		if !ok {
			return false, false
		}
		c, inner := ahead.Next(), key == path[0]
		switch {
		case inner && len(path) == 1 && (c == '[' || c == 'n'):
			return true, true
		case inner && len(path) > 1 && c == '{':
			holds, ok = holdsList(ahead, path[1:])
		default:
			ok = ahead.Skip()
		}
		if holds || !ok {
			return holds, ok
		}
		if ahead.Next() == ',' {
			ahead.Pos++
		}
	}
	ok = ahead.Next() == '}'
	ahead.Pos++
	return false, ok
}

// groupMembers reads an object of groups. Members that are not groups are kept
// as they are.
func (p *Parser) groupMembers(path []string) bool {
	start, grouped := p.Pos, false
	p.Pos++
	if p.Next() == '}' {
		p.Pos++
		return true
	}
	var others []otherMember
	keys := p.Keys()
	defer keys.Release()
	for {
		p.Next()
		at := p.Pos
		name, ok := p.Key()
		if !ok {
			return false
		}
		if !keys.Add(name) {
			p.DuplicateKey(at, name)
			ok = p.Value(0)
		} else if p.Next() == '{' && p.holdsItems(path) {
			switch {
			case len(name) > compiled.MaxIDLength:
				p.Find(at, "id", fmt.Sprintf("the name of the group, which is part of ids, is too long: want at most %d bytes", compiled.MaxIDLength))
			case p.HalfPair > at:
				p.Find(at, "id", "the name of the group, which is part of ids, has "+jsontext.HalfPairAt(p.Src[p.HalfPair:]))
			}
			grouped = true
			p.Enter(jsontext.KeyStep(name))
			ok = p.Leave(p.rootMembers(name, path, 0))
		} else {
			others = p.keepOther(others, name, at)
			ok = p.Value(0)
		}
		if !ok {
			return false
		}
		if more, ok := p.More('}'); !more {
			if ok && !grouped {
				p.noList(start, others)
			} else if ok {
				p.tellNoGroups(others)
			}
			return ok
		}
	}
}

// rootMembers reads an object that leads to the array of top items: it is at a
// path from the document or the group, and the first keys of it lead to this object.
func (p *Parser) rootMembers(group string, path []string, depth int) bool {
	start := p.Pos
	p.Pos++
	found := false
	var others []otherMember
	known := p.documentFields(depth)
	keys := p.Keys()
	defer keys.Release()
	for more := p.Next() != '}'; more; {
		p.Next()
		at := p.Pos
		name, ok := p.Key()
		switch {
		case !ok:
			return false
		case !keys.Add(name):
			p.DuplicateKey(at, name)
			ok = p.Value(0)
		case name == path[depth]:
			found = true
			p.refuseGroup(name, at, depth)
			known.found(p, name)
			p.Enter(jsontext.KeyStep(name))
			ok = p.Leave(p.towardsItems(group, path, depth+1))
		case known.found(p, name):
			ok = p.Field(&known.Fields[known.Slots[name]], 0)
		default:
			p.refuseGroup(name, at, depth)
			others = p.keepOther(others, name, at)
			ok = p.Value(0)
		}
		if !ok {
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
	if !found {
		p.lacksList(start, path, depth, others)
	}
	known.missing(p, start, others)
	if p.Strict {
		p.tellOthers(group, path[:depth], others)
	}
	return true
}

// refuseGroup refuses a group beside the list of a document, which would be kept and
// not read. The parser is at the value of a member.
func (p *Parser) refuseGroup(name string, at, depth int) {
	groups, ok := p.rootOf(format.RootGroups)
	if !ok || depth > 0 || p.Tree.Root.Kind != format.RootObject || p.Next() != '{' || !p.holdsItems(groups.Path()) {
		return
	}
	p.Enter(jsontext.KeyStep(name))
	p.Find(at, "root", fmt.Sprintf("the document has a group beside the list %q: want either that list or groups alone", strings.Join(p.Tree.Root.Path(), ".")))
	p.Leave(true)
}

// documentRecord is what is known of the members of an object: of the root object
// the fields of the document, of others nothing.
type documentRecord struct{ *compiled.Record }

// documentFields returns what is known of an object on the way to the list.
func (p *Parser) documentFields(depth int) documentRecord {
	r, _, ok := p.Format.Document()
	if !ok || depth > 0 || p.Tree.Root.Kind != format.RootObject {
		return documentRecord{}
	}
	p.Tree.Fields = make([]uint32, len(r.Fields))
	return documentRecord{r}
}

// found notes where the value of a member begins, and reports whether it is known.
func (r documentRecord) found(p *Parser, key string) bool {
	if r.Record == nil {
		return false
	}
	slot, known := r.Slots[key]
	if known {
		p.Next()
		p.Tree.Fields[slot] = uint32(p.Pos)
	}
	return known
}

// missing checks what is missing once the object has been read.
func (r documentRecord) missing(p *Parser, start int, others []otherMember) {
	if r.Record == nil {
		return
	}
	p.Tree.Outer = jsontext.Span{Start: uint32(start), End: uint32(p.Pos)}
	for _, slot := range r.Required {
		if p.Tree.Fields[slot] == 0 {
			key := r.Fields[slot].Key
			message := fmt.Sprintf("the document has no %q", key)
			if meant := meantBy(key, others); meant != "" {
				message += fmt.Sprintf(": was it meant by %s?", jsontext.Shown(meant))
			}
			p.Find(start, "required", message)
		}
	}
}

// towardsItems reads the array of top items, or an object on the way there.
func (p *Parser) towardsItems(group string, path []string, depth int) bool {
	switch c := p.Next(); {
	case depth == len(path):
		return p.topItems(group)
	case c == '{':
		return p.rootMembers(group, path, depth)
	}
	return p.WrongValue(strings.Join(path[:depth], "."), "an object")
}

// topItems reads the value that holds the top items of a group.
func (p *Parser) topItems(groupName string) bool {
	if p.Next() != '[' {
		return p.WrongValue(strings.Join(p.Tree.Root.Path(), "."), "an array")
	}
	g := uint32(len(p.Tree.Groups))
	start := uint32(p.Pos)
	first := uint32(len(p.Tree.rows[0].entries))
	p.Tree.Groups = append(p.Tree.Groups, Group{Name: groupName, First: first})
	if !p.items(Top(g)) {
		return false
	}
	p.About = compiled.Subject{}
	grp := &p.Tree.Groups[g]
	grp.End = uint32(len(p.Tree.rows[0].entries))
	grp.Array = jsontext.Span{Start: start, End: uint32(p.Pos)}
	return true
}
