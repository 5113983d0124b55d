package mapped_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zhijian/ground/fault"
	"zhijian/ground/seal"
	"zhijian/outside/office"
	"zhijian/outside/office/mapped"
)

var calls = map[string]mapped.Call{
	"lots.find": {
		Path: "/v2/lots/{with.plate}", Query: map[string]string{"area": "has(with.area) ? with.area : null", "n": "10"},
		Down: "body.code == 503", Unknown: "status == 404 || body.code == 1",
		Refused: &mapped.Refused{When: "body.code != 0", Code: "string(body.code)", Reason: "body.msg"},
		Gives: map[string]string{
			"known": "true", "fee": "fen(body.data.fee)", "day": "day(body.data.d)", "at": "moment(body.data.ts)",
			"items": `body.data.list.map(v, {"name": v.n.trim(), "free": int(v.free)})`,
		},
	},
	"lots.book": {
		Method: "PUT", Path: "/book", Key: "X-Request-Id", Body: `{"plate": with.plate, "people": [with.n, with.n + 1]}`,
		Gives: map[string]string{"done": "status == 201"},
	},
	"lots.form": {Path: "/form", Form: map[string]string{"p": "with.plate"}, Gives: map[string]string{"ok": "body == null"}},
}

func driver(t *testing.T, f http.HandlerFunc) *mapped.Driver {
	t.Helper()
	s := httptest.NewServer(f)
	d, err := mapped.New(mapped.Config{
		Name: "parking", URL: s.URL + "/api", Timeout: 2 * time.Second, Calls: calls, Headers: map[string]seal.Text{"Authorization": seal.Plain("Bearer s3cret")},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close(); s.Close() })
	return d
}

func says(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func TestRequests(t *testing.T) {
	t.Parallel()
	d := driver(t, func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		if r.Header.Get("Authorization") != "Bearer s3cret" {
			t.Error("the secret header is missing")
		}
		switch r.URL.Path {
		case "/api/book":
			if string(b) != `{"people":[1,2],"plate":"浙A12345"}` || r.Header.Get("X-Request-Id") != "7K2Q/1" || r.Method != http.MethodPut {
				t.Errorf("%s %s %s", r.Method, b, r.Header)
			}
			w.WriteHeader(http.StatusCreated)
			_, _ = io.WriteString(w, `{}`)
		case "/api/form":
			if string(b) != "p=%26x%3D1" || r.Method != http.MethodPost {
				t.Errorf("%s %s", r.Method, b)
			}
		default:
			if got := r.URL.EscapedPath() + "?" + r.URL.RawQuery; got != "/api/v2/lots/a%2F..%2Fb%3Fx?area=%E5%9F%8E+%E8%A5%BF&n=10" {
				t.Errorf("a value left its place: %s", got)
			}
			_, _ = io.WriteString(w, `{"code":1}`)
		}
	})
	got, err := d.Ask(t.Context(), office.Question{Call: "lots.book", Key: "7K2Q/1", With: map[string]any{"plate": "浙A12345", "n": int64(1)}})
	if err != nil || got["done"] != true {
		t.Error(got, err)
	}
	if got, err := d.Ask(t.Context(), office.Question{Call: "lots.form", With: map[string]any{"plate": "&x=1"}}); err != nil || got["ok"] != true {
		t.Error(got, err)
	}
	if got, err := d.Ask(t.Context(), office.Question{Call: "lots.find", With: map[string]any{"plate": "a/../b?x", "area": "城 西"}}); err != nil || got["known"] != false {
		t.Error(got, err)
	}
	for _, plate := range []any{"..", ".", "", nil} {
		if _, err := d.Ask(t.Context(), office.Question{Call: "lots.find", With: map[string]any{"plate": plate}}); err == nil || fault.Of(err) != nil {
			t.Errorf("%v: %v", plate, err)
		}
	}
	if _, err := d.Ask(t.Context(), office.Question{Call: "nothing", With: map[string]any{}}); err == nil || fault.Of(err) != nil {
		t.Errorf("an unknown call: %v", err)
	}
}

func TestAwkwardAnswers(t *testing.T) {
	t.Parallel()
	const good = `{"code":0,"data":{"fee":"¥12.5","d":"20260526","ts":1779775200,"list":[{"n":" 城西 ","free":3.0},{"n":"城东","free":"4"}]}}`
	want := map[string]any{
		"known": true, "fee": int64(1250), "day": "2026-05-26", "at": "2026-05-26T14:00:00+08:00",
		"items": []any{map[string]any{"name": "城西", "free": int64(3)}, map[string]any{"name": "城东", "free": int64(4)}},
	}
	for _, c := range []struct {
		name   string
		status int
		body   string
		want   map[string]any
		kind   fault.Kind
		public string
	}{
		{"good", 200, good, want, "", ""},
		{"unknown by status", 404, `<html>`, map[string]any{"known": false}, "", ""},
		{"unknown by code", 200, `{"code":1}`, map[string]any{"known": false}, "", ""},
		{"refused", 200, `{"code":7,"msg":"车位\n已满"}`, nil, fault.KindConflict, "车位 已满"},
		{"refused without a reason", 200, `{"code":7}`, nil, fault.KindConflict, "对方系统没有接受这次办理"},
		{"refused with a 422", 422, `{"code":8,"msg":"不行"}`, nil, fault.KindConflict, "不行"},
		{"down by code", 200, `{"code":503}`, nil, fault.KindUnavailable, ""},
		{"down", 502, `Bad Gateway`, nil, fault.KindUnavailable, ""},
		{"too many", 429, ``, nil, fault.KindUnavailable, ""},
		{"a redirect", 302, ``, nil, fault.KindUnavailable, ""},
		{"our question is wrong", 400, `oops`, nil, fault.KindInternal, ""},
		{"no JSON", 200, `<html>`, nil, fault.KindUnavailable, ""},
		{"nothing", 200, ``, nil, fault.KindUnavailable, ""},
		{"a member is missing", 200, `{"code":0,"data":{"fee":1,"d":"20260526","ts":1}}`, nil, fault.KindUnavailable, ""},
		{"a list is a text", 200, strings.Replace(good, `[{"n":" 城西 ","free":3.0},{"n":"城东","free":"4"}]`, `"x"`, 1), nil, fault.KindUnavailable, ""},
		{"half a fen", 200, strings.Replace(good, `"¥12.5"`, `0.005`, 1), nil, fault.KindUnavailable, ""},
		{"a member twice", 200, `{"code":0,"code":1}`, nil, fault.KindUnavailable, ""},
		{"two megabytes", 200, `{"code":0,"x":"` + strings.Repeat("x", 2<<20) + `"}`, nil, fault.KindUnavailable, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := driver(t, says(c.status, c.body)).Ask(t.Context(), office.Question{Call: "lots.find", With: map[string]any{"plate": "浙A12345"}})
			if d := cmp.Diff(c.want, got); d != "" || fault.KindOf(err) != c.kind {
				t.Errorf("%v %s", err, d)
			}
			if c.public != "" && fault.Of(err).Public != c.public {
				t.Errorf("the resident reads %q", fault.Of(err).Public)
			}
			if err != nil && (strings.Contains(err.Error(), "s3cret") || strings.Contains(err.Error(), "浙A12345")) {
				t.Errorf("the error tells too much: %v", err)
			}
		})
	}
}

// An answer that would keep an expression busy is cut off by its cost or by the office's time limit.
func TestCostIsBounded(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(says(200, `{"l":[`+strings.Repeat("1,", 3000)+`1]}`))
	defer s.Close()
	d, err := mapped.New(mapped.Config{Name: "x", URL: s.URL, Calls: map[string]mapped.Call{
		"x": {Path: "/", Gives: map[string]string{"n": "body.l.map(a, body.l.map(b, body.l.map(c, a + b + c)))"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if _, err := d.Ask(t.Context(), office.Question{Call: "x", With: map[string]any{}}); !fault.Is(err, fault.KindUnavailable) {
		t.Error(err)
	}
}

func TestConfigurationIsChecked(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]mapped.Call{
		"a name nobody has": {Path: "/", Gives: map[string]string{"x": "answer.x"}},
		"no expression":     {Path: "/", Gives: map[string]string{"x": "1 +"}},
		"an empty one":      {Path: "/", Gives: map[string]string{"x": ""}},
		"body in a path":    {Path: "/{body.x}"},
		"half a brace":      {Path: "/{with.x"},
		"elsewhere":         {Path: "https://elsewhere/"},
		"a query":           {Path: "/?a=1"},
		"GET with a body":   {Path: "/", Method: "GET", Body: "with"},
		"a method":          {Path: "/", Method: "TRACE"},
		"body and form":     {Path: "/", Body: "with", Form: map[string]string{"a": "1"}},
		"refused when":      {Path: "/", Refused: &mapped.Refused{Reason: "'x'"}},
		"endless":           {Path: "/", Gives: map[string]string{"x": strings.Repeat("1+", 2000) + "1"}},
	} {
		if _, err := mapped.New(mapped.Config{Name: "x", URL: "http://127.0.0.1", Calls: map[string]mapped.Call{"call": c}}); err == nil || !strings.Contains(err.Error(), "calls.call") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, u := range []string{"", "x", "http://a/?b", "http://a/#b"} {
		if _, err := mapped.New(mapped.Config{Name: "x", URL: u, Calls: calls}); err == nil {
			t.Errorf("taken: %q", u)
		}
	}
	if _, err := mapped.New(mapped.Config{Name: "x", URL: "http://127.0.0.1"}); err == nil {
		t.Error("no calls")
	}
}

// FuzzAnswer: whatever a back end answers is data, a refusal, no answer or a mistake; never a panic, and never the answer in the error.
func FuzzAnswer(f *testing.F) {
	f.Add(200, `{"code":0,"data":{"fee":"1","d":"20260526","ts":1,"list":[]}}`)
	f.Add(404, `null`)
	f.Add(200, `{"code":"x","msg":[1]}`)
	var status int
	var body string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	f.Cleanup(s.Close)
	d, err := mapped.New(mapped.Config{Name: "x", URL: s.URL, Calls: calls})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, st int, b string) {
		if st < 200 || st > 599 {
			return
		}
		status, body = st, b
		_, err := d.Ask(t.Context(), office.Question{Call: "lots.find", With: map[string]any{"plate": "x"}})
		var no *office.Misunderstood
		if err != nil && fault.Of(err) == nil && !errors.As(err, &no) {
			t.Fatal(fmt.Sprint(err))
		}
	})
}
