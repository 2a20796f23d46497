package jsontext

import (
	"cmp"
	"slices"
)

// Span is a range of bytes.
type Span struct{ Start, End uint32 }

// Patch is a range of a source text and what stands there now.
type Patch struct {
	Span
	Text []byte
}

// Growth returns by how many bytes the patch makes the text longer.
func (p Patch) Growth() int64 { return int64(len(p.Text)) - int64(p.End-p.Start) }

// Pieces calls f with each piece of a range of the source as it is now. The patches
// are in order; those before the range are skipped. One of nothing is part of the
// range that ends there.
func Pieces(source []byte, in Span, patches []Patch, f func([]byte) error) error {
	from, _ := slices.BinarySearchFunc(patches, in.Start, func(p Patch, start uint32) int {
		return cmp.Compare(p.Start, start)
	})
	at := in.Start
	for _, p := range patches[from:] {
		if p.Start > in.End || p.Start == in.End && p.End > in.End {
			break
		}
		if err := f(source[at:p.Start]); err != nil {
			return err
		}
		if err := f(p.Text); err != nil {
			return err
		}
		at = p.End
	}
	return f(source[at:in.End])
}

// AppendPatched appends a range of the source as it is now.
func AppendPatched(dst, source []byte, in Span, patches []Patch) []byte {
	_ = Pieces(source, in, patches, func(b []byte) error {
		dst = append(dst, b...)
		return nil
	})
	return dst
}

// PatchedSize returns the length of a text with patches in it.
func PatchedSize(source []byte, patches []Patch) int64 {
	size := int64(len(source))
	for _, p := range patches {
		size += p.Growth()
	}
	return size
}
