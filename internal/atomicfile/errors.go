package atomicfile

import "fmt"

// NotDurableError reports that the new content is in place, where every reader
// sees it, but that it is not known whether it would survive a power cut. Only
// replacing the file anew can settle that.
type NotDurableError struct {
	Name string
	Err  error
}

// Error says that the file is written but perhaps not durable.
func (e *NotDurableError) Error() string {
	return fmt.Sprintf("%s is replaced, but might not survive a power cut: %v", e.Name, e.Err)
}

// Unwrap returns the cause.
func (e *NotDurableError) Unwrap() error { return e.Err }

// SizeError reports that a file is not as long as what was written to it,
// although no write failed.
type SizeError struct {
	Name          string
	Written, Size int64
}

// Error says how many bytes are missing.
func (e *SizeError) Error() string {
	return fmt.Sprintf("%s has %d bytes after %d were written", e.Name, e.Size, e.Written)
}
