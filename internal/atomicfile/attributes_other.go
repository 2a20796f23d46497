//go:build !linux && !windows

package atomicfile

import "errors"

// Attributes lists no extended attributes: they are not kept on this platform.
func (OS) Attributes(string) (map[string][]byte, error) { return nil, nil }

// Attributes lists no extended attributes: they are not kept on this platform.
func (f OSFile) Attributes() (map[string][]byte, error) { return nil, nil }

// SetAttribute is not supported.
func (f OSFile) SetAttribute(string, []byte) error { return errors.ErrUnsupported }

// RemoveAttribute has nothing to remove.
func (f OSFile) RemoveAttribute(string) error { return nil }
