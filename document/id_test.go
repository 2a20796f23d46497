package document_test

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"github.com/backlog-gen/backlog-gen/document"
)

func TestCompareOrdersIDsNaturally(t *testing.T) {
	order := []document.ID{
		id(""), id("01"), id("1"), id("1.0"), id("1.2"), id("1.10"), id("2"), id("010"), id("10"), id("99999999999999999999"), id("100000000000000000000"),
		id("P1"), id("P1.M2"), id("P1.M10"), id("P2"), id("P10"), id("a"), id("a1"), id("a1b"), id("a2"), id("b"),
		document.NewID("a", ""), document.NewID("a", "1"), document.NewID("g2", "5"), document.NewID("g10", "1"),
	}
	for i, a := range order {
		for j, b := range order {
			want := 0
			switch {
			case i < j:
				want = -1
			case i > j:
				want = 1
			}
			if got := a.Compare(b); got != want {
				t.Errorf("%q compared to %q is %d, want %d", a, b, got, want)
			}
		}
	}
	// Compare is an order on random texts too, and 0 for equal ids only.
	d := &dice{data: randomBytes(7, 1<<16)}
	var all []document.ID
	for range 300 {
		text := ""
		for range d.n(5) {
			text += pick(d, "0", "1", "9", "00", ".", "P", "é", "-")
		}
		all = append(all, document.NewID(pick(d, "", "g", "g1"), text))
	}
	slices.SortFunc(all, document.ID.Compare)
	for i := range all {
		for j := i + 1; j < len(all); j++ {
			if c := all[i].Compare(all[j]); c > 0 || (c == 0) != (all[i] == all[j]) || c != -all[j].Compare(all[i]) {
				t.Fatalf("%q compared to %q is %d", all[i], all[j], c)
			}
		}
	}
}

func TestPartsOfIDs(t *testing.T) {
	typ := planType(t)
	parsed, err := typ.ParseID(2, "P1.M20.T3")
	if err != nil || parsed != id("P1.M20.T3") || typ.IDNumber(parsed) != 3 || typ.ParentID(parsed) != id("P1.M20") || typ.ParentID(id("P1")) != (document.ID{}) {
		t.Errorf("got %v, %v", parsed, err)
	}
	if got := typ.PathID(3, parsed, 7); got != id("P1.M20.T3.S7") {
		t.Errorf("PathID gives %v", got)
	}
	var wrong *document.IDError
	for _, text := range []string{"", "P1", "P1.M1", "P1.M1.T1.S1", "P1.M1.S1", "P1.M01.T1", "P1..T1", "P1.M1.T1.", "p1.m1.t1", "P1.M1.T9999999999"} {
		if _, err := typ.ParseID(2, text); !errors.As(err, &wrong) || wrong.Text != text || wrong.Level != "Task" {
			t.Errorf("%q is the id of a task: %v", text, err)
		}
	}
	for _, text := range []string{"P1", "P1.M1", "P1.M1.T1", "P1.M1.T1.S1"} {
		if _, err := typ.ParseAnyID(text); err != nil {
			t.Error(err)
		}
	}
	if got := (&document.IDError{Text: "x", Level: "Task", Want: "an id such as P1.M1.T1"}).Error(); got != `"x" is not the id of a Task: want an id such as P1.M1.T1` {
		t.Error(got)
	}
	grouped, err := trackerType(t).ParseAnyID("a/b/5.2")
	if err != nil || grouped.Group() != "a/b" || grouped.Text() != "5.2" || grouped.String() != "a/b/5.2" {
		t.Errorf("got %v, %v", grouped, err)
	}
}

func TestNextID(t *testing.T) {
	text := `{"boards":[{"id":1,"lists":[{"id":"1.7","cards":[{"id":"x"}]},{"id":"x"},{"id":3}]},{"id":"a9"},{"id":"1.8"}]}`
	tests := []struct {
		name   string
		typ    *document.Type
		text   string
		parent document.ID
		want   document.ID
		ok     bool
	}{
		{"top", boardType(t), text, document.ID{}, id("9"), true}, // the highest number at an end: 1.8
		{"local, past one that a board has", boardType(t), text, id("1"), id("1.9"), true},
		{"no numbers yet", boardType(t), text, id("1.7"), id("1.7.1"), true},
		{"below a leaf", boardType(t), text, id("1.7.x"), document.ID{}, false},
		{"below nothing", boardType(t), text, id("nobody"), document.ID{}, false},
		{"path", planType(t), onePhase(""), document.ID{}, id("P2"), true},
		{"path, out of order", planType(t), `{"backlog":[{"id":"P10","type":"Phase","title":"T","status":"Planned","description":"D"},{"id":"P2","type":"Phase","title":"T","status":"Planned","description":"D"}]}`, document.ID{}, id("P11"), true},
		{"path, none left", planType(t), `{"backlog":[{"id":"P999999999","type":"Phase","title":"T","status":"Planned","description":"D"}]}`, document.ID{}, document.ID{}, false},
		{"a group that is not there", trackerType(t), `{}`, document.NewID("new", ""), document.NewID("new", "1"), true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := mustParse(t, tt.typ, tt.text).NextID(tt.parent)
			if got != tt.want || ok != tt.ok {
				t.Errorf("got %v, %v: want %v, %v", got, ok, tt.want, tt.ok)
			}
		})
	}
	of := boardType(t).Descriptor()
	of.Levels[0].ID.Int = false
	typ, err := document.NewType(of)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := typ.New().NextID(document.ID{}); ok {
		t.Error("ids that are no numbers have a next one")
	}
	if _, err := typ.New().AddItem(typ.NewItem(0, document.ID{}), document.ID{}); err == nil {
		t.Error("an item without an id is accepted")
	}
}

// failing writes so many bytes and then fails.
type failing struct{ left int }

var errFull = errors.New("no space left")

func (f *failing) Write(p []byte) (int, error) {
	if n := f.left; n < len(p) {
		f.left = 0
		return n, errFull
	}
	f.left -= len(p)
	return len(p), nil
}

func TestWriteToPassesOnErrors(t *testing.T) {
	d := mustParse(t, planType(t), string(samplePlan(2, 5, 5, 40)))
	for n := range 40 {
		var err error
		if d, _, err = d.Apply(append(editTitle("P2.M1.T1.S1", "x"), document.Force(document.NewID("", "P1.M1.T1.S"+string(rune('1'+n%9))), document.Status(1+n%8), "x"))...); err != nil {
			t.Fatal(err)
		}
	}
	whole := d.AppendJSON(nil)
	if got := d.AppendJSON([]byte("before")); string(got) != "before"+string(whole) {
		t.Error("AppendJSON does not append")
	}
	var b bytes.Buffer
	if n, err := d.WriteTo(&b); err != nil || n != int64(len(whole)) || !bytes.Equal(b.Bytes(), whole) || d.Size() != n {
		t.Errorf("WriteTo wrote %d bytes, %v; Size is %d: want %d", n, err, d.Size(), len(whole))
	}
	for _, left := range []int{0, 1, len(whole) / 2, len(whole) - 1} {
		if n, err := d.WriteTo(&failing{left}); !errors.Is(err, errFull) || n != int64(left) {
			t.Errorf("with space for %d bytes WriteTo wrote %d, %v", left, n, err)
		}
	}
}
