package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

func TestExitCodes(t *testing.T) {
	t.Chdir(t.TempDir())
	wrong := strings.Replace(watched, "kind: path", "kind: paht", 1)
	for name, content := range map[string]string{
		"good.yaml":  watched,
		"other.yaml": strings.Replace(watched, "name: plan", "name: plans", 1),
		"flow.yaml":  strings.Replace(watched, ", from: [open]", ", from: others", 1),
		"steps.yaml": strings.Replace(watched, "initial: open", "initial: closed", 1),
		"loose.yaml": strings.Replace(watched, "close: {}", "close:   {}", 1),
		"wrong.yaml": wrong,
		"none.json":  `{"tasks": []}`,
		"tasks.json": `{"tasks": [{"id": 1, "status": "done"}]}`,
	} {
		if err := os.WriteFile(name, []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		args string
		want int
	}{
		{"fmt --check good.yaml", exitClean},
		{"fmt --check loose.yaml", exitFindings},
		{"fmt wrong.yaml", exitFindings},
		{"fmt wrong.yaml nowhere.yaml good.yaml", exitFailure},
		{"fmt", exitFailure},
		{"validate --schema good.yaml none.json", exitFindings},
		{"validate --schema good.yaml none.json nowhere.json", exitFailure},
		{"validate --schema good.yaml nowhere.json none.json", exitFailure},
		{"diff good.yaml flow.yaml", exitClean},
		{"diff good.yaml steps.yaml", exitClean},
		{"diff good.yaml other.yaml", exitFindings},
		{"diff wrong.yaml good.yaml", exitFindings},
		{"diff good.yaml nowhere.yaml", exitFailure},
		{"diff nowhere good.yaml", exitFailure},
		{"diff", exitFailure},
		{"diff --format xml good.yaml good.yaml", exitFailure},
		{"nonsense --help", exitFailure},
		{"help nonsense", exitFailure},
		{"--help", exitClean},
		{"--version", exitClean},
		{"generate --nonsense", exitFailure},
		{"generate x.yaml", exitFailure},
		{"generate --watch", exitFailure},
		{"init --from none.json", exitFindings},
		{"init --from nowhere.json", exitFailure},
		{"init extra", exitFailure},
		{"init --from tasks.json", exitClean},
		{"init", exitFailure}, // would overwrite
	} {
		t.Run(test.args, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			if got := run(t.Context(), strings.Fields(test.args), &stdout, &stderr); got != test.want {
				t.Errorf("exit code %d, want %d\n%s%s", got, test.want, &stdout, &stderr)
			}
		})
	}
}

func TestEveryCommandHasExamples(t *testing.T) {
	for _, cmd := range newRoot().Commands() {
		if cmd.Example == "" || cmd.Short == "" {
			t.Errorf("%s has no example, or no description", cmd.Name())
		}
	}
}
