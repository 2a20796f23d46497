package jsontext

import (
	"encoding/json"
	"fmt"
	"strings"

	"pgregory.net/rapid"
)

// randomSpace is white space as people and programs put it between tokens.
func randomSpace(t *rapid.T) string {
	return rapid.SampledFrom([]string{"", "", "", " ", "\n", "\r\n\t", "                    "}).Draw(t, "space")
}

// randomString is a JSON string in any spelling: raw, escaped, with pairs and
// halves of pairs.
func randomString(t *rapid.T) string {
	piece := rapid.OneOf(
		rapid.StringMatching(`[a-z /{}\[\],:]{0,12}`),
		rapid.SampledFrom([]string{`\n`, `\"`, `\\`, `\/`, `\b`, `\f`, `\r`, `\t`, `\u0041`, `\u00e9`, `\ud83d\ude00`, `\uD83D\uDE00`,
			`\ud83d`, `\ude00`, `\ud83d\n`, `\u0000`, `é`, `→`, `😀`, "\u2028", "\u007f"}),
	)
	return `"` + strings.Join(rapid.SliceOfN(piece, 0, 6).Draw(t, "pieces"), "") + `"`
}

// randomNumber is a number in any spelling.
func randomNumber(t *rapid.T) string {
	return rapid.StringMatching(`-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,12})?([eE][+-]?[0-9]{1,3})?`).Draw(t, "number")
}

// randomValue is a JSON value. Keys of an object are unique.
func randomValue(t *rapid.T, depth int) string {
	kinds := 8
	if depth == 0 {
		kinds = 6
	}
	switch rapid.IntRange(0, kinds-1).Draw(t, "kind") {
	case 0:
		return rapid.SampledFrom([]string{"true", "false", "null"}).Draw(t, "word")
	case 1, 2:
		return randomNumber(t)
	case 3, 4, 5:
		return randomString(t)
	case 6:
		return randomArray(t, depth)
	}
	return randomObject(t, depth)
}

func randomArray(t *rapid.T, depth int) string {
	elements := make([]string, rapid.IntRange(0, 4).Draw(t, "elements"))
	for i := range elements {
		elements[i] = randomSpace(t) + randomValue(t, depth-1) + randomSpace(t)
	}
	return "[" + strings.Join(elements, ",") + randomEmpty(t, len(elements)) + "]"
}

func randomObject(t *rapid.T, depth int) string {
	members := make([]string, rapid.IntRange(0, 4).Draw(t, "members"))
	for i := range members {
		key := randomString(t)
		members[i] = fmt.Sprintf(`%s"%d%s%s:%s%s%s`, randomSpace(t), i, key[1:], randomSpace(t), randomSpace(t), randomValue(t, depth-1), randomSpace(t))
	}
	return "{" + strings.Join(members, ",") + randomEmpty(t, len(members)) + "}"
}

// randomEmpty is the space in what has nothing else in it.
func randomEmpty(t *rapid.T, n int) string {
	if n > 0 {
		return ""
	}
	return randomSpace(t)
}

// decoded is what encoding/json reads, numbers as they are written.
func decoded(t rapid.TB, text []byte) any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatalf("encoding/json says %v of\n%s", err, text)
	}
	return v
}
