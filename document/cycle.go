package document

// Cycles returns the cycles of dependencies: for each set of items that wait
// for each other, one way round. It looks at every item of the document.
func (d *Document) Cycles() [][]ID {
	d = d.settled()
	total := 0
	for l := range d.shape.levels {
		total += len(d.shape.levels[l].nodes)
	}
	w := cycleWalk{doc: d, state: make([]visit, total)}
	for n := range total {
		w.from(n)
	}
	return w.found
}

type visit uint8

const (
	unseen visit = iota
	onPath
	finished
)

// cycleWalk is a depth-first walk along dependencies, without recursion: a
// chain may be as long as the document.
type cycleWalk struct {
	doc   *Document
	state []visit
	path  []pathStep
	found [][]ID
}

type pathStep struct {
	number int
	rest   []int // dependencies not looked at yet
}

func (w *cycleWalk) from(start int) {
	if w.state[start] != unseen {
		return
	}
	w.enter(start)
	for len(w.path) > 0 {
		top := &w.path[len(w.path)-1]
		if len(top.rest) == 0 {
			w.state[top.number] = finished
			w.path = w.path[:len(w.path)-1]
			continue
		}
		next := top.rest[0]
		top.rest = top.rest[1:]
		switch w.state[next] {
		case unseen:
			w.enter(next)
		case onPath:
			w.report(next)
		}
	}
}

func (w *cycleWalk) enter(number int) {
	l, i := w.doc.shape.at(number)
	it := w.doc.item(l, i)
	var rest []int
	it.eachDependency(func(ref []byte) bool {
		if tl, ti, ok := it.target(ref); ok {
			rest = append(rest, w.doc.shape.number(tl, ti))
		}
		return true
	})
	w.state[number] = onPath
	w.path = append(w.path, pathStep{number, rest})
}

// report records the part of the path that begins at number.
func (w *cycleWalk) report(number int) {
	var cycle []ID
	for _, step := range w.path {
		if step.number == number || cycle != nil {
			cycle = append(cycle, w.doc.shape.id(w.doc.shape.at(step.number)))
		}
	}
	w.found = append(w.found, cycle)
}
