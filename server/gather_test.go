package server_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"zhijian/catalog"
	"zhijian/domain/observatory"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/server"
	"zhijian/store/editions"
	"zhijian/testkit"
	"zhijian/testkit/house"
)

// TestGather: what residents did becomes an edition of the house, by the command and by night, and its facts are what its log says.
func TestGather(t *testing.T) {
	t.Parallel()
	house.Both(t, func(t *testing.T, h *house.House) {
		who := h.Resident(t, "L4", 0)
		p := resident(t, h, who)
		p.toCashier(who.Plates[0])
		p.pay()
		p.ends("处理完了")
		p.start("vehicle-violation-query")
		p.submit(map[string]string{"plate": who.Plates[0]})
		for _, q := range []string{"违章", "飞碟"} {
			p.get("/city/hangzhou/search?q=" + q)
			p.status(http.StatusOK)
		}
		h.Restart(t) // which says what was searched
		shelf := editions.Open(h.Data)
		day := h.Clock.Now().In(clock.Shanghai).Format(time.DateOnly)
		h.Pass(t, 20*time.Minute, "the night's edition", func() bool {
			m, err := shelf.Manifest("live-" + day)
			return err == nil && len(m.Exhibits) > 0
		})
		anybody := visitor(t, h) // sees it, with what was not counted
		for _, path := range []string{"", "/exhibits/service-health", "/exhibits/accessibility", "/exhibits/table-9"} {
			anybody.until("/observatory"+path+"?edition=live-"+day, "模拟数据") // the first makes the simulated nation, which may take longer than a page
			anybody.status(http.StatusOK)
		}
		h.Count(t) // which shuts the house
		c := server.Config{Data: h.Data, Database: h.Database, Clock: h.Clock, Log: testkit.Log(t), Unsafe: true}
		if r, err := server.VerifyFacts(t.Context(), c); err != nil || r.Difference != "" || r.People != 2 {
			t.Errorf("the facts: %+v %v", r, err)
		}
		g, err := server.Gather(t.Context(), c, "live-test", "")
		if err != nil {
			t.Fatal(err)
		}
		if !g.Manifest.Simulated || len(g.Refused) > 0 || g.Exhibits == 0 {
			t.Errorf("%+v", g)
		}
		for _, w := range []struct{ exhibit, row, column, want string }{
			{"service-health", "traffic-fine-payment", "opened", "1"},
			{"service-health", "traffic-fine-payment", "share", "100"},
			{"service-health", "traffic-fine-payment", "people", "1"},
			{"service-health", "traffic-fine-payment", "paid", "1"},
			{"promise", "traffic-fine-payment", "promised", "1"},
			{"burden", "vehicle-violation-query", "steps", "1"},
			{"burden", "vehicle-violation-query", "loads", "1"},
			{"burden", "vehicle-violation-query", "departments", "1"},
			{"response", "vehicle-violation-query", "ended", "1"},
			{"unmet", "330100", "searches", "2"},
			{"unmet", "330100", "share", "50"},
			{"accessibility", "330100", "share", ""},
		} {
			e, err := shelf.Exhibit("live-test", w.exhibit)
			if err != nil {
				t.Fatal(err)
			}
			if got, _ := e.Find(w.row, w.column); got.String() != w.want {
				t.Errorf("%s %s %s = %q, want %q", w.exhibit, w.row, w.column, got, w.want)
			}
		}
		for exhibit, want := range map[string]string{ // what no part of the house tells is said not to be counted, and nothing else is
			"accessibility": "nobody counted checked, accessible", "availability": "", "unmet": "", "service-health": "",
		} {
			e, err := shelf.Exhibit("live-test", exhibit)
			if err != nil {
				t.Fatal(err)
			}
			said := ""
			for _, w := range e.Warnings {
				said += w.Text.En
			}
			if !strings.Contains(said, want) || want == "" && strings.Contains(said, "nobody counted") || want != "" && len(e.Rows) > 0 {
				t.Errorf("%s: %d rows, %q", exhibit, len(e.Rows), said)
			}
		}
		cat, err := observatory.LoadCatalog(catalog.FS)
		if err != nil {
			t.Fatal(err)
		}
		if d, _, err := shelf.Verify("live-test", cat); err != nil || d != nil {
			t.Errorf("the edition is not what its tables give: %v %v", d, err)
		}
		if _, err := server.Gather(t.Context(), c, "live-other", "2026-13"); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("a month that is none: %v", err)
		}
	})
}

// visitLog stands for a visit log; err is what it answers.
type visitLog struct{ err error }

func (v visitLog) Services(_ context.Context, month string) ([]observatory.Visited, error) {
	return []observatory.Visited{{Region: "330100", Service: "s", Visits: 7, People: 2}, {Region: "330100", Service: "s", Visits: 1, People: 1}}, v.err
}

func (v visitLog) Accounts(_ context.Context, month string) ([]observatory.Month, error) {
	return []observatory.Month{{Account: "a", Month: month, Active: 3}}, nil
}

// TestGatherVisits: a visit log gives months and loads; without one they are not counted, and what a log has nothing of is 0.
func TestGatherVisits(t *testing.T) {
	t.Parallel()
	broken := errors.New("no log")
	for name, c := range map[string]struct {
		log           observatory.Visits
		months        int
		loads, others string
		err           error
	}{
		"none":   {nil, 0, "", "", nil},
		"one":    {visitLog{}, 1, "8", "0", nil},
		"broken": {visitLog{broken}, 0, "", "", broken},
	} {
		f := &observatory.Facts{Outcomes: []observatory.Outcome{{Region: "330100", Service: "s"}, {Region: "330100", Service: "other"}, {Region: "330100"}}}
		if err := server.AddVisits(t.Context(), c.log, "2026-05", f); !errors.Is(err, c.err) {
			t.Errorf("%s: %v", name, err)
		}
		loads := func(i int) string { return f.Outcomes[i].Of(observatory.Loads).String() }
		if len(f.Months) != c.months || loads(0) != c.loads || loads(1) != c.others || loads(2) != "" {
			t.Errorf("%s: %d months, loads %q, %q, %q", name, len(f.Months), loads(0), loads(1), loads(2))
		}
	}
}
