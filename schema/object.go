package schema

import (
	"slices"
	"strings"

	"github.com/backlog-gen/backlog-gen/internal/spelling"
)

// object is a mapping of the file that has been checked against its construct.
type object struct {
	l *loader
	// at is where a missing key is reported: the key that holds the mapping.
	at     span
	what   string
	values map[string]entry
	// order of the known keys in the file.
	order []string
	// superseded says that a key of the language as it was stands for one of
	// its own, which is reported.
	superseded bool
}

// object reads a mapping. It reports keys that are unknown or missing, and
// anything that is not a mapping; what is there can be used all the same. A key
// that is most likely there under a misspelt name is not missing as well.
func (l *loader) object(n *node, at span, c *construct) *object {
	o := &object{l: l, at: at, what: c.what, values: make(map[string]entry)}
	if n.kind != mappingNode && !n.isNull() {
		l.refuse(n.span, ruleWrongType, "%s is a mapping, not %s", c.what, n.kind)
		return o
	}
	misspelt := make(map[string]bool)
	for _, e := range n.entries {
		if advice, key := l.instead(c, e); advice != "" {
			misspelt[key], o.superseded = true, true
			l.refuse(e.key.span, ruleUnknownKey, "%s", advice)
			continue
		}
		if !c.has(e.key.text) {
			misspelt[spelling.Nearest(e.key.text, c.names())] = true
			l.refuseUnknownKey(e.key, c)
			continue
		}
		o.values[e.key.text] = e
		o.order = append(o.order, e.key.text)
	}
	for _, k := range c.keys {
		if _, ok := o.values[k.name]; k.required && !ok && !misspelt[k.name] {
			l.refuse(at, ruleMissingKey, "%s needs the key %q", c.what, k.name)
		}
	}
	return o
}

func (l *loader) refuseUnknownKey(key *node, c *construct) {
	if key.text == "<<" {
		l.refuse(key.span, ruleUnknownKey, "merging mappings is not part of the language: repeat the keys")
		return
	}
	l.refuse(key.span, ruleUnknownKey, "%s has no key %q%s", c.what, shorten(key.text), hint(key.text, c.names()))
}

// get returns the value of a key, nil if it is absent.
func (o *object) get(key string) *node { return o.values[key].value }

// spanOf returns the place of a key, that of the object if it is absent.
func (o *object) spanOf(key string) span {
	if e, ok := o.values[key]; ok {
		return e.key.span
	}
	return o.at
}

// valueSpan returns the place of a value, that of the object if it is absent.
func (o *object) valueSpan(key string) span {
	if e, ok := o.values[key]; ok {
		return e.value.span
	}
	return o.at
}

// text returns the text of a key, "" if it is absent or wrong.
func (o *object) text(key string) string {
	n := o.get(key)
	if n == nil {
		return ""
	}
	return o.l.text(n, key)
}

// text returns the text of a node, "" if it is something else.
func (l *loader) text(n *node, what string) string {
	switch {
	case n.kind == textNode && len(n.text) > maxTextBytes:
		l.refuse(n.span, ruleLimit, "%s is longer than %d bytes", what, maxTextBytes)
		return ""
	case n.kind == textNode:
		return n.text
	case n.kind == mappingNode || n.kind == listNode || n.isNull():
		l.refuse(n.span, ruleWrongType, "%s is text, not %s", what, n.kind)
	default:
		l.refuse(n.span, ruleWrongType, "%s is text, not %s: write it in quotes", what, n.kind)
	}
	return ""
}

// bool returns the truth of a key, false if it is absent or wrong.
func (o *object) bool(key string) bool {
	n := o.get(key)
	if n == nil {
		return false
	}
	if n.kind != boolNode {
		o.l.refuse(n.span, ruleWrongType, "%s is true or false, not %s", key, n.kind)
		return false
	}
	return strings.EqualFold(n.text, "true")
}

// choice returns the text of a key that has to be one of some words, "" if it
// is absent or wrong.
func (o *object) choice(key string, words ...string) string {
	n := o.get(key)
	if n == nil {
		return ""
	}
	s := o.l.text(n, key)
	if s != "" && !slices.Contains(words, s) {
		o.l.refuse(n.span, ruleInvalidValue, "%s is not %q%s", key, shorten(s), hint(s, words))
		return ""
	}
	return s
}

// list returns the elements of a list, none if the key is absent. It refuses
// an empty list, and one of more than limit elements, which is left out.
func (o *object) list(key string, limit int) []*node {
	n := o.get(key)
	switch {
	case n == nil:
		return nil
	case n.kind != listNode:
		o.l.refuse(n.span, ruleWrongType, "%s is a list, not %s", key, n.kind)
		return nil
	case len(n.items) == 0:
		o.l.refuse(n.span, ruleInvalidValue, "%s is empty: name at least one, or leave the key out", key)
		return nil
	case len(n.items) > limit:
		o.l.refuse(n.span, ruleLimit, "%s has %d elements: at most %d are possible", key, len(n.items), limit)
		o.l.leftOut = true
		return nil
	}
	return n.items
}

// texts returns the elements of a list of texts, refusing those that repeat.
func (o *object) texts(key string, limit int) []*node {
	var list []*node
	seen := make(map[string]bool)
	for _, n := range o.list(key, limit) {
		if o.l.text(n, "an element of "+key) == "" {
			if n.kind == textNode && n.text == "" {
				o.l.refuse(n.span, ruleInvalidValue, "an element of %s is empty", key)
			}
			continue
		}
		if seen[n.text] {
			o.l.refuse(n.span, ruleRepeatedValue, "%q repeats in %s", n.text, key)
			continue
		}
		seen[n.text] = true
		list = append(list, n)
	}
	return list
}

// doc returns the description: its lines without spaces at their ends.
func (o *object) doc() string {
	n := o.get("doc")
	if n == nil {
		return ""
	}
	if n.kind != textNode {
		o.l.text(n, "doc")
		return ""
	}
	if len(n.text) > maxDocBytes {
		o.l.refuse(n.span, ruleLimit, "doc is longer than %d bytes", maxDocBytes)
		return ""
	}
	lines := strings.Split(n.text, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " \t")
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}

// named returns the entries of a mapping from names to things. It refuses an
// empty one, and one of more than limit entries, which is left out.
func (o *object) named(key string, limit int) []entry {
	n := o.get(key)
	switch {
	case n == nil:
		return nil
	case n.kind != mappingNode:
		o.l.refuse(n.span, ruleWrongType, "%s is a mapping from names, not %s", key, n.kind)
		return nil
	case len(n.entries) == 0:
		o.l.refuse(o.spanOf(key), ruleInvalidValue, "%s is empty: name at least one", key)
	case len(n.entries) > limit:
		o.l.refuse(o.spanOf(key), ruleLimit, "%s has %d entries: at most %d are possible", key, len(n.entries), limit)
		o.l.leftOut = true
		return nil
	}
	return n.entries
}

// shorten cuts a text that a message quotes.
func shorten(s string) string {
	const most = 80
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
