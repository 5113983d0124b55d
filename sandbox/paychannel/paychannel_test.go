package paychannel_test

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zhijian/ground/clock"
	"zhijian/sandbox/paychannel"
)

var morning = time.Date(2026, 11, 23, 10, 0, 0, 0, clock.Shanghai)

// shop is a channel and a merchant that signs by hand, so that it can sign wrongly.
type shop struct {
	*paychannel.Channel
	m     paychannel.Merchant
	key   *rsa.PrivateKey
	clock *clock.Fixed
	base  string
}

func newShop(t *testing.T, edit func(*paychannel.Config)) *shop {
	t.Helper()
	s := &shop{clock: clock.At(morning)}
	server := httptest.NewUnstartedServer(nil)
	s.base = "http://" + server.Listener.Addr().String()
	cfg := paychannel.Config{Clock: s.clock, BaseURL: s.base, RetryScale: 0.0005}
	if edit != nil {
		edit(&cfg)
	}
	var err error
	if s.Channel, err = paychannel.New(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = s.Channel
	server.Start()
	t.Cleanup(func() { s.Close(); server.Close() })
	s.m = s.Merchant()
	block, _ := pem.Decode([]byte(s.m.PrivateKey))
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	s.key = key.(*rsa.PrivateKey)
	return s
}

// signed is a request's signature in parts, each of which a test may spoil.
type signed struct {
	method, path, body                 string // what is sent
	signMethod, signPath, signBody     string // what is signed; empty is the same
	mchid, serial, nonce, timestamp    string
	scheme, separator, extra, override string
}

func (s *shop) request(method, path, body string) signed {
	return signed{
		method: method, path: path, body: body, mchid: s.m.MchID, serial: s.m.Serial, nonce: rand.Text(),
		timestamp: fmt.Sprint(s.clock.Now().Unix()), scheme: "WECHATPAY2-SHA256-RSA2048", separator: ",",
	}
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func (s *shop) send(t *testing.T, in signed) (int, http.Header, map[string]any) {
	t.Helper()
	message := or(in.signMethod, in.method) + "\n" + or(in.signPath, in.path) + "\n" + in.timestamp + "\n" + in.nonce + "\n" + or(in.signBody, in.body) + "\n"
	sum := sha256.Sum256([]byte(message))
	sig, err := rsa.SignPKCS1v15(nil, s.key, crypto.SHA256, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), in.method, s.base+in.path, strings.NewReader(in.body))
	if err != nil {
		t.Fatal(err)
	}
	parts := []string{
		fmt.Sprintf(`serial_no="%s"`, in.serial), fmt.Sprintf(`mchid="%s"`, in.mchid), fmt.Sprintf(`timestamp="%s"`, in.timestamp),
		fmt.Sprintf(`signature="%s"`, base64.StdEncoding.EncodeToString(sig)), fmt.Sprintf(`nonce_str="%s"`, in.nonce),
	}
	r.Header.Set("Authorization", or(in.override, in.scheme+" "+strings.Join(parts, in.separator)+in.extra))
	if in.override == "none" {
		r.Header.Del("Authorization")
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	s.checkAnswer(t, answer.Header, b)
	var out map[string]any
	if len(b) > 0 {
		if err := json.Unmarshal(b, &out); err != nil {
			t.Fatal(err)
		}
	}
	return answer.StatusCode, answer.Header, out
}

// checkAnswer proves the channel's signature on every answer.
func (s *shop) checkAnswer(t *testing.T, h http.Header, body []byte) {
	t.Helper()
	block, _ := pem.Decode([]byte(s.m.PlatformCertificate))
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	sig, err := base64.StdEncoding.DecodeString(h.Get("Wechatpay-Signature"))
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(h.Get("Wechatpay-Timestamp") + "\n" + h.Get("Wechatpay-Nonce") + "\n" + string(body) + "\n"))
	if err := rsa.VerifyPKCS1v15(cert.PublicKey.(*rsa.PublicKey), crypto.SHA256, sum[:], sig); err != nil || h.Get("Wechatpay-Serial") != s.m.PlatformSerial || h.Get("Request-ID") == "" {
		t.Errorf("an answer is not signed: %v", err)
	}
}

func (s *shop) order(edit func(map[string]any)) string {
	o := map[string]any{
		"appid": s.m.AppID, "mchid": s.m.MchID, "description": "罚款", "out_trade_no": "ORDER-1", "notify_url": "http://127.0.0.1:1/notify",
		"time_expire": "2026-11-23T10:15:00+08:00", "amount": map[string]any{"total": 15000, "currency": "CNY"},
		"scene_info": map[string]any{"payer_client_ip": "127.0.0.1", "h5_info": map[string]any{"type": "Wap", "app_url": "https://city.example/"}},
	}
	if edit != nil {
		edit(o)
	}
	b, _ := json.Marshal(o)
	return string(b)
}

func TestRequestsMustBeSigned(t *testing.T) {
	t.Parallel()
	s := newShop(t, nil)
	const path = "/v3/pay/transactions/h5"
	for _, c := range []struct {
		name   string
		edit   func(*signed)
		status int
	}{
		{"right", func(*signed) {}, 200},
		{"blanks after the commas", func(r *signed) { r.separator = ", " }, 200},
		{"serial in lower case", func(r *signed) { r.serial = strings.ToLower(r.serial) }, 200},
		{"unsigned", func(r *signed) { r.override = "none" }, 401},
		{"garbled", func(r *signed) { r.override = "WECHATPAY2-SHA256-RSA2048 hello" }, 401},
		{"another scheme", func(r *signed) { r.scheme = "Bearer" }, 401},
		{"a part twice", func(r *signed) { r.extra = `,mchid="1"` }, 401},
		{"a part too many", func(r *signed) { r.extra = `,x="1"` }, 401},
		{"another merchant", func(r *signed) { r.mchid = "1900000001" }, 401},
		{"another serial", func(r *signed) { r.serial = strings.Repeat("0", 40) }, 401},
		{"an empty body is signed", func(r *signed) { r.signBody = "\x00" }, 401},
		{"another path is signed", func(r *signed) { r.signPath = "/v3/pay/transactions/native" }, 401},
		{"another method is signed", func(r *signed) { r.signMethod = "GET" }, 401},
		{"301 s old", func(r *signed) { r.timestamp = fmt.Sprint(morning.Add(-301 * time.Second).Unix()) }, 401},
		{"301 s ahead", func(r *signed) { r.timestamp = fmt.Sprint(morning.Add(301 * time.Second).Unix()) }, 401},
		{"300 s old", func(r *signed) { r.timestamp = fmt.Sprint(morning.Add(-300 * time.Second).Unix()) }, 200},
		{"no time", func(r *signed) { r.timestamp = "now" }, 401},
	} {
		in := s.request(http.MethodPost, path, s.order(nil))
		c.edit(&in)
		status, _, out := s.send(t, in)
		if status != c.status || (status == 401 && out["code"] != "SIGN_ERROR") {
			t.Errorf("%s: %d %v", c.name, status, out)
		}
	}
	in := s.request(http.MethodPost, path, s.order(nil))
	if status, _, _ := s.send(t, in); status != 200 {
		t.Errorf("first use of a nonce: %d", status)
	}
	if status, _, out := s.send(t, in); status != 401 || out["code"] != "SIGN_ERROR" {
		t.Errorf("the same request replayed: %d", status)
	}
}

func TestOrdersAreChecked(t *testing.T) {
	t.Parallel()
	s := newShop(t, nil)
	set := func(name string, v any) func(map[string]any) { return func(o map[string]any) { o[name] = v } }
	for i, c := range []struct {
		name, kind string
		edit       func(map[string]any)
		code       string
	}{
		{"h5", "h5", nil, ""},
		{"native", "native", nil, ""},
		{"jsapi", "jsapi", set("payer", map[string]any{"openid": "o1"}), ""},
		{"jsapi without a payer", "jsapi", nil, "PARAM_ERROR"},
		{"no such kind", "carrier-pigeon", nil, "RESOURCE_NOT_EXISTS"},
		{"another app", "h5", set("appid", "wx1"), "APPID_MCHID_NOT_MATCH"},
		{"a short number", "h5", set("out_trade_no", "A-1"), "PARAM_ERROR"},
		{"a number with a blank", "h5", set("out_trade_no", "ORDER 1"), "PARAM_ERROR"},
		{"no description", "h5", set("description", ""), "PARAM_ERROR"},
		{"nothing to pay", "h5", set("amount", map[string]any{"total": 0}), "PARAM_ERROR"},
		{"half a fen", "h5", set("amount", map[string]any{"total": 0.5}), "PARAM_ERROR"},
		{"dollars", "h5", set("amount", map[string]any{"total": 1, "currency": "USD"}), "PARAM_ERROR"},
		{"no scene", "h5", set("scene_info", nil), "PARAM_ERROR"},
		{"expired", "h5", set("time_expire", "2026-11-23T10:00:00+08:00"), "PARAM_ERROR"},
		{"no time", "h5", set("time_expire", "soon"), "PARAM_ERROR"},
		{"notices with a query", "h5", set("notify_url", "http://127.0.0.1/n?a=1"), "PARAM_ERROR"},
		{"notices to the world", "h5", set("notify_url", "https://example.com/n"), "PARAM_ERROR"},
		{"notices to the metadata service", "h5", set("notify_url", "http://169.254.169.254/n"), "PARAM_ERROR"},
		{"notices by another scheme", "h5", set("notify_url", "file:///etc/passwd"), "PARAM_ERROR"},
	} {
		body := s.order(func(o map[string]any) {
			o["out_trade_no"] = fmt.Sprintf("ORDER-%02d", i)
			if c.edit != nil {
				c.edit(o)
			}
		})
		_, _, out := s.send(t, s.request(http.MethodPost, "/v3/pay/transactions/"+c.kind, body))
		if got, _ := out["code"].(string); got != c.code {
			t.Errorf("%s: %v, want %q", c.name, out, c.code)
		}
	}
}

func TestNoticesStayWithTheirOrigin(t *testing.T) {
	t.Parallel()
	s := newShop(t, func(c *paychannel.Config) { c.NotifyOrigin = "http://127.0.0.1:8080" })
	for to, want := range map[string]int{"http://127.0.0.1:8080/n": 200, "http://127.0.0.1:8081/n": 400, "http://localhost:8080/n": 400} {
		body := s.order(func(o map[string]any) { o["notify_url"], o["out_trade_no"] = to, "ORDER-"+to[len(to)-6:len(to)-2] })
		if status, _, out := s.send(t, s.request(http.MethodPost, "/v3/pay/transactions/h5", body)); status != want {
			t.Errorf("%s: %d %v", to, status, out)
		}
	}
	_, err := paychannel.New(t.Context(), paychannel.Config{Clock: s.clock, BaseURL: s.base, NotifyOrigin: "https://example.com"})
	if err == nil {
		t.Error("an origin outside loopback was taken")
	}
}

func TestCashierIsNoOpenRedirector(t *testing.T) {
	t.Parallel()
	s := newShop(t, nil)
	_, _, out := s.send(t, s.request(http.MethodPost, "/v3/pay/transactions/h5", s.order(nil)))
	page := out["h5_url"].(string)
	for back, want := range map[string]int{
		"": 200, "http://127.0.0.1:8080/x?y=1": 200, "https://city.example/paid": 200, "https://evil.example/": 400, "javascript:alert(1)": 400,
		"//evil.example/": 400, "http://user@127.0.0.1/": 400, `http://127.0.0.1\@evil.example/`: 400,
	} {
		answer, err := http.Get(page + "&redirect_url=" + strings.NewReplacer("\\", "%5C", "?", "%3F", "&", "%26", "=", "%3D").Replace(back))
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		if err != nil || answer.StatusCode != want || strings.Contains(string(b), "<form") != (want == 200) {
			t.Errorf("%q: %d", back, answer.StatusCode)
		}
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.base+"/cashier", strings.NewReader("action=pay&prepay_id=x"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusForbidden {
		t.Errorf("another site's form: %d", answer.StatusCode)
	}
}

func TestKeysAreKept(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "keys")
	first := newShop(t, func(c *paychannel.Config) { c.Dir = dir })
	again := newShop(t, func(c *paychannel.Config) { c.Dir = dir })
	if d := cmp.Diff(first.m, again.m); d != "" {
		t.Error("a second start has other keys")
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 3 {
		t.Fatalf("%d files, %v", len(entries), err)
	}
	for _, e := range entries {
		if info, err := e.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", e.Name(), info.Mode(), err)
		}
	}
	if s := fmt.Sprintf("%v %+v %s", first.m, first.m, first.m); strings.Contains(s, "PRIVATE") || strings.Contains(s, first.m.APIv3Key) {
		t.Error("the merchant's keys print themselves")
	}
	if err := os.WriteFile(filepath.Join(dir, "merchant.pem"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := paychannel.New(context.Background(), paychannel.Config{Clock: first.clock, BaseURL: first.base, Dir: dir}); err == nil {
		t.Error("a broken key file was taken")
	}
}
