//go:build crash && linux

package filestore_test

import (
	"syscall"
	"unsafe"
)

// ioctl does a device control whose argument is a number in memory.
func ioctl(fd, request uintptr, argument uint32) error {
	_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, fd, request, uintptr(unsafe.Pointer(&argument)))
	if errno != 0 {
		return errno
	}
	return nil
}
