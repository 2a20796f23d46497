package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/backlog-gen/backlog-gen/batching/pgstore"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/engine"
	"github.com/backlog-gen/backlog-gen/generated/backlog"
	"github.com/backlog-gen/backlog-gen/internal/pgtest"
)

const (
	postgresTitle = "PostgreSQL"
	postgresText  = `The store of package pgstore, on a server of its own on this machine, through a socket, with all syncs. A flush is compared with the same flush to a file, and with the bare statement: one UPDATE … FROM unnest of as many rows of the same text, by their primary key, in a table that has nothing else. Claims: eight workers, each with a Batcher of its own, hand out and complete all subtasks of one backlog, ten at a time; the time is that of one item.`

	claimsName   = "claim and completion of an item, 8 workers, PostgreSQL"
	fileName     = "to a file"
	bareName     = "bare UPDATE"
	claimWorkers = 8
	perClaim     = 10
)

// postgresChanges are the sizes of flushes.
var postgresChanges = []int{1, 100, 1000}

func postgresFlushName(changes int) string {
	return fmt.Sprintf("flush of %s to PostgreSQL", plural(changes, "change"))
}

func postgresNames() []string {
	var names []string
	for _, changes := range postgresChanges {
		names = append(names, postgresFlushName(changes))
	}
	return append(names, claimsName)
}

// measurePostgres measures the store of databases: flushes at the smallest and
// the largest size, for they should not depend on it, and claims at one that
// eight workers can hold. Without a server it says so and measures nothing.
func measurePostgres(m *meter, s sample) error {
	flushes, claims := s.name == "1k" || s.name == "1M", s.name == "1k" || s.name == "10k"
	if !flushes && !claims {
		return nil
	}
	server, err := pgtest.Start("shared_buffers=512MB", "max_wal_size=8GB")
	if errors.Is(err, pgtest.ErrNoServer) {
		fmt.Fprintf(m.progress, "postgres, %s: left out: %v\n", s.name, err)
		return nil
	}
	if err != nil {
		return err
	}
	defer server.Remove()
	ctx := context.Background()
	pool, err := pgxpool.New(ctx, fmt.Sprintf("%s&pool_max_conns=%d", server.URL(), 2*claimWorkers))
	if err != nil {
		return err
	}
	defer pool.Close()
	if err := pgstore.Migrate(ctx, pool); err != nil {
		return err
	}
	text, err := s.text()
	if err != nil {
		return err
	}
	d, err := backlog.Format().Type.ParseOwned(text)
	if err != nil {
		return err
	}
	if flushes {
		if err := measurePostgresFlush(ctx, m, s, pool, d); err != nil {
			return err
		}
	}
	if claims {
		return measureClaims(ctx, m, s, pool, d)
	}
	return nil
}

func measurePostgresFlush(ctx context.Context, m *meter, s sample, pool *pgxpool.Pool, d *document.Document) error {
	dir, err := os.MkdirTemp(filepath.Dir(s.file), "postgres")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "flushed.json")
	if err := backlog.Create(ctx, file, backlog.Format().Wrap(d)); err != nil {
		return err
	}
	store := pgstore.New(pool, "flush")
	if err := store.Create(ctx, d); err != nil {
		return err
	}
	for _, statement := range []string{
		"CREATE TABLE bare AS SELECT id, status, text FROM backlog.item", "ALTER TABLE bare ADD PRIMARY KEY (id)",
		"VACUUM ANALYZE", "CHECKPOINT",
	} {
		if _, err := pool.Exec(ctx, statement); err != nil {
			return err
		}
	}
	inDatabase, inFile := &changer{steps: s.steps, next: s.endless()}, &changer{steps: s.steps, next: s.endless()}
	if inDatabase.batcher, err = backlog.OpenStore(ctx, store, silent); err != nil {
		return err
	}
	defer inDatabase.batcher.Close(ctx)
	if inFile.batcher, err = backlog.Open(ctx, file, silent); err != nil {
		return err
	}
	defer inFile.batcher.Close(ctx)
	bare := &bareTable{pool: pool, document: d, steps: s.steps, next: s.endless()}
	for _, changes := range postgresChanges {
		if changes > s.subtasks()/2 {
			continue
		}
		err := m.time(postgresFlushName(changes), s.size,
			operation{contender: ours, prepare: inDatabase.preparing(changes), run: inDatabase.flush},
			operation{contender: bareName, prepare: bare.preparing(changes), run: bare.update},
			operation{contender: fileName, prepare: inFile.preparing(changes), run: inFile.flush},
		)
		if err != nil {
			return err
		}
	}
	return nil
}

// changer makes updates of a backlog and flushes them.
type changer struct {
	batcher *backlog.Batcher
	steps   []step
	next    func() int
}

func (c *changer) preparing(changes int) func() error {
	return func() error {
		for range changes {
			step := c.steps[c.next()]
			status, err := backlog.ParseStatus(step.status)
			if err != nil {
				return err
			}
			if _, err := c.batcher.UpdateStatus(context.Background(), backlog.MustItemID(step.id), status); err != nil {
				return err
			}
		}
		return nil
	}
}

func (c *changer) flush() error {
	_, err := c.batcher.Flush(context.Background())
	return err
}

// bareTable is the rows of a backlog, and nothing else.
type bareTable struct {
	pool                 *pgxpool.Pool
	document             *document.Document
	steps                []step
	next                 func() int
	ids, statuses, texts []string
}

func (b *bareTable) preparing(changes int) func() error {
	return func() error {
		b.ids, b.statuses, b.texts = nil, nil, nil
		for len(b.ids) < changes {
			step := b.steps[b.next()]
			if slices.Contains(b.ids, step.id) {
				continue // where the steps begin anew
			}
			item, ok := b.document.Find(document.NewID("", step.id))
			if !ok {
				return fmt.Errorf("no item %s", step.id)
			}
			b.ids, b.statuses = append(b.ids, step.id), append(b.statuses, step.status)
			b.texts = append(b.texts, string(engine.AppendPiece(nil, item)))
		}
		return nil
	}
}

func (b *bareTable) update() error {
	tag, err := b.pool.Exec(context.Background(), `
		UPDATE bare SET status = c.status, text = c.text
		FROM unnest($1::text[], $2::text[], $3::text[]) AS c (id, status, text) WHERE bare.id = c.id`,
		b.ids, b.statuses, b.texts)
	if err == nil && tag.RowsAffected() != int64(len(b.ids)) {
		err = fmt.Errorf("%d rows updated of %d", tag.RowsAffected(), len(b.ids))
	}
	return err
}

// measureClaims has workers do all that there is to do, once for each run.
func measureClaims(ctx context.Context, m *meter, s sample, pool *pgxpool.Pool, d *document.Document) error {
	r := result{what: claimsName, size: s.name, contender: ours, unit: nanoseconds}
	for run := range m.runs {
		name := fmt.Sprint("claims/", run)
		if err := pgstore.New(pool, name).Create(ctx, d); err != nil {
			return err
		}
		took, items, err := claimAll(ctx, pool, name)
		if err != nil {
			return err
		}
		r.runs = append(r.runs, float64(took)/float64(items))
	}
	m.add(r)
	return nil
}

func claimAll(ctx context.Context, pool *pgxpool.Pool, name string) (time.Duration, int, error) {
	workers := make([]*backlog.Batcher, claimWorkers)
	for i := range workers {
		var err error
		if workers[i], err = backlog.OpenStore(ctx, pgstore.New(pool, name), silent); err != nil {
			return 0, 0, err
		}
		defer workers[i].Close(ctx)
	}
	started := time.Now()
	counts, errs := make([]int, claimWorkers), make([]error, claimWorkers)
	var running sync.WaitGroup
	for i, b := range workers {
		running.Go(func() { counts[i], errs[i] = claimUntilDone(ctx, b, fmt.Sprint("worker ", i)) })
	}
	running.Wait()
	items := 0
	for _, n := range counts {
		items += n
	}
	return time.Since(started), items, errors.Join(errs...)
}

// claimUntilDone claims and completes items until there are none to claim. What
// is complete is saved with the next claim.
func claimUntilDone(ctx context.Context, b *backlog.Batcher, worker string) (items int, err error) {
	for {
		claims, err := b.Claim(ctx, worker, perClaim, time.Minute)
		if err != nil {
			return items, err
		}
		if len(claims) == 0 {
			_, err := b.Flush(ctx)
			return items, err
		}
		for _, c := range claims {
			if _, err := b.UpdateStatus(ctx, c.ID, backlog.StatusComplete); err != nil {
				return items, err
			}
		}
		items += len(claims)
	}
}
