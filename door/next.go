package door

import (
	"net/url"
	"strings"
)

// LocalPath reports whether s is a path of this house that a redirect may lead to: it begins with one slash, has no
// host in any reading of it, and no control characters. Everything else is refused, so that "next" opens no door to
// other sites (security.md T08).
func LocalPath(s string) bool {
	if len(s) == 0 || len(s) > 2048 || s[0] != '/' || strings.HasPrefix(s, "//") || strings.ContainsAny(s, "\\#") {
		return false
	}
	for i := range len(s) {
		if s[i] < 0x21 || s[i] == 0x7f {
			return false
		}
	}
	u, err := url.Parse(s)
	return err == nil && u.Host == "" && u.Scheme == "" && u.User == nil && strings.HasPrefix(u.Path, "/") && !strings.HasPrefix(u.Path, "//") && !strings.Contains(u.Path, "\\")
}

// Next is where the form or the address asks to go afterwards: its "next", or fallback.
func (r *Request) Next(fallback string) string {
	next := r.form.Get("next")
	if next == "" {
		next = r.query.Get("next")
	}
	if LocalPath(next) {
		return next
	}
	return fallback
}

// With adds "next" to a path: With("/login", "/cases/…") is "/login?next=%2Fcases%2F…".
func With(path, next string) string {
	if !LocalPath(next) {
		return path
	}
	sep := "?"
	if strings.Contains(path, "?") {
		sep = "&"
	}
	return path + sep + "next=" + url.QueryEscape(next)
}
