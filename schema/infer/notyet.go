package infer

import (
	"fmt"
	"strings"

	"github.com/backlog-gen/backlog-gen/schema"
)

// ruleNotYet is that of what the language has and the engine does not know yet.
const ruleNotYet = "not-yet"

// notYet says what of a schema the engine does not know, with the lines of the
// schema that say it.
func (d *draft) notYet(refused *schema.Error) *Error {
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
		e.Found = nil
		e.Err = fmt.Errorf("a schema of what the document holds is refused: %w", refused)
	}
	return e
}

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
		{"kind: lines", "make one list of the lines, as jq -s . does"},
		{"lists: ", "put the list under a key of the document itself, as an array"},
		{"kind: keyed", "make an array of the items, with their keys as ids"},
		{"values: ", `give the items a status that is a word, such as "open" or "done"`},
		{"status: {key: ", `write the status of the items under "status"`},
		{"status: none", "give what groups the items a status, too"},
		{"nullable: true", "leave out a status that is null"},
		{"kind: position", `give the items an "id" each`},
		{"duplicate: warn", "make the ids unique"},
	} {
		if strings.Contains(all, way.has) && (way.has != "status: {key: " || !strings.Contains(all, "values: ")) {
			ways = append(ways, way.says)
		}
	}
	return strings.Join(ways, "; ")
}
