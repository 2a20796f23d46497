package tree

import (
	"fmt"

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

// tellOthers reports what stands beside the list of a group, or of the document.
func (p *Parser) tellOthers(group string, others []otherMember) {
	owner := "the document"
	if p.Tree.Root.Kind == format.RootGroups {
		owner = "the group " + jsontext.Shown(group)
		p.Enter(jsontext.KeyStep(group))
		defer p.Leave(true)
	}
	for _, m := range others {
		p.ReportUnknown(m.UnknownMember, owner, "")
	}
}

// noList refuses a document of groups that has members, and no group among them.
func (p *Parser) noList(start int, others []otherMember) {
	key := p.Tree.Root.Key
	object, hasObject := p.rootOf(format.RootObject)
	for _, m := range others {
		if hasObject && m.Key == object.Key {
			p.wrongList(m.value, object, "")
			return
		}
		if at, meant := p.listLike(m, key); meant == key {
			p.wrongList(at, p.Tree.Root, m.Key)
			return
		}
	}
	message := fmt.Sprintf("the document holds no list %q: want %s", key, p.wantRoot())
	for _, m := range others {
		if hasObject && spelling.Nearest(m.Key, []string{object.Key}) != "" && p.Src[m.value] == '[' {
			p.Find(m.At, "root", fmt.Sprintf("%s: was %q meant by %s?", message, object.Key, jsontext.Shown(m.Key)))
			return
		}
		if at, meant := p.listLike(m, key); meant != "" {
			p.Find(at, "root", fmt.Sprintf("%s: was %q meant by %s in %s?", message, key, jsontext.Shown(meant), jsontext.Shown(m.Key)))
			return
		}
	}
	p.Find(start, "root", message)
}

// wrongList refuses what stands in place of a list.
func (p *Parser) wrongList(at int, root format.Root, group string) {
	p.Base = rootPointer(root, group)
	p.Find(at, "type", fmt.Sprintf("%s is %s: want an array", root.Key, jsontext.KindName(p.Src[at])))
	p.Base = ""
}

// listLike looks in a member that is no group for the key of its list, or for one
// that was meant as that. It returns where the value of the one or the key of the
// other begins, and "" if there is neither.
func (p *Parser) listLike(m otherMember, key string) (at int, found string) {
	if p.Src[m.value] != '{' {
		return 0, ""
	}
	ahead := jsontext.Scanner{Src: p.Src, Pos: m.value + 1}
	near := compiled.UnknownMember{}
	for ahead.Next() == '"' {
		start := ahead.Pos
		k, ok := ahead.Key()
		if !ok {
			break
		}
		if c := ahead.Next(); k == key {
			return ahead.Pos, key
		} else if near.Key == "" && c == '[' && spelling.Nearest(k, []string{key}) != "" {
			near = compiled.UnknownMember{Key: k, At: start}
		}
		if !ahead.Skip() || ahead.Next() != ',' {
			break
		}
		ahead.Pos++
	}
	return near.At, near.Key
}

// tellNoGroups reports members that may have been meant as groups, or all that are
// none where somebody wants to know.
func (p *Parser) tellNoGroups(others []otherMember) {
	key := p.Tree.Root.Key
	for _, m := range others {
		at, meant := p.listLike(m, key)
		switch {
		case p.Strict:
			p.ReportUnknown(m.UnknownMember, "the document", "")
		case p.Warnings && meant == key:
			p.Warn(at, "root", fmt.Sprintf("%s is not read as a group: its %q is %s, want an array", jsontext.Shown(m.Key), key, jsontext.KindName(p.Src[at])))
		case p.Warnings && meant != "":
			p.Warn(at, "root", fmt.Sprintf("%s is not read as a group: was %q meant by %s?", jsontext.Shown(m.Key), key, jsontext.Shown(meant)))
		}
	}
}
