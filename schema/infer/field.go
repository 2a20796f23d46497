package infer

import (
	"slices"
	"strings"
	"time"

	"github.com/backlog-gen/backlog-gen/schema"
)

// findFields collects what the items of each level hold besides id, status and
// children, in the order of the document.
func (d *draft) findFields() {
	constants := d.discriminators() != nil
	for _, l := range d.levels {
		for _, key := range l.fieldKeys() {
			f := &field{key: key, index: len(l.fields)}
			values := l.valuesOf(key, f)
			mark, ok := l.constant(key)
			if constants && ok && slices.Contains(discriminatorKeys, key) {
				f.constant = mark
			} else {
				d.findType(f, values)
			}
			l.fields = append(l.fields, f)
		}
	}
}

func (l *level) fieldKeys() []string {
	seen := map[string]bool{l.idKey: true, l.status.key: true, l.children.key: true}
	var keys []string
	for _, it := range l.items {
		for _, m := range it.value.members {
			if !seen[m.key] {
				seen[m.key] = true
				keys = append(keys, m.key)
			}
		}
	}
	return keys
}

// valuesOf returns the values of a field but for null, and notes whether it may
// be null or missing.
func (l *level) valuesOf(key string, f *field) []*value {
	f.required = true
	var values []*value
	for _, it := range l.items {
		switch v := it.value.get(key); {
		case v == nil:
			f.required = false
		case v.kind == null:
			f.nullable = true
		default:
			values = append(values, v)
		}
	}
	return values
}

// findType finds the type that all values of a field have. It is raw where they
// have none in common.
func (d *draft) findType(f *field, values []*value) {
	f.kind = "raw"
	if len(values) == 0 {
		return
	}
	f.list = all(values, func(v *value) bool { return v.kind == list })
	if f.list {
		var elements []*value
		for _, v := range values {
			elements = append(elements, v.elements...)
		}
		values = elements
	}
	switch {
	case isReferenceKey(f.key) && all(values, isReference):
		f.kind = "reference"
	case len(values) == 0:
	default:
		f.kind = d.scalarType(f, values)
	}
	if f.kind == "raw" && !all(values, func(v *value) bool { return v.kind == object }) {
		f.list = false
	}
}

func (d *draft) scalarType(f *field, values []*value) string {
	switch {
	case all(values, func(v *value) bool { return v.kind == boolean }):
		return "bool"
	case all(values, func(v *value) bool { return v.kind == integer }):
		return "int"
	case all(values, func(v *value) bool { return v.kind == integer || v.kind == float }):
		return "float"
	case !all(values, func(v *value) bool { return v.kind == text }):
		return "raw"
	case all(values, isTime):
		return "time"
	}
	if e := d.findEnum(f, values); e != nil {
		f.enum = e
	}
	return "string"
}

func all(values []*value, is func(*value) bool) bool {
	return !slices.ContainsFunc(values, func(v *value) bool { return !is(v) })
}

func isTime(v *value) bool {
	_, err := time.Parse(time.RFC3339Nano, v.text)
	return err == nil
}

// isReferenceKey reports whether other items are what a key usually holds.
func isReferenceKey(key string) bool {
	switch strings.ToLower(strings.Map(letterOrDrop, key)) {
	case "dependencies", "dependson", "depends", "dependency", "blockedby", "blockers", "requires", "prerequisites":
		return true
	}
	return false
}

func isReference(v *value) bool { return v.isID() && !strings.ContainsAny(v.text, " \t\n\r") }

// findEnum returns the enum of a field whose texts are few words that repeat,
// nil if they are not. Fields of several levels with the same key share one.
func (d *draft) findEnum(f *field, values []*value) *enum {
	const (
		mostWords = 8
		repeats   = 4
	)
	var words []string
	for _, v := range values {
		if slices.Contains(words, v.text) {
			continue
		}
		words = append(words, v.text)
		if len(words) > mostWords || !isWord(v.text) {
			return nil
		}
	}
	if len(values) < repeats*len(words) || isPersonKey(f.key) || len(words) < 2 {
		return nil
	}
	name := schema.GoName(f.key)
	i := slices.IndexFunc(d.enums, func(e *enum) bool { return e.name == name })
	if i < 0 {
		i = len(d.enums)
		d.enums = append(d.enums, &enum{name: name, index: i})
	}
	e := d.enums[i]
	for _, word := range words {
		if !slices.ContainsFunc(e.values, func(v *enumValue) bool { return v.name == word }) {
			e.values = append(e.values, &enumValue{enum: e, name: word, index: len(e.values)})
		}
	}
	return e
}

// isPersonKey reports whether a key holds people, who are no fixed set.
func isPersonKey(key string) bool {
	switch strings.ToLower(strings.Map(letterOrDrop, key)) {
	case "assignee", "owner", "author", "assignedto", "reviewer", "reporter", "createdby", "name", "title", "agent":
		return true
	}
	return false
}

func isWord(s string) bool {
	const most = 30
	return s != "" && len(s) <= most && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_") == ""
}
