package server_test

import (
	"strings"
	"testing"
	"time"

	"zhijian/testkit/house"
)

// TestMagicPlates has the traffic office fail in every documented way, each time for the person whose car it is.
func TestMagicPlates(t *testing.T) {
	t.Parallel()
	house.Both(t, func(t *testing.T, h *house.House) {
		t.Run("44 refused, so the money goes back", func(t *testing.T) {
			p := resident(t, h, h.Owner(t, "浙A12344"))
			no := p.toCashier("浙A12344")
			p.pay()
			p.until("/cases/"+no, "没有办成")
			p.ends("钱已原路退回", "已原路退回")
			p.until("/me/messages", "退")
			if s := h.World.Channel().Sums(); s.PaidFen == 0 || s.PaidFen != s.RefundedFen {
				t.Errorf("the channel took %d fen and gave back %d", s.PaidFen, s.RefundedFen)
			}
			p.get("/cases/" + no + "/receipt")
			p.status(404)
		})
		t.Run("45 silent twice, then settled", func(t *testing.T) {
			p := resident(t, h, h.Owner(t, "浙A12345"))
			no := p.toCashier("浙A12345")
			p.pay()
			p.reads("钱已收到")
			p.passes(no, time.Minute, "已办结")
			settledOnce(t, h, "浙A12345")
		})
		t.Run("46 the answer is lost, but found", func(t *testing.T) {
			p := resident(t, h, h.Owner(t, "浙A12346"))
			no := p.toCashier("浙A12346")
			p.pay()
			p.passes(no, time.Minute, "已办结")
			settledOnce(t, h, "浙A12346")
		})
		t.Run("00 nothing to do", func(t *testing.T) {
			p := resident(t, h, h.Owner(t, "浙A12300"))
			p.start("traffic-fine-payment")
			p.submit(map[string]string{"plate": "浙A12300"})
			p.reads("没有未处理的违法记录")
		})
		// Last, for it leaves the office with a bad name for half a minute.
		t.Run("13 hangs, and the page says whose fault it is", func(t *testing.T) {
			p := resident(t, h, h.Owner(t, "浙A12313"))
			p.start("traffic-fine-payment")
			no := p.CaseNo()
			p.submit(map[string]string{"plate": "浙A12313"})
			p.until(p.Page.URL.Path, "不是您的问题")
			p.reads("再试一次")
			p.send("/retry", nil)
			p.status(200)
			if p.CaseNo() != no {
				t.Errorf("asking again led to %s", p.Page.URL.Path)
			}
		})
	})
}

// passes lets the house's time pass until the case's page says so.
func (p person) passes(no string, step time.Duration, part string) {
	p.t.Helper()
	p.h.Pass(p.t, step, no+" says "+part, func() bool {
		p.get("/cases/" + no)
		return strings.Contains(p.Page.Text, part)
	})
}

// settledOnce asks the office itself: the violation is gone, and its points were counted once.
func settledOnce(t *testing.T, h *house.House, plate string) {
	t.Helper()
	who := h.Owner(t, plate)
	if left := office(t, h, "traffic", "violations.find", map[string]any{"plate": plate, "owner": who.CitizenNumber})["items"].([]any); len(left) != 0 {
		t.Errorf("%s still has %d violations", plate, len(left))
	}
	now := 0
	for _, r := range office(t, h, "traffic", "points.of", map[string]any{"citizen_number": who.CitizenNumber})["records"].([]any) {
		if r.(map[string]any)["act"] != "以前处理的违法" {
			now++
		}
	}
	if now != 1 {
		t.Errorf("%s was settled %d times, want once", plate, now)
	}
}

// TestMagicAmounts has the payment channel misbehave in every documented way.
func TestMagicAmounts(t *testing.T) {
	t.Parallel()
	house.Both(t, func(t *testing.T, h *house.House) {
		bill := func(t *testing.T, n int, account string) (person, string) {
			t.Helper()
			p := resident(t, h, h.Resident(t, "L4", n))
			p.start("electricity-bill-payment")
			no := p.CaseNo()
			p.submit(map[string]string{"account": account})
			p.submit(map[string]string{"bills": p.offered("bills")[0]})
			p.submit(nil)
			p.atCashier()
			return p, no
		}
		t.Run("01 the bank declines", func(t *testing.T) {
			p, no := bill(t, 0, "3301000101")
			p.pay()
			p.open("/cases/" + no)
			if strings.Contains(p.Page.Text, "已付款") || strings.Contains(p.Page.Text, "已办结") {
				t.Errorf("a declined payment counts as paid: %s", p.Page.Text)
			}
		})
		t.Run("02 no notice, found by asking", func(t *testing.T) {
			p, no := bill(t, 6, "3301000102")
			p.pay()
			p.passes(no, 5*time.Second, "已办结")
		})
		t.Run("02 no notice, and nobody comes back", func(t *testing.T) {
			p, no := bill(t, 7, "3301000202")
			if state, _ := h.World.Channel().Pay(orderOf(t, h)); state != "SUCCESS" {
				t.Fatalf("paying gives %q", state)
			}
			other := resident(t, h, h.Resident(t, "L4", 7))
			other.passes(no, 5*time.Second, "已办结")
			_ = p
		})
		t.Run("03 three notices, one settlement", func(t *testing.T) {
			p, no := bill(t, 8, "3301000103")
			p.pay()
			p.until("/cases/"+no, "已办结")
			orders := h.World.Channel().Orders()
			last := orders[len(orders)-1]
			h.Until(t, "all notices", func() bool {
				orders := h.World.Channel().Orders()
				return orders[len(orders)-1].Notices >= 3
			})
			if last.State != "SUCCESS" || last.Refunded != 0 {
				t.Errorf("the order is %+v", last)
			}
		})
		for name, account := range map[string]string{"04 the first refund request fails": "3301000104", "05 a refund takes its time": "3301000105"} {
			t.Run(name, func(t *testing.T) {
				p, no := bill(t, 9, account)
				// The bill is settled at the counter meanwhile, so that the company must refuse.
				items := office(t, h, "electricity", "bill.find", map[string]any{"account": account})["items"].([]any)
				item := items[0].(map[string]any)
				office(t, h, "electricity", "bill.settle", map[string]any{"account": account, "items": []any{item["id"]}, "paid": "counter", "amount": item["amount"]})
				p.pay()
				p.passes(no, 5*time.Second, "没有办成")
				p.ends("原路退回")
			})
		}
		h.Until(t, "the channel has no notice left", func() bool { return h.World.Channel().Sums().Waiting == 0 })
		c := h.Count(t)
		if c.Cases["done"] != 3 || c.Cases["refused"] != 2 {
			t.Errorf("cases end as %v, want three done and two refused", c.Cases)
		}
		s := h.World.Channel().Sums()
		if c.Captured != s.PaidFen || c.Returned != s.RefundedFen || s.Refunded != 2 {
			t.Errorf("the house counts %d taken and %d back, the channel %d and %d", c.Captured, c.Returned, s.PaidFen, s.RefundedFen)
		}
	})
}

// orderOf is the number of the order placed last.
func orderOf(t *testing.T, h *house.House) string {
	t.Helper()
	orders := h.World.Channel().Orders()
	if len(orders) == 0 {
		t.Fatal("no order was placed")
	}
	return orders[len(orders)-1].No
}

// TestLostSlot books the time whose first answer is lost.
func TestLostSlot(t *testing.T) {
	t.Parallel()
	house.Both(t, func(t *testing.T, h *house.House) {
		p := resident(t, h, h.Resident(t, "L2", 0))
		no := p.toSlots()
		p.choosesSlot("T1600")
		p.passes(no, 5*time.Second, "已办结")
		p.open("/cases/" + no)
		p.reads("预约")
	})
}

// TestRestart shuts the house while paid matters are on their way, and finds them finished after it opens again.
func TestRestart(t *testing.T) {
	t.Parallel()
	house.Both(t, func(t *testing.T, h *house.House) {
		silent := resident(t, h, h.Owner(t, "浙A12345"))
		filed := silent.toCashier("浙A12345")
		silent.pay()
		silent.reads("钱已收到")
		// The second is at the cashier when the house goes.
		who := h.Resident(t, "L4", 6)
		waiting := resident(t, h, who)
		unpaid := waiting.toCashier(who.Plates[0])
		// The third has only begun.
		third := resident(t, h, h.Resident(t, "L1", 0))
		third.start("electricity-bill-payment")
		begun := third.CaseNo()

		h.Restart(t)
		again := resident(t, h, h.Owner(t, "浙A12345"))
		waiting = resident(t, h, who)
		waiting.open("/cases/" + unpaid)
		waiting.reads("付款期限")
		third = resident(t, h, h.Resident(t, "L1", 0))
		third.open("/cases/" + begun)
		if !third.Page.Has("account") {
			t.Errorf("what was begun is lost: %s", third.Page.Text)
		}
		again.passes(filed, time.Minute, "已办结")
		settledOnce(t, h, "浙A12345")
		waiting.passes(unpaid, time.Minute, "没有在规定时间内付款")
	})
}
