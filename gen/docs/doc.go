// Package docs turns a schema into documents about the format it describes:
// a reference in Markdown and in HTML, state diagrams as Mermaid, DOT and SVG,
// and a JSON Schema of the format.
//
// [Files] makes them, in memory: from one model it makes the same bytes every
// time, and it reads and writes nothing. All formats say the same in the same
// words: what there is to say is put into a view of the model first, and each
// format only lays it out and escapes it. Names and descriptions may hold any
// character; none of them can leave its place in any of the formats.
//
// The internal package layered lays pictures out. Graphviz could do that, but as a
// library it is a WebAssembly program, and each start of the command compiled it.
package docs
