package atomicfile

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"io/fs"
	"slices"
)

// acl is a POSIX ACL as Linux keeps it in an extended attribute: a version of
// four bytes, and entries of a tag and permissions of two bytes each and an id
// of four. See acl(5).
type acl []aclEntry

type aclEntry struct {
	tag, perm uint16
	id        uint32
}

const (
	aclVersion = 2

	aclUserObj  = 0x01 // the owner
	aclUser     = 0x02 // a user by its id
	aclGroupObj = 0x04 // the group of the file
	aclGroup    = 0x08 // a group by its id
	aclMask     = 0x10 // what all but the owner and others may have at most
	aclOther    = 0x20
	aclNoID     = 0xffffffff
)

func parseACL(value []byte) (acl, error) {
	const header, size = 4, 8
	if len(value) < header || (len(value)-header)%size != 0 || binary.LittleEndian.Uint32(value) != aclVersion {
		return nil, fmt.Errorf("an ACL of an unknown form, of %d bytes", len(value))
	}
	var a acl
	for at := header; at < len(value); at += size {
		a = append(a, aclEntry{
			tag:  binary.LittleEndian.Uint16(value[at:]),
			perm: binary.LittleEndian.Uint16(value[at+2:]),
			id:   binary.LittleEndian.Uint32(value[at+4:]),
		})
	}
	return a, nil
}

func (a acl) encode() []byte {
	value := binary.LittleEndian.AppendUint32(nil, aclVersion)
	for _, e := range a {
		value = binary.LittleEndian.AppendUint16(value, e.tag)
		value = binary.LittleEndian.AppendUint16(value, e.perm)
		value = binary.LittleEndian.AppendUint32(value, e.id)
	}
	return value
}

// of returns what the entry of a tag allows, and whether there is one.
func (a acl) of(tag uint16) (uint16, bool) {
	for _, e := range a {
		if e.tag == tag {
			return e.perm, true
		}
	}
	return 0, false
}

// least returns the mode of a file without the ACL, by which nobody may do what
// the ACL has refused them: whoever has an entry falls under the bits of the
// group or of others without it.
func (a acl) least() fs.FileMode {
	user, ok := a.of(aclUserObj)
	if !ok { // it was not understood
		return 0o700
	}
	other, _ := a.of(aclOther)
	group, _ := a.of(aclGroupObj)
	mask, ok := a.of(aclMask)
	if !ok {
		mask = group
	}
	group &= mask
	for _, e := range a {
		if e.tag == aclUser || e.tag == aclGroup {
			group &= e.perm & mask
			other &= e.perm & mask
		}
	}
	return fs.FileMode(user&7)<<6 | fs.FileMode(group&7)<<3 | fs.FileMode(other&7)
}

// withoutGroup returns the ACL where another group takes the place of the old
// one. Members of the old one become others, and those of the new one may have an
// entry of their own: both may do what all of these could.
func (a acl) withoutGroup() acl {
	all, _ := a.of(aclOther)
	group, _ := a.of(aclGroupObj)
	if mask, ok := a.of(aclMask); ok {
		group &= mask
	}
	all &= group
	least := all
	for _, e := range a {
		if e.tag == aclGroup {
			least &= e.perm
		}
	}
	changed := slices.Clone(a)
	for i := range changed {
		switch changed[i].tag {
		case aclGroupObj:
			changed[i].perm = least
		case aclOther:
			changed[i].perm = all
		}
	}
	return changed
}

// withUser returns the ACL with an entry for one more user, who was the owner and
// may do as an entry what the owner could. The mask has room for that, and gives
// nobody else more.
func (a acl) withUser(id uint32) acl {
	owner, _ := a.of(aclUserObj)
	mask, masked := a.of(aclMask)
	if !masked {
		mask, _ = a.of(aclGroupObj)
	}
	var changed acl
	for _, e := range a {
		if e.tag == aclMask || e.tag == aclUser && e.id == id {
			continue
		}
		if e.tag == aclUser || e.tag == aclGroup || e.tag == aclGroupObj {
			e.perm &= mask
		}
		changed = append(changed, e)
	}
	changed = append(changed, aclEntry{aclUser, owner, id}, aclEntry{aclMask, mask | owner, aclNoID})
	slices.SortFunc(changed, func(a, b aclEntry) int { return cmp.Or(cmp.Compare(a.tag, b.tag), cmp.Compare(a.id, b.id)) })
	return changed
}
