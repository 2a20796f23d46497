package infer

import (
	"bytes"
	"strconv"
	"strings"
)

// layout is how a document is laid out.
type layout struct {
	indent       string // as schemas write it
	finalNewline bool
}

func findLayout(data []byte) layout {
	l := layout{indent: "0", finalNewline: bytes.HasSuffix(data, []byte("\n"))}
	for line := range bytes.Lines(bytes.TrimLeft(data, "\uFEFF \t\r\n")) {
		trimmed := bytes.TrimLeft(line, " \t")
		space := string(line[:min(len(line)-len(trimmed), 20)])
		switch {
		case space == "" || len(bytes.TrimSpace(trimmed)) == 0:
			continue
		case space == "\t":
			l.indent = "tab"
		case len(space) <= 16 && strings.Trim(space, " ") == "":
			l.indent = strconv.Itoa(len(space))
		}
		break
	}
	return l
}
