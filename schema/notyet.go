package schema

// feature is a part of the language that the engine may lack.
type feature uint8

const (
	keyedShape feature = iota + 1
	columnsShape
	itemShape
	severalLists
	keyedLists
	keyIDs
	severalChildren
	levelInItself
	levelInPlaces
	documentReferences
	statusUnknown
)

// notYet lists what the language has and the engine does not have yet, as the
// message of the diagnostic that refuses it. Whoever builds a part of the
// engine takes its line out here, and its row out of docs/schema.md.
var notYet = map[feature]string{
	keyedShape:         "documents of the kind keyed, an object of items by their ids, are not there yet",
	columnsShape:       "documents of the kind columns, where the list that an item stands in is its status, are not there yet",
	itemShape:          "documents of the kind item, which are one item themselves, are not there yet",
	severalLists:       "several lists of items in one document are not there yet: the lists of all shapes hold the first level",
	keyedLists:         "keyed lists, objects of items by their ids, are not there yet",
	keyIDs:             "ids of the kind key, the keys of a keyed list, are not there yet",
	severalChildren:    "several lists of children are not there yet: a level has one",
	levelInItself:      "a level that holds itself is not there yet",
	levelInPlaces:      "a level in several places is not there yet: it stands in the document or under one other level",
	documentReferences: "references among the fields of the document itself are not there yet: nothing would follow the items that move",
	statusUnknown:      "unknown statuses that only warn are not there yet: they are refused",
}

// needs refuses what the engine does not have yet.
func (l *loader) needs(at span, f feature) {
	if why, missing := notYet[f]; missing && !l.ahead {
		l.refuse(at, ruleNotYet, "%s", why)
	}
}

// ParseAhead reads a schema as Parse does, but accepts what the language has and
// the engine does not have yet. It is for tools that look at schemas alone.
func ParseAhead(filename string, data []byte) (*Model, error) {
	l := newLoader(filename)
	l.ahead = true
	return l.parse(data)
}
