//go:build !crash || !linux

package filestore_test

// crashRoles are those of the tests with real faults.
var crashRoles map[string]func(name string, number int) error
