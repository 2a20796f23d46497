package pgstore_test

import (
	"errors"
	"testing"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/pgstore"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
	"github.com/backlog-gen/backlog-gen/internal/storetest"
)

// TestRecoveryKeepsAbilities: a store with recovery files can do what it can
// without them.
func TestRecoveryKeepsAbilities(t *testing.T) {
	s := pgstore.New(nil, "team/plan")
	recovering := s.WithRecovery(t.TempDir())
	storetest.KeepsExtras(t, recovering, s)
	if recovering.Extras().Recovery == nil {
		t.Error("no recovery")
	}
}

// TestOptionsThatMakeNoSense are refused by Open, before a server is asked.
func TestOptionsThatMakeNoSense(t *testing.T) {
	for name, opt := range map[string]pgstore.Option{
		"WithPollEvery": pgstore.WithPollEvery(0),
		"WithLogger":    pgstore.WithLogger(nil),
		"WithProgress":  pgstore.WithProgress(nil),
	} {
		s := pgstore.New(nil, "team/plan", opt)
		_, err := batching.Open(t.Context(), plantest.Format(), s)
		var refused *batching.OptionError
		if !errors.As(err, &refused) || refused.Option != name {
			t.Errorf("%s: %v", name, err)
		}
		if err := s.Watch(t.Context(), ""); !errors.As(err, &refused) {
			t.Errorf("%s: Watch: %v", name, err)
		}
	}
}
