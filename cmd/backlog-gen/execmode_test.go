package main

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/backlog-gen/backlog-gen/internal/pgtest"
)

// TestExecMode checks that import and export leave no prepared statements with
// the server, which a pooler in transaction mode would lose, where the PG
// variables say how to connect.
func TestExecMode(t *testing.T) {
	url := newDatabase(t)
	wire := newWire(t, url)
	host, port, err := net.SplitHostPort(wire.listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("PGHOST", host)
	t.Setenv("PGPORT", port)
	schema := backlogSchema(t)
	t.Chdir(t.TempDir())
	if err := os.WriteFile("tasks.json", []byte(backlogText), 0o644); err != nil {
		t.Fatal(err)
	}
	steps := []struct {
		args     []string
		prepares bool
	}{
		{[]string{"import", "--schema", schema, "--name", "a", "--exec-mode", "exec", "tasks.json"}, false},
		{[]string{"export", "--name", "a", "--exec-mode", "exec", "back.json"}, false},
		{[]string{"import", "--schema", schema, "--name", "a", "--replace", "--exec-mode", "simple_protocol", "tasks.json"}, false},
		{[]string{"export", "--name", "a", "--exec-mode", "cache_statement", "--force", "back.json"}, true},
		{[]string{"export", "--name", "a", "--force", "back.json"}, true},
	}
	for _, step := range steps {
		wire.prepared.Store(0)
		var out bytes.Buffer
		if code := run(t.Context(), step.args, &out, &out); code != exitClean {
			t.Fatalf("%v: exit code %d: %s", step.args, code, out.String())
		}
		if got := wire.prepared.Load(); (got > 0) != step.prepares {
			t.Errorf("%v: %d statements are prepared", step.args, got)
		}
	}
	if data, err := os.ReadFile("back.json"); err != nil || string(data) != backlogText {
		t.Errorf("%q, %v", data, err)
	}
	var out bytes.Buffer
	code := run(t.Context(), []string{"export", "--name", "a", "--exec-mode", "pool", "never.json"}, &out, &out)
	if want := `no --exec-mode "pool": want cache_describe, cache_statement, describe_exec, exec, simple_protocol`; code != exitFailure || !strings.Contains(out.String(), want) {
		t.Errorf("exit code %d: %s", code, out.String())
	}
}

// wire passes on what a program and its server say, and counts the statements
// that are prepared under a name.
type wire struct {
	listener net.Listener
	prepared atomic.Int32
}

func newWire(t *testing.T, database string) *wire {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{listener: listener}
	network, address := pgtest.Address(t, database)
	var running sync.WaitGroup
	running.Go(func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial(network, address)
			if err != nil {
				client.Close()
				continue
			}
			running.Go(func() {
				defer client.Close()
				_, _ = io.Copy(client, server)
			})
			running.Go(func() {
				defer server.Close()
				w.forward(server, client)
			})
		}
	})
	t.Cleanup(func() {
		listener.Close()
		running.Wait()
	})
	return w
}

// forward passes on what a program says: first how it wants to connect, without
// a type, then messages of a type.
func (w *wire) forward(server io.Writer, client io.Reader) {
	for begun := false; ; begun = true {
		var head []byte
		if begun {
			head = make([]byte, 1)
		}
		size := make([]byte, 4)
		if _, err := io.ReadFull(client, head); err != nil {
			return
		}
		if _, err := io.ReadFull(client, size); err != nil {
			return
		}
		body := make([]byte, binary.BigEndian.Uint32(size)-4)
		if _, err := io.ReadFull(client, body); err != nil {
			return
		}
		if begun && head[0] == 'P' && body[0] != 0 { // Parse, and the name is not empty
			w.prepared.Add(1)
		}
		if _, err := server.Write(append(append(head, size...), body...)); err != nil {
			return
		}
	}
}
