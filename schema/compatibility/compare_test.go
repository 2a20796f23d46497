package compatibility_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/schema"
	"github.com/backlog-gen/backlog-gen/schema/compatibility"
)

const base = `package: {name: plan, root: Plan}
document: {shapes: [{kind: object, lists: {epics: Epic}}, {kind: array}]}
statuses:
  open: {category: todo}
  active: {category: active}
  closed: {category: done, aliases: [done]}
events: {start: {}, close: {}, reopen: {}}
machines:
  life:
    initial: open
    transitions:
      - {event: start, from: [open], to: active}
      - {event: close, from: [open, active], to: closed}
      - {event: reopen, from: [closed], to: open}
enums:
  Color: {values: {red: {}, green: {}}}
objects:
  Note: {fields: {text: {type: string}}}
levels:
  Epic:
    id: {kind: text, accepts: [int, string]}
    children: {stories: {of: Story, nullable: true}}
    fields:
      title: {type: string, required: true, length: ..200}
      color: {type: Color}
      size: {type: int, min: 1}
      notes: {type: Note, list: true}
      due: {type: time, nullable: true}
    guards:
      - {events: [close], children: [done]}
    rollup: {when: [done], to: closed}
  Story:
    plural: Stories
    id: {kind: local}
    status: {optional: true}
    fields:
      after: {type: reference, list: true}
`

func parse(t *testing.T, file, text string) *schema.Model {
	t.Helper()
	m, err := schema.Parse(file, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestChangesAndWhomTheyConcern(t *testing.T) {
	for _, test := range []struct {
		name     string
		old, new string // pieces of the base
		want     string
	}{
		{"nothing", "", "", ""},
		{"package name", "{name: plan", "{name: plans", "go new:1: the package plan is called plans now"},
		{"root", "root: Plan", "root: Scheme", "go new:1: the type Plan of a document is called Scheme now"},
		{"shape gone", ", {kind: array}", "", "files old:2: documents that are arrays are refused now"},
		{"shape in place of another", "{kind: object, lists: {epics: Epic}}", "{kind: lines}", "files old:2: documents that are objects with items under \"epics\" are refused now"},
		{"shape added", "{kind: array}]", "{kind: array}, {kind: groups, lists: {epics: Epic}}]",
			"go new:2: documents may have groups now: what makes or adds top items takes the name of one"},
		{"root key", "{epics: Epic}", "{plans: Epic}", `files new:2: the items of Epic are expected under "plans" instead of "epics"`},
		{"status gone from Go", "category: active}", "category: active, name: Busy}",
			"go old:5: the constant StatusActive is gone"},
		{"category", "active: {category: active}", "active: {category: failed}",
			`workflow new:5: the category of the status "active" is failed instead of active`},
		{"alias gone", ", aliases: [done]", "", `files old:6: the status "done" is refused now`},
		{"alias added", "aliases: [done]", "aliases: [done, shut]", ""},
		{"events in another order", "{start: {}, close: {}", "{close: {}, start: {}",
			"workflow new:7: the events are in another order: another of two equally short ways may be taken"},
		{"event added", "reopen: {}}", "reopen: {}, extra: {}}", ""},
		{"initial", "initial: open", "initial: active",
			`workflow new:9: new items of the machine life begin as "active" instead of "open"`},
		{"transition gone", "from: [open, active], to: closed", "from: [active], to: closed",
			`workflow new:9: close of life does not lead from "open" any more`},
		{"transition added", "from: [closed], to: open", "from: [closed, active], to: open",
			`workflow new:14: reopen of life leads from "active" to "open" now`},
		{"transition elsewhere", "from: [closed], to: open", "from: [closed], to: active",
			`workflow new:14: reopen of life leads from "closed" to "active" instead of "open"`},
		{"machine name", "  life:", "  work:", "go old:9: the function LifeMachine is gone"},
		{"enum value gone", ", green: {}", ", blue: {}",
			"go old:16: the constant ColorGreen is gone\nfiles new:25: the field \"color\" of Epic may not be green any more"},
		{"enum value gone, warned of", "Color: {values: {red: {}, green: {}}}", "Color: {unknown: warn, values: {red: {}}}",
			"go old:16: the constant ColorGreen is gone\nfiles new:25: the field \"color\" of Epic finds no value in green any more"},
		{"object field", "text: {type: string}", "text: {type: string, required: true}",
			"go new:18: Text of Note is always there: WithoutText is gone\nfiles new:18: Note without the field \"text\" is refused now"},
		{"level name", "Story", "Tale", "go new:32: the level Story is called Tale now"},
		{"plural", "plural: Stories", "plural: Storys", "go new:32: the plural of Story is Storys instead of Stories"},
		{"id kind", "id: {kind: local}", "id: {kind: text}",
			"go new:34: the ids of Story are of the kind text instead of local: NewStoryID is another, or gone\n" +
				"files new:34: the ids of Story have to be unique in the whole document"},
		{"id key", "id: {kind: local}", "id: {kind: local, key: nr}",
			`files new:34: the id of Story is expected under "nr" instead of "id"`},
		{"id pattern", "id: {kind: local}", `id: {kind: local, pattern: "[a-z]+"}`,
			`files new:34: the ids of Story have to match "[a-z]+"`},
		{"id accepts less", "accepts: [int, string]", "accepts: [string]",
			"go new:21: the ids of Epic have no numbers any more: NextEpicID is gone\n" +
				"files new:21: the ids of Epic may not be whole numbers any more"},
		{"status key", "{optional: true}", "{optional: true, key: state}",
			`files new:35: the status of Story is expected under "state" instead of "status"`},
		{"status needed", "    status: {optional: true}\n", "", "files new:32: items of Story without a status are refused now"},
		{"children key", "{stories: {of: Story, nullable: true}}", "{steps: {of: Story, nullable: true}}",
			`files new:22: the children of Epic are expected under "steps" instead of "stories"`},
		{"children needed", "{stories: {of: Story, nullable: true}}", "{stories: {of: Story, required: true}}",
			"files new:22: items of Epic without the key \"stories\" are refused now\n" +
				"files new:22: the children of Epic may not be null any more"},
		{"field gone", "      size: {type: int, min: 1}\n", "", `go old:26: the field "size" of Epic is gone: Size`},
		{"optional field added", "      size:", "      extra: {type: string}\n      size:",
			`maybe-files new:26: Epic may already hold the key "extra", with any value: it has to be string now`},
		{"optional list added", "      size:", "      extra: {type: Note, list: true}\n      size:",
			`maybe-files new:26: Epic may already hold the key "extra", with any value: it has to be a list of Note now`},
		{"raw field added", "      size:", "      extra: {type: raw}\n      size:", ""},
		{"required field added", "      size:", "      extra: {type: string, required: true}\n      size:",
			`files new:26: Epic without the new field "extra" is refused`},
		{"field renamed in Go", "size: {type: int", "size: {name: Extent, type: int",
			`go new:26: the field "size" of Epic is called Extent instead of Size`},
		{"type narrower", "title: {type: string, required: true, length: ..200}", "title: {type: time, required: true}",
			"go new:24: Title of Epic is time.Time instead of string\n" +
				`files new:24: the field "title" of Epic has to be time now, and was string`},
		{"type wider", "size: {type: int, min: 1}", "size: {type: float}", "go new:26: Size of Epic is float64 instead of int64"},
		{"list", "notes: {type: Note, list: true}", "notes: {type: Note}",
			"go new:27: Notes of Epic is Note instead of a sequence of Note\n" +
				`files new:27: the field "notes" of Epic may not be a list any more`},
		{"not nullable", "{type: time, nullable: true}", "{type: time}", `files new:28: the field "due" of Epic may not be null any more`},
		{"not required", "{type: string, required: true, length", "{type: string, length",
			"go new:24: Title of Epic may be missing: it returns two values"},
		{"reference", "after: {type: reference, list: true}", "after: {type: reference, list: true, to: [Story]}",
			"go new:37: After of Story is a sequence of StoryID instead of a sequence of ItemID\n" +
				`files new:37: the field "after" of Story may not refer to Epics any more`},
		{"rule tighter", "length: ..200", "length: 1..100",
			"files new:24: the field \"title\" of Epic has to keep a rule that it did not have to: at least 1 character\n" +
				"files new:24: the field \"title\" of Epic has to keep a rule that it did not have to: at most 100 characters"},
		{"rule looser", "length: ..200", "length: ..300", ""},
		{"rule that warns", "length: ..200", "length: ..200, warn: {length: 5..}", ""},
		{"bound that follows", "size: {type: int, min: 1}", "size: {type: int, over: 0}", ""},
		{"bound that does not", "size: {type: int, min: 1}", "size: {type: int, over: 1}",
			`files new:26: the field "size" of Epic has to keep a rule that it did not have to: over 1`},
		{"default", "size: {type: int, min: 1}", "size: {type: int, min: 1, default: 3}",
			`workflow new:26: the field "size" of new items of Epic begins as 3 instead of nothing`},
		{"constant", "color: {type: Color}", "color: {constant: red}\n      hue: {type: Color}",
			"go new:25: the field \"color\" of Epic is gone: it is a constant now\n" +
				`files new:25: the field "color" of Epic has to be the constant red now, and was Color` + "\n" +
				`maybe-files new:26: Epic may already hold the key "hue", with any value: it has to be Color now`},
		{"guard gone", "    guards:\n      - {events: [close], children: [done]}\n", "",
			"workflow new:20: close of Epic does not need all children to be done any more"},
		{"guard other", "children: [done]}", "children: [done, todo]}",
			"workflow new:20: close of Epic does not need all children to be done any more\n" +
				"workflow new:30: close of Epic needs all children to be todo or done now"},
		{"custom guard", "children: [done]}", "children: [done]}\n      - {events: [close], custom: Reviewed}",
			"go new:31: programs have to supply the guard Reviewed\nworkflow new:31: close of Epic needs the guard Reviewed now"},
		{"rollup gone", "    rollup: {when: [done], to: closed}\n", "",
			"workflow old:31: Epics do not advance with their children any more"},
		{"rollup other", "{when: [done], to: closed}", "{when: [done], to: active}",
			`workflow new:31: Epics advance to "active" when all children are done, instead of to "closed" when they are done`},
		{"description", "    plural: Stories", "    doc: A story.\n    plural: Stories", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			if !strings.Contains(base, test.old) {
				t.Fatalf("the base does not hold %q", test.old)
			}
			newer := parse(t, "new", replaced(base, test.old, test.new))
			if diff := cmp.Diff(test.want, listed(compatibility.Compare(parse(t, "old", base), newer))); diff != "" {
				t.Errorf("changes (-want +got):\n%s", diff)
			}
			judgesGo(t, parse(t, "old", base), newer)
			judgesFiles(t, parse(t, "old", base), newer)
			judgesGo(t, newer, parse(t, "old", base))
			judgesFiles(t, newer, parse(t, "old", base))
		})
	}
}

// replaced replaces a piece of a schema, and a name wherever it is.
func replaced(text, old, with string) string {
	if old != "" && !strings.ContainsAny(old, " :{[") {
		return strings.ReplaceAll(text, old, with)
	}
	return strings.Replace(text, old, with, 1)
}

// listed prints changes, one a line.
func listed(changes []compatibility.Change) string {
	var lines []string
	for _, c := range changes {
		lines = append(lines, fmt.Sprintf("%s %s:%d: %s", c.Class.Name(), c.Pos.File, c.Pos.Line, c.Message))
	}
	return strings.Join(lines, "\n")
}

func TestLevels(t *testing.T) {
	two := "levels: {Epic: {id: {kind: path, prefix: E}, children: {stories: Story}}, Story: {id: {kind: path, prefix: S}}}\n"
	three := "levels: {Epic: {id: {kind: path, prefix: E}, children: {stories: Part}}, " +
		"Part: {id: {kind: path, prefix: P}, children: {parts: Story}}, Story: {id: {kind: path, prefix: S}}}\n"
	deeper := "levels: {Epic: {id: {kind: path, prefix: E}, children: {stories: Story}}, " +
		"Story: {id: {kind: path, prefix: S}, children: {steps: Step}}, Step: {id: {kind: path, prefix: T}}}\n"
	refers := strings.Replace(two, "prefix: S}}", "prefix: S}, plural: Stories, fields: {after: {type: reference, to: [Story]}}}", 1)
	head := base[:strings.Index(base, "enums:")]
	for _, test := range []struct{ name, old, new, want string }{
		{"in between", two, three, "go new:15: the level Story has another place\n" +
			"files new:15: the level Part is new, and not the last\nfiles new:15: the level Story has another place"},
		{"at the end", two, deeper,
			"go new:15: the last level is Step instead of Story: so are the items that NextExecutable returns\n" +
				`maybe-files new:15: Story may already hold the key "steps", with any value: it has to be a list of Step items now`},
		{"another name", refers, strings.ReplaceAll(refers, "Story", "Tale"),
			"go new:15: the level Story is called Tale now"},
		{"gone at the end", deeper, two, "go old:15: the level Step is gone\nfiles old:15: the level Step is gone"},
		{"gone in between", three, two, "go old:15: the level Part is gone\ngo new:15: the level Story has another place\n" +
			"files old:15: the level Part is gone\nfiles new:15: the level Story has another place"},
		{"prefix", two, strings.Replace(two, "prefix: S", "prefix: T", 1),
			`files new:15: the ids of Story have the prefix "T" instead of "S"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			older, newer := parse(t, "old", head+test.old), parse(t, "new", head+test.new)
			judgesGo(t, older, newer)
			judgesFiles(t, older, newer)
			judgesGo(t, newer, older)
			judgesFiles(t, newer, older)
			got := listed(compatibility.Compare(older, newer))
			if diff := cmp.Diff(strings.Split(test.want, "\n"), strings.Split(got, "\n"),
				cmp.Transformer("set", func(lines []string) map[string]bool {
					set := map[string]bool{}
					for _, l := range lines {
						set[l] = true
					}
					return set
				})); diff != "" {
				t.Errorf("changes (-want +got):\n%s", diff)
			}
		})
	}
}

func TestASchemaIsCompatibleWithItself(t *testing.T) {
	for _, file := range []string{"../formats/prp/schema.yaml", "../formats/taskmaster/schema.yaml"} {
		m, err := schema.Load(file)
		if err != nil {
			t.Fatal(err)
		}
		again, err := schema.Load(file)
		if err != nil {
			t.Fatal(err)
		}
		if changes := compatibility.Compare(m, again); len(changes) > 0 {
			t.Error(file, changes)
		}
	}
}

// TestAliases takes texts away that mean a value or a status, or gives them to
// another: where nothing is refused, files are read as something else.
func TestAliases(t *testing.T) {
	loose := strings.Replace(base, "Color: {values: {red: {}, green: {}}}", "Color: {unknown: warn, values: {red: {aliases: [crimson]}, green: {}}}", 1)
	strict := strings.Replace(loose, "unknown: warn, ", "", 1)
	for _, test := range []struct{ name, from, old, new, want string }{
		{"gone, warned of", loose, "{aliases: [crimson]}", "{}", `files new:25: the field "color" of Epic finds no value in crimson any more`},
		{"gone", strict, "{aliases: [crimson]}", "{}", `files new:25: the field "color" of Epic may not be crimson any more`},
		{"to another, warned of", loose, "{aliases: [crimson]}, green: {}", "{}, green: {aliases: [crimson]}", `files new:25: the field "color" of Epic reads crimson as green instead of red`},
		{"to another", strict, "{aliases: [crimson]}, green: {}", "{}, green: {aliases: [crimson]}", `files new:25: the field "color" of Epic reads crimson as green instead of red`},
		{"more", strict, "[crimson]", "[crimson, scarlet]", ""},
		{"now warned of", strict, "{values: {red", "{unknown: warn, values: {red", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			if !strings.Contains(test.from, test.old) {
				t.Fatalf("the schema does not hold %q", test.old)
			}
			got := listed(compatibility.Compare(parse(t, "old", test.from), parse(t, "new", strings.Replace(test.from, test.old, test.new, 1))))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("changes (-want +got):\n%s", diff)
			}
		})
	}
	moved := strings.Replace(strings.Replace(base, ", aliases: [done]", "", 1), "open: {category: todo", "open: {category: todo, aliases: [done]", 1)
	got := listed(compatibility.Compare(parse(t, "old", base), parse(t, "new", moved)))
	if want := `files new:4: the status "done" is read as "open" instead of "closed"`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
