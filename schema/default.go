package schema

import _ "embed"

// Default is the reference schema, backlog.yaml: Phase > Milestone > Task >
// Subtask.
//
//go:embed backlog.yaml
var Default string
