package paychannel

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"zhijian/sandbox/pages"
)

// Sums is the channel's own count of what happened since it started.
type Sums struct {
	Orders         int   `json:"orders"`
	Paid           int   `json:"paid"`
	PaidFen        int64 `json:"paid_fen"`
	Refunded       int   `json:"refunded"` // refunds that moved
	RefundedFen    int64 `json:"refunded_fen"`
	Sent           int   `json:"notices_sent"`
	Acknowledged   int   `json:"notices_acknowledged"`
	Waiting        int   `json:"notices_waiting"`
	Probes         int   `json:"probes_sent"`
	ProbesAccepted int   `json:"probes_accepted"` // must stay 0
}

// Listed is one order as GET /sandbox/orders shows it.
type Listed struct {
	No          string `json:"out_trade_no"`
	Transaction string `json:"transaction_id"`
	State       string `json:"state"`
	Total       int64  `json:"total"`
	Refunded    int64  `json:"refunded"` // fen asked back, moved or not
	PaidAt      string `json:"paid_at"`  // RFC 3339; empty until paid
	Notices     int    `json:"notices"`  // sent for this order
}

// Sums counts orders, money and notices.
func (c *Channel) Sums() Sums {
	c.post.mu.Lock()
	s := c.post.count
	c.post.mu.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	s.Orders = len(c.orders)
	for _, o := range c.listed {
		if o.transaction == "" {
			continue
		}
		s.Paid++
		s.PaidFen += o.total
		for _, f := range o.refunds {
			if f.status == success {
				s.Refunded++
				s.RefundedFen += f.amount
			}
		}
	}
	return s
}

// Orders lists every order, oldest first.
func (c *Channel) Orders() []Listed {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := make([]Listed, 0, len(c.listed))
	for _, o := range c.listed {
		o.lapse(c.cfg.Clock.Now())
		l := Listed{No: o.no, Transaction: o.transaction, State: o.state, Total: o.total, Refunded: o.refunded, Notices: o.noticesSent}
		if o.transaction != "" {
			l.PaidAt = rfc3339(o.paidAt)
		}
		out = append(out, l)
	}
	return out
}

// Pay pays an order in a person's place and gives its state; "" for an order nobody placed.
func (c *Channel) Pay(no string) (state, transaction string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	o := c.orders[no]
	if o == nil {
		return "", ""
	}
	return c.paid(o), o.transaction
}

func (c *Channel) programPay(w http.ResponseWriter, r *http.Request) {
	var in struct {
		No string `json:"out_trade_no"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, bodyLimit)).Decode(&in); err != nil {
		plainJSON(w, http.StatusBadRequest, map[string]any{"error": "需要 out_trade_no"})
		return
	}
	state, transaction := c.Pay(in.No)
	status := http.StatusOK
	switch state {
	case "":
		status = http.StatusNotFound
	case closed:
		status = http.StatusConflict
	}
	plainJSON(w, status, map[string]any{"state": state, "transaction_id": transaction})
}

// programJSAPI does what the phone's app does with the parameters of a JSAPI payment: it has
// the merchant's signature checked and opens the cashier.
func (c *Channel) programJSAPI(w http.ResponseWriter, r *http.Request) {
	var in struct{ AppID, TimeStamp, NonceStr, Package, SignType, PaySign string }
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, bodyLimit)).Decode(&in); err != nil {
		plainJSON(w, http.StatusBadRequest, map[string]any{"error": "需要调起支付的六个参数"})
		return
	}
	c.keys.made.Wait()
	prepay, ok := strings.CutPrefix(in.Package, "prepay_id=")
	message := in.AppID + "\n" + in.TimeStamp + "\n" + in.NonceStr + "\n" + in.Package + "\n"
	if !ok || in.AppID != appID || in.SignType != "RSA" || !verified(&c.keys.merchant.key.PublicKey, message, in.PaySign) {
		plainJSON(w, http.StatusUnauthorized, map[string]any{"error": "支付验证签名失败"})
		return
	}
	c.mu.Lock()
	o := c.prepays[prepay]
	c.mu.Unlock()
	if o == nil {
		plainJSON(w, http.StatusNotFound, map[string]any{"error": "预支付单不存在"})
		return
	}
	plainJSON(w, http.StatusOK, map[string]any{"cashier_url": c.cfg.BaseURL + "/cashier?prepay_id=" + prepay})
}

func (c *Channel) programSwitch(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	s := c.switches
	c.mu.Unlock()
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, bodyLimit)).Decode(&s); err != nil || !s.known() {
		plainJSON(w, http.StatusBadRequest, map[string]any{"error": "开关不认识；duplicates 为 0 到 20，refunds 为空、abnormal 或 closed"})
		return
	}
	c.Switch(s)
	plainJSON(w, http.StatusOK, s)
}

func (s Switches) known() bool {
	return s.Duplicates >= 0 && s.Duplicates <= 20 && slices.Contains([]string{"", "abnormal", "closed"}, s.Refunds)
}

func (c *Channel) programOrders(w http.ResponseWriter, _ *http.Request) {
	plainJSON(w, http.StatusOK, map[string]any{"orders": c.Orders()})
}

func (c *Channel) programSums(w http.ResponseWriter, _ *http.Request) {
	plainJSON(w, http.StatusOK, c.Sums())
}

func (c *Channel) page(w http.ResponseWriter, _ *http.Request) {
	all := c.Orders()
	pages.Show(w, http.StatusOK, "orders.html", map[string]any{"Orders": all[max(0, len(all)-50):], "Sums": c.Sums()})
}

func plainJSON(w http.ResponseWriter, status int, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		status, b = http.StatusInternalServerError, []byte(`{"error":"演示系统自身出错"}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(b)
}
