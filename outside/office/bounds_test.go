package office_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/outside/office"
	"zhijian/store"
	"zhijian/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// TestASlowOfficeSlowsNobodyElse: one office answers after 30 s. Sixty-four workers share the house's questions, as those of the bus do, and
// three of four questions go to the slow one; those to the other come back as fast as if it were alone.
func TestASlowOfficeSlowsNobodyElse(t *testing.T) {
	t.Parallel()
	slow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		select {
		case <-time.After(30 * time.Second):
			_, _ = w.Write([]byte(`{"data":{}}`))
		case <-r.Context().Done():
		}
	}))
	quick := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"data":{}}`)) }))
	c, err := office.New(office.Config{Clock: &clock.System{}, Offices: map[string]office.Office{"slow": {URL: slow.URL}, "quick": {URL: quick.URL}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(); slow.CloseClientConnections(); slow.Close(); quick.Close() })

	type asked struct {
		name string
		at   time.Time
	}
	const questions = 400
	queue := make(chan asked, questions)
	var mu sync.Mutex
	var took []time.Duration
	var wg sync.WaitGroup
	for range 64 {
		wg.Go(func() {
			for q := range queue {
				_, err := c.Call(context.WithoutCancel(t.Context()), q.name, "x", "", nil)
				if q.name == "quick" {
					if err != nil {
						t.Errorf("the quick office: %v", err)
					}
					mu.Lock()
					took = append(took, time.Since(q.at))
					mu.Unlock()
				} else if !fault.Is(err, fault.KindUnavailable) {
					t.Errorf("the slow office: %v", err)
				}
			}
		})
	}
	from := time.Now()
	for i := range questions {
		q := asked{"slow", time.Now()}
		if i%4 == 3 {
			q.name = "quick"
		}
		queue <- q
	}
	close(queue)
	wg.Wait()
	slices.Sort(took)
	t.Logf("%d questions in %v; the quick office's came back in %v at the median, %v at most", questions, time.Since(from), took[len(took)/2], took[len(took)-1])
	// Where the slowness begins, a worker loses a quarter of a second to it once.
	if worst := took[len(took)-1]; worst > 8*time.Second && !testkit.Race { // 300 questions of 3 s would hold 64 workers for 14 s
		t.Errorf("a question to the quick office took %v", worst)
	}
	list, err := c.Health(t.Context())
	if err != nil || list[1].Name != "slow" || !list[1].Open || list[1].Since.IsZero() || list[1].TurnedAway == 0 || list[0].Open || list[0].Calls != questions/4 {
		t.Errorf("%+v %v", list, err)
	}
}

func TestQuota(t *testing.T) {
	t.Parallel()
	watch := clock.At(morning)
	var calls int
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		calls++
		_, _ = w.Write([]byte(`{"data":{}}`))
	}))
	t.Cleanup(s.Close)
	purse := store.Budgets{DB: testkit.DatabaseAt(t, watch), Ring: testkit.Ring(t), Clock: watch}
	offices := map[string]office.Office{"traffic": {URL: s.URL, PerMinute: 2, PerDay: 3, Cache: map[string]time.Duration{"kept": time.Hour}}}
	c, err := office.New(office.Config{Clock: watch, Purse: purse, Offices: offices})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	ask := func(call string) *fault.Error {
		_, err := c.Call(t.Context(), "traffic", call, "", nil)
		return fault.Of(err)
	}
	for range 5 { // what is kept costs nothing
		if f := ask("kept"); f != nil {
			t.Fatal(f)
		}
	}
	if f := ask("x"); f != nil {
		t.Fatal(f)
	}
	f := ask("x")
	if f == nil || f.Code != "office.quota" || f.Kind != fault.KindUnavailable || f.RetryAfter <= 0 || f.RetryAfter > time.Minute || calls != 2 {
		t.Fatalf("%v after %d calls", f, calls)
	}
	if code, until, shut := c.Shut("traffic"); code != "office.quota" || !shut || !until.Equal(watch.Now().Add(f.RetryAfter)) {
		t.Errorf("%q until %v", code, until)
	}
	watch.Advance(time.Minute)
	if _, _, shut := c.Shut("traffic"); shut {
		t.Error("it can be asked, and is said to be shut")
	}
	if f := ask("x"); f != nil {
		t.Fatal(f)
	}
	if f := ask("x"); f == nil || f.Public != "对方系统一天能问的次数今天用完了，请明天再来" || calls != 3 {
		t.Fatalf("%v after %d calls", f, calls)
	}
	if _, down := c.Down("traffic"); down {
		t.Error("an office whose quota is used up counts as down")
	}
	list, err := c.Health(t.Context())
	want := []office.Quota{{Window: time.Minute, Limit: 2, Left: 1}, {Window: 24 * time.Hour, Limit: 3, Left: 0}}
	if d := cmp.Diff(want, list[0].Quotas); d != "" || err != nil {
		t.Error(err, d)
	}
	if _, err := office.New(office.Config{Clock: watch, Offices: offices}); err == nil {
		t.Error("a quota without a purse")
	}
}

type says struct{ err error }

func (s says) Ask(context.Context, office.Question) (map[string]any, error) {
	return map[string]any{"known": true}, s.err
}
func (says) Close() {}

func TestHealthAndFamilies(t *testing.T) {
	t.Parallel()
	watch := clock.At(morning)
	c, err := office.New(office.Config{Clock: watch, Offices: map[string]office.Office{
		"refuses": {Driver: says{office.Refused("x", "不行")}, Kind: "test"}, "silent": {Driver: says{office.Silent(io.EOF)}}, "absent": {},
	}, Families: map[string]func(string) office.Office{"sheet": func(rest string) office.Office {
		if rest == "empty" {
			return office.Office{Driver: says{fault.Unavailable("office.absent", "还没有启用")}}
		}
		return office.Office{Driver: says{}, Kind: "sheet"}
	}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	for range 6 {
		for _, name := range []string{"refuses", "silent", "sheet:parking", "sheet:empty"} {
			_, _ = c.Call(t.Context(), name, "x", "", nil)
		}
	}
	list, err := c.Health(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][4]int64{}
	for _, h := range list {
		open := int64(0)
		if h.Open {
			open = 1
		}
		got[h.Name] = [4]int64{h.Calls, h.Failures, h.Refusals, open}
	}
	want := map[string][4]int64{"absent": {}, "refuses": {6, 0, 6, 0}, "silent": {5, 5, 0, 1}, "sheet:parking": {6, 0, 0, 0}, "sheet:empty": {}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if _, err := c.Call(t.Context(), "cloud:x", "x", "", nil); fault.KindOf(err) != fault.KindInternal {
		t.Errorf("a family that is not there: %v", err)
	}
}
