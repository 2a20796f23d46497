package document_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
)

func mustParse(t testing.TB, typ *document.Type, text string) *document.Document {
	t.Helper()
	d, err := typ.Parse([]byte(text))
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return d
}

// problems returns each problem for which a text is refused, as
// "line:column pointer item message [rule]".
func problems(t testing.TB, typ *document.Type, text string) []string {
	t.Helper()
	_, err := typ.Parse([]byte(text))
	if err == nil {
		return nil
	}
	var refusal *document.ParseError
	if !errors.As(err, &refusal) {
		t.Fatalf("got a %T, want a *ParseError: %v", err, err)
	}
	return written(refusal.Problems)
}

func written(problems []document.Problem) []string {
	var out []string
	for _, p := range problems {
		out = append(out, fmt.Sprintf("%d:%d %s %s %s [%s]", p.Line, p.Column, orDash(p.Pointer), orDash(p.Item), p.Message, p.Rule))
	}
	return out
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// onePhase is a plan of one phase with the given members behind its id.
func onePhase(members string) string {
	return `{"backlog":[{"id":"P1","type":"Phase","title":"T","status":"Planned","description":"D"` + members + `}]}`
}

func TestParseKeepsEverything(t *testing.T) {
	plan, tracker := planType(t), trackerType(t)
	tests := []struct {
		name  string
		typ   *document.Type
		text  string
		items int // on the top level
	}{
		{"compact", plan, onePhase(""), 1},
		{"no items", plan, `{"backlog":[]}`, 0},
		{"no items, spaces everywhere", plan, " \t\r\n{ \"backlog\" : [ \n ] } \r\n\t", 0},
		{"byte-order mark", plan, "\xef\xbb\xbf" + onePhase(""), 1},
		{"final newline", plan, onePhase("") + "\n", 1},
		{"carriage returns", plan, strings.ReplaceAll(string(samplePlan(1, 1, 1, 2)), "\n", "\r\n"), 1},
		{"tabs", plan, strings.ReplaceAll(string(samplePlan(1, 1, 1, 2)), "  ", "\t"), 1},
		{"members nobody knows", plan, onePhase(`,"x":{"a":[1,{"b":null}],"":[]},"y":1e400,"":"","é\u0000":-0.0`), 1},
		{"members nobody knows around the items", plan, `{"a":[{}],"backlog":[],"z":"\ud83d\ude00"}`, 0},
		{"escapes in keys, ids and statuses", plan,
			`{"b\u0061cklog":[{"i\u0064":"\u00501","type":"Ph\u0061se","tit\u006ce":"\"\\\/\b\f\n\r\t","status":"Pl\u0061nned","description":"\ud83d\ude00"}]}`, 1},
		{"odd spacing", plan,
			"{\"backlog\"\n:\n[{ \"id\"\t:\r\n\"P1\" ,\"type\":\"Phase\"\n\n,\"title\":\"T\",\"status\" : \"Planned\",\"description\":\"D\",\"milestones\" : [ ] }\n]\n}", 1},
		{"status before id", plan, `{"backlog":[{"status":"Planned","description":"D","title":"T","type":"Phase","id":"P1"}]}`, 1},
		{"children before id", plan,
			`{"backlog":[{"milestones":[{"tasks":[{"id":"P2.M3.T4","type":"Task","title":"T","status":"Ready","description":"D"}],"id":"P2.M3","type":"Milestone","title":"T","status":"Ready","description":"D"}],"id":"P2","type":"Phase","title":"T","status":"Planned","description":"D"}]}`, 1},
		{"numbers out of order, and missing ones", plan,
			`{"backlog":[{"id":"P10","type":"Phase","title":"T","status":"Planned","description":"D"},{"id":"P2","type":"Phase","title":"T","status":"Planned","description":"D"},{"id":"P0","type":"Phase","title":"T","status":"Planned","description":"D"}]}`, 3},
		{"alias of a status", plan, strings.Replace(onePhase(""), "Planned", "Done", 1), 1},
		{"groups", tracker, `{"master":{"tasks":[{"id":1,"title":"a","status":"done"}],"metadata":{"tasks":3}},"":{"tasks":[]},"a/b":{"x":1,"tasks":[]}}`, 1},
		{"no groups", tracker, `{}`, 0},
		{"members beside groups", tracker, `{"version":3,"master":{"tasks":[]},"more":[{"tasks":[]}],"none":null}`, 0},
		{"a group called tasks", tracker, `{"tasks":{"tasks":[{"id":1,"title":"a","status":"done"}]}}`, 1},
		{"one object", tracker, `{"metadata":{},"tasks":[{"id":1,"title":"a","status":"done"}]}`, 1},
		{"bare array", tracker, `[{"id":1,"title":"a","status":"done","subtasks":null}]`, 1},
		{"ids of all kinds", tracker,
			`[{"id":5,"title":"a","status":"done","subtasks":[{"id":1,"title":"a","status":"done"},{"id":"2","title":"a","status":"done"},{"id":3.1,"title":"a","status":"done"},{"id":3.10,"title":"a","status":"done"},{"id":"5.4","title":"a","status":"done"},{"id":"x.y","title":"a","status":"done"},{"id":1e2,"title":"a","status":"done"}]},{"id":"5.x","title":"a","status":"done"}]`, 2},
		{"one id in two groups", tracker,
			`{"a":{"tasks":[{"id":1,"title":"a","status":"done"}]},"b":{"tasks":[{"id":1,"title":"a","status":"done"}]}}`, 2},
		{"null where it may be", tracker,
			`[{"id":1,"title":"a","status":"done","description":null,"details":null,"dependencies":null,"subtasks":null}]`, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := mustParse(t, tt.typ, tt.text)
			if diff := cmp.Diff(tt.text, string(d.AppendJSON(nil))); diff != "" {
				t.Errorf("AppendJSON differs (-read +written):\n%s", diff)
			}
			if d.Len(0) != tt.items {
				t.Errorf("%d items on the top level, want %d", d.Len(0), tt.items)
			}
			for it := range d.All() {
				if again, ok := d.Find(it.ID()); !ok || !again.Equal(it) {
					t.Errorf("%s is not found by its id", it)
				}
			}
		})
	}
}

func TestParseReadsIDsAndStatuses(t *testing.T) {
	tests := []struct {
		name string
		typ  *document.Type
		text string
		want []string
	}{
		{"escaped", planType(t),
			`{"b\u0061cklog":[{"i\u0064":"\u00501","type":"Ph\u0061se","tit\u006ce":"x\u0079","st\u0061tus":"\u0052eady","description":"D"}]}`,
			[]string{`Phase P1 "xy" (Ready)`}},
		{"alias", planType(t), strings.Replace(onePhase(""), "Planned", "Done", 1), []string{`Phase P1 "T" (Complete)`}},
		{"local ids", trackerType(t),
			`{"g":{"tasks":[{"id":6,"title":"a","status":"pending","subtasks":[{"id":1,"title":"b","status":"completed"},{"id":"6.2","title":"c","status":"review"},{"id":3.1,"title":"d","status":"done"},{"id":"6.10.1","title":"e","status":"done"}]}]}}`,
			[]string{`Task g/6 "a" (pending)`, `Subtask g/6.1 "b" (done)`, `Subtask g/6.2 "c" (review)`, `Subtask g/6.3.1 "d" (done)`, `Subtask g/6.10.1 "e" (done)`}},
		{"late ids", planType(t),
			`{"backlog":[{"milestones":[{"id":"P3.M2","type":"Milestone","title":"m","status":"Ready","description":"D"}],"id":"P3","type":"Phase","title":"p","status":"Planned","description":"D"}]}`,
			[]string{`Phase P3 "p" (Planned)`, `Milestone P3.M2 "m" (Ready)`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for it := range mustParse(t, tt.typ, tt.text).All() {
				got = append(got, it.String())
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("items (-want +got):\n%s", diff)
			}
		})
	}
}
