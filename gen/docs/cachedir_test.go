package docs_test

import (
	"os"
	"os/exec"
	"runtime"
	"testing"
)

// TestCacheIsPrivate starts the test again with directories of its own: Graphviz
// must leave nothing in the temporary one, which others can write to, and the
// process must have it back.
func TestCacheIsPrivate(t *testing.T) {
	const marker = "BACKLOG_GEN_TEST_PRINT_TEMPORARY_DIRECTORY"
	if os.Getenv(marker) != "" {
		if _, err := os.Stdout.WriteString(os.TempDir()); err != nil {
			t.Fatal(err)
		}
		os.Exit(0)
	}
	if runtime.GOOS == "windows" {
		t.Skip("the temporary directory is the user's own")
	}
	temporary, home := t.TempDir(), t.TempDir()
	for name, environment := range map[string][]string{
		"with a home":    {"HOME=" + home},
		"without a home": {"HOME=", "XDG_CACHE_HOME="},
	} {
		t.Run(name, func(t *testing.T) {
			command := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestCacheIsPrivate$")
			command.Env = append(append(os.Environ(), marker+"=1", "TMPDIR="+temporary, "XDG_CACHE_HOME="), environment...)
			out, err := command.Output()
			if err != nil {
				t.Fatal(err)
			}
			if string(out) != temporary {
				t.Errorf("the process has %q as temporary directory, want %q", out, temporary)
			}
			if entries, err := os.ReadDir(temporary); err != nil || len(entries) > 0 {
				t.Errorf("the temporary directory holds %v, %v: want nothing", entries, err)
			}
		})
	}
	if entries, err := os.ReadDir(home); err != nil || len(entries) == 0 {
		t.Errorf("nothing is cached at home: %v, %v", entries, err)
	}
}
