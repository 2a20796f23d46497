package store

import "fmt"

// OptionError refuses an option that makes no sense. Open reports it, also for
// the options of a store, and opens nothing.
type OptionError struct {
	// Option is its name, such as "WithRetry".
	Option string
	// Message says what was given, and what would be accepted.
	Message string
}

// Error names the option, and says what is wrong.
func (e *OptionError) Error() string { return fmt.Sprintf("option %s: %s", e.Option, e.Message) }
