// Package pgstore keeps documents in PostgreSQL, so that programs on several
// machines share one backlog.
//
// A [Store] takes the place of a file:
//
//	pool, err := pgxpool.New(ctx, "") // from the PG environment variables
//	err = pgstore.Migrate(ctx, pool)
//	bt, err := backlog.OpenStore(ctx, pgstore.New(pool, "my-backlog"))
//
// A document is a row for what belongs to no item, and a row per item, in which
// the item's text is as it was: what goes in comes out byte for byte. A flush
// writes the rows of the items that changed, in one transaction, after it has
// made sure that the document is still the one it was based on. Where it is not,
// the store brings the batcher's document up to date by the log of changes, at a
// cost in proportion to what has changed, not to the document's size.
//
// Everything is in the schema "backlog" of the database: see [Migrate].
// The store relies only on what CockroachDB and YugabyteDB have, too. LISTEN and NOTIFY
// are used where they work, to hear of changes sooner.
package pgstore
