package pgstore_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/backlog-gen/backlog-gen/batching/pgstore"
	"github.com/backlog-gen/backlog-gen/internal/pgtest"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

// TestReplaceKeepsLeases checks that workers still hold what is there before and
// after.
func TestReplaceKeepsLeases(t *testing.T) {
	s := newStore(t, plantest.Text(1, 1, 3))
	a, b := open(t, s), open(t, s)
	got, err := a.Claim(t.Context(), "A", 2, time.Hour)
	if err != nil || len(got) != 2 {
		t.Fatal(got, err)
	}
	if err := s.Replace(t.Context(), plantest.Parse(plantest.Text(1, 1, 1)).Document); err != nil {
		t.Fatal(err)
	}
	leases, err := s.Leases(t.Context())
	if err != nil || len(leases) != 1 || leases[0].ID != got[0].ID.Document() || leases[0].Worker != "A" || !leases[0].Expires.Equal(got[0].Expires) {
		t.Errorf("leases %v, %v, want that of %v until %v", leases, err, got[0].ID, got[0].Expires)
	}
	if claimed, err := b.Claim(t.Context(), "B", 1, time.Hour); err != nil || len(claimed) > 0 {
		t.Errorf("B claims %v, %v", claimed, err)
	}
	if renewed, err := a.Renew(t.Context(), "A", time.Hour, got[0].ID); err != nil || len(renewed) != 1 {
		t.Errorf("A renews %v, %v", renewed, err)
	}
}

// TestReplaceAtOnce has several programs replace a document that is not there.
func TestReplaceAtOnce(t *testing.T) {
	pool, _ := newDatabase(t)
	d := plantest.Parse(plantest.Text(1, 1, 2)).Document
	for round := range 20 {
		s := pgstore.New(pool, fmt.Sprint("plan", round), pgstore.WithLogger(quiet))
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				if err := s.Replace(t.Context(), d); err != nil {
					t.Errorf("Replace: %v", err)
				}
			})
		}
		wg.Wait()
		if got := stored(t, s).String(); got != plantest.Text(1, 1, 2) {
			t.Fatalf("stored is %s", got)
		}
	}
	var documents, strays int
	if err := pool.QueryRow(t.Context(), `
		SELECT (SELECT count(*) FROM backlog.document),
			(SELECT count(*) FROM backlog.item WHERE document NOT IN (SELECT id FROM backlog.document))`).Scan(&documents, &strays); err != nil {
		t.Fatal(err)
	}
	if documents != 20 || strays != 0 {
		t.Errorf("%d documents, %d items of none", documents, strays)
	}
}

// TestReplaceThatStalls checks that nobody waits for a program that stops in
// the middle of writing a document.
func TestReplaceThatStalls(t *testing.T) {
	t.Parallel()
	pool, url := newDatabase(t)
	b := pgstore.New(pool, "plan", pgstore.WithLogger(quiet))
	if err := b.Create(t.Context(), plantest.Parse(plantest.Text(1, 1, 3)).Document); err != nil {
		t.Fatal(err)
	}
	writer := open(t, b)
	reached, goOn, done := make(chan bool), make(chan bool), make(chan error, 1)
	var once sync.Once
	slow := pgstore.New(pgtest.Pool(t, url), "plan", pgstore.WithLogger(quiet), pgstore.WithProgress(func(int64, int64) {
		once.Do(func() { close(reached); <-goOn })
	}))
	large := plantest.Text(40, 40, 20) // so that there is progress
	go func() { done <- slow.Replace(t.Context(), plantest.Parse(large).Document) }()
	<-reached
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // else it would wait for what waits for it
	update(t, writer, 1, plantest.Active)
	_, err := writer.Flush(ctx)
	cancel()
	close(goOn)
	if err != nil {
		t.Errorf("flush while somebody replaces the document: %v", err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if got := stored(t, b).String(); got != large {
		t.Errorf("stored are %d bytes, want %d", len(got), len(large))
	}
}
