package sandbox_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zhijian/sandbox"
)

// numberOf reads a person's number off the office's page, as whoever tries the demo does.
func numberOf(t *testing.T, base, phone string) (number, code string) {
	t.Helper()
	answer, err := http.Get(base + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	_, row, ok := strings.Cut(string(b), "<td>"+phone+"</td><td>")
	if !ok {
		t.Fatalf("%s: the page does not list %s", base, phone)
	}
	row, _, _ = strings.Cut(row, "</td></tr>")
	cells := append(strings.Split(row, "</td><td>"), "")
	return cells[0], cells[1]
}

func TestARegisterAnswersTheHolderOnly(t *testing.T) {
	t.Parallel()
	w := world(t, sandbox.Config{})
	exams, people := w.URLs()["education"], w.Residents()
	ticket, _ := numberOf(t, exams, people[0].Phone)
	mine := object{"ticket": ticket, "citizen_number": people[0].CitizenNumber}
	d := got(t, exams, "scores.of", "", mine)
	if d["known"] != true || len(list(d, "papers")) != 3 || number(list(d, "papers")[0]["score"]) < 85 {
		t.Fatalf("scores: %v", d)
	}
	if e := cmp.Diff(d, got(t, world(t, sandbox.Config{}).URLs()["education"], "scores.of", "", mine)); e != "" {
		t.Errorf("the same world, other scores: %s", e)
	}
	for what, with := range map[string]object{
		"somebody else's":  changed(mine, "citizen_number", people[1].CitizenNumber),
		"nobody's":         changed(mine, "citizen_number", "11010519491231002X"),
		"another number":   changed(mine, "ticket", "263300000150"),
		"no number at all": changed(mine, "ticket", "x"),
		"too long":         changed(mine, "ticket", ticket+"1"),
		"out of the world": changed(mine, "ticket", "263399999951"),
	} {
		if d := got(t, exams, "scores.of", "", with); d["known"] != false || len(d) != 2 {
			t.Errorf("%s: %v", what, d)
		}
	}
	if d := got(t, exams, "scores.of", "", changed(mine, "ticket", "263300000100")); d["known"] != true || len(list(d, "papers")) != 0 {
		t.Errorf("…00: %v", d)
	}
	refused(t, exams, "scores.of", "", changed(mine, "ticket", "263300000144"), "window")
	silent(t, exams, "scores.of", "", changed(mine, "ticket", "263300000113"))
}

func TestTwoPeopleAreMagicThemselves(t *testing.T) {
	t.Parallel()
	w := world(t, sandbox.Config{})
	fund, people := w.URLs()["housing_fund"], w.Residents()
	if d := got(t, fund, "account.of", "", object{"citizen_number": people[5].CitizenNumber}); d["known"] != true || len(list(d, "accounts")) != 0 {
		t.Errorf("the sixth has %v", d)
	}
	silent(t, fund, "account.of", "", object{"citizen_number": people[4].CitizenNumber})
	if d := got(t, fund, "account.of", "", object{"citizen_number": people[0].CitizenNumber}); len(list(d, "records")) != 6 || list(d, "records")[1]["month"] != "2026-09" {
		t.Errorf("records %v", d["records"])
	}
}

func TestSecrets(t *testing.T) {
	t.Parallel()
	w := world(t, sandbox.Config{})
	parcels, courts, p := w.URLs()["parcels"], w.URLs()["courts"], w.Residents()[2]
	bill, _ := numberOf(t, parcels, p.Phone)
	if d := got(t, parcels, "parcel.of", "", object{"number": bill, "tail": "0003"}); d["known"] != true || len(list(d, "events")) == 0 {
		t.Errorf("parcel: %v", d)
	}
	if d := got(t, parcels, "parcel.of", "", object{"number": bill, "tail": "0004"}); d["known"] != false {
		t.Errorf("a wrong tail: %v", d)
	}
	no, code := numberOf(t, courts, p.Phone)
	if d := got(t, courts, "case.of", "", object{"number": no, "code": code}); d["known"] != true || d["court"] == "" {
		t.Errorf("case: %v", d)
	}
	if d := got(t, courts, "case.of", "", object{"number": no, "code": ""}); d["known"] != false {
		t.Errorf("no code: %v", d)
	}
	own := got(t, courts, "cases.of", "", object{"citizen_number": p.CitizenNumber})
	if list(own, "cases")[0]["number"] != no {
		t.Errorf("own cases %v, the page says %s", own, no)
	}
}

// TestThingsGoOn: a parcel is never back where it was, and a queue moves every few minutes.
func TestThingsGoOn(t *testing.T) {
	t.Parallel()
	watch := monday()
	w := world(t, sandbox.Config{Clock: watch})
	parcels, clinic, p := w.URLs()["parcels"], w.URLs()["clinic"], w.Residents()[0]
	bill, _ := numberOf(t, parcels, p.Phone)
	seat, _ := numberOf(t, clinic, p.Phone)
	events, positions := 0, map[int]bool{}
	for range 60 {
		watch.Advance(time.Hour + time.Minute)
		d := got(t, parcels, "parcel.of", "", object{"number": bill, "tail": "0001"})
		if n := len(list(d, "events")); n < events {
			t.Fatalf("%d events after %d", n, events)
		} else {
			events = n
		}
		q := got(t, clinic, "queue.of", "", object{"number": seat, "phone": "+86" + p.Phone})
		positions[number(q["ahead"])] = true
		if q["called"] != (number(q["ahead"]) == 0) {
			t.Errorf("queue %v", q)
		}
	}
	d := got(t, parcels, "parcel.of", "", object{"number": bill, "tail": "0001"})
	if d["finished"] != true || d["state"] != "已签收" || len(positions) != 10 {
		t.Errorf("after 61 hours: %v; %d positions", d, len(positions))
	}
}

func TestLottery(t *testing.T) {
	t.Parallel()
	w := world(t, sandbox.Config{})
	won := 0
	for _, p := range w.Residents()[6:24] {
		no, _ := numberOf(t, w.URLs()["plate_lottery"], p.Phone)
		d := got(t, w.URLs()["plate_lottery"], "draw.of", "", object{"number": no, "phone": p.Phone})
		if d["valid"] != true || d["period"] != "2026-10" || d["next"] != "2026-12-26" || len(list(d, "draws")) != 3 {
			t.Errorf("draw: %v", d)
		}
		if d["won"] == true {
			won++
		}
	}
	if won == 0 || won == 18 {
		t.Errorf("%d of 18 won", won)
	}
}

func TestFeeds(t *testing.T) {
	t.Parallel()
	w := world(t, sandbox.Config{})
	jobs, limits := w.URLs()["jobs"], w.URLs()["restriction"]
	for want, with := range map[int]object{
		11: {}, 2: {"trade": "all", "words": "高新"}, 3: {"trade": "factory"}, 1: {"trade": "factory", "words": "质检"}, 0: {"trade": "none"},
	} {
		if n := len(list(got(t, jobs, "jobs.find", "", with), "items")); n != want {
			t.Errorf("%v finds %d, want %d", with, n, want)
		}
	}
	if n := len(list(got(t, jobs, "jobs.find", "", object{"words": "岗位00"}), "items")); n != 0 {
		t.Errorf("…00 finds %d", n)
	}
	silent(t, jobs, "jobs.find", "", object{"words": "岗位13"})
	if d := list(got(t, limits, "restriction.on", "", object{"date": "2026-11-13"}), "items"); len(d) != 1 || d[0]["tails"] != "5 和 0" {
		t.Errorf("a Friday, the 13th: %v", d)
	}
	if d := list(got(t, limits, "restriction.on", "", object{"date": "2026-11-28"}), "items"); len(d) != 0 {
		t.Errorf("a Saturday: %v", d)
	}
	if d := list(got(t, limits, "restriction.on", "", object{"date": "someday"}), "items"); len(d) != 0 {
		t.Errorf("no day: %v", d)
	}
}

func TestTransit(t *testing.T) {
	t.Parallel()
	watch := monday()
	w := world(t, sandbox.Config{Clock: watch})
	bus, metro := w.URLs()["bus"], w.URLs()["metro"]
	both := list(got(t, bus, "line.stops", "", object{"line": "26"}), "items")
	if len(both) != 10 || both[0]["towards"] != "科技园" || both[9]["towards"] != "汽车北站" {
		t.Fatalf("stops: %v", both)
	}
	third := got(t, bus, "arrivals.at", "", object{"stop": both[2]["id"]})
	next := list(third, "items")
	if third["stop"] != "演示广场" || len(next) != 3 || number(next[0]["minutes"]) > 9 || number(next[0]["stops"]) > 2 {
		t.Errorf("arrivals: %v", third)
	}
	for _, bad := range []string{"", "9-0-0", "0-2-0", "0-0-99", "a-b-c", "0--1-0"} {
		if d := got(t, bus, "arrivals.at", "", object{"stop": bad}); d["known"] != false {
			t.Errorf("stop %q: %v", bad, d)
		}
	}
	if d := got(t, bus, "line.stops", "", object{"line": "999"}); d["known"] != false {
		t.Errorf("no such line: %v", d)
	}
	silent(t, bus, "line.stops", "", object{"line": "13路"})
	way := got(t, metro, "way.find", "", object{"from": "火车东站", "to": "机场"})
	if way["known"] != true || number(way["changes"]) != 1 || number(way["minutes"]) != 20 || number(way["fare"]) != 300 {
		t.Errorf("way: %v", way)
	}
	for _, to := range []string{"火车东站", "月球"} {
		if d := got(t, metro, "way.find", "", object{"from": "火车东站", "to": to}); d["known"] != false {
			t.Errorf("to %s: %v", to, d)
		}
	}
	watch.Advance(13*time.Hour + 50*time.Minute) // 23:50
	if d := got(t, bus, "arrivals.at", "", object{"stop": both[0]["id"]}); len(list(d, "items")) != 0 || d["last"] != "22:00" {
		t.Errorf("after the last: %v", d)
	}
}

func TestTides(t *testing.T) {
	t.Parallel()
	sea := world(t, sandbox.Config{}).URLs()["sea"]
	waters := list(got(t, sea, "tide.on", "", object{"port": "p01", "date": "2026-11-23"}), "items")
	if len(waters) < 3 || len(waters) > 4 {
		t.Fatalf("%d high and low waters: %v", len(waters), waters)
	}
	for i, w := range waters {
		if i > 0 && w["high"] == waters[i-1]["high"] {
			t.Errorf("two in a row: %v", waters)
		}
	}
	if d := got(t, sea, "tide.on", "", object{"port": "p01", "date": "x"}); d["known"] != false {
		t.Errorf("no day: %v", d)
	}
	silent(t, sea, "tide.on", "", object{"port": "p13", "date": "2026-11-23"})
}

// TestBillsOfAllAddUp: the platform tells the bills that the companies tell, until they are paid.
func TestBillsOfAllAddUp(t *testing.T) {
	t.Parallel()
	w := world(t, sandbox.Config{})
	platform, water, p := w.URLs()["bill_platform"], w.URLs()["water"], w.Residents()[0]
	told := func() (own []object) {
		for _, b := range list(got(t, platform, "accounts.of", "", object{"phone": p.Phone}), "bills") {
			if b["kind"] == "水费" {
				own = append(own, b)
			}
		}
		return own
	}
	account, _ := numberOf(t, water, p.Phone)
	bills := list(got(t, water, "account.find", "", object{"account": account}), "items")
	if len(bills) == 0 || len(told()) != len(bills) || told()[0]["amount"] != bills[0]["amount"] || told()[0]["month"] != bills[0]["month"] {
		t.Fatalf("the platform tells %v, the company %v", told(), bills)
	}
	got(t, water, "settle", "k1", object{"account": account, "items": []any{bills[0]["id"]}, "paid": "R1", "amount": bills[0]["amount"]})
	if len(told()) != len(bills)-1 {
		t.Errorf("after payment the platform still tells %v", told())
	}
}

func TestRowsOfARegister(t *testing.T) {
	t.Parallel()
	invoices := world(t, sandbox.Config{}).URLs()["invoices"]
	with := object{"code": "033002600111", "number": "00000051", "amount": "128.00"}
	if d := got(t, invoices, "invoice.check", "", with); d["known"] != true || d["on"] != "2026-10-12" {
		t.Errorf("invoice: %v", d)
	}
	for _, wrong := range []object{changed(with, "amount", "129.00"), changed(with, "number", ""), {}} {
		if d := got(t, invoices, "invoice.check", "", wrong); d["known"] != false {
			t.Errorf("%v: %v", wrong, d)
		}
	}
}

func TestOneOfficeOfTheStreetIsSwitchedByItself(t *testing.T) {
	t.Parallel()
	w := world(t, sandbox.Config{})
	if !w.Switch("jobs", sandbox.Broken) {
		t.Fatal("no such office")
	}
	if status, _ := ask(t, w.URLs()["jobs"], "jobs.find", "", object{}); status != http.StatusServiceUnavailable {
		t.Errorf("jobs: %d", status)
	}
	got(t, w.URLs()["tours"], "routes.find", "", object{})
}
