package pgstore

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/document"
)

// Store is a batching.Store on one document of a database. It is safe for
// concurrent use, also by several Batchers, and has no resources of its own: the
// pool is the program's to close.
type Store struct {
	pool     *pgxpool.Pool
	name     string
	poll     time.Duration
	log      *slog.Logger
	progress func(done, total int64)
	askFor   time.Duration
	notify   notifier
	lost     lostCommits
	schemas  sync.Map // *document.Type to its hash
	// refused are the options that make no sense. Nothing works then.
	refused []error
}

var _ batching.Store = (*Store)(nil)

// Extras says that the store can do all that a store may, but for recovery: see
// WithRecovery.
func (s *Store) Extras() batching.Extras {
	return batching.Extras{Refresher: s, Watcher: s, Leases: s}
}

// Option configures a Store.
type Option func(*Store)

// WithPollEvery sets how often Watch asks for the revision: four times a second by
// default. Where the server has LISTEN and NOTIFY, changes arrive sooner.
func WithPollEvery(d time.Duration) Option {
	return func(s *Store) {
		if d <= 0 {
			s.refuse("WithPollEvery", fmt.Sprintf("%v: want more than 0", d))
		}
		s.poll = d
	}
}

// WithLogger sets where to log, in place of slog.Default().
func WithLogger(l *slog.Logger) Option {
	return func(s *Store) {
		if l == nil {
			s.refuse("WithLogger", "no logger: want one, slog.New(slog.DiscardHandler) for none")
		}
		s.log = l
	}
}

// WithProgress sets a function that is told, now and then, how many bytes of a
// document have been read or written as a whole, and of about how many.
func WithProgress(f func(done, total int64)) Option {
	return func(s *Store) {
		if f == nil {
			s.refuse("WithProgress", "no function: want one")
		}
		s.progress = f
	}
}

// refuse remembers why an option makes no sense.
func (s *Store) refuse(option, message string) {
	s.refused = append(s.refused, &batching.OptionError{Option: option, Message: message})
}

// check returns what is wrong with the name or an option.
func (s *Store) check() error {
	return errors.Join(checkName(s.name), errors.Join(s.refused...))
}

// New returns a store on the document with a name: letters, digits and . _ - /,
// at most 200 of them. It need not exist yet. The tables must exist: see
// Migrate. If an option makes no sense, every method returns the error, and so
// does opening a Batcher.
func New(pool *pgxpool.Pool, name string, opts ...Option) *Store {
	s := &Store{
		pool: pool, name: name, poll: 250 * time.Millisecond, askFor: askFor,
		log: slog.Default(), progress: func(int64, int64) {},
	}
	for _, opt := range opts {
		opt(s)
	}
	return s
}

// revision is a batching.Revision of ours.
type revision struct {
	number int64
	// token is random: it tells versions with the same number apart, should a
	// document be removed and made again, or a backup be restored.
	token string
}

func (r revision) revision() batching.Revision {
	return batching.Revision(strconv.FormatInt(r.number, 10) + "." + r.token)
}

func parseRevision(r batching.Revision) (revision, error) {
	number, token, ok := strings.Cut(string(r), ".")
	n, err := strconv.ParseInt(number, 10, 64)
	if !ok || err != nil {
		return revision{}, fmt.Errorf("%q is not a revision of this store", r)
	}
	return revision{n, token}, nil
}

// next returns the revision after this one.
func (r revision) next() revision { return revision{r.number + 1, rand.Text()} }

// schemaOf returns the hash of a format.
func (s *Store) schemaOf(t *document.Type) string {
	if known, ok := s.schemas.Load(t); ok {
		return known.(string)
	}
	sum := "unknown"
	if data, err := json.Marshal(t.Descriptor()); err == nil {
		hash := sha256.Sum256(data)
		sum = hex.EncodeToString(hash[:])
	}
	s.schemas.Store(t, sum)
	return sum
}

// snapshot is how documents are read: all statements see the same moment.
var snapshot = pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}

// Load reads the document. A *document.ParseError names it.
func (s *Store) Load(ctx context.Context, t *document.Type) (*document.Document, batching.Revision, error) {
	if err := s.check(); err != nil {
		return nil, "", err
	}
	var text []byte
	var at revision
	err := pgx.BeginTxFunc(ctx, s.pool, snapshot, func(tx pgx.Tx) (err error) {
		text, at, err = s.read(ctx, tx)
		return err
	})
	if err != nil {
		return nil, "", s.failed(ctx, "load", err)
	}
	d, err := s.parse(t, text)
	if err != nil {
		return nil, "", err
	}
	return d, at.revision(), nil
}
