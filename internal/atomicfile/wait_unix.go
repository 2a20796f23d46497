//go:build unix

package atomicfile

import "syscall"

// doNotWait makes the opening of a pipe return though nobody writes to it.
const doNotWait = syscall.O_NONBLOCK
