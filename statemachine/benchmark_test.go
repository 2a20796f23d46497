package statemachine_test

import "testing"

func BenchmarkFire(b *testing.B) {
	m := mustNew(b, reference())
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Fire(planned, implement); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRefusal(b *testing.B) {
	m := mustNew(b, reference())
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Fire(planned, finish); err == nil {
			b.Fatal("complete is legal from Planned")
		}
	}
}
