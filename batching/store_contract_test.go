package batching_test

import (
	"context"
	"fmt"
	"syscall"
	"testing"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

// replayingStore checks of every Save that the groups lead from what is stored
// to the document, and keeps how many there were.
type replayingStore struct {
	*filestore.Store
	t      *testing.T
	groups []int
	// after is given what Save returns, with its number from 1.
	after func(n int, err error) error
}

func (s *replayingStore) Save(ctx context.Context, save batching.Save) (batching.Revision, error) {
	s.groups = append(s.groups, len(save.Groups))
	d := save.Stored
	for _, g := range save.Groups {
		next, applied, err := d.Apply(g.Changes...)
		if err != nil || applied.Updates != g.Updates {
			s.t.Errorf("save %d: a group of %d updates does %d: %v", len(s.groups), g.Updates, applied.Updates, err)
			break
		}
		d = next
	}
	if got, want := string(d.AppendJSON(nil)), string(save.Document.AppendJSON(nil)); got != want {
		s.t.Errorf("save %d: the groups lead to\n%s\nnot to\n%s", len(s.groups), got, want)
	}
	revision, err := s.Store.Save(ctx, save)
	if s.after != nil {
		err = s.after(len(s.groups), err)
	}
	return revision, err
}

// TestSaveHasTheGroups flushes, is not durable, flushes again with more, and
// meets another writer.
func TestSaveHasTheGroups(t *testing.T) {
	name := newFile(t, 1, 1, 6)
	store := &replayingStore{Store: filestore.New(name), t: t}
	store.after = func(n int, err error) error {
		if (n == 2 || n == 3) && err == nil {
			return fmt.Errorf("%w: %w", batching.ErrNotDurable, syscall.EIO)
		}
		return err
	}
	b := open(t, store)
	update(t, b, 1, plantest.Active)
	update(t, b, 1, plantest.Done)
	flush(t, b)
	update(t, b, 2, plantest.Active)
	if _, err := b.Flush(t.Context()); err == nil {
		t.Fatal("no error")
	}
	if _, err := b.Flush(t.Context()); err == nil { // nothing new, yet to be made durable
		t.Fatal("no error")
	}
	update(t, b, 3, plantest.Active)
	flush(t, b)
	update(t, b, 4, plantest.Active)
	update(t, b, 5, plantest.Active)
	rewrite(t, name, plantest.TaskID(1, 1, 5), plantest.Done, true)
	if _, err := b.Flush(t.Context()); err == nil { // one of the two is illegal now
		t.Fatal("no error")
	}
	want := []int{2, 1, 0, 1, 2, 1}
	if fmt.Sprint(store.groups) != fmt.Sprint(want) {
		t.Errorf("groups %v, want %v", store.groups, want)
	}
}

// refreshingStore brings documents up to date by what it knows has changed.
type refreshingStore struct {
	*rowStore
	loads, refreshes int
}

func (s *refreshingStore) Extras() batching.Extras { return batching.Extras{Refresher: s} }

func (s *refreshingStore) Load(ctx context.Context, t *document.Type) (*document.Document, batching.Revision, error) {
	s.loads++
	return s.rowStore.Load(ctx, t)
}

func (s *refreshingStore) Refresh(_ context.Context, d *document.Document, base batching.Revision) (*document.Document, batching.Revision, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refreshes++
	now := batching.Revision(fmt.Sprint(s.version))
	if base == now {
		return d, base, nil
	}
	for id, status := range s.rows {
		var err error
		if d, _, err = d.Apply(document.Force(id, status, "as stored")); err != nil {
			return nil, "", err
		}
	}
	return d, now, nil
}

func TestRefresherIsAskedInPlaceOfLoad(t *testing.T) {
	store := &refreshingStore{rowStore: &rowStore{text: plantest.Text(1, 1, 3), rows: map[document.ID]document.Status{}}}
	b := open(t, store)
	other := open(t, store.rowStore)
	update(t, other, 1, plantest.Active)
	flush(t, other)
	update(t, b, 2, plantest.Active)
	for range 2 { // the second time nothing is new
		p, err := b.Refresh(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		wantStatus(t, p, plantest.TaskID(1, 1, 1), plantest.Active)
		wantStatus(t, p, plantest.TaskID(1, 1, 2), plantest.Active)
	}
	flush(t, b)
	if store.loads != 1 || store.refreshes != 2 {
		t.Errorf("%d loads, %d refreshes", store.loads, store.refreshes)
	}
}
