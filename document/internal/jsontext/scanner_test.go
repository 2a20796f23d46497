package jsontext

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// scan reads a text as one value, and returns the rule that it breaks.
func scan(text []byte) (s Scanner, rule string) {
	s = Scanner{Src: text}
	if s.Value(0) {
		s.End("the value")
	}
	if rule = s.Fault.Rule; rule == "" && len(s.Repeated) > 0 {
		rule = s.Repeated[0].Rule
	}
	return s, rule
}

// checkScan holds what the scanner says of a text against encoding/json.
func checkScan(t rapid.TB, text []byte) {
	t.Helper()
	s, rule := scan(text)
	valid := json.Valid(text)
	switch rule {
	case "":
		if !valid || !utf8.Valid(text) {
			t.Fatalf("encoding/json does not accept\n%q", text)
		}
	case "duplicate-key", "depth":
	case "utf-8":
		if utf8.Valid(text) {
			t.Fatalf("this is UTF-8: %q", text)
		}
	case "syntax", "merge-conflict":
		if valid {
			t.Fatalf("encoding/json accepts\n%q\nthe scanner says: %s", text, s.Fault.Message)
		}
	default:
		t.Fatalf("unknown rule %q", rule)
	}
	if s.Fault.Offset < 0 || s.Fault.Offset > len(text) {
		t.Fatalf("the fault is at %d of %d bytes", s.Fault.Offset, len(text))
	}
	if s.Fault.Rule != "" && s.Fault.Message == "" || !utf8.ValidString(s.Fault.Message) {
		t.Fatalf("the message is %q", s.Fault.Message)
	}
	skipping := Scanner{Src: text}
	if skipped := skipping.Skip(); rule == "" && (!skipped || skipping.Next() != 0) {
		t.Fatalf("Skip stops at %d of\n%q", skipping.Pos, text)
	}
}

// hostileTexts are what goes wrong in files, and what someone may try.
var hostileTexts = []string{
	``, ` `, `1`, `"a\u00e9\ud83d\ude00"`, `{"a":[1,2.5e-7,null,true,false,{}]}`, `[[[[]]]]`, `-`, `01`, `"\ud800"`, "\"\xff\"",
	`{"a":1,"a":2}`, "\x00", `nul`, ` 1`, `{"a":1,}`, `[1,]`, `[1 2]`, `"\u12g4"`, "\"\t\"", `1.`, `.5`, `+1`, `1e`, `tRue`, "\ufeff1",
	`{"a"}`, `{"a":}`, `{a:1}`, `{'a':1}`, `[}`, `{]`, `]`, `"`, `"\`, `"\u`, `"\ud83d\u`, `// x`, `[1 /* x */]`, "<<<<<<< HEAD\n1", "[\n>>>>>>> x\n]",
	`NaN`, `Infinity`, `1_000`, `0x1f`, `1e+`, `--1`, "\u00a01", "\"\x7f\"", "1\x00", `"\x41"`, `"\U0041"`, `{"a":1 "b":2}`, `"a" "b"`,
	"[" + strings.Repeat(`"a",`, 200) + `"a"]`, strings.Repeat("[", 512) + strings.Repeat("]", 512), strings.Repeat("[", 513) + strings.Repeat("]", 513),
	strings.Repeat(`{"a":`, 600) + "1" + strings.Repeat("}", 600), "\"\xed\xa0\x80\"", "\"\xc0\xaf\"", `"12345678\ud83d"`, "\"1234567\x1f\"",
}

func TestHostileTexts(t *testing.T) {
	for _, text := range hostileTexts {
		t.Run(strconv.Quote(text[:min(len(text), 20)]), func(t *testing.T) { checkScan(t, []byte(text)) })
	}
}

// TestFaults says for what goes wrong most where and what it is.
func TestFaults(t *testing.T) {
	for name, test := range map[string]struct {
		text   string
		offset int
		want   string
	}{
		"comma at the end":    {`{"a": 1 , }`, 8, `a comma before }: JSON has none after the last value`},
		"comma in an array":   {`[1,]`, 2, `a comma before ]: JSON has none after the last value`},
		"comment":             {`[1, // one` + "\n2]", 4, "JSON has no comments: remove this one"},
		"behind the end":      {`1 // one`, 2, "JSON has no comments: remove this one"},
		"two values":          {`1 2`, 2, "unexpected text after the value"},
		"conflict":            {"[\n<<<<<<< HEAD\n1]", 2, "an unresolved merge conflict: keep one side and remove the marker lines"},
		"no colon":            {`{"a" 1}`, 5, `unexpected "1": want a colon`},
		"no key":              {`{a: 1}`, 1, `unexpected "a": want a key in quotes`},
		"a word":              {`[True]`, 1, `unexpected "True": want a JSON value`},
		"early end":           {`[1,`, 3, "the text ends early: want a JSON value"},
		"early end in a text": {`"abc`, 4, "the text ends inside a string"},
		"leading zero":        {`[007]`, 1, `"007" is not a number in JSON`},
		"not UTF-8":           {"[\xff]", 1, "this is not UTF-8"},
		"tab":                 {"\"a\tb\"", 2, "a control character in a string must be escaped"},
		"escape":              {`"\q"`, 1, "unknown escape"},
		"hexadecimal":         {`"\u12G4"`, 1, `\u wants four hexadecimal digits`},
		"depth":               {strings.Repeat("[", 513), 512, "values nest deeper than 512"},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := scan([]byte(test.text))
			if s.Fault.Offset != test.offset || s.Fault.Message != test.want {
				t.Errorf("got %d: %s\nwant %d: %s", s.Fault.Offset, s.Fault.Message, test.offset, test.want)
			}
		})
	}
}

// TestScan reads random values, and random values with random damage.
func TestScan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := []byte(randomSpace(t) + randomValue(t, 4) + randomSpace(t))
		if _, rule := scan(text); rule != "" {
			t.Fatalf("%s:\n%s", rule, text)
		}
		checkScan(t, text)
		at := rapid.IntRange(0, len(text)).Draw(t, "at")
		damage := rapid.OneOf(rapid.SliceOfN(rapid.Byte(), 1, 3), rapid.Map(rapid.SampledFrom(hostileTexts[:50]), func(s string) []byte { return []byte(s) })).Draw(t, "damage")
		checkScan(t, slices.Concat(text[:at], damage, text[min(len(text), at+rapid.IntRange(0, 3).Draw(t, "cut")):]))
		checkScan(t, text[:at])
	})
}

// FuzzScan compares what the scanner takes for JSON with what encoding/json does.
func FuzzScan(f *testing.F) {
	for _, text := range hostileTexts {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		checkScan(t, text)
		checkScan(t, slices.Concat([]byte(`{"x":`), text, []byte(`,"y":[]}`)))
	})
}

// TestRepeatedKeys finds keys that occur twice, however they are spelled and
// however many there are.
func TestRepeatedKeys(t *testing.T) {
	many := make([]string, 100)
	for n := range many {
		many[n] = `"k` + strconv.Itoa(n) + `":0`
	}
	for name, test := range map[string]struct {
		text string
		want []string
	}{
		"none":                {`{"a":1,"b":{"a":2},"c":[{"a":3},{"a":4}]}`, nil},
		"twice":               {`{"a":1,"b":2,"a":3}`, []string{`the key "a" occurs twice`}},
		"three times":         {`{"a":1,"a":2,"a":3}`, []string{`the key "a" occurs twice`, `the key "a" occurs twice`}},
		"spelled differently": {`{"a":1,"\u0061":2}`, []string{`the key "a" occurs twice`}},
		"in another one":      {`{"a":{"b":1,"b":2},"c":{"a":1}}`, []string{`the key "b" occurs twice`}},
		"many":                {"{" + strings.Join(many, ",") + "}", nil},
		"one of many":         {"{" + strings.Join(many, ",") + `,"k3":1,"k99":1}`, []string{`the key "k3" occurs twice`, `the key "k99" occurs twice`}},
		"halves of pairs":     {`{"\ud83d":1,"\ud83e":2,"\ufffd":3}`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := scan([]byte(test.text))
			var got []string
			for _, f := range s.Repeated {
				if f.Rule != "duplicate-key" {
					t.Errorf("the rule is %s", f.Rule)
				}
				got = append(got, f.Message)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if len(s.keys) > 0 {
				t.Errorf("%d keys are left", len(s.keys))
			}
		})
	}
	hostile, _ := scan([]byte("{" + strings.Repeat(`"a":0,`, 5000) + `"a":0}`))
	if len(hostile.Repeated) > maxRepeated+1 {
		t.Errorf("%d duplicates are noted", len(hostile.Repeated))
	}
}

// TestHalfPairs finds halves of surrogate pairs, in keys and texts.
func TestHalfPairs(t *testing.T) {
	for text, want := range map[string]int{
		`"\ud83d\ude00"`: 0, `"a\ud83d"`: 2, `"\ude00\ud83d"`: 7, `{"\ud83d":1}`: 2, `["\ud83d",""]`: 2, `"\ud83d\u0041"`: 1, `"\ud83dabcdef"`: 1,
	} {
		if s, rule := scan([]byte(text)); s.HalfPair != want || rule != "" {
			t.Errorf("%s: half a pair at %d %s, want %d", text, s.HalfPair, rule, want)
		}
	}
	if got := HalfPairAt([]byte(`\ud83d and more`)); got != `\ud83d, half of a surrogate pair, which is no character` {
		t.Error(got)
	}
}
