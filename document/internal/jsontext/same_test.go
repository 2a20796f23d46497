package jsontext

import "testing"

func TestSame(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		{`1`, `1.0`, true}, {`1`, `1e0`, true}, {`1`, `10`, false}, {`-0`, `0.0e7`, true}, {`1`, `"1"`, false},
		{`true`, `true`, true}, {`true`, `false`, false}, {`null`, `null`, true}, {`null`, `0`, false},
		{`"\u00e9"`, `"é"`, true}, {`"a"`, `"b"`, false}, {`"\ud83d"`, `"�"`, false},
		{`[]`, "[ \n]", true}, {`[1,2]`, `[1, 2.0]`, true}, {`[1,2]`, `[2,1]`, false}, {`[1]`, `[1,2]`, false}, {`[1,2]`, `[1]`, false}, {`[]`, `{}`, false},
		{`{"a":1,"b":[2]}`, `{ "b" : [2e0], "\u0061":1}`, true}, {`{"a":1}`, `{"a":1,"b":2}`, false}, {`{"a":1,"b":2}`, `{"a":1}`, false},
		{`{"a":1,"c":2}`, `{"a":1,"b":2}`, false}, {`{}`, `{}`, true}, {`1`, ``, false}, {``, `1`, false},
	} {
		if got := Same([]byte(tt.a), []byte(tt.b)); got != tt.want {
			t.Errorf("%s and %s: got %v", tt.a, tt.b, got)
		}
	}
}
