package document

import (
	"bufio"
	"cmp"
	"io"
	"slices"
	"weak"

	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
)

// patches returns how the document differs from its source text, in order.
func (d *Document) patches() []jsontext.Patch {
	s := d.shape
	var out []jsontext.Patch
	s.typ.packing.Differences(s.statuses, d.statuses, func(number int, _, now uint8) {
		if d.edits.of(number) != nil {
			return
		}
		n := s.at(number)
		at := s.slot(n, statusSlot)
		out = append(out, jsontext.Patch{Span: jsontext.Span{Start: at, End: uint32(jsontext.ValueEnd(s.source, int(at)))}, Text: s.typ.statusValue(Status(now))})
	})
	d.edits.each(func(number int, r *record) {
		n := s.at(number)
		r = s.withStatus(n, r, d.status(n), jsontext.Layout{})
		nd, hole := s.entry(n), s.childrenSpan(n)
		if r.hole == 0 {
			out = append(out, jsontext.Patch{Span: jsontext.Span{Start: nd.start, End: nd.end}, Text: r.text})
			return
		}
		out = append(out,
			jsontext.Patch{Span: jsontext.Span{Start: nd.start, End: hole.Start}, Text: r.text[:r.hole]},
			jsontext.Patch{Span: jsontext.Span{Start: hole.End, End: nd.end}, Text: r.text[r.hole:]})
	})
	slices.SortFunc(out, func(a, b jsontext.Patch) int { return cmp.Compare(a.Start, b.Start) })
	return out
}

// encoding is how a snapshot differs from its source text.
type encoding struct {
	of      *Document
	patches []jsontext.Patch
}

// encoding returns patches, worked out once for what is asked of one snapshot in
// a row: its size, its text, and whether a file has that. Snapshots that nobody
// asks keep nothing, and the last one only until the memory is needed.
func (d *Document) encoding() []jsontext.Patch {
	if last := d.shape.encoded.Load(); last != nil {
		if e := last.Value(); e != nil && e.of == d {
			return e.patches
		}
	}
	e := &encoding{d, d.patches()}
	last := weak.Make(e)
	d.shape.encoded.Store(&last)
	return e.patches
}

func (s *shape) whole() jsontext.Span { return jsontext.Span{Start: 0, End: uint32(len(s.source))} }

// Size returns the number of bytes that WriteTo writes.
func (d *Document) Size() int64 {
	d.build()
	return jsontext.PatchedSize(d.shape.source, d.encoding())
}

// AppendJSON appends the document as JSON text: the text it was read from, byte
// for byte, but for what was changed.
func (d *Document) AppendJSON(dst []byte) []byte {
	d.build()
	patches := d.encoding()
	return jsontext.AppendPatched(slices.Grow(dst, int(jsontext.PatchedSize(d.shape.source, patches))), d.shape.source, d.shape.whole(), patches)
}

// WriteTo writes what AppendJSON appends, without a copy of it in memory:
// what was not changed is written straight from the source text.
func (d *Document) WriteTo(w io.Writer) (int64, error) {
	d.build()
	counter := &countingWriter{w: w}
	buffered := bufio.NewWriterSize(counter, 64<<10)
	err := jsontext.Pieces(d.shape.source, d.shape.whole(), d.encoding(), func(b []byte) error {
		_, err := buffered.Write(b)
		return err
	})
	if err == nil {
		err = buffered.Flush()
	}
	return counter.n, err
}

type countingWriter struct {
	w io.Writer
	n int64
}

func (c *countingWriter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}
