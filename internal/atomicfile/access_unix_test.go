//go:build unix

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
)

// foreignFS is a file system where one file is of another group, or has an ACL of
// NFS, and chown fails.
type foreignFS struct {
	atomicfile.OS
	name  string
	chown error
	acl   bool
	// set are the attributes that were set.
	set map[string]bool
}

type foreignInfo struct{ fs.FileInfo }

func (i foreignInfo) Sys() any {
	st := *i.FileInfo.Sys().(*syscall.Stat_t)
	st.Gid++
	return &st
}

func (f *foreignFS) Lstat(name string) (fs.FileInfo, error) {
	info, err := f.OS.Lstat(name)
	if err == nil && name == f.name {
		info = foreignInfo{info}
	}
	return info, err
}

func (f *foreignFS) Attributes(name string) (map[string][]byte, error) {
	if f.acl && name == f.name {
		return map[string][]byte{nfsACL: []byte("entries")}, nil
	}
	return f.OS.Attributes(name)
}

func (f *foreignFS) OpenFile(name string, flag int, perm fs.FileMode) (atomicfile.File, error) {
	file, err := f.OS.OpenFile(name, flag, perm)
	return foreignFile{file, f}, err
}

type foreignFile struct {
	atomicfile.File
	fs *foreignFS
}

func (f foreignFile) Chown(int, int) error { return f.fs.chown }

func (f foreignFile) SetAttribute(name string, _ []byte) error {
	f.fs.set[name] = true
	return nil
}

const nfsACL = "system.nfs4_acl"

// replaceForeign replaces a file, and returns what of it is not kept.
func replaceForeign(fsys *foreignFS) (map[string]bool, error) {
	notKept := map[string]bool{}
	err := atomicfile.Replace(fsys, atomicfile.Replacement{
		Name: fsys.name, Write: func(io.Writer) error { return nil },
		NotKept: func(err error) {
			var missing *atomicfile.NotKeptError
			if errors.As(err, &missing) {
				notKept[missing.What] = true
			}
		},
	})
	return notKept, err
}

// TestChownFails has a file of a group that a new file cannot be given to. That
// narrows who may do what; only an error of the disk is one.
func TestChownFails(t *testing.T) {
	for _, test := range []struct {
		err   error
		fatal bool
	}{
		{syscall.EPERM, false},
		{syscall.EACCES, false},
		{syscall.EINVAL, false},
		{syscall.ENOTSUP, false},
		{syscall.ENOSYS, false},
		{syscall.EIO, true},
		{syscall.EDQUOT, true},
	} {
		t.Run(test.err.Error(), func(t *testing.T) {
			name := filepath.Join(t.TempDir(), "tasks.json")
			write(t, name, "old", 0o664)
			fsys := &foreignFS{name: name, chown: test.err}
			lock, err := atomicfile.TryLock(fsys, name+".lock", name)
			if test.fatal {
				if _, statErr := os.Lstat(name + ".lock"); !errors.Is(err, test.err) || !errors.Is(statErr, fs.ErrNotExist) {
					t.Errorf("lock: error %v, the file: %v", err, statErr)
				}
				if _, err := replaceForeign(fsys); !errors.Is(err, test.err) {
					t.Errorf("replace: error %v", err)
				}
				return
			}
			if err != nil || lock == nil {
				t.Fatalf("lock %v, error %v", lock, err)
			}
			if err := lock.Unlock(); err != nil {
				t.Error(err)
			}
			if notKept, err := replaceForeign(fsys); err != nil || !notKept["group"] {
				t.Errorf("replace: error %v, not kept: %v", err, notKept)
			}
			if info, err := os.Stat(name); err != nil || info.Mode() != 0o644 {
				t.Errorf("mode %v, %v", info.Mode(), err)
			}
		})
	}
}

// TestNFSACLOfAnotherGroup has an ACL that says what the group may do: another
// group does not get that.
func TestNFSACLOfAnotherGroup(t *testing.T) {
	for _, chown := range []error{nil, syscall.EPERM} {
		name := filepath.Join(t.TempDir(), "tasks.json")
		write(t, name, "old", 0o660)
		fsys := &foreignFS{name: name, chown: chown, acl: true, set: map[string]bool{}}
		notKept, err := replaceForeign(fsys)
		if kept := chown == nil; err != nil || fsys.set[nfsACL] != kept || notKept[nfsACL] == kept {
			t.Errorf("chown %v: the ACL is set: %v, not kept: %v, error %v", chown, fsys.set[nfsACL], notKept, err)
		}
		if info, err := os.Stat(name); err != nil || info.Mode() != 0o600 {
			t.Errorf("chown %v: mode %v, %v", chown, info.Mode(), err)
		}
	}
}
