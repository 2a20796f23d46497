package faultfs

import (
	"errors"
	"io"
	"io/fs"
	"slices"
	"syscall"
)

// pageSize is what a failed sync forgets at a time.
const pageSize = 4096

// file is an open file.
type file struct {
	fs     *FS
	inode  *inode
	name   string
	boot   int
	offset int
	closed bool
}

func (n *inode) info(name string) info {
	return info{name: name, size: int64(len(n.data)), mode: n.mode, modified: n.modified, inode: n}
}

// begin counts an operation on the file. The caller holds the lock.
func (f *file) begin(op string) verdict {
	if f.boot != f.fs.boot {
		return verdict{skip: true, err: ErrStopped}
	}
	if f.closed {
		return verdict{skip: true, err: fs.ErrClosed}
	}
	return f.fs.operation(op + " " + kind(f.name))
}

// Read reads on from where the last Read ended.
func (f *file) Read(p []byte) (int, error) {
	f.fs.mu.Lock()
	defer f.fs.mu.Unlock()
	if v := f.begin("read"); v.err != nil {
		return 0, pathError("read", f.name, v.err)
	}
	if f.offset >= len(f.inode.data) {
		return 0, io.EOF
	}
	n := copy(p, f.inode.data[f.offset:])
	f.offset += n
	return n, nil
}

// ReadAt reads at an offset.
func (f *file) ReadAt(p []byte, offset int64) (int, error) {
	f.fs.mu.Lock()
	defer f.fs.mu.Unlock()
	if v := f.begin("read"); v.err != nil {
		return 0, pathError("read", f.name, v.err)
	}
	n := 0
	if offset < int64(len(f.inode.data)) {
		n = copy(p, f.inode.data[offset:])
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// Write writes on from where the last Write ended.
func (f *file) Write(p []byte) (int, error) {
	f.fs.mu.Lock()
	defer f.fs.mu.Unlock()
	taken, n, err := f.write(p, f.offset)
	f.offset += taken
	return n, err
}

// WriteAt writes at an offset.
func (f *file) WriteAt(p []byte, offset int64) (int, error) {
	f.fs.mu.Lock()
	defer f.fs.mu.Unlock()
	_, n, err := f.write(p, int(offset))
	return n, err
}

// write returns how much of p the file has taken, and how much it says it has.
func (f *file) write(p []byte, offset int) (taken, said int, err error) {
	v := f.begin("write")
	if v.skip {
		return 0, 0, pathError("write", f.name, v.err)
	}
	taken = len(p)
	if v.half {
		taken = len(p) / 2
	}
	if room := max(len(f.inode.data)-offset, 0); f.fs.full && taken > room {
		f.put(p[:room], offset)
		return room, room, pathError("write", f.name, syscall.ENOSPC)
	}
	f.put(p[:taken], offset)
	switch {
	case v.lie:
		return taken, len(p), nil
	case v.err != nil:
		return taken, taken, pathError("write", f.name, v.err)
	}
	return taken, taken, nil
}

func (f *file) put(p []byte, offset int) {
	n := f.inode
	if n.shared {
		n.data, n.shared = clone(n.data), false
	}
	if grow := offset + len(p) - len(n.data); grow > 0 {
		size := len(n.data)
		n.data = slices.Grow(n.data, grow)[:size+grow]
		clear(n.data[size:])
	}
	copy(n.data[offset:], p)
	n.modified = f.fs.now()
	for page := offset / pageSize; page*pageSize < offset+len(p); page++ {
		delete(n.lost, page) // dirty again
	}
}

// Sync makes the content durable. If it fails by a fault, the pages that were
// not durable yet count as clean from then on and are not written by another
// Sync. That is what Linux does.
func (f *file) Sync() error {
	f.fs.mu.Lock()
	defer f.fs.mu.Unlock()
	v := f.begin("sync")
	n := f.inode
	if n.failed && !errors.Is(v.err, ErrStopped) {
		f.fs.resynced++
	}
	n.failed = n.failed || v.err != nil
	if v.skip || v.half && !v.lie {
		f.forget()
		return pathError("sync", f.name, v.err)
	}
	if len(n.lost) == 0 {
		n.durable, n.shared = n.data, true
	} else {
		n.durable = n.withoutLost()
	}
	if v.err != nil {
		return pathError("sync", f.name, v.err)
	}
	return nil
}

// withoutLost returns the content as the disk gets it when it has lost pages.
func (n *inode) withoutLost() []byte {
	durable := clone(n.data)
	for page := range n.lost {
		from, to := page*pageSize, min((page+1)*pageSize, len(durable))
		for i := from; i < to; i++ {
			durable[i] = 0
		}
		if from < len(n.durable) && from < to {
			copy(durable[from:to], n.durable[from:])
		}
	}
	return durable
}

// forget marks the pages that are not durable as lost.
func (f *file) forget() {
	n := f.inode
	if n.lost == nil {
		n.lost = map[int]bool{}
	}
	for from := 0; from < len(n.data); from += pageSize {
		to := min(from+pageSize, len(n.data))
		if to > len(n.durable) || string(n.data[from:to]) != string(n.durable[from:to]) {
			n.lost[from/pageSize] = true
		}
	}
}

// Close closes the file.
func (f *file) Close() error {
	f.fs.mu.Lock()
	defer f.fs.mu.Unlock()
	v := f.begin("close")
	f.closed = true
	if v.err != nil {
		return pathError("close", f.name, v.err)
	}
	return nil
}

// Stat describes the file.
func (f *file) Stat() (fs.FileInfo, error) {
	f.fs.mu.Lock()
	defer f.fs.mu.Unlock()
	if v := f.begin("stat"); v.err != nil {
		return nil, pathError("stat", f.name, v.err)
	}
	return f.inode.info(f.name), nil
}

// Allocate makes the file larger, unless the disk is full.
func (f *file) Allocate(size int64) error {
	f.fs.mu.Lock()
	defer f.fs.mu.Unlock()
	if v := f.begin("allocate"); v.err != nil {
		return pathError("allocate", f.name, v.err)
	}
	grow := int(size) - len(f.inode.data)
	if grow <= 0 {
		return nil
	}
	if f.fs.full {
		return pathError("allocate", f.name, syscall.ENOSPC)
	}
	f.put(make([]byte, grow), len(f.inode.data))
	return nil
}

// Chmod changes the permissions.
func (f *file) Chmod(mode fs.FileMode) error {
	f.fs.mu.Lock()
	defer f.fs.mu.Unlock()
	if v := f.begin("chmod"); v.err != nil {
		return pathError("chmod", f.name, v.err)
	}
	f.inode.mode = mode.Perm()
	return nil
}

// Chown is refused, as it is to most processes.
func (f *file) Chown(int, int) error {
	return pathError("chown", f.name, syscall.EPERM)
}

// Attributes lists none.
func (f *file) Attributes() (map[string][]byte, error) { return nil, nil }

// SetAttribute is refused, as by file systems that have none.
func (f *file) SetAttribute(string, []byte) error {
	return pathError("set attribute", f.name, syscall.ENOTSUP)
}

// RemoveAttribute has nothing to remove.
func (f *file) RemoveAttribute(string) error { return nil }
