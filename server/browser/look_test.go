package browser_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// look is one way that residents have their pages.
type look struct {
	name  string // ends the picture's name; empty for the usual look
	theme string
	elder bool
}

func looks() []look {
	return []look{{"", "light", false}, {"dark", "dark", false}, {"elder", "light", true}}
}

// axe is the accessibility checker, from the lock file of the front-end's packages.
var axe = sync.OnceValues(func() (string, error) {
	text, err := os.ReadFile(filepath.Join("..", "..", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		return "", fmt.Errorf("axe-core is not there: run make assets: %w", err)
	}
	return string(text), nil
})

// rules are what pages must keep: WCAG 2.2 AA and what is good practice beyond it.
const rules = `["wcag2a","wcag2aa","wcag21a","wcag21aa","wcag22aa","best-practice"]`

// album is what a tour brings home: what was found on its pages, and pictures of them.
type album struct {
	t     *testing.T
	dir   string
	every bool // a picture of every page in every look; else one for each tour, for nobody looks at them
	taken bool
}

// newAlbum keeps pictures in the folder that GALLERY names, else in one that is thrown away.
func newAlbum(t *testing.T) *album {
	t.Helper()
	dir := os.Getenv("GALLERY")
	a := &album{t: t, dir: dir, every: dir != ""}
	if !a.every {
		a.dir = t.TempDir()
	}
	if err := os.MkdirAll(a.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return a
}

// part is the album of one tour. Only that tour puts pictures into it.
func (a *album) part() *album {
	return &album{dir: a.dir, every: a.every}
}

// take checks the page that is open in every look, and takes its picture under a name. A page that came as the answer to
// a form cannot be loaded again: it is dressed as it stands.
func (a *album) take(w *window, name string) {
	a.t.Helper()
	a.dressed(w, name, w.method == "GET")
}

// takeAsIs is take for a page on which something was ticked or typed: loading it again would lose that.
func (a *album) takeAsIs(w *window, name string) {
	a.t.Helper()
	a.dressed(w, name, false)
}

func (a *album) dressed(w *window, name string, again bool) {
	a.t.Helper()
	for _, l := range looks() {
		w.wear(l, again)
		full := strings.TrimSuffix(name+"-"+l.name, "-")
		for _, f := range w.faults(l) {
			a.t.Errorf("%s: %s", full, f)
		}
		a.picture(w, full, width)
	}
	w.size(width, height)
	w.wear(looks()[0], again)
}

// takeDesk is take for a page of the staff's: wide, light and dark.
func (a *album) takeDesk(w *window, name string) {
	a.t.Helper()
	for _, l := range looks()[:2] {
		js[bool](w, fmt.Sprintf(`document.documentElement.dataset.theme = %q, true`, l.theme))
		full := strings.TrimSuffix(name+"-"+l.name, "-")
		for _, f := range append(w.clumsy(0), w.axe(rules)...) {
			a.t.Errorf("%s: %s", full, f)
		}
		a.picture(w, full, 1280)
	}
	w.desk()
	js[bool](w, `document.documentElement.dataset.theme = 'light', true`)
}

// wear dresses the page: by the cookies that residents' settings set where it can be loaded again.
func (w *window) wear(l look, again bool) {
	w.t.Helper()
	elder, mode := "0", "standard"
	if l.elder {
		elder, mode = "1", "elder"
	}
	if again {
		w.do("set cookies",
			command(network.SetCookie, network.SetCookieParams{Name: "theme", Value: l.theme, URL: w.h.Ready.BaseURL + "/"}),
			command(network.SetCookie, network.SetCookieParams{Name: "elder", Value: elder, URL: w.h.Ready.BaseURL + "/"}),
		)
		w.load("load again", chromedp.Reload())
	} else {
		js[bool](w, fmt.Sprintf(`document.documentElement.dataset.theme = %q, document.documentElement.dataset.mode = %q, true`, l.theme, mode))
	}
	if got := js[string](w, `document.documentElement.dataset.theme + ' ' + document.documentElement.dataset.mode`); got != l.theme+" "+mode {
		w.t.Errorf("%s: the page is %s, want %s %s", w.path(), got, l.theme, mode)
	}
}

// faults holds the page against the rules of accessibility, width and size of what is pressed. The dark look differs in
// its colours alone.
func (w *window) faults(l look) []string {
	w.t.Helper()
	if l.theme == "dark" {
		return w.axe(`["color-contrast"]`)
	}
	least := 44
	if l.elder {
		least = 48
	}
	found := w.axe(rules)
	for _, x := range []int64{320, width} {
		w.size(x, height)
		for _, f := range w.clumsy(least) {
			found = append(found, fmt.Sprintf("at %d: %s", x, f))
		}
	}
	return found
}

func (w *window) clumsy(least int) []string {
	w.t.Helper()
	return js[[]string](w, fmt.Sprintf(plain, least))
}

// axe runs the checker with some of its rules, or tags of rules.
func (w *window) axe(only string) []string {
	w.t.Helper()
	return js[[]string](w, fmt.Sprintf(`axe.run(document, {runOnly: %s, resultTypes: ['violations']}).then(r => r.violations.flatMap(v => v.nodes.map(n =>
		'axe ' + v.id + ' (' + v.impact + '): ' + n.target.join(' ') + ' ' + n.html.slice(0, 120) + ' ' + (n.any[0] || n.all[0] || n.none[0] || {message: ''}).message)))`, only))
}

// withAxe has the checker ready on every page that the window opens from now on.
func (w *window) withAxe() {
	w.t.Helper()
	source, err := axe()
	if err != nil {
		w.t.Fatal(err)
	}
	w.do("bring axe", command(page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: source}))
}

// plain finds what is wider than the screen and what is too low to be pressed. Links within a sentence are let off (WCAG
// 2.5.8), and small buttons have eight pixels of their surroundings.
const plain = `(least => {
	const out = [], root = document.documentElement;
	if (root.scrollWidth > root.clientWidth + 1) {
		const wide = [...document.body.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > root.clientWidth + 1 && !e.closest('[class*=scroll],.zj-vh')).slice(0, 3);
		out.push('wider than the screen by ' + (root.scrollWidth - root.clientWidth) + ': ' + wide.map(e => e.className || e.tagName).join(', '));
	}
	if (least) for (const e of document.querySelectorAll('a,button,input,select,textarea,summary')) {
		if (e.closest('p,dd,.zj-bubble') || e.classList.contains('zj-skip') || e.closest('.zj-vh')) continue;
		const q = (e.matches('input[type=radio],input[type=checkbox]') && e.labels[0] || e).getBoundingClientRect();
		const h = q.height + (e.matches('.zj-btn--s,.zj-chip') ? 8 : 0);
		if (q.width && h < least - .5) out.push('only ' + Math.round(h) + ' px high: ' + (e.className || e.tagName) + ' ' + (e.innerText || e.name || '').slice(0, 30));
	}
	return [...new Set(out)];
})(%d)`

// picture takes the whole page at twice the size, as if the screen were as high as the page. Movement is brought to its
// end first.
func (a *album) picture(w *window, name string, wide int64) {
	a.t.Helper()
	if !a.every && a.taken {
		return
	}
	a.taken = true
	high := js[int64](w, `(document.getAnimations().forEach(m => { try { m.finish() } catch { m.cancel() } }), Math.max(document.documentElement.scrollHeight, innerHeight))`)
	w.do("see all of it", chromedp.EmulateViewport(wide, min(high, 6000), chromedp.EmulateScale(2)))
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		w.fail("take a picture", err)
	}
	if err := os.WriteFile(filepath.Join(a.dir, name+".png"), png, 0o644); err != nil {
		a.t.Fatal(err)
	}
	if a.every {
		a.show(name)
	}
}

// shown are the pictures that were taken, in their order, for the page that shows them all.
var shown struct {
	mu    sync.Mutex
	names []string
}

// show adds a picture to that page.
func (a *album) show(name string) {
	a.t.Helper()
	shown.mu.Lock()
	defer shown.mu.Unlock()
	if slices.Contains(shown.names, name) {
		a.t.Errorf("two pictures are called %s", name)
	}
	shown.names = append(shown.names, name)
}

// index writes the page that shows all pictures.
func index(dir string) error {
	var b strings.Builder
	b.WriteString("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Every page</title>" +
		"<style>body{font:16px sans-serif;display:flex;flex-wrap:wrap;gap:16px;margin:16px}figure{margin:0}img{width:195px;border:1px solid #ccc}figcaption{font-size:12px}</style>\n")
	for _, n := range shown.names {
		fmt.Fprintf(&b, "<figure><a href=\"%s.png\"><img src=\"%s.png\" alt=\"%s\" loading=\"lazy\"></a><figcaption>%s</figcaption></figure>\n", n, n, n, n)
	}
	return os.WriteFile(filepath.Join(dir, "index.html"), []byte(b.String()), 0o644)
}
