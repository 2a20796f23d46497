package atomicfile_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"syscall"
	"testing"

	"github.com/backlog-gen/backlog-gen/internal/atomicfile"
	"github.com/backlog-gen/backlog-gen/internal/atomicfile/faultfs"
	"github.com/backlog-gen/backlog-gen/internal/reliability"
)

var errnos = []error{syscall.EIO, syscall.ENOSPC, syscall.EDQUOT, syscall.EACCES, syscall.EROFS, syscall.EINTR}

// faults returns every way in which one operation can fail.
func faults() []faultfs.Fault {
	all := []faultfs.Fault{
		{Mode: faultfs.Lie}, {Mode: faultfs.CrashBefore}, {Mode: faultfs.CrashTorn}, {Mode: faultfs.CrashAfter},
	}
	for _, mode := range []faultfs.Mode{faultfs.Before, faultfs.After, faultfs.Torn} {
		for _, err := range errnos {
			all = append(all, faultfs.Fault{Mode: mode, Err: err})
		}
	}
	return all
}

const target = "/d/tasks.json"

var (
	oldContent = bytes.Repeat([]byte("old\n"), 3000)
	newContent = bytes.Repeat([]byte("newer\n"), 15000) // several writes
)

func replace(fsys atomicfile.FS, content []byte) error {
	return atomicfile.Replace(fsys, atomicfile.Replacement{Name: target, Perm: 0o644, Write: func(w io.Writer) error {
		for part := content; len(part) > 0; {
			n := min(len(part), 7000)
			if _, err := w.Write(part[:n]); err != nil {
				return err
			}
			part = part[n:]
		}
		return nil
	}})
}

// TestReplaceUnderEveryFault fails operation 1, 2, 3, … of a Replace in every
// way, and cuts the power in every way after it.
func TestReplaceUnderEveryFault(t *testing.T) {
	injected := 0
	for _, fault := range faults() {
		for _, cut := range faultfs.Cuts() {
			for at := 1; ; at++ {
				fault.At = at
				if !replaceUnder(t, fault, cut) {
					break
				}
				injected++
			}
		}
	}
	if injected < 500 {
		t.Errorf("only %d faults injected", injected)
	}
	reliability.Record(t, injected, "faults, one at each operation of a replace", 0, reliability.Durable, reliability.Whole)
}

// replaceUnder reports whether the fault was met.
func replaceUnder(t *testing.T, fault faultfs.Fault, cut faultfs.Cut) bool {
	t.Helper()
	fsys := faultfs.New("/d")
	fsys.Put(target, oldContent)
	fsys.Plant(fault)
	err := replace(fsys, newContent)
	fired := fsys.Fired()
	name := fmt.Sprintf("%v %v at operation %d (%s), cut %d", fault.Mode, fault.Err, fault.At, fired, cut)
	if fired == "" {
		if err != nil {
			t.Fatalf("%s: without a fault: %v", name, err)
		}
		return false
	}
	seen, _ := fsys.Get(target)
	var notDurable *atomicfile.NotDurableError
	visible := err == nil || errors.As(err, &notDurable)
	if !fault.Mode.Crashes() {
		want := oldContent
		if visible {
			want = newContent
		}
		if !bytes.Equal(seen, want) {
			t.Fatalf("%s: Replace returned %v over %d bytes", name, err, len(seen))
		}
		if fault.Mode != faultfs.Lie && err == nil {
			t.Fatalf("%s: the failure was swallowed", name)
		}
	}
	fsys.PowerCut(cut)
	kept, _ := fsys.Get(target)
	switch {
	case err == nil && !bytes.Equal(kept, newContent):
		t.Fatalf("%s: Replace returned nil, and %d bytes survived", name, len(kept))
	case !bytes.Equal(kept, newContent) && !bytes.Equal(kept, oldContent):
		t.Fatalf("%s: torn: %d bytes survived", name, len(kept))
	case !visible && !fault.Mode.Crashes() && !bytes.Equal(kept, oldContent):
		t.Fatalf("%s: Replace returned %v, and the new content is in place", name, err)
	}
	if fsys.Resynced() > 0 {
		t.Fatalf("%s: a file whose sync failed was synced again", name)
	}
	recovers(t, name, fsys)
	return true
}

// recovers checks that once the cause is gone, replacing works and leaves no
// temporary file.
func recovers(t *testing.T, name string, fsys *faultfs.FS) {
	t.Helper()
	if err := atomicfile.RemoveStale(fsys, target); err != nil {
		t.Fatalf("%s: RemoveStale: %v", name, err)
	}
	again := []byte("again")
	if err := replace(fsys, again); err != nil {
		t.Fatalf("%s: the next Replace: %v", name, err)
	}
	fsys.PowerCut(faultfs.DropAll)
	if got, _ := fsys.Get(target); !bytes.Equal(got, again) {
		t.Fatalf("%s: the next Replace left %d bytes", name, len(got))
	}
	names, err := fsys.ReadDir("/d")
	if err != nil || len(names) != 1 {
		t.Fatalf("%s: left behind: %v (%v)", name, names, err)
	}
}

// TestMkdirAllIsDurable cuts the power after MkdirAll under every fault.
func TestMkdirAllIsDurable(t *testing.T) {
	for _, fault := range faults() {
		for at := 1; ; at++ {
			fault.At = at
			fsys := faultfs.New("/d")
			fsys.Plant(fault)
			err := atomicfile.MkdirAll(fsys, "/d/a/b", 0o755)
			if fsys.Fired() == "" {
				if err != nil {
					t.Fatal(err)
				}
				break
			}
			fsys.PowerCut(faultfs.DropAll)
			if _, statErr := fsys.Lstat("/d/a/b"); err == nil && statErr != nil {
				t.Fatalf("%v %v at %d: MkdirAll returned nil, then %v", fault.Mode, fault.Err, at, statErr)
			}
			if err := atomicfile.MkdirAll(fsys, "/d/a/b", 0o755); err != nil {
				t.Fatalf("the next MkdirAll: %v", err)
			}
			fsys.PowerCut(faultfs.DropAll)
			if _, err := fsys.Lstat("/d/a/b"); err != nil {
				t.Fatalf("%v %v at %d: after the next MkdirAll: %v", fault.Mode, fault.Err, at, err)
			}
		}
	}
}

// TestReplaceNeedsEachSync shows that the file system really forgets: without
// the directory sync, or without the file sync, content is lost.
func TestReplaceNeedsEachSync(t *testing.T) {
	for _, skip := range []string{"sync", "syncdir"} {
		t.Run(skip, func(t *testing.T) {
			fsys := faultfs.New("/d")
			fsys.Put(target, oldContent)
			if err := replace(&unsynced{FS: fsys, skip: skip}, newContent); err != nil {
				t.Fatal(err)
			}
			cut := faultfs.DropAll
			if skip == "sync" {
				cut = faultfs.KeepNames
			}
			fsys.PowerCut(cut)
			if got, _ := fsys.Get(target); bytes.Equal(got, newContent) {
				t.Errorf("without %s the content survived a power cut: the test file system is too kind", skip)
			}
		})
	}
}

// unsynced leaves out one kind of sync.
type unsynced struct {
	*faultfs.FS
	skip string
}

func (u *unsynced) SyncDir(name string) error {
	if u.skip == "syncdir" {
		return nil
	}
	return u.FS.SyncDir(name)
}

func (u *unsynced) OpenFile(name string, flag int, perm fs.FileMode) (atomicfile.File, error) {
	f, err := u.FS.OpenFile(name, flag, perm)
	if err != nil || u.skip != "sync" {
		return f, err
	}
	return unsyncedFile{f}, nil
}

type unsyncedFile struct{ atomicfile.File }

func (unsyncedFile) Sync() error { return nil }
