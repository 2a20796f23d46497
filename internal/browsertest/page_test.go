package browsertest

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/gen/docs"
)

// TestPages opens each page on each screen: nothing may stick out, be hidden, go
// wrong or come from elsewhere.
func TestPages(t *testing.T) {
	for _, path := range []string{backlog, taskmaster, everything, hostile} {
		m := load(t, path)
		file := write(t, m, docs.HTMLFormat)
		for _, s := range []screen{desktop, desktopDark, phone, phoneDark} {
			t.Run(filepath.Base(path)+"/"+s.name, func(t *testing.T) {
				b := open(t, file, s)
				if got := evaluate[int64](b, `document.documentElement.scrollWidth`); got > s.width {
					t.Errorf("the page is %d wide, the screen %d", got, s.width)
				}
				out := evaluate[[]string](b, `[...document.querySelectorAll('main *')].filter((e) => {
					const scrolls = e.closest('figure, pre');
					return !scrolls && e.getClientRects().length && e.getBoundingClientRect().right > innerWidth + 1;
				}).map((e) => e.outerHTML.slice(0, 200))`)
				if len(out) > 0 {
					t.Errorf("these stick out: %s", strings.Join(out, "\n"))
				}
				pictures := evaluate[[]string](b, `[...document.querySelectorAll('svg')].map((svg) => {
					const {width, height} = svg.getBoundingClientRect();
					return width > 50 && height > 50 ? 'visible' : 'hidden';
				})`)
				want := make([]string, 1+len(m.Machines))
				for i := range want {
					want[i] = "visible"
				}
				if diff := cmp.Diff(want, pictures); diff != "" {
					t.Errorf("pictures (-want +got):\n%s", diff)
				}
				cut := evaluate[[]string](b, `[...document.querySelectorAll('svg .box')].filter((box) => {
					const inner = box.getBBox(), rect = box.querySelector('rect').getBBox();
					return inner.width > rect.width + 1 || inner.height > rect.height + 1;
				}).map((box) => box.textContent)`)
				if len(cut) > 0 {
					t.Errorf("texts that do not fit their boxes: %q", cut)
				}
				b.screenshot(m.Package.Name, s.name)
			})
		}
	}
}

// TestContrast measures the difference between texts and what is behind them,
// as the Web Content Accessibility Guidelines do: 4.5 is their limit.
func TestContrast(t *testing.T) {
	file := write(t, load(t, everything), docs.HTMLFormat)
	for _, s := range []screen{desktop, desktopDark} {
		t.Run(s.name, func(t *testing.T) {
			b := open(t, file, s)
			low := evaluate[[]string](b, `(() => {
				const parse = (s) => s.match(/[\d.]+/g).map(Number);
				const light = (c) => c.slice(0, 3).map((v) => v / 255).map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
					.reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
				const behind = (e) => {
					const box = e.closest('.box');
					if (box) return parse(getComputedStyle(box.querySelector('rect')).fill);
					for (; e; e = e.parentElement) {
						const c = parse(getComputedStyle(e).backgroundColor);
						if (c.length < 4 || c[3] > 0) return c;
					}
				};
				const low = [];
				for (const e of document.querySelectorAll('p, li, td, th, a, code, h1, h2, svg text, output')) {
					if (!e.textContent.trim() || !e.getClientRects().length) continue;
					const style = getComputedStyle(e);
					const [a, b] = [light(parse(e.closest('svg') ? style.fill : style.color)), light(behind(e))].sort((x, y) => y - x);
					const ratio = (a + 0.05) / (b + 0.05);
					if (ratio < 4.5) low.push(ratio.toFixed(2) + ' ' + e.outerHTML.slice(0, 120));
				}
				return low;
			})()`)
			if len(low) > 0 {
				t.Errorf("hard to read: %s", strings.Join(low, "\n"))
			}
		})
	}
}

// TestHostile shows that nothing of a schema has become a part of the page: the
// one script is ours, and no element listens or leads elsewhere.
func TestHostile(t *testing.T) {
	b := open(t, write(t, load(t, hostile), docs.HTMLFormat), desktop)
	if n := evaluate[int](b, `document.scripts.length`); n != 1 {
		t.Errorf("the page has %d scripts", n)
	}
	foreign := evaluate[[]string](b, `[...document.querySelectorAll('*')].filter((e) =>
		e.getAttributeNames().some((name) => name.startsWith('on') || name === 'style') ||
		['IMG', 'IFRAME', 'OBJECT', 'EMBED', 'B', 'FORM', 'BASE', 'LINK'].includes(e.tagName.toUpperCase()) ||
		e.hasAttribute('href') && !e.getAttribute('href').startsWith('#')).map((e) => e.outerHTML)`)
	if len(foreign) > 0 {
		t.Errorf("these come from the schema: %q", foreign)
	}
	names := evaluate[[]string](b, `[...document.querySelectorAll('#statuses tbody th code')].map((e) => e.textContent)`)
	var want []string
	for _, s := range load(t, hostile).Statuses {
		want = append(want, s.Name)
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("names are not shown as they are (-want +got):\n%s", diff)
	}
}

// TestPolicy shows that the page's policy keeps out what should ever get in.
func TestPolicy(t *testing.T) {
	b := open(t, write(t, load(t, backlog), docs.HTMLFormat), desktop)
	ran := evaluate[bool](b, `(() => {
		const script = document.createElement('script');
		script.textContent = 'window.intruder = true';
		document.body.append(script);
		return window.intruder === true;
	})()`)
	if ran {
		t.Error("a script that is not the page's own has run")
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.problems) != 1 || !strings.Contains(b.problems[0], "Content Security Policy") {
		t.Errorf("the browser says %q, want one breach of the policy", b.problems)
	}
	b.problems = nil
}

// TestSearch finds fields as a reader does.
func TestSearch(t *testing.T) {
	b := open(t, write(t, load(t, backlog), docs.HTMLFormat), desktop)
	rows := func() []string {
		return evaluate[[]string](b, `[...document.querySelectorAll('#fields tbody tr')].filter((r) => r.getClientRects().length)
			.map((r) => r.children[1].textContent + '.' + r.children[0].textContent)`)
	}
	found := func() string { return evaluate[string](b, `document.getElementById('found').value`) }
	all := rows()
	if len(all) != 26 || found() != "26 fields" {
		t.Errorf("%d fields, and the page says %q", len(all), found())
	}
	// KeyEvent would send the character whatever becomes of the key.
	call(b, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: "/", Text: "/"})
	if !evaluate[bool](b, `document.activeElement.id === 'search'`) {
		t.Fatal("the key / does not lead to the search")
	}
	b.run(chromedp.KeyEvent("Multiple OF"))
	if diff := cmp.Diff([]string{"Subtask.story_points"}, rows()); diff != "" || found() != "1 of 26" {
		t.Errorf("fields found, the page says %q (-want +got):\n%s", found(), diff)
	}
	b.view("search", "desktop")
	b.run(chromedp.KeyEvent(" nowhere"))
	if len(rows()) > 0 || !evaluate[bool](b, `document.getElementById('nothing').getClientRects().length > 0`) {
		t.Errorf("found %q, want a word that there is nothing", rows())
	}
	b.run(chromedp.KeyEvent("\u001b")) // Escape
	if diff := cmp.Diff(all, rows()); diff != "" {
		t.Errorf("Escape does not bring all fields back:\n%s", diff)
	}
	b.run(chromedp.Click(chromedp.CSS(`#fields a[href="#field-Subtask-StoryPoints"]`)))
	if got := evaluate[string](b, `document.querySelector(':target').textContent`); !strings.Contains(got, "over 0, at most 21") {
		t.Errorf("the link leads to %q", got)
	}
}

// TestPrint prints the page: what is of no use on paper is left out.
func TestPrint(t *testing.T) {
	b := open(t, write(t, load(t, backlog), docs.HTMLFormat), desktopDark)
	call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
	shown := evaluate[map[string]bool](b, `Object.fromEntries(['nav', '.search', '.explanation', '#fields', '.diagram svg', '#sample pre']
		.map((s) => [s, document.querySelector(s).getClientRects().length > 0]))`)
	want := map[string]bool{"nav": false, ".search": false, ".explanation": false, "#fields": true, ".diagram svg": true, "#sample pre": true}
	if diff := cmp.Diff(want, shown); diff != "" {
		t.Errorf("on paper (-want +got):\n%s", diff)
	}
	if got := evaluate[string](b, `getComputedStyle(document.body).backgroundColor`); got != "rgb(255, 255, 255)" {
		t.Errorf("the paper is %s", got)
	}
	b.screenshot("backlog", "print")
	pdf := get(b, chromedp.PrintToPDF())
	if !strings.HasPrefix(string(pdf), "%PDF-") {
		t.Error("the page cannot be printed")
	}
}

// TestWithoutScript opens the page where scripts are off: all there is to read is
// there.
func TestWithoutScript(t *testing.T) {
	b := open(t, write(t, load(t, backlog), docs.HTMLFormat), desktop)
	call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	b.run(chromedp.Reload())
	hidden := evaluate[int](b, `[...document.querySelectorAll('table, svg, pre')].filter((e) => !e.getClientRects().length).length`)
	if hidden > 0 {
		t.Errorf("%d tables and pictures are hidden", hidden)
	}
}

// TestPictures opens the pictures that stand alone.
func TestPictures(t *testing.T) {
	for _, path := range []string{backlog, everything, hostile} {
		m := load(t, path)
		file := write(t, m, docs.SVGFormat)
		for _, s := range []screen{desktop, desktopDark} {
			t.Run(filepath.Base(path)+"/"+s.name, func(t *testing.T) {
				b := open(t, file, s)
				if got := evaluate[string](b, `document.documentElement.tagName`); got != "svg" {
					t.Fatalf("the file is no picture but <%s>", got)
				}
				boxes := evaluate[int](b, `document.querySelectorAll('.box rect').length`)
				if want := len(m.Machines[0].States) + len(m.Machines[0].Transitions); boxes != want {
					t.Errorf("%d boxes, want %d", boxes, want)
				}
				b.view(m.Package.Name, "svg", s.name)
			})
		}
	}
}
