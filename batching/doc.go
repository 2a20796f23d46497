// Package batching collects updates of a document in memory and writes them in
// one go, without losing any.
//
// A [Batcher] holds the newest snapshot of one document. Every change passes
// the document's gate, so that no status changes without the consent of the
// state machine or a logged force; it is then pending until [Batcher.Flush]
// has saved it. Readers take snapshots and never wait. What is saved, and how,
// is up to a [Store]: package filestore keeps a document in one JSON file,
// package pgstore in PostgreSQL.
//
// What was accepted is not lost: not by an update that arrives during a flush
// (it belongs to the next one), not by a flush that fails (everything stays
// pending, and goes to a recovery file where the store has such), and not by
// another writer, whose changes are taken in before ours are applied anew. The
// few that are no longer legal then are reported by a [ConflictError].
//
// Where several workers share a document, [Batcher.Claim] hands them items to
// work on, each to one worker at a time, if the store keeps leases.
package batching
