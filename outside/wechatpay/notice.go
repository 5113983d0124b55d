package wechatpay

import (
	"context"
	"errors"
	"net/http"
	"time"

	"zhijian/domain/payment"
	"zhijian/ground/fault"
	"zhijian/ground/money"
	"zhijian/outside/strict"
)

// transaction is the channel's account of a payment (wechat-contract 13.5).
type transaction struct {
	AppID         string `json:"appid"`
	MchID         string `json:"mchid"`
	OutTradeNo    string `json:"out_trade_no"`
	TransactionID string `json:"transaction_id"`
	TradeState    string `json:"trade_state"`
	SuccessTime   string `json:"success_time"`
	Amount        struct {
		Total    money.Fen `json:"total"`
		Currency string    `json:"currency"`
	} `json:"amount"`
}

// refunded is the channel's account of a refund; queries call the state status, notices refund_status.
type refunded struct {
	MchID         string `json:"mchid"`
	OutTradeNo    string `json:"out_trade_no"`
	TransactionID string `json:"transaction_id"`
	OutRefundNo   string `json:"out_refund_no"`
	Status        string `json:"status"`
	RefundStatus  string `json:"refund_status"`
	SuccessTime   string `json:"success_time"`
	Amount        struct {
		Refund money.Fen `json:"refund"`
	} `json:"amount"`
}

var (
	errOther = errors.New("about another merchant, app or number")
	errState = errors.New("a state that does not fit")
)

func (t transaction) notice() (payment.Notice, error) {
	outcome, ok := map[string]payment.Outcome{
		"SUCCESS": payment.OutcomePaid, "REFUND": payment.OutcomePaid, "NOTPAY": payment.OutcomeUnpaid, "USERPAYING": payment.OutcomeUnpaid,
		"CLOSED": payment.OutcomeClosed, "REVOKED": payment.OutcomeClosed, "PAYERROR": payment.OutcomeDeclined,
	}[t.TradeState]
	if !ok || t.OutTradeNo == "" {
		return payment.Notice{}, errState
	}
	n := payment.Notice{No: t.OutTradeNo, Transaction: t.TransactionID, Outcome: outcome, Amount: t.Amount.Total, Currency: t.Amount.Currency}
	if outcome != payment.OutcomePaid {
		return n, nil
	}
	at, err := time.Parse(time.RFC3339, t.SuccessTime)
	if err != nil || t.TransactionID == "" {
		return payment.Notice{}, errState
	}
	n.At = at.UTC()
	return n, nil
}

func (r refunded) notice(state string) (payment.Notice, error) {
	// A closed refund moved no money and will not: like an abnormal one it needs a person.
	outcome, ok := map[string]payment.Outcome{
		"SUCCESS": payment.OutcomeRefunded, "PROCESSING": payment.OutcomeRefunding, "ABNORMAL": payment.OutcomeAbnormal, "CLOSED": payment.OutcomeAbnormal,
	}[state]
	if !ok || r.OutRefundNo == "" || r.OutTradeNo == "" {
		return payment.Notice{}, errState
	}
	n := payment.Notice{
		No: r.OutTradeNo, RefundNo: r.OutRefundNo, Transaction: r.TransactionID, Outcome: outcome, Amount: r.Amount.Refund, Currency: "CNY",
	}
	if outcome == payment.OutcomeRefunded {
		at, err := time.Parse(time.RFC3339, r.SuccessTime)
		if err != nil {
			return payment.Notice{}, errState
		}
		n.At = at.UTC()
	}
	return n, nil
}

// ours reports errOther unless the merchant is us, and the app when one is named.
func (c *Client) ours(mch, app string) error {
	if mch != c.cfg.MchID || app != c.cfg.AppID {
		return errOther
	}
	return nil
}

type envelope struct {
	ID           string `json:"id"`
	EventType    string `json:"event_type"`
	ResourceType string `json:"resource_type"`
	Resource     sealed `json:"resource"`
}

// Open verifies a notice as it came (headers and raw body) and gives what it says. Amount and
// currency are for payment to compare with the order; everything else is checked here: header form, time within
// 300 s, a platform certificate we believe, the RSA signature, the seal, the merchant, the
// app, and that event, seal and content speak of the same thing.
//
// fault.Denied "notice" for anything else, probes included: answer 401 and do nothing.
// fault.Unavailable when the certificates cannot be fetched now: answer 500, the notice comes again.
func (c *Client) Open(ctx context.Context, header http.Header, body []byte) (payment.Notice, error) {
	n, err := c.opened(ctx, header, body)
	switch {
	case err == nil:
		return n, nil
	case fault.Is(err, fault.KindUnavailable):
		return payment.Notice{}, err
	case errors.Is(err, errProbe):
		c.probes.Add(1)
	default:
		c.refused.Add(1)
	}
	return payment.Notice{}, fault.Denied("notice", "通知没有通过验证，请核对签名和证书").Because(err)
}

const maxNotice = 64 << 10

func (c *Client) opened(ctx context.Context, header http.Header, body []byte) (payment.Notice, error) {
	if len(body) > maxNotice {
		return payment.Notice{}, errHeader
	}
	if err := c.verify(ctx, header, body); err != nil {
		return payment.Notice{}, err
	}
	return c.unwrapped(body)
}

// unwrapped reads a body that is proven to be the channel's.
func (c *Client) unwrapped(body []byte) (payment.Notice, error) {
	var e envelope
	if err := strict.Into(body, &e); err != nil {
		return payment.Notice{}, err
	}
	if e.ID == "" || len(e.ID) > 64 || e.ResourceType != "encrypt-resource" {
		return payment.Notice{}, errState
	}
	plain, err := c.open(e.Resource)
	if err != nil {
		return payment.Notice{}, err
	}
	n, err := c.content(e, plain)
	if err != nil {
		return payment.Notice{}, err
	}
	n.ID = e.ID
	return n, nil
}

// content reads the opened resource in the way its event says, and refuses a payment dressed
// as a refund or the other way round.
func (c *Client) content(e envelope, plain []byte) (payment.Notice, error) {
	kind := "refund"
	if e.EventType == "TRANSACTION.SUCCESS" {
		kind = "transaction"
	}
	if e.Resource.AssociatedData != kind || e.Resource.OriginalType != kind {
		return payment.Notice{}, errState
	}
	if kind == "transaction" {
		var t transaction
		if err := strict.Into(plain, &t); err != nil {
			return payment.Notice{}, err
		}
		if err := c.ours(t.MchID, t.AppID); err != nil {
			return payment.Notice{}, err
		}
		if t.TradeState != "SUCCESS" {
			return payment.Notice{}, errState
		}
		return t.notice()
	}
	state, ok := map[string]string{"REFUND.SUCCESS": "SUCCESS", "REFUND.ABNORMAL": "ABNORMAL", "REFUND.CLOSED": "CLOSED"}[e.EventType]
	var r refunded
	if err := strict.Into(plain, &r); err != nil {
		return payment.Notice{}, err
	}
	if r.MchID != c.cfg.MchID {
		return payment.Notice{}, errOther
	}
	if !ok || r.RefundStatus != state {
		return payment.Notice{}, errState
	}
	return r.notice(state)
}
