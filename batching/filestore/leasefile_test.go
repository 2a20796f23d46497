package filestore_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/internal/pipetest"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

// leaseText is a file of leases with one lease.
func leaseText(id, worker string, expires time.Time) string {
	return fmt.Sprintf(`{"version":1,"leases":[{"id":%q,"worker":%q,"expires":%q}]}`, id, worker, expires.Format(time.RFC3339Nano))
}

func TestFileOfLeases(t *testing.T) {
	name, c := newFile(t, 1, 1, 12), newClock()
	b := openAt(t, name, c)
	claim(t, b, "one <&> é", 11, hour, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
	for _, task := range []int{1, 3, 4, 5, 6, 7, 8, 9, 11} {
		if err := b.Release(t.Context(), "one <&> é", plantest.TaskID(1, 1, task)); err != nil {
			t.Fatal(err)
		}
	}
	expires := c.time().Add(hour).Round(0).UTC().Format(time.RFC3339Nano)
	lease := `
    {
      "id": "E1.S1.T%d",
      "worker": "one \u003c\u0026\u003e é",
      "expires": "` + expires + `"
    }`
	want := "{\n  \"version\": 1,\n  \"leases\": [" +
		fmt.Sprintf(lease, 2) + "," + fmt.Sprintf(lease, 10) + "\n  ]\n}\n"
	if diff := cmp.Diff(want, readFile(t, leasesFile(name))); diff != "" {
		t.Errorf("file (-want +got):\n%s", diff)
	}
}

func TestExpiredLeasesLeaveTheFile(t *testing.T) {
	name, c := newFile(t, 1, 1, 3), newClock()
	b := openAt(t, name, c)
	claim(t, b, "one", 2, hour, 1, 2)
	c.pass(hour)
	claim(t, b, "two", 1, hour, 1)
	if text := readFile(t, leasesFile(name)); strings.Contains(text, "one") {
		t.Errorf("an expired lease is still there:\n%s", text)
	}
}

// A clock that is set back lengthens leases, but not beyond the longest that
// there can be: nothing is held for ever, and nothing is given away.
func TestClockThatIsSetBack(t *testing.T) {
	name, c := newFile(t, 1, 1, 3), newClock()
	b := openAt(t, name, c)
	claim(t, b, "one", 1, hour, 1)
	c.pass(-20 * hour)
	claim(t, b, "two", 1, hour, 2)
	wantHeldBy(t, b, map[int]string{1: "one", 2: "two"})
	c.pass(-30 * 24 * hour)
	wantHeldBy(t, b, map[int]string{1: "one", 2: "two"})
	claim(t, b, "three", 9, 2*batching.MaxLease/3, 3) // finds out that the clock was set
	c.pass(batching.MaxLease - 1)
	wantHeldBy(t, b, map[int]string{1: "one", 2: "two"})
	c.pass(1)
	wantHeldBy(t, b, map[int]string{})
}

// A file of leases that cannot be used is reported by name, and left as it is:
// nothing is handed out.
func TestHostileFilesOfLeases(t *testing.T) {
	soon := time.Now().Add(hour)
	good := leaseText("E1.S1.T1", "somebody", soon)
	for _, test := range []struct{ name, text, want string }{
		{"empty", "", "unexpected end"},
		{"no JSON", "\x00\xff\x00", "invalid character"},
		{"torn", good[:len(good)/2], "unexpected end"},
		{"another form", "[]", "cannot unmarshal"},
		{"null", "null", "version 0"},
		{"another version", strings.Replace(good, `"version":1`, `"version":2`, 1), "version 2, want 1"},
		{"more behind it", good + good, "after top-level value"},
		{"deep", strings.Repeat("[", 1<<20), "exceeded max depth"},
		{"no id", leaseText("", "somebody", soon), "lease 0 lacks"},
		{"no worker", leaseText("E1.S1.T1", "", soon), "lease 0 lacks"},
		{"no time", `{"version":1,"leases":[{"id":"E1.S1.T1","worker":"somebody"}]}`, "lease 0 lacks"},
		{"time that is none", `{"version":1,"leases":[{"id":"E1.S1.T1","worker":"somebody","expires":"soon"}]}`, "cannot parse"},
		{"twice", `{"version":1,"leases":[{"id":"a","worker":"b","expires":"2026-01-02T03:04:05Z"},{"id":"a","worker":"c","expires":"2026-01-02T03:04:05Z"}]}`, "two leases on a"},
		{"large", strings.Repeat(" ", 32<<20) + good, "at most 33554432"},
	} {
		t.Run(test.name, func(t *testing.T) {
			name := newFile(t, 1, 1, 3)
			writeFile(t, leasesFile(name), test.text)
			wantRefused(t, name, test.want)
			if readFile(t, leasesFile(name)) != test.text {
				t.Error("the file has changed")
			}
		})
	}
}

func TestLeasesThatAreNoFile(t *testing.T) {
	for _, test := range []struct {
		name string
		make func(name string) error
	}{
		{"directory", func(name string) error { return os.Mkdir(name, 0o777) }},
		{"pipe", func(name string) error { return pipetest.Make(name) }},
		{"link to a device", func(name string) error { return os.Symlink("/dev/zero", name) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			name := newFile(t, 1, 1, 3)
			if err := test.make(leasesFile(name)); err != nil {
				t.Skip(err)
			}
			wantRefused(t, name, "not a regular file")
		})
	}
}

// wantRefused checks that nothing can be claimed, and that the error names the
// file of leases. Updates are none of its business.
func wantRefused(t *testing.T, name, want string) {
	t.Helper()
	b := openAt(t, name, newClock())
	check := func(what string, err error) {
		t.Helper()
		var refused *filestore.LeasesError
		if !errors.As(err, &refused) || refused.Name != leasesFile(name) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want an error of %s that says %q", what, err, leasesFile(name), want)
		}
	}
	claims, err := b.Claim(t.Context(), "one", 1, hour)
	check("Claim", err)
	if len(claims) > 0 || b.Dirty() || b.Snapshot().Status(plantest.TaskID(1, 1, 1)) != plantest.Open {
		t.Errorf("claimed %v", claims)
	}
	_, err = b.Leases(t.Context())
	check("Leases", err)
	_, err = b.Renew(t.Context(), "one", hour, plantest.TaskID(1, 1, 1))
	check("Renew", err)
	check("Release", b.Release(t.Context(), "one", plantest.TaskID(1, 1, 1)))
	set(t, b, plantest.Active, 1)
	flush(t, b)
}

// Leases on items that are not in the document harm nobody, and those of others
// are respected whoever wrote them.
func TestLeasesByHand(t *testing.T) {
	name, c := newFile(t, 1, 1, 3), newClock()
	expires := c.time().Add(hour)
	writeFile(t, leasesFile(name), fmt.Sprintf(`{"version":1,"unknown":{},"leases":[
		{"id":"E1.S1.T1","worker":"hand","expires":%q},
		{"id":"E7.S1.T1","worker":"hand","expires":%q},
		{"id":"E1.S1.T2","worker":"hand","expires":"9999-12-31T23:59:59Z"},
		{"id":"E1.S1.T3","worker":"hand","expires":"0001-01-02T00:00:00Z"}]}`,
		expires.Format(time.RFC3339Nano), expires.Format(time.RFC3339Nano)))
	b := openAt(t, name, c)
	claim(t, b, "one", 9, hour, 3)
	c.pass(batching.MaxLease)
	claim(t, b, "one", 9, hour, 1, 2, 3)
}
