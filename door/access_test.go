package door_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"zhijian/door"
)

// The whole matrix of who asks and what a route wants.
func TestAccess(t *testing.T) {
	t.Parallel()
	accesses := map[string]door.Access{
		"/public": door.Public, "/owner": door.Owner, "/l1": door.ResidentAt(1), "/l3": door.ResidentAt(3),
		"/staff": door.StaffOnly, "/operator": door.OperatorOnly,
	}
	var routes []door.Route
	for path, a := range accesses {
		routes = append(routes, page(path, a, "open"))
	}
	g := build(t, nil, routes...)
	cookies := map[string]string{
		"nobody": "", "visitor": visitor, "resident L1": resident, "resident L4": proven,
		"staff": "__Host-zjs=s1", "operator": "__Host-zjs=o1", "ended session": "__Host-zj=gone",
	}
	login := func(p string) string { return "303 /login?next=%2F" + p }
	want := map[string]map[string]string{
		"/public":   {"nobody": "200", "visitor": "200", "resident L1": "200", "resident L4": "200", "staff": "200", "operator": "200", "ended session": "200"},
		"/owner":    {"nobody": login("owner"), "visitor": "200", "resident L1": "200", "resident L4": "200", "staff": login("owner"), "operator": login("owner"), "ended session": login("owner")},
		"/l1":       {"nobody": login("l1"), "visitor": login("l1"), "resident L1": "200", "resident L4": "200", "staff": login("l1"), "operator": login("l1"), "ended session": login("l1")},
		"/l3":       {"nobody": login("l3"), "visitor": login("l3"), "resident L1": "303 /me/proof?level=3&next=%2Fl3", "resident L4": "200", "staff": login("l3"), "operator": login("l3"), "ended session": login("l3")},
		"/staff":    {"nobody": "403", "visitor": "403", "resident L1": "403", "resident L4": "403", "staff": "200", "operator": "200", "ended session": "403"},
		"/operator": {"nobody": "403", "visitor": "403", "resident L1": "403", "resident L4": "403", "staff": "403", "operator": "200", "ended session": "403"},
	}
	for path, row := range want {
		for who, answer := range row {
			w := g.ask("GET", path, "Cookie", cookies[who])
			got := strconv.Itoa(w.Code)
			if w.Code == http.StatusSeeOther {
				got += " " + w.Header().Get("Location")
			}
			if got != answer {
				t.Errorf("GET %s as %s = %s, want %s", path, who, got, answer)
			}
		}
	}
}

func TestEndedSessionIsTakenFromTheBrowser(t *testing.T) {
	t.Parallel()
	g := build(t, nil, page("/public", door.Public, "open"))
	w := g.ask("GET", "/public", "Cookie", "__Host-zj=gone")
	if c := w.Header().Get("Set-Cookie"); !strings.HasPrefix(c, "__Host-zj=;") || !strings.Contains(c, "Max-Age=0") {
		t.Errorf("Set-Cookie = %q, want the session deleted", c)
	}
	if got := w.Body.String(); got != "open visitor" {
		t.Errorf("body = %q, want a visitor's page", got)
	}
}

func TestSilentStoreIsNoSignOut(t *testing.T) {
	t.Parallel()
	g := build(t, nil, page("/public", door.Public, "open"))
	w := g.ask("GET", "/public", "Cookie", "__Host-zj=broken")
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Set-Cookie") != "" {
		t.Errorf("= %d, cookies %q, want 503 and the session kept", w.Code, w.Header().Values("Set-Cookie"))
	}
}

// A route without access is no route.
func TestMountRefuses(t *testing.T) {
	t.Parallel()
	ok := func(http.ResponseWriter, *door.Request) error { return nil }
	good := door.Route{Method: "GET", Path: "/x", Access: door.Public, Handler: ok}
	for name, change := range map[string]func(*door.Route){
		"no access":               func(r *door.Route) { r.Access = "" },
		"an access made up":       func(r *door.Route) { r.Access = "everybody" },
		"level 0":                 func(r *door.Route) { r.Access = door.ResidentAt(0) },
		"level 5":                 func(r *door.Route) { r.Access = door.ResidentAt(5) },
		"no handler":              func(r *door.Route) { r.Handler = nil },
		"a method made up":        func(r *door.Route) { r.Method = "LOOK" },
		"a cached private page":   func(r *door.Route) { r.Cached, r.Access = &door.Cached{}, door.Owner },
		"a cached form":           func(r *door.Route) { r.Cached, r.Method = &door.Cached{}, "POST" },
		"a plain private form":    func(r *door.Route) { r.Plain, r.Access = true, door.Owner },
		"a notice read as a form": func(r *door.Route) { r.Method, r.Access = "POST", door.SignedNotice },
		"the same path twice":     nil,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := build(t, nil)
			mux := http.NewServeMux()
			list := []door.Route{good}
			if change == nil {
				list = append(list, good)
			} else {
				change(&list[0])
			}
			if err := g.door.Mount(mux, door.Set{Face: face{}, Routes: list}); err == nil {
				t.Errorf("Mount accepted it")
			}
		})
	}
}

func TestTable(t *testing.T) {
	t.Parallel()
	got := door.Table([]door.Route{{Method: "GET", Path: "/a/{alias}", About: "an account", Access: door.Public, Cached: &door.Cached{}}, {Method: "POST", Path: "/cases/{no}", About: "answer", Access: door.Owner}})
	want := "| Method | Path | Access | Takes | Rate | For |\n|---|---|---|---|---|---|\n" +
		"| GET | `/a/{alias}` | public | cached | reading | an account |\n" +
		"| POST | `/cases/{no}` | owner | form | writing | answer |\n"
	if got != want {
		t.Errorf("Table =\n%s\nwant\n%s", got, want)
	}
}

func TestResidentsWish(t *testing.T) {
	t.Parallel()
	show := door.Route{Method: "GET", Path: "/look", Access: door.Public, Handler: func(w http.ResponseWriter, r *door.Request) error {
		elder := "standard"
		if r.Elder {
			elder = "elder"
		}
		_, err := w.Write([]byte(elder + " " + r.Theme + " " + r.City + " " + strings.Join(r.Recent, ",")))
		return err
	}}
	g := build(t, nil, show)
	for name, c := range map[string]struct{ cookie, want string }{
		"nobody":                        {"", "standard   "},
		"the resident's wish":           {proven, "elder dark wenzhou wenzhou"},
		"the browser's own comes first": {proven + "; __Host-elder=0; __Host-theme=light; __Host-city=hangzhou.wenzhou", "standard light hangzhou hangzhou,wenzhou"},
		"values of no shape":            {"__Host-theme=<script>; __Host-city=a/b; __Host-elder=yes", "standard   "},
		"a planted second cookie":       {"__Host-city=hangzhou; __Host-city=evil", "standard  hangzhou hangzhou"},
		"cookies without the prefix":    {"city=hangzhou; elder=1", "standard   "},
	} {
		if got := g.ask("GET", "/look", "Cookie", c.cookie).Body.String(); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
