package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/backlog-gen/backlog-gen/gen"
)

// generateOptions are the flags of backlog-gen generate.
type generateOptions struct {
	schema string
	out    string
	check  bool
	dryRun bool
	watch  bool
}

func newGenerate() *cobra.Command {
	var o generateOptions
	cmd := &cobra.Command{
		Use:   "generate",
		Short: "Write the Go package for a schema",
		Long: `generate writes the Go package for a schema: only files that differ, each in one
piece, and nothing at all if the schema is wrong or the code would not compile
together with what stands in the directory. Files that it wrote once and that
the schema no longer needs are removed. It never touches a file that somebody else
has written, or that it has written for another schema.

Where the code has changed, errors in packages of the same module that use it
are reported, as a warning.

The schema is the one that --schema names, else backlog.yaml or the only
*.backlog.yaml in the current directory, else in those above it up to go.mod.`,
		Example: `  backlog-gen generate
  backlog-gen generate --schema formats/tasks.backlog.yaml --out internal/tasks
  backlog-gen generate --watch    # while working on the schema
  backlog-gen generate --check    # in CI: fail if the files are not up to date`,
		Args: noSchemaArgument,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.consistent(); err != nil {
				return err
			}
			if o.watch {
				return watch(cmd, o)
			}
			return generate(cmd, o)
		},
	}
	schemaFlag(cmd, &o.schema)
	flags := cmd.Flags()
	flags.StringVar(&o.out, "out", "", "the `directory` of the package (default: that of the schema)")
	flags.BoolVar(&o.check, "check", false, "write nothing; fail if anything would be written or removed")
	flags.BoolVar(&o.dryRun, "dry-run", false, "write nothing; list what would be written or removed")
	flags.BoolVar(&o.watch, "watch", false, "generate again whenever the schema is saved, until interrupted")
	return cmd
}

// consistent refuses flags that say different things to do.
func (o generateOptions) consistent() error {
	var given []string
	for _, flag := range []struct {
		name string
		set  bool
	}{{"--check", o.check}, {"--dry-run", o.dryRun}, {"--watch", o.watch}} {
		if flag.set {
			given = append(given, flag.name)
		}
	}
	if len(given) > 1 {
		return fmt.Errorf("%s do not go together: generate does one thing at a time", strings.Join(given, " and "))
	}
	return nil
}

func generate(cmd *cobra.Command, o generateOptions) error {
	model, err := loadSchema(o.schema)
	if err != nil {
		return err
	}
	if err := printText(cmd.ErrOrStderr(), model.Warnings); err != nil {
		return err
	}
	dir := o.out
	if dir == "" {
		dir = filepath.Dir(model.File)
	}
	p := startProgress(cmd.ErrOrStderr(), "generate: making the code")
	defer p.end()
	files, err := gen.Generate(cmd.Context(), model, gen.Options{Source: gen.SourceName(model.File, dir)})
	if err != nil {
		return err
	}
	p.say("generate: checking the code together with its package")
	report, err := gen.Check(cmd.Context(), dir, files)
	if err != nil {
		return err
	}
	p.say("generate: bringing %s up to date", display(dir))
	changes, drift := bringUpToDate(cmd, dir, files, o, p)
	if drift != nil && !o.check {
		return drift
	}
	if err := tell(cmd.ErrOrStderr(), report, o); err != nil && drift == nil {
		return err
	}
	if drift == nil && report.Unresolved == "" && !changes.None() {
		return tellImporters(cmd, dir, files)
	}
	return drift
}

// bringUpToDate writes the files, or says what writing them would change. It ends
// the progress.
func bringUpToDate(cmd *cobra.Command, dir string, files []gen.File, o generateOptions, p *progress) (gen.Changes, error) {
	if !o.check && !o.dryRun {
		done, err := gen.Write(cmd.Context(), dir, files)
		p.end()
		list(cmd.OutOrStdout(), dir, done)
		return done, err
	}
	changes, err := gen.Compare(dir, files)
	p.end()
	if err != nil {
		return changes, err
	}
	list(cmd.OutOrStdout(), dir, changes)
	if o.check && !changes.None() {
		return changes, findings{fmt.Errorf("the generated files in %s are not up to date: run backlog-gen generate", display(dir))}
	}
	return changes, nil
}

// tellImporters warns of other packages of the module that do not compile with
// the new code. It is no failure: the code is right, and whether the packages
// compiled before is not known.
func tellImporters(cmd *cobra.Command, dir string, files []gen.File) error {
	p := startProgress(cmd.ErrOrStderr(), "generate: looking at the packages that use the code")
	problems, err := gen.CheckImporters(cmd.Context(), dir, files)
	p.end()
	if err != nil || len(problems) == 0 {
		return err
	}
	const most = 20
	tellCode(cmd.ErrOrStderr(), problems[:min(most, len(problems))])
	if len(problems) > most {
		fmt.Fprintf(cmd.ErrOrStderr(), "backlog-gen: and %d more\n", len(problems)-most)
	}
	fmt.Fprintln(cmd.ErrOrStderr(), "backlog-gen: warning: packages that use the generated code do not compile with it: fix the errors above")
	return nil
}

// list prints one line for each file that is, or would be, changed.
func list(w io.Writer, dir string, changes gen.Changes) {
	for _, part := range []struct {
		what  string
		names []string
	}{
		{"create", changes.Create},
		{"update", changes.Update},
		{"remove", changes.Remove},
	} {
		for _, name := range part.names {
			fmt.Fprintln(w, part.what, filepath.Join(dir, name))
		}
	}
}

// tell says what the type checker found in files that are not ours.
func tell(w io.Writer, report gen.Report, o generateOptions) error {
	if report.Unresolved != "" {
		fmt.Fprintf(w, "backlog-gen: the code was not type-checked: %s\n"+
			"backlog-gen: if packages are missing, run go mod tidy\n", report.Unresolved)
		return nil
	}
	tellCode(w, report.Elsewhere)
	if len(report.Elsewhere) > 0 {
		done := "the generated code is written"
		if o.check || o.dryRun {
			done = "nothing is written"
		}
		fmt.Fprintf(w, "backlog-gen: %s; fix the errors above in the package's other files\n", done)
		return findings{errReported}
	}
	return nil
}
