package jsontext

import (
	"cmp"
	"math"
	"math/big"
	"strconv"
	"strings"
)

// decimal is a number as it is written: digits without zeros around them, times a
// power of ten. It has no digits for zero.
type decimal struct {
	negative bool
	digits   string
	power    int64
}

// maxPower bounds the exponents that are looked at: far more than a float has,
// and far less than would cost or overflow anything.
const maxPower = 1 << 40

// decimalOf reads a number in JSON, in lower case. It reports false, with the
// digits, where the power is beyond all bounds.
func decimalOf(number string) (d decimal, ok bool) {
	mantissa, exponent, _ := strings.Cut(number, "e")
	mantissa, d.negative = strings.CutPrefix(mantissa, "-")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := strings.TrimLeft(whole+fraction, "0")
	d.digits = strings.TrimRight(digits, "0")
	power, err := strconv.ParseInt(cmp.Or(exponent, "0"), 10, 64)
	if err != nil || power > maxPower || power < -maxPower {
		return d, false
	}
	d.power = power - int64(len(fraction)) + int64(len(digits)-len(d.digits))
	return d, true
}

// IsMultiple reports whether a number, given as text and as the nearest float,
// is a multiple of another one, as both are written: 0.3 is one of 0.1, which
// floats are not.
func IsMultiple(raw []byte, n, of float64) bool {
	const exactDigits, exactIntegers = 15, 1 << 53
	if len(raw) <= exactDigits && n != 0 && n == math.Trunc(n) && of == math.Trunc(of) && of != 0 &&
		math.Abs(n) < exactIntegers && math.Abs(of) < exactIntegers {
		return math.Mod(n, of) == 0
	}
	value, ok := decimalOf(strings.ToLower(string(raw)))
	step, _ := decimalOf(strconv.FormatFloat(of, 'e', -1, 64))
	switch {
	case value.digits == "" || step.digits == "":
		return true
	case !ok || value.power < step.power:
		return false // its last digit is below the last one of all multiples
	}
	// The value is no larger than floats are, nor its last digit smaller than
	// that of a float, so this is some hundred digits at most.
	digits, _ := new(big.Int).SetString(value.digits, 10)
	by, _ := new(big.Int).SetString(step.digits, 10)
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(value.power-step.power), nil)
	return digits.Mul(digits, scale).Rem(digits, by).Sign() == 0
}
