// Command bench measures this project beside its peers, in one run, and writes
// what it has found to benchmarks.md and benchmarks.svg.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/pprof"
	"slices"
	"strings"
	"time"
)

// options say what to measure.
type options struct {
	// quick measures small samples once, to see that everything works.
	quick bool
	// short measures enough to see a cost that has doubled.
	short bool
	runs  int
	// only and sizes choose subjects and sizes by name; empty, all of them.
	only, sizes []string
	// out is the directory of the report, "" for none.
	out string
	// root is the root of this project's module.
	root string
}

func main() {
	var o options
	var only, sizes, profile string
	flag.BoolVar(&o.quick, "quick", false, "small samples, one run: a smoke test")
	flag.BoolVar(&o.short, "short", false, "the smaller samples, against bounds that a doubled cost breaks")
	flag.IntVar(&o.runs, "runs", 5, "runs of which the median counts")
	flag.StringVar(&only, "only", "", "comma-separated `subjects`: "+strings.Join(subjectNames(), ", "))
	flag.StringVar(&sizes, "sizes", "", "comma-separated `sizes`")
	flag.StringVar(&o.out, "out", "", "the `directory` for benchmarks.md and benchmarks.svg")
	flag.StringVar(&profile, "cpuprofile", "", "write a CPU profile to a `file`")
	flag.Parse()
	o.only, o.sizes, o.root = list(only), list(sizes), filepath.Join("..", "..")
	if err := profiled(profile, func() error { return run(os.Stdout, os.Stderr, o) }); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func list(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, ",")
}

func profiled(name string, f func() error) error {
	if name == "" {
		return f()
	}
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	defer file.Close()
	if err := pprof.StartCPUProfile(file); err != nil {
		return err
	}
	defer pprof.StopCPUProfile()
	return f()
}

// subjects are what is measured of each sample.
var subjects = []struct {
	name    string
	measure func(*meter, sample) error
}{
	{"update", measureKeepers},
	{"first", measureFirst},
	{"parse", measureParse},
	{"encode", measureEncode},
	{"flush", measureFlush},
	{"postgres", measurePostgres},
	{"memory", measureMemory},
}

const (
	generateSubject = "generate"
	startSubject    = "start"
)

func subjectNames() []string {
	var names []string
	for _, s := range subjects {
		names = append(names, s.name)
	}
	return append(names, generateSubject, startSubject)
}

// run measures, and reports to w and to the files of the options.
func run(w, progress io.Writer, o options) error {
	started := time.Now()
	m := &meter{runs: o.runs, atLeast: 200 * time.Millisecond, progress: progress}
	sizes := fullSizes
	held := targets
	switch {
	case o.quick:
		m.runs, m.atLeast, sizes = 1, 0, quickSizes
	case o.short:
		m.runs, m.atLeast, m.comparedOnly, sizes, held = 25, 0, true, fullSizes[:2], bounds
		o.only = []string{"update", "parse", "memory"}
	}
	dir, err := os.MkdirTemp("", "backlog-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	r := report{runs: m.runs, machine: thisMachine(dir), date: started, targets: held}
	for _, s := range sizes {
		if chosen(o.sizes, s.name) {
			if err := measureSize(m, dir, s, o.only); err != nil {
				return fmt.Errorf("%s: %w", s.name, err)
			}
		}
	}
	if chosen(o.only, generateSubject) {
		if err := measureGenerate(m, o.root); err != nil {
			return fmt.Errorf("%s: %w", generateSubject, err)
		}
	}
	if chosen(o.only, startSubject) {
		if err := measureStart(m, dir, o.root); err != nil {
			return fmt.Errorf("%s: %w", startSubject, err)
		}
	}
	r.results, r.took = m.results, time.Since(started)
	if err := r.write(w, o.out); err != nil {
		return err
	}
	if o.quick {
		return nil // one run says nothing
	}
	return r.missed()
}

func measureSize(m *meter, dir string, s size, only []string) error {
	sample, err := newSample(dir, s)
	if err != nil {
		return err
	}
	defer os.Remove(sample.file)
	for _, subject := range subjects {
		if !chosen(only, subject.name) {
			continue
		}
		if err := subject.measure(m, sample); err != nil {
			return fmt.Errorf("%s: %w", subject.name, err)
		}
	}
	return nil
}

// chosen reports whether a list names something; an empty one names all.
func chosen(names []string, name string) bool {
	return len(names) == 0 || slices.Contains(names, name)
}
