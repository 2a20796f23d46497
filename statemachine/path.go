package statemachine

import "slices"

// shortestPaths returns the shortest path between every two states, indexed by
// source and destination.
func shortestPaths[S, E ~uint8](states []S, legal [][]Step[S, E]) [][][]Step[S, E] {
	paths := make([][][]Step[S, E], len(legal))
	for _, from := range states {
		paths[from] = shortestPathsFrom(from, legal)
	}
	return paths
}

// shortestPathsFrom searches breadth first. States are found in the order of
// their paths, and steps are tried in schema order, so the first path that
// reaches a state is the one that wins ties.
func shortestPathsFrom[S, E ~uint8](from S, legal [][]Step[S, E]) [][]Step[S, E] {
	paths := make([][]Step[S, E], len(legal))
	queue := []S{from}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		for _, step := range legal[at] {
			if step.To == from || paths[step.To] != nil {
				continue
			}
			paths[step.To] = slices.Clip(append(slices.Clone(paths[at]), step))
			queue = append(queue, step.To)
		}
	}
	return paths
}
