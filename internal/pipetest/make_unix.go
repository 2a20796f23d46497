//go:build unix

package pipetest

import "syscall"

// Make makes a named pipe.
func Make(name string) error { return syscall.Mkfifo(name, 0o666) }
