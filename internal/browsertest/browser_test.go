package browsertest

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/backlog-gen/backlog-gen/gen/docs"
	"github.com/backlog-gen/backlog-gen/schema"
)

// The schemas whose pages are opened: the shipped ones, one with everything that
// can be in a schema, and one whose names try to break out.
const (
	backlog    = "../../schema/formats/prp/schema.yaml"
	taskmaster = "../../schema/formats/taskmaster/schema.yaml"
	everything = "../../gen/docs/testdata/everything.yaml"
	hostile    = "../../gen/docs/testdata/hostile.yaml"
)

func load(t testing.TB, path string) *schema.Model {
	t.Helper()
	m, err := schema.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// write writes the files of one format and returns the path of the first.
func write(t testing.TB, m *schema.Model, format docs.Format) string {
	t.Helper()
	files, err := docs.Files(t.Context(), m, docs.Options{Format: format})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), files[0].Name)
	if err := os.WriteFile(path, files[0].Content, 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

// chromium returns the path of the browser. Without one the test is skipped, but
// not where all tests must run.
func chromium(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	const advice = "there is no Chromium: apt-get install -y chromium"
	if os.Getenv("CI") != "" {
		t.Fatal(advice)
	}
	t.Skip(advice)
	return ""
}

// screen is what a reader looks at a page with.
type screen struct {
	name          string
	width, height int64
	touch         bool
	dark          bool
}

var (
	desktop     = screen{name: "desktop", width: 1280, height: 800}
	desktopDark = screen{name: "desktop-dark", width: 1280, height: 800, dark: true}
	phone       = screen{name: "phone", width: 390, height: 844, touch: true}
	phoneDark   = screen{name: "phone-dark", width: 390, height: 844, touch: true, dark: true}
)

// tab is an open page. Whatever goes wrong in it fails the test in the end.
type tab struct {
	t   testing.TB
	ctx context.Context

	mu       sync.Mutex
	problems []string
	requests []string
}

// open opens a file in a browser of its own.
func open(t testing.TB, path string, s screen) *tab {
	t.Helper()
	const long = 5 * time.Minute // only ends a browser that hangs
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(chromium(t)), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-background-networking", true), chromedp.WSURLReadTimeout(long))
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, long)
	t.Cleanup(cancel)
	b := &tab{t: t, ctx: ctx}
	if err := chromedp.Listen(ctx, b.listen); err != nil {
		t.Fatal(err)
	}
	scheme := "light"
	if s.dark {
		scheme = "dark"
	}
	call(b, network.Enable, network.EnableParams{})
	call(b, log.Enable, cdp.Empty{})
	call(b, runtime.Enable, cdp.Empty{})
	call(b, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: s.width, Height: s.height, DeviceScaleFactor: 1, Mobile: s.touch,
	})
	call(b, emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: s.touch})
	call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
	}})
	address := "file://" + path
	b.run(chromedp.Navigate(address))
	t.Cleanup(func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		for _, p := range b.problems {
			t.Error(p)
		}
		for _, r := range b.requests {
			if r != address {
				t.Errorf("the page asks for %s", r)
			}
		}
	})
	return b
}

func (b *tab) listen(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		b.requests = append(b.requests, e.Request.URL)
	case *runtime.EventExceptionThrown:
		b.problems = append(b.problems, "exception: "+e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		b.problems = append(b.problems, fmt.Sprintf("console.%s was called", e.Type))
	case *log.EventEntryAdded:
		b.problems = append(b.problems, fmt.Sprintf("the browser logs: %s %s", e.Entry.Level, e.Entry.Text))
	case *page.EventJavascriptDialogOpening:
		b.problems = append(b.problems, "a dialog opens: "+e.Message)
	}
}

func (b *tab) run(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.t.Fatal(err)
	}
}

// call gives the browser a command of its protocol.
func call[P, R any](b *tab, command cdp.Command[P, R], parameters P) R {
	b.t.Helper()
	result, err := chromedp.Call(b.ctx, command, parameters)
	if err != nil {
		b.t.Fatal(err)
	}
	return result
}

// get returns the value of an action.
func get[T any](b *tab, action chromedp.Action[T]) T {
	b.t.Helper()
	value, err := chromedp.Run(b.ctx, action)
	if err != nil {
		b.t.Fatal(err)
	}
	return value
}

// evaluate returns the value of a JavaScript expression. Arguments are put in
// the place of the verbs as JavaScript writes them.
func evaluate[T any](b *tab, expression string, args ...any) T {
	b.t.Helper()
	literals := make([]any, len(args))
	for i, arg := range args {
		text, err := json.Marshal(arg)
		if err != nil {
			b.t.Fatal(err)
		}
		literals[i] = string(text)
	}
	return get(b, chromedp.Evaluate[T](fmt.Sprintf(expression, literals...)))
}

// screenshot keeps a picture of the page where SCREENSHOTS names a directory, for
// people to look at.
func (b *tab) screenshot(parts ...string) {
	b.t.Helper()
	dir := os.Getenv("SCREENSHOTS")
	if dir == "" {
		return
	}
	b.save(dir, get(b, chromedp.FullScreenshot(100)), parts)
}

// view is a screenshot of what is on the screen only.
func (b *tab) view(parts ...string) {
	b.t.Helper()
	dir := os.Getenv("SCREENSHOTS")
	if dir == "" {
		return
	}
	b.save(dir, get(b, chromedp.CaptureScreenshot()), parts)
}

func (b *tab) save(dir string, image []byte, parts []string) {
	b.t.Helper()
	if err := os.WriteFile(filepath.Join(dir, strings.Join(parts, "-")+".png"), image, 0o666); err != nil {
		b.t.Fatal(err)
	}
}
