package document_test

import (
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
)

func longText(n int) string { return strings.Repeat("x", n) }

func TestIDsAreBounded(t *testing.T) {
	board := boardType(t)
	groups := boardType(t, format.Root{Kind: format.RootGroups, Key: "boards"})
	const most = document.MaxIDLength
	tests := []struct {
		name string
		typ  *document.Type
		text func(n int) string // with an id of n bytes
		line string
	}{
		{"text id", board, func(n int) string { return `{"boards":[{"id":"` + longText(n) + `"}]}` }, "1:18: the id is too long: want at most 1000 bytes [id]"},
		{"number", board, func(n int) string { return `{"boards":[{"id":` + strings.Repeat("1", n) + `}]}` }, "1:18: the id is too long"},
		{"escapes count as what they stand for", board, func(n int) string { return `{"boards":[{"id":"` + strings.Repeat(`\u0078`, n) + `"}]}` }, "1:18: the id is too long"},
		{"local id with those above it", board, func(n int) string {
			return `{"boards":[{"id":"` + longText(400) + `","lists":[{"id":"` + longText(400) + `","cards":[{"id":"` + longText(n-802) + `"}]}]}]}`
		}, "1:854: the id has 1001 bytes with those above it: want at most 1000 [id]"},
		{"group", groups, func(n int) string { return `{"` + longText(n) + `":{"boards":[]}}` }, "1:2: the name of the group, which is part of ids, is too long: want at most 1000 bytes [id]"},
		{"no group", groups, func(n int) string { return `{"` + longText(n) + `":{"boards":1},"g":{"boards":[]}}` }, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			mustParse(t, tt.typ, tt.text(most))
			_, err := tt.typ.Parse([]byte(tt.text(most + 1)))
			switch {
			case tt.line == "" && err != nil:
				t.Error(err)
			case tt.line != "" && (err == nil || !strings.HasPrefix(err.Error(), tt.line)):
				t.Errorf("got %.200v\nwant %s", err, tt.line)
			}
		})
	}
}

func TestIDsOfNewItemsAreBounded(t *testing.T) {
	typ := boardType(t)
	base := mustParse(t, typ, `{"boards":[{"id":"`+longText(400)+`","lists":[{"id":1,"cards":[{"id":1}]}]},{"id":"`+longText(990)+`","lists":[]}]}`)
	with := func(n int) []document.Change {
		return []document.Change{add(longText(n), "", `{"id":"`+longText(n)+`"}`)}
	}
	local := func(n int) []document.Change {
		own := longText(n - 401)
		return []document.Change{add(longText(400)+"."+own, longText(400), `{"id":"`+own+`"}`)}
	}
	nested := func(n int) []document.Change {
		return []document.Change{add(longText(300), "", `{"id":"`+longText(300)+`","lists":[{"id":"`+longText(n-301)+`"}]}`)}
	}
	move := func(n int) []document.Change {
		return []document.Change{add(longText(400)+"."+longText(n-991), longText(400), `{"id":"`+longText(n-991)+`"}`),
			document.Move(id(longText(400)+"."+longText(n-991)), id(longText(990)))}
	}
	for name, changes := range map[string]func(int) []document.Change{"text": with, "local": local, "nested": nested, "moved": move} {
		t.Run(name, func(t *testing.T) {
			d, _, err := base.Apply(changes(document.MaxIDLength)...)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := typ.Parse(d.AppendJSON(nil)); err != nil {
				t.Fatal(err)
			}
			_, _, err = base.Apply(changes(document.MaxIDLength + 1)...)
			if refusal := (*document.ChangeError)(nil); !errors.As(err, &refusal) || refusal.Problems[0].Rule != "id" {
				t.Errorf("got %.200v", err)
			}
		})
	}
}

func TestLongIDsAreNoIDs(t *testing.T) {
	typ := boardType(t, format.Root{Kind: format.RootGroups, Key: "boards"})
	for _, text := range []string{longText(document.MaxIDLength + 1), longText(document.MaxIDLength+1) + "/x"} {
		_, err := typ.ParseID(0, text)
		_, anyErr := typ.ParseAnyID(text)
		for _, err := range []error{err, anyErr} {
			if refusal := (*document.IDError)(nil); !errors.As(err, &refusal) || len(err.Error()) > 300 || !strings.HasSuffix(err.Error(), "want an id of at most 1000 bytes") {
				t.Errorf("got %.400v", err)
			}
		}
	}
	if _, err := typ.ParseID(0, "g/"+longText(document.MaxIDLength)); err != nil {
		t.Error(err)
	}
}

// allocated returns how many bytes f allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func TestLongIDsCostWhatTheTextIsLong(t *testing.T) {
	tests := map[string]func(id string) string{
		"many below it": func(id string) string {
			return `{"boards":[{"id":"` + id + `","lists":[` + numbered(2000, func(i int) string { return `,{"id":` + strconv.Itoa(i+1) + `}` })[1:] + `]}]}`
		},
		"many problems below it": func(id string) string {
			return `{"boards":[{"id":"` + id + `","lists":[` + numbered(1000, func(i int) string { return `,{"id":` + strconv.Itoa(i+1) + `,"cards":1}` })[1:] + `]}]}`
		},
		"many problems in it": func(id string) string {
			return `{"boards":[{"id":"` + id + `","status":[],"x":{` + numbered(1000, func(i int) string { return `,"a":1` })[1:] + `}}]}`
		},
		"many problems in a group": func(id string) string {
			return `{"` + id + `":{"boards":[{"id":1,"x":{` + numbered(1000, func(i int) string { return `,"a":1` })[1:] + `}}]}}`
		},
	}
	typ := boardType(t, format.Root{Kind: format.RootGroups, Key: "boards"}, format.Root{Kind: format.RootObject, Key: "boards"})
	for name, text := range tests {
		for _, id := range []string{longText(1 << 20), strings.Repeat(`\n`, 1<<19)} {
			t.Run(fmt.Sprintf("%s %.2s", name, id), func(t *testing.T) {
				data := []byte(text(id))
				got := allocated(func() {
					if _, err := typ.ParseOwned(data); err == nil {
						t.Error("accepted")
					}
				})
				if most := uint64(20 << 20); got > most {
					t.Errorf("%d bytes allocated for a text of %d, want at most %d", got, len(data), most)
				}
			})
		}
	}
}
