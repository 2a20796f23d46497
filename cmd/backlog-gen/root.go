package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/gen"
	"github.com/backlog-gen/backlog-gen/schema"
	"github.com/backlog-gen/backlog-gen/schema/infer"
)

// Exit codes.
const (
	exitClean    = 0
	exitFindings = 1 // something is wrong with what was read, or it has drifted
	exitFailure  = 2 // wrong usage, or a file that cannot be read or written
)

// run is the whole command: machine output goes to stdout, everything meant for
// people to stderr. It returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	root := newRoot()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := findCommand(root, args)
	if err == nil {
		err = root.ExecuteContext(ctx)
	}
	if err == nil {
		return exitClean
	}
	tellError(stderr, err)
	return exitCode(err)
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "backlog-gen",
		Short: "Generate a Go package for a backlog format from its schema",
		Long: `backlog-gen reads the schema of a backlog format (levels, fields, ids, statuses,
events, guards) and writes a Go package that reads, changes and writes such
backlogs without losing a byte.

Exit status: 0 if all is well, 1 if something is wrong with the schema or the
generated files have drifted, 2 for wrong usage and for files that cannot be
read or written.`,
		Example: `  backlog-gen init --from tasks.json
  backlog-gen generate
  backlog-gen validate tasks.json`,
		Version:       version(),
		Args:          noArguments,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.AddCommand(
		newInit(),
		newGenerate(),
		newVet(),
		newFmt(),
		newExplain(),
		newValidate(),
		newFormats(),
		newDiff(),
		newImport(),
		newExport(),
		newDocs(),
		newVersion(),
	)
	root.SetVersionTemplate("backlog-gen {{.Version}}\n")
	root.SetFlagErrorFunc(wrongFlag)
	root.SetHelpCommand(newHelp())
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, c := range root.Commands() {
		for _, shell := range c.Commands() { // those of completion, which are not ours
			c.Example = "  . <(backlog-gen completion bash)    # in ~/.bashrc"
			shell.Args = noArguments
		}
	}
	return root
}

// errReported ends a command that has said itself what is wrong.
var errReported = errors.New("reported")

// findings marks an error as one of what was read, not of reading it.
type findings struct{ error }

func (f findings) Unwrap() error { return f.error }

// exitCode tells findings from failures.
func exitCode(err error) int {
	var (
		wrongSchema *schema.Error
		wrongCode   *gen.CodeError
		wrongFormat *document.DescriptorError
		foreign     *gen.ForeignFileError
		found       findings
	)
	if errors.As(err, &wrongSchema) || errors.As(err, &wrongCode) || errors.As(err, &wrongFormat) ||
		errors.As(err, &foreign) || errors.As(err, &found) {
		return exitFindings
	}
	return exitFailure
}

// tellError prints an error for people: lists of problems with places speak for
// themselves, everything else is preceded by the name of the command.
func tellError(w io.Writer, err error) {
	var (
		wrongSchema *schema.Error
		wrongCode   *gen.CodeError
		noGuess     *infer.Error
	)
	switch {
	case errors.Is(err, errReported):
	case errors.As(err, &wrongSchema) && !errors.As(err, &noGuess): // the schema of a guess is no file
		_ = printText(w, wrongSchema.Diagnostics) // if stderr is closed, nobody is there to be told
	case errors.As(err, &wrongCode):
		tellCode(w, wrongCode.Problems)
	default:
		fmt.Fprintln(w, "backlog-gen:", err)
	}
}

// tellCode prints what the type checker has to say.
func tellCode(w io.Writer, problems []gen.CodeProblem) {
	for _, p := range problems {
		fmt.Fprintf(w, "%s: %s\n", display(p.Pos), p.Message)
	}
}
