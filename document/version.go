package document

// GeneratedVersion1 is named by generated code, so that code generated for an
// engine that has moved on does not compile.
const GeneratedVersion1 = true
