package session_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/backlog-gen/backlog-gen/batching/session"
	"github.com/backlog-gen/backlog-gen/generated/backlog"
)

// A pipeline makes a session for a PRD, works on its backlog, and derives another
// session when the PRD has changed.
func Example() {
	dir, err := os.MkdirTemp("", "session")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	prd, plan := filepath.Join(dir, "PRD.md"), filepath.Join(dir, "plan")
	if err := work(context.Background(), prd, plan); err != nil {
		fmt.Println(err)
	}
	// Output:
	// 001_779c9ecdd0e4, sequence 1
	// Phase P1 "Import" (Implementing)
	// changed: true
	// 002_cebc872b5b3e, derived from 001_779c9ecdd0e4
	// changed: ## Import (line 3)
	// added: ## Export (line 7)
	// Phase P1 "Import" (Planned)
}

func work(ctx context.Context, prd, plan string) error {
	if err := os.WriteFile(prd, []byte("# Product\n\n## Import\n\nReads files.\n"), 0o644); err != nil {
		return err
	}
	quiet := session.WithLogger(slog.New(slog.DiscardHandler))
	s, err := session.Init(ctx, backlog.Format(), plan, prd, quiet)
	if err != nil {
		return err
	}
	return s.Run(ctx, func(ctx context.Context) error { // closes it, whatever happens
		fmt.Printf("%s, sequence %d\n", s.Metadata(), s.Metadata().Sequence)
		b, err := backlog.New().AddPhase(backlog.PhaseSpec{ID: backlog.MustPhaseID("P1"), Title: "Import", Description: "Read it all."})
		if err != nil {
			return err
		}
		if err := s.Save(ctx, b); err != nil {
			return err
		}
		id := backlog.MustItemID("P1")
		if b, err = s.UpdateStatus(ctx, id, backlog.StatusImplementing); err != nil {
			return err
		}
		item, _ := b.Item(id)
		fmt.Println(item)
		return derive(ctx, s, prd, id)
	})
}

func derive(ctx context.Context, s *session.Session[backlog.Backlog, backlog.ItemID, backlog.Status], prd string, id backlog.ItemID) error {
	if err := os.WriteFile(prd, []byte("# Product\n\n## Import\n\nReads pipes.\n\n## Export\n"), 0o644); err != nil {
		return err
	}
	changed, err := s.Changed(ctx)
	if err != nil {
		return err
	}
	fmt.Println("changed:", changed)
	delta, err := s.CreateDelta(ctx, prd, &session.Carry[backlog.ItemID]{Reset: []backlog.ItemID{id}})
	if err != nil {
		return err
	}
	fmt.Printf("%s, derived from %s\n", delta.Session.Metadata(), delta.Session.Metadata().Parent)
	fmt.Print(delta.Summary())
	item, _ := delta.Session.Backlog().Item(id)
	fmt.Println(item)
	return delta.Session.Close(ctx)
}
