package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
)

const (
	tempSuffix   = ".tmp"
	randomDigits = 16
	// maxNames is how many names are tried; that two of 2^64 meet is an
	// accident, that a hundred do is a broken file system.
	maxNames = 100
)

// HiddenName returns a new random name for a file that belongs to target and
// lies beside it: .NAME.0123456789abcdef.SUFFIX (suffix includes its dot).
func HiddenName(target, suffix string) string {
	dir, base := filepath.Split(target)
	return fmt.Sprintf("%s.%s.%0*x%s", dir, base, randomDigits, rand.Uint64(), suffix)
}

// TempName returns a new name for a file that is to replace target.
func TempName(target string) string { return HiddenName(target, tempSuffix) }

// IsHiddenName reports whether name, without directory, is one that HiddenName
// makes for the target and suffix.
func IsHiddenName(name, target, suffix string) bool {
	rest, ok := strings.CutPrefix(name, "."+filepath.Base(target)+".")
	if !ok {
		return false
	}
	random, ok := strings.CutSuffix(rest, suffix)
	if !ok || len(random) != randomDigits {
		return false
	}
	return strings.Trim(random, "0123456789abcdef") == ""
}

// CreateHidden creates a new file with a name from HiddenName.
func CreateHidden(fsys FS, target, suffix string, perm fs.FileMode) (File, string, error) {
	var last error
	for range maxNames {
		name := HiddenName(target, suffix)
		f, err := fsys.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, perm)
		if err == nil {
			return f, name, nil
		}
		if !errors.Is(err, fs.ErrExist) {
			return nil, "", err
		}
		last = err
	}
	return nil, "", last
}

// StaleTemps returns the temporary files that replacements of target have left
// behind, or are working on.
func StaleTemps(fsys FS, target string) ([]string, error) {
	dir := filepath.Dir(target)
	names, err := fsys.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var temps []string
	for _, name := range names {
		if IsHiddenName(name, target, tempSuffix) {
			temps = append(temps, filepath.Join(dir, name))
		}
	}
	return temps, nil
}

// RemoveStale removes the temporary files of target. The caller holds a lock
// that everyone who replaces target holds: only then is no temporary file in
// use.
func RemoveStale(fsys FS, target string) error {
	temps, err := StaleTemps(fsys, target)
	if err != nil {
		return err
	}
	var errs []error
	for _, name := range temps {
		if err := fsys.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
