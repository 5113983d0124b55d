package check_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"zhijian/catalog"
	"zhijian/domain/cases"
	"zhijian/domain/identity"
	"zhijian/domain/region"
	"zhijian/door"
	"zhijian/ground/actor"
	"zhijian/ground/fault"
	"zhijian/testkit"
	"zhijian/web/check"
	"zhijian/web/frame"
	"zhijian/web/words"
)

// files stands for the built assets.
type files struct{}

func (files) URL(name string) string { return "/static/" + name }
func (files) CriticalCSS() string    { return "body{margin:0}" }

// desk knows one receipt, and falls over when it is asked for "broken".
type desk struct{}

func (desk) Check(_ context.Context, no, hash string) (cases.Checked, error) {
	switch {
	case no == "broken":
		return cases.Checked{}, errors.New("the database is away")
	case no == "7K2Q" && hash == "0123456789abcdef":
		return cases.Checked{No: "7K2Q9D0M7K2Q9D0MA", Amount: 15000, Payee: "杭州市财政局", PaidAt: testkit.Now()}, nil
	}
	return cases.Checked{}, fault.NotFound("receipt", "没有找到这张票据")
}

func (desk) Unread(context.Context, actor.Actor) (int, error) { return 0, nil }

func (desk) Who(context.Context, string) (identity.Session, identity.Resident, error) {
	return identity.Session{}, identity.Resident{}, fault.Denied("session", "请先登录")
}

func open(t *testing.T) http.Handler {
	t.Helper()
	regions, err := region.Load(catalog.FS)
	must(t, err)
	book, err := words.Open(check.Words())
	must(t, err)
	f, err := frame.New(frame.Config{Regions: regions, Assets: files{}, Unread: desk{}, Words: book, Clock: testkit.Clock(), Demo: true})
	must(t, err)
	c, err := check.New(check.Config{Frame: f, Receipts: desk{}, Key: "c0ffee"})
	must(t, err)
	d, err := door.New(door.Config{
		Origin: "http://127.0.0.1", Clock: testkit.Clock(), Secret: []byte(strings.Repeat("s", 32)), Residents: desk{}, StyleCookie: "v1",
	})
	must(t, err)
	mux := http.NewServeMux()
	must(t, d.Mount(mux, door.Set{Face: f, Routes: c.Routes(), Pages: true}))
	return d.Handler(mux, f)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestPage(t *testing.T) {
	t.Parallel()
	h := open(t)
	for name, c := range map[string]struct {
		path   string
		status int
		says   []string
		not    []string
	}{
		"the form alone":     {"/check", 200, []string{"不用登录", `name="no"`, `name="h"`, `method="get"`, "c0ffee"}, []string{"没有找到", "错误："}},
		"a true one":         {"/check?no=7K2Q&h=0123456789abcdef", 200, []string{"这张票据是真的", "7K2Q 9D0M 7K2Q 9D0M A", "150.00", "杭州市财政局", "2026年5月26日"}, []string{"没有找到"}},
		"in English":         {"/en/check?no=7K2Q&h=0123456789abcdef", 200, []string{"This receipt is true", "26 May 2026", `action="/en/check"`}, []string{"票据"}},
		"not found":          {"/check?no=7K2Q&h=x", 404, []string{"没有找到这张票据", `value="7K2Q"`}, []string{"是真的", "杭州市财政局"}},
		"no hash":            {"/check?no=7K2Q", 422, []string{"错误：", "请填“校验值”", `value="7K2Q"`}, []string{"请填“编号”", "没有找到"}},
		"no number":          {"/check?h=x", 422, []string{"请填“编号”"}, []string{"请填“校验值”"}},
		"script in it":       {"/check?no=%3Cscript%3E&h=%22%3E%3Cb%3E", 404, []string{"&lt;script&gt;"}, []string{"<script>&", "\"><b>"}},
		"a house in trouble": {"/check?no=broken&h=x", 500, nil, []string{"没有找到这张票据", "database"}},
		"very long":          {"/check?no=" + strings.Repeat("7", 3000) + "&h=x", 404, []string{"没有找到"}, []string{strings.Repeat("7", 101)}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := httptest.NewRecorder()
			r := httptest.NewRequest(http.MethodGet, c.path, nil)
			r.Host = "127.0.0.1"
			h.ServeHTTP(w, r)
			body := w.Body.String()
			if w.Code != c.status {
				t.Errorf("status %d, want %d", w.Code, c.status)
			}
			for _, s := range c.says {
				if !strings.Contains(body, s) {
					t.Errorf("does not say %q: %s", s, body)
				}
			}
			for _, s := range c.not {
				if strings.Contains(body, s) {
					t.Errorf("says %q", s)
				}
			}
		})
	}
}

func TestNew(t *testing.T) {
	t.Parallel()
	if _, err := check.New(check.Config{Receipts: desk{}, Key: "c0ffee"}); err == nil {
		t.Error("New without a frame gave no error")
	}
}
