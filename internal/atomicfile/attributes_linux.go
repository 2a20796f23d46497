package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// isKept reports whether a new file is to have an attribute of the old one.
// Those that say something of the content, such as a signature, do not fit the
// new one; those of the system in between are its own.
func isKept(name string) bool {
	switch name {
	case posixACL, nfsACL, "security.selinux":
		return true
	}
	return strings.HasPrefix(name, "user.") || strings.HasPrefix(name, "security.SMACK64")
}

// Attributes lists the extended attributes of a file.
func (OS) Attributes(name string) (map[string][]byte, error) {
	attributes, err := readAttributes(
		func(dest []byte) (int, error) { return unix.Llistxattr(name, dest) },
		func(attribute string, dest []byte) (int, error) { return unix.Lgetxattr(name, attribute, dest) })
	if err != nil {
		return nil, &fs.PathError{Op: "read attributes", Path: name, Err: err}
	}
	return attributes, nil
}

// Attributes lists the extended attributes of the file.
func (f OSFile) Attributes() (map[string][]byte, error) {
	var attributes map[string][]byte
	err := f.control("read attributes", func(fd int) (err error) {
		attributes, err = readAttributes(
			func(dest []byte) (int, error) { return unix.Flistxattr(fd, dest) },
			func(attribute string, dest []byte) (int, error) { return unix.Fgetxattr(fd, attribute, dest) })
		return err
	})
	return attributes, err
}

// SetAttribute sets an extended attribute.
func (f OSFile) SetAttribute(name string, value []byte) error {
	return f.control("set attribute", func(fd int) error { return unix.Fsetxattr(fd, name, value, 0) })
}

// RemoveAttribute removes an extended attribute, if the file has it.
func (f OSFile) RemoveAttribute(name string) error {
	return f.control("remove attribute", func(fd int) error {
		err := unix.Fremovexattr(fd, name)
		if errors.Is(err, fs.ErrPermission) {
			// Where the file shows another owner, as on a server that maps all
			// users to one, that is said also of what is not there.
			if _, getErr := unix.Fgetxattr(fd, name, nil); errors.Is(getErr, unix.ENODATA) || noAttributes(getErr) {
				return nil
			}
		}
		if errors.Is(err, unix.ENODATA) || noAttributes(err) {
			return nil
		}
		return err
	})
}

// control does something with the file's descriptor.
func (f OSFile) control(op string, do func(fd int) error) error {
	raw, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var result error
	if err := raw.Control(func(fd uintptr) { result = do(int(fd)) }); err != nil {
		return err
	}
	if result != nil {
		return &fs.PathError{Op: op, Path: f.Name(), Err: result}
	}
	return nil
}

// noAttributes reports whether an error says that a file system has none.
func noAttributes(err error) bool {
	return errors.Is(err, unix.ENOTSUP) || errors.Is(err, unix.ENOSYS)
}

// readAttributes reads the attributes that are kept. Both functions are as the
// system's: without room they return how much they need.
func readAttributes(list func([]byte) (int, error), get func(string, []byte) (int, error)) (map[string][]byte, error) {
	names, err := readGrowing(list)
	if noAttributes(err) || err == nil && len(names) == 0 {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	attributes := map[string][]byte{}
	for name := range strings.SplitSeq(strings.TrimSuffix(string(names), "\x00"), "\x00") {
		if !isKept(name) {
			continue
		}
		value, err := readGrowing(func(dest []byte) (int, error) { return get(name, dest) })
		if errors.Is(err, unix.ENODATA) { // removed meanwhile
			continue
		}
		if err != nil {
			return nil, os.NewSyscallError(name, err)
		}
		attributes[name] = value
	}
	return attributes, nil
}

// readGrowing asks how much there is, and for that. It may have grown meanwhile.
func readGrowing(read func([]byte) (int, error)) ([]byte, error) {
	for {
		size, err := read(nil)
		if err != nil || size == 0 {
			return nil, err
		}
		data := make([]byte, size)
		size, err = read(data)
		if errors.Is(err, unix.ERANGE) {
			continue
		}
		if err != nil {
			return nil, err
		}
		return data[:size], nil
	}
}
