package server_test

import (
	"net/http"
	"testing"
	"time"

	"zhijian/domain/observatory"
	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/server"
	"zhijian/store/editions"
	"zhijian/store/sqldb"
	"zhijian/testkit"
	"zhijian/testkit/house"
)

// A service of a city's own is counted under a number of its own: none of the catalogue's, the same on every node and after every start.
func TestOwnServicesHaveNumbers(t *testing.T) {
	t.Parallel()
	if observatory.OwnPrefix != service.OwnPrefix {
		t.Errorf("the observatory knows them by %q", observatory.OwnPrefix)
	}
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		ctx := t.Context()
		number := func(node server.VisitNumbers, id string) uint16 {
			t.Helper()
			v, err := node.Visit(ctx, door.Visit{Kind: door.VisitView, Region: "330100", Service: id, At: testkit.Now()})
			if err != nil {
				t.Fatal(err)
			}
			return v.Service
		}
		one, other := server.NewVisitNumbers(db), server.NewVisitNumbers(db)
		pass, lamp := number(one, "own-pass"), number(other, "own-lamp")
		if pass < 1<<15 || lamp < 1<<15 || pass == lamp {
			t.Errorf("numbers %d and %d", pass, lamp)
		}
		for name, node := range map[string]server.VisitNumbers{"the same node": one, "another node": other, "after a start": server.NewVisitNumbers(db)} {
			if a, b := number(node, "own-pass"), number(node, "own-lamp"); a != pass || b != lamp {
				t.Errorf("%s has %d and %d, want %d and %d", name, a, b, pass, lamp)
			}
			if n := number(node, "water-bill-payment"); n == 0 || n > 101 {
				t.Errorf("%s has %d for a kind of the catalogue", name, n)
			}
			if n := number(node, ""); n != 0 {
				t.Errorf("%s has %d for a page of no service", name, n)
			}
		}
	})
}

// TestOwnServiceIsMeasured: what a department made itself is in the tables of the house under its own id, with its visits and what came of it.
func TestOwnServiceIsMeasured(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	clerk, second := visitor(t, h), visitor(t, h)
	clerk.staffIn("traffic-police")
	at := clerk.begins("application", "通行证申请", "pass")
	clerk.based(at)
	clerk.into("/state", map[string]string{"what": "submit", "reason": "写好了，请看"})
	second.staffIn("traffic-police-2")
	second.open(at)
	second.into("/state", map[string]string{"what": "approve", "reason": "看过了"})
	second.into("/state", map[string]string{"what": "publish"})
	second.status(http.StatusOK)
	r := resident(t, h, h.Resident(t, "L4", 0))
	r.until("/city/hangzhou/services/own-pass", "通行证申请")
	r.send("/start", nil)
	r.submit(nil)
	second.open("/console/observatory")
	second.reads("通行证申请")
	h.Clock.Advance(time.Minute)
	h.Count(t) // which shuts the house
	g, err := server.Gather(t.Context(), server.Config{Data: h.Data, Database: h.Database, Clock: h.Clock, Log: testkit.Log(t), Unsafe: true}, "live-own", "")
	if err != nil || len(g.Refused) > 0 {
		t.Fatalf("refused %v, %v", g.Refused, err)
	}
	facts, _, err := editions.Open(h.Data).Facts("live-own")
	if err != nil {
		t.Fatal(err)
	}
	launched, counted := false, false
	for _, l := range facts.Launches {
		launched = launched || l.Region == "330100" && l.Service == "own-pass" && l.Launched && l.Visits > 0
	}
	for _, o := range facts.Outcomes {
		opened, _ := o.Of(observatory.Opened).N()
		counted = counted || o.Region == "330100" && o.Service == "own-pass" && opened == 1 && o.Account == "hzjj"
	}
	if !launched || !counted {
		t.Errorf("in the tables: launched with visits %v, opened %v", launched, counted)
	}
}
