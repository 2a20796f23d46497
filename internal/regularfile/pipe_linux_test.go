package regularfile_test

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/backlog-gen/backlog-gen/internal/regularfile"

	"github.com/backlog-gen/backlog-gen/internal/pipetest"
)

// Were the pipe opened as a file is, this would wait for a writer.
func TestOpenDoesNotWaitForAPipe(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := pipetest.Make(pipe); err != nil {
		t.Fatal(err)
	}
	if _, err := regularfile.Open(pipe); !errors.Is(err, regularfile.ErrIrregular) {
		t.Errorf("a pipe: %v", err)
	}
}
