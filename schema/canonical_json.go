package schema

import (
	"slices"
	"strconv"
	"strings"
)

// canonicalJSON writes a node as JSON such that equal values have equal texts:
// members are in the order of their keys, and 1, 1.0 and 1e0 are one number.
func canonicalJSON(n *node) string {
	switch n.kind {
	case intNode, floatNode:
		return canonicalNumber(n.text)
	case listNode:
		elements := make([]string, len(n.items))
		for i, item := range n.items {
			elements[i] = canonicalJSON(item)
		}
		return "[" + strings.Join(elements, ",") + "]"
	case mappingNode:
		members := make([]string, len(n.entries))
		for i, e := range n.entries {
			members[i] = quoteJSON(e.key.text) + ":" + canonicalJSON(e.value)
		}
		slices.Sort(members)
		return "{" + strings.Join(members, ",") + "}"
	default:
		text, _ := encodeJSON(n) // the others cannot fail
		return text
	}
}

// canonicalNumber writes a number of JSON as its digits and an exponent, without
// zeros at either end.
func canonicalNumber(text string) string {
	digits, sign := strings.CutPrefix(text, "-")
	digits, exponentText, _ := strings.Cut(strings.ToLower(digits), "e")
	whole, fraction, _ := strings.Cut(digits, ".")
	digits = strings.TrimLeft(whole+fraction, "0")
	if digits == "" {
		return "0"
	}
	exponent := 0
	if exponentText != "" {
		var err error
		if exponent, err = strconv.Atoi(exponentText); err != nil {
			return strings.ToLower(text) // beyond any exponent that a float has
		}
	}
	exponent -= len(fraction)
	trimmed := strings.TrimRight(digits, "0")
	exponent += len(digits) - len(trimmed)
	if sign {
		trimmed = "-" + trimmed
	}
	return trimmed + "e" + strconv.Itoa(exponent)
}
