package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// ErrIrregular says that what stands under a name is no regular file.
var ErrIrregular = errors.New("not a regular file")

// OpenRegular opens a regular file for reading, and describes it. For anything
// else the error is an *fs.PathError that wraps ErrIrregular. It does not wait
// for the other end of a pipe.
func OpenRegular(fsys FS, name string) (File, fs.FileInfo, error) {
	f, err := fsys.OpenFile(name, os.O_RDONLY|doNotWait, 0)
	if err != nil {
		return nil, nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = irregular("open", name, info.Mode())
	}
	if err != nil {
		return nil, nil, errors.Join(err, f.Close())
	}
	return f, info, nil
}

// irregular returns the error about something that is no regular file.
func irregular(op, name string, mode fs.FileMode) error {
	what := "something else"
	switch {
	case mode.IsDir():
		what = "a directory"
	case mode&fs.ModeNamedPipe != 0:
		what = "a pipe"
	case mode&fs.ModeDevice != 0:
		what = "a device"
	case mode&fs.ModeSocket != 0:
		what = "a socket"
	}
	return &fs.PathError{Op: op, Path: name, Err: fmt.Errorf("this is %s, %w", what, ErrIrregular)}
}
