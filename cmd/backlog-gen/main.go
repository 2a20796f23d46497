// Command backlog-gen turns the schema of a backlog format into a Go package.
//
//	backlog-gen generate
//
// reads backlog.yaml in the current directory or above it and writes the
// package's files beside it. See backlog-gen help.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
