//go:build !linux

package atomicfile

import (
	"errors"
	"io/fs"
)

// Allocate is not supported.
func (f OSFile) Allocate(int64) error {
	return &fs.PathError{Op: "allocate", Path: f.Name(), Err: errors.ErrUnsupported}
}
