package document_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
)

func TestDates(t *testing.T) {
	leap := document.Date{Year: 2024, Month: time.February, Day: 29}
	for text, want := range map[string]document.Date{
		"2024-02-29": leap,
		"0000-01-01": {Year: 0, Month: time.January, Day: 1},
		"9999-12-31": {Year: 9999, Month: time.December, Day: 31},
	} {
		d, err := document.ParseDate(text)
		if err != nil || d != want || d.String() != text || d.IsZero() {
			t.Errorf("%s is read as %v, %v", text, d, err)
		}
	}
	for _, text := range []string{"", "2023-02-29", "2024-2-9", "24-02-09", "2024-02-29T00:00:00Z", "2024-13-01", " 2024-02-29"} {
		if d, err := document.ParseDate(text); err == nil || !d.IsZero() {
			t.Errorf("%q is read as %v", text, d)
		}
	}
	zone := time.FixedZone("", -11*3600)
	if at := leap.In(zone); !at.Equal(time.Date(2024, 2, 29, 11, 0, 0, 0, time.UTC)) || document.DateOf(at) != leap || document.DateOf(at.UTC()) != leap {
		t.Errorf("the day begins at %v", at)
	}
	days := []document.Date{leap, {2024, 3, 1}, {2023, 12, 31}, {2024, 2, 28}}
	slices.SortFunc(days, document.Date.Compare)
	if diff := cmp.Diff([]document.Date{{2023, 12, 31}, {2024, 2, 28}, leap, {2024, 3, 1}}, days); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

func TestDatesAsJSON(t *testing.T) {
	days := map[document.Date]document.Date{{2024, 2, 29}: {2024, 3, 1}}
	raw, err := json.Marshal(days)
	if err != nil || string(raw) != `{"2024-02-29":"2024-03-01"}` {
		t.Fatalf("%s, %v", raw, err)
	}
	var back map[document.Date]document.Date
	if err := json.Unmarshal(raw, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(days, back); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	d := document.Date{Year: 2024, Month: 2, Day: 29}
	if err := d.UnmarshalText([]byte("tomorrow")); err == nil || d.Day != 29 {
		t.Errorf("no day is read as %v", d)
	}
	if raw, err := json.Marshal(document.Date{}); err == nil {
		t.Errorf("no day is written as %s", raw)
	}
}

// TestTimesOfAllForms reads times, days and durations, and writes others.
func TestTimesOfAllForms(t *testing.T) {
	typ := kindsType(t)
	it := oneItem(t, typ, `,"time":"2024-01-02T03:04:05.123456789+05:30","compact":"20240102T030405Z","unix":1704164645,"millis":-1,"date":"2024-02-29","duration":"90m","times":["2024-01-02T03:04:05Z"]`)
	for f, want := range map[int]time.Time{
		timeKind:    time.Date(2024, 1, 2, 3, 4, 5, 123456789, time.FixedZone("", 19800)),
		compactKind: time.Date(2024, 1, 2, 3, 4, 5, 0, time.UTC),
		unixKind:    time.Date(2024, 1, 2, 3, 4, 5, 0, time.UTC),
		millisKind:  time.Date(1969, 12, 31, 23, 59, 59, 999e6, time.UTC),
	} {
		if got, ok := it.Time(f); !ok || !got.Equal(want) {
			t.Errorf("field %d is %v, %v: want %v", f, got, ok, want)
		}
		if _, ok := it.Date(f); ok {
			t.Errorf("field %d is a date", f)
		}
	}
	if got, ok := it.Date(dateKind); !ok || got != (document.Date{Year: 2024, Month: 2, Day: 29}) {
		t.Errorf("date: %v, %v", got, ok)
	}
	if got, ok := it.Duration(durationKind); !ok || got != 90*time.Minute {
		t.Errorf("duration: %v, %v", got, ok)
	}
	at := time.Date(2025, 6, 7, 8, 9, 10, 123456789, time.FixedZone("", 7200))
	d, err := it.Document().WithItem(it.
		With(timeKind, document.TimeValue(at)).With(compactKind, document.CompactTimeValue(at)).With(unixKind, document.UnixTimeValue(at)).
		With(millisKind, document.UnixMilliTimeValue(at)).With(dateKind, document.DateValue(document.DateOf(at))).
		With(durationKind, document.DurationValue(2*time.Hour)).
		With(timesKind, document.ListValue(document.TimeValue(at), document.TimeValue(at.UTC()))))
	if err != nil {
		t.Fatal(err)
	}
	want := `[{"id":1,"status":"Planned","time":"2025-06-07T08:09:10.123456789+02:00","compact":"20250607T060910Z","unix":1749276550,"millis":1749276550123,` +
		`"date":"2025-06-07","duration":"2h","times":["2025-06-07T08:09:10.123456789+02:00","2025-06-07T06:09:10.123456789Z"]},{"id":"2","status":"Planned"}]`
	if diff := cmp.Diff(want, string(d.AppendJSON(nil))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestDurationsAreWrittenShort(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: `"0s"`, time.Hour: `"1h"`, 90 * time.Minute: `"1h30m"`, time.Minute: `"1m"`, 10 * time.Minute: `"10m"`, 20 * time.Hour: `"20h"`,
		time.Hour + time.Second: `"1h0m1s"`, -time.Hour: `"-1h"`, 1500 * time.Millisecond: `"1.5s"`, 10 * time.Second: `"10s"`,
	} {
		it := oneItem(t, kindsType(t), ``).With(durationKind, document.DurationValue(d))
		raw, _ := it.Raw(durationKind)
		if got, ok := it.Duration(durationKind); string(raw) != want || !ok || got != d {
			t.Errorf("%v is written %s, want %s, and read as %v", d, raw, want, got)
		}
	}
}
