package main

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/backlog-gen/backlog-gen/gen"
	"github.com/backlog-gen/backlog-gen/schema"
)

const (
	generateName = "generate the reference package"
	warm         = "warm"
)

// measureGenerate reads the reference schema, generates its package, and
// type-checks it where it belongs. The first time, which fills the caches of the
// go command, does not count.
func measureGenerate(m *meter, root string) error {
	run := func() error { return generate(root) }
	if err := run(); err != nil {
		return err
	}
	return m.time(generateName, size{name: warm}, operation{contender: ours, run: run})
}

func generate(root string) error {
	ctx := context.Background()
	model, err := schema.Load(filepath.Join(root, "schema", "formats", "prp", "schema.yaml"))
	if err != nil {
		return err
	}
	files, err := gen.Generate(ctx, model, gen.Options{})
	if err != nil {
		return err
	}
	report, err := gen.Check(ctx, filepath.Join(root, "generated", "backlog"), files)
	if err == nil && report.Unresolved != "" {
		err = fmt.Errorf("not type-checked: %s", report.Unresolved)
	}
	return err
}
