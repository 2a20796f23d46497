//go:build !unix

package atomicfile

// doNotWait is nothing where pipes have no names in the file system.
const doNotWait = 0
