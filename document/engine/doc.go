// Package engine is what generated packages and stores use of package document,
// and programs do not: the types and functions that generated code is made of, and
// documents in pieces, as a store keeps them.
//
// It changes together with the generator. Code that was generated for another
// version does not compile: generate it again.
package engine
