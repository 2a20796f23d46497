package tree

import (
	"github.com/backlog-gen/backlog-gen/document/internal/compiled"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
)

// slotless reads a member, without a slot, of an item or of an object in it: an
// object that holds known values, or what the format does not know. depth is how
// deep the object lies in the item, and others are its keys without slots.
func (p *Parser) slotless(n Node, first uint32, in *compiled.Members, key string, at int, others *jsontext.Keys, depth int) bool {
	inner := in.Inside[key]
	if !others.Add(key) {
		p.DuplicateKey(at, key)
		return p.Value(depth)
	}
	if inner == nil {
		p.KeepUnknown(key, at)
		return p.Value(depth)
	}
	p.Enter(jsontext.KeyStep(key))
	return p.Leave(p.inside(n, first, inner, depth+1))
}

// inside reads an object of an item that holds known values. It recurses as deep as
// paths are long.
func (p *Parser) inside(n Node, first uint32, m *compiled.Members, depth int) bool {
	switch c := p.Next(); {
	case c == 'n' && m.Nullable:
		return p.Literal("null")
	case c != '{':
		return p.WrongValue(m.Path, "an object")
	}
	p.Pos++
	others, firstUnknown := p.Keys(), p.Unknown()
	for more := p.Next() != '}'; more; {
		p.Next()
		at := p.Pos
		key, ok := p.Key()
		if !ok {
			return false
		}
		if slot, known := m.Slots[key]; known {
			ok = p.known(n, first, slot, at)
		} else {
			ok = p.slotless(n, first, m, key, at, &others, depth)
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
	p.tellUnknown(n, firstUnknown, m, &others)
	return true
}
