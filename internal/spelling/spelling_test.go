package spelling_test

import (
	"strings"
	"testing"

	"github.com/backlog-gen/backlog-gen/internal/spelling"
)

func TestNearest(t *testing.T) {
	words := []string{"generate", "validate", "diff", "fmt"}
	for _, test := range []struct{ word, want string }{
		{"genrate", "generate"},
		{"VALIDATE", "validate"},
		{"dif", "diff"},
		{"dfif", "diff"},
		{"fnt", "fmt"},
		{"nonsense", ""},
		{"", ""},
		{strings.Repeat("diff", 100), ""},
	} {
		if got := spelling.Nearest(test.word, words); got != test.want {
			t.Errorf("nearest to %.20q is %q, want %q", test.word, got, test.want)
		}
	}
	for _, test := range []struct {
		word, candidate string
		like            bool
	}{
		{"z", "c", false}, {"", "c", false},
		{"C", "c", true}, {"c", "cs", true}, {"cs", "c", true}, {"dc", "cd", true}, {"ab", "cd", false}, {"ad", "id", true},
	} {
		if got := spelling.Nearest(test.word, []string{test.candidate}) == test.candidate; got != test.like {
			t.Errorf("%q is like %q: %t", test.word, test.candidate, got)
		}
	}
	if got := spelling.Nearest("diff", nil); got != "" {
		t.Errorf("nearest of nothing is %q", got)
	}
}
