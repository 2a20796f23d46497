package document

import (
	"cmp"
	"slices"
)

// span is a range of bytes.
type span struct{ start, end uint32 }

// patch is a range of the source and what stands there now.
type patch struct {
	span
	text []byte
}

// pieces calls f with each piece of the range of the source as the document has
// it now. The patches are in order; those before the range are skipped.
func pieces(source []byte, in span, patches []patch, f func([]byte) error) error {
	from, _ := slices.BinarySearchFunc(patches, in.start, func(p patch, start uint32) int {
		return cmp.Compare(p.start, start)
	})
	at := in.start
	for _, p := range patches[from:] {
		if p.start >= in.end {
			break
		}
		if err := f(source[at:p.start]); err != nil {
			return err
		}
		if err := f(p.text); err != nil {
			return err
		}
		at = p.end
	}
	return f(source[at:in.end])
}

func appendPieces(dst, source []byte, in span, patches []patch) []byte {
	_ = pieces(source, in, patches, func(b []byte) error {
		dst = append(dst, b...)
		return nil
	})
	return dst
}

// patchedSize returns the length of a text with patches in it.
func patchedSize(source []byte, patches []patch) int64 {
	size := int64(len(source))
	for _, p := range patches {
		size += int64(len(p.text)) - int64(p.end-p.start)
	}
	return size
}
