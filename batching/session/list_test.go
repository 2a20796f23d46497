package session_test

import (
	"errors"
	"io/fs"
	"testing"

	"github.com/backlog-gen/backlog-gen/batching/session"
)

const (
	first  = "001_aaaaaaaaaaaa"
	second = "002_bbbbbbbbbbbb"
	third  = "003_cccccccccccc"
)

func TestList(t *testing.T) {
	p := newProject(t)
	p.write("plan/"+third+"/parent_session.txt", second)
	p.write("plan/"+first+"/tasks.json", "not read")
	p.write("plan/"+second+"/x", "")
	p.write("plan/1000_dddddddddddd/x", "")
	p.write("plan/notes/x", "")
	p.write("plan/4_eeeeeeeeeeee/x", "")
	p.write("plan/PRD.md", "")
	got, err := session.List(t.Context(), p.plan)
	if err != nil {
		t.Fatal(err)
	}
	diff(t, "sessions", []session.Metadata{
		{ID: first, Sequence: 1, Hash: "aaaaaaaaaaaa", PlanDir: p.plan},
		{ID: second, Sequence: 2, Hash: "bbbbbbbbbbbb", PlanDir: p.plan},
		{ID: third, Sequence: 3, Hash: "cccccccccccc", Parent: second, PlanDir: p.plan},
		{ID: "1000_dddddddddddd", Sequence: 1000, Hash: "dddddddddddd", PlanDir: p.plan},
	}, got)
}

func TestListOfNoPlanDirectory(t *testing.T) {
	p := newProject(t)
	if got := p.list(); got != nil {
		t.Errorf("sessions: %v", got)
	}
	_, err := session.Latest(t.Context(), p.plan)
	if !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	wantPath(t, err, "find latest", p.plan)
	p.write("plan", "a file in its place")
	_, err = session.List(t.Context(), p.plan)
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file in place of the plan directory: %v", err)
	}
	wantPath(t, err, "list", p.plan)
}

// TestListReportsWhatItCannotRead: none of it stops the list.
func TestListReportsWhatItCannotRead(t *testing.T) {
	p := newProject(t)
	p.write("plan/"+first+"/x", "")
	p.write("plan/002_000000000001", "a file in place of a directory")
	p.link("002_000000000002", "plan/002_000000000002")
	p.link("gone", "plan/002_000000000003")
	p.write("plan/002_000000000004/parent_session.txt", "nobody")
	p.write("plan/"+third+"/x", "")
	got, err := session.List(t.Context(), p.plan)
	diff(t, "sessions", []string{first, third}, ids(got))
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		t.Fatalf("got %v, want several errors", err)
	}
	var paths []string
	for _, err := range joined.Unwrap() {
		var e *session.Error
		if !errors.As(err, &e) {
			t.Fatal(err)
		}
		paths = append(paths, e.Path)
	}
	diff(t, "reported", []string{
		p.path("plan/002_000000000001"), p.path("plan/002_000000000002"), p.path("plan/002_000000000003"),
		p.path("plan/002_000000000004/parent_session.txt"),
	}, paths)
}

func TestLatestAndFindByPRD(t *testing.T) {
	p := newProject(t)
	p.write("plan/002_"+prdHash+"/x", "")
	p.write("plan/010_"+prdHash+"/x", "")
	p.write("plan/011_aaaaaaaaaaaa/x", "")
	p.write("plan/001_bbbbbbbbbbbb", "a file, but of no matter")
	latest, err := session.Latest(t.Context(), p.plan)
	if err != nil {
		t.Fatal(err)
	}
	diff(t, "latest", "011_aaaaaaaaaaaa", latest.ID)
	found, err := session.FindByPRD(t.Context(), p.plan, p.prd)
	if err != nil {
		t.Fatal(err)
	}
	diff(t, "by PRD", "010_"+prdHash, found.ID)
	p.write("PRD.md", "another")
	_, err = session.FindByPRD(t.Context(), p.plan, p.prd)
	if !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	wantPath(t, err, "find by PRD", p.plan)
	if _, err = session.FindByPRD(t.Context(), p.plan, p.path("none.md")); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}

	p.write("plan/012_cccccccccccc", "a file in place of the latest")
	if _, err := session.Latest(t.Context(), p.plan); err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the latest cannot be read, but: %v", err)
	}
}

func TestLineage(t *testing.T) {
	tests := []struct {
		name    string
		parents map[string]string // of the sessions that are there
		want    []string
		isWrong func(error) bool
	}{
		{"none", map[string]string{third: ""}, []string{third}, nil},
		{"two", map[string]string{first: "", second: first, third: second}, []string{third, second, first}, nil},
		{"skipping one", map[string]string{first: "", second: "", third: first}, []string{third, first}, nil},
		{"gone", map[string]string{second: first, third: second}, []string{third, second}, func(err error) bool { return errors.Is(err, fs.ErrNotExist) }},
		{"gone, by number", map[string]string{third: "1"}, []string{third}, func(err error) bool { return errors.Is(err, fs.ErrNotExist) }},
		{"a circle", map[string]string{first: third, second: first, third: second}, []string{third, second, first}, isA[*session.Error]},
		{"of itself", map[string]string{third: third}, []string{third}, isA[*session.Error]},
		{"not a name", map[string]string{second: "nobody", third: second}, []string{third}, isA[*session.NameError]},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := newProject(t)
			for id, parent := range test.parents {
				p.write("plan/"+id+"/parent_session.txt", parent+"\n")
			}
			latest, err := session.Latest(t.Context(), p.plan)
			if err != nil {
				t.Fatal(err)
			}
			got, err := session.Lineage(t.Context(), latest)
			diff(t, "lineage", test.want, ids(got))
			if test.isWrong == nil && err != nil || test.isWrong != nil && (err == nil || !test.isWrong(err)) {
				t.Error(err)
			}
		})
	}
}

func TestParent(t *testing.T) {
	p := newProject(t)
	p.write("plan/"+first+"/x", "")
	p.write("plan/"+second+"/delta_from.txt", "001")
	latest, err := session.Latest(t.Context(), p.plan)
	if err != nil {
		t.Fatal(err)
	}
	parent, err := session.Parent(t.Context(), latest)
	if err != nil {
		t.Fatal(err)
	}
	diff(t, "parent", first, parent.ID)
	_, err = session.Parent(t.Context(), parent)
	if !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	wantPath(t, err, "find parent", parent.Dir())
}
