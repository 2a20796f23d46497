package batching_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

// failing returns a store on a file that never saves.
func failing(name string) *faultyStore {
	return &faultyStore{Store: filestore.New(name), before: func(int) error { return syscall.ENOSPC }}
}

// abandon closes a batcher that cannot save, which leaves a recovery file.
func abandon(t testing.TB, b *plantest.Batcher) string {
	t.Helper()
	var failure *batching.FlushError
	if err := b.Close(t.Context()); !errors.As(err, &failure) || failure.Preserved == "" {
		t.Fatalf("error %v", err)
	}
	return failure.Preserved
}

func TestRecover(t *testing.T) {
	name := newFile(t, 1, 1, 3)
	before := stored(t, name).String()
	dead := open(t, failing(name))
	id := plantest.TaskID(1, 1, 1)
	update(t, dead, 1, plantest.Active)
	update(t, dead, 1, plantest.Done)
	if _, err := dead.Force(t.Context(), plantest.TaskID(1, 1, 2), plantest.Failed, "it is \x01 so"); err != nil {
		t.Fatal(err)
	}
	if _, err := dead.Edit(t.Context(), func(p plantest.Plan) (plantest.Plan, error) { return p.WithTitle(id, "new") }); err != nil {
		t.Fatal(err)
	}
	if _, err := dead.Flush(t.Context()); err == nil {
		t.Fatal("no error")
	}
	// As long as its owner lives, it is nobody else's.
	var log logBuffer
	b := open(t, filestore.New(name), batching.WithLogger(log.logger()))
	if found := b.Recoverable(); len(found) != 0 {
		t.Errorf("recoverable: %+v", found)
	}
	if stats, err := b.Recover(t.Context()); err != nil || stats.ItemsWritten != 0 {
		t.Errorf("%+v, %v", stats, err)
	}
	place := abandon(t, dead)

	b = open(t, filestore.New(name), batching.WithLogger(log.logger()))
	found := b.Recoverable()
	if len(found) != 1 || found[0].Name != place || len(found[0].Groups) != 4 || found[0].Err != nil || found[0].Saved.IsZero() {
		t.Fatalf("recoverable: %+v", found)
	}
	if got := stored(t, name).String(); got != before || b.Snapshot().String() != before || b.Dirty() {
		t.Error("Open has applied it")
	}
	stats, err := b.Recover(t.Context())
	if err != nil || stats.ItemsWritten != 4 {
		t.Errorf("%+v, %v", stats, err)
	}
	wantStatus(t, stored(t, name), id, plantest.Done)
	wantStatus(t, stored(t, name), plantest.TaskID(1, 1, 2), plantest.Failed)
	if got := stored(t, name).Title(id); got != "new" {
		t.Errorf("title %q", got)
	}
	if len(b.Recoverable()) != 0 {
		t.Error("still recoverable")
	}
	if err := b.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left := recoveryFiles(t, name, false); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
	var messages []string
	for _, record := range log.take(t) {
		if record["level"] == "WARN" {
			messages = append(messages, fmt.Sprint(record["msg"], record["reason"]))
		}
	}
	if got := strings.Join(messages, "; "); got != "Recovery file found<nil>; Status forcedit is \x01 so" {
		t.Errorf("warnings: %s", got)
	}
}

// TestRecoverTheChosenEvent preserves an event that is one of two which lead to a
// status, and the only one that no guard refuses.
func TestRecoverTheChosenEvent(t *testing.T) {
	name := newFile(t, 1, 1, 2)
	story := plantest.MakeID("E1.S1")
	dead := open(t, failing(name))
	if _, err := dead.Edit(t.Context(), func(p plantest.Plan) (plantest.Plan, error) {
		p, err := p.Apply(document.Set(story.Document(), document.Status(plantest.Active)))
		if err != nil {
			return p, err
		}
		return p.Apply(document.Fire(story.Document(), plantest.Waive))
	}); err != nil {
		t.Fatal(err)
	}
	abandon(t, dead)
	b := open(t, filestore.New(name))
	found := b.Recoverable()
	if len(found) != 1 || len(found[0].Groups) != 1 || found[0].Groups[0].String() != "set E1.S1 to Active; fire waive on E1.S1" {
		t.Errorf("recoverable: %v", found)
	}
	rewrite(t, name, plantest.TaskID(1, 1, 1), plantest.Active, true) // so that they are applied anew
	if _, err := b.Recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantStatus(t, stored(t, name), story, plantest.Done)
}

// TestRecoverOrder recovers moves and an addition between others, of which one has
// no sibling any more and one was moved by another writer, too.
func TestRecoverOrder(t *testing.T) {
	name := newFile(t, 1, 1, 5)
	id := func(n int) document.ID { return plantest.TaskID(1, 1, n).Document() }
	story := plantest.MakeID("E1.S1").Document()
	move := func(n int, at document.Place) planEdit {
		return func(p plantest.Plan) (plantest.Plan, error) { return p.Apply(document.Move(id(n), story, at)) }
	}
	dead := open(t, failing(name))
	for _, edit := range []planEdit{
		move(5, document.First()), move(4, document.Before(id(3))), move(2, document.Last()),
		func(p plantest.Plan) (plantest.Plan, error) {
			return p.Apply(document.Change{Op: document.OpAdd, ID: id(6), Edit: &document.Edit{
				Parent: story, Place: document.After(id(1)), Item: `{"id":"E1.S1.T6","title":"new","status":"Open"}`}})
		},
	} {
		if _, err := dead.Edit(t.Context(), edit); err != nil {
			t.Fatal(err)
		}
	}
	abandon(t, dead)
	theirs := stored(t, name)
	for _, edit := range []planEdit{remove("E1.S1.T3"), move(2, document.First())} {
		var err error
		if theirs, err = edit(theirs); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(name, []byte(theirs.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	b := open(t, filestore.New(name))
	_, err := b.Recover(t.Context())
	var conflict *batching.ConflictError
	if !errors.As(err, &conflict) || len(conflict.Groups) != 2 {
		t.Fatalf("error %v", err)
	}
	for _, want := range []string{"E1.S1.T4: it cannot go before E1.S1.T3: there is no such item", "E1.S1.T2: another writer has moved it, too"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error %v does not say %q", err, want)
		}
	}
	above, _ := stored(t, name).Document.Find(story)
	var got []string
	for it := range above.Children() {
		got = append(got, it.ID().String())
	}
	if want := "E1.S1.T5 E1.S1.T2 E1.S1.T1 E1.S1.T6 E1.S1.T4"; strings.Join(got, " ") != want {
		t.Errorf("the order is %v, want %s", got, want)
	}
}

// TestRecoverConflict recovers onto a file that has gone on.
func TestRecoverConflict(t *testing.T) {
	name := newFile(t, 1, 1, 3)
	dead := open(t, failing(name))
	update(t, dead, 1, plantest.Active)
	update(t, dead, 2, plantest.Active)
	abandon(t, dead)
	rewrite(t, name, plantest.TaskID(1, 1, 1), plantest.Done, true)

	b := open(t, filestore.New(name))
	update(t, b, 3, plantest.Active) // pending besides
	stats, err := b.Recover(t.Context())
	var conflict *batching.ConflictError
	if !errors.As(err, &conflict) || len(conflict.Groups) != 1 || stats.ItemsWritten != 2 {
		t.Errorf("%+v, %v", stats, err)
	}
	for task, want := range []plantest.Status{plantest.Done, plantest.Active, plantest.Active} {
		wantStatus(t, stored(t, name), plantest.TaskID(1, 1, task+1), want)
	}
	if left := recoveryFiles(t, name, true); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}

// TestRecoverWhatIsThere recovers updates that are in the file already: the
// flush had failed after all was written. Applied again they would be illegal.
func TestRecoverWhatIsThere(t *testing.T) {
	for _, also := range []bool{false, true} {
		t.Run(fmt.Sprintf("more besides %v", also), func(t *testing.T) {
			name := newFile(t, 1, 1, 3)
			store := &faultyStore{Store: filestore.New(name)}
			store.after = func(n int, err error) error {
				if n == 1 && err == nil {
					return fmt.Errorf("%w: %w", batching.ErrNotDurable, syscall.EIO)
				}
				return err
			}
			store.before = func(n int) error {
				if n > 1 {
					return syscall.ENOSPC
				}
				return nil
			}
			dead := open(t, store)
			update(t, dead, 1, plantest.Active)
			update(t, dead, 1, plantest.Done)
			if _, err := dead.Flush(t.Context()); err == nil {
				t.Fatal("no error")
			}
			if also {
				update(t, dead, 2, plantest.Active)
			}
			abandon(t, dead)
			wantStatus(t, stored(t, name), plantest.TaskID(1, 1, 1), plantest.Done)

			// Another writer comes in between: what the file has already must
			// not be applied to theirs either.
			busy := &faultyStore{Store: filestore.New(name), before: func(n int) error {
				if n == 1 {
					rewrite(t, name, plantest.TaskID(1, 1, 3), plantest.Failed, true)
				}
				return nil
			}}
			b := open(t, busy)
			if _, err := b.Recover(t.Context()); err != nil {
				t.Fatal(err)
			}
			if busy.count() != 2 {
				t.Error("not written again, although it might not have been durable")
			}
			wantStatus(t, stored(t, name), plantest.TaskID(1, 1, 3), plantest.Failed)
			wantStatus(t, stored(t, name), plantest.TaskID(1, 1, 1), plantest.Done)
			if also {
				wantStatus(t, stored(t, name), plantest.TaskID(1, 1, 2), plantest.Active)
			}
			if left := recoveryFiles(t, name, true); len(left) != 0 {
				t.Errorf("left: %v", left)
			}
		})
	}
}

// TestRecoverFails keeps everything when what is recovered cannot be saved.
func TestRecoverFails(t *testing.T) {
	name := newFile(t, 1, 1, 2)
	for task := range 2 { // two programs have died
		dead := open(t, failing(name))
		update(t, dead, task+1, plantest.Active)
		abandon(t, dead)
	}
	b := open(t, failing(name))
	if len(b.Recoverable()) != 2 {
		t.Fatalf("recoverable %v", b.Recoverable())
	}
	var failure *batching.FlushError
	if _, err := b.Recover(t.Context()); !errors.As(err, &failure) || failure.Pending != 2 {
		t.Fatalf("error %v", err)
	}
	if left := recoveryFiles(t, name, true); len(left) != 1 || left[0] != failure.Preserved {
		t.Errorf("%v hold something, want %q alone", left, failure.Preserved)
	}
	abandon(t, b)
	b = open(t, filestore.New(name))
	stats, err := b.Recover(t.Context())
	if err != nil || stats.ItemsWritten != 2 {
		t.Fatalf("%+v, %v", stats, err)
	}
	wantStatus(t, stored(t, name), plantest.TaskID(1, 1, 1), plantest.Active)
	wantStatus(t, stored(t, name), plantest.TaskID(1, 1, 2), plantest.Active)
}

// TestRecoverDamaged reports a damaged recovery file, leaves it alone and
// recovers the others.
func TestRecoverDamaged(t *testing.T) {
	name := newFile(t, 1, 1, 1)
	dead := open(t, failing(name))
	update(t, dead, 1, plantest.Active)
	place := abandon(t, dead)
	data, err := os.ReadFile(place)
	if err != nil {
		t.Fatal(err)
	}
	spoilt := []byte(strings.Replace(string(data), `"set"`, `"sit"`, 1))
	damaged := filepath.Join(filepath.Dir(name), ".plan.json.0000000000000000.recovery")
	if err := os.WriteFile(damaged, spoilt, 0o600); err != nil {
		t.Fatal(err)
	}
	b := open(t, filestore.New(name))
	found := b.Recoverable()
	if len(found) != 2 || found[0].Name != damaged || found[0].Err == nil || found[1].Err != nil {
		t.Fatalf("recoverable %+v", found)
	}
	_, err = b.Recover(t.Context())
	var recovery *batching.RecoveryError
	if !errors.As(err, &recovery) || recovery.Name != damaged {
		t.Errorf("error %v", err)
	}
	wantStatus(t, stored(t, name), plantest.TaskID(1, 1, 1), plantest.Active)
	if err := b.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left := recoveryFiles(t, name, false); len(left) != 1 || left[0] != damaged {
		t.Errorf("left: %v", left)
	}
}

// TestEmptyRecoveryFilesAreRemoved opens a file beside which a killed program
// has left its reserve.
func TestEmptyRecoveryFilesAreRemoved(t *testing.T) {
	name := newFile(t, 1, 1, 1)
	reserve := filepath.Join(filepath.Dir(name), ".plan.json.0123456789abcdef.recovery")
	if err := os.WriteFile(reserve, make([]byte, 64<<10), 0o600); err != nil {
		t.Fatal(err)
	}
	living := open(t, filestore.New(name))
	update(t, living, 1, plantest.Active)
	flush(t, living) // has a reserve of its own
	b := open(t, filestore.New(name))
	if left := recoveryFiles(t, name, false); len(left) != 1 || left[0] == reserve || len(b.Recoverable()) != 0 {
		t.Errorf("left: %v, recoverable %v", left, b.Recoverable())
	}
}

// claimHook is a file store that calls a function in the middle of a recovery.
type claimHook struct {
	*filestore.Store
	claimed func()
}

func (s *claimHook) Extras() batching.Extras {
	extras := s.Store.Extras()
	extras.Recovery = s
	return extras
}

func (s *claimHook) Claim(ctx context.Context, name string) (batching.Recovery, []byte, error) {
	r, data, err := s.Store.Claim(ctx, name)
	if s.claimed != nil {
		s.claimed()
	}
	return r, data, err
}

// TestCloseDuringRecover closes the batcher while it recovers: what it has
// claimed must end in the file or stay where it is.
func TestCloseDuringRecover(t *testing.T) {
	name := newFile(t, 1, 1, 1)
	dead := open(t, failing(name))
	update(t, dead, 1, plantest.Active)
	abandon(t, dead)
	store := &claimHook{Store: filestore.New(name)}
	b := open(t, store)
	closed := make(chan error, 1)
	store.claimed = func() {
		store.claimed = nil
		go func() { closed <- b.Close(context.Background()) }()
		for { // until updates are refused
			if _, err := b.Apply(t.Context()); errors.Is(err, batching.ErrClosed) {
				return
			}
			runtime.Gosched()
		}
	}
	if _, err := b.Recover(t.Context()); err != nil {
		t.Errorf("Recover: %v", err)
	}
	if err := <-closed; err != nil {
		t.Errorf("Close: %v", err)
	}
	wantStatus(t, stored(t, name), plantest.TaskID(1, 1, 1), plantest.Active)
	if left := recoveryFiles(t, name, false); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}

// killedAfterSave leaves beside the file what a program leaves that is killed
// after a flush has replaced the file, and before it has removed its record. An
// earlier flush had failed, and later updates came on top.
func killedAfterSave(t *testing.T, name string, later func(b *plantest.Batcher)) {
	t.Helper()
	var place string
	var record []byte
	store := &faultyStore{Store: filestore.New(name)}
	store.before = func(n int) error {
		if n == 1 {
			return syscall.ENOSPC
		}
		return nil
	}
	store.after = func(n int, err error) error {
		if n == 2 && err == nil { // the file is replaced
			place = recoveryFiles(t, name, true)[0]
			record, err = os.ReadFile(place)
		}
		return err
	}
	b := open(t, store)
	update(t, b, 1, plantest.Active)
	if _, err := b.Flush(t.Context()); err == nil {
		t.Fatal("no error")
	}
	later(b)
	flush(t, b)
	if err := b.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(place, record, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestRecoverWhatWasSaved recovers updates that were saved, with later ones on
// top, by the same program and by others. Nothing of that may be turned back.
func TestRecoverWhatWasSaved(t *testing.T) {
	tests := []struct {
		name   string
		later  func(t *testing.T, b *plantest.Batcher)
		theirs planEdit // nil for none
		left   int
		want   []func(plantest.Plan) error
	}{
		{"our own later update of the item", func(t *testing.T, b *plantest.Batcher) { update(t, b, 1, plantest.Open) }, nil, 0,
			[]func(plantest.Plan) error{status(1, plantest.Open)}},
		{"our own later updates, and another item of theirs", func(t *testing.T, b *plantest.Batcher) {
			update(t, b, 1, plantest.Done)
			update(t, b, 1, plantest.Open)
		}, setStatus(2, plantest.Failed), 0,
			[]func(plantest.Plan) error{status(1, plantest.Open), status(2, plantest.Failed)}},
		{"a later status of theirs", func(t *testing.T, b *plantest.Batcher) {}, setStatus(1, plantest.Failed), 1,
			[]func(plantest.Plan) error{status(1, plantest.Failed)}},
		{"a later title of theirs", func(t *testing.T, b *plantest.Batcher) {
			if _, err := b.Edit(t.Context(), retitle(2, "ours")); err != nil {
				t.Fatal(err)
			}
		}, retitle(2, "theirs"), 1,
			[]func(plantest.Plan) error{status(1, plantest.Active), title("E1.S1.T2", "theirs")}},
		{"an addition, changed by them", func(t *testing.T, b *plantest.Batcher) {
			if _, err := b.Edit(t.Context(), addTask("E1.S1", "ours")); err != nil {
				t.Fatal(err)
			}
			update(t, b, 4, plantest.Active)
		}, retitle(2, "theirs"), 0,
			[]func(plantest.Plan) error{title("E1.S1.T4", "ours"), status(4, plantest.Active), title("E1.S1.T2", "theirs")}},
		{"a removal, and another title of theirs", func(t *testing.T, b *plantest.Batcher) {
			if _, err := b.Edit(t.Context(), remove("E1.S1.T3")); err != nil {
				t.Fatal(err)
			}
		}, retitle(2, "theirs"), 0,
			[]func(plantest.Plan) error{title("E1.S1.T3", ""), title("E1.S1.T2", "theirs")}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			name := newFile(t, 1, 1, 3)
			killedAfterSave(t, name, func(b *plantest.Batcher) { tt.later(t, b) })
			if tt.theirs != nil {
				theirs, err := tt.theirs(stored(t, name))
				if err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(name, []byte(theirs.String()), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			before := stored(t, name).String()
			b := open(t, filestore.New(name))
			_, err := b.Recover(t.Context())
			var conflict *batching.ConflictError
			left := 0
			if errors.As(err, &conflict) {
				left = len(conflict.Groups)
			}
			if left != tt.left {
				t.Errorf("%d groups left out, want %d: %v", left, tt.left, err)
			}
			if got := stored(t, name).String(); got != before {
				t.Errorf("the file was\n%s\nand is\n%s", before, got)
			}
			for _, check := range tt.want {
				if err := check(stored(t, name)); err != nil {
					t.Error(err)
				}
			}
			if left := recoveryFiles(t, name, true); len(left) != 0 || b.Dirty() {
				t.Errorf("left: %v, dirty %v", left, b.Dirty())
			}
		})
	}
}

// TestRecoverBesideAnotherWriter recovers updates that were not saved onto a
// file in which somebody else has changed other things, and the same.
func TestRecoverBesideAnotherWriter(t *testing.T) {
	name := newFile(t, 1, 1, 4)
	dead := open(t, failing(name))
	for _, edit := range []planEdit{retitle(1, "ours"), retitle(2, "ours"), remove("E1.S1.T3"), addTask("E1.S1", "ours"), retitle(5, "ours, better")} {
		if _, err := dead.Edit(t.Context(), edit); err != nil {
			t.Fatal(err)
		}
	}
	abandon(t, dead)
	theirs := stored(t, name)
	for _, edit := range []planEdit{retitle(2, "theirs"), setStatus(3, plantest.Active), addTask("E1.S1", "theirs")} {
		var err error
		if theirs, err = edit(theirs); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(name, []byte(theirs.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	b := open(t, filestore.New(name))
	_, err := b.Recover(t.Context())
	var conflict *batching.ConflictError
	if !errors.As(err, &conflict) || len(conflict.Groups) != 4 {
		t.Errorf("error %v", err)
	}
	for _, check := range []func(plantest.Plan) error{
		title("E1.S1.T1", "ours"), title("E1.S1.T2", "theirs"), status(3, plantest.Active), title("E1.S1.T5", "theirs"),
	} {
		if err := check(stored(t, name)); err != nil {
			t.Error(err)
		}
	}
}
