package pgstore_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/backlog-gen/backlog-gen/batching/pgstore"
	"github.com/backlog-gen/backlog-gen/generated/backlog"
)

// A worker on one of several machines. It is not run here since it needs a
// server: the tests of this package do the same with one.
func Example() {
	ctx := context.Background()
	pool, err := pgxpool.New(ctx, "") // PGHOST, PGDATABASE, PGUSER, …
	if err != nil {
		log.Fatal(err)
	}
	defer pool.Close()
	if err := pgstore.Migrate(ctx, pool); err != nil {
		log.Fatal(err)
	}

	// backlog-gen import --name my-backlog tasks.json has put it there.
	bt, err := backlog.OpenStore(ctx, pgstore.New(pool, "my-backlog"))
	if err != nil {
		log.Fatal(err)
	}
	err = bt.Run(ctx, func(ctx context.Context) error { // closes it, whatever happens
		claims, err := bt.Claim(ctx, "worker-1", 5, time.Minute)
		if err != nil {
			return err
		}
		for _, claim := range claims {
			item, _ := bt.Snapshot().Item(claim.ID)
			fmt.Println("working on", item)
			if _, err := bt.Advance(ctx, claim.ID, backlog.StatusComplete); err != nil {
				return err
			}
		}
		_, err = bt.Flush(ctx)
		return err
	})
	if err != nil {
		log.Println(err)
	}
}
