package filestore

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
)

// A recovery file holds records, each on a boundary of 512 bytes, and zeros. Of
// those that are whole, the one with the highest sequence number counts; the
// one before it is overwritten next. So the newest is there until a newer one
// is, wherever the writing stops.
const (
	boundary     = 512
	headerFormat = "backlog-gen recovery %016x %016x %064x\n"
	headerStart  = "backlog-gen recovery "
	headerSize   = len(headerStart) + 16 + 1 + 16 + 1 + 64 + 1
)

var errDamaged = errors.New("damaged: it holds no whole record, remove it")

// place is where a record lies.
type place struct {
	sequence   uint64
	at, length int64 // length without the header
}

func (p place) end() int64 { return align(p.at + recordSize(p.length)) }

func recordSize(length int64) int64 { return int64(headerSize) + length }

func align(n int64) int64 { return (n + boundary - 1) / boundary * boundary }

// nextPlace returns where to write a record so that it does not touch the last.
func nextPlace(last place, holds bool, length int64) place {
	if !holds {
		return place{sequence: 1, length: length}
	}
	next := place{sequence: last.sequence + 1, length: length}
	if align(recordSize(length)) > last.at {
		next.at = last.end()
	}
	return next
}

// encode returns a record. The hash covers the sequence number, too.
func encode(sequence uint64, data []byte) []byte {
	sum, _ := digest(sequence, bytes.NewReader(data)) // which cannot fail
	var b bytes.Buffer
	fmt.Fprintf(&b, headerFormat, sequence, len(data), sum)
	b.Write(data)
	return b.Bytes()
}

func digest(sequence uint64, data io.Reader) ([]byte, error) {
	h := sha256.New()
	fmt.Fprintf(h, "%016x\n", sequence)
	_, err := io.Copy(h, data)
	return h.Sum(nil), err
}

// maxCandidates is how many records are looked at. One or two are enough: the
// newest can be torn, the one before it is whole. More would let a file of
// nothing but headers, each of which claims all that follows, cost the square of
// its size.
const maxCandidates = 16

// decode returns the newest whole record of a file. It returns no data if there
// are only zeros, and errDamaged if there is something but no whole record. What
// a header says is believed only when the hash agrees: before that no memory is
// taken for it.
func decode(file io.ReaderAt, size int64) (place, []byte, error) {
	newest, zeros, err := candidates(file, size)
	if err != nil {
		return place{}, nil, err
	}
	for _, c := range newest {
		content := io.NewSectionReader(file, c.at+int64(headerSize), c.length)
		sum, err := digest(c.sequence, content)
		if err != nil {
			return place{}, nil, err
		}
		if !bytes.Equal(c.sum, sum) {
			continue
		}
		data := make([]byte, c.length)
		if _, err := content.ReadAt(data, 0); err != nil && !errors.Is(err, io.EOF) {
			return place{}, nil, err
		}
		return c.place, data, nil
	}
	if !zeros {
		return place{}, nil, errDamaged
	}
	return place{}, nil, nil
}

// candidate is a record that is perhaps whole.
type candidate struct {
	place
	sum []byte
}

// chunk is how much of a file is read at a time: many boundaries.
const chunk = boundary << 10

// candidates returns the newest records, newest first, and whether there are only
// zeros.
func candidates(file io.ReaderAt, size int64) (newest []candidate, zeros bool, err error) {
	buffer := make([]byte, min(chunk, size))
	zeros = true
	for at := int64(0); at < size; at += chunk {
		part := buffer[:min(chunk, size-at)]
		if n, err := file.ReadAt(part, at); n < len(part) {
			return nil, false, err
		}
		zeros = zeros && len(bytes.Trim(part, "\x00")) == 0
		for i := 0; i < len(part); i += boundary {
			c, ok := candidateAt(part[i:], at+int64(i), size)
			if !ok {
				continue
			}
			nth, _ := slices.BinarySearchFunc(newest, c, func(a, b candidate) int { return cmp.Compare(b.sequence, a.sequence) })
			if nth < maxCandidates {
				newest = slices.Insert(newest, nth, c)
				newest = newest[:min(len(newest), maxCandidates)]
			}
		}
	}
	return newest, zeros, nil
}

// candidateAt returns the record whose header is at the beginning of text, which
// lies in a file of a size at some place. A header fits between two boundaries.
func candidateAt(text []byte, at, size int64) (candidate, bool) {
	if len(text) < headerSize || !bytes.HasPrefix(text, []byte(headerStart)) {
		return candidate{}, false
	}
	c := candidate{place: place{at: at}}
	if _, err := fmt.Sscanf(string(text[:headerSize]), "backlog-gen recovery %x %x %x\n", &c.sequence, &c.length, &c.sum); err != nil {
		return candidate{}, false
	}
	return c, c.sequence > 0 && c.length >= 0 && c.length <= size-at-int64(headerSize)
}

// maxRecovery is the size of the largest recovery file that is read: some ten
// million updates.
const maxRecovery = min(2<<30, math.MaxInt)

// read reads the file and returns the newest record.
func (r *recovery) read() ([]byte, error) {
	info, err := r.file.Stat()
	if err != nil {
		return nil, err
	}
	r.size = info.Size()
	if r.size > maxRecovery {
		r.damaged = true
		return nil, fmt.Errorf("it has %d bytes, more than any recovery file: remove it", r.size)
	}
	last, data, err := decode(r.file, r.size)
	r.last, r.holds, r.damaged = last, last.sequence > 0, err != nil
	return data, err
}
