package paychannel

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"zhijian/ground/clock"
)

type refund struct {
	no, id  string
	order   *order
	amount  int64
	reason  string
	notify  string
	status  string // PROCESSING, SUCCESS, ABNORMAL, CLOSED
	asked   int    // queries while PROCESSING
	created time.Time
	at      time.Time
}

type refundRequest struct {
	TransactionID string `json:"transaction_id"`
	OutTradeNo    string `json:"out_trade_no"`
	OutRefundNo   string `json:"out_refund_no"`
	Reason        string `json:"reason"`
	NotifyURL     string `json:"notify_url"`
	Amount        struct {
		Refund   int64  `json:"refund"`
		Total    int64  `json:"total"`
		Currency string `json:"currency"`
	} `json:"amount"`
}

func (c *Channel) refund(_ *http.Request, body []byte) (any, error) {
	var in refundRequest
	if err := json.Unmarshal(body, &in); err != nil {
		return nil, badParam("body", "请求体不是 JSON")
	}
	if in.OutRefundNo == "" || len(in.OutRefundNo) > 64 || len(in.Reason) > 80 {
		return nil, badParam("out_refund_no", "退款单号应为 1 到 64 位，原因不超过 80 字节")
	}
	if in.NotifyURL != "" {
		if err := c.checkNotify(in.NotifyURL); err != nil {
			return nil, err
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	o := c.paidOrder(in)
	if o == nil {
		return nil, refuse(http.StatusNotFound, "RESOURCE_NOT_EXISTS", "订单不存在或未支付")
	}
	if f := c.refunds[in.OutRefundNo]; f != nil {
		if f.order != o || f.amount != in.Amount.Refund {
			return nil, refuse(http.StatusBadRequest, "INVALID_REQUEST", "退款单号已用于另一笔退款")
		}
		return f.view(), nil
	}
	switch {
	case in.Amount.Total != o.total || in.Amount.Currency != "CNY" || in.Amount.Refund < 1:
		return nil, badParam("amount", "订单金额或退款金额不符")
	case o.refunded+in.Amount.Refund > o.total:
		return nil, refuse(http.StatusForbidden, "NOT_ENOUGH", "累计退款金额大于支付金额")
	case len(o.refunds) >= 50:
		return nil, refuse(http.StatusForbidden, "RULE_LIMIT", "部分退款次数超过 50 次")
	case o.total%100 == 4 && !c.flaky[in.OutRefundNo]:
		if err := c.keep(line{Flaky: in.OutRefundNo}); err != nil {
			return nil, err
		}
		c.flaky[in.OutRefundNo] = true
		return nil, refuse(http.StatusInternalServerError, "SYSTEM_ERROR", "系统超时，请用相同参数重试")
	}
	now := c.cfg.Clock.Now()
	f := &refund{
		no: in.OutRefundNo, order: o, amount: in.Amount.Refund, reason: in.Reason, notify: in.NotifyURL, status: "PROCESSING", created: now,
		id: fmt.Sprintf("5030%s%016d", now.In(clock.Shanghai).Format("20060102"), c.next()),
	}
	if f.notify == "" {
		f.notify = o.notify
	}
	v := f.view()
	next := *o
	next.refunds, next.refunded, next.state = append(o.refunds, f), o.refunded+f.amount, refunded
	var n *notice
	if o.total%100 != 5 {
		n = c.finish(f, c.ending(f))
	}
	if f.status == refundClosed {
		next.refunded -= f.amount // it may be asked for again, under another number
	}
	if err := c.keep(line{Order: next.line(), Refund: f.line(), Notice: n.line()}); err != nil {
		return nil, err
	}
	*o, c.refunds[f.no] = next, f
	c.announce(n)
	return v, nil
}

// paidOrder finds the transaction to give back: by its own number when that is named, else the first one of the order.
func (c *Channel) paidOrder(in refundRequest) *order {
	if in.TransactionID == "" {
		if o := c.orders[in.OutTradeNo]; o != nil && o.transaction != "" {
			return o
		}
		return nil
	}
	for _, o := range c.listed {
		if o.transaction == in.TransactionID && (in.OutTradeNo == "" || in.OutTradeNo == o.no) {
			return o
		}
	}
	return nil
}

// How refunds end badly (wechat-contract 13.6).
const (
	refundAbnormal = "ABNORMAL"
	refundClosed   = "CLOSED"
)

// ending is how a refund will end: by the switch, or by the magic amounts whose first refund ends badly; c.mu is held.
func (c *Channel) ending(f *refund) string {
	magic := f.order.total % 100
	switch {
	case c.switches.Refunds == "abnormal", magic == 6 && len(f.order.refunds) == 0:
		return refundAbnormal
	case c.switches.Refunds == "closed", magic == 7 && len(f.order.refunds) == 0:
		return refundClosed
	}
	return success
}

// finish ends a refund and gives what the merchant is to be told; money moves back only with success. c.mu is held.
func (c *Channel) finish(f *refund, status string) *notice {
	f.status, f.at = status, c.cfg.Clock.Now()
	said := map[string]any{
		"mchid": mchID, "transaction_id": f.order.transaction, "out_trade_no": f.order.no, "refund_id": f.id, "out_refund_no": f.no,
		"refund_status": f.status, "user_received_account": "支付用户零钱",
		"amount": map[string]any{"total": f.order.total, "refund": f.amount, "payer_total": f.order.total, "payer_refund": f.amount},
	}
	if status == success {
		said["success_time"] = rfc3339(f.at)
	}
	summary := map[string]string{success: "退款成功", refundAbnormal: "退款异常", refundClosed: "退款关闭"}[status]
	n := c.notice(f.order, f.notify, "REFUND."+status, summary, "refund", said)
	if n != nil && f.order.twin {
		n.order = c.orders[f.order.no]
	}
	return n
}

func (c *Channel) queryRefund(r *http.Request, _ []byte) (any, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f := c.refunds[r.PathValue("no")]
	if f == nil {
		return nil, refuse(http.StatusNotFound, "RESOURCE_NOT_EXISTS", "退款单不存在")
	}
	if f.status == "PROCESSING" {
		next := *f
		var n *notice
		if next.asked++; next.asked > 2 {
			n = c.finish(&next, success)
		}
		if err := c.keep(line{Refund: next.line(), Notice: n.line()}); err != nil {
			return nil, err
		}
		*f = next
		c.announce(n)
	}
	return f.view(), nil
}

func (f *refund) view() map[string]any {
	v := map[string]any{
		"refund_id": f.id, "out_refund_no": f.no, "transaction_id": f.order.transaction, "out_trade_no": f.order.no,
		"channel": "ORIGINAL", "user_received_account": "支付用户零钱", "create_time": rfc3339(f.created), "status": f.status,
		"funds_account": "UNSETTLED", "promotion_detail": []any{},
		"amount": map[string]any{
			"total": f.order.total, "refund": f.amount, "from": []any{}, "payer_total": f.order.total, "payer_refund": f.amount,
			"settlement_total": f.order.total, "settlement_refund": f.amount, "discount_refund": 0, "currency": "CNY",
		},
	}
	if f.status == "SUCCESS" {
		v["success_time"] = rfc3339(f.at)
	}
	return v
}
