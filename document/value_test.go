package document_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
)

// Positions in the Kinds level of kindsDescriptor, and in its object.
const (
	textKind = iota
	intKind
	floatKind
	boolKind
	timeKind
	enumKind
	looseKind // an enum that warns
	referenceKind
	objectKind
	rawKind
	textsKind
	objectsKind
	referencesKind
	compactKind
	unixKind
	millisKind
	dateKind
	durationKind
	timesKind
)

// kindsDescriptor describes a list of items that have a field of each kind.
func kindsDescriptor() format.Descriptor {
	of := planDescriptor()
	of.Name = "kinds"
	of.Roots = []format.Root{{Kind: format.RootArray}}
	of.Enums = []format.EnumDescriptor{
		{Name: "Color", Values: []format.EnumValue{{Name: "red", Aliases: []string{"RED"}}, {Name: "green"}}},
		{Name: "Size", Warn: true, Values: []format.EnumValue{{Name: "small"}, {Name: "large"}}},
	}
	of.Objects = []format.ObjectDescriptor{
		{Name: "Inner", Fields: []format.FieldDescriptor{{Name: "N", Key: "n", Kind: format.IntField, Required: true}}},
		{Name: "Outer", Fields: []format.FieldDescriptor{
			{Name: "A", Key: "a", Kind: format.TextField, Rules: []format.Rule{{Kind: format.MaxLength, Number: 3}}},
			{Name: "Inner", Key: "inner", Kind: format.ObjectField, Object: 0},
			{Name: "Colors", Key: "colors", Kind: format.EnumField, List: true},
		}},
	}
	f := func(name string, kind format.FieldKind) format.FieldDescriptor {
		return format.FieldDescriptor{Name: name, Key: strings.ToLower(name), Kind: kind, Nullable: true}
	}
	fields := []format.FieldDescriptor{
		f("Text", format.TextField), f("Int", format.IntField), f("Float", format.FloatField), f("Bool", format.BoolField),
		f("Time", format.TimeField), f("Enum", format.EnumField), f("Loose", format.EnumField), f("Reference", format.ReferenceField),
		f("Object", format.ObjectField), f("Raw", format.RawField), f("Texts", format.TextField), f("Objects", format.ObjectField),
		f("References", format.ReferenceField), f("Compact", format.TimeField), f("Unix", format.TimeField), f("Millis", format.TimeField),
		f("Date", format.DateField), f("Duration", format.DurationField), f("Times", format.TimeField),
	}
	fields[compactKind].Form, fields[unixKind].Form, fields[millisKind].Form = format.CompactTime, format.UnixSeconds, format.UnixMilliseconds
	fields[looseKind].Enum = 1
	fields[objectKind].Object, fields[objectsKind].Object = 1, 1
	for _, i := range []int{textsKind, objectsKind, referencesKind, timesKind} {
		fields[i].List = true
	}
	of.Levels = []format.LevelDescriptor{{
		Name: "Item", Plural: "Items", ID: format.IDDescriptor{Kind: format.TextID, Int: true, String: true}, Fields: fields,
	}}
	return of
}

func kindsType(t testing.TB) *document.Type {
	t.Helper()
	typ, err := document.NewType(kindsDescriptor())
	if err != nil {
		t.Fatal(err)
	}
	return typ
}

// oneItem is a document of one item with the given members.
func oneItem(t testing.TB, typ *document.Type, members string) document.Item {
	t.Helper()
	it, ok := mustParse(t, typ, `[{"id":1,"status":"Planned"`+members+`},{"id":"2","status":"Planned"}]`).Find(document.NewID("", "1"))
	if !ok {
		t.Fatal("no item")
	}
	return it
}

func id(text string) document.ID { return document.NewID("", text) }

func TestWithTheSameValueIsTheSameItem(t *testing.T) {
	typ := kindsType(t)
	outer := typ.NewObject(1).With(0, document.TextValue("x")).With(1, document.ObjectValue(typ.NewObject(0).With(0, document.IntValue(1))))
	tests := []struct {
		name    string
		members string
		field   int
		value   document.Value
		same    bool
	}{
		{"text", `,"text":"\u0061"`, textKind, document.TextValue("a"), true},
		{"another text", `,"text":"a"`, textKind, document.TextValue("b"), false},
		{"int", `,"int":10`, intKind, document.IntValue(10), true},
		{"float in another spelling", `,"float":1.50`, floatKind, document.FloatValue(1.5), true},
		{"float with an exponent", `,"float":15e-1`, floatKind, document.FloatValue(1.5), true},
		{"minus zero", `,"float":-0.0`, floatKind, document.FloatValue(0), true},
		{"numbers that differ in the last of many digits", `,"raw":123456789012345678901`, rawKind, document.RawValue([]byte("123456789012345678902")), false},
		{"numbers that round to one float", `,"raw":0.1`, rawKind, document.RawValue([]byte("0.1000000000000000055")), false},
		{"numbers out of range", `,"raw":1e400`, rawKind, document.RawValue([]byte("10E+399")), true},
		{"exponents out of range", `,"raw":1e99999999999999999999`, rawKind, document.RawValue([]byte("1e99999999999999999998")), false},
		{"bool", `,"bool":true`, boolKind, document.BoolValue(true), true},
		{"time", `,"time":"2024-01-02T03:04:05Z"`, timeKind, document.TimeValue(time.Date(2024, 1, 2, 3, 4, 5, 0, time.UTC)), true},
		{"time with needless zeros", `,"time":"2024-01-02T03:04:05.000Z"`, timeKind, document.TimeValue(time.Date(2024, 1, 2, 3, 4, 5, 0, time.UTC)), true},
		{"time with nine digits and an offset", `,"time":"2024-01-02T03:04:05.123456789+05:30"`, timeKind, document.TimeValue(time.Date(2024, 1, 2, 3, 4, 5, 123456789, time.FixedZone("", 19800))), true},
		{"time in another zone", `,"time":"2024-01-02T03:04:05+01:00"`, timeKind, document.TimeValue(time.Date(2024, 1, 2, 2, 4, 5, 0, time.UTC)), false},
		{"times", `,"times":["2024-01-02T03:04:05.0Z"]`, timesKind, document.ListValue(document.TimeValue(time.Date(2024, 1, 2, 3, 4, 5, 0, time.UTC))), true},
		{"compact time", `,"compact":"20240102T030405Z"`, compactKind, document.CompactTimeValue(time.Date(2024, 1, 2, 4, 4, 5, 7, time.FixedZone("", 3600))), true},
		{"unix time", `,"unix":1704164645`, unixKind, document.UnixTimeValue(time.Date(2024, 1, 2, 3, 4, 5, 999, time.UTC)), true},
		{"unix time in another spelling", `,"unix":17.04164645e8`, unixKind, document.UnixTimeValue(time.Unix(1704164645, 0)), true},
		{"another unix time", `,"unix":1704164645`, unixKind, document.UnixTimeValue(time.Date(2024, 1, 2, 3, 4, 6, 0, time.UTC)), false},
		{"unix time in milliseconds", `,"millis":1704164645123`, millisKind, document.UnixMilliTimeValue(time.Date(2024, 1, 2, 3, 4, 5, 123456789, time.UTC)), true},
		{"date", `,"date":"2024-02-29"`, dateKind, document.DateValue(document.Date{Year: 2024, Month: 2, Day: 29}), true},
		{"another date", `,"date":"2024-02-29"`, dateKind, document.DateValue(document.Date{Year: 2024, Month: 3, Day: 1}), false},
		{"duration in another spelling", `,"duration":"90m"`, durationKind, document.DurationValue(90 * time.Minute), true},
		{"another duration", `,"duration":"90m"`, durationKind, document.DurationValue(91 * time.Minute), false},
		{"enum", `,"enum":"red"`, enumKind, typ.EnumValue(0, 1), true},
		{"enum by its alias", `,"enum":"RED"`, enumKind, typ.EnumValue(0, 1), true},
		{"another enum", `,"enum":"RED"`, enumKind, typ.EnumValue(0, 2), false},
		{"reference of another kind", `,"reference":2`, referenceKind, document.ReferenceValue(id("2")), true},
		{"references of other kinds", `,"references":[2,"1"]`, referencesKind, document.ListValue(document.ReferenceValue(id("2")), document.ReferenceValue(id("1"))), true},
		{"references in another order", `,"references":["1",2]`, referencesKind, document.ListValue(document.ReferenceValue(id("2")), document.ReferenceValue(id("1"))), false},
		{"object with other spacing and order", `,"object":{ "inner" : {"n": 1 },"a":"x"}`, objectKind, document.ObjectValue(outer), true},
		{"object with a member more", `,"object":{"a":"x","inner":{"n":1},"z":0}`, objectKind, document.ObjectValue(outer), false},
		{"absent", ``, textKind, document.Absent(), true},
		{"null", `,"text":null`, textKind, document.Null(), true},
		{"null is not absent", `,"text":null`, textKind, document.Absent(), false},
		{"absent is not null", ``, textKind, document.Null(), false},
		{"empty list", `,"texts":[ ]`, textsKind, document.ListValue(), true},
		{"empty list is not absent", ``, textsKind, document.ListValue(), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			it := oneItem(t, typ, tt.members)
			with := it.With(tt.field, tt.value)
			if same := with == it; same != tt.same {
				t.Errorf("the same item: %v, want %v", same, tt.same)
			}
			_, changed := with.EditChange()
			if changed == tt.same {
				t.Errorf("there is an edit: %v, want %v", changed, !tt.same)
			}
			to, applied, err := it.Document().Apply(with.Changes()...)
			if err != nil {
				t.Fatal(err)
			}
			if got := applied.Updates == 0 && to == it.Document(); got != tt.same {
				t.Errorf("the same document: %v, want %v", got, tt.same)
			}
		})
	}
}

func TestWithTakenBackIsNoChange(t *testing.T) {
	it := oneItem(t, kindsType(t), `,"text":"a"`)
	back := it.With(textKind, document.TextValue("b")).WithStatus(complete).With(textKind, document.TextValue("a"))
	if c, ok := back.EditChange(); ok {
		t.Errorf("an edit is left: %+v", c.Edit)
	}
	if got := len(back.WithStatus(planned).Changes()); got != 0 {
		t.Errorf("%d changes are left", got)
	}
	if !back.WithStatus(planned).Equal(it) {
		t.Error("the item is not equal to what it was")
	}
}

func TestItemsAreEqualByValue(t *testing.T) {
	typ := kindsType(t)
	tests := []struct {
		name, a, b string
		equal      bool
	}{
		{"spelling", `,"text":"\u0061","float":1.50,"texts":["a", "b"]`, `,"texts":["a","b"],"float":1.5,"text":"a"`, true},
		{"members nobody knows", `,"x":1`, `,"x":2`, true},
		{"members nobody knows in objects", `,"object":{"a":"x","z":1},"objects":[{"z":1}]`, `,"object":{"z":2,"a":"x"},"objects":[{}]`, true},
		{"members of objects", `,"object":{"a":"x"}`, `,"object":{"a":"y"}`, false},
		{"number of objects", `,"objects":[{}]`, `,"objects":[{},{}]`, false},
		{"objects in objects", `,"object":{"inner":{"n":1,"z":1}}`, `,"object":{"inner":{"n":1}}`, true},
		{"members of objects in objects", `,"object":{"inner":{"n":1}}`, `,"object":{"inner":{"n":2}}`, false},
		{"alias", `,"enum":"RED","object":{"colors":["RED"]}`, `,"enum":"red","object":{"colors":["red"]}`, true},
		{"null and absent", `,"text":null`, ``, false},
		{"references", `,"references":[2]`, `,"references":["2"]`, true},
		{"other references", `,"references":[2]`, `,"references":["1"]`, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, b := oneItem(t, typ, tt.a), oneItem(t, typ, tt.b)
			if a.Equal(b) != tt.equal || b.Equal(a) != tt.equal {
				t.Errorf("equal: %v and %v, want %v", a.Equal(b), b.Equal(a), tt.equal)
			}
			if !cmp.Equal(a, a) || cmp.Equal(a, b) != tt.equal {
				t.Error("cmp says otherwise")
			}
		})
	}
}

// TestWhatIsNoValueIsRefused gives each way into a document values that are not
// JSON, or not of the field.
func TestWhatIsNoValueIsRefused(t *testing.T) {
	typ := kindsType(t)
	object := typ.NewObject(1)
	tests := []struct {
		name  string
		field int
		value document.Value
		want  string
	}{
		{"not a number", floatKind, document.FloatValue(math.NaN()), `1: float: unexpected "NaN": want a JSON value [value]`},
		{"infinity", floatKind, document.FloatValue(math.Inf(-1)), `1: float: "-Inf" is not a number in JSON [value]`},
		{"nothing raw", rawKind, document.RawValue(nil), `1: raw: the text ends early: want a JSON value [value]`},
		{"blank raw", rawKind, document.RawValue([]byte(" \n")), `1: raw: the text ends early: want a JSON value [value]`},
		{"two values", rawKind, document.RawValue([]byte(`1,"status":"Complete"`)), `1: raw: unexpected text after the value [value]`},
		{"space that JSON has not", rawKind, document.RawValue([]byte("\v1")), `1: raw: unexpected "\u000b": want a JSON value [value]`},
		{"raw with a key twice", rawKind, document.RawValue([]byte(`{"a":1,"a":2}`)), `1: raw: the key "a" occurs twice [value]`},
		{"no value of an enum", enumKind, typ.EnumValue(0, 3), `1: enum: 3 is no value of Color, which has red, green [value]`},
		{"no value of an enum that warns", looseKind, typ.EnumValue(1, 0), `1: loose: 0 is no value of Size, which has small, large [value]`},
		{"a list with what is absent", textsKind, document.ListValue(document.Absent()), `1: texts: an element of the list is absent [value]`},
		{"a list with two values in one", textsKind, document.ListValue(document.RawValue([]byte(`"a","b"`))), `1: texts: unexpected text after the value [value]`},
		{"an object with what is no value", objectKind, document.ObjectValue(object.With(0, document.RawValue([]byte(`"a","b"`)))), `1: object: unexpected text after the value [value]`},
		{"a list of such objects", objectsKind, document.ListValue(document.ObjectValue(object.With(1, document.FloatValue(math.NaN())))), `1: objects: unexpected "NaN": want a JSON value [value]`},
		{"wrong kind", intKind, document.TextValue("1"), `1: int is text: want a number [type]`},
		{"fraction", intKind, document.FloatValue(1.5), `1: int is 1.5: want an integer of at most 64 bits [integer]`},
		{"rule of an object's member", objectsKind, document.ListValue(document.ObjectValue(object), document.ObjectValue(object.With(0, document.TextValue("long")))), `1: a has 4 characters: want at most 3 [maxLength]`},
		{"required in an object in an object", objectKind, document.ObjectValue(object.With(1, document.ObjectValue(typ.NewObject(0)))), `1: the Inner has no "n" [required]`},
		{"a day that is none", dateKind, document.DateValue(document.Date{Year: 2023, Month: 2, Day: 29}), `1: date: 2023-02-29 is no day of the calendar [value]`},
		{"no day", dateKind, document.DateValue(document.Date{}), `1: date: 0000-00-00 is no day of the calendar [value]`},
		{"a day in a year of five digits", dateKind, document.DateValue(document.Date{Year: 10000, Month: 1, Day: 1}), `1: date: 10000-01-01 is no day of the calendar [value]`},
		{"a time in a year of five digits", compactKind, document.CompactTimeValue(time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)), `1: compact is "100000101T000000Z": want a time such as 20060102T150405Z [time]`},
		{"a unix time in a year of five digits", unixKind, document.UnixTimeValue(time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)), `1: unix is 253402300800: want whole seconds since 1970, in the years 0 to 9999 [time]`},
		{"a time of another form", unixKind, document.TimeValue(time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)), `1: unix is text: want a number [type]`},
		{"a text that is no duration", durationKind, document.TextValue("1 day"), `1: duration is "1 day": want a duration, such as 1h30m [duration]`},
		{"null in a list", textsKind, document.ListValue(document.Null()), `1: texts is null: want text [type]`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			it := oneItem(t, typ, `,"float":1,"raw":1,"enum":"red","loose":"small","texts":["x"],"objects":[],"object":{}`)
			to, err := it.Document().WithItem(it.With(tt.field, tt.value))
			var refusal *document.ChangeError
			if !errors.As(err, &refusal) || to != nil {
				t.Fatalf("an edit gives %v, %v: want a *ChangeError", to, err)
			}
			if diff := cmp.Diff(tt.want, err.Error()); diff != "" {
				t.Errorf("edit (-want +got):\n%s", diff)
			}
			for _, p := range refusal.Problems {
				if !strings.HasPrefix(p.Pointer, "/"+typ.Descriptor().Levels[0].Fields[tt.field].Key) {
					t.Errorf("the pointer is %q", p.Pointer)
				}
			}
			to, err = it.Document().AddItem(typ.NewItem(0, id("9")).With(tt.field, tt.value), document.ID{})
			if !errors.As(err, &refusal) || to != nil {
				t.Fatalf("an addition gives %v, %v: want a *ChangeError", to, err)
			}
			if diff := cmp.Diff("9"+strings.TrimPrefix(tt.want, "1"), err.Error()); diff != "" {
				t.Errorf("addition (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWhatIsNoValueCanBeReplaced(t *testing.T) {
	it := oneItem(t, kindsType(t), `,"float":1`)
	broken := it.With(floatKind, document.FloatValue(math.NaN()))
	if broken == it || broken.With(floatKind, document.FloatValue(math.NaN())) != broken {
		t.Error("what is no value is not a change of its own")
	}
	if c, ok := broken.With(floatKind, document.FloatValue(1)).EditChange(); ok {
		t.Errorf("the value it had leaves %+v", c.Edit)
	}
	d, err := it.Document().WithItem(broken.With(floatKind, document.Absent()))
	if err != nil {
		t.Fatal(err)
	}
	now, _ := d.Find(it.ID())
	if _, ok := now.Float(floatKind); ok {
		t.Error("the value is still there")
	}
}

func TestObjectKeepsWhatItDoesNotKnow(t *testing.T) {
	typ := kindsType(t)
	it := oneItem(t, typ, `,"object":{"z":[1, 2],"a":"x","y":{"b":1e5}}`)
	o, ok := it.Object(objectKind)
	if !ok {
		t.Fatal("no object")
	}
	d, err := it.Document().WithItem(it.With(objectKind, document.ObjectValue(o.With(0, document.TextValue("y")).With(2, document.ListValue(typ.EnumValue(0, 2))))))
	if err != nil {
		t.Fatal(err)
	}
	now, _ := d.Find(it.ID())
	raw, _ := now.Raw(objectKind)
	if diff := cmp.Diff(`{"z":[1,2],"a":"y","colors":["green"],"y":{"b":1e5}}`, string(raw)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := o.With(0, document.TextValue("x")); got != o {
		t.Error("With of the same value is another object")
	}
	removed := o.With(0, document.Absent())
	if _, ok := removed.Text(0); ok || removed.String() != `{"z":[1, 2],"y":{"b":1e5}}` {
		t.Errorf("without a: %s", removed)
	}
}

func TestZeroValuesAreUsable(t *testing.T) {
	var it document.Item
	var o document.Object
	readField(it, 0)
	readField(o, 0)
	if _, ok := it.Enum(0); ok {
		t.Error("the zero Item has an enum")
	}
	if _, ok := it.Object(0); ok {
		t.Error("the zero Item has an object")
	}
	drain(it.Enums(0))
	drain(it.Objects(0))
	drain(it.Children())
	drain(it.Dependencies())
	drain(it.Dependents())
	drain(it.Blockers())
	drain(o.Enums(0))
	drain(o.Objects(0))
	if it.Equal(it) != true || it.With(0, document.Null()) != it || it.WithStatus(1) != it || len(it.Changes()) != 0 || it.String() == "" || it.Category() != 0 {
		t.Error("the zero Item is not like nothing")
	}
	if !it.IsZero() || !it.ID().IsZero() || it.Document() != nil || it.ChildCount() != 0 || it.Progress() != (document.Progress{}) {
		t.Error("the zero Item has something")
	}
	if !o.Equal(document.Object{}) || o.With(0, document.Null()) != o || !o.IsZero() {
		t.Error("the zero Object is not like nothing")
	}
	d := planType(t).New()
	if _, err := d.AddItem(it, document.ID{}); err == nil {
		t.Error("the zero Item can be added")
	}
	if _, err := d.WithItem(it); err == nil {
		t.Error("the zero Item can be applied")
	}
	if n := d.Count(0, 0) + d.Count(0, 200) + d.Count(3, 9); n != 0 {
		t.Errorf("%d items have a status that is none", n)
	}
	for range d.ItemsWith(0, 200) {
		t.Error("an item has a status that is none")
	}
	odd := d.Type().NewItem(0, id("P1")).WithStatus(200)
	if odd.Category() != 0 || odd.String() == "" {
		t.Error("a status that is none has a category")
	}
	if _, err := d.AddItem(odd, document.ID{}); err == nil {
		t.Error("a new item with a status that is none is accepted")
	}
}
