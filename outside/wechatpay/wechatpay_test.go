package wechatpay_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zhijian/domain/payment"
	"zhijian/ground/fault"
	"zhijian/ground/money"
	"zhijian/ground/seal"
	"zhijian/outside/wechatpay"
	"zhijian/sandbox/paychannel"
)

// TestMoneyGoesThereAndBack is one order's whole life: ordered, paid at the cashier, noticed, asked,
// refunded, noticed, asked, billed.
func TestMoneyGoesThereAndBack(t *testing.T) {
	t.Parallel()
	s := newStreet(t, option{})
	ctx := t.Context()
	const no = "7K2Q9D0M4Z8X6C1VA"
	page, err := s.client.Order(ctx, order(no, 15000))
	if err != nil {
		t.Fatal(err)
	}
	if n, err := s.client.Query(ctx, no); err != nil || n.Outcome != payment.OutcomeUnpaid {
		t.Fatalf("before paying: %+v %v", n, err)
	}
	if status, back := cashier(t, page, "pay"); status != http.StatusSeeOther || back != "http://127.0.0.1:8080/cases/7K2Q/paid?x=1" {
		t.Fatalf("cashier: %d %q", status, back)
	}
	pushed := s.notice(t)
	want := payment.Notice{ID: pushed.ID, No: no, Transaction: pushed.Transaction, Outcome: payment.OutcomePaid, Amount: 15000, Currency: "CNY", At: morning.UTC()}
	if d := cmp.Diff(want, pushed); d != "" || pushed.ID == "" || len(pushed.Transaction) != 28 {
		t.Errorf("notice: %s", d)
	}
	want.ID = ""
	asked, err := s.client.Query(ctx, no)
	if d := cmp.Diff(want, asked); d != "" || err != nil {
		t.Errorf("query: %v %s", err, d)
	}
	if _, err := s.client.Order(ctx, order(no, 15000)); !is(err, "payment.paid") {
		t.Errorf("ordering a paid order: %v", err)
	}
	if err := s.client.Close(ctx, no); !is(err, "payment.paid") {
		t.Errorf("closing a paid order: %v", err)
	}
	first, err := s.client.Refund(ctx, refundOf(no, 15000))
	if err != nil || first.Outcome != payment.OutcomeRefunding || first.Amount != 15000 {
		t.Fatalf("refund: %+v %v", first, err)
	}
	back := s.notice(t)
	want = payment.Notice{ID: back.ID, No: no, RefundNo: "R" + no, Transaction: pushed.Transaction, Outcome: payment.OutcomeRefunded, Amount: 15000, Currency: "CNY", At: morning.UTC()}
	if d := cmp.Diff(want, back); d != "" {
		t.Errorf("refund notice: %s", d)
	}
	want.ID = ""
	for range 2 {
		again, err := s.client.Refund(ctx, refundOf(no, 15000))
		if d := cmp.Diff(want, again); d != "" || err != nil {
			t.Errorf("the same refund again: %v %s", err, d)
		}
	}
	asked, err = s.client.QueryRefund(ctx, "R"+no)
	if d := cmp.Diff(want, asked); d != "" || err != nil {
		t.Errorf("query refund: %v %s", err, d)
	}
	lines, err := s.client.Bill(ctx, morning)
	d := cmp.Diff([]payment.BillLine{
		{At: morning.UTC(), No: no, Transaction: pushed.Transaction, Amount: 15000},
		{At: morning.UTC(), No: no, Transaction: pushed.Transaction, RefundNo: "R" + no, Amount: 15000, Refund: true},
	}, lines)
	if d != "" || err != nil {
		t.Errorf("bill: %v %s", err, d)
	}
	if sums := s.Sums(); sums.Paid != 1 || sums.PaidFen != 15000 || sums.Refunded != 1 || sums.RefundedFen != 15000 {
		t.Errorf("the channel's own sums: %+v", sums)
	}
}

func is(err error, code string) bool {
	f := fault.Of(err)
	return f != nil && f.Code == code
}

func TestWhatTheChannelRefuses(t *testing.T) {
	t.Parallel()
	s := newStreet(t, option{pin: true})
	ctx := t.Context()
	if _, err := s.client.Query(ctx, "NEVERHEARDOF"); !fault.Is(err, fault.KindNotFound) {
		t.Errorf("query of an unknown order: %v", err)
	}
	if _, err := s.client.QueryRefund(ctx, "NEVERHEARDOF"); !fault.Is(err, fault.KindNotFound) {
		t.Errorf("query of an unknown refund: %v", err)
	}
	if _, err := s.client.Refund(ctx, refundOf("NEVERHEARDOF", 1)); !fault.Is(err, fault.KindNotFound) {
		t.Errorf("refund of an unknown order: %v", err)
	}
	if err := s.client.Close(ctx, "NEVERHEARDOF"); err != nil {
		t.Errorf("closing an unknown order: %v", err)
	}
	if lines, err := s.client.Bill(ctx, morning.AddDate(0, 0, -1)); err != nil || len(lines) != 0 {
		t.Errorf("bill of a quiet day: %v %v", lines, err)
	}
	page, err := s.client.Order(ctx, order("ORDERTOCLOSE", 100))
	if err != nil {
		t.Fatal(err)
	}
	if other := order("ORDERTOCLOSE", 200); !is(second(s.client.Order(ctx, other)), "payment.number") {
		t.Error("one number for two amounts")
	}
	again, err := s.client.Order(ctx, order("ORDERTOCLOSE", 100))
	if err != nil || again != page {
		t.Errorf("the same order again: %v", err)
	}
	for range 2 {
		if err := s.client.Close(ctx, "ORDERTOCLOSE"); err != nil {
			t.Errorf("close: %v", err)
		}
	}
	if n, err := s.client.Query(ctx, "ORDERTOCLOSE"); err != nil || n.Outcome != payment.OutcomeClosed {
		t.Errorf("closed order: %+v %v", n, err)
	}
	if _, err := s.client.Order(ctx, order("ORDERTOCLOSE", 100)); !is(err, "payment.closed") {
		t.Errorf("ordering a closed order: %v", err)
	}
	if status, _ := cashier(t, page, "pay"); status != http.StatusGone {
		t.Errorf("cashier of a closed order: %d", status)
	}
	if state, _ := s.Pay("ORDERTOCLOSE"); state != "CLOSED" {
		t.Errorf("paying a closed order: %s", state)
	}
}

func second[T any](_ T, err error) error { return err }

func TestTime(t *testing.T) {
	t.Parallel()
	s := newStreet(t, option{pin: true})
	page, err := s.client.Order(t.Context(), order("ORDERTHATLAPSES", 100))
	if err != nil {
		t.Fatal(err)
	}
	s.clock.Advance(6 * time.Minute)
	if status, _ := cashier(t, page, "pay"); status != http.StatusGone {
		t.Errorf("the page opens for five minutes only: %d", status)
	}
	if page, err = s.client.Order(t.Context(), order("ORDERTHATLAPSES", 100)); err != nil {
		t.Fatal(err)
	}
	if status, _ := cashier(t, page, "cancel"); status != http.StatusSeeOther {
		t.Errorf("the same order opens it again: %d", status)
	}
	s.clock.Advance(10 * time.Minute)
	if n, err := s.client.Query(t.Context(), "ORDERTHATLAPSES"); err != nil || n.Outcome != payment.OutcomeClosed {
		t.Errorf("after its time: %+v %v", n, err)
	}
}

func TestInsideWeChat(t *testing.T) {
	t.Parallel()
	s := newStreet(t, option{})
	v, err := s.client.Invoke(t.Context(), order("JSAPIORDER01", 200), "oFollower")
	if err != nil {
		t.Fatal(err)
	}
	status, out := postJSON(t, s.base+"/sandbox/jsapi", v)
	if status != http.StatusOK || !strings.Contains(out["cashier_url"].(string), "/cashier?") {
		t.Fatalf("invocation refused: %d %v", status, out)
	}
	forged := v
	forged.Package += "0"
	if status, _ := postJSON(t, s.base+"/sandbox/jsapi", forged); status != http.StatusUnauthorized {
		t.Errorf("a changed invocation was taken: %d", status)
	}
	if status, out := postJSON(t, s.base+"/sandbox/pay", map[string]string{"out_trade_no": "JSAPIORDER01"}); status != http.StatusOK || out["state"] != "SUCCESS" {
		t.Errorf("pay: %d %v", status, out)
	}
	if n := s.notice(t); n.No != "JSAPIORDER01" || n.Amount != 200 {
		t.Errorf("notice: %+v", n)
	}
}

func TestMagicAmounts(t *testing.T) {
	t.Parallel()
	s := newStreet(t, option{pin: true})
	ctx := t.Context()
	page, err := s.client.Order(ctx, order("DECLINED01", 8801))
	if err != nil {
		t.Fatal(err)
	}
	if status, _ := cashier(t, page, "pay"); status != http.StatusSeeOther {
		t.Errorf("declined at the cashier: %d", status)
	}
	if n, err := s.client.Query(ctx, "DECLINED01"); err != nil || n.Outcome != payment.OutcomeDeclined {
		t.Errorf("declined: %+v %v", n, err)
	}
	s.paid(t, "SILENT02", 8802)
	if n, err := s.client.Query(ctx, "SILENT02"); err != nil || n.Outcome != payment.OutcomePaid {
		t.Errorf("paid without a notice: %+v %v", n, err)
	}
	s.paid(t, "THRICE03", 8803)
	for range 3 {
		if n := s.notice(t); n.No != "THRICE03" {
			t.Errorf("notice of %s, want only THRICE03", n.No)
		}
	}
	s.paid(t, "FLAKY04", 8804)
	s.notice(t)
	if _, err := s.client.Refund(ctx, refundOf("FLAKY04", 8804)); !fault.Is(err, fault.KindUnavailable) {
		t.Errorf("first refund: %v", err)
	}
	if n, err := s.client.Refund(ctx, refundOf("FLAKY04", 8804)); err != nil || n.Outcome != payment.OutcomeRefunding {
		t.Errorf("second refund: %+v %v", n, err)
	}
	s.notice(t)
	s.paid(t, "LATER05", 8805)
	s.notice(t)
	if _, err := s.client.Refund(ctx, refundOf("LATER05", 8805)); err != nil {
		t.Error(err)
	}
	for i, want := range []payment.Outcome{payment.OutcomeRefunding, payment.OutcomeRefunding, payment.OutcomeRefunded} {
		if n, err := s.client.QueryRefund(ctx, "RLATER05"); err != nil || n.Outcome != want {
			t.Errorf("query %d: %+v %v", i+1, n, err)
		}
	}
}

func TestRefundsThatEndBadly(t *testing.T) {
	t.Parallel()
	s := newStreet(t, option{pin: true})
	ctx := t.Context()
	for no, amount := range map[string]money.Fen{"ABNORMAL06": 8806, "CLOSED07": 8807} {
		s.paid(t, no, amount)
		s.notice(t)
		if n, err := s.client.Refund(ctx, refundOf(no, amount)); err != nil || n.Outcome != payment.OutcomeRefunding {
			t.Errorf("%s: refund: %+v %v", no, n, err)
		}
		if n := s.notice(t); n.Outcome != payment.OutcomeAbnormal || n.RefundNo != "R"+no {
			t.Errorf("%s: notice: %+v", no, n)
		}
		if n, err := s.client.QueryRefund(ctx, "R"+no); err != nil || n.Outcome != payment.OutcomeAbnormal {
			t.Errorf("%s: query: %+v %v", no, n, err)
		}
	}
	again := refundOf("CLOSED07", 8807)
	again.RefundNo = "RCLOSED07-2"
	if _, err := s.client.Refund(ctx, again); err != nil {
		t.Errorf("a closed refund under another number: %v", err)
	}
	if n := s.notice(t); n.Outcome != payment.OutcomeRefunded || n.RefundNo != again.RefundNo {
		t.Errorf("its notice: %+v", n)
	}
	held := refundOf("ABNORMAL06", 8806)
	held.RefundNo = "RABNORMAL06-2"
	if _, err := s.client.Refund(ctx, held); !is(err, "payment.refund") {
		t.Errorf("an abnormal refund still holds its money: %v", err)
	}
	s.Switch(paychannel.Switches{Refunds: "closed", Creating: true})
	s.paid(t, "SWITCHED", 100)
	s.notice(t)
	if _, err := s.client.Refund(ctx, refundOf("SWITCHED", 100)); err != nil {
		t.Error(err)
	}
	if n := s.notice(t); n.Outcome != payment.OutcomeAbnormal {
		t.Errorf("switched: %+v", n)
	}
	if _, err := s.client.Bill(ctx, morning); !fault.Is(err, fault.KindUnavailable) {
		t.Errorf("a bill in the making: %v", err)
	}
	s.Switch(paychannel.Switches{})
	if lines, err := s.client.Bill(ctx, morning); err != nil || len(lines) != 4 {
		t.Errorf("the bill has %d lines, want three payments and one refund: %v", len(lines), err)
	}
	flow, err := s.client.FundFlow(ctx, morning)
	if err != nil || len(flow) != 4 {
		t.Fatalf("fund flow: %+v %v", flow, err)
	}
	var balance money.Fen
	for _, m := range flow {
		if balance += m.Amount; !m.In {
			balance -= 2 * m.Amount
		}
		if m.Balance != balance {
			t.Errorf("%+v, want a balance of %s", m, balance)
		}
	}
}

// One order was paid twice: the second transaction goes back by its own number, and the first stays.
func TestSecondTransaction(t *testing.T) {
	t.Parallel()
	s := newStreet(t, option{pin: true})
	ctx := t.Context()
	s.paid(t, "TWICE08", 8808)
	first, second := s.notice(t), s.notice(t)
	told, err := s.client.Query(ctx, "TWICE08")
	if err != nil {
		t.Fatal(err)
	}
	if second.Transaction == told.Transaction {
		first, second = second, first
	}
	if first.Transaction == second.Transaction || first.No != second.No {
		t.Fatalf("two notices of one order: %+v %+v", first, second)
	}
	if n, err := s.client.QueryTransaction(ctx, second.Transaction); err != nil || n.No != "TWICE08" || n.Transaction != second.Transaction {
		t.Errorf("by its own number: %+v %v", n, err)
	}
	if _, err := s.client.QueryTransaction(ctx, strings.Repeat("4", 28)); !fault.Is(err, fault.KindNotFound) {
		t.Errorf("by a number nobody has: %v", err)
	}
	r := refundOf("TWICE08", 8808)
	r.RefundNo, r.Transaction = "TWICE08S1", second.Transaction
	if n, err := s.client.Refund(ctx, r); err != nil || n.Transaction != second.Transaction {
		t.Errorf("refund of the second: %+v %v", n, err)
	}
	if n := s.notice(t); n.Transaction != second.Transaction || n.RefundNo != r.RefundNo {
		t.Errorf("its notice: %+v", n)
	}
	if told, err = s.client.Query(ctx, "TWICE08"); err != nil || told.Outcome != payment.OutcomePaid {
		t.Errorf("the first: %+v %v", told, err)
	}
	if sums := s.Sums(); sums.Orders != 1 || sums.Paid != 2 || sums.RefundedFen != 8808 {
		t.Errorf("the channel's sums: %+v", sums)
	}
	s.paid(t, "WRONG09", 8809)
	if n := s.notice(t); n.Amount != 8909 {
		t.Errorf("the notice says %s, want one yuan too much", n.Amount)
	}
	if n, err := s.client.Query(ctx, "WRONG09"); err != nil || n.Amount != 8809 {
		t.Errorf("the query says %s, %v", n.Amount, err)
	}
}

func TestRefundsAreBounded(t *testing.T) {
	t.Parallel()
	s := newStreet(t, option{pin: true})
	s.paid(t, "PARTLY", 1000)
	part := func(no string, amount int64) error {
		r := refundOf("PARTLY", 1000)
		r.RefundNo, r.Amount = no, 600
		if amount != 600 {
			r.Amount = 400
		}
		return second(s.client.Refund(t.Context(), r))
	}
	if err := part("R-1", 600); err != nil {
		t.Error(err)
	}
	if err := part("R-2", 600); !is(err, "payment.refund") {
		t.Errorf("more than was paid: %v", err)
	}
	if err := part("R-3", 400); err != nil {
		t.Error(err)
	}
	if err := part("R-1", 400); !is(err, "payment.channel") {
		t.Errorf("one number for two amounts: %v", err)
	}
}

// Every refusal of wechat-contract 13.3 is a fault that the rooms know how to take; "try again" is an unknown outcome.
func TestEveryRefusalHasAKind(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]struct {
		status int
		kind   fault.Kind
	}{
		"PARAM_ERROR": {400, fault.KindDenied}, "INVALID_REQUEST": {400, fault.KindDenied}, "APPID_MCHID_NOT_MATCH": {400, fault.KindDenied},
		"MCH_NOT_EXISTS": {400, fault.KindDenied}, "ORDER_CLOSED": {400, fault.KindConflict}, "ORDERPAID": {400, fault.KindConflict},
		"SIGN_ERROR": {401, fault.KindDenied}, "NO_AUTH": {403, fault.KindDenied}, "NOT_ENOUGH": {403, fault.KindConflict},
		"OUT_TRADE_NO_USED": {403, fault.KindConflict}, "RULE_LIMIT": {403, fault.KindConflict}, "TRADE_ERROR": {403, fault.KindConflict},
		"ACCOUNT_ERROR": {403, fault.KindConflict}, "USER_ACCOUNT_ABNORMAL": {403, fault.KindConflict},
		"ORDER_NOT_EXIST": {404, fault.KindNotFound}, "RESOURCE_NOT_EXISTS": {404, fault.KindNotFound},
		"FREQUENCY_LIMITED": {429, fault.KindUnavailable}, "SYSTEM_ERROR": {500, fault.KindUnavailable}, "BANK_ERROR": {500, fault.KindUnavailable},
		"NEVER_HEARD_OF": {400, fault.KindDenied},
	} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			s := newStreet(t, option{pin: true, front: func(http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					w.WriteHeader(want.status)
					_, _ = w.Write([]byte(`{"code":"` + code + `","message":"不行"}`))
				})
			}})
			for what, err := range map[string]error{
				"order":  second(s.client.Order(t.Context(), order("REFUSED", 100))),
				"query":  second(s.client.Query(t.Context(), "REFUSED")),
				"refund": second(s.client.Refund(t.Context(), refundOf("REFUSED", 100))),
				"bill":   second(s.client.Bill(t.Context(), morning)),
			} {
				if !fault.Is(err, want.kind) {
					t.Errorf("%s: %v, want %s", what, err, want.kind)
				}
			}
		})
	}
}

func TestNoticesInEveryOrder(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		switches paychannel.Switches
		fail     int
		notices  int
	}{
		{"plain", paychannel.Switches{}, 0, 4},
		{"the door fails three times", paychannel.Switches{}, 3, 4},
		{"the first of each is lost", paychannel.Switches{DropFirst: true}, 0, 4},
		{"each comes three times", paychannel.Switches{Duplicates: 2}, 0, 12},
		{"out of order", paychannel.Switches{Reorder: true}, 0, 4},
		{"probes before each", paychannel.Switches{Signtest: true}, 0, 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newStreet(t, option{pin: true})
			s.Switch(c.switches)
			s.mu.Lock()
			s.fail = c.fail
			s.mu.Unlock()
			for _, no := range []string{"ORDER-A", "ORDER-B", "ORDER-C", "ORDER-D"} {
				s.paid(t, no, 100)
			}
			orders := map[string]bool{}
			for range c.notices {
				orders[s.notice(t).No] = true
			}
			s.until(t, "all taken", func(sums paychannel.Sums) bool { return sums.Waiting == 0 })
			if len(orders) != 4 || len(s.seen) != 4 {
				t.Errorf("orders %v under ids %v", orders, s.seen)
			}
			sums := s.Sums()
			probes, refused := s.client.Counts()
			if sums.ProbesAccepted != 0 || refused != 0 || int(probes) != sums.Probes || (c.switches.Signtest && probes == 0) {
				t.Errorf("probes %d of %d, refused %d, accepted %d", probes, sums.Probes, refused, sums.ProbesAccepted)
			}
		})
	}
}

func TestPlatformKeyRotates(t *testing.T) {
	t.Parallel()
	var certificates atomic.Int64
	s := newStreet(t, option{pin: true, front: func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/v3/certificates" {
				certificates.Add(1)
			}
			h.ServeHTTP(w, r)
		})
	}})
	if err := s.Rotate(); err != nil {
		t.Fatal(err)
	}
	s.paid(t, "NEWKEY", 100)
	if n := s.notice(t); n.No != "NEWKEY" {
		t.Errorf("notice under a new key: %+v", n)
	}
	// A second new key within the minute is not fetched; the channel's repeats find it later.
	if err := s.Rotate(); err != nil {
		t.Fatal(err)
	}
	s.paid(t, "NEWERKEY", 100)
	s.until(t, "refused", func(paychannel.Sums) bool { _, refused := s.client.Counts(); return refused >= 2 })
	if n := certificates.Load(); n != 1 {
		t.Errorf("%d downloads within a minute", n)
	}
	s.clock.Advance(61 * time.Second)
	if n := s.notice(t); n.No != "NEWERKEY" || certificates.Load() != 2 {
		t.Errorf("after a minute: %+v, %d downloads", n, certificates.Load())
	}
}

// TestAnswersAreNotBelievedBlindly changes answers on their way.
// While the certificates cannot be fetched, notices are not refused for good: every one of them is asked for again.
func TestNoticesWhileCertificatesAreAway(t *testing.T) {
	t.Parallel()
	var away atomic.Bool
	away.Store(true)
	s := newStreet(t, option{front: func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if away.Load() && r.URL.Path == "/v3/certificates" {
				w.WriteHeader(http.StatusBadGateway)
				return
			}
			h.ServeHTTP(w, r)
		})
	}})
	f := newForgery()
	f.at = s.clock.Now()
	h, body := f.made(t)
	for range 3 {
		if _, err := s.client.Open(t.Context(), h, body); !fault.Is(err, fault.KindUnavailable) {
			t.Errorf("while the certificates are away: %v, want unavailable", err)
		}
	}
	away.Store(false)
	s.clock.Advance(time.Minute)
	for range 2 { // this serial is nobody's, and now that is known
		if _, err := s.client.Open(t.Context(), h, body); !fault.Is(err, fault.KindDenied) {
			t.Errorf("once they are there: %v, want denied", err)
		}
	}
}

func TestAnswersAreNotBelievedBlindly(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(h http.Header, body string) string
		ok     bool
	}{
		{"nothing", func(_ http.Header, b string) string { return b }, true},
		{"another state", func(_ http.Header, b string) string { return strings.Replace(b, `"NOTPAY"`, `"CLOSED"`, 1) }, false},
		{"no signature", func(h http.Header, b string) string { h.Del("Wechatpay-Signature"); return b }, false},
		{"two signatures", func(h http.Header, b string) string { h.Add("Wechatpay-Signature", "AAAA"); return b }, false},
		{"another nonce", func(h http.Header, b string) string { h.Set("Wechatpay-Nonce", "AAAAAAAAAAAA"); return b }, false},
		{"an old time", func(h http.Header, b string) string { h.Set("Wechatpay-Timestamp", "1"); return b }, false},
		{"an unknown key", func(h http.Header, b string) string { h.Set("Wechatpay-Serial", strings.Repeat("5", 40)); return b }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newStreet(t, option{pin: true, front: func(h http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if r.Method == http.MethodGet && strings.Contains(r.URL.Path, "/out-trade-no/") {
						tampered(h, c.change).ServeHTTP(w, r)
						return
					}
					h.ServeHTTP(w, r)
				})
			}})
			if _, err := s.client.Order(t.Context(), order("TAMPERED", 100)); err != nil {
				t.Fatal(err)
			}
			n, err := s.client.Query(t.Context(), "TAMPERED")
			if c.ok && (err != nil || n.Outcome != payment.OutcomeUnpaid) || !c.ok && !fault.Is(err, fault.KindUnavailable) {
				t.Errorf("%+v %v", n, err)
			}
		})
	}
}

func TestConfigurationIsChecked(t *testing.T) {
	t.Parallel()
	s := newStreet(t, option{})
	m := s.Merchant()
	for _, c := range []struct {
		name string
		edit func(*wechatpay.Config)
	}{
		{"no merchant", func(c *wechatpay.Config) { c.MchID = "" }},
		{"no clock", func(c *wechatpay.Config) { c.Clock = nil }},
		{"a path in the base", func(c *wechatpay.Config) { c.BaseURL += "/v3" }},
		{"a query in the notify address", func(c *wechatpay.Config) { c.NotifyURL += "?a=1" }},
		{"a short key", func(c *wechatpay.Config) { c.APIv3Key = seal.Plain("short") }},
		{"no PEM", func(c *wechatpay.Config) { c.PrivateKey = seal.Plain("MIIE") }},
		{"a certificate as key", func(c *wechatpay.Config) { c.PrivateKey = seal.Plain(m.PlatformCertificate) }},
		{"a key as certificate", func(c *wechatpay.Config) { c.Pinned = []string{m.PrivateKey} }},
	} {
		cfg := wechatpay.Config{
			BaseURL: s.base, MchID: m.MchID, AppID: m.AppID, Serial: m.Serial, PrivateKey: seal.Plain(m.PrivateKey), APIv3Key: seal.Plain(m.APIv3Key),
			NotifyURL: s.base + "/notify", SiteName: "指尖", Clock: s.clock,
		}
		if _, err := wechatpay.New(cfg); err != nil {
			t.Fatalf("the right configuration: %v", err)
		}
		c.edit(&cfg)
		if _, err := wechatpay.New(cfg); err == nil || strings.Contains(err.Error(), "MII") {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
