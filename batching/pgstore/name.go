package pgstore

// CheckName returns a *NameError if a document cannot have the name, without
// asking the server.
func CheckName(name string) error { return checkName(name) }
