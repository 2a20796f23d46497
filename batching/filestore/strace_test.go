//go:build crash && linux

package filestore_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/internal/reliability"
)

// kernelFaults are the faults that strace injects, by system call.
var kernelFaults = map[string][]string{
	"write":      {"signal=KILL", "error=EIO", "error=ENOSPC", "error=EDQUOT", "error=EINTR", "retval=100"},
	"pwrite64":   {"signal=KILL", "error=EIO", "error=ENOSPC", "error=EDQUOT", "retval=100"},
	"fsync":      {"signal=KILL", "error=EIO", "error=ENOSPC", "error=EDQUOT"},
	"renameat":   {"signal=KILL", "error=EIO", "error=ENOSPC", "error=EACCES", "error=EDQUOT"},
	"openat":     {"signal=KILL", "error=EIO", "error=ENOSPC", "error=EACCES", "error=ENFILE"},
	"close":      {"signal=KILL", "error=EIO", "error=ENOSPC"},
	"unlinkat":   {"signal=KILL", "error=EIO", "error=EACCES"},
	"flock":      {"signal=KILL", "error=EIO", "error=EINTR"},
	"newfstatat": {"signal=KILL", "error=EIO", "error=EACCES"},
}

// maxPoint ends a sweep that does not end by itself.
const maxPoint = 200

// TestKernelFaults sweeps each fault over each system call of a program that
// updates, flushes, preserves and closes.
func TestKernelFaults(t *testing.T) {
	needs(t, "strace")
	all := states(t)
	for call, faults := range kernelFaults {
		t.Run(call, func(t *testing.T) {
			total := 0
			for _, fault := range faults {
				points := 0
				for points < maxPoint && underKernelFault(t, all, call, fault, points+1) {
					points++
				}
				if points == 0 || points == maxPoint {
					t.Fatalf("%s: %d faults injected", fault, points)
				}
				total += points
			}
			reliability.Record(t, total, fmt.Sprintf("faults, one at each %s (%s)", call, strings.Join(faults, ", ")), 0,
				reliability.Whole, reliability.Pending, reliability.NoLoss, reliability.Leakless)
		})
	}
}

// underKernelFault runs the program with the fault at call number n, and
// reports whether it was injected.
func underKernelFault(t *testing.T, all []string, call, fault string, n int) bool {
	t.Helper()
	name := newFile(t, 1, 1, killTasks)
	output, trace, err := runTraced(t, name, call, fault, n)
	last := reports(output)
	describe := func() string {
		return fmt.Sprintf("%s at %s number %d: %v, exit %v\n%s", fault, call, n, last, err, trace)
	}
	injected := strings.Contains(trace, "(INJECTED)") || strings.Contains(trace, "killed by SIGKILL")
	if !injected && err != nil {
		t.Fatalf("fails without a fault: %s", describe())
	}
	got, ok := updateOf(all, readFile(t, name), last["saved"])
	if !ok || got > steps {
		t.Fatalf("the file is none of the snapshots since the last reported: %s", describe())
	}
	if err == nil && got != steps-1 {
		t.Fatalf("closed without an error, but the file is as after update %d: %s", got, describe())
	}
	if path := syncedAgain(trace); path != "" {
		t.Fatalf("%s was synced again after a failure: %s", path, describe())
	}
	afterwards(t, name, all, max(last["saved"], last["preserved"]), describe)
	return injected
}

// afterwards opens the file anew and recovers: nothing reported may be missing,
// and nothing be left behind.
func afterwards(t *testing.T, name string, all []string, promised int, describe func() string) {
	t.Helper()
	b := openStore(t, filestore.New(name))
	_, err := b.Recover(t.Context())
	var damaged *batching.RecoveryError
	if err != nil && !errors.As(err, &damaged) {
		t.Fatalf("Recover: %v: %s", err, describe())
	}
	if damaged != nil { // reported, and to be removed by hand
		if err := os.Remove(damaged.Name); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n, ok := updateOf(all, readFile(t, name), promised); !ok || n > promised+steps {
		t.Fatalf("update %d was saved or preserved, but is not there: %s", promised, describe())
	}
	if left := hiddenFiles(t, name); len(left) > 0 {
		t.Fatalf("left behind: %v: %s", left, describe())
	}
}

// runTraced runs the stepper under strace from the moment it is ready. It
// returns what it has reported, the trace, and how it ended.
func runTraced(t *testing.T, name, call, fault string, n int) (string, string, error) {
	t.Helper()
	cmd := program(t, "stepper", name, 0)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	if _, err := lines.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	log := filepath.Join(t.TempDir(), "trace")
	calls := call
	if call != "fsync" {
		calls += ",fsync"
	}
	tracer := exec.Command("strace", "-f", "-y", "-p", strconv.Itoa(cmd.Process.Pid), "-o", log,
		"-e", "trace="+calls, "-e", fmt.Sprintf("inject=%s:%s:when=%d", call, fault, n))
	attached, err := tracer.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := tracer.Start(); err != nil {
		t.Fatal(err)
	}
	messages := bufio.NewReader(attached)
	if line, err := messages.ReadString('\n'); err != nil || !strings.Contains(line, "attached") {
		t.Fatalf("strace: %v, %s", err, line)
	}
	if _, err := io.WriteString(in, "\n"); err != nil {
		t.Fatal(err)
	}
	output, err := io.ReadAll(lines)
	if err != nil {
		t.Fatal(err)
	}
	ended := cmd.Wait()
	_, _ = io.Copy(io.Discard, messages)
	_ = tracer.Wait()
	trace, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	if ended != nil && !killed(ended) && !strings.Contains(errs.String(), ":") {
		t.Fatalf("the program ended without saying why: %v", ended)
	}
	return string(output), string(trace) + errs.String(), ended
}

func killed(err error) bool {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return false
	}
	status, ok := exit.Sys().(syscall.WaitStatus)
	return ok && status.Signaled()
}

// fsyncLine is an fsync in a trace, with the path and the result.
var fsyncLine = regexp.MustCompile(`fsync\(\d+<([^>]*)>\)\s*= (-?\d+)`)

// syncedAgain returns a file that was synced after its sync had failed, or "".
// Directories may be synced again: what matters of them is written anew.
func syncedAgain(trace string) string {
	failed := map[string]bool{}
	for _, m := range fsyncLine.FindAllStringSubmatch(trace, -1) {
		path, result := m[1], m[2]
		if !strings.HasSuffix(path, ".tmp") && !strings.HasSuffix(path, ".recovery") {
			continue
		}
		if failed[path] {
			return path
		}
		failed[path] = result != "0"
	}
	return ""
}
