//go:build crash && linux

package filestore_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
	"github.com/backlog-gen/backlog-gen/internal/reliability"
)

// disk is a file system of its own, in a file.
type disk struct {
	t            *testing.T
	image, mount string
}

// fileSystems make a file system in a file: what to run, and how large it has
// to be at least.
var fileSystems = map[string]struct {
	make []string
	size int64
}{
	"ext4": {[]string{"mkfs.ext4", "-q", "-F"}, 64 << 20},
	"xfs":  {[]string{"mkfs.xfs", "-q", "-f"}, 320 << 20},
}

func newDisk(t *testing.T, kind string) *disk {
	t.Helper()
	d := &disk{t: t, image: filepath.Join(t.TempDir(), "image"), mount: filepath.Join(t.TempDir(), "mount")}
	fileSystem := fileSystems[kind]
	if err := errors.Join(os.WriteFile(d.image, nil, 0o600), os.Truncate(d.image, fileSystem.size), os.Mkdir(d.mount, 0o755)); err != nil {
		t.Fatal(err)
	}
	command(t, fileSystem.make[0], append(fileSystem.make[1:], d.image)...)
	d.plug()
	t.Cleanup(func() { _ = exec.Command("umount", d.mount).Run() })
	return d
}

func (d *disk) plug()   { d.t.Helper(); command(d.t, "mount", "-o", "loop", d.image, d.mount) }
func (d *disk) unplug() { d.t.Helper(); command(d.t, "umount", d.mount) }

// cut cuts the power: nothing reaches the disk from now on, and the journal is
// not flushed either.
func (d *disk) cut() {
	d.t.Helper()
	const shutdown, noLogFlush = 0x8004587d, 2 // FS_IOC_SHUTDOWN
	dir, err := os.Open(d.mount)
	if err != nil {
		d.t.Fatal(err)
	}
	defer dir.Close()
	if err := ioctl(dir.Fd(), shutdown, noLogFlush); err != nil {
		d.t.Fatalf("cannot cut the power: %v", err)
	}
}

// runUntilCut starts a program on a file of the disk, lets it report for a
// moment, and cuts the power. It returns the last reports, late ones included.
func (d *disk) runUntilCut(role, name string) map[string]int {
	d.t.Helper()
	cmd := program(d.t, role, name, 0)
	cmd.Stderr = nil // it may complain when the power is gone
	out, err := cmd.StdoutPipe()
	if err != nil {
		d.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		d.t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	var output strings.Builder
	for range 1 + rand.IntN(12) {
		line, err := lines.ReadString('\n')
		if err != nil {
			d.t.Fatal(err)
		}
		output.WriteString(line)
	}
	time.Sleep(time.Duration(rand.IntN(5000)) * time.Microsecond)
	d.cut()
	_ = cmd.Process.Kill()
	rest, err := io.ReadAll(lines)
	if err != nil {
		d.t.Fatal(err)
	}
	_ = cmd.Wait() // killed, or out of power
	output.Write(rest)
	return reports(output.String())
}

const cuts = 60

// newPlan writes a plan to the disk and makes it durable.
func (d *disk) newPlan() string {
	d.t.Helper()
	name := filepath.Join(d.mount, "plan.json")
	writeFile(d.t, name, plantest.Text(1, 1, killTasks))
	command(d.t, "sync", "-f", name)
	return name
}

// TestPowerCut cuts the power under a program that flushes. What a flush had
// acknowledged is there afterwards, in one piece.
func TestPowerCut(t *testing.T) {
	needs(t, "mkfs.ext4", "mkfs.xfs", "mount", "umount")
	all := states(t)
	for kind := range fileSystems {
		t.Run(kind, func(t *testing.T) {
			d := newDisk(t, kind)
			acknowledged := 0
			for range cuts {
				name := d.newPlan()
				last := d.runUntilCut("saver", name)
				d.unplug()
				d.plug()
				if n, ok := updateOf(all, readFile(t, name), last["saved"]); !ok {
					t.Fatalf("update %d was acknowledged, afterwards the file is:\n%s", last["saved"], readFile(t, name))
				} else if n > last["saved"]+1 {
					t.Fatalf("update %d was acknowledged, the file has update %d", last["saved"], n)
				}
				acknowledged += last["saved"] + 1
				b := openStore(t, filestore.New(name))
				if err := b.Close(t.Context()); err != nil {
					t.Fatal(err)
				}
				if left := hiddenFiles(t, name); len(left) > 0 {
					t.Fatalf("left behind: %v", left)
				}
			}
			reliability.Record(t, cuts, fmt.Sprintf("power cuts on %s, after %d acknowledged flushes", kind, acknowledged), 0,
				reliability.Durable, reliability.Whole, reliability.Leakless)
		})
	}
}

// TestPowerCutIsReal does the same to a program that does not sync directories:
// it must lose what it has acknowledged, or the cut proves nothing.
func TestPowerCutIsReal(t *testing.T) {
	needs(t, "mkfs.ext4", "mkfs.xfs", "mount", "umount")
	all := states(t)
	for kind := range fileSystems {
		t.Run(kind, func(t *testing.T) {
			d := newDisk(t, kind)
			for range cuts { // the system may write anything in time
				name := d.newPlan()
				last := d.runUntilCut("careless", name)
				d.unplug()
				d.plug()
				if _, ok := updateOf(all, readFile(t, name), last["saved"]); !ok {
					return
				}
			}
			t.Error("nothing is lost without syncing directories: these are no power cuts")
		})
	}
}

// TestPowerCutAfterPreserve cuts the power under a program that cannot save.
// What it has preserved is recovered.
func TestPowerCutAfterPreserve(t *testing.T) {
	needs(t, "mkfs.ext4", "mkfs.xfs", "mount", "umount")
	all := states(t)
	for kind := range fileSystems {
		t.Run(kind, func(t *testing.T) {
			d := newDisk(t, kind)
			for range cuts {
				name := d.newPlan()
				last := d.runUntilCut("preserver", name)
				d.unplug()
				d.plug()
				afterwards(t, name, all, last["preserved"], func() string { return fmt.Sprint(last) })
			}
			reliability.Record(t, cuts, fmt.Sprintf("power cuts on %s after updates were preserved", kind), 0,
				reliability.NoLoss, reliability.Leakless)
		})
	}
}

// TestFullDisk fills the disk under a batcher with pending updates.
func TestFullDisk(t *testing.T) {
	needs(t, "mkfs.ext4", "mkfs.xfs", "mount", "umount")
	all := states(t)
	test := func(mount string) func(*testing.T) {
		return func(t *testing.T) { fullDisk(t, mount, all) }
	}
	t.Run("tmpfs", func(t *testing.T) {
		mount := t.TempDir()
		command(t, "mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", mount)
		t.Cleanup(func() { _ = exec.Command("umount", mount).Run() })
		test(mount)(t)
	})
	for kind := range fileSystems {
		t.Run(kind, func(t *testing.T) { test(newDisk(t, kind).mount)(t) })
	}
}

func fullDisk(t *testing.T, mount string, all []string) {
	const rounds = 10
	name := filepath.Join(mount, "plan.json")
	filler := filepath.Join(mount, "filler")
	for round := range rounds {
		writeFile(t, name, plantest.Text(1, 1, killTasks))
		b := openStore(t, filestore.New(name))
		updates := 1 + 2000*(round%2) // more need more than the first reserve
		for n := range updates {
			if err := stepTo(t.Context(), b, n); err != nil {
				t.Fatal(err)
			}
		}
		awaitReserved(t, name, int64(updates)*50)
		fill(t, filler)
		for n := updates; n < updates+4; n++ {
			_, err := b.Flush(t.Context())
			var failure *batching.FlushError
			if !errors.As(err, &failure) || !errors.Is(err, syscall.ENOSPC) || failure.PreserveErr != nil {
				t.Fatalf("Flush on a full disk: %v", err)
			}
			if err := stepTo(t.Context(), b, n); err != nil {
				t.Fatal(err)
			}
		}
		if got := readFile(t, name); got != plantest.Text(1, 1, killTasks) {
			t.Fatal("the file has changed")
		}
		if err := b.Close(t.Context()); !errors.Is(err, syscall.ENOSPC) {
			t.Fatalf("Close: %v", err)
		}
		if err := os.Remove(filler); err != nil {
			t.Fatal(err)
		}
		afterwards(t, name, all, updates+3, func() string { return "" })
	}
	reliability.Record(t, rounds, "disks that fill up", 0, reliability.Pending, reliability.NoLoss, reliability.Leakless)
}

// awaitReserved waits until space is reserved for a record of a size, which
// happens beside the updates.
func awaitReserved(t *testing.T, name string, size int64) {
	t.Helper()
	for {
		for _, file := range recoveryFiles(t, name) {
			if info, err := os.Stat(file); err == nil && info.Size() >= 2*max(size, 64<<10) {
				return
			}
		}
		time.Sleep(time.Millisecond)
	}
}

// fill writes until nothing more goes on the disk.
func fill(t *testing.T, name string) {
	t.Helper()
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for size := 1 << 20; size > 0; {
		if _, err := f.Write(make([]byte, size)); err != nil {
			size /= 2
		}
	}
	_ = f.Sync() // delayed allocation may find out only now
	for _, err = f.Write([]byte{0}); err == nil; _, err = f.Write([]byte{0}) {
		continue
	}
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
}
