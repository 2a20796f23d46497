package engine

import (
	"strconv"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
)

// Names are the texts of an enum of a generated package: a small integer type
// whose values count from one, so that the zero value is none of them.
type Names[T ~uint8] struct {
	// Type is the name of T, for messages.
	Type string
	// Of holds name and aliases by value. Index 0 is unused.
	Of []format.EnumValue
}

// Values returns all values in order.
func (n Names[T]) Values() []T {
	values := make([]T, 0, len(n.Of))
	for v := 1; v < len(n.Of); v++ {
		values = append(values, T(v))
	}
	return values
}

// Texts returns the names by value. Index 0 is "".
func (n Names[T]) Texts() []string {
	texts := make([]string, len(n.Of))
	for v := range n.Of {
		texts[v] = n.Of[v].Name
	}
	return texts
}

// Text returns the name of a value, or text such as "Status(0)" if v is not
// one.
func (n Names[T]) Text(v T) string {
	if !n.has(v) {
		return n.Type + "(" + strconv.Itoa(int(v)) + ")"
	}
	return n.Of[v].Name
}

// Parse returns the value with a name or an alias. The error is a *document.NameError.
func (n Names[T]) Parse(text string) (T, error) {
	for v := 1; v < len(n.Of); v++ {
		if n.Of[v].Name == text {
			return T(v), nil
		}
	}
	for v := range n.Of {
		for _, alias := range n.Of[v].Aliases {
			if alias == text {
				return T(v), nil
			}
		}
	}
	return 0, &document.NameError{Type: n.Type, Text: text, Want: n.Texts()[1:]}
}

// Marshal returns the name of a value as bytes. The error is a
// *document.NameError if v is not a value.
func (n Names[T]) Marshal(v T) ([]byte, error) {
	if !n.has(v) {
		return nil, &document.NameError{Type: n.Type, Text: n.Text(v), Want: n.Texts()[1:]}
	}
	return []byte(n.Of[v].Name), nil
}

// Unmarshal parses text into a variable, and leaves that as it is if there is
// an error.
func (n Names[T]) Unmarshal(text []byte, into *T) error {
	v, err := n.Parse(string(text))
	if err == nil {
		*into = v
	}
	return err
}

func (n Names[T]) has(v T) bool { return v > 0 && int(v) < len(n.Of) }
