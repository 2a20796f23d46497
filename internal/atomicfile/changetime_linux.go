package atomicfile

import (
	"io/fs"
	"syscall"
	"time"
)

// ChangeTime returns when a file or anything about it last changed. Unlike the
// modification time, no program can set it back.
func ChangeTime(info fs.FileInfo) time.Time {
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return time.Unix(st.Ctim.Unix())
	}
	return info.ModTime()
}
