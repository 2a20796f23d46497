package infer

import (
	"fmt"
	"strings"

	"github.com/backlog-gen/backlog-gen/schema"
)

// ruleNotYet is that of what the language has and the engine does not know yet.
const ruleNotYet = "not-yet"

// refusal says why a schema of a document is refused: what of it the engine does
// not know yet, with the lines of the schema that say it, or else which texts of
// the document break a rule. The places in the schema are left out of it: nobody
// has that file.
func (d *draft) refusal(refused *schema.Error, elements map[int]element) *Error {
	e := &Error{Err: ErrBeyond, Found: d.taken()}
	var lines []string
	for _, problem := range refused.Diagnostics {
		if problem.Rule == ruleNotYet {
			line := strings.Trim(problem.Source, " -")
			lines = append(lines, line)
			e.Missing = append(e.Missing, line+": "+lacking(problem.Message))
		}
	}
	e.Advice = waysOut(lines)
	if len(e.Missing) == 0 {
		e.Err, e.Found = &textsError{refused}, nil
		said := make(map[int]bool)
		for _, problem := range refused.Diagnostics {
			// What else is refused only follows from a name that is.
			if problem.Severity == schema.Refusal && elements[problem.Line] != nil && !said[problem.Line] {
				said[problem.Line] = true
				e.Found = append(e.Found, problem.Message)
			}
		}
		if len(e.Found) == 0 {
			e.Err = fmt.Errorf("a schema of what the document holds is refused: %w", refused)
		}
		if more := len(e.Found) - mostShown; more > 0 {
			e.Found = append(e.Found[:mostShown], counted(more, "more problem"))
		}
	}
	return e
}

// textsError says that texts of a document break rules of schemas.
type textsError struct{ cause *schema.Error }

func (e *textsError) Error() string { return "the document has texts that no schema can hold" }

func (e *textsError) Unwrap() error { return e.cause }

// lacking leaves of the message of a diagnostic what it is that the engine lacks.
func lacking(message string) string {
	what, _, _ := strings.Cut(message, " yet")
	for _, verb := range []string{" are not there", " is not there"} {
		what = strings.TrimSuffix(what, verb)
	}
	return strings.TrimSuffix(what, ",")
}

// waysOut say what to change in a document, by what the lines of a schema have that
// the engine does not know yet.
func waysOut(lines []string) string {
	all := strings.Join(lines, "\n")
	var ways []string
	for _, way := range []struct{ has, says string }{
		{"keyed: true", "make the list an array, with its keys as ids"},
		{"kind: keyed", "make an array of the items, with their keys as ids"},
	} {
		if strings.Contains(all, way.has) {
			ways = append(ways, way.says)
		}
	}
	return strings.Join(ways, "; ")
}
