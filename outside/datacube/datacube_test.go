package datacube_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
	"zhijian/outside/datacube"
)

const secret = "5ecre7-of-the-account"

// platform speaks the contract: tokens, spans, codes.
type platform struct {
	mu     sync.Mutex
	tokens int            // issued
	calls  map[string]int // by interface
	code   map[string]int // what an interface answers instead of rows
	forget bool           // the first token is not known any more
	asked  []string       // "interface begin end"
}

var mostDays = map[string]int{"getusersummary": 7, "getusercumulate": 7, "getuserread": 3, "getupstreammsg": 7, "getupstreammsgmonth": 1, "getinterfacesummary": 30}

func (p *platform) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	q := r.URL.Query()
	name := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
	p.calls[name]++
	code := p.code[name]
	switch {
	case code != 0:
	case name == "token" && (r.Method != http.MethodGet || q.Get("grant_type") != "client_credential"):
		code = 40002
	case name == "token" && q.Get("secret") != secret:
		code = 40125
	case name == "token":
		p.tokens++
		fmt.Fprintf(w, `{"access_token":"token-%d","expires_in":7200}`, p.tokens)
		return
	case q.Get("access_token") != fmt.Sprintf("token-%d", p.tokens) || p.forget && p.tokens == 1:
		code = 42001
	}
	if code != 0 {
		fmt.Fprintf(w, `{"errcode":%d,"errmsg":"refused for %s"}`, code, q.Get("secret")+q.Get("access_token"))
		return
	}
	var in struct {
		Begin string `json:"begin_date"`
		End   string `json:"end_date"`
	}
	if json.NewDecoder(r.Body).Decode(&in) != nil {
		fmt.Fprint(w, `{"errcode":47001}`)
		return
	}
	p.asked = append(p.asked, name+" "+in.Begin+" "+in.End)
	begin, err1 := time.Parse(time.DateOnly, in.Begin)
	end, err2 := time.Parse(time.DateOnly, in.End)
	if err1 != nil || err2 != nil || end.Before(begin) || int(end.Sub(begin).Hours()/24)+1 > mostDays[name] {
		fmt.Fprint(w, `{"errcode":61501,"errmsg":"date range error"}`)
		return
	}
	fmt.Fprintf(w, `{"list":[%s]}`, list(name, begin, end))
}

// list gives rows of the first and the twentieth day alone: the platform leaves out what is 0.
func list(name string, begin, end time.Time) string {
	var rows []string
	for d := begin; !d.After(end); d = d.AddDate(0, 0, 1) {
		date := d.Format(time.DateOnly)
		if d.Day() != 1 && d.Day() != 20 {
			continue
		}
		rows = append(rows, map[string]string{
			"getusersummary":      `{"ref_date":"` + date + `","user_source":0,"new_user":3,"cancel_user":1},{"ref_date":"` + date + `","user_source":30,"new_user":2,"cancel_user":0}`,
			"getusercumulate":     fmt.Sprintf(`{"ref_date":"%s","cumulate_user":%d}`, date, 100+d.Day()),
			"getuserread":         fmt.Sprintf(`{"ref_date":"%s","user_source":99999999,"int_page_read_user":%d,"int_page_read_count":50,"ori_page_read_user":4,"ori_page_read_count":5,"share_user":1,"share_count":2,"add_to_fav_user":1,"add_to_fav_count":1},{"ref_date":"%s","user_source":0,"int_page_read_user":7,"int_page_read_count":8}`, date, 20+d.Day(), date),
			"getupstreammsg":      `{"ref_date":"` + date + `","msg_type":1,"msg_user":6,"msg_count":9},{"ref_date":"` + date + `","msg_type":2,"msg_user":4,"msg_count":4}`,
			"getupstreammsgmonth": `{"ref_date":"` + date + `","msg_type":1,"msg_user":11,"msg_count":30},{"ref_date":"` + date + `","msg_type":3,"msg_user":2,"msg_count":2}`,
			"getinterfacesummary": `{"ref_date":"` + date + `","callback_count":70,"fail_count":2,"total_time_cost":900,"max_time_cost":80}`,
		}[name])
	}
	return strings.Join(rows, ",")
}

func opened(t *testing.T, p *platform, change func(*datacube.Config)) *datacube.Client {
	t.Helper()
	p.calls = map[string]int{}
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	cfg := datacube.Config{Base: server.URL, AppID: "wx1", Secret: seal.Plain(secret), Private: true, Clock: clock.At(time.Date(2015, 9, 1, 0, 0, 0, 0, time.UTC))}
	if change != nil {
		change(&cfg)
	}
	c, err := datacube.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func TestRead(t *testing.T) {
	t.Parallel()
	p := &platform{}
	m, err := opened(t, p, nil).Read(t.Context(), "2015-08")
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Days) != 31 || m.Days[0].Date != "2015-08-01" || m.Days[30].Date != "2015-08-31" {
		t.Fatalf("%d days, %v", len(m.Days), m.Days)
	}
	want := datacube.Day{
		Date: "2015-08-20", Follow: 5, Leave: 1, Followers: 120, ReadUsers: 40, Reads: 50, OriginUsers: 4, Originals: 5, Shares: 2, Favourites: 1,
		Writers: 6, Messages: 13, Callbacks: 70, Failures: 2,
	}
	if m.Days[19] != want {
		t.Errorf("%+v\nwant %+v", m.Days[19], want)
	}
	if (m.Days[1] != datacube.Day{Date: "2015-08-02"}) {
		t.Errorf("a day without rows: %+v", m.Days[1])
	}
	if m.Active() != 40 || m.Clicks() != 110 || m.Writers != 11 {
		t.Errorf("at least %d active, %d clicks, %d writers", m.Active(), m.Clicks(), m.Writers)
	}
	if p.tokens != 1 || p.calls["getuserread"] != 11 || p.calls["getusersummary"] != 5 || p.calls["getinterfacesummary"] != 2 || p.calls["getupstreammsgmonth"] != 1 {
		t.Errorf("%d tokens, calls %v", p.tokens, p.calls)
	}
	if got := strings.Join(p.asked, "\n"); !strings.Contains(got, "getuserread 2015-08-31 2015-08-31") || !strings.Contains(got, "getusersummary 2015-08-29 2015-08-31") {
		t.Errorf("the last spans end with the month:\n%s", got)
	}
}

func TestTokenIsRenewedOnce(t *testing.T) {
	t.Parallel()
	p := &platform{forget: true}
	if _, err := opened(t, p, nil).Read(t.Context(), "2015-02"); err != nil || p.tokens != 2 {
		t.Errorf("%d tokens: %v", p.tokens, err)
	}
	for _, code := range []int{40001, 42001} {
		p := &platform{code: map[string]int{"getusersummary": code}}
		_, err := opened(t, p, nil).Read(t.Context(), "2015-02")
		if fault.Of(err) == nil || fault.Of(err).Code != "datacube.token" || p.tokens != 2 || p.calls["getusersummary"] != 2 {
			t.Errorf("%d for ever: %v, %d tokens, %d calls", code, err, p.tokens, p.calls["getusersummary"])
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		code  int
		fault string
		kind  fault.Kind
	}{
		{"token", 40013, "datacube.appid", fault.KindInvalid},
		{"token", 40125, "datacube.secret", fault.KindInvalid},
		{"token", 40164, "datacube.address", fault.KindDenied},
		{"token", 45009, "datacube.quota", fault.KindTooMany},
		{"getuserread", 45009, "datacube.quota", fault.KindTooMany},
		{"getuserread", 48001, "datacube.interface", fault.KindDenied},
		{"getuserread", 61501, "datacube.dates", fault.KindInvalid},
		{"getuserread", 61503, "datacube.early", fault.KindUnavailable},
		{"getuserread", -1, "datacube.busy", fault.KindUnavailable},
		{"getuserread", 12345, "datacube.code", fault.KindUnavailable},
	} {
		p := &platform{code: map[string]int{c.name: c.code}}
		_, err := opened(t, p, nil).Read(t.Context(), "2015-08")
		if !fault.Is(err, c.kind) || fault.Of(err).Code != c.fault || p.calls[c.name] != 1 {
			t.Errorf("%d: %v after %d calls", c.code, err, p.calls[c.name])
		}
		quiet(t, err)
	}
}

// quiet: neither secret nor token is in an error, whatever the platform says.
func quiet(t *testing.T, err error) {
	t.Helper()
	for _, text := range []string{fmt.Sprint(err), fmt.Sprintf("%+v", err)} {
		if strings.Contains(text, secret) || strings.Contains(text, "token-") {
			t.Errorf("the error gives a secret away: %s", text)
		}
	}
}

func TestBrokenAnswers(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{"no JSON": "<html>", "no token": `{}`, "no list": `{"access_token":"token-1"}`, "other rows": `{"access_token":"token-1","list":{"a":1}}`} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, text) }))
		t.Cleanup(server.Close)
		_, err := opened(t, &platform{}, func(cfg *datacube.Config) { cfg.Base = server.URL }).Read(t.Context(), "2015-08")
		if fault.Of(err) == nil || fault.Of(err).Code != "datacube.broken" {
			t.Errorf("%s: %v", name, err)
		}
		quiet(t, err)
	}
	slow := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-slow }))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(slow) })
	_, err := opened(t, &platform{}, func(cfg *datacube.Config) { cfg.Base, cfg.Timeout = server.URL, 20*time.Millisecond }).Read(t.Context(), "2015-08")
	if fault.Of(err) == nil || fault.Of(err).Code != "datacube.down" {
		t.Errorf("a platform that does not answer: %v", err)
	}
	quiet(t, err)
}

func TestWhatIsRefusedHere(t *testing.T) {
	t.Parallel()
	for _, month := range []string{"2015-09", "2016-01", "2014-11", "2015-13", "2015-8", "", "2015-08-01"} {
		p := &platform{}
		if _, err := opened(t, p, nil).Read(t.Context(), month); fault.Of(err) == nil || fault.Of(err).Code != "datacube.month" || len(p.calls) > 0 {
			t.Errorf("%q: %v", month, err)
		}
	}
	for name, cfg := range map[string]datacube.Config{
		"plain http":  {Base: "http://api.weixin.qq.com", AppID: "a", Secret: seal.Plain("b")},
		"no address":  {Base: "api.weixin.qq.com", AppID: "a", Secret: seal.Plain("b")},
		"a query":     {Base: "https://api.weixin.qq.com?x=1", AppID: "a", Secret: seal.Plain("b")},
		"no appid":    {Base: "https://api.weixin.qq.com", Secret: seal.Plain("b")},
		"no secret":   {Base: "https://api.weixin.qq.com", AppID: "a"},
		"an ftp site": {Base: "ftp://api.weixin.qq.com", AppID: "a", Secret: seal.Plain("b"), Private: true},
	} {
		if _, err := datacube.New(cfg); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	c, err := datacube.New(datacube.Config{Base: "https://127.0.0.1", AppID: "a", Secret: seal.Plain(secret), Clock: clock.At(time.Date(2015, 9, 1, 0, 0, 0, 0, time.UTC))})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_, err = c.Read(t.Context(), "2015-08")
	if fault.Of(err) == nil || fault.Of(err).Code != "datacube.down" {
		t.Errorf("a private address is reached: %v", err)
	}
	quiet(t, err)
}
