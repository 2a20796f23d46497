package main

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const watched = `package: {name: plan, root: Plan}
document: {shapes: [{kind: object, lists: {epics: Epic}}]}
statuses: {open: {category: todo}, closed: {category: done}}
events: {close: {}, reopen: {}}
machines:
  life:
    initial: open
    transitions:
      - {event: close, from: [open], to: closed}
      - {event: reopen, from: [closed], to: open}
levels:
  Epic:
    id: {kind: path, prefix: E}
`

// save puts a file in place as editors do, so that no half of it is ever seen.
func save(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path+"~", []byte(content), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+"~", path); err != nil {
		t.Fatal(err)
	}
}

func TestWatchGeneratesOnEverySave(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, schemaName)
	save(t, path, watched)
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	watch := exec.Command("backlog-gen", "generate", "--watch")
	watch.Dir = dir
	watch.Stdout, watch.Stderr = writer, writer
	if err := watch.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = watch.Process.Kill() }() // if the test has failed
	writer.Close()
	output := bufio.NewScanner(reader)
	// await reads what the command says until it watches again.
	await := func(wants ...string) {
		t.Helper()
		var said strings.Builder
		for output.Scan() {
			said.WriteString(output.Text() + "\n")
			if strings.Contains(output.Text(), "; watching, ") {
				break
			}
		}
		for _, want := range wants {
			if !strings.Contains(said.String(), want) {
				t.Fatalf("want %q, got:\n%s", want, said.String())
			}
		}
	}
	await("create epic.gen.go", "backlog.yaml: up to date; watching")
	save(t, path, strings.Replace(watched, "kind: path", "kind: paht", 1))
	await("backlog.yaml:13:16: ", "[invalid-value]", "backlog.yaml: not up to date; watching")
	save(t, path, strings.ReplaceAll(watched, "Epic", "Saga"))
	await("create saga.gen.go", "remove epic.gen.go", "backlog.yaml: up to date; watching")
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	await("no such file", "not up to date; watching")
	save(t, path, watched)
	await("create epic.gen.go", "remove saga.gen.go", "backlog.yaml: up to date; watching")

	if err := watch.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	for output.Scan() {
		t.Errorf("said when interrupted: %s", output.Text())
	}
	if err := watch.Wait(); err != nil {
		t.Errorf("interrupted: %v", err)
	}
}
