package recovery_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/batching/internal/recovery"
)

// TestPreserveAfterThePlaceIsGone removes the place of a record together with its
// directory: the error does not say that the record is still there.
func TestPreserveAfterThePlaceIsGone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "d")
	name := filepath.Join(dir, "plan.json")
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte("{}"), 0o666); err != nil {
		t.Fatal(err)
	}
	r := recovery.New(filestore.New(name), slog.New(slog.DiscardHandler))
	if at, err := r.Preserve([]byte("first")); err != nil || at == "" || r.Holds() != at {
		t.Fatalf("preserved in %q, held in %q, error %v", at, r.Holds(), err)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Skip("what is open cannot be removed here:", err)
	}
	at, err := r.Preserve([]byte("second"))
	if err == nil || at != "" || r.Holds() != "" || strings.Contains(err.Error(), "still holds") {
		t.Errorf("preserved in %q, held in %q, error %v", at, r.Holds(), err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}
