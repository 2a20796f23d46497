package document_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
)

// cutTexts is a document as JavaScript writes it where emojis were cut in two.
const cutTexts = `[{"id":1,"status":"Planned","text":"cut \ud83d","texts":["\uDE00"],"raw":{"\ud83d":"\ud83d"},"object":{"a":"\udc00","more":"\ud83d"},
	"reference":"\ud83d","\ud83d":1,"\ud83e":2,"nobody":["\ud83d",{"\udc00":1,"\udc01":2}]}]`

func TestHalvesOfSurrogatePairsPassThrough(t *testing.T) {
	typ := kindsType(t)
	d := mustParse(t, typ, cutTexts)
	if diff := cmp.Diff(cutTexts, string(d.AppendJSON(nil))); diff != "" {
		t.Error(diff)
	}
	var got []string
	for _, p := range d.Validate() {
		got = append(got, p.Pointer+" "+p.String())
	}
	cut := func(half string) string {
		return half + ", half of a surrogate pair, which is no character: it is read as U+FFFD [surrogate]"
	}
	want := []string{
		"/0/text 1:41: 1: text has " + cut(`\ud83d`), "/0/texts/0 1:59: 1: texts has " + cut(`\uDE00`),
		"/0/raw 1:85: 1: raw has " + cut(`\ud83d`), "/0/object/a 1:109: 1: a has " + cut(`\udc00`),
		"/0/reference 2:14: 1: 1 refers to \"\uFFFD\", which is no item [dangling-reference]",
		"/0/reference 2:15: 1: reference has " + cut(`\ud83d`),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what Validate says (-want +got):\n%s", diff)
	}
	first, _ := d.Find(id("1"))
	field := func(key string) int { return fieldNumbered(t, typ, 0, key) }
	if got, _ := first.Text(field("text")); got != "cut \uFFFD" {
		t.Errorf("the text reads %q", got)
	}
	if got, _ := first.Object(field("object")); got.String() != `{"a":"\udc00","more":"\ud83d"}` {
		t.Errorf("the object is %s", got)
	}
	// An edit of something else leaves it, one of the text itself replaces it.
	object, _ := first.Object(field("object"))
	for name, tt := range map[string]struct {
		item document.Item
		want string
	}{
		"another field":   {first.With(field("int"), document.IntValue(5)), strings.Replace(cutTexts, `"texts"`, `"int":5,"texts"`, 1)},
		"the same":        {first.With(field("text"), document.RawValue([]byte(`"cut \uD83D"`))), cutTexts},
		"as it is read":   {first.With(field("text"), document.TextValue("cut \uFFFD")), strings.Replace(cutTexts, `cut \ud83d`, "cut \uFFFD", 1)},
		"another half":    {first.With(field("text"), document.RawValue([]byte(`"cut \ud83e"`))), strings.Replace(cutTexts, `cut \ud83d`, `cut \ud83e`, 1)},
		"beside a member": {first.With(field("object"), document.ObjectValue(object.With(0, document.TextValue("x")))), strings.Replace(cutTexts, `"a":"\udc00"`, `"a":"x"`, 1)},
	} {
		t.Run(name, func(t *testing.T) {
			to, err := d.WithItem(tt.item)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, string(to.AppendJSON(nil))); diff != "" {
				t.Error(diff)
			}
			if n := len(document.Diff(d, to)); (n == 0) != (tt.want == cutTexts) {
				t.Errorf("%d differences", n)
			}
			again, _, err := d.Apply(document.Changes(d, to)...)
			if err != nil || string(again.AppendJSON(nil)) != tt.want {
				t.Errorf("its changes lead to %v: %s", err, again.AppendJSON(nil))
			}
		})
	}
	if _, err := typ.Parse([]byte(`[{"id":1,"status":"Planned","nobody":{"\ud83d":1,"\uD83D":2}}]`)); err == nil || !strings.Contains(err.Error(), `the key "\ud83d" occurs twice`) {
		t.Errorf("a key that occurs twice gives %v", err)
	}
}

func TestHalvesOfSurrogatePairsInNamesOfGroups(t *testing.T) {
	typ := trackerType(t)
	d := mustParse(t, typ, `{"\ud83d":{"note":1},"a":{"tasks":[]}}`)
	if got := d.Groups(); len(got) != 1 {
		t.Errorf("groups %q", got)
	}
	want := "1:2: the name of the group, which is part of ids, has \\ud83d, half of a surrogate pair, which is no character [id]"
	if _, err := typ.Parse([]byte(`{"\ud83d":{"tasks":[]}}`)); err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}
