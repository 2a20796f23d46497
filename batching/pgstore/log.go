package pgstore

import (
	"github.com/jackc/pgx/v5"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/document"
)

// The log of changes holds the last revisions: so many, and so many bytes. What
// has fallen behind those loads the document anew.
const (
	keptRevisions = 10_000
	keptBytes     = 64 << 20
	// maxEntry is the length of the longest groups that are logged.
	maxEntry = 1 << 20
	// pruneEvery is how many revisions there are between two prunings.
	pruneEvery = 64
)

// logEntry is the groups that lead to a revision as JSON, nil if they are not
// known.
type logEntry struct{ groups *string }

func newLogEntry(save batching.Save) logEntry {
	if len(save.Groups) == 0 {
		return logEntry{}
	}
	lists := make([][]document.Change, len(save.Groups))
	for i, g := range save.Groups {
		lists[i] = g.Changes
	}
	data, err := save.Document.Type().MarshalChanges(lists)
	if err != nil || len(data) > maxEntry {
		return logEntry{}
	}
	text := string(data)
	return logEntry{&text}
}

func (e logEntry) size() int64 {
	if e.groups == nil {
		return 0
	}
	return int64(len(*e.groups))
}

// queueRevision queues the statements that make a new revision of a document:
// digest is that of the new one.
func (s *Store) queueRevision(b *pgx.Batch, now stored, next revision, d *delta, e logEntry, schema string) {
	logged := now.logged + e.size()
	b.Queue(`
		INSERT INTO backlog.change (document, revision, token, schema, groups, digest, logged)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		now.id, next.number, next.token, schema, e.groups, d.digest[:], logged)
	b.Queue(`
		UPDATE backlog.document SET revision = $2, token = $3, schema = $4, size = $5, digest = $6, logged = $7
		WHERE id = $1`,
		now.id, next.number, next.token, schema, now.size+d.size, d.digest[:], logged)
	if next.number%pruneEvery == 0 {
		b.Queue("DELETE FROM backlog.change WHERE document = $1 AND revision < $2 AND (revision <= $3 OR logged <= $4)",
			now.id, next.number, next.number-keptRevisions, logged-keptBytes)
	}
}
