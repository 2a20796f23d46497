package compatibility

import (
	"fmt"
	"slices"
	"strings"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/schema"
)

// fields compares the fields of a level or an object, which owner names.
func (c *comparison) fields(owner string, old, now []*schema.Field) {
	for _, f := range old {
		same := named(now, f.Key, fieldKey)
		if same == nil {
			if f.Kind != format.ConstantField {
				c.breaksGo(f.Pos, "the field %q of %s is gone: %s", f.Key, owner, f.Name)
			}
			continue
		}
		c.fieldInGo(owner, f, same)
		c.fieldInFiles(owner, f, same)
		if f.Default != same.Default {
			c.changesWorkflow(same.Pos, "the field %q of new items of %s begins as %s instead of %s", f.Key, owner,
				defaultWords(same), defaultWords(f))
		}
	}
	for _, f := range now {
		switch {
		case named(old, f.Key, fieldKey) != nil:
		case f.Required:
			c.breaksFiles(f.Pos, "%s without the new field %q is refused", owner, f.Key)
		case !acceptsAll(f):
			c.mayBreakFiles(f.Pos, "%s may already hold the key %q, with any value: it has to be %s now",
				owner, f.Key, kindWords(f))
		}
	}
}

// acceptsAll reports whether no value of a field is refused.
func acceptsAll(f *schema.Field) bool { return f.Kind == format.RawField && !f.List }

func defaultWords(f *schema.Field) string {
	if f.Default == "" {
		return "nothing"
	}
	return f.Default
}

// fieldInGo compares what the generated code has for a field.
func (c *comparison) fieldInGo(owner string, old, now *schema.Field) {
	a, b := c.goTypeNow(old), goType(now)
	switch {
	case a == "" && b == "":
	case b == "":
		c.breaksGo(now.Pos, "the field %q of %s is gone: it is a constant now", now.Key, owner)
	case a == "":
	case old.Name != now.Name:
		c.breaksGo(now.Pos, "the field %q of %s is called %s instead of %s", now.Key, owner, now.Name, old.Name)
	case a != b:
		c.breaksGo(now.Pos, "%s of %s is %s instead of %s", now.Name, owner, b, a)
	case removable(old) && !removable(now):
		c.breaksGo(now.Pos, "%s of %s is always there: Without%s is gone", now.Name, owner, now.Name)
	case !removable(old) && removable(now) && !now.List:
		c.breaksGo(now.Pos, "%s of %s may be missing: it returns two values", now.Name, owner)
	}
}

func removable(f *schema.Field) bool { return !f.Required || f.Nullable }

// goTypeNow is the Go type of an older field, by the name that the level has now
// to which it refers.
func (c *comparison) goTypeNow(old *schema.Field) string {
	f := *old
	f.Targets = c.levelsNow(old.Targets)
	return goType(&f)
}

// goType is how a field is read in Go, "" for constants.
func goType(f *schema.Field) string {
	name := ""
	switch f.Kind {
	case format.TextField:
		name = "string"
	case format.IntField:
		name = "int64"
	case format.FloatField:
		name = "float64"
	case format.BoolField:
		name = "bool"
	case format.TimeField:
		name = "time.Time"
	case format.DateField:
		name = "a date"
	case format.DurationField:
		name = "time.Duration"
	case format.EnumField:
		name = f.Enum.Name
	case format.ObjectField:
		name = f.Object.Name
	case format.RawField:
		name = "json.RawMessage"
	case format.ReferenceField:
		name = "ItemID"
		if !f.AnyTarget && len(f.Targets) == 1 {
			name = f.Targets[0].Name + "ID"
		}
	case format.ConstantField:
		return ""
	}
	if f.List {
		return "a sequence of " + name
	}
	return name
}

// fieldInFiles compares what documents may hold.
func (c *comparison) fieldInFiles(owner string, old, now *schema.Field) {
	if now.Required && !old.Required {
		c.breaksFiles(now.Pos, "%s without the field %q is refused now", owner, now.Key)
	}
	if old.Nullable && !now.Nullable && now.Kind != format.RawField {
		c.breaksFiles(now.Pos, "the field %q of %s may not be null any more", now.Key, owner)
	}
	if why := c.narrowed(old, now); why != "" {
		c.breaksFiles(now.Pos, "the field %q of %s %s", now.Key, owner, why)
		return
	}
	for _, r := range now.Rules {
		if !r.Warn && !implied(r, old.Rules) {
			c.breaksFiles(now.Pos, "the field %q of %s has to keep a rule that it did not have to: %s", now.Key, owner, ruleWords(r))
		}
	}
}

// narrowed says which values of a field that were accepted are not, rules aside.
// It is "" if there are none.
func (c *comparison) narrowed(old, now *schema.Field) string {
	if now.Kind == format.RawField && (!now.List || old.List) {
		return ""
	}
	if old.List != now.List {
		if now.List {
			return "has to be a list now"
		}
		return "may not be a list any more"
	}
	if old.Kind != now.Kind {
		if acceptedKinds(now.Kind, old) {
			return ""
		}
		return "has to be " + kindWords(now) + " now, and was " + kindWords(old)
	}
	switch now.Kind {
	case format.TimeField:
		if old.Form != now.Form {
			return "has to be " + kindWords(now) + " now, and was " + kindWords(old)
		}
	case format.ConstantField:
		if old.Constant != now.Constant {
			return "has to be " + kindWords(now) + " now, and was " + kindWords(old)
		}
	case format.EnumField:
		return narrowedEnum(old.Enum, now.Enum)
	case format.ObjectField:
		if old.Object.Name != now.Object.Name {
			return "has to be " + kindWords(now) + " now, and was " + kindWords(old)
		}
	case format.ReferenceField:
		return narrowedTargets(c.levelsNow(old.Targets), now)
	}
	return ""
}

func narrowedEnum(old, now *schema.Enum) string {
	if old.Warn && !now.Warn {
		return "may not hold texts that the enum " + now.Name + " does not list any more"
	}
	var gone, changed []string
	for _, v := range old.Values {
		for _, text := range append([]string{v.Name}, v.Aliases...) {
			switch n := valueOf(now, text); {
			case n == nil:
				gone = append(gone, text)
			case n.Name != v.Name && n.GoName != v.GoName:
				changed = append(changed, fmt.Sprintf("%s as %s instead of %s", text, n.Name, v.Name))
			}
		}
	}
	var why []string
	switch {
	case len(gone) > 0 && now.Warn:
		why = append(why, "finds no value in "+strings.Join(gone, ", ")+" any more")
	case len(gone) > 0:
		why = append(why, "may not be "+strings.Join(gone, ", ")+" any more")
	}
	if len(changed) > 0 {
		why = append(why, "reads "+strings.Join(changed, ", "))
	}
	return strings.Join(why, ", and ")
}

// valueOf returns the value of an enum that a text is, nil for none.
func valueOf(e *schema.Enum, text string) *schema.EnumValue {
	for _, v := range e.Values {
		if v.Name == text || slices.Contains(v.Aliases, text) {
			return v
		}
	}
	return nil
}

func narrowedTargets(old []*schema.Level, now *schema.Field) string {
	if now.AnyTarget {
		return ""
	}
	for _, target := range old {
		if named(now.Targets, target.Name, levelName) == nil {
			return "may not refer to " + target.Plural + " any more"
		}
	}
	return ""
}

// acceptedKinds reports whether all values of one kind are values of another.
func acceptedKinds(now format.FieldKind, old *schema.Field) bool {
	number := old.Form == format.UnixSeconds || old.Form == format.UnixMilliseconds
	switch now {
	case format.IntField:
		return old.Kind == format.TimeField && number
	case format.FloatField:
		return old.Kind == format.IntField || old.Kind == format.TimeField && number
	case format.TextField:
		return old.Kind == format.TimeField && !number || old.Kind == format.DateField || old.Kind == format.DurationField ||
			old.Kind == format.EnumField || old.Kind == format.ConstantField
	}
	return false
}

// kindWords says what a field holds in the words of schemas.
func kindWords(f *schema.Field) string {
	words := ""
	switch f.Kind {
	case format.TextField:
		words = "string"
	case format.IntField:
		words = "int"
	case format.FloatField:
		words = "float"
	case format.BoolField:
		words = "bool"
	case format.TimeField:
		words = "time"
		if f.Form != format.RFC3339 {
			words = "time of the form " + f.Form.String()
		}
	case format.DateField:
		words = "date"
	case format.DurationField:
		words = "duration"
	case format.EnumField:
		words = f.Enum.Name
	case format.ObjectField:
		words = f.Object.Name
	case format.ReferenceField:
		words = "reference"
	case format.RawField:
		words = "raw"
	case format.ConstantField:
		return "the constant " + f.Constant
	}
	if f.List {
		return "a list of " + words
	}
	return words
}
