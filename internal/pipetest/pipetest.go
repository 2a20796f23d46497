// Package pipetest makes named pipes, which wait for whoever opens them, for tests
// of what must not wait.
package pipetest
