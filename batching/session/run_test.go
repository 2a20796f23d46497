package session_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/session"
	"github.com/backlog-gen/backlog-gen/generated/backlog"
)

// runUntilSignal is a program that works on a session, with one update pending
// when it says that it is ready.
func runUntilSignal(args []string) error {
	ctx := context.Background()
	plan, prd, mode := args[0], args[1], args[2]
	log := session.WithLogger(slog.New(slog.NewJSONHandler(os.Stderr, nil)))
	options := []session.Option{log}
	if len(args) > 3 {
		grace, err := time.ParseDuration(args[3])
		if err != nil {
			return err
		}
		options = append(options, session.WithGrace(grace))
	}
	if mode == "panic in the end" {
		options = append(options, session.WithLogger(slog.New(panickingHandler{slog.DiscardHandler})))
		defer func() {
			_ = recover()
			fmt.Println("recovered")
			_ = waitForEver()
		}()
	}
	s, err := session.Init(ctx, backlog.Format(), plan, prd, options...)
	if err != nil {
		return err
	}
	work := map[string]func(ctx context.Context) error{
		"heed": func(ctx context.Context) error {
			<-ctx.Done()
			return ctx.Err()
		},
		"tell": func(ctx context.Context) error {
			<-ctx.Done()
			fmt.Println("told")
			return ctx.Err()
		},
		"go on": func(ctx context.Context) error {
			<-ctx.Done()
			_, err := s.UpdateStatus(context.Background(), subtask2, backlog.StatusReady)
			return err
		},
		"fail":     func(ctx context.Context) error { <-ctx.Done(); return errors.New("something else") },
		"stubborn": func(context.Context) error { return waitForEver() },
		"panic":    func(context.Context) error { panic("out of order") },
		"end":      func(context.Context) error { return nil },

		"panic in the end": func(context.Context) error { return nil },
	}[mode]
	return s.Run(ctx, func(ctx context.Context) error {
		if mode != "nothing pending" {
			if _, err := s.UpdateStatus(ctx, subtask1, backlog.StatusImplementing); err != nil {
				return err
			}
		}
		fmt.Println("ready")
		if work == nil {
			<-ctx.Done()
			return ctx.Err()
		}
		return work(ctx)
	})
}

// panickingHandler panics instead of logging a flush.
type panickingHandler struct{ slog.Handler }

func (panickingHandler) Enabled(context.Context, slog.Level) bool { return true }

func (panickingHandler) Handle(_ context.Context, r slog.Record) error {
	if r.Message == "Pending updates flushed on shutdown" {
		panic("no log")
	}
	return nil
}

// The logger of the session is one with attributes.
func (h panickingHandler) WithAttrs([]slog.Attr) slog.Handler { return h }

// terminateSelf returns once the program has got its signal: whoever else is to be
// told of it may not know yet.
func terminateSelf() error {
	told := make(chan os.Signal, 1)
	signal.Notify(told, syscall.SIGTERM)
	defer signal.Stop(told)
	self, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = self.Signal(syscall.SIGTERM)
	}
	if err == nil {
		<-told
	}
	return err
}

// waitForEver waits for an end of the input that does not come.
func waitForEver() error {
	_, err := io.ReadAll(os.Stdin)
	return err
}

// running is a program in the role "run" that is ready.
type running struct {
	t      *testing.T
	cmd    *exec.Cmd
	stdin  io.Closer
	stdout *bufio.Reader
	stderr bytes.Buffer
}

func (p project) run(t *testing.T, mode string, args ...string) *running {
	t.Helper()
	return start(t, "run", append([]string{p.plan, p.prd, mode}, args...)...)
}

// start starts a program and waits until it is ready.
func start(t *testing.T, role string, args ...string) *running {
	t.Helper()
	r := &running{t: t, cmd: program(t, role, args...)}
	r.cmd.Stderr = &r.stderr
	out, err := r.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if r.stdin, err = r.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	r.stdout = bufio.NewReader(out)
	if line, err := r.stdout.ReadString('\n'); line != "ready\n" {
		_ = r.cmd.Wait()
		t.Fatalf("the program is not ready: %q, %v\n%s", line, err, &r.stderr)
	}
	return r
}

func (r *running) signal(s os.Signal) {
	r.t.Helper()
	if err := r.cmd.Process.Signal(s); err != nil {
		r.t.Fatal(err)
	}
}

// wait waits for the end of the program and returns how it ended, and what it
// wrote.
func (r *running) wait() (syscall.WaitStatus, string) {
	r.t.Helper()
	err := r.cmd.Wait()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		r.t.Fatal(err)
	}
	return r.cmd.ProcessState.Sys().(syscall.WaitStatus), r.stderr.String()
}

const flushed = `"msg":"Pending updates flushed on shutdown"`

func TestRunEndsOnASignal(t *testing.T) {
	tests := []struct {
		name, mode string
		signal     os.Signal
		want       []string // in what it wrote
		status2    backlog.Status
	}{
		{"SIGINT", "heed", os.Interrupt, []string{flushed, `"cause":"interrupt","updates":1`, "\nended by the signal: interrupt\n"}, backlog.StatusPlanned},
		{"SIGTERM", "heed", syscall.SIGTERM, []string{flushed, `"cause":"terminated","updates":1`, "\nended by the signal: terminated\n"}, backlog.StatusPlanned},
		{"update after the signal", "go on", os.Interrupt, []string{flushed, "\nended by the signal: interrupt\n"}, backlog.StatusReady},
		{"error after the signal", "fail", os.Interrupt, []string{flushed, "\nended by the signal: interrupt\nsomething else\n"}, backlog.StatusPlanned},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := newProject(t)
			id := p.withTasks().Metadata().ID
			r := p.run(t, test.mode)
			wantStatus(t, p.stored(id), subtask1, backlog.StatusPlanned)
			r.signal(test.signal)
			status, output := r.wait()
			if !status.Exited() || status.ExitStatus() != 1 {
				t.Errorf("the program ended with %v", status)
			}
			for _, want := range test.want {
				if !strings.Contains(output, want) {
					t.Errorf("%s is not in:\n%s", want, output)
				}
			}
			if strings.Contains(output, `"cause":"end"`) {
				t.Errorf("a cause is not the signal:\n%s", output)
			}
			if n := strings.Count(output, flushed); n != 1 && test.mode != "go on" {
				t.Errorf("flushed %d times:\n%s", n, output)
			}
			wantStatus(t, p.stored(id), subtask1, backlog.StatusImplementing)
			wantStatus(t, p.stored(id), subtask2, test.status2)
		})
	}
}

// TestRunEndsBeforeTheFlush has work that returns before the flush that the signal
// asks for: when its context ends, or by itself.
func TestRunEndsBeforeTheFlush(t *testing.T) {
	for name, untilEnd := range map[string]bool{"with its context": true, "by itself": false} {
		t.Run(name, func(t *testing.T) {
			p := newProject(t)
			id := p.withTasks().Metadata().ID
			for round := range 50 {
				var log logBuffer
				s := p.load(id, log.option())
				err := s.Run(t.Context(), func(ctx context.Context) error {
					update(t, s, subtask1, []backlog.Status{backlog.StatusImplementing, backlog.StatusPlanned}[round%2])
					if err := terminateSelf(); err != nil {
						return err
					}
					for untilEnd && ctx.Err() == nil {
						runtime.Gosched()
					}
					return ctx.Err()
				})
				var signal *session.SignalError
				if !errors.As(err, &signal) {
					t.Fatal(err)
				}
				diff(t, "log", []map[string]any{{"session": id, "cause": "terminated", "updates": 1.0}}, log.find(t, "Pending updates flushed on shutdown"))
			}
		})
	}
}

func TestRunWithNothingPending(t *testing.T) {
	p := newProject(t)
	p.withTasks()
	r := p.run(t, "nothing pending")
	r.signal(syscall.SIGTERM)
	if _, output := r.wait(); output != "ended by the signal: terminated\n" {
		t.Errorf("got:\n%s", output)
	}
}

// TestSecondSignalIsFatal stops a program that does not listen. What was pending
// has been written by then: after the first signal, nobody waits for the work.
func TestSecondSignalIsFatal(t *testing.T) {
	for _, second := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		t.Run(second.String(), func(t *testing.T) {
			p := newProject(t)
			id := p.withTasks().Metadata().ID
			r := p.run(t, "stubborn")
			r.signal(syscall.SIGINT)
			for item, _ := p.stored(id).Item(subtask1); item.Status() != backlog.StatusImplementing; item, _ = p.stored(id).Item(subtask1) {
				if t.Context().Err() != nil {
					t.Fatal("not flushed")
				}
				time.Sleep(time.Millisecond)
			}
			r.signal(second)
			status, output := r.wait()
			if !status.Signaled() || status.Signal() != second {
				t.Errorf("the program ended with %v\n%s", status, output)
			}
		})
	}
}

func TestRunFlushesOnPanic(t *testing.T) {
	p := newProject(t)
	id := p.withTasks().Metadata().ID
	status, output := p.run(t, "panic").wait()
	if !status.Exited() || status.ExitStatus() != 2 {
		t.Errorf("the program ended with %v", status)
	}
	for _, want := range []string{flushed, `"cause":"panic","updates":1`, "panic: out of order\n", "session_test.runUntilSignal"} {
		if !strings.Contains(output, want) {
			t.Errorf("%s is not in:\n%s", want, output)
		}
	}
	wantStatus(t, p.stored(id), subtask1, backlog.StatusImplementing)
}

// TestRunPanicsInTheEnd has a program go on after a panic in the last flush: signals
// do again what they did before.
func TestRunPanicsInTheEnd(t *testing.T) {
	p := newProject(t)
	p.withTasks()
	r := p.run(t, "panic in the end")
	if line, err := r.stdout.ReadString('\n'); line != "recovered\n" {
		t.Fatalf("the program has not panicked: %q, %v", line, err)
	}
	r.signal(syscall.SIGTERM)
	if status, output := r.wait(); !status.Signaled() || status.Signal() != syscall.SIGTERM {
		t.Errorf("the program ended with %v\n%s", status, output)
	}
}

// TestErrorAfterASignal returns errors that hold the end of the context: only one
// that says nothing else is dropped.
func TestErrorAfterASignal(t *testing.T) {
	loss := errors.New("no more paper")
	conflict := &batching.ConflictError{}
	tests := []struct {
		name string
		err  func(ctx context.Context) error
		want []error // beside the signal
	}{
		{"nothing", func(context.Context) error { return nil }, nil},
		{"canceled", context.Context.Err, nil},
		{"the signal", context.Cause, nil},
		{"wrapped", func(ctx context.Context) error { return fmt.Errorf("work: %w", ctx.Err()) }, nil},
		{"joined", func(ctx context.Context) error {
			return errors.Join(fmt.Errorf("%w, %w", ctx.Err(), context.Cause(ctx)), ctx.Err())
		}, nil},
		{"a loss joined", func(ctx context.Context) error { return errors.Join(loss, ctx.Err()) }, []error{loss}},
		{"a loss wrapped", func(ctx context.Context) error {
			return fmt.Errorf("work: %w", fmt.Errorf("%w: %w", ctx.Err(), loss))
		}, []error{loss}},
		{"a loss with the signal", func(ctx context.Context) error { return errors.Join(context.Cause(ctx), loss) }, []error{loss}},
		{"a flush with conflicts", func(ctx context.Context) error {
			return errors.Join(&batching.FlushError{Err: ctx.Err()}, conflict)
		}, []error{conflict}},
		{"a type of its own", func(ctx context.Context) error {
			return &os.PathError{Op: "write", Path: "paper", Err: ctx.Err()}
		}, []error{context.Canceled}},
	}
	p := newProject(t)
	id := p.withTasks().Metadata().ID
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := p.load(id).Run(t.Context(), func(ctx context.Context) error {
				if err := terminateSelf(); err != nil {
					return err
				}
				<-ctx.Done()
				return test.err(ctx)
			})
			var signal *session.SignalError
			if !errors.As(err, &signal) {
				t.Fatalf("%v is not of the signal", err)
			}
			if alone := err.Error() == signal.Error(); alone != (test.want == nil) {
				t.Errorf("got %v", err)
			}
			for _, want := range test.want {
				if !errors.Is(err, want) {
					t.Errorf("%v has lost %v", err, want)
				}
			}
		})
	}
}

func TestRunFlushesInTheEnd(t *testing.T) {
	p := newProject(t)
	id := p.withTasks().Metadata().ID
	status, output := p.run(t, "end").wait()
	if !status.Exited() || status.ExitStatus() != 0 || !strings.Contains(output, `"cause":"end","updates":1`) {
		t.Errorf("the program ended with %v\n%s", status, output)
	}
	wantStatus(t, p.stored(id), subtask1, backlog.StatusImplementing)
}

func TestRunPanicGoesOn(t *testing.T) {
	p := newProject(t)
	s := p.withTasks()
	cause := errors.New("out of order")
	defer func() {
		if got := recover(); got != cause {
			t.Errorf("the panic is %v now", got)
		}
		wantStatus(t, p.stored(s.Metadata().ID), subtask1, backlog.StatusReady)
	}()
	_ = s.Run(t.Context(), func(context.Context) error {
		update(t, s, subtask1, backlog.StatusReady)
		panic(cause)
	})
}

func TestRunReturnsErrors(t *testing.T) {
	p := newProject(t)
	s := p.withTasks()
	cause := errors.New("no more paper")
	if err := s.Run(t.Context(), func(context.Context) error { return cause }); !errors.Is(err, cause) {
		t.Error(err)
	}
	if _, err := s.UpdateStatus(t.Context(), subtask1, backlog.StatusReady); !errors.Is(err, batching.ErrClosed) {
		t.Errorf("update after Run: %v", err)
	}

	// A context that has ended does not keep the flush from its work.
	ctx, cancel := context.WithCancel(t.Context())
	again := p.load(s.Metadata().ID)
	err := again.Run(ctx, func(ctx context.Context) error {
		update(t, again, subtask1, backlog.StatusReady)
		cancel()
		return ctx.Err()
	})
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	wantStatus(t, p.stored(s.Metadata().ID), subtask1, backlog.StatusReady)
}

// TestRunReportsWhatIsStillPending removes the file before the flush.
func TestRunReportsWhatIsStillPending(t *testing.T) {
	p := newProject(t)
	var log logBuffer
	s := p.withTasks(log.option())
	err := s.Run(t.Context(), func(context.Context) error {
		update(t, s, subtask1, backlog.StatusReady)
		return os.Remove(p.path("plan", s.Metadata().ID, "tasks.json"))
	})
	var failure *batching.FlushError
	if !errors.As(err, &failure) || failure.Pending != 1 || failure.Preserved == "" {
		t.Error(err)
	}
	diff(t, "reported", 1, len(log.find(t, "Pending updates not flushed on shutdown")))
	diff(t, "claimed", 0, len(log.find(t, "Pending updates flushed on shutdown")))
}
