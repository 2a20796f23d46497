package atomicfile_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/backlog-gen/backlog-gen/internal/atomicfile"
	"github.com/backlog-gen/backlog-gen/internal/pipetest"
)

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func write(t *testing.T, name, data string, perm fs.FileMode) {
	t.Helper()
	if err := os.WriteFile(name, []byte(data), perm); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(name, perm); err != nil {
		t.Fatal(err)
	}
}

func TestWriteFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "tasks.json")
	for _, content := range []string{"first", "", "third and longer"} {
		if err := atomicfile.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := read(t, name); got != content {
			t.Errorf("got %q, want %q", got, content)
		}
	}
	onlyFile(t, name)
}

func onlyFile(t *testing.T, name string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(name))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != filepath.Base(name) {
			t.Errorf("left behind: %s", e.Name())
		}
	}
}

func TestReplaceKeepsMode(t *testing.T) {
	name := filepath.Join(t.TempDir(), "tasks.json")
	for _, mode := range []fs.FileMode{0o600, 0o640, 0o644, 0o664, 0o666, 0o755} {
		write(t, name, "old", mode)
		if err := atomicfile.WriteFile(name, []byte("new"), 0o600); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode() != mode {
			t.Errorf("mode is %v, was %v", info.Mode(), mode)
		}
	}
}

func TestReplaceFollowsLinks(t *testing.T) {
	dir := t.TempDir()
	real := filepath.Join(dir, "real", "tasks.json")
	if err := os.Mkdir(filepath.Dir(real), 0o755); err != nil {
		t.Fatal(err)
	}
	first, second := filepath.Join(dir, "first"), filepath.Join(dir, "second")
	for link, to := range map[string]string{first: "second", second: filepath.Join("real", "tasks.json")} {
		if err := os.Symlink(to, link); err != nil {
			t.Fatal(err)
		}
	}
	for _, content := range []string{"dangling at first", "then not"} {
		if err := atomicfile.WriteFile(first, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		if got := read(t, real); got != content {
			t.Errorf("got %q, want %q", got, content)
		}
	}
	if info, err := os.Lstat(first); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v %v", info, err)
	}
	onlyFile(t, real)
}

func TestReplaceRefuses(t *testing.T) {
	dir := t.TempDir()
	loop := filepath.Join(dir, "loop")
	if err := os.Symlink("loop", loop); err != nil {
		t.Fatal(err)
	}
	pipe := filepath.Join(dir, "pipe")
	if err := pipetest.Make(pipe); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, file string
		want       error
		text       string
	}{
		{name: "missing directory", file: filepath.Join(dir, "no", "file"), want: fs.ErrNotExist},
		{name: "links in a circle", file: loop, want: syscall.ELOOP},
		{name: "a directory", file: dir, text: "not a regular file"},
		{name: "a pipe", file: pipe, text: "not a regular file"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := atomicfile.WriteFile(tt.file, []byte("x"), 0o600)
			if err == nil || tt.want != nil && !errors.Is(err, tt.want) || !strings.Contains(err.Error(), tt.text) {
				t.Errorf("got %v, want %v %s", err, tt.want, tt.text)
			}
		})
	}
}

func TestReplaceGivesUp(t *testing.T) {
	name := filepath.Join(t.TempDir(), "tasks.json")
	write(t, name, "old", 0o644)
	refusal := errors.New("no")
	half := func(w io.Writer) error {
		_, _ = io.WriteString(w, "half of the n")
		return refusal
	}
	if err := atomicfile.Replace(atomicfile.OS{}, atomicfile.Replacement{Name: name, Write: half}); err != refusal {
		t.Errorf("got %v, want %v", err, refusal)
	}
	if got := read(t, name); got != "old" {
		t.Errorf("content %q", got)
	}
	onlyFile(t, name)
}

// staged returns a file that holds "old", and "new" staged to replace it.
func staged(t *testing.T) (string, *atomicfile.Staged) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "tasks.json")
	write(t, name, "old", 0o644)
	staged, err := atomicfile.Stage(atomicfile.OS{}, atomicfile.Replacement{
		Name: name, Write: func(w io.Writer) error { _, err := io.WriteString(w, "new"); return err },
	})
	if err != nil {
		t.Fatal(err)
	}
	return name, staged
}

func TestDiscard(t *testing.T) {
	name, staged := staged(t)
	staged.Discard()
	if got := read(t, name); got != "old" {
		t.Errorf("content %q", got)
	}
	onlyFile(t, name)
}

// What has been tidied up can be staged anew.
func TestCommitOfWhatHasVanished(t *testing.T) {
	name, staged := staged(t)
	if err := atomicfile.RemoveStale(atomicfile.OS{}, name); err != nil {
		t.Fatal(err)
	}
	if err := staged.Commit(); !errors.Is(err, atomicfile.ErrVanished) {
		t.Errorf("got %v, want %v", err, atomicfile.ErrVanished)
	}
	if got := read(t, name); got != "old" {
		t.Errorf("content %q", got)
	}
}

func TestRemoveStaleRemovesOnlyItsOwn(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "tasks.json")
	stale := []string{".tasks.json.0123456789abcdef.tmp", ".tasks.json.ffffffffffffffff.tmp"}
	kept := []string{
		"tasks.json", ".tasks.json.tmp", ".tasks.json.0123456789abcde.tmp", ".tasks.json.0123456789ABCDEF.tmp",
		".other.json.0123456789abcdef.tmp", ".tasks.json.0123456789abcdef.recovery", "tasks.json.lock",
	}
	for _, n := range append(stale, kept...) {
		write(t, filepath.Join(dir, n), "x", 0o644)
	}
	if err := atomicfile.RemoveStale(atomicfile.OS{}, name); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != len(kept) {
		t.Errorf("%d files left, want %d: %v", len(entries), len(kept), entries)
	}
	for _, n := range kept {
		if _, err := os.Stat(filepath.Join(dir, n)); err != nil {
			t.Errorf("%s: %v", n, err)
		}
	}
}
