package batching

import (
	"slices"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/internal/merge"
)

const (
	firstChunk = 16
	largeChunk = 256
	// inGroup marks a change that is not the last of its group.
	inGroup = -1
)

// journal is the ordered list of accepted groups. Changes are kept in chunks
// that never move, so that adding one costs little and a group handed out stays
// as it is.
type journal struct {
	chunks []*chunk
	groups int
	// updates and space are sums over the groups. Space is about how many
	// bytes it takes to write them down.
	updates int
	space   int64
	// ordered are the lists in which items were moved since the journal was empty.
	// Their orders are part of the space.
	ordered map[document.ID]bool
}

// chunk holds some groups, one after the other.
type chunk struct {
	changes []document.Change
	// ends[i] is the number of updates of the group that changes[i] ends, or
	// inGroup.
	ends []int32
	// start is where the groups begin that have not been dropped.
	start int
}

// stage copies changes behind the last group and returns the copy. They are no
// part of the journal until keep.
func (j *journal) stage(changes []document.Change) []document.Change {
	last := j.room(len(changes))
	used := len(last.changes)
	staged := last.changes[used : used+len(changes) : used+len(changes)]
	copy(staged, changes)
	ownEdits(staged)
	return staged
}

// room returns the last chunk, which has room for so many more changes. One that
// a refused group has left empty is only used if it is no larger than others.
func (j *journal) room(changes int) *chunk {
	size := firstChunk
	if n := len(j.chunks); n > 0 {
		last := j.chunks[n-1]
		empty := len(last.changes) == 0
		if cap(last.changes)-len(last.changes) >= changes && !(empty && cap(last.changes) > largeChunk) {
			return last
		}
		size = min(2*cap(last.changes), largeChunk)
		if empty {
			j.chunks = slices.Delete(j.chunks, n-1, n)
		}
	}
	size = max(size, changes)
	fresh := &chunk{
		changes: make([]document.Change, 0, size),
		ends:    make([]int32, 0, size),
	}
	j.chunks = append(j.chunks, fresh)
	return fresh
}

// ownEdits copies what changes share with those that they were copied from.
func ownEdits(changes []document.Change) {
	for i := range changes {
		if e := changes[i].Edit; e != nil {
			own := *e
			own.Fields = slices.Clone(e.Fields)
			changes[i].Edit = &own
		}
	}
}

// clone returns a copy that shares nothing.
func clone(g Group) Group {
	g.Changes = slices.Clone(g.Changes)
	ownEdits(g.Changes)
	return g
}

// cloneAll returns copies that share nothing.
func cloneAll(groups []Group) []Group {
	groups = slices.Clone(groups)
	for i := range groups {
		groups[i] = clone(groups[i])
	}
	return groups
}

// keep makes the staged changes the last group.
func (j *journal) keep(staged []document.Change, updates int) {
	last := j.chunks[len(j.chunks)-1]
	last.changes = last.changes[:len(last.changes)+len(staged)]
	for range len(staged) - 1 {
		last.ends = append(last.ends, inGroup)
	}
	last.ends = append(last.ends, int32(updates))
	j.groups++
	j.updates += updates
	j.space += spaceOf(staged)
}

// add stages and keeps a group.
func (j *journal) add(g Group) { j.keep(j.stage(g.Changes), g.Updates) }

// between returns the groups after the first from ones, up to the one with the
// number to.
func (j *journal) between(from, to int) []Group {
	groups := make([]Group, 0, to-from)
	position := 0
	for _, c := range j.chunks {
		start := c.start
		for i := start; i < len(c.ends) && position < to; i++ {
			if c.ends[i] == inGroup {
				continue
			}
			if position++; position > from {
				groups = append(groups, Group{Changes: c.changes[start : i+1 : i+1], Updates: int(c.ends[i])})
			}
			start = i + 1
		}
	}
	return groups
}

// countOrders adds the space for the orders of lists in which a group has moved
// items, which led from one document to another.
func (j *journal) countOrders(changes []document.Change, before, after *document.Document) {
	for i := range changes {
		if changes[i].Op != document.OpMove {
			continue
		}
		for _, d := range []*document.Document{before, after} {
			if item, ok := d.Find(changes[i].ID); ok {
				j.countOrder(item)
			}
		}
	}
}

// countOrder adds the space for the order of the list that an item is in, once.
func (j *journal) countOrder(item document.Item) {
	list := merge.ListID(item)
	if j.ordered[list] {
		return
	}
	if j.ordered == nil {
		j.ordered = map[document.ID]bool{}
	}
	j.ordered[list] = true
	for _, id := range merge.Order(item) {
		j.space += spaceInOrders(id)
	}
}

// spaceInOrders is what an item of a list takes whose order is written down at
// four checkpoints.
func spaceInOrders(id document.ID) int64 { return 4 * int64(len(id.Text())+len(`"",`)) }

// drop forgets the first groups. What they are in stays as it is, since groups
// that were handed out share it.
func (j *journal) drop(groups int) {
	for groups > 0 {
		c := j.chunks[0]
		from := c.start
		for groups > 0 && c.start < len(c.ends) {
			if updates := c.ends[c.start]; updates != inGroup {
				groups--
				j.groups--
				j.updates -= int(updates)
			}
			c.start++
		}
		j.space -= spaceOf(c.changes[from:c.start])
		if c.start == len(c.ends) {
			j.chunks[0] = nil // or the array would keep it
			j.chunks = j.chunks[1:]
		}
	}
	if j.groups == 0 {
		j.space, j.ordered = 0, nil
	}
}

// spaceOf estimates how many bytes it takes to write changes down. It is
// generous: escapes may lengthen a text.
func spaceOf(changes []document.Change) int64 {
	const each, field = 80, 32
	// What a record tells about an item, at four checkpoints.
	const states = 50 + 4*80
	var n int
	for i := range changes {
		c := &changes[i]
		n += each + states + 2*(len(c.ID.Group())+len(c.ID.Text())) + 2*len(c.Reason)
		for _, s := range c.Seen {
			n += each + len(s.ID.Group()) + len(s.ID.Text()) + 2*len(s.Text)
		}
		if c.Edit == nil {
			continue
		}
		n += each + len(c.Edit.Parent.Group()) + len(c.Edit.Parent.Text()) + 2*len(c.Edit.Item)
		if !c.Edit.Place.IsZero() {
			n += each + len(c.Edit.Place.Sibling.Group()) + len(c.Edit.Place.Sibling.Text())
		}
		if c.Op == document.OpAdd {
			n += int(spaceInOrders(c.ID)) // it may come into a list where items move
		}
		for _, f := range c.Edit.Fields {
			n += field + len(f.Key) + 2*len(f.Value) + 4*(field+len(f.Key))
		}
	}
	return int64(n)
}
