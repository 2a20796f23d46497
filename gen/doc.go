// Package gen turns a schema into the files of a Go package.
//
// [Generate] is pure: from one model it makes the same files every time, in
// memory. [Check] type-checks them together with what stands in the directory
// they are meant for, before anything is written; [Write] then changes only
// what differs. [Descriptor] is the one mapping from a schema to what the
// engine in package document understands: generated packages hold its result as
// a literal, and the command uses it to read documents without generated code.
package gen
