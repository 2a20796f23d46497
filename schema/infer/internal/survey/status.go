package survey

import (
	"slices"
	"strings"
)

// Form is what the values of a status look like.
type Form uint8

// The forms.
const (
	Words   Form = iota + 1 // texts
	Flag                    // true and false, or 1 and 0 that stand for them
	Numbers                 // whole numbers
	Mixed                   // some of these
)

// Status is a place in the rows of a table that says how far the work is.
type Status struct {
	Path   []string
	Form   Form
	Column *Column
	// Missing counts the rows that have nothing there, Nulls those with null. NullWay
	// says that in some row null stands in place of an object on the way.
	Missing, Nulls int
	NullWay        bool

	score int
}

// Key returns the path as people write it.
func (s *Status) Key() string { return strings.Join(s.Path, ".") }

// OneValue reports whether all rows that say something say the same.
func (s *Status) OneValue() bool {
	values := len(s.Column.Counts())
	if s.Nulls > 0 {
		values--
	}
	return values == 1
}

// Finding is all that rows say about how far the work is.
type Finding struct {
	// Status is the place that says it best, nil if none does.
	Status *Status
	// Flags are the flags that say a part of it each, where there are several and
	// no Status.
	Flags []*Column
	// Beside are other places that say it as well.
	Beside []*Status
	// Unlike is a column with the name of a status whose values are those of none:
	// sentences, codes, names of something else.
	Unlike *Column
	// Ends are columns of when the work was over, Measures of how much of it.
	Ends, Measures []*Column
}

// Progress returns what the rows say about how far the work is.
func (t *Table) Progress() *Finding {
	f := &Finding{}
	var statuses []*Status
	t.collect(f, &statuses, nil, len(t.Rows), 0)
	slices.SortStableFunc(statuses, func(a, b *Status) int { return b.score - a.score })
	var finish, start []*Status
	for _, s := range statuses {
		switch key := Fold(s.Path[len(s.Path)-1]); {
		case s.Form != Flag || !finishKeys[key] && !startKeys[key]:
		case finishKeys[key]:
			finish = append(finish, s)
		case s.varies():
			start = append(start, s)
		}
	}
	if len(statuses) == 0 {
		return f
	}
	best := statuses[0]
	isFlag := slices.Contains(finish, best) || slices.Contains(start, best)
	if isFlag {
		flags := slices.Concat(finish, start)
		if len(finish) != 1 || len(start) > 0 {
			for _, s := range flags {
				f.Flags = append(f.Flags, s.Column)
			}
			if len(flags) < 2 {
				f.Flags = nil
			}
			return f
		}
		best = finish[0]
	}
	f.Status = best
	for _, s := range statuses {
		if s != best {
			f.Beside = append(f.Beside, s)
		}
	}
	return f
}

// varies reports whether a flag is set in some row.
func (s *Status) varies() bool {
	return slices.ContainsFunc(s.Column.Counts(), func(c Count) bool { return c.Text == "true" || c.Text == "1" })
}

const deepestStatus = 3

func (t *Table) collect(f *Finding, statuses *[]*Status, path []string, rows, depth int) {
	for _, c := range t.Columns {
		at := append(slices.Clip(path), c.Key)
		name := Fold(c.Key)
		switch {
		case c.Only(Null):
		case c.Only(Object, Null):
			before := len(*statuses)
			t.collectInside(f, statuses, c, at, rows, depth)
			for _, s := range (*statuses)[before:] {
				s.NullWay = s.NullWay || c.Kinds[Null] > 0
			}
		case !c.Only(Text, Boolean, Integer, Null):
			if measureKeys[name] && c.Only(Float, Integer, Null) {
				f.Measures = append(f.Measures, c)
			}
		case statusScore(name) > 0 || finishKeys[name] || startKeys[name] || placeKeys[name] && c.Only(Text, Null):
			if s := c.status(at, rows); s != nil {
				*statuses = append(*statuses, s)
			} else if statusScore(name) > 0 {
				f.Unlike = c
			}
		case endKeys[name]:
			f.Ends = append(f.Ends, c)
		case measureKeys[name] && c.Only(Integer, Null):
			f.Measures = append(f.Measures, c)
		}
	}
}

// collectInside looks into the objects of a column: one that is the status, or one
// that holds what others have as keys of the item.
func (t *Table) collectInside(f *Finding, statuses *[]*Status, c *Column, path []string, rows, depth int) {
	name := Fold(c.Key)
	switch {
	case depth >= deepestStatus:
	case statusScore(name) > 0:
		inside := c.Inside()
		for _, want := range nameKeys {
			for _, inner := range inside.Columns {
				if Fold(inner.Key) != want || !inner.Only(Text, Null) {
					continue
				}
				if s := inner.status(append(slices.Clip(path), inner.Key), rows); s != nil {
					s.score += statusScore(name)
					*statuses = append(*statuses, s)
					return
				}
			}
		}
		inside.collect(f, statuses, path, rows, depth+1)
	case insideKeys[name]:
		c.Inside().collect(f, statuses, path, rows, depth+1)
	}
}

// statusScore says how surely a key, folded, is that of a status by its name; 0
// for others.
func statusScore(name string) int {
	switch {
	case name == "status":
		return 100
	case name == "state":
		return 90
	case strings.HasSuffix(name, "status"):
		return 60
	case strings.HasSuffix(name, "state"), name == "stage":
		return 50
	}
	return 0
}

// Bounds of what is taken for a status.
const (
	longestStatus = 64
	mostStatuses  = 100
	mostNumbers   = 12
	few           = 12
)

// status judges a column of scalars by its values; nil if they are none of a
// status.
func (c *Column) status(path []string, rows int) *Status {
	name := Fold(c.Key)
	s := &Status{Path: path, Column: c, Missing: rows - len(c.Cells), Nulls: c.Kinds[Null]}
	counts := c.Counts()
	known := 0
	for _, count := range counts {
		if _, ok := MeaningOf(count.Text); ok && count.Kind == Text {
			known += count.N
		}
	}
	isFlag := finishKeys[name] || startKeys[name]
	switch values := len(c.Cells) - c.Kinds[Null]; {
	case c.Only(Boolean, Null), isFlag && c.Only(Boolean, Integer, Null) && c.isZeroOrOne():
		s.Form = Flag
		s.score = 40
	case isFlag && c.Only(Text, Null) && known == 0, isFlag && !c.Only(Text, Null):
		return nil
	case c.Only(Text, Null):
		rare := known == 0 && 2*values < rows
		if c.isProse(values) || 2*known < values && name != "status" || rare {
			return nil
		}
		s.Form = Words
		s.score = 60 + 30*known/values
	case c.Only(Integer, Null):
		if statusScore(name) == 0 || !c.isSmall() {
			return nil
		}
		s.Form = Numbers
		s.score = 20
	default:
		if statusScore(name) == 0 {
			return nil
		}
		s.Form = Mixed
		s.score = 20
	}
	s.score += statusScore(name) + 60*(len(c.Cells)-c.Kinds[Null])/max(rows, 1)
	return s
}

func (c *Column) isZeroOrOne() bool {
	return !slices.ContainsFunc(c.Counts(), func(n Count) bool { return n.Kind == Integer && n.Text != "0" && n.Text != "1" })
}

// isSmall reports whether numbers are few, and of one or two digits: others are
// codes, or measures.
func (c *Column) isSmall() bool {
	return len(c.Counts()) <= mostNumbers &&
		!slices.ContainsFunc(c.Counts(), func(n Count) bool { return n.Kind == Integer && len(strings.TrimPrefix(n.Text, "-")) > 2 })
}

// isProse reports whether texts are sentences, rather than words that repeat.
func (c *Column) isProse(values int) bool {
	counts := c.Counts()
	return len(counts) > mostStatuses || len(counts) > few && len(counts) > values/3 ||
		slices.ContainsFunc(counts, func(n Count) bool {
			return n.Kind == Text && (len(n.Text) > longestStatus || strings.ContainsAny(n.Text, "\n\r\t"))
		})
}
