package wechat

import (
	"errors"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"time"

	"zhijian/door"
	"zhijian/ground/fault"
	"zhijian/ground/push"
)

// window is how far a signature's time may lie from ours. A message that was copied on its way is worth nothing after it; within it the talk
// has taken it already, and its signature brings no other (follower.Desk.Fresh).
const window = 5 * time.Minute

// The shapes of what is signed. The parts are joined without a mark between them: of other shapes, one signature would fit several (T03).
var (
	seconds = regexp.MustCompile(`^[0-9]{10}$`)
	once    = regexp.MustCompile(`^[0-9A-Za-z]{6,32}$`)
	echo    = regexp.MustCompile(`^[0-9A-Za-z_-]{1,64}$`)
)

func unbelieved() *fault.Error {
	return fault.Denied("wechat.signature", "签名不对。请核对 Token、EncodingAESKey 和本机时间")
}

func unread() *fault.Error {
	return fault.Invalid("wechat.message", "这不是公众平台的消息。请核对公众平台里填的地址")
}

// link finds the link of an account and checks the signature over the address.
func (x *Wechat) link(r *door.Request) (Link, error) {
	l, ok := x.c.Links[r.PathValue("alias")]
	if !ok {
		return Link{}, fault.NotFound("wechat.account", "这个公众号没有接到这里")
	}
	at, nonce := r.Query("timestamp"), r.Query("nonce")
	if !seconds.MatchString(at) || !once.MatchString(nonce) || !push.Signed(r.Query("signature"), l.Token, at, nonce) {
		return Link{}, unbelieved()
	}
	said, err := strconv.ParseInt(at, 10, 64)
	if err != nil {
		return Link{}, unbelieved()
	}
	if away := x.c.Clock.Now().Sub(time.Unix(said, 0)); away > window || away < -window {
		return Link{}, unbelieved()
	}
	return l, nil
}

// verify answers the platform's check with what it sent, which is letters and digits.
func (x *Wechat) verify(w http.ResponseWriter, r *door.Request) error {
	if _, err := x.link(r); err != nil {
		return err
	}
	if !echo.MatchString(r.Query("echostr")) {
		return unread()
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, err := io.WriteString(w, r.Query("echostr"))
	return err
}

// opened is a message that is believed, and the key its reply is sealed with.
type opened struct {
	push.Message
	link Link
	key  push.Key // zero for a reply in the clear
}

// open reads a message. Where there is a seal only what is inside is believed, in compatible mode as well: the signature over the address says
// nothing of what stands beside it in the clear.
func (x *Wechat) open(r *door.Request) (opened, error) {
	l, err := x.link(r)
	if err != nil {
		return opened{}, err
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return opened{}, err
	}
	e, err := push.ReadEnvelope(body)
	if err != nil {
		return opened{}, unread().Because(err)
	}
	m := opened{Message: e.Clear, link: l}
	switch {
	case e.Encrypt != "" && !l.Key.IsZero():
		if m.Message, m.key, err = l.unseal(r, e.Encrypt); err != nil {
			return opened{}, err
		}
		if e.To != "" && e.To != m.To {
			return opened{}, unbelieved()
		}
	case l.Mode != Plain || m.Kind == "":
		return opened{}, unbelieved()
	}
	if m.To != l.ID {
		return opened{}, unbelieved().Because(errOther)
	}
	return m, nil
}

var errOther = errors.New("a message to another account")

// unseal believes a sealed message. Whatever is wrong inside has one answer: who could tell the seal from the padding would learn what is in
// it (T16).
func (l Link) unseal(r *door.Request, text string) (push.Message, push.Key, error) {
	if !push.Signed(r.Query("msg_signature"), l.Token, r.Query("timestamp"), r.Query("nonce"), text) {
		return push.Message{}, push.Key{}, unbelieved()
	}
	var err error
	for _, k := range []push.Key{l.Key, l.Old} {
		var inside []byte
		if k.IsZero() {
			continue
		}
		if inside, err = k.Open(l.AppID, text); err != nil {
			continue
		}
		m, err := push.ReadMessage(inside)
		if err != nil {
			return push.Message{}, push.Key{}, unbelieved().Because(err)
		}
		return m, k, nil
	}
	return push.Message{}, push.Key{}, unbelieved().Because(err)
}
