package formats

import (
	"bytes"
	"encoding/json"
	"strings"
)

// An outline looks at a text only as far as it is asked: most of a document need not
// be read to see which format it has. It does not check the text; where that is not
// JSON, what is seen ends.
type outline struct {
	text []byte
	// left bounds how many values are remembered.
	left int
}

const (
	// mostValues is how many values of a document are looked at, mostItems how many
	// items of a list.
	mostValues = 100_000
	mostItems  = 100
)

// value is one value of an outline.
type value struct {
	of *outline
	at int
	// members, by their keys, and elements are read when they are asked for: in is
	// either of them, in the order of the text.
	members map[string]*value
	in      []*value
}

// outlineOf returns the outermost value of a document: of JSON Lines, the first.
func outlineOf(text []byte) *value {
	o := &outline{text: text, left: mostValues}
	return &value{of: o, at: o.space(len(text) - len(bytes.TrimPrefix(text, []byte("\uFEFF"))))}
}

// first is the first byte of a value, 0 after the end of the text.
func (v *value) first() byte { return v.of.at(v.at) }

// object reads the members of an object, none of what is no object.
func (v *value) object() {
	if v.members != nil {
		return
	}
	v.members = map[string]*value{}
	v.each('{', func(key []byte, m *value) bool {
		v.members[string(key)] = m
		v.in = append(v.in, m)
		return true
	})
}

// member returns a member of an object, nil if there is none.
func (v *value) member(key string) *value {
	v.object()
	return v.members[key]
}

// values returns the members of an object in the order of the text, none of what is
// no object.
func (v *value) values() []*value {
	if v.first() != '{' {
		return nil
	}
	v.object()
	return v.in
}

// lookup returns what a path leads to, nil if that is nothing.
func (v *value) lookup(path []string) *value {
	for _, key := range path {
		if v = v.member(key); v == nil {
			return nil
		}
	}
	return v
}

// items returns the first elements of a list, none of what is no list.
func (v *value) items() []*value {
	if v.first() != '[' {
		return nil
	}
	if v.in == nil {
		v.each('[', func(_ []byte, m *value) bool {
			v.in = append(v.in, m)
			return len(v.in) < mostItems
		})
	}
	return v.in
}

// each calls do for what an object or a list holds, as long as it returns true.
func (v *value) each(open byte, do func(key []byte, m *value) bool) {
	o := v.of
	if v.first() != open {
		return
	}
	for at := o.space(v.at + 1); ; at = o.space(at + 1) {
		var key []byte
		if open == '{' {
			if o.at(at) != '"' {
				return
			}
			end := o.end(at)
			key = unquoted(o.text[at:end])
			if at = o.space(end); o.at(at) != ':' {
				return
			}
			at = o.space(at + 1)
		}
		if !begins(o.at(at)) || o.left == 0 {
			return
		}
		o.left--
		if !do(key, &value{of: o, at: at}) {
			return
		}
		if at = o.space(o.end(at)); o.at(at) != ',' {
			return
		}
	}
}

// lines returns the first values of JSON Lines, each on a line of its own, nil if
// the text is something else.
func (v *value) lines() []*value {
	o := v.of
	var all []*value
	for at := v.at; len(all) < mostItems && o.left > 0; {
		if o.at(at) != '{' {
			break
		}
		end := o.end(at)
		next := o.space(end)
		if bytes.IndexByte(o.text[at:end], '\n') >= 0 || next < len(o.text) && bytes.IndexByte(o.text[end:next], '\n') < 0 {
			return nil
		}
		o.left--
		all = append(all, &value{of: o, at: at})
		at = next
	}
	return all
}

// at returns a byte of the text, 0 after its end.
func (o *outline) at(at int) byte {
	if at >= len(o.text) {
		return 0
	}
	return o.text[at]
}

// space returns where white space ends.
func (o *outline) space(at int) int {
	for at < len(o.text) {
		switch o.text[at] {
		case ' ', '\t', '\n', '\r':
			at++
		default:
			return at
		}
	}
	return at
}

// begins reports whether a value can begin with a byte.
func begins(c byte) bool {
	switch c {
	case '{', '[', '"', 't', 'f', 'n', '-':
		return true
	}
	return c >= '0' && c <= '9'
}

// end returns where the value that begins somewhere ends, if it is one.
func (o *outline) end(at int) int {
	switch o.at(at) {
	case '"':
		return o.endOfText(at)
	case '{', '[':
	default:
		for at < len(o.text) && strings.IndexByte(",]} \t\r\n", o.text[at]) < 0 {
			at++
		}
		return at
	}
	for depth := 0; at < len(o.text); {
		switch o.text[at] {
		case '"':
			at = o.endOfText(at)
			continue
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
		at++
		if depth == 0 {
			break
		}
	}
	return at
}

// endOfText returns where a text ends.
func (o *outline) endOfText(at int) int {
	for at++; ; at++ {
		quote := bytes.IndexByte(o.text[min(at, len(o.text)):], '"')
		if quote < 0 {
			return len(o.text)
		}
		at += quote
		escapes := 0
		for o.text[at-1-escapes] == '\\' {
			escapes++
		}
		if escapes%2 == 0 {
			return at + 1
		}
	}
}

// unquoted returns what a text says: nothing if it is none.
func unquoted(text []byte) []byte {
	if len(text) >= 2 && bytes.IndexByte(text, '\\') < 0 {
		return text[1 : len(text)-1]
	}
	var s string
	if json.Unmarshal(text, &s) != nil {
		return nil
	}
	return []byte(s)
}
