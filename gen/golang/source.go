package golang

import (
	"bytes"
	"fmt"
	"go/format"
	"strconv"
	"strings"

	"github.com/dave/jennifer/jen"
)

// Paths of the packages that generated code imports.
const (
	modulePath    = "github.com/backlog-gen/backlog-gen/"
	documentPath  = modulePath + "document"
	formatPath    = modulePath + "document/format"
	enginePath    = modulePath + "document/engine"
	machinePath   = modulePath + "statemachine"
	batchingPath  = modulePath + "batching"
	filestorePath = modulePath + "batching/filestore"
)

// importNames are the imports' package names. No identifier that generated code
// declares inside a function may be one of them.
var importNames = map[string]string{
	documentPath:    "document",
	formatPath:      "format",
	enginePath:      "engine",
	machinePath:     "statemachine",
	batchingPath:    "batching",
	filestorePath:   "filestore",
	"context":       "context",
	"encoding/json": "json",
	"io":            "io",
	"iter":          "iter",
	"slices":        "slices",
	"sync":          "sync",
	"time":          "time",
}

// source is a Go file being written. Every declaration is followed by a blank
// line.
type source struct {
	*jen.File
	name string
}

func newSource(p *plan, name string) *source {
	f := jen.NewFile(p.model.Package.Name)
	f.NoFormat = true
	f.HeaderComment(Header(p.source))
	f.ImportNames(importNames)
	return &source{File: f, name: name}
}

// doc writes the lines of a comment.
func (s *source) doc(text string) {
	comment(s.Group, text)
}

// comment writes the lines of a comment into a group.
func comment(g *jen.Group, text string) {
	for _, line := range commentLines(text) {
		g.Comment(line)
	}
}

// function writes a function or method with its comment.
func (s *source) function(doc string, signature *jen.Statement, body ...jen.Code) {
	s.doc(doc)
	s.Add(jen.Func().Add(signature).Block(body...))
	s.Line()
}

// declare writes any other declaration with its comment.
func (s *source) declare(doc string, code *jen.Statement) {
	s.doc(doc)
	s.Add(code)
	s.Line()
}

// file formats the source.
func (s *source) file() (File, error) {
	var buf bytes.Buffer
	if err := s.Render(&buf); err != nil {
		return File{}, fmt.Errorf("%s: %w", s.name, err)
	}
	content, err := format.Source(groupImports(buf.Bytes()))
	if err != nil {
		return File{}, fmt.Errorf("%s: %w", s.name, err)
	}
	return File{Name: s.name, Content: content}, nil
}

// groupImports puts an empty line between the imports of the standard library
// and the others, as people do.
func groupImports(src []byte) []byte {
	const start, end = "\nimport (\n", "\n)\n"
	before, rest, ok := bytes.Cut(src, []byte(start))
	if !ok {
		return src
	}
	block, after, _ := bytes.Cut(rest, []byte(end))
	var standard, others []string
	for line := range strings.SplitSeq(string(block), "\n") {
		switch path, _ := strconv.Unquote(strings.TrimSpace(line)); {
		case path == "":
		case strings.Contains(path, "."):
			others = append(others, line)
		default:
			standard = append(standard, line)
		}
	}
	groups := strings.Join(standard, "\n")
	if len(standard) > 0 && len(others) > 0 {
		groups += "\n\n"
	}
	groups += strings.Join(others, "\n")
	return bytes.Join([][]byte{before, []byte(start), []byte(groups), []byte(end), after}, nil)
}

// literal is a text literal, in back quotes where that saves escapes.
func literal(text string) *jen.Statement {
	if strings.Contains(text, `\`) && strconv.CanBackquote(text) {
		return jen.Op("`" + text + "`")
	}
	return jen.Lit(text)
}

// number is the shortest literal of a float.
func number(f float64) *jen.Statement {
	return jen.Op(strconv.FormatFloat(f, 'g', -1, 64))
}

// inDocument is a name of package document, inFormat one of package format, and
// inEngine one of package engine.
func inDocument(name string) *jen.Statement { return jen.Qual(documentPath, name) }
func inFormat(name string) *jen.Statement   { return jen.Qual(formatPath, name) }
func inEngine(name string) *jen.Statement   { return jen.Qual(enginePath, name) }

// of is a selector: of("p", "item") is p.item.
func of(id string, names ...string) *jen.Statement {
	s := jen.Id(id)
	for _, name := range names {
		s.Dot(name)
	}
	return s
}

// receiver is the receiver of a method.
func receiver(name, typ string) *jen.Statement { return jen.Params(jen.Id(name).Id(typ)) }

// convert is T(x).
func convert(typ string, x jen.Code) *jen.Statement { return jen.Id(typ).Call(x) }

// wrapIn is T{x}.
func wrapIn(typ string, x jen.Code) *jen.Statement { return jen.Id(typ).Values(x) }

// seq is iter.Seq[T].
func seq(t jen.Code) *jen.Statement { return jen.Qual("iter", "Seq").Types(t) }

// lines puts each element of a composite literal on a line of its own.
func lines(elements ...jen.Code) *jen.Statement {
	return jen.Custom(jen.Options{Open: "{", Close: "}", Separator: ",", Multi: true}, elements...)
}
