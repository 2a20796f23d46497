// Package golang emits the Go package for a schema, one file for each concept.
//
// [Emit] first resolves all names into a plan; the emitters then only read it.
// Text from the schema reaches the output in two ways: as quoted literals, and
// as comments of which every line is prefixed here, so that no description can
// become code or a directive.
package golang
