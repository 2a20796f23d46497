package filestore_test

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/internal/storetest"
)

// clock is a clock that goes when it is told to.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Now()} }

func (c *clock) time() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func TestLeaseSuite(t *testing.T) {
	storetest.Leases(t, func(t testing.TB, d *document.Document) storetest.LeaseFixture {
		name := filepath.Join(t.TempDir(), "plan.json")
		if err := filestore.Create(t.Context(), name, d); err != nil {
			t.Fatal(err)
		}
		c := newClock()
		return storetest.LeaseFixture{
			Open: func(testing.TB) batching.Store {
				return filestore.New(name, filestore.WithClock(c.time))
			},
			Pass: c.pass,
		}
	})
}

// leasesFile is where the leases on a file are.
func leasesFile(name string) string {
	return filepath.Join(filepath.Dir(name), "."+filepath.Base(name)+".leases")
}

func exists(name string) bool {
	_, err := os.Lstat(name)
	return err == nil
}
