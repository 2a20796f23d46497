package filestore

import (
	"fmt"
	"io/fs"
	"time"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/internal/atomicfile"
)

// settling is how long the times of a file must have been past for a later
// change to show in them: the coarsest file systems count in steps of two
// seconds.
const settling = 2*time.Second + 500*time.Millisecond

// A file that a flush has just replaced is not settled, and so the next flush
// compares it by content once more, however late that is. That cannot be spared:
// a program that writes in place right after our look, within one step of the
// file system's clock and without a change of size, leaves no other trace, and
// to look again later tells nothing about that step. Waiting the step out would
// delay every flush, and a time set back on purpose would not be the time at
// which the file was written. Refresh does settle it: it compares once when the
// time has passed, and the flush after it compares nothing.

// stamp is what a file's attributes tell about its content. It is the Revision
// of a file.
type stamp struct {
	size int64
	// inode is the number of the file, 0 where there is none: what is put in
	// its place has another.
	inode uint64
	// modified and changed are the file's times, seen is when we looked, all in
	// Unix nanoseconds.
	modified, changed, seen int64
}

func (s *Store) stamp(info fs.FileInfo) stamp {
	return stamp{
		size:     info.Size(),
		inode:    atomicfile.Inode(info),
		modified: info.ModTime().UnixNano(),
		changed:  atomicfile.ChangeTime(info).UnixNano(),
		seen:     s.now().UnixNano(),
	}
}

// matches reports whether a file has these attributes. If not, it has perhaps
// been changed; if so, it has not if they were settled.
func (s stamp) matches(info fs.FileInfo) bool {
	return s.size == info.Size() && s.inode == atomicfile.Inode(info) && s.modified == info.ModTime().UnixNano() &&
		s.changed == atomicfile.ChangeTime(info).UnixNano()
}

// settled reports whether every change after we looked shows in the attributes.
func (s stamp) settled() bool {
	return s.seen-max(s.modified, s.changed) > int64(settling)
}

func (s stamp) revision() batching.Revision {
	return batching.Revision(fmt.Sprintf("%x-%x-%x-%x-%x", s.size, s.inode, s.modified, s.changed, s.seen))
}

// parseRevision returns a stamp that matches no file if the revision is not one
// of ours.
func parseRevision(r batching.Revision) stamp {
	var s stamp
	if _, err := fmt.Sscanf(string(r), "%x-%x-%x-%x-%x", &s.size, &s.inode, &s.modified, &s.changed, &s.seen); err != nil {
		return stamp{size: -1}
	}
	return s
}
