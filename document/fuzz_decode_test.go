package document_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
)

// FuzzDecode compares what a document says about its items with what
// encoding/json reads, on random documents of random formats.
func FuzzDecode(f *testing.F) {
	randomSeeds(f, 300, func(data []byte) { f.Add(data) })
	f.Fuzz(func(t *testing.T, data []byte) {
		d := &dice{data: data}
		typ := randomType(t, d)
		text := randomText(d, typ.Descriptor())
		doc := mustParse(t, typ, text)
		if out := string(doc.AppendJSON(nil)); out != text {
			t.Fatalf("AppendJSON differs (-read +written):\n%s", cmp.Diff(text, out))
		}
		plain, err := decodedDocument(typ, []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		compareWithPlain(t, doc, plain)
	})
}

// decodedDocument decodes the text of a document, JSON Lines as a list of the
// lines.
func decodedDocument(typ *document.Type, text []byte) (any, error) {
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	v, err := decoded(text)
	id, _, _ := ways(typ.Descriptor().Levels[0])
	_, isItem := plainAt(v, id)
	if top := typ.Descriptor(); top.Levels[0].ID.Kind == format.PositionID {
		_, isItem = v.(map[string]any)
		isItem = isItem && !slices.ContainsFunc(top.Roots, func(r format.Root) bool { return r.Kind == format.RootObject && plainList(v, r.Path()) != nil })
	}
	if !hasLines(typ) || err == nil && !isItem {
		return v, err
	}
	list := []any{}
	for line := range bytes.Lines(text) {
		if len(bytes.Trim(line, " \t\r\n")) == 0 {
			continue
		}
		if v, err = decoded(line); err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}

// decoded is what encoding/json makes of a text.
func decoded(text []byte) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, io.ErrUnexpectedEOF
	}
	return v, nil
}

// compareWithPlain walks a document and its plain twin side by side.
func compareWithPlain(t *testing.T, doc *document.Document, plain any) {
	t.Helper()
	tops := plainTops(doc, plain)
	var got []document.Item
	for it := range doc.Items(0) {
		got = append(got, it)
	}
	if len(got) != len(tops) {
		t.Fatalf("%d top items, encoding/json reads %d", len(got), len(tops))
	}
	for i, it := range got {
		compareItem(t, it, tops[i])
	}
}

// plainTops returns the top items, those of groups in the document's order.
func plainTops(doc *document.Document, plain any) []map[string]any {
	var list []any
	d := doc.Type().Descriptor()
	switch root := plain.(type) {
	case []any:
		list = root
	case map[string]any:
		for _, r := range d.Roots {
			if tops := plainList(root, r.Path()); tops != nil && r.Kind == format.RootObject {
				list = tops
			}
		}
		if list == nil {
			return plainGroups(doc, root)
		}
	}
	return objects(list)
}

// plainAt returns what is at a path, false if it is not there.
func plainAt(v any, path []string) (at any, there bool) {
	for _, key := range path {
		object, _ := v.(map[string]any)
		v, there = object[key]
	}
	return v, there
}

// plainList returns the list at a path, nil if there is none.
func plainList(v any, path []string) []any {
	at, _ := plainAt(v, path)
	list, _ := at.([]any)
	return list
}

func plainGroups(doc *document.Document, root map[string]any) []map[string]any {
	var all []map[string]any
	for _, r := range doc.Type().Descriptor().Roots {
		for _, name := range doc.Groups() {
			tops := plainList(root, append([]string{name}, r.Path()...))
			if r.Kind == format.RootGroups {
				all = append(all, objects(tops)...)
			}
		}
	}
	return all
}

func objects(list []any) []map[string]any {
	out := make([]map[string]any, len(list))
	for i := range list {
		out[i] = list[i].(map[string]any)
	}
	return out
}

func compareItem(t *testing.T, it document.Item, plain map[string]any) {
	t.Helper()
	d := it.Document().Type().Descriptor()
	level := d.Levels[it.Level()]
	_, statusWay, childrenWay := ways(level)
	if status, there := plainAt(plain, statusWay); there && status == nil && level.StatusNullable {
		if initial := d.Machines[level.Machine].Initial; it.Status() != initial {
			t.Errorf("%s: null is read as the status %d, and it begins with %d", it, it.Status(), initial)
		}
	} else if there && !level.NoStatus && !slices.ContainsFunc(statusTexts(d, it), func(text string) bool {
		want, err := decoded([]byte(text))
		return err == nil && cmp.Equal(want, status, cmp.Comparer(sameNumber))
	}) {
		t.Errorf("%s: encoding/json reads the status %v", it, status)
	}
	for f, field := range level.Fields {
		raw, ok := it.Raw(f)
		want, there := plain[field.Key]
		if ok != there {
			t.Errorf("%s.%s: there is %v, encoding/json says %v", it, field.Key, ok, there)
			continue
		}
		if !ok {
			continue
		}
		got, err := decoded(raw)
		if err != nil {
			t.Errorf("%s.%s: %q: %v", it, field.Key, raw, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s.%s (-encoding/json +ours):\n%s", it, field.Key, diff)
		}
		compareGetter(t, it, f, field, want)
	}
	list := plainList(plain, childrenWay)
	if it.ChildCount() != len(list) {
		t.Fatalf("%s: %d children, encoding/json reads %d", it, it.ChildCount(), len(list))
	}
	i := 0
	for child := range it.Children() {
		compareItem(t, child, list[i].(map[string]any))
		i++
	}
}

// statusTexts returns the JSON values that are the status of an item.
func statusTexts(d format.Descriptor, it document.Item) []string {
	for _, v := range d.Levels[it.Level()].StatusValues {
		if v.Status == it.Status() {
			return v.JSON
		}
	}
	var texts []string
	for _, text := range append([]string{d.Statuses[it.Status()-1].Name}, d.Statuses[it.Status()-1].Aliases...) {
		quoted, _ := json.Marshal(text)
		texts = append(texts, string(quoted))
	}
	return texts
}

func sameNumber(a, b json.Number) bool {
	x, _ := a.Float64()
	y, _ := b.Float64()
	return x == y
}

// compareGetter compares the typed getter of a single value.
func compareGetter(t *testing.T, it document.Item, f int, field format.FieldDescriptor, want any) {
	t.Helper()
	if want == nil && !field.List {
		if !it.IsNull(f) {
			t.Errorf("%s.%s is null, IsNull says no", it, field.Key)
		}
		return
	}
	if field.List {
		return
	}
	var got any
	switch field.Kind {
	case format.TimeField:
		at, ok := it.Time(f)
		if plain, isNumber := want.(json.Number); isNumber {
			got, want = field.Form.Format(at), plain.String()
		} else {
			plain, _ := field.Form.Parse(want.(string))
			got, want = at.Format(time.RFC3339Nano), plain.Format(time.RFC3339Nano)
		}
		if !ok {
			t.Errorf("%s.%s is no time", it, field.Key)
		}
	case format.DateField:
		d, _ := it.Date(f)
		got = d.String()
	case format.DurationField:
		d, _ := it.Duration(f)
		plain, _ := time.ParseDuration(fmt.Sprint(want))
		got, want = d, plain
	case format.TextField, format.EnumField, format.ConstantField:
		got, _ = it.Text(f)
	case format.BoolField:
		got, _ = it.Bool(f)
	case format.IntField:
		n, _ := it.Int(f)
		plain, _ := want.(json.Number).Int64()
		got, want = n, plain
	case format.FloatField:
		n, _ := it.Float(f)
		plain, _ := want.(json.Number).Float64()
		got, want = n, plain
	default:
		return
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("getter of %s.%s (-encoding/json +ours):\n%s", it, field.Key, diff)
	}
}
