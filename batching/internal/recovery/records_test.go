package recovery_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/batching/internal/recovery"
	"github.com/backlog-gen/backlog-gen/batching/store"
)

// TestPreserveAfterThePlaceIsGone removes the place of a record together with its
// directory: the error does not say that the record is still there.
func TestPreserveAfterThePlaceIsGone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "d")
	name := filepath.Join(dir, "plan.json")
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte("{}"), 0o666); err != nil {
		t.Fatal(err)
	}
	r := recovery.New(filestore.New(name), slog.New(slog.DiscardHandler))
	if at, err := r.Preserve([]byte("first")); err != nil || at == "" || !r.Holds() {
		t.Fatalf("preserved in %q, held: %v, error %v", at, r.Holds(), err)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Skip("what is open cannot be removed here:", err)
	}
	at, err := r.Preserve([]byte("second"))
	if err == nil || at != "" || r.Holds() || strings.Contains(err.Error(), "still holds") {
		t.Errorf("preserved in %q, held: %v, error %v", at, r.Holds(), err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}

// TestReservingIsInterrupted: a store that reserves space until it is told to stop
// keeps nobody from preserving, from asking what is preserved, nor from closing.
func TestReservingIsInterrupted(t *testing.T) {
	name := filepath.Join(t.TempDir(), "plan.json")
	if err := os.WriteFile(name, []byte("{}"), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name string
		do   func(*recovery.Records) error
	}{
		{"Preserve", func(r *recovery.Records) error {
			_, err := r.Preserve([]byte("record"))
			return err
		}},
		{"Holds", func(r *recovery.Records) error {
			if r.Holds() {
				return errors.New("nothing was preserved")
			}
			return nil
		}},
		{"Close", (*recovery.Records).Close},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := endlessStore{filestore.New(name), make(chan struct{})}
			var log strings.Builder
			r := recovery.New(s, slog.New(slog.NewTextHandler(&log, nil)))
			r.Reserve(t.Context(), 1)
			<-s.began
			if err := test.do(r); err != nil { // would hang here
				t.Error(err)
			}
			if err := r.Close(); err != nil {
				t.Error(err)
			}
			if log.Len() > 0 {
				t.Errorf("logged: %s", log.String())
			}
		})
	}
}

// endlessStore has places that reserve space without end.
type endlessStore struct {
	store.RecoveryStore
	began chan struct{}
}

func (s endlessStore) NewRecovery() store.Recovery {
	return endlessPlace{s.RecoveryStore.NewRecovery(), s.began}
}

type endlessPlace struct {
	store.Recovery
	began chan struct{}
}

func (p endlessPlace) Reserve(ctx context.Context, _ int64) error {
	close(p.began)
	<-ctx.Done()
	return ctx.Err()
}
