package push_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"zhijian/ground/push"
)

const (
	token     = "tok"
	at, nonce = "1420000000", "1320562132"
	app       = "wxapp0123456789ab"
	keyText   = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
	sealed    = "Q3stYC6hdFzMh9T8HCvyDMwQK6xyeRZ7UnuZsYfP7/6Yf0piNuk7kxZYuxJFeZQQ6WWSSAGv9ZFJIKURndrGs8SKI3vE2dc71O52GivjvDECw5d4HLuxf2/YNvJmMlhs"
	inside    = "<xml><Content><![CDATA[你好]]></Content></xml>"
)

func key(t testing.TB) push.Key {
	t.Helper()
	k, err := push.ParseKey(keyText)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// TestVectors holds the signature and the seal against values that another's library computed, npm wechat-crypto 0.0.2, which in its turn
// opened what Seal had made.
func TestVectors(t *testing.T) {
	t.Parallel()
	k := key(t)
	if got := push.Sign(token, at, nonce); got != "d805f98285efdef2d8060dba1bc10cdb4e832a2a" {
		t.Errorf("signature of an address: %s", got)
	}
	if got := push.Sign(token, at, nonce, sealed); got != "7d8c63a9d822cc18d5789f0befe135c69acaf1e6" {
		t.Errorf("signature of an envelope: %s", got)
	}
	if got := k.SealWith("0123456789abcdef", app, []byte(inside)); got != sealed {
		t.Errorf("sealed: %s", got)
	}
	if got, err := k.Open(app, sealed); err != nil || string(got) != inside {
		t.Errorf("opened: %s, %v", got, err)
	}
	for n := range 70 { // every length of padding
		m := strings.Repeat("x", n)
		if got, err := k.Open(app, k.Seal(app, []byte(m))); err != nil || string(got) != m {
			t.Errorf("%d bytes: %q, %v", n, got, err)
		}
	}
	if first, second := k.Seal(app, []byte(inside)), k.Seal(app, []byte(inside)); first == second {
		t.Error("two seals of one message are alike")
	}
	if s := fmt.Sprintf("%v %+v %#v", k, k, k); strings.Contains(s, "0x") || !strings.Contains(s, "[sealed]") {
		t.Errorf("a key prints as %s", s)
	}
}

func TestSigned(t *testing.T) {
	t.Parallel()
	good := push.Sign(token, at, nonce)
	for name, c := range map[string]struct {
		signature, token string
		parts            []string
	}{
		"another token": {good, "tok2", []string{at, nonce}}, "another time": {good, token, []string{"1420000001", nonce}},
		"another nonce": {good, token, []string{at, "1"}}, "none": {"", token, []string{at, nonce}}, "cut": {good[:39], token, []string{at, nonce}},
		"in capitals": {strings.ToUpper(good), token, []string{at, nonce}},
	} {
		if push.Signed(c.signature, c.token, c.parts...) {
			t.Errorf("%s is believed", name)
		}
	}
	if !push.Signed(good, token, nonce, at) {
		t.Error("the right one is not believed")
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	k := key(t)
	raw := k.Seal(app, []byte(inside))
	for name, c := range map[string]struct {
		app, text string
		want      error
	}{
		"another app": {"wxother", raw, push.ErrApp}, "an app that begins alike": {app + "c", raw, push.ErrApp}, "no app": {"", raw, push.ErrApp},
		"nothing": {app, "", push.ErrSeal}, "no base 64": {app, "§", push.ErrSeal}, "half a block": {app, raw[:20], push.ErrSeal},
		"cut": {app, raw[:64], push.ErrSeal}, "too long": {app, strings.Repeat("AAAA", push.MaxBody), push.ErrSeal},
	} {
		if _, err := k.Open(c.app, c.text); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := (push.Key{}).Open(app, raw); !errors.Is(err, push.ErrSeal) {
		t.Errorf("without a key: %v", err)
	}
	for _, text := range []string{"", keyText[1:], keyText + "a", strings.Repeat("_", 43)} {
		if _, err := push.ParseKey(text); !errors.Is(err, push.ErrKey) {
			t.Errorf("key %q: %v", text, err)
		}
	}
}

const head = `<ToUserName><![CDATA[gh_0123456789ab]]></ToUserName>
<FromUserName><![CDATA[oUSER]]></FromUserName>
<CreateTime>1420000000</CreateTime>
`

func TestReadMessage(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		body string
		want push.Message
	}{
		"text": {
			`<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[hi <b> ]]]]><![CDATA[>]]></Content><MsgId>6100000000000000001</MsgId>`,
			push.Message{Kind: push.Text, Content: "hi <b> ]]>", ID: "6100000000000000001"},
		},
		"voice": {
			`<MsgType>voice</MsgType><MediaId>m</MediaId><Format>amr</Format><Recognition><![CDATA[交罚款。]]></Recognition><MsgId>2</MsgId>`,
			push.Message{Kind: push.Voice, Recognition: "交罚款。", ID: "2"},
		},
		"place": {
			`<MsgType>location</MsgType><Location_X>30.274085</Location_X><Location_Y>120.155070</Location_Y><Scale>16</Scale><Label>西湖</Label><MsgId>3</MsgId>`,
			push.Message{Kind: push.Location, Lat: 30.274085, Lon: 120.15507, Label: "西湖", ID: "3"},
		},
		"a picture": {`<MsgType>image</MsgType><PicUrl>http://x</PicUrl><MsgId>4</MsgId>`, push.Message{Kind: "image", ID: "4"}},
		"subscribe by a code": {
			`<MsgType>event</MsgType><Event>subscribe</Event><EventKey>qrscene_123</EventKey><Ticket>T</Ticket>`,
			push.Message{Kind: push.Happened, Event: push.Subscribe, EventKey: "qrscene_123"},
		},
		"a list within": {
			`<MsgType>event</MsgType><Event>pic_weixin</Event><EventKey>k</EventKey><SendPicsInfo><Count>2</Count><PicList><item><PicMd5Sum>a</PicMd5Sum></item><item><PicMd5Sum>b</PicMd5Sum></item></PicList></SendPicsInfo>`,
			push.Message{Kind: push.Happened, Event: "pic_weixin", EventKey: "k"},
		},
	} {
		c.want.To, c.want.From, c.want.At = "gh_0123456789ab", "oUSER", time.Unix(1420000000, 0).UTC()
		for _, around := range []string{"<xml>%s%s</xml>", "\xef\xbb\xbf  <?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xml>%s%s</xml>\n"} {
			got, err := push.ReadMessage(fmt.Appendf(nil, around, head, c.body))
			if err != nil || got != c.want {
				t.Errorf("%s: %#v, %v", name, got.Content, err)
			}
		}
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	text := head + `<MsgType>text</MsgType><Content>x</Content><MsgId>1</MsgId>`
	for name, body := range map[string]string{
		"nothing": "", "no XML": "hi", "JSON": `{"MsgType":"text"}`, "another root": "<root>" + text + "</root>", "two roots": "<xml>" + text + "</xml><xml></xml>",
		"cut":                              "<xml>" + text,
		"something more":                   "<xml>" + text + "</xml>x",
		"entities":                         `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><xml>` + head + `<MsgType>text</MsgType><Content>&b;</Content><MsgId>1</MsgId></xml>`,
		"a file":                           `<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><xml>` + text + `</xml>`,
		"an entity that is none":           "<xml>" + head + `<MsgType>text</MsgType><Content>&b;</Content><MsgId>1</MsgId></xml>`,
		"a document type":                  "<!DOCTYPE xml><xml>" + text + "</xml>",
		"a comment":                        "<xml><!-- x -->" + text + "</xml>",
		"an instruction":                   "<xml><?php x ?>" + text + "</xml>",
		"an attribute":                     `<xml a="b">` + text + "</xml>",
		"a name space":                     `<x:xml xmlns:x="u">` + text + "</x:xml>",
		"an element twice in another case": "<xml>" + text + "<fromusername>oOTHER</fromusername></xml>",
		"an element twice":                 "<xml>" + text + "<FromUserName>oOTHER</FromUserName></xml>",
		"too deep":                         "<xml>" + text + strings.Repeat("<a>", 10) + strings.Repeat("</a>", 10) + "</xml>",
		"too many":                         "<xml>" + text + "<l>" + strings.Repeat("<a></a>", 500) + "</l></xml>",
		"too long":                         "<xml>" + text + "<a>" + strings.Repeat("a", push.MaxBody) + "</a></xml>",
		"another charset":                  `<?xml version="1.0" encoding="GBK"?><xml>` + text + "</xml>",
		"no UTF-8":                         "<xml>" + head + "<MsgType>text</MsgType><Content>\xff</Content><MsgId>1</MsgId></xml>",
		"no number":                        "<xml>" + head + "<MsgType>text</MsgType><Content>x</Content></xml>",
		"no sender":                        "<xml><ToUserName>gh_1</ToUserName><CreateTime>1</CreateTime><MsgType>text</MsgType><MsgId>1</MsgId></xml>",
		"a sender of lines":                "<xml>" + strings.Replace(text, "oUSER", "o\nU", 1) + "</xml>",
		"a long sender":                    "<xml>" + strings.Replace(text, "oUSER", strings.Repeat("o", 65), 1) + "</xml>",
		"no time":                          "<xml>" + strings.Replace(text, "1420000000", "now", 1) + "</xml>",
		"an event of no name":              "<xml>" + head + "<MsgType>event</MsgType></xml>",
		"a place nowhere":                  "<xml>" + head + "<MsgType>location</MsgType><Location_X>NaN</Location_X><Location_Y>1</Location_Y><MsgId>1</MsgId></xml>",
	} {
		if m, err := push.ReadMessage([]byte(body)); !errors.Is(err, push.ErrXML) || err.Error() != push.ErrXML.Error() {
			t.Errorf("%s: %q, %v", name, m.Content, err)
		}
	}
}

func TestEnvelope(t *testing.T) {
	t.Parallel()
	clear := head + `<MsgType>text</MsgType><Content>x</Content><MsgId>1</MsgId>`
	for name, c := range map[string]struct {
		body    string
		encrypt string
		kind    push.Kind
	}{
		"in the clear": {"<xml>" + clear + "</xml>", "", push.Text},
		"sealed":       {"<xml><ToUserName>gh_1</ToUserName><Encrypt><![CDATA[QUJD]]></Encrypt></xml>", "QUJD", ""},
		"both":         {"<xml>" + clear + "<Encrypt>QUJD</Encrypt></xml>", "QUJD", push.Text},
	} {
		e, err := push.ReadEnvelope([]byte(c.body))
		if err != nil || e.Encrypt != c.encrypt || e.Clear.Kind != c.kind || e.To == "" {
			t.Errorf("%s: %q %q %v", name, e.Encrypt, e.Clear.Kind, err)
		}
	}
	if _, err := push.ReadEnvelope([]byte("<xml><ToUserName>gh_1</ToUserName></xml>")); !errors.Is(err, push.ErrXML) {
		t.Errorf("an empty one: %v", err)
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	when := time.Unix(1420000000, 0)
	seen := map[string]bool{}
	for _, m := range []push.Message{
		{From: "a", Kind: push.Text, ID: "1", At: when},
		{From: "a", Kind: push.Text, ID: "2", At: when},
		{From: "b", Kind: push.Text, ID: "1", At: when},
		{From: "a", Kind: push.Happened, Event: push.Click, EventKey: "k", At: when},
		{From: "a", Kind: push.Happened, Event: push.Click, EventKey: "l", At: when},
		{From: "a", Kind: push.Happened, Event: push.Scan, EventKey: "k", At: when},
		{From: "a", Kind: push.Happened, Event: push.Click, EventKey: "k", At: when.Add(time.Second)},
	} {
		if seen[m.Key()] {
			t.Errorf("two messages have the key %q", m.Key())
		}
		seen[m.Key()] = true
	}
}

func TestReply(t *testing.T) {
	t.Parallel()
	to, now := push.Message{To: "gh_1", From: "oUSER"}, time.Unix(1420000001, 0)
	got := string(push.Reply(to, push.Article{Text: "a ]]> b\x00\n<c>"}, now))
	want := `<xml><ToUserName><![CDATA[oUSER]]></ToUserName><FromUserName><![CDATA[gh_1]]></FromUserName><CreateTime>1420000001</CreateTime>` +
		`<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[a ]]]]><![CDATA[> b` + "\n" + `<c>]]></Content></xml>`
	if got != want {
		t.Errorf("text: %s", got)
	}
	got = string(push.Reply(to, push.Article{Title: "付款", Text: "150 元", URL: "https://city.example/cases/1?a=1&b=2"}, now))
	if !strings.Contains(got, `<MsgType><![CDATA[news]]></MsgType><ArticleCount>1</ArticleCount><Articles><item><Title><![CDATA[付款]]></Title>`) ||
		!strings.Contains(got, `<Url><![CDATA[https://city.example/cases/1?a=1&b=2]]></Url></item></Articles></xml>`) {
		t.Errorf("card: %s", got)
	}
	k := key(t)
	e, err := push.ReadEnvelope([]byte(strings.Replace(string(push.Wrap(k, app, token, []byte(got), "77", now)), "<xml>", "<xml><ToUserName>gh_1</ToUserName>", 1)))
	if err != nil {
		t.Fatal(err)
	}
	if b, err := k.Open(app, e.Encrypt); err != nil || string(b) != got {
		t.Errorf("wrapped: %s, %v", b, err)
	}
}

// FuzzDoor is what comes from outside: the envelope, its seal and the message inside.
func FuzzDoor(f *testing.F) {
	k := key(f)
	f.Add([]byte("<xml>" + head + "<MsgType>text</MsgType><Content>x</Content><MsgId>1</MsgId></xml>"))
	f.Add([]byte("<xml><ToUserName>gh_1</ToUserName><Encrypt>" + sealed + "</Encrypt></xml>"))
	f.Add([]byte(`<!DOCTYPE x [<!ENTITY a "b">]><xml>&a;</xml>`))
	f.Fuzz(func(t *testing.T, body []byte) {
		e, err := push.ReadEnvelope(body)
		if err != nil {
			if err.Error() != push.ErrXML.Error() {
				t.Errorf("an error that says more: %v", err)
			}
			return
		}
		if e.Clear.Kind != "" && (e.Clear.From == "" || len(e.Clear.Key()) > len(body)+64) {
			t.Errorf("a message of nobody, or more than was sent")
		}
		if b, err := k.Open(app, e.Encrypt); err == nil {
			_, _ = push.ReadMessage(b)
		}
		// What is sealed here opens here, whatever it is; and what we reply can be read.
		if b, err := k.Open(app, k.Seal(app, body)); err == nil && string(b) != string(body) {
			t.Errorf("sealed and opened: %q", b)
		}
		reply := push.Reply(push.Message{To: "gh_1", From: "o"}, push.Article{Text: string(body)}, time.Unix(1, 0))
		if _, err := push.ReadEnvelope([]byte(strings.TrimSuffix(string(reply), "</xml>") + "<MsgId>1</MsgId></xml>")); err != nil && len(reply) < push.MaxBody {
			t.Errorf("our own reply cannot be read: %q", reply)
		}
	})
}
