package atomicfile

import (
	"io/fs"
	"math/rand/v2"
	"testing"
)

// allowed says what a user may do with a file, as the system decides: see acl(5).
func allowed(a acl, owner, group, uid uint32, gids ...uint32) uint16 {
	in := func(gid uint32) bool {
		for _, g := range gids {
			if g == gid {
				return true
			}
		}
		return false
	}
	mask := uint16(7)
	if m, ok := a.of(aclMask); ok {
		mask = m
	}
	if uid == owner {
		perm, _ := a.of(aclUserObj)
		return perm
	}
	member, perms := false, uint16(0)
	for _, e := range a {
		switch {
		case e.tag == aclUser && e.id == uid:
			return e.perm & mask
		case e.tag == aclGroupObj && in(group), e.tag == aclGroup && in(e.id):
			member, perms = true, perms|e.perm&mask
		}
	}
	if member {
		return perms
	}
	other, _ := a.of(aclOther)
	return other
}

// mode is an ACL that says no more than a mode.
func mode(perm fs.FileMode) acl {
	return acl{{aclUserObj, uint16(perm >> 6 & 7), aclNoID}, {aclGroupObj, uint16(perm >> 3 & 7), aclNoID}, {aclOther, uint16(perm & 7), aclNoID}}
}

const alice, bob, carol, dave, staff, guests = 1, 2, 3, 4, 10, 11

func randomACL(r *rand.Rand) acl {
	perm := func() uint16 { return uint16(r.IntN(8)) }
	a := acl{{aclUserObj, perm(), aclNoID}}
	for _, user := range []uint32{bob, carol} {
		if r.IntN(2) == 0 {
			a = append(a, aclEntry{aclUser, perm(), user})
		}
	}
	a = append(a, aclEntry{aclGroupObj, perm(), aclNoID})
	if r.IntN(2) == 0 {
		a = append(a, aclEntry{aclGroup, perm(), guests})
	}
	return append(a, aclEntry{aclMask, perm(), aclNoID}, aclEntry{aclOther, perm(), aclNoID})
}

// Nobody but the new owner may do more with a file that could not keep its ACL,
// its group or its owner, whoever that is.
func TestAccessNeverWidens(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	groups := [][]uint32{{}, {staff}, {guests}, {staff, guests}}
	for range 20_000 {
		a := randomACL(r)
		if read, err := parseACL(a.encode()); err != nil || len(read) != len(a) || read[1] != a[1] {
			t.Fatalf("%v is read as %v, %v", a, read, err)
		}
		for _, uid := range []uint32{alice, bob, carol, dave} {
			for _, gids := range groups {
				before := allowed(a, alice, staff, uid, gids...)
				for what, after := range map[string]uint16{
					"without the ACL":             allowed(mode(a.least()), alice, staff, uid, gids...),
					"in another group":            allowed(a.withoutGroup(), alice, guests, uid, gids...),
					"of another owner":            allowed(a.withUser(alice), dave, staff, uid, gids...),
					"of another owner and group":  allowed(a.withoutGroup().withUser(alice), dave, guests, uid, gids...),
					"without an ACL in the group": allowed(mode(withoutGroup(a.least())), alice, guests, uid, gids...),
				} {
					if uid == dave && (what == "of another owner" || what == "of another owner and group") {
						continue // who has the file now
					}
					if after&^before != 0 {
						t.Fatalf("%s: user %d in %v could %03b and can %03b, with %v", what, uid, gids, before, after, a)
					}
				}
				if after := allowed(a.withUser(alice), dave, staff, uid, gids...); uid != dave && after != before {
					t.Fatalf("user %d in %v could %03b and can %03b, with %v", uid, gids, before, after, a)
				}
			}
		}
	}
}

func TestModeWithoutItsGroup(t *testing.T) {
	for perm := range fs.FileMode(0o1000) {
		for _, gids := range [][]uint32{{}, {staff}, {guests}, {staff, guests}} {
			before := allowed(mode(perm), alice, staff, bob, gids...)
			after := allowed(mode(withoutGroup(perm)), alice, guests, bob, gids...)
			if after&^before != 0 {
				t.Errorf("mode %03o: a member of %v could %03b and can %03b", perm, gids, before, after)
			}
		}
	}
}

func TestACLOfAnUnknownForm(t *testing.T) {
	for _, value := range [][]byte{nil, {2, 0, 0}, {1, 0, 0, 0}, {2, 0, 0, 0, 1}} {
		if a, err := parseACL(value); err == nil {
			t.Errorf("%v is read as %v", value, a)
		}
	}
	if got := acl(nil).least(); got != 0o700 {
		t.Errorf("mode %v", got)
	}
}
