//go:build !unix

package atomicfile

import "io/fs"

// owner returns whose a file is, if the file system says so.
func owner(fs.FileInfo) (uid, gid int, ok bool) { return 0, 0, false }

// Links returns how many names a file has, as far as the file system says so.
func Links(fs.FileInfo) uint64 { return 1 }

// Inode returns the number of a file, 0 where the file system says none.
func Inode(fs.FileInfo) uint64 { return 0 }
