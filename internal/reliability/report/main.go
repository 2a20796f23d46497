// Command report writes docs/reliability.md from the figures that the tests have
// recorded: report FIGURES OUTPUT.
package main

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"strings"

	"github.com/backlog-gen/backlog-gen/internal/atomicfile"
	"github.com/backlog-gen/backlog-gen/internal/reliability"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: report FIGURES OUTPUT")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "report:", err)
		os.Exit(1)
	}
}

func run(figures, output string) error {
	f, err := os.Open(figures)
	if err != nil {
		return err
	}
	defer f.Close()
	var b bytes.Buffer
	if err := reliability.Report(&b, f, place()); err != nil {
		return err
	}
	return atomicfile.WriteFile(output, b.Bytes(), 0o644)
}

// place describes the machine.
func place() string {
	system := runtime.GOOS
	if release, err := os.ReadFile("/proc/sys/kernel/osrelease"); err == nil {
		version, _, _ := strings.Cut(strings.TrimSpace(string(release)), "-")
		system += " " + version
	}
	return fmt.Sprintf("%s/%s, %d cores, %s", system, runtime.GOARCH, runtime.NumCPU(), runtime.Version())
}
