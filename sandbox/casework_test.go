package sandbox_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"zhijian/sandbox"
)

// application is what the residence permit's office takes; the address ends as wanted.
func application(end string) object {
	return object{"name": "张小敏", "citizen_number": "11010519491231002X", "address": "文三路 " + end, "reason": "work"}
}

// far asks how far a case is.
func far(t *testing.T, base string, filed object) object {
	t.Helper()
	return got(t, base, "cases.progress", "", object{"no": filed["no"]})
}

func TestCaseworkMovesByTheClock(t *testing.T) {
	t.Parallel()
	watch := monday()
	w := world(t, sandbox.Config{Clock: watch})
	base := w.URLs()["residence_permits"]
	filed := got(t, base, "cases.file", "K1", application("1 号"))
	first := far(t, base, filed)
	if first["state"] != "taken" || first["stage"] != "已受理" || first["parcel"] != "" || first["permit"] != nil {
		t.Fatalf("at first %v", first)
	}
	if s := list(first, "stages"); len(s) != 4 || s[0]["done"] != true || s[1]["done"] != false || s[1]["at"] != "" {
		t.Errorf("stages %v", s)
	}
	watch.Advance(3 * time.Minute)
	if d := far(t, base, filed); d["stage"] != "核对居住登记" || d["state"] != "taken" {
		t.Errorf("after three minutes %v", d)
	}
	watch.Advance(time.Hour)
	done := far(t, base, filed)
	if permit, _ := done["permit"].(string); done["state"] != "accepted" || len(permit) != 12 || done["until"] != "2027-11-23" {
		t.Errorf("after an hour %v", done)
	}
	if again := far(t, base, filed); again["permit"] != done["permit"] {
		t.Error("the permit's number changes")
	}
	parcel := got(t, w.URLs()["parcels"], "parcel.track", "", object{"number": done["parcel"]})
	if parcel["state"] != "signed" || len(list(parcel, "events")) != 4 {
		t.Errorf("parcel %v", parcel)
	}
	if d := got(t, base, "cases.progress", "", object{"no": "JZ20261123999999"}); d["known"] != false {
		t.Errorf("no such case: %v", d)
	}
}

func TestCaseworkMagic(t *testing.T) {
	t.Parallel()
	watch := monday()
	w := world(t, sandbox.Config{Clock: watch})
	base := w.URLs()["residence_permits"]
	refused(t, base, "cases.file", "R", application("44"), "declined")
	refused(t, base, "cases.file", "I", object{"name": "张小敏", "citizen_number": "", "address": "文三路", "reason": "work"}, "incomplete")
	silent(t, base, "cases.file", "S", application("13"))
	silent(t, base, "cases.file", "T", application("45"))
	silent(t, base, "cases.file", "T", application("45"))
	twice := got(t, base, "cases.file", "T", application("45"))
	silent(t, base, "cases.file", "L", application("46"))
	lost := got(t, base, "cases.settled", "", object{"key": "L"})
	if lost["settled"] != true || lost["no"] == twice["no"] || far(t, base, lost)["known"] != true {
		t.Errorf("lost: %v", lost)
	}
	more, denied, back := got(t, base, "cases.file", "M", application("47")), got(t, base, "cases.file", "D", application("48")), got(t, base, "cases.file", "B", application("49"))
	watch.Advance(time.Hour)
	if d := far(t, base, more); d["state"] != "more" || d["more"] == "" || d["stage"] != "等待补正" {
		t.Errorf("more: %v", d)
	}
	whole := application("47")
	whole["extra"] = "房东的说明"
	supplied := got(t, base, "cases.file", "M/2", whole)
	if d := far(t, base, denied); d["state"] != "refused" || d["reason"] == "" || d["permit"] != nil {
		t.Errorf("denied: %v", d)
	}
	waybill := far(t, base, back)["parcel"]
	watch.Advance(time.Hour)
	if d := far(t, base, supplied); d["state"] != "accepted" || d["more"] != "" {
		t.Errorf("supplied: %v", d)
	}
	if d := got(t, w.URLs()["parcels"], "parcel.track", "", object{"number": waybill}); d["state"] != "returned" {
		t.Errorf("sent back: %v", d)
	}
	for _, no := range []string{"", "YZ", "YZ1", "YZ000000000150x", "XX002996544050", "YZ-00000000150"} {
		if d := got(t, w.URLs()["parcels"], "parcel.track", "", object{"number": no}); d["known"] != false {
			t.Errorf("waybill %q: %v", no, d)
		}
	}
	silent(t, w.URLs()["parcels"], "parcel.track", "", object{"number": "YZ002996544013"})
}

func TestACaseIsCalledOff(t *testing.T) {
	t.Parallel()
	base := world(t, sandbox.Config{}).URLs()["residence_permits"]
	filed := got(t, base, "cases.file", "K", application("1 号"))
	if same := got(t, base, "cases.file", "K", application("1 号")); same["no"] != filed["no"] {
		t.Error("one key, two cases")
	}
	refused(t, base, "cases.file", "K", application("2 号"), "key.reused")
	if d := got(t, base, "cases.void", "V", object{"key": "K"}); d["was_settled"] != true {
		t.Errorf("void: %v", d)
	}
	if d := far(t, base, filed); d["known"] != false {
		t.Errorf("a case that was called off: %v", d)
	}
	refused(t, base, "cases.file", "K", application("1 号"), "key.void")
	if d := got(t, base, "cases.settled", "", object{"key": "K"}); d["settled"] != false || d["voided"] != true {
		t.Errorf("settled: %v", d)
	}
}

func TestTheFeeOfACase(t *testing.T) {
	t.Parallel()
	watch := monday()
	base := world(t, sandbox.Config{Clock: watch}).URLs()["id_cards"]
	card := object{"name": "张小敏", "citizen_number": "11010519491231002X", "reason": "lost", "photo": "PH20260011"}
	filed, unbooked := got(t, base, "cases.file", "K", card), got(t, base, "cases.file", "U", changed(card, "photo", "PH20260050"))
	fee := object{"no": filed["no"], "paid": "P1", "amount": 4000}
	refused(t, base, "cases.pay", "P0", fee, "unknown") // not decided yet
	watch.Advance(time.Hour)
	if d := far(t, base, filed); number(d["fee"]) != 4000 || d["window"] == "" {
		t.Fatalf("fee: %v", d)
	}
	refused(t, base, "cases.pay", "P1", changed(fee, "amount", 2000), "amount")
	refused(t, base, "cases.pay", "P2", changed(fee, "paid", ""), "incomplete")
	refused(t, base, "cases.pay", "P3", changed(fee, "no", "SF1"), "unknown")
	refused(t, base, "cases.pay", "P4", changed(fee, "no", unbooked["no"]), "declined")
	if d := got(t, base, "cases.pay", "P5", fee); d["receipt"] == "" {
		t.Errorf("paid: %v", d)
	}
	refused(t, base, "cases.pay", "P6", fee, "settled")
	got(t, base, "cases.void", "V", object{"key": "P5"})
	got(t, base, "cases.pay", "P7", fee)
}

// TestEveryCaseworkProfile: each takes what its page says it takes and comes to an end.
func TestEveryCaseworkProfile(t *testing.T) {
	t.Parallel()
	watch := monday()
	w := world(t, sandbox.Config{Clock: watch})
	offices := having(t, w, "cases.progress")
	if len(offices) < 20 {
		t.Fatalf("only %d", len(offices))
	}
	filed := map[string]object{}
	for name, base := range offices {
		if status, d := ask(t, base, "cases.file", "K0", object{}); status != http.StatusUnprocessableEntity {
			t.Errorf("%s takes nothing at all: %v", name, d)
		}
		with := object{}
		for _, input := range strings.Fields("name citizen_number reason photo address document kind owner plate violation business phone prescription paid amount " +
			"receiver spouse due parent child card skill area text other_plate place happened caller target shop claim draw first child_number") {
			with[input] = "11"
		}
		filed[name] = got(t, base, "cases.file", "K1", with)
	}
	watch.Advance(time.Hour)
	for name, base := range offices {
		if d := far(t, base, filed[name]); d["state"] != "accepted" {
			t.Errorf("%s: %v", name, d)
		}
	}
}

// TestCasesOutliveTheProcess: what was filed, called off and paid is known to the next start on the same folder.
func TestCasesOutliveTheProcess(t *testing.T) {
	t.Parallel()
	dir, watch := folder(t), monday()
	first := world(t, sandbox.Config{Clock: watch, Dir: dir})
	base := first.URLs()["residence_permits"]
	kept, gone := got(t, base, "cases.file", "K", application("1 号")), got(t, base, "cases.file", "G", application("2 号"))
	got(t, base, "cases.void", "V", object{"key": "G"})
	watch.Advance(time.Hour)
	before := far(t, base, kept)
	if err := first.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	base = world(t, sandbox.Config{Clock: watch, Dir: dir}).URLs()["residence_permits"]
	after := far(t, base, kept)
	if after["state"] != "accepted" || after["permit"] != before["permit"] || after["parcel"] != before["parcel"] {
		t.Errorf("before %v, after %v", before, after)
	}
	if d := far(t, base, gone); d["known"] != false {
		t.Errorf("called off: %v", d)
	}
	if again := got(t, base, "cases.file", "K", application("1 号")); again["no"] != kept["no"] {
		t.Errorf("filed again: %v", again)
	}
}

// An office lets go of a filing until it has made what was applied for; what it decided stays.
func TestAFilingIsTakenBack(t *testing.T) {
	t.Parallel()
	watch := monday()
	w := world(t, sandbox.Config{Clock: watch})
	base := w.URLs()["residence_permits"]
	early, late := got(t, base, "cases.file", "E", application("1 号")), got(t, base, "cases.file", "L", application("2 号"))
	got(t, base, "cases.file", "D", application("48"))
	got(t, base, "cases.file", "M", application("47"))
	got(t, base, "cases.file", "N", application("51"))
	got(t, base, "cases.file", "S", application("52"))
	if d := got(t, base, "cases.void", "E/void", object{"key": "E"}); d["voided"] != true || d["was_settled"] != true {
		t.Errorf("taken back early: %v", d)
	}
	if d := far(t, base, early); d["known"] != false {
		t.Errorf("what was taken back is still there: %v", d)
	}
	refused(t, base, "cases.void", "N/void", object{"key": "N"}, "kept")
	silent(t, base, "cases.void", "S/void", object{"key": "S"})
	silent(t, base, "cases.void", "S/void", object{"key": "S"})
	if d := got(t, base, "cases.void", "S/void", object{"key": "S"}); d["voided"] != true {
		t.Errorf("asked the third time: %v", d)
	}
	watch.Advance(12 * time.Minute)
	for _, key := range []string{"L", "D"} {
		refused(t, base, "cases.void", key+"/void", object{"key": key}, "kept")
	}
	if d := far(t, base, late); d["state"] != "accepted" {
		t.Errorf("what was kept: %v", d)
	}
	if d := got(t, base, "cases.void", "M/void", object{"key": "M"}); d["voided"] != true {
		t.Errorf("what waits for more: %v", d)
	}
	if d := got(t, base, "cases.void", "E/void", object{"key": "E"}); d["voided"] != true {
		t.Errorf("taken back again: %v", d)
	}
	if d := got(t, base, "cases.void", "X/void", object{"key": "X"}); d["voided"] != true || d["was_settled"] != false {
		t.Errorf("what was never filed: %v", d)
	}
}
