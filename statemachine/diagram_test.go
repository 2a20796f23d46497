package statemachine_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// hostile is a machine whose names mean something to Mermaid and Graphviz.
func hostile() definition {
	return definition{
		Name: `say "hi"`, Initial: 2,
		States:      []status{3, 2},
		StateNames:  []string{"", "", `in-progress: "50%" <b>`, `end\N & on; #1`},
		EventNames:  []string{"", `a --> b`},
		Transitions: []transition{{1, []status{2, 3}, 3}},
	}
}

func TestMermaid(t *testing.T) {
	want := `stateDiagram-v2
    state "end#92;N #38; on#59; #35;1" as s3
    state "in-progress#58; #34;50#37;#34; #60;b#62;" as s2
    [*] --> s2
    s2 --> s3 : a --#62; b
    s3 --> s3 : a --#62; b
`
	if diff := cmp.Diff(want, mustNew(t, hostile()).Mermaid()); diff != "" {
		t.Error(diff)
	}
}

func TestDOT(t *testing.T) {
	want := `digraph "say \"hi\"" {
    node [shape=box, style=rounded];
    initial [shape=point];
    s3 [label="end\\N &amp; on; #1"];
    s2 [label="in-progress: \"50%\" <b>"];
    initial -> s2;
    s2 -> s3 [label="a --> b"];
    s3 -> s3 [label="a --> b"];
}
`
	if diff := cmp.Diff(want, mustNew(t, hostile()).DOT()); diff != "" {
		t.Error(diff)
	}
}

func TestDiagramsAreCompleteAndStable(t *testing.T) {
	d := reference()
	hops := 0
	for _, tr := range d.Transitions {
		hops += len(tr.From)
	}
	m, again := mustNew(t, d), mustNew(t, d)
	for name, diagram := range map[string][2]string{
		"Mermaid": {m.Mermaid(), again.Mermaid()},
		"DOT":     {m.DOT(), again.DOT()},
	} {
		if diagram[0] != diagram[1] {
			t.Errorf("%s differs between two equal machines:\n%s", name, cmp.Diff(diagram[0], diagram[1]))
		}
		// One arrow per hop and one to the initial state.
		arrow := map[string]string{"Mermaid": "-->", "DOT": "->"}[name]
		if got := strings.Count(diagram[0], arrow); got != hops+1 {
			t.Errorf("%s has %d arrows, want %d", name, got, hops+1)
		}
	}
}
