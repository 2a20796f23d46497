package faultfs

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/backlog-gen/backlog-gen/internal/atomicfile"
)

// FS is a file system in memory. It is safe for concurrent use.
type FS struct {
	mu   sync.Mutex
	dirs map[string]*directory
	// count, trace and fired describe the operations since the last Plant.
	count int
	trace []string
	fired string
	fault Fault
	// stopped makes every operation fail. boot is the number of restarts:
	// what was opened before one is dead.
	stopped bool
	boot    int
	locks   map[*inode]bool
	// full makes writes fail that need space.
	full bool
	// resynced counts syncs of files whose sync had failed before.
	resynced int
	// Clock stands for the time of the machine; time.Now if nil.
	Clock func() time.Time
}

var _ atomicfile.FS = (*FS)(nil)

// directory holds the names that are seen and those that are durable.
type directory struct {
	names, durable map[string]*inode
	// synced is set when the directory's own name is durable.
	synced bool
}

// inode is a file or a symbolic link.
type inode struct {
	// data is what is seen, durable what survives a power cut. lost holds the
	// pages that were dropped by a failed sync: they count as clean, so that
	// no sync makes them durable.
	data, durable []byte
	// shared is set while data is the same slice as durable.
	shared   bool
	lost     map[int]bool
	failed   bool
	mode     fs.FileMode
	modified time.Time
	link     string
}

// New returns a file system with the given directories, durable.
func New(dirs ...string) *FS {
	f := &FS{dirs: map[string]*directory{}, locks: map[*inode]bool{}}
	for _, name := range append([]string{"/"}, dirs...) {
		f.dirs[name] = &directory{names: map[string]*inode{}, durable: map[string]*inode{}, synced: true}
	}
	return f
}

// Plant arranges a fault and starts counting operations anew.
func (f *FS) Plant(fault Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fault, f.count, f.fired, f.trace = fault, 0, "", nil
}

// Fired returns which operation the fault has hit, or "".
func (f *FS) Fired() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.fired
}

// Trace returns the operations since the last Plant.
func (f *FS) Trace() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.trace
}

// Resynced returns how often a file was synced again after its sync had failed.
func (f *FS) Resynced() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.resynced
}

// SetFull makes the disk full, or not: files can be made and overwritten, but
// not grow.
func (f *FS) SetFull(full bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.full = full
}

// Names returns what is in a directory, in order, without counting as an
// operation.
func (f *FS) Names(dir string) []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Sorted(maps.Keys(f.dirs[filepath.Clean(dir)].names))
}

// Put writes a file, durable, without counting as an operation: it stands for
// another program.
func (f *FS) Put(name string, data []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	d, base := f.split(name)
	n := &inode{data: clone(data), mode: 0o644, modified: f.now()}
	n.durable, n.shared = n.data, true
	d.names[base], d.durable[base] = n, n
}

// PutLink makes a durable symbolic link, as another program would.
func (f *FS) PutLink(name, to string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	d, base := f.split(name)
	n := &inode{link: to, mode: fs.ModeSymlink | 0o777, modified: f.now()}
	d.names[base], d.durable[base] = n, n
}

// Overwrite changes a file in place, as another program would.
func (f *FS) Overwrite(name string, data []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	d, base := f.split(name)
	n := d.names[base]
	n.data, n.shared, n.modified = clone(data), false, f.now()
}

// Get returns what a file holds now, without counting as an operation.
func (f *FS) Get(name string) ([]byte, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	d, base := f.split(name)
	if d == nil || d.names[base] == nil {
		return nil, false
	}
	return clone(d.names[base].data), true
}

// Delete removes a file, as another program would.
func (f *FS) Delete(name string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	d, base := f.split(name)
	delete(d.names, base)
	delete(d.durable, base)
}

// Kill ends the process: what was opened is dead, locks are free, everything
// that was written is there. The fault is gone.
func (f *FS) Kill() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.restart()
}

// Cut says what a power cut leaves of what was not synced.
type Cut uint8

const (
	// DropAll leaves nothing of it.
	DropAll Cut = iota
	// KeepNames leaves the names as they were, over files without their data:
	// what journals do that write names first.
	KeepNames
	// KeepHalf leaves the names, and half of each file that was not synced.
	KeepHalf
)

// Cuts returns all kinds of power cut.
func Cuts() []Cut { return []Cut{DropAll, KeepNames, KeepHalf} }

// PowerCut ends the machine: what was not synced is gone, but for what cut
// leaves of it.
func (f *FS) PowerCut(cut Cut) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for name, d := range f.dirs {
		if !d.synced && cut == DropAll {
			delete(f.dirs, name)
			continue
		}
		if cut == DropAll {
			d.names = maps.Clone(d.durable)
		}
		d.durable, d.synced = maps.Clone(d.names), true
		for _, n := range d.names {
			if cut == KeepHalf && string(n.data) != string(n.durable) {
				n.durable = clone(n.data[:len(n.data)/2])
			}
			n.data, n.shared = n.durable, true
			n.lost, n.failed = nil, false
		}
	}
	f.restart()
}

func (f *FS) restart() {
	f.stopped, f.fault = false, Fault{}
	f.boot++
	f.locks = map[*inode]bool{}
}

func (f *FS) now() time.Time {
	if f.Clock != nil {
		return f.Clock()
	}
	return time.Now()
}

// split returns the directory of a file, nil if there is none, and the name
// in it.
func (f *FS) split(name string) (*directory, string) {
	name = filepath.Clean(name)
	return f.dirs[filepath.Dir(name)], filepath.Base(name)
}

func pathError(op, name string, err error) error {
	return &fs.PathError{Op: op, Path: name, Err: err}
}

func clone(b []byte) []byte { return append([]byte{}, b...) }

// OpenFile opens a file with the flags of os.OpenFile.
func (f *FS) OpenFile(name string, flag int, perm fs.FileMode) (atomicfile.File, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	v := f.operation("open " + kind(name))
	if v.skip || v.half {
		return nil, pathError("open", name, v.err)
	}
	n, err := f.open(name, flag, perm)
	if err == nil {
		err = v.err
	}
	if err != nil {
		return nil, pathError("open", name, err)
	}
	return &file{fs: f, inode: n, name: name, boot: f.boot}, nil
}

func (f *FS) open(name string, flag int, perm fs.FileMode) (*inode, error) {
	d, base := f.split(name)
	if d == nil {
		return nil, syscall.ENOENT
	}
	n := d.names[base]
	switch {
	case n == nil && flag&os.O_CREATE == 0:
		return nil, syscall.ENOENT
	case n != nil && flag&os.O_EXCL != 0:
		return nil, syscall.EEXIST
	case n == nil:
		n = &inode{mode: perm.Perm(), modified: f.now()}
		d.names[base] = n
	}
	if flag&os.O_TRUNC != 0 {
		n.data, n.shared, n.modified = nil, false, f.now()
	}
	return n, nil
}
