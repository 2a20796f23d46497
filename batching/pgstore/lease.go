package pgstore

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/document"
)

// The clock of leases is the server's, at the start of the statement: it is the
// same for all rows of one.
const (
	free   = "(worker IS NULL OR expires <= statement_timestamp())"
	theirs = "worker = $2 AND expires > statement_timestamp()"
	until  = "statement_timestamp() + $3::bigint * INTERVAL '1 microsecond'"
)

// Acquire leases candidates to a worker, by a lock on each row that others do
// not wait for: see [batching.LeaseStore]. It looks at the statuses alone, not at
// the revision, so that workers do not get in each other's way.
func (s *Store) Acquire(ctx context.Context, a batching.Acquire) ([]batching.Lease, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	if len(a.Candidates) == 0 || a.N < 1 {
		return nil, nil
	}
	ids, statuses := make([]string, len(a.Candidates)), make([]string, len(a.Candidates))
	order := make(map[document.ID]int, len(a.Candidates))
	for i, c := range a.Candidates {
		ids[i], statuses[i] = key(c.ID), a.Stored.Type().StatusName(c.Status)
		order[c.ID] = i
	}
	var leases []batching.Lease
	err := s.repeat(ctx, func() error {
		return pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.ReadCommitted}, func(tx pgx.Tx) (err error) {
			leases, err = s.acquire(ctx, tx, a, ids, statuses)
			return err
		})
	})
	if err != nil {
		return nil, s.failed(ctx, "acquire", err)
	}
	slices.SortFunc(leases, func(a, b batching.Lease) int { return order[a.ID] - order[b.ID] })
	return leases, nil
}

func (s *Store) acquire(ctx context.Context, tx pgx.Tx, a batching.Acquire, ids, statuses []string) ([]batching.Lease, error) {
	found, err := tx.Query(ctx, `
		SELECT i.id FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS c (id, status, n)
		JOIN backlog.item AS i ON i.id = c.id AND i.status = c.status
		WHERE i.document = (SELECT id FROM backlog.document WHERE name = $1) AND `+free+`
		ORDER BY c.n LIMIT $4 FOR UPDATE OF i SKIP LOCKED`, s.name, ids, statuses, a.N)
	if err != nil {
		return nil, err
	}
	got, err := pgx.CollectRows(found, pgx.RowTo[string])
	if err != nil || len(got) == 0 {
		return nil, err
	}
	return s.leases(tx.Query(ctx, `
		UPDATE backlog.item SET worker = $2, expires = `+until+`
		WHERE document = (SELECT id FROM backlog.document WHERE name = $1) AND id = ANY($4)
		RETURNING id, long_id, worker, expires`, s.name, a.Worker, a.Duration.Microseconds(), got))
}

// Renew prolongs leases of a worker; see [batching.LeaseStore].
func (s *Store) Renew(ctx context.Context, worker string, ids []document.ID, d time.Duration) ([]batching.Lease, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	var leases []batching.Lease
	ask := func() (err error) {
		leases, err = s.leases(s.pool.Query(ctx, `
			UPDATE backlog.item SET expires = `+until+`
			WHERE document = (SELECT id FROM backlog.document WHERE name = $1) AND id = ANY($4) AND `+theirs+`
			RETURNING id, long_id, worker, expires`, s.name, worker, d.Microseconds(), keys(ids)))
		return err
	}
	err := s.repeat(ctx, ask)
	if err == nil && len(leases) < len(ids) { // a Replace at the same moment may have moved them
		err = s.repeat(ctx, ask)
	}
	if err != nil {
		return nil, s.failed(ctx, "renew", err)
	}
	order := make(map[document.ID]int, len(ids))
	for i, id := range ids {
		order[id] = i
	}
	slices.SortFunc(leases, func(a, b batching.Lease) int { return order[a.ID] - order[b.ID] })
	return leases, nil
}

// Release ends leases of a worker; see [batching.LeaseStore].
func (s *Store) Release(ctx context.Context, worker string, ids []document.ID) error {
	if err := s.check(); err != nil {
		return err
	}
	err := s.repeat(ctx, func() error {
		_, err := s.pool.Exec(ctx, `
			UPDATE backlog.item SET worker = NULL, expires = NULL
			WHERE document = (SELECT id FROM backlog.document WHERE name = $1) AND id = ANY($3) AND worker = $2`,
			s.name, worker, keys(ids))
		return err
	})
	if err != nil {
		return s.failed(ctx, "release", err)
	}
	return nil
}

// Leases lists the leases that have not expired; see [batching.LeaseStore].
func (s *Store) Leases(ctx context.Context) ([]batching.Lease, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	leases, err := s.leases(s.pool.Query(ctx, `
		SELECT id, long_id, worker, expires FROM backlog.item
		WHERE document = (SELECT id FROM backlog.document WHERE name = $1)
			AND worker IS NOT NULL AND expires > statement_timestamp()`, s.name))
	if err != nil {
		return nil, s.failed(ctx, "leases", err)
	}
	slices.SortFunc(leases, func(a, b batching.Lease) int { return a.ID.Compare(b.ID) })
	return leases, nil
}

// queueLeases queues the check of the leases that a save relies on, while the
// transaction holds the document's row: it locks theirs, so that nobody is leased
// the items until the save is done.
func queueLeases(b *pgx.Batch, document int64, leases []batching.Lease) {
	if len(leases) == 0 {
		return
	}
	ids, workers := make([]string, len(leases)), make([]string, len(leases))
	for i, l := range leases {
		ids[i], workers[i] = key(l.ID), l.Worker
	}
	b.Queue(`
		SELECT FROM backlog.item AS i JOIN unnest($2::text[], $3::text[]) AS l (id, worker) ON i.id = l.id AND i.worker = l.worker
		WHERE i.document = $1 AND i.expires > statement_timestamp() FOR UPDATE OF i`,
		document, ids, workers).Exec(func(tag pgconn.CommandTag) error {
		if tag.RowsAffected() != int64(len(leases)) {
			return fmt.Errorf("%d of %d leases that the save relies on are gone: %w", int64(len(leases))-tag.RowsAffected(), len(leases), batching.ErrLeaseLost)
		}
		return nil
	})
}

// leases reads the rows of a query.
func (s *Store) leases(found pgx.Rows, err error) ([]batching.Lease, error) {
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(found, func(row pgx.CollectableRow) (batching.Lease, error) {
		var l batching.Lease
		var id string
		var longID *string
		err := row.Scan(&id, &longID, &l.Worker, &l.Expires)
		if longID != nil {
			id = *longID
		}
		l.ID = keyID(id)
		return l, err
	})
}

// keys returns ids as they are stored, in order: programs that lock several rows
// do it in the same order.
func keys(ids []document.ID) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = key(id)
	}
	slices.Sort(out)
	return out
}
