package infer

import (
	"errors"

	"github.com/backlog-gen/backlog-gen/schema"
	"github.com/backlog-gen/backlog-gen/schema/infer/internal/survey"
)

// MaxBytes is the size of the largest document that a schema is guessed from.
const MaxBytes = survey.MaxBytes

// Guess is a schema for a document.
type Guess struct {
	// YAML is the text of the schema; package schema accepts it.
	YAML []byte
	// Taken says what was taken for what: a sentence each, with what no item
	// shows, and is in the schema all the same, before the others.
	Taken []string
	// LeftOut says what the schema does not describe, and why. Documents keep it.
	LeftOut []string
	// Look says what a person has to look at, since a document does not show it.
	Look []string
}

// Infer guesses the schema of a document. packageName is that of the package to
// be generated. An error is an *Error.
func Infer(packageName string, data []byte) (*Guess, error) {
	return guess(packageName, data, schema.Parse)
}

// parser reads a schema, and says what it accepts.
type parser func(filename string, data []byte) (*schema.Model, error)

func guess(packageName string, data []byte, parse parser) (*Guess, error) {
	file, err := survey.Read(data)
	if err != nil {
		return nil, &Error{Err: err}
	}
	places := file.Places()
	c := choose(file.Root, places)
	if c == nil {
		return nil, noWork(places)
	}
	link, to := survey.Link(c.place, places)
	if link != nil && (c.progress.Status == nil || c.progress.Status.Form != survey.Words) {
		return nil, &Error{Err: ErrBeyond, Found: []string{describe(c.place), linkNote(link, to)}, Advice: adviceFor(c.place)}
	}
	d := &draft{packageName: packageName, choice: c, layout: findLayout(data)}
	if link != nil && link == c.progress.Status.Column {
		d.known = to
	}
	d.findLevels()
	if found := d.unsupported(); len(found) > 0 {
		return nil, &Error{Err: ErrBeyond, Found: found}
	}
	d.findIDs()
	d.findStatuses()
	d.findFields()
	d.findGuards()
	d.findDocumentFields()
	yaml, err := d.settle(parse)
	if err != nil {
		return nil, err
	}
	return d.report(yaml), nil
}

// settle renders the draft, and renames what the schema language does not accept
// under the name that the document suggests.
func (d *draft) settle(parse parser) ([]byte, error) {
	for {
		yaml, elements := d.render()
		_, err := parse("backlog.yaml", yaml)
		if err == nil {
			return yaml, nil
		}
		var refused *schema.Error
		if !errors.As(err, &refused) {
			return nil, &Error{Err: err}
		}
		if !mend(refused.Diagnostics, elements) {
			return nil, d.refusal(refused, elements)
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
		if problem.Severity != schema.Refusal || !ok || seen[problem.Line] {
			continue
		}
		seen[problem.Line] = true
		if problem.Rule == ruleNotYet {
			s, ok := e.(simpler)
			mended = ok && s.simplify() || mended
		} else {
			mended = e.giveWay() || mended
		}
	}
	return mended
}
