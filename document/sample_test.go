package document_test

import (
	"fmt"
	"strings"
)

// samplePlan writes a plan with the given fan-out on each level, two spaces of
// indentation and about 525 bytes a subtask.
func samplePlan(phases, milestones, tasks, subtasks int) []byte {
	w := planWriter{scope: "CONTRACT DEFINITION:\\n1. RESEARCH NOTE: see architecture notes on the session layout.\\n" +
		"2. INPUT: the snapshot of the previous task.\\n3. LOGIC: " + strings.Repeat("check, change, and check again. ", 3) +
		"\\n4. OUTPUT: a report for the next task."}
	w.b.WriteString("{\n  \"backlog\": [")
	w.level([]string{"Phase", "Milestone", "Task", "Subtask"}, []int{phases, milestones, tasks, subtasks}, "", "    ")
	w.b.WriteString("\n  ]\n}")
	return []byte(w.b.String())
}

type planWriter struct {
	b     strings.Builder
	scope string
}

func (w *planWriter) level(names []string, counts []int, parent, indent string) {
	for n := range counts[0] {
		id := fmt.Sprintf("%s%c%d", parent, names[0][0], n+1)
		if n > 0 {
			w.b.WriteByte(',')
		}
		fmt.Fprintf(&w.b, "\n%s{\n%s  \"type\": %q,\n%s  \"id\": %q,\n%s  \"title\": \"%s %s\",\n%s  \"status\": \"Planned\",",
			indent, indent, names[0], indent, id, indent, names[0], id, indent)
		if len(names) == 1 {
			fmt.Fprintf(&w.b, "\n%s  \"story_points\": 1,\n%s  \"dependencies\": [],\n%s  \"context_scope\": \"%s\"\n%s}",
				indent, indent, indent, w.scope, indent)
			continue
		}
		key := map[string]string{"Phase": "milestones", "Milestone": "tasks", "Task": "subtasks"}[names[0]]
		fmt.Fprintf(&w.b, "\n%s  \"description\": \"What %s is about\",\n%s  %q: [", indent, id, indent, key)
		w.level(names[1:], counts[1:], id+".", indent+"    ")
		fmt.Fprintf(&w.b, "\n%s  ]\n%s}", indent, indent)
	}
}
