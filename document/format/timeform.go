package format

import (
	"strconv"
	"time"
)

// compactLayout is that of CompactTime: always in UTC, in whole seconds.
const compactLayout = "20060102T150405Z"

// Times that are numbers lie in the years that have four digits, as all others
// do.
var (
	firstTime = time.Date(0, time.January, 1, 0, 0, 0, 0, time.UTC)
	lastTime  = time.Date(10000, time.January, 1, 0, 0, 0, -1, time.UTC)
)

// IsNumber reports whether times of the form are numbers, and not texts.
func (f TimeForm) IsNumber() bool { return f == UnixSeconds || f == UnixMilliseconds }

// Parse returns the time that a text says, the digits of one that is a number. It
// reports false for what is not of the form.
func (f TimeForm) Parse(text string) (time.Time, bool) {
	if f.IsNumber() {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return time.Time{}, false
		}
		return f.At(n)
	}
	layout := time.RFC3339
	if f == CompactTime {
		layout = compactLayout
	}
	t, err := time.Parse(layout, text)
	// Parse takes fractions of a second that no layout has.
	return t, err == nil && (f != CompactTime || len(text) == len(compactLayout))
}

// At returns the time that a number says, in UTC. It reports false for one that is
// not in the years 0 to 9999.
func (f TimeForm) At(n int64) (time.Time, bool) {
	if n < f.number(firstTime) || n > f.number(lastTime) {
		return time.Time{}, false
	}
	if f == UnixSeconds {
		return time.Unix(n, 0).UTC(), true
	}
	return time.UnixMilli(n).UTC(), true
}

// number returns a time as a number of the form.
func (f TimeForm) number(t time.Time) int64 {
	if f == UnixSeconds {
		return t.Unix()
	}
	return t.UnixMilli()
}

// Format returns the text that Parse reads. What the form cannot say is cut off:
// fractions of a second, and the zone. A time of RFC3339 is in UTC where the
// offset of its zone has seconds.
func (f TimeForm) Format(t time.Time) string {
	switch f {
	case UnixSeconds, UnixMilliseconds:
		return strconv.FormatInt(f.number(t), 10)
	case CompactTime:
		return t.UTC().Format(compactLayout)
	}
	if _, offset := t.Zone(); offset%60 != 0 {
		t = t.UTC()
	}
	return t.Format(time.RFC3339Nano)
}
