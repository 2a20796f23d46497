package session_test

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/batching/session"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/generated/backlog"
	"github.com/backlog-gen/backlog-gen/internal/storetest"
)

// TestBacklogStoreKeepsAbilities: what a file store can do, the store of a
// session's backlog can.
func TestBacklogStoreKeepsAbilities(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tasks.json")
	storetest.KeepsExtras(t, session.NewBacklogStore(path), filestore.New(path))
}

// TestBacklogStoreLeases runs what every store of leases has to do.
func TestBacklogStoreLeases(t *testing.T) {
	storetest.Leases(t, func(t testing.TB, d *document.Document) storetest.LeaseFixture {
		path := filepath.Join(t.TempDir(), "tasks.json")
		if err := filestore.Create(t.Context(), path, d); err != nil {
			t.Fatal(err)
		}
		return storetest.LeaseFixture{
			Open: func(testing.TB) batching.Store { return session.NewBacklogStore(path) },
			Pass: func(d time.Duration) { agedLeases(t, path, d) },
		}
	})
}

// agedLeases makes the leases on a file older than they are.
func agedLeases(t testing.TB, path string, d time.Duration) {
	dir, base := filepath.Split(path)
	name := filepath.Join(dir, "."+base+".leases")
	data, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	var file map[string]any
	if err == nil {
		err = json.Unmarshal(data, &file)
	}
	leases, _ := file["leases"].([]any)
	for _, l := range leases {
		lease := l.(map[string]any)
		expires, _ := time.Parse(time.RFC3339Nano, lease["expires"].(string))
		lease["expires"] = expires.Add(-d)
	}
	if err == nil {
		data, err = json.Marshal(file)
	}
	if err == nil {
		err = os.WriteFile(name, data, 0o644)
	}
	if err != nil {
		t.Error(err)
	}
}

// TestClaimsInASession has a worker of a session claim an item, and one of
// another program find it taken.
func TestClaimsInASession(t *testing.T) {
	p := newProject(t)
	one := p.init()
	if err := one.Save(t.Context(), parse(t, tasksText)); err != nil {
		t.Fatal(err)
	}
	claims, err := one.Batcher().Claim(t.Context(), "one", 1, time.Hour)
	if err != nil || len(claims) != 1 {
		t.Fatalf("claimed %v, %v", claims, err)
	}
	two := p.init()
	wantStatus(t, two.Backlog(), claims[0].ID, backlog.StatusImplementing)
	others, err := two.Batcher().Claim(t.Context(), "two", 9, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range others {
		if c.ID == claims[0].ID {
			t.Errorf("%s is handed out twice", c.ID)
		}
	}
	leases, err := two.Batcher().Leases(t.Context())
	if err != nil || len(leases) != 1+len(others) {
		t.Errorf("leases %v, %v", leases, err)
	}
}

// loads is a store that counts how often the whole document is loaded.
type loads struct {
	batching.Store
	n int
}

func (s *loads) Load(ctx context.Context, t *document.Type) (*document.Document, batching.Revision, error) {
	s.n++
	return s.Store.Load(ctx, t)
}

// TestRefreshOfASession loads an unchanged file no second time, also one that is
// not there yet.
func TestRefreshOfASession(t *testing.T) {
	p := newProject(t)
	store := &loads{}
	s := p.init(session.WithStore(func(below batching.Store) batching.Store {
		store.Store = below
		return store
	}))
	for _, text := range []string{"", tasksText} {
		if text != "" {
			if err := s.Save(t.Context(), parse(t, text)); err != nil {
				t.Fatal(err)
			}
		}
		before := s.Backlog()
		for range 2 {
			now, err := s.Batcher().Refresh(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if now != before {
				t.Error("a refresh without news gives another document")
			}
		}
	}
	if store.n != 1 {
		t.Errorf("the document is loaded %d times, want once, at the start", store.n)
	}
}
