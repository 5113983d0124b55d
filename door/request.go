package door

import (
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"zhijian/domain/identity"
	"zhijian/domain/staff"
	"zhijian/ground/actor"
)

// Request is what a handler gets: the HTTP request, and what the door found out about it.
type Request struct {
	*http.Request
	// ID names the request in the log.
	ID string
	// Route is the line of the door that matched.
	Route *Route
	// Actor is who acts: a resident, a member of staff, or a visitor.
	Actor actor.Actor
	// Resident and Session are zero unless a resident is signed in.
	Resident identity.Resident
	Session  identity.Session
	// Member is zero except on routes for staff.
	Member staff.Member
	// Visitor is the visitor cookie's value; empty until Visit made one.
	Visitor string
	// Lang is "zh" or "en", from the path.
	Lang string
	// City is the slug of the city last used, "" for none; Recent are the slugs last used, newest first.
	City   string
	Recent []string
	// Elder is 长辈版; Theme is "" (as the device has it), "light" or "dark".
	Elder bool
	Theme string
	// HasStyle says that the browser holds the present style sheet, so that the page need not carry it.
	HasStyle bool
	// Client is the address the request came from; the zero Addr when it could not be read.
	Client netip.Addr
	// Caching says that the page being drawn will be kept and shown to others: it holds nothing of this request's
	// person, and its forms carry the token of everybody.
	Caching bool

	door  *Door
	jar   jar
	query url.Values
	form  url.Values

	uploads []Upload
	local   string // the path as it was asked for, with /en
	tags    []string
	keep    string // city that a kept page stands for

	unread  *int
	visits  []Visit
	station *station
}

// SignedIn reports whether a resident is signed in.
func (r *Request) SignedIn() bool { return r.Resident.ID != 0 }

// ClientIP is Client as text, empty when it could not be read.
func (r *Request) ClientIP() string {
	if !r.Client.IsValid() {
		return ""
	}
	return r.Client.String()
}

// ClientBlock is what durable budgets of a client are charged to: its IPv4 address, or the /64 that one IPv6 customer
// has, who would otherwise own as many budgets as addresses. Empty when the address could not be read.
func (r *Request) ClientBlock() string {
	b := block(r.Client)
	switch {
	case !b.IsValid():
		return ""
	case b.Is6():
		return b.String() + "/64"
	}
	return b.String()
}

// Unread gives the count of unread messages that ask finds, asking once for a request.
func (r *Request) Unread(ask func() (int, error)) (int, error) {
	if r.unread == nil {
		n, err := ask()
		if err != nil {
			return 0, err
		}
		r.unread = &n
	}
	return *r.unread, nil
}

// Query gives one value of the address, "" when absent. The door has refused a second value of a name.
func (r *Request) Query(name string) string { return r.query.Get(name) }

// Value gives one value of the form, "" when absent.
func (r *Request) Value(name string) string { return r.form.Get(name) }

// Values gives the form without the door's own inputs (those that begin with "_"); a copy, for the caller to keep.
func (r *Request) Values() map[string][]string {
	out := make(map[string][]string, len(r.form))
	for name, list := range r.form {
		if !strings.HasPrefix(name, "_") {
			out[name] = list
		}
	}
	return out
}

// Local is the path and query that were asked for, with the language's prefix: fit for "come back here".
func (r *Request) Local() string {
	if r.URL.RawQuery != "" {
		return r.local + "?" + r.URL.RawQuery
	}
	return r.local
}

// Link gives a path of this house in the request's language.
func (r *Request) Link(path string) string {
	if r.Lang != "en" || !strings.HasPrefix(path, "/") || path == "/en" || strings.HasPrefix(path, "/en/") {
		return path
	}
	if path == "/" {
		return "/en/"
	}
	return "/en" + path
}

// See answers 303 with a path of this house in the request's language.
func (r *Request) See(w http.ResponseWriter, path string) error {
	w.Header().Set("Location", r.Link(path))
	w.WriteHeader(http.StatusSeeOther)
	return nil
}

// Visit gives the visitor cookie's value and sets the cookie when there is none yet. Not on a page that is cached.
func (r *Request) Visit(w http.ResponseWriter) string {
	if r.Visitor == "" && !r.Caching {
		r.Visitor = newVisitor()
		r.door.setCookie(w, r.door.names.visitor, r.Visitor, month, false)
	}
	return r.Visitor
}

// Mark is the lasting secret of a browser in which somebody signed in; a fresh one, which no phone knows, in any other.
func (r *Request) Mark() string {
	if r.jar.mark == "" {
		r.jar.mark = newVisitor()
	}
	return r.jar.mark
}

// KeepMark has the browser keep its Mark for a year. It outlives signing out: it opens nothing and names nobody, and
// only keeps strangers from locking a phone's owner out.
func (r *Request) KeepMark(w http.ResponseWriter) {
	r.door.setCookie(w, r.door.names.mark, r.Mark(), year, false)
}

// Token is the form token for this page, newly masked. For a visitor it sets the visitor cookie where needed, so it
// must be called before the answer's body.
func (r *Request) Token(w http.ResponseWriter) string {
	switch {
	case r.Caching:
		return r.door.makeToken(boundToNobody)
	case r.Member.ID != 0:
		return r.door.makeToken(boundToMember(r.Member.ID))
	case r.Resident.ID != 0:
		return r.door.makeToken(boundToResident(r.Resident.ID))
	}
	return r.door.makeToken(boundToVisitor(r.Visit(w)))
}

// Depends names what a cached page was made of; Cache.Forget with one of the names drops it.
func (r *Request) Depends(tags ...string) { r.tags = append(r.tags, tags...) }

// SignIn gives the browser a resident's new session.
func (r *Request) SignIn(w http.ResponseWriter, token string) {
	r.door.setCookie(w, r.door.names.session, token, month, false)
}

// SignOut takes the session from the browser and asks it to forget what it kept of our pages.
func (r *Request) SignOut(w http.ResponseWriter) {
	r.door.setCookie(w, r.door.names.session, "", 0, false)
	r.door.setCookie(w, r.door.names.visitor, "", 0, false)
	w.Header().Set("Clear-Site-Data", `"cache"`)
}

// SignInStaff gives the browser a member's session, for as long as the browser is open.
func (r *Request) SignInStaff(w http.ResponseWriter, token string) {
	r.door.setCookie(w, r.door.names.staff, token, 12*time.Hour, true)
}

// StaffToken is the member's session that the browser says it has, on any route and unproven; empty for none.
func (r *Request) StaffToken() string { return r.jar.staff }

// SignOutStaff takes a member's session from the browser.
func (r *Request) SignOutStaff(w http.ResponseWriter) {
	r.door.setCookie(w, r.door.names.staff, "", 0, true)
	w.Header().Set("Clear-Site-Data", `"cache"`)
}

// KeepElder remembers in this browser whether pages are in 长辈版.
func (r *Request) KeepElder(w http.ResponseWriter, on bool) {
	value := "0"
	if on {
		value = "1"
	}
	r.door.setCookie(w, r.door.names.elder, value, year, false)
}

// KeepTheme remembers "light" or "dark"; "" forgets it.
func (r *Request) KeepTheme(w http.ResponseWriter, theme string) {
	age := year
	if theme != "light" && theme != "dark" {
		theme, age = "", 0
	}
	r.door.setCookie(w, r.door.names.theme, theme, age, false)
}

// KeepStyle remembers that the browser was given the present style sheet.
func (r *Request) KeepStyle(w http.ResponseWriter) {
	if !r.HasStyle && !r.Caching && r.door.c.StyleCookie != "" {
		r.door.setCookie(w, r.door.names.css, r.door.c.StyleCookie, year, false)
	}
}

const recentCities = 4

// KeepCity remembers a city as the last one used.
func (r *Request) KeepCity(w http.ResponseWriter, slug string) {
	if !isWord(slug) || strings.Contains(slug, ".") || slug == anyCity {
		return
	}
	if r.Caching {
		r.keep = slug
		return
	}
	if r.City == slug {
		return
	}
	r.City, r.Recent = slug, recent(r.Recent, slug)
	r.door.setCookie(w, r.door.names.city, strings.Join(r.Recent, "."), year, false)
}

// recent puts slug first in a short list without doubles.
func recent(list []string, slug string) []string {
	out := []string{slug}
	for _, s := range list {
		if s != slug && s != "" && len(out) < recentCities {
			out = append(out, s)
		}
	}
	return out
}

// Flash leaves a word for the next page this browser sees: a wording key, never anything a person typed.
func (r *Request) Flash(w http.ResponseWriter, key string) {
	if isWord(key) {
		r.door.setCookie(w, r.door.names.flash, key, time.Minute, false)
	}
}

// TakeFlash gives the word left by the page before, once.
func (r *Request) TakeFlash(w http.ResponseWriter) string {
	key := r.jar.flash
	if key == "" || r.Caching {
		return ""
	}
	r.jar.flash = ""
	r.door.setCookie(w, r.door.names.flash, "", 0, false)
	return key
}
