package batching_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

// TestOptionsThatMakeNoSense are refused by Open, all at once.
func TestOptionsThatMakeNoSense(t *testing.T) {
	tests := []struct {
		name string
		opts []batching.Option
		want []string
	}{
		{"no logger", []batching.Option{batching.WithLogger(nil)}, []string{"option WithLogger: no logger: want one"}},
		{"negative count", []batching.Option{batching.WithFlushEvery(-1, 0)}, []string{"option WithFlushEvery: -1 updates: want 0 or more"}},
		{"negative delay", []batching.Option{batching.WithFlushEvery(0, -time.Second)}, []string{"option WithFlushEvery: a delay of -1s: want 0 or more"}},
		{"no function", []batching.Option{batching.WithOnFlush(nil)}, []string{"option WithOnFlush: no function: want one"}},
		{"no attempts", []batching.Option{batching.WithRetry(batching.RetryPolicy{})}, []string{"option WithRetry: 0 attempts: want at least 1"}},
		{"negative retry", []batching.Option{batching.WithRetry(batching.RetryPolicy{Attempts: 1, Delay: -1})}, []string{"option WithRetry: delays from -1ns to 0s"}},
		{"delays that shrink", []batching.Option{batching.WithRetry(batching.RetryPolicy{Attempts: 2, Delay: time.Second})}, []string{"option WithRetry: delays from 1s to 0s"}},
		{"several", []batching.Option{batching.WithLogger(nil), batching.WithFlushEvery(-1, -1)}, []string{"WithLogger", "-1 updates", "-1ns"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := batching.Open(t.Context(), plantest.Format(), filestore.New(newFile(t, 1, 1, 1)), test.opts...)
			var refused *batching.OptionError
			if !errors.As(err, &refused) {
				t.Fatalf("Open: %v", err)
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q does not say %q", err, want)
				}
			}
			if err := batching.CheckOptions(test.opts...); !errors.As(err, &refused) {
				t.Errorf("CheckOptions: %v", err)
			}
		})
	}
	if err := batching.CheckOptions(batching.WithFlushEvery(0, 0), batching.WithRetry(batching.RetryPolicy{Attempts: 1})); err != nil {
		t.Errorf("options that make sense: %v", err)
	}
	if _, err := batching.Open(t.Context(), plantest.Format(), nil); err == nil || !strings.Contains(err.Error(), "want a format with a type, and a store") {
		t.Errorf("no store: %v", err)
	}
}
