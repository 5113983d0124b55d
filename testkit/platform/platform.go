// Package platform is a small platform of official accounts as WeChat is one, for tests of an account's back end: it checks an address, pushes
// followers' messages in the three modes, delivers again what was not answered in time, and reads the one reply.
//
// It is written from the protocol alone and shares no code with the house (ground/push), so that what both got wrong in the same way shows.
package platform

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// Account is one official account as the platform's console has it.
type Account struct {
	URL    string // where its messages go
	ID     string // gh_…
	AppID  string
	Token  string
	AESKey string
	Mode   string // plain, compatible, secure
	Now    func() time.Time
	// Deliveries is how often a message is pushed before the platform gives up; 0 means three, as WeChat does.
	Deliveries int

	last atomic.Int64
	salt int64 // so that two of them have no nonce alike
}

var accounts atomic.Int64

// New makes an account with example secrets.
func New(url, mode string, now func() time.Time) *Account {
	return &Account{
		URL: url, ID: "gh_0123456789ab", AppID: "wxapp0123456789ab", Token: "tok", AESKey: "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", Mode: mode, Now: now, salt: 1_000_000 * accounts.Add(1),
	}
}

// Reply is what a follower sees.
type Reply struct {
	Silent bool
	Text   string // of a card its text
	Title  string // of a card
	URL    string // of a card
	Links  []string
	Bytes  int // of a text
}

var (
	anchor = regexp.MustCompile(`<a href="([^"]*)">([^<]*)</a>`)
	agent  = "Mozilla/4.0"
)

// Link gives the address of the card, or of the first link in the text.
func (r Reply) Link() string {
	if r.URL != "" {
		return r.URL
	}
	if len(r.Links) > 0 {
		return r.Links[0]
	}
	return ""
}

// sign is the platform's signature.
func sign(parts ...string) string {
	slices.Sort(parts)
	h := sha1.New()
	for _, p := range parts {
		_, _ = io.WriteString(h, p)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// query is what stands behind the address of a push.
func (a *Account) query() url.Values {
	at, nonce := strconv.FormatInt(a.Now().Unix(), 10), strconv.FormatInt(a.last.Add(1)+a.salt+1_000_000_000, 10)
	return url.Values{"timestamp": {at}, "nonce": {nonce}, "signature": {sign(a.Token, at, nonce)}}
}

// Check does what the console does when the address is saved.
func (a *Account) Check(ctx context.Context) error {
	q := a.query()
	q.Set("echostr", "5837397593839205")
	status, body, err := a.do(ctx, http.MethodGet, q, nil)
	if err == nil && (status != http.StatusOK || strings.TrimSpace(string(body)) != q.Get("echostr")) {
		err = fmt.Errorf("platform: the address answers %d %q", status, body)
	}
	return err
}

// Text pushes words.
func (a *Account) Text(ctx context.Context, openid, words string) (Reply, error) {
	return a.Push(ctx, a.Message(openid, "text", "Content", words))
}

// Event pushes something that happened, at the present second.
func (a *Account) Event(ctx context.Context, openid, event, key string) (Reply, error) {
	return a.Push(ctx, a.head(openid, "event")+element("Event", event)+element("EventKey", key))
}

// Message writes a message with a number of its own; fields are names and values in turn.
func (a *Account) Message(openid, kind string, fields ...string) string {
	s := a.head(openid, kind)
	for i := 0; i < len(fields); i += 2 {
		s += element(fields[i], fields[i+1])
	}
	return s + "<MsgId>" + strconv.FormatInt(6_100_000_000_000_000_000+a.salt+a.last.Add(1), 10) + "</MsgId>"
}

func (a *Account) head(openid, kind string) string {
	return element("ToUserName", a.ID) + element("FromUserName", openid) + "<CreateTime>" + strconv.FormatInt(a.Now().Unix(), 10) + "</CreateTime>" + element("MsgType", kind)
}

func element(name, value string) string {
	return "<" + name + "><![CDATA[" + strings.ReplaceAll(value, "]]>", "]]]]><![CDATA[>") + "]]></" + name + ">"
}

// Push delivers a message's elements until it is answered.
func (a *Account) Push(ctx context.Context, message string) (Reply, error) {
	var status int
	var body []byte
	var err error
	times := a.Deliveries
	if times == 0 {
		times = 3
	}
	for range times {
		q, in := a.Seal(message)
		status, body, err = a.do(ctx, http.MethodPost, q, in)
		if err == nil && status == http.StatusOK {
			return a.read(body)
		}
	}
	if err == nil {
		err = fmt.Errorf("platform: status %d: %s", status, body)
	}
	return Reply{}, err
}

// Seal gives a push's query and body, as the account's mode has them.
func (a *Account) Seal(message string) (url.Values, []byte) {
	q := a.query()
	if a.Mode == "plain" {
		return q, []byte("<xml>" + message + "</xml>")
	}
	sealed := a.Encrypt("<xml>"+message+"</xml>", a.AppID)
	q.Set("encrypt_type", "aes")
	q.Set("msg_signature", sign(a.Token, q.Get("timestamp"), q.Get("nonce"), sealed))
	if a.Mode == "secure" {
		message = element("ToUserName", a.ID)
	}
	return q, []byte("<xml>" + message + element("Encrypt", sealed) + "</xml>")
}

// Send makes one request as it is given, for tests of what is refused.
func (a *Account) Send(ctx context.Context, q url.Values, body []byte) (status int, answer []byte, err error) {
	return a.do(ctx, http.MethodPost, q, body)
}

func (a *Account) do(ctx context.Context, method string, q url.Values, body []byte) (int, []byte, error) {
	ctx, stop := context.WithTimeout(ctx, 5*time.Second)
	defer stop()
	req, err := http.NewRequestWithContext(ctx, method, a.URL+"?"+q.Encode(), bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("User-Agent", agent)
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "text/xml")
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	return res.StatusCode, answer, err
}

// key is the account's key with the vector before it.
func (a *Account) key() []byte {
	k, err := base64.StdEncoding.DecodeString(a.AESKey + "=")
	if err != nil {
		panic(err) // a test's own key
	}
	return k
}

// Encrypt seals a message for an app.
func (a *Account) Encrypt(message, app string) string {
	var plain bytes.Buffer
	_, _ = io.CopyN(&plain, rand.Reader, 16)
	_ = binary.Write(&plain, binary.BigEndian, uint32(len(message)))
	plain.WriteString(message + app)
	fill := 32 - plain.Len()%32
	for range fill {
		plain.WriteByte(byte(fill))
	}
	k := a.key()
	b, err := aes.NewCipher(k)
	if err != nil {
		panic(err)
	}
	out := make([]byte, plain.Len())
	cipher.NewCBCEncrypter(b, k[:16]).CryptBlocks(out, plain.Bytes())
	return base64.StdEncoding.EncodeToString(out)
}

// decrypt opens a reply; it must be for this app.
func (a *Account) decrypt(text string) ([]byte, error) {
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(raw) == 0 || len(raw)%16 != 0 {
		return nil, errors.New("platform: the reply is no base 64 of blocks")
	}
	k := a.key()
	b, err := aes.NewCipher(k)
	if err != nil {
		return nil, err
	}
	cipher.NewCBCDecrypter(b, k[:16]).CryptBlocks(raw, raw)
	raw = raw[:len(raw)-int(raw[len(raw)-1])]
	n := binary.BigEndian.Uint32(raw[16:20])
	if app := string(raw[20+n:]); app != a.AppID {
		return nil, fmt.Errorf("platform: the reply is for app %q", app)
	}
	return raw[20 : 20+n], nil
}

// reply is the XML of both forms.
type reply struct {
	Encrypt, MsgSignature, TimeStamp, Nonce string

	ToUserName, FromUserName, MsgType, Content string
	CreateTime                                 int64
	ArticleCount                               int
	Articles                                   struct {
		Item []struct{ Title, Description, PicUrl, Url string } `xml:"item"`
	}
}

// read reads an answer as strictly as the platform does.
func (a *Account) read(body []byte) (Reply, error) {
	if s := strings.TrimSpace(string(body)); s == "" || strings.EqualFold(s, "success") {
		return Reply{Silent: true}, nil
	}
	var r reply
	if err := xml.Unmarshal(body, &r); err != nil {
		return Reply{}, err
	}
	if (r.Encrypt != "") != (a.Mode != "plain") {
		return Reply{}, fmt.Errorf("platform: a reply in the clear, or sealed, in mode %s", a.Mode)
	}
	if r.Encrypt != "" {
		if sign(a.Token, r.TimeStamp, r.Nonce, r.Encrypt) != r.MsgSignature {
			return Reply{}, errors.New("platform: the reply's signature is wrong")
		}
		inside, err := a.decrypt(r.Encrypt)
		if err != nil {
			return Reply{}, err
		}
		r = reply{}
		if err := xml.Unmarshal(inside, &r); err != nil {
			return Reply{}, err
		}
	}
	out := Reply{Text: r.Content, Bytes: len(r.Content)}
	switch {
	case r.FromUserName != a.ID || r.ToUserName == "" || r.CreateTime == 0:
		return Reply{}, fmt.Errorf("platform: a reply from %q", r.FromUserName)
	case r.MsgType == "news" && r.ArticleCount == 1 && len(r.Articles.Item) == 1:
		one := r.Articles.Item[0]
		out = Reply{Title: one.Title, Text: one.Description, URL: one.Url}
	case r.MsgType != "text":
		return Reply{}, fmt.Errorf("platform: a reply of type %q", r.MsgType)
	case len(r.Content) > 2048:
		return Reply{}, fmt.Errorf("platform: a text of %d bytes", len(r.Content))
	}
	for _, m := range anchor.FindAllStringSubmatch(out.Text, -1) {
		out.Links = append(out.Links, m[1])
	}
	return out, nil
}
