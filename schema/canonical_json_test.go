package schema

import (
	"fmt"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// TestEqualNumbersAreOne compares the canonical forms of numbers with what they
// are exactly.
func TestEqualNumbersAreOne(t *testing.T) {
	number := rapid.Custom(func(t *rapid.T) string {
		text := rapid.SampledFrom([]string{"", "-"}).Draw(t, "sign")
		text += rapid.StringMatching(`0|[1-9][0-9]{0,3}0{0,3}`).Draw(t, "whole")
		if rapid.Bool().Draw(t, "fraction") {
			text += "." + rapid.StringMatching(`0{0,3}[0-9]{1,3}0{0,3}`).Draw(t, "digits")
		}
		if rapid.Bool().Draw(t, "exponent") {
			text += fmt.Sprintf("%s%d", rapid.SampledFrom([]string{"e", "E", "e+", "e-", "e0", "E-00"}).Draw(t, "e"), rapid.IntRange(0, 12).Draw(t, "power"))
		}
		return text
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := number.Draw(t, "a"), number.Draw(t, "b")
		for _, pair := range [][2]string{{a, b}, {a, a + "e0"}, {a, shifted(a)}} {
			x, ok := new(big.Rat).SetString(pair[0])
			y, okToo := new(big.Rat).SetString(pair[1])
			if !ok || !okToo || !isJSONNumber(pair[0]) || !isJSONNumber(pair[1]) {
				continue
			}
			same := canonicalNumber(pair[0]) == canonicalNumber(pair[1])
			if want := x.Cmp(y) == 0; same != want {
				t.Errorf("%s and %s are one number: %v, want %v", pair[0], pair[1], same, want)
			}
		}
	})
}

// shifted writes a number without an exponent as one with.
func shifted(text string) string { return text + "0e-1" }

func TestCanonicalValues(t *testing.T) {
	for text, want := range map[string]string{
		"0": "0", "-0": "0", "0.000": "0", "0e99": "0", "1": "1e0", "1.0": "1e0", "1e0": "1e0", "10E-1": "1e0", "100": "1e2",
		"-12.50": "-125e-1", "1e-99999999999999999999": "1e-99999999999999999999",
	} {
		if got := canonicalNumber(text); got != want {
			t.Errorf("%s becomes %s, want %s", text, got, want)
		}
	}
}
