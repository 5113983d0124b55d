package wechatpay

import (
	"context"
	"net/http"
	"net/url"

	"zhijian/domain/payment"
	"zhijian/ground/fault"
	"zhijian/ground/money"
)

// refundOut names what goes back: the transaction when it is known, since one order may have two, else the order.
type refundOut struct {
	Transaction string `json:"transaction_id,omitempty"`
	OutTradeNo  string `json:"out_trade_no,omitempty"`
	OutRefundNo string `json:"out_refund_no"`
	Reason      string `json:"reason,omitempty"`
	NotifyURL   string `json:"notify_url"`
	Amount      struct {
		Refund   money.Fen `json:"refund"`
		Total    money.Fen `json:"total"`
		Currency string    `json:"currency"`
	} `json:"amount"`
}

// Refund asks for money to go back to where it came from; usually the answer is "refunding" and a
// notice or QueryRefund tells the end. fault.NotFound "payment.order" when there is no such paid
// order; fault.Conflict "payment.refund" when the channel cannot return it now.
func (c *Client) Refund(ctx context.Context, r payment.ChannelRefund) (_ payment.Notice, err error) {
	defer fault.Wrap(&err, "wechatpay: refund %s", r.RefundNo)
	in := refundOut{Transaction: r.Transaction, OutRefundNo: r.RefundNo, Reason: r.Reason, NotifyURL: c.cfg.NotifyURL}
	if r.Transaction == "" {
		in.OutTradeNo = r.No
	}
	in.Amount.Refund, in.Amount.Total, in.Amount.Currency = r.Amount, r.Total, "CNY"
	var out refunded
	if err := c.call(ctx, http.MethodPost, "/v3/refund/domestic/refunds", in, &out); err != nil {
		return payment.Notice{}, told(err)
	}
	return refundNotice(out, r.RefundNo)
}

// QueryRefund asks how a refund stands. fault.NotFound "payment.order" when the channel never heard of it.
func (c *Client) QueryRefund(ctx context.Context, refundNo string) (_ payment.Notice, err error) {
	defer fault.Wrap(&err, "wechatpay: query refund %s", refundNo)
	var out refunded
	if err := c.call(ctx, http.MethodGet, "/v3/refund/domestic/refunds/"+url.PathEscape(refundNo), nil, &out); err != nil {
		return payment.Notice{}, told(err)
	}
	return refundNotice(out, refundNo)
}

func refundNotice(out refunded, no string) (payment.Notice, error) {
	if out.OutRefundNo != no {
		return payment.Notice{}, unknown(errOther)
	}
	n, err := out.notice(out.Status)
	if err != nil {
		return payment.Notice{}, unknown(err)
	}
	return n, nil
}
