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
	reliability.Record(t, 20, "kills", 0, reliability.Whole, reliability.NoLoss)
	reliability.Record(t, 3, "power cuts", 1, reliability.Durable)
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
	want := `| tried | what | test | promises | lost |
|---:|---|---|---|---:|
| 20 | kills | ` + "`TestReport`" + ` | 2, 4 | 0 |
| 3 | power cuts | ` + "`TestReport`" + ` | 1 | 1 |
| **23** | in all | | | **1** |

## What durability costs

Medians, on the file system of the temporary directory.

| bytes | operation | time |
|---:|---|---:|
| 7 | write | 1.23ms |
`
	if diff := cmp.Diff(want, table); diff != "" {
		t.Errorf("report (-want +got)\n%s", diff)
	}
	if err := reliability.Report(&got, strings.NewReader("no JSON"), ""); err == nil {
		t.Error("a broken file of figures is no error")
	}
}
