package schema

import (
	"strconv"
	"strings"
)

// hint returns "did you mean …?" for the candidate most like s if one is
// close, else the candidates if they are few, as the end of a message.
func hint(s string, candidates []string) string {
	best, distance := "", 1+max(1, len(s)/3)
	for _, c := range candidates {
		if d := editDistance(strings.ToLower(s), strings.ToLower(c)); d < distance {
			best, distance = c, d
		}
	}
	switch {
	case best != "":
		return ": did you mean " + strconv.Quote(best) + "?"
	case len(candidates) == 0:
		return ""
	case len(candidates) <= 16:
		return ": want " + listOr(candidates)
	default:
		return ""
	}
}

// listOr writes a, b or c.
func listOr(list []string) string { return joinLast(list, " or ") }

// listAnd writes a, b and c.
func listAnd(list []string) string { return joinLast(list, " and ") }

// joinLast quotes what could be taken for something else than a word.
func joinLast(list []string, last string) string {
	quoted := make([]string, len(list))
	for i, s := range list {
		quoted[i] = s
		if s == "" || strings.Trim(s, nameBytes) != "" {
			quoted[i] = strconv.Quote(s)
		}
	}
	if len(quoted) < 2 {
		return strings.Join(quoted, "")
	}
	n := len(quoted) - 1
	return strings.Join(quoted[:n], ", ") + last + quoted[n]
}

// editDistance counts the insertions, deletions, substitutions and swaps of
// neighbours that turn a into b, for short texts.
func editDistance(a, b string) int {
	if len(a) > maxNameBytes || len(b) > maxNameBytes {
		return maxNameBytes
	}
	rows := [3][]int{make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)}
	before, previous, current := rows[0], rows[1], rows[2]
	for j := range previous {
		previous[j] = j
	}
	for i := range len(a) {
		current[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			current[j+1] = min(previous[j+1]+1, current[j]+1, previous[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				current[j+1] = min(current[j+1], before[j-1]+1)
			}
		}
		before, previous, current = previous, current, before
	}
	return previous[len(b)]
}
