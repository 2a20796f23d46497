package tree

import (
	"fmt"
	"strings"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/compiled"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
	"github.com/backlog-gen/backlog-gen/internal/spelling"
)

// otherMember is a member of the document, or of a group, that is none of the
// format.
type otherMember struct {
	compiled.UnknownMember
	value int // where the value begins
}

// maxOthers bounds how many of them are looked at for what may have been meant.
const maxOthers = 32

func (p *Parser) keepOther(others []otherMember, key string, at int) []otherMember {
	if p.Next(); len(others) < maxOthers || p.Strict {
		others = append(others, otherMember{compiled.UnknownMember{Key: key, At: at}, p.Pos})
	}
	return others
}

// meantBy returns the key that was meant as another one, "" if there is none.
func meantBy(key string, others []otherMember) string {
	keys := make([]string, len(others))
	for i, m := range others {
		keys[i] = m.Key
	}
	return spelling.Nearest(key, keys)
}

// lacksList refuses an object, which keys of a path lead to, without the next one.
func (p *Parser) lacksList(start int, path []string, depth int, others []otherMember) {
	message := fmt.Sprintf("the document has no %q: want %s", strings.Join(path, "."), p.wantRoot())
	if meant := meantBy(path[depth], others); meant != "" {
		message += fmt.Sprintf(": was %s meant by %s?", named(path, depth), jsontext.Shown(meant))
	}
	p.Find(start, "root", message)
}

// named is how a message that has told of a path names a key of it.
func named(path []string, depth int) string {
	if len(path) == 1 {
		return "it"
	}
	return fmt.Sprintf("%q", path[depth])
}

// tellOthers reports what stands beside the list of a group or of the document, or
// beside an object on the way to it, which keys lead to.
func (p *Parser) tellOthers(group string, keys []string, others []otherMember) {
	owner := "the document"
	switch {
	case len(keys) > 0:
		owner = "the object " + jsontext.Shown(strings.Join(keys, "."))
	case p.Tree.Root.Kind == format.RootGroups:
		owner = "the group " + jsontext.Shown(group)
	}
	for _, m := range others {
		p.ReportUnknown(m.UnknownMember, owner, "")
	}
}

// noList refuses a document of groups, which begins at an offset, that has members,
// and no group among them.
func (p *Parser) noList(start int, others []otherMember) {
	path := p.Tree.Root.Path()
	object, hasObject := p.rootOf(format.RootObject)
	var inDocument reached
	if hasObject {
		if inDocument = p.reach(start, object.Path()); inDocument.wrong {
			p.wrongOnWay(inDocument, object, "")
			return
		}
	}
	for _, m := range others {
		if r := p.reach(m.value, path); r.wrong {
			p.wrongOnWay(r, p.Tree.Root, m.Key)
			return
		}
	}
	message := fmt.Sprintf("the document holds no list %q: want %s", strings.Join(path, "."), p.wantRoot())
	if near := inDocument.near; near.Key != "" {
		p.Find(near.At, "root", message+": "+meantAt(near.Key, object.Path(), inDocument.depth))
		return
	}
	for _, m := range others {
		if r := p.reach(m.value, path); r.near.Key != "" {
			p.Find(r.near.At, "root", message+": "+meantAt(r.near.Key, path, r.depth, m.Key))
			return
		}
	}
	p.Find(start, "root", message)
}

// meantAt asks whether a key of a path was meant by another one, in the object that
// the keys before lead to from a member of the document.
func meantAt(other string, path []string, depth int, in ...string) string {
	message := fmt.Sprintf("was %q meant by %s", path[depth], jsontext.Shown(other))
	if in = append(in, path[:depth]...); len(in) > 0 {
		message += " in " + jsontext.Shown(strings.Join(in, "."))
	}
	return message + "?"
}

// reached says how far a path leads.
type reached struct {
	depth int // how many of its keys are there
	at    int // where the value of the last of them begins
	// wrong says that the value is none that can be there.
	wrong bool
	// near is what may have been meant by the key that is missing, without a key
	// where nothing is like it.
	near compiled.UnknownMember
}

// reach follows a path from a value, which holds no list there.
func (p *Parser) reach(value int, path []string) reached {
	r := reached{at: value}
	for r.depth < len(path) && p.Src[r.at] == '{' {
		next := p.memberLike(r.at, path[r.depth], r.depth == len(path)-1, &r.near)
		if next == 0 {
			return r
		}
		r = reached{depth: r.depth + 1, at: next}
	}
	r.wrong = r.depth > 0
	return r
}

// memberLike returns where the value of a member of an object begins. If there is
// none it returns 0, and in near the first key like it that has an array, or on the
// way to one an object.
func (p *Parser) memberLike(object int, key string, last bool, near *compiled.UnknownMember) int {
	want := byte('{')
	if last {
		want = '['
	}
	ahead := jsontext.Scanner{Src: p.Src, Pos: object + 1}
	for ahead.Next() == '"' {
		start := ahead.Pos
		k, ok := ahead.Key()
		if !ok {
			break
		}
		if c := ahead.Next(); k == key {
			return ahead.Pos
		} else if near.Key == "" && c == want && spelling.Nearest(k, []string{key}) != "" {
			*near = compiled.UnknownMember{Key: k, At: start}
		}
		if !ahead.Skip() || ahead.Next() != ',' {
			break
		}
		ahead.Pos++
	}
	return 0
}

// wrongOnWay refuses what stands in place of a list, or of an object on the way.
func (p *Parser) wrongOnWay(r reached, root format.Root, group string) {
	path, want := root.Path(), "an array"
	if r.depth < len(path) {
		want = "an object"
	}
	if root.Kind == format.RootGroups {
		p.Enter(jsontext.KeyStep(group))
	}
	for _, key := range path[:r.depth] {
		p.Enter(jsontext.KeyStep(key))
	}
	p.Find(r.at, "type", fmt.Sprintf("%s is %s: want %s", strings.Join(path[:r.depth], "."), jsontext.KindName(p.Src[r.at]), want))
	p.Place = p.Place[:0]
}

// tellNoGroups reports members that may have been meant as groups, or all that are
// none where somebody wants to know.
func (p *Parser) tellNoGroups(others []otherMember) {
	path := p.Tree.Root.Path()
	for _, m := range others {
		if p.Strict {
			p.ReportUnknown(m.UnknownMember, "the document", "")
			continue
		}
		if !p.Warnings {
			continue
		}
		switch r := p.reach(m.value, path); {
		case r.wrong && r.depth == len(path):
			p.Warn(r.at, "root", fmt.Sprintf("%s is not read as a group: its %q is %s, want an array", jsontext.Shown(m.Key), strings.Join(path, "."), jsontext.KindName(p.Src[r.at])))
		case r.near.Key != "":
			p.Warn(r.near.At, "root", fmt.Sprintf("%s is not read as a group: %s", jsontext.Shown(m.Key), meantAt(r.near.Key, path, r.depth)))
		}
	}
}
