package browsertest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/gen/docs"
	"github.com/backlog-gen/backlog-gen/schema"
)

// standing is what a diagram shows.
type standing struct {
	// Chosen is the name that is pointed at, Near what the next event leads to
	// and by, Far what later ones may lead to; sorted.
	Chosen    string
	Near, Far []string
	// Hint is the explanation beside the diagram.
	Hint string
}

func (b *tab) standing() standing {
	b.t.Helper()
	s := evaluate[standing](b, `(() => {
		const names = (selector) => [...document.querySelectorAll('.diagram .box' + selector)].map((e) => e.querySelector('.name').textContent).sort();
		const shown = [...document.querySelectorAll('[data-hint]')].filter((e) => e.getClientRects().length);
		return {Chosen: names('.chosen').join(), Near: names('.near'), Far: names('.far'), Hint: shown.map((e) => e.textContent).join('|')};
	})()`)
	s.Hint = strings.Join(strings.Fields(s.Hint), " ")
	return s
}

// reach works out from the schema what a diagram should show for a state, or for
// an event if that is not "".
func reach(m *schema.Machine, state, event string) (near, far []string) {
	nearSet, farSet := map[string]bool{}, map[string]bool{}
	seen := map[string]bool{}
	step := func(from []string, event string, set map[string]bool) (next []string) {
		for _, t := range m.Transitions {
			for _, s := range t.From {
				if event == "" && !slices.Contains(from, s.Name) || event != "" && t.Event.Name != event {
					continue
				}
				if event == "" {
					set[t.Event.Name] = true
				}
				set[t.To.Name] = true
				if !seen[t.To.Name] {
					seen[t.To.Name] = true
					next = append(next, t.To.Name)
				}
			}
		}
		return next
	}
	seen[state] = true
	next := step([]string{state}, event, nearSet)
	for len(next) > 0 {
		next = step(next, "", farSet)
	}
	delete(nearSet, state)
	delete(farSet, state)
	delete(farSet, event)
	for name := range nearSet {
		near = append(near, name)
		delete(farSet, name)
	}
	for name := range farSet {
		far = append(far, name)
	}
	slices.Sort(near)
	slices.Sort(far)
	return near, far
}

func (b *tab) expect(m *schema.Machine, state, event string, hints ...string) {
	b.t.Helper()
	got := b.standing()
	near, far := reach(m, state, event)
	want := standing{Chosen: state + event, Near: near, Far: far, Hint: got.Hint}
	if diff := cmp.Diff(want, got); diff != "" {
		b.t.Errorf("pointing at %s (-want +got):\n%s", state+event, diff)
	}
	for _, hint := range hints {
		if !strings.Contains(got.Hint, hint) {
			b.t.Errorf("pointing at %s shows %q, want it to hold %q", state+event, got.Hint, hint)
		}
	}
}

func (b *tab) expectNothing() {
	b.t.Helper()
	got := b.standing()
	want := standing{Near: []string{}, Far: []string{}, Hint: got.Hint}
	if diff := cmp.Diff(want, got); diff != "" {
		b.t.Errorf("with nothing pointed at (-want +got):\n%s", diff)
	}
	if !strings.Contains(got.Hint, "Point at a status") {
		b.t.Errorf("with nothing pointed at the hint is %q", got.Hint)
	}
}

// centre scrolls a box into view and returns where its centre is.
func (b *tab) centre(name string) (x, y float64) {
	b.t.Helper()
	at := evaluate[[]float64](b, `(() => {
		const box = [...document.querySelectorAll('.diagram .box')].find((e) => e.querySelector('.name').textContent === %s);
		box.scrollIntoView({block: 'center', inline: 'center', behavior: 'instant'});
		const r = box.querySelector('rect').getBoundingClientRect();
		return [r.x + r.width / 2, r.y + r.height / 2];
	})()`, name)
	return at[0], at[1]
}

func (b *tab) pointAt(name string) {
	b.t.Helper()
	x, y := b.centre(name)
	b.run(chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, x, y))
}

// blur takes the focus away.
func (b *tab) blur() {
	b.t.Helper()
	evaluate[bool](b, `(document.activeElement.blur(), true)`)
}

const guard = "every item that dependencies refers to is done or dropped"

// TestMouse points at every box of a diagram.
func TestMouse(t *testing.T) {
	for _, path := range []string{backlog, taskmaster} {
		m := load(t, path)
		t.Run(m.Package.Name, func(t *testing.T) {
			b := open(t, write(t, m, docs.HTMLFormat), desktop)
			b.expectNothing()
			work := m.Machines[0]
			for _, s := range work.States {
				b.pointAt(s.Name)
				b.expect(work, s.Name, "", s.Name+" ("+s.Category.String()+")")
			}
			for _, tr := range work.Transitions {
				b.pointAt(tr.Event.Name)
				b.expect(work, "", tr.Event.Name, "to "+tr.To.Name)
			}
			b.run(chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, 2, 2))
			b.expectNothing()
		})
	}
}

// TestMouseShowsGuards points at what is guarded and what is not, and keeps what
// is clicked.
func TestMouseShowsGuards(t *testing.T) {
	m := load(t, backlog)
	work := m.Machines[0]
	for _, s := range []screen{desktop, desktopDark} {
		b := open(t, write(t, m, docs.HTMLFormat), s)
		b.pointAt("implement")
		b.expect(work, "", "implement", "Guard for Subtask: "+guard)
		b.pointAt("research")
		b.expect(work, "", "research", "No guard.")
		b.pointAt("Planned")
		b.expect(work, "Planned", "", "implement leads to Implementing, if for Subtask: "+guard)
		b.view("diagram-state", s.name)
		b.run(chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, 2, 2))
		x, y := b.centre("complete")
		b.run(chromedp.MouseClickXY(x, y), chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, 2, 2))
		b.expect(work, "", "complete", "Guard for Phase, Milestone and Task: every child is done or dropped")
		b.view("diagram-event", s.name)
		b.pointAt("Failed")
		b.expect(work, "Failed", "")
		b.run(chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, 2, 2))
		b.expect(work, "", "complete")
		x, y = b.centre("complete")
		b.run(chromedp.MouseClickXY(x, y), chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, 2, 2))
		b.blur()
		b.expectNothing()
	}
}

// TestKeyboard goes through the diagram with the Tab key alone.
func TestKeyboard(t *testing.T) {
	m := load(t, backlog)
	work := m.Machines[0]
	b := open(t, write(t, m, docs.HTMLFormat), desktop)
	focused := func() string {
		return evaluate[string](b, `document.activeElement.getAttribute('aria-label') || document.activeElement.tagName`)
	}
	const patience = 100
	for range patience {
		if strings.HasPrefix(focused(), "Status") {
			break
		}
		b.run(chromedp.KeyEvent("\t"))
	}
	for i, s := range work.States {
		if i > 0 {
			b.run(chromedp.KeyEvent("\t"))
		}
		if want := fmt.Sprintf("Status %s, %s", s.Name, s.Category); focused() != want {
			t.Fatalf("the focus is on %q, want %q", focused(), want)
		}
		b.expect(work, s.Name, "")
	}
	ring := evaluate[string](b, `getComputedStyle(document.activeElement.querySelector('rect')).strokeWidth`)
	if ring != "4px" {
		t.Errorf("the border of what is focused is %s wide", ring)
	}
	b.run(chromedp.KeyEvent("\t"), chromedp.KeyEvent("\t"), chromedp.KeyEvent("\t"))
	if focused() != "Event implement, guarded" {
		t.Fatalf("the focus is on %q", focused())
	}
	b.expect(work, "", "implement", guard)
	if got := evaluate[string](b, `document.querySelector('.announcement').textContent`); !strings.Contains(got, guard) {
		t.Errorf("a screen reader is told %q", got)
	}
	b.view("keyboard", "desktop")
	pressed := func() string { return evaluate[string](b, `document.activeElement.getAttribute('aria-pressed')`) }
	b.run(chromedp.KeyEvent("\r"))
	if pressed() != "true" {
		t.Error("Enter does not keep an event")
	}
	b.blur()
	b.expect(work, "", "implement")
	b.run(chromedp.Focus(chromedp.CSS(`.diagram [aria-pressed=true]`)), chromedp.KeyEvent("\u001b"))
	b.expectNothing()
	b.run(chromedp.KeyEvent(" "))
	if pressed() != "true" {
		t.Error("Space does not keep an event")
	}
}

// TestTouch taps on a phone.
func TestTouch(t *testing.T) {
	m := load(t, backlog)
	work := m.Machines[0]
	for _, s := range []screen{phone, phoneDark} {
		b := open(t, write(t, m, docs.HTMLFormat), s)
		x, y := b.centre("retry")
		b.run(chromedp.TapXY(x, y))
		b.run(chromedp.WaitVisible(chromedp.CSS(`.chosen`)))
		b.expect(work, "", "retry", guard)
		b.view("touch", s.name)
		if got := evaluate[int64](b, `document.documentElement.scrollWidth`); got > s.width {
			t.Errorf("the page is %d wide, the screen %d", got, s.width)
		}
	}
}
