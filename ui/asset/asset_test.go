package asset_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"zhijian/ui/asset"
)

func built(t *testing.T) *asset.Asset {
	t.Helper()
	a, err := asset.New()
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func get(t *testing.T, a *asset.Asset, method, path string, headers ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	a.Handler().ServeHTTP(w, r)
	return w.Result()
}

func TestForms(t *testing.T) {
	t.Parallel()
	a := built(t)
	for name, c := range map[string]struct {
		accept, coding string
	}{
		"brotli":          {"gzip, deflate, br", "br"},
		"gzip":            {"gzip", "gzip"},
		"plain":           {"", ""},
		"refused":         {"br;q=0, gzip;q=0", ""},
		"brotli refused":  {"br;q=0, gzip;q=0.5", "gzip"},
		"only part of it": {"brx", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			res := get(t, a, "GET", a.URL("zj.css"), "Accept-Encoding", c.accept)
			if res.StatusCode != 200 || res.Header.Get("Content-Encoding") != c.coding {
				t.Fatalf("status %d, coding %q, want %q", res.StatusCode, res.Header.Get("Content-Encoding"), c.coding)
			}
			if got := res.Header.Get("Content-Type"); got != "text/css; charset=utf-8" {
				t.Errorf("type %q", got)
			}
			if got := res.Header.Get("Cache-Control"); !strings.Contains(got, "immutable") {
				t.Errorf("a hashed name is not immutable: %q", got)
			}
			body, _ := io.ReadAll(res.Body)
			if c.coding == "gzip" {
				z, err := gzip.NewReader(bytes.NewReader(body))
				if err != nil {
					t.Fatal(err)
				}
				body, _ = io.ReadAll(z)
			}
			if c.coding != "br" && string(body) != a.CriticalCSS() {
				t.Error("the body is not the style sheet")
			}
		})
	}
}

func TestRevalidation(t *testing.T) {
	t.Parallel()
	a := built(t)
	first := get(t, a, "GET", "/static/icons.svg", "Accept-Encoding", "br")
	if first.StatusCode != 200 || first.Header.Get("Cache-Control") != "public, no-cache" {
		t.Fatalf("a plain name: status %d, %q", first.StatusCode, first.Header.Get("Cache-Control"))
	}
	tag := first.Header.Get("ETag")
	again := get(t, a, "GET", "/static/icons.svg", "Accept-Encoding", "br", "If-None-Match", tag)
	if again.StatusCode != 304 || again.ContentLength > 0 {
		t.Errorf("with its own tag: status %d", again.StatusCode)
	}
	if other := get(t, a, "GET", "/static/icons.svg", "If-None-Match", `"other"`); other.StatusCode != 200 {
		t.Errorf("with another tag: status %d", other.StatusCode)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	a := built(t)
	for path, want := range map[string]int{
		"/static/nothing.css":      404,
		"/static/":                 404,
		"/static/../asset.go":      404,
		"/static/manifest.json":    404,
		"/static/font/receipt.ttf": 404,
		"/other/zj.css":            404,
	} {
		if res := get(t, a, "GET", path); res.StatusCode != want {
			t.Errorf("%s: status %d, want %d", path, res.StatusCode, want)
		}
	}
	if res := get(t, a, "POST", a.URL("zj.css")); res.StatusCode != 405 {
		t.Errorf("POST: status %d", res.StatusCode)
	}
	res := get(t, a, "HEAD", a.URL("zj.js"))
	if body, _ := io.ReadAll(res.Body); res.StatusCode != 200 || len(body) != 0 || res.Header.Get("Content-Length") == "0" {
		t.Errorf("HEAD: status %d, %d bytes", res.StatusCode, len(body))
	}
	if got := a.URL("nothing.css"); got != "/static/nothing.css" {
		t.Errorf("an unknown name: %q", got)
	}
}

func TestCriticalHash(t *testing.T) {
	t.Parallel()
	a := built(t)
	sum := sha256.Sum256([]byte(a.CriticalCSS()))
	if want := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; a.CriticalHash() != want {
		t.Errorf("hash %s, want %s", a.CriticalHash(), want)
	}
	if strings.Contains(a.CriticalCSS(), "</") {
		t.Error("the style sheet would end its own element")
	}
	if len(a.CSSCookie()) != 10 {
		t.Errorf("cookie value %q", a.CSSCookie())
	}
}

// Budgets of asset-notes 3, in bytes of gzip; observatory.css has one kilobyte more since it sets the white paper as a book.
func TestBudgets(t *testing.T) {
	t.Parallel()
	a := built(t)
	for name, most := range map[string]int64{"zj.css": 12 << 10, "zj.js": 4 << 10, "console.css": 4 << 10, "observatory.css": 5 << 10, "observatory.js": 4 << 10, "htmx.js": 17 << 10, "icons.svg": 10 << 10} {
		res := get(t, a, "GET", a.URL(name), "Accept-Encoding", "gzip")
		if res.ContentLength <= 0 || res.ContentLength > most {
			t.Errorf("%s is %d bytes, at most %d", name, res.ContentLength, most)
		}
	}
}

// The keys of our htmx settings exist in the htmx that is served (asset-notes 2).
func TestSettingsOfHTMXExist(t *testing.T) {
	t.Parallel()
	a := built(t)
	body, _ := io.ReadAll(get(t, a, "GET", a.URL("htmx.js")).Body)
	for _, key := range []string{"allowEval", "selfRequestsOnly", "includeIndicatorStyles", "historyCacheSize", "refreshOnHistoryMiss", "timeout", "responseHandling", "htmx-config", `version:"2.0.10"`} {
		if !bytes.Contains(body, []byte(key)) {
			t.Errorf("htmx does not know %s", key)
		}
	}
}

func TestFonts(t *testing.T) {
	t.Parallel()
	a := built(t)
	if main, err := a.Fonts()[0].TTF(); err != nil || len(main) < 1<<20 || !bytes.HasPrefix(main, []byte{0, 1, 0, 0}) {
		t.Fatalf("the receipt font is no TrueType file of the expected size: %d bytes, %v", len(main), err)
	}
	seen := map[rune]string{}
	for _, f := range a.Fonts() {
		for _, r := range f.Runes {
			if seen[r] != "" {
				t.Fatalf("%c is in %s and in %s", r, seen[r], f.Name)
			}
			seen[r] = f.Name
		}
	}
	for _, r := range "张喆堃骉錕禤¥0A（）〓" {
		if seen[r] == "" {
			t.Errorf("no font has %c", r)
		}
	}
	if len(seen) < 13_000 {
		t.Errorf("only %d characters", len(seen))
	}
}

func TestNotBuilt(t *testing.T) {
	t.Parallel()
	for name, files := range map[string]fstest.MapFS{
		"nothing":      {".keep": {}},
		"no styles":    {"manifest.json": {Data: []byte(`{"files":{},"font":[]}`)}},
		"broken":       {"manifest.json": {Data: []byte(`{`)}},
		"file missing": {"manifest.json": {Data: []byte(`{"files":{"zj.css":{"file":"zj.1.css","sha256":"0"}}}`)}},
	} {
		if _, err := asset.Load(files); err == nil || !strings.Contains(err.Error(), "run make assets") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

var colour = regexp.MustCompile(`(--[\w-]+)\s*:\s*(#[0-9A-Fa-f]{6})\b`)

// source is a style sheet of ours without its comments.
func source(t *testing.T, name string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "css", name))
	if err != nil {
		t.Fatal(err)
	}
	return regexp.MustCompile(`(?s)/\*.*?\*/`).ReplaceAllString(string(raw), "")
}

func block(t *testing.T, css, selector string) (string, map[string]string) {
	t.Helper()
	_, rest, ok := strings.Cut(css, selector+" {")
	if !ok {
		t.Fatalf("no %s", selector)
	}
	body, _, _ := strings.Cut(rest, "}")
	set := map[string]string{}
	for _, m := range colour.FindAllStringSubmatch(body, -1) {
		set[m[1]] = strings.ToUpper(m[2])
	}
	return strings.Join(strings.Fields(body), " "), set
}
