// Package atomicfile replaces a file so that at every instant one whole version
// of it is on disk, and so that the new version survives a power cut once
// [Replace] has returned nil.
//
// [Stage] and [Staged.Commit] are its two halves, for who has to look once more
// in between. Advisory locks are taken by [WaitLock], [TryLock] and [OpenLocked].
//
// Everything goes through the small interface [FS], so that a file system that
// fails on purpose can stand below it; [OS] is the real one.
//
// A replaced file is a new file: hard links to the old one keep the old content.
// Owner, group, mode, ACL and extended attributes are kept as far as the process
// may, and nobody may do more with the new file than with the old one.
package atomicfile
