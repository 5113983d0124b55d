package server_test

import (
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"zhijian/door"
	"zhijian/server"
	"zhijian/testkit/house"
	"zhijian/testkit/walk"
)

// thief is somebody with a browser whose cookies and tokens can be used outside of it.
type thief struct {
	person
	tap *tap
}

// tap notes the cookies that a browser sends.
type tap struct{ cookies string }

func (p *tap) RoundTrip(r *http.Request) (*http.Response, error) {
	if c := r.Header.Get("Cookie"); c != "" {
		p.cookies = c
	}
	return http.DefaultTransport.RoundTrip(r)
}

func tapped(t *testing.T, h *house.House) thief {
	t.Helper()
	p := &tap{}
	return thief{person{walk.New(h.Ready.BaseURL, p), t, h}, p}
}

func tappedResident(t *testing.T, h *house.House, r server.ResidentLogin) thief {
	t.Helper()
	p := tapped(t, h)
	if err := p.SignIn(t.Context(), h.Ready.Sandbox["sms"], r.Phone); err != nil {
		t.Fatal(err)
	}
	p.open("/me/settings")
	return p
}

// token is the form token of the page that is open, of whichever form.
func (p thief) token() string {
	p.t.Helper()
	found := tokens.FindSubmatch(p.Page.Body)
	if len(found) != 2 {
		p.t.Fatalf("%s has no form with a token", p.Page.URL.Path)
	}
	return string(found[1])
}

// reply is one answer, not followed.
type reply struct {
	status int
	to     string // Location
	body   string
}

// raw sends a request with the browser's cookies and nothing else of it.
func (p thief) raw(method, path string, form url.Values, head ...string) reply {
	p.t.Helper()
	var body io.Reader
	if method != http.MethodGet {
		body = strings.NewReader(form.Encode())
	}
	req, err := http.NewRequestWithContext(p.t.Context(), method, p.h.Ready.BaseURL+path, body)
	if err != nil {
		p.t.Fatal(err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if p.tap.cookies != "" {
		req.Header.Set("Cookie", p.tap.cookies)
	}
	for i := 0; i+1 < len(head); i += 2 {
		req.Header.Set(head[i], head[i+1])
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return reply{res.StatusCode, res.Header.Get("Location"), string(text)}
}

var (
	tokens  = regexp.MustCompile(`name="_token" value="([^"]*)"`)
	keys    = regexp.MustCompile(`name="_key" value="[^"]*"`)
	numbers = regexp.MustCompile(`E-[0-9A-F]{4}`)
)

// plain is an answer without what differs from page to page by chance, and without the given words.
func (r reply) plain(words ...string) reply {
	cut := func(s string) string {
		s = numbers.ReplaceAllString(keys.ReplaceAllString(tokens.ReplaceAllString(s, "token"), "key"), "E-")
		for _, w := range words {
			for _, form := range []string{w, url.QueryEscape(w), url.PathEscape(w), url.QueryEscape(url.QueryEscape(w))} {
				s = strings.ReplaceAll(s, form, "~")
			}
		}
		return s
	}
	return reply{r.status, cut(r.to), cut(r.body)}
}

// filled gives a route's path with its parts filled in.
func filled(r door.Route, no, step string) string {
	path := strings.NewReplacer("{no}", no, "{step}", step, "{slug}", "hangzhou", "{id}", "traffic-fine-payment", "{alias}", "hzjj", "{$}", "", "{file}", "zj.css", "{pool}", "320500-h1", "{verb}", "arrive").Replace(r.Path)
	return path
}

// sendsForm reports a route that takes a form from a page.
func sendsForm(r door.Route) bool {
	return r.Method == http.MethodPost && r.Takes == door.TakesForm
}
