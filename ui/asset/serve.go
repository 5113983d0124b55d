package asset

import (
	"net/http"
	"strconv"
	"strings"
)

// Handler serves the built files under Prefix: GET and HEAD, in brotli, gzip or plain form as the request accepts.
// A hashed name is immutable for a year; a plain name is revalidated by ETag. Anything else is 404.
func (a *Asset) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f, ok := a.files[strings.TrimPrefix(r.URL.Path, Prefix)]
		if !ok || !strings.HasPrefix(r.URL.Path, Prefix) {
			http.Error(w, "404", http.StatusNotFound)
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "405", http.StatusMethodNotAllowed)
			return
		}
		f.serve(w, r)
	})
}

func (f file) serve(w http.ResponseWriter, r *http.Request) {
	body, coding := f.identity, ""
	switch accepts := r.Header.Get("Accept-Encoding"); {
	case accept(accepts, "br"):
		body, coding = f.brotli, "br"
	case accept(accepts, "gzip"):
		body, coding = f.gzip, "gzip"
	}
	// A strong tag names one form of the bytes, so the coding is part of it.
	tag := `"` + f.tag + `"`
	h := w.Header()
	if coding != "" {
		tag = `"` + f.tag + "-" + coding + `"`
		h.Set("Content-Encoding", coding)
	}
	h.Set("Vary", "Accept-Encoding")
	h.Set("ETag", tag)
	h.Set("X-Content-Type-Options", "nosniff")
	if f.immutable {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		h.Set("Cache-Control", "public, no-cache")
	}
	if match(r.Header.Get("If-None-Match"), f.tag) {
		h.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", f.kind)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodGet {
		_, _ = w.Write(body) // a browser that hangs up is no fault of ours
	}
}

// accept reports whether an Accept-Encoding list takes a coding; "q=0" refuses it.
func accept(list, coding string) bool {
	for part := range strings.SplitSeq(list, ",") {
		name, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(strings.TrimSpace(name), coding) {
			q := strings.ReplaceAll(params, " ", "")
			return q != "q=0" && q != "q=0.0" && q != "q=0.00" && q != "q=0.000"
		}
	}
	return false
}

// match reports whether an If-None-Match list names this content in any form.
func match(list, tag string) bool {
	for part := range strings.SplitSeq(list, ",") {
		one := strings.Trim(strings.TrimPrefix(strings.TrimSpace(part), "W/"), `"`)
		if one == tag || strings.HasPrefix(one, tag+"-") || one == "*" {
			return true
		}
	}
	return false
}
