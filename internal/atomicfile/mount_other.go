//go:build !linux

package atomicfile

// IsMountPoint says no: the system does not tell.
func (OS) IsMountPoint(string) bool { return false }
