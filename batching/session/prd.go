package session

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"unicode/utf8"
)

var errNotRegular = errors.New("not a regular file")

// prd is the content of a PRD.
type prd struct{ text, hash string }

func newPRD(data []byte) prd {
	sum := sha256.Sum256(data)
	return prd{text: string(data), hash: hex.EncodeToString(sum[:])[:hashDigits]}
}

// readPRD reads a PRD, which may be anywhere.
func readPRD(path string) (prd, error) {
	data, err := readRegular(path)
	if err == nil {
		err = checkUTF8(data)
	}
	if err != nil {
		return prd{}, failed("read PRD", path, err)
	}
	return newPRD(data), nil
}

func readRegular(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() { // to read a pipe might take for ever
		return nil, &fs.PathError{Op: "read", Path: path, Err: errNotRegular}
	}
	return os.ReadFile(path)
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
