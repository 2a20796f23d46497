// Package schema reads the file that describes a backlog format: its levels,
// fields, ids, statuses, state machines and guards.
//
// [Load] and [Parse] turn YAML into a [Model] in which every name is resolved,
// every default is filled in and everything has a position. A schema with
// anything wrong yields an [*Error] that lists all problems at once, each with
// file, line, column, the rule that is broken and what would be right; [Rules]
// explains the rules. The language is described in docs/schema.md.
//
// The package knows nothing of Go code beyond what names may be used in it. A
// Model is plain data: whoever holds it must not change it while others read.
package schema
