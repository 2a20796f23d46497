package schema_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/backlog-gen/backlog-gen/schema"
)

// bomb is a schema whose aliases stand for 10^9 values.
func bomb() string {
	var b strings.Builder
	b.WriteString("enums:\n  l0: &l0 [x]\n")
	for i := 1; i < 10; i++ {
		fmt.Fprintf(&b, "  l%d: &l%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*l%d, ", i-1), 10), ", "))
	}
	return b.String()
}

func manyLists(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "k%d: Note, ", i)
	}
	return b.String()
}

func TestHostileSchemasAreRefused(t *testing.T) {
	manyLevels := "levels:\n"
	for i := range 1000 {
		manyLevels += fmt.Sprintf("  L%d: {id: {kind: path, prefix: L}, children: {k: L%d}}\n", i, i+1)
	}
	manyFields := "levels:\n  Note:\n    id: {kind: text}\n    fields:\n"
	for i := range 5000 {
		manyFields += fmt.Sprintf("      f%d: {type: reference}\n", i)
	}
	manyStates := "statuses:\n"
	for i := range 3000 {
		manyStates += fmt.Sprintf("  s%d: {category: todo}\n", i)
	}
	manyTransitions := manyStates + "machines:\n  life:\n    initial: s0\n    transitions:\n"
	for i := range 3000 {
		manyTransitions += fmt.Sprintf("      - {event: close, from: others, to: s%d}\n", i%255)
	}
	for name, test := range map[string]struct{ text, rule string }{
		"10 MB":               {"#" + strings.Repeat("x", 10<<20), "limit"},
		"10 MB of brackets":   {strings.Repeat("[", 10<<20), "limit"},
		"1 MB of brackets":    {strings.Repeat("[", 1<<20), "limit"},
		"1 MB of braces":      {strings.Repeat("{a: ", 1<<18), "limit"},
		"1 MB of dashes":      {strings.Repeat("- ", 1<<19), "limit"},
		"1 MB of aliases":     {"a: &a x\nb: [" + strings.Repeat("*a,", 1<<18) + "]", "limit"},
		"1 MB of values":      {"enums: [" + strings.Repeat("1,", 1<<19-10) + "1]", "limit"},
		"1 MB of keys":        {strings.Repeat("a: 1\n", 1<<17), "limit"},
		"1 MB of anchors":     {strings.Repeat("- &a\n", 1<<17), "limit"},
		"1 MB of NUL":         {strings.Repeat("\x00", 1<<20), "unsafe-text"},
		"1 MB of controls":    {strings.Repeat("\x01", 1<<20), "limit"},
		"alias bomb":          {bomb(), "limit"},
		"1,000 levels":        {schema.Complete(manyLevels), "limit"},
		"5,000 fields":        {schema.Complete(manyFields), "limit"},
		"3,000 statuses":      {schema.Complete(manyStates), "limit"},
		"3,000 transitions":   {schema.Complete(manyTransitions), "limit"},
		"path of 100 keys":    {schema.Complete("levels: {Note: {id: {kind: text}, status: {key: " + strings.Repeat("a.", 99) + "a}}}"), "limit"},
		"list of 100 keys":    {schema.Complete("levels: {Note: {id: {kind: text}, status: {key: [" + strings.Repeat("a,", 99) + "a]}}}"), "limit"},
		"long status value":   {schema.Complete("levels: {Note: {id: {kind: text}, status: {values: {open: " + strings.Repeat("x", 500_000) + ", closed: 1}}}}"), "limit"},
		"large status value":  {schema.Complete("levels: {Note: {id: {kind: text}, status: {values: {open: {a: [" + strings.Repeat("1,", 30_000) + "1]}, closed: 1}}}}"), "limit"},
		"1,000 status values": {schema.Complete("levels: {Note: {id: {kind: text}, status: {values: {open: [" + strings.Repeat("1,", 1000) + "2], closed: 3}}}}"), "limit"},
		"1,000 lists":         {schema.Complete("document: {shapes: [{kind: object, lists: {" + manyLists(1000) + "}}]}"), "limit"},
		"1,000 conditions": {schema.Complete("objects: {Link: {fields: {to: {type: reference}}}}\nlevels: {Note: {id: {kind: text}, fields: {a: {type: Link}}, " +
			"guards: [{events: [close], dependencies: [done], field: a.to, where: {" + manyLists(1000) + "}}]}}"), "limit"},
		"status value of a large exponent": {schema.Complete("levels: {Note: {id: {kind: text}, status: {values: {open: [1e-999999999999999999999, 1e-999999999], closed: 10e-1000000000}}}}"), "repeated-value"},
		"status value of a huge exponent":  {schema.Complete("levels: {Note: {id: {kind: text}, status: {values: {open: 1e-999999999999999999999, closed: 1E-999999999999999999999}}}}"), "repeated-value"},
		"status values that are zero":      {schema.Complete("levels: {Note: {id: {kind: text}, status: {values: {open: 0e999999999999999999999, closed: -0.0}}}}"), "repeated-value"},
		"long name":                        {schema.Complete("events: {" + strings.Repeat("x", 100) + ": {}}"), "invalid-name"},
		"long text":                        {schema.Complete("levels: {Note: {id: {kind: text, pattern: " + strings.Repeat("x", 2000) + "}}}"), "limit"},
		"long description":                 {schema.Complete("events: {close: {doc: " + strings.Repeat("x", 20000) + "}, reopen: {}}"), "limit"},
		"not UTF-8":                        {"package: \xff\xfe", "syntax"},
		"UTF-16":                           {"\xff\xfep\x00a\x00", "syntax"},
		"lone surrogate":                   {"package: \xed\xa0\x80", "syntax"},
		"NUL":                              {"package: \x00", "unsafe-text"},
		"escape sequence":                  {"package: \x1b[2J", "unsafe-text"},
		"next line":                        {"package: a\u0085b", "unsafe-text"},
		"bidi in comment":                  {schema.Complete("# \u202E esrever\n"), "unsafe-text"},
		"bidi isolate":                     {schema.Complete("events: {close: {doc: \"\u2066x\u2069\"}, reopen: {}}"), "unsafe-text"},
		"zero width":                       {schema.Complete("events: {clo\u200Dse: {}}"), "unsafe-text"},
		"zero width, apart":                {schema.Complete("events: {clo\u200Cse: {}}"), "unsafe-text"},
		"joiner at an end":                 {schema.Complete("events: {close: {doc: \"می\u200C\"}, reopen: {}}"), "unsafe-text"},
		"joiner, escaped":                  {schema.Complete("events: {close: {doc: \"a\\u200Db\"}, reopen: {}}"), "unsafe-text"},
		"soft hyphen":                      {schema.Complete("events: {clo\u00ADse: {}}"), "unsafe-text"},
		"BOM inside":                       {schema.Complete("events: {clo\uFEFFse: {}}"), "unsafe-text"},
		"tag characters":                   {schema.Complete("events: {close\U000E0041: {}}"), "unsafe-text"},
		"hangul filler":                    {schema.Complete("events: {close\u3164: {}}"), "unsafe-text"},
		"private use":                      {schema.Complete("events: {close\uE000: {}}"), "unsafe-text"},
		"Greek look-alike":                 {schema.Complete("events: {clοse: {name: Close2}}"), "invalid-name"},
		"exploding pattern":                {schema.Complete(`levels: {Note: {id: {kind: text, pattern: "(((a{30}){30}){30}){30}"}}}`), "pattern"},
		"large exponent":                   {schema.Complete(`levels: {Note: {id: {kind: text}, fields: {a: {type: float, min: 1, default: 1e-999999999}}}}`), "bad-default"},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := schema.Parse("hostile.yaml", []byte(test.text))
			var refused *schema.Error
			if !errors.As(err, &refused) || m != nil {
				t.Fatalf("Parse = %v, %v, want *schema.Error", m != nil, err)
			}
			if len(refused.Diagnostics) > 600 {
				t.Errorf("%d diagnostics", len(refused.Diagnostics))
			}
			found := false
			for _, d := range refused.Diagnostics {
				found = found || d.Rule == test.rule
				if len(d.Message) > 2000 || len(d.Source) > 2000 {
					t.Errorf("a diagnostic of %d and %d bytes", len(d.Message), len(d.Source))
				}
			}
			if !found {
				t.Errorf("no %s among %v", test.rule, refused.Diagnostics[:min(5, len(refused.Diagnostics))])
			}
		})
	}
}

func TestLoadRefusesWhatIsNoSmallFile(t *testing.T) {
	directory := t.TempDir()
	if _, err := schema.Load(filepath.Join(directory, "missing.yaml")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing file: %v, want fs.ErrNotExist", err)
	}
	if _, err := schema.Load(directory); err == nil {
		t.Error("a directory loads")
	}
	large := filepath.Join(directory, "large.yaml")
	if err := os.WriteFile(large, bytes.Repeat([]byte("# x\n"), 3<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	var refused *schema.Error
	if _, err := schema.Load(large); !errors.As(err, &refused) || refused.Diagnostics[0].Rule != "limit" {
		t.Errorf("12 MB: %v, want the rule limit", err)
	}
}

func TestLineEndsAndByteOrderMarkDoNotMoveColumns(t *testing.T) {
	text := schema.Complete("# ä\ndocument: {shapes: [{kind: array}], ident: 2}\n")
	want := diagnose(t, "a.yaml", text)
	for name, other := range map[string]string{
		"CRLF": strings.ReplaceAll(text, "\n", "\r\n"),
		"CR":   strings.ReplaceAll(text, "\n", "\r"),
		"BOM":  "\uFEFF" + text,
	} {
		got := diagnose(t, "a.yaml", other)
		if len(got) != 1 || got[0] != want[0] {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}

func TestColumnsCountBytes(t *testing.T) {
	got := diagnose(t, "a.yaml", schema.Complete(`package: {doc: "äöü", nam: x, name: example, root: Notes}
document: {shapes: [{kind: array}]}`))
	if len(got) != 1 || got[0].Column != 26 || got[0].EndColumn != 29 {
		t.Errorf("got %+v, want columns 26 to 29", got)
	}
}
