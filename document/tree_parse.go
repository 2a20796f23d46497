package document

import (
	"bytes"
	"fmt"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/compiled"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
)

// parser reads a document in one pass: syntax, structure, ids, statuses and
// every rule that refuses.
type parser struct {
	compiled.Checker
	tree   *tree
	levels []levelParser
	// lateIDs is set where an item's id came after its children.
	lateIDs bool
	// idSpace is how long all full ids may be together.
	idSpace int
	// maxSize is how long the text may be.
	maxSize int64
	// unseen says that nobody knows the text: lines in it mean nothing.
	unseen bool
}

// levelParser is what the parser keeps for each level.
type levelParser struct {
	*compiled.Level
	statuses []format.Status
	// follows[slot+1] is the slot that came after slot last time: keys come
	// in the same order in most items. follows[0] is the first key's.
	follows []int
	// unordered are the lists whose numbers do not ascend.
	unordered []listID
	last      format.Status
}

// newParser returns a parser of a text of at most maxSize bytes.
func newParser(f *compiled.Format, source []byte, maxSize int64) *parser {
	p := &parser{Checker: compiled.Checker{Scanner: jsontext.Scanner{Src: source}, Format: f}, tree: newTree(f, source), idSpace: maxIDs, maxSize: maxSize}
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

// document reads the whole text. The tree is of use only if there are no
// findings.
func (p *parser) document() *tree {
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
		return p.tree
	}
	p.index()
	if p.Refusals == 0 {
		p.finish()
	}
	return p.tree
}

func (p *parser) rootValue() bool {
	switch p.Next() {
	case '[':
		if root, ok := p.rootOf(format.RootArray); ok {
			p.tree.root = root
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

func (p *parser) rootOf(kind format.RootKind) (format.Root, bool) {
	for _, r := range p.Format.Descriptor.Roots {
		if r.Kind == kind {
			return r, true
		}
	}
	return format.Root{}, false
}

func (p *parser) wantRoot() string {
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
func (p *parser) rootObject() bool {
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
		p.tree.root = object
		return p.rootMembers("", object.Key)
	}
	p.tree.root = groups
	return p.groupMembers(groups.Key)
}

// holdsItems looks ahead whether the object at pos has a member key that is an
// array or null.
func (p *parser) holdsItems(key string) bool {
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
func (p *parser) groupMembers(key string) bool {
	p.Pos++
	if p.Next() == '}' {
		p.Pos++
		return true
	}
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
			ok = p.rootMembers(name, key)
		} else {
			ok = p.Value(0)
		}
		if !ok {
			return false
		}
		if more, ok := p.More('}'); !more {
			return ok
		}
	}
}

// rootMembers reads the object that holds an array of top items under key.
func (p *parser) rootMembers(group, key string) bool {
	start := p.Pos
	p.Pos++
	found := false
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
		p.Find(start, "root", "the document has no "+fmt.Sprintf("%q", key)+": want "+p.wantRoot())
	}
	return true
}

// topItems reads the value that holds the top items of a group.
func (p *parser) topItems(groupName string) bool {
	p.Base = rootPointer(p.tree.root, groupName)
	if p.Next() != '[' {
		ok := p.WrongValue(p.tree.root.Key, "an array")
		if ok {
			p.Base = ""
		}
		return ok
	}
	g := uint32(len(p.tree.groups))
	start := uint32(p.Pos)
	first := uint32(len(p.tree.rows[0].entries))
	p.tree.groups = append(p.tree.groups, group{name: groupName, first: first})
	if !p.items(top(g)) {
		return false
	}
	p.Base, p.About = "", compiled.Subject{}
	grp := &p.tree.groups[g]
	grp.end = uint32(len(p.tree.rows[0].entries))
	grp.array = jsontext.Span{Start: start, End: uint32(p.Pos)}
	return true
}
