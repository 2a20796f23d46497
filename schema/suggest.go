package schema

import (
	"strconv"
	"strings"

	"github.com/backlog-gen/backlog-gen/internal/spelling"
)

// hint returns "did you mean …?" for the candidate most like s if one is
// close, else the candidates if they are few, as the end of a message.
func hint(s string, candidates []string) string {
	switch best := spelling.Nearest(s, candidates); {
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
