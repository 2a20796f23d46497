package batching

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"

	"github.com/backlog-gen/backlog-gen/batching/internal/recovery"
	"github.com/backlog-gen/backlog-gen/document"
)

// abandoned are the recovery files that ended programs have left in a store.
type abandoned struct {
	store RecoveryStore // nil if there is no place for them
	typ   *document.Type
	log   *slog.Logger

	mu sync.Mutex
	// list is what find has found, but for what was claimed since.
	list []Recoverable
}

// find lists and logs what there is.
func (a *abandoned) find(ctx context.Context) {
	if a.store == nil {
		return
	}
	names, err := a.names(ctx)
	if err != nil {
		a.log.LogAttrs(ctx, slog.LevelWarn, "Cannot look for recovery files", slog.Any("error", err))
	}
	for _, name := range names {
		found, ok := a.inspect(ctx, name)
		if !ok {
			continue
		}
		a.list = append(a.list, found)
		attributes := []slog.Attr{slog.String("recovery", name), slog.Int("groups", len(found.Groups))}
		if found.Err != nil {
			attributes = append(attributes, slog.Any("error", found.Err))
		}
		a.log.LogAttrs(ctx, slog.LevelWarn, "Recovery file found", attributes...)
	}
}

// names returns the names of the files in order, also with an error: one that
// cannot be looked at keeps nobody from recovering the others.
func (a *abandoned) names(ctx context.Context) ([]string, error) {
	names, err := a.store.Abandoned(ctx)
	return slices.Sorted(slices.Values(names)), err
}

// inspect reads a file and leaves it there.
func (a *abandoned) inspect(ctx context.Context, name string) (Recoverable, bool) {
	found := Recoverable{Name: name}
	place, r, err := a.claim(ctx, name)
	if place == nil && err == nil {
		return found, false
	}
	if place != nil {
		err = errors.Join(err, place.Close())
	}
	if err != nil {
		found.Err = err
		return found, true
	}
	found.Saved, found.Groups = r.Saved, r.Groups
	return found, true
}

// claim claims a file and decodes what it holds. It returns a nil Recovery if the
// file is gone or not free. One that was claimed is returned also with an error.
func (a *abandoned) claim(ctx context.Context, name string) (Recovery, *recovery.Record, error) {
	place, data, err := a.store.Claim(ctx, name)
	if err != nil {
		return place, nil, &RecoveryError{Name: name, Err: err}
	}
	if place == nil {
		return nil, nil, nil
	}
	r, err := recovery.Decode(a.typ, data)
	if err != nil {
		return place, nil, &RecoveryError{Name: name, Err: err}
	}
	return place, r, nil
}

// claimAll claims files and hands each that can be used to adopt, with what it
// holds. The others stay, and are reported.
func (a *abandoned) claimAll(ctx context.Context, names []string, adopt func(Recovery, *recovery.Record)) error {
	var errs []error
	for _, name := range names {
		place, r, err := a.claim(ctx, name)
		switch {
		case err != nil && place != nil:
			errs = append(errs, err, place.Close())
			continue
		case err != nil:
			errs = append(errs, err)
			continue
		case place != nil:
			adopt(place, r)
		}
		a.forget(name)
	}
	return errors.Join(errs...)
}

// forget takes a file off the list.
func (a *abandoned) forget(name string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.list = slices.DeleteFunc(a.list, func(r Recoverable) bool { return r.Name == name })
}

// recoverable returns a copy of the list.
func (a *abandoned) recoverable() []Recoverable {
	a.mu.Lock()
	defer a.mu.Unlock()
	list := slices.Clone(a.list)
	for i := range list {
		list[i].Groups = cloneAll(list[i].Groups)
	}
	return list
}
