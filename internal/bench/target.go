package main

import "slices"

// target is a figure to reach.
type target struct {
	what string
	// sizes that it holds for.
	sizes []string
	// peer that ours is compared with, "" for a figure of ours alone.
	peer string
	// figure takes from the results what is limited.
	figure func(ours, peer result) float64
	limit  float64
	// atLeast is whether the limit is the least and not the most.
	atLeast bool
	// text says the target in words.
	text string
	// later is whether the target is still to be reached: a run that misses it does
	// not fail.
	later bool
}

// targets are those of the design. What is still to come is stated, and fails
// nothing.
var targets = []target{
	{what: lookedName, sizes: []string{"1k"}, peer: mapName + withDuties, figure: speedup, limit: 2, atLeast: true, text: "≥ 2× faster"},
	{what: lookedName, sizes: []string{"10k"}, peer: mapName + withDuties, figure: speedup, limit: 3, atLeast: true, text: "≥ 3× faster"},
	{what: lookedName, sizes: largeSizes, peer: mapName + withDuties, figure: speedup, limit: 4, atLeast: true, text: "≥ 4× faster"},
	{what: lookedName, sizes: allSizes, peer: lockedName + withDuties, figure: slowdown, limit: 2.5, text: "≤ 2.5× the time", later: true},
	{what: updateName, sizes: []string{"100k"}, peer: scanName + withDuties, figure: speedup, limit: 2000, atLeast: true, text: "≥ 2,000× faster"},
	{what: updateName, sizes: largeSizes, figure: allocations, limit: 6, text: "≤ 6 allocations"},
	{what: updateName, sizes: []string{"100k", "100k-wide"}, figure: allocated, limit: 1024, text: "≤ 1 KB allocated"},
	{what: ownedName, sizes: parsedSizes, peer: plainName, figure: speedup, limit: 4, atLeast: true, text: "≥ 4× faster"},
	{what: ownedName, sizes: parsedSizes, peer: plainName, figure: speedup, limit: 5, atLeast: true, text: "≥ 5× faster", later: true},
	{what: flushName, sizes: allSizes[:4], peer: durableName, figure: slowdown, limit: 1.3, text: "≤ 1.3× the time", later: true},
	{what: firstName, sizes: allSizes, peer: secondName, figure: slowdown, limit: 10, text: "≤ 10× the time", later: true},
	{what: memoryName, sizes: allSizes, figure: own, limit: 2, text: "≤ 2× its bytes"},
	{what: besideTextName, sizes: allSizes, figure: own, limit: 120, text: "≤ 120 B a subtask", later: true},
	{what: startName, sizes: []string{warm}, peer: emptyName, figure: longer, limit: 20e6, text: "≤ 20 ms more"},
}

var (
	allSizes    = []string{"1k", "10k", "100k", "1M", "100k-wide"}
	largeSizes  = []string{"100k", "1M", "100k-wide"}
	parsedSizes = append(allSizes, "100k"+onOneLine, "100k"+inRandomOrder)
)

// bounds are for a short run on a machine that does other things, too: a cost that
// has doubled breaks them, noise does not. Updates are measured in turns, so that
// their medians can be compared; of the other times the best of each counts, which is
// the run that was disturbed least.
var bounds = []target{
	{what: lookedName, sizes: []string{"1k"}, peer: mapName + withDuties, figure: speedup, limit: 1.4, atLeast: true, text: "≥ 1.4× faster"},
	{what: lookedName, sizes: []string{"10k"}, peer: mapName + withDuties, figure: speedup, limit: 2.4, atLeast: true, text: "≥ 2.4× faster"},
	{what: updateName, sizes: []string{"1k", "10k"}, figure: allocations, limit: 5, text: "≤ 5 allocations"},
	{what: updateName, sizes: []string{"1k", "10k"}, figure: allocated, limit: 1024, text: "≤ 1 KB allocated"},
	{what: ownedName, sizes: []string{"1k", "10k"}, peer: plainName, figure: bestSpeedup, limit: 2.6, atLeast: true, text: "≥ 2.6× faster"},
	{what: memoryName, sizes: []string{"1k", "10k"}, figure: own, limit: 1.5, text: "≤ 1.5× its bytes"},
}

func own(ours, _ result) float64         { return ours.median() }
func allocations(ours, _ result) float64 { return ours.allocations }
func allocated(ours, _ result) float64   { return ours.allocated }
func speedup(ours, peer result) float64  { return peer.median() / ours.median() }
func slowdown(ours, peer result) float64 { return ours.median() / peer.median() }
func bestSpeedup(ours, peer result) float64 {
	return slices.Min(peer.runs) / slices.Min(ours.runs)
}
func longer(ours, peer result) float64 { return ours.median() - peer.median() }

// met reports whether the results reach the target.
func (t target) met(ours, peer result) bool {
	if t.atLeast {
		return t.figure(ours, peer) >= t.limit
	}
	return t.figure(ours, peer) <= t.limit
}

// find returns the result of a contender.
func find(results []result, what, size, contender string) (result, bool) {
	i := slices.IndexFunc(results, func(r result) bool {
		return r.what == what && r.size == size && r.contender == contender
	})
	if i < 0 {
		return result{}, false
	}
	return results[i], true
}
