package atomicfile

import (
	"errors"
	"io/fs"
	"syscall"
)

// Allocate is fallocate(2).
func (f OSFile) Allocate(size int64) error {
	raw, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var errno error
	err = raw.Control(func(fd uintptr) {
		for {
			errno = syscall.Fallocate(int(fd), 0, 0, size)
			if !errors.Is(errno, syscall.EINTR) {
				return
			}
		}
	})
	if err == nil {
		err = errno
	}
	if err != nil {
		return &fs.PathError{Op: "fallocate", Path: f.Name(), Err: err}
	}
	return nil
}
