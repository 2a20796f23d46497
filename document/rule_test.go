package document_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
)

// TestRules gives each rule a value that obeys it and one that breaks it; once
// as a rule that refuses, once as one that warns.
func TestRules(t *testing.T) {
	text := format.FieldDescriptor{Kind: format.TextField}
	texts := format.FieldDescriptor{Kind: format.TextField, List: true}
	integer := format.FieldDescriptor{Kind: format.IntField}
	float := format.FieldDescriptor{Kind: format.FloatField}
	floats := format.FieldDescriptor{Kind: format.FloatField, List: true}
	raws := format.FieldDescriptor{Kind: format.RawField, List: true}
	tests := []struct {
		field     format.FieldDescriptor
		rule      format.Rule
		good, bad string
		message   string
	}{
		{text, format.Rule{Kind: format.MinLength, Number: 1}, `"a"`, `""`, "v is empty [minLength]"},
		{text, format.Rule{Kind: format.MinLength, Number: 3}, `"äöü"`, `"a\n"`, "v has 2 characters: want at least 3 [minLength]"},
		{text, format.Rule{Kind: format.MaxLength, Number: 2}, `"\ud83d\ude00\u00e4"`, `"äb\\"`, "v has 3 characters: want at most 2 [maxLength]"},
		{text, format.Rule{Kind: format.Pattern, Text: "^a+$"}, `"a\u0061"`, `"ab"`, "v does not match ^a+$ [pattern]"},
		{text, format.Rule{Kind: format.OneOf, Values: []string{"a", "b"}}, `"\u0062"`, `"c"`, `v is "c": want one of a, b [oneOf]`},
		{text, format.Rule{Kind: format.Prefix, Text: "a/"}, `"a\/b"`, `"b"`, `v does not begin with "a/" [prefix]`},
		{text, format.Rule{Kind: format.Sections, Values: []string{"1.", "2."}}, `"1. x\n2. y"`, `"2. x 1. y"`, `v has no section "2." in its place: want 2. in this order [sections]`},
		{texts, format.Rule{Kind: format.MinLength, Number: 1}, `["a","b"]`, `["a",""]`, "v is empty [minLength]"},
		{texts, format.Rule{Kind: format.MinItems, Number: 2}, `["a","b"]`, `["a"]`, "v has 1 elements: want at least 2 [minItems]"},
		{texts, format.Rule{Kind: format.MaxItems, Number: 1}, `[]`, `["a","b"]`, "v has 2 elements: want at most 1 [maxItems]"},
		{texts, format.Rule{Kind: format.UniqueItems}, `["a","b"]`, `["a","\u0061"]`, `v holds "\u0061" twice [uniqueItems]`},
		{raws, format.Rule{Kind: format.UniqueItems}, `[{"a":1},{"a":2},1e99999999999999999999]`, `[{"a":1,"b":[]},{"b":[ ],"a":10e-1}]`, `v holds {"b":[ ],"a":10e-1} twice [uniqueItems]`},
		{integer, format.Rule{Kind: format.Minimum, Number: 3}, `3`, `2`, "v is 2: want at least 3 [minimum]"},
		{integer, format.Rule{Kind: format.Maximum, Number: 3}, `3`, `4`, "v is 4: want at most 3 [maximum]"},
		{float, format.Rule{Kind: format.ExclusiveMinimum, Number: 0}, `1e-300`, `-0.0`, "v is -0.0: want more than 0 [exclusiveMinimum]"},
		{float, format.Rule{Kind: format.ExclusiveMaximum, Number: 1.5}, `1.4999`, `15e-1`, "v is 15e-1: want less than 1.5 [exclusiveMaximum]"},
		{float, format.Rule{Kind: format.MultipleOf, Number: 0.1}, `0.3`, `0.35`, "v is 0.35: want a multiple of 0.1 [multipleOf]"},
		{float, format.Rule{Kind: format.MultipleOf, Number: 0.1}, `3e-1`, `0.30000000000000004`, "v is 0.30000000000000004: want a multiple of 0.1 [multipleOf]"},
		{float, format.Rule{Kind: format.MultipleOf, Number: 0.01}, `19.99`, `1e-9`, "v is 1e-9: want a multiple of 0.01 [multipleOf]"},
		{float, format.Rule{Kind: format.MultipleOf, Number: 1}, `10.0000000000000000000`, `1.00000000000000000001`, "v is 1.00000000000000000001: want a multiple of 1 [multipleOf]"},
		{float, format.Rule{Kind: format.MultipleOf, Number: 3}, `9007199254740993`, `9007199254740992`, "v is 9007199254740992: want a multiple of 3 [multipleOf]"},
		{integer, format.Rule{Kind: format.MultipleOf, Number: 3}, `-9007199254740993`, `9223372036854775807`, "v is 9223372036854775807: want a multiple of 3 [multipleOf]"},
		{float, format.Rule{Kind: format.MultipleOf, Number: 7e-300}, `14E-300`, `1e308`, "v is 1e308: want a multiple of 7e-300 [multipleOf]"},
		{float, format.Rule{Kind: format.MultipleOf, Number: 0.5}, `-0.0e99999999999999999999`, `1e-99999999999999999999`, "v is 1e-99999999999999999999: want a multiple of 0.5 [multipleOf]"},
		{float, format.Rule{Kind: format.MultipleOf, Number: 0.5}, `0.5000000e0`, `1e-9223372036854775808`, "v is 1e-9223372036854775808: want a multiple of 0.5 [multipleOf]"},
		{floats, format.Rule{Kind: format.MultipleOf, Number: 0.5}, `[1e300,-2.5]`, `[1,0.3]`, "v is 0.3: want a multiple of 0.5 [multipleOf]"},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%s of %s", tt.rule.Kind, tt.bad), func(t *testing.T) {
			for _, warn := range []bool{false, true} {
				of := kindsDescriptor()
				f := tt.field
				f.Name, f.Key = "V", "v"
				tt.rule.Warn = warn
				f.Rules = []format.Rule{tt.rule}
				of.Levels[0].Fields = []format.FieldDescriptor{f}
				typ, err := document.NewType(of)
				if err != nil {
					t.Fatal(err)
				}
				good := oneItem(t, typ, `,"v":`+tt.good).Document()
				if got := written(good.Validate()); got != nil {
					t.Errorf("what is right gives %v", got)
				}
				bad := `[{"id":1,"status":"Planned","v":` + tt.bad + `}]`
				it, _ := good.Find(id("1"))
				edited, err := good.WithItem(it.With(0, document.RawValue([]byte(tt.bad))))
				if warn {
					if err != nil {
						t.Fatalf("a warning refuses: %v", err)
					}
					got := written(mustParse(t, typ, bad).Validate())
					if len(got) != 1 || !strings.HasSuffix(got[0], " 1 "+tt.message) || !strings.Contains(got[0], "/0/v") {
						t.Errorf("warnings %q, want %s", got, tt.message)
					}
					if len(edited.Validate()) != 1 {
						t.Error("no warning after the edit")
					}
					continue
				}
				if got := problems(t, typ, bad); len(got) != 1 || !strings.HasSuffix(got[0], " 1 "+tt.message) {
					t.Errorf("problems %q, want %s", got, tt.message)
				}
				if err == nil || err.Error() != "1: "+tt.message {
					t.Errorf("the edit gives %v, want %s", err, tt.message)
				}
			}
		})
	}
}

func TestKindsOfFields(t *testing.T) {
	typ := kindsType(t)
	tests := []struct{ member, want string }{
		{`"text":1`, "text is a number: want text [type]"},
		{`"int":"1"`, "int is text: want a number [type]"},
		{`"int":1.0`, ""}, {`"int":1e0`, ""}, {`"int":-0.0`, ""}, {`"int":0e99999999999999999999`, ""}, {`"int":-9.223372036854775808E+18`, ""}, {`"int":10e-1`, ""},
		{`"int":1.5`, "int is 1.5: want an integer of at most 64 bits [integer]"},
		{`"int":1e-1`, "int is 1e-1: want an integer of at most 64 bits [integer]"},
		{`"int":1e19`, "int is 1e19: want an integer of at most 64 bits [integer]"},
		{`"int":1e99999999999999999999`, "int is 1e99999999999999999999: want an integer of at most 64 bits [integer]"},
		{`"int":9.223372036854775808e18`, "int is 9.223372036854775808e18: want an integer of at most 64 bits [integer]"},
		{`"int":9223372036854775808`, "int is 9223372036854775808: want an integer of at most 64 bits [integer]"},
		{`"int":-9223372036854775808`, ""},
		{`"float":true`, "float is true or false: want a number [type]"},
		{`"float":1e309`, "float is 1e309: want a number of at most 64 bits [number]"},
		{`"bool":0`, "bool is a number: want true or false [type]"},
		{`"time":"yesterday"`, `time is "yesterday": want a time as in RFC 3339, such as 2006-01-02T15:04:05Z [time]`},
		{`"time":"2024-02-30T00:00:00Z"`, `time is "2024-02-30T00:00:00Z": want a time as in RFC 3339, such as 2006-01-02T15:04:05Z [time]`},
		{`"time":"2024-02-29T00:00:00.5+01:00"`, ""},
		{`"enum":"blue"`, `enum is "blue": want red, green [enum]`},
		{`"enum":"R\u0045D"`, ""},
		{`"loose":"huge"`, ""},
		{`"loose":1`, "loose is a number: want text [type]"},
		{`"reference":true`, "reference is true or false: want the id of an item [type]"},
		{`"reference":1.5e1`, ""},
		{`"object":[]`, "object is an array: want an object [type]"},
		{`"object":{"a":1,"inner":{"n":"x"},"colors":["blue",null]}`, "a is a number: want text [type]\nn is text: want a number [type]\ncolors is \"blue\": want red, green [enum]\ncolors is null: want text [type]"},
		{`"object":{"inner":{}}`, `the Inner has no "n" [required]`},
		{`"object":{"inner":{"n":1,"n":2},"x":{"y":1,"y":2}}`, "the key \"n\" occurs twice [duplicate-key]\nthe key \"y\" occurs twice [duplicate-key]"},
		{`"raw":{"any":[1,{}]}`, ""},
		{`"texts":"a"`, "texts is text: want an array [type]"},
		{`"texts":["a",["b"]]`, "texts is an array: want text [type]"},
		{`"objects":[{},{"a":"long"},5]`, "a has 4 characters: want at most 3 [maxLength]\nobjects is a number: want an object [type]"},
		{`"references":["a",1,{}]`, "references is an object: want the id of an item [type]"},
		{`"text":null,"int":null,"float":null,"bool":null,"time":null,"enum":null,"reference":null,"object":null,"raw":null,"texts":null,"objects":null,"references":null`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.member, func(t *testing.T) {
			var got []string
			for _, p := range problems(t, typ, `[{"id":1,"status":"Planned",`+tt.member+`}]`) {
				_, rest, _ := strings.Cut(p, " 1 ")
				got = append(got, rest)
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, "\n")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestRequiredAndNullable(t *testing.T) {
	field := func(required, nullable bool) format.FieldDescriptor {
		return format.FieldDescriptor{Name: "V", Key: "v", Kind: format.TextField, Required: required, Nullable: nullable}
	}
	tests := []struct {
		name                string
		field               format.FieldDescriptor
		absent, null, value string
	}{
		{"optional", field(false, false), "", "v is null: want text", ""},
		{"required", field(true, false), `the Item has no "v"`, "v is null: want text", ""},
		{"nullable", field(false, true), "", "", ""},
		{"required and nullable", field(true, true), `the Item has no "v"`, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			of := kindsDescriptor()
			of.Levels[0].Fields = []format.FieldDescriptor{tt.field}
			typ, err := document.NewType(of)
			if err != nil {
				t.Fatal(err)
			}
			for members, want := range map[string]string{"": tt.absent, `,"v":null`: tt.null, `,"v":"a"`: tt.value} {
				got := problems(t, typ, `[{"id":1,"status":"Planned"`+members+`}]`)
				if want == "" && got != nil || want != "" && (len(got) != 1 || !strings.Contains(got[0], want)) {
					t.Errorf("%q gives %q, want %q", members, got, want)
				}
			}
		})
	}
}

// TestCountsBeyond31Bits has bounds that no int holds where those have 32 bits.
func TestCountsBeyond31Bits(t *testing.T) {
	for _, tt := range []struct {
		kind   format.RuleKind
		list   bool
		accept bool
	}{
		{format.MinLength, false, false}, {format.MaxLength, false, true},
		{format.MinItems, true, false}, {format.MaxItems, true, true},
	} {
		of := kindsDescriptor()
		of.Levels[0].Fields = []format.FieldDescriptor{{
			Name: "V", Key: "v", Kind: format.TextField, List: tt.list, Rules: []format.Rule{{Kind: tt.kind, Number: 1 << 40}},
		}}
		value := `"abc"`
		if tt.list {
			value = `["abc"]`
		}
		typ, err := document.NewType(of)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := typ.Parse([]byte(`[{"id":1,"status":"Planned","v":` + value + `}]`)); (err == nil) != tt.accept {
			t.Errorf("%s of 2^40: %v", tt.kind, err)
		}
	}
}
