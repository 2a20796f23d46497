package main

import (
	"bytes"
	"fmt"
)

// lineChange is a line that differs between two versions of a file.
type lineChange struct {
	number        int // from 1
	before, after string
}

// changedLines compares two versions of a file line by line. Status updates
// neither add nor remove lines, so a different number of lines is an error.
func changedLines(before, after []byte) ([]lineChange, error) {
	old, new := bytes.Split(before, []byte("\n")), bytes.Split(after, []byte("\n"))
	if len(old) != len(new) {
		return nil, fmt.Errorf("had %d lines and has %d now", len(old), len(new))
	}
	var changes []lineChange
	for i := range old {
		if !bytes.Equal(old[i], new[i]) {
			changes = append(changes, lineChange{i + 1, string(bytes.TrimSpace(old[i])), string(bytes.TrimSpace(new[i]))})
		}
	}
	return changes, nil
}
