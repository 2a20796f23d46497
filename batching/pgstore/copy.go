package pgstore

import (
	"context"
	"iter"
	"log/slog"

	"github.com/jackc/pgx/v5"

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
