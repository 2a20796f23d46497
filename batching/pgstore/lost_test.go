package pgstore_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/pgstore"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

// inBetween is what a program may do between a flush that fails and the next.
var inBetween = map[string]func(t *testing.T, b *plantest.Batcher){
	"Refresh": func(t *testing.T, b *plantest.Batcher) {
		if _, err := b.Refresh(t.Context()); err != nil {
			t.Error(err)
		}
	},
	"Watch": func(t *testing.T, b *plantest.Batcher) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		if err := b.Watch(ctx, func(plantest.Plan) { cancel() }); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	},
	"Claim": func(t *testing.T, b *plantest.Batcher) {
		if _, err := b.Claim(t.Context(), "worker", 1, time.Hour); err != nil {
			t.Error(err)
		}
	},
}

// TestLostCommitIsFoundOutByAll loses sight of a commit, and takes in what is
// stored before the next flush: nothing is stored twice, and what another writer
// has done on top of it stays.
func TestLostCommitIsFoundOutByAll(t *testing.T) {
	for name, between := range inBetween {
		for _, others := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, others %v", name, others), func(t *testing.T) {
				watching, url := newDatabase(t)
				lost := 0
				for packet := range 7 {
					if loseCommit(t, watching, url, packet, others, between) {
						lost++
					}
				}
				if lost == 0 {
					t.Error("no outcome was lost")
				}
			})
		}
	}
}

// loseCommit cuts the network with a packet of a flush, and reports whether that
// was committed all the same.
func loseCommit(t *testing.T, watching *pgxpool.Pool, url string, packet int, others bool, between func(*testing.T, *plantest.Batcher)) (lost bool) {
	name := fmt.Sprint("plan", packet)
	p := newProxy(t, server(t))
	pool := p.pool(t, url)
	direct := pgstore.New(watching, name, pgstore.WithLogger(quiet))
	if err := direct.Create(t.Context(), plantest.Parse(plantest.Text(1, 1, 5)).Document); err != nil {
		t.Fatal(err)
	}
	b := open(t, pgstore.New(pool, name, pgstore.WithLogger(quiet), pgstore.AskFor(50*time.Millisecond)),
		batching.WithRetry(batching.RetryPolicy{Attempts: 1}))
	addTask(t, b)
	flush(t, b) // so that all statements are prepared
	update(t, b, 2, plantest.Active)
	addTask(t, b)
	p.planLoss(packet)
	_, err := b.Flush(t.Context())
	p.mend()
	if err == nil {
		return false
	}
	// The server may still be at it.
	if _, err := watching.Exec(t.Context(), "SELECT 1 FROM backlog.document FOR UPDATE"); err != nil {
		t.Fatal(err)
	}
	if stored(t, direct).String() != b.Snapshot().String() {
		return false // it has not happened
	}
	if others {
		other := open(t, direct)
		update(t, other, 2, plantest.Open) // takes back what ours has done
		flush(t, other)
	}
	if _, err := b.Edit(t.Context(), func(p plantest.Plan) (plantest.Plan, error) {
		return p.WithTitle(plantest.TaskID(1, 1, 7), "later title")
	}); err != nil {
		t.Fatal(err)
	}
	between(t, b)
	if _, err := b.Flush(t.Context()); err != nil {
		t.Errorf("packet %d: %v", packet, err)
	}
	now := stored(t, direct)
	if got, want := now.String(), b.Snapshot().String(); got != want {
		t.Errorf("packet %d: stored is\n%s\nwant\n%s", packet, got, want)
	}
	want := plantest.Active
	if others {
		want = plantest.Open
	}
	wantStatus(t, now, 2, want)
	if got := now.Title(plantest.TaskID(1, 1, 7)); got != "later title" {
		t.Errorf("packet %d: title %q", packet, got)
	}
	return true
}

// TestLostCommitOfAClaimedItem loses sight of the commit that completes a claimed
// item. Its lease is over by the time of the next flush, which must not take the
// item for lost.
func TestLostCommitOfAClaimedItem(t *testing.T) {
	lease := 200 * time.Millisecond
	watching, url := newDatabase(t)
	lost := 0
	for packet, attempt := 0, 0; packet < 9; packet, attempt = packet+1, attempt+1 {
		name := fmt.Sprint("plan", attempt)
		p := newProxy(t, server(t))
		direct := pgstore.New(watching, name, pgstore.WithLogger(quiet))
		if err := direct.Create(t.Context(), plantest.Parse(plantest.Text(1, 1, 2)).Document); err != nil {
			t.Fatal(err)
		}
		b := open(t, pgstore.New(p.pool(t, url), name, pgstore.WithLogger(quiet), pgstore.AskFor(50*time.Millisecond)),
			batching.WithRetry(batching.RetryPolicy{Attempts: 1}))
		if got, err := b.Claim(t.Context(), "worker", 1, time.Hour); err != nil || len(got) != 1 {
			t.Fatal(got, err)
		}
		renewed := time.Now()
		if _, err := b.Renew(t.Context(), "worker", lease, plantest.TaskID(1, 1, 1)); err != nil {
			t.Fatal(err)
		}
		update(t, b, 1, plantest.Done)
		p.planLoss(packet)
		_, err := b.Flush(t.Context())
		p.mend()
		if time.Since(renewed) > lease/2 { // the flush may have renewed it: that takes packets, too
			packet--
			lease *= 2
			continue
		}
		if err == nil {
			continue
		}
		// The server may still be at it.
		if _, err := watching.Exec(t.Context(), "SELECT 1 FROM backlog.document FOR UPDATE"); err != nil {
			t.Fatal(err)
		}
		if stored(t, direct).Status(plantest.TaskID(1, 1, 1)) != plantest.Done {
			continue
		}
		lost++
		time.Sleep(lease)
		addTask(t, b)
		if _, err := b.Flush(t.Context()); err != nil {
			t.Errorf("packet %d: %v", packet, err)
		}
		if got, want := stored(t, direct).String(), b.Snapshot().String(); got != want {
			t.Errorf("packet %d: stored is\n%s\nwant\n%s", packet, got, want)
		}
		if _, ok := stored(t, direct).Document.Find(plantest.TaskID(1, 1, 3).Document()); !ok {
			t.Errorf("packet %d: a task accepted later is missing", packet)
		}
	}
	if lost == 0 {
		t.Error("no outcome was lost")
	}
}

// TestLostReplace loses sight of the commit of a Replace, of a document that is
// there and of one that is not: the next Replace replaces what there is, and
// nothing is kept in mind for ever.
func TestLostReplace(t *testing.T) {
	for _, exists := range []bool{false, true} {
		t.Run(fmt.Sprintf("exists %v", exists), func(t *testing.T) {
			watching, url := newDatabase(t)
			p := newProxy(t, server(t))
			direct := pgstore.New(watching, "plan", pgstore.WithLogger(quiet))
			if exists {
				if err := direct.Create(t.Context(), plantest.Parse(plantest.Text(1, 1, 1)).Document); err != nil {
					t.Fatal(err)
				}
			}
			s := pgstore.New(p.pool(t, url), "plan", pgstore.WithLogger(quiet), pgstore.AskFor(50*time.Millisecond))
			d := plantest.Parse(plantest.Text(1, 1, 4)).Document
			p.planLoss(0)
			err := s.Replace(t.Context(), d)
			p.mend()
			if err == nil || !strings.Contains(err.Error(), "cannot be asked for the outcome") || !errors.Is(err, batching.ErrTransient) {
				t.Fatalf("no outcome was lost: %v", err)
			}
			if n := pgstore.LostCommits(s); n != 0 {
				t.Errorf("%d commits are kept in mind", n)
			}
			if err := s.Replace(t.Context(), d); err != nil {
				t.Error(err)
			}
			if got, want := stored(t, direct).String(), plantest.Text(1, 1, 4); got != want {
				t.Errorf("stored\n%s\nwant\n%s", got, want)
			}
		})
	}
}
