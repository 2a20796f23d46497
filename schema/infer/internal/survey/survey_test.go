package survey_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/schema/infer/internal/survey"
)

// tableOf reads a list of objects.
func tableOf(t *testing.T, list string) *survey.Table {
	t.Helper()
	f, err := survey.Read([]byte(list))
	if err != nil {
		t.Fatal(err)
	}
	return f.Places()[0].Table
}

func TestPlaces(t *testing.T) {
	for name, test := range map[string]struct {
		data string
		want []string
	}{
		"a list":               {`[{"id": 1}, {"id": 2}]`, []string{"array the document 2"}},
		"a list under a key":   {`{"tasks": [{"id": 1}], "name": "x"}`, []string{"under tasks 1", "item the document 1"}},
		"a list below keys":    {`{"a": {"b": {"c": [{"id": 1}]}}, "d": 1}`, []string{"keyed a 1", "under a.b.c 1", "item the document 1"}},
		"groups":               {`{"a": {"tasks": [{}]}, "b": {"tasks": [{}, {}]}}`, []string{"groups *.tasks 3", "keyed the document 2", "item the document 1"}},
		"one group":            {`{"master": {"tasks": [{}]}}`, []string{"groups *.tasks 1", "keyed the document 1", "item the document 1"}},
		"one wrapper":          {`{"data": {"tasks": [{}]}}`, []string{"keyed the document 1", "under data.tasks 1", "item the document 1"}},
		"one of several":       {`{"plan1": {"tasks": [{}]}, "n": 1}`, []string{"under plan1.tasks 1", "item the document 1"}},
		"an object of items":   {`{"tasks": {"a": {}, "b": {}}, "n": 1}`, []string{"keyed tasks 2", "item the document 1"}},
		"lists named statuses": {`{"todo": [{}], "done": []}`, []string{"columns the document 1", "under todo 1", "item the document 1"}},
		"texts under a key of work, and under another": {`{"tasks": ["a"], "tags": ["b"]}`, []string{"under tasks 0", "item the document 1"}},
		"lines":   {"{\"id\": 1}\n\n{\"id\": 2}\n", []string{"lines the document 2"}},
		"nothing": {`7`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := survey.Read([]byte(test.data))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, p := range f.Places() {
				shape := [...]string{"", "array", "under", "groups", "keyed", "lines", "item", "columns"}[p.Shape]
				got = append(got, fmt.Sprintf("%s %s %d", shape, p.Name(), len(p.Table.Rows)))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("places (-want +got):\n%s", diff)
			}
		})
	}
}

func TestProgress(t *testing.T) {
	for name, test := range map[string]struct{ list, want string }{
		"texts":                           {`[{"status": "open"}, {"status": "done"}]`, "words status"},
		"another case":                    {`[{"Status": "Open"}]`, "words Status"},
		"a key that ends in status":       {`[{"task_status": "open"}]`, "words task_status"},
		"status before state":             {`[{"state": "open", "status": "done"}]`, "words status, beside state"},
		"the key that is there":           {`[{"status": "open", "state": "open"}, {"state": "open"}, {"state": "done"}, {"state": "done"}, {"state": "done"}]`, "words state, beside status"},
		"a column of a board":             {`[{"column": "To Do"}, {"column": "Done"}]`, "words column"},
		"a flag":                          {`[{"passes": true}, {"passes": false}]`, "flag passes"},
		"a flag in numbers":               {`[{"done": 1}, {"done": 0}]`, "flag done"},
		"a flag and null":                 {`[{"done": true}, {"done": null}, {}]`, "flag done, 1 missing, 1 null"},
		"a status and a flag":             {`[{"status": "open", "passes": false}]`, "words status, beside passes"},
		"two flags":                       {`[{"started": true, "complete": false}]`, "flags complete started"},
		"two flags of the end":            {`[{"implemented": false, "tested": false}]`, "flags implemented tested"},
		"a flag that is never set":        {`[{"done": true, "blocked": false}]`, "flag done, beside blocked"},
		"a flag of something else":        {`[{"urgent": true}]`, "nothing"},
		"numbers":                         {`[{"status": 0}, {"status": 2}]`, "numbers status"},
		"codes":                           {`[{"status": 200}, {"status": 404}]`, "nothing, unlike status"},
		"several kinds":                   {`[{"status": "open"}, {"status": true}]`, "mixed status"},
		"null":                            {`[{"status": "open"}, {"status": null}]`, "words status, 1 null"},
		"null only":                       {`[{"status": null}]`, "nothing"},
		"an object":                       {`[{"status": {"id": "3", "name": "Done"}}]`, "words status.name"},
		"an object of an object":          {`[{"fields": {"status": {"name": "Done"}}}, {"fields": {}}]`, "words fields.status.name, 1 missing"},
		"a flag in an object":             {`[{"status": {"done": true}}]`, "flag status.done"},
		"a state of a country":            {`[{"state": "MA"}]`, "nothing, unlike state"},
		"a word that is unknown":          {`[{"status": "larva"}]`, "words status"},
		"a word that is unknown and rare": {`[{"status": "larva"}, {}, {}]`, "nothing, unlike status"},
		"sentences":                       {`[{"status": "` + strings.Repeat("long ", 20) + `"}]`, "nothing, unlike status"},
		"a measure":                       {`[{"progress": 40}]`, "nothing, measures progress"},
		"an end":                          {`[{"completedAt": "2026-01-02"}]`, "nothing, ends completedAt"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := progressOf(tableOf(t, test.list)); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func progressOf(table *survey.Table) string {
	f := table.Progress()
	got := "nothing"
	if s := f.Status; s != nil {
		got = [...]string{"", "words", "flag", "numbers", "mixed"}[s.Form] + " " + s.Key()
		if s.Missing > 0 {
			got += fmt.Sprintf(", %d missing", s.Missing)
		}
		if s.Nulls > 0 {
			got += fmt.Sprintf(", %d null", s.Nulls)
		}
	}
	for i, c := range f.Flags {
		if i == 0 {
			got = "flags"
		}
		got += " " + c.Key
	}
	for _, s := range f.Beside {
		got += ", beside " + s.Key()
	}
	if f.Unlike != nil {
		got += ", unlike " + f.Unlike.Key
	}
	for _, c := range f.Ends {
		got += ", ends " + c.Key
	}
	for _, c := range f.Measures {
		got += ", measures " + c.Key
	}
	return got
}

func TestIDs(t *testing.T) {
	for name, test := range map[string]struct{ list, want string }{
		"id":                        {`[{"title": "x", "id": 1}, {"title": "y", "id": 2}]`, "id"},
		"id before others":          {`[{"uuid": "a", "key": "A-1", "id": "1"}]`, "id"},
		"the one that is unique":    {`[{"id": 0, "uuid": "a"}, {"id": 0, "uuid": "b"}]`, "uuid, id repeats"},
		"another case":              {`[{"ID": "1"}]`, "ID"},
		"not in each":               {`[{"id": 1, "key": "a"}, {"key": "b"}]`, "key"},
		"an empty text":             {`[{"id": "", "title": "a"}, {"id": "1", "title": "b"}]`, "title, no id"},
		"a title":                   {`[{"title": "a"}, {"title": "b"}]`, "title, no id"},
		"titles that repeat":        {`[{"title": "a"}, {"title": "a"}]`, "nothing"},
		"a title, where ids repeat": {`[{"id": 1, "title": "a"}, {"id": 1, "title": "b"}]`, "nothing, id repeats"},
		"long texts":                {`[{"description": "` + strings.Repeat("x", 300) + `"}]`, "nothing"},
		"flags":                     {`[{"id": true}]`, "nothing"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := idsOf(tableOf(t, test.list).IDs()); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
	t.Run("among siblings", func(t *testing.T) {
		parents := tableOf(t, `[{"id": 1, "steps": [{"id": 1}, {"id": 2}]}, {"id": 2, "steps": [{"id": 1}]}]`)
		if got := idsOf(parents.Column("steps").Elements().IDs()); got != "id, local" {
			t.Errorf("got %q", got)
		}
	})
}

func idsOf(ids survey.IDs) string {
	got := "nothing"
	if ids.Unique != nil {
		got = ids.Unique.Key
	}
	if ids.Local {
		got += ", local"
	}
	if ids.Title {
		got += ", no id"
	}
	for _, c := range ids.Repeated {
		got += ", " + c.Key + " repeats"
	}
	return got
}

func TestLink(t *testing.T) {
	f, err := survey.Read([]byte(`{"lists": [{"id": "L1"}], "cards": [{"id": "c", "idList": "L1"}], "people": [{"id": "p", "listId": "L9"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	places := f.Places()
	for _, p := range places {
		want := ""
		if p.Key() == "cards" {
			want = "idList lists"
		}
		got := ""
		if c, to := survey.Link(p, places); c != nil {
			got = c.Key + " " + to.Name()
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", p.Name(), got, want)
		}
	}
}

// TestLinksAreBound spells the key of a link in more ways than are looked at.
func TestLinksAreBound(t *testing.T) {
	for before, found := range map[int]bool{0: true, 49: true, 50: false} {
		card := `"id": "c"`
		for n := range before {
			card += fmt.Sprintf(`, "%sidList": "L9"`, strings.Repeat("_", n+1))
		}
		f, err := survey.Read([]byte(`{"lists": [{"id": "L1"}], "cards": [{` + card + `, "idList": "L1"}]}`))
		if err != nil {
			t.Fatal(err)
		}
		places := f.Places()
		for _, p := range places {
			if p.Key() != "cards" {
				continue
			}
			if c, _ := survey.Link(p, places); (c != nil) != found {
				t.Errorf("behind %d others, the link is found: %v", before, c != nil)
			}
		}
	}
}

func TestRefusedTexts(t *testing.T) {
	for name, test := range map[string]struct{ data, want string }{
		"nothing":                  {" \n", "not JSON: the file is empty"},
		"UTF-16 with a mark":       {"\xfe\xff\x00[\x00]", "the text is UTF-16"},
		"UTF-16 without":           {"[\x00]\x00", "the text is UTF-16"},
		"an end too early":         {"[\n  {\"id\": 1},", "not JSON: line 2, column 13: the text ends in the middle of a value"},
		"a broken line":            {"{\"a\": 1}\n{\"a\": }\n{\"a\": 2}\n", "not JSON: line 2, column 7"},
		"two objects on a line":    {`{"a": 1} {"a": 2}`, "not JSON: line 1, column 10: something follows the document"},
		"two objects on a later":   {"{}\n{} {}", "not JSON: line 2, column 4: something follows the document"},
		"a line that is no object": {"{}\n[]\n", "not JSON: line 2, column 1: something follows the document"},
		"a merge":                  {"[\n<<<<<<< ours\n1\n", "not JSON: line 2, column 1: a marker of a merge in git"},
		"deep":                     {strings.Repeat("[", 1000), "it is nested deeper than 500"},
		"many values":              {"[" + strings.Repeat("0,", 1_000_000) + "0]", "it has more than 1000000 values"},
		"many lines":               {strings.Repeat("{\"a\":0}\n", 600_000), "it has more than 1000000 values"},
		"large":                    {strings.Repeat(" ", survey.MaxBytes+1), "too large to be surveyed"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := survey.Read([]byte(test.data))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q in it", err, test.want)
			}
		})
	}
	if _, err := survey.Read([]byte(strings.Repeat("[", 1000))); !errors.Is(err, survey.ErrTooLarge) {
		t.Errorf("got %v, want ErrTooLarge", err)
	}
}

func TestKeys(t *testing.T) {
	for key, want := range map[string]string{
		"tasks": "work", "userStories": "work", "todo-items": "work", "Archived Features": "work", "backlog": "work",
		"members": "aside", "sprint_logs": "aside", "statusUpdates": "aside", "team members": "aside", "acceptanceCriteria": "aside",
		"data": "", "catalog": "", "logbook": "", "": "", "_": "",
	} {
		got := ""
		switch {
		case survey.IsAside(key):
			got = "aside"
		case survey.IsWork(key):
			got = "work"
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", key, got, want)
		}
	}
}
