package pgstore_test

import "context"

// roleVariable makes the test binary play a program that uses the store.
const roleVariable = "PGSTORE_TEST_ROLE"

// roles are the programs that the test binary can play: each is given how to
// connect to the database, and a name.
func roles() map[string]func(ctx context.Context, url, name string) error {
	return map[string]func(ctx context.Context, url, name string) error{}
}
