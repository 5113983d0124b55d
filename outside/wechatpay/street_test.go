package wechatpay_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"sync"
	"testing"
	"time"

	"zhijian/domain/payment"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/ground/money"
	"zhijian/ground/seal"
	"zhijian/outside/wechatpay"
	"zhijian/sandbox/paychannel"
)

var morning = time.Date(2026, 11, 23, 10, 0, 0, 0, clock.Shanghai)

// keys is a folder with the channel's keys, made once: RSA keys cost more than all tests together.
var keys string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "paychannel")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(dir)
		c, err := paychannel.New(context.Background(), paychannel.Config{Clock: clock.At(morning), BaseURL: "http://127.0.0.1:1", Dir: dir})
		if err != nil {
			panic(err)
		}
		c.Close()
		keys = dir
		return m.Run()
	}())
}

// street is a payment channel, a merchant's client for it, and the merchant's door for notices.
type street struct {
	*paychannel.Channel
	client *wechatpay.Client
	clock  *clock.Fixed
	base   string
	got    chan payment.Notice

	mu    sync.Mutex
	fail  int // how many notices the door still answers with 500
	calls int
	seen  map[string]int // notices by id
}

type option struct {
	pin   bool
	front func(http.Handler) http.Handler // stands before the channel
}

func newStreet(t *testing.T, o option) *street {
	t.Helper()
	s := &street{clock: clock.At(morning), got: make(chan payment.Notice, 200), seen: map[string]int{}}
	server := httptest.NewUnstartedServer(nil)
	s.base = "http://" + server.Listener.Addr().String()
	var err error
	s.Channel, err = paychannel.New(t.Context(), paychannel.Config{Clock: s.clock, BaseURL: s.base, RetryScale: 0.0005, Dir: keys})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = s.Channel
	if o.front != nil {
		server.Config.Handler = o.front(s.Channel)
	}
	server.Start()
	door := httptest.NewServer(http.HandlerFunc(s.door))
	m := s.Merchant()
	cfg := wechatpay.Config{
		BaseURL: s.base, MchID: m.MchID, AppID: m.AppID, Serial: m.Serial, PrivateKey: seal.Plain(m.PrivateKey), APIv3Key: seal.Plain(m.APIv3Key),
		NotifyURL: door.URL + "/notify", SiteName: "指尖", SiteURL: door.URL, Clock: s.clock, Timeout: 30 * time.Second,
	}
	if o.pin {
		cfg.Pinned = []string{m.PlatformCertificate}
	}
	if s.client, err = wechatpay.New(cfg); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.Channel.Close()
		s.client.Release()
		server.Close()
		door.Close()
	})
	return s
}

// door opens notices as the house will.
func (s *street) door(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	s.calls++
	failing := s.fail > 0
	if failing {
		s.fail--
	}
	s.mu.Unlock()
	if failing {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	n, err := s.client.Open(r.Context(), r.Header, body)
	switch {
	case fault.Is(err, fault.KindDenied):
		w.WriteHeader(http.StatusUnauthorized)
	case err != nil:
		w.WriteHeader(http.StatusInternalServerError)
	default:
		s.mu.Lock()
		s.seen[n.ID]++
		s.mu.Unlock()
		s.got <- n
		w.WriteHeader(http.StatusNoContent)
	}
}

func (s *street) notice(t *testing.T) payment.Notice {
	t.Helper()
	select {
	case n := <-s.got:
		return n
	case <-time.After(2 * time.Minute):
		t.Fatal("no notice came")
		panic("unreachable")
	}
}

// until waits for a condition of the channel's own counts.
func (s *street) until(t *testing.T, what string, ok func(paychannel.Sums) bool) {
	t.Helper()
	deadline := time.Now().Add(2 * time.Minute)
	for !ok(s.Sums()) {
		if time.Now().After(deadline) {
			t.Fatalf("%s: %+v", what, s.Sums())
		}
		<-time.After(5 * time.Millisecond)
	}
}

func order(no string, amount money.Fen) payment.ChannelOrder {
	return payment.ChannelOrder{
		No: no, About: "交通违法罚款（演示）", Amount: amount, Expires: morning.Add(15 * time.Minute),
		ReturnTo: "http://127.0.0.1:8080/cases/7K2Q/paid?x=1", ClientIP: "127.0.0.1",
	}
}

// paid orders and pays in one go, and swallows nothing.
func (s *street) paid(t *testing.T, no string, amount money.Fen) {
	t.Helper()
	if _, err := s.client.Order(t.Context(), order(no, amount)); err != nil {
		t.Fatal(err)
	}
	if state, _ := s.Pay(no); state != "SUCCESS" {
		t.Fatalf("pay %s: %s", no, state)
	}
}

func refundOf(no string, amount money.Fen) payment.ChannelRefund {
	return payment.ChannelRefund{No: no, RefundNo: "R" + no, Amount: amount, Total: amount, Reason: "office refused"}
}

// cashier does what a person does on the page to pay on, without following the way back.
func cashier(t *testing.T, page, action string) (status int, back string) {
	t.Helper()
	u, err := url.Parse(page)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	look, err := client.Get(page)
	if err != nil {
		t.Fatal(err)
	}
	html, err := io.ReadAll(look.Body)
	_ = look.Body.Close()
	if err != nil || !bytes.Contains(html, []byte("演示")) {
		t.Fatalf("cashier page: %d %v", look.StatusCode, err)
	}
	if look.StatusCode != http.StatusOK {
		return look.StatusCode, ""
	}
	r, err := client.PostForm("http://"+u.Host+"/cashier", url.Values{
		"prepay_id": {q.Get("prepay_id")}, "redirect_url": {q.Get("redirect_url")}, "action": {action},
	})
	if err != nil {
		t.Fatal(err)
	}
	_ = r.Body.Close()
	return r.StatusCode, r.Header.Get("Location")
}

func postJSON(t *testing.T, to string, v any) (int, map[string]any) {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), http.MethodPost, to, bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var out map[string]any
	if err := json.NewDecoder(answer.Body).Decode(&out); err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, out
}
