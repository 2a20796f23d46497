package document

import "fmt"

// tooLarge returns why the document cannot be read again once it is written: it
// has grown beyond MaxSize. It returns nil for one that can.
func (d *Document) tooLarge(id ID) error {
	s := d.shape
	if int64(len(s.Source))+d.edits.grown()+s.statusGrowth() <= s.typ.maxSize {
		return nil // without looking at what has changed
	}
	if size := d.Size(); size > s.typ.maxSize {
		return s.typ.sizeError(id, size)
	}
	return nil
}

// statusGrowth bounds by how much statuses can make the text longer.
func (s *shape) statusGrowth() int64 {
	return int64(s.Items()) * int64(s.typ.format.LongestStatus)
}

func (t *Type) sizeError(id ID, size int64) error {
	return changeError(id, "size", fmt.Sprintf("the document would have %d bytes: want at most %d", size, t.maxSize))
}

// longText returns why a new text is too long for any document, "" if it is not.
func (t *Type) longText(text string) string {
	if size := int64(len(text)); size > t.maxSize {
		return fmt.Sprintf("the text has %d bytes: want at most %d", size, t.maxSize)
	}
	return ""
}
