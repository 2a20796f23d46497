// Package survey says what is in a JSON file of work: where its lists of objects
// are, and what the objects of a list have in common, key by key. It knows nothing
// of schemas, and chooses nothing.
package survey
