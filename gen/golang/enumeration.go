package golang

import (
	"github.com/dave/jennifer/jen"
)

// enumeration is a small integer type with named values: Status, Event, Level
// and the enums of a schema.
type enumeration struct {
	typ      string
	receiver string
	noun     string
	doc      string // of the type
	group    string // of the constants
	textDoc  string // what String returns
	values   string // name of the function that lists them
	all      string // what that returns
	table    string // name of the variable that holds their texts
	members  []member
}

// member is one value of an enumeration.
type member struct {
	constant string
	doc      string
	text     string
	aliases  []string
}

// emit writes the type, its constants, the table of texts and the methods that
// every enumeration has.
func (e enumeration) emit(s *source) {
	s.declare(e.doc, jen.Type().Id(e.typ).Uint8())
	s.declare(e.group, jen.Const().DefsFunc(e.constants))
	s.declare("", jen.Var().Id(e.table).Op("=").Add(inEngine("Names")).Types(jen.Id(e.typ)).Add(e.texts()))

	s.function(e.values+" returns "+e.all+".",
		jen.Id(e.values).Params().Index().Id(e.typ),
		jen.Return(of(e.table, "Values").Call()))
	s.function("Parse"+e.typ+" returns the "+e.noun+" that text names"+e.orAlias()+
		". The error is a [*document.NameError], which lists what would be right.",
		jen.Id("Parse"+e.typ).Params(jen.Id("text").String()).Params(jen.Id(e.typ), jen.Error()),
		jen.Return(of(e.table, "Parse").Call(jen.Id("text"))))
	s.function("String returns "+e.textDoc+", or text such as "+e.typ+"(0) for a value that is no "+e.noun+".",
		receiver(e.receiver, e.typ).Id("String").Params().String(),
		jen.Return(of(e.table, "Text").Call(jen.Id(e.receiver))))
	s.function("MarshalText returns "+e.textDoc+". It fails for a value that is no "+e.noun+", such as zero.",
		receiver(e.receiver, e.typ).Id("MarshalText").Params().Params(jen.Index().Byte(), jen.Error()),
		jen.Return(of(e.table, "Marshal").Call(jen.Id(e.receiver))))
	s.function("UnmarshalText sets the "+e.noun+" to the one that text names, as Parse"+e.typ+" does.",
		jen.Params(jen.Id(e.receiver).Op("*").Id(e.typ)).Id("UnmarshalText").Params(jen.Id("text").Index().Byte()).Error(),
		jen.Return(of(e.table, "Unmarshal").Call(jen.Id("text"), jen.Id(e.receiver))))
}

func (e enumeration) constants(g *jen.Group) {
	for i, m := range e.members {
		if m.doc != "" {
			comment(g, sentence(m.constant, m.doc))
		}
		constant := jen.Id(m.constant)
		if i == 0 {
			constant.Id(e.typ).Op("=").Iota().Op("+").Lit(1)
		}
		g.Add(constant)
	}
}

func (e enumeration) texts() *jen.Statement {
	var texts []jen.Code
	for _, m := range e.members {
		text := []jen.Code{jen.Id("Name").Op(":").Add(literal(m.text))}
		if len(m.aliases) > 0 {
			text = append(text, jen.Id("Aliases").Op(":").Add(textList(m.aliases)))
		}
		texts = append(texts, jen.Id(m.constant).Op(":").Values(text...))
	}
	return lines(
		jen.Id("Type").Op(":").Lit(e.typ),
		jen.Id("Of").Op(":").Index().Add(inFormat("EnumValue")).Add(lines(texts...)),
	)
}

func (e enumeration) orAlias() string {
	for _, m := range e.members {
		if len(m.aliases) > 0 {
			return ", by its name or an alias"
		}
	}
	return ""
}

// textList is []string{…}.
func textList(texts []string) *jen.Statement {
	var elements []jen.Code
	for _, text := range texts {
		elements = append(elements, literal(text))
	}
	return jen.Index().String().Values(elements...)
}
