package main

import (
	"fmt"
	"math"
	"strings"
)

// String returns the median with its unit and the spread of the runs, and of
// what is done often also what it allocates.
func (r result) String() string {
	text := r.unit.format(r.median())
	if r.processed > 0 {
		text = number(r.speed()/1e6) + " MB/s"
	}
	if len(r.runs) > 1 {
		text += fmt.Sprintf(" ± %.0f %%", 100*r.spread())
	}
	if r.what == updateName || r.what == byTextName {
		text += fmt.Sprintf(", %s allocations, %s", number(r.allocations), heapBytes.format(r.allocated))
	}
	return text
}

func (u unit) format(v float64) string {
	switch u {
	case nanoseconds:
		return scaled(v, "ns", "µs", "ms", "s")
	case heapBytes:
		return scaled(v, "B", "KB", "MB", "GB")
	}
	return number(v) + "× its bytes"
}

// scaled writes v with the unit that keeps it below a thousand.
func scaled(v float64, units ...string) string {
	for len(units) > 1 && math.Round(v) >= 1000 {
		v /= 1000
		units = units[1:]
	}
	return number(v) + " " + units[0]
}

// number writes v with three significant digits, or as an integer with
// separators where it has more.
func number(v float64) string {
	switch {
	case v >= 99.95:
		return separated(fmt.Sprintf("%.0f", v))
	case v >= 9.995:
		return trimmed(fmt.Sprintf("%.1f", v))
	case v >= 0.001:
		return trimmed(fmt.Sprintf("%.2f", v))
	}
	return "0"
}

func trimmed(text string) string {
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

func separated(digits string) string {
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// ratio says how many times better ours is than a peer, or worse.
func ratio(advantage float64, u unit) string {
	better, worse := "faster", "slower"
	if u != nanoseconds {
		better, worse = "smaller", "larger"
	}
	if advantage >= 1 {
		return number(advantage) + "× " + better
	}
	return number(1/advantage) + "× " + worse
}
