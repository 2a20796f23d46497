package filestore_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
	"github.com/backlog-gen/backlog-gen/internal/regularfile"
)

// A program opens a file by a relative name and changes its directory. All that
// it does from then on concerns the file that it has opened.
func TestRelativeNames(t *testing.T) {
	text := plantest.Text(1, 1, 3)
	here, there := filepath.Join(t.TempDir(), "here"), filepath.Join(t.TempDir(), "there")
	for _, dir := range []string{here, there} {
		if err := os.Mkdir(dir, 0o777); err != nil {
			t.Fatal(err)
		}
		writeFile(t, filepath.Join(dir, "plan.json"), text)
	}
	t.Chdir(here)
	c := newClock()
	store := filestore.New("plan.json", filestore.WithClock(c.time))
	full := &fullStore{Store: store}
	b := openStore(t, full)
	t.Chdir(there)
	claim(t, b, "one", 1, hour, 1)
	wantHeld(t, b, "one", 1)
	set(t, b, plantest.Active, 2)
	full.full = true
	var failure *batching.FlushError
	if _, err := b.Flush(t.Context()); !errors.As(err, &failure) || filepath.Dir(failure.Preserved) != here {
		t.Errorf("%v, preserved in %s, want in %s", err, failure.Preserved, here)
	}
	full.full = false
	flush(t, b)
	if _, err := b.Refresh(t.Context()); err != nil {
		t.Error(err)
	}
	if err := store.Overwrite(t.Context(), []byte(plantest.Text(1, 1, 4))); err != nil {
		t.Error(err)
	}
	if _, err := b.Refresh(t.Context()); err != nil || b.Snapshot().Document.Len(plantest.TaskLevel) != 4 {
		t.Errorf("%v, %s", err, b.Snapshot())
	}
	if got := readFile(t, filepath.Join(there, "plan.json")); got != text {
		t.Errorf("the file of another directory is now\n%s", got)
	}
	entries, err := os.ReadDir(there)
	if err != nil || len(entries) != 1 {
		t.Errorf("%v, %v: something was made in another directory", entries, err)
	}
}

// The two dots after a link lead up from where the link leads.
func TestRelativeNameThroughALink(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "project", "inner"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(dir, "project", "inner"), filepath.Join(dir, "link")); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	writeFile(t, filepath.Join(dir, "project", "plan.json"), plantest.Text(1, 1, 1))
	t.Chdir(dir)
	b := openStore(t, filestore.New("link/../plan.json"))
	t.Chdir(t.TempDir())
	set(t, b, plantest.Active, 1)
	flush(t, b)
	if p := plantest.Parse(readFile(t, filepath.Join(dir, "project", "plan.json"))); p.Status(plantest.TaskID(1, 1, 1)) != plantest.Active {
		t.Error("another file was written")
	}
}

// A name that leaves no room for those beside it is refused when the file is
// opened, not when something is to be put there.
func TestNameTooLong(t *testing.T) {
	dir := t.TempDir()
	for n, fits := range map[int]bool{225: true, 226: false, 250: false} {
		name := filepath.Join(dir, strings.Repeat("n", n))
		writeFile(t, name, plantest.Text(1, 1, 1))
		b, err := openPlain(name)
		if !fits {
			if !errors.Is(err, syscall.ENAMETOOLONG) || !strings.Contains(err.Error(), "too long for the files beside it") {
				t.Errorf("%d bytes: %v", n, err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		claim(t, b, "one", 1, hour, 1)
		if err := b.Close(t.Context()); err != nil {
			t.Error(err)
		}
	}
	if err := filestore.Create(t.Context(), filepath.Join(dir, strings.Repeat("é", 120)), plantest.Parse(plantest.Text(1, 1, 1)).Document); !errors.Is(err, syscall.ENAMETOOLONG) {
		t.Errorf("Create: %v", err)
	}
}

// Files with holes say that they are larger than the memory. That is said, and
// nothing is made for them.
func TestHugeFiles(t *testing.T) {
	for _, size := range []int64{1 << 31, 1 << 32, 1 << 42} {
		name := filepath.Join(t.TempDir(), "plan.json")
		huge(t, name, size)
		_, err := openPlain(name)
		var tooLarge *regularfile.SizeError
		if !errors.As(err, &tooLarge) || tooLarge.Size != size || !strings.Contains(err.Error(), name) {
			t.Errorf("%d bytes: %v", size, err)
		}
	}
	name := newFile(t, 1, 1, 1)
	b := openStore(t, filestore.New(name))
	set(t, b, plantest.Active, 1)
	huge(t, name, 1<<42) // while it is open
	if _, err := b.Flush(t.Context()); err == nil {
		t.Error("flushed over a file that cannot be read")
	}
	if info, err := os.Stat(name); err != nil || info.Size() != 1<<42 {
		t.Errorf("the file was touched: %v, %v", info, err)
	}
	writeFile(t, name, plantest.Text(1, 1, 1))
	flush(t, b)
	name = newFile(t, 1, 1, 1)
	huge(t, leasesFile(name), 1<<42)
	wantRefused(t, name, "at most")
}

// huge makes a file with a hole.
func huge(t *testing.T, name string, size int64) {
	t.Helper()
	writeFile(t, name, "{")
	if err := os.Truncate(name, size); err != nil {
		t.Skip("no holes of this size in files here:", err)
	}
}

// Options that make no sense are refused by whatever is done first.
func TestOptionsThatMakeNoSense(t *testing.T) {
	for _, opt := range []filestore.Option{filestore.WithPollEvery(0), filestore.WithPollEvery(-1), filestore.WithLogger(nil)} {
		name := newFile(t, 1, 1, 1)
		store := filestore.New(name, opt)
		check := func(what string, err error) {
			t.Helper()
			if err == nil || errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), ": want ") {
				t.Errorf("%s: %v", what, err)
			}
		}
		_, err := batching.Open(t.Context(), plantest.Format(), store)
		check("Open", err)
		_, err = store.Save(t.Context(), batching.Save{Document: plantest.Parse(plantest.Text(1, 1, 1)).Document})
		check("Save", err)
		check("Watch", store.Watch(t.Context(), ""))
		_, err = store.Leases(t.Context())
		check("Leases", err)
		_, err = store.Abandoned(t.Context())
		check("Abandoned", err)
		check("Reserve", store.NewRecovery().Reserve(t.Context(), 1))
		check("Overwrite", store.Overwrite(t.Context(), nil))
		check("Create", filestore.Create(t.Context(), filepath.Join(t.TempDir(), "new"), plantest.Parse(plantest.Text(1, 1, 1)).Document, opt))
	}
}
