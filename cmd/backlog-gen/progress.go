package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/backlog-gen/backlog-gen/internal/joiner"
)

// progress is a line on a terminal that says what is being done, once that has
// taken a second. Elsewhere it is nothing. While it is on, nothing else may be
// printed: it has to end first. A nil progress does nothing.
type progress struct {
	w    io.Writer
	mu   sync.Mutex
	text string // to be shown from the next tick on
	// quit is closed to end the line, done when it is gone.
	quit, done chan struct{}
	once       sync.Once
}

// clocked is a terminal with a clock of its own, which ticks when progress is due
// to be shown.
type clocked interface{ ticks() <-chan time.Time }

// startProgress begins a line on w, if that is a terminal. It has to be ended.
func startProgress(w io.Writer, text string) *progress {
	if c, ok := w.(clocked); ok {
		return newProgress(w, c.ticks(), func() {}, text)
	}
	if !terminal(w) {
		return nil
	}
	ticker := time.NewTicker(time.Second)
	return newProgress(w, ticker.C, ticker.Stop, text)
}

// newProgress begins a line that is drawn at each tick; stop ends the ticks.
func newProgress(w io.Writer, ticks <-chan time.Time, stop func(), text string) *progress {
	p := &progress{w: w, text: text, quit: make(chan struct{}), done: make(chan struct{})}
	go func() {
		defer close(p.done)
		defer stop()
		p.draw(ticks)
	}()
	return p
}

// clearLine goes back to where a line begins, and takes away what it holds.
const clearLine = "\r\x1b[K"

// draw draws the line at each tick, and takes it away at the end. What w does not
// take is lost: the line is no result.
func (p *progress) draw(ticks <-chan time.Time) {
	drawn := false
	for {
		select {
		case <-ticks:
			drawn = true
			p.drawOnce()
			continue
		case <-p.quit:
		}
		select {
		case <-ticks: // came before the end
			drawn = true
			p.drawOnce()
		default:
		}
		if drawn {
			_, _ = io.WriteString(p.w, clearLine)
		}
		return
	}
}

func (p *progress) drawOnce() {
	p.mu.Lock()
	text := p.text
	p.mu.Unlock()
	_, _ = io.WriteString(p.w, clearLine+oneLine(text))
}

// oneLine makes a text fit on a line of a terminal: one that wraps could not be
// taken away.
func oneLine(text string) string {
	const columns = 79
	line := []rune(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) && !joiner.Is(r) {
			return unicode.ReplacementChar
		}
		return r
	}, text))
	if len(line) > columns {
		line = append(line[:columns-1], '…')
	}
	return string(line)
}

// say changes what is shown.
func (p *progress) say(format string, args ...any) {
	if p == nil {
		return
	}
	text := fmt.Sprintf(format, args...)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.text = text
}

// end takes the line away, if it is there. More may be printed when it returns. It
// may be called again.
func (p *progress) end() {
	if p == nil {
		return
	}
	p.once.Do(func() { close(p.quit) })
	<-p.done
}
