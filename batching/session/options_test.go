package session_test

import (
	"errors"
	"os"
	"testing"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/session"
	"github.com/backlog-gen/backlog-gen/generated/backlog"
)

// TestOptionsThatMakeNoSense are refused before anything is made.
func TestOptionsThatMakeNoSense(t *testing.T) {
	for name, opt := range map[string]session.Option{
		"WithLogger":     session.WithLogger(nil),
		"WithGrace":      session.WithGrace(0),
		"WithFlushEvery": session.WithBatching(batching.WithFlushEvery(-1, 0)),
	} {
		t.Run(name, func(t *testing.T) {
			p := newProject(t)
			_, err := session.Init(t.Context(), backlog.Format(), p.plan, p.prd, opt)
			var refused *batching.OptionError
			if !errors.As(err, &refused) || refused.Option != name {
				t.Errorf("Init: %v", err)
			}
			if _, err := os.Lstat(p.plan); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("the plan directory: %v", err)
			}
			if _, err := session.Open(t.Context(), backlog.Format(), p.plan, "001_779c9ecdd0e4", opt); !errors.As(err, &refused) {
				t.Errorf("Open: %v", err)
			}
		})
	}
}
