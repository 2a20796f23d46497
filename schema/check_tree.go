package schema

import (
	"slices"

	"github.com/backlog-gen/backlog-gen/document/format"
)

// checkStatuses refuses a schema in which nothing has a status.
func (l *loader) checkStatuses() {
	if levels := l.model.Levels; len(levels) > 0 && !slices.ContainsFunc(levels, (*Level).hasStatus) {
		l.refuse(l.spanOf(levels[0].Pos), ruleInvalidValue, "no level has a status: nothing says how far the work is")
	}
}

// checkTargets refuses references to items that have no id.
func (l *loader) checkTargets() {
	check := func(fields []*Field) {
		for _, f := range fields {
			for _, target := range f.Targets {
				if target.ID.Kind == format.PositionID && !f.AnyTarget {
					l.refuse(l.spanOf(f.Pos), ruleInvalidValue, "nothing can refer to items of the level %s: they have no ids", target.Name)
				}
			}
			f.Targets = slices.DeleteFunc(f.Targets, func(target *Level) bool { return target.ID.Kind == format.PositionID })
			if f.AnyTarget && len(f.Targets) == 0 && len(l.model.Levels) > 0 {
				l.refuse(l.spanOf(f.Pos), ruleInvalidValue, "nothing can be referred to: no items have ids")
			}
		}
	}
	check(l.model.Document.Fields)
	for _, o := range l.model.Objects {
		check(o.Fields)
	}
	for _, level := range l.model.Levels {
		check(level.Fields)
	}
}

// below returns the levels of the children of a level.
func (level *Level) below() []*Level { return levelsOf(level.Children) }

// levelsOf returns the levels of lists, each once.
func levelsOf(lists []List) []*Level {
	var levels []*Level
	for _, list := range lists {
		if list.Of != nil && !slices.Contains(levels, list.Of) {
			levels = append(levels, list.Of)
		}
	}
	return levels
}

// above returns the levels whose children a level is.
func (l *loader) above(level *Level) []*Level {
	var levels []*Level
	for _, other := range l.model.Levels {
		if slices.Contains(other.below(), level) {
			levels = append(levels, other)
		}
	}
	return levels
}

// tops returns the levels that stand in the document itself, each once.
func (l *loader) tops() []*Level {
	var lists []List
	for _, shape := range l.model.Document.Shapes {
		lists = append(lists, shape.Lists...)
	}
	return levelsOf(lists)
}

func (l *loader) isTop(level *Level) bool { return slices.Contains(l.tops(), level) }

// checkTree judges which lists hold which levels. Where a list names a level
// that does not exist, nothing is said of what may be there.
func (l *loader) checkTree() {
	l.checkPlaces()
	if l.unknownList() {
		return
	}
	tops := l.tops()
	for _, level := range l.model.Levels {
		above := slices.DeleteFunc(l.above(level), func(other *Level) bool { return other == level })
		switch {
		case len(above) == 0 && !slices.Contains(tops, level):
			l.refuse(l.spanOf(level.Pos), ruleUnreachableLevel, "no list holds items of the level %s: name it in a list of the document, or among the children of a level before it", level.Name)
		case len(above) > 0 && above[len(above)-1].Index > level.Index:
			l.refuse(l.spanOf(level.Pos), ruleLevelOrder, "the level %s is below %s, and stands before it: a level stands after those whose children it is", level.Name, above[len(above)-1].Name)
		}
	}
}

// unknownList reports whether it is not known which levels all lists hold.
func (l *loader) unknownList() bool {
	unknown := func(list List) bool { return list.Of == nil }
	return l.childless || len(l.model.Document.Shapes) == 0 ||
		slices.ContainsFunc(l.model.Document.Shapes, func(s Shape) bool { return len(s.Lists) == 0 || slices.ContainsFunc(s.Lists, unknown) }) ||
		slices.ContainsFunc(l.model.Levels, func(level *Level) bool { return slices.ContainsFunc(level.Children, unknown) })
}

// checkPlaces refuses trees that the engine does not have yet.
func (l *loader) checkPlaces() {
	var first *Level
	for _, shape := range l.model.Document.Shapes {
		for i, list := range shape.Lists {
			l.checkList(list)
			if first == nil {
				first = list.Of
			}
			if i > 0 || list.Of != nil && list.Of != first {
				l.needs(l.spanOf(list.Pos), severalLists)
			}
		}
	}
	places := make(map[*Level]int)
	for _, top := range l.tops() {
		places[top]++
	}
	for _, level := range l.model.Levels {
		for i, list := range level.Children {
			l.checkList(list)
			places[list.Of]++
			switch {
			case list.Of == nil:
			case list.Of == level:
				l.needs(l.spanOf(list.Pos), levelInItself)
			case i > 0:
				l.needs(l.spanOf(list.Pos), severalChildren)
			case places[list.Of] > 1:
				l.needs(l.spanOf(list.Pos), levelInPlaces)
			}
		}
	}
}

func (l *loader) checkList(list List) {
	if list.Keyed {
		l.needs(l.spanOf(list.Pos), keyedLists)
	}
}
