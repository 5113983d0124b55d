package live_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zhijian/domain/observatory"
	"zhijian/domain/observatory/live"
	"zhijian/ground/clock"
	"zhijian/ground/event"
)

// noon is in the afternoon of 28 May in China, where the day began at 16:00 UTC of the day before.
var noon = time.Date(2026, 5, 27, 16, 30, 0, 0, time.UTC)

func of(name, data string) event.Event {
	return event.Event{ID: 7, Name: name, At: noon, Data: []byte(data), Meta: event.Meta{Region: "330100"}}
}

// TestTake: what each event adds, as "metric=n" in order; people as "month/resident".
func TestTake(t *testing.T) {
	t.Parallel()
	due := "," + `"due":` + "1779899400000" // noon in Unix ms
	for name, c := range map[string]struct {
		e    event.Event
		want string
	}{
		"opened":             {of("cases.opened", `{"no":"A","resident":5,"channel":"page"}`), "opened=1 202605/5"},
		"opened by nobody":   {of("cases.opened", `{"no":"A"}`), "opened=1"},
		"claimed":            {of("cases.claimed", `{"no":"A","resident":5}`), "202605/5"},
		"answered":           {of("cases.answered", `{"no":"A","step":"x"}`), "steps=1"},
		"office answered":    {of("cases.heard", `{"effect":"ask","outcome":"answered"}`), "office_calls=1"},
		"office refused":     {of("cases.heard", `{"effect":"file","outcome":"refused"}`), "office_calls=1"},
		"office down":        {of("cases.heard", `{"effect":"trace","outcome":"down"}`), "office_calls=1 office_failed=1"},
		"budget used up":     {of("cases.heard", `{"effect":"ask","outcome":"limited"}`), ""},
		"channel down":       {of("cases.heard", `{"effect":"order","outcome":"down"}`), ""},
		"done":               {of("cases.done", `{"took":9999}`), "done=1 took.10=1"},
		"done in time":       {of("cases.done", `{"took":10001`+due+`}`), "done=1 kept=1 promised=1 took.20=1"},
		"done too late":      {of("cases.done", `{"took":1,"due":1779899399999}`), "done=1 promised=1 took.1=1"},
		"refused":            {of("cases.refused", `{"took":1`+due+`}`), "kept=1 promised=1 refused=1 took.1=1"},
		"withdrawn":          {of("cases.withdrawn", `{}`), "cancelled=1"},
		"expired":            {of("cases.expired", `{}`), "cancelled=1"},
		"rated":              {of("cases.rated", `{"stars":4}`), "rated=1 rating_sum=4 satisfied=1"},
		"rated worse":        {of("cases.rated", `{"stars":2,"was":5}`), "rating_sum=-3 satisfied=-1"},
		"rated the same":     {of("cases.rated", `{"stars":5,"was":5}`), ""},
		"paid":               {of("payment.paid", `{"amount":20000}`), "fen=20000 paid=1"},
		"refunded":           {of("payment.refunded", `{"amount":20000}`), "fen=-20000 refunded=1"},
		"booked":             {of("booking.confirmed", `{}`), "booked=1"},
		"given up":           {of("booking.released", `{"was":"confirmed"}`), "unbooked=1"},
		"hold ran out":       {of("booking.released", `{"was":"held"}`), ""},
		"searched":           {of("observatory.searched", `{"searches":9,"unmet":2}`), "searches=9 unmet=2"},
		"what nobody counts": {of("cases.paying", `{}`), ""},
	} {
		sum := live.NewSum()
		if err := sum.Take(c.e, live.Case{Region: "330100", Service: "s", Channel: "page", Level: 2}); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got []string
		for k, n := range sum.Facts {
			want := live.Key{Day: 20260528, Region: "330100", Service: "s", Channel: "page", Level: 2, Metric: k.Metric}
			if name == "searched" {
				want = live.Key{Day: 20260528, Region: "330100", Metric: k.Metric}
			}
			if k != want {
				t.Errorf("%s: %v", name, k)
			}
			got = append(got, k.Metric+"="+observatory.Known(n).String())
		}
		for p := range sum.People {
			got = append(got, observatory.Known(int64(p.Month)).String()+"/"+observatory.Known(p.Resident).String())
		}
		slices.SortFunc(got, func(a, b string) int { // people last
			if strings.Contains(a, "/") != strings.Contains(b, "/") {
				return strings.Compare(b, a)
			}
			return strings.Compare(a, b)
		})
		if text := strings.Join(got, " "); text != c.want {
			t.Errorf("%s: %s, want %s", name, text, c.want)
		}
	}
	if err := live.NewSum().Take(of("cases.done", `{"took":"long"}`), live.Case{}); err == nil || !strings.Contains(err.Error(), "event 7") {
		t.Errorf("an event that cannot be read: %v", err)
	}
}

// TestRatingStaysOnItsDay: a change of mind corrects the day of the first rating.
func TestRatingStaysOnItsDay(t *testing.T) {
	t.Parallel()
	first := time.Date(2026, 4, 30, 23, 59, 0, 0, clock.Shanghai)
	sum := live.NewSum()
	for _, data := range []string{`{"stars":5}`, `{"stars":1,"was":5}`} {
		if err := sum.Take(of("cases.rated", data), live.Case{Rated: first}); err != nil {
			t.Fatal(err)
		}
	}
	for k, n := range sum.Facts {
		want := map[string]int64{"rated": 1, "rating_sum": 1, "satisfied": 0}[k.Metric]
		if k.Day != 20260430 || n != want {
			t.Errorf("%v = %d, want %d", k, n, want)
		}
	}
}

func TestCaseOf(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]string{
		`{"no":"A"}`: "A", `{"no":"P","for":{"kind":"cases","no":"A"}}`: "A", `{"no":"P","for":{"kind":"card","no":"A"}}`: "", `{}`: "", `{"no":"B","right":"child/7"}`: "B",
	} {
		if got, err := live.CaseOf(of("x", data)); err != nil || got != want {
			t.Errorf("%s is of %q (%v), want %q", data, got, err, want)
		}
	}
	if _, err := live.CaseOf(of("x", `nothing`)); err == nil {
		t.Error("no JSON is no event")
	}
}

func TestOutcomes(t *testing.T) {
	t.Parallel()
	at := func(day int32, service, metric string, n int64) live.Fact {
		return live.Fact{Key: live.Key{Day: day, Region: "330100", Service: service, Channel: metric, Level: int(day % 3), Metric: metric}, N: n}
	}
	list := live.Outcomes(202605, []live.Fact{
		at(20260501, "s", "opened", 2), at(20260531, "s", "opened", 3), at(20260500, "s", "opened", 10), // a month rolled up counts too
		at(20260430, "s", "opened", 99), at(20260600, "s", "opened", 99),
		at(20260502, "s", "took.10", 4), at(20260503, "s", "took.10", 1), at(20260503, "s", "booked", 1),
		at(20260503, "", "searches", 7), at(20260503, "s", "fen", -5),
	}, []live.Crowd{{202605, "330100", "s", 3}, {202604, "330100", "s", 9}})
	slices.SortFunc(list, func(a, b observatory.Outcome) int { return strings.Compare(a.Service, b.Service) })
	if len(list) != 2 {
		t.Fatalf("%d rows", len(list))
	}
	entry, s := list[0], list[1]
	got := map[string]string{}
	for _, m := range observatory.Measures() {
		if v := s.Of(m).String(); v != "" && v != "0" {
			got[m.String()] = v
		}
	}
	if d := cmp.Diff(map[string]string{"opened": "15", "people": "3", "fen": "-5"}, got); d != "" || s.Took.String() != "10:5" || s.Month != "2026-05" {
		t.Errorf("%s %s %s", d, s.Took, s.Month)
	}
	for m, want := range map[observatory.Measure]string{observatory.Searches: "7", observatory.Unmet: "0", observatory.Opened: "", observatory.Checked: ""} {
		if got := entry.Of(m).String(); got != want {
			t.Errorf("the entry's %s is %q, want %q", m, got, want)
		}
	}
	for m, want := range map[observatory.Measure]string{observatory.Refused: "0", observatory.Loads: "", observatory.Checked: ""} {
		if got := s.Of(m).String(); got != want {
			t.Errorf("the service's %s is %q, want %q", m, got, want)
		}
	}
}
