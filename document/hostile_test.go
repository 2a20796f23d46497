package document_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
)

func TestParseSurvivesHostileTexts(t *testing.T) {
	plan, tracker, lines := planType(t), trackerType(t), linesType(t, format.Root{Kind: format.RootArray})
	task := func(i int) string { return fmt.Sprintf(`{"id":%d,"title":"a","status":"done"}`, i) }
	const many = 100_000
	tests := []struct {
		name string
		typ  *document.Type
		text string
		rule string // of the first problem, "" if the text is fine
	}{
		{"arrays nested deeply", plan, strings.Repeat("[", many), "root"},
		{"arrays nested deeply in an unknown member", plan, `{"x":` + strings.Repeat("[", many) + strings.Repeat("]", many) + `,"backlog":[]}`, "depth"},
		{"objects nested deeply", plan, `{"x":` + strings.Repeat(`{"a":`, many), "depth"},
		{"nested deeply in an id", plan, `{"backlog":[{"id":` + strings.Repeat(`[`, many), "depth"},
		{"nested deeply in a field", plan, `{"backlog":[{"title":` + strings.Repeat(`[`, many), "depth"},
		{"nested deeply in the children", plan, `{"backlog":[{"milestones":[{"tasks":[{"subtasks":[` + strings.Repeat(`[`, many), "depth"},
		{"nested deeply among groups", tracker, `{"a":` + strings.Repeat(`{"tasks":`, many), "depth"},
		{"nested as deeply as may be", plan, `{"x":` + strings.Repeat("[", 500) + strings.Repeat("]", 500) + `,"backlog":[]}`, ""},
		{"a number too large for a float", plan, subtaskWith(`"story_points":1e999`), "number"},
		{"a number of a million digits", plan, subtaskWith(`"story_points":` + strings.Repeat("9", 1<<20)), "number"},
		{"a number of a million digits nobody reads", plan, onePhase(`,"x":` + strings.Repeat("9", 1<<20) + `e` + strings.Repeat("9", 1<<20)), ""},
		{"a fraction too small for a float", plan, subtaskWith(`"story_points":1e-999`), "exclusiveMinimum"},
		{"a huge key", plan, onePhase(`,"` + strings.Repeat("k", 1<<22) + `":1`), ""},
		{"a huge id", tracker, `[{"id":"` + strings.Repeat("k", 1<<22) + `","title":"a","status":"done"}]`, "id"},
		{"many keys nobody knows", plan, onePhase(numbered(many, func(i int) string { return fmt.Sprintf(`,"k%d":%d`, i, i) })), ""},
		{"many keys that occur twice", plan, onePhase(numbered(many, func(i int) string { return fmt.Sprintf(`,"k%d":%d`, i/2, i) })), "duplicate-key"},
		{"many keys that occur twice deep down", plan, onePhase(`,"x":{"y":1` + numbered(many, func(i int) string { return fmt.Sprintf(`,"k%d":%d`, i/2, i) }) + `}`), "duplicate-key"},
		{"many items with one id", tracker, "[" + numbered(many, func(i int) string { return ",\n" + `{"id":1,"title":"a","status":"done"}` })[1:] + "]", "duplicate-id"},
		{"many items with one path id", plan, `{"backlog":[` + numbered(many, func(i int) string {
			return ",\n" + `{"id":"P1","type":"Phase","title":"a","status":"Ready","description":"D"}`
		})[1:] + "]}", "duplicate-id"},
		{"many items with path ids from the end", plan, `{"backlog":[` + numbered(many, func(i int) string {
			return fmt.Sprintf(`,{"id":"P%d","type":"Phase","title":"a","status":"Ready","description":"D"}`, many-i)
		})[1:] + "]}", ""},
		{"many wrong items", plan, `{"backlog":[` + numbered(many, func(i int) string { return ",{}" })[1:] + "]}", "required"},
		{"many lines", lines, numbered(many, func(i int) string { return task(i) + "\n" }), ""},
		{"many lines, one of them broken", lines, numbered(many, func(i int) string { return task(i)[:len(task(i))-i/(many-1)] + "\n" }), "syntax"},
		{"many lines, the first of them broken", linesType(t), numbered(many, func(i int) string { return task(i)[:20+min(i, 1)] + "\n" }), "syntax"},
		{"many blank lines", lines, strings.Repeat("\n", many), ""},
		{"many items on one line", lines, numbered(many, task), "syntax"},
		{"many items on one line, nothing else", linesType(t), numbered(many, task), "syntax"},
		{"lines that are empty arrays", lines, task(0) + strings.Repeat("\n[]", many), "type"},
		{"lines nested deeply", linesType(t), strings.Repeat(`{"a":`, many), "depth"},
		{"many groups", tracker, `{` + numbered(many, func(i int) string { return fmt.Sprintf(`,"g%d":{"tasks":[]}`, i) })[1:] + "}", ""},
		{"many groups without their key", tracker, `{` + numbered(many, func(i int) string { return fmt.Sprintf(`,"g%d":{"x":[]}`, i) })[1:] + "}", "root"},
		{"many groups without their key beside one with it", tracker, `{"a":{"tasks":[]}` + numbered(many, func(i int) string { return fmt.Sprintf(`,"g%d":{"taks":[]}`, i) }) + "}", ""},
		{"a member that is no group of many keys", tracker, `{"a":{"x":0` + numbered(many, func(i int) string { return fmt.Sprintf(`,"task%d":[]`, i) }) + "}}", "root"},
		{"many items that wait for each other", tracker, "[" + numbered(many, func(i int) string {
			return fmt.Sprintf(`,{"id":%d,"title":"a","status":"done","dependencies":[0,%d,%d]}`, i, (i+1)%many, max(i-1, 0))
		})[1:] + "]", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, err := tt.typ.Parse([]byte(tt.text))
			if tt.rule == "" {
				if err != nil {
					t.Fatal(err)
				}
				if string(d.AppendJSON(nil)) != tt.text {
					t.Error("AppendJSON differs")
				}
				d.Validate()
				return
			}
			var refusal *document.ParseError
			if !errors.As(err, &refusal) {
				t.Fatalf("got %v, want a *ParseError", err)
			}
			if got := refusal.Problems[0]; got.Rule != tt.rule {
				t.Errorf("first problem %v, want rule %s", got, tt.rule)
			}
			checkRefusal(t, err, []byte(tt.text))
		})
	}
}

func numbered(n int, text func(i int) string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(text(i))
	}
	return b.String()
}

// subtaskWith is a plan of one subtask with one member written as given.
func subtaskWith(member string) string {
	key := member[:strings.Index(member, ":")+1]
	m := []string{`"story_points":1`, `"dependencies":[]`, `"context_scope":"CONTRACT DEFINITION:"`}
	for i := range m {
		if strings.HasPrefix(m[i], key) {
			m[i] = member
		}
	}
	leaf := `{"id":"P1.M1.T1.S1","type":"Subtask","title":"T","status":"Planned",` + strings.Join(m, ",") + `}`
	for _, above := range []struct{ id, name, children string }{{"P1.M1.T1", "Task", "subtasks"}, {"P1.M1", "Milestone", "tasks"}} {
		leaf = fmt.Sprintf(`{"id":%q,"type":%q,"title":"T","status":"Planned","description":"D",%q:[%s]}`, above.id, above.name, above.children, leaf)
	}
	return onePhase(`,"milestones":[` + leaf + `]`)
}

// TestParseSurvivesDamage cuts texts at every byte, and replaces every byte by
// others.
func TestParseSurvivesDamage(t *testing.T) {
	texts := map[*document.Type]string{
		planType(t):    subtaskWith(`"dependencies":["P1.M1.T1.S1","é\u00e9"]`),
		trackerType(t): `{"é":{"tasks":[{"id":1.5e1,"id2":{"a":[1,-2.5e+7]},"title":"\ud83d\ude00","status":"done","subtasks":[{"id":"x","title":"a","status":"review","priority":"high"}]}]}}`,
	}
	for typ, text := range texts {
		if typ.Descriptor().Name == "plan" {
			mustParse(t, typ, text)
		}
		for i := range text {
			damaged := []string{text[:i], text[i:], text[:i] + text[i+1:]}
			for _, c := range "\x00\xff\"\\{}[]:,0-n \n" {
				damaged = append(damaged, text[:i]+string(c)+text[i+1:])
			}
			for _, s := range damaged {
				d, err := typ.Parse([]byte(s))
				if err != nil {
					checkRefusal(t, err, []byte(s))
				} else if string(d.AppendJSON(nil)) != s {
					t.Errorf("AppendJSON differs for %s", s)
				}
			}
		}
	}
}

func TestSixteenLevels(t *testing.T) {
	of := planDescriptor()
	of.Levels = nil
	for l := range format.MaxLevels {
		level := format.LevelDescriptor{Name: fmt.Sprint("L", l), Children: "below", ID: format.IDDescriptor{Kind: format.PathID, Prefix: "x"}}
		if l == format.MaxLevels-1 {
			level.Children = ""
		}
		of.Levels = append(of.Levels, level)
	}
	typ, err := document.NewType(of)
	if err != nil {
		t.Fatal(err)
	}
	text, id := "", strings.TrimSuffix(strings.Repeat("x1.", format.MaxLevels), ".")
	for l := range format.MaxLevels {
		at := id[:len(id)-3*l]
		if l > 0 {
			text = `,"below":[` + text + `]`
		}
		text = fmt.Sprintf(`{"id":%q,"status":"Planned"%s}`, at, text)
	}
	d := mustParse(t, typ, `{"backlog":[`+text+`]}`)
	it, ok := d.Find(document.NewID("", id))
	if !ok || it.Level() != format.MaxLevels-1 {
		t.Fatalf("found %v, %v", it, ok)
	}
	n := 0
	for up := true; up; n++ {
		it, up = it.Parent()
	}
	if n != format.MaxLevels {
		t.Errorf("%d items from the leaf to the top", n)
	}
	of.Levels = append(of.Levels, of.Levels[format.MaxLevels-1])
	if _, err := document.NewType(of); err == nil {
		t.Error("one level more is accepted")
	}
}
