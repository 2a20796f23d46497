//go:build unix

package session_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/backlog-gen/backlog-gen/batching/session"
	"github.com/backlog-gen/backlog-gen/generated/backlog"
	"github.com/backlog-gen/backlog-gen/internal/pipetest"
)

// TestPipesAreNotRead: that would take for ever.
func TestPipesAreNotRead(t *testing.T) {
	const id = "001_" + prdHash
	load := func(p project) error {
		_, err := session.Load(t.Context(), backlog.Format(), p.path("plan", id), quiet)
		return err
	}
	tests := []struct {
		name, pipe string
		call       func(project) error
	}{
		{"PRD", "PRD.md", func(p project) error {
			_, err := session.Init(t.Context(), backlog.Format(), p.plan, p.prd, quiet)
			return err
		}},
		{"session", "plan/002_aaaaaaaaaaaa", func(p project) error {
			_, err := session.List(t.Context(), p.plan)
			return err
		}},
		{"snapshot", "plan/" + id + "/prd_snapshot.md", load},
		{"parent", "plan/" + id + "/parent_session.txt", load},
		{"backlog", "plan/" + id + "/tasks.json", load},
		{"current item", "plan/" + id + "/current_item.txt", load},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := newProject(t)
			p.write("plan/"+id+"/prd_snapshot.md", prdText)
			pipe := p.path(filepath.FromSlash(test.pipe))
			if err := os.RemoveAll(pipe); err != nil {
				t.Fatal(err)
			}
			if err := pipetest.Make(pipe); err != nil {
				t.Skipf("no pipes here: %v", err)
			}
			if err := test.call(p); !isA[*session.Error](err) {
				t.Error(err)
			}
		})
	}
}
