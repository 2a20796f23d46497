package atomicfile

import (
	"io/fs"

	"golang.org/x/sys/windows"
)

// Attributes returns the list of who may do what with a file, in the words of the
// security descriptor definition language.
func (OS) Attributes(name string) (map[string][]byte, error) {
	descriptor, err := windows.GetNamedSecurityInfo(name, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		return nil, &fs.PathError{Op: "read attributes", Path: name, Err: err}
	}
	return map[string][]byte{windowsACL: []byte(descriptor.String())}, nil
}

// Attributes is that of OS.
func (f OSFile) Attributes() (map[string][]byte, error) { return OS{}.Attributes(f.Name()) }

// SetAttribute sets what Attributes returns.
func (f OSFile) SetAttribute(name string, value []byte) error {
	var err error = windows.ERROR_NOT_SUPPORTED
	if name == windowsACL {
		err = setACL(f.Name(), string(value))
	}
	if err != nil {
		return &fs.PathError{Op: "set attribute", Path: f.Name(), Err: err}
	}
	return nil
}

func setACL(name, text string) error {
	descriptor, err := windows.SecurityDescriptorFromString(text)
	if err != nil {
		return err
	}
	list, _, err := descriptor.DACL()
	if err != nil {
		return err
	}
	control, _, err := descriptor.Control()
	if err != nil {
		return err
	}
	// Whether entries of the directory count as well is part of it.
	inherits := windows.SECURITY_INFORMATION(windows.UNPROTECTED_DACL_SECURITY_INFORMATION)
	if control&windows.SE_DACL_PROTECTED != 0 {
		inherits = windows.PROTECTED_DACL_SECURITY_INFORMATION
	}
	return windows.SetNamedSecurityInfo(name, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION|inherits, nil, nil, list, nil)
}

// RemoveAttribute has nothing to remove.
func (f OSFile) RemoveAttribute(string) error { return nil }
