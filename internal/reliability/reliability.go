// Package reliability collects the figures of the tests that try to break the
// promises of batching and of its file store, and writes a report of them.
package reliability

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Variable is the environment variable that names the file for the figures.
// Without it none are recorded.
const Variable = "RELIABILITY_FIGURES"

// Promise is what is tried to be broken: its number in the report.
type Promise int

// The promises.
const (
	Durable Promise = iota + 1
	Whole
	Pending
	NoLoss
	Machine
	Leakless
)

// String says what is promised.
func (p Promise) String() string {
	return map[Promise]string{
		Durable:  "Flush returned nil: the content survives a power cut.",
		Whole:    "At every instant the file is one whole flushed snapshot.",
		Pending:  "A failure is reported, keeps everything pending, and the next flush succeeds once the cause is gone.",
		NoLoss:   "No accepted update is dropped silently, and nothing that another writer had written is overwritten.",
		Machine:  "No status changes without the machine's consent or a logged force.",
		Leakless: "Nothing is left behind and nothing is left open.",
	}[p]
}

// Figure is what one test has found out.
type Figure struct {
	Test     string
	Promises []Promise
	// Tried is how often it was tried to break them, and How by what.
	Tried int
	How   string
	// Lost is how often that has succeeded.
	Lost int
}

// Cost is how long one operation takes.
type Cost struct {
	Operation string
	Bytes     int64
	Median    time.Duration
}

// entry is one line of the file.
type entry struct {
	Figure *Figure `json:",omitempty"`
	Cost   *Cost   `json:",omitempty"`
}

// Record records the figures of a test.
func Record(t testing.TB, tried int, how string, lost int, promises ...Promise) {
	t.Helper()
	t.Logf("%d × %s; lost: %d", tried, how, lost)
	record(t, entry{Figure: &Figure{Test: t.Name(), Promises: promises, Tried: tried, How: how, Lost: lost}})
}

// RecordCost records how long an operation takes.
func RecordCost(t testing.TB, c Cost) {
	t.Helper()
	t.Logf("%s: %v", c.Operation, c.Median)
	record(t, entry{Cost: &c})
}

func record(t testing.TB, e entry) {
	t.Helper()
	name := os.Getenv(Variable)
	if name == "" {
		return
	}
	line, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.Write(append(line, '\n'))
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Report writes the figures recorded as Markdown. The place says on what kind of
// machine they were measured.
func Report(w io.Writer, figures io.Reader, place string) error {
	var list []Figure
	var costs []Cost
	lines := bufio.NewScanner(figures)
	for lines.Scan() {
		var e entry
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			return err
		}
		if e.Figure != nil {
			list = append(list, *e.Figure)
		}
		if e.Cost != nil {
			costs = append(costs, *e.Cost)
		}
	}
	if err := lines.Err(); err != nil {
		return err
	}
	var b strings.Builder
	b.WriteString("# Reliability\n\n" +
		"What the tests have tried in order to break these promises:\n\n")
	for p := Durable; p <= Leakless; p++ {
		fmt.Fprintf(&b, "%d. %s\n", p, p)
	}
	b.WriteString("\n`make test-crash` runs the tests and writes this page, if all of them pass; do not edit it.\n" +
		"Each trial counts once, whichever promises it tries.\n\n" +
		"Measured on " + place + ".\n\n")
	writeFigures(&b, list)
	writeCosts(&b, costs)
	_, err := io.WriteString(w, b.String())
	return err
}

func writeFigures(b *strings.Builder, list []Figure) {
	slices.SortStableFunc(list, func(x, y Figure) int { return strings.Compare(x.Test, y.Test) })
	b.WriteString("| tried | what | test | promises | lost |\n|---:|---|---|---|---:|\n")
	tried, lost := 0, 0
	for _, f := range list {
		fmt.Fprintf(b, "| %d | %s | `%s` | %s | %d |\n", f.Tried, f.How, f.Test, numbers(f.Promises), f.Lost)
		tried, lost = tried+f.Tried, lost+f.Lost
	}
	fmt.Fprintf(b, "| **%d** | in all | | | **%d** |\n", tried, lost)
}

func numbers(promises []Promise) string {
	var out []string
	for _, p := range promises {
		out = append(out, strconv.Itoa(int(p)))
	}
	return strings.Join(out, ", ")
}

func writeCosts(b *strings.Builder, costs []Cost) {
	if len(costs) == 0 {
		return
	}
	b.WriteString("\n## What durability costs\n\n" +
		"Medians, on the file system of the temporary directory.\n\n" +
		"| bytes | operation | time |\n|---:|---|---:|\n")
	slices.SortStableFunc(costs, func(a, c Cost) int { return cmp.Compare(a.Bytes, c.Bytes) })
	for _, c := range costs {
		fmt.Fprintf(b, "| %d | %s | %v |\n", c.Bytes, c.Operation, c.Median.Round(10*time.Microsecond))
	}
}
