package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/backlog-gen/backlog-gen/schema"
)

// loadVersion reads a schema from a file, or from git if there is no such file:
// REV:PATH, or REV for the file current as it was.
func loadVersion(ctx context.Context, version, current string) (*schema.Model, error) {
	switch info, err := os.Stat(version); {
	case err == nil && !info.IsDir(): // a branch may be called like a directory
		return schema.Load(version)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return nil, err
	case version == "", strings.HasPrefix(version, "-"):
		return nil, fmt.Errorf("%q is neither a file nor a revision", version)
	}
	dir, object := ".", version
	if !strings.Contains(version, ":") {
		dir, object = filepath.Dir(current), version+":./"+filepath.Base(current)
	}
	data, err := gitShow(ctx, dir, object)
	if err != nil {
		return nil, fmt.Errorf("%s is not a file, and git has no such version: %w", version, err)
	}
	return schema.Parse(object, data)
}

// gitShow returns a file as git has it. Nothing but git sees the name, and it
// takes what begins with - for no option.
func gitShow(ctx context.Context, dir, object string) ([]byte, error) {
	show := exec.CommandContext(ctx, "git", "-C", dir, "show", "--no-textconv", "--end-of-options", object)
	var stdout, stderr bytes.Buffer
	show.Stdout, show.Stderr = &stdout, &stderr
	if err := show.Run(); err != nil {
		if said := strings.TrimSpace(stderr.String()); said != "" {
			return nil, errors.New(said)
		}
		return nil, err
	}
	return stdout.Bytes(), nil
}
