package wechatpay

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"zhijian/domain/payment"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/ground/money"
)

type amountOut struct {
	Total    money.Fen `json:"total"`
	Currency string    `json:"currency"`
}

type prepay struct {
	AppID       string    `json:"appid"`
	MchID       string    `json:"mchid"`
	Description string    `json:"description"`
	OutTradeNo  string    `json:"out_trade_no"`
	TimeExpire  string    `json:"time_expire,omitempty"`
	NotifyURL   string    `json:"notify_url"`
	Amount      amountOut `json:"amount"`
	Payer       *payer    `json:"payer,omitempty"`
	Scene       *scene    `json:"scene_info,omitempty"`
}

type payer struct {
	OpenID string `json:"openid"`
}

type scene struct {
	ClientIP string `json:"payer_client_ip"`
	H5       h5     `json:"h5_info"`
}

type h5 struct {
	Type    string `json:"type"`
	AppName string `json:"app_name"`
	AppURL  string `json:"app_url,omitempty"`
}

func (c *Client) prepayOf(o payment.ChannelOrder) prepay {
	return prepay{
		AppID: c.cfg.AppID, MchID: c.cfg.MchID, Description: o.About, OutTradeNo: o.No, TimeExpire: rfc3339(o.Expires),
		NotifyURL: c.cfg.NotifyURL, Amount: amountOut{o.Amount, "CNY"},
	}
}

func rfc3339(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(clock.Shanghai).Format("2006-01-02T15:04:05-07:00")
}

// Order announces an H5 order and gives the page to pay on, which returns to o.ReturnTo. The
// page opens for five minutes; the same order again gives a fresh one. fault.Conflict
// "payment.paid", "payment.closed" or "payment.number" (the number was used for something else).
func (c *Client) Order(ctx context.Context, o payment.ChannelOrder) (page string, err error) {
	defer fault.Wrap(&err, "wechatpay: order %s", o.No)
	in := c.prepayOf(o)
	ip := o.ClientIP
	if ip == "" {
		ip = "127.0.0.1"
	}
	in.Scene = &scene{ClientIP: ip, H5: h5{Type: "Wap", AppName: c.cfg.SiteName, AppURL: c.cfg.SiteURL}}
	var out struct {
		URL string `json:"h5_url"`
	}
	if err := c.call(ctx, http.MethodPost, "/v3/pay/transactions/h5", in, &out); err != nil {
		return "", told(err)
	}
	u, err := url.Parse(out.URL)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != c.base.Scheme) {
		return "", unknown(errors.New("the page to pay on is no address"))
	}
	page = out.URL
	if o.ReturnTo != "" {
		page += "&redirect_url=" + url.QueryEscape(o.ReturnTo)
	}
	return page, nil
}

// Invocation is what a page inside WeChat hands to the app to start a payment.
type Invocation struct {
	AppID     string `json:"appId"`
	TimeStamp string `json:"timeStamp"`
	NonceStr  string `json:"nonceStr"`
	Package   string `json:"package"`
	SignType  string `json:"signType"`
	PaySign   string `json:"paySign"`
}

// Invoke announces a JSAPI order for the follower with openid and signs its invocation, good for two hours.
func (c *Client) Invoke(ctx context.Context, o payment.ChannelOrder, openid string) (_ Invocation, err error) {
	defer fault.Wrap(&err, "wechatpay: invoke %s", o.No)
	in := c.prepayOf(o)
	in.Payer = &payer{OpenID: openid}
	var out struct {
		Prepay string `json:"prepay_id"`
	}
	if err := c.call(ctx, http.MethodPost, "/v3/pay/transactions/jsapi", in, &out); err != nil {
		return Invocation{}, told(err)
	}
	if out.Prepay == "" {
		return Invocation{}, unknown(errors.New("no prepay id"))
	}
	v := Invocation{
		AppID: c.cfg.AppID, TimeStamp: strconv.FormatInt(c.cfg.Clock.Now().Unix(), 10), NonceStr: rand.Text(),
		Package: "prepay_id=" + out.Prepay, SignType: "RSA",
	}
	v.PaySign, err = c.sign(v.AppID + "\n" + v.TimeStamp + "\n" + v.NonceStr + "\n" + v.Package + "\n")
	return v, err
}

// Query asks how an order stands. A trade that was refunded is told as paid: its money came;
// QueryRefund tells of the rest. fault.NotFound "payment.order" when the channel never heard of it.
func (c *Client) Query(ctx context.Context, no string) (_ payment.Notice, err error) {
	defer fault.Wrap(&err, "wechatpay: query %s", no)
	var t transaction
	path := "/v3/pay/transactions/out-trade-no/" + url.PathEscape(no) + "?mchid=" + url.QueryEscape(c.cfg.MchID)
	if err := c.call(ctx, http.MethodGet, path, nil, &t); err != nil {
		return payment.Notice{}, told(err)
	}
	if err := c.ours(t.MchID, t.AppID); err != nil || t.OutTradeNo != no {
		return payment.Notice{}, unknown(errOther)
	}
	n, err := t.notice()
	if err != nil {
		return payment.Notice{}, unknown(err)
	}
	return n, nil
}

// QueryTransaction asks how a payment stands by the channel's own number: one order may have two, and Query tells of the first.
// fault.NotFound "payment.order" when the channel never heard of it.
func (c *Client) QueryTransaction(ctx context.Context, id string) (_ payment.Notice, err error) {
	defer fault.Wrap(&err, "wechatpay: query transaction %s", id)
	var t transaction
	path := "/v3/pay/transactions/id/" + url.PathEscape(id) + "?mchid=" + url.QueryEscape(c.cfg.MchID)
	if err := c.call(ctx, http.MethodGet, path, nil, &t); err != nil {
		return payment.Notice{}, told(err)
	}
	if err := c.ours(t.MchID, t.AppID); err != nil || t.TransactionID != id {
		return payment.Notice{}, unknown(errOther)
	}
	n, err := t.notice()
	if err != nil {
		return payment.Notice{}, unknown(err)
	}
	return n, nil
}

// Close makes an unpaid order unpayable. fault.Conflict "payment.paid" when it is paid. An order
// the channel never heard of, or has closed, is closed.
func (c *Client) Close(ctx context.Context, no string) (err error) {
	defer fault.Wrap(&err, "wechatpay: close %s", no)
	path := "/v3/pay/transactions/out-trade-no/" + url.PathEscape(no) + "/close"
	err = c.call(ctx, http.MethodPost, path, map[string]string{"mchid": c.cfg.MchID}, nil)
	switch code(err) {
	case "ORDER_CLOSED", "ORDER_NOT_EXIST":
		return nil
	}
	return told(err)
}

// told turns the channel's refusal (wechat-contract 13.3) into a fault of ours. Whatever else it answers, also a code that
// nobody has heard of, is fault.Denied "payment.channel": it will not do this, however often it is asked the same.
func told(err error) error {
	switch code(err) {
	case "":
		return err
	case "ORDERPAID":
		return fault.Conflict("payment.paid", "这笔订单已经付过，不用再付").Because(err)
	case "ORDER_CLOSED":
		return fault.Conflict("payment.closed", "这笔订单已经关闭，请重新下单").Because(err)
	case "OUT_TRADE_NO_USED":
		return fault.Conflict("payment.number", "这个订单号已用于另一笔付款，请重新下单").Because(err)
	case "ORDER_NOT_EXIST", "RESOURCE_NOT_EXISTS":
		return fault.NotFound("payment.order", "支付通道没有这笔订单，请核对编号").Because(err)
	case "NOT_ENOUGH", "RULE_LIMIT":
		return fault.Conflict("payment.refund", "支付通道现在不能退这笔款，请过一会儿再试").Because(err)
	case "USER_ACCOUNT_ABNORMAL", "ACCOUNT_ERROR", "TRADE_ERROR":
		return fault.Conflict("payment.account", "这个付款账户现在不能收付这笔款，请换一个账户，或由工作人员处理").Because(err)
	}
	return fault.Denied("payment.channel", "支付通道没有受理这次请求，请重新下单；仍不行时请联系工作人员").Because(err)
}
