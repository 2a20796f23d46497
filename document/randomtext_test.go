package document_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/backlog-gen/backlog-gen/document/format"
)

// member is a member of an object: a tree of members, elements and scalars is a
// document before it is written down.
type member struct {
	key   string
	value any
}

type (
	members  []member
	elements []any
	scalar   string // JSON text
	lines    elements
)

// randomWriter makes documents of a format.
type randomWriter struct {
	*dice
	of     format.Descriptor
	names  int      // text ids given so far
	repeat int      // the text id that is to be given again, 0 for none
	ids    []string // full ids of the group
}

// randomText returns a valid document of a format, in some layout.
func randomText(d *dice, of format.Descriptor) string {
	w := &randomWriter{dice: d, of: of}
	p := printer{dice: d, style: d.n(4), unit: pick(d, "  ", " ", "\t"), newline: pick(d, "\n", "\n", "\r\n")}
	switch root := w.root().(type) {
	case lines:
		p.lines(root)
	default:
		p.print(root, 0)
	}
	if d.yes() {
		p.b.WriteString(p.newline)
	}
	return pick(d, "", "", "\xef\xbb\xbf") + p.b.String()
}

func (w *randomWriter) root() any {
	root := w.of.Roots[w.n(len(w.of.Roots))]
	switch root.Kind {
	case format.RootArray:
		return w.items(0, "")
	case format.RootLines:
		return lines(w.items(0, ""))
	case format.RootObject:
		return w.withFields(w.at(root.Path(), w.items(0, "")))
	}
	var groups members
	for g := range w.n(3) {
		w.ids = nil
		groups = append(groups, member{pick(w.dice, "g", "a/b", "é") + strconv.Itoa(g), w.at(root.Path(), w.items(0, ""))})
	}
	if len(groups) == 0 {
		return groups // what holds other members only is no document
	}
	return w.shuffled(groups, 2)
}

// withFields adds fields of the document to the root object.
func (w *randomWriter) withFields(object any) any {
	if len(w.of.Fields) == 0 {
		return object
	}
	m := object.(members)
	for _, f := range w.of.Fields {
		if f.Required || w.yes() {
			m = append(m, member{f.Key, w.value(f)})
		}
	}
	return w.shuffled(m, 0)
}

// at returns an object that holds a value at a path.
func (w *randomWriter) at(path []string, value any) any {
	for _, key := range slices.Backward(path) {
		value = w.shuffled(members{{key, value}}, 2)
	}
	return value
}

// shuffled adds up to so many members that nobody knows, and mixes the order.
func (w *randomWriter) shuffled(m members, unknown int) members {
	for i := range w.n(unknown + 1) {
		m = append(m, member{fmt.Sprintf("%s%d", pick(w.dice, "unknown", "", "x\"y", "ß"), i), w.anything(2)})
	}
	if w.rarely(3) {
		r := rand.New(rand.NewPCG(uint64(w.n(256)), 0))
		r.Shuffle(len(m), func(i, j int) { m[i], m[j] = m[j], m[i] })
	}
	return m
}

func (w *randomWriter) anything(depth int) any {
	switch w.n(8) {
	case 0:
		return scalar("null")
	case 1:
		return scalar(pick(w.dice, "0", "-0.0", "1e400", "123456789012345678901234567890", "1E-7"))
	case 2:
		return scalar(pick(w.dice, "true", "false"))
	case 3:
		if depth > 0 {
			return elements{w.anything(depth - 1), w.anything(depth - 1)}
		}
	case 4:
		if depth > 0 {
			return members{{"a", w.anything(depth - 1)}, {"b\n", w.anything(depth - 1)}}
		}
	case 5:
		return elements{}
	}
	return w.text()
}

func (w *randomWriter) text() scalar {
	if w.rarely(12) { // an emoji that was cut in two, by JavaScript
		return scalar(`"cut ` + pick(w.dice, `\ud83d`, `\uDE00`, `\ud83d\ud83d\ude00`, `\ud83dx\uDc00`) + `"`)
	}
	return w.quoted(pick(w.dice, "plain", "a to b", "é", "\x00\"\\/\n", "😀", "  x  ", "</script>", "{\"id\":\"P1\"}"))
}

// quoted writes a text with needless escapes here and there.
func (w *randomWriter) quoted(text string) scalar {
	raw, _ := json.Marshal(text)
	if w.rarely(5) && text != "" && text[0] >= 'a' && text[0] <= 'z' {
		return scalar(fmt.Sprintf(`"\u%04x%s`, text[0], raw[2:]))
	}
	return scalar(raw)
}

func (w *randomWriter) items(l int, parent string) elements {
	list := elements{}
	count := w.n(4)
	if l == 0 {
		count = 1 + w.n(4)
	}
	gap, n, name := w.n(2), 0, 0
	for i := range count {
		if w.of.Levels[l].ID.Kind == format.PositionID {
			list = append(list, w.item(l, parent, i+1))
			continue
		}
		if i > 0 && w.of.Levels[l].ID.WarnDuplicate && w.rarely(4) {
			w.repeat = name // the id of an item before
			list = append(list, w.item(l, parent, n))
			continue
		}
		n, name = 1+i*(1+gap), w.names+1
		if gap == 1 && w.rarely(4) {
			n = 100 - n
		}
		list = append(list, w.item(l, parent, n))
	}
	return list
}

func (w *randomWriter) item(l int, parent string, n int) any {
	level := w.of.Levels[l]
	idWay, statusWay, childrenWay := ways(level)
	spelled, id := w.id(l, parent, n)
	w.ids = append(w.ids, id)
	m := &way{}
	if spelled != "" {
		m.put(idWay, spelled)
	}
	for _, f := range level.Fields {
		if f.Required || w.yes() {
			m.put([]string{f.Key}, w.value(f))
		}
	}
	if !level.NoStatus && (!level.StatusOptional || w.yes()) {
		states := w.of.Machines[level.Machine].States
		m.put(statusWay, w.status(level, states[w.n(len(states))]))
	} else if level.StatusNullable && len(statusWay) > 1 && !m.has(statusWay[0]) && (level.Children == "" || statusWay[0] != childrenWay[0]) && w.yes() {
		m.put(statusWay[:1], scalar("null"))
	} else if len(statusWay) > 1 && w.yes() {
		m.open(statusWay[:1])
	}
	switch {
	case level.Children == "":
	case level.ChildrenNullable && w.rarely(4):
		m.put(childrenWay, scalar("null"))
	case level.ChildrenRequired || !w.rarely(4):
		m.put(childrenWay, w.items(l+1, id))
	case level.ChildrenNullable && len(childrenWay) > 1 && !m.has(childrenWay[0]) && !slices.Equal(statusWay[:1], childrenWay[:1]) && w.yes():
		m.put(childrenWay[:1], scalar("null"))
	}
	return m.shuffled(w)
}

// way is an object of which paths lead through members.
type way struct{ members }

// put puts a value at a path.
func (m *way) put(path []string, value any) {
	in := m.open(path[:len(path)-1])
	in.members = append(in.members, member{path[len(path)-1], value})
}

// open returns the object at a path, which it makes.
func (m *way) open(path []string) *way {
	for _, key := range path {
		i := slices.IndexFunc(m.members, func(other member) bool { return other.key == key })
		if i < 0 {
			i = len(m.members)
			m.members = append(m.members, member{key, &way{}})
		}
		m = m.members[i].value.(*way)
	}
	return m
}

func (m *way) has(key string) bool {
	return slices.ContainsFunc(m.members, func(other member) bool { return other.key == key })
}

// shuffled is the object with members that nobody knows, in any order.
func (m *way) shuffled(w *randomWriter) members {
	for i, each := range m.members {
		if inner, ok := each.value.(*way); ok {
			m.members[i].value = inner.shuffled(w)
		}
	}
	return w.shuffled(m.members, 1)
}

// status returns a status as a level has it, in one of its spellings.
func (w *randomWriter) status(level format.LevelDescriptor, s format.Status) any {
	if level.StatusNullable && w.rarely(4) {
		return scalar("null")
	}
	if len(level.StatusValues) == 0 {
		named := w.of.Statuses[s-1]
		return w.quoted(pick(w.dice, append([]string{named.Name, named.Name, named.Name}, named.Aliases...)...))
	}
	i := slices.IndexFunc(level.StatusValues, func(v format.StatusValue) bool { return v.Status == s })
	return w.spelled(pick(w.dice, level.StatusValues[i].JSON...))
}

// spelled writes a value in another way, now and then.
func (w *randomWriter) spelled(raw string) any {
	var elems []json.RawMessage
	var object map[string]json.RawMessage
	switch {
	case raw[0] == '"':
		var text string
		_ = json.Unmarshal([]byte(raw), &text)
		return w.quoted(text)
	case json.Unmarshal([]byte(raw), &elems) == nil && elems != nil:
		out := elements{}
		for _, e := range elems {
			out = append(out, w.spelled(string(e)))
		}
		return out
	case json.Unmarshal([]byte(raw), &object) == nil && object != nil:
		var out members
		for _, key := range slices.Sorted(maps.Keys(object)) {
			out = append(out, member{key, w.spelled(string(object[key]))})
		}
		if w.yes() {
			slices.Reverse(out)
		}
		return out
	case raw[0] == '-' || raw[0] >= '0' && raw[0] <= '9':
		return scalar(pick(w.dice, raw, or(map[string]string{"0": "-0.0", "1": "10E-1", "1.50": "15e-1", "-7e2": "-700"}[raw], raw)))
	}
	return scalar(raw)
}

// id returns the n-th id below a parent: as it is spelled, and in full.
func (w *randomWriter) id(l int, parent string, n int) (scalar, string) {
	d := w.of.Levels[l].ID
	repeat := w.repeat
	w.repeat = 0
	dot := ""
	if l > 0 {
		dot = parent + "."
	}
	own := strconv.Itoa(n)
	switch {
	case d.Kind == format.PositionID:
		return "", dot + "#" + own
	case d.Kind == format.PathID:
		return w.quoted(dot + d.Prefix + own), dot + d.Prefix + own
	case d.Kind == format.TextID:
		w.names++
		own, dot = strconv.Itoa(1000+w.names), ""
		if repeat > 0 {
			own = strconv.Itoa(1000 + repeat)
		}
	case w.rarely(4):
		return w.quoted(dot + own), dot + own
	}
	switch {
	case d.Int && w.yes():
		return scalar(own), dot + own
	case d.Float && w.yes() && parent != own:
		return scalar(own + ".50"), dot + own + ".50"
	case w.rarely(3):
		return w.quoted("é-" + own), dot + "é-" + own
	}
	return w.quoted(own), dot + own
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

func (w *randomWriter) value(f format.FieldDescriptor) any {
	if f.Nullable && w.rarely(3) {
		return scalar("null")
	}
	if !f.List {
		return w.single(f)
	}
	list := elements{}
	for range w.n(4) {
		list = append(list, w.single(f))
	}
	return list
}

func (w *randomWriter) single(f format.FieldDescriptor) any {
	switch f.Kind {
	case format.IntField:
		return scalar(pick(w.dice, "0", "-7", "42", "999999"))
	case format.FloatField:
		return scalar(pick(w.dice, "1.50", "-0", "3e2", "1e-400", "7"))
	case format.BoolField:
		return scalar(pick(w.dice, "true", "false"))
	case format.TimeField:
		return w.time(f.Form)
	case format.DateField:
		return w.quoted(pick(w.dice, "2024-02-29", "0000-01-01"))
	case format.DurationField:
		return w.quoted(pick(w.dice, "1h30m", "0", "-1.5h", "90m0s", "1h30m0.000000001s"))
	case format.EnumField:
		e := w.of.Enums[f.Enum]
		if e.Warn && w.rarely(4) {
			return w.quoted("unheard of")
		}
		v := e.Values[w.n(len(e.Values))]
		return w.quoted(pick(w.dice, append([]string{v.Name}, v.Aliases...)...))
	case format.ReferenceField:
		return w.reference()
	case format.RawField:
		return w.anything(2)
	case format.ConstantField:
		return w.quoted(f.Constant)
	case format.ObjectField:
		var m members
		for _, field := range w.of.Objects[f.Object].Fields {
			if field.Required || w.yes() {
				m = append(m, member{field.Key, w.value(field)})
			}
		}
		return w.shuffled(m, 1)
	}
	return w.text()
}

func (w *randomWriter) time(form format.TimeForm) any {
	switch form {
	case format.CompactTime:
		return w.quoted(pick(w.dice, "20240229T120000Z", "00000101T000000Z"))
	case format.UnixSeconds:
		return scalar(pick(w.dice, "1796119200", "0", "-62167219200"))
	case format.UnixMilliseconds:
		return scalar(pick(w.dice, "1796119200123", "-1", "253402300799999"))
	}
	return w.quoted(pick(w.dice, "2024-02-29T12:00:00Z", "2024-01-01T00:00:00.123+02:00", "2024-01-01T00:00:00.123456789-11:30", "2024-01-01T00:00:00.000Z"))
}

func (w *randomWriter) reference() any {
	id := "nothing"
	if len(w.ids) > 0 && !w.rarely(5) {
		id = w.ids[w.n(len(w.ids))]
	}
	if last := id[strings.LastIndexByte(id, '.')+1:]; w.yes() && last != "" && last[0] >= '1' && last[0] <= '9' {
		return scalar(last) // perhaps a sibling, perhaps nothing
	}
	return w.quoted(id)
}

// printer writes a tree in one of several layouts.
type printer struct {
	*dice
	b             strings.Builder
	style         int // compact, indented, on one line with spaces, wild
	unit, newline string
}

func (p *printer) space(depth int) {
	switch p.style {
	case 1:
		p.b.WriteString(p.newline + strings.Repeat(p.unit, depth))
	case 3:
		p.b.WriteString(pick(p.dice, "", " ", "\n", "\t \r\n"))
	}
}

func (p *printer) print(v any, depth int) {
	switch v := v.(type) {
	case scalar:
		p.b.WriteString(string(v))
	case elements:
		p.list('[', ']', len(v), depth, func(i int) { p.print(v[i], depth+1) })
	case members:
		p.list('{', '}', len(v), depth, func(i int) {
			key, _ := json.Marshal(v[i].key)
			p.b.Write(key)
			if p.style == 3 {
				p.space(depth)
			}
			p.b.WriteByte(':')
			switch p.style {
			case 1, 2:
				p.b.WriteByte(' ')
			case 3:
				p.space(depth)
			}
			p.print(v[i].value, depth+1)
		})
	}
}

// lines writes each element on a line.
func (p *printer) lines(all lines) {
	if p.style = 2 * (p.style % 2); len(all) > 1 && p.rarely(8) {
		all = nil // an empty file is a document
	}
	for i, v := range all {
		if i > 0 {
			p.b.WriteString(pick(p.dice, "", "", " ") + p.newline + pick(p.dice, "", "", "\n", " \t"))
		}
		p.print(v, 0)
	}
}

func (p *printer) list(open, closing byte, n, depth int, each func(i int)) {
	p.b.WriteByte(open)
	for i := range n {
		if i > 0 {
			p.b.WriteByte(',')
			if p.style == 2 {
				p.b.WriteByte(' ')
			}
		}
		p.space(depth + 1)
		each(i)
	}
	if n > 0 || p.style == 3 {
		p.space(depth)
	}
	p.b.WriteByte(closing)
}

// randomBytes are choices for dice, the same in every run.
func randomBytes(seed uint64, n int) []byte {
	r := rand.New(rand.NewPCG(seed, 1))
	out := make([]byte, n)
	for i := range out {
		out[i] = byte(r.Uint32())
	}
	return out
}

// randomSeeds adds a number of inputs that choose at random.
func randomSeeds(f *testing.F, n int, add func([]byte)) {
	for seed := range n {
		add(randomBytes(uint64(seed), 400+seed*37%4000))
	}
}
