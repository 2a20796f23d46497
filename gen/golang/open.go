package golang

import (
	"github.com/dave/jennifer/jen"
)

// emitOpen writes what ties the package to batching.
func emitOpen(p *plan) *source {
	s := newSource(p, openFile+Suffix)
	root := p.root
	types := []jen.Code{jen.Id(root.name), jen.Id("ItemID"), jen.Id("Status")}
	s.declare("Batcher keeps a stored document up to date: it accepts updates in memory and writes them together. See "+
		"package batching.",
		jen.Type().Id("Batcher").Op("=").Qual(batchingPath, "Batcher").Types(types...))

	s.declare("Change is one step of a group for the Batcher: see [batching.Set], [batching.Advance] and [batching.Force].",
		jen.Type().Id("Change").Op("=").Qual(batchingPath, "Change").Types(types[1:]...))

	s.declare("Claim is an item in the hands of a worker: see [batching.Batcher.Claim].",
		jen.Type().Id("Claim").Op("=").Qual(batchingPath, "Claim").Types(types[1]))

	context := jen.Id("ctx").Qual("context", "Context")
	options := jen.Id("opts").Op("...").Qual(batchingPath, "Option")
	batcher := []jen.Code{jen.Op("*").Id("Batcher"), jen.Error()}
	var guards, pass []jen.Code
	typ := compiled()
	if p.guarded {
		guards, pass = []jen.Code{jen.Id("guards").Id("Guards")}, []jen.Code{jen.Id("guards")}
		typ = jen.Id("guarded").Call(jen.Id("guards"))
	}
	file := jen.Qual(filestorePath, "New").Call(jen.Id("path"))

	s.function("Open opens a file. A file that is not there is an error that wraps [io/fs.ErrNotExist]: see Create.",
		jen.Id("Open").Params(join(jen.Add(context), jen.Id("path").String(), guards, options)...).Params(batcher...),
		jen.Return(jen.Id("OpenStore").Call(join(jen.Id("ctx"), file, pass, jen.Id("opts").Op("..."))...)))
	s.function("OpenStore opens a document that is kept elsewhere.",
		jen.Id("OpenStore").Params(join(jen.Add(context), jen.Id("store").Qual(batchingPath, "Store"), guards, options)...).Params(batcher...),
		jen.Return(jen.Qual(batchingPath, "Open").Call(jen.Id("ctx"), jen.Id("Format").Call(pass...), jen.Id("store"), jen.Id("opts").Op("..."))))
	s.function("Create writes the first file for a document. It fails with [io/fs.ErrExist] where there is a file already.",
		jen.Id("Create").Params(context, jen.Id("path").String(), jen.Id(root.receiver).Id(root.name)).Error(),
		jen.Return(jen.Qual(filestorePath, "Create").Call(jen.Id("ctx"), jen.Id("path"), of(root.receiver, "document").Call())))
	s.function("Format tells batching about the types of this package.",
		jen.Id("Format").Params(guards...).Qual(batchingPath, "Format").Types(types...),
		jen.Return(jen.Qual(batchingPath, "Format").Types(types...).Add(lines(
			jen.Id("Type").Op(":").Add(typ),
			jen.Id("Wrap").Op(":").Func().Params(jen.Id("doc").Op("*").Add(inDocument("Document"))).Id(root.name).
				Block(jen.Return(wrapIn(root.name, jen.Id("doc")))),
			jen.Id("Unwrap").Op(":").Func().Params(jen.Id(root.receiver).Id(root.name)).Op("*").Add(inDocument("Document")).
				Block(jen.Return(of(root.receiver, "doc"))),
			jen.Id("ID").Op(":").Func().Params(jen.Id("id").Id("ItemID")).Add(inDocument("ID")).Block(jen.Return(of("id", "id"))),
			jen.Id("WrapID").Op(":").Func().Params(jen.Id("id").Add(inDocument("ID"))).Id("ItemID").
				Block(jen.Return(wrapIn("ItemID", jen.Id("id")))),
			jen.Id("Status").Op(":").Func().Params(jen.Id("status").Id("Status")).Add(inDocument("Status")).
				Block(jen.Return(inDocument("Status").Call(jen.Id("status")))),
		))))
	return s
}

// join makes one list of codes and lists of codes.
func join(parts ...any) []jen.Code {
	var all []jen.Code
	for _, part := range parts {
		switch part := part.(type) {
		case []jen.Code:
			all = append(all, part...)
		case jen.Code:
			all = append(all, part)
		}
	}
	return all
}
