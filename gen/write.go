package gen

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/backlog-gen/backlog-gen/gen/golang"
	"github.com/backlog-gen/backlog-gen/internal/atomicfile"
)

// Changes is what it takes to bring a directory up to date. All lists hold file
// names, sorted.
type Changes struct {
	// Create and Update are the files to write: those that are missing, and
	// those whose content differs.
	Create, Update []string
	// Remove are files that were generated once and are no longer.
	Remove []string
}

// None reports whether there is nothing to do.
func (c Changes) None() bool { return len(c.Create)+len(c.Update)+len(c.Remove) == 0 }

// ForeignFileError lists files that stand where generated ones would go, but
// were not written by backlog-gen.
type ForeignFileError struct {
	Paths []string
}

// Error says what can be done about it.
func (e *ForeignFileError) Error() string {
	return fmt.Sprintf("not overwriting what backlog-gen has not written: move or remove %s", strings.Join(e.Paths, ", "))
}

// Compare returns what Write would do. A directory that does not exist counts as
// empty. The error is a *ForeignFileError, or the system's.
func Compare(dir string, files []File) (Changes, error) {
	var changes Changes
	foreign := &ForeignFileError{}
	for _, f := range files {
		if f.Name != filepath.Base(f.Name) || !filepath.IsLocal(f.Name) {
			return Changes{}, fmt.Errorf("%q is not the name of a file", f.Name)
		}
		path := filepath.Join(dir, f.Name)
		old, err := readOurs(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			changes.Create = append(changes.Create, f.Name)
		case errors.Is(err, errForeign):
			foreign.Paths = append(foreign.Paths, path)
		case err != nil:
			return Changes{}, err
		case !bytes.Equal(old, f.Content):
			changes.Update = append(changes.Update, f.Name)
		}
	}
	if len(foreign.Paths) > 0 {
		return Changes{}, foreign
	}
	var err error
	changes.Remove, err = staleFiles(dir, files)
	return changes, err
}

var errForeign = errors.New("not written by backlog-gen")

// readOurs reads a generated file. What is no regular file is not ours: writing
// through a link would leave the directory.
func readOurs(path string) ([]byte, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errForeign
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if !golang.HasHeader(content) {
		return nil, errForeign
	}
	return content, nil
}

// staleFiles lists the generated files in dir that are not among the files.
func staleFiles(dir string, files []File) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var stale []string
	for _, entry := range entries {
		name := entry.Name()
		if !strings.HasSuffix(name, golang.Suffix) ||
			slices.ContainsFunc(files, func(f File) bool { return f.Name == name }) {
			continue
		}
		switch _, err := readOurs(filepath.Join(dir, name)); {
		case err == nil:
			stale = append(stale, name)
		case !errors.Is(err, errForeign):
			return nil, err
		}
	}
	return stale, nil
}

// Write brings dir up to date and makes it where it is missing: first it writes
// what differs, each file atomically, then it removes what is stale. It changes
// nothing if any file is not ours to overwrite. It returns what it has done, also
// where an error keeps it from doing the rest.
func Write(ctx context.Context, dir string, files []File) (Changes, error) {
	plan, err := Compare(dir, files)
	if err == nil {
		err = ctx.Err()
	}
	if err != nil || plan.None() {
		return Changes{}, err
	}
	var system atomicfile.OS
	if err := atomicfile.MkdirAll(system, dir, 0o777); err != nil {
		return Changes{}, err
	}
	var done Changes
	for _, f := range files {
		list := &done.Create
		switch {
		case slices.Contains(plan.Update, f.Name):
			list = &done.Update
		case !slices.Contains(plan.Create, f.Name):
			continue
		}
		if err := write(system, filepath.Join(dir, f.Name), f.Content); err != nil {
			return done, err
		}
		*list = append(*list, f.Name)
	}
	for _, name := range plan.Remove {
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			return done, err
		}
		done.Remove = append(done.Remove, name)
	}
	return done, nil
}

func write(system atomicfile.FS, path string, content []byte) error {
	return atomicfile.Replace(system, atomicfile.Replacement{
		Name: path,
		Perm: 0o666,
		Write: func(w io.Writer) error {
			_, err := w.Write(content)
			return err
		},
	})
}
