package engine

// GeneratedVersion1 is named by generated code. Code that was generated for
// another version of this package does not compile.
const GeneratedVersion1 = true
