package filestore

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
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
	var b bytes.Buffer
	fmt.Fprintf(&b, headerFormat, sequence, len(data), digest(sequence, data))
	b.Write(data)
	return b.Bytes()
}

func digest(sequence uint64, data []byte) []byte {
	h := sha256.New()
	fmt.Fprintf(h, "%016x\n", sequence)
	h.Write(data)
	return h.Sum(nil)
}

// maxCandidates is how many records are looked at. One or two are enough: the
// newest can be torn, the one before it is whole. More would let a file of
// nothing but headers, each of which claims all that follows, cost the square of
// its size.
const maxCandidates = 16

// decode returns the newest whole record. It returns no data if there are only
// zeros, and errDamaged if there is something but no whole record.
func decode(file []byte) (place, []byte, error) {
	for _, c := range candidates(file) {
		data := file[c.at+int64(headerSize):][:c.length]
		if bytes.Equal(c.sum, digest(c.sequence, data)) {
			return c.place, data, nil
		}
	}
	if len(bytes.Trim(file, "\x00")) > 0 {
		return place{}, nil, errDamaged
	}
	return place{}, nil, nil
}

// candidate is a record that is perhaps whole.
type candidate struct {
	place
	sum []byte
}

// candidates returns the newest records, newest first.
func candidates(file []byte) []candidate {
	var newest []candidate
	for at := 0; at < len(file); at += boundary {
		c, ok := candidateAt(file, at)
		if !ok {
			continue
		}
		i, _ := slices.BinarySearchFunc(newest, c, func(a, b candidate) int { return cmp.Compare(b.sequence, a.sequence) })
		if i < maxCandidates {
			newest = slices.Insert(newest, i, c)
			newest = newest[:min(len(newest), maxCandidates)]
		}
	}
	return newest
}

func candidateAt(file []byte, at int) (candidate, bool) {
	if len(file)-at < headerSize || !bytes.HasPrefix(file[at:], []byte(headerStart)) {
		return candidate{}, false
	}
	header, rest := file[at:at+headerSize], file[at+headerSize:]
	c := candidate{place: place{at: int64(at)}}
	if _, err := fmt.Sscanf(string(header), "backlog-gen recovery %x %x %x\n", &c.sequence, &c.length, &c.sum); err != nil {
		return candidate{}, false
	}
	return c, c.sequence > 0 && c.length >= 0 && c.length <= int64(len(rest))
}

// maxRecovery is the size of the largest recovery file that is read: some ten
// million updates.
const maxRecovery = 2 << 30

// read reads the file and returns the newest record.
func (r *recovery) read() ([]byte, error) {
	info, err := r.file.Stat()
	if err != nil {
		return nil, err
	}
	if info.Size() > maxRecovery {
		r.size, r.damaged = info.Size(), true
		return nil, fmt.Errorf("it has %d bytes, more than any recovery file: remove it", info.Size())
	}
	content := make([]byte, info.Size())
	if _, err := io.ReadFull(r.file, content); err != nil {
		return nil, err
	}
	r.size = int64(len(content))
	last, data, err := decode(content)
	r.last, r.holds, r.damaged = last, last.sequence > 0, err != nil
	return data, err
}
