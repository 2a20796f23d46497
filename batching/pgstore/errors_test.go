package pgstore_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/pgstore"
)

// TestTransientCodes judges every class of the manual's table of error codes. A
// class is all transient, or none of it but for the codes that are named.
func TestTransientCodes(t *testing.T) {
	const all = "all"
	classes := map[string]string{
		"00": "", "01": "", "02": "", "03": "", "08": all, "09": "", "0A": "", "0B": "", "0F": "", "0L": "", "0P": "", "0Z": "",
		"20": "", "21": "", "22": "", "23": "", "24": "", "25": "25006 25P03 25P04", "26": "", "27": "", "28": "", "2B": "", "2D": "",
		"2F": "", "34": "", "38": "", "39": "", "3B": "", "3D": "", "3F": "", "40": "40000 40001 40003 40P01", "42": "", "44": "",
		"53": "53000 53100 53200 53300", "54": "", "55": "55006 55P03", "57": "57014 57P01 57P02 57P03 57P05", "58": "58030",
		"72": "72000", "F0": "", "HV": "", "P0": "", "XX": "",
	}
	// The codes that exist, of the classes in which there is a choice; of others,
	// the general one.
	codes := strings.Fields("08000 08003 08006 08001 08004 08007 08P01 " +
		"25000 25001 25002 25008 25003 25004 25005 25006 25007 25P01 25P02 25P03 25P04 " +
		"40000 40002 40001 40003 40P01 53000 53100 53200 53300 53400 " +
		"55000 55006 55P02 55P03 55P04 57000 57014 57P01 57P02 57P03 57P04 57P05 58000 58030 58P01 58P02 58P03 72000 " +
		"22021 23505 28P01 3D000 3F000 42501 42P01 42P05 26000 0A000 XX000 XX001")
	for class := range classes {
		codes = append(codes, class+"000")
	}
	for _, code := range codes {
		names, known := classes[code[:2]]
		if !known {
			t.Errorf("class of %s", code)
		}
		want := names == all || slices.Contains(strings.Fields(names), code)
		if got := errors.Is(&pgstore.Error{Op: "save", Err: &pgconn.PgError{Code: code}}, batching.ErrTransient); got != want {
			t.Errorf("%s is transient: %v, want %v", code, got, want)
		}
	}
}
