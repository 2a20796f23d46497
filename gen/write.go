package gen

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/backlog-gen/backlog-gen/gen/golang"
	"github.com/backlog-gen/backlog-gen/internal/atomicfile"
	"github.com/backlog-gen/backlog-gen/internal/regularfile"
)

// Changes is what it takes to bring a directory up to date. All lists hold file
// names, sorted.
type Changes struct {
	// Create and Update are the files to write: those that are missing, and
	// those whose content differs.
	Create, Update []string
	// Remove are files that were generated once, and are not any more.
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

// OtherSchemaError lists generated files that belong to another schema than the
// one that is to be written to their directory.
type OtherSchemaError struct {
	// Source is the schema that was to be written.
	Source string
	// Others are the schemas in the headers of the files, sorted.
	Others []string
	Paths  []string
}

// Error says what can be done about it.
func (e *OtherSchemaError) Error() string {
	others := strings.Join(e.Others, ", ")
	return fmt.Sprintf("not touching what another schema has generated: the header of %s names %s, not %s: "+
		"give each schema a directory of its own with --out, or remove these files if %s is the new name of %s",
		strings.Join(e.Paths, ", "), others, e.Source, e.Source, others)
}

// Directory is a directory for generated files of one kind.
type Directory struct {
	Path string
	// HeaderSource returns the name of the schema in the header of a generated
	// file, and false for other files.
	HeaderSource func(content []byte) (source string, ok bool)
	// Suffix ends the names of files that are removed once they are not
	// generated any more. With an empty Suffix none is removed.
	Suffix string
}

// Compare is Directory.Compare for a Go package.
func Compare(dir string, files []File) (Changes, error) { return goPackage(dir).Compare(files) }

// Write is Directory.Write for a Go package.
func Write(ctx context.Context, dir string, files []File) (Changes, error) {
	return goPackage(dir).Write(ctx, files)
}

func goPackage(dir string) Directory {
	return Directory{Path: dir, HeaderSource: golang.HeaderSource, Suffix: golang.Suffix}
}

// Compare returns what Write would do. A directory that does not exist counts as
// empty. The error is a *ForeignFileError, an *OtherSchemaError, or the
// system's.
func (d Directory) Compare(files []File) (Changes, error) {
	var changes Changes
	present, err := d.read(files)
	if err != nil {
		return Changes{}, err
	}
	for _, f := range files {
		old, ok := present[f.Name]
		delete(present, f.Name)
		switch {
		case !ok:
			changes.Create = append(changes.Create, f.Name)
		case !bytes.Equal(old, f.Content):
			changes.Update = append(changes.Update, f.Name)
		}
	}
	changes.Remove = slices.Sorted(maps.Keys(present))
	return changes, nil
}

// read returns the generated files of the directory by their names: those that
// the given ones replace, and those that are to be removed. All of them have to
// be of the schema that the given ones are of.
func (d Directory) read(files []File) (map[string][]byte, error) {
	named := map[string]bool{}
	var source string
	for _, f := range files {
		if f.Name != filepath.Base(f.Name) || !filepath.IsLocal(f.Name) {
			return nil, fmt.Errorf("%q is not the name of a file", f.Name)
		}
		named[f.Name] = true
		source, _ = d.HeaderSource(f.Content)
	}
	entries, err := os.ReadDir(d.Path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	generated := map[string][]byte{}
	foreign, others := &ForeignFileError{}, &OtherSchemaError{Source: source}
	for _, entry := range entries {
		name, path := entry.Name(), filepath.Join(d.Path, entry.Name())
		if !named[name] && (d.Suffix == "" || !strings.HasSuffix(name, d.Suffix)) {
			continue
		}
		content, from, err := d.readFile(path)
		switch {
		case errors.Is(err, errForeign):
			if named[name] {
				foreign.Paths = append(foreign.Paths, path)
			}
		case err != nil:
			return nil, err
		case !d.sameSchema(from, source):
			others.Paths = append(others.Paths, path)
			others.Others = append(others.Others, from)
		default:
			generated[name] = content
		}
	}
	if len(foreign.Paths) > 0 {
		return nil, foreign
	}
	if len(others.Paths) > 0 {
		slices.Sort(others.Others)
		others.Others = slices.Compact(others.Others)
		return nil, others
	}
	return generated, nil
}

// sameSchema reports whether the schema that the header of a file names is the one
// that the file is to be written for. One of the same file name is, unless both
// names lead to a schema: the first may have moved, or only be named by its file.
func (d Directory) sameSchema(from, source string) bool {
	if from == source {
		return true
	}
	if path.Base(from) != path.Base(source) {
		return false
	}
	return !d.leadsTo(from) || !d.leadsTo(source)
}

// leadsTo reports whether there may be a file where a header says.
func (d Directory) leadsTo(source string) bool {
	_, err := os.Stat(filepath.Join(d.Path, filepath.FromSlash(source)))
	return !errors.Is(err, fs.ErrNotExist)
}

// maxGenerated is more bytes than a file that we write can have.
const maxGenerated = 1 << 28

var errForeign = errors.New("not written by backlog-gen")

// readFile reads a generated file and the name of its schema. What is no regular
// file is not ours: writing through a link would leave the directory.
func (d Directory) readFile(path string) (content []byte, source string, err error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, "", err
	}
	if !info.Mode().IsRegular() {
		return nil, "", errForeign
	}
	content, err = regularfile.Read(path, maxGenerated)
	var tooLarge *regularfile.SizeError
	if errors.As(err, &tooLarge) {
		return nil, "", errForeign
	}
	if err != nil {
		return nil, "", err
	}
	source, ok := d.HeaderSource(content)
	if !ok {
		return nil, "", errForeign
	}
	return content, source, nil
}

// Write brings the directory up to date and makes it where it is missing: first
// it writes what differs, each file atomically, then it removes what is stale.
// It changes nothing if any file is not ours to overwrite, or is of another
// schema. It returns what it has done, also where an error keeps it from doing
// the rest.
func (d Directory) Write(ctx context.Context, files []File) (Changes, error) {
	plan, err := d.Compare(files)
	if err == nil {
		err = ctx.Err()
	}
	if err != nil || plan.None() {
		return Changes{}, err
	}
	var system atomicfile.OS
	if err := atomicfile.MkdirAll(system, d.Path, 0o777); err != nil {
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
		if err := write(system, filepath.Join(d.Path, f.Name), f.Content); err != nil {
			return done, err
		}
		*list = append(*list, f.Name)
	}
	for _, name := range plan.Remove {
		if err := os.Remove(filepath.Join(d.Path, name)); err != nil {
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
