package filestore_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
	"github.com/backlog-gen/backlog-gen/internal/reliability"
)

// writers are a flush, and what it is compared with: the same bytes written
// with and without syncing.
var writers = []struct {
	name string
	open func(testing.TB, string) func(n int) error
}{
	{"flush of 100 updates", func(t testing.TB, name string) func(int) error {
		b := openStore(t, filestore.New(name))
		tasks := b.Snapshot().Document.Len(plantest.TaskLevel)
		return func(n int) error {
			to := plantest.Active
			if n%2 == 1 {
				to = plantest.Open
			}
			group := make([]batching.Change[plantest.ID, plantest.Status], 0, 100)
			for i := range 100 {
				group = append(group, batching.Set(plantest.TaskID(1, 1, i*(tasks/100)+1), to))
			}
			if _, err := b.Apply(t.Context(), group...); err != nil {
				return err
			}
			_, err := b.Flush(t.Context())
			return err
		}
	}},
	{"bare write, file and directory synced", func(t testing.TB, name string) func(int) error {
		data := []byte(readFile(t, name))
		return func(int) error { return writeDurably(name, data) }
	}},
	{"bare write, nothing synced", func(t testing.TB, name string) func(int) error {
		data := []byte(readFile(t, name))
		return func(int) error { return os.WriteFile(name, data, 0o644) }
	}},
}

// writeDurably is the least that makes a new content durable.
func writeDurably(name string, data []byte) error {
	temp := name + ".new"
	f, err := os.Create(temp)
	if err != nil {
		return err
	}
	if _, err := f.Write(data); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Rename(temp, name); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(name))
	if err != nil {
		return err
	}
	defer dir.Close()
	return dir.Sync()
}

func BenchmarkFlush(b *testing.B) {
	for _, tasks := range []int{1000, 100_000, 1_000_000} {
		text := plantest.Text(1, 1, tasks)
		for _, w := range writers {
			b.Run(fmt.Sprintf("%d/%s", tasks, w.name), func(b *testing.B) {
				name := filepath.Join(b.TempDir(), "plan.json")
				writeFile(b, name, text)
				write := w.open(b, name)
				b.SetBytes(int64(len(text)))
				n := 0
				for b.Loop() {
					if err := write(n); err != nil {
						b.Fatal(err)
					}
					n++
				}
			})
		}
	}
}

// TestCostOfDurability measures for the report what BenchmarkFlush does, in a
// few rounds in turn.
func TestCostOfDurability(t *testing.T) {
	if os.Getenv(reliability.Variable) == "" {
		t.Skip("no report is being written")
	}
	const rounds = 21
	for _, tasks := range []int{1000, 100_000} {
		text := plantest.Text(1, 1, tasks)
		times := make([][]time.Duration, len(writers))
		var writes []func(int) error
		for _, w := range writers {
			name := filepath.Join(t.TempDir(), "plan.json")
			writeFile(t, name, text)
			writes = append(writes, w.open(t, name))
		}
		for n := range rounds {
			for i, write := range writes {
				started := time.Now()
				if err := write(n); err != nil {
					t.Fatal(err)
				}
				times[i] = append(times[i], time.Since(started))
			}
		}
		for i, w := range writers {
			slices.Sort(times[i])
			reliability.RecordCost(t, reliability.Cost{Operation: w.name, Bytes: int64(len(text)), Median: times[i][rounds/2]})
		}
	}
}
