package door

import (
	"net/http"
	"strings"
	"time"
)

// cookieNames are the names with their prefix: __Host- binds a cookie to this very host, https and path /.
type cookieNames struct{ session, visitor, mark, staff, elder, theme, city, css, flash string }

func namesFor(secure bool) cookieNames {
	p := ""
	if secure {
		p = "__Host-"
	}
	return cookieNames{
		session: p + "zj", visitor: p + "zjv", mark: p + "zjm", staff: p + "zjs", elder: p + "elder",
		theme: p + "theme", city: p + "city", css: p + "css", flash: p + "flash",
	}
}

// jar is what a request's cookies say. Values of the wrong shape are as if absent.
type jar struct {
	session, visitor, mark, staff string
	elder                         string // "1", "0" or absent
	theme                         string // "light", "dark" or absent
	city                          string // slugs joined by ".", last used first
	css, flash                    string
}

// cookies reads the request's cookies without allocating: it runs before a cached page is served.
func (d *Door) cookies(h http.Header) (j jar) {
	for _, line := range h["Cookie"] {
		for line != "" {
			var part string
			part, line, _ = strings.Cut(line, ";")
			name, value, ok := strings.Cut(strings.TrimSpace(part), "=")
			if ok {
				d.keep(&j, name, value)
			}
		}
	}
	return j
}

func (d *Door) keep(j *jar, name, value string) {
	n := &d.names
	switch name {
	case n.session:
		first(&j.session, value, isWord)
	case n.visitor:
		first(&j.visitor, value, isWord)
	case n.mark:
		first(&j.mark, value, isWord)
	case n.staff:
		first(&j.staff, value, isWord)
	case n.elder:
		first(&j.elder, value, isWord)
	case n.theme:
		first(&j.theme, value, func(s string) bool { return s == "light" || s == "dark" })
	case n.city:
		first(&j.city, value, isWord)
	case n.css:
		first(&j.css, value, isWord)
	case n.flash:
		first(&j.flash, value, isWord)
	}
}

// first keeps the first good value: a second cookie of the same name was planted from elsewhere.
func first(to *string, value string, good func(string) bool) {
	if *to == "" && good(value) {
		*to = value
	}
}

func isWord(s string) bool {
	if s == "" || len(s) > 128 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_' && c != '.' {
			return false
		}
	}
	return true
}

const (
	month = 30 * 24 * time.Hour
	year  = 365 * 24 * time.Hour
)

func (d *Door) setCookie(w http.ResponseWriter, name, value string, age time.Duration, strict bool) {
	w.Header().Add("Set-Cookie", d.cookieLine(name, value, age, strict))
}

// cookieLine is one Set-Cookie value; an age of 0 deletes.
func (d *Door) cookieLine(name, value string, age time.Duration, strict bool) string {
	c := http.Cookie{Name: name, Value: value, Path: "/", HttpOnly: true, Secure: d.secure, SameSite: http.SameSiteLaxMode, MaxAge: int(age / time.Second)}
	if age == 0 {
		c.MaxAge = -1
	}
	if strict {
		c.SameSite = http.SameSiteStrictMode
	}
	return c.String()
}
