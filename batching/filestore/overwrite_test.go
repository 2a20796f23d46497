package filestore_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/internal/atomicfile"
)

// TestOverwrite puts texts in place of what there is, of nothing, and not of what
// somebody else is saving.
func TestOverwrite(t *testing.T) {
	name := filepath.Join(t.TempDir(), "tasks.json")
	s := filestore.New(name)
	for _, text := range []string{"new", "newer", ""} {
		if err := s.Overwrite(t.Context(), []byte(text)); err != nil {
			t.Fatal(err)
		}
		if data, err := os.ReadFile(name); err != nil || string(data) != text {
			t.Errorf("%q, %v; want %q", data, err, text)
		}
	}
	lock, err := atomicfile.TryLock(atomicfile.OS{}, name+".lock", name)
	if err != nil || lock == nil {
		t.Fatal(lock, err)
	}
	defer lock.Unlock()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := s.Overwrite(ctx, []byte("x")); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("locked: %v", err)
	}
	if data, err := os.ReadFile(name); err != nil || len(data) > 0 {
		t.Errorf("locked: %q, %v", data, err)
	}
}
