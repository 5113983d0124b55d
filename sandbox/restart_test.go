package sandbox_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zhijian/ground/clock"
	"zhijian/sandbox"
	"zhijian/sandbox/paychannel"
)

// childDir names the folder of a world that this test binary serves as a process of its own, to be killed.
const childDir = "ZHIJIAN_TEST_SANDBOX_DIR"

func child(dir string) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	if err := sandbox.Run(ctx, sandbox.Config{Seed: 7, Clock: monday(), Dir: dir, RetryScale: 0.002}, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// killable is a world in a process of its own.
type killable struct {
	sandbox.Ready
	process *exec.Cmd
}

func startKillable(t *testing.T, dir string) *killable {
	t.Helper()
	k := &killable{process: exec.Command(os.Args[0])}
	k.process.Env = append(os.Environ(), childDir+"="+dir)
	k.process.Stderr = os.Stderr
	out, err := k.process.StdoutPipe()
	if err == nil {
		err = k.process.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { k.kill() })
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &k.Ready)
	}
	if err != nil {
		t.Fatalf("the world did not start: %v", err)
	}
	return k
}

// kill ends the process as the system would, without a word, and waits until it is gone.
func (k *killable) kill() {
	_ = k.process.Process.Kill()
	_ = k.process.Wait()
}

func TestOfficesRememberAfterAKill(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	w := startKillable(t, dir)
	people := sandbox.People(7, 200)
	me, refusedOne, silentOne, lostOne := people[0], people[1], people[2], people[3]
	traffic, power, hall := w.URLs[sandbox.Traffic], w.URLs[sandbox.Electricity], w.URLs[sandbox.Hall]

	paid := fine(t, traffic, me, 0)
	receipt := got(t, traffic, "violations.settle", "k1", paid)
	undone := fine(t, traffic, people[6], 0)
	got(t, traffic, "violations.settle", "k2", undone)
	got(t, traffic, "violations.void", "v2", object{"key": "k2"})
	got(t, traffic, "violations.void", "k-never", object{})
	refused(t, traffic, "violations.settle", "k3", fine(t, traffic, refusedOne, 1), "declined")
	twice, lost := fine(t, traffic, silentOne, 1), fine(t, traffic, lostOne, 1)
	silent(t, traffic, "violations.settle", "k4", twice)
	if status, _ := ask(t, traffic, "violations.settle", "k5", lost); status != 0 {
		t.Fatalf("the answer was not lost: %d", status)
	}
	issued := got(t, traffic, "violations.issue", "i1", object{"plate": me.Vehicles[1].Plate, "count": 3})
	points := got(t, traffic, "points.of", "", object{"citizen_number": me.CitizenNumber})
	bills := got(t, power, "bill.issue", "b1", object{"account": me.Electricity, "count": 2})
	ticket := deal(t, w.URLs["coach"], "11")
	sold := got(t, w.URLs["coach"], "sell", "t1", ticket)
	water := owed(t, w.URLs["water"], "9777777703")
	settled := got(t, w.URLs["water"], "settle", "w1", water)
	doctor := object{"slot": "330100-1-1-1@20261124T0900", "name": "某人", "phone": "19900000001", "reservation": "D1", "paid": "P1", "amount": 5000}
	number := got(t, w.URLs["hospital"], "slots.book", "D1", doctor)
	book := object{"slot": "330100-1@20261124T0900", "name": "某人", "phone": "19900000001", "matter": "m1"}
	var codes []object
	for i := range 20 {
		no := fmt.Sprintf("R%d", i)
		if status, out := ask(t, hall, "slots.book", no, changed(book, "reservation", no)); status == http.StatusOK {
			codes = append(codes, out["data"].(object))
		}
	}
	got(t, hall, "slots.cancel", "R0", object{"reservation": "R0"})
	if status, _ := post(t, w.URLs[sandbox.SMS]+"/send", `{"phone":"19900000001","text":"验证码 482913"}`); status != 200 {
		t.Fatalf("send: %d", status)
	}

	w.kill()
	again := startKillable(t, dir)
	if d := cmp.Diff(w.URLs, again.URLs); d != "" {
		t.Errorf("the ports were free, but others are taken: %s", d)
	}
	if d := cmp.Diff(receipt, got(t, traffic, "violations.settle", "k1", paid)); d != "" {
		t.Errorf("the same key after the kill: %s", d)
	}
	refused(t, traffic, "violations.settle", "k1b", paid, "settled")
	refused(t, traffic, "violations.settle", "k2", undone, "key.void")
	refused(t, traffic, "violations.settle", "k-never", undone, "key.void")
	refused(t, traffic, "violations.settle", "k3", changed(paid, "paid", "P9"), "key.reused")
	silent(t, traffic, "violations.settle", "k4", twice) // the second silence of two
	got(t, traffic, "violations.settle", "k4", twice)
	if d := got(t, traffic, "violations.settled", "", object{"key": "k5"}); d["settled"] != true {
		t.Errorf("lost before the kill: %v", d)
	}
	if d := cmp.Diff(issued, got(t, traffic, "violations.issue", "i1", object{"plate": me.Vehicles[1].Plate, "count": 3})); d != "" {
		t.Errorf("issued violations: %s", d)
	}
	if d := cmp.Diff(points, got(t, traffic, "points.of", "", object{"citizen_number": me.CitizenNumber})); d != "" {
		t.Errorf("points: %s", d)
	}
	if d := cmp.Diff(bills, got(t, power, "bill.issue", "b1", object{"account": me.Electricity, "count": 2})); d != "" {
		t.Errorf("issued bills: %s", d)
	}
	if d := cmp.Diff(codes[1], got(t, hall, "slots.book", "R1", changed(book, "reservation", "R1"))); d != "" {
		t.Errorf("a booking: %s", d)
	}
	refused(t, hall, "slots.book", "R0", changed(book, "reservation", "R0"), "cancelled")
	got(t, hall, "slots.book", "S0", changed(book, "reservation", "S0")) // the place R0 gave back
	refused(t, hall, "slots.book", "S1", changed(book, "reservation", "S1"), "taken")
	if d := cmp.Diff(sold, got(t, again.URLs["coach"], "sell", "t1", ticket)); d != "" {
		t.Errorf("a ticket: %s", d)
	}
	if d := cmp.Diff(settled, got(t, again.URLs["water"], "settle", "w1", water)); d != "" {
		t.Errorf("a water bill: %s", d)
	}
	refused(t, again.URLs["water"], "settle", "w2", water, "settled")
	if d := cmp.Diff(number, got(t, again.URLs["hospital"], "slots.book", "D1", doctor)); d != "" {
		t.Errorf("a doctor's number: %s", d)
	}
	var box struct{ Messages []struct{ Code string } }
	fetch(t, again.URLs[sandbox.SMS]+"/inbox?phone=19900000001", &box)
	if len(box.Messages) != 1 || box.Messages[0].Code != "482913" {
		t.Errorf("inbox: %+v", box)
	}
}

func fetch(t *testing.T, url string, into any) {
	t.Helper()
	answer, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if err := json.NewDecoder(answer.Body).Decode(into); err != nil {
		t.Fatalf("%s: %v", url, err)
	}
}

// shop takes notices and counts them, once it is open; before, it refuses them.
func shop(t *testing.T) (url string, open *atomic.Bool, ids chan string) {
	t.Helper()
	open, ids = &atomic.Bool{}, make(chan string, 100)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var n struct{ ID string }
		b, err := io.ReadAll(r.Body)
		if err == nil {
			err = json.Unmarshal(b, &n)
		}
		if err != nil || !open.Load() {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		ids <- n.ID
	}))
	t.Cleanup(s.Close)
	return s.URL + "/notices", open, ids
}

func arrived(t *testing.T, ids chan string) string {
	t.Helper()
	select {
	case id := <-ids:
		return id
	case <-time.After(2 * time.Minute):
		t.Fatal("no notice came")
		return ""
	}
}

func TestChannelRemembersAfterAKill(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	w := startKillable(t, dir)
	to, open, ids := shop(t)
	pay := w.URLs[sandbox.Pay]
	m := newMerchant(t, w.Merchant)
	order := func(no string, fen int) int {
		status, _ := m.post(t, pay, "/v3/pay/transactions/native", object{
			"appid": m.AppID, "mchid": m.MchID, "description": "罚款", "out_trade_no": no, "notify_url": to,
			"time_expire": "2026-11-23T10:15:00+08:00", "amount": object{"total": fen, "currency": "CNY"},
		})
		return status
	}
	refund := func(no, of string, fen, total int) (int, object) {
		return m.post(t, pay, "/v3/refund/domestic/refunds", object{
			"out_trade_no": of, "out_refund_no": no, "amount": object{"refund": fen, "total": total, "currency": "CNY"},
		})
	}
	for no, fen := range map[string]int{"ORDER-1": 15000, "ORDER-2": 20000, "ORDER-3": 10004, "ORDER-4": 10000} {
		if status := order(no, fen); status != 200 {
			t.Fatalf("order: %d", status)
		}
	}
	for _, no := range []string{"ORDER-1", "ORDER-2", "ORDER-3"} {
		if status, out := post(t, pay+"/sandbox/pay", `{"out_trade_no":"`+no+`"}`); status != 200 || out["state"] != "SUCCESS" {
			t.Fatalf("pay: %d %v", status, out)
		}
	}
	if status, _ := m.post(t, pay, "/v3/pay/transactions/out-trade-no/ORDER-4/close", object{"mchid": m.MchID}); status != 204 {
		t.Fatalf("close: %d", status)
	}
	_, back := refund("REFUND-1", "ORDER-2", 5000, 20000)
	if status, _ := refund("REFUND-2", "ORDER-3", 10004, 10004); status != 500 {
		t.Fatalf("the first refund of an amount ending in 04: %d", status)
	}
	var before, after struct{ Orders []paychannel.Listed }
	fetch(t, pay+"/sandbox/orders", &before)

	w.kill()
	again := startKillable(t, dir)
	fetch(t, pay+"/sandbox/orders", &after)
	for _, side := range [][]paychannel.Listed{before.Orders, after.Orders} {
		for i := range side {
			side[i].Notices = 0 // repeats go on
		}
	}
	if d := cmp.Diff(before, after); d != "" {
		t.Errorf("orders: %s", d)
	}
	if d := cmp.Diff(w.Merchant, again.Merchant); d != "" {
		t.Error("the keys changed")
	}
	open.Store(true)
	seen := map[string]bool{arrived(t, ids): true, arrived(t, ids): true, arrived(t, ids): true, arrived(t, ids): true}
	if len(seen) != 4 {
		t.Errorf("three payments and a refund were announced as %v", seen)
	}
	if status := order("ORDER-1", 15000); status != 400 {
		t.Errorf("a paid order placed again: %d", status)
	}
	if status, out := refund("REFUND-1", "ORDER-2", 5000, 20000); status != 200 || out["refund_id"] != back["refund_id"] {
		t.Errorf("the same refund again: %d %v, first %v", status, out, back)
	}
	if status, _ := refund("REFUND-3", "ORDER-2", 15001, 20000); status != 403 {
		t.Errorf("more refunded than paid: %d", status)
	}
	if status, _ := refund("REFUND-2", "ORDER-3", 10004, 10004); status != 200 {
		t.Errorf("the second refund of an amount ending in 04: %d", status)
	}
	arrived(t, ids)
	var sums paychannel.Sums
	for sums.Waiting = -1; sums.Waiting != 0; {
		fetch(t, pay+"/sandbox/sums", &sums)
	}
	if sums.Orders != 4 || sums.Paid != 3 || sums.PaidFen != 45004 || sums.Refunded != 2 || sums.RefundedFen != 15004 || sums.Acknowledged != 5 {
		t.Errorf("sums: %+v", sums)
	}

	// A third run has nothing more to say.
	again.kill()
	third := startKillable(t, dir)
	fetch(t, third.URLs[sandbox.Pay]+"/sandbox/sums", &sums)
	if sums.Waiting != 0 || sums.Acknowledged != 5 {
		t.Errorf("sums in the third run: %+v", sums)
	}
}

func TestOneWorldPerFolder(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	w := world(t, sandbox.Config{Dir: dir})
	if _, err := sandbox.Start(t.Context(), sandbox.Config{Seed: 7, Clock: monday(), Dir: dir}); err == nil || !strings.Contains(err.Error(), "another world") {
		t.Errorf("a second world in the folder: %v", err)
	}
	was := w.URLs()
	if err := w.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	for name, cfg := range map[string]sandbox.Config{"another seed": {Seed: 8}, "fewer people": {Seed: 7, People: 30}} {
		cfg.Clock, cfg.Dir = monday(), dir
		if _, err := sandbox.Start(t.Context(), cfg); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	// A port that somebody took meanwhile is left to them; the rest of the world is where it was.
	thief := http.Server{Addr: strings.TrimPrefix(was[sandbox.Weather], "http://")}
	go func() { _ = thief.ListenAndServe() }()
	t.Cleanup(func() { _ = thief.Close() })
	for {
		if answer, err := http.Get(was[sandbox.Weather]); err == nil {
			_ = answer.Body.Close()
			break
		}
	}
	now := world(t, sandbox.Config{Dir: dir, People: 300}).URLs()
	moved := maps.Clone(now)
	maps.DeleteFunc(moved, func(name, url string) bool { return was[name] == url })
	if len(moved) != 1 || moved[sandbox.Weather] == "" {
		t.Errorf("moved: %v", moved)
	}
}

// TestTheDayOfTheFirstStartStays: dates and bill numbers count from it, and the house has them in its records.
func TestTheDayOfTheFirstStartStays(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	look := func(at time.Time) (violations, bills object) {
		w := world(t, sandbox.Config{Dir: dir, Clock: clock.At(at)})
		p := w.Residents()[0]
		violations = got(t, w.URLs()[sandbox.Traffic], "violations.find", "", object{"plate": p.Vehicles[0].Plate, "owner": p.CitizenNumber})
		bills = got(t, w.URLs()[sandbox.Electricity], "bill.find", "", object{"account": p.Electricity})
		if err := w.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		delete(violations, "as_of")
		delete(bills, "as_of")
		return violations, bills
	}
	violations, bills := look(monday().Now())
	later, laterBills := look(monday().Now().AddDate(0, 2, 0))
	if d := cmp.Diff(violations, later) + cmp.Diff(bills, laterBills); d != "" {
		t.Errorf("two months later: %s", d)
	}
}

// TestTenThousandActs: what a long load test leaves behind does not slow the next start.
func TestTenThousandActs(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	var traffic, hall, pay bytes.Buffer
	at := monday().Now().UnixMilli()
	for i := range 4000 {
		fmt.Fprintf(&traffic, `{"at":%d,"call":"violations.void","key":"v%d","with":{"key":"k%d"}}`+"\n", at, i, i)
		fmt.Fprintf(&hall, `{"at":%d,"call":"slots.cancel","key":"c%d","with":{"reservation":"R%d"}}`+"\n", at, i, i)
	}
	for i := range 2000 {
		no := fmt.Sprintf("ORDER-%d", i)
		fmt.Fprintf(&pay, `{"seq":%d,"order":{"no":%q,"prepay":"wx20261123100000%018d","kind":"h5","about":"罚款","notify":"http://127.0.0.1:1/n","print":"h5|罚款|15000|||","total":15000,"state":"NOTPAY","link_until":%d,"expires":%d}}`+"\n", 3*i, no, i, at, at+1e6)
		fmt.Fprintf(&pay, `{"seq":%d,"order":{"no":%q,"prepay":"wx20261123100000%018d","transaction":"4200%d","kind":"h5","about":"罚款","notify":"http://127.0.0.1:1/n","print":"h5|罚款|15000|||","total":15000,"state":"SUCCESS","link_until":%d,"expires":%d,"paid_at":%d},"notice":{"id":"EV-%d","order":%q,"url":"http://127.0.0.1:1/n","body":{"id":"EV-%d","resource":{"ciphertext":%q}}}}`+"\n",
			3*i+1, no, i, i, at, at+1e6, at, i, no, i, strings.Repeat("x", 900))
		fmt.Fprintf(&pay, `{"seq":%d,"notice":{"id":"EV-%d","done":true},"count":{"order":%q,"sent":1,"taken":1}}`+"\n", 3*i+2, i, no)
	}
	for name, b := range map[string]*bytes.Buffer{"traffic": &traffic, "hall": &hall, "pay": &pay} {
		if err := os.WriteFile(filepath.Join(dir, name+".journal"), b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	size := pay.Len()
	took := clock.Stopwatch()
	w := world(t, sandbox.Config{Dir: dir})
	t.Logf("started in %v", took())
	if s := w.Channel().Sums(); s.Orders != 2000 || s.Paid != 2000 || s.PaidFen != 30_000_000 || s.Waiting != 0 || s.Acknowledged != 2000 {
		t.Errorf("sums: %+v", s)
	}
	if d := got(t, w.URLs()[sandbox.Traffic], "violations.settled", "", object{"key": "k3999"}); d["voided"] != true {
		t.Errorf("voided: %v", d)
	}
	info, err := os.Stat(filepath.Join(dir, "pay.journal"))
	if err != nil || info.Size() > int64(size)/2 {
		t.Errorf("the channel's journal was not made shorter: %v %v", info.Size(), err)
	}
	if err := w.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s := world(t, sandbox.Config{Dir: dir}).Channel().Sums(); s.Paid != 2000 || s.Acknowledged != 2000 {
		t.Errorf("sums from the shorter journal: %+v", s)
	}
}
