package schema_test

import (
	"encoding/binary"
	"errors"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/schema"
)

// TestOtherEncodings reads files that are not text in UTF-8: each has one
// problem, not one for each character.
func TestOtherEncodings(t *testing.T) {
	text := schema.Complete("")
	tests := map[string]struct {
		data []byte
		want string
	}{
		"UTF-16 little endian":         {inUTF16(binary.LittleEndian, "\uFEFF"+text), "s.yaml: the file is in UTF-16: a schema is text in UTF-8 [syntax]"},
		"UTF-16 big endian":            {inUTF16(binary.BigEndian, "\uFEFF"+text), "s.yaml: the file is in UTF-16: a schema is text in UTF-8 [syntax]"},
		"UTF-16 without a mark":        {inUTF16(binary.LittleEndian, text), "s.yaml: the file is in UTF-16: a schema is text in UTF-8 [syntax]"},
		"UTF-16, only a mark":          {[]byte{0xFE, 0xFF}, "s.yaml: the file is in UTF-16: a schema is text in UTF-8 [syntax]"},
		"UTF-16, a byte is missing":    {inUTF16(binary.BigEndian, text)[1:], "s.yaml: the file is in UTF-16: a schema is text in UTF-8 [syntax]"},
		"UTF-32":                       {append([]byte{0xFF, 0xFE, 0, 0}, text...), "s.yaml: the file is in UTF-32: a schema is text in UTF-8 [syntax]"},
		"a program":                    {[]byte("\x00ELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x03\x00>"), "s.yaml:1:1: the byte 0 may not be in a schema: the file is not text [unsafe-text]"},
		"Latin-1":                      {[]byte(strings.Repeat("# caf\xe9\n", 1000) + text), "s.yaml:1:6: the byte 0xE9 is not UTF-8, the first of 1000: save the file as UTF-8 [syntax]"},
		"a character that is cut":      {[]byte(text + "# \xe2\x82"), "s.yaml:" + strconv.Itoa(strings.Count(text, "\n")+1) + ":3: the byte 0xE2 is not UTF-8, the first of 2: save the file as UTF-8 [syntax]"},
		"a byte alone, in quoted text": {[]byte("package: \"\xff\"\n"), "s.yaml:1:11: the byte 0xFF is not UTF-8: save the file as UTF-8 [syntax]"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := schema.Parse("s.yaml", test.data)
			var refused *schema.Error
			if !errors.As(err, &refused) {
				t.Fatalf("got %v, want a *schema.Error", err)
			}
			if diff := cmp.Diff(test.want, refused.Error()); diff != "" {
				t.Errorf("the error (-want +got):\n%s", diff)
			}
		})
	}
}

func inUTF16(order binary.ByteOrder, text string) []byte {
	var data []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		data = append(data, 0, 0)
		order.PutUint16(data[len(data)-2:], unit)
	}
	return data
}
