package compatibility

import (
	"testing"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/schema"
)

// TestMultiples says which multiples follow from which, as they are written.
func TestMultiples(t *testing.T) {
	for _, test := range []struct {
		old, now float64
		want     bool
	}{
		{4, 2, true}, {2, 4, false}, {3, 3, true}, {0.3, 0.1, true}, {0.1, 0.3, false}, {1, 0.1, true}, {1e22, 10, true}, {0.25, 0.1, false}, {1e300, 1e-300, true},
	} {
		old := []schema.Rule{{Kind: format.MultipleOf, Number: test.old}}
		if got := implied(schema.Rule{Kind: format.MultipleOf, Number: test.now}, old); got != test.want {
			t.Errorf("a multiple of %v is one of %v: %v, want %v", test.old, test.now, got, test.want)
		}
	}
}
