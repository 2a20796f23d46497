// Package cachedir keeps Graphviz' cache of machine code out of the shared
// temporary directory.
//
// When it is initialized, go-graphviz v0.2.9 compiles Graphviz and keeps the
// result in $TMPDIR/go-graphviz, which on most systems is /tmp/go-graphviz: a
// directory that any other user of the machine may have made, and filled with
// code of theirs. The library has no setting for it. So this package, which is
// initialized before (Go initializes in the order of import paths what does not
// depend on each other), puts the user's own cache directory in place of the
// temporary one, and [Restore] puts that back as soon as Graphviz is there.
package cachedir

import (
	"os"
	"path/filepath"
	"runtime"
)

// restore gives the process its temporary directory back.
var restore = redirect()

// Restore ends the redirection. To be called once, from the initialization of
// the package that imports Graphviz.
func Restore() bool {
	restore()
	return true
}

const variable = "TMPDIR"

func redirect() func() {
	if runtime.GOOS == "windows" {
		return func() {} // there, the temporary directory is the user's own
	}
	old, was := os.LookupEnv(variable)
	if os.Setenv(variable, private()) != nil {
		return func() {}
	}
	return func() {
		// Setting what was set before cannot fail.
		if was {
			_ = os.Setenv(variable, old)
		} else {
			_ = os.Unsetenv(variable)
		}
	}
}

// private returns a directory that only the user can write to. Without one it
// is a path below which there can be none, so that nothing is cached and
// Graphviz is compiled anew.
func private() string {
	const none = os.DevNull
	base, err := os.UserCacheDir()
	if err != nil {
		return none
	}
	dir := filepath.Join(base, "backlog-gen")
	if os.MkdirAll(dir, 0o700) != nil || os.Chmod(dir, 0o700) != nil {
		return none
	}
	return dir
}
