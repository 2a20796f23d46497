package compatibility_test

import (
	"testing"

	"github.com/backlog-gen/backlog-gen/schema/compatibility"
	"github.com/google/go-cmp/cmp"
)

const unclaimed = `package: {name: notes, root: Notes}
document: {shapes: [{kind: array}]}
statuses: {open: {category: todo}, later: {category: todo}, busy: {category: active}, closed: {category: done}}
events: {start: , defer: , close: , reopen: }
machines:
  life:
    initial: open
    transitions:
      - {event: start, from: [open, later], to: busy}
      - {event: defer, from: [open, busy], to: later}
      - {event: close, from: [busy], to: closed}
      - {event: reopen, from: [closed], to: open}
levels:
  Note:
    id: {kind: text}
`

func TestChangedClaimsChangeTheWorkflow(t *testing.T) {
	const (
		one  = "    claim: {from: [open], to: busy}\n"
		two  = "    claim: {from: [open, later], to: busy}\n"
		same = "    claim: {to: busy, from: [later, open]}\n"
	)
	for _, test := range []struct{ name, old, new, want string }{
		{"none", "", "", ""},
		{"new", "", one, `workflow new:16: Notes can be claimed from "open" to "busy"`},
		{"gone", one, "", "workflow old:16: Notes cannot be claimed any more"},
		{"other", one, two, `workflow new:16: Notes are claimed from "later" or "open" to "busy", instead of from "open" to "busy"`},
		{"another order", two, same, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := listed(compatibility.Compare(parse(t, "old", unclaimed+test.old), parse(t, "new", unclaimed+test.new)))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("changes (-want +got):\n%s", diff)
			}
		})
	}
}
