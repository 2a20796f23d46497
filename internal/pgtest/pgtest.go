// Package pgtest starts private PostgreSQL servers for tests.
package pgtest

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// ServerVariable names a server for the tests that share one: its URL, for a role
// that may create databases. Without it, a private one is started.
const ServerVariable = "POSTGRES_SERVER"

// RequiredVariable makes tests fail, not skip, where there is no server.
const RequiredVariable = "POSTGRES_REQUIRED"

// SkipVariable makes tests skip even where there is a server: make test leaves them
// to make test-postgres.
const SkipVariable = "POSTGRES_SKIP"

// Server is a PostgreSQL server of one test, or of the tests of one package. It
// listens on a Unix socket in a folder of its own, and on no port that somebody
// else could take. It asks for no password.
type Server struct {
	url      string // of a server that is not ours
	dir, bin string
	settings []string
	mu       sync.Mutex
	running  *exec.Cmd
	ended    chan error // what became of it
	log      bytes.Buffer
}

// ErrNoServer says that the programs of PostgreSQL are not on this machine.
var ErrNoServer = errors.New("no PostgreSQL server on this machine (apt-get install postgresql)")

// Shared returns a function that starts a server when it is first called, and
// one that removes it, for TestMain. Where the server's programs are missing,
// the test is skipped, or fails if the environment has CI or POSTGRES_REQUIRED. With
// POSTGRES_SKIP in the environment, it is skipped everywhere.
func Shared() (get func(testing.TB) *Server, remove func()) {
	start := sync.OnceValues(func() (*Server, error) {
		if url := os.Getenv(ServerVariable); url != "" {
			return &Server{url: url}, nil
		}
		return Start(quick)
	})
	var used atomic.Bool
	get = func(t testing.TB) *Server {
		t.Helper()
		skip(t)
		used.Store(true)
		s, err := start()
		demand(t, err)
		return s
	}
	return get, func() {
		if used.Load() {
			if s, err := start(); err == nil {
				s.Remove()
			}
		}
	}
}

// New starts a server of the test's own.
func New(t testing.TB) *Server {
	t.Helper()
	skip(t)
	s, err := Start(quick)
	demand(t, err)
	t.Cleanup(s.Remove)
	return s
}

func skip(t testing.TB) {
	t.Helper()
	if os.Getenv(SkipVariable) != "" {
		t.Skip(SkipVariable + " is set: make test-postgres tests with a PostgreSQL server")
	}
}

func demand(t testing.TB, err error) {
	t.Helper()
	required := os.Getenv("CI") != "" || os.Getenv(RequiredVariable) != ""
	if errors.Is(err, ErrNoServer) && !required {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// quick does without what only a power cut would show: what a server that is
// killed has written, the system still has.
const quick = "fsync=off"

// Start makes a new cluster and starts it, with settings of the server such as
// "fsync=off".
func Start(settings ...string) (*Server, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "pgtest") // short: it is part of a socket's name
	if err != nil {
		return nil, err
	}
	s := &Server{dir: dir, bin: bin, settings: settings}
	if err := s.create(); err != nil {
		s.Remove()
		return nil, err
	}
	return s, nil
}

func (s *Server) create() error {
	if err := unprivileged(s.dir); err != nil {
		return err
	}
	initdb := exec.Command(filepath.Join(s.bin, "initdb"), "-D", s.data(), "--no-sync", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C")
	asUnprivileged(initdb)
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	return s.Restart()
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

// binaries returns the folder of initdb and postgres: that of the path, or where
// Debian puts the newest version.
func binaries() (string, error) {
	if initdb, err := exec.LookPath("initdb"); err == nil {
		if real, err := filepath.EvalSymlinks(initdb); err == nil {
			return filepath.Dir(real), nil
		}
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return "", ErrNoServer
	}
	version := func(name string) int {
		n, _ := strconv.Atoi(strings.Split(name, "/")[4])
		return n
	}
	slices.SortFunc(found, func(a, b string) int { return version(a) - version(b) })
	return filepath.Dir(found[len(found)-1]), nil
}

// port is part of the socket's name.
const port = "5432"

// Restart starts the server again after Kill, and waits until it answers.
func (s *Server) Restart() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	args := []string{"-D", s.data(), "-k", s.dir, "-h", "", "-p", port, "-c", "log_min_messages=fatal"}
	for _, setting := range append([]string{"max_connections=200"}, s.settings...) {
		args = append(args, "-c", setting)
	}
	cmd := exec.Command(filepath.Join(s.bin, "postgres"), args...)
	asUnprivileged(cmd)
	cmd.Stdout, cmd.Stderr = &s.log, &s.log
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for {
		err := s.answers()
		if err == nil {
			s.running, s.ended = cmd, ended
			return nil
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-ended:
			return fmt.Errorf("the server does not answer: %w\n%s", err, s.log.String())
		}
	}
}

func (s *Server) answers() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	pool, err := pgxpool.New(ctx, s.URL())
	if err != nil {
		return err
	}
	defer pool.Close()
	return pool.Ping(ctx)
}

// Kill ends the server and all its processes at once, as a crash does.
func (s *Server) Kill() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running == nil {
		return nil
	}
	err := killTree(s.running.Process)
	<-s.ended
	s.running = nil
	return err
}

// Remove ends the server and removes its files.
func (s *Server) Remove() {
	if s.url != "" {
		return
	}
	_ = s.Kill()
	_ = os.RemoveAll(s.dir)
}

// URL is how to connect to the server: to one of ours, through its socket. The
// database that it names is not for tests: see Database.
func (s *Server) URL() string {
	if s.url != "" {
		return s.url
	}
	at := url.URL{
		Scheme: "postgres", User: url.User("postgres"), Path: "/postgres",
		RawQuery: url.Values{"host": {s.dir}, "port": {port}, "sslmode": {"disable"}}.Encode(),
	}
	return at.String()
}

// Database makes a new, empty database for the test, and returns the URL of it.
// The options are those of CREATE DATABASE.
func (s *Server) Database(t testing.TB, options ...string) (at string) {
	t.Helper()
	name := "test_" + strings.ToLower(rand.Text())
	s.exec(t, t.Context(), "CREATE DATABASE "+name+" "+strings.Join(options, " "))
	if s.url != "" {
		t.Cleanup(func() { s.exec(t, context.Background(), "DROP DATABASE "+name) })
	}
	return Edit(t, s.URL(), func(u *url.URL) { u.Path = "/" + name })
}

func (s *Server) exec(t testing.TB, ctx context.Context, statement string) {
	t.Helper()
	pool, err := pgxpool.New(ctx, s.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	if _, err := pool.Exec(ctx, statement); err != nil {
		t.Fatal(err)
	}
}

// Pool returns connections to a database, for as long as the test runs.
func Pool(t testing.TB, url string) *pgxpool.Pool {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}
