package reliability_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/internal/reliability"
)

func TestReport(t *testing.T) {
	name := filepath.Join(t.TempDir(), "figures")
	t.Setenv(reliability.Variable, name)
	reliability.Record(t,
		reliability.Figure{Promise: reliability.Whole, Tried: 20, How: "kills", Lost: 0},
		reliability.Figure{Promise: reliability.Durable, Tried: 3, How: "power cuts", Lost: 1})
	reliability.RecordCost(t, reliability.Cost{Operation: "write", Bytes: 7, Median: 1234567 * time.Nanosecond})
	figures, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer figures.Close()
	var got strings.Builder
	if err := reliability.Report(&got, figures, "a desk"); err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(got.String(), "Measured on a desk.\n\n")
	want := `| promise | test | tried | lost |
|---|---|---|---|
| Flush returned nil: the content survives a power cut | ` + "`TestReport`" + ` | 3 × power cuts | 1 |
| At every instant the file is one whole flushed snapshot | ` + "`TestReport`" + ` | 20 × kills | 0 |
| **all** | | **23** | **1** |

## What durability costs

Medians, on the file system of the temporary directory.

| bytes | operation | time |
|---|---|---|
| 7 | write | 1.23ms |
`
	if diff := cmp.Diff(want, table); diff != "" {
		t.Errorf("report (-want +got)\n%s", diff)
	}
	if err := reliability.Report(&got, strings.NewReader("no JSON"), ""); err == nil {
		t.Error("a broken file of figures is no error")
	}
}
