package filestore_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/internal/storetest"
)

// file is a document in a file.
type file string

func (f file) Store() batching.Store {
	return filestore.New(string(f), filestore.WithPollEvery(10*time.Millisecond))
}

func (f file) Hide(t testing.TB) { f.rename(t, string(f), string(f)+".hidden") }

func (f file) Restore(t testing.TB) { f.rename(t, string(f)+".hidden", string(f)) }

func (f file) rename(t testing.TB, from, to string) {
	t.Helper()
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
}

// TestStore runs what every store has to do.
func TestStore(t *testing.T) {
	storetest.Run(t, func(t testing.TB) storetest.Place { return file(filepath.Join(t.TempDir(), "plan.json")) })
}
