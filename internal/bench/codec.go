package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"

	"github.com/bytedance/sonic"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/backlog-gen/backlog-gen/generated/backlog"
)

const (
	parseName  = "parse"
	ownedName  = "parse, input handed over"
	encodeName = "encode the whole document"
	forFlush   = "encode for a flush of 100 changes"
	plainName  = "encoding/json, plain structs"
	tokensName = "go-json-experiment/json, bare tokens"
	sonicName  = "bytedance/sonic, plain structs"
	indentName = "encoding/json MarshalIndent"
	copyName   = "bare copy of the bytes"

	// Other layouts than the usual one.
	onOneLine     = ", on one line"
	inRandomOrder = ", keys in random order"
)

// measureParse parses the sample with full validation, and the same with the
// peers, which validate nothing but JSON. Some samples are also parsed in other
// layouts.
func measureParse(m *meter, s sample) error {
	text, err := s.text()
	if err != nil {
		return err
	}
	if err := parseAll(m, s.size, text); err != nil || !s.layouts {
		return err
	}
	return measureLayouts(m, s.size, text)
}

func measureLayouts(m *meter, s size, text []byte) error {
	var compact bytes.Buffer
	if err := json.Compact(&compact, text); err != nil {
		return err
	}
	shuffled, err := shuffle(text)
	if err != nil {
		return err
	}
	for _, layout := range []struct {
		name string
		text []byte
	}{
		{onOneLine, compact.Bytes()},
		{inRandomOrder, shuffled},
	} {
		s := size{name: s.name + layout.name} // no point of a curve
		if err := parseAll(m, s, layout.text); err != nil {
			return err
		}
	}
	return nil
}

func parseAll(m *meter, s size, text []byte) error {
	target := make([]byte, len(text))
	ops := []operation{
		{contender: ours, run: func() error {
			_, err := backlog.Parse(text)
			return err
		}},
		{contender: ours, what: ownedName, run: func() error {
			_, err := backlog.Format().Type.ParseOwned(text)
			return err
		}},
		{contender: plainName, run: func() error {
			var p plan
			return json.Unmarshal(text, &p)
		}},
		{contender: sonicName, run: func() error {
			var p plan
			return sonic.Unmarshal(text, &p)
		}},
		{contender: tokensName, run: func() error { return readTokens(text) }},
		{contender: copyName, run: func() error {
			copy(target, text)
			return nil
		}},
	}
	for i := range ops {
		ops[i].processed = int64(len(text))
	}
	first := len(m.results)
	if err := m.time(parseName, s, ops...); err != nil {
		return err
	}
	for _, peer := range m.results[first+2:] { // beside both ways of ours
		peer.what = ownedName
		m.add(peer)
	}
	return nil
}

func readTokens(text []byte) error {
	d := jsontext.NewDecoder(bytes.NewBuffer(text))
	for {
		if _, err := d.ReadToken(); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
	}
}

// shuffle returns a JSON text on one line with the members of each object in
// random order.
func shuffle(text []byte) ([]byte, error) {
	r := rand.New(rand.NewPCG(5, 6))
	d := jsontext.NewDecoder(bytes.NewBuffer(text))
	return appendShuffled(nil, d, r)
}

func appendShuffled(dst []byte, d *jsontext.Decoder, r *rand.Rand) ([]byte, error) {
	kind := d.PeekKind()
	if kind != '{' && kind != '[' {
		value, err := d.ReadValue()
		return append(dst, value...), err
	}
	if _, err := d.ReadToken(); err != nil {
		return nil, err
	}
	var parts [][]byte
	for d.PeekKind() != kind+2 { // the closing bracket, also in ASCII
		var part []byte
		var err error
		if kind == '{' {
			if part, err = appendShuffled(part, d, r); err != nil {
				return nil, err
			}
			part = append(part, ':')
		}
		if part, err = appendShuffled(part, d, r); err != nil {
			return nil, err
		}
		parts = append(parts, part)
	}
	if kind == '{' {
		r.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
	}
	dst = append(dst, byte(kind))
	dst = append(dst, bytes.Join(parts, []byte(","))...)
	_, err := d.ReadToken()
	return append(dst, byte(kind+2)), err
}

// measureEncode writes the sample as text: all of it to memory, and as a flush
// does, to a writer that costs nothing.
func measureEncode(m *meter, s sample) error {
	changed, err := withChanges(s, 100)
	if err != nil {
		return err
	}
	text := changed.AppendJSON(nil)
	buffer := make([]byte, len(text))
	processed := int64(len(text))
	err = m.time(encodeName, s.size,
		operation{contender: ours, processed: processed, run: func() error {
			buffer = changed.AppendJSON(buffer[:0])
			return nil
		}},
		operation{contender: copyName, processed: processed, run: func() error {
			copy(buffer, text)
			return nil
		}},
	)
	if err != nil {
		return err
	}
	err = m.time(forFlush, s.size, operation{contender: ours, run: func() error {
		_, err := changed.WriteTo(io.Discard)
		return err
	}})
	if err != nil {
		return err
	}
	return measureIndent(m, s, processed)
}

// measureIndent encodes plain structs. What is compared with it is both ways of
// ours: plain structs have only one.
func measureIndent(m *meter, s sample, processed int64) error {
	p, err := s.plan()
	if err != nil {
		return err
	}
	err = m.time(encodeName, s.size, operation{contender: indentName, processed: processed, run: func() error {
		_, err := json.MarshalIndent(p, "", "  ")
		return err
	}})
	if err != nil {
		return err
	}
	again := m.results[len(m.results)-1]
	again.what, again.processed = forFlush, 0
	m.add(again)
	return nil
}

// withChanges returns the sample after its first steps.
func withChanges(s sample, n int) (backlog.Backlog, error) {
	text, err := s.text()
	if err != nil {
		return backlog.Backlog{}, err
	}
	b, err := backlog.Parse(text)
	for _, step := range s.steps[:min(n, len(s.steps)/2)] {
		if err != nil {
			return b, err
		}
		b, err = b.WithStatus(backlog.MustItemID(step.id), backlog.StatusImplementing)
	}
	return b, err
}
