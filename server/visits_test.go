package server_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zhijian/ground/clock"
	"zhijian/server"
	"zhijian/store/visitlog"
	"zhijian/store/visitlog/ndjson"
	"zhijian/store/visitlog/stream"
	"zhijian/testkit"
	"zhijian/testkit/house"
	"zhijian/testkit/walk"
)

var allMonths = visitlog.Span{First: 0, Last: 999_999}

// phone is what a resident's browser calls itself.
const phone = "Mozilla/5.0 (Linux; Android 5.0) AppleWebKit/537.36 MicroMessenger/6.2"

// agent sends a User-Agent with every request.
type agent string

func (a agent) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("User-Agent", string(a))
	return http.DefaultTransport.RoundTrip(r)
}

// TestPagesAreCounted: what residents see and begin is in the months of the service and of the account that answers for it, people once
// however often they come; also behind a restart, on both databases.
func TestPagesAreCounted(t *testing.T) {
	t.Parallel()
	house.Both(t, func(t *testing.T, h *house.House) {
		come := func() {
			nobody := visitorAs(t, h, phone)
			nobody.open("/city/hangzhou")
			nobody.open("/city/hangzhou/services/weather-forecast")
			nobody.open("/en/city/hangzhou/services/weather-forecast")
			nobody.open("/a/hzjj")
			nobody.open("/city/ningbo/services/id-card-service") // not offered
			visitorAs(t, h, "Mozilla/5.0 (compatible; Baiduspider/2.0)").open("/city/hangzhou")
			for n := range 2 {
				p := visitorAs(t, h, phone)
				if err := p.SignIn(t.Context(), h.Ready.Sandbox["sms"], h.Resident(t, "L4", n).Phone); err != nil {
					t.Fatal(err)
				}
				p.start("traffic-fine-payment")
				p.open("/city/hangzhou/services/traffic-fine-payment")
				p.open("/a/hzjj")
			}
		}
		come()
		want := func(times uint64) server.VisitMonths {
			month := visitlog.DayOf(testkit.Now().UnixMilli()).Month()
			row := func(region, service, account string, views, clicks, services, people uint64) server.VisitMonth {
				return server.VisitMonth{
					Month: month, Place: server.Place{Region: region, Service: service, Account: account},
					Views: views * times, Clicks: clicks * times, Services: services * times, People: people,
				}
			}
			return server.VisitMonths{
				Entries: []server.VisitMonth{
					row("330100", "", "", 1, 0, 0, 0), row("330100", "traffic-fine-payment", "", 4, 2, 2, 2),
					row("330100", "weather-forecast", "", 2, 0, 0, 0), row("330200", "id-card-service", "", 1, 0, 0, 0),
				},
				Accounts: []server.VisitMonth{row("", "", "hzjj", 7, 2, 2, 2), row("", "", "hzqx", 2, 0, 0, 0)},
			}
		}
		is := func(times uint64) {
			t.Helper()
			var got server.VisitMonths
			all := uint64(1+1+8+2+11) * times // the entries, and the first account
			h.Until(t, "the visits are counted", func() bool {
				var err error
				if got, err = h.Server.VisitMonths(t.Context(), allMonths); err != nil {
					t.Fatal(err)
				}
				n := uint64(0)
				for _, m := range slices.Concat(got.Entries, got.Accounts[:min(1, len(got.Accounts))]) {
					n += m.Views + m.Clicks + m.Services
				}
				return n >= all
			})
			if d := cmp.Diff(want(times), got); d != "" {
				t.Error(d)
			}
		}
		is(1)
		h.Restart(t)
		come()
		is(2)
		if c := h.Count(t); c.Visits.Appended != c.Visits.Folded || c.Visits.Folded == 0 {
			t.Errorf("after stopping: %+v", c.Visits)
		}
		stopped := server.Config{Data: h.Data, Database: h.Database, Clock: h.Clock, Log: slog.New(slog.DiscardHandler), Unsafe: true}
		read, err := server.ReadVisitMonths(t.Context(), stopped, allMonths)
		if d := cmp.Diff(want(2), read); err != nil || d != "" {
			t.Errorf("read from a stopped house: %v %s", err, d)
		}
	})
}

func visitorAs(t *testing.T, h *house.House, name string) person {
	t.Helper()
	return person{walk.New(h.Ready.BaseURL, agent(name)), t, h}
}

// node is a bare house, with a door for visits and without a world.
type node struct {
	t    *testing.T
	c    server.Config
	h    *server.House
	log  *bytes.Buffer
	stop func() error
}

const (
	visitKey  = "integrator-key-0123456789abcdefghijklmn"
	secondKey = "another-key-0123456789abcdefghijklmnopqr"
)

func openNode(t *testing.T, database string) *node {
	t.Helper()
	dir := t.TempDir()
	keys := filepath.Join(dir, "visit-keys")
	if err := os.WriteFile(keys, []byte("# who may\n\nintegrator "+visitKey+"\nanother "+secondKey+"\n"), 0o400); err != nil {
		t.Fatal(err)
	}
	n := &node{t: t, log: &bytes.Buffer{}}
	n.c = server.Config{
		Data: filepath.Join(dir, "data"), Database: database, Addr: "127.0.0.1:0", Admin: "127.0.0.1:0", Clock: &clock.System{}, Unsafe: true, VisitKeys: keys,
		Log: slog.New(slog.NewTextHandler(n.log, nil)), Space: server.Space{Ballast: -1}, Limits: server.LoadLimits(),
	}
	n.start()
	t.Cleanup(func() { n.shut() })
	return n
}

func (n *node) start() {
	n.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	h, err := server.Open(ctx, n.c)
	if err != nil {
		cancel()
		n.t.Fatal(err)
	}
	ready, ended := make(chan struct{}), make(chan error, 1)
	h.OnReady(func() { close(ready) })
	go func() { ended <- h.Run(ctx) }()
	n.h = h
	n.stop = sync.OnceValue(func() error { cancel(); return <-ended })
	select {
	case <-ready:
	case err := <-ended:
		n.t.Fatal(err)
	}
}

func (n *node) shut() {
	n.t.Helper()
	if err := n.stop(); err != nil {
		n.t.Errorf("shut: %v", err)
	}
}

type receipt struct {
	Lines, Accepted, Refused uint64
	Simulated                uint64
	Repeated                 bool
	Refusals                 []struct {
		Line uint64
		Why  string
	}
	Code, Detail string
}

// post sends visits; head is pairs.
func (n *node) post(query string, body io.Reader, head ...string) (int, receipt) {
	n.t.Helper()
	req, err := http.NewRequestWithContext(n.t.Context(), http.MethodPost, n.h.Origin()+"/api/v1/observatory/visits"+query, body)
	if err != nil {
		n.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+visitKey)
	for i := 0; i < len(head); i += 2 {
		req.Header.Set(head[i], head[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		n.t.Fatal(err)
	}
	defer res.Body.Close()
	var r receipt
	if err := json.NewDecoder(res.Body).Decode(&r); err != nil {
		n.t.Fatalf("%d: %v", res.StatusCode, err)
	}
	return res.StatusCode, r
}

// lines are n simulated visits as they are posted.
func lines(t testing.TB, n uint64) []byte {
	t.Helper()
	s, err := stream.New(stream.Config{Visits: n, People: 20_000, Accounts: 300})
	if err != nil {
		t.Fatal(err)
	}
	list := make([]visitlog.Visit, n)
	s.Fill(list, 0)
	var text []byte
	for _, v := range list {
		text = ndjson.Append(text, v)
	}
	return text
}

// Visits that say that they are made up are counted as such in the answer, and under numbers of a registry only.
func TestPostSimulated(t *testing.T) {
	t.Parallel()
	n := openNode(t, "")
	m, err := stream.NewMonth(stream.MonthConfig{Seed: 1, Year: 2015, Month: time.August, Homes: []stream.Homes{{City: 630100, People: 50_000}}, Uses: []stream.Use{
		{Account: 7, City: 630100, Level: 3, People: 4000, Reads: 60_000, Clicks: 9000, Serving: 2000}, {Account: 8, City: 630100, Level: 4, People: 300, Clicks: 2},
	}})
	if err != nil {
		t.Fatal(err)
	}
	var text []byte
	for d := 1; d <= m.Days(); d++ {
		if err := m.Day(d, func(list []visitlog.Visit) error {
			for _, v := range list {
				text = ndjson.AppendLine(text, ndjson.Line{Visit: v, Home: v.City, Simulated: true})
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	for _, repeated := range []bool{false, true} {
		status, r := n.post("", zipped(text), "Content-Encoding", "gzip", "Idempotency-Key", "2015-08")
		if status != 200 || r.Accepted != m.Len() || r.Simulated != m.Len() || r.Refused != 0 || r.Repeated != repeated {
			t.Fatalf("%d: %+v, want %d", status, r, m.Len())
		}
	}
	n.has(m.Len())
	got, err := n.h.VisitMonths(t.Context(), allMonths)
	want := []server.VisitMonth{
		{Month: 201508, Place: server.Place{Account: "7", Posted: true}, Reads: 60_000, Clicks: 9000, Services: 2000, People: 4000},
		{Month: 201508, Place: server.Place{Account: "8", Posted: true}, Views: 298, Clicks: 2, People: 300},
	}
	if d := cmp.Diff(want, got.Accounts); err != nil || d != "" {
		t.Errorf("%v %s", err, d)
	}
}

func zipped(text []byte) *bytes.Buffer {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(text)
	_ = z.Close()
	return &b
}

// has waits until the fold has counted n visits that were posted.
func (n *node) has(want uint64) {
	n.t.Helper()
	n.until("all visits are counted", func() bool {
		m, err := n.h.VisitMonths(n.t.Context(), allMonths)
		if err != nil {
			n.t.Fatal(err)
		}
		got := uint64(0)
		for _, a := range m.Accounts {
			got += a.Views + a.Reads + a.Clicks + a.Services
		}
		if got > want {
			n.t.Fatalf("%d visits are counted, want %d", got, want)
		}
		return got == want
	})
}

func (n *node) until(what string, done func() bool) {
	n.t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	end := time.After(house.Patience)
	for !done() {
		select {
		case <-tick.C:
		case <-end:
			n.t.Fatalf("waited in vain: %s", what)
		}
	}
}

func TestPostVisits(t *testing.T) {
	t.Parallel()
	n := openNode(t, "")
	total := uint64(0)
	for name, c := range map[string]struct {
		query    string
		body     io.Reader
		head     []string
		status   int
		accepted uint64
		code     string
	}{
		"a few":                       {"", bytes.NewReader(lines(t, 3)), nil, 200, 3, ""},
		"nothing":                     {"", strings.NewReader(""), nil, 200, 0, ""},
		"several lots":                {"", bytes.NewReader(lines(t, 140_000)), nil, 200, 140_000, ""},
		"packed":                      {"", zipped(lines(t, 70_000)), []string{"Content-Encoding", "gzip"}, 200, 70_000, ""},
		"strict, all good":            {"?strict=1", bytes.NewReader(lines(t, 1000)), nil, 200, 1000, ""},
		"strict, one bad line":        {"?strict=1", strings.NewReader(string(lines(t, 10)) + "nonsense\n"), nil, 422, 0, "visits.strict"},
		"strict, too many":            {"?strict=1", bytes.NewReader(lines(t, 65_537)), nil, 422, 0, "visits.strict_size"},
		"strict, just as many":        {"?strict=1", bytes.NewReader(lines(t, 65_536)), nil, 200, 65_536, ""},
		"packed otherwise":            {"", bytes.NewReader(lines(t, 3)), []string{"Content-Encoding", "br"}, 422, 0, "visits.encoding"},
		"said to be packed":           {"", bytes.NewReader(lines(t, 3)), []string{"Content-Encoding", "gzip"}, 422, 0, "visits.gzip"},
		"cut off while packed":        {"", bytes.NewReader(zipped(lines(t, 3000)).Bytes()[:9000]), []string{"Content-Encoding", "gzip"}, 422, 0, "visits.broken"},
		"a bomb":                      {"", zipped(make([]byte, 64<<20)), []string{"Content-Encoding", "gzip"}, 422, 0, "visits.broken"},
		"no key":                      {"", bytes.NewReader(lines(t, 3)), []string{"Authorization", ""}, 401, 0, "visits.key"},
		"a wrong key":                 {"", bytes.NewReader(lines(t, 3)), []string{"Authorization", "Bearer " + visitKey[1:]}, 401, 0, "visits.key"},
		"the key alone":               {"", bytes.NewReader(lines(t, 3)), []string{"Authorization", visitKey}, 401, 0, "visits.key"},
		"a key in another way":        {"", bytes.NewReader(lines(t, 3)), []string{"Authorization", "Basic " + visitKey}, 401, 0, "visits.key"},
		"too long an idempotency key": {"", bytes.NewReader(lines(t, 3)), []string{"Idempotency-Key", strings.Repeat("k", 65)}, 422, 0, "visits.idempotency"},
	} {
		status, r := n.post(c.query, c.body, c.head...)
		if status != c.status || r.Accepted != c.accepted || r.Code != c.code {
			t.Errorf("%s: %d %+v, want %d, %d accepted, code %q", name, status, r, c.status, c.accepted, c.code)
		}
		total += r.Accepted
	}
	status, r := n.post("", strings.NewReader("\n{}\n"+string(lines(t, 2))+`{"at":1,"account":2147483648,"kind":"view"}`+"\n"+`{"at":1,"account":1,"person":4000000000,"kind":"view"}`+"\n"+`{"at":1,"account":1,"service":32769,"kind":"view"}`+"\n"+strings.Repeat("x\n", 30)))
	if status != 200 || r.Accepted != 2 || r.Refused != 34 || r.Lines != 37 || len(r.Refusals) != 20 {
		t.Errorf("bad lines among good ones: %d %+v", status, r)
	} else if a, b := r.Refusals[0], r.Refusals[1]; a.Line != 2 || a.Why != `"at" is missing` || b.Line != 5 || !strings.HasPrefix(b.Why, `"account" is 2147483648 or more`) || !strings.HasPrefix(r.Refusals[3].Why, `"service" is 32768 or more`) {
		t.Errorf("refusals: %+v", r.Refusals[:3])
	}
	// A gigabyte and a byte, as one line: it is neither held in memory nor taken.
	if status, r := n.post("", io.LimitReader(blanks{}, 1<<30+1)); status != 422 || r.Code != "visits.broken" {
		t.Errorf("too large a body: %d %+v", status, r)
	}
	n.has(total + 2)
	n.shut()
	if text := n.log.String(); strings.Contains(text, visitKey[:12]) || strings.Contains(text, "level=ERROR") {
		t.Errorf("the log: %s", text)
	}
}

// TestVisitsClosed: without keys nobody posts, and a file of keys that others can read or that holds a weak one opens no house.
func TestVisitsClosed(t *testing.T) {
	t.Parallel()
	n := openNode(t, "")
	n.shut()
	n.c.VisitKeys = ""
	n.start()
	if status, r := n.post("", bytes.NewReader(lines(t, 3))); status != 401 || r.Code != "visits.closed" {
		t.Errorf("a closed door: %d %+v", status, r)
	}
	n.shut()
	for name, c := range map[string]struct {
		text string
		mode os.FileMode
	}{
		"readable by others": {"a " + visitKey, 0o644},
		"a short key":        {"a short", 0o400},
		"no name":            {visitKey, 0o400},
		"one key twice":      {"a " + visitKey + "\nb " + visitKey, 0o400},
		"one name twice":     {"a " + visitKey + "\na " + secondKey, 0o400},
		"no key at all":      {"# none\n", 0o400},
	} {
		n.c.VisitKeys = filepath.Join(t.TempDir(), "keys")
		if err := os.WriteFile(n.c.VisitKeys, []byte(c.text), c.mode); err != nil {
			t.Fatal(err)
		}
		h, err := server.Open(t.Context(), n.c)
		if err == nil {
			_ = h.Close()
		}
		if err == nil || strings.Contains(err.Error(), visitKey) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestRepeatedPosting: a posting that is cut off, and comes again behind a restart, is counted once; other content under its key is refused; the
// same key of another holder is another posting.
func TestRepeatedPosting(t *testing.T) {
	t.Parallel()
	n := openNode(t, "")
	text := slices.Concat(lines(t, 150_000), []byte("nonsense\n"))
	key := []string{"Idempotency-Key", "2026-05-26"}
	gone := errors.New("gone")
	// The first time the connection breaks behind two lots.
	cut := io.MultiReader(bytes.NewReader(text[:len(text)*19/20]), failing{gone})
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, n.h.Origin()+"/api/v1/observatory/visits", cut)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+visitKey)
	req.Header.Set(key[0], key[1])
	if res, err := http.DefaultClient.Do(req); err == nil {
		_ = res.Body.Close()
	}
	n.has(2 * 65_536)
	n.shut()
	n.start()
	for i := range 3 {
		status, r := n.post("", bytes.NewReader(text), key...)
		if status != 200 || r.Accepted != 150_000 || r.Refused != 1 || r.Repeated != (i > 0) || len(r.Refusals) != 1 {
			t.Errorf("time %d: %d %+v", i, status, r)
		}
		if i == 1 {
			n.shut()
			n.start()
		}
	}
	if status, r := n.post("", zipped(text), append(key, "Content-Encoding", "gzip")...); status != 200 || !r.Repeated {
		t.Errorf("the same, packed: %d %+v", status, r)
	}
	for name, other := range map[string][]byte{
		"longer": slices.Concat(text, lines(t, 1)), "shorter": text[:len(text)-9], "another line": bytes.Replace(text, []byte("nonsense"), []byte("nonsens!"), 1),
		"nothing": nil, "one visit else": bytes.Replace(text, []byte(`"at":1438`), []byte(`"at":1439`), 1),
	} {
		if status, r := n.post("", bytes.NewReader(other), key...); status != 422 || r.Code != "visits.other_body" {
			t.Errorf("%s: %d %+v", name, status, r)
		}
	}
	if status, r := n.post("", bytes.NewReader(text), append(key, "Authorization", "Bearer "+secondKey)...); status != 200 || r.Repeated {
		t.Errorf("another holder: %d %+v", status, r)
	}
	n.has(300_000)
	n.shut()
	if c, err := server.CheckVisits(t.Context(), n.c.Data); err != nil || c.Wrong != "" || c.Folded != 300_000 || c.Appended != 300_000 {
		t.Errorf("recount: %+v, %v", c, err)
	}
}

// TestDamagedFold: what only the fold lost is not lost: the log goes on, and a fold made anew counts it all.
func TestDamagedFold(t *testing.T) {
	t.Parallel()
	n := openNode(t, "")
	if status, _ := n.post("", bytes.NewReader(lines(t, 1000))); status != 200 {
		t.Fatal(status)
	}
	n.has(1000)
	n.shut()
	fold := filepath.Join(n.c.Data, "visits", "fold")
	if err := os.WriteFile(filepath.Join(fold, "CHECKPOINT"), []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	n.start()
	if status, r := n.post("", bytes.NewReader(lines(t, 500))); status != 200 || r.Accepted != 500 {
		t.Errorf("posted beside a damaged fold: %d %+v", status, r)
	}
	if _, err := n.h.VisitMonths(t.Context(), allMonths); err == nil {
		t.Error("a damaged fold gave months")
	}
	n.shut()
	if c, err := server.CheckVisits(t.Context(), n.c.Data); err != nil || !strings.Contains(c.Wrong, "CHECKPOINT is damaged") {
		t.Errorf("recount: %+v, %v", c, err)
	}
	if err := os.RemoveAll(fold); err != nil {
		t.Fatal(err)
	}
	n.start()
	n.has(1500)
}

type blanks struct{}

func (blanks) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// TestPostingsAtOnce: one key is under way once.
func TestPostingsAtOnce(t *testing.T) {
	t.Parallel()
	n := openNode(t, "")
	key := []string{"Idempotency-Key", "slow"}
	in, out := io.Pipe()
	answered := make(chan receipt, 1)
	go func() {
		_, r := n.post("", in, key...)
		answered <- r
	}()
	if _, err := out.Write(lines(t, 10)); err != nil {
		t.Fatal(err)
	}
	torn := zipped(lines(t, 3000)).Bytes()[:9000] // keeps nothing when it comes before the first has begun
	n.until("the second is refused", func() bool {
		status, r := n.post("", bytes.NewReader(torn), append(key, "Content-Encoding", "gzip")...)
		return status == http.StatusConflict && r.Code == "visits.under_way"
	})
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	if r := <-answered; r.Accepted != 10 {
		t.Errorf("the first: %+v", r)
	}
	n.has(10)
}

// TestOlderDatabase: visits to places that the database no longer knows are not left out of the months in silence.
func TestOlderDatabase(t *testing.T) {
	t.Parallel()
	n := openNode(t, "")
	n.shut()
	d, err := visitlog.Folder(filepath.Join(n.c.Data, "visits", "log"))
	if err != nil {
		t.Fatal(err)
	}
	l, err := visitlog.Open(t.Context(), visitlog.Options{Folder: d, Node: 1, Clock: n.c.Clock})
	if err != nil {
		t.Fatal(err)
	}
	strange := []visitlog.Visit{{At: 1_438_358_400_000, Account: 1<<31 + 999, Kind: visitlog.View}}
	if err := errors.Join(l.Append(t.Context(), strange), l.Close()); err != nil {
		t.Fatal(err)
	}
	n.start()
	n.until("the months are refused", func() bool {
		_, err := n.h.VisitMonths(t.Context(), allMonths)
		return err != nil && strings.Contains(err.Error(), "restore both together")
	})
	n.shut()
	if _, err := server.ReadVisitMonths(t.Context(), n.c, allMonths); err == nil {
		t.Error("read from a stopped house")
	}
}

// TestDamagedVisits: a damaged log stops no house. It says so once, counts nothing, takes nothing, and doctor names the place.
func TestDamagedVisits(t *testing.T) {
	t.Parallel()
	n := openNode(t, "")
	if status, _ := n.post("", bytes.NewReader(lines(t, 1000))); status != 200 {
		t.Fatal(status)
	}
	n.has(1000)
	n.shut()
	file := filepath.Join(n.c.Data, "visits", "log", "0000000001.visits")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text[200] ^= 1
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if c, err := server.CheckVisits(t.Context(), n.c.Data); err != nil || !strings.Contains(c.Wrong, "0000000001.visits is damaged at byte 64") {
		t.Errorf("recount: %+v, %v", c, err)
	}
	n.start()
	if status, r := n.post("", bytes.NewReader(lines(t, 3))); status != 503 || r.Code != "visits.damaged" {
		t.Errorf("posted to a damaged log: %d %+v", status, r)
	}
	res, err := http.Get(n.h.Origin() + "/healthz")
	if err != nil || res.StatusCode != 200 {
		t.Errorf("the house: %v", err)
	}
	_ = res.Body.Close()
	n.shut()
	if got := strings.Count(n.log.String(), "level=ERROR"); got != 1 || !strings.Contains(n.log.String(), "visits are not counted") {
		t.Errorf("%d errors in the log: %s", got, n.log)
	}
}
