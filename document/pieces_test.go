package document_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/engine"
	"github.com/backlog-gen/backlog-gen/document/format"
)

// joinPieces puts the frame and the pieces together by the parents, as the
// documentation says.
func joinPieces(d *document.Document) string {
	below := map[document.ID][]document.Item{}
	for it := range d.All() {
		below[engine.ParentID(it)] = append(below[engine.ParentID(it)], it)
	}
	var fill func(text []byte, of ...document.ID) string
	fill = func(text []byte, of ...document.ID) string {
		var out strings.Builder
		for _, id := range of {
			if len(below[id]) == 0 {
				continue
			}
			before, after, ok := bytes.Cut(text, []byte{engine.Mark})
			if !ok {
				return "no mark for the items below " + id.String()
			}
			out.Write(before)
			for _, it := range below[id] {
				out.WriteString(fill(engine.AppendPiece(nil, it), it.ID()))
			}
			text = after
		}
		return out.String() + string(text)
	}
	var groups []document.ID
	for _, name := range d.Groups() {
		groups = append(groups, document.NewID(name, ""))
	}
	return fill(engine.Frame(d), groups...)
}

// wantPieces checks that the pieces make the document, and that the differences
// lead from the pieces of a to those of b.
func wantPieces(t *testing.T, a, b *document.Document) {
	t.Helper()
	if diff := cmp.Diff(string(b.AppendJSON(nil)), joinPieces(b)); diff != "" {
		t.Fatalf("the pieces make another document (-want +got):\n%s", diff)
	}
	differences, frame := engine.DiffPieces(a, b)
	if (string(engine.Frame(a)) != string(engine.Frame(b))) != frame {
		t.Errorf("frame differs: %v", frame)
	}
	pieces := pieceList(a)
	for _, d := range differences {
		id := d.Before.ID()
		if d.Before.IsZero() {
			id = d.After.ID()
		} else if d.After.IsZero() || d.Placed {
			pieces = slices.DeleteFunc(pieces, func(p piece) bool { return p.id == id })
		}
		switch {
		case d.After.IsZero():
		case d.Placed:
			pieces = slices.Insert(pieces, placeOf(t, pieces, d.After), pieceOf(d.After))
		default:
			at := slices.IndexFunc(pieces, func(p piece) bool { return p.id == id })
			pieces[at] = pieceOf(d.After)
		}
	}
	if diff := cmp.Diff(fmt.Sprint(pieceList(b)), fmt.Sprint(pieces)); diff != "" {
		t.Fatalf("the differences lead elsewhere (-want +got):\n%s", diff)
	}
}

type piece struct {
	id, parent document.ID
	text       string
}

func pieceOf(it document.Item) piece {
	return piece{it.ID(), engine.ParentID(it), string(engine.AppendPiece(nil, it))}
}

func pieceList(d *document.Document) []piece {
	var out []piece
	for it := range d.All() {
		out = append(out, pieceOf(it))
	}
	return out
}

// placeOf returns where an item belongs: behind the one before it, which is
// there because placed items come in document order.
func placeOf(t *testing.T, pieces []piece, it document.Item) int {
	t.Helper()
	before, ok := engine.Before(it)
	if !ok {
		return 0
	}
	at := slices.IndexFunc(pieces, func(p piece) bool { return p.id == before.ID() })
	if at < 0 {
		t.Fatalf("%s is placed behind %s, which is not there", it.ID(), before.ID())
	}
	return at + 1
}

// TestPieces takes random documents apart, and their versions after random
// groups of changes.
func TestPieces(t *testing.T) {
	made, kinds := 0, map[string]int{}
	for seed := range uint64(150) {
		data := randomBytes(seed, 3000)
		d := &dice{data: data}
		typ := mustType(t, named(randomDescriptor(d)))
		first, err := typ.Parse([]byte(randomText(d, typ.Descriptor())))
		if err != nil || sharesIDs(first) {
			continue // pieces are of items that ids name
		}
		made++
		wantPieces(t, first, first)
		now := first
		for range 12 {
			next, _, err := now.Apply(newChanger(d, now).group()...)
			if err != nil {
				continue
			}
			wantPieces(t, now, next)
			wantPieces(t, next, first)
			differences, frame := engine.DiffPieces(now, next)
			for _, d := range differences {
				kinds[fmt.Sprint(d.Before.IsZero(), d.After.IsZero(), d.Placed)]++
			}
			kinds[fmt.Sprint("frame ", frame)]++
			now = next
		}
	}
	if made < 50 || kinds["true false true"] < 20 || kinds["false true false"] < 20 || kinds["false false false"] < 100 || kinds["frame true"] == 0 {
		t.Errorf("not much of a test: %d documents, %v", made, kinds)
	}
}

func sharesIDs(d *document.Document) bool {
	for it := range d.All() {
		if _, ok := d.Find(it.ID()); !ok {
			return true
		}
	}
	return false
}

// TestPiecesOfAnyOrder compares documents whose items were shuffled, with no
// changes known that lead from one to the other.
func TestPiecesOfAnyOrder(t *testing.T) {
	typ := boardType(t)
	r := rand.New(rand.NewPCG(1, 2))
	text := func() string {
		names := r.Perm(8)[:3+r.IntN(5)]
		items := make([]string, len(names))
		for i, n := range names {
			items[i] = fmt.Sprintf(`{"id":"n%d","lists":[{"id":1},{"id":%d}]}`, n, 2+r.IntN(2))
		}
		return `{"boards":[` + strings.Join(items, ", ") + `]}`
	}
	for range 200 {
		a, err := typ.Parse([]byte(text()))
		if err != nil {
			t.Fatal(err)
		}
		b, err := typ.Parse([]byte(text()))
		if err != nil {
			t.Fatal(err)
		}
		wantPieces(t, a, b)
	}
}

// TestPiecesOfGroupsOfAnyOrder shuffles groups, and items in them.
func TestPiecesOfGroupsOfAnyOrder(t *testing.T) {
	typ := boardType(t, format.Root{Kind: format.RootGroups, Key: "boards"})
	r := rand.New(rand.NewPCG(3, 4))
	text := func() string {
		var groups []string
		for _, g := range r.Perm(5)[:1+r.IntN(5)] {
			var items []string
			for _, n := range r.Perm(4)[:r.IntN(4)] {
				items = append(items, fmt.Sprintf(`{"id":"n%d"}`, n))
			}
			groups = append(groups, fmt.Sprintf(`"g%d":{"boards":[%s]}`, g, strings.Join(items, ",")))
		}
		return `{` + strings.Join(groups, ", ") + `}`
	}
	for range 200 {
		wantPieces(t, mustParse(t, typ, text()), mustParse(t, typ, text()))
	}
}

// TestPiecesOfAMove wants no more than what moves to be placed.
func TestPiecesOfAMove(t *testing.T) {
	typ := boardType(t)
	var text []string
	for i := range 50 {
		text = append(text, fmt.Sprintf(`{"id":%d}`, i))
	}
	from := mustParse(t, typ, `{"boards":[`+strings.Join(text, ",")+`]}`)
	for _, change := range []document.Change{
		document.Move(id("49"), id(""), document.First()), document.Move(id("0"), id(""), document.Last()), document.Move(id("30"), id(""), document.Before(id("10"))),
	} {
		to, _, err := from.Apply(change)
		if err != nil {
			t.Fatal(err)
		}
		differences, _ := engine.DiffPieces(from, to)
		var placed []document.ID
		for _, d := range differences {
			if d.Placed {
				placed = append(placed, d.After.ID())
			}
		}
		if !slices.Equal(placed, []document.ID{change.ID}) {
			t.Errorf("%s %s places %v", change.ID, change.Edit.Place, placed)
		}
	}
}

func TestBeforeAndAfter(t *testing.T) {
	for seed := range uint64(60) {
		d := &dice{data: randomBytes(seed, 2000)}
		typ := randomType(t, d)
		doc, err := typ.Parse([]byte(randomText(d, typ.Descriptor())))
		if err != nil {
			continue
		}
		items := slices.Collect(doc.All())
		for i, it := range items {
			before, ok := engine.Before(it)
			if ok != (i > 0) || ok && before.ID() != items[i-1].ID() {
				t.Errorf("before %s: %s", it.ID(), before)
			}
			after, ok := engine.After(it)
			if ok != (i+1 < len(items)) || ok && after.ID() != items[i+1].ID() {
				t.Errorf("after %s: %s", it.ID(), after)
			}
		}
	}
}
