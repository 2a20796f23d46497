package compiled_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/compiled"
)

// descriptor has a level of path ids above one, and a field of each kind.
func descriptor() format.Descriptor {
	return format.Descriptor{
		Name:  "plan",
		Roots: []format.Root{{Kind: format.RootObject, Key: "plan"}},
		Statuses: []format.StatusDescriptor{
			{Name: "open", Category: format.Todo, Aliases: []string{"todo"}},
			{Name: "busy", Category: format.Active},
			{Name: "done", Category: format.Done},
		},
		Events: []string{"start", "finish"},
		Machines: []format.Machine{{Name: "work", Initial: 1, States: []format.Status{1, 2, 3}, Transitions: []format.Transition{
			{Event: 1, From: []format.Status{1}, To: 2}, {Event: 2, From: []format.Status{2}, To: 3},
		}}},
		Enums: []format.EnumDescriptor{
			{Name: "Size", Values: []format.EnumValue{{Name: "small", Aliases: []string{"s"}}, {Name: "large"}}},
			{Name: "Mood", Warn: true, Values: []format.EnumValue{{Name: "good"}}},
		},
		Objects: []format.ObjectDescriptor{{Name: "Link", Fields: []format.FieldDescriptor{
			{Name: "Title", Key: "title", Kind: format.TextField, Required: true},
		}}},
		Levels: []format.LevelDescriptor{
			{Name: "Story", Plural: "Stories", ID: format.IDDescriptor{Kind: format.PathID, Prefix: "S"}, Children: "tasks"},
			{
				Name: "Task", Plural: "Tasks", ID: format.IDDescriptor{Kind: format.PathID, Prefix: "T"},
				Fields: []format.FieldDescriptor{
					{Name: "Title", Key: "title", Kind: format.TextField, Rules: []format.Rule{
						{Kind: format.MinLength, Number: 1}, {Kind: format.MaxLength, Number: 5}, {Kind: format.Prefix, Text: "a", Warn: true},
					}},
					{Name: "Points", Key: "points", Kind: format.IntField, Rules: []format.Rule{{Kind: format.Minimum, Number: 1}}},
					{Name: "Share", Key: "share", Kind: format.FloatField, Nullable: true, Rules: []format.Rule{{Kind: format.MultipleOf, Number: 0.1}}},
					{Name: "Ready", Key: "ready", Kind: format.BoolField},
					{Name: "Due", Key: "due", Kind: format.TimeField},
					{Name: "Entry", Key: "entry", Kind: format.TimeField, Form: format.CompactTime},
					{Name: "Seen", Key: "seen", Kind: format.TimeField, Form: format.UnixSeconds},
					{Name: "SeenMs", Key: "seenMs", Kind: format.TimeField, Form: format.UnixMilliseconds},
					{Name: "Day", Key: "day", Kind: format.DateField},
					{Name: "Left", Key: "left", Kind: format.DurationField},
					{Name: "Size", Key: "size", Kind: format.EnumField, Enum: 0},
					{Name: "Mood", Key: "mood", Kind: format.EnumField, Enum: 1},
					{Name: "After", Key: "after", Kind: format.ReferenceField, List: true, Rules: []format.Rule{{Kind: format.UniqueItems}, {Kind: format.MaxItems, Number: 2}}},
					{Name: "Link", Key: "link", Kind: format.ObjectField, Object: 0},
					{Name: "Any", Key: "any", Kind: format.RawField},
					{Name: "Type", Key: "type", Kind: format.ConstantField, Constant: "task"},
				},
			},
		},
	}
}

func compile(t *testing.T, d format.Descriptor) *compiled.Format {
	t.Helper()
	f, problems := compiled.New(d)
	if len(problems) > 0 {
		t.Fatal(strings.Join(problems, "\n"))
	}
	return f
}

func TestNewReportsEveryProblem(t *testing.T) {
	d := descriptor()
	d.Roots = nil
	d.Levels[0].Children = ""
	d.Levels[1].Fields[1].Key = "title"
	d.Levels[1].Guards = []format.Guard{{Kind: format.DependenciesIn, References: format.References{Fields: []int{0}}}}
	d.Levels[1].Claim = &format.Claim{From: []format.Status{1}, To: 3}
	f, problems := compiled.New(d)
	if f != nil {
		t.Error("there is a format in spite of the problems")
	}
	want := []string{
		"no root shape",
		"level Story: every level but the last has a children key",
		`Task: two fields have the key "title"`,
		"level Task: a guard is about the fields [0], which lead to no reference",
		"level Task: the status of taken work is not active",
	}
	if diff := cmp.Diff(want, problems); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestRecordsAndLevels(t *testing.T) {
	f := compile(t, descriptor())
	task := &f.Levels[1]
	if task.ID.Key != "id" || !task.ID.String || task.StatusKey != "status" {
		t.Errorf("defaults are missing: %+v, %q", task.ID, task.StatusKey)
	}
	if slot, ok := task.Record.At([]byte(`"points":3`), compiled.IDSlot); !ok || slot != compiled.FirstField+1 {
		t.Errorf("points is in slot %d, %v", slot, ok)
	}
	if _, ok := task.Record.At([]byte(`"point":3`), compiled.IDSlot); ok {
		t.Error("an unknown key has a slot")
	}
	if task.Dependencies.Slot != compiled.FirstField+12 || task.Record.Children != -1 || f.Levels[0].Record.Children != compiled.FirstField {
		t.Errorf("dependencies %d, children %d and %d", task.Dependencies.Slot, task.Record.Children, f.Levels[0].Record.Children)
	}
	below, ok := f.ChildLevel(0)
	if _, leaf := f.ChildLevel(1); !ok || below != 1 || leaf || !f.Leaf(1) || f.Has(2) {
		t.Error("levels are not one below the other")
	}
	if got := fmt.Sprint(f.StatusName(3), f.StatusName(4), f.EventName(1), f.EventNamed("finish"), f.EventNamed("x"), f.Category(2), f.Category(9)); got != "donestart2 0 active " {
		t.Errorf("names: %q", got)
	}
}

func TestStatuses(t *testing.T) {
	f := compile(t, descriptor())
	for text, want := range map[string]string{`"open"`: "1 false true", `"todo"`: "1 true true", `"\u0064one"`: "3 false true", `"x"`: "0 false false"} {
		s := f.Levels[1].ReadStatus([]byte(text))
		if s == nil {
			s = &compiled.Spelling{}
		}
		if got := fmt.Sprint(s.Status, s.Alias, s.Status != 0); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
	l := &f.Levels[1]
	if names, value, none := f.StatusNames(l), l.StatusValue(2), l.StatusValue(9); names != "open, busy, done" || string(value) != `"busy"` || none != nil {
		t.Errorf("got %s, %s, %s", names, value, none)
	}
}

func TestJudgeValue(t *testing.T) {
	f := compile(t, descriptor())
	for _, tt := range []struct{ key, value, want string }{
		{"title", `"abc"`, ""},
		{"title", `"xyz"`, ""}, // warns, and that is not asked for
		{"title", `""`, "/title minLength: title is empty"},
		{"title", `"abcdef"`, "/title maxLength: title has 6 characters: want at most 5"},
		{"title", `"äöüßé"`, ""},
		{"title", `1`, "/title type: title is a number: want text"},
		{"title", `null`, "/title type: title is null: want text"},
		{"title", `"abc" x`, "/title syntax: unexpected text after the value"},
		{"points", `0`, "/points minimum: points is 0: want at least 1"},
		{"due", `"2026-01-02T03:04:05.123456789+05:30"`, ""},
		{"due", `"20260102T030405Z"`, `/due time: due is "20260102T030405Z": want a time as in RFC 3339, such as 2006-01-02T15:04:05Z`},
		{"due", `1796119200`, "/due type: due is a number: want text"},
		{"entry", `"20260102T030405Z"`, ""},
		{"entry", `"20260102T030405.5Z"`, `/entry time: entry is "20260102T030405.5Z": want a time such as 20060102T150405Z`},
		{"entry", `"20260102T030405+0100"`, `/entry time: entry is "20260102T030405+0100": want a time such as 20060102T150405Z`},
		{"entry", `"20260231T030405Z"`, `/entry time: entry is "20260231T030405Z": want a time such as 20060102T150405Z`},
		{"seen", `-62167219200`, ""},
		{"seen", `253402300799`, ""},
		{"seen", `253402300800`, "/seen time: seen is 253402300800: want whole seconds since 1970, in the years 0 to 9999"},
		{"seen", `1.5`, "/seen time: seen is 1.5: want whole seconds since 1970, in the years 0 to 9999"},
		{"seen", `1e9`, ""},
		{"seen", `1796119200.0`, ""},
		{"seen", `1e12`, "/seen time: seen is 1e12: want whole seconds since 1970, in the years 0 to 9999"},
		{"seen", `"1"`, "/seen type: seen is text: want a number"},
		{"seenMs", `253402300799999`, ""},
		{"seenMs", `-62167219200001`, "/seenMs time: seenMs is -62167219200001: want whole milliseconds since 1970, in the years 0 to 9999"},
		{"day", `"2024-02-29"`, ""},
		{"day", `"2026-02-29"`, `/day date: day is "2026-02-29": want a day, such as 2006-01-02`},
		{"day", `"2026-2-9"`, `/day date: day is "2026-2-9": want a day, such as 2006-01-02`},
		{"day", `"2026-01-02T03:04:05Z"`, `/day date: day is "2026-01-02T03:04:05Z": want a day, such as 2006-01-02`},
		{"left", `"1h30.5m"`, ""},
		{"left", `"2 days"`, `/left duration: left is "2 days": want a duration, such as 1h30m`},
		{"left", `"P1D"`, `/left duration: left is "P1D": want a duration, such as 1h30m`},
		{"left", `"99999999h"`, `/left duration: left is "99999999h": want a duration, such as 1h30m`},
		{"left", `90`, "/left type: left is a number: want text"},
		{"points", `1.5`, "/points integer: points is 1.5: want an integer of at most 64 bits"},
		{"share", `0.3`, ""},
		{"share", `null`, ""},
		{"share", `0.35`, "/share multipleOf: share is 0.35: want a multiple of 0.1"},
		{"ready", `"true"`, "/ready type: ready is text: want true or false"},
		{"due", `"2026-12-01"`, `/due time: due is "2026-12-01": want a time as in RFC 3339, such as 2006-01-02T15:04:05Z`},
		{"size", `"s"`, ""},
		{"size", `"medium"`, `/size enum: size is "medium": want small, large`},
		{"mood", `"bad"`, ""}, // warns
		{"after", `["S1.T1", "S1.T2"]`, ""},
		{"after", `["S1.T1", "S1.T\u0031"]`, `/after uniqueItems: after holds "S1.T\u0031" twice`},
		{"after", `[1, true, 3]`, "/after/1 type: after is true or false: want the id of an item; /after maxItems: after has 3 elements: want at most 2"},
		{"link", `{"titel": "x"}`, `/link required: the Link has no "title": was it meant by "titel"?`},
		{"link", `{"title": "x", "title": "y"}`, `/link/title duplicate-key: the key "title" occurs twice`},
		{"any", `[{"a": {}}]`, ""},
		{"type", `"story"`, `/type constant: type is "story": want "task"`},
	} {
		t.Run(tt.key+" "+tt.value, func(t *testing.T) {
			field := &f.Levels[1].Record.Fields[f.Levels[1].Record.Slots[tt.key]]
			var got []string
			for _, found := range f.JudgeValue(field, tt.value) {
				got = append(got, fmt.Sprintf("%s %s: %s", found.Pointer, found.Rule, found.Message))
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, "; ")); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestSameValue(t *testing.T) {
	f := compile(t, descriptor())
	field := func(key string) *compiled.Field {
		return &f.Levels[1].Record.Fields[f.Levels[1].Record.Slots[key]]
	}
	for _, tt := range []struct {
		key, a, b string
		want      bool
	}{
		{"title", `"a"`, `"\u0061"`, true},
		{"title", `"a"`, `"b"`, false},
		{"share", `1.0`, `1`, true},
		{"size", `"s"`, `"small"`, true},
		{"size", `"s"`, `"large"`, false},
		{"after", `["a", 1]`, `["a","1"]`, true},
		{"after", `["a"]`, `["a","a"]`, false},
		{"any", `{"a": 1, "b": 2}`, `{"b":2,"a":1}`, true},
	} {
		if got := f.SameValue(field(tt.key), []byte(tt.a), []byte(tt.b)); got != tt.want {
			t.Errorf("%s: %s and %s are the same: %v", tt.key, tt.a, tt.b, got)
		}
	}
}

func TestIDs(t *testing.T) {
	paths := compile(t, descriptor())
	d := descriptor()
	d.Levels[0].ID = format.IDDescriptor{Kind: format.TextID, Pattern: "[a-z]+", Int: true, String: true}
	d.Levels[1].ID = format.IDDescriptor{Kind: format.LocalID}
	local := compile(t, d)
	for _, tt := range []struct {
		format *compiled.Format
		level  format.Level
		text   string
		want   bool
	}{
		{paths, 0, "S1", true},
		{paths, 0, "S01", false},
		{paths, 0, "S1234567890", false},
		{paths, 0, "S1.T1", false},
		{paths, 1, "S1.T20", true},
		{paths, 1, "S1", false},
		{local, 0, "ab", true},
		{local, 0, "7", false},
		{local, 1, "ab.x", true},
		{local, 1, "ab", false},
		{local, 1, ".x", false},
	} {
		if got := tt.format.IsID(tt.level, tt.text); got != tt.want {
			t.Errorf("%q is an id of level %d: %v", tt.text, tt.level, got)
		}
	}
	if got := paths.WantID(1) + "; " + local.WantID(0) + "; " + local.WantID(1); got != "an id such as S1.T1; a text that matches [a-z]+; the parent's id, a dot and its own, such as 5.2" {
		t.Errorf("got %s", got)
	}
	if n, ok := paths.NumberOf(1, "S1.T20"); !ok || n != 20 {
		t.Errorf("got %d, %v", n, ok)
	}
	id := &local.Levels[0].ID
	for text, want := range map[string]bool{`"a"`: true, `7`: true, `7.5`: false, `true`: false} {
		if got := id.Accepts([]byte(text)); got != want {
			t.Errorf("%s may be an id: %v", text, got)
		}
	}
	if got := fmt.Sprintf("%s %s %s %s", id.Spell("a", ""), local.Levels[1].ID.Spell("a.b", "a"), id.SpellLike([]byte(`7`), "7", "8", ""), id.WantKinds()); got != `"a" "b" 8 text or an integer` {
		t.Errorf("got %s", got)
	}
	long := `"` + strings.Repeat("x", compiled.MaxIDLength+1) + `"`
	if !compiled.LongID([]byte(long)) || compiled.LongID([]byte(`"x"`)) || compiled.LongID([]byte(`"`+strings.Repeat(`\u0078`, compiled.MaxIDLength)+`"`)) {
		t.Error("an id is too long that is not, or the other way round")
	}
}
