package docs

import (
	"fmt"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/schema"
)

// picture is a graph: before it is laid out without, then with coordinates, in
// points from the top left corner.
type picture struct {
	// ID is unique in a page: letters, digits, - and _.
	ID            string
	Label         string
	Width, Height float64
	Boxes         []*box
	Arrows        []*arrow
}

// box is a node with one or two lines of text.
type box struct {
	// ID is unique in the picture: letters and digits.
	ID    string
	Kind  boxKind
	Class string
	// Text is the name, Note a small line below it.
	Text, Note string
	// Label says what the box is to those who do not see it.
	Label string
	// Hints are sentences that are shown when it is pointed at.
	Hints []text

	X, Y, Width, Height float64 // X and Y are the centre's
}

type boxKind uint8

const (
	stateBox boxKind = iota + 1
	eventBox
	levelBox
	startDot
)

// arrow leads from one box to another; without a head it is a line.
type arrow struct {
	From, To *box
	Text     string
	Headless bool

	// Curve are the points of a Bézier curve: a start, then three for each part.
	Curve []point
	// Tip is where the head ends.
	Tip point
	// At is the centre of the text.
	At point
}

type point struct{ X, Y float64 }

// maxArrows bounds the pictures that are drawn. Three hundred take a second to lay
// out, more take much longer, and no reader follows so many.
const maxArrows = 300

// TooLargeError reports a state machine with more arrows than can be drawn.
type TooLargeError struct {
	Machine string
	Arrows  int
}

// Error says how many arrows there are.
func (e *TooLargeError) Error() string {
	return fmt.Sprintf("the diagram of the machine %s would have %d arrows: at most %d can be drawn", e.Machine, e.Arrows, maxArrows)
}

// machinePicture draws states as boxes and events as boxes between them: one
// line from each state that an event leaves, and one arrow to where it leads.
// That is less to look at than an arrow with a label for each pair of states,
// and gives the eye and the pointer one place for each event.
func machinePicture(m *schema.Model, of *schema.Machine) (*picture, error) {
	p := &picture{ID: "machine-" + of.GoName, Label: "State diagram of the machine " + of.Name}
	states := map[*schema.Status]*box{}
	start := p.add(&box{ID: "start", Kind: startDot, Class: "start"})
	for _, s := range of.States {
		states[s] = p.add(&box{
			ID:    fmt.Sprintf("s%d", s.Index+1),
			Kind:  stateBox,
			Class: "state " + s.Category.String(),
			Text:  s.Name,
			Note:  s.Category.String(),
			Label: "Status " + s.Name + ", " + s.Category.String(),
			Hints: stateHints(m, of, s),
		})
	}
	p.connect(start, states[of.Initial], false)
	for i, t := range of.Transitions {
		b := &box{
			ID:    fmt.Sprintf("e%d", i+1),
			Kind:  eventBox,
			Class: "event",
			Text:  t.Event.Name,
			Label: "Event " + t.Event.Name,
			Hints: eventHints(m, of, t),
		}
		if len(eventGuards(m, of, t.Event)) > 0 {
			b.Class += " guarded"
			b.Label += ", guarded"
		}
		p.add(b)
		for _, from := range t.From {
			p.connect(states[from], b, true)
		}
		p.connect(b, states[t.To], false)
	}
	if len(p.Arrows) > maxArrows {
		return nil, &TooLargeError{Machine: of.Name, Arrows: len(p.Arrows)}
	}
	return p, nil
}

func (p *picture) add(b *box) *box {
	p.Boxes = append(p.Boxes, b)
	return b
}

func (p *picture) connect(from, to *box, headless bool) *arrow {
	a := &arrow{From: from, To: to, Headless: headless}
	p.Arrows = append(p.Arrows, a)
	return a
}

// stateHints says what a state is, and which events may follow.
func stateHints(m *schema.Model, of *schema.Machine, s *schema.Status) []text {
	var hints []text
	what := joined(": ", say(code(s.Name), " ("+s.Category.String()+")"), proseOf(s.Doc))
	if of.Initial == s {
		what = say(what, " New items are here.")
	}
	hints = append(hints, what)
	leaves := false
	for _, t := range of.Transitions {
		for _, from := range t.From {
			if from != s {
				continue
			}
			leaves = true
			step := say(code(t.Event.Name), " leads to ", code(t.To.Name))
			for _, g := range eventGuards(m, of, t.Event) {
				step = say(step, ", if for ", g)
			}
			hints = append(hints, step)
		}
	}
	if !leaves {
		hints = append(hints, say("No event leads out of here."))
	}
	return hints
}

// eventHints says where an event leads, and what its guards demand.
func eventHints(m *schema.Model, of *schema.Machine, t *schema.Transition) []text {
	var from []string
	for _, s := range t.From {
		from = append(from, s.Name)
	}
	hints := []text{
		joined(": ", say(code(t.Event.Name)), proseOf(t.Event.Doc)),
		say("From ", codes(from, "or"), " to ", code(t.To.Name)),
	}
	guards := eventGuards(m, of, t.Event)
	for _, g := range guards {
		hints = append(hints, say("Guard for ", g))
	}
	if len(guards) == 0 {
		hints = append(hints, say("No guard."))
	}
	return hints
}

// hierarchyPicture draws the levels below each other, with the keys that items
// are under, and the references between levels.
func hierarchyPicture(m *schema.Model) *picture {
	p := &picture{ID: "hierarchy", Label: "The levels of " + m.Package.Name}
	document := p.add(&box{ID: "document", Kind: levelBox, Class: "level document", Text: m.Package.Root, Note: "the document"})
	levels := make([]*box, len(m.Levels))
	for i, l := range m.Levels {
		levels[i] = p.add(&box{ID: fmt.Sprintf("l%d", i+1), Kind: levelBox, Class: "level", Text: l.Name, Note: exampleID(m, l)})
	}
	hold := func(above *box, lists []schema.List) {
		for _, list := range lists {
			if below := levels[list.Of.Index]; below != above {
				p.connect(above, below, false).Text = list.Path.String()
			}
		}
	}
	hold(document, m.Document.Shapes[0].Lists)
	for i, l := range m.Levels {
		hold(levels[i], l.Children)
	}
	for _, r := range referenceArrows(m) {
		p.connect(levels[r.from], levels[r.to], false).Text = r.text
	}
	return p
}

// referenceArrow leads from the level of a field to one that it refers to.
type referenceArrow struct {
	from, to int
	text     string
}

// referenceArrows returns an arrow for each field and level that it refers to. Where
// those are more than can be drawn, there is one for each two levels.
func referenceArrows(m *schema.Model) []referenceArrow {
	var each []referenceArrow
	counts := map[[2]int]int{}
	for i, l := range m.Levels {
		for _, f := range l.Fields {
			if f.Kind != format.ReferenceField || f.AnyTarget {
				continue
			}
			for _, target := range f.Targets {
				each = append(each, referenceArrow{i, target.Index, f.Key})
				counts[[2]int{i, target.Index}]++
			}
		}
	}
	if len(each)+len(m.Levels) <= maxArrows {
		return each
	}
	var merged []referenceArrow
	for i := range m.Levels {
		for j := range m.Levels {
			switch n := counts[[2]int{i, j}]; n {
			case 0:
			case 1:
				merged = append(merged, referenceArrow{i, j, "1 reference"})
			default:
				merged = append(merged, referenceArrow{i, j, fmt.Sprintf("%d references", n)})
			}
		}
	}
	return merged
}

// exampleID is the id of an item of a level, or where any text will do, the key
// that it is under.
func exampleID(m *schema.Model, l *schema.Level) string {
	if l.ID.Kind == format.PathID {
		return examplePath(m, l)
	}
	return l.ID.Path.String()
}
