package regularfile_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/backlog-gen/backlog-gen/internal/regularfile"
)

func TestOpenReadsRegularFilesAndWhatLinksLeadTo(t *testing.T) {
	dir := t.TempDir()
	path, link := filepath.Join(dir, "file"), filepath.Join(dir, "link")
	if err := os.WriteFile(path, []byte("text"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(path, link); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	for _, name := range []string{path, link} {
		f, err := regularfile.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(f)
		if err != nil || string(data) != "text" {
			t.Errorf("%s holds %q, %v", name, data, err)
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestOpenRefusesEverythingElse(t *testing.T) {
	dir := t.TempDir()
	if _, err := regularfile.Open(filepath.Join(dir, "nowhere")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("nothing: %v", err)
	}
	for _, name := range []string{dir, os.DevNull} {
		_, err := regularfile.Open(name)
		var path *fs.PathError
		if !errors.Is(err, regularfile.ErrIrregular) || !errors.As(err, &path) || path.Path != name {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReadTakesNoMoreThanTheLimit(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte("text"), 0o666); err != nil {
		t.Fatal(err)
	}
	if data, err := regularfile.Read(path, 4); err != nil || string(data) != "text" {
		t.Errorf("read %q, %v", data, err)
	}
	var tooLarge *regularfile.SizeError
	if data, err := regularfile.Read(path, 3); !errors.As(err, &tooLarge) || data != nil {
		t.Errorf("read %q, %v", data, err)
	}
	if data, err := regularfile.ReadAll(strings.NewReader("text"), 3); !errors.As(err, &tooLarge) || data != nil {
		t.Errorf("read %q, %v", data, err)
	}
	if err := os.Truncate(path, 1<<42); err != nil {
		t.Skip("no holes of this size in files here:", err)
	}
	_, err := regularfile.Read(path, 1<<20)
	var where *fs.PathError
	if !errors.As(err, &tooLarge) || !errors.As(err, &where) || where.Path != path {
		t.Errorf("error %v", err)
	}
}
