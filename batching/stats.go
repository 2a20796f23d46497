package batching

import (
	"log/slog"
	"math"
	"time"
)

// Stats says what a flush has done. It is zero if there was nothing to do.
type Stats struct {
	// ItemsWritten is the number of accepted updates that were written, not of
	// different items: two updates of one item count twice.
	ItemsWritten int
	// Attempts is how often the store was asked to save.
	Attempts int
	// Bytes is the size of the document written.
	Bytes int64
	// Duration of the whole flush, waiting for locks and retries included.
	Duration time.Duration
	// Rebased is the number of groups that were applied anew on top of what
	// another writer had stored.
	Rebased int
}

// WriteOpsSaved is how many writes there would have been more, had each update
// been written on its own.
func (s Stats) WriteOpsSaved() int { return max(s.ItemsWritten-1, 0) }

// Efficiency is the percentage of writes saved: two thirds of them, 66.7, for
// three updates in one write.
func (s Stats) Efficiency() float64 {
	if s.ItemsWritten == 0 {
		return 0
	}
	return 100 * float64(s.WriteOpsSaved()) / float64(s.ItemsWritten)
}

// attributes returns the stats for a log record, efficiency with one decimal.
func (s Stats) attributes() []slog.Attr {
	return []slog.Attr{
		slog.Int("items_written", s.ItemsWritten),
		slog.Int("write_ops_saved", s.WriteOpsSaved()),
		slog.Float64("efficiency", math.Round(10*s.Efficiency())/10),
		slog.Int("attempts", s.Attempts),
	}
}
