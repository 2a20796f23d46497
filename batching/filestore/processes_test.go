package filestore_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
	"github.com/backlog-gen/backlog-gen/internal/reliability"
)

// roleVariable makes the test binary play a program that uses the store.
const roleVariable = "FILESTORE_TEST_ROLE"

func TestMain(m *testing.M) {
	if role := roles()[os.Getenv(roleVariable)]; role != nil {
		number, err := strconv.Atoi(os.Args[2])
		if err == nil {
			err = role(os.Args[1], number)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

// roles are the programs that the test binary can play.
func roles() map[string]func(name string, number int) error {
	all := map[string]func(name string, number int) error{
		"sharer":  shareFile,
		"flusher": flushForEver,
		"claimer": claimTasks,
	}
	maps.Copy(all, crashRoles)
	return all
}

// program returns the test binary in a role.
func program(t testing.TB, role, name string, number int) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, name, strconv.Itoa(number))
	// The race detector would let each program sleep for a second in the end.
	cmd.Env = append(os.Environ(), roleVariable+"="+role, "GORACE=atexit_sleep_ms=0")
	cmd.Stderr = os.Stderr
	return cmd
}

func openPlain(name string) (*plantest.Batcher, error) {
	return batching.Open(context.Background(), plantest.Format(), filestore.New(name),
		batching.WithLogger(quiet))
}

const sharers, sharedRounds = 4, 25

// shareFile is one of several programs on one file. In each round it updates a
// task of its own, then tries to take a task that all of them want: a group of
// three changes, of which its own marker shows whether the group was applied.
func shareFile(name string, number int) error {
	ctx := context.Background()
	b, err := openPlain(name)
	if err != nil {
		return err
	}
	for round := 1; round <= sharedRounds; round++ {
		if _, err := b.UpdateStatus(ctx, plantest.TaskID(1, number, round), plantest.Active); err != nil {
			return err
		}
		shared := plantest.TaskID(2, 1, round)
		_, err := b.Apply(ctx,
			batching.Set(plantest.TaskID(3, number, round), plantest.Active),
			batching.Set(shared, plantest.Active), batching.Set(shared, plantest.Done))
		outcome := "taken"
		if err != nil {
			outcome = "refused"
		}
		if _, err := b.Flush(ctx); err != nil {
			if _, ok := err.(*batching.ConflictError); !ok {
				return err
			}
			outcome = "conflict"
		}
		fmt.Println(outcome, number, round)
	}
	return b.Close(ctx)
}

// TestProcessesShareOneFile runs P programs × R rounds on one file. Every update
// accepted is there in the end, or was reported as a conflict.
func TestProcessesShareOneFile(t *testing.T) {
	name := newFile(t, 3, sharers, sharedRounds)
	outputs := make([]bytes.Buffer, sharers)
	var running sync.WaitGroup
	for i := range sharers {
		cmd := program(t, "sharer", name, i+1)
		cmd.Stdout = &outputs[i]
		running.Go(func() {
			if err := cmd.Run(); err != nil {
				t.Errorf("program %d: %v", i+1, err)
			}
		})
	}
	running.Wait()
	p := plantest.Parse(readFile(t, name))
	lost, outcomes := 0, map[string]int{}
	for i := range outputs {
		for line := range strings.Lines(outputs[i].String()) {
			var outcome string
			var number, round int
			if _, err := fmt.Sscan(line, &outcome, &number, &round); err != nil {
				t.Fatal(err)
			}
			outcomes[outcome]++
			if p.Status(plantest.TaskID(1, number, round)) != plantest.Active {
				lost++
			}
			marked := p.Status(plantest.TaskID(3, number, round)) == plantest.Active
			if marked != (outcome == "taken") {
				t.Errorf("%s, but the file says %v", line, marked)
			}
		}
	}
	for round := range sharedRounds {
		if got := p.Status(plantest.TaskID(2, 1, round+1)); got != plantest.Done {
			t.Errorf("shared task %d is %v", round+1, got)
		}
	}
	t.Logf("%d programs × %d rounds: %v", sharers, sharedRounds, outcomes)
	reliability.Record(t, sharers*sharedRounds, fmt.Sprintf("rounds of %d programs on one file, each with a task that all want", sharers),
		lost, reliability.NoLoss)
	if lost > 0 || outcomes["taken"] != sharedRounds {
		t.Errorf("%d updates lost, %d groups taken, want %d", lost, outcomes["taken"], sharedRounds)
	}
	if outcomes["conflict"]+outcomes["refused"] != (sharers-1)*sharedRounds {
		t.Errorf("outcomes %v", outcomes)
	}
}

const killTasks = 40

// stepTo makes update number n: round by round over all tasks, to Active and
// back to Open.
func stepTo(ctx context.Context, b *plantest.Batcher, n int) error {
	to := plantest.Active
	if n/killTasks%2 == 1 {
		to = plantest.Open
	}
	_, err := b.UpdateStatus(ctx, plantest.TaskID(1, 1, n%killTasks+1), to)
	return err
}

// isFlushed reports whether the flusher flushes after update n.
func isFlushed(n int) bool { return n%3 == 0 || n%7 == 0 }

// flushForEver updates and flushes until it is killed, and reports each flush.
func flushForEver(name string, _ int) error {
	ctx := context.Background()
	b, err := openPlain(name)
	if err != nil {
		return err
	}
	for n := 0; ; n++ {
		if err := stepTo(ctx, b, n); err != nil {
			return err
		}
		if isFlushed(n) {
			if _, err := b.Flush(ctx); err != nil {
				return err
			}
			fmt.Println(n)
		}
	}
}

// TestKill kills a program that updates and flushes, at a random moment. The
// file is one whole flushed snapshot, never older than the last flush reported.
func TestKill(t *testing.T) {
	const rounds = 50
	name := filepath.Join(t.TempDir(), "plan.json")
	start := plantest.Text(1, 1, killTasks)
	// What the file is after update n repeats itself.
	const period = 2 * killTasks
	writeFile(t, name, start)
	states := make([]string, period)
	b := openStore(t, filestore.New(name))
	for n := range period {
		if err := stepTo(t.Context(), b, n); err != nil {
			t.Fatal(err)
		}
		states[n] = b.Snapshot().String()
	}
	if err := b.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	flushes, inFlush, leftOver, round := 0, 0, 0, 0
	for ; round < rounds || leftOver == 0; round++ { // a kill leaves something behind sooner or later
		writeFile(t, name, start)
		last := killFlusher(t, name)
		flushes += last
		content := readFile(t, name)
		// Look for the file among the states from the last report on.
		n := last
		for ; n < last+period; n++ {
			if (n == -1 && content == start) || n >= 0 && states[n%period] == content {
				break
			}
		}
		if n == last+period || n >= 0 && !isFlushed(n) || n > last+period/2 {
			t.Fatalf("round %d: the last flush reported was after update %d; the file is no flushed snapshot since then:\n%s", round, last, content)
		}
		if n > last {
			inFlush++
		}
		leftOver = len(hiddenFiles(t, name))
	}
	b = openStore(t, filestore.New(name))
	if err := b.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	left := hiddenFiles(t, name)
	t.Logf("killed at update %d on average, %d times between a rename and its report; left behind: %d, after one Open: %d",
		flushes/round, inFlush, leftOver, len(left))
	reliability.Record(t, round, "SIGKILL of a flushing program at a random moment", len(left), reliability.Whole, reliability.Leakless)
	if len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// killFlusher lets a flusher run for a moment and returns the last flush that it
// has reported, -1 for none.
func killFlusher(t *testing.T, name string) int {
	t.Helper()
	cmd := program(t, "flusher", name, 0)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	first, err := lines.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Duration(rand.IntN(20_000)) * time.Microsecond)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(lines)
	if err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // killed
	last := -1
	for line := range strings.Lines(first + string(rest)) {
		if n, err := strconv.Atoi(strings.TrimSuffix(line, "\n")); err == nil && strings.HasSuffix(line, "\n") {
			last = n
		}
	}
	return last
}

func hiddenFiles(t testing.TB, name string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(filepath.Dir(name), ".*"))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestDescriptorsStayConstant flushes ten thousand times and counts what is open.
func TestDescriptorsStayConstant(t *testing.T) {
	flushes := 10_000
	if raceEnabled {
		flushes = 1000 // they take their time
	}
	dir := t.TempDir()
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
		// Syncing costs nothing there.
		if dir, err = os.MkdirTemp("/dev/shm", "filestore"); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.RemoveAll(dir) })
	}
	name := filepath.Join(dir, "plan.json")
	writeFile(t, name, plantest.Text(1, 1, killTasks))
	b := openStore(t, filestore.New(name))
	count := func() int {
		entries, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Skip("no /proc/self/fd to count descriptors in")
		}
		return len(entries)
	}
	before := 0
	for n := range flushes {
		if err := stepTo(t.Context(), b, n); err != nil {
			t.Fatal(err)
		}
		flush(t, b)
		if n == 10 {
			before = count()
		}
	}
	after := count()
	reliability.Record(t, flushes, "flushes, counting descriptors", after-before, reliability.Leakless)
	if after != before {
		t.Errorf("%d descriptors after 10 flushes, %d after %d", before, after, flushes)
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 3 { // with the lock and the reserve
		t.Errorf("files: %v, %v", files, err)
	}
}
