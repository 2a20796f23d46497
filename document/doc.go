// Package document holds backlogs as immutable, lossless documents.
//
// An item is its text. A [Document] keeps the source text, a pointer-free shape
// that says where each item and each known value lies in it, and the statuses of
// all items in a packed persistent column. What differs between two snapshots is
// a short path of the column and the text of edited items; all the rest is
// shared. So a snapshot costs a few hundred bytes, and writing a document copies
// its source text but for what was changed: keys that nobody knows, their order,
// spacing, escapes and the spelling of numbers come back as they were read.
//
// What a document may look like is said by a [Descriptor], compiled into a
// [Type]. The only way from one snapshot to the next is [Document.Apply].
//
// All types are safe for concurrent use.
package document
