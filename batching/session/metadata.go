package session

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
)

// The names in a session directory.
const (
	BacklogFile     = "tasks.json"
	SnapshotFile    = "prd_snapshot.md"
	ParentFile      = "parent_session.txt"
	CurrentFile     = "current_item.txt"
	ArchitectureDir = "architecture"
	PRPsDir         = "prps"
	ArtifactsDir    = "artifacts"
	BugfixDir       = "bugfix"
)

const (
	// olderParentFile is what some programs write in place of ParentFile: only
	// the parent's sequence number.
	olderParentFile = "delta_from.txt"
	lockFile        = ".session.lock"

	hashDigits        = 12
	maxSequenceDigits = 9
)

// directories are made in each new session.
var directories = []string{ArchitectureDir, PRPsDir, ArtifactsDir}

// Metadata says which session it is. It never changes.
type Metadata struct {
	// ID is the name of the directory, such as 001_14b9dc2a33c7.
	ID string
	// Sequence is the number at its beginning.
	Sequence int
	// Hash is the rest: the first 12 hex digits of the SHA-256 of the PRD.
	Hash string
	// Parent is the ID of the session that this one was derived from, "" if
	// none. Where only the sequence number is recorded, and there is no such
	// session, it is that number, with 3 digits at least.
	Parent string
	// PlanDir is the absolute path of the plan directory.
	PlanDir string
}

// Dir returns the path of the session directory.
func (m Metadata) Dir() string { return filepath.Join(m.PlanDir, m.ID) }

// String returns the ID.
func (m Metadata) String() string { return m.ID }

var sessionName = regexp.MustCompile(fmt.Sprintf(`^([0-9]{3,%d})_([0-9a-f]{%d})$`, maxSequenceDigits, hashDigits))

// parseName returns what a session's name says.
func parseName(planDir, name string) (Metadata, bool) {
	match := sessionName.FindStringSubmatch(name)
	if match == nil {
		return Metadata{}, false
	}
	sequence, err := strconv.Atoi(match[1])
	if err != nil {
		return Metadata{}, false
	}
	return Metadata{ID: name, Sequence: sequence, Hash: match[2], PlanDir: planDir}, true
}

func nameOf(sequence int, hash string) string { return fmt.Sprintf("%03d_%s", sequence, hash) }

func (m Metadata) path(file string) string { return filepath.Join(m.PlanDir, m.ID, file) }
