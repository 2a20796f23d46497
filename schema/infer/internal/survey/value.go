package survey

import (
	"math"
	"strconv"
)

// Kind is the kind of a JSON value; whole numbers of 64 bits are apart.
type Kind uint8

// The kinds.
const (
	Null Kind = iota
	Boolean
	Integer
	Float
	Text
	List
	Object
	// HugeNumber is one that no float64 holds.
	HugeNumber

	kinds = iota
)

// String returns what a person calls a value of the kind.
func (k Kind) String() string {
	return [kinds]string{"null", "flag", "whole number", "number", "text", "list", "object", "huge number"}[k]
}

// Value is a JSON value. Members are in the order of the document.
type Value struct {
	Kind Kind
	// Text of a scalar: numbers and flags as they are written.
	Text     string
	Elements []*Value
	Members  []Member
}

// Member is a key of an object and its value.
type Member struct {
	Key   string
	Value *Value
}

// Get returns the first member with the key, nil if there is none.
func (v *Value) Get(key string) *Value {
	for _, m := range v.Members {
		if m.Key == key {
			return m.Value
		}
	}
	return nil
}

// IsScalar reports whether v is a text, a flag or a number.
func (v *Value) IsScalar() bool {
	return v.Kind != Null && v.Kind != List && v.Kind != Object
}

// IsID reports whether v can be an id: a text that is not empty, or a number.
func (v *Value) IsID() bool {
	return v.Kind == Text && v.Text != "" || v.Kind == Integer || v.Kind == Float
}

func numberKind(s string) Kind {
	if _, err := strconv.ParseInt(s, 10, 64); err == nil {
		return Integer
	}
	if f, err := strconv.ParseFloat(s, 64); err != nil || math.IsInf(f, 0) {
		return HugeNumber
	}
	return Float
}
