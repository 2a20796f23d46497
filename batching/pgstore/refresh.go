package pgstore

import (
	"context"
	"errors"
	"log/slog"

	"github.com/jackc/pgx/v5"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/document"
)

// Refresh brings a document up to date by the log of changes: it applies the
// groups of changes that others have saved since, and compares digests. Where the
// log does not reach back, or leads elsewhere, the document is loaded anew. The
// error is a *batching.Conflict if an earlier Save from the base was stored after
// all, though its outcome was not known.
func (s *Store) Refresh(ctx context.Context, d *document.Document, base batching.Revision) (*document.Document, batching.Revision, error) {
	if err := s.check(); err != nil {
		return nil, "", err
	}
	from, err := parseRevision(base)
	if err != nil {
		return s.Load(ctx, d.Type())
	}
	own, found, err := s.findLost(ctx, from, d, nil)
	if err != nil {
		return nil, "", s.failed(ctx, "refresh", err)
	}
	if found {
		return nil, "", s.refreshLost(ctx, own)
	}
	entries, err := s.entriesFrom(ctx, from)
	if err != nil {
		return nil, "", s.failed(ctx, "refresh", err)
	}
	if len(entries) == 0 {
		return s.Load(ctx, d.Type())
	}
	last := entries[len(entries)-1]
	if last.newest == from && last.revision == from {
		return d, base, nil
	}
	now, ok := s.replay(d, from, entries)
	if !ok {
		s.log.LogAttrs(ctx, slog.LevelDebug, "Changes of others not replayed, document loaded",
			slog.String("document", s.name), slog.Int64("from", from.number), slog.Int64("to", last.revision.number))
		return s.Load(ctx, d.Type())
	}
	return now, last.revision.revision(), nil
}

// refreshLost returns what is stored after a commit of our own whose outcome was
// not known. That may be followed by another one.
func (s *Store) refreshLost(ctx context.Context, own lostCommit) error {
	now, revision, err := s.Refresh(ctx, own.save.Document, own.next.revision())
	var conflict *batching.Conflict
	switch {
	case err == nil:
		conflict = &batching.Conflict{Document: now, Revision: revision, SavedAs: own.save.Document}
	case !errors.As(err, &conflict):
		s.lost.add(own)
		return err
	}
	conflict.Saved += len(own.save.Groups)
	return conflict
}

// change is a row of the log.
type change struct {
	revision revision
	// newest is what is stored by now.
	newest revision
	schema string
	groups *string
	digest digest
}

// entriesFrom returns the log from a revision on.
func (s *Store) entriesFrom(ctx context.Context, from revision) ([]change, error) {
	found, err := s.pool.Query(ctx, `
		SELECT d.revision, d.token, c.revision, c.token, c.schema, CASE WHEN c.revision > $2 THEN c.groups END, c.digest
		FROM backlog.document AS d JOIN backlog.change AS c ON c.document = d.id
		WHERE d.name = $1 AND c.revision >= $2 ORDER BY c.revision`,
		s.name, from.number)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(found, func(row pgx.CollectableRow) (change, error) {
		var c change
		var sum []byte
		err := row.Scan(&c.newest.number, &c.newest.token, &c.revision.number, &c.revision.token, &c.schema, &c.groups, &sum)
		copy(c.digest[:], sum)
		return c, err
	})
}

// replay applies what is logged to the document of a revision. It reports false
// if that cannot be done, or does not lead to what is stored.
func (s *Store) replay(d *document.Document, from revision, entries []change) (*document.Document, bool) {
	t, now, last := d.Type(), d, entries[len(entries)-1]
	if entries[0].revision != from || last.revision != last.newest {
		return nil, false
	}
	schema := s.schemaOf(t)
	for i, c := range entries[1:] {
		if c.groups == nil || c.schema != schema || c.revision.number != entries[i].revision.number+1 {
			return nil, false
		}
		groups, err := t.UnmarshalChanges([]byte(*c.groups))
		if err != nil {
			return nil, false
		}
		for _, g := range groups {
			if now, _, err = now.Apply(g...); err != nil {
				return nil, false
			}
		}
	}
	sum := newDelta(d, now).digest
	sum.add(entries[0].digest)
	return now, sum == last.digest
}
