// Package regularfile opens files of which a name is all that is known. What
// stands there may be a named pipe, which a plain open would wait for without an
// end, or a directory.
package regularfile

import (
	"errors"
	"io/fs"
	"os"
)

// ErrIrregular says that something is there which is no regular file.
var ErrIrregular = errors.New("not a regular file")

// Open opens a regular file, or one that symbolic links lead to, for reading.
// The error is an *fs.PathError; it wraps ErrIrregular if something else stands
// there, and says what. Open does not wait for the other end of a pipe.
func Open(name string) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_RDONLY|doNotWait, 0)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "open", Path: name, Err: irregular(info.Mode())}
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// irregularity is what stands in the place of a file.
type irregularity string

func (i irregularity) Error() string { return "this is " + string(i) + ", not a regular file" }

func (i irregularity) Is(target error) bool { return target == ErrIrregular }

func irregular(mode fs.FileMode) error {
	switch {
	case mode.IsDir():
		return irregularity("a directory")
	case mode&fs.ModeNamedPipe != 0:
		return irregularity("a pipe")
	case mode&fs.ModeDevice != 0:
		return irregularity("a device")
	}
	return ErrIrregular
}
