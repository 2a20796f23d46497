package tree

import (
	"bytes"
	"fmt"

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
	last      format.Status
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
	switch p.Next() {
	case '[':
		if root, ok := p.rootOf(format.RootArray); ok {
			p.Tree.Root = root
			return p.topItems("")
		}
		p.Find(p.Pos, "root", "the document is an array: want "+p.wantRoot())
		return p.Value(0)
	case '{':
		return p.rootObject()
	case 0:
		if p.Pos >= len(p.Src) {
			return p.Fail(p.Pos, "syntax", "the document is empty: want "+p.wantRoot())
		}
	}
	start := p.Pos
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
			fmt.Fprintf(&b, `{%q: […]}`, r.Key)
		case format.RootArray:
			b.WriteString("an array […]")
		case format.RootGroups:
			fmt.Fprintf(&b, `an object of groups {"…": {%q: […]}}`, r.Key)
		}
	}
	return b.String()
}

// rootObject reads a root object or root groups, whichever it is.
func (p *Parser) rootObject() bool {
	object, hasObject := p.rootOf(format.RootObject)
	groups, hasGroups := p.rootOf(format.RootGroups)
	switch {
	case hasObject && hasGroups:
		if p.holdsItems(object.Key) {
			hasGroups = false
		}
	case !hasObject && !hasGroups:
		p.Find(p.Pos, "root", "the document is an object: want "+p.wantRoot())
		return p.Value(0)
	}
	if !hasGroups {
		p.Tree.Root = object
		return p.rootMembers("", object.Key)
	}
	p.Tree.Root = groups
	return p.groupMembers(groups.Key)
}

// holdsItems looks ahead whether the object at pos has a member key that is an
// array or null.
func (p *Parser) holdsItems(key string) bool {
	ahead := jsontext.Scanner{Src: p.Src, Pos: p.Pos + 1}
	for ahead.Next() == '"' {
		k, ok := ahead.Key()
		if !ok {
			return false
		}
		c := ahead.Next()
		if k == key && (c == '[' || c == 'n') {
			return true
		}
		if !ahead.Skip() || ahead.Next() != ',' {
			return false
		}
		ahead.Pos++
	}
	return false
}

// groupMembers reads an object of groups. Members that are not groups are kept
// as they are.
func (p *Parser) groupMembers(key string) bool {
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
		} else if p.Next() == '{' && p.holdsItems(key) {
			switch {
			case len(name) > compiled.MaxIDLength:
				p.Find(at, "id", fmt.Sprintf("the name of the group, which is part of ids, is too long: want at most %d bytes", compiled.MaxIDLength))
			case p.HalfPair > at:
				p.Find(at, "id", "the name of the group, which is part of ids, has "+jsontext.HalfPairAt(p.Src[p.HalfPair:]))
			}
			grouped = true
			ok = p.rootMembers(name, key)
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

// rootMembers reads the object that holds an array of top items under key.
func (p *Parser) rootMembers(group, key string) bool {
	start := p.Pos
	p.Pos++
	found := false
	var others []otherMember
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
		case name == key:
			found = true
			ok = p.topItems(group)
		default:
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
		message := fmt.Sprintf("the document has no %q: want %s", key, p.wantRoot())
		if meant := meantBy(key, others); meant != "" {
			message += fmt.Sprintf(": was it meant by %s?", jsontext.Shown(meant))
		}
		p.Find(start, "root", message)
	}
	if p.Strict {
		p.tellOthers(group, others)
	}
	return true
}

// topItems reads the value that holds the top items of a group.
func (p *Parser) topItems(groupName string) bool {
	p.Base = rootPointer(p.Tree.Root, groupName)
	if p.Next() != '[' {
		ok := p.WrongValue(p.Tree.Root.Key, "an array")
		if ok {
			p.Base = ""
		}
		return ok
	}
	g := uint32(len(p.Tree.Groups))
	start := uint32(p.Pos)
	first := uint32(len(p.Tree.rows[0].entries))
	p.Tree.Groups = append(p.Tree.Groups, Group{Name: groupName, First: first})
	if !p.items(Top(g)) {
		return false
	}
	p.Base, p.About = "", compiled.Subject{}
	grp := &p.Tree.Groups[g]
	grp.End = uint32(len(p.Tree.rows[0].entries))
	grp.Array = jsontext.Span{Start: start, End: uint32(p.Pos)}
	return true
}
