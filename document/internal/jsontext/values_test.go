package jsontext

import (
	"bytes"
	"encoding/json"
	"errors"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestText reads and writes strings as encoding/json does.
func TestText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		raw := []byte(randomString(t))
		want := decoded(t, raw).(string)
		if got := Unquote(raw); got != want {
			t.Fatalf("%s is read as %q, want %q", raw, got, want)
		}
		again := AppendQuoted(nil, ExactText(raw))
		if ExactText(again) != ExactText(raw) || Unquote(again) != want {
			t.Fatalf("%s is written again as %s", raw, again)
		}
		s := Scanner{Src: raw}
		kind, ok := s.Text()
		if !ok || s.Pos != len(raw) {
			t.Fatalf("%s ends at %d", raw, s.Pos)
		}
		if got, want := RuneCount(raw, kind), utf8.RuneCountInString(want); got != want {
			t.Fatalf("%s has %d characters, want %d", raw, got, want)
		}
		if most := RuneCount(raw, kind) * kind.BytesPerCharacter(); most < len(raw)-2 {
			t.Fatalf("%s has more than %d bytes", raw, most)
		}
	})
}

// TestAppendQuoted writes any bytes as a text that encoding/json reads.
func TestAppendQuoted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) })).Draw(t, "text")
		raw := AppendQuoted([]byte("x"), text)[1:]
		if _, rule := scan(raw); rule != "" {
			t.Fatalf("%q is written as %s: %s", text, raw, rule)
		}
		if utf8.ValidString(text) && decoded(t, raw) != text {
			t.Fatalf("%q is written as %s", text, raw)
		}
	})
}

// TestCanonical spells values in other ways: the canonical text stays what it is.
func TestCanonical(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		raw := []byte(randomValue(t, 4))
		once := Canonical(nil, raw)
		if got := Canonical(nil, []byte(exactNumbers(raw))); !bytes.Equal(got, once) {
			t.Fatalf("%s\nand with exact numbers\n%s\nare %s\nand %s", raw, exactNumbers(raw), once, got)
		}
		var spaced bytes.Buffer
		if err := json.Indent(&spaced, raw, " ", "\t"); err != nil {
			t.Fatal(err)
		}
		if got := Canonical(nil, spaced.Bytes()); !bytes.Equal(got, once) {
			t.Fatalf("%s\nwith more space is\n%s, not\n%s", raw, got, once)
		}
	})
}

// exactNumbers writes each number with all its digits and no power of ten, as far
// as that is short.
func exactNumbers(raw []byte) string {
	var b strings.Builder
	for i := 0; i < len(raw); {
		n := NumberLength(raw[i:])
		switch {
		case raw[i] == '"':
			end := ValueEnd(raw, i)
			b.Write(raw[i:end])
			i = end
		case n > 0:
			r, ok := new(big.Rat).SetString(string(raw[i : i+n]))
			if digits, exact := r.FloatPrec(); ok && exact && digits < 2000 {
				b.WriteString(r.FloatString(digits))
			} else {
				b.Write(raw[i : i+n])
			}
			i += n
		default:
			b.WriteByte(raw[i])
			i++
		}
	}
	return b.String()
}

func TestCanonicalTells(t *testing.T) {
	different := []string{`1`, `-1`, `10`, `0.1`, `1e400`, `"1"`, `null`, `true`, `[]`, `{}`, `[1]`, `[[1]]`, `[1,2]`, `[2,1]`, `{"a":1}`, `{"a":2}`, `{"b":1}`,
		`"\ud83d"`, `"\ud83e"`, `"\ufffd"`, `""`, `1e99999999999999999999`, `9007199254740993`, `9007199254740992`}
	seen := map[string]string{}
	for _, text := range different {
		c := string(Canonical(nil, []byte(text)))
		if other, twice := seen[c]; twice {
			t.Errorf("%s and %s are both %s", other, text, c)
		}
		seen[c] = text
	}
	for _, same := range [][]string{{`1`, `1.0`, `1e0`, `0.01E2`, `10e-1`}, {`0`, `-0`, `0.0`, `0e9`}, {`{"a":1,"b":2}`, `{ "b" : 2.0, "\u0061":1 }`}, {`"a/b"`, `"a\/b"`, `"\u0061/b"`}} {
		for _, text := range same {
			if got, want := Canonical(nil, []byte(text)), Canonical(nil, []byte(same[0])); !bytes.Equal(got, want) {
				t.Errorf("%s is %s, want %s", text, got, want)
			}
		}
	}
}

// TestElementsAndMembers takes values apart as encoding/json does.
func TestElementsAndMembers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		array, object := []byte(randomArray(t, 3)), []byte(randomObject(t, 3))
		var elements []any
		Elements(array, func(e []byte) bool {
			elements = append(elements, decoded(t, e))
			return true
		})
		if diff := cmp.Diff(decoded(t, array), any(append([]any{}, elements...))); diff != "" {
			t.Fatalf("elements of %s (-want +got):\n%s", array, diff)
		}
		members := map[string]any{}
		Members(object, func(key string, value []byte) bool {
			members[string(AppendQuoted(nil, key))] = decoded(t, value)
			at := bytes.Index(object, value)
			if v := ValueAt(object, at); len(v) < len(value) {
				t.Fatalf("the value at %d is %s, not %s", at, v, value)
			}
			return true
		})
		count := 0
		for key, value := range decoded(t, object).(map[string]any) {
			count++
			if utf8.ValidString(key) && !strings.Contains(key, "\uFFFD") {
				if diff := cmp.Diff(value, members[string(AppendQuoted(nil, key))]); diff != "" {
					t.Fatalf("%q of %s (-want +got):\n%s", key, object, diff)
				}
			}
		}
		if count > len(members) {
			t.Fatalf("%d members of %s, want %d", len(members), object, count)
		}
	})
	stopped := 0
	Elements([]byte(`[1,2,3]`), func([]byte) bool { stopped++; return stopped < 2 })
	Members([]byte(`{"a":1,"b":2,"c":3}`), func(string, []byte) bool { stopped++; return stopped < 4 })
	if stopped != 4 {
		t.Errorf("%d calls, want 4", stopped)
	}
	for _, raw := range []string{"", "null", "1", `"a"`} {
		Elements([]byte(raw), func([]byte) bool { t.Errorf("%q has elements", raw); return true })
		Members([]byte(raw), func(string, []byte) bool { t.Errorf("%q has members", raw); return true })
	}
}

// TestKeyStart finds the key of each value, also of keys with quotes in them.
func TestKeyStart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		object := []byte(randomObject(t, 2))
		s := Scanner{Src: object, Pos: 1}
		for s.Next() == '"' {
			start := s.Pos
			if _, ok := s.Key(); !ok {
				t.Fatal(s.Fault.Message)
			}
			s.Next()
			if got := KeyStart(object, s.Pos); got != start {
				t.Fatalf("the key of the value at %d of %s begins at %d, want %d", s.Pos, object, got, start)
			}
			s.Value(0)
			if s.Next() == ',' {
				s.Pos++
			}
		}
	})
}

// TestIsMultiple compares with exact arithmetic.
func TestIsMultiple(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		raw := randomNumber(t)
		n, err := strconv.ParseFloat(raw, 64)
		if err != nil || n == 0 && strings.ContainsAny(strings.FieldsFunc(raw, func(r rune) bool { return r == 'e' || r == 'E' })[0], "123456789") {
			t.Skip("no float")
		}
		of := rapid.SampledFrom([]float64{1, 2, 3, 7, 10, 0.1, 0.25, 0.01, 1.5, 1e-6, 1e6, 1e22}).Draw(t, "of")
		value, _ := new(big.Rat).SetString(raw)
		step, _ := new(big.Rat).SetString(strconv.FormatFloat(of, 'g', -1, 64))
		want := new(big.Rat).Quo(value, step).IsInt()
		if got := IsMultiple([]byte(raw), n, of); got != want {
			t.Fatalf("%s is a multiple of %v: %v, want %v", raw, of, got, want)
		}
	})
}

func TestNumberLength(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := randomNumber(t)
		rest := rapid.SampledFrom([]string{"", ",", "]", " ", "}"}).Draw(t, "rest")
		if got := NumberLength([]byte(number + rest)); got != len(number) {
			t.Fatalf("%q: %d bytes, want %d", number+rest, got, len(number))
		}
	})
	for _, none := range []string{"", "-", "a", ".5", "+1", "1.", "1.e5", "1e", "1e+", "--1"} {
		if n := NumberLength([]byte(none)); n != 0 {
			t.Errorf("%q: %d bytes", none, n)
		}
	}
}

// TestPatches puts patches into a text, and compares each part with a plain copy.
func TestPatches(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		source := []byte(rapid.StringMatching(`[a-z]{1,60}`).Draw(t, "source"))
		cuts := rapid.SliceOfN(rapid.IntRange(0, len(source)), 0, 10).Draw(t, "cuts")
		slices.Sort(cuts)
		var patches []Patch
		for i := 0; i+1 < len(cuts); i += 2 {
			if n := len(patches); n > 0 && patches[n-1].Start == uint32(cuts[i]) {
				continue // two that begin at one place are in no order
			}
			patches = append(patches, Patch{Span{uint32(cuts[i]), uint32(cuts[i+1])}, []byte(rapid.StringMatching(`[A-Z]{0,4}`).Draw(t, "text"))})
		}
		var want []byte
		at := 0
		for _, p := range patches {
			want = append(append(want, source[at:p.Start]...), p.Text...)
			at = int(p.End)
		}
		want = append(want, source[at:]...)
		whole := Span{0, uint32(len(source)) + 1}
		got := AppendPatched(nil, append(slices.Clone(source), '!'), whole, patches)
		if string(got) != string(want)+"!" {
			t.Fatalf("%s with %v is %s, want %s!", source, patches, got, want)
		}
		if size := PatchedSize(source, patches); size != int64(len(want)) {
			t.Fatalf("%d bytes, want %d", size, len(want))
		}
		if len(patches) > 0 { // a part that begins at a patch
			from := patches[len(patches)/2]
			skipped := AppendPatched(nil, append(slices.Clone(source), '!'), Span{from.Start, whole.End}, patches)
			if !bytes.HasSuffix(got, skipped) || !bytes.HasPrefix(skipped, from.Text) {
				t.Fatalf("from %d it is %s, want the end of %s", from.Start, skipped, got)
			}
		}
	})
	full := errors.New("full")
	if err := Pieces([]byte("abc"), Span{0, 3}, []Patch{{Span{1, 2}, []byte("x")}}, func(b []byte) error {
		if string(b) == "x" {
			return full
		}
		return nil
	}); err != full {
		t.Errorf("the error is %v", err)
	}
}

func TestPointer(t *testing.T) {
	for want, steps := range map[string][]Step{
		"":                    nil,
		"/a/0/b":              {KeyStep("a"), IndexStep(0), KeyStep("b")},
		"/~0~1":               {KeyStep("~/")},
		"/":                   {KeyStep("")},
		"/\uFFFD":             {KeyStep("\xff")},
		"/é/12":               {KeyStep("é"), IndexStep(12)},
		"/" + longKey() + "…": {KeyStep(longKey() + "more")},
	} {
		if got := Pointer("", steps...); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if got := Pointer("/a", IndexStep(1)); got != "/a/1" {
		t.Errorf("below a base: %s", got)
	}
}

func longKey() string { return strings.Repeat("k", MaxNamed) }

// TestLines asks for places in order, and compares them with counting.
func TestLines(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := []byte(strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"\n", " ", "\t", "a", "bc"}), 1, 40).Draw(t, "text"), ""))
		offsets := rapid.SliceOfN(rapid.IntRange(0, len(text)), 1, 10).Draw(t, "offsets")
		slices.Sort(offsets)
		counter, cursor := NewLineCounter(text), LineCursor{Src: text}
		for _, offset := range offsets {
			start := bytes.LastIndexByte(text[:offset], '\n') + 1
			line, column := counter.Position(offset)
			if want := bytes.Count(text[:offset], []byte("\n")) + 1; line != want || column != offset-start+1 {
				t.Fatalf("offset %d of %q is %d:%d, want %d:%d", offset, text, line, column, want, offset-start+1)
			}
			indent := text[start : start+len(text[start:])-len(bytes.TrimLeft(text[start:], " \t"))]
			if got := cursor.Indent(uint32(offset)); got != string(indent) || got != LineIndent(text, offset) {
				t.Fatalf("the line of %d of %q begins with %q, want %q", offset, text, got, indent)
			}
		}
	})
}
