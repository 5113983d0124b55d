package paychannel

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"zhijian/ground/clock"
)

// order is one payment order.
type order struct {
	no, prepay, transaction   string
	kind                      string // h5, jsapi, native
	about, attach, openid     string
	notify, print             string
	appHost                   string // host of the H5 site
	total, refunded           int64
	state                     string
	linkUntil, expires        time.Time
	paidAt                    time.Time
	refunds                   []*refund
	noticesSent, noticesTaken int
	twin                      bool // a second transaction of the order with this number
}

// The states of a trade (wechat-contract 13.5).
const (
	notPay   = "NOTPAY"
	success  = "SUCCESS"
	refunded = "REFUND"
	closed   = "CLOSED"
	payError = "PAYERROR"
)

type amount struct {
	Total    int64  `json:"total"`
	Currency string `json:"currency"`
}

type prepayRequest struct {
	AppID       string `json:"appid"`
	MchID       string `json:"mchid"`
	Description string `json:"description"`
	OutTradeNo  string `json:"out_trade_no"`
	TimeExpire  string `json:"time_expire"`
	Attach      string `json:"attach"`
	NotifyURL   string `json:"notify_url"`
	Amount      amount `json:"amount"`
	Payer       struct {
		OpenID string `json:"openid"`
	} `json:"payer"`
	Scene struct {
		ClientIP string `json:"payer_client_ip"`
		H5       struct {
			Type   string `json:"type"`
			AppURL string `json:"app_url"`
		} `json:"h5_info"`
	} `json:"scene_info"`
}

func (c *Channel) prepay(r *http.Request, body []byte) (any, error) {
	var in prepayRequest
	if err := json.Unmarshal(body, &in); err != nil {
		return nil, badParam("body", "请求体不是 JSON")
	}
	kind := r.PathValue("kind")
	if kind != "h5" && kind != "jsapi" && kind != "native" {
		return nil, refuse(http.StatusNotFound, "RESOURCE_NOT_EXISTS", "没有这种下单方式")
	}
	now := c.cfg.Clock.Now()
	expires, err := c.checkPrepay(in, kind, now)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	print := fmt.Sprintf("%s|%s|%d|%s|%s|%s", kind, in.Description, in.Amount.Total, in.Attach, in.TimeExpire, in.Payer.OpenID)
	o := c.orders[in.OutTradeNo]
	fresh := o == nil
	if fresh {
		if !expires.After(now) {
			return nil, badParam("time_expire", "失效时间已过")
		}
		o = &order{
			no: in.OutTradeNo, kind: kind, about: in.Description, attach: in.Attach, openid: in.Payer.OpenID, notify: in.NotifyURL,
			print: print, total: in.Amount.Total, state: notPay, expires: expires,
			prepay: fmt.Sprintf("wx%s%018d", now.In(clock.Shanghai).Format("20060102150405"), c.next()),
		}
		if u, err := url.Parse(in.Scene.H5.AppURL); err == nil {
			o.appHost = u.Host
		}
	}
	o.lapse(now)
	switch {
	case o.state == success || o.state == refunded:
		return nil, refuse(http.StatusBadRequest, "ORDERPAID", "该订单已支付")
	case o.state == closed:
		return nil, refuse(http.StatusBadRequest, "ORDER_CLOSED", "该订单已关闭")
	case o.print != print:
		return nil, refuse(http.StatusForbidden, "OUT_TRADE_NO_USED", "商户订单号重复")
	}
	// A house that came back on another port wants its notices there.
	next := *o
	next.linkUntil, next.notify = now.Add(5*time.Minute), in.NotifyURL
	if err := c.keep(line{Order: next.line()}); err != nil {
		return nil, err
	}
	*o = next
	if fresh {
		c.orders[o.no], c.prepays[o.prepay] = o, o
		c.listed = append(c.listed, o)
	}
	return c.prepaid(o), nil
}

func (c *Channel) prepaid(o *order) any {
	switch o.kind {
	case "jsapi":
		return map[string]string{"prepay_id": o.prepay}
	case "native":
		return map[string]string{"code_url": "weixin://wxpay/bizpayurl?pr=" + o.prepay}
	}
	return map[string]string{"h5_url": c.cfg.BaseURL + "/cashier?prepay_id=" + o.prepay + "&package=" + o.prepay[16:]}
}

func (c *Channel) checkPrepay(in prepayRequest, kind string, now time.Time) (expires time.Time, err error) {
	expires = now.Add(2 * time.Hour)
	switch {
	case in.AppID != appID || in.MchID != mchID:
		return expires, refuse(http.StatusBadRequest, "APPID_MCHID_NOT_MATCH", "appid 和 mchid 不匹配")
	case !regexp.MustCompile(`^[0-9A-Za-z_\-|*]{6,32}$`).MatchString(in.OutTradeNo):
		return expires, badParam("out_trade_no", "商户订单号应为 6 到 32 位数字、字母或 _-|*")
	case in.Description == "" || len(in.Description) > 127:
		return expires, badParam("description", "商品描述应为 1 到 127 字节")
	case len(in.Attach) > 128:
		return expires, badParam("attach", "附加数据不超过 128 字节")
	case in.Amount.Total < 1 || in.Amount.Total > 10_000_000_000:
		return expires, badParam("amount/total", "金额应为正整数分")
	case in.Amount.Currency != "" && in.Amount.Currency != "CNY":
		return expires, badParam("amount/currency", "币种只支持 CNY")
	case kind == "jsapi" && in.Payer.OpenID == "":
		return expires, badParam("payer/openid", "缺少 openid")
	case kind == "h5" && (net.ParseIP(in.Scene.ClientIP) == nil || in.Scene.H5.Type == ""):
		return expires, badParam("scene_info", "H5 支付须有 payer_client_ip 和 h5_info")
	}
	if in.TimeExpire != "" {
		if expires, err = time.Parse(time.RFC3339, in.TimeExpire); err != nil {
			return expires, badParam("time_expire", "失效时间应为 RFC 3339 时间")
		}
	}
	return expires, c.checkNotify(in.NotifyURL)
}

// checkNotify lets notices go to loopback only: a sandbox that could be told to call any
// address would be a weapon.
func (c *Channel) checkNotify(s string) error {
	u, err := url.Parse(s)
	switch {
	case err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.RawQuery != "" || u.Fragment != "" || u.User != nil:
		return badParam("notify_url", "通知地址应为不带参数的 http(s) 地址")
	case !loopback(u.Hostname()):
		return badParam("notify_url", "演示通道只通知本机地址")
	case c.cfg.NotifyOrigin != "" && u.Scheme+"://"+u.Host != strings.TrimSuffix(c.cfg.NotifyOrigin, "/"):
		return badParam("notify_url", "通知地址不在约定的来源")
	}
	return nil
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// lapse closes an order that nobody paid in time.
func (o *order) lapse(now time.Time) {
	if (o.state == notPay || o.state == payError) && !now.Before(o.expires) {
		o.state = closed
	}
}

func (c *Channel) query(r *http.Request, _ []byte) (any, error) {
	return c.found(r, func(o *order) bool { return o.no == r.PathValue("no") })
}

func (c *Channel) queryByID(r *http.Request, _ []byte) (any, error) {
	return c.found(r, func(o *order) bool { return o.transaction != "" && o.transaction == r.PathValue("id") })
}

func (c *Channel) found(r *http.Request, match func(*order) bool) (any, error) {
	if r.URL.Query().Get("mchid") != mchID {
		return nil, badParam("mchid", "商户号不符")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if o := c.orders[r.PathValue("no")]; o != nil {
		o.lapse(c.cfg.Clock.Now())
		return o.transactionView(), nil
	}
	for _, o := range c.listed {
		if match(o) {
			o.lapse(c.cfg.Clock.Now())
			return o.transactionView(), nil
		}
	}
	return nil, refuse(http.StatusNotFound, "ORDER_NOT_EXIST", "订单不存在")
}

// transactionView is the object of wechat-contract 13.5, for queries and notices.
func (o *order) transactionView() map[string]any {
	v := map[string]any{
		"appid": appID, "mchid": mchID, "out_trade_no": o.no, "trade_type": tradeType(o.kind), "trade_state": o.state,
		"trade_state_desc": stateText(o.state), "attach": o.attach, "payer": map[string]any{}, "promotion_detail": []any{},
		"amount": map[string]any{"total": o.total, "currency": "CNY"},
	}
	if o.transaction != "" {
		v["transaction_id"], v["success_time"], v["bank_type"] = o.transaction, rfc3339(o.paidAt), "OTHERS"
		v["payer"] = map[string]any{"openid": o.payer()}
		v["amount"] = map[string]any{"total": o.total, "payer_total": o.total, "currency": "CNY", "payer_currency": "CNY"}
	}
	return v
}

func (o *order) payer() string {
	if o.openid != "" {
		return o.openid
	}
	return "oSANDBOX" + o.prepay[len(o.prepay)-18:]
}

func tradeType(kind string) string {
	return map[string]string{"h5": "MWEB", "jsapi": "JSAPI", "native": "NATIVE"}[kind]
}

func stateText(state string) string {
	return map[string]string{
		notPay: "订单未支付", success: "支付成功", refunded: "订单发生过退款", closed: "订单已关闭", payError: "支付失败，请重新下单支付",
	}[state]
}

func rfc3339(t time.Time) string { return t.In(clock.Shanghai).Format("2006-01-02T15:04:05-07:00") }

func (c *Channel) close(r *http.Request, body []byte) (any, error) {
	var in struct {
		MchID string `json:"mchid"`
	}
	if err := json.Unmarshal(body, &in); err != nil || in.MchID != mchID {
		return nil, badParam("mchid", "商户号不符")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	o := c.orders[r.PathValue("no")]
	switch {
	case o == nil:
		return nil, refuse(http.StatusNotFound, "ORDER_NOT_EXIST", "订单不存在")
	case o.state == success || o.state == refunded:
		return nil, refuse(http.StatusBadRequest, "ORDERPAID", "该订单已支付")
	}
	next := *o
	next.state = closed
	if err := c.keep(line{Order: next.line()}); err != nil {
		return nil, err
	}
	*o = next
	return nil, nil
}
