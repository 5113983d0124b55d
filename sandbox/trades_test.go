package sandbox_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zhijian/sandbox"
)

// having lists the offices of the world that answer a call: the profiles of one type.
func having(t *testing.T, w *sandbox.World, call string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for name, url := range w.URLs() {
		if name == sandbox.SMS || name == sandbox.Pay || name == sandbox.Console {
			continue
		}
		if status, _ := ask(t, url, call, "", object{"region": "330100"}); status == http.StatusOK {
			out[name] = url
		}
	}
	if len(out) < 3 {
		t.Fatalf("only %d offices answer %s", len(out), call)
	}
	return out
}

// account makes an unregistered number with an ending, as long as this biller's numbers are.
func account(t *testing.T, base, end string) string {
	t.Helper()
	for _, digits := range []int{10, 12, 16, 19, 20} {
		n := strings.Repeat("9", digits-2) + end
		if got(t, base, "account.find", "", object{"account": n, "owner": "x"})["known"] == true {
			return n
		}
	}
	t.Fatalf("no number is known at %s", base)
	return ""
}

// owed gives a filing of everything that is open on an account, or of its first offer.
func owed(t *testing.T, base, account string) object {
	t.Helper()
	d := got(t, base, "account.find", "", object{"account": account, "owner": "x"})
	file := object{"account": account, "owner": "x", "paid": "P1"}
	items := list(d, "items")
	if len(items) == 0 {
		items = list(d, "offers")[:1]
	}
	var ids []any
	sum := 0
	for _, i := range items {
		ids, sum = append(ids, i["id"]), sum+number(i["amount"])
	}
	file["items"], file["amount"] = ids, sum
	return file
}

func TestBillersKeepAccounts(t *testing.T) {
	t.Parallel()
	w := world(t, sandbox.Config{})
	for name, base := range having(t, w, "offers.list") {
		if name == "telecom" {
			continue // tells nothing about a number; see below
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, wrong := range []string{"", "12", account(t, base, "00")[1:], strings.Repeat("9", 9) + "x"} {
				if got(t, base, "account.find", "", object{"account": wrong, "owner": "x"})["known"] != false {
					t.Errorf("%q is known", wrong)
				}
			}
			if n := len(list(got(t, base, "account.find", "", object{"account": account(t, base, "00"), "owner": "x"}), "items")); n != 0 {
				t.Errorf("00 owes %d", n)
			}
			twin := owed(t, base, account(t, base, "03"))
			refused(t, base, "settle", "k0", changed(twin, "amount", number(twin["amount"])+1), "amount")
			refused(t, base, "settle", "k0a", changed(twin, "items", []any{"t7"}), "unknown")
			refused(t, base, "settle", "k0b", changed(twin, "paid", ""), "incomplete")
			before := got(t, base, "account.find", "", object{"account": twin["account"], "owner": "x"})
			first := got(t, base, "settle", "k1", twin)
			if d := cmp.Diff(first, got(t, base, "settle", "k1", twin)); d != "" {
				t.Error(d)
			}
			refused(t, base, "settle", "k1", changed(twin, "paid", "P2"), "key.reused")
			if d := got(t, base, "settled", "", object{"key": "k1"}); d["settled"] != true || d["receipt"] != first["receipt"] {
				t.Errorf("settled: %v", d)
			}
			got(t, base, "void", "v", object{"key": "k1"})
			if d := cmp.Diff(before, got(t, base, "account.find", "", object{"account": twin["account"], "owner": "x"})); d != "" {
				t.Errorf("a voided settlement left something: %s", d)
			}
			refused(t, base, "settle", "k1", twin, "key.void")
			silent(t, base, "account.find", "", object{"account": account(t, base, "03")[:len(account(t, base, "03"))-2] + "13", "owner": "x"})
			refused(t, base, "settle", "a", owed(t, base, account(t, base, "44")), "declined")
			late, lost := owed(t, base, account(t, base, "45")), owed(t, base, account(t, base, "46"))
			silent(t, base, "settle", "b", late)
			silent(t, base, "settle", "b", late)
			got(t, base, "settle", "b", late)
			for i, want := range []int{0, 200} {
				if status, _ := ask(t, base, "settle", "c", lost); status != want {
					t.Errorf("46, try %d: %d", i+1, status)
				}
			}
		})
	}
}

// TestOwnedAccountsAreTheHolders: what is about a person is told to nobody else.
func TestOwnedAccountsAreTheHolders(t *testing.T) {
	t.Parallel()
	w := world(t, sandbox.Config{})
	me, other := w.Residents()[1], w.Residents()[2]
	for name, base := range having(t, w, "offers.list") {
		if status, _ := ask(t, base, "accounts.of", "", object{}); status != http.StatusOK {
			continue // anybody with the number may ask
		}
		mine := list(got(t, base, "accounts.of", "", object{"citizen_number": me.CitizenNumber}), "items")
		if len(mine) != 2 || !strings.HasSuffix(mine[1]["account"].(string), "44") {
			t.Errorf("%s: %v", name, mine)
			continue
		}
		mineOnly := object{"account": mine[0]["account"], "owner": me.CitizenNumber}
		if d := got(t, base, "account.find", "", mineOnly); d["known"] != true || strings.Contains(d["holder"].(string), me.Name) {
			t.Errorf("%s: %v", name, d)
		}
		for _, stranger := range []string{other.CitizenNumber, ""} {
			if d := got(t, base, "account.find", "", changed(mineOnly, "owner", stranger)); d["known"] != false || len(list(d, "items")) != 0 || len(list(d, "records")) != 0 {
				t.Errorf("%s tells a stranger: %v", name, d)
			}
		}
	}
}

func TestTelecomTellsNothing(t *testing.T) {
	t.Parallel()
	w := world(t, sandbox.Config{})
	base := w.URLs()["telecom"]
	if status, _ := ask(t, base, "account.find", "", object{"account": w.Residents()[0].Phone}); status != http.StatusNotFound {
		t.Errorf("a number can be looked up: %d", status)
	}
	offer := list(got(t, base, "offers.list", "", object{}), "offers")[0]
	file := object{"account": "+86" + w.Residents()[19].Phone, "items": []any{offer["id"]}, "amount": offer["amount"], "paid": "P1"}
	got(t, base, "settle", "k1", file)
	refused(t, base, "settle", "k2", changed(file, "account", "13800138099"), "unknown")
	refused(t, base, "settle", "k3", changed(file, "items", []any{"5000"}), "unknown")
}

// leaf gives the first resource that has slots.
func leaf(t *testing.T, base string) object {
	t.Helper()
	found := object{}
	for of := ""; ; of = found["id"].(string) {
		items := list(got(t, base, "resources.list", "", object{"region": "330100", "of": of}), "items")
		if len(items) == 0 {
			return found
		}
		found = items[0]
	}
}

func TestSlotsAreNeverSoldTwice(t *testing.T) {
	t.Parallel()
	w := world(t, sandbox.Config{})
	for name, base := range having(t, w, "resources.list") {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := leaf(t, base)
			week := list(got(t, base, "slots.list", "", object{"resource": r["id"]}), "slots")
			if len(week) < 20 {
				t.Fatalf("%v has %d slots in a week", r, len(week))
			}
			slot := week[len(week)-1]
			for _, s := range week {
				if at, err := time.Parse(time.RFC3339, s["start"].(string)); err != nil || at.Before(monday().Now()) {
					t.Errorf("slot %v", s)
				}
				if id := s["id"].(string); !strings.HasSuffix(id, "T1630") && !strings.HasSuffix(id, "T1600") {
					slot = s
				}
			}
			book := object{"slot": slot["id"], "phone": "19900000001", "name": "某人", "paid": "P1", "amount": r["fee"]}
			for i := range number(slot["capacity"]) {
				no := "R" + string(rune('a'+i))
				d := got(t, base, "slots.book", no, changed(book, "reservation", no))
				if e := cmp.Diff(d, got(t, base, "slots.book", no, changed(book, "reservation", no))); e != "" || d["code"] == "" || d["start"] != slot["start"] {
					t.Errorf("%v %s", d, e)
				}
			}
			refused(t, base, "slots.book", "Rz", changed(book, "reservation", "Rz"), "taken")
			got(t, base, "slots.cancel", "Ra", object{"reservation": "Ra"})
			got(t, base, "slots.book", "Rz", changed(book, "reservation", "Rz"))
			if number(r["fee"]) > 0 {
				refused(t, base, "slots.book", "Ry", changed(changed(book, "reservation", "Ry"), "amount", 1), "amount")
				refused(t, base, "slots.book", "Ry", changed(changed(book, "reservation", "Ry"), "paid", ""), "amount")
			}
			at := r["id"].(string)
			for _, wrong := range []string{"", at, at + "@20261124T0905", at + "-1@20261124T0900", at + "9@20261124T0900", "330100@20261124T0900", at + "@20261124T0300"} {
				refused(t, base, "slots.book", "Rx", changed(changed(book, "slot", wrong), "reservation", "Rx"), "incomplete")
			}
			day := slot["id"].(string)[:len(at)+len("@20261124")]
			refused(t, base, "slots.book", "Rw", changed(changed(book, "slot", day+"T1630"), "reservation", "Rw"), "taken")
			if n := len(list(got(t, base, "resources.list", "", object{"region": "33"}), "items")); n != 0 {
				t.Errorf("no region has %d resources", n)
			}
		})
	}
}

// TestWhoBookedWaitsThere: the code of a visit to a doctor is the number one waits under, and on its day the queue is that doctor's.
func TestWhoBookedWaitsThere(t *testing.T) {
	t.Parallel()
	watch := monday()
	w := world(t, sandbox.Config{Clock: watch})
	hospital, clinic, p := w.URLs()["hospital"], w.URLs()["clinic"], w.Residents()[0]
	seat, _ := numberOf(t, clinic, p.Phone)
	queue := func() object { return got(t, clinic, "queue.of", "", object{"number": seat, "phone": p.Phone}) }
	made := queue()
	d := got(t, hospital, "slots.book", "R1", object{
		"slot": "330100-2-4-1@20261124T0900", "reservation": "R1", "phone": "+86" + p.Phone, "name": p.Name, "paid": "P1", "amount": 5000,
	})
	if d["code"] != seat {
		t.Errorf("the code is %v, the queue knows %s", d["code"], seat)
	}
	if now := queue(); now["hospital"] != made["hospital"] || now["dept"] != made["dept"] {
		t.Errorf("the day before: %v", now)
	}
	watch.Advance(22 * time.Hour)
	if now := queue(); now["hospital"] != "城东中医院（演示）" || now["dept"] != "儿科" || now["room"] != "5 号楼 1 层" {
		t.Errorf("on the day: %v", now)
	}
	got(t, hospital, "slots.cancel", "R1", object{"reservation": "R1"})
	if now := queue(); now["hospital"] != made["hospital"] {
		t.Errorf("called off: %v", now)
	}
}

// deal gives the first offer whose code has an ending, ready to buy.
func deal(t *testing.T, base, end string) object {
	t.Helper()
	places := got(t, base, "places.list", "", object{"region": "330100"})
	with := object{"from": list(places, "from")[0]["id"], "date": "2026-11-25"}
	if to := list(places, "to"); len(to) > 0 {
		with["to"] = to[0]["id"]
	}
	d := got(t, base, "search", "", with)
	if d["known"] != true || len(list(d, "items")) == 0 {
		t.Fatalf("search %v: %v", with, d)
	}
	for _, i := range list(d, "items") {
		if strings.HasSuffix(i["id"].(string), end) {
			return object{"offer": i["id"], "name": "某人", "citizen_number": "11010519491231002X", "paid": "P1", "amount": i["fare"], "left": i["left"]}
		}
	}
	t.Fatalf("nothing ends in %s", end)
	return nil
}

func TestTicketsAreSoldByTheDate(t *testing.T) {
	t.Parallel()
	w := world(t, sandbox.Config{})
	for name, base := range having(t, w, "days.list") {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			days := list(got(t, base, "days.list", "", object{}), "items")
			if days[0]["id"] != "2026-11-23" {
				t.Errorf("days %v", days)
			}
			for _, wrong := range []object{{"from": "1", "to": "1", "date": "2026-11-22"}, {"from": "1", "to": "1", "date": "2027-11-22"}, {"from": "9", "to": "1", "date": "2026-11-24"}, {"from": "1", "to": "1", "date": "soon"}, {}} {
				if got(t, base, "search", "", wrong)["known"] != false {
					t.Errorf("%v is known", wrong)
				}
			}
			buy := deal(t, base, "11")
			if status, _ := ask(t, base, "sell", "k", buy); name == "train" {
				if status != http.StatusNotFound {
					t.Errorf("a railway sells here: %d", status)
				}
				return
			}
			first := got(t, base, "sell", "k", buy)
			if left := number(deal(t, base, "11")["left"]); left != number(buy["left"])-1 {
				t.Errorf("%v left before, %d after", buy["left"], left)
			}
			if d := cmp.Diff(first, got(t, base, "sell", "k", buy)); d != "" {
				t.Error(d)
			}
			second := got(t, base, "sell", "k2", buy)
			if second["seat"] == first["seat"] && first["seat"] != "" {
				t.Errorf("one seat twice: %v %v", first, second)
			}
			got(t, base, "cancel", "v", object{"key": "k"})
			if d := got(t, base, "sold", "", object{"key": "k"}); d["settled"] != false || d["voided"] != true {
				t.Errorf("sold: %v", d)
			}
			if left := number(deal(t, base, "11")["left"]); left != number(buy["left"])-1 {
				t.Errorf("a seat given back is not free: %v before, %d after", buy["left"], left)
			}
			refused(t, base, "sell", "k3", changed(buy, "amount", 1), "amount")
			refused(t, base, "sell", "k4", changed(buy, "citizen_number", ""), "incomplete")
			refused(t, base, "sell", "k5", changed(buy, "offer", strings.Replace(buy["offer"].(string), "2026-11-25", "2026-11-20", 1)), "unknown")
			refused(t, base, "sell", "k6", deal(t, base, "44"), "declined")
			for i, want := range []int{0, 200} {
				if status, _ := ask(t, base, "sell", "c", deal(t, base, "46")); status != want {
					t.Errorf("46, try %d: %d", i+1, status)
				}
			}
		})
	}
}

// TestSoldOut fills a coach.
func TestSoldOut(t *testing.T) {
	t.Parallel()
	w := world(t, sandbox.Config{})
	base := w.URLs()["coach"]
	buy := deal(t, base, "12")
	seats := map[any]bool{}
	for i := range number(buy["left"]) {
		seats[got(t, base, "sell", "k"+string(rune('A'+i)), buy)["seat"]] = true
	}
	if len(seats) != number(buy["left"]) {
		t.Errorf("%d seats of %v", len(seats), buy["left"])
	}
	refused(t, base, "sell", "last", buy, "taken")
	refused(t, base, "sell", "none", deal(t, base, "00"), "taken")
}

// TestOneProfileDown: offices of one type share a server, not their fate.
func TestOneProfileDown(t *testing.T) {
	t.Parallel()
	w := world(t, sandbox.Config{})
	if !w.Switch("water", sandbox.Broken) {
		t.Fatal("water has no switch")
	}
	if status, _ := ask(t, w.URLs()["water"], "offers.list", "", object{}); status != http.StatusServiceUnavailable {
		t.Errorf("water answers %d", status)
	}
	got(t, w.URLs()["gas"], "offers.list", "", object{})
}
