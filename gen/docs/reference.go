package docs

import (
	"path/filepath"
	"strings"

	"github.com/backlog-gen/backlog-gen/schema"
)

// reference is everything the reference says, in the order in which it says it.
type reference struct {
	Name, Root string
	// Source is the name of the schema.
	Source   string
	Doc      []string
	Document []text  // how a document looks, sentence by sentence
	Own      []field // fields of the document itself
	Levels   []level
	Enums    []enum
	Objects  []object
	Statuses []status
	Machines []machine
	// Sample is a document; NoSample says why there is none.
	Sample, NoSample string
}

type level struct {
	Name, Plural string
	Doc          []string
	Facts        []text
	Fields       []field
	Guards       []text
}

type field struct {
	// Owner is the name of the level or object; Anchor is unique in the
	// reference and made of letters, digits, - and _.
	Owner, Anchor string
	Key           string
	Type          text
	Presence      string
	Rules         text
	Doc           text
}

type enum struct {
	Name   string
	Doc    []string
	Warn   bool
	Values []enumValue
}

type enumValue struct {
	Name    string
	Aliases []string
	Doc     text
}

type object struct {
	Name   string
	Doc    []string
	Fields []field
}

type status struct {
	Name, Category string
	Aliases        []string
	Doc            text
}

// newReference puts everything there is to say about a model into words. The
// error is a *statemachine.DefinitionError.
func newReference(m *schema.Model) (*reference, error) {
	r := &reference{
		Name:     m.Package.Name,
		Root:     m.Package.Root,
		Source:   filepath.Base(m.File),
		Doc:      packageDoc(m),
		Document: documentWords(m),
		Own:      fields("document", m.Document.Fields),
	}
	for _, l := range m.Levels {
		r.Levels = append(r.Levels, newLevel(m, l))
	}
	for _, e := range m.Enums {
		r.Enums = append(r.Enums, newEnum(e))
	}
	for _, o := range m.Objects {
		r.Objects = append(r.Objects, object{Name: o.Name, Doc: paragraphs(o.Doc), Fields: fields(o.Name, o.Fields)})
	}
	for _, s := range m.Statuses {
		r.Statuses = append(r.Statuses, status{Name: s.Name, Category: s.Category.String(), Aliases: s.Aliases, Doc: proseOf(s.Doc)})
	}
	for _, of := range m.Machines {
		machine, err := newMachine(m, of)
		if err != nil {
			return nil, err
		}
		r.Machines = append(r.Machines, machine)
	}
	sample, err := Sample(m)
	if err != nil {
		r.NoSample = err.Error()
	}
	r.Sample = string(sample)
	return r, nil
}

// packageDoc is the description of the package. Go's way to begin one, "Package
// NAME reads", is not how a reference begins.
func packageDoc(m *schema.Model) []string {
	doc := paragraphs(m.Package.Doc)
	if len(doc) > 0 {
		doc[0] = strings.Replace(doc[0], "Package "+m.Package.Name+" ", "The Go package "+m.Package.Name+" ", 1)
	}
	return doc
}

func newEnum(e *schema.Enum) enum {
	out := enum{Name: e.Name, Doc: paragraphs(e.Doc), Warn: e.Warn}
	for _, v := range e.Values {
		out.Values = append(out.Values, enumValue{Name: v.Name, Aliases: v.Aliases, Doc: proseOf(v.Doc)})
	}
	return out
}

func fields(owner string, list []*schema.Field) []field {
	var out []field
	for _, f := range list {
		out = append(out, field{
			Owner:    owner,
			Anchor:   "field-" + owner + "-" + f.Name,
			Key:      f.Key,
			Type:     typeWords(f),
			Presence: presenceWords(f.Required, f.Nullable),
			Rules:    fieldRuleWords(f),
			Doc:      proseOf(f.Doc),
		})
	}
	return out
}
