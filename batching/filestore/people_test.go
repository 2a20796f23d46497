//go:build crash && linux

package filestore_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/internal/atomicfile"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
	"github.com/backlog-gen/backlog-gen/internal/reliability"
)

// person is a user of the machine. None of them need be known to it.
type person struct {
	name     string
	uid, gid uint32
	groups   []uint32
}

const staff = 20100

var (
	root  = person{name: "root"}
	alice = person{"alice", 20001, 20001, nil}
	bob   = person{"bob", 20002, 20002, nil}
	// carol is in the group of alice, dave in that of bob, too.
	carol = person{"carol", 20003, 20003, []uint32{20001}}
	dave  = person{"dave", 20004, 20004, []uint32{20002}}
)

func (p person) in(group uint32) person {
	p.groups = append(p.groups, group)
	return p
}

// What a person does with a file.
const (
	flushing   = iota // updates a task of their own and flushes
	failing           // updates, and leaves the update in a recovery file
	recovering        // recovers what others have left
	claiming          // claims a task and keeps it
	looking           // tries to read and to write
)

// personal is a program that does one of these things. It prints what it finds.
func personal(name string, number int) error {
	task, what := number/10, number%10
	ctx := context.Background()
	if what == looking {
		for _, flag := range []int{os.O_RDONLY, os.O_WRONLY} {
			if f, err := os.OpenFile(name, flag, 0); err == nil {
				fmt.Print(map[int]string{os.O_RDONLY: "r", os.O_WRONLY: "w"}[flag])
				_ = f.Close()
			}
		}
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute) // only ends what hangs
	defer cancel()
	var log bytes.Buffer
	store := &unwilling{Store: filestore.New(name, filestore.WithLogger(slog.New(slog.NewJSONHandler(&log, nil)))), refuses: what == failing}
	b, err := batching.Open(ctx, plantest.Format(), store,
		batching.WithLogger(quiet), batching.WithRetry(batching.RetryPolicy{Attempts: 1}))
	if err != nil {
		return err
	}
	switch what {
	case recovering:
		_, err = b.Recover(ctx)
	case claiming:
		_, err = b.Claim(ctx, fmt.Sprint(os.Getuid()), 1, time.Hour)
	default:
		if _, err := b.UpdateStatus(ctx, plantest.TaskID(1, 1, task), plantest.Active); err != nil {
			return err
		}
		_, err = b.Flush(ctx)
	}
	var failure *batching.FlushError
	if what == failing && errors.As(err, &failure) && failure.PreserveErr == nil {
		return nil
	}
	if err == nil {
		err = b.Close(ctx)
	}
	for line := range strings.Lines(log.String()) {
		var entry struct{ Error string }
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			return err
		}
		fmt.Println(entry.Error)
	}
	return err
}

// town is a place where several people work on one file.
type town struct {
	t    *testing.T
	self string // the test binary, where all can run it
	name string
}

func newTown(t *testing.T, dirMode os.FileMode, owner person, group uint32) town {
	t.Helper()
	needs(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for at := dir; at != os.TempDir(); at = filepath.Dir(at) {
		if err := os.Chmod(at, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	town := town{t, filepath.Join(dir, "program"), filepath.Join(dir, "plan", "plan.json")}
	data, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.WriteFile(town.self, data, 0o755), os.Mkdir(filepath.Dir(town.name), 0o755)); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Chown(filepath.Dir(town.name), int(owner.uid), int(group)), os.Chmod(filepath.Dir(town.name), dirMode)); err != nil {
		t.Fatal(err)
	}
	return town
}

// put writes the file anew.
func (w town) put(mode os.FileMode, owner person, group uint32) {
	w.t.Helper()
	_ = os.Remove(w.name)
	writeFile(w.t, w.name, plantest.Text(1, 1, 9))
	if err := errors.Join(os.Chown(w.name, int(owner.uid), int(group)), os.Chmod(w.name, mode)); err != nil {
		w.t.Fatal(err)
	}
}

// try has a person do something, and returns what they saw.
func (w town) try(p person, what, task int) (string, error) {
	w.t.Helper()
	cmd := exec.Command(w.self, w.name, fmt.Sprint(10*task+what))
	cmd.Env = append(os.Environ(), roleVariable+"=person", "GORACE=atexit_sleep_ms=0")
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: p.uid, Gid: p.gid, Groups: p.groups}}
	var stdout, stderr strings.Builder
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return stdout.String(), fmt.Errorf("%s: %v: %s", p.name, err, stderr.String())
	}
	return stdout.String(), nil
}

func (w town) do(p person, what, task int) string {
	w.t.Helper()
	saw, err := w.try(p, what, task)
	if err != nil {
		w.t.Error(err)
	}
	return saw
}

// wantActive checks that the updates of tasks are there, and no others.
func (w town) wantActive(tasks ...int) {
	w.t.Helper()
	p := plantest.Parse(readFile(w.t, w.name))
	for task := 1; task <= 9; task++ {
		want := plantest.Open
		for _, t := range tasks {
			if t == task {
				want = plantest.Active
			}
		}
		if got := p.Status(plantest.TaskID(1, 1, task)); got != want {
			w.t.Errorf("task %d is %v, want %v", task, got, want)
		}
	}
}

func (w town) wantAccess(want map[string]person, saw map[string]string) {
	w.t.Helper()
	for name, p := range want {
		if got := w.do(p, looking, 0); got != saw[name] {
			w.t.Errorf("%s can %q, want %q", name, got, saw[name])
		}
	}
}

// TestRootFlushesOnce has root do everything once, as a container does. The owner
// can go on.
func TestRootFlushesOnce(t *testing.T) {
	for _, mode := range []os.FileMode{0o600, 0o640, 0o664, 0o644} {
		w := newTown(t, 0o755, alice, alice.gid)
		w.put(mode, alice, alice.gid)
		w.do(root, flushing, 1)
		w.do(root, claiming, 2)
		w.do(root, failing, 3)
		w.do(alice, flushing, 4)
		w.do(alice, recovering, 0)
		w.do(alice, claiming, 5)
		info, err := os.Stat(w.name)
		if err != nil {
			t.Fatal(err)
		}
		if st := info.Sys().(*syscall.Stat_t); info.Mode() != mode || st.Uid != alice.uid || st.Gid != alice.gid {
			t.Errorf("mode %v, owner %d:%d", info.Mode(), st.Uid, st.Gid)
		}
		if p := plantest.Parse(readFile(t, w.name)); p.Status(plantest.TaskID(1, 1, 3)) != plantest.Active || p.Status(plantest.TaskID(1, 1, 4)) != plantest.Active {
			t.Errorf("updates are lost:\n%s", p)
		}
	}
	reliability.Record(t, 24, "steps of root and of the owner of a file", 0, reliability.NoLoss, reliability.Pending)
}

// TestGroupSharesAFile has members of a group flush, fail, recover and claim in
// turns. Others stay out.
func TestGroupSharesAFile(t *testing.T) {
	alice, bob := alice.in(staff), bob.in(staff)
	tried := 0
	for _, mode := range []os.FileMode{0o664, 0o660} {
		w := newTown(t, os.ModeSetgid|0o775, root, staff)
		w.put(mode, alice, staff)
		for round := range 2 {
			w.do(bob, flushing, 4*round+1)
			w.do(alice, flushing, 4*round+2)
			w.do(bob, failing, 4*round+3)
			w.do(alice, recovering, 0)
			w.do(alice, failing, 4*round+4)
			w.do(bob, recovering, 0)
			w.wantActive([]int{1, 2, 3, 4, 5, 6, 7, 8}[:4*round+4]...)
			tried += 6
		}
		w.do(bob, claiming, 0)
		w.do(alice, flushing, 1)
		info, err := os.Stat(w.name)
		if err != nil {
			t.Fatal(err)
		}
		if st := info.Sys().(*syscall.Stat_t); info.Mode() != mode || st.Gid != staff {
			t.Errorf("mode %v, group %d", info.Mode(), st.Gid)
		}
		want := ""
		if mode == 0o664 {
			want = "r"
		}
		if saw := w.do(carol, looking, 0); saw != want {
			t.Errorf("somebody else can %q, want %q", saw, want)
		}
	}
	reliability.Record(t, tried, "steps of two members of a group on its file", 0, reliability.NoLoss, reliability.Pending)
}

// TestACL has a file that one more user may use, and a group that may not. After
// flushes of each that is so still.
func TestACL(t *testing.T) {
	needs(t, "setfacl")
	for _, flusher := range []person{alice, bob, root} {
		w := newTown(t, 0o777, alice, alice.gid)
		w.put(0o600, alice, alice.gid)
		command(t, "setfacl", "-m", fmt.Sprintf("u:%d:rw", bob.uid), w.name)
		command(t, "setfattr", "-n", "user.origin", "-v", "by hand", w.name)
		people := map[string]person{"alice": alice, "bob": bob, "carol": carol, "dave": dave}
		may := map[string]string{"alice": "rw", "bob": "rw", "carol": "", "dave": ""}
		w.wantAccess(people, may)
		w.do(flusher, flushing, 1)
		w.wantAccess(people, may)
		w.do(bob, flushing, 2)
		w.do(alice, flushing, 3)
		w.do(bob, failing, 4)
		w.do(alice, recovering, 0)
		w.wantAccess(people, may)
		w.wantActive(1, 2, 3, 4)
		if out, err := exec.Command("getfattr", "-n", "user.origin", "--only-values", w.name).Output(); err != nil || string(out) != "by hand" {
			t.Errorf("%s: the attribute is %q, %v", flusher.name, out, err)
		}
	}
	reliability.Record(t, 36, "looks of people at a file with an ACL, between flushes", 0, reliability.NoLoss, reliability.Pending)
}

// TestGroupThatCannotBeKept has a file of a group that its owner has left. Its
// bits do not go to another group, and that is said.
func TestGroupThatCannotBeKept(t *testing.T) {
	w := newTown(t, 0o755, alice, alice.gid)
	for _, mode := range []os.FileMode{0o640, 0o660, 0o664} {
		w.put(mode, alice, staff)
		before := map[string]string{}
		people := map[string]person{"carol": carol, "bob": bob.in(staff), "dave": dave}
		for name, p := range people {
			before[name] = w.do(p, looking, 0)
		}
		if saw := w.do(alice, flushing, 1); !strings.Contains(saw, "the group of "+w.name+" is not kept") {
			t.Errorf("mode %v: it was not said: %q", mode, saw)
		}
		for name, p := range people {
			if after := w.do(p, looking, 0); strings.Trim(after, before[name]) != "" {
				t.Errorf("mode %v: %s could %q and can %q", mode, name, before[name], after)
			}
		}
	}
	reliability.Record(t, 9, "looks of people at a file whose group could not be kept", 0, reliability.NoLoss)
}

// TestLockOfSomebodyElse has a lock that root alone may use. The flush says whose
// it is, keeps the update, and goes through when that is mended. A lock that may
// only be read keeps others out as well.
func TestLockOfSomebodyElse(t *testing.T) {
	w := newTown(t, 0o755, alice, alice.gid)
	w.put(0o600, alice, alice.gid)
	lock := w.name + ".lock"
	writeFile(t, lock, "")
	if err := os.Chmod(lock, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := w.try(alice, flushing, 1)
	for _, want := range []string{lock, "user 0", "chmod a+r", "preserved"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one that says %q", err, want)
		}
	}
	if err := os.Chmod(lock, 0o644); err != nil {
		t.Fatal(err)
	}
	w.do(alice, recovering, 0)
	w.wantActive(1)
	held, err := atomicfile.TryLock(atomicfile.OS{}, lock, w.name)
	if err != nil || held == nil {
		t.Fatal(held, err)
	}
	done := make(chan error, 1)
	go func() {
		_, err := w.try(alice, flushing, 2)
		done <- err
	}()
	time.Sleep(300 * time.Millisecond) // the longer, the more sure
	w.wantActive(1)
	if err := held.Unlock(); err != nil {
		t.Error(err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	w.wantActive(1, 2)
	reliability.Record(t, 3, "flushes with a lock of somebody else", 0, reliability.Pending, reliability.NoLoss)
}

// TestFileMountedByItself mounts a single file, as it is done for containers. That
// is refused at once, with what to do, and so is a file that is mounted later.
func TestFileMountedByItself(t *testing.T) {
	needs(t, "mount", "umount")
	name := newFile(t, 1, 1, 2)
	real := newFile(t, 1, 1, 2)
	b := openStore(t, filestore.New(name))
	mount := func() {
		t.Helper()
		command(t, "mount", "--bind", real, name)
		t.Cleanup(func() { _ = exec.Command("umount", name).Run() })
	}
	mount()
	_, err := openPlain(name)
	var mounted *filestore.MountError
	if !errors.As(err, &mounted) || !strings.Contains(err.Error(), "mount its directory") {
		t.Errorf("Open: %v", err)
	}
	update(t, b, plantest.TaskID(1, 1, 1), plantest.Active)
	var failure *batching.FlushError
	if _, err := b.Flush(t.Context()); !errors.As(err, &failure) || !errors.As(err, &mounted) || failure.Attempts != 1 {
		t.Errorf("Flush: %v", err)
	}
	command(t, "umount", name)
	flush(t, b)
	// The directory can be mounted.
	dir := t.TempDir()
	command(t, "mount", "--bind", filepath.Dir(name), dir)
	defer command(t, "umount", dir)
	c := openStore(t, filestore.New(filepath.Join(dir, "plan.json")))
	update(t, c, plantest.TaskID(1, 1, 2), plantest.Active)
	flush(t, c)
	if err := c.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if p := plantest.Parse(readFile(t, name)); p.Status(plantest.TaskID(1, 1, 2)) != plantest.Active || p.Status(plantest.TaskID(1, 1, 1)) != plantest.Active {
		t.Errorf("stored\n%s", p)
	}
	reliability.Record(t, 3, "files and directories that are mounted", 0, reliability.Pending, reliability.NoLoss)
}
