package schema

import "github.com/backlog-gen/backlog-gen/document/format"

// Bounds of a schema. They are far beyond any real one and keep hostile files
// from costing more than a moment.
const (
	maxFileBytes    = 1 << 20
	maxDepth        = 32
	maxAliases      = 100
	maxNodes        = 100_000
	maxProblems     = 500
	maxLevels       = 16
	maxShapes       = 16
	maxLists        = 16 // of one document, group or level
	maxConditions   = 16 // of one guard or claim
	maxPathKeys     = format.MaxPath
	maxFields       = 200 // of one level or object
	maxStatuses     = 254 // in a byte, with room for none and for mixed
	maxEvents       = 254
	maxMachines     = 100
	maxTransitions  = 1000 // of one machine
	maxEnums        = 250
	maxEnumValues   = 255 // of one enum
	maxObjects      = 250
	maxGuards       = 100 // of one level
	maxAliasesOf    = 50  // of one status or enum value
	maxListValues   = 255 // of one_of, sections and other lists of texts
	maxNameBytes    = 64  // names, JSON keys, statuses, enum values
	maxTextBytes    = 1000
	maxDocBytes     = 10_000
	maxPatternInsts = 10_000 // size of a compiled pattern
	maxIndent       = 16
	maxSourceBytes  = 500 // of the line shown with a diagnostic
)
