package sandbox_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zhijian/sandbox"
)

func TestRegisters(t *testing.T) {
	t.Parallel()
	w := world(t, sandbox.Config{})
	p, other := w.Residents()[0], w.Residents()[1]
	who := object{"name": p.Name, "citizen_number": p.CitizenNumber, "phone": p.Phone, "card_number": p.BankCard}
	if got(t, w.URLs()[sandbox.Population], "match", "", who)["match"] != true {
		t.Error("the register does not know its own")
	}
	d := cmp.Diff(object{"match": true, "bank": p.BankName, "tail": p.BankCard[len(p.BankCard)-4:]}, got(t, w.URLs()[sandbox.Bank], "holder", "", who))
	if d != "" {
		t.Error(d)
	}
	for name, wrong := range map[string]string{"name": "某人", "citizen_number": other.CitizenNumber, "phone": other.Phone, "card_number": other.BankCard} {
		with := changed(who, name, wrong)
		if name != "card_number" && got(t, w.URLs()[sandbox.Population], "match", "", with)["match"] != false {
			t.Errorf("register: another %s", name)
		}
		if d := cmp.Diff(object{"match": false, "bank": "", "tail": ""}, got(t, w.URLs()[sandbox.Bank], "holder", "", with)); d != "" {
			t.Errorf("bank: another %s: %s", name, d)
		}
	}
}

func TestElectricity(t *testing.T) {
	t.Parallel()
	w := world(t, sandbox.Config{})
	power, p := w.URLs()[sandbox.Electricity], w.Residents()[0]
	bills := got(t, power, "bill.find", "", object{"account": p.Electricity})
	if bills["known"] != true || strings.Contains(bills["holder"].(string), p.Name) || len(list(bills, "items")) == 0 {
		t.Fatalf("bills: %v", bills)
	}
	var ids []string
	sum := 0
	for _, b := range list(bills, "items") {
		ids = append(ids, b["id"].(string))
		sum += number(b["amount"])
		if last := number(b["amount"]) % 100; last >= 1 && last <= 9 {
			t.Errorf("an ordinary bill with a magic amount: %v", b)
		}
	}
	pay := object{"account": p.Electricity, "items": ids, "paid": "P1", "amount": sum}
	refused(t, power, "bill.settle", "k0", changed(pay, "amount", sum-1), "amount")
	first := got(t, power, "bill.settle", "k1", pay)
	if d := cmp.Diff(first, got(t, power, "bill.settle", "k1", pay)); d != "" {
		t.Error(d)
	}
	refused(t, power, "bill.settle", "k2", pay, "settled")
	if len(list(got(t, power, "bill.find", "", object{"account": p.Electricity}), "items")) != 0 {
		t.Error("paid bills are still open")
	}
	got(t, power, "bill.void", "v", object{"key": "k1"})
	refused(t, power, "bill.settle", "k1", pay, "key.void")
	got(t, power, "bill.settle", "k3", pay)
	if items := list(got(t, power, "bill.issue", "more", object{"account": p.Electricity, "count": 2}), "items"); len(items) != 2 {
		t.Errorf("issued: %v", items)
	}
	for _, unknown := range []string{"", "3300000001", "330000000144", "33000000x0"} {
		if got(t, power, "bill.find", "", object{"account": unknown})["known"] != (unknown == "3300000001") {
			t.Errorf("account %q", unknown)
		}
	}
}

func TestMagicAccounts(t *testing.T) {
	t.Parallel()
	w := world(t, sandbox.Config{})
	power := w.URLs()[sandbox.Electricity]
	open := func(end string) object {
		t.Helper()
		account := "33777777" + end
		b := list(got(t, power, "bill.find", "", object{"account": account}), "items")
		if len(b) != 1 {
			t.Fatalf("%s: %v", account, b)
		}
		return object{"account": account, "items": []any{b[0]["id"]}, "paid": "P1", "amount": b[0]["amount"]}
	}
	for _, end := range []string{"01", "02", "03", "04", "05"} {
		if n := number(open(end)["amount"]); n%100 != int(end[1]-'0') {
			t.Errorf("%s: %d fen", end, n)
		}
	}
	if n := len(list(got(t, power, "bill.find", "", object{"account": "3377777700"}), "items")); n != 0 {
		t.Errorf("00: %d bills", n)
	}
	silent(t, power, "bill.find", "", object{"account": "3377777713"})
	refused(t, power, "bill.settle", "a", open("44"), "declined")
	b, c := open("45"), open("46")
	silent(t, power, "bill.settle", "b", b)
	silent(t, power, "bill.settle", "b", b)
	got(t, power, "bill.settle", "b", b)
	for i, want := range []int{0, 200} {
		if status, _ := ask(t, power, "bill.settle", "c", c); status != want {
			t.Errorf("46, try %d: %d", i+1, status)
		}
	}
}

func TestHallSellsNoPlaceTwice(t *testing.T) {
	t.Parallel()
	w := world(t, sandbox.Config{})
	hall := w.URLs()[sandbox.Hall]
	halls := list(got(t, hall, "halls.list", "", object{"region": "330100"}), "halls")
	if len(halls) != 3 || len(list(got(t, hall, "matters.list", "", object{"hall": halls[0]["id"]}), "matters")) != 8 {
		t.Fatalf("halls: %v", halls)
	}
	week := list(got(t, hall, "slots.list", "", object{"hall": halls[0]["id"], "days": 7}), "slots")
	if len(week) != 4*11+9 { // from Monday 10:00 on: 9 more today
		t.Errorf("%d slots in a week", len(week))
	}
	for _, s := range week {
		at, err := time.Parse(time.RFC3339, s["start"].(string))
		if err != nil || at.Weekday() == time.Saturday || at.Weekday() == time.Sunday || at.Before(monday().Now()) {
			t.Errorf("slot %v", s)
		}
	}
	slot := object{}
	for _, s := range week {
		if s["id"] == "330100-1@20261124T0900" {
			slot = s
		}
	}
	book := object{"slot": slot["id"], "name": "某人", "phone": "19900000001", "matter": "m1"}
	room := number(slot["capacity"])
	if room < 3 || room > 8 || number(slot["left"]) != room {
		t.Fatalf("slot %v", slot)
	}
	var codes []string
	for i := range room {
		no := "R" + string(rune('a'+i))
		d := got(t, hall, "slots.book", no, changed(book, "reservation", no))
		if e := cmp.Diff(d, got(t, hall, "slots.book", no, changed(book, "reservation", no))); e != "" {
			t.Error(e)
		}
		codes = append(codes, d["code"].(string))
	}
	slices.Sort(codes)
	if len(slices.Compact(codes)) != room {
		t.Errorf("codes %v", codes)
	}
	refused(t, hall, "slots.book", "Rz", changed(book, "reservation", "Rz"), "taken")
	if d := got(t, hall, "slots.cancel", "Ra", object{"reservation": "Ra"}); d["was_booked"] != true {
		t.Errorf("cancel: %v", d)
	}
	got(t, hall, "slots.cancel", "Ra", object{"reservation": "Ra"})
	refused(t, hall, "slots.book", "Ra", changed(book, "reservation", "Ra"), "cancelled")
	got(t, hall, "slots.book", "Rz", changed(book, "reservation", "Rz"))
	refused(t, hall, "slots.book", "Ry", changed(book, "reservation", "Ry"), "taken")
}

func TestMagicSlots(t *testing.T) {
	t.Parallel()
	w := world(t, sandbox.Config{})
	hall := w.URLs()[sandbox.Hall]
	book := object{"slot": "330100-1@20261124T1630", "name": "某人", "phone": "19900000001", "matter": "m1", "reservation": "R1"}
	refused(t, hall, "slots.book", "R1", book, "taken")
	lost := changed(changed(book, "slot", "330100-1@20261124T1600"), "reservation", "R2")
	if status, _ := ask(t, hall, "slots.book", "R2", lost); status != 0 {
		t.Errorf("answer not lost: %d", status)
	}
	if d := got(t, hall, "slots.booked", "", object{"reservation": "R2"}); d["booked"] != true || d["code"] == "" {
		t.Errorf("booked: %v", d)
	}
	got(t, hall, "slots.book", "R2", lost)
	refused(t, hall, "slots.book", "R2", changed(lost, "slot", "330100-1@20261124T0900"), "reservation.used")
	got(t, hall, "slots.cancel", "R3", object{"reservation": "R3"})
	refused(t, hall, "slots.book", "R3", changed(lost, "reservation", "R3"), "cancelled")
	for _, slot := range []string{"", "330100-1@20261124T0905", "330100-1@20261128T0900", "330100-9@20261124T0900", "330100-1@2026"} {
		refused(t, hall, "slots.book", "R4", changed(changed(book, "slot", slot), "reservation", "R4"), "incomplete")
	}
	refused(t, hall, "slots.book", "R5", changed(changed(book, "slot", "330100-1@20261123T0900"), "reservation", "R5"), "past")
}

func TestWeather(t *testing.T) {
	t.Parallel()
	a, b := world(t, sandbox.Config{}), world(t, sandbox.Config{})
	for _, region := range []string{"330100", "110000", "650100"} {
		d := got(t, a.URLs()[sandbox.Weather], "forecast", "", object{"region": region})
		if e := cmp.Diff(d, got(t, b.URLs()[sandbox.Weather], "forecast", "", object{"region": region})); e != "" {
			t.Error(e)
		}
		days := list(d, "days")
		if d["known"] != true || len(days) != 7 || days[0]["date"] != "2026-11-23" || d["as_of"] != "2026-11-23T10:00:00+08:00" {
			t.Errorf("forecast: %v", d)
		}
		for _, day := range days {
			if number(day["low"]) >= number(day["high"]) {
				t.Errorf("day %v", day)
			}
		}
		if now := d["now"].(object); number(now["temp"]) > number(days[0]["high"]) || number(now["temp"]) < number(days[0]["low"]) {
			t.Errorf("now %v, today %v", now, days[0])
		}
	}
	if d := got(t, a.URLs()[sandbox.Weather], "forecast", "", object{"region": "33"}); d["known"] != false {
		t.Errorf("no region: %v", d)
	}
}
