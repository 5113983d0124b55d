package gallery

import (
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"zhijian/ui/asset"
	"zhijian/ui/component"
)

// Path is where the gallery is mounted.
const Path = "/gallery/"

// Handler serves the gallery: its index under /gallery/, one component at /gallery/c/{name}, one page at
// /gallery/p/{name}, and the built files under /static/. The query's theme (light, dark), mode (elder) and lang (en)
// set the look. Unknown names are 404.
func Handler(assets *asset.Asset) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET "+asset.Prefix, assets.Handler())
	mux.Handle("GET /{$}", http.RedirectHandler(Path, http.StatusSeeOther))
	mux.HandleFunc("GET "+Path+"{$}", func(w http.ResponseWriter, r *http.Request) {
		look := lookOf(r)
		write(w, r, index(frameOf(assets, look, "组件"), names(), Sheets(assets, look), r.URL.RawQuery))
	})
	mux.HandleFunc("GET "+Path+"c/{name}", func(w http.ResponseWriter, r *http.Request) {
		name := r.PathValue("name")
		list := slices.DeleteFunc(component.Examples(), func(e component.Example) bool { return e.Component != name })
		if len(list) == 0 {
			http.NotFound(w, r)
			return
		}
		if look := lookOf(r); list[0].Wide {
			write(w, r, wideExamples(desk(assets, look, name), list))
		} else {
			write(w, r, examples(frameOf(assets, look, name), list))
		}
	})
	mux.HandleFunc("GET "+Path+"p/{name}", func(w http.ResponseWriter, r *http.Request) {
		for _, s := range Sheets(assets, lookOf(r)) {
			if s.Name == r.PathValue("name") {
				write(w, r, s.Show)
				return
			}
		}
		http.NotFound(w, r)
	})
	return mux
}

func lookOf(r *http.Request) Look {
	q := r.URL.Query()
	look := Look{Theme: q.Get("theme"), Elder: q.Get("mode") == "elder", Lang: "zh"}
	if q.Get("lang") == "en" {
		look.Lang = "en"
	}
	return look
}

// names are the components in the order of their examples, each once.
func names() []string {
	var list []string
	for _, e := range component.Examples() {
		if !slices.Contains(list, e.Component) {
			list = append(list, e.Component)
		}
	}
	return list
}

func write(w http.ResponseWriter, r *http.Request, page templ.Component) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	var b strings.Builder
	if err := page.Render(r.Context(), &b); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	_, _ = w.Write([]byte(b.String()))
}
