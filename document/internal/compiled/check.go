package compiled

import (
	"fmt"
	"time"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
)

// Field reads the value of a field at pos, and checks it. It returns false
// after a syntax error only. depth is how deep the value lies in the value of a
// member of an item: where the item is in the document does not count, so that a
// value which the gate accepts can be read wherever it is written.
func (c *Checker) Field(f *Field, depth int) bool {
	c.Enter(jsontext.KeyStep(f.Key))
	return c.Leave(c.fieldValue(f, depth))
}

func (c *Checker) fieldValue(f *Field, depth int) bool {
	switch first := c.Next(); {
	case first == 'n' && f.Nullable:
		return c.Literal("null")
	case !f.List:
		return c.single(f, depth)
	case first != '[':
		return c.WrongValue(f.Key, "an array")
	}
	return c.list(f, depth)
}

// WrongValue reads a value of a kind that does not belong here.
func (c *Checker) WrongValue(what, want string) bool {
	c.Next()
	start := c.Pos
	if !c.Value(0) {
		return false
	}
	c.Find(start, "type", fmt.Sprintf("%s is %s: want %s", what, jsontext.KindName(c.Src[start]), want))
	return true
}

func (c *Checker) list(f *Field, depth int) bool {
	start, count := c.Pos, 0
	c.Pos++
	if c.Next() == ']' {
		c.Pos++
	} else {
		for more := true; more; count++ {
			c.Enter(jsontext.IndexStep(count))
			c.Next()
			if !c.Leave(c.single(f, depth+1)) {
				return false
			}
			var ok bool
			if more, ok = c.More(']'); !ok {
				return false
			}
		}
	}
	c.judge(f, start, func(r *Rule) string { return r.list(c.Src[start:c.Pos], count) })
	return true
}

// single reads one value of the field's kind.
func (c *Checker) single(f *Field, depth int) bool {
	start := c.Pos
	first := c.Next()
	kind := f.Kind
	if kind == format.TimeField && f.Form.IsNumber() {
		kind = format.IntField
	}
	switch kind {
	case format.TextField, format.EnumField, format.TimeField, format.DateField, format.DurationField, format.ConstantField:
		if first != '"' {
			return c.WrongValue(f.Key, "text")
		}
		kind, ok := c.Text()
		if ok {
			c.textValue(f, start, kind)
		}
		return ok
	case format.IntField, format.FloatField:
		if first != '-' && (first < '0' || first > '9') {
			return c.WrongValue(f.Key, "a number")
		}
		ok := c.Number()
		if ok {
			c.numberValue(f, start)
		}
		return ok
	case format.BoolField:
		if first != 't' && first != 'f' {
			return c.WrongValue(f.Key, "true or false")
		}
	case format.ReferenceField:
		if first == '[' || first == '{' || first == 't' || first == 'f' || first == 'n' {
			return c.WrongValue(f.Key, "the id of an item")
		}
	case format.ObjectField:
		if first != '{' {
			return c.WrongValue(f.Key, "an object")
		}
		return c.objectValue(&c.Format.Objects[f.Object], depth)
	}
	ok := c.Value(depth)
	if ok && c.HalfPair > start {
		c.halfPairFound(f)
	}
	return ok
}

// halfPairFound warns of the last half of a surrogate pair.
func (c *Checker) halfPairFound(f *Field) {
	if c.Warnings {
		c.Warn(c.HalfPair, "surrogate", f.Key+" has "+jsontext.HalfPairAt(c.Src[c.HalfPair:])+": it is read as U+FFFD")
	}
}

func (c *Checker) textValue(f *Field, start int, kind jsontext.TextKind) {
	raw := c.Src[start:c.Pos]
	if kind&jsontext.HalfPair != 0 {
		c.halfPairFound(f)
	}
	switch f.Kind {
	case format.ConstantField:
		if text := jsontext.Unquote(raw); text != f.Constant {
			c.Find(start, "constant", fmt.Sprintf("%s is %s: want %q", f.Key, jsontext.Shown(text), f.Constant))
		}
	case format.EnumField:
		e := &c.Format.Enums[f.Enum]
		if text := jsontext.Unquote(raw); e.byText[text] == 0 && (!e.Warn || c.Warnings) {
			report := c.Find
			if e.Warn {
				report = c.Warn
			}
			report(start, "enum", fmt.Sprintf("%s is %s: want %s", f.Key, jsontext.Shown(text), e.Names()))
		}
	case format.TimeField:
		if _, ok := Time(f.Form, raw); !ok {
			c.Find(start, "time", fmt.Sprintf("%s is %s: want %s", f.Key, jsontext.Shown(jsontext.Unquote(raw)), timeWords(f.Form)))
		}
	case format.DateField:
		if text := jsontext.Unquote(raw); !isDate(text) {
			c.Find(start, "date", fmt.Sprintf("%s is %s: want a day, such as 2006-01-02", f.Key, jsontext.Shown(text)))
		}
	case format.DurationField:
		if text := jsontext.Unquote(raw); !isDuration(text) {
			c.Find(start, "duration", fmt.Sprintf("%s is %s: want a duration, such as 1h30m", f.Key, jsontext.Shown(text)))
		}
	default:
		c.judge(f, start, func(r *Rule) string { return r.text(raw, kind) })
	}
}

func (c *Checker) numberValue(f *Field, start int) {
	raw := c.Src[start:c.Pos]
	if f.Kind == format.TimeField {
		if _, ok := Time(f.Form, raw); !ok {
			c.Find(start, "time", fmt.Sprintf("%s is %s: want %s", f.Key, jsontext.Clipped(string(raw), jsontext.MaxShown), timeWords(f.Form)))
		}
		return
	}
	if f.Kind == format.IntField {
		n, err := jsontext.ParseInt(raw)
		if err != nil {
			c.Find(start, "integer", fmt.Sprintf("%s is %s: want an integer of at most 64 bits", f.Key, jsontext.Clipped(string(raw), jsontext.MaxShown)))
			return
		}
		c.judge(f, start, func(r *Rule) string { return r.number(float64(n), raw) })
		return
	}
	n, err := jsontext.ParseFloat(raw)
	if err != nil {
		c.Find(start, "number", fmt.Sprintf("%s is %s: want a number of at most 64 bits", f.Key, jsontext.Clipped(string(raw), jsontext.MaxShown)))
		return
	}
	c.judge(f, start, func(r *Rule) string { return r.number(n, raw) })
}

func isDate(text string) bool {
	_, err := time.Parse(time.DateOnly, text)
	return err == nil
}

func isDuration(text string) bool {
	_, err := time.ParseDuration(text)
	return err == nil
}

// timeWords says what times of a form look like.
func timeWords(form format.TimeForm) string {
	switch form {
	case format.CompactTime:
		return "a time such as 20060102T150405Z"
	case format.UnixSeconds:
		return "whole seconds since 1970, in the years 0 to 9999"
	case format.UnixMilliseconds:
		return "whole milliseconds since 1970, in the years 0 to 9999"
	}
	return "a time as in RFC 3339, such as 2006-01-02T15:04:05Z"
}

// judge asks the field's rules. ask returns what a rule has against the value,
// or "".
func (c *Checker) judge(f *Field, offset int, ask func(*Rule) string) {
	for i := range f.refuse {
		if message := ask(&f.refuse[i]); message != "" {
			c.Find(offset, f.refuse[i].Kind.String(), f.Key+" "+message)
		}
	}
	if !c.Warnings {
		return
	}
	for i := range f.warn {
		if message := ask(&f.warn[i]); message != "" {
			c.Warn(offset, f.warn[i].Kind.String(), f.Key+" "+message)
		}
	}
}

// objectValue reads an object of a named type at pos.
func (c *Checker) objectValue(r *Record, depth int) bool {
	start := c.Pos
	c.Pos++
	if c.Next() == '}' {
		c.Pos++
		c.missing(r, start, nil)
		return true
	}
	seen := make([]bool, len(r.Fields))
	unknown, firstUnknown := c.Keys(), c.Unknown()
	defer unknown.Release()
	for {
		c.Next()
		at := c.Pos
		key, ok := c.Key()
		if !ok {
			return false
		}
		if slot, known := r.Slots[key]; known {
			if seen[slot] {
				c.DuplicateKey(at, key)
			}
			seen[slot] = true
			c.Next()
			ok = c.Field(&r.Fields[slot], depth+1)
		} else {
			if !unknown.Add(key) {
				c.DuplicateKey(at, key)
			}
			c.KeepUnknown(key, at)
			ok = c.Value(depth + 1)
		}
		if !ok {
			return false
		}
		if more, ok := c.More('}'); !more {
			if ok {
				c.missing(r, start, seen)
				c.TellUnknown(firstUnknown, &r.Members, func(key string) bool { return seen[r.Slots[key]] })
			}
			return ok
		}
	}
}

func (c *Checker) missing(r *Record, start int, seen []bool) {
	for _, slot := range r.Required {
		if seen == nil || !seen[slot] {
			c.Find(start, "required", c.Lacks(r, slot, start))
		}
	}
}
