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
}

var targets = []target{
	{what: updateName, sizes: []string{"1k", "10k", "100k", "100k-wide"}, figure: own, limit: 600, text: "≤ 600 ns"},
	{what: updateName, sizes: []string{"1M"}, figure: own, limit: 1200, text: "≤ 1.2 µs"},
	{what: updateName, sizes: []string{"100k", "1M", "100k-wide"}, figure: allocations, limit: 6, text: "≤ 6 allocations"},
	{what: updateName, sizes: []string{"100k", "100k-wide"}, figure: allocated, limit: 1024, text: "≤ 1 KB allocated"},
	{what: updateName, sizes: []string{"100k"}, peer: scanName + withDuties, figure: speedup, limit: 2000, atLeast: true, text: "≥ 2,000× faster"},
	{what: updateName, sizes: []string{"1M"}, peer: mapName + withDuties, figure: speedup, limit: 4, atLeast: true, text: "≥ 4× faster"},
	{what: updateName, sizes: []string{"1M"}, peer: listName + withDuties, figure: speedup, limit: 4, atLeast: true, text: "≥ 4× faster"},
	{what: parseName, sizes: parsedSizes, figure: speed, limit: 300e6, atLeast: true, text: "≥ 300 MB/s"},
	{what: ownedName, sizes: parsedSizes, figure: speed, limit: 300e6, atLeast: true, text: "≥ 300 MB/s"},
	{what: ownedName, sizes: parsedSizes, peer: plainName, figure: speedup, limit: 4, atLeast: true, text: "≥ 4× faster"},
	{what: forFlush, sizes: []string{"1M"}, figure: own, limit: 5e6, text: "≤ 5 ms"},
	{what: flushName, sizes: []string{"1M"}, peer: durableName, figure: slowdown, limit: 1.3, text: "≤ 1.3× the time"},
	{what: memoryName, sizes: []string{"1k", "10k", "100k", "1M", "100k-wide"}, figure: own, limit: 2, text: "≤ 2× its bytes"},
	{what: generateName, sizes: []string{warm}, figure: own, limit: 1e9, text: "≤ 1 s"},
}

var parsedSizes = []string{"1k", "10k", "100k", "1M", "100k-wide", "100k" + onOneLine, "100k" + inRandomOrder}

func own(ours, _ result) float64         { return ours.median() }
func speed(ours, _ result) float64       { return ours.speed() }
func allocations(ours, _ result) float64 { return ours.allocations }
func allocated(ours, _ result) float64   { return ours.allocated }
func speedup(ours, peer result) float64  { return peer.median() / ours.median() }
func slowdown(ours, peer result) float64 { return ours.median() / peer.median() }

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
