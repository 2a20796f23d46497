package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
)

const (
	startName = "the command prints its help"
	emptyName = "a Go program that does nothing"
)

// measureStart runs the command and an empty program as processes.
func measureStart(m *meter, dir, root string) error {
	empty := filepath.Join(dir, "empty.go")
	if err := os.WriteFile(empty, []byte("package main\n\nfunc main() {}\n"), 0o666); err != nil {
		return err
	}
	command, nothing := filepath.Join(dir, "backlog-gen.exe"), filepath.Join(dir, "empty.exe")
	build := exec.Command("go", "build", "-o", command, "./cmd/backlog-gen")
	build.Dir = root
	if err := errors.Join(build.Run(), exec.Command("go", "build", "-o", nothing, empty).Run()); err != nil {
		return err
	}
	return m.time(startName, size{name: warm},
		operation{contender: ours, run: func() error { return exec.Command(command, "help").Run() }},
		operation{contender: emptyName, run: func() error { return exec.Command(nothing).Run() }},
	)
}
