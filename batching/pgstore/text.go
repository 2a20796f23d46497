package pgstore

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// Text returns the text of the document as Load would read it, without knowing
// its format.
func (s *Store) Text(ctx context.Context) ([]byte, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	var text []byte
	err := pgx.BeginTxFunc(ctx, s.pool, snapshot, func(tx pgx.Tx) (err error) {
		text, _, err = s.read(ctx, tx)
		return err
	})
	if err != nil {
		return nil, s.failed(ctx, "read", err)
	}
	return text, nil
}
