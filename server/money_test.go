package server_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"zhijian/testkit/house"
)

// TestMoneyThatNeedsAPerson has the channel close a refund: the operator finds it in the console and sends it back under a new number.
func TestMoneyThatNeedsAPerson(t *testing.T) {
	t.Parallel()
	house.Both(t, func(t *testing.T, h *house.House) {
		change := func(body map[string]any) {
			t.Helper()
			if status, out := ask(t, http.MethodPost, h.Ready.Sandbox["pay"]+"/sandbox/switch", nil, body); status != http.StatusOK {
				t.Fatalf("switch: %d %v", status, out)
			}
		}
		change(map[string]any{"refunds": "closed"})
		p := resident(t, h, h.Owner(t, "浙A12344"))
		no := p.toCashier("浙A12344")
		p.pay()
		desk := visitor(t, h)
		desk.staffIn("operator")
		desk.passesAt("/console/money", time.Second, "退款没有走通")
		desk.reads("¥150.00", "每一天都对过账")
		p.until("/me/messages", "工作人员正在核对")
		desk.open("/console")
		desk.reads("钱款")
		desk.open("/console/cases/" + no)
		desk.submit(map[string]string{"purpose": "supervision"})
		desk.reads("由平台运营人员")

		desk.open("/console/money")
		desk.follow("退款没有走通")
		at := desk.Page.URL.Path
		for _, set := range []map[string]string{{"what": "hand", "reason": ""}, {"what": "", "reason": "核实过了"}} {
			desk.open(at)
			desk.send(at, set)
			desk.status(http.StatusUnprocessableEntity)
		}
		change(map[string]any{"refunds": ""})
		desk.open(at)
		desk.send(at, map[string]string{"what": "retry"})
		desk.status(http.StatusOK)
		p.until("/cases/"+no, "没有办成")
		p.reads("钱已原路退回")
		desk.passesAt("/console/money", 0, "没有要处理的钱")
		desk.get(at)
		desk.status(http.StatusNotFound)
		if s := h.World.Channel().Sums(); s.PaidFen == 0 || s.PaidFen != s.RefundedFen {
			t.Errorf("the channel took %d fen and gave back %d", s.PaidFen, s.RefundedFen)
		}
		staff := visitor(t, h)
		staff.staffIn("traffic-police")
		staff.get("/console/money")
		if staff.Page.Status == http.StatusOK {
			t.Error("a department sees the platform's money")
		}

		if status, out := ask(t, http.MethodGet, h.Ready.AdminURL+"/metrics", nil, nil); status != http.StatusOK || !strings.Contains(asText(out), `zhijian_money_open{what="refund"} 0`) {
			t.Errorf("no metric of open refunds: %d", status)
		}
	})
}

// TestPaidTwiceIsTold pays one bill with two transactions: the second goes back by its own number, and the resident reads of it.
func TestPaidTwiceIsTold(t *testing.T) {
	t.Parallel()
	house.Both(t, func(t *testing.T, h *house.House) {
		p := resident(t, h, h.Resident(t, "L1", 0))
		p.start("electricity-bill-payment")
		p.submit(map[string]string{"account": "3301000008"})
		p.submit(map[string]string{"bills": p.offered("bills")[0]})
		p.submit(nil)
		p.atCashier()
		no := p.CaseNo()
		p.pay()
		p.until("/me/messages", "退")
		if s := h.World.Channel().Sums(); s.Paid != 2 || s.Refunded != 1 {
			t.Errorf("the channel has %d payments and %d refunds of %s, want two and one", s.Paid, s.Refunded, no)
		}
	})
}

// passesAt lets time pass until a page says so.
func (p person) passesAt(path string, step time.Duration, part string) {
	p.t.Helper()
	p.h.Pass(p.t, step, path+" says "+part, func() bool {
		p.get(path)
		return strings.Contains(p.Page.Text, part)
	})
}
