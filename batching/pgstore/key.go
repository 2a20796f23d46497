package pgstore

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode/utf8"

	"github.com/backlog-gen/backlog-gen/document"
)

// Ids are stored as text: the id, and before it the group and a slash where
// documents have groups. PostgreSQL has no NUL in text, and a slash may be part
// of a name, so both are escaped as in a JSON pointer. An id that would be too
// long for an index is cut and gets a hash.
const (
	maxKey  = 500
	keptKey = 200
)

var (
	escapes   = strings.NewReplacer("~", "~0", "/", "~1", "\x00", "~2")
	unescapes = strings.NewReplacer("~0", "~", "~1", "/", "~2", "\x00")
)

// fullKey returns an id as text.
func fullKey(id document.ID) string {
	if id.Group() == "" {
		return escapes.Replace(id.Text())
	}
	return escapes.Replace(id.Group()) + "/" + escapes.Replace(id.Text())
}

// shortKey returns a full key as it stands in an index.
func shortKey(full string) string {
	if len(full) <= maxKey {
		return full
	}
	cut := keptKey
	for !utf8.RuneStart(full[cut]) {
		cut--
	}
	sum := sha256.Sum256([]byte(full))
	return full[:cut] + "~#" + hex.EncodeToString(sum[:])
}

func key(id document.ID) string { return shortKey(fullKey(id)) }

// keyID is the inverse of fullKey.
func keyID(full string) document.ID {
	group, text, grouped := strings.Cut(full, "/")
	if !grouped {
		group, text = "", full
	}
	return document.NewID(unescapes.Replace(group), unescapes.Replace(text))
}
