package pgstore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/document"
)

// Save writes the items that differ, if the stored revision is the base: in one
// transaction, at a cost in proportion to the number of them, unless items were
// added, removed or moved. If another revision is stored, the error is a
// *batching.Conflict.
func (s *Store) Save(ctx context.Context, save batching.Save) (batching.Revision, error) {
	if err := s.check(); err != nil {
		return "", err
	}
	if save.Base == "" {
		return s.create(ctx, save.Document)
	}
	base, err := parseRevision(save.Base)
	if err != nil {
		return "", wrap(ctx, "save", err)
	}
	return s.saveFrom(ctx, base, save)
}

func (s *Store) saveFrom(ctx context.Context, base revision, save batching.Save) (batching.Revision, error) {
	next, err := s.write(ctx, base, save)
	if errors.Is(err, errStale) {
		return s.stale(ctx, base, save)
	}
	if err != nil {
		return "", s.failed(ctx, "save", err)
	}
	s.lost.take(base, save.Stored, nil) // none of them has happened
	s.notify.probe(ctx, s.pool, s.name)
	return next.revision(), nil
}

// errStale says that what is stored is not the base.
var errStale = errors.New("not the base")

// stored is what a document's row says.
type stored struct {
	id           int64
	revision     revision
	size, logged int64
	digest       digest
}

// write makes the document of a Save the next revision.
func (s *Store) write(ctx context.Context, base revision, save batching.Save) (next revision, err error) {
	err = s.repeat(ctx, func() error {
		next, err = s.writeOnce(ctx, base, save)
		return err
	})
	return next, err
}

func (s *Store) writeOnce(ctx context.Context, base revision, save batching.Save) (revision, error) {
	d := newDelta(save.Stored, save.Document)
	log := newLogEntry(save)
	tx, now, err := s.begin(ctx)
	if tx != nil {
		defer end(ctx, tx)
	}
	switch {
	case err != nil:
		return revision{}, err
	case now.revision != base:
		return revision{}, errStale
	case d.empty():
		return base, nil
	}
	long, err := s.arrange(ctx, tx, now.id, d)
	if err != nil {
		return revision{}, err
	}
	next := base.next()
	var b pgx.Batch
	queueLeases(&b, now.id, save.Leases)
	d.queue(&b, now.id, next.number)
	d.digest.add(now.digest)
	s.queueRevision(&b, now, next, d, log, s.schemaOf(save.Document.Type()))
	s.notify.queue(&b, s.name)
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return revision{}, err
	}
	if long {
		if err := renumber(ctx, tx, now.id, save.Document); err != nil {
			return revision{}, err
		}
	}
	return next, s.commitSave(ctx, tx, base, next, save)
}

// begin starts a transaction that holds the document's row. The transaction is
// to be ended also with an error, unless it is nil.
func (s *Store) begin(ctx context.Context) (pgx.Tx, stored, error) {
	var b pgx.Batch
	b.BeginTx(pgx.TxOptions{IsoLevel: pgx.ReadCommitted})
	b.Queue(vanished)
	b.Queue(lockRow, s.name)
	results := s.pool.SendBatch(ctx, &b)
	_, err := results.Exec()
	if err == nil {
		_, err = results.Exec()
	}
	var now stored
	if err == nil {
		now, err = scanStored(results.QueryRow())
	}
	closeErr := results.Close()
	if err == nil {
		err = closeErr
	}
	return results.Tx(), now, err
}

const (
	// Should this program vanish without the server hearing of it, others do
	// not wait for it for ever.
	vanished = "SET LOCAL idle_in_transaction_session_timeout = '30s'"
	lockRow  = "SELECT id, revision, token, size, logged, digest FROM backlog.document WHERE name = $1 FOR UPDATE"
)

// lock holds the document's row in a transaction that has begun.
func (s *Store) lock(ctx context.Context, tx pgx.Tx) (stored, error) {
	return scanStored(tx.QueryRow(ctx, lockRow, s.name))
}

func scanStored(row pgx.Row) (stored, error) {
	var now stored
	var sum []byte
	err := row.Scan(&now.id, &now.revision.number, &now.revision.token, &now.size, &now.logged, &sum)
	copy(now.digest[:], sum)
	return now, err
}

// end rolls a transaction back, unless it is committed, also if the caller has
// given up.
func end(ctx context.Context, tx pgx.Tx) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	_ = tx.Rollback(ctx) // if it fails, the connection is closed
}

// arrange finds out where what was placed goes.
func (s *Store) arrange(ctx context.Context, tx pgx.Tx, document int64, d *delta) (long bool, err error) {
	ids := d.neighbours()
	known := make(map[string]position, len(ids))
	if len(ids) > 0 {
		found, err := tx.Query(ctx, "SELECT id, position FROM backlog.item WHERE document = $1 AND id = ANY($2)", document, ids)
		if err != nil {
			return false, err
		}
		var id string
		var data []byte
		if _, err := pgx.ForEachRow(found, []any{&id, &data}, func() (err error) {
			known[id], err = decodePosition(data)
			return err
		}); err != nil {
			return false, err
		}
	}
	return d.arrange(known)
}

// One statement writes at most so many rows, and so many bytes of text.
const (
	chunk      = 5000
	chunkBytes = 16 << 20
)

// queue queues the statements that write a delta.
func (d *delta) queue(b *pgx.Batch, document, version int64) {
	check := func(want int) func(pgconn.CommandTag) error {
		return func(tag pgconn.CommandTag) error {
			if got := tag.RowsAffected(); got != int64(want) {
				return fmt.Errorf("%w: %d rows written of %d", errDamaged, got, want)
			}
			return nil
		}
	}
	if len(d.removed) > 0 {
		b.Queue("DELETE FROM backlog.item WHERE document = $1 AND id = ANY($2)", document, d.removed).Exec(check(len(d.removed)))
	}
	eachChunk(&d.edited, func(r rows) {
		b.Queue(`
			UPDATE backlog.item AS i SET status = c.status, text = c.text, version = $2
			FROM unnest($3::text[], $4::text[], $5::text[]) AS c (id, status, text)
			WHERE i.document = $1 AND i.id = c.id`,
			document, version, r.ids, r.statuses, r.texts).Exec(check(len(r.ids)))
	})
	eachChunk(&d.moved, func(r rows) {
		b.Queue(`
			UPDATE backlog.item AS i SET status = c.status, text = c.text, version = $2,
				parent = c.parent, level = c.level, position = c.position
			FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::smallint[], $8::bytea[])
				AS c (id, status, text, parent, level, position)
			WHERE i.document = $1 AND i.id = c.id`,
			document, version, r.ids, r.statuses, r.texts, r.parents, r.levels, r.positions).Exec(check(len(r.ids)))
	})
	eachChunk(&d.added, func(r rows) {
		b.Queue(`
			INSERT INTO backlog.item (document, version, id, status, text, parent, level, position, long_id)
			SELECT $1, $2, c.id, c.status, c.text, c.parent, c.level, c.position, NULLIF(c.long_id, '')
			FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::smallint[], $8::bytea[], $9::text[])
				AS c (id, status, text, parent, level, position, long_id)`,
			document, version, r.ids, r.statuses, r.texts, r.parents, r.levels, r.positions, r.longIDs).Exec(check(len(r.ids)))
	})
	if d.frame != nil {
		b.Queue("UPDATE backlog.document SET frame = $2 WHERE id = $1", document, string(d.frame))
	}
}

// eachChunk calls f with so many rows at a time, and with fewer if they are
// long.
func eachChunk(r *rows, f func(rows)) {
	for from := 0; from < len(r.ids); {
		to, size := from, 0
		for to < len(r.ids) && to-from < chunk && (to == from || size+len(r.texts[to]) <= chunkBytes) {
			size += len(r.texts[to])
			to++
		}
		f(r.slice(from, to))
		from = to
	}
}

// renumber gives all items new positions: those that there were have become
// long.
func renumber(ctx context.Context, tx pgx.Tx, document int64, d *document.Document) error {
	var ids []string
	for it := range d.All() {
		ids = append(ids, key(it.ID()))
	}
	positions := make([][]byte, len(ids))
	for i, p := range between(nil, nil, len(ids)) {
		positions[i] = p.encode()
	}
	for from := 0; from < len(ids); from += chunk {
		to := min(from+chunk, len(ids))
		_, err := tx.Exec(ctx, `
			UPDATE backlog.item AS i SET position = c.position
			FROM unnest($2::text[], $3::bytea[]) AS c (id, position)
			WHERE i.document = $1 AND i.id = c.id`, document, ids[from:to], positions[from:to])
		if err != nil {
			return err
		}
	}
	return nil
}

// stale is what Save does where the base is gone: by another writer, or by a
// commit of our own whose outcome was not known. That may be followed by another
// one.
func (s *Store) stale(ctx context.Context, base revision, save batching.Save) (batching.Revision, error) {
	own, found, err := s.findLost(ctx, base, save.Stored, nil)
	if err != nil {
		return "", s.failed(ctx, "save", err)
	}
	if !found {
		d, now, err := s.Refresh(ctx, save.Stored, save.Base)
		if err != nil {
			return "", err
		}
		return "", &batching.Conflict{Document: d, Revision: now}
	}
	saved := min(len(own.save.Groups), len(save.Groups))
	next, err := s.saveFrom(ctx, own.next, batching.Save{
		Base: own.next.revision(), Stored: own.save.Document, Document: save.Document, Groups: save.Groups[saved:],
		Leases: save.Leases,
	})
	var conflict *batching.Conflict
	switch {
	case errors.As(err, &conflict):
		if conflict.Saved == 0 {
			conflict.SavedAs = own.save.Document
		}
		conflict.Saved += saved
	case err != nil:
		s.lost.add(own)
	}
	return next, err
}

// findLost returns the commit from the base that was stored, though its outcome
// was not known.
func (s *Store) findLost(ctx context.Context, base revision, stored, created *document.Document) (lostCommit, bool, error) {
	list := s.lost.take(base, stored, created)
	for _, c := range list {
		committed, err := s.committed(ctx, c.next)
		if err != nil {
			s.lost.putBack(list)
			return lostCommit{}, false, err
		}
		if committed {
			return c, true, nil
		}
	}
	return lostCommit{}, false, nil
}
