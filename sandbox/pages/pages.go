// Package pages draws the sandbox's own pages: plain HTML that works without scripts and says on
// each page that it is a demonstration. It promises that a page is written whole or not at all.
package pages

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
)

//go:embed *.html sandbox.css
var files embed.FS

// Show writes the page called name with v as its data. Forms on it may lead to the page's own
// origin and to those in formTo.
func Show(w http.ResponseWriter, status int, name string, v any, formTo ...string) {
	t, err := template.ParseFS(files, "layout.html", name)
	var b bytes.Buffer
	if err == nil {
		err = t.ExecuteTemplate(&b, "layout.html", v)
	}
	if err != nil {
		http.Error(w, "演示页面出错", http.StatusInternalServerError)
		return
	}
	policy := "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
	for _, origin := range formTo {
		policy += " " + origin
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", policy)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes())
}

// CSS serves the style sheet of all pages, at /sandbox.css.
func CSS(w http.ResponseWriter, _ *http.Request) {
	b, err := files.ReadFile("sandbox.css")
	if err != nil {
		http.Error(w, "演示页面出错", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	_, _ = w.Write(b)
}
