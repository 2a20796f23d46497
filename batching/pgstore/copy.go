package pgstore

import (
	"context"
	"iter"
	"log/slog"

	"github.com/jackc/pgx/v5"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/document"
)

// copyItems writes all items of a document, none of which is stored.
func (s *Store) copyItems(ctx context.Context, tx pgx.Tx, id, version int64, d *document.Document) error {
	next, stop := iter.Pull(d.All())
	defer stop()
	var done, reported int64
	var number uint64
	var buffer []byte
	total := d.Size()
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"backlog", "item"},
		[]string{"document", "id", "position", "parent", "level", "status", "text", "version", "long_id"},
		pgx.CopyFromFunc(func() ([]any, error) {
			it, ok := next()
			if !ok {
				return nil, nil
			}
			number++
			p := pieceOf(it, buffer)
			if done += int64(len(p.text)); done-reported >= progressStep {
				reported = done
				s.progress(done, total)
			}
			var longID *string
			if p.longID != "" {
				longID = &p.longID
			}
			return []any{id, p.id, position{number}.encode(), p.parent, int16(p.level), p.status, p.text, version, longID}, nil
		}))
	if err == nil {
		s.progress(total, total)
	}
	return err
}

// analyse lets the server look at what it has been given, if that is much: until
// it does so by itself, it would plan for tables as they were. That is no matter
// if it cannot be, such as for a role that does not own the table.
func (s *Store) analyse(ctx context.Context, d *document.Document) {
	const much = 10_000
	items := 0
	for l := range d.Type().Descriptor().Levels {
		items += d.Len(document.Level(l))
	}
	if items < much {
		return
	}
	if _, err := s.pool.Exec(ctx, "ANALYZE backlog.item"); err != nil {
		s.log.LogAttrs(ctx, slog.LevelDebug, "Table not analysed", slog.Any("error", err))
	}
}

// Create stores a document under a name that nobody has. If there is one already
// the error satisfies errors.Is(err, fs.ErrExist).
func (s *Store) Create(ctx context.Context, d *document.Document) error {
	_, err := s.Save(ctx, batching.Save{Document: d})
	return err
}

// Replace stores a document in place of what there is, whatever that is, or as a
// new one. Others that have it open take it in as they would any change.
func (s *Store) Replace(ctx context.Context, d *document.Document) error {
	if err := checkName(s.name); err != nil {
		return err
	}
	if err := s.replace(ctx, d); err != nil {
		return s.failed(ctx, "replace", err)
	}
	s.analyse(ctx, d)
	return nil
}

func (s *Store) replace(ctx context.Context, d *document.Document) error {
	tx, now, err := s.begin(ctx)
	if tx != nil {
		defer end(ctx, tx)
	}
	if isNoRows(err) {
		if err := tx.Rollback(ctx); err != nil {
			return err
		}
		return s.insert(ctx, d, revision{}.next())
	}
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "DELETE FROM backlog.item WHERE document = $1", now.id); err != nil {
		return err
	}
	next := now.revision.next()
	if err := s.copyItems(ctx, tx, now.id, next.number, d); err != nil {
		return err
	}
	now.size = d.Size()
	var b pgx.Batch
	b.Queue("UPDATE backlog.document SET frame = $2 WHERE id = $1", now.id, string(d.Frame()))
	s.queueRevision(&b, now, next, &delta{digest: now.digest}, logEntry{}, s.schemaOf(d.Type()))
	s.notify.queue(&b, s.name)
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return err
	}
	return s.commit(ctx, tx, now.revision, next, batching.Save{Document: d})
}
