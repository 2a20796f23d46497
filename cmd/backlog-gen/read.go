package main

import (
	"io"
	"os"
	"strings"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/internal/regularfile"
)

// readFile reads a regular file. It refuses everything else at once: a pipe that
// nobody writes to would be waited for without an end, and what is larger than
// any document would not fit into the memory.
func readFile(path string) ([]byte, error) { return regularfile.Read(path, document.MaxSize) }

// readDocument reads a regular file, the standard input where it is called -, or
// a descriptor that the shell has opened, such as /dev/stdin: what is read there
// has somebody who writes it.
func readDocument(stdin io.Reader, path string) ([]byte, error) {
	switch {
	case path == "-":
		return regularfile.ReadAll(stdin, document.MaxSize)
	case isStream(path):
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		return regularfile.ReadAll(f, document.MaxSize)
	}
	return readFile(path)
}

// isStream reports whether a name stands for what the command is given open.
func isStream(path string) bool {
	return path == "-" || path == "/dev/stdin" || strings.HasPrefix(path, "/dev/fd/")
}
