package server_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"zhijian/testkit/house"
)

// TestPayingLate has residents come back to an order after the channel's page has closed: the order still lives, so they pay it.
func TestPayingLate(t *testing.T) {
	t.Parallel()
	house.Both(t, func(t *testing.T, h *house.House) {
		h.Log.Expect("the lease of this shard") // which runs by the clock that is moved
		who := h.Resident(t, "L4", 0)
		p := resident(t, h, who)
		no := p.toCashier(who.Plates[0])
		dead := p.Page.URL.String()

		m := machine(t, h, h.Resident(t, "L1", 0))
		c := m.call(http.MethodPost, "/cities/hangzhou/services/electricity-bill-payment/cases", map[string]any{"values": map[string][]string{}}, http.StatusCreated)
		c = m.answer(c, map[string][]string{"account": {h.Resident(t, "L1", 0).Accounts["electricity"]}})
		items, _ := view(c)["items"].([]any)
		first, _ := items[0].(map[string]any)
		c = m.answer(c, map[string][]string{"bills": {first["value"].(string)}})
		c = m.answer(c, nil)
		if view(c)["kind"] != "pay" || view(c)["pay_url"] == nil {
			t.Fatalf("the program is not asked to pay: %v", c)
		}

		h.Clock.Advance(6 * time.Minute)
		p.get(dead)
		p.reads("付款页面已过期")
		p.open("/cases/" + no)
		p.submit(nil)
		p.atCashier()
		if p.Page.Status != http.StatusOK {
			t.Fatalf("the cashier says %d: %s", p.Page.Status, p.Page.Text)
		}
		p.pay()
		p.until("/cases/"+no, "已办结")

		url, _ := view(m.call(http.MethodGet, "/cases/"+c["no"].(string), nil, http.StatusOK))["pay_url"].(string)
		status, page := ask(t, http.MethodGet, url, nil, nil)
		if text, _ := page["text"].(string); status != http.StatusOK || !strings.Contains(text, "付款") {
			t.Errorf("the page that the program was given after six minutes: %d %v", status, page)
		}
	})
}
