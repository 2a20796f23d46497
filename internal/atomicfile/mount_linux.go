package atomicfile

import (
	"path/filepath"

	"golang.org/x/sys/unix"
)

// IsMountPoint reports whether a file has been mounted by itself, as containers
// do with single files. Such a file cannot be replaced. It says no where the
// system does not tell.
func (OS) IsMountPoint(name string) bool {
	file, ok := mountOf(name)
	if !ok {
		return false
	}
	dir, ok := mountOf(filepath.Dir(name))
	return ok && file != dir
}

// mountOf returns which mount a file lies in, as Linux tells from 5.8 on.
func mountOf(name string) (uint64, bool) {
	var stat unix.Statx_t
	err := unix.Statx(unix.AT_FDCWD, name, unix.AT_SYMLINK_NOFOLLOW, unix.STATX_MNT_ID, &stat)
	return stat.Mnt_id, err == nil && stat.Mask&unix.STATX_MNT_ID != 0
}
