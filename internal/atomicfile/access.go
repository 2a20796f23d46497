package atomicfile

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"syscall"
)

// origin is a file whose owner, group, mode and attributes others are to have.
type origin struct {
	name       string
	info       fs.FileInfo
	attributes map[string][]byte
}

func readOrigin(fsys FS, name string) (origin, error) {
	info, err := fsys.Lstat(name)
	if err != nil {
		return origin{}, err
	}
	if !info.Mode().IsRegular() && !info.IsDir() {
		return origin{}, irregular("replace", name, info.Mode())
	}
	attributes, err := fsys.Attributes(name)
	return origin{name, info, attributes}, err
}

// perm returns the mode of a file that is like the origin: what a directory lets
// people list, they can read there.
func (o origin) perm() fs.FileMode {
	if o.info.IsDir() {
		return o.info.Mode().Perm() & 0o666
	}
	return o.info.Mode().Perm()
}

// NotKeptError says what of a file its replacement does not have. Nobody may do
// more with the new file than with the old one; some may do less.
type NotKeptError struct {
	Name string
	// What is "owner", "group" or the name of an attribute.
	What string
	Err  error
}

// Error says what is missing.
func (e *NotKeptError) Error() string {
	return fmt.Sprintf("the %s of %s is not kept: %v", e.What, e.Name, e.Err)
}

// Unwrap returns the cause.
func (e *NotKeptError) Unwrap() error { return e.Err }

// give gives a new file, which only its owner may open so far, owner, group, mode
// and attributes of the old one. What a process may not give is returned. Who
// may do what never widens by that: the bits of a group that is not kept do not
// go to another one, and what an ACL has refused stays refused without it.
func (o origin) give(f File) (notKept []error, err error) {
	missing := func(what string, cause error) {
		notKept = append(notKept, &NotKeptError{Name: o.name, What: what, Err: cause})
	}
	perm := o.perm()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	ownerErr, groupErr := o.giveOwner(f, info)
	if fatal(ownerErr) || fatal(groupErr) {
		return nil, errors.Join(ownerErr, groupErr)
	}
	if ownerErr != nil && perm>>6&^(perm>>3) != 0 {
		missing("owner", ownerErr)
	}
	if groupErr != nil {
		missing("group", groupErr)
		perm = withoutGroup(perm)
	}
	now, err := o.giveAttributes(f, info.Mode().Perm(), missing)
	if err != nil {
		return nil, err
	}
	return notKept, o.giveAccess(f, now, perm, ownerErr != nil, groupErr != nil, missing)
}

// fatal reports whether an error of Chown is more than that a file cannot be given
// to somebody here. It cannot where that is not allowed, where there are no owners,
// and where the system does not know them: in a user namespace, or on a server.
func fatal(err error) bool {
	return err != nil && !errors.Is(err, fs.ErrPermission) && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, syscall.EINVAL)
}

// giveOwner gives the file away, or at least to the group.
func (o origin) giveOwner(f File, info fs.FileInfo) (ownerErr, groupErr error) {
	uid, gid, _ := owner(info)
	oldUID, oldGID, ok := owner(o.info)
	if !ok || oldUID == uid && oldGID == gid {
		return nil, nil
	}
	err := f.Chown(oldUID, oldGID)
	if err == nil {
		return nil, nil
	}
	if oldUID != uid {
		ownerErr = err
	}
	if oldGID != gid {
		groupErr = f.Chown(-1, oldGID)
	}
	return ownerErr, groupErr
}

// withoutGroup returns the mode where another group takes the place of the old
// one. Members of the one and of the other may do what all of them could.
func withoutGroup(perm fs.FileMode) fs.FileMode {
	both := perm >> 3 & perm & 0o7
	return perm&0o700 | both<<3 | both
}

const (
	posixACL   = "system.posix_acl_access"
	nfsACL     = "system.nfs4_acl"
	windowsACL = "system.windows_acl" // which is no attribute there, but kept like one
	system     = "system."            // attributes that say who may do what
)

// giveAccess gives the file, whose mode is now, the mode and the ACL of the old
// one, or takes the ACL away that it got from its directory.
func (o origin) giveAccess(f File, now, perm fs.FileMode, otherOwner, otherGroup bool, missing func(string, error)) error {
	if value, ok := o.attributes[windowsACL]; ok {
		// Without it there would be nothing but what the directory says.
		if err := f.SetAttribute(windowsACL, value); err != nil {
			return err
		}
	}
	if value, ok := o.attributes[nfsACL]; ok {
		// It says more than we know of, and without it the file is its owner's
		// alone.
		if err := f.Chmod(perm & 0o700); err != nil {
			return err
		}
		if otherGroup {
			missing(nfsACL, errors.New("the file has another group now, which would get the rights of the old one"))
		} else if err := f.SetAttribute(nfsACL, value); err != nil {
			missing(nfsACL, err)
		}
		return nil
	}
	if value, ok := o.attributes[posixACL]; ok {
		entries, err := parseACL(value)
		if err == nil && otherGroup {
			entries = entries.withoutGroup()
		}
		if uid, _, ok := owner(o.info); err == nil && ok && otherOwner {
			entries = entries.withUser(uint32(uid))
		}
		if err == nil {
			err = f.SetAttribute(posixACL, entries.encode()) // which sets the mode, too
		}
		if err == nil {
			return nil
		}
		missing(posixACL, err)
		perm = o.perm() & entries.least()
		if otherGroup {
			perm = withoutGroup(perm)
		}
	}
	if err := f.RemoveAttribute(posixACL); err != nil {
		return err
	}
	if now == perm {
		return nil
	}
	return f.Chmod(perm)
}

// giveAttributes gives the attributes that have nothing to do with access. It
// returns the mode of the file, which was now: without the right to write, its
// owner may not set them.
func (o origin) giveAttributes(f File, now fs.FileMode, missing func(string, error)) (fs.FileMode, error) {
	var names []string
	for name := range o.attributes {
		if !strings.HasPrefix(name, system) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return now, nil
	}
	has, err := f.Attributes()
	if err != nil {
		return now, err
	}
	const write = 0o200
	if now&write == 0 {
		if err := f.Chmod(now | write); err != nil {
			return now, err
		}
		now |= write
	}
	slices.Sort(names)
	for _, name := range names {
		value := o.attributes[name]
		if there, ok := has[name]; ok && bytes.Equal(there, value) {
			continue
		}
		if err := f.SetAttribute(name, value); err != nil {
			missing(name, err)
		}
	}
	return now, nil
}

// KeepAccess gives an open, new file the owner, group, mode and ACL of another,
// so that the same people may use it. If there is no such file, it stays as it
// is.
func KeepAccess(fsys FS, f File, like string) error {
	from, err := readOrigin(fsys, like)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = from.access().give(f)
	return err
}

// access returns the origin without what has nothing to do with access.
func (o origin) access() origin {
	o.attributes = maps.Clone(o.attributes)
	maps.DeleteFunc(o.attributes, func(name string, _ []byte) bool { return !strings.HasPrefix(name, system) })
	return o
}
