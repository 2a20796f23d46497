// Package regularfile opens files of which a name is all that is known. What
// stands there may be a named pipe, which a plain open would wait for without an
// end, or a directory.
package regularfile

import (
	"errors"
	"fmt"
	"io"
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

// Read returns the content of a file that Open opens. One of more than limit
// bytes is refused: with an *fs.PathError of a *SizeError, before anything is
// made for it.
func Read(name string, limit int64) ([]byte, error) {
	f, err := Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if size := info.Size(); size > limit {
		return nil, &fs.PathError{Op: "read", Path: name, Err: &SizeError{Size: size, Limit: limit}}
	}
	data, err := ReadAll(f, limit)
	if err != nil {
		return nil, &fs.PathError{Op: "read", Path: name, Err: err}
	}
	return data, nil
}

// ReadAll is io.ReadAll, but for more than limit bytes the error is a *SizeError.
// The size that the system tells of a file may be wrong, or out of date.
func ReadAll(r io.Reader, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = &SizeError{Size: int64(len(data)), Limit: limit}
	}
	if err != nil {
		return nil, err
	}
	return data, nil
}

// SizeError says that something is too large to be read.
type SizeError struct {
	// Size is how large it is, at least.
	Size, Limit int64
}

// Error says how large it may be.
func (e *SizeError) Error() string {
	return fmt.Sprintf("it has %d bytes or more, and at most %d can be read", e.Size, e.Limit)
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
