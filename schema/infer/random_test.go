package infer_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestRandomDocuments draws documents of the keys and values that real ones have,
// in every combination, and holds what is guessed of them against what is promised.
func TestRandomDocuments(t *testing.T) {
	guessed, refused := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		if keepsPromise(t, []byte(drawDocument(t))) {
			guessed++
		} else {
			refused++
		}
	})
	t.Logf("%d guessed, %d refused", guessed, refused)
}

// profile is how the items of one document are.
type profile struct {
	id     string
	values map[string][]string
	rare   map[string]bool
}

func drawProfile(t *rapid.T) profile {
	p := profile{rapid.SampledFrom([]string{`%d`, `"%d"`, `"T%d"`, `%d.5`, `"a%d b"`, `7`, ``}).Draw(t, "id"), map[string][]string{}, map[string]bool{}}
	for _, key := range keys {
		style := rapid.SampledFrom(styles[key]).Draw(t, "style")
		if style == "" {
			continue
		}
		p.values[key] = strings.Split(style, " | ")
		p.rare[key] = rapid.IntRange(0, 3).Draw(t, "rare") == 0
	}
	return p
}

func drawDocument(t *rapid.T) string {
	p := drawProfile(t)
	switch rapid.IntRange(0, 6).Draw(t, "shape") {
	case 0:
		return p.items(t, 2)
	case 1:
		var lines []string
		for i := range rapid.IntRange(2, 5).Draw(t, "lines") {
			lines = append(lines, p.item(t, 1, i))
		}
		return strings.Join(lines, "\n")
	case 2:
		return fmt.Sprintf(`{"data": {"board": {%s: %s}}}`, drawListKey(t), p.items(t, 2))
	case 3:
		return fmt.Sprintf(`{"one": {"tasks": %s}, "two": {"tasks": %s}}`, p.items(t, 1), p.items(t, 1))
	case 4:
		return fmt.Sprintf(`{"tasks": {"a": %s, "b": %s}}`, p.item(t, 1, 0), p.item(t, 1, 1))
	case 5:
		return fmt.Sprintf(`{"name": "x", "status": "active", "members": [{"id": 1, "status": "active"}], %s: %s}`, drawListKey(t), p.items(t, 2))
	}
	return fmt.Sprintf(`{%s: %s, "bugs": %s}`, drawListKey(t), p.items(t, 2), p.items(t, 1))
}

func drawListKey(t *rapid.T) string {
	return rapid.SampledFrom([]string{`"tasks"`, `"items"`, `"epics"`, `"a.b"`, `"2nd"`, `"work items"`, `"statuses"`, `""`, `"Levels"`, `"документы"`}).Draw(t, "list")
}

// keys of items, and styles the values that each has in real documents.
var keys = slices.Sorted(maps.Keys(styles))

var styles = map[string][]string{
	"key":          {``, `"A-1" | "A-2" | "A-3" | "B-1"`, `"x.1" | "x.2" | "1.x"`},
	"title":        {``, `"One" | "Two" | "Three" | "Four"`, `"" | "One." | " One"`},
	"status":       {``, `"open" | "done" | "In Progress"`, `"open" | "in_progress" | "in-progress" | "Done"`, `"type" | "event" | "Status"`, `"open" | null`, `true | false`, `0 | 1 | 2`, `{"name": "Done"} | {"name": "To Do"}`, `"✅" | "☐"`, `"open" | true`},
	"state":        {``, `"open" | "closed"`, `"MA" | "TX"`, `7 | 8`},
	"passes":       {``, `true | false`, `false`, `null | true`, `1 | 0`},
	"done":         {``, `true | false`, `"yes" | "no"`},
	"started":      {``, ``, `true | false`},
	"fields":       {``, `{"status": {"name": "To Do"}} | {"status": {"name": "Done"}, "summary": "x"}`, `{}`},
	"dependencies": {``, `[] | ["1"] | ["T2"]`, `[1, 2] | []`, `[{"taskId": "1"}] | []`, `[{"id": "T2", "type": "blocks"}, {"id": "T1", "type": "near"}] | []`, `null | "T2"`, `[3.5] | [[1]]`},
	"due":          {``, `"2026-01-02"`, `"2026-01-02T03:04:05Z"`, `"20260102T030405Z"`, `1700000000`, `1700000000000`, `"soon" | null`},
	"estimate":     {``, `"2h" | "1h30m"`, `3 | 4`, `0.5 | 1e400`, `"3 days"`},
	"kind":         {``, `"big" | "small"`},
	"type":         {``, `"epic" | "bug"`, `"bug"`, `7`},
	"with":         {``, `"x" | null | [1] | {}`},
	"String":       {``, `"x"`},
	"string":       {``, `"y"`},
	"comments":     {``, `[{"id": 1, "status": "open"}] | []`},
	"steps":        {``, `["a", "b"] | []`, `["a", 1]`},
}

func (p profile) items(t *rapid.T, depth int) string {
	items := make([]string, rapid.IntRange(0, 4).Draw(t, "items"))
	for i := range items {
		items[i] = p.item(t, depth, i)
	}
	return "[" + strings.Join(items, ",") + "]"
}

func (p profile) item(t *rapid.T, depth, index int) string {
	var members []string
	if p.id != "" {
		id := p.id
		if strings.Contains(id, "%") {
			id = fmt.Sprintf(id, index+1)
		}
		members = append(members, `"id": `+id)
	}
	for _, key := range keys {
		if values := p.values[key]; values != nil && (!p.rare[key] || rapid.Bool().Draw(t, key)) {
			members = append(members, fmt.Sprintf("%q: %s", key, rapid.SampledFrom(values).Draw(t, key)))
		}
	}
	if depth > 0 {
		if key := rapid.SampledFrom([]string{"subtasks", "subtasks", "tasks", "stories", ""}).Draw(t, "children"); key != "" {
			members = append(members, fmt.Sprintf("%q: %s", key, p.items(t, depth-1)))
		}
	}
	return "{" + strings.Join(members, ", ") + "}"
}
