package schema

import (
	"regexp"
	"strings"

	"github.com/backlog-gen/backlog-gen/document/format"
)

func (l *loader) loadID(level *object) ID {
	id := ID{Path: Path{"id"}, Pos: l.pos(level.at)}
	n := level.get("id")
	if n == nil {
		return id
	}
	o := l.object(n, level.spanOf("id"), &idConstruct)
	id.Pos = l.pos(level.spanOf("id"))
	if n := o.get("key"); n != nil {
		id.Path = l.path(n)
	}
	id.WarnDuplicate = o.choice("duplicate", "refuse", "warn") == "warn"
	if n := o.get("kind"); n != nil && n.kind == textNode && n.text == "key" {
		l.refuse(n.span, ruleNotYet, "%s", notYet[keyIDs])
		return id
	}
	switch o.choice("kind", "path", "text", "local", "position") {
	case "path":
		id.Kind, id.String = format.PathID, true
		o.refuseKey("pattern", "the prefix says what a path id looks like")
		o.refuseKey("accepts", "a path id is a string")
		o.refuseKey("next", "the prefix says what a path id looks like")
		id.Prefix = l.prefix(o)
	case "text":
		id.Kind = format.TextID
		l.loadTextID(&id, o)
	case "local":
		id.Kind = format.LocalID
		l.loadTextID(&id, o)
	case "position":
		id.Kind, id.Path = format.PositionID, nil
		for _, key := range []string{"key", "prefix", "pattern", "accepts", "next", "duplicate"} {
			o.refuseKey(key, "the place of an item among its siblings is all that there is")
		}
	}
	return id
}

// loadTextID reads what goes with ids that may be any text.
func (l *loader) loadTextID(id *ID, o *object) {
	o.refuseKey("prefix", "only path ids have a prefix")
	if n := o.get("pattern"); n != nil {
		id.Pattern = l.pattern(n, true)
	}
	l.accepts(id, o)
	if n := o.get("next"); n != nil {
		l.next(id, o, n)
	}
}

func (l *loader) prefix(o *object) string {
	if o.get("prefix") == nil {
		l.refuse(o.at, ruleMissingKey, "a path id needs the key \"prefix\"")
		return ""
	}
	prefix := o.text("prefix")
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-"
	if n := o.get("prefix"); n.kind == textNode && (prefix == "" || len(prefix) > 16 || strings.Trim(prefix, letters) != "") {
		l.refuse(n.span, ruleInvalidValue, "the prefix of a path id is 1 to 16 of the letters A–Z and a–z, - and _")
	}
	return prefix
}

// accepts reads the JSON kinds of an id: strings only unless it says more.
func (l *loader) accepts(id *ID, o *object) {
	if o.get("accepts") == nil {
		id.String = true
		return
	}
	for _, n := range o.texts("accepts", 3) {
		switch n.text {
		case "string":
			id.String = true
		case "int":
			id.Int = true
		case "float":
			id.Float = true
		default:
			l.refuse(n.span, ruleInvalidValue, "an id is not %q%s", shorten(n.text), hint(n.text, []string{"string", "int", "float"}))
		}
	}
}

// next reads how a new id is made of the next number: T-{n}.
func (l *loader) next(id *ID, o *object, n *node) {
	text := l.text(n, "next")
	if text == "" && n.kind != textNode {
		return
	}
	before, after, ok := strings.Cut(text, "{n}")
	if !ok || strings.Contains(after, "{n}") {
		l.refuse(n.span, ruleInvalidValue, "next is a text in which {n} stands once, in the place of the number, such as T-{n}")
		return
	}
	if problem := nameProblem(before + "1" + after); problem != "" {
		l.refuse(n.span, ruleInvalidValue, "the id %q that next makes %s", shorten(before+"1"+after), problem)
		return
	}
	if !id.String {
		o.refuseKey("next", "ids that are numbers count on by themselves")
		return
	}
	if id.Pattern != "" && !numberedMatch(id.Pattern, before, after) {
		l.refuse(n.span, ruleInvalidValue, "no id that next makes, such as %q, matches the pattern", before+"1"+after)
		return
	}
	id.Next, id.NextPrefix, id.NextSuffix = true, before, after
}

// numberedMatch reports whether a pattern matches the whole of a text with a
// number of some length in it, with or without zeros that lead it.
func numberedMatch(pattern, before, after string) bool {
	whole, err := regexp.Compile("^(?:" + pattern + ")$")
	if err != nil {
		return true // reported with the pattern
	}
	const mostDigits = 9 // of numbers in ids
	for digits := range mostDigits {
		zeros := strings.Repeat("0", digits)
		if whole.MatchString(before+zeros+"1"+after) || whole.MatchString(before+"1"+zeros+after) {
			return true
		}
	}
	return false
}
