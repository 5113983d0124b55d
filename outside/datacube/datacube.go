// Package datacube reads an official account's own figures from the platform that runs it, by the interfaces of /datacube that WeChat
// has had since December 2014.
//
// A Client asks for whole days that are over, in spans no longer than each interface takes. It renews its token once when the platform
// has forgotten it, tries nothing else again, and stops at the daily quota. Every refusal is a fault with a plain sentence. Secret and
// token stand in the query of requests and therefore reach no error and no log. Without Private only public addresses over https
// are reached. Safe for one caller at a time; it blocks on the network.
package datacube

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
	"zhijian/outside/guard"
	"zhijian/outside/strict"
)

// Config says whose figures are read, and where.
type Config struct {
	Base    string // "https://api.weixin.qq.com"
	AppID   string
	Secret  seal.Text
	Private bool          // the base may be plain http and lie at a private address, as an own platform's does
	Timeout time.Duration // of each call; 0 means 10 s
	Clock   clock.Clock
}

// Client asks one platform about one account.
type Client struct {
	base   string
	appID  string
	secret seal.Text
	token  seal.Text // none before the first call
	http   *guard.Client
	clock  clock.Clock
}

// New checks the configuration. Nothing is sent.
func New(cfg Config) (*Client, error) {
	base, err := url.Parse(cfg.Base)
	if err != nil || base.Hostname() == "" || base.RawQuery != "" || base.Scheme != "https" && !(cfg.Private && base.Scheme == "http") {
		return nil, fault.Invalid("datacube.base", "平台地址请以 https:// 开头，后面只有域名")
	}
	if cfg.AppID == "" || cfg.Secret.IsZero() {
		return nil, fault.Invalid("datacube.secretless", "请给出 appid 和它的密钥")
	}
	policy := guard.Policy{Name: "datacube", Timeout: cfg.Timeout, MaxBody: mostAnswer, InFlight: 1}
	if policy.Timeout <= 0 {
		policy.Timeout = 10 * time.Second
	}
	if cfg.Private {
		policy.Hosts = []string{guard.HostPort(base)}
	}
	h, err := guard.New(policy)
	if err != nil {
		return nil, err
	}
	return &Client{base: strings.TrimSuffix(cfg.Base, "/"), appID: cfg.AppID, secret: cfg.Secret, http: h, clock: cfg.Clock}, nil
}

const mostAnswer = 4 << 20

// Close gives idle connections back.
func (c *Client) Close() { c.http.Close() }

// answer is what every interface has in common.
type answer struct {
	Code int             `json:"errcode"`
	List json.RawMessage `json:"list"`
	// Of /cgi-bin/token alone.
	Token string `json:"access_token"`
}

// ask posts one question about days from begin to end, both among them, and reads the rows into list, a pointer to a slice. A
// token that the platform does not know, or no longer, is renewed once.
func (c *Client) ask(ctx context.Context, name, begin, end string, list any) (err error) {
	defer fault.Wrap(&err, "%s of %s to %s", name, begin, end)
	body, err := json.Marshal(map[string]string{"begin_date": begin, "end_date": end})
	if err != nil {
		return err
	}
	for renewed := false; ; renewed = true {
		if c.token.IsZero() {
			if err := c.renew(ctx); err != nil {
				return err
			}
		}
		a, err := c.send(ctx, guard.Request{
			Method: http.MethodPost, URL: c.base + "/datacube/" + name + "?access_token=" + url.QueryEscape(c.token.Reveal()),
			Header: http.Header{"Content-Type": {"application/json"}}, Body: body,
		})
		switch {
		case err != nil:
			return err
		case a.Code == 0:
			return rows(a.List, list)
		case forgotten(a.Code) && !renewed:
			c.token = seal.Text{}
		default:
			return refusal(a.Code)
		}
	}
}

func rows(b json.RawMessage, list any) error {
	if len(b) == 0 {
		return broken(errors.New("no list"))
	}
	if err := json.Unmarshal(b, list); err != nil {
		return broken(fmt.Errorf("not the expected rows: %w", err))
	}
	return nil
}

// renew asks for a token.
func (c *Client) renew(ctx context.Context) error {
	q := url.Values{"grant_type": {"client_credential"}, "appid": {c.appID}, "secret": {c.secret.Reveal()}}
	a, err := c.send(ctx, guard.Request{Method: http.MethodGet, URL: c.base + "/cgi-bin/token?" + q.Encode()})
	switch {
	case err != nil:
		return err
	case a.Code != 0:
		return refusal(a.Code)
	case a.Token == "":
		return broken(errors.New("no token"))
	}
	c.token = seal.Plain(a.Token)
	return nil
}

func (c *Client) send(ctx context.Context, r guard.Request) (a answer, err error) {
	got, err := c.http.Do(ctx, r)
	if err != nil {
		return a, fault.Unavailable("datacube.down", "平台没有回应，请过几分钟再试").Because(err)
	}
	if got.Status != http.StatusOK {
		return a, broken(fmt.Errorf("status %d", got.Status))
	}
	if err := strict.Into(got.Body, &a); err != nil {
		return a, broken(err)
	}
	return a, nil
}

func broken(cause error) error {
	return fault.Unavailable("datacube.broken", "平台的回答看不懂").Because(cause)
}

// forgotten reports the codes of a token that the platform does not know, or no longer.
func forgotten(code int) bool { return code == 40001 || code == 40014 || code == 42001 }

// refusal says in a sentence what the platform means. Its own words are not repeated: they can hold an address.
func refusal(code int) error {
	switch code {
	case 40013:
		return fault.Invalid("datacube.appid", "平台不认识这个 appid，请核对")
	case 40125:
		return fault.Invalid("datacube.secret", "密钥和 appid 不符，请核对")
	case 40164:
		return fault.Denied("datacube.address", "这台机器的地址不在公众号的白名单里，请在公众平台加上")
	case 48001, 48004, 50002, 50004, 50007:
		return fault.Denied("datacube.interface", "这个公众号没有数据接口的权限")
	case 45009, 45011:
		return fault.TooMany("datacube.quota", "平台当天的调用次数用完了，请明天再取")
	case 61500, 61501:
		return fault.Invalid("datacube.dates", "平台不给这些日期的数据，请核对月份")
	case 61503:
		return fault.Unavailable("datacube.early", "平台的数据还没有准备好，请当天 8 点以后再取")
	case 40001, 40014, 42001:
		return fault.Unavailable("datacube.token", "平台换了凭证还是不认，请过几分钟再试")
	case -1:
		return fault.Unavailable("datacube.busy", "平台正忙，请过几分钟再试")
	}
	return fault.Unavailable("datacube.code", "平台没有给出数据，代码是 %d", code)
}
