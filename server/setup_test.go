package server_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/pquerna/otp/totp"

	"zhijian/ground/clock"
	"zhijian/testkit/house"
	"zhijian/testkit/walk"
)

// TestSetupLink enrols the first operator of an empty house through the link it prints (security.md T79).
func TestSetupLink(t *testing.T) {
	t.Parallel()
	h := house.Empty(t, "")
	link, err := h.SetupLink(t.Context())
	if err != nil || !strings.HasPrefix(link, h.Origin()+"/console/setup?token=") {
		t.Fatalf("%q, %v", link, err)
	}
	w := walk.New(h.Origin(), nil)
	open := func(at string, want int) {
		t.Helper()
		if err := w.Get(t.Context(), at); err != nil || w.Page.Status != want {
			t.Fatalf("%s: %d, want %d, %v", at, w.Page.Status, want, err)
		}
	}
	path := strings.TrimPrefix(link, h.Origin())
	open("/console/setup", http.StatusNotFound)
	open("/console/setup?token="+strings.Repeat("0", 64), http.StatusNotFound)
	open(path, http.StatusOK)
	key := regexp.MustCompile(`<code>([A-Z2-7]{32})</code>`).FindStringSubmatch(string(w.Page.Body))
	if key == nil || !strings.Contains(string(w.Page.Body), `src="data:image/png;base64,`) {
		t.Fatalf("the key is not shown: %s", w.Page.Text)
	}
	code := func() string {
		c, err := totp.GenerateCode(key[1], (&clock.System{}).Now())
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	send := func(set map[string]string, want int) {
		t.Helper()
		if err := w.Submit(t.Context(), set); err != nil || w.Page.Status != want {
			t.Fatalf("%d, want %d, %v: %s", w.Page.Status, want, err, w.Page.Text)
		}
	}
	const password = "the first of many operators"
	send(map[string]string{"user": "boss", "name": "王管", "password": "short", "totp": code()}, http.StatusUnprocessableEntity)
	if !strings.Contains(w.Page.Text, "至少 15 个字符") || strings.Contains(string(w.Page.Body), "short") {
		t.Errorf("a short password: %s", w.Page.Text)
	}
	send(map[string]string{"user": "boss", "name": "王管", "password": password, "totp": code()}, http.StatusOK)
	open(path, http.StatusNotFound)
	if again, err := h.SetupLink(t.Context()); err != nil || again != "" {
		t.Errorf("a second link: %q, %v", again, err)
	}
	open("/console/login", http.StatusOK)
	send(map[string]string{"user": "boss", "password": password, "totp": code()}, http.StatusOK)
	if w.Page.URL.Path != "/console" {
		t.Errorf("the operator is at %s: %s", w.Page.URL.Path, w.Page.Text)
	}
}

// The page is for the machine itself: neither behind a proxy nor under a name that a stranger points at it.
func TestSetupIsLocal(t *testing.T) {
	t.Parallel()
	h := house.Empty(t, "https://city.example")
	link, err := h.SetupLink(t.Context())
	if err != nil || !strings.HasPrefix(link, "http://127.0.0.1:") {
		t.Fatalf("%q, %v", link, err)
	}
	u, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	for host, want := range map[string]int{u.Host: http.StatusOK, "city.example": http.StatusNotFound, "rebound.example": http.StatusNotFound, "localhost": http.StatusOK} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			req, err := http.NewRequestWithContext(t.Context(), method, link, strings.NewReader("token="+u.Query().Get("token")+"&user=x"))
			if err != nil {
				t.Fatal(err)
			}
			req.Host = host
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			req.Header.Set("Sec-Fetch-Site", "same-origin")
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			_ = res.Body.Close()
			if method == http.MethodPost && want == http.StatusOK {
				want = http.StatusUnprocessableEntity
			}
			if res.StatusCode != want {
				t.Errorf("%s as %s: %d, want %d", method, host, res.StatusCode, want)
			}
		}
	}
}
