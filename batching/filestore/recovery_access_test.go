package filestore_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/internal/atomicfile"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

// unknownAccess is a file system that does not say who may do what with files.
type unknownAccess struct{ atomicfile.OS }

func (unknownAccess) Attributes(string) (map[string][]byte, error) { return nil, syscall.EIO }

// TestPreserveWhereAccessIsUnknown checks that updates are preserved, though others
// may not be able to recover them, and that this is said once.
func TestPreserveWhereAccessIsUnknown(t *testing.T) {
	name := newFile(t, 1, 1, 1)
	var log bytes.Buffer
	s := filestore.New(name, filestore.WithFS(unknownAccess{}), filestore.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	for range 2 {
		r := s.NewRecovery()
		if err := r.Preserve([]byte("pending")); err != nil || !exists(r.Name()) {
			t.Errorf("preserved in %q, error %v", r.Name(), err)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
	if n := strings.Count(log.String(), "unable to recover"); n != 1 {
		t.Errorf("said %d times:\n%s", n, &log)
	}
}

// TestRecoverWhatBelongsToAReadOnlyFile preserves beside a file with the mode 0444:
// the owner can open the recovery file for writing, as recovering does.
func TestRecoverWhatBelongsToAReadOnlyFile(t *testing.T) {
	name := newFile(t, 1, 1, 1)
	if err := os.Chmod(name, 0o444); err != nil {
		t.Fatal(err)
	}
	r := filestore.New(name).NewRecovery()
	if err := r.Preserve([]byte("pending")); err != nil {
		t.Fatal(err)
	}
	file := r.Name()
	info, err := os.Stat(file)
	if err != nil || info.Mode()&0o600 != 0o600 || info.Mode()&0o444 != 0o444 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	claimed, data, err := filestore.New(name).Claim(t.Context(), file)
	if err != nil || string(data) != "pending" {
		t.Fatalf("claimed %q, %v", data, err)
	}
	if err := claimed.Remove(); err != nil {
		t.Error(err)
	}
}

// halfBlind is a store where one recovery file cannot be looked at.
type halfBlind struct{ *filestore.Store }

func (s halfBlind) Extras() batching.Extras {
	extras := s.Store.Extras()
	extras.Recovery = s
	return extras
}

func (s halfBlind) Abandoned(ctx context.Context) ([]string, error) {
	names, err := s.Store.Abandoned(ctx)
	return names, errors.Join(err, syscall.EACCES)
}

// TestRecoverBesideAFileThatCannotBeOpened recovers what can be recovered, and
// returns the error about the rest.
func TestRecoverBesideAFileThatCannotBeOpened(t *testing.T) {
	name := newFile(t, 1, 1, 1)
	b := openStore(t, &fullStore{Store: filestore.New(name), full: true})
	update(t, b, plantest.TaskID(1, 1, 1), plantest.Active)
	if err := b.Close(t.Context()); err == nil || len(recoveryFiles(t, name)) != 1 {
		t.Fatalf("Close: %v, recovery files %v", err, recoveryFiles(t, name))
	}
	c := openStore(t, halfBlind{filestore.New(name)})
	if _, err := c.Recover(t.Context()); !errors.Is(err, syscall.EACCES) {
		t.Errorf("Recover: %v", err)
	}
	if got := plantest.Parse(readFile(t, name)).Status(plantest.TaskID(1, 1, 1)); got != plantest.Active {
		t.Errorf("stored %v", got)
	}
}

// refusedAttributes is a file system where no attributes can be set. Its errors
// name the temporary file.
type refusedAttributes struct{ atomicfile.OS }

func (refusedAttributes) Attributes(string) (map[string][]byte, error) {
	return map[string][]byte{"user.origin": []byte("by hand")}, nil
}

func (r refusedAttributes) OpenFile(name string, flag int, perm os.FileMode) (atomicfile.File, error) {
	f, err := r.OS.OpenFile(name, flag, perm)
	return refusedFile{f, name}, err
}

type refusedFile struct {
	atomicfile.File
	name string
}

func (f refusedFile) SetAttribute(string, []byte) error {
	return &os.PathError{Op: "set attribute", Path: f.name, Err: syscall.EPERM}
}

// TestWhatIsNotKeptIsLoggedOnce replaces a file again and again.
func TestWhatIsNotKeptIsLoggedOnce(t *testing.T) {
	name := newFile(t, 1, 1, 1)
	var log bytes.Buffer
	s := filestore.New(name, filestore.WithFS(refusedAttributes{}), filestore.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	for range 3 {
		if err := s.Overwrite(t.Context(), []byte(plantest.Text(1, 1, 1))); err != nil {
			t.Fatal(err)
		}
	}
	if n := strings.Count(log.String(), "user.origin"); n != 1 {
		t.Errorf("said %d times:\n%s", n, &log)
	}
}
