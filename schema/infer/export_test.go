package infer

import "github.com/backlog-gen/backlog-gen/schema"

// Ahead guesses a schema in all that the language has, whether the engine knows it
// yet or not.
func Ahead(packageName string, data []byte) (*Guess, error) {
	return guess(packageName, data, schema.ParseAhead)
}
