package batching_test

import (
	"context"
	"errors"
	"io/fs"
	"strconv"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

// rowStore keeps the status of each item in a row of its own, as a database
// would, and writes only the rows that change.
type rowStore struct {
	mu      sync.Mutex
	text    string
	rows    map[document.ID]document.Status
	version int
	written [][]string
}

func (s *rowStore) Extras() batching.Extras { return batching.Extras{} }

func (s *rowStore) Load(_ context.Context, t *document.Type) (*document.Document, batching.Revision, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.load(t)
}

func (s *rowStore) load(t *document.Type) (*document.Document, batching.Revision, error) {
	if s.text == "" {
		return nil, "", fs.ErrNotExist
	}
	d, err := t.Parse([]byte(s.text))
	if err != nil {
		return nil, "", err
	}
	for id, status := range s.rows {
		if d, _, err = d.Apply(document.Force(id, status, "as stored")); err != nil {
			return nil, "", err
		}
	}
	return d, batching.Revision(strconv.Itoa(s.version)), nil
}

func (s *rowStore) Save(_ context.Context, save batching.Save) (batching.Revision, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if save.Base != batching.Revision(strconv.Itoa(s.version)) {
		d, revision, err := s.load(save.Document.Type())
		if err != nil {
			return "", err
		}
		return "", &batching.Conflict{Document: d, Revision: revision}
	}
	var ids []string
	for _, d := range save.Changed() {
		s.rows[d.ID] = d.To
		ids = append(ids, d.ID.Text())
	}
	s.written = append(s.written, ids)
	s.version++
	return batching.Revision(strconv.Itoa(s.version)), nil
}

// madStore reports a conflict whatever happens.
type madStore struct{ *rowStore }

func (s madStore) Save(ctx context.Context, save batching.Save) (batching.Revision, error) {
	save.Base = "none"
	return s.rowStore.Save(ctx, save)
}

func TestFlushEnds(t *testing.T) {
	store := madStore{&rowStore{text: plantest.Text(1, 1, 1), rows: map[document.ID]document.Status{}}}
	b := open(t, store)
	update(t, b, 1, plantest.Active)
	_, err := b.Flush(t.Context())
	var failure *batching.FlushError
	if !errors.As(err, &failure) || !errors.Is(err, batching.ErrConflict) || len(b.Pending()) != 1 {
		t.Errorf("error %v, pending %v", err, b.Pending())
	}
}

// TestOtherStore uses a store that is not a file: it sees the changed items,
// notices another writer by its revision, and needs neither recovery nor watch.
func TestOtherStore(t *testing.T) {
	store := &rowStore{text: plantest.Text(1, 1, 4), rows: map[document.ID]document.Status{}}
	one, two := open(t, store), open(t, store)
	update(t, one, 1, plantest.Active)
	update(t, one, 3, plantest.Active)
	update(t, one, 3, plantest.Done)
	flush(t, one)
	update(t, two, 2, plantest.Active)
	if stats := flush(t, two); stats.Rebased != 1 || stats.Attempts != 2 {
		t.Errorf("stats %+v", stats)
	}
	update(t, one, 4, plantest.Active)
	flush(t, one)
	want := [][]string{{"E1.S1.T1", "E1.S1.T3"}, {"E1.S1.T2"}, {"E1.S1.T4"}}
	if diff := cmp.Diff(want, store.written); diff != "" {
		t.Errorf("rows written (-want +got)\n%s", diff)
	}
	p, err := one.Refresh(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for task, want := range []plantest.Status{plantest.Active, plantest.Active, plantest.Done, plantest.Active} {
		wantStatus(t, p, plantest.TaskID(1, 1, task+1), want)
	}
	if err := one.Watch(t.Context(), nil); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("Watch: %v", err)
	}
	store.text = ""
	if _, err := batching.Open(t.Context(), plantest.Format(), store); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Open of nothing: %v", err)
	}
}
