package compatibility_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/schema"
	"github.com/backlog-gen/backlog-gen/schema/compatibility"
)

const ahead = `package: {name: plan, root: Plan}
document: {shapes: [{kind: object, lists: {data.notes: Note}}], fields: {project: {type: string}}}
statuses: {open: {category: todo}, busy: {category: active}, closed: {category: done}}
events: {start: {}, close: {}, reopen: {}}
machines:
  life:
    initial: open
    transitions:
      - {event: start, from: [open], to: busy}
      - {event: close, from: [open, busy], to: closed}
      - {event: reopen, from: [closed, busy], to: open}
objects: {Link: {fields: {to: {type: reference}, type: {type: string}}}}
levels:
  Note:
    id: {kind: text, key: uuid, next: "N-{n}", duplicate: warn}
    status: {key: fields.state, values: {open: [false, 0], busy: 1, closed: [true, 2]}, nullable: true, unknown: warn}
    claim: {from: [open], to: busy, field: links.to, where: {type: blocks}}
    guards: [{events: [close], dependencies: [done], field: links.to, where: {type: blocks}}]
    fields:
      links: {type: Link, list: true}
      due: {type: date}
      left: {type: duration}
      at: {type: time, form: unix}
    children: {steps: Step}
  Step:
    id: {kind: position}
    status: none
`

// TestChangesOfWhatTheEngineMayLack compares schemas that have what the engine may not
// have yet.
func TestChangesOfWhatTheEngineMayLack(t *testing.T) {
	parse := func(file, text string) *schema.Model {
		m, err := schema.ParseAhead(file, []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	for _, test := range []struct{ name, old, new, want string }{
		{"nothing", "", "", ""},
		{"path of a list", "data.notes", "data.items", `files new:2: the items of Note are expected under "data.items" instead of "data.notes"`},
		{"field of the document", "{project: {type: string}}", "{project: {type: int}}",
			"go new:2: Project of the document is int64 instead of string\n" +
				`files new:2: the field "project" of the document has to be int now, and was string`},
		{"key of the id", "key: uuid", "key: id", `files new:15: the id of Note is expected under "id" instead of "uuid"`},
		{"next id", "N-{n}", "M-{n}", "workflow new:15: new ids of Note are made in another way"},
		{"ids that repeat", ", duplicate: warn", "", "files new:15: ids of Note that repeat are refused now"},
		{"path of the status", "fields.state", "state", `files new:16: the status of Note is expected under "state" instead of "fields.state"`},
		{"same values", "[false, 0], busy: 1,", "[0.0, false], busy: 1e0,", ""},
		{"value gone", "[false, 0]", "[false]", "workflow new:16: the status 0 of Note is unknown now: such items are moved by force only"},
		{"value gone and refused", "[false, 0], busy: 1, closed: [true, 2]}, nullable: true, unknown: warn",
			"[false], busy: 1, closed: [true, 2]}, nullable: true",
			"files new:16: an unknown status of Note is refused now\nfiles new:16: the status 0 is refused on items of Note now"},
		{"value of another", "[false, 0], busy: 1", "[false], busy: [0, 1]", `files new:16: the status 0 of Note is read as "busy" instead of "open"`},
		{"names instead of values", "values: {open: [false, 0], busy: 1, closed: [true, 2]}, nullable: true, unknown: warn", "nullable: true",
			"files new:16: an unknown status of Note is refused now\nfiles new:16: the status false is refused on items of Note now\n" +
				"files new:16: the status 0 is refused on items of Note now\nfiles new:16: the status 1 is refused on items of Note now\n" +
				"files new:16: the status true is refused on items of Note now\nfiles new:16: the status 2 is refused on items of Note now"},
		{"null", ", nullable: true", "", "files new:16: the status of Note may not be null any more"},
		{"condition of a guard", "dependencies: [done], field: links.to, where: {type: blocks}", "dependencies: [done], field: links.to",
			`workflow new:14: close of Note does not need all links.to where type is "blocks" to be done any more` + "\n" +
				"workflow new:18: close of Note needs all links.to to be done now"},
		{"condition of a claim", "to: busy, field: links.to, where: {type: blocks}", "to: busy, field: links.to",
			`workflow new:17: Notes are claimed when links.to are done, instead of links.to where type is "blocks"`},
		{"date", "{type: date}", "{type: time}", "go new:21: Due of Note is time.Time instead of a date\n" +
			`files new:21: the field "due" of Note has to be time now, and was date`},
		{"date as text", "due: {type: date}", "due: {type: string}", "go new:21: Due of Note is string instead of a date"},
		{"duration", "{type: duration}", "{type: string}", "go new:22: Left of Note is string instead of time.Duration"},
		{"form", ", form: unix", ", form: unix_ms",
			`files new:23: the field "at" of Note has to be time of the form unix_ms now, and was time of the form unix`},
		{"form as number", "at: {type: time, form: unix}", "at: {type: int}", "go new:23: At of Note is int64 instead of time.Time"},
		{"ids", "{kind: position}", "{kind: local}", "go new:26: the ids of Step are of the kind local instead of position: NewStepID is another, or gone\n" +
			"files new:26: items of Step without an id are refused now"},
		{"status", "status: none", "status: {key: state}", "go new:27: items of Step have a status now\n" +
			"files new:27: items of Step without a status are refused now"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if !strings.Contains(ahead, test.old) {
				t.Fatalf("the schema does not hold %q", test.old)
			}
			newer := parse("new", strings.Replace(ahead, test.old, test.new, 1))
			if diff := cmp.Diff(test.want, listed(compatibility.Compare(parse("old", ahead), newer))); diff != "" {
				t.Errorf("changes (-want +got):\n%s", diff)
			}
		})
	}
	t.Run("status gone", func(t *testing.T) {
		with := strings.Replace(ahead, "status: none", "status: {}", 1)
		want := "go new:25: items of Step have no status any more\nworkflow new:25: items of Step have no status any more"
		if diff := cmp.Diff(want, listed(compatibility.Compare(parse("old", with), parse("new", ahead)))); diff != "" {
			t.Errorf("changes (-want +got):\n%s", diff)
		}
	})
}
