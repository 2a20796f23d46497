package document

import (
	"cmp"
	"strings"

	"github.com/backlog-gen/backlog-gen/document/internal/compiled"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
)

// ID names an item of a document. It is comparable, so it keys maps. The zero
// ID names nothing.
//
// Text is the full id: the id itself for path and text ids, the ids of the
// ancestors and its own joined by dots for local ones. Group is the name of the
// group for documents that have groups, else "".
type ID struct {
	group, text string
}

// MaxIDLength is the length in bytes of the longest full id, and of the longest
// name of a group.
const MaxIDLength = compiled.MaxIDLength

// NewID returns the ID with the given group and full text. It does not check
// whether there is such an item: Document.Find does.
func NewID(group, text string) ID { return ID{group, text} }

// Group returns the group, "" where documents have none.
func (id ID) Group() string { return id.group }

// Text returns the full id without the group.
func (id ID) Text() string { return id.text }

// IsZero reports whether id names nothing.
func (id ID) IsZero() bool { return id == ID{} }

// String returns the text, preceded by the group and a slash if there is one.
func (id ID) String() string {
	if id.group == "" {
		return id.text
	}
	return id.group + "/" + id.text
}

// Compare orders ids naturally: by group, then by text in which runs of digits
// compare as numbers, so that P2 comes before P10. It returns -1, 0 or +1, and
// 0 only for equal ids.
func (id ID) Compare(other ID) int {
	if c := compareNatural(id.group, other.group); c != 0 {
		return c
	}
	return compareNatural(id.text, other.text)
}

func compareNatural(a, b string) int {
	whole := cmp.Compare(a, b)
	for a != "" && b != "" {
		da, db := jsontext.Digits(a), jsontext.Digits(b)
		if da > 0 && db > 0 {
			if c := compareNumbers(a[:da], b[:db]); c != 0 {
				return c
			}
			a, b = a[da:], b[db:]
			continue
		}
		if a[0] != b[0] {
			return cmp.Compare(a[0], b[0])
		}
		a, b = a[1:], b[1:]
	}
	if c := cmp.Compare(len(a), len(b)); c != 0 {
		return c
	}
	return whole // equal but for leading zeros
}

func compareNumbers(a, b string) int {
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	if c := cmp.Compare(len(a), len(b)); c != 0 {
		return c
	}
	return cmp.Compare(a, b)
}
