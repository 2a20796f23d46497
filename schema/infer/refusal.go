package infer

import (
	"errors"
	"fmt"
	"strings"

	"github.com/backlog-gen/backlog-gen/schema/infer/internal/survey"
)

// Error says why no schema can be guessed from a document.
type Error struct {
	// Err is the cause: ErrNoItems, ErrNoStatus, ErrBeyond, an error of the JSON,
	// or one that wraps a *schema.Error where no schema can hold the names in the
	// document.
	Err error
	// Found says what is in the document instead, one thing each.
	Found []string
	// Missing says what a schema of the document would say that the engine does not
	// know yet.
	Missing []string
	// Advice says what to do by hand, "" if the cause says it.
	Advice string
}

// Error returns several lines: the cause, what was found, what is missing, and the
// advice.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("no schema can be guessed: " + e.Err.Error())
	for _, f := range e.Found {
		b.WriteString("\n  found " + f)
	}
	for _, m := range e.Missing {
		b.WriteString("\n  not there yet: " + m)
	}
	if e.Advice != "" {
		b.WriteString("\n  by hand: " + e.Advice)
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// The causes.
var (
	// ErrNoItems: a document holds nothing that looks like items.
	ErrNoItems = errors.New("the document holds no items: want a list of objects, as the document itself " +
		"or under keys of objects")
	// ErrNoStatus: objects are there, and none says how far it is.
	ErrNoStatus = errors.New("nothing says how far the work is")
	// ErrBeyond: the work is there, in a form that schemas have no words for.
	ErrBeyond = errors.New("schemas cannot describe what is there")
)

// noWork says why nothing of a document was chosen, and what is there.
func noWork(places []*survey.Place) *Error {
	e := &Error{Err: ErrNoStatus}
	var lists []*survey.Place
	for _, p := range places {
		switch {
		case p.Shape == survey.Keyed && survey.IsWork(p.Key()) && len(p.Table.Rows) > 0:
			lists = append(lists, p)
		case p.Shape != survey.Keyed && p.Shape != survey.Item:
			lists = append(lists, p)
		}
	}
	if len(lists) == 0 {
		return &Error{Err: ErrNoItems, Found: lone(places)}
	}
	for i, p := range lists {
		if i == mostShown {
			e.Found = append(e.Found, counted(len(lists)-i, "more list"))
			break
		}
		e.Found = append(e.Found, describe(p))
	}
	work := likeliest(lists)
	if survey.IsAside(work.Key()) {
		e.Advice = fmt.Sprintf("what is under %s is no work, by its name: put the work into a list of its own", quoted(work.Key()))
		return e
	}
	e.Advice = adviceFor(work)
	if hint := hintFor(work, lists); hint != "" {
		e.Found = append(e.Found, hint)
	}
	return e
}

// describe says what a list holds.
func describe(p *survey.Place) string {
	where := "in the document"
	if len(p.Path) > 0 {
		where = "under " + quoted(p.Name())
	}
	if len(p.Table.Rows) == 0 {
		return fmt.Sprintf("%s %s: texts cannot say how far they are", counted(p.Table.Others[survey.Text], "text"), where)
	}
	return fmt.Sprintf("%s %s, with %s", counted(len(p.Table.Rows), "object"), where, listed(keysOf(p.Table.Columns)))
}

// lone says where an object has a status and stands alone.
func lone(places []*survey.Place) []string {
	var found []string
	for _, p := range places {
		if p.Shape == survey.Item && p.Table.Progress().Status != nil {
			found = append(found, "one object with a status: a list of such objects is wanted, or JSON Lines of more than one line")
		}
		if p.Shape != survey.Item && p.Shape != survey.Keyed {
			continue
		}
		for _, c := range p.Table.Columns {
			if survey.IsWork(c.Key) && c.Inside().Progress().Status != nil {
				found = append(found, fmt.Sprintf("an object with a status under %s, where a list belongs", quoted(c.Key)))
			}
		}
	}
	return found
}

// likeliest returns the list that is the work if any is: by its key, then by its
// length.
func likeliest(lists []*survey.Place) *survey.Place {
	best := lists[0]
	rank := func(p *survey.Place) int {
		r := min(len(p.Table.Rows), 999)
		if survey.IsWork(p.Key()) {
			r += 1000
		}
		if survey.IsAside(p.Key()) {
			r -= 1000
		}
		return r
	}
	for _, p := range lists[1:] {
		if rank(p) > rank(best) {
			best = p
		}
	}
	return best
}

// hintFor says what comes next to a status in a list that has none.
func hintFor(p *survey.Place, lists []*survey.Place) string {
	f := p.Table.Progress()
	link, to := survey.Link(p, lists)
	switch {
	case link != nil:
		return linkNote(link, to)
	case len(f.Flags) > 0:
		return fmt.Sprintf("several flags that each say a part of it: %s", listed(keysOf(f.Flags)))
	case f.Unlike != nil:
		return fmt.Sprintf("%s, whose values are those of no status: %s", quoted(f.Unlike.Key), kindsOf(f.Unlike))
	case len(f.Ends) > 0:
		return fmt.Sprintf("%s, which says when work was over, and not how far it is", quoted(f.Ends[0].Key))
	case len(f.Measures) > 0:
		return fmt.Sprintf("%s, which measures and names no status", quoted(f.Measures[0].Key))
	}
	return boardNote(p)
}

func linkNote(link *survey.Column, to *survey.Place) string {
	return fmt.Sprintf("%s, which holds the ids of %s: a status that is a link to another list cannot be described",
		quoted(link.Key), quoted(to.Name()))
}

// boardNote says that the lists of a board are the statuses.
func boardNote(p *survey.Place) string {
	for _, c := range p.Table.Columns {
		if !c.Only(survey.Text) || c.Missing() > 0 {
			continue
		}
		known := 0
		for _, n := range c.Counts() {
			if _, ok := survey.MeaningOf(n.Text); ok {
				known++
			}
		}
		if known > 1 && 2*known > len(c.Counts()) {
			return fmt.Sprintf("names of statuses under %s: the list that an item stands in cannot be its status here", quoted(c.Key))
		}
	}
	return ""
}

func adviceFor(p *survey.Place) string {
	if len(p.Table.Rows) == 0 {
		return fmt.Sprintf(`make objects of the texts under %s, such as {"id": "1", "title": "…", "status": "open"}`, quoted(p.Name()))
	}
	where := "of the document"
	if len(p.Path) > 0 {
		where = "under " + quoted(p.Name())
	}
	for _, c := range p.Table.Columns {
		if boardNote(p) != "" && c.Only(survey.List) && c.Elements().OnlyObjects() {
			where = "under " + quoted(c.Key)
		}
	}
	return fmt.Sprintf(`give each object %s a "status", such as "open" or "done"`, where)
}
