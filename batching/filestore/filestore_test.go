package filestore_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/internal/atomicfile"
	"github.com/backlog-gen/backlog-gen/internal/atomicfile/faultfs"
	"github.com/backlog-gen/backlog-gen/internal/pipetest"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
	"github.com/backlog-gen/backlog-gen/internal/storetest"
)

func newFile(t testing.TB, epics, stories, tasks int) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "plan.json")
	writeFile(t, name, plantest.Text(epics, stories, tasks))
	return name
}

func writeFile(t testing.TB, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func readFile(t testing.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func openStore(t testing.TB, store batching.Store, opts ...batching.Option) *plantest.Batcher {
	t.Helper()
	b, err := batching.Open(t.Context(), plantest.Format(), store, append([]batching.Option{batching.WithLogger(quiet)}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close(context.Background()) })
	return b
}

func update(t testing.TB, b *plantest.Batcher, id plantest.ID, to plantest.Status) {
	t.Helper()
	if _, err := b.UpdateStatus(t.Context(), id, to); err != nil {
		t.Fatal(err)
	}
}

func flush(t testing.TB, b *plantest.Batcher) {
	t.Helper()
	if _, err := b.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestCreate(t *testing.T) {
	name := filepath.Join(t.TempDir(), "new", "plans", "plan.json")
	p := plantest.Parse(plantest.Text(1, 1, 1))
	if err := filestore.Create(t.Context(), name, p.Document); err != nil {
		t.Fatal(err)
	}
	if got := readFile(t, name); got != p.String() {
		t.Errorf("content %q", got)
	}
	other := plantest.Parse(plantest.Text(2, 1, 1))
	if err := filestore.Create(t.Context(), name, other.Document); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a second Create: %v", err)
	}
	if got := readFile(t, name); got != p.String() {
		t.Errorf("a second Create has written: %q", got)
	}
	entries, err := os.ReadDir(filepath.Dir(name))
	if err != nil || len(entries) != 2 { // with the lock
		t.Errorf("left behind: %v, %v", entries, err)
	}
	b := openStore(t, filestore.New(name))
	update(t, b, plantest.TaskID(1, 1, 1), plantest.Active)
	flush(t, b)
}

// TestCreateIsDurable cuts the power after Create, directories included.
func TestCreateIsDurable(t *testing.T) {
	fsys := faultfs.New("/d")
	p := plantest.Parse(plantest.Text(1, 1, 1))
	if err := filestore.Create(t.Context(), "/d/a/b/plan.json", p.Document, filestore.WithFS(fsys)); err != nil {
		t.Fatal(err)
	}
	fsys.PowerCut(faultfs.DropAll)
	if got, _ := fsys.Get("/d/a/b/plan.json"); string(got) != p.String() {
		t.Errorf("content %q", got)
	}
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	broken := filepath.Join(dir, "broken.json")
	writeFile(t, broken, "{\n  \"plan\": [{\"id\": \"E1\", \"title\": \"\", \"status\": \"Nope\"}]}")
	link := filepath.Join(dir, "link.json")
	if err := os.Symlink("broken.json", link); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{broken, link} {
		_, _, err := filestore.New(name).Load(t.Context(), plantest.Type())
		var parse *document.ParseError
		if !errors.As(err, &parse) || parse.File != name || !strings.HasPrefix(err.Error(), name+":2:") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, err := filestore.New(filepath.Join(dir, "no.json")).Load(t.Context(), plantest.Type()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing: %v", err)
	}
	if _, _, err := filestore.New(dir).Load(t.Context(), plantest.Type()); err == nil {
		t.Error("a directory was loaded")
	}
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := filestore.New(broken).Load(canceled, plantest.Type()); !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: %v", err)
	}
}

// TestLoadLeavesNothingBehind reads a file in a directory that cannot be written.
func TestLoadLeavesNothingBehind(t *testing.T) {
	name := newFile(t, 1, 1, 1)
	b := openStore(t, filestore.New(name))
	if err := b.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(filepath.Dir(name))
	if err != nil || len(entries) != 1 {
		t.Errorf("reading has left: %v, %v", entries, err)
	}
}

// TestLink updates through a symbolic link: file and lock are the same for
// both names.
func TestLink(t *testing.T) {
	name := newFile(t, 1, 1, 2)
	link := filepath.Join(t.TempDir(), "link.json")
	if err := os.Symlink(name, link); err != nil {
		t.Fatal(err)
	}
	one, two := openStore(t, filestore.New(name)), openStore(t, filestore.New(link))
	update(t, one, plantest.TaskID(1, 1, 1), plantest.Active)
	update(t, two, plantest.TaskID(1, 1, 2), plantest.Active)
	flush(t, one)
	flush(t, two)
	p := plantest.Parse(readFile(t, name))
	if p.Status(plantest.TaskID(1, 1, 1)) != plantest.Active || p.Status(plantest.TaskID(1, 1, 2)) != plantest.Active {
		t.Error("an update is lost")
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("the link was replaced: %v, %v", info, err)
	}
	if _, err := os.Stat(link + ".lock"); err == nil {
		t.Error("the link has a lock of its own")
	}
}

// TestCompare changes the file so that its attributes tell nothing.
func TestCompare(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	clock := func() time.Time { return now }
	fsys := faultfs.New("/d")
	fsys.Clock = clock
	fsys.Put(planFile, []byte(plantest.Text(1, 1, 2)))
	store := filestore.New(planFile, filestore.WithFS(fsys), filestore.WithClock(clock))
	// The same size, the same time.
	theirs := strings.Replace(plantest.Text(1, 1, 2), "Title of E1.S1.T2", "Title of E1.S1.TX", 1)

	b := openStore(t, store)
	update(t, b, plantest.TaskID(1, 1, 1), plantest.Active)
	fsys.Overwrite(planFile, []byte(theirs))
	flush(t, b)
	if got, _ := fsys.Get(planFile); !strings.Contains(string(got), "E1.S1.TX") {
		t.Error("a change in the same instant was overwritten")
	}

	// What was old when it was loaded, and still has its time, is not read.
	now = now.Add(3 * time.Second)
	b = openStore(t, store)
	update(t, b, plantest.TaskID(1, 1, 1), plantest.Done)
	fsys.Plant(faultfs.Fault{})
	flush(t, b)
	for _, op := range fsys.Trace() {
		if op == "open plan.json" {
			t.Errorf("the file was read although it is proven unchanged")
		}
	}
}

// TestChangeBeforeRename changes the file at the last moment, when the new
// content lies ready.
func TestChangeBeforeRename(t *testing.T) {
	for at := range 100 {
		fsys := faultfs.New("/d")
		fsys.Put(planFile, []byte(plantest.Text(1, 1, 2)))
		theirs := strings.Replace(plantest.Text(1, 1, 2), "Title of E1.S1.T2", "Title of E1.S1.TX", 1)
		intruder := &intruder{FS: fsys, at: at, do: func() { fsys.Overwrite(planFile, []byte(theirs)) }}
		b := openStore(t, filestore.New(planFile, filestore.WithFS(intruder)))
		update(t, b, plantest.TaskID(1, 1, 1), plantest.Active)
		flush(t, b)
		if !intruder.done {
			if at < 8 {
				t.Errorf("only %d moments to change the file at", at)
			}
			break
		}
		got, _ := fsys.Get(planFile)
		if !strings.Contains(string(got), "E1.S1.TX") {
			t.Errorf("the change before operation %d was overwritten", at)
		}
		if p := plantest.Parse(string(got)); p.Status(plantest.TaskID(1, 1, 1)) != plantest.Active && !intruder.renamed {
			t.Errorf("our change is lost, theirs came before operation %d", at)
		}
	}
}

// intruder does something before an operation on names, but not once the rename
// has been seen.
type intruder struct {
	*faultfs.FS
	mu            sync.Mutex
	count, at     int
	do            func()
	done, renamed bool
}

func (i *intruder) step() {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.count == i.at {
		i.do()
		i.done = true
	}
	i.count++
}

func (i *intruder) Lstat(name string) (fs.FileInfo, error) {
	i.step()
	return i.FS.Lstat(name)
}

func (i *intruder) OpenFile(name string, flag int, perm fs.FileMode) (atomicfile.File, error) {
	i.step()
	return i.FS.OpenFile(name, flag, perm)
}

func (i *intruder) Rename(from, to string) error {
	i.renamed = true
	return i.FS.Rename(from, to)
}

func TestLockIsWaitedFor(t *testing.T) {
	name := newFile(t, 1, 1, 1)
	b := openStore(t, filestore.New(name))
	update(t, b, plantest.TaskID(1, 1, 1), plantest.Active)
	lock, err := atomicfile.TryLock(atomicfile.OS{}, name+".lock", name)
	if err != nil || lock == nil {
		t.Fatal(lock, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := b.Flush(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
	if got := readFile(t, name); got != plantest.Text(1, 1, 1) {
		t.Error("written without the lock")
	}
	done := make(chan error)
	go func() {
		_, err := b.Flush(t.Context())
		done <- err
	}()
	if err := lock.Unlock(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(name + ".lock"); err != nil {
		t.Errorf("the lock file is gone: %v", err)
	}
}

func TestWatch(t *testing.T) {
	name := newFile(t, 1, 1, 3)
	synctest.Test(t, func(t *testing.T) {
		b := openStore(t, filestore.New(name, filestore.WithPollEvery(time.Second)))
		var mu sync.Mutex
		var seen []plantest.Status
		ctx, cancel := context.WithCancel(t.Context())
		result := make(chan error, 1)
		go func() {
			result <- b.Watch(ctx, func(p plantest.Plan) {
				mu.Lock()
				defer mu.Unlock()
				seen = append(seen, p.Status(plantest.TaskID(1, 1, 2)))
			})
		}()
		seconds := func(n int) {
			time.Sleep(time.Duration(n) * time.Second)
			synctest.Wait()
		}
		edit := func(to plantest.Status) {
			p, err := plantest.Parse(readFile(t, name)).Apply(document.Force(plantest.TaskID(1, 1, 2).Document(), document.Status(to), "test"))
			if err != nil {
				t.Fatal(err)
			}
			writeFile(t, name, p.String())
		}
		seconds(3)
		update(t, b, plantest.TaskID(1, 1, 1), plantest.Active)
		flush(t, b) // our own change is no news
		seconds(3)
		edit(plantest.Done)
		seconds(3)
		if err := os.Rename(name, name+"~"); err != nil { // gone for a moment
			t.Fatal(err)
		}
		seconds(3)
		writeFile(t, name, "{") // broken for a moment
		seconds(3)
		if err := os.Rename(name+"~", name); err != nil {
			t.Fatal(err)
		}
		edit(plantest.Failed)
		seconds(3)
		cancel()
		if err := <-result; !errors.Is(err, context.Canceled) {
			t.Errorf("Watch: %v", err)
		}
		mu.Lock()
		defer mu.Unlock()
		if got := fmt.Sprint(seen); got != "[Done Failed]" {
			t.Errorf("seen %s", got)
		}
		if got := b.Snapshot().Status(plantest.TaskID(1, 1, 1)); got != plantest.Active {
			t.Errorf("our own update is %v", got)
		}
	})
}

func TestOptionalPartsOfAStore(t *testing.T) {
	name := newFile(t, 1, 1, 1)
	plain := storetest.Plain(filestore.New(name))
	b := openStore(t, plain)
	if err := b.Watch(t.Context(), nil); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("Watch: %v", err)
	}
	update(t, b, plantest.TaskID(1, 1, 1), plantest.Active)
	if _, err := b.Recover(t.Context()); err != nil {
		t.Errorf("Recover: %v", err)
	}
	if entries, err := os.ReadDir(filepath.Dir(name)); err != nil || len(entries) != 2 { // with the lock
		t.Errorf("%v, %v", entries, err)
	}
}

// TestNoRegularFile opens what is no regular file, and flushes where one has
// come to stand: nobody waits, and the error says what is there.
func TestNoRegularFile(t *testing.T) {
	kinds := map[string]func(name string) error{
		"a pipe":      func(name string) error { return pipetest.Make(name) },
		"a directory": func(name string) error { return os.Mkdir(name, 0o700) },
		"a device":    func(name string) error { return os.Symlink(os.DevNull, name) },
	}
	for kind, put := range kinds {
		t.Run(kind, func(t *testing.T) {
			name := filepath.Join(t.TempDir(), "plan.json")
			if err := put(name); err != nil {
				t.Fatal(err)
			}
			check := func(err error) {
				t.Helper()
				var path *fs.PathError
				if !errors.As(err, &path) || !strings.Contains(err.Error(), "this is "+kind+", not a regular file") {
					t.Errorf("error %v", err)
				}
			}
			_, err := batching.Open(t.Context(), plantest.Format(), filestore.New(name))
			check(err)
			if err := os.Remove(name); err != nil {
				t.Fatal(err)
			}
			writeFile(t, name, plantest.Text(1, 1, 1))
			b := openStore(t, filestore.New(name))
			if _, err := b.UpdateStatus(t.Context(), plantest.TaskID(1, 1, 1), plantest.Active); err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(os.Remove(name), put(name)); err != nil {
				t.Fatal(err)
			}
			_, err = b.Flush(t.Context())
			check(err)
			if len(b.Pending()) != 1 {
				t.Error("not pending any more")
			}
		})
	}
}

// vanishingFS takes the temporary file away before the first rename.
type vanishingFS struct {
	atomicfile.OS
	done *bool
}

func (v vanishingFS) Rename(oldName, newName string) error {
	if !*v.done {
		*v.done = true
		if err := os.Remove(oldName); err != nil {
			return err
		}
	}
	return v.OS.Rename(oldName, newName)
}

// TestTemporaryFileVanishes has somebody tidy up the temporary file of a flush:
// it writes another.
func TestTemporaryFileVanishes(t *testing.T) {
	name := newFile(t, 1, 1, 1)
	b := openStore(t, filestore.New(name, filestore.WithFS(vanishingFS{done: new(bool)})))
	update(t, b, plantest.TaskID(1, 1, 1), plantest.Active)
	if stats, err := b.Flush(t.Context()); err != nil || stats.ItemsWritten != 1 {
		t.Errorf("%+v, %v", stats, err)
	}
	if got := plantest.Parse(readFile(t, name)).Status(plantest.TaskID(1, 1, 1)); got != plantest.Active {
		t.Errorf("stored %v", got)
	}
	if left := hiddenFiles(t, name); len(left) > 1 { // the reserved recovery file
		t.Errorf("left behind: %v", left)
	}
}

// TestHardLinks opens a file with two names: that is said once, and the other
// name keeps the old content.
func TestHardLinks(t *testing.T) {
	name := newFile(t, 1, 1, 1)
	other := name + ".other"
	if err := os.Link(name, other); err != nil {
		t.Skip("no hard links here:", err)
	}
	var log bytes.Buffer
	store := filestore.New(name, filestore.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	openStore(t, store)
	b := openStore(t, store)
	if n := strings.Count(log.String(), "has 2 names (hard links)"); n != 1 {
		t.Errorf("said %d times:\n%s", n, &log)
	}
	update(t, b, plantest.TaskID(1, 1, 1), plantest.Active)
	flush(t, b)
	if got := readFile(t, other); got != plantest.Text(1, 1, 1) {
		t.Errorf("the other name leads to\n%s", got)
	}
	log.Reset()
	openStore(t, filestore.New(name, filestore.WithLogger(slog.New(slog.NewTextHandler(&log, nil)))))
	if log.Len() > 0 {
		t.Errorf("said of a file with one name:\n%s", &log)
	}
}
