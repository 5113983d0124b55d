package gallery_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"net/http/httptest"
	"strings"
	"testing"

	"zhijian/ui/asset"
	"zhijian/ui/component"
	"zhijian/ui/gallery"
	"zhijian/ui/proof"
)

func built(t *testing.T) *asset.Asset {
	t.Helper()
	a, err := asset.New()
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// looks are all ways to show a page.
func looks() []gallery.Look {
	return []gallery.Look{{Lang: "zh", Theme: "light"}, {Lang: "zh", Theme: "dark"}, {Lang: "zh", Elder: true}, {Lang: "en"}, {Lang: "zh", Inline: true}}
}

func TestSheetsAreSound(t *testing.T) {
	t.Parallel()
	a := built(t)
	for _, look := range looks() {
		for _, s := range gallery.Sheets(a, look) {
			var b strings.Builder
			if err := s.Show.Render(context.Background(), &b); err != nil {
				t.Fatalf("%s: %v", s.Name, err)
			}
			for _, f := range proof.Page(b.String()) {
				t.Errorf("%s %+v: %s", s.Name, look, f)
			}
			if strings.Contains(b.String(), "⟨") {
				t.Errorf("%s %+v: a word is missing", s.Name, look)
			}
		}
	}
}

// A resident's page is at most 15 KB of gzip without its style sheet, 60 KB with everything (asset-notes 3).
func TestWeight(t *testing.T) {
	t.Parallel()
	a := built(t)
	for look, most := range map[bool]int{false: 15 << 10, true: 27 << 10} {
		for _, s := range gallery.Sheets(a, gallery.Look{Lang: "zh", Inline: look}) {
			var out bytes.Buffer
			z := gzip.NewWriter(&out)
			if err := s.Show.Render(context.Background(), z); err != nil {
				t.Fatal(err)
			}
			if err := z.Close(); err != nil {
				t.Fatal(err)
			}
			if out.Len() > most {
				t.Errorf("%s weighs %d bytes, at most %d", s.Name, out.Len(), most)
			}
		}
	}
}

func TestHandler(t *testing.T) {
	t.Parallel()
	h := gallery.Handler(built(t))
	ask := func(path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		return w
	}
	for path, want := range map[string]int{
		"/": 303, "/gallery/": 200, "/gallery/p/fine-2-list?theme=dark": 200, "/gallery/p/none": 404, "/gallery/c/None": 404,
		"/gallery/c/Table": 200, "/static/zj.css": 200, "/else": 404,
	} {
		if got := ask(path); got.Code != want {
			t.Errorf("%s: status %d, want %d", path, got.Code, want)
		}
	}
	seen := map[string]bool{}
	for _, e := range component.Examples() {
		if seen[e.Component] {
			continue
		}
		seen[e.Component] = true
		w := ask("/gallery/c/" + e.Component + "?lang=en&mode=elder")
		if w.Code != 200 || !strings.Contains(w.Body.String(), `lang="en"`) || w.Header().Get("Content-Security-Policy") == "" {
			t.Errorf("%s: status %d", e.Component, w.Code)
		}
	}
}
