package document

import (
	"cmp"
	"fmt"
	"time"
)

// Date is a day of the calendar, of no time and no zone. Dates are compared with
// ==, and used as keys of maps. The zero Date is none.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf returns the day of a time, in its zone.
func DateOf(t time.Time) Date {
	year, month, day := t.Date()
	return Date{year, month, day}
}

// ParseDate returns the day that a text of the form 2006-01-02 says.
func ParseDate(text string) (Date, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return Date{}, fmt.Errorf("%q is no day: want one such as 2006-01-02", text)
	}
	return DateOf(t), nil
}

// IsZero reports whether it is none.
func (d Date) IsZero() bool { return d == Date{} }

// String returns the form that ParseDate reads.
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

// In returns when the day begins in a zone.
func (d Date) In(zone *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, zone)
}

// Compare returns -1 where the day is before another, 1 where it is after it, and
// 0 where they are the same.
func (d Date) Compare(other Date) int {
	return cmp.Or(cmp.Compare(d.Year, other.Year), cmp.Compare(d.Month, other.Month), cmp.Compare(d.Day, other.Day))
}

// MarshalText returns the form that ParseDate reads. The error says that there is
// no such day.
func (d Date) MarshalText() ([]byte, error) {
	if !d.exists() {
		return nil, fmt.Errorf("%s is no day of the calendar", d)
	}
	return []byte(d.String()), nil
}

// UnmarshalText is ParseDate.
func (d *Date) UnmarshalText(text []byte) error {
	parsed, err := ParseDate(string(text))
	if err == nil {
		*d = parsed
	}
	return err
}

// exists reports whether the calendar has the day, in a year of four digits.
func (d Date) exists() bool {
	return d.Year >= 0 && d.Year <= 9999 && DateOf(d.In(time.UTC)) == d
}
