//go:build !linux

package atomicfile

import (
	"io/fs"
	"time"
)

// ChangeTime returns when a file last changed: its modification time, which is
// all that is known on this platform.
func ChangeTime(info fs.FileInfo) time.Time { return info.ModTime() }
