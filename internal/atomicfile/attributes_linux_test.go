package atomicfile_test

import (
	"encoding/binary"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/backlog-gen/backlog-gen/internal/atomicfile"
)

const (
	accessACL  = "system.posix_acl_access"
	defaultACL = "system.posix_acl_default"
)

// aclOf returns an ACL with an entry for one user: rw for the owner and the user,
// nothing for the group and others.
func aclOf(user uint32) []byte {
	value := []byte{2, 0, 0, 0}
	for _, e := range [][3]uint32{{1, 6, 0xffffffff}, {2, 6, user}, {4, 0, 0xffffffff}, {16, 6, 0xffffffff}, {32, 0, 0xffffffff}} {
		value = binary.LittleEndian.AppendUint16(value, uint16(e[0]))
		value = binary.LittleEndian.AppendUint16(value, uint16(e[1]))
		value = binary.LittleEndian.AppendUint32(value, e[2])
	}
	return value
}

// setAttribute skips the test on file systems that have no attributes.
func setAttribute(t *testing.T, name, attribute string, value []byte) {
	t.Helper()
	err := unix.Setxattr(name, attribute, value, 0)
	if errors.Is(err, unix.ENOTSUP) {
		t.Skip("no attributes here:", err)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestReplaceKeepsAttributes(t *testing.T) {
	name := filepath.Join(t.TempDir(), "tasks.json")
	for _, mode := range []os.FileMode{0o600, 0o644, 0o444} {
		_ = os.Remove(name)
		write(t, name, "old", 0o600)
		setAttribute(t, name, "user.origin", []byte("by hand"))
		setAttribute(t, name, "user.empty", nil)
		setAttribute(t, name, accessACL, aclOf(20002))
		if err := os.Chmod(name, mode); err != nil {
			t.Fatal(err)
		}
		before, err := atomicfile.OS{}.Attributes(name)
		if err != nil || len(before) < 3 {
			t.Fatal(before, err)
		}
		replacement := atomicfile.Replacement{Name: name, Write: func(w io.Writer) error { return nil }}
		replacement.NotKept = func(err error) { t.Errorf("mode %v: %v", mode, err) }
		if err := atomicfile.Replace(atomicfile.OS{}, replacement); err != nil {
			t.Fatal(err)
		}
		after, err := atomicfile.OS{}.Attributes(name)
		if err != nil {
			t.Fatal(err)
		}
		if !maps.EqualFunc(before, after, func(a, b []byte) bool { return string(a) == string(b) }) {
			t.Errorf("mode %v: attributes %q, were %q", mode, after, before)
		}
		if info, err := os.Stat(name); err != nil || info.Mode() != mode {
			t.Errorf("mode %v, was %v, %v", info.Mode(), mode, err)
		}
	}
}

// TestReplaceTakesNoACLFromTheDirectory has a directory whose new files let one
// more user read and write. A file without an ACL stays without.
func TestReplaceTakesNoACLFromTheDirectory(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "tasks.json")
	write(t, name, "old", 0o660)
	setAttribute(t, dir, defaultACL, aclOf(20002))
	if err := atomicfile.WriteFile(name, []byte("new"), 0o600); err != nil {
		t.Fatal(err)
	}
	if after, err := (atomicfile.OS{}).Attributes(name); err != nil || len(after[accessACL]) > 0 {
		t.Errorf("attributes %q, %v", after, err)
	}
	if info, err := os.Stat(name); err != nil || info.Mode() != 0o660 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	// A new file gets what the directory says.
	fresh := filepath.Join(dir, "fresh")
	if err := atomicfile.WriteFile(fresh, []byte("new"), 0o660); err != nil {
		t.Fatal(err)
	}
	if after, err := (atomicfile.OS{}).Attributes(fresh); err != nil || len(after[accessACL]) == 0 {
		t.Errorf("a new file has the attributes %q, %v", after, err)
	}
}

// refusingFS is a file system where attributes cannot be set.
type refusingFS struct{ atomicfile.OS }

func (f refusingFS) OpenFile(name string, flag int, perm os.FileMode) (atomicfile.File, error) {
	file, err := f.OS.OpenFile(name, flag, perm)
	return refusingFile{file}, err
}

type refusingFile struct{ atomicfile.File }

func (refusingFile) SetAttribute(string, []byte) error { return syscall.EPERM }

// What cannot be kept is told, and the mode does not give away what only the ACL
// has allowed.
func TestAttributesThatCannotBeKept(t *testing.T) {
	name := filepath.Join(t.TempDir(), "tasks.json")
	write(t, name, "old", 0o600)
	setAttribute(t, name, "user.origin", []byte("by hand"))
	setAttribute(t, name, accessACL, aclOf(20002))
	told := map[string]bool{}
	err := atomicfile.Replace(refusingFS{}, atomicfile.Replacement{
		Name: name, Write: func(w io.Writer) error { return nil },
		NotKept: func(err error) {
			var missing *atomicfile.NotKeptError
			if !errors.As(err, &missing) || !errors.Is(err, syscall.EPERM) || missing.Name != name {
				t.Errorf("told %v", err)
				return
			}
			told[missing.What] = true
		},
	})
	if err != nil || !told["user.origin"] || !told[accessACL] {
		t.Errorf("error %v, told %v", err, told)
	}
	if info, err := os.Stat(name); err != nil || info.Mode() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

// TestRemoveAttributeOfAnothersFile works as a user whose file it is not, which is
// how a server looks that maps all users to one. What is not there need not be
// removed; what is there and stays is an error.
func TestRemoveAttributeOfAnothersFile(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root may work as another user")
	}
	dir := t.TempDir()
	bare, listed := filepath.Join(dir, "bare"), filepath.Join(dir, "listed")
	write(t, bare, "", 0o600)
	write(t, listed, "", 0o600)
	setAttribute(t, listed, accessACL, aclOf(20002))
	errs := make(map[string]error)
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // the thread ends with the goroutine
		for _, name := range []string{bare, listed} {
			f, err := atomicfile.OS{}.OpenFile(name, os.O_RDWR, 0)
			if err != nil {
				errs[name] = err
				return
			}
			defer f.Close()
			previous, _ := unix.SetfsuidRetUid(20001)
			errs[name] = f.RemoveAttribute(accessACL)
			_, _ = unix.SetfsuidRetUid(previous)
		}
	}()
	<-done
	if errs[bare] != nil {
		t.Errorf("no ACL: error %v", errs[bare])
	}
	if !errors.Is(errs[listed], syscall.EPERM) {
		t.Errorf("an ACL: error %v", errs[listed])
	}
}
