package pgstore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/engine"
)

// progressStep is how many bytes go by between two calls of WithProgress.
const progressStep = 1 << 20

// read reads the text of the document in one pass over its rows.
func (s *Store) read(ctx context.Context, tx pgx.Tx) ([]byte, revision, error) {
	var document, size int64
	var at revision
	var frame []byte
	err := tx.QueryRow(ctx, "SELECT id, revision, token, size, frame FROM backlog.document WHERE name = $1", s.name).
		Scan(&document, &at.number, &at.token, &size, &frame)
	if err != nil {
		return nil, at, err
	}
	rows, err := tx.Query(ctx, `
		SELECT level, CASE WHEN level = 0 THEN parent ELSE '' END, text
		FROM backlog.item WHERE document = $1 ORDER BY position`, document)
	if err != nil {
		return nil, at, err
	}
	defer rows.Close()
	j := newJoiner(frame, size)
	var level int16
	var group string
	var text pgtype.DriverBytes // not copied
	reported := 0
	for rows.Next() {
		if err := rows.Scan(&level, &group, &text); err != nil {
			return nil, at, err
		}
		if err := j.add(int(level), group, text); err != nil {
			return nil, at, err
		}
		if len(j.out)-reported >= progressStep {
			reported = len(j.out)
			s.progress(int64(reported), max(size, int64(reported)))
		}
	}
	if err := rows.Err(); err != nil {
		return nil, at, err
	}
	out, err := j.finish()
	s.progress(int64(len(out)), int64(len(out)))
	return out, at, err
}

func (s *Store) parse(t *document.Type, text []byte) (*document.Document, error) {
	d, err := t.ParseOwned(text)
	var parseError *document.ParseError
	if errors.As(err, &parseError) {
		parseError.File = s.name
	}
	return d, err
}

// failed returns the error for what went wrong with the document.
func (s *Store) failed(ctx context.Context, op string, err error) error {
	const undefinedTable, invalidSchema = "42P01", "3F000"
	var refusal *pgconn.PgError
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		err = fmt.Errorf("document %q: %w", s.name, fs.ErrNotExist)
	case errors.As(err, &refusal) && (refusal.Code == undefinedTable || refusal.Code == invalidSchema):
		err = fmt.Errorf("the tables are missing, make them with Migrate: %w", err)
	}
	return wrap(ctx, op, err)
}

// joiner puts a document together from its frame and the texts of its items, in
// document order.
type joiner struct {
	out   []byte
	frame []byte // what is left of it
	group string
	open  []openItem // by level
}

// openItem is an item whose children may follow.
type openItem struct {
	rest         []byte // what comes after them
	wants, holds bool   // there are to be children; there are some
}

var errDamaged = errors.New("damaged: the rows do not make a document")

func newJoiner(frame []byte, size int64) *joiner {
	const roomToParse = 512
	return &joiner{frame: frame, out: make([]byte, 0, min(max(size, 0), document.MaxSize-roomToParse)+roomToParse)}
}

func (j *joiner) add(level int, group string, text []byte) error {
	if level < 0 || level > len(j.open) {
		return errDamaged
	}
	if err := j.close(level); err != nil {
		return err
	}
	if level > 0 {
		above := &j.open[level-1]
		if !above.wants {
			return errDamaged
		}
		above.holds = true
	} else if err := j.enter(group); err != nil {
		return err
	}
	own, rest, wants := bytes.Cut(text, mark)
	j.out = append(j.out, own...)
	j.open = append(j.open, openItem{rest: bytes.Clone(rest), wants: wants})
	return nil
}

var mark = []byte{engine.Mark}

// enter goes on to the place of a group, unless it is there.
func (j *joiner) enter(group string) error {
	if j.group == group && len(j.out) > 0 {
		return nil
	}
	before, rest, ok := bytes.Cut(j.frame, mark)
	if !ok {
		return errDamaged
	}
	j.out = append(j.out, before...)
	j.frame, j.group = rest, group
	return nil
}

// close ends the items from a level down.
func (j *joiner) close(level int) error {
	for len(j.open) > level {
		last := j.open[len(j.open)-1]
		if last.wants != last.holds {
			return errDamaged
		}
		j.out = append(j.out, last.rest...)
		j.open = j.open[:len(j.open)-1]
	}
	return nil
}

func (j *joiner) finish() ([]byte, error) {
	if err := j.close(0); err != nil {
		return nil, err
	}
	if bytes.IndexByte(j.frame, engine.Mark) >= 0 {
		return nil, errDamaged
	}
	return append(j.out, j.frame...), nil
}
