package regularfile_test

import (
	"errors"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/backlog-gen/backlog-gen/internal/regularfile"
)

// Were the pipe opened as a file is, this would wait for a writer.
func TestOpenDoesNotWaitForAPipe(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := regularfile.Open(pipe); !errors.Is(err, regularfile.ErrIrregular) {
		t.Errorf("a pipe: %v", err)
	}
}
