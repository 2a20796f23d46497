// Package spelling finds what somebody may have meant by a word that is not
// known.
package spelling

import "strings"

// maxBytes bounds the words that are compared: what is longer was not misspelt.
const maxBytes = 64

// Nearest returns the candidate most like a word, the first of several, and ""
// if none is close: a third of the word's letters, or one, may be wrong, but not all
// of them. The case of letters does not count.
func Nearest(word string, candidates []string) string {
	if len(word) > maxBytes {
		return ""
	}
	best, distance := "", 1+max(1, len(word)/3)
	for _, c := range candidates {
		if d := editDistance(strings.ToLower(word), strings.ToLower(c)); d < min(distance, max(len(word), len(c))) {
			best, distance = c, d
		}
	}
	return best
}

// editDistance counts the insertions, deletions, substitutions and swaps of
// neighbours that turn a into b, for short texts.
func editDistance(a, b string) int {
	if len(a) > maxBytes || len(b) > maxBytes {
		return maxBytes
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
