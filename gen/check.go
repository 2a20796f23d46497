package gen

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/packages"
)

// CodeProblem is one thing that the type checker has to say.
type CodeProblem struct {
	// Pos is file:line:column, or the directory for the package as a whole.
	Pos     string
	Message string
}

// String returns "file:line:column: message".
func (p CodeProblem) String() string { return p.Pos + ": " + p.Message }

// Report is what Check found that does not keep the files from being written.
type Report struct {
	// Elsewhere are errors in hand-written files of the package, such as calls
	// of the getter of a field that has been renamed.
	Elsewhere []CodeProblem
	// Unresolved says why the files could not be type-checked: the packages
	// that they import cannot be found, or there is no module. It is "" if
	// they were.
	Unresolved string
}

// CodeError says why the files must not be written: they do not compile, or
// declare what a hand-written file of the package declares.
type CodeError struct {
	Problems []CodeProblem
}

// Error lists all problems, one a line.
func (e *CodeError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// Check type-checks the files as part of the package in dir, without writing
// them. Files of ours in dir that Write would remove count as removed. The error
// is a *CodeError, the context's, or one of Compare.
func Check(ctx context.Context, dir string, files []File) (Report, error) {
	changes, err := Compare(dir, files)
	if err != nil || len(files) == 0 {
		return Report{}, err
	}
	dir, err = filepath.Abs(dir)
	if err != nil {
		return Report{}, err
	}
	overlay := overlayOf(dir, files, changes.Remove)
	from := existing(dir)
	pattern, err := filepath.Rel(from, dir)
	if err != nil {
		return Report{}, err
	}
	loaded, err := packages.Load(&packages.Config{
		Context: ctx,
		Dir:     from,
		Overlay: overlay,
		Mode:    listed,
	}, "./"+filepath.ToSlash(pattern))
	switch {
	case ctx.Err() != nil:
		return Report{}, ctx.Err()
	case err != nil:
		return Report{Unresolved: err.Error()}, nil
	case len(loaded) != 1:
		return Report{Unresolved: fmt.Sprintf("the go command finds no package in %s", dir)}, nil
	}
	if problems := otherPackages(dir, loaded[0], overlay); len(problems) > 0 {
		return Report{}, &CodeError{Problems: problems} // whatever else is wrong follows from that
	}
	typeCheck(loaded[0], overlay)
	return judge(dir, loaded[0], overlay)
}

// overlayOf returns the content that dir would have: the files, and just a
// package clause for those that would be removed.
func overlayOf(dir string, files []File, removed []string) map[string][]byte {
	overlay := map[string][]byte{}
	for _, f := range files {
		overlay[filepath.Join(dir, f.Name)] = f.Content
	}
	for _, name := range removed {
		overlay[filepath.Join(dir, name)] = packageClause(files[0].Content)
	}
	return overlay
}

// packageClause returns the package clause of a generated file.
func packageClause(content []byte) []byte {
	for line := range strings.Lines(string(content)) {
		if strings.HasPrefix(line, "package ") {
			return []byte(line)
		}
	}
	return nil
}

// existing returns dir or the nearest directory above it that exists.
func existing(dir string) string {
	for {
		if info, err := os.Stat(dir); err == nil && info.IsDir() || filepath.Dir(dir) == dir {
			return dir
		}
		dir = filepath.Dir(dir)
	}
}

// judge sorts what is wrong with the package by who has to mend it.
func judge(dir string, p *packages.Package, ours map[string][]byte) (Report, error) {
	if problems := clashes(p, ours); len(problems) > 0 {
		return Report{}, &CodeError{Problems: problems} // whatever else is wrong follows from that
	}
	var report Report
	refusal := &CodeError{}
	for _, e := range once(dir, p.Errors) {
		problem := CodeProblem{Pos: e.Pos, Message: e.Msg}
		_, inOurs := ours[fileOf(e.Pos)]
		switch {
		case inOurs && strings.HasPrefix(e.Msg, "could not import "):
			report.Unresolved = e.Msg
		case inOurs:
			refusal.Problems = append(refusal.Problems, problem)
		default:
			report.Elsewhere = append(report.Elsewhere, problem)
		}
	}
	if report.Unresolved != "" {
		return Report{Unresolved: report.Unresolved}, nil
	}
	if len(refusal.Problems) > 0 {
		return Report{}, refusal
	}
	return report, nil
}

// once returns the errors with a full position each, without what repeats others
// or follows from them. After the first syntax error of a file, the parser only
// guesses; the go command reports the same error, and the type checker what is
// missing without the file.
func once(dir string, errors []packages.Error) []packages.Error {
	var syntax, others []packages.Error
	broken := map[string]bool{}
	for _, e := range errors {
		switch file := fileOf(e.Pos); {
		case e.Pos == "" || e.Pos == "-":
			e.Pos = dir
		case !filepath.IsAbs(file):
			e.Pos = filepath.Join(dir, e.Pos)
		}
		switch {
		case strings.HasPrefix(e.Msg, "# "):
			// The go command compiles the package too, and repeats it all.
		case e.Kind != packages.ParseError:
			others = append(others, e)
		case !broken[fileOf(e.Pos)]:
			broken[fileOf(e.Pos)] = true
			syntax = append(syntax, e)
		}
	}
	if len(syntax) > 0 {
		return syntax
	}
	return others
}

// fileOf returns the file of a position file:line:column.
func fileOf(pos string) string {
	if i := strings.Index(pos, ".go:"); i >= 0 {
		return pos[:i+len(".go")]
	}
	return pos
}
