package engine

// GeneratedVersion1 is named by generated code, so that code that was generated
// for another version of this package does not compile.
const GeneratedVersion1 = true
