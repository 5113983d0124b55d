package office_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/outside/office"
)

var morning = time.Date(2026, 11, 23, 10, 32, 0, 0, clock.Shanghai)

// bench is one office whose answers the test decides.
type bench struct {
	*office.Client
	clock *clock.Fixed
	calls atomic.Int64
	reply atomic.Pointer[func(http.ResponseWriter, *http.Request)]
}

func newBench(t *testing.T, o office.Office) *bench {
	t.Helper()
	b := &bench{clock: clock.At(morning)}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b.calls.Add(1)
		(*b.reply.Load())(w, r)
	}))
	o.URL = s.URL
	if o.Timeout == 0 {
		o.Timeout = 2 * time.Second
	}
	var err error
	if b.Client, err = office.New(office.Config{Offices: map[string]office.Office{"traffic": o}, Clock: b.clock}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close(); s.Close() })
	b.says(200, `{"data":{}}`)
	return b
}

func (b *bench) answers(f func(http.ResponseWriter, *http.Request)) { b.reply.Store(&f) }

func (b *bench) says(status int, body string) {
	b.answers(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	})
}

// hang waits until the asker gives up; a server notices that only when it has read the question.
func hang(r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	<-r.Context().Done()
}

func (b *bench) ask(t *testing.T) error {
	t.Helper()
	_, err := b.Call(t.Context(), "traffic", "violations.find", "", map[string]any{"plate": "浙A12345"})
	return err
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("[", 40) + strings.Repeat("]", 40)
	for _, c := range []struct {
		name   string
		status int
		body   string
		kind   fault.Kind
		code   string
	}{
		{"data", 200, `{"data":{"known":true}}`, "", ""},
		{"refused", 422, `{"refused":{"code":"settled","reason":"这条违法已经处理过了"}}`, fault.KindConflict, "office.refused"},
		{"refused without a sentence", 422, `{"refused":{}}`, fault.KindConflict, "office.refused"},
		{"refused without a refusal", 422, `{}`, fault.KindUnavailable, "office.down"},
		{"down", 503, `{}`, fault.KindUnavailable, "office.down"},
		{"too many", 429, `{}`, fault.KindUnavailable, "office.down"},
		{"redirect", 302, ``, fault.KindUnavailable, "office.down"},
		{"unknown call", 404, `{}`, fault.KindInternal, ""},
		{"bad question", 400, `{}`, fault.KindInternal, ""},
		{"no JSON", 200, `<html>`, fault.KindUnavailable, "office.down"},
		{"no data", 200, `{"result":{}}`, fault.KindUnavailable, "office.down"},
		{"data is a list", 200, `{"data":[]}`, fault.KindUnavailable, "office.down"},
		{"data twice", 200, `{"data":{},"data":{"known":true}}`, fault.KindUnavailable, "office.down"},
		{"data twice in two cases", 200, `{"data":{},"DATA":{}}`, fault.KindUnavailable, "office.down"},
		{"something after the end", 200, `{"data":{}} {}`, fault.KindUnavailable, "office.down"},
		{"too deep", 200, `{"data":{"a":` + deep + `}}`, fault.KindUnavailable, "office.down"},
		{"no UTF-8", 200, "{\"data\":{\"a\":\"\xff\"}}", fault.KindUnavailable, "office.down"},
		{"a NUL", 200, `{"data":{"a":"\u0000"}}`, fault.KindUnavailable, "office.down"},
		{"a number beyond all bounds", 200, `{"data":{"a":1e999}}`, fault.KindUnavailable, "office.down"},
		{"two megabytes", 200, `{"data":{"a":"` + strings.Repeat("x", 2<<20) + `"}}`, fault.KindUnavailable, "office.down"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, office.Office{})
			b.says(c.status, c.body)
			err := b.ask(t)
			if fault.KindOf(err) != c.kind || (c.code != "" && fault.Of(err).Code != c.code) {
				t.Errorf("%v, want %s %s", err, c.kind, c.code)
			}
			if f := fault.Of(err); f != nil && (f.Public == "" || strings.ContainsAny(f.Public, "abcdefghijklmnopqrstuvwxyz0123456789!！")) {
				t.Errorf("the resident reads %q", f.Public)
			}
			if err != nil && strings.Contains(err.Error(), "浙A12345") {
				t.Errorf("the error has the plate: %v", err)
			}
		})
	}
}

func TestRefusalCarriesTheOfficesSentence(t *testing.T) {
	t.Parallel()
	b := newBench(t, office.Office{})
	b.says(422, `{"refused":{"code":"amount","reason":" 缴款金额\n与处罚决定的金额不一致 "}}`)
	err := b.ask(t)
	var no *office.Refusal
	if !errors.As(err, &no) || no.Code != "amount" || fault.Of(err).Public != "缴款金额 与处罚决定的金额不一致" {
		t.Errorf("%v", err)
	}
	b.says(422, `{"refused":{"code":"x","reason":"`+strings.Repeat("长", 500)+`"}}`)
	if got := []rune(fault.Of(b.ask(t)).Public); len(got) != 120 {
		t.Errorf("a sentence of %d characters", len(got))
	}
}

func TestNumbersStayWhole(t *testing.T) {
	t.Parallel()
	b := newBench(t, office.Office{})
	b.says(200, `{"data":{"fine":15000,"big":9007199254740993,"half":0.5,"items":[{"points":3}],"none":null,"ok":true,"text":"a"}}`)
	got, err := b.Call(t.Context(), "traffic", "x", "", nil)
	want := map[string]any{
		"fine": int64(15000), "big": int64(9007199254740993), "half": 0.5, "items": []any{map[string]any{"points": int64(3)}},
		"none": nil, "ok": true, "text": "a",
	}
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Errorf("%v %s", err, d)
	}
}

func TestWhatIsSent(t *testing.T) {
	t.Parallel()
	b := newBench(t, office.Office{})
	b.answers(func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprintf(w, `{"data":{"path":%q,"key":%q,"type":%q}}`, r.URL.EscapedPath(), r.Header.Get("Idempotency-Key"), r.Header.Get("Content-Type"))
	})
	got, err := b.Call(t.Context(), "traffic", "violations.settle", "7K2Q/settlement/1", map[string]any{})
	want := map[string]any{"path": "/calls/violations.settle", "key": "7K2Q/settlement/1", "type": "application/json"}
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Errorf("%v %s", err, d)
	}
	got, err = b.Call(t.Context(), "traffic", "a/../../b?c", "", map[string]any{})
	if err != nil || got["path"] != "/calls/a%2F..%2F..%2Fb%3Fc" {
		t.Errorf("a call's name left its place: %v %v", got, err)
	}
	if _, err := b.Call(t.Context(), "nowhere", "x", "", nil); fault.KindOf(err) != fault.KindInternal {
		t.Errorf("an office nobody configured: %v", err)
	}
	if _, err := b.Call(t.Context(), "traffic", "x", "", map[string]any{"f": func() {}}); fault.KindOf(err) != fault.KindInternal {
		t.Errorf("a question that is no JSON: %v", err)
	}
}

func TestBreakerOpensAfterFiveInARow(t *testing.T) {
	t.Parallel()
	b := newBench(t, office.Office{HalfOpen: 10 * time.Second})
	b.says(503, `{}`)
	for i := range 5 {
		if _, down := b.Down("traffic"); down {
			t.Fatalf("down after %d failures", i)
		}
		if err := b.ask(t); !fault.Is(err, fault.KindUnavailable) {
			t.Fatal(err)
		}
		b.clock.Advance(time.Second)
	}
	since, down := b.Down("traffic")
	if !down || !since.Equal(morning) {
		t.Errorf("down %v since %v", down, since)
	}
	err := b.ask(t)
	if b.calls.Load() != 5 || !fault.Is(err, fault.KindUnavailable) || fault.Of(err).RetryAfter != 9*time.Second {
		t.Errorf("%d calls, %v after %v", b.calls.Load(), err, fault.Of(err).RetryAfter)
	}
	// Half open: one question tries and fails, and the waiting begins again.
	b.clock.Advance(9 * time.Second)
	_ = b.ask(t)
	_ = b.ask(t)
	if b.calls.Load() != 6 {
		t.Errorf("%d calls while half open", b.calls.Load())
	}
	if since, _ := b.Down("traffic"); !since.Equal(morning) {
		t.Errorf("since %v", since)
	}
	// The office is back: the next try closes the breaker for all.
	b.says(200, `{"data":{}}`)
	b.clock.Advance(10 * time.Second)
	for range 3 {
		if err := b.ask(t); err != nil {
			t.Error(err)
		}
	}
	if _, down := b.Down("traffic"); down {
		t.Error("still down")
	}
}

func TestBreakerOpensAtHalfOfTwenty(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		bad  func(i int) bool
		step time.Duration
		down bool
	}{
		{"every second fails", func(i int) bool { return i%2 == 1 }, time.Second, true},
		{"every third fails", func(i int) bool { return i%3 == 2 }, time.Second, false},
		{"every second fails, but over many minutes", func(i int) bool { return i%2 == 1 }, 10 * time.Second, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, office.Office{})
			for i := range 20 {
				b.says(200, `{"data":{}}`)
				if c.bad(i) {
					b.says(500, `{}`)
				}
				_ = b.ask(t)
				b.clock.Advance(c.step)
			}
			if _, down := b.Down("traffic"); down != c.down {
				t.Errorf("down %v", down)
			}
		})
	}
}

func TestRefusalsAndMistakesDoNotOpenTheBreaker(t *testing.T) {
	t.Parallel()
	b := newBench(t, office.Office{})
	for _, status := range []int{422, 404} {
		b.says(status, `{"refused":{"code":"x","reason":"不行"}}`)
		for range 30 {
			_ = b.ask(t)
		}
	}
	if _, down := b.Down("traffic"); down {
		t.Error("an office that says no is not down")
	}
}

func TestAskersWhoLeaveDoNotOpenTheBreaker(t *testing.T) {
	t.Parallel()
	b := newBench(t, office.Office{})
	arrived := make(chan struct{})
	b.answers(func(_ http.ResponseWriter, r *http.Request) {
		arrived <- struct{}{}
		hang(r)
	})
	for range 8 {
		ctx, cancel := context.WithCancel(t.Context())
		go func() { <-arrived; cancel() }()
		if _, err := b.Call(ctx, "traffic", "x", "", nil); !fault.Is(err, fault.KindUnavailable) {
			t.Fatal(err)
		}
	}
	if _, down := b.Down("traffic"); down {
		t.Error("eight residents closed the page, and the office counts as down")
	}
}

func TestTimeoutIsDown(t *testing.T) {
	t.Parallel()
	b := newBench(t, office.Office{Timeout: 60 * time.Millisecond})
	b.answers(func(_ http.ResponseWriter, r *http.Request) { hang(r) })
	if err := b.ask(t); !fault.Is(err, fault.KindUnavailable) {
		t.Errorf("%v", err)
	}
}

// TestOneBadOfficeHarmsOnlyItself hangs one office and asks another (R16).
func TestOneBadOfficeHarmsOnlyItself(t *testing.T) {
	t.Parallel()
	bad := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { hang(r) }))
	good := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"data":{}}`)) }))
	c, err := office.New(office.Config{Clock: clock.At(morning), Offices: map[string]office.Office{
		"bad": {URL: bad.URL, InFlight: 2, Timeout: 300 * time.Millisecond}, "good": {URL: good.URL},
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(); bad.Close(); good.Close() })
	done := make(chan error, 20)
	for range 20 {
		go func() {
			_, err := c.Call(context.WithoutCancel(t.Context()), "bad", "x", "", nil)
			done <- err
		}()
	}
	for range 50 {
		if _, err := c.Call(t.Context(), "good", "x", "", nil); err != nil {
			t.Fatalf("the good office: %v", err)
		}
	}
	for range 20 {
		if err := <-done; !fault.Is(err, fault.KindUnavailable) {
			t.Errorf("the bad office: %v", err)
		}
	}
	if _, down := c.Down("good"); down {
		t.Error("the good office counts as down")
	}
}

func TestCache(t *testing.T) {
	t.Parallel()
	b := newBench(t, office.Office{Cache: map[string]time.Duration{"forecast": time.Minute}, Stale: time.Hour})
	ask := func(region, key string) map[string]any {
		t.Helper()
		got, err := b.Call(t.Context(), "traffic", "forecast", key, map[string]any{"region": region})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	b.says(200, `{"data":{"list":[{"n":1}]}}`)
	first := ask("330100", "")
	if first["as_of"] != "2026-11-23T10:32:00+08:00" {
		t.Errorf("as of %v", first["as_of"])
	}
	first["list"].([]any)[0].(map[string]any)["n"] = "spoiled"
	if d := cmp.Diff([]any{map[string]any{"n": int64(1)}}, ask("330100", "")["list"]); d != "" || b.calls.Load() != 1 {
		t.Errorf("%d calls, %s", b.calls.Load(), d)
	}
	ask("330200", "")
	ask("330100", "an act is never cached")
	if b.calls.Load() != 3 {
		t.Errorf("%d calls", b.calls.Load())
	}
	b.clock.Advance(61 * time.Second)
	b.says(503, `{}`)
	if old := ask("330100", ""); old["as_of"] != "2026-11-23T10:32:00+08:00" || b.calls.Load() != 4 {
		t.Errorf("while down: %v after %d calls", old, b.calls.Load())
	}
	b.clock.Advance(time.Hour)
	if _, err := b.Call(t.Context(), "traffic", "forecast", "", map[string]any{"region": "330100"}); !fault.Is(err, fault.KindUnavailable) {
		t.Errorf("too old to give: %v", err)
	}
	b.says(200, `{"data":{"as_of":"2026-11-23T10:00:00+08:00"}}`)
	if got := ask("330100", ""); got["as_of"] != "2026-11-23T10:00:00+08:00" {
		t.Errorf("the office's own time is kept: %v", got)
	}
}

func TestConfigurationIsChecked(t *testing.T) {
	t.Parallel()
	for _, u := range []string{"not a url", "http://", "http://x/?a=1", "http://x/#a", "http://%zz"} {
		if _, err := office.New(office.Config{Clock: clock.At(morning), Offices: map[string]office.Office{"x": {URL: u}}}); err == nil {
			t.Errorf("taken: %q", u)
		}
	}
	if _, err := office.New(office.Config{}); err == nil {
		t.Error("no clock")
	}
	c, err := office.New(office.Config{Clock: clock.At(morning), Offices: map[string]office.Office{"x": {}}})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.Call(t.Context(), "x", "call", "", nil); !fault.Is(err, fault.KindUnavailable) {
		t.Errorf("an office that is not connected: %v", err)
	}
	if _, down := c.Down("x"); !down {
		t.Error("an office that is not connected is not down")
	}
}
