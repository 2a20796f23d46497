package document

import (
	"bufio"
	"cmp"
	"io"
	"slices"

	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
)

// eachPatch calls f with each range of the source text that has become another
// one, in no order.
func (d *Document) eachPatch(f func(jsontext.Patch)) {
	s := d.shape
	s.typ.format.Packing.Differences(s.Statuses, d.statuses, func(number int, _, now uint8) {
		if d.edits.of(number) != nil {
			return
		}
		f(d.statusPatch(s.At(number), Status(now)))
	})
	d.edits.each(func(number int, r *record) {
		n := s.At(number)
		r = s.withStatus(n, r, d.status(n))
		nd, hole := s.Entry(n), s.ChildrenSpan(n)
		if r.hole == 0 {
			f(jsontext.Patch{Span: jsontext.Span{Start: nd.Start, End: nd.End}, Text: r.text})
			return
		}
		f(jsontext.Patch{Span: jsontext.Span{Start: nd.Start, End: hole.Start}, Text: r.text[:r.hole]})
		f(jsontext.Patch{Span: jsontext.Span{Start: hole.End, End: nd.End}, Text: r.text[r.hole:]})
	})
}

// patches returns how the document differs from its source text, in order.
func (d *Document) patches() []jsontext.Patch {
	var out []jsontext.Patch
	d.eachPatch(func(p jsontext.Patch) { out = append(out, p) })
	slices.SortFunc(out, func(a, b jsontext.Patch) int { return cmp.Compare(a.Start, b.Start) })
	return out
}

// Size returns the number of bytes that WriteTo writes. It allocates nothing for
// statuses that have changed.
func (d *Document) Size() int64 {
	d.build()
	size := int64(len(d.shape.Source))
	d.eachPatch(func(p jsontext.Patch) { size += p.Growth() })
	return size
}

// AppendJSON appends the document as JSON text: the text it was read from, byte
// for byte, but for what was changed.
func (d *Document) AppendJSON(dst []byte) []byte {
	e := d.encoding()
	return jsontext.AppendPatched(slices.Grow(dst, int(e.Size())), e.shape.Source, e.shape.Whole(), e.patches)
}

// WriteTo writes what AppendJSON appends, without a copy of it in memory:
// what was not changed is written straight from the source text.
func (d *Document) WriteTo(w io.Writer) (int64, error) { return d.encoding().WriteTo(w) }

// encoding is the text of a document, for who asks more than once for it: what
// has changed is looked up once. It is safe for concurrent use.
type encoding struct {
	shape   *shape
	patches []jsontext.Patch
}

// encoding returns the text of the document.
func (d *Document) encoding() *encoding {
	d.build()
	return &encoding{d.shape, d.patches()}
}

// Size returns the number of bytes that WriteTo writes.
func (e *encoding) Size() int64 { return jsontext.PatchedSize(e.shape.Source, e.patches) }

// WriteTo writes what Document.WriteTo does.
func (e *encoding) WriteTo(w io.Writer) (int64, error) {
	counter := &countingWriter{w: w}
	buffered := bufio.NewWriterSize(counter, 64<<10)
	err := jsontext.Pieces(e.shape.Source, e.shape.Whole(), e.patches, func(b []byte) error {
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
