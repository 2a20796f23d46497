//go:build !unix

package pgtest

import (
	"os"
	"os/exec"
)

func unprivileged(string) error { return nil }

func asUnprivileged(*exec.Cmd) {}

func killTree(server *os.Process) error { return server.Kill() }
