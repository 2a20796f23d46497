package storetest

import (
	"context"
	"reflect"
	"testing"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/document"
)

// KeepsExtras checks that a store which wraps another can do all that the other
// can.
func KeepsExtras(t testing.TB, wrapper, wrapped batching.Store) {
	t.Helper()
	got, want := reflect.ValueOf(wrapper.Extras()), reflect.ValueOf(wrapped.Extras())
	for i := range want.NumField() {
		if !want.Field(i).IsNil() && got.Field(i).IsNil() {
			t.Errorf("%T has lost the ability %s of %T", wrapper, want.Type().Field(i).Name, wrapped)
		}
	}
}

// Plain returns a store that can load and save what another store keeps, and
// nothing else.
func Plain(s batching.Store) batching.Store { return plain{s} }

type plain struct{ store batching.Store }

func (p plain) Load(ctx context.Context, t *document.Type) (*document.Document, batching.Revision, error) {
	return p.store.Load(ctx, t)
}

func (p plain) Save(ctx context.Context, s batching.Save) (batching.Revision, error) {
	return p.store.Save(ctx, s)
}

func (p plain) Extras() batching.Extras { return batching.Extras{} }
