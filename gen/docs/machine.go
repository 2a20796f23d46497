package docs

import (
	"fmt"
	"slices"
	"strings"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/gen"
	"github.com/backlog-gen/backlog-gen/schema"
	"github.com/backlog-gen/backlog-gen/statemachine"
)

// compile returns the state machine itself, which draws itself as Mermaid and
// DOT. The error is a *statemachine.DefinitionError; schema.Load refuses the
// schemas that would lead to one.
func compile(m *schema.Model, of *schema.Machine) (*statemachine.Machine[document.Status, document.Event], error) {
	d := gen.Descriptor(m)
	definition := statemachine.Definition[document.Status, document.Event]{
		Name:       of.Name,
		Initial:    d.Machines[of.Index].Initial,
		States:     d.Machines[of.Index].States,
		StateNames: []string{""},
		EventNames: append([]string{""}, d.Events...),
	}
	for _, s := range d.Statuses {
		definition.StateNames = append(definition.StateNames, s.Name)
	}
	for _, t := range d.Machines[of.Index].Transitions {
		definition.Transitions = append(definition.Transitions, statemachine.Transition[document.Status, document.Event](t))
	}
	return statemachine.New(definition)
}

// Mermaid returns the state diagram of each machine as Mermaid text, one file
// for each. The error is a *statemachine.DefinitionError.
func Mermaid(m *schema.Model) ([]gen.File, error) {
	return machineFiles(m, ".mmd", func(of *schema.Machine) ([]byte, error) {
		machine, err := compile(m, of)
		if err != nil {
			return nil, err
		}
		return fmt.Appendf(nil, "%%%% %s\n%s", header(m.File), machine.Mermaid()), nil
	})
}

// DOT returns the state diagram of each machine as Graphviz text, one file for
// each. The error is a *statemachine.DefinitionError.
func DOT(m *schema.Model) ([]gen.File, error) {
	return machineFiles(m, ".dot", func(of *schema.Machine) ([]byte, error) {
		machine, err := compile(m, of)
		if err != nil {
			return nil, err
		}
		return fmt.Appendf(nil, "// %s\n%s", header(m.File), machine.DOT()), nil
	})
}

// machineFiles makes one file for each machine, named after the package and the
// machine: backlog.work.dot.
func machineFiles(m *schema.Model, suffix string, content func(*schema.Machine) ([]byte, error)) ([]gen.File, error) {
	var files []gen.File
	for _, of := range m.Machines {
		name := m.Package.Name + "." + strings.ToLower(of.GoName)
		// Go tells names apart by capitals, file systems may not.
		if slices.ContainsFunc(files, func(f gen.File) bool { return f.Name == name+suffix }) {
			name = fmt.Sprintf("%s%d", name, of.Index+1)
		}
		text, err := content(of)
		if err != nil {
			return nil, err
		}
		files = append(files, gen.File{Name: name + suffix, Content: text})
	}
	return files, nil
}
