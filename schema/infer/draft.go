package infer

import (
	"fmt"

	"github.com/backlog-gen/backlog-gen/schema"
	"github.com/backlog-gen/backlog-gen/schema/infer/internal/survey"
)

// draft is a schema in the making.
type draft struct {
	packageName string
	choice      *choice
	layout      layout
	// levels from the top, each after the one that holds it.
	levels   []*level
	statuses []*status
	enums    []*enum
	// fields are those of the document itself, beside the list.
	fields documentFields
	// known is the list beside the work that has the statuses, nil if there is none.
	known *survey.Place
	// added are statuses that no item has.
	added []*status
	// leftOut says what the schema does not describe, and why.
	leftOut []func() string
}

// element is a line of the schema that can be put in another way.
type element interface {
	// giveWay chooses another name, or leaves the element out. It returns false
	// if nothing is left to try.
	giveWay() bool
}

// simpler is an element that can be said in a simpler way where the engine does
// not know this one yet.
type simpler interface {
	// simplify reports whether it could.
	simplify() bool
}

// naming is the Go name of an element where it is not the one that its text
// makes.
type naming struct {
	goName string
	tries  int
}

// rename chooses the name that the text makes with a word after it, then one
// that does without the text.
func (n *naming) rename(text, word string, number int) bool {
	n.tries++
	switch n.tries {
	case 1:
		n.goName = schema.GoName(text + "_" + word)
	case 2:
		n.goName = fmt.Sprintf("%s%d", word, number+1)
	}
	return n.tries <= 2
}

type level struct {
	naming
	*work
	// key under which the items are in what holds them, "" where they are under
	// none.
	key    string
	keyed  bool
	parent *level
	child  *level
	name   string
	// idColumn holds the ids; it is nil where items have none, and idKey "".
	idColumn *survey.Column
	idKey    string
	ids      survey.IDs
	id       id
	// spellings are the statuses where documents do not write their names.
	spellings []spelling
	children  childrenKey
	fields    []*field
	guards    []*guard
	index     int
}

func (l *level) giveWay() bool {
	if !l.rename(l.name, "Entry", l.index) {
		return false
	}
	l.name = l.goName
	return true
}

type childrenKey struct {
	key      string
	nullable bool
}

type status struct {
	naming
	name     string
	aliases  []string
	category string
	event    string
	known    bool // its category is that of a word with that meaning
	count    int  // how many items have it
	index    int
}

func (s *status) giveWay() bool { return s.rename(s.name, "Status", s.index) }

// transitionEvent is the event that leads to a status.
type transitionEvent struct{ *status }

// giveWay takes a name that cannot be another's.
func (e transitionEvent) giveWay() bool {
	name := fmt.Sprintf("set-status-%d", e.index+1)
	changed := e.event != name
	e.event = name
	return changed
}

type enum struct {
	naming
	name   string
	values []*enumValue
	index  int
	// dropped enums leave their fields as texts.
	dropped bool
}

func (e *enum) giveWay() bool {
	if e.rename(e.name, "Value", e.index) {
		e.name = e.goName
		return true
	}
	was := e.dropped
	e.dropped = true
	return !was
}

type enumValue struct {
	naming
	enum  *enum
	name  string
	index int
}

// giveWay gives up the enum if no name for the value will do.
func (v *enumValue) giveWay() bool {
	if v.rename(v.name, "Value", v.index) {
		return true
	}
	was := v.enum.dropped
	v.enum.dropped = true
	return !was
}

type field struct {
	naming
	key      string
	kind     string // type of the schema language, "" for a constant
	constant string
	enum     *enum
	list     bool
	required bool
	nullable bool
	index    int
	column   *survey.Column
	// form is that of a time, "" for the usual one.
	form string
	// object is the type of what a list of objects holds, nil for other fields.
	object *object
	// dangling counts references to no item.
	dangling int
	// dropped fields are none: documents keep what they hold under the key.
	dropped bool
}

func (f *field) giveWay() bool {
	if f.rename(f.key, "Field", f.index) {
		return true
	}
	was := f.dropped
	f.dropped = true
	return !was
}

// documentFields are the fields of the document itself.
type documentFields struct{ list []*field }

// giveWay leaves the keys beside the list as they are.
func (f *documentFields) giveWay() bool {
	was := f.list
	f.list = nil
	return was != nil
}

func (f *documentFields) simplify() bool { return f.giveWay() }

// object is the type of the objects under a field.
type object struct {
	naming
	name   string
	fields []*field
	// reference is the field that names another item, mark the key that says
	// what for, "" if there is none.
	reference *field
	mark      string
	of        *field
}

func (o *object) giveWay() bool {
	if o.rename(o.name, "Entry", 0) {
		o.name = o.goName
		return true
	}
	return o.of.dropObject()
}

// dropObject leaves the objects of a field as they are.
func (f *field) dropObject() bool {
	was := f.object
	f.object, f.kind = nil, "raw"
	return was != nil
}
