package server_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"zhijian/testkit/house"
)

// TestFine is the headline: from the city's home to the receipt, as a program without script.
func TestFine(t *testing.T) {
	t.Parallel()
	house.Both(t, func(t *testing.T, h *house.House) {
		who := h.Resident(t, "L4", 0)
		p := resident(t, h, who)
		before := p.Loads
		p.open("/city/hangzhou")
		no := p.toCashier(who.Plates[0])
		p.pay()
		looks := p.ends("处理完了", "¥", "票据号")
		if want := "/cases/" + no; !strings.HasPrefix(p.Page.URL.Path, want) {
			t.Errorf("after paying at %s, want a page of %s", p.Page.URL.Path, want)
		}
		p.follow("看电子票据")
		p.reads("金额", "收款单位", "票据号")
		if n := p.Loads - before - looks; n > 9 {
			t.Errorf("%d page loads from the city's home to the receipt, want at most 9", n)
		}
		p.get("/cases/" + no + "/receipt.pdf")
		if p.status(http.StatusOK); !bytes.HasPrefix(p.Page.Body, []byte("%PDF")) {
			t.Error("the receipt is no PDF")
		}
		p.open("/cases/" + no)
		p.reads("已办结", "已付款", "已交给部门办理")
		p.open("/cases/" + no + "/submitted")
		p.until("/me/messages", "交警")

		if sums := h.World.Channel().Sums(); sums.Paid != 1 || sums.Refunded != 0 {
			t.Errorf("the channel has %d payments and %d refunds, want one and none", sums.Paid, sums.Refunded)
		}
		left := office(t, h, "traffic", "violations.find", map[string]any{"plate": who.Plates[0], "owner": who.CitizenNumber})["items"].([]any)
		if len(left) != 1 { // this resident's first car begins with two
			t.Errorf("%d violations are left, want one", len(left))
		}
		p.start("vehicle-violation-query")
		p.submit(map[string]string{"plate": who.Plates[0]})
		p.reads("有 1 条没有处理")

		c := h.Count(t)
		if c.Cases["done"] != 1 || c.Cases["answered"] != 1 || len(c.Paid) != 1 || c.Captured == 0 || c.Returned != 0 {
			t.Errorf("the books: cases %v, paid %v, captured %d, returned %d", c.Cases, c.Paid, c.Captured, c.Returned)
		}
	})
}

// TestOtherStreets are the other services, each with what makes it different.
func TestOtherStreets(t *testing.T) {
	t.Parallel()
	house.Both(t, func(t *testing.T, h *house.House) {
		t.Run("weather needs no sign-in", func(t *testing.T) {
			t.Parallel()
			p := visitor(t, h)
			p.start("weather-forecast")
			p.reads("℃", "空气质量", "演示站")
		})
		t.Run("points", func(t *testing.T) {
			t.Parallel()
			p := resident(t, h, h.Resident(t, "L2", 0))
			p.start("driver-points-query")
			p.reads("记了", "记分周期")
		})
		t.Run("violations of another's car", func(t *testing.T) {
			t.Parallel()
			other := h.Owner(t, "浙A12345")
			p := resident(t, h, h.Resident(t, "L4", 8))
			p.start("vehicle-violation-query")
			p.submit(map[string]string{"plate": "other"})
			p.send("", map[string]string{"other_plate": "浙A12345", "engine": "AA0000"})
			p.reads("没有查到")
			p.submit(map[string]string{"other_plate": "浙A12345", "engine": other.Engines["浙A12345"]})
			p.reads("这辆车有 1 条没有处理", "只有车主能看")
			if strings.Contains(p.Page.Text, "路口") {
				t.Error("the place is told to somebody who is not the owner")
			}
		})
		t.Run("electricity", func(t *testing.T) {
			t.Parallel()
			who := h.Resident(t, "L1", 0)
			p := resident(t, h, who)
			p.start("electricity-bill-payment")
			p.submit(map[string]string{"account": who.Accounts["electricity"]})
			p.submit(map[string]string{"bills": p.offered("bills")[0]})
			p.submit(nil)
			p.atCashier()
			p.pay()
			p.ends("电费缴清了", "票据号")
		})
		t.Run("nothing owed", func(t *testing.T) {
			t.Parallel()
			p := resident(t, h, h.Resident(t, "L1", 1))
			p.start("electricity-bill-payment")
			p.submit(map[string]string{"account": "3301000000"})
			p.reads("没有欠费")
		})
		t.Run("hall", func(t *testing.T) {
			t.Parallel()
			p := resident(t, h, h.Resident(t, "L4", 9))
			no := p.toSlots()
			p.choosesSlot("T0930")
			p.ends("约好了", "取号码", "窗口")
			p.get("/cases/" + no + "/calendar.ics")
			if p.status(http.StatusOK); !bytes.HasPrefix(p.Page.Body, []byte("BEGIN:VCALENDAR")) {
				t.Error("the calendar file is none")
			}
		})
		t.Run("a slot just taken, then another", func(t *testing.T) {
			t.Parallel()
			p := resident(t, h, h.Resident(t, "L4", 10))
			no := p.toSlots()
			p.choosesSlot("T1630")
			p.reads("刚刚被约满")
			if !p.Page.Has("slot") || p.CaseNo() != no {
				t.Fatalf("not asked to choose again: %s", p.Page.Text)
			}
			p.choosesSlot("T1000")
			p.ends("约好了")
		})
		t.Run("English", func(t *testing.T) {
			t.Parallel()
			who := h.Resident(t, "L4", 11)
			p := resident(t, h, who)
			p.open("/en/city/hangzhou/services/traffic-fine-payment")
			p.send("/start", nil)
			p.submit(map[string]string{"plate": who.Plates[0]})
			p.reads("open", "points")
			p.submit(map[string]string{"chosen": p.offered("chosen")[0]})
			p.submit(nil)
			p.atCashier()
			p.pay()
			p.ends("Paid and settled", "Receipt no.", "Payment no.")
			if !strings.HasPrefix(p.Page.URL.Path, "/en/cases/") {
				t.Errorf("came back to %s, want an English page", p.Page.URL.Path)
			}
		})
		t.Run("a draft goes on on another device", func(t *testing.T) {
			t.Parallel()
			who := h.Resident(t, "L4", 12)
			p := resident(t, h, who)
			p.start("electricity-bill-payment")
			no, step := p.CaseNo(), p.Page.URL.Path[strings.LastIndex(p.Page.URL.Path, "/")+1:]
			f, _ := p.Page.Form()
			p.send("", map[string]string{"account": "33 0100"})
			p.status(http.StatusUnprocessableEntity)
			f.Values.Set("account", "33010009")
			f.Values.Set("_step", step)
			if err := p.Post(t.Context(), "/cases/"+no+"/draft", f.Values); err != nil || p.Page.Status != http.StatusNoContent {
				t.Fatalf("keep the draft: %v, %d", err, p.Page.Status)
			}
			other := resident(t, h, who)
			other.open("/me")
			other.open("/cases/" + no)
			g, _ := other.Page.Form()
			if got := g.Values.Get("account"); got != "33010009" {
				t.Errorf("the other device shows %q, want what was typed", got)
			}
			other.open("/me/cases")
			other.reads("电费")
		})
	})
}

// toSlots chooses hall and matter; the page then asks for a time.
func (p person) toSlots() (no string) {
	p.t.Helper()
	p.start("hall-appointment")
	no = p.CaseNo()
	p.submit(map[string]string{"hall": p.offered("hall")[0]})
	p.submit(map[string]string{"matter": p.offered("matter")[0]})
	return no
}

// choosesSlot takes the first free time whose id ends so, on whatever day there is one, and confirms.
func (p person) choosesSlot(end string) {
	p.t.Helper()
	at := p.Page.URL.Path
	days := []string{at}
	for _, l := range p.Page.Links {
		if strings.Contains(l.Href, "?date=") {
			days = append(days, l.Href)
		}
	}
	for _, day := range days {
		p.open(day)
		f, _ := p.Page.Form()
		for _, id := range f.Options["slot"] {
			if !strings.HasSuffix(id, end) {
				continue
			}
			p.submit(map[string]string{"slot": id})
			p.reads("请核对预约")
			p.send("", nil)
			return
		}
	}
	p.t.Fatalf("no time ends in %s: %s", end, p.Page.Text)
}
