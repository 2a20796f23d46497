package pgstore

import (
	"crypto/sha256"
	"slices"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/engine"
)

// rows are items as they are stored, column by column.
type rows struct {
	ids, longIDs, parents, statuses, texts []string
	levels                                 []int16
	positions                              [][]byte // none where items stay where they are
}

func (r *rows) add(p piece) {
	r.ids = append(r.ids, p.id)
	r.longIDs = append(r.longIDs, p.longID)
	r.parents = append(r.parents, p.parent)
	r.levels = append(r.levels, int16(p.level))
	r.statuses = append(r.statuses, p.status)
	r.texts = append(r.texts, p.text)
}

// slice returns some of the rows.
func (r *rows) slice(from, to int) rows {
	out := rows{
		ids: r.ids[from:to], longIDs: r.longIDs[from:to], parents: r.parents[from:to],
		statuses: r.statuses[from:to], texts: r.texts[from:to], levels: r.levels[from:to],
	}
	if r.positions != nil {
		out.positions = r.positions[from:to]
	}
	return out
}

// piece is one item as it is stored. longID is empty unless id is shortened.
type piece struct {
	id, longID, parent, status, text string
	level                            document.Level
}

func pieceOf(it document.Item, buffer []byte) piece {
	full := fullKey(it.ID())
	p := piece{
		id: shortKey(full), parent: key(engine.ParentID(it)), level: it.Level(),
		status: it.Document().Type().StatusName(it.Status()), text: string(engine.AppendPiece(buffer[:0], it)),
	}
	if p.id != full {
		p.longID = full
	}
	return p
}

// delta is what has to be written to get from one document to another.
type delta struct {
	edited, moved, added rows
	removed              []string
	// runs are what was placed: each stands in one place, in order.
	runs []run
	// frame is the new one, if it differs.
	frame []byte
	// digest and size are what is to be added to those stored.
	digest digest
	size   int64
}

// run is some items that were placed one behind the other.
type run struct {
	// before and after are the items around it, "" at the start and the end of
	// the document.
	before, after string
	places        []place
}

// place is where in moved or added an item of a run is.
type place struct {
	rows  *rows
	index int
}

func (d *delta) empty() bool {
	return len(d.edited.ids)+len(d.moved.ids)+len(d.added.ids)+len(d.removed) == 0 && d.frame == nil
}

// newDelta compares two documents. It costs time in proportion to what differs,
// unless items were added, removed or moved.
func newDelta(a, b *document.Document) *delta {
	d := &delta{}
	differences, frame := engine.DiffPieces(a, b)
	if frame {
		old := engine.Frame(a)
		d.frame = engine.Frame(b)
		d.digest.toggle("", "", string(old))
		d.digest.toggle("", "", string(d.frame))
		d.size += int64(len(d.frame) - len(old))
	}
	var buffer []byte
	placed := map[document.ID]bool{}
	var last document.Item // of the last run
	for _, difference := range differences {
		var p piece
		if it := difference.Before; !it.IsZero() {
			old := pieceOf(it, buffer)
			d.digest.toggle(old.id, old.parent, old.text)
			d.size -= int64(len(old.text))
			p.id = old.id
		}
		it := difference.After
		if it.IsZero() {
			d.removed = append(d.removed, p.id)
			continue
		}
		p = pieceOf(it, buffer)
		d.digest.toggle(p.id, p.parent, p.text)
		d.size += int64(len(p.text))
		if !difference.Placed {
			d.edited.add(p)
			continue
		}
		target := &d.added
		if !difference.Before.IsZero() {
			target = &d.moved
		}
		target.add(p)
		d.place(it, place{target, len(target.ids) - 1}, placed, &last)
	}
	d.endRun(last)
	d.order(a, b, differences)
	d.moved.positions = make([][]byte, len(d.moved.ids))
	d.added.positions = make([][]byte, len(d.added.ids))
	return d
}

// order adds to the digest what each item stands behind, where that differs: with
// items that were placed or removed, and with those that come next.
func (d *delta) order(a, b *document.Document, differences []engine.PieceDifference) {
	seen := map[document.ID]bool{}
	for _, difference := range differences {
		if !difference.Placed && !difference.After.IsZero() {
			continue
		}
		for _, it := range []document.Item{difference.Before, difference.After} {
			if it.IsZero() {
				continue
			}
			seen[it.ID()] = true
			if next, ok := engine.After(it); ok {
				seen[next.ID()] = true
			}
		}
	}
	for id := range seen {
		for _, in := range []*document.Document{a, b} {
			if it, ok := in.Find(id); ok {
				before, _ := engine.Before(it)
				d.digest.toggle(key(id), "\x00"+key(before.ID()), "") // no parent has a NUL
			}
		}
	}
}

// place puts an item into a run: into the last one if it stands right behind it.
func (d *delta) place(it document.Item, at place, placed map[document.ID]bool, last *document.Item) {
	before, ok := engine.Before(it)
	if !ok || !placed[before.ID()] {
		d.endRun(*last)
		var r run
		if ok {
			r.before = key(before.ID())
		}
		d.runs = append(d.runs, r)
	}
	placed[it.ID()] = true
	*last = it
	r := &d.runs[len(d.runs)-1]
	r.places = append(r.places, at)
}

// endRun notes what stands behind the last run.
func (d *delta) endRun(last document.Item) {
	if len(d.runs) == 0 {
		return
	}
	if after, ok := engine.After(last); ok {
		d.runs[len(d.runs)-1].after = key(after.ID())
	}
}

// neighbours returns the items whose positions have to be known.
func (d *delta) neighbours() []string {
	var ids []string
	for _, r := range d.runs {
		for _, id := range []string{r.before, r.after} {
			if id != "" {
				ids = append(ids, id)
			}
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// arrange gives what was placed its positions, between those of the neighbours.
// It reports whether they have become long.
func (d *delta) arrange(known map[string]position) (long bool, err error) {
	for _, r := range d.runs {
		before, after := known[r.before], known[r.after]
		if r.before != "" && before == nil || r.after != "" && after == nil || before != nil && after != nil && compare(before, after) >= 0 {
			return false, errDamaged
		}
		for i, p := range between(before, after, len(r.places)) {
			data := p.encode()
			r.places[i].rows.positions[r.places[i].index] = data
			long = long || len(data) > maxPosition
		}
	}
	return long, nil
}

// digest is a sum of hashes of what differs between two documents. It depends on
// the two alone, not on the way from one to the other: what is added and taken
// away again leaves nothing.
type digest [sha256.Size]byte

// toggle adds a piece of text, or takes it away.
func (d *digest) toggle(id, parent, text string) {
	h := sha256.New()
	for _, part := range []string{id, "\x00", parent, "\x00", text} {
		h.Write([]byte(part))
	}
	d.add(digest(h.Sum(nil)))
}

func (d *digest) add(other digest) {
	for i := range d {
		d[i] ^= other[i]
	}
}
