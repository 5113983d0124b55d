package door

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Access says who may use a route. The zero value is no access at all: Mount refuses it.
type Access string

// The accesses without a parameter; see ResidentAt for the others.
const (
	// Public is for everybody.
	Public Access = "public"
	// Owner is for a signed-in resident or a visitor with a visitor cookie; the desk decides whether the thing is theirs.
	Owner Access = "owner"
	// StaffOnly is for members of staff, of a department or of the platform; which rows they may see is the desk's matter.
	StaffOnly Access = "staff"
	// OperatorOnly is for people who run the platform.
	OperatorOnly Access = "operator"
	// SignedNotice is for a sender that the handler proves by a signature over the body; cookies are not looked at.
	SignedNotice Access = "signed notice"
	// KeyHolder is for a program that the handler knows by a key of its own in the Authorization header, before it reads the body;
	// cookies are not looked at.
	KeyHolder Access = "key holder"
)

// ResidentAt is for signed-in residents proven to a level from 1 to 4. Others are led to sign in, or to prove more.
func ResidentAt(level int) Access { return Access("resident L" + strconv.Itoa(level)) }

// Level is the level a resident must have, 0 when the access is not about residents.
func (a Access) Level() int {
	rest, ok := strings.CutPrefix(string(a), "resident L")
	if !ok {
		return 0
	}
	n, _ := strconv.Atoi(rest)
	return n
}

// Valid reports whether a is one of the accesses there are.
func (a Access) Valid() bool {
	switch a {
	case Public, Owner, StaffOnly, OperatorOnly, SignedNotice, KeyHolder:
		return true
	}
	return a.Level() >= 1 && a.Level() <= 4
}

// proven reports that the handler proves who asks, and the door asks nothing.
func (a Access) proven() bool { return a == SignedNotice || a == KeyHolder }

func (a Access) staff() bool { return a == StaffOnly || a == OperatorOnly }

// Takes says what body a POST route reads.
type Takes string

// What a route can take.
const (
	TakesForm Takes = ""     // a form, checked for its token and parsed before the handler
	TakesJSON Takes = "json" // application/json, read by the handler from a bounded body
	TakesFile Takes = "file" // a form with files (multipart/form-data), checked for its token and parsed before the handler
	TakesRaw  Takes = "raw"  // bytes of any type, read by the handler from a bounded body
	// TakesStream is like TakesRaw and may come with a Content-Encoding, which the handler bounds as well: for key holders only.
	TakesStream Takes = "stream"
)

// Limit bounds one route. Zero fields mean the defaults.
type Limit struct {
	// Class is the rate that is charged; empty is Reading for GET and Writing for the rest.
	Class Class
	// Body is the most bytes of a body; 0 is 64 KB.
	Body int64
	// Time is how long the handler may take; 0 is 15 s.
	Time time.Duration
	// Lists names the inputs that may come more than once. "*" leaves that to the handler.
	Lists []string
}

// Handler answers a request or returns why not; it never does both.
type Handler func(w http.ResponseWriter, r *Request) error

// Route is one line of a door.
type Route struct {
	Method  string
	Path    string // pattern of http.ServeMux, without method and host
	About   string // what it is for, one line, for docs/routes.md
	Access  Access
	Limit   Limit
	Takes   Takes
	Handler Handler
	// Fresh is how lately the resident must have proven presence (identity.Desk.StepUp); zero for any time. Others are
	// led to /me/step-up.
	Fresh time.Duration
	// Cached keeps the rendered page for visitors; nil renders each time.
	Cached *Cached
	// Plain says that the route's form stands on cached pages, whose token is not bound to a visitor. Only for acts
	// that do no harm when forged for somebody who is not signed in.
	Plain bool
	// AnyHost answers under any Host (account back ends and probes); nothing of the Host is ever put into an answer.
	AnyHost bool
}

// Set is the routes of one door and how it says that something went wrong.
type Set struct {
	Face   Face
	Routes []Route
	// Pages says that the door has pages: its paths exist under /en as well.
	Pages bool
	// Bearer says that the door is for programs: a token in the Authorization header signs in, and then no cookie is looked at.
	// Without one the session cookie of a page does, for our own scripts and for programs that walk pages; a request with it from
	// another origin changes nothing (crossing) and reads nothing (no CORS).
	Bearer bool
}

// check reports what is wrong with a route.
func (r Route) check() error {
	at := r.Method + " " + r.Path
	switch {
	case !slices.Contains([]string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}, r.Method):
		return fmt.Errorf("route %s: unknown method", at)
	case !strings.HasPrefix(r.Path, "/"):
		return fmt.Errorf("route %s: path must begin with /", at)
	case !r.Access.Valid():
		return fmt.Errorf("route %s: access %q is none of those there are", at, string(r.Access))
	case r.Handler == nil:
		return fmt.Errorf("route %s: no handler", at)
	case r.Fresh < 0 || r.Fresh > 0 && r.Access.Level() == 0:
		return fmt.Errorf("route %s: only a resident proves presence", at)
	case r.Cached != nil && (r.Access != Public || r.Method != http.MethodGet):
		return fmt.Errorf("route %s: only public GET pages are cached", at)
	case r.Plain && r.Access != Public:
		return fmt.Errorf("route %s: only public forms stand on cached pages", at)
	case r.Access == SignedNotice && r.Takes != TakesRaw:
		return fmt.Errorf("route %s: a signed notice is taken raw", at)
	case (r.Access == KeyHolder) != (r.Takes == TakesStream):
		return fmt.Errorf("route %s: a stream is taken from key holders, and nothing else is", at)
	}
	return nil
}

// Mount adds a door's routes to mux. It refuses a route without access, and a path that is there already.
func (d *Door) Mount(mux *http.ServeMux, set Set) (err error) {
	if set.Face == nil {
		return fmt.Errorf("door: Set.Face is missing")
	}
	defer func() {
		if p := recover(); p != nil { // ServeMux panics on patterns that conflict
			err = fmt.Errorf("door: %v", p)
		}
	}()
	gets := map[string]bool{}
	for _, r := range set.Routes {
		if err := r.check(); err != nil {
			return fmt.Errorf("door: %w", err)
		}
		gets[r.Path] = gets[r.Path] || r.Method == http.MethodGet
	}
	for _, r := range set.Routes {
		s := &station{door: d, set: set, route: r, shown: gets[r.Path]}
		s.meter = d.meter.route(r.Method + " " + r.Path)
		mux.Handle(r.Method+" "+r.Path, s)
	}
	return nil
}

// Table writes the routes as a Markdown table, for docs/routes.md.
func Table(routes []Route) string {
	var b strings.Builder
	b.WriteString("| Method | Path | Access | Takes | Rate | For |\n|---|---|---|---|---|---|\n")
	for _, r := range routes {
		takes := string(r.Takes)
		switch {
		case r.Method == http.MethodGet && r.Cached != nil:
			takes = "cached"
		case r.Method != http.MethodGet && takes == "":
			takes = "form"
		}
		access := string(r.Access)
		if r.Fresh > 0 {
			access += fmt.Sprintf(", stepped up within %d min", int(r.Fresh.Minutes()))
		}
		fmt.Fprintf(&b, "| %s | `%s` | %s | %s | %s | %s |\n", r.Method, r.Path, access, takes, r.class(), r.About)
	}
	return b.String()
}

func (r Route) class() Class {
	switch {
	case r.Limit.Class != "":
		return r.Limit.Class
	case r.Method == http.MethodGet:
		return Reading
	}
	return Writing
}
