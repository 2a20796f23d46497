package document

import (
	"fmt"
	"time"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
)

// field reads the value of a field at pos, and checks it. It returns false
// after a syntax error only. depth is how deep the value lies in the value of a
// member of an item: where the item is in the document does not count, so that a
// value which the gate accepts can be read wherever it is written.
func (c *checker) field(f *fieldType, depth int) bool {
	c.enter(jsontext.KeyStep(f.Key))
	return c.leave(c.fieldValue(f, depth))
}

func (c *checker) fieldValue(f *fieldType, depth int) bool {
	switch first := c.Next(); {
	case first == 'n' && f.Nullable:
		return c.Literal("null")
	case !f.List:
		return c.single(f, depth)
	case first != '[':
		return c.wrongValue(f.Key, "an array")
	}
	return c.list(f, depth)
}

// wrongValue reads a value of a kind that does not belong here.
func (c *checker) wrongValue(what, want string) bool {
	c.Next()
	start := c.Pos
	if !c.value(0) {
		return false
	}
	c.find(start, "type", fmt.Sprintf("%s is %s: want %s", what, jsontext.KindName(c.Src[start]), want))
	return true
}

func (c *checker) list(f *fieldType, depth int) bool {
	start, count := c.Pos, 0
	c.Pos++
	if c.Next() == ']' {
		c.Pos++
	} else {
		for more := true; more; count++ {
			c.enter(jsontext.IndexStep(count))
			c.Next()
			if !c.leave(c.single(f, depth+1)) {
				return false
			}
			var ok bool
			if more, ok = c.More(']'); !ok {
				return false
			}
		}
	}
	c.judge(f, start, func(r *compiledRule) string { return r.list(c.Src[start:c.Pos], count) })
	return true
}

// single reads one value of the field's kind.
func (c *checker) single(f *fieldType, depth int) bool {
	start := c.Pos
	first := c.Next()
	switch f.Kind {
	case format.TextField, format.EnumField, format.TimeField, format.ConstantField:
		if first != '"' {
			return c.wrongValue(f.Key, "text")
		}
		kind, ok := c.Text()
		if ok {
			c.textValue(f, start, kind)
		}
		return ok
	case format.IntField, format.FloatField:
		if first != '-' && (first < '0' || first > '9') {
			return c.wrongValue(f.Key, "a number")
		}
		ok := c.Number()
		if ok {
			c.numberValue(f, start)
		}
		return ok
	case format.BoolField:
		if first != 't' && first != 'f' {
			return c.wrongValue(f.Key, "true or false")
		}
	case format.ReferenceField:
		if first == '[' || first == '{' || first == 't' || first == 'f' || first == 'n' {
			return c.wrongValue(f.Key, "the id of an item")
		}
	case format.ObjectField:
		if first != '{' {
			return c.wrongValue(f.Key, "an object")
		}
		return c.objectValue(&c.format.objects[f.Object], depth)
	}
	ok := c.value(depth)
	if ok && c.HalfPair > start {
		c.halfPairFound(f)
	}
	return ok
}

// halfPairFound warns of the last half of a surrogate pair.
func (c *checker) halfPairFound(f *fieldType) {
	if c.warnings {
		c.warn(c.HalfPair, "surrogate", f.Key+" has "+jsontext.HalfPairAt(c.Src[c.HalfPair:])+": it is read as U+FFFD")
	}
}

func (c *checker) textValue(f *fieldType, start int, kind jsontext.TextKind) {
	raw := c.Src[start:c.Pos]
	if kind&jsontext.HalfPair != 0 {
		c.halfPairFound(f)
	}
	switch f.Kind {
	case format.ConstantField:
		if text := jsontext.Unquote(raw); text != f.Constant {
			c.find(start, "constant", fmt.Sprintf("%s is %s: want %q", f.Key, jsontext.Shown(text), f.Constant))
		}
	case format.EnumField:
		e := &c.format.enums[f.Enum]
		if text := jsontext.Unquote(raw); e.values[text] == 0 && (!e.Warn || c.warnings) {
			report := c.find
			if e.Warn {
				report = c.warn
			}
			report(start, "enum", fmt.Sprintf("%s is %s: want %s", f.Key, jsontext.Shown(text), e.names()))
		}
	case format.TimeField:
		if _, err := time.Parse(time.RFC3339, jsontext.Unquote(raw)); err != nil {
			c.find(start, "time", fmt.Sprintf("%s is %s: want a time as in RFC 3339, such as 2006-01-02T15:04:05Z", f.Key, jsontext.Shown(jsontext.Unquote(raw))))
		}
	default:
		c.judge(f, start, func(r *compiledRule) string { return r.text(raw, kind) })
	}
}

func (c *checker) numberValue(f *fieldType, start int) {
	raw := c.Src[start:c.Pos]
	if f.Kind == format.IntField {
		n, err := jsontext.ParseInt(raw)
		if err != nil {
			c.find(start, "integer", fmt.Sprintf("%s is %s: want an integer of at most 64 bits", f.Key, jsontext.Clipped(string(raw), jsontext.MaxShown)))
			return
		}
		c.judge(f, start, func(r *compiledRule) string { return r.number(float64(n), raw) })
		return
	}
	n, err := jsontext.ParseFloat(raw)
	if err != nil {
		c.find(start, "number", fmt.Sprintf("%s is %s: want a number of at most 64 bits", f.Key, jsontext.Clipped(string(raw), jsontext.MaxShown)))
		return
	}
	c.judge(f, start, func(r *compiledRule) string { return r.number(n, raw) })
}

// judge asks the field's rules. ask returns what a rule has against the value,
// or "".
func (c *checker) judge(f *fieldType, offset int, ask func(*compiledRule) string) {
	for i := range f.refuse {
		if message := ask(&f.refuse[i]); message != "" {
			c.find(offset, f.refuse[i].Kind.String(), f.Key+" "+message)
		}
	}
	if !c.warnings {
		return
	}
	for i := range f.warn {
		if message := ask(&f.warn[i]); message != "" {
			c.warn(offset, f.warn[i].Kind.String(), f.Key+" "+message)
		}
	}
}

// objectValue reads an object of a named type at pos.
func (c *checker) objectValue(r *recordType, depth int) bool {
	start := c.Pos
	c.Pos++
	if c.Next() == '}' {
		c.Pos++
		c.missing(r, start, nil)
		return true
	}
	seen := make([]bool, len(r.fields))
	unknown := c.Keys()
	defer unknown.Release()
	for {
		c.Next()
		at := c.Pos
		key, ok := c.Key()
		if !ok {
			return false
		}
		if slot, known := r.slots[key]; known {
			if seen[slot] {
				c.duplicateKey(at, key)
			}
			seen[slot] = true
			c.Next()
			ok = c.field(&r.fields[slot], depth+1)
		} else {
			if !unknown.Add(key) {
				c.duplicateKey(at, key)
			}
			ok = c.value(depth + 1)
		}
		if !ok {
			return false
		}
		if more, ok := c.More('}'); !more {
			if ok {
				c.missing(r, start, seen)
			}
			return ok
		}
	}
}

func (c *checker) missing(r *recordType, start int, seen []bool) {
	for _, slot := range r.required {
		if seen == nil || !seen[slot] {
			c.find(start, "required", c.lacks(r, slot, start))
		}
	}
}
