// Package document holds backlogs as documents that never change and lose
// nothing.
//
// A [Document] is a snapshot of a backlog. It keeps the text that it was read
// from, where each item and each known value lies in it, and the statuses of
// all items. Snapshots share what they have in common, so a new one costs a few
// hundred bytes. What nobody changed is written byte for byte as it was read:
// unknown keys, order, spacing, escapes, the spelling of numbers.
//
// A [Type] reads the documents of one format. It is made of a
// [format.Descriptor]. [Document.Apply] is the only way from one snapshot to
// the next.
//
// All types are safe for concurrent use. Package engine has what generated code
// and stores need beside this.
package document
