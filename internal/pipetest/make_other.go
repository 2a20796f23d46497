//go:build !unix

package pipetest

import "errors"

// Make returns an error: there are no named pipes in directories.
func Make(string) error { return errors.ErrUnsupported }
