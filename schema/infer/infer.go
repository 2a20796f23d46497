package infer

import (
	"errors"

	"github.com/backlog-gen/backlog-gen/schema"
)

// Guess is a schema for a document.
type Guess struct {
	// YAML is the text of the schema; package schema accepts it.
	YAML []byte
	// Remarks say what was guessed, one sentence each, in the order of the
	// schema.
	Remarks []string
}

// Error says why no schema can be guessed from a document.
type Error struct {
	// Err is the cause: ErrNoItems, an error of the JSON, or a *schema.Error
	// where the document has names that no schema can hold.
	Err error
}

// Error returns one sentence, or several lines if the cause is a *schema.Error.
func (e *Error) Error() string { return "no schema can be guessed: " + e.Err.Error() }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// ErrNoItems is the cause where a document holds nothing that looks like items.
var ErrNoItems = errors.New("the document holds no items: want a list of objects that each have an id, " +
	"as the document itself, under one of its keys, or under the same key of each of its groups")

// Infer guesses the schema of a document. packageName is that of the package to
// be generated. An error is an *Error.
func Infer(packageName string, data []byte) (*Guess, error) {
	root, err := decode(data)
	if err != nil {
		return nil, &Error{notJSON(data, err)}
	}
	shape, ok := findShape(root)
	if !ok {
		return nil, &Error{ErrNoItems}
	}
	d := &draft{packageName: packageName, shape: shape, layout: findLayout(data)}
	d.levels = findLevels(shape)
	d.nameLevels()
	d.findIDs()
	d.findStatuses()
	d.findFields()
	yaml, err := d.settle()
	if err != nil {
		return nil, &Error{err}
	}
	return &Guess{YAML: yaml, Remarks: d.remarks()}, nil
}

// settle renders the draft, and renames what the schema language does not accept
// under the name that the document suggests.
func (d *draft) settle() ([]byte, error) {
	for {
		yaml, elements := d.render()
		_, err := schema.Parse("backlog.yaml", yaml)
		if err == nil {
			return yaml, nil
		}
		var refused *schema.Error
		if !errors.As(err, &refused) || !mend(refused.Diagnostics, elements) {
			return nil, err
		}
	}
}

// mend gives way on each line that is refused. It reports whether it could: each
// element gives way a few times only, so this comes to an end.
func mend(diagnostics []schema.Diagnostic, elements map[int]element) bool {
	mended := false
	seen := make(map[int]bool)
	for _, problem := range diagnostics {
		e, ok := elements[problem.Line]
		if problem.Severity == schema.Refusal && ok && !seen[problem.Line] {
			seen[problem.Line] = true
			mended = e.giveWay() || mended
		}
	}
	return mended
}
