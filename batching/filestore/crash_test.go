//go:build crash && linux

package filestore_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/internal/atomicfile"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

// These tests break real programs by real means. They need root, strace,
// mkfs.ext4 and mkfs.xfs; without them they are skipped, but fail in CI.

// crashRoles are the programs that are broken.
var crashRoles = map[string]func(name string, number int) error{
	"stepper":   step,
	"preserver": preserveForEver,
	"person":    personal,
	"saver":     func(name string, _ int) error { return saveForEver(filestore.New(name)) },
	// The careless one shows that the tests see what is lost without syncing
	// directories.
	"careless": func(name string, _ int) error { return saveForEver(filestore.New(name, filestore.WithFS(careless{}))) },
}

// needs skips the test, or fails it in CI, unless the process is root and the
// programs are there.
func needs(t *testing.T, programs ...string) {
	t.Helper()
	var missing []string
	if os.Getuid() != 0 {
		missing = append(missing, "root")
	}
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			missing = append(missing, p)
		}
	}
	switch {
	case len(missing) == 0:
	case os.Getenv("CI") != "":
		t.Fatalf("needs %s", strings.Join(missing, ", "))
	default:
		t.Skipf("needs %s", strings.Join(missing, ", "))
	}
}

func command(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
}

// report writes a line that a short write of 100 bytes can cut.
func report(what string, n int) { fmt.Printf("%-120s %d .\n", what, n) }

// reports reads what a program has reported: the last update of each kind, -1
// for none.
func reports(output string) map[string]int {
	last := map[string]int{"saved": -1, "preserved": -1, "closed": -1}
	for line := range strings.Lines(output) {
		var what, end string
		var n int
		if _, err := fmt.Sscan(line, &what, &n, &end); err == nil && end == "." {
			last[what] = n
		}
	}
	return last
}

// unwilling is a store that now and then refuses to save, so that updates must
// be preserved.
type unwilling struct {
	*filestore.Store
	refuses bool
}

func (u *unwilling) Save(ctx context.Context, s batching.Save) (batching.Revision, error) {
	if u.refuses {
		return "", syscall.ENOSPC
	}
	return u.Store.Save(ctx, s)
}

const steps = 5

// step updates and flushes a few times in one thread, each third time in vain.
// It waits for its standard input before it begins.
func step(name string, _ int) error {
	runtime.LockOSThread() // faults are counted for each thread
	ctx := context.Background()
	store := &unwilling{Store: filestore.New(name)}
	b, err := batching.Open(ctx, plantest.Format(), store, batching.WithLogger(quiet))
	if err != nil {
		return err
	}
	report("ready", 0)
	if _, err := os.Stdin.Read(make([]byte, 1)); err != nil {
		return err
	}
	for n := range steps {
		if err := stepTo(ctx, b, n); err != nil {
			return err
		}
		store.refuses = n%3 == 1
		_, err := b.Flush(ctx)
		var failure *batching.FlushError
		switch {
		case err == nil:
			report("saved", n)
		case errors.As(err, &failure) && failure.Preserved != "" && failure.PreserveErr == nil:
			report("preserved", n)
		}
	}
	store.refuses = false
	for range 3 {
		if err = b.Close(ctx); err == nil {
			report("closed", steps-1)
			return nil
		}
	}
	return err
}

// preserveForEver updates a store that never saves, until it is stopped.
func preserveForEver(name string, _ int) error {
	ctx := context.Background()
	store := &unwilling{Store: filestore.New(name), refuses: true}
	b, err := batching.Open(ctx, plantest.Format(), store, batching.WithLogger(quiet))
	if err != nil {
		return err
	}
	for n := 0; ; n++ {
		if err := stepTo(ctx, b, n); err != nil {
			return err
		}
		_, err := b.Flush(ctx)
		var failure *batching.FlushError
		if !errors.As(err, &failure) {
			return fmt.Errorf("saved what cannot be saved: %w", err)
		}
		if failure.PreserveErr != nil {
			return err
		}
		report("preserved", n)
	}
}

// saveForEver updates and flushes until it is stopped.
func saveForEver(store *filestore.Store) error {
	ctx := context.Background()
	b, err := batching.Open(ctx, plantest.Format(), store, batching.WithLogger(quiet))
	if err != nil {
		return err
	}
	for n := 0; ; n++ {
		if err := stepTo(ctx, b, n); err != nil {
			return err
		}
		if _, err := b.Flush(ctx); err != nil {
			return err
		}
		report("saved", n)
	}
}

// careless does not sync directories.
type careless struct{ atomicfile.OS }

func (careless) SyncDir(string) error { return nil }

// states returns the file after each of the updates of stepTo, which repeat
// themselves after as many.
func states(t *testing.T) []string {
	t.Helper()
	name := newFile(t, 1, 1, killTasks)
	b := openStore(t, filestore.New(name))
	all := make([]string, 2*killTasks)
	for n := range all {
		if err := stepTo(t.Context(), b, n); err != nil {
			t.Fatal(err)
		}
		all[n] = b.Snapshot().String()
	}
	return all
}

// updateOf returns the update, not before from, after which the file is as its
// content says; -1 stands for the file before the first. It returns false if
// there is none for a long time.
func updateOf(all []string, content string, from int) (int, bool) {
	if from == -1 && content == plantest.Text(1, 1, killTasks) {
		return -1, true
	}
	for n := max(from, 0); n < from+killTasks; n++ {
		if all[n%len(all)] == content {
			return n, true
		}
	}
	return 0, false
}
