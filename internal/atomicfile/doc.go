// Package atomicfile replaces a file so that at every instant one whole version
// of it is on disk, and so that the new version survives a power cut once
// [Replace] has returned nil.
//
// Everything goes through the small interface [FS], so that a file system that
// fails on purpose can stand below it; [OS] is the real one.
//
// A replaced file is a new file: mode and owner are kept as far as the process
// may, hard links to the old file and extended attributes are not.
package atomicfile
