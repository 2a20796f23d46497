package schema

import "strings"

// instead says what to write in place of a key that the language once had in a
// construct, "" for other keys, and which key of the construct that is.
func (l *loader) instead(c *construct, e entry) (advice, key string) {
	switch {
	case c == &schemaConstruct && e.key.text == "format":
		return "how new documents are laid out is part of the document: write document: {shapes: …, indent: 2, final_newline: true}", "document"
	case c == &packageConstruct && e.key.text == "shapes":
		return "the shapes are part of the document: write document: {shapes: …} beside the package", ""
	case c == &shapeConstruct && e.key.text == "key":
		return "a shape names the level of each list: write " + l.listOf("lists", e.value.text, l.firstLevelName()), "lists"
	}
	return "", ""
}

// isOldChildren reports children in the form {key: steps, required: true}, in
// which the level was not named.
func (l *loader) isOldChildren(level *Level, n *node) bool {
	o := make(map[string]*node)
	for _, e := range n.entries {
		o[e.key.text] = e.value
	}
	key := o["key"]
	if key == nil || key.kind != textNode || l.levels.of[key.text] != nil {
		return false
	}
	var flags []string
	for _, flag := range []string{"required", "nullable"} {
		if v := o[flag]; v != nil && v.kind == boolNode && strings.EqualFold(v.text, "true") {
			flags = append(flags, flag+": true")
		}
	}
	what := "LEVEL"
	if next := level.Index + 1; next < len(l.model.Levels) && l.model.Levels[next].Name != "" {
		what = l.model.Levels[next].Name
	}
	if len(flags) > 0 {
		what = "{of: " + what + ", " + strings.Join(flags, ", ") + "}"
	}
	l.refuse(n.entries[0].key.span, ruleUnknownKey, "children are a mapping from the key of a list to the level of its items: write %s",
		l.listOf("children", key.text, what))
	return true
}

// listOf writes a mapping of one list.
func (l *loader) listOf(under, key, level string) string {
	if key == "" || strings.Trim(key, nameBytes) != "" {
		key = quoteJSON(shorten(key))
	}
	return under + ": {" + key + ": " + level + "}"
}

func (l *loader) firstLevelName() string {
	if first := l.firstLevel(); first != nil && first.Name != "" {
		return first.Name
	}
	return "LEVEL"
}
