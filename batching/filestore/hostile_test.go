package filestore_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/internal/atomicfile/faultfs"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

const (
	recoveryName = "/d/.plan.json.0123456789abcdef.recovery"
	goodRecord   = `{"version":1,"format":"plantest","saved":"2026-01-02T03:04:05Z","checkpoints":[{"groups":1,"sha256":"00"}],` +
		`"updates":[1],"groups":[[{"op":"set","id":"E1.S1.T1","to":"Active"}]]}`
)

// recoverFrom opens a plan beside which somebody has put a recovery file, and
// recovers.
func recoverFrom(t testing.TB, file []byte) (plantest.Plan, error) {
	t.Helper()
	fsys := faultfs.New("/d")
	fsys.Put(planFile, []byte(plantest.Text(1, 1, 2)))
	fsys.Put(recoveryName, file)
	b := openStore(t, filestore.New(planFile, filestore.WithFS(fsys)))
	_, err := b.Recover(t.Context())
	content, _ := fsys.Get(planFile)
	stored := plantest.Parse(string(content))
	if stored.String() != b.Snapshot().String() && !b.Dirty() {
		t.Errorf("the file is not the snapshot, and nothing is pending")
	}
	_, kept := fsys.Get(recoveryName)
	var recovery *batching.RecoveryError
	if errors.As(err, &recovery) != kept {
		t.Errorf("error %v, file kept: %v", err, kept)
	}
	return stored, err
}

func TestHostileRecoveryFiles(t *testing.T) {
	tests := []struct{ name, old, new string }{
		{"another version", `"version":1`, `"version":4`},
		{"another format", `"plantest"`, `"backlog"`},
		{"negative count", `"updates":[1]`, `"updates":[-1]`},
		{"huge count", `"updates":[1]`, `"updates":[4294967297]`},
		{"missing count", `"updates":[1]`, `"updates":[]`},
		{"empty group", `[[{"op":"set","id":"E1.S1.T1","to":"Active"}]]`, `[[]]`},
		{"unknown operation", `"set"`, `"sit"`},
		{"unknown status", `"Active"`, `"Passive"`},
		{"no JSON", `{"version"`, `{version`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			stored, err := recoverFrom(t, filestore.EncodeRecord([]byte(strings.Replace(goodRecord, tt.old, tt.new, 1))))
			var recovery *batching.RecoveryError
			if !errors.As(err, &recovery) || recovery.Name != recoveryName {
				t.Errorf("error %v", err)
			}
			if stored.String() != plantest.Text(1, 1, 2) {
				t.Error("something was applied")
			}
		})
	}
	stored, err := recoverFrom(t, filestore.EncodeRecord([]byte(goodRecord)))
	if err != nil || stored.Status(plantest.TaskID(1, 1, 1)) != plantest.Active {
		t.Errorf("the record that is right: %v", err)
	}
}

// FuzzRecoveryFile recovers from arbitrary records, in a whole file and raw.
func FuzzRecoveryFile(f *testing.F) {
	f.Add([]byte(goodRecord), true)
	f.Add(filestore.EncodeRecord([]byte(goodRecord)), false)
	f.Add([]byte(strings.Replace(goodRecord, `"set"`, `"edit"`, 1)), true)
	f.Add([]byte(strings.Replace(goodRecord, `"set"`, `"force"`, 1)), true)
	f.Add([]byte(strings.Replace(goodRecord, `"to":"Active"`, `"to":"Done"`, 1)), true)
	f.Add([]byte("backlog-gen recovery "), false)
	f.Fuzz(func(t *testing.T, data []byte, whole bool) {
		if whole {
			data = filestore.EncodeRecord(data)
		}
		_, _ = recoverFrom(t, data)
	})
}

// TestRecoveryFileOfNothingButHeaders looks at a file of nothing but headers, each of
// which claims all that follows. To hash them all would take minutes.
func TestRecoveryFileOfNothingButHeaders(t *testing.T) {
	const header = 512
	size := 16 << 20
	if raceEnabled {
		size >>= 3
	}
	file := make([]byte, 0, size)
	for at := 0; at < size; at += header {
		line := fmt.Sprintf("backlog-gen recovery %016x %016x %064x\n", 1+at, size-at-len(filestore.EncodeRecord(nil)), 1)
		file = append(append(file, line...), make([]byte, header-len(line))...)
	}
	_, err := recoverFrom(t, file)
	var recovery *batching.RecoveryError
	if !errors.As(err, &recovery) || recovery.Name != recoveryName {
		t.Errorf("error %v", err)
	}
}

// TestRecoveryFileTooLarge looks at a file that is larger than the memory.
func TestRecoveryFileTooLarge(t *testing.T) {
	name := newFile(t, 1, 1, 1)
	place := filepath.Join(filepath.Dir(name), ".plan.json.0123456789abcdef.recovery")
	writeFile(t, place, "")
	if err := os.Truncate(place, 1<<40); err != nil {
		t.Skip("no holes in files here:", err)
	}
	b := openStore(t, filestore.New(name))
	found := b.Recoverable()
	if len(found) != 1 || found[0].Err == nil || !strings.Contains(found[0].Err.Error(), "remove it") {
		t.Errorf("recoverable %v", found)
	}
}

// TestRecoveryFileOfManyGroups recovers a file of many groups, legal ones and
// others. Were each compared with each, it would take minutes.
func TestRecoveryFileOfManyGroups(t *testing.T) {
	groups := 100_000
	if raceEnabled {
		groups /= 10
	}
	lines := make([]string, groups)
	for i := range lines {
		switch i % 4 {
		case 0:
			lines[i] = `[{"op":"set","id":"E1.S1.T1","to":"Active"}]`
		case 1:
			lines[i] = `[{"op":"set","id":"E1.S1.T1","to":"Open"}]`
		case 2:
			lines[i] = `[{"op":"set","id":"E9","to":"Active"}]`
		default:
			lines[i] = fmt.Sprintf(`[{"op":"remove","id":"E1.S1.T%d"}]`, i)
		}
	}
	record := fmt.Sprintf(`{"version":1,"format":"plantest","checkpoints":[],"updates":[%s1],"groups":[%s]}`,
		strings.Repeat("1,", groups-1), strings.Join(lines, ","))
	_, err := recoverFrom(t, filestore.EncodeRecord([]byte(record)))
	var conflict *batching.ConflictError
	if !errors.As(err, &conflict) || len(conflict.Groups)+conflict.Omitted != groups/2 {
		t.Errorf("error %.200v", err)
	}
}
