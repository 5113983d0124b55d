package door

import (
	"context"
	"log/slog"
	"net/http"
	"path"
	"runtime/debug"
	"strconv"
	"strings"

	"zhijian/ground/clock"
)

type requestKey struct{}

// Handler is the whole house behind its doors: mux, with what happens to every request before and after it. face
// answers where no route is. Call it once, after all doors are mounted.
func (d *Door) Handler(mux *http.ServeMux, face Face) http.Handler {
	nowhere := &station{door: d, set: Set{Face: face, Pages: true}, route: Route{Method: "*", Path: "/", Access: Public, AnyHost: true}, mux: mux, meter: d.meter.route("none")}
	mux.Handle("/", nowhere)
	inner := d.gzip(mux)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		watch := clock.Stopwatch()
		d.dress(w.Header())
		if len(r.TransferEncoding) > 0 {
			// net/http takes chunks in silence beside a length that a proxy may have gone by. What follows on such a
			// connection may be somebody's hidden request: nobody reads it (RFC 9112 6.1, security.md T32).
			w.Header().Set("Connection", "close")
		}
		j := d.cookies(r.Header)
		if d.hosts[r.Host] {
			if p := d.quick(w, r, &j); p != nil {
				d.meter.quick(r, p, watch)
				return
			}
		}
		out := &reply{ResponseWriter: w}
		req := d.request(r, j)
		defer func() {
			s := req.station
			if s == nil {
				s = nowhere
			}
			d.meter.done(req, s.meter, out, watch())
		}()
		if status := refuse(r); status != 0 {
			req.Route = &nowhere.route
			nowhere.failed(out, req, rejected{status, "http." + strconv.Itoa(status)})
			return
		}
		ctx := context.WithValue(r.Context(), requestKey{}, req)
		inner.ServeHTTP(out, r.WithContext(ctx))
	})
}

// request reads from path and cookies what every page needs to know, without asking anybody.
func (d *Door) request(r *http.Request, j jar) *Request {
	req := &Request{Request: r, ID: d.prefix + "-" + strconv.FormatUint(d.serial.Add(1), 36), Lang: "zh", Visitor: j.visitor, Theme: j.theme, Elder: j.elder == "1", Client: d.client(r), door: d, jar: j, local: r.URL.EscapedPath()}
	req.HasStyle = d.c.StyleCookie != "" && j.css == d.c.StyleCookie
	if rest, ok := strings.CutPrefix(r.URL.Path, "/en"); ok && (rest == "" || rest[0] == '/') {
		req.Lang = "en"
		u := *r.URL
		u.Path, u.RawPath = rest, ""
		if rest == "" {
			u.Path = "/"
		}
		r.URL = &u // the server made this request for us; nobody else holds it
	}
	if j.city != "" {
		req.Recent = strings.Split(j.city, ".")
		if len(req.Recent) > recentCities {
			req.Recent = req.Recent[:recentCities]
		}
		req.City = req.Recent[0]
	}
	req.Actor.Lang = req.Lang
	return req
}

// refuse gives the status for a request whose form alone is wrong, or 0. A path has one spelling: no doubled
// slashes, no dots, no escaped slashes, so that no rule can be walked around (security.md T34, T72).
func refuse(r *http.Request) int {
	switch {
	case len(r.RequestURI) > urlBytes:
		return http.StatusRequestURITooLong
	case !strings.HasPrefix(r.URL.Path, "/"), r.URL.RawPath != "" && strings.Contains(strings.ToLower(r.URL.RawPath), "%2f"):
		return http.StatusNotFound
	}
	p := r.URL.Path
	if c := path.Clean(p); c != p && c+"/" != p {
		return http.StatusNotFound
	}
	for i := range len(p) {
		if p[i] < 0x20 || p[i] == 0x7f || p[i] == '\\' {
			return http.StatusNotFound
		}
	}
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete:
		return 0
	}
	return http.StatusMethodNotAllowed
}

// station is one mounted route.
type station struct {
	door  *Door
	set   Set
	route Route
	shown bool // the path has a GET as well
	meter *routeMeter
	mux   *http.ServeMux // only for the place where no route is
}

func (s *station) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	req, _ := r.Context().Value(requestKey{}).(*Request)
	if req == nil { // a mux without Handler around it: a mistake in wiring
		http.Error(w, "500", http.StatusInternalServerError)
		return
	}
	req.Request, req.Route, req.station = r, &s.route, s
	out := &reply{ResponseWriter: w}
	defer func() {
		if p := recover(); p != nil {
			if p == http.ErrAbortHandler {
				panic(p)
			}
			s.door.c.Log.LogAttrs(r.Context(), slog.LevelError, "panic", slog.String("request", req.ID), slog.String("route", s.route.Method+" "+s.route.Path), slog.String("stack", string(debug.Stack())))
			if out.status == 0 {
				req.Request = r
				s.failed(out, req, errPanic{})
			}
		}
	}()
	if err := s.serve(out, req); err != nil {
		if out.status != 0 {
			s.door.c.Log.LogAttrs(r.Context(), slog.LevelError, "fault after answer", slog.String("request", req.ID), slog.String("route", s.route.Method+" "+s.route.Path), slog.String("cause", err.Error()))
			return
		}
		req.Request = r // without the deadline, which has ended with serve
		s.failed(out, req, err)
		return
	}
	if out.status < http.StatusBadRequest {
		s.door.count(req.visits, r, req.Resident.ID)
	}
}

// errPanic stands for a panic; its value is not shown or logged, for it may hold what a person typed.
type errPanic struct{}

func (errPanic) Error() string { return "panic, see the log" }

// serve checks the request in the order of what is cheapest to refuse, then runs the handler.
func (s *station) serve(w http.ResponseWriter, r *Request) error {
	d := s.door
	if s.mux != nil {
		return s.nowhere(w, r)
	}
	if !s.route.AnyHost && !d.hosts[strings.ToLower(r.Host)] {
		return rejected{http.StatusMisdirectedRequest, "http.host"}
	}
	if r.Lang == "en" && !s.set.Pages {
		return rejected{http.StatusNotFound, "http.404"}
	}
	if err := d.rates[s.route.class()].take(r.Client); err != nil {
		return err
	}
	limit := s.route.Limit.Time
	if limit == 0 {
		limit = handlerTime
	}
	ctx, stop := context.WithTimeout(r.Context(), limit)
	defer stop()
	r.Request = r.Request.WithContext(ctx)
	if limit > handlerTime {
		c := http.NewResponseController(w)
		end, _ := ctx.Deadline()
		_, _ = c.SetReadDeadline(end), c.SetWriteDeadline(end) // a writer without deadlines has none to lengthen
	}
	var err error
	if r.query, err = readQuery(r.URL.RawQuery, s.route.Limit.Lists); err != nil {
		return err
	}
	if s.cacheable(r) {
		return s.draw(w, r)
	}
	if err := s.accept(w, r); err != nil {
		return err
	}
	return s.route.Handler(w, r)
}

// accept looks at body, session, token and access.
func (s *station) accept(w http.ResponseWriter, r *Request) error {
	d, safe := s.door, r.Method == http.MethodGet || r.Method == http.MethodHead
	if !safe {
		if r.Header.Get("Content-Encoding") != "" && s.route.Takes != TakesStream {
			return rejected{http.StatusUnsupportedMediaType, codeMedia}
		}
		most := s.route.Limit.Body
		if most == 0 {
			most = formBody
		}
		r.Body = http.MaxBytesReader(w, r.Body, most)
	}
	if s.route.Access.proven() {
		return nil
	}
	if !safe {
		if err := d.crossing.Check(r.Request); err != nil {
			return rejected{http.StatusForbidden, "http.crossing"}
		}
	}
	if err := d.identify(w, r, s.route.Access.staff()); err != nil {
		return err
	}
	// Access before the body: who must sign in first is led there, whatever became of the form's token.
	if err := s.admit(r); err != nil {
		return err
	}
	if !safe {
		if err := s.body(r); err != nil {
			return err
		}
	}
	// Presence comes last: a forged form does not lead its victim to prove it.
	return s.present(r)
}

// body reads what a route takes.
func (s *station) body(r *Request) (err error) {
	switch s.route.Takes {
	case TakesRaw, TakesStream:
		return nil
	case TakesJSON:
		if kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); !strings.EqualFold(strings.TrimSpace(kind), "application/json") {
			return rejected{http.StatusUnsupportedMediaType, codeMedia}
		}
		return nil
	}
	if s.route.Takes == TakesFile {
		r.form, r.uploads, err = s.door.readFiles(r.Request, s.route.Limit.Lists)
	} else {
		r.form, err = readForm(r.Request, s.route.Limit.Lists)
	}
	if err != nil {
		return err
	}
	return s.door.checkToken(r, r.form.Get(tokenField))
}

// nowhere answers where no route is: 405 when the path exists for another method, else 404.
func (s *station) nowhere(w http.ResponseWriter, r *Request) error {
	var allow []string
	for _, m := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		other := r.Clone(r.Context())
		other.Method = m
		if _, pattern := s.mux.Handler(other); pattern != "/" && pattern != "" {
			allow = append(allow, m)
		}
	}
	if len(allow) > 0 {
		w.Header().Set("Allow", strings.Join(allow, ", "))
		return rejected{http.StatusMethodNotAllowed, "http.405"}
	}
	return rejected{http.StatusNotFound, "http.404"}
}
