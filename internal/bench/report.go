package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf8"
)

// report is all that a run has found.
type report struct {
	results []result
	runs    int
	machine machine
	date    time.Time
	took    time.Duration
	// targets are what the results are held against.
	targets []target
}

// write writes the report to w, and to files in a directory unless that is "".
func (r report) write(w io.Writer, dir string) error {
	page := r.markdown()
	if _, err := io.WriteString(w, page); err != nil || dir == "" {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "benchmarks.md"), []byte(page), 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "benchmarks.svg"), []byte(curves(r.results)), 0o644)
}

// markdown returns the report as a page.
func (r report) markdown() string {
	var b strings.Builder
	reached, rows := r.judge()
	fmt.Fprintf(&b, `# Benchmarks

Written by `+"`make bench`"+` on %s, in %s, with %s on %s. Each figure is the median of %s; ± is half of the range from the lowest to the highest. Absolute times are those of this machine; ours and its peers were measured in the same run.

The documents are of the reference format: subtasks of about 525 bytes, ten to a task, or all in one (100k-wide). Items to update and to look up are chosen at random. 1 MB is 10⁶ bytes.

## Figures to reach

%d of %d are reached.

`, r.date.Format("2006-01-02"), r.took.Round(time.Second), r.machine.software, r.machine.hardware, plural(r.runs, "run"), reached, len(rows))
	table(&b, rows)
	b.WriteString("\n## Growth\n\n![Time of an update, a lookup, a parse and a flush from a thousand to a million subtasks](benchmarks.svg)\n")
	for _, s := range sections {
		rows := r.rows(s.whats)
		if s.title == postgresTitle && len(rows) == 0 {
			continue // no server here
		}
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n", s.title, s.text)
		table(&b, rows)
	}
	return b.String()
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

var sections = []struct {
	title, text string
	whats       []string
}{
	{"Update", `UpdateStatus of a Batcher of the generated package, on a store in memory: the item is found by its id, the state machine and the guards are asked (each item has a dependency, and every second update looks at it), a new snapshot is returned, and the change goes to the list of what is pending. A look finds the item in the new snapshot, reads its status, and asks how many are complete. A peer with the same duties asks the same machine, looks at the dependencies, counts the items of each status in every snapshot and keeps a list, too; the others do nothing of that, and only make the snapshot. Scan and copy is the pattern of today's tools: nested slices of structs, looked through for the id, copied on the way to the item. The Map holds pointers to structs by id, the List by position, found with a plain map. A mutex and a plain map, changed in place, are the floor: no snapshots. The first update after Open is compared with the second.`,
		[]string{updateName, lookedName, byTextName, firstName}},
	{"Lookup", `The item with an id, and its status.`, []string{lookupName}},
	{"Parse", `From text to a document with full validation, by Parse, which copies its input, and by ParseOwned, as a file is loaded. The peers look at nothing but JSON, and none of them copies its input first: the ratio to encoding/json is to be reached as a file is loaded. All in one goroutine.`,
		[]string{parseName, ownedName}},
	{"Encode", `To text with a hundred changes: all of it into memory that is there already; and for a flush, which streams it, to a writer that discards it, so that the time is what a flush adds to the write itself.`,
		[]string{encodeName, forFlush}},
	{"Flush", `A hundred changes brought to disk by a Batcher: lock, look at the file, temporary file, sync, rename, sync of the directory. The bare writes replace a file by the same bytes, in one call, with the same syncs and without.`,
		[]string{flushName}},
	{postgresTitle, postgresText, postgresNames()},
	{"Memory", `The heap that a parsed document needs, its text included where it is kept; what each further snapshot adds when it is kept after one update; and a full garbage collection while the document is in memory.`,
		[]string{memoryName, itemMemoryName, besideTextName, retainName, collectName, pauseName}},
	{"Command", `The reference schema read, the files of its package made, and type-checked in place; and the command as a process that prints its help, beside a Go program that does nothing.`, []string{generateName, startName}},
}

// row is a line of a table.
type row [7]string

var header = row{"what", "size", "ours", "peer", "ours is", "target", "met"}

// judge returns a row for each target and size that was measured, and how many
// are met.
func (r report) judge() (reached int, rows []row) {
	for _, t := range r.targets {
		for _, size := range t.sizes {
			mine, ok := find(r.results, t.what, size, ours)
			peer, hasPeer := find(r.results, t.what, size, t.peer)
			if !ok || t.peer != "" && !hasPeer {
				continue
			}
			met := "no"
			switch {
			case t.met(mine, peer):
				met = "yes"
				reached++
			case t.later:
				met = "not yet"
			}
			line := compare(mine, peer)
			line[5], line[6] = t.text, met
			rows = append(rows, line)
		}
	}
	return reached, rows
}

// missed lists the targets that must be met and are not.
func (r report) missed() error {
	_, rows := r.judge()
	var missed []error
	for _, line := range rows {
		if line[6] == "no" {
			missed = append(missed, fmt.Errorf("%s, %s: %s, %s %s: the target is %s", line[0], line[1], line[2], line[3], line[4], line[5]))
		}
	}
	return errors.Join(missed...)
}

// rows returns a row for each peer of what was measured, or one if there are
// none.
func (r report) rows(whats []string) []row {
	var rows []row
	for _, what := range whats {
		for _, mine := range r.results {
			if mine.what != what || mine.contender != ours {
				continue
			}
			alone := true
			for _, peer := range r.results {
				if peer.what == what && peer.size == mine.size && peer.contender != ours {
					rows = append(rows, compare(mine, peer))
					alone = false
				}
			}
			if alone {
				rows = append(rows, compare(mine, result{}))
			}
		}
	}
	return rows
}

// compare returns the row for ours and a peer, which may be zero.
func compare(mine, peer result) row {
	line := row{mine.what, mine.size, mine.String()}
	if peer.what != "" {
		line[3] = peer.contender + ": " + peer.String()
		line[4] = ratio(speedup(mine, peer), mine.unit)
	}
	return line
}

// table writes rows as a table whose columns are aligned in the text, too.
func table(b *strings.Builder, rows []row) {
	if len(rows) == 0 {
		b.WriteString("Not measured.\n")
		return
	}
	lines := append([]row{header}, rows...)
	used := len(header)
	for used > 0 && empty(rows, used-1) {
		used--
	}
	var widths [len(header)]int
	for _, line := range lines {
		for i, cell := range line {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for n, line := range lines {
		for i, cell := range line[:used] {
			b.WriteString("| " + cell + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)) + " ")
		}
		b.WriteString("|\n")
		if n == 0 {
			for _, width := range widths[:used] {
				b.WriteString("| " + strings.Repeat("-", width) + " ")
			}
			b.WriteString("|\n")
		}
	}
}

// empty reports whether a column holds nothing.
func empty(rows []row, column int) bool {
	for _, line := range rows {
		if line[column] != "" {
			return false
		}
	}
	return true
}
