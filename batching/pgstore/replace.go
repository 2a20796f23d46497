package pgstore

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/engine"
	"github.com/backlog-gen/backlog-gen/document/format"
)

// Create stores a document under a new name. If there is a document of that
// name, the error satisfies errors.Is(err, fs.ErrExist).
func (s *Store) Create(ctx context.Context, d *document.Document) error {
	_, err := s.Save(ctx, batching.Save{Document: d})
	return err
}

// create is a Save from no revision.
func (s *Store) create(ctx context.Context, d *document.Document) (batching.Revision, error) {
	own, found, err := s.findLost(ctx, revision{}, nil, d)
	if found {
		return own.next.revision(), nil
	}
	first := revision{}.next()
	if err == nil {
		err = s.repeat(ctx, func() error {
			return s.insert(ctx, d, first, func(tx pgx.Tx) error {
				return s.commitSave(ctx, tx, revision{}, first, batching.Save{Document: d})
			})
		})
	}
	if err != nil {
		return "", s.failed(ctx, "create", err)
	}
	s.analyse(ctx, d)
	return first.revision(), nil
}

// insert stores a document under the name, which nobody may have.
func (s *Store) insert(ctx context.Context, d *document.Document, first revision, commit func(pgx.Tx) error) error {
	var exists bool
	if err := s.pool.QueryRow(ctx, "SELECT EXISTS (SELECT 1 FROM backlog.document WHERE name = $1)", s.name).Scan(&exists); err != nil {
		return err
	}
	if exists {
		return s.errExist()
	}
	tx, id, err := s.stage(ctx, d, first)
	if tx != nil {
		defer end(ctx, tx)
	}
	if err == nil {
		err = s.publish(ctx, tx, id, d, first)
	}
	if err != nil {
		return err
	}
	return commit(tx)
}

func (s *Store) errExist() error { return fmt.Errorf("document %q: %w", s.name, fs.ErrExist) }

// Replace stores a document in place of what there is, whatever that is, or as
// a new one. Others that have it open take it in as they would any change.
// Items that are there before and after stay leased. Others wait only while the
// new items take the place of the old ones, not while they are sent.
func (s *Store) Replace(ctx context.Context, d *document.Document) error {
	if err := s.check(); err != nil {
		return err
	}
	var err error
	for range maxClashes { // the document may come and go at any moment
		if err = s.repeat(ctx, func() error { return s.replace(ctx, d) }); !errors.Is(err, fs.ErrExist) {
			break
		}
	}
	if err != nil {
		return s.failed(ctx, "replace", err)
	}
	s.analyse(ctx, d)
	return nil
}

func (s *Store) replace(ctx context.Context, d *document.Document) error {
	var version int64 // without a lock: somebody may make another one until we have it
	err := s.pool.QueryRow(ctx, "SELECT revision FROM backlog.document WHERE name = $1", s.name).Scan(&version)
	if isNoRows(err) {
		first := revision{}.next()
		return s.insert(ctx, d, first, func(tx pgx.Tx) error { return s.commit(ctx, tx, first) })
	}
	if err != nil {
		return err
	}
	tx, id, err := s.stage(ctx, d, revision{version, ""}.next())
	if tx != nil {
		defer end(ctx, tx)
	}
	if err != nil {
		return err
	}
	now, err := s.lock(ctx, tx)
	if isNoRows(err) { // removed since
		first := revision{}.next()
		if err := s.publish(ctx, tx, id, d, first); err != nil {
			return err
		}
		return s.commit(ctx, tx, first)
	}
	if err != nil {
		return err
	}
	next := now.revision.next()
	if err := s.exchange(ctx, tx, now, id, next, d); err != nil {
		return err
	}
	return s.commit(ctx, tx, next)
}

// stage writes a whole document under a name that no other has, so that nobody
// has to wait for it, however long it takes. The transaction is to be ended also
// with an error, unless it is nil.
func (s *Store) stage(ctx context.Context, d *document.Document, r revision) (tx pgx.Tx, id int64, err error) {
	if err := refuseShared(d); err != nil {
		return nil, 0, err
	}
	tx, err = s.pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.ReadCommitted})
	if err != nil {
		return nil, 0, err
	}
	if _, err := tx.Exec(ctx, vanished); err != nil {
		return tx, 0, err
	}
	sum := digest{}
	err = tx.QueryRow(ctx, `
		INSERT INTO backlog.document (name, revision, token, schema, frame, size, digest, logged)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 0) RETURNING id`,
		"~"+rand.Text(), r.number, r.token, s.schemaOf(d.Type()), string(engine.Frame(d)), d.Size(), sum[:]).Scan(&id)
	if err != nil {
		return tx, 0, err
	}
	return tx, id, s.copyItems(ctx, tx, id, r.number, d)
}

// refuseShared refuses a document in which items share an id: a row has that of its
// item.
func refuseShared(d *document.Document) error {
	if !slices.ContainsFunc(d.Type().Descriptor().Levels, func(l format.LevelDescriptor) bool { return l.ID.WarnDuplicate }) {
		return nil
	}
	for it := range d.All() {
		if _, err := d.Lookup(it.ID()); err != nil {
			return fmt.Errorf("the database stores items by their ids: %w", err)
		}
	}
	return nil
}

// publish makes a staged document the one of the store's name, which nobody has.
func (s *Store) publish(ctx context.Context, tx pgx.Tx, id int64, d *document.Document, first revision) error {
	const uniqueViolation = "23505"
	_, err := tx.Exec(ctx, "UPDATE backlog.document SET name = $2, revision = $3, token = $4 WHERE id = $1",
		id, s.name, first.number, first.token)
	var refusal *pgconn.PgError
	if errors.As(err, &refusal) && refusal.Code == uniqueViolation {
		return s.errExist()
	}
	if err != nil {
		return err
	}
	sum := digest{}
	_, err = tx.Exec(ctx, `
		INSERT INTO backlog.change (document, revision, token, schema, digest, logged) VALUES ($1, $2, $3, $4, $5, 0)`,
		id, first.number, first.token, s.schemaOf(d.Type()), sum[:])
	return err
}

// exchange gives the stored document the items of a staged one, and with them its
// number.
func (s *Store) exchange(ctx context.Context, tx pgx.Tx, now stored, id int64, next revision, d *document.Document) error {
	var b pgx.Batch
	// Leases come and go without the document's row: the rows are locked before
	// they are read.
	b.Queue(`
		WITH gone AS (DELETE FROM backlog.item WHERE document = $1 RETURNING id, worker, expires)
		UPDATE backlog.item AS i SET worker = gone.worker, expires = gone.expires
		FROM gone WHERE i.document = $2 AND i.id = gone.id AND gone.expires > statement_timestamp()`, now.id, id)
	b.Queue("DELETE FROM backlog.document WHERE id = $1", id)
	b.Queue("UPDATE backlog.document SET id = $2, frame = $3 WHERE id = $1", now.id, id, string(engine.Frame(d)))
	b.Queue("UPDATE backlog.change SET document = $2 WHERE document = $1", now.id, id)
	now.id, now.size = id, d.Size()
	s.queueRevision(&b, now, next, &delta{digest: now.digest}, logEntry{}, s.schemaOf(d.Type()))
	s.notify.queue(&b, s.name)
	return tx.SendBatch(ctx, &b).Close()
}
