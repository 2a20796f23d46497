package document_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
)

// withClaims returns the type of a descriptor in which items of the levels can
// be claimed.
func withClaims(t testing.TB, d format.Descriptor, c format.Claim, levels ...document.Level) *document.Type {
	t.Helper()
	for _, l := range levels {
		d.Levels[l].Claim = &c
	}
	typ, err := document.NewType(d)
	if err != nil {
		t.Fatal(err)
	}
	return typ
}

func TestClaimableAgainstRecomputation(t *testing.T) {
	plan := format.Claim{From: []document.Status{planned, failed}, To: implementing}
	tracker := format.Claim{From: []document.Status{1}, To: 2}
	types := []*document.Type{
		withClaims(t, planDescriptor(), plan, 3),
		withClaims(t, planDescriptor(), plan, 1, 3),
		withClaims(t, planDescriptor(), plan, 2),
		withClaims(t, trackerDescriptor(), tracker, 1),
		withClaims(t, trackerDescriptor(), tracker, 0, 1),
		planType(t),
	}
	found := 0
	for seed := range 300 {
		typ := types[seed%len(types)]
		d := &dice{data: randomBytes(uint64(seed), 400+seed*37%4000)}
		text := string(samplePlan(2, 2, 2, 3)) // random texts break the rules of a plan
		if typ.Descriptor().Name == "tracker" {
			text = randomText(d, typ.Descriptor())
		}
		doc := mustParse(t, typ, text)
		for range 30 {
			if to, _, err := doc.Apply(newChanger(d, doc).change()); err == nil {
				doc = to
			}
		}
		want := claimable(newNaive(doc))
		if diff := cmp.Diff(want, names(doc.Claimable(), itemID)); diff != "" {
			t.Fatalf("seed %d: claimable (-want +got):\n%s\n%s", seed, diff, doc.AppendJSON(nil))
		}
		found += len(want)
		for it := range doc.All() {
			if got := it.Claimable(); got != slices.Contains(want, it.ID().String()) {
				t.Errorf("seed %d: %s is claimable: %v", seed, it, got)
			}
			if c := typ.Descriptor().Levels[it.Level()].Claim; (c == nil) != (it.ClaimStatus() == 0) || c != nil && c.To != it.ClaimStatus() {
				t.Errorf("seed %d: the status of %s as taken work is %d", seed, it, it.ClaimStatus())
			}
		}
	}
	if found < 100 {
		t.Errorf("%d items found in all: the test shows little", found)
	}
	if types[5].Claims() || !types[0].Claims() {
		t.Error("Claims does not say which types have claims")
	}
	var none document.Item
	if none.Claimable() || none.ClaimStatus() != 0 {
		t.Error("the zero Item is claimable")
	}
}

func claimable(n *naive) []string {
	ids := []string{}
	for i, it := range n.items {
		c := n.doc.Type().Descriptor().Levels[it.Level()].Claim
		if c == nil || !slices.Contains(append(c.From, c.To), it.Status()) || len(slices.Collect(it.Children())) > 0 {
			continue
		}
		if !slices.ContainsFunc(n.waits[i], func(id document.ID) bool { return !n.settled(id) }) {
			ids = append(ids, it.ID().String())
		}
	}
	return ids
}

func TestClaimableStops(t *testing.T) {
	typ := withClaims(t, planDescriptor(), format.Claim{From: []document.Status{planned}, To: implementing}, 3)
	for range mustParse(t, typ, string(samplePlan(2, 2, 2, 2))).Claimable() {
		break
	}
}
