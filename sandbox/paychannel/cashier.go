package paychannel

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"zhijian/ground/clock"
	"zhijian/ground/money"
	"zhijian/sandbox/pages"
)

type cashierPage struct {
	About, Amount, Payee, Prepay, Back, Problem string
}

const payee = "指尖演示商户"

// cashier shows what is to be paid.
func (c *Channel) cashier(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	c.mu.Lock()
	o := c.prepays[q.Get("prepay_id")]
	page, status := c.cashierView(o, q.Get("redirect_url"))
	c.mu.Unlock()
	var to []string
	if u, err := url.Parse(page.Back); err == nil && page.Back != "" {
		to = append(to, u.Scheme+"://"+u.Host)
	}
	pages.Show(w, status, "cashier.html", page, to...)
}

func (c *Channel) cashierView(o *order, back string) (cashierPage, int) {
	if o == nil {
		return cashierPage{Problem: "没有找到这笔订单，请从商户页面重新打开"}, http.StatusNotFound
	}
	if !o.mayReturn(back) {
		return cashierPage{Problem: "返回地址不属于这家商户"}, http.StatusBadRequest
	}
	now := c.cfg.Clock.Now()
	o.lapse(now)
	page := cashierPage{About: o.about, Amount: money.Fen(o.total).String(), Payee: payee, Prepay: o.prepay, Back: back}
	switch {
	case o.state == success || o.state == refunded:
		page.Problem = "这笔订单已经付过了"
	case o.state == closed:
		page.Problem = "这笔订单已经关闭"
	case now.After(o.linkUntil):
		page.Problem = "付款页面已过期，请从商户页面重新打开"
	default:
		return page, http.StatusOK
	}
	return page, http.StatusGone
}

// mayReturn allows going back to the merchant's own hosts and to loopback; the cashier is no
// open redirector.
func (o *order) mayReturn(back string) bool {
	if back == "" {
		return true
	}
	u, err := url.Parse(back)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.User != nil || strings.Contains(back, `\`) {
		return false
	}
	notify, err := url.Parse(o.notify)
	return loopback(u.Hostname()) || u.Host == o.appHost || (err == nil && u.Hostname() == notify.Hostname())
}

// cashierPost pays or cancels and goes back to the merchant.
func (c *Channel) cashierPost(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, bodyLimit)
	back := r.PostFormValue("redirect_url")
	c.mu.Lock()
	o := c.prepays[r.PostFormValue("prepay_id")]
	page, status := c.cashierView(o, back)
	if status == http.StatusOK {
		page.Problem = "已取消，没有付款"
		if r.PostFormValue("action") == "pay" {
			page.Problem = "付款成功"
			if c.paid(o) != success {
				page.Problem = "银行拒绝了这笔付款，请换一种方式"
			}
		}
	}
	c.mu.Unlock()
	if page.Back == "" {
		pages.Show(w, status, "cashier.html", page)
		return
	}
	http.Redirect(w, r, page.Back, http.StatusSeeOther)
}

// paid is a person paying: it moves the order and sends the notice, and returns the state, which
// is the old one when the act cannot be kept. c.mu is held.
func (c *Channel) paid(o *order) string {
	now := c.cfg.Clock.Now()
	o.lapse(now)
	if o.state != notPay && o.state != payError {
		return o.state
	}
	next := *o
	var n *notice
	if o.total%100 == 1 { // magic: the bank declines
		next.state = payError
	} else {
		n = c.take(&next, now)
	}
	if n != nil {
		n.order = o
	}
	if c.keep(line{Order: next.line(), Notice: n.line()}) != nil {
		return o.state
	}
	*o = next
	c.announce(n)
	if o.total%100 == 8 { // magic: paid twice, as from two phones in one moment
		c.again(o, now)
	}
	return o.state
}

// take books a payment and gives what the merchant is to be told; c.mu is held.
func (c *Channel) take(o *order, now time.Time) *notice {
	o.state, o.paidAt = success, now
	o.transaction = fmt.Sprintf("4200%s%016d", now.In(clock.Shanghai).Format("20060102"), c.next())
	view := o.transactionView()
	if o.total%100 == 9 { // magic: the notice says another amount than was paid
		view["amount"] = map[string]any{"total": o.total + 100, "payer_total": o.total + 100, "currency": "CNY", "payer_currency": "CNY"}
	}
	return c.notice(o, o.notify, "TRANSACTION.SUCCESS", "支付成功", "transaction", view)
}

// again pays a paid order once more: a second transaction under the same number; c.mu is held.
func (c *Channel) again(o *order, now time.Time) {
	twin := *o
	twin.twin, twin.refunds, twin.refunded, twin.noticesSent, twin.noticesTaken = true, nil, 0, 0, 0
	n := c.take(&twin, now)
	if n != nil {
		n.order = o // notices are counted by number
	}
	if c.keep(line{Order: twin.line(), Notice: n.line()}) != nil {
		return
	}
	c.twins[o.no] = &twin
	c.listed = append(c.listed, &twin)
	c.announce(n)
}
