package session

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"unicode/utf8"

	"github.com/backlog-gen/backlog-gen/internal/regularfile"
)

var errNotRegular = errors.New("not a regular file")

// maxTextBytes is the size of the largest PRD, and more than the other texts in a
// session directory need.
const maxTextBytes = 64 << 20

// prd is the content of a PRD.
type prd struct{ text, hash string }

func newPRD(data []byte) prd {
	sum := sha256.Sum256(data)
	return prd{text: string(data), hash: hex.EncodeToString(sum[:])[:hashDigits]}
}

// readPRD reads a PRD, which may be anywhere.
func readPRD(path string) (prd, error) {
	data, err := regularfile.Read(path, maxTextBytes)
	if err == nil {
		err = checkUTF8(data)
	}
	if err != nil {
		return prd{}, failed("read PRD", path, err)
	}
	return newPRD(data), nil
}

// checkUTF8 returns an *EncodingError if data is not UTF-8.
func checkUTF8(data []byte) error {
	if utf8.Valid(data) {
		return nil
	}
	offset := 0
	for {
		r, size := utf8.DecodeRune(data[offset:])
		if r == utf8.RuneError && size == 1 {
			return &EncodingError{Offset: offset, Line: 1 + bytes.Count(data[:offset], []byte{'\n'})}
		}
		offset += size
	}
}
