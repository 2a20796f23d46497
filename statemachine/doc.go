// Package statemachine decides which status may follow which.
//
// A [Machine] is built once from a [Definition] and is safe for concurrent use.
// Every verdict is asked of github.com/looplab/fsm; the package adds types,
// refusals that say what would have been legal, and shortest legal paths. It
// knows nothing of documents: guards are judged by whoever holds the items.
package statemachine
