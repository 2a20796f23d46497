package joiner_test

import (
	"strings"
	"testing"

	"github.com/backlog-gen/backlog-gen/internal/joiner"
)

func TestBelongs(t *testing.T) {
	for name, tt := range map[string]struct {
		text string
		want bool
	}{
		"Persian":              {"می\u200Cخواهم", true},
		"Devanagari":           {"क्\u200Dष", true},
		"Sinhala":              {"ශ්\u200Dරී", true},
		"a profession":         {"👩\u200D🚀", true},
		"with a tone of skin":  {"👩🏽\u200D⚕️", true},
		"with a coloured sign": {"❤️\u200D🔥", true},
		"a nod":                {"🙂\u200D↔️", true},
		"Latin":                {"clo\u200Dse", false},
		"Latin, parted":        {"clo\u200Cse", false},
		"Cyrillic":             {"до\u200Cм", false},
		"at the start":         {"\u200Cمی", false},
		"at the end":           {"می\u200C", false},
		"before a space":       {"می\u200C خواهم", false},
		"between scripts":      {"می\u200Cx", false},
		"twice":                {"می\u200C\u200Cخواهم", false},
		"a sign that is alone": {"👩\u200D", false},
		"signs that are apart": {"👩\u200C🚀", false},
		"a sign and a letter":  {"👩\u200Dx", false},
		"digits":               {"1\u200D2", false},
	} {
		t.Run(name, func(t *testing.T) {
			at := strings.IndexFunc(tt.text, joiner.Is)
			if got := joiner.Belongs(tt.text, at); got != tt.want {
				t.Errorf("got %v", got)
			}
		})
	}
	if joiner.Belongs("ab", 0) {
		t.Error("a letter is taken for a joiner")
	}
}
