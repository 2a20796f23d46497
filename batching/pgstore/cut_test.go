package pgstore_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/pgstore"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/internal/pgtest"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

// addTask adds a task to the first story: something that cannot be done twice.
func addTask(t testing.TB, b *plantest.Batcher) {
	t.Helper()
	_, err := b.Edit(t.Context(), func(p plantest.Plan) (plantest.Plan, error) {
		return p.Apply(newTask(p, document.NewID("", "E1.S1")))
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestConnectionCutDuringAFlush cuts the network with every packet of a flush,
// one after the other, until a flush goes through undisturbed. What a flush says
// is what is stored, and nothing is stored twice.
func TestConnectionCutDuringAFlush(t *testing.T) {
	for _, reaches := range []bool{false, true} {
		t.Run(fmt.Sprintf("packet reaches the server %v", reaches), func(t *testing.T) {
			_, url := newDatabase(t)
			p := newProxy(t, server(t))
			pool := p.pool(t, url)
			direct := pgstore.New(pgtest.Pool(t, url), "plan")
			if _, err := direct.Save(t.Context(), batching.Save{Document: plantest.Parse(plantest.Text(1, 1, 1)).Document}); err != nil {
				t.Fatal(err)
			}
			b := open(t, pgstore.New(pool, "plan", pgstore.WithLogger(quiet)))
			addTask(t, b)
			flush(t, b) // statements are prepared now
			cuts := 0
			for packet := 1; ; packet++ {
				addTask(t, b)
				p.plan(packet, reaches, false)
				flush(t, b)
				happened := p.mend()
				if got, want := stored(t, direct).String(), b.Snapshot().String(); got != want {
					t.Fatalf("cut with packet %d: stored is\n%s\nwant\n%s", packet, got, want)
				}
				if !happened {
					break
				}
				cuts++
			}
			if cuts < 3 {
				t.Errorf("only %d cuts", cuts)
			}
		})
	}
}

// TestOutcomeIsFoundOutLater cuts the network with every packet, and for so long
// that nobody knows whether the flush has happened. A later flush finds out,
// with more to save, and also when others have gone on in the meantime.
func TestOutcomeIsFoundOutLater(t *testing.T) {
	_, url := newDatabase(t)
	p := newProxy(t, server(t))
	pool, watching := p.pool(t, url), pgtest.Pool(t, url)
	direct := pgstore.New(watching, "plan")
	if _, err := direct.Save(t.Context(), batching.Save{Document: plantest.Parse(plantest.Text(1, 1, 1)).Document}); err != nil {
		t.Fatal(err)
	}
	other := open(t, direct)
	b := open(t, pgstore.New(pool, "plan", pgstore.WithLogger(quiet), pgstore.AskFor(100*time.Millisecond)),
		batching.WithRetry(batching.RetryPolicy{Attempts: 1}))
	addTask(t, b)
	flush(t, b)
	unknown := 0
	for packet := 1; ; packet++ {
		undisturbed := false
		for round := range 4 {
			others, more := round&1 > 0, round&2 > 0
			addTask(t, b)
			flush(t, b) // so that all statements are prepared
			addTask(t, b)
			p.plan(packet, true, true)
			_, err := b.Flush(t.Context())
			happened := p.mend()
			if err != nil && !happened { // it may happen to a connection that the flush does not use
				t.Fatalf("packet %d: error %v", packet, err)
			}
			if undisturbed = !happened; undisturbed {
				break
			}
			if err == nil {
				continue
			}
			if !errors.Is(err, batching.ErrTransient) {
				t.Errorf("packet %d: error %v", packet, err)
			}
			// The server may still be at it.
			if _, err := watching.Exec(t.Context(), "SELECT 1 FROM backlog.document FOR UPDATE"); err != nil {
				t.Fatal(err)
			}
			if stored(t, direct).String() == b.Snapshot().String() {
				unknown++ // it was stored, though its outcome was not known
			}
			if others {
				if _, err := other.Refresh(t.Context()); err != nil {
					t.Fatal(err)
				}
				_, err := other.Edit(t.Context(), func(p plantest.Plan) (plantest.Plan, error) {
					return p.WithTitle(plantest.MakeID("E1"), fmt.Sprint("title ", packet, round))
				})
				if err != nil {
					t.Fatal(err)
				}
				flush(t, other)
			}
			if more {
				addTask(t, b)
			}
			flush(t, b)
			if b.Dirty() {
				t.Errorf("packet %d, round %d: still dirty", packet, round)
			}
			if got, want := stored(t, direct).String(), b.Snapshot().String(); got != want {
				t.Fatalf("packet %d, round %d: stored is\n%s\nwant\n%s", packet, round, got, want)
			}
		}
		if undisturbed {
			break
		}
	}
	if unknown == 0 {
		t.Error("no outcome was lost")
	}
}

// TestOutcomesAreFoundOutLater loses sight of a commit, and then cuts the network
// with every packet of the flush that finds out, with more to save.
func TestOutcomesAreFoundOutLater(t *testing.T) {
	const commit = 0 // stands for the packet that commits
	_, url := newDatabase(t)
	p := newProxy(t, server(t))
	pool, watching := p.pool(t, url), pgtest.Pool(t, url)
	direct := pgstore.New(watching, "plan")
	if err := direct.Create(t.Context(), plantest.Parse(plantest.Text(1, 1, 1)).Document); err != nil {
		t.Fatal(err)
	}
	other := open(t, direct)
	b := open(t, pgstore.New(pool, "plan", pgstore.WithLogger(quiet), pgstore.AskFor(50*time.Millisecond)),
		batching.WithRetry(batching.RetryPolicy{Attempts: 1}))
	cuts, twice := 0, 0
	for packet := 1; ; packet++ {
		happened, some := false, false
		for _, others := range []bool{false, true} {
			for range 2 {
				addTask(t, b)
				flush(t, b) // so that all statements are prepared
			}
			before := stored(t, direct).String()
			for _, at := range []int{commit, packet} {
				addTask(t, b)
				p.planLoss(at)
				_, err := b.Flush(t.Context())
				happened = p.mend()
				if err != nil && !happened { // it may happen to a connection that the flush does not use
					t.Fatalf("packet %d: error %v", at, err)
				}
				some = some || happened
				happened = err != nil
				if at == commit && !happened {
					break
				}
			}
			if _, err := watching.Exec(t.Context(), "SELECT 1 FROM backlog.document FOR UPDATE"); err != nil {
				t.Fatal(err)
			}
			if now := stored(t, direct).String(); happened && now == b.Snapshot().String() && now != before {
				twice++
			}
			if others {
				if _, err := other.Refresh(t.Context()); err != nil {
					t.Fatal(err)
				}
				if _, err := other.Edit(t.Context(), func(p plantest.Plan) (plantest.Plan, error) {
					return p.WithTitle(plantest.MakeID("E1"), fmt.Sprint("title ", packet))
				}); err != nil {
					t.Fatal(err)
				}
				flush(t, other)
			}
			addTask(t, b)
			flush(t, b)
			if got, want := stored(t, direct).String(), b.Snapshot().String(); got != want {
				t.Fatalf("packet %d: stored is\n%s\nwant\n%s", packet, got, want)
			}
		}
		if packet > 20 {
			break // more than any flush sends
		}
		if some {
			cuts++
		}
	}
	if cuts < 5 || twice == 0 {
		t.Errorf("%d cuts, two outcomes lost %d times", cuts, twice)
	}
}

// TestCreateIsFoundOut cuts the network with every packet of the first save.
func TestCreateIsFoundOut(t *testing.T) {
	_, url := newDatabase(t)
	p := newProxy(t, server(t))
	pool := p.pool(t, url)
	direct := pgtest.Pool(t, url)
	d := plantest.Parse(plantest.Text(1, 1, 3)).Document
	for packet := 1; ; packet++ {
		name := fmt.Sprint("plan", packet)
		s := pgstore.New(pool, name, pgstore.AskFor(100*time.Millisecond))
		if err := pool.Ping(t.Context()); err != nil {
			t.Fatal(err)
		}
		p.plan(packet, true, packet%2 == 0)
		_, err := s.Save(t.Context(), batching.Save{Document: d})
		happened := p.mend()
		for attempt := 0; err != nil; attempt++ {
			if attempt == 5 || !errors.Is(err, batching.ErrTransient) {
				t.Fatalf("packet %d: %v", packet, err)
			}
			_, err = s.Save(t.Context(), batching.Save{Document: d})
		}
		if got := stored(t, pgstore.New(direct, name)).String(); got != plantest.Text(1, 1, 3) {
			t.Errorf("packet %d: stored %q", packet, got)
		}
		if !happened {
			break
		}
	}
}
