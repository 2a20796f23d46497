package pgstore_test

import (
	"testing"

	"github.com/backlog-gen/backlog-gen/batching/pgstore"
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
