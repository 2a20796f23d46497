package engine_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/engine"
	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/statemachine"
)

func TestTypesOfGeneratedPackages(t *testing.T) {
	type color uint8
	type event uint8
	got := engine.MachineOf(statemachine.Definition[color, event]{
		Name: "m", Initial: 1, States: []color{1, 2}, StateNames: []string{"", "a", "b"}, EventNames: []string{"", "go"},
		Transitions: []statemachine.Transition[color, event]{{Event: 1, From: []color{1}, To: 2}},
	})
	want := format.Machine{
		Name: "m", Initial: 1, States: []format.Status{1, 2},
		Transitions: []format.Transition{{Event: 1, From: []format.Status{1}, To: 2}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	doubled := slices.Collect(engine.Map(slices.Values([]int{1, 2, 3}), func(n int) int { return 2 * n }))
	if diff := cmp.Diff([]int{2, 4, 6}, doubled); diff != "" {
		t.Error(diff)
	}
	for range engine.Map(slices.Values([]int{1, 2}), func(n int) int { return n }) {
		break
	}
	if p := engine.Optional(5, true); p == nil || *p != 5 || engine.Optional(5, false) != nil {
		t.Error("Optional is not a pointer where there is something")
	}
}

func TestNames(t *testing.T) {
	type color uint8
	names := engine.Names[color]{Type: "Color", Of: []format.EnumValue{{}, {Name: "red", Aliases: []string{"RED"}}, {Name: "green", Aliases: []string{"red"}}}}
	if diff := cmp.Diff([]color{1, 2}, names.Values()); diff != "" {
		t.Error(diff)
	}
	for text, want := range map[string]color{"red": 1, "RED": 1, "green": 2} {
		if got, err := names.Parse(text); got != want || err != nil {
			t.Errorf("%q is %d, %v", text, got, err)
		}
	}
	into := color(2)
	var wrong *document.NameError
	if err := names.Unmarshal([]byte(""), &into); !errors.As(err, &wrong) || into != 2 || err.Error() != `"" is no Color: want red, green` {
		t.Errorf("got %d, %v", into, err)
	}
	if err := names.Unmarshal([]byte("RED"), &into); err != nil || into != 1 {
		t.Errorf("got %d, %v", into, err)
	}
	if text, err := names.Marshal(2); string(text) != "green" || err != nil {
		t.Errorf("got %q, %v", text, err)
	}
	for _, v := range []color{0, 3, 255} {
		if text, err := names.Marshal(v); !errors.As(err, &wrong) || text != nil || names.Text(v) == "" {
			t.Errorf("%d is written as %q, %v", v, text, err)
		}
	}
}
