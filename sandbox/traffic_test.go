package sandbox_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zhijian/sandbox"
)

func number(v any) int {
	f, _ := v.(float64)
	return int(f)
}

func list(d object, name string) []object {
	var out []object
	items, _ := d[name].([]any)
	for _, e := range items {
		out = append(out, e.(object))
	}
	return out
}

func TestFiveAreOne(t *testing.T) {
	t.Parallel()
	w := world(t, sandbox.Config{})
	me, other := w.Residents()[0], w.Residents()[1]
	right := object{
		"name": me.Name, "citizen_number": me.CitizenNumber, "phone": "+86" + me.Phone, "card_holder_number": me.CitizenNumber, "plate": me.Vehicles[1].Plate,
	}
	if got(t, w.URLs()[sandbox.Traffic], "identity.five", "", right)["match"] != true {
		t.Fatal("the five do not match")
	}
	for name, wrong := range map[string]string{
		"name": other.Name + "二", "citizen_number": other.CitizenNumber, "phone": other.Phone, "card_holder_number": other.CitizenNumber, "plate": other.Vehicles[0].Plate,
	} {
		with := object{}
		for k, v := range right {
			with[k] = v
		}
		with[name] = wrong
		if d := cmp.Diff(object{"match": false}, got(t, w.URLs()[sandbox.Traffic], "identity.five", "", with)); d != "" {
			t.Errorf("another %s: %s", name, d)
		}
	}
}

func TestViolationsAreForTheOwner(t *testing.T) {
	t.Parallel()
	w := world(t, sandbox.Config{})
	traffic, me := w.URLs()[sandbox.Traffic], w.Residents()[0]
	car := me.Vehicles[0]
	own := got(t, traffic, "violations.find", "", object{"plate": car.Plate, "owner": me.CitizenNumber})
	if own["known"] != true || own["scope"] != "owner" || len(list(own, "items")) != 2 {
		t.Fatalf("own car: %v", own)
	}
	for _, v := range list(own, "items") {
		if len(v["decision"].(string)) != 16 || number(v["fine"])%5000 != 0 || number(v["fine"]) > 20000 || v["licence"] != me.Licence.FileNumber || v["plate"] != car.Plate {
			t.Errorf("violation %v", v)
		}
		if at, err := time.Parse(time.RFC3339, v["at"].(string)); err != nil || !at.Before(monday().Now()) {
			t.Errorf("at %v", v["at"])
		}
	}
	seen := got(t, traffic, "violations.find", "", object{"plate": car.Plate, "engine": car.Engine[2:]})
	if seen["scope"] != "other" || len(list(seen, "items")) != 2 || len(list(seen, "items")[0]) != 2 || number(list(seen, "items")[0]["fine"]) == 0 {
		t.Errorf("by engine number: %v", seen)
	}
	unknown := got(t, traffic, "violations.find", "", object{"plate": "浙A0A000"})
	for name, with := range map[string]object{
		"nothing besides":     {"plate": car.Plate},
		"another's number":    {"plate": car.Plate, "owner": w.Residents()[1].CitizenNumber},
		"another engine":      {"plate": car.Plate, "engine": "000000"},
		"an empty engine":     {"plate": car.Plate, "engine": ""},
		"engine in five":      {"plate": car.Plate, "engine": car.Engine[3:]},
		"a plate of nobody's": {"plate": "浙A0A0A9", "owner": me.CitizenNumber},
	} {
		if d := cmp.Diff(unknown, got(t, traffic, "violations.find", "", with)); d != "" {
			t.Errorf("%s is not like an unknown plate: %s", name, d)
		}
	}
}

func TestMostPeopleHaveOrdinaryFines(t *testing.T) {
	t.Parallel()
	w := world(t, sandbox.Config{})
	traffic, with, again := w.URLs()[sandbox.Traffic], 0, world(t, sandbox.Config{}).URLs()[sandbox.Traffic]
	for _, p := range w.Residents() {
		if len(p.Vehicles) == 0 {
			continue
		}
		q := object{"plate": p.Vehicles[0].Plate, "owner": p.CitizenNumber}
		d := got(t, traffic, "violations.find", "", q)
		if n := len(list(d, "items")); n > 3 {
			t.Errorf("%d violations", n)
		} else if n > 0 {
			with++
		}
		if diff := cmp.Diff(d, got(t, again, "violations.find", "", q)); diff != "" {
			t.Errorf("the same seed gave another world: %s", diff)
		}
	}
	if with < 80 {
		t.Errorf("only %d of 200 people have an ordinary fine", with)
	}
}

// fine finds the violations of a person's vehicle and what a settlement of all needs.
func fine(t *testing.T, base string, p sandbox.Person, vehicle int) object {
	t.Helper()
	var decisions []string
	sum := 0
	for _, v := range list(got(t, base, "violations.find", "", object{"plate": p.Vehicles[vehicle].Plate, "owner": p.CitizenNumber}), "items") {
		decisions = append(decisions, v["decision"].(string))
		sum += number(v["fine"])
	}
	return object{"decisions": decisions, "paid": "P1", "amount": sum, "owner": p.CitizenNumber}
}

func changed(with object, name string, v any) object {
	out := object{}
	for k, e := range with {
		out[k] = e
	}
	out[name] = v
	return out
}

func TestSettleOnceAndOnlyOnce(t *testing.T) {
	t.Parallel()
	w := world(t, sandbox.Config{})
	traffic, me := w.URLs()[sandbox.Traffic], w.Residents()[0]
	pay := fine(t, traffic, me, 0)
	before := number(got(t, traffic, "points.of", "", object{"citizen_number": me.CitizenNumber})["points"])
	refused(t, traffic, "violations.settle", "k0", changed(pay, "amount", pay["amount"].(int)+1), "amount")
	refused(t, traffic, "violations.settle", "k1", changed(pay, "owner", w.Residents()[1].CitizenNumber), "unknown")
	refused(t, traffic, "violations.settle", "k2", changed(pay, "decisions", []string{"0000000000000000"}), "unknown")
	refused(t, traffic, "violations.settle", "k3", changed(pay, "decisions", []string{}), "incomplete")
	if status, _ := ask(t, traffic, "violations.settle", "", pay); status != http.StatusBadRequest {
		t.Errorf("without a key: %d", status)
	}
	first := got(t, traffic, "violations.settle", "k4", pay)
	if number(first["total_points"]) != before+number(first["points"]) || first["receipt"] == "" || first["released_at"] != "2026-11-23T10:00:00+08:00" {
		t.Errorf("settled: %v, before %d", first, before)
	}
	if d := cmp.Diff(first, got(t, traffic, "violations.settle", "k4", pay)); d != "" {
		t.Errorf("the same key again: %s", d)
	}
	refused(t, traffic, "violations.settle", "k4", changed(pay, "paid", "P2"), "key.reused")
	refused(t, traffic, "violations.settle", "k5", pay, "settled")
	if len(fine(t, traffic, me, 0)["decisions"].([]string)) != 0 {
		t.Error("settled violations are still open")
	}
	asked := got(t, traffic, "violations.settled", "", object{"key": "k4"})
	if asked["settled"] != true || asked["receipt"] != first["receipt"] {
		t.Errorf("asked: %v", asked)
	}
	if d := cmp.Diff(object{"settled": false, "voided": false}, got(t, traffic, "violations.settled", "", object{"key": "k5"})); d != "" {
		t.Errorf("asked for a refused key: %s", d)
	}
	// Voiding gives violations and points back, and the key is dead for ever.
	if v := got(t, traffic, "violations.void", "v1", object{"key": "k4"}); v["was_settled"] != true {
		t.Errorf("void: %v", v)
	}
	got(t, traffic, "violations.void", "v1", object{"key": "k4"})
	if p := got(t, traffic, "points.of", "", object{"citizen_number": me.CitizenNumber}); number(p["points"]) != before {
		t.Errorf("points after void: %v, before %d", p["points"], before)
	}
	refused(t, traffic, "violations.settle", "k4", pay, "key.void")
	got(t, traffic, "violations.void", "k6", object{})
	refused(t, traffic, "violations.settle", "k6", pay, "key.void")
	got(t, traffic, "violations.settle", "k7", pay)
}

func TestMagicPlates(t *testing.T) {
	t.Parallel()
	w := world(t, sandbox.Config{})
	traffic, people := w.URLs()[sandbox.Traffic], w.Residents()
	refusedPlate := fine(t, traffic, people[1], 1)
	if refusedPlate["amount"] != 15000 {
		t.Errorf("浙A12344: %v", refusedPlate)
	}
	refused(t, traffic, "violations.settle", "a", refusedPlate, "declined")
	twice := fine(t, traffic, people[2], 1)
	for range 2 {
		silent(t, traffic, "violations.settle", "b", twice)
		if got(t, traffic, "violations.settled", "", object{"key": "b"})["settled"] != false {
			t.Error("silent, but settled")
		}
	}
	if d := got(t, traffic, "violations.settle", "b", twice); number(d["points"]) != 3 {
		t.Errorf("third time: %v", d)
	}
	lost := fine(t, traffic, people[3], 1)
	if status, _ := ask(t, traffic, "violations.settle", "c", lost); status != 0 {
		t.Errorf("answer not lost: %d", status)
	}
	if d := got(t, traffic, "violations.settled", "", object{"key": "c"}); d["settled"] != true {
		t.Errorf("lost, but not settled: %v", d)
	}
	got(t, traffic, "violations.settle", "c", lost)
	silent(t, traffic, "violations.find", "", object{"plate": "浙A12313"})
	if d := fine(t, traffic, people[5], 1); len(d["decisions"].([]string)) != 0 {
		t.Errorf("浙A12300: %v", d)
	}
	more := got(t, traffic, "violations.issue", "more", object{"plate": people[5].Vehicles[0].Plate, "count": 5})
	if len(list(more, "items")) != 5 {
		t.Errorf("issued: %v", more)
	}
	if status, _ := ask(t, traffic, "violations.unheard", "", object{}); status != http.StatusNotFound {
		t.Errorf("unknown call: %d", status)
	}
}

func TestPointsAndVehicles(t *testing.T) {
	t.Parallel()
	w := world(t, sandbox.Config{})
	traffic := w.URLs()[sandbox.Traffic]
	for i, p := range w.Residents()[:60] {
		d := got(t, traffic, "points.of", "", object{"citizen_number": p.CitizenNumber})
		if number(d["points"]) != p.Licence.Points || number(d["of"]) != 12 || d["known"] != (p.Licence.FileNumber != "") {
			t.Errorf("%d: %v, want %d", i, d, p.Licence.Points)
		}
		if v := list(got(t, traffic, "vehicles.of", "", object{"citizen_number": p.CitizenNumber}), "items"); len(v) != len(p.Vehicles) {
			t.Errorf("%d: %v", i, v)
		}
	}
	if d := got(t, traffic, "points.of", "", object{"citizen_number": "11010519491231002X"}); d["known"] != false {
		t.Errorf("a stranger: %v", d)
	}
}
