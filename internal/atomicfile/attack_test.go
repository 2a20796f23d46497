package atomicfile_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/backlog-gen/backlog-gen/internal/atomicfile"
	"github.com/backlog-gen/backlog-gen/internal/pipetest"
)

// renameFS does something in place of a rename, or before it.
type renameFS struct {
	atomicfile.OS
	rename func(oldName, newName string) error
}

func (r renameFS) Rename(oldName, newName string) error { return r.rename(oldName, newName) }

// TestRenameThatFails tells a rename that has moved the file all the same from
// one whose temporary file was taken away by somebody who tidies up.
func TestRenameThatFails(t *testing.T) {
	tests := []struct {
		name   string
		rename func(oldName, newName string) error
		unsure bool
		want   string
	}{
		{"nothing moved", func(string, string) error { return syscall.EIO }, false, "old"},
		{"moved all the same", func(o, n string) error {
			return errors.Join(os.Rename(o, n), syscall.EIO)
		}, true, "new"},
		{"the temporary file is gone", func(o, n string) error {
			return errors.Join(os.Remove(o), os.Rename(o, n))
		}, false, "old"},
		{"gone, and another is in place", func(o, n string) error {
			other := n + ".other"
			return errors.Join(os.Remove(o), os.WriteFile(other, []byte("other"), 0o644), os.Rename(other, n), syscall.EIO)
		}, false, "other"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			name := filepath.Join(t.TempDir(), "tasks.json")
			write(t, name, "old", 0o644)
			err := atomicfile.Replace(renameFS{rename: tt.rename}, atomicfile.Replacement{Name: name, Write: func(w io.Writer) error {
				_, err := io.WriteString(w, "new")
				return err
			}})
			var unsure *atomicfile.NotDurableError
			if err == nil || errors.As(err, &unsure) != tt.unsure {
				t.Errorf("error %v", err)
			}
			if got := read(t, name); got != tt.want {
				t.Errorf("content %q, want %q", got, tt.want)
			}
			onlyFile(t, name)
		})
	}
}

// TestLinksAmongDirectories has two dots behind a link to a directory, in the
// name and in what a link holds. They lead up from where the link leads.
func TestLinksAmongDirectories(t *testing.T) {
	for name, ask := range map[string]string{
		"in what a link holds": "a/link/file",
		"in the name":          "a/link/../data",
		"in both":              "a/link/../c/file",
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for _, d := range []string{"a", "b/c"} {
				if err := os.MkdirAll(filepath.Join(dir, d), 0o755); err != nil {
					t.Fatal(err)
				}
			}
			for link, to := range map[string]string{"a/link": "../b/c", "b/c/file": "../data"} {
				if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
					t.Fatal(err)
				}
			}
			write(t, filepath.Join(dir, "b/data"), "ours", 0o644)
			write(t, filepath.Join(dir, "a/data"), "somebody else's", 0o644)
			asked := dir + "/" + ask // not joined, which would take "link/.." out
			if content := read(t, asked); content != "ours" {
				t.Fatalf("the system reads %q", content)
			}
			if err := atomicfile.WriteFile(asked, []byte("new"), 0o644); err != nil {
				t.Fatal(err)
			}
			if got := read(t, filepath.Join(dir, "b/data")); got != "new" {
				t.Errorf("our file holds %q", got)
			}
			if got := read(t, filepath.Join(dir, "a/data")); got != "somebody else's" {
				t.Errorf("the other file holds %q", got)
			}
			if target, err := atomicfile.Resolve(atomicfile.OS{}, asked); err != nil || filepath.Base(filepath.Dir(target)) != "b" {
				t.Errorf("resolved to %s, %v", target, err)
			}
		})
	}
}

// TestTemporaryFileIsNeverOpenToOthers looks at the mode while the new content
// is being written.
func TestTemporaryFileIsNeverOpenToOthers(t *testing.T) {
	for _, mode := range []fs.FileMode{0o600, 0o640, 0o644, 0o444, 0o400} {
		dir := t.TempDir()
		name := filepath.Join(dir, "tasks.json")
		write(t, name, "old", mode)
		if err := os.Chmod(name, mode); err != nil {
			t.Fatal(err)
		}
		looked := false
		err := atomicfile.Replace(atomicfile.OS{}, atomicfile.Replacement{Name: name, Perm: 0o666, Write: func(w io.Writer) error {
			entries, err := os.ReadDir(dir)
			for _, e := range entries {
				info, err := e.Info()
				if err != nil {
					return err
				}
				if looked = looked || e.Name() != "tasks.json"; info.Mode().Perm()&^mode != 0 {
					t.Errorf("%s: %s has mode %v", mode, e.Name(), info.Mode())
				}
			}
			return err
		}})
		if err != nil || !looked {
			t.Errorf("error %v, looked %v", err, looked)
		}
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != mode {
			t.Errorf("mode %v, want %v: %v", info.Mode(), mode, err)
		}
	}
}

// TestOpenRegular refuses at once what a plain open would wait for, or what
// could not be read.
func TestOpenRegular(t *testing.T) {
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe")
	if err := pipetest.Make(pipe); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{pipe, dir, os.DevNull} {
		_, _, err := atomicfile.OpenRegular(atomicfile.OS{}, name)
		var path *fs.PathError
		if !errors.Is(err, atomicfile.ErrIrregular) || !errors.As(err, &path) || path.Path != name {
			t.Errorf("%s: error %v", name, err)
		}
	}
	file := filepath.Join(dir, "file")
	write(t, file, "content", 0o644)
	f, info, err := atomicfile.OpenRegular(atomicfile.OS{}, file)
	if err != nil || info.Size() != 7 {
		t.Fatalf("%v, %v", info, err)
	}
	defer f.Close()
	if data, err := io.ReadAll(f); err != nil || string(data) != "content" {
		t.Errorf("%q, %v", data, err)
	}
}
