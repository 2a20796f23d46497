package batching_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
	"github.com/backlog-gen/backlog-gen/internal/storetest"
)

func BenchmarkUpdateStatus(b *testing.B) {
	b.Run("file", func(b *testing.B) {
		benchmarkUpdateStatus(b, func(s *filestore.Store) batching.Store { return s })
	})
	b.Run("no recovery", func(b *testing.B) {
		benchmarkUpdateStatus(b, func(s *filestore.Store) batching.Store { return storetest.Plain(s) })
	})
}

func benchmarkUpdateStatus(b *testing.B, wrap func(*filestore.Store) batching.Store) {
	name := filepath.Join(b.TempDir(), "plan.json")
	if err := os.WriteFile(name, []byte(plantest.Text(10, 100, 100)), 0o644); err != nil {
		b.Fatal(err)
	}
	ctx := context.Background()
	bt, err := batching.Open(ctx, plantest.Format(), wrap(filestore.New(name)),
		batching.WithLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		b.Fatal(err)
	}
	ids := make([]plantest.ID, 0, 100_000)
	for item := range bt.Snapshot().Document.Items(plantest.TaskLevel) {
		ids = append(ids, plantest.MakeID(item.ID().Text()))
	}
	statuses := []plantest.Status{plantest.Active, plantest.Open}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if _, err := bt.UpdateStatus(ctx, ids[i*7919%len(ids)], statuses[i/len(ids)%2]); err != nil {
			b.Fatal(err)
		}
		i++
	}
	b.StopTimer()
	if err := bt.Close(ctx); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkApply is the engine's share of BenchmarkUpdateStatus.
func BenchmarkApply(b *testing.B) {
	d := plantest.Parse(plantest.Text(10, 100, 100)).Document
	ids := make([]document.ID, 0, 100_000)
	for item := range d.Items(plantest.TaskLevel) {
		ids = append(ids, item.ID())
	}
	statuses := []plantest.Status{plantest.Active, plantest.Open}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		next, _, err := d.Apply(document.Set(ids[i*7919%len(ids)], document.Status(statuses[i/len(ids)%2])))
		if err != nil {
			b.Fatal(err)
		}
		d = next
		i++
	}
}
