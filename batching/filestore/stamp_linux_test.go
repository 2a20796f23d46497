package filestore_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/internal/atomicfile"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

// frozenFS is a file system whose clock stands still: all that is written is
// written within one tick.
type frozenFS struct{ atomicfile.OS }

func (f frozenFS) Lstat(name string) (fs.FileInfo, error) {
	info, err := f.OS.Lstat(name)
	if filepath.Base(name) != "plan.json" {
		return info, err
	}
	return frozen(info), err
}

func (f frozenFS) OpenFile(name string, flag int, perm fs.FileMode) (atomicfile.File, error) {
	file, err := f.OS.OpenFile(name, flag, perm)
	if err != nil || filepath.Base(name) != "plan.json" {
		return file, err
	}
	return frozenFile{file}, nil
}

type frozenFile struct{ atomicfile.File }

func (f frozenFile) Stat() (fs.FileInfo, error) {
	info, err := f.File.Stat()
	return frozen(info), err
}

type frozenInfo struct {
	fs.FileInfo
	sys syscall.Stat_t
}

func (i frozenInfo) ModTime() time.Time { return time.Unix(i.sys.Mtim.Unix()) }
func (i frozenInfo) Sys() any           { return &i.sys }

func frozen(info fs.FileInfo) fs.FileInfo {
	if info == nil {
		return nil
	}
	i := frozenInfo{info, *info.Sys().(*syscall.Stat_t)}
	i.sys.Mtim, i.sys.Ctim = syscall.Timespec{Sec: 1e9}, syscall.Timespec{Sec: 1e9}
	return i
}

// A file that is put in the place of ours within one tick of the clock, with as
// many bytes, is noticed by its number.
func TestReplacedWithinOneTick(t *testing.T) {
	name := newFile(t, 1, 1, 2)
	store := filestore.New(name, filestore.WithFS(frozenFS{}), filestore.WithPollEvery(time.Millisecond))
	b := openStore(t, store)
	_, base, err := store.Load(t.Context(), plantest.Type())
	if err != nil {
		t.Fatal(err)
	}
	theirs := strings.Replace(plantest.Text(1, 1, 2), "Title of E1.S1.T2", "Title of E1.S1.TX", 1)
	writeFile(t, name+".new", theirs)
	if err := os.Rename(name+".new", name); err != nil {
		t.Fatal(err)
	}
	if err := store.Watch(t.Context(), base); err != nil {
		t.Error(err)
	}
	update(t, b, plantest.TaskID(1, 1, 1), plantest.Active)
	flush(t, b)
	got := readFile(t, name)
	if !strings.Contains(got, "E1.S1.TX") || plantest.Parse(got).Status(plantest.TaskID(1, 1, 1)) != plantest.Active {
		t.Errorf("stored\n%s", got)
	}
}

// unreadableFS fails to describe files, from some time on.
type unreadableFS struct {
	atomicfile.OS
	left *int
}

func (u unreadableFS) Lstat(name string) (fs.FileInfo, error) {
	if *u.left--; *u.left < 0 {
		return nil, &fs.PathError{Op: "lstat", Path: name, Err: syscall.EIO}
	}
	return u.OS.Lstat(name)
}

// That a file cannot be looked at does not mean that it is there.
func TestFileThatCannotBeLookedAt(t *testing.T) {
	name := filepath.Join(t.TempDir(), "plan.json")
	for looks := range 20 {
		left := looks
		store := filestore.New(name, filestore.WithFS(unreadableFS{left: &left}))
		_, err := store.Save(t.Context(), batching.Save{Document: plantest.Parse(plantest.Text(1, 1, 1)).Document})
		if err == nil {
			if looks < 3 {
				t.Error("the test looked at too little")
			}
			return
		}
		if errors.Is(err, fs.ErrExist) || !errors.Is(err, syscall.EIO) {
			t.Errorf("after %d looks: %v", looks, err)
		}
	}
	t.Error("never saved")
}
