package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"
)

func TestProgressIsDrawnAtTicksAndTakenAway(t *testing.T) {
	var terminal bytes.Buffer
	ticks, stopped := make(chan time.Time), false
	p := newProgress(&terminal, ticks, func() { stopped = true }, "reading")
	p.say("never seen")
	p.say("file %d", 1)
	ticks <- time.Time{}
	p.end()
	p.end()
	if got, want := terminal.String(), "\r\x1b[Kfile 1\r\x1b[K"; got != want {
		t.Errorf("the terminal got %q, want %q", got, want)
	}
	if !stopped {
		t.Error("the clock still ticks")
	}
}

func TestProgressOfWhatIsFastIsNothing(t *testing.T) {
	var terminal bytes.Buffer
	p := newProgress(&terminal, make(chan time.Time), func() {}, "reading")
	p.end()
	if terminal.Len() > 0 {
		t.Errorf("the terminal got %q", terminal.String())
	}
}

func TestProgressIsForTerminalsOnly(t *testing.T) {
	if p := startProgress(&bytes.Buffer{}, "reading"); p != nil {
		t.Error("progress goes to a buffer")
	}
	file, err := os.Create(t.TempDir() + "/file")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	p := startProgress(file, "reading")
	if p != nil {
		t.Error("progress goes to a file")
	}
	p.say("nothing")
	p.end()
}

func TestProgressStaysOnOneLine(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"short", "validate tasks.json", "validate tasks.json"},
		{"long", strings.Repeat("ä", 100), strings.Repeat("ä", 78) + "…"},
		{"escapes", "a\x1b[2Jb\nc", "a\uFFFD[2Jb\uFFFDc"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := oneLine(test.text); got != test.want {
				t.Errorf("%q becomes %q, want %q", test.text, got, test.want)
			}
		})
	}
}

// slowTerminal is a terminal on which the first second is over from the start.
type slowTerminal struct{ bytes.Buffer }

func (*slowTerminal) ticks() <-chan time.Time {
	ticks := make(chan time.Time, 1)
	ticks <- time.Time{}
	return ticks
}

func TestCommandsShowProgress(t *testing.T) {
	t.Chdir(t.TempDir())
	for name, content := range map[string]string{
		"backlog.yaml": watched,
		"wrong.json":   `{"epics": [{"id": "E1", "status": "shut"}]}`,
	} {
		if err := os.WriteFile(name, []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct{ args, shows, ends string }{
		{"generate", "\r\x1b[Kgenerate: ", "run go mod tidy\n"},
		{"validate wrong.json", "\r\x1b[Kvalidate: ", "[status]\n"},
		{"docs --format svg", "\r\x1b[Kdocs: ", "\r\x1b[K"},
		{"diff backlog.yaml backlog.yaml", "\r\x1b[Kdiff: ", "\r\x1b[K"},
	} {
		t.Run(test.args, func(t *testing.T) {
			var stderr slowTerminal
			var stdout bytes.Buffer
			run(t.Context(), strings.Fields(test.args), &stdout, &stderr)
			got := stderr.String()
			if !strings.HasPrefix(got, test.shows) || !strings.HasSuffix(got, test.ends) {
				t.Errorf("the terminal got %q", got)
			}
			if last := got[strings.LastIndex(got, "\r\x1b[K")+len("\r\x1b[K"):]; strings.HasPrefix(last, test.shows[4:]) {
				t.Errorf("the line is not taken away: %q", got)
			}
		})
	}
}
