package jsontext

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestFormat(t *testing.T) {
	const value = `{"a":1,"b":[],"c":[1,"x, y: {z}"],"d":{}}`
	for name, test := range map[string]struct {
		lay  Layout
		want string
	}{
		"lines":            {Layout{Newline: "\n", Unit: "  ", Colon: ": ", Comma: ", "}, "{\n    \"a\": 1,\n    \"b\": [],\n    \"c\": [\n      1,\n      \"x, y: {z}\"\n    ],\n    \"d\": {}\n  }"},
		"compact":          {Layout{Colon: ":", Comma: ","}, value},
		"with space":       {Layout{Colon: ": ", Comma: ", ", Pad: " "}, `{ "a": 1, "b": [], "c": [1, "x, y: {z}"], "d": {} }`},
		"carriage":         {Layout{Newline: "\r\n", Unit: "\t", Colon: ":"}, "{\r\n  \t\"a\":1,\r\n  \t\"b\":[],\r\n  \t\"c\":[\r\n  \t\t1,\r\n  \t\t\"x, y: {z}\"\r\n  \t],\r\n  \t\"d\":{}\r\n  }"},
		"as MarshalIndent": {Layout{Newline: "\n", Unit: "\t", Colon: ": "}, indented(t, value, "  ", "\t")},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, test.lay.Format(value, "  ")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func indented(t *testing.T, value, prefix, unit string) string {
	t.Helper()
	var b bytes.Buffer
	if err := json.Indent(&b, []byte(value), prefix, unit); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// randomLayout is one that a document may have.
func randomLayout(t *rapid.T) Layout {
	return Layout{
		Newline: rapid.SampledFrom([]string{"", "\n", "\r\n"}).Draw(t, "newline"),
		Unit:    rapid.SampledFrom([]string{"", " ", "\t", strings.Repeat(" ", 100)}).Draw(t, "unit"),
		Colon:   rapid.SampledFrom([]string{":", ": ", " :\n"}).Draw(t, "colon"),
		Comma:   rapid.SampledFrom([]string{",", ", "}).Draw(t, "comma"),
		Pad:     rapid.SampledFrom([]string{"", " "}).Draw(t, "pad"),
	}
}

// TestFormatKeepsTheValue lays values out in any way: what is in them stays, and no
// line is indented more than lines are.
func TestFormatKeepsTheValue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value, lay := randomValue(t, 5), randomLayout(t)
		out := lay.Format(value, "\t")
		if a, b := Canonical(nil, []byte(value)), Canonical(nil, []byte(out)); !bytes.Equal(a, b) {
			t.Fatalf("%s\nis laid out as\n%s", value, out)
		}
		var compact bytes.Buffer
		if err := json.Compact(&compact, []byte(value)); err != nil {
			t.Fatal(err)
		}
		if most := (MaxSpace + 1) * compact.Len(); value[0] == '{' && len(out) > most {
			t.Fatalf("%d bytes become %d, more than %d", compact.Len(), len(out), most)
		}
		if again := lay.Format(out, "\t"); again != out {
			t.Fatalf("laid out twice it is\n%q, once\n%q", again, out)
		}
	})
}

// TestLikeTakesOver reads the layout of a value on one line and writes the value
// again as it was.
func TestLikeTakesOver(t *testing.T) {
	for _, value := range []string{`{"a":1,"b":2}`, `{"a": 1, "b": 2}`, `{ "a" : 1 , "b" : 2 }`, `[1, 2]`, `[1,2]`, `{ "a": [1, 2] }`} {
		document := Layout{Newline: "\n", Unit: "  ", Colon: ": ", Comma: ", "}
		got := document.Like([]byte(value)).Format(value, "")
		want := strings.ReplaceAll(strings.ReplaceAll(value, " ,", ","), "1 }", "1 }")
		if got != want {
			t.Errorf("%s is written as %s", value, got)
		}
	}
	lines := Layout{Newline: "\n", Unit: "  ", Colon: ": ", Comma: ", "}
	for _, value := range []string{`{}`, `[]`, `{ }`, `[ ]`, "[\t  \r]", "{\n\"a\":1}", "1"} {
		if diff := cmp.Diff(lines, lines.Like([]byte(value))); value != "1" && diff != "" {
			t.Errorf("%q changes the layout:\n%s", value, diff)
		}
	}
}

// TestLayoutOf reads the layout of an object over several lines.
func TestLayoutOf(t *testing.T) {
	for text, want := range map[string]Layout{
		"{\n  \"a\": 1\n}":                              {Newline: "\n", Unit: "  ", Colon: ": ", Comma: ", "},
		"{\r\n\t\"a\":1\r\n}":                           {Newline: "\r\n", Unit: "\t", Colon: ":", Comma: ", "},
		"{\"a\":1,\"b\":2}":                             {Colon: ":", Comma: ","},
		"{ \"a\": 1, \"b\": 2 }":                        {Colon: ": ", Comma: ", ", Pad: " "},
		"{\n" + strings.Repeat(" ", 500) + "\"a\":1}":   {Newline: "\n", Unit: strings.Repeat(" ", maxIndent), Colon: ":", Comma: ", "},
		"{\n\t\"a\"" + strings.Repeat(" ", 500) + ":1}": {Newline: "\n", Unit: "\t", Colon: ": ", Comma: ", "},
	} {
		got := LayoutOf([]byte(text), 0, LeadingSpace([]byte(text[1:])))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text[:min(len(text), 30)], diff)
		}
	}
}

// TestShort bounds what is taken over of white space.
func TestShort(t *testing.T) {
	long := strings.Repeat(" ", 1000)
	for space, want := range map[string]string{
		"": "", " ": " ", "\n  ": "\n  ", long: " ", "\n" + long: "\n" + long[:maxIndent], strings.Repeat("\n", 500) + "\t": "\n\t",
		strings.Repeat("\r\n", 500) + "\t": "\r\n\t", "\r\n" + long: "\r\n" + long[:maxIndent], "\r" + long + "\n": "\n",
	} {
		if got := Short([]byte(space)); got != want {
			t.Errorf("%d bytes become %q, want %q", len(space), got, want)
		}
	}
}
