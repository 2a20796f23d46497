// Package storetest checks that stores keep the promises of package batching:
// suites of tests that every store runs.
package storetest
