package document_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
)

// valuesDescriptor describes items whose statuses open, busy and done are not their
// names.
func valuesDescriptor(values ...[]string) format.Descriptor {
	d := format.Descriptor{
		Name:  "values",
		Roots: []format.Root{{Kind: format.RootArray}},
		Statuses: []format.StatusDescriptor{
			{Name: "open", Category: format.Todo, Aliases: []string{"opened"}}, {Name: "busy", Category: format.Active}, {Name: "done", Category: format.Done},
		},
		Events: []string{"start", "finish", "reopen"},
		Machines: []format.Machine{{Name: "work", Initial: 1, States: status(1, 2, 3), Transitions: []format.Transition{
			{Event: 1, From: status(1), To: 2}, {Event: 2, From: status(2), To: 3}, {Event: 3, From: status(3), To: 1},
		}}},
		Levels: []format.LevelDescriptor{{Name: "Note", Plural: "Notes", StatusKey: "state", ID: format.IDDescriptor{Kind: format.TextID},
			Fields: []format.FieldDescriptor{{Name: "Title", Key: "title", Kind: format.TextField}}}},
	}
	for i, v := range values {
		d.Levels[0].StatusValues = append(d.Levels[0].StatusValues, format.StatusValue{Status: document.Status(i + 1), JSON: v})
	}
	return d
}

func mustType(t testing.TB, d format.Descriptor) *document.Type {
	t.Helper()
	typ, err := document.NewType(d)
	if err != nil {
		t.Fatal(err)
	}
	return typ
}

// TestStatusesOfAnyKind reads statuses in other spellings than the schema's, and
// changes each by the machine.
func TestStatusesOfAnyKind(t *testing.T) {
	flags := mustType(t, valuesDescriptor([]string{"false", "0", `""`, "null"}, []string{`"busy"`, "[]"}, []string{"true", "1", `{"n":[1.5,"é"]}`}))
	for _, tt := range []struct {
		name, state string
		is          document.Status
		becomes     string
	}{
		{"a flag", "false", 1, `"busy"`},
		{"the other flag", "true", 3, "false"},
		{"a number", "0", 1, `"busy"`},
		{"zero below zero", "-0.00", 1, `"busy"`},
		{"zero with an exponent", "0e999999999999999999999", 1, `"busy"`},
		{"one with a fraction", "1.0", 3, "false"},
		{"one with an exponent", "1e0", 3, "false"},
		{"one with another exponent", "0.01E+2", 3, "false"},
		{"null", "null", 1, `"busy"`},
		{"an empty text", `""`, 1, `"busy"`},
		{"a text with escapes", `"\u0062usy"`, 2, "true"},
		{"an empty array", "[ \n ]", 2, "true"},
		{"an object", `{"n":[1.5,"é"]}`, 3, "false"},
		{"an object with space and escapes", "{ \"\\u006e\" : [15e-1,\n\"\\u00e9\"] }", 3, "false"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			text := `[{"id": "a", "state" : ` + tt.state + `, "title": "A"}, {"id": "b", "state": false}]`
			d := mustParse(t, flags, text)
			it, _ := d.Find(id("a"))
			if it.Status() != tt.is || string(d.AppendJSON(nil)) != text {
				t.Fatalf("read as %d, written as %s", it.Status(), d.AppendJSON(nil))
			}
			next, _, err := d.Apply(document.Fire(it.ID(), document.Event(tt.is)))
			if err != nil {
				t.Fatal(err)
			}
			want := strings.Replace(text, tt.state, tt.becomes, 1)
			if got := string(next.AppendJSON(nil)); got != want || int64(len(got)) != next.Size() {
				t.Errorf("got %s\nwant %s, %d bytes", got, want, next.Size())
			}
			back, _, err := next.Apply(document.Force(it.ID(), tt.is, "back"))
			if err != nil || string(back.AppendJSON(nil)) != text {
				t.Errorf("back again it is %s, %v", back.AppendJSON(nil), err)
			}
		})
	}
}

func TestStatusesOfAnyKindAreRefused(t *testing.T) {
	typ := mustType(t, valuesDescriptor([]string{"false", "0"}, []string{"1"}, []string{`{"a":[1]}`}))
	const want = " is not a status of a Note: want false or 0 for open, 1 for busy, {\"a\":[1]} for done"
	for state, message := range map[string]string{
		"true":                  "1:21: a: true" + want + " [status]",
		`"open"`:                `1:21: a: "open"` + want + " [status]",
		"null":                  "1:21: a: null" + want + " [status]",
		"2":                     "1:21: a: 2" + want + " [status]",
		"1e1":                   "1:21: a: 1e1" + want + " [status]",
		"1e-999999999999999999": "1:21: a: 1e-999999999999999999" + want + " [status]",
		`{"a":[1,2]}`:           `1:21: a: {"a":[1,2]}` + want + " [status]",
		`{"a":[1],"b":0}`:       `1:21: a: {"a":[1],"b":0}` + want + " [status]",
		`{"b":[1]}`:             `1:21: a: {"b":[1]}` + want + " [status]",
		"{}":                    "1:21: a: {}" + want + " [status]",
		"[1]":                   "1:21: a: [1]" + want + " [status]",
		"{\n \"a\": 1 }":        `1:21: a: { "a": 1 }` + want + " [status]",
		`{"a":[1],"a":[1]}`:     "1:30: a: the key \"a\" occurs twice [duplicate-key]",
		`"\ud83d"`:              `1:21: a: the status has \ud83d, half of a surrogate pair, which is no character [status]`,
	} {
		_, err := typ.Parse([]byte(`[{"id":"a","state": ` + state + `}]`))
		if err == nil || err.Error() != message {
			t.Errorf("%s:\ngot  %v\nwant %s", state, err, message)
		}
	}
}

// TestStatusesThatAreTextAreText keeps the message for formats without values.
func TestStatusesThatAreTextAreText(t *testing.T) {
	_, err := mustType(t, valuesDescriptor()).Parse([]byte(`[{"id":"a","state":true}]`))
	if err == nil || !strings.Contains(err.Error(), "state is true or false: want text [type]") {
		t.Errorf("got %v", err)
	}
}

// TestHugeStatuses reads statuses that are as large as documents, in the time of
// other values.
func TestHugeStatuses(t *testing.T) {
	typ := mustType(t, valuesDescriptor([]string{"0"}, []string{`{"a":[[[1]]]}`}, []string{"[[[[1]]]]"}))
	const size = 1 << 20
	for name, state := range map[string]string{
		"a text":              `"` + strings.Repeat("k", size) + `"`,
		"digits":              strings.Repeat("9", size),
		"zeros that are zero": "0." + strings.Repeat("0", size) + "1",
		"an object":           `{"a":[` + strings.Repeat("[],", size/3) + `0]}`,
		"members":             "{" + numbered(size/8, func(i int) string { return fmt.Sprintf(`,"k%d":0`, i) })[1:] + "}",
		"arrays in arrays":    strings.Repeat("[", 500) + strings.Repeat("0,", size/2) + "0" + strings.Repeat("]", 500),
		"many":                strings.TrimSuffix(strings.Repeat(`[[[[2]]]]},{"id":"x","state":`, size/32)+"1", ""),
	} {
		_, err := typ.Parse([]byte(`[{"id":"a","state":` + state + `}]`))
		var refusal *document.ParseError
		if !errors.As(err, &refusal) || refusal.Problems[0].Rule != "status" || len(refusal.Problems[0].Message) > 400 {
			t.Errorf("%s: got %.500v", name, err)
		}
	}
}

// TestNewItemsHaveValues adds items to formats whose statuses are not their names.
func TestNewItemsHaveValues(t *testing.T) {
	typ := mustType(t, valuesDescriptor([]string{"[0]", "0"}, []string{"1"}, []string{"2", `""`}))
	d := mustParse(t, typ, "[\n  {\n    \"id\": \"a\",\n    \"state\": 2\n  }\n]")
	next, _, err := d.Apply(typ.NewItem(0, id("b")).AddChange(document.ID{}), document.Set(id("a"), 1))
	const want = "[\n  {\n    \"id\": \"a\",\n    \"state\": [\n      0\n    ]\n  },\n  {\n    \"id\": \"b\",\n    \"state\": [\n      0\n    ]\n  }\n]"
	if err != nil || string(next.AppendJSON(nil)) != want {
		t.Errorf("got %s, %v", next.AppendJSON(nil), err)
	}
	for _, s := range []document.Status{4, 99} {
		_, _, err := d.Apply(typ.NewItem(0, id("b")).WithStatus(s).AddChange(document.ID{}))
		if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("status %d is none of a Note: want open, busy, done", s)) {
			t.Errorf("status %d: got %v", s, err)
		}
	}
}

func TestOtherValuesWarn(t *testing.T) {
	typ := mustType(t, valuesDescriptor([]string{"false", "0"}, []string{`"b"`, `"busy"`}, []string{"true"}))
	d := mustParse(t, typ, `[{"id":"a","state":0},{"id":"b","state":0.0},{"id":"c","state":"busy"},{"id":"d","state":true}]`)
	var got []string
	for _, p := range d.Validate() {
		got = append(got, p.String())
	}
	want := []string{
		`1:20: a: 0 is read as open [status-alias]`,
		`1:41: b: 0.0 is read as open [status-alias]`,
		`1:64: c: "busy" is read as busy [status-alias]`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
}

func TestValuesOfStatusesAreChecked(t *testing.T) {
	for want, values := range map[string][][]string{
		`level Note: its status "done" has no value`:                                                   {{"0"}, {"1"}},
		`level Note: its status "busy" has no value`:                                                   {{"0"}, {}, {"2"}},
		"level Note: two statuses are written 1.0":                                                     {{"0"}, {"1"}, {"1.0"}},
		`level Note: two statuses are written {"b":1,"a":2}`:                                           {{"0"}, {`{"a":2,"b":1}`}, {`{"b":1,"a":2}`}},
		`level Note: 4 statuses have values, and it has 3`:                                             {{"0"}, {"1"}, {"2"}, {"3"}},
		`level Note: a value of the status "busy" is not JSON: unexpected "tru": want a JSON value`:    {{"0"}, {"tru"}, {"2"}},
		`level Note: a value of the status "open" is not JSON: unexpected text after the value`:        {{"0 1"}, {"1"}, {"2"}},
		`level Note: a value of the status "open" is not JSON: the text ends early: want a JSON value`: {{""}, {"1"}, {"2"}},
	} {
		_, err := document.NewType(valuesDescriptor(values...))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %s\ngot  %v", want, err)
		}
	}
}
