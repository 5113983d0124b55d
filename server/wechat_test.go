package server_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"zhijian/sandbox"
	"zhijian/server"
	"zhijian/testkit"
	"zhijian/testkit/house"
	"zhijian/testkit/platform"
)

// wechatFile writes a file of accounts that its owner alone may read.
func wechatFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "wechat.yaml")
	if err := os.WriteFile(path, []byte(text), 0o400); err != nil {
		t.Fatal(err)
	}
	return path
}

const linked = `accounts:
  hzjj: {id: gh_0123456789ab, appid: wxapp0123456789ab, token: tok, aes_key: abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG, mode: secure}
  hzqx: {id: gh_0123456789ab, appid: wxapp0123456789ab, token: tok, mode: plain}
  hzjt: {id: gh_0123456789ab, appid: wxapp0123456789ab, token: tok, mode: plain}
  hzzw: {id: gh_0123456789ab, appid: wxapp0123456789ab, token: tok, aes_key: GFEDCBA9876543210zyxwvutsrqponmlkjihgfedcba, old_aes_key: abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG, mode: compatible}
`

// follower is a phone that follows an account on the other platform.
type follower struct {
	t      *testing.T
	h      *house.House
	at     *platform.Account
	openid string
	reply  platform.Reply
}

func follows(t *testing.T, h *house.House, alias, mode, openid string) *follower {
	t.Helper()
	return &follower{t: t, h: h, at: platform.New(h.Ready.BaseURL+"/wechat/"+alias, mode, h.Clock.Now), openid: openid}
}

func (f *follower) got(reply platform.Reply, err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
	f.reply = reply
}

func (f *follower) writes(words string) {
	f.t.Helper()
	f.got(f.at.Text(f.t.Context(), f.openid, words))
}

func (f *follower) event(name, key string) {
	f.t.Helper()
	f.got(f.at.Event(f.t.Context(), f.openid, name, key))
}

func (f *follower) reads(parts ...string) {
	f.t.Helper()
	for _, part := range parts {
		if !strings.Contains(f.reply.Title+"\n"+f.reply.Text, part) {
			f.t.Errorf("%q is not in the reply: %s / %s / %s", part, f.reply.Title, f.reply.Text, f.reply.URL)
		}
	}
}

// until writes 进度 until the reply has a part.
func (f *follower) until(part string) {
	f.t.Helper()
	f.h.Until(f.t, "the reply says "+part, func() bool {
		if strings.Contains(f.reply.Title+f.reply.Text, part) {
			return true
		}
		f.h.Clock.Advance(2 * time.Second) // a follower may write so often
		f.writes("进度")
		return false
	})
}

var sixDigits = regexp.MustCompile(`\b\d{6}\b`)

// binds opens the link of the last reply as who in the browser, agrees, and writes the number.
func (f *follower) binds(p person) {
	f.t.Helper()
	link := f.reply.Link()
	if !strings.HasPrefix(link, f.h.Ready.BaseURL+"/me/wechat/") {
		f.t.Fatalf("no link to bind by: %q %q", link, f.reply.Text)
	}
	p.open(strings.TrimPrefix(link, f.h.Ready.BaseURL))
	p.reads("把这个微信号接到我名下", "不能付款")
	p.send("/me/wechat/", nil)
	if strings.HasPrefix(p.Page.URL.Path, "/me/step-up") {
		f.t.Fatal("a session that was just signed in has to step up")
	}
	number := sixDigits.FindString(p.Page.Text)
	if number == "" {
		f.t.Fatalf("no number is shown: %s", p.Page.Text)
	}
	f.writes(number)
}

// TestWechatTalk walks a fine from following to the receipt.
func TestWechatTalk(t *testing.T) {
	t.Parallel()
	for name, database := range map[string]func(*testing.T) string{"sqlite": func(*testing.T) string { return "" }, "postgres": func(t *testing.T) string { return testkit.PostgresURL(t) }} {
		if name == "postgres" && testkit.Race {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := house.OpenSet(t, database(t), "", func(c *server.DemoConfig) { c.Wechat = wechatFile(t, linked) })
			t.Run("a fine", func(t *testing.T) { fineByWechat(t, h) })
			t.Run("a stranger", func(t *testing.T) { strangerByWechat(t, h) })
			t.Run("a place", func(t *testing.T) { placeByWechat(t, h) })
			t.Run("delivered again", func(t *testing.T) { deliveredAgain(t, h) })
			t.Run("a restart", func(t *testing.T) { deliveredAfterRestart(t, h) })
		})
	}
}

func fineByWechat(t *testing.T, h *house.House) {
	f := follows(t, h, "hzjj", "secure", "oFINE")
	if err := f.at.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.event("subscribe", "")
	f.reads("您好，这里是杭州交警", "1. ")
	f.writes("交罚款")
	f.reads("要先登录")
	who := h.Resident(t, "L4", 0)
	p := resident(t, h, who)
	f.binds(p)
	f.reads("已经接到", "*", "名下", "要处理哪辆车") // and what was wanted begins
	f.writes("1")
	f.until("没有处理")
	f.writes("1")
	f.until("付款就是认可")
	f.writes("1")
	f.until("应付")
	pay := strings.TrimPrefix(f.reply.Link(), h.Ready.BaseURL)
	if !strings.HasPrefix(pay, "/cases/") || !strings.Contains(pay, "/steps/") {
		t.Fatalf("no way to pay: %q %q", f.reply.Link(), f.reply.Text)
	}
	stranger := visitor(t, h)
	stranger.get(pay)
	if strings.Contains(stranger.Page.Text, "应付") {
		t.Error("the link alone shows somebody's fine")
	}
	p.open(pay)
	p.send("/steps/fine", nil)
	p.atCashier()
	p.pay()
	f.writes("进度")
	f.until("票据号")
	p.open("/me/sessions")
	p.reads("接到您名下的微信", "杭州交警")
	p.until("/me/messages", "一个微信号接到了您名下")
	p.open("/a/hzjj/chat") // the same talk
	p.reads("交罚款", "进度", "票据号")
	p.open("/me/sessions")
	p.send("/me/wechat/end", nil)
	f.writes("进度")
	if strings.Contains(f.reply.Text, "票据号") {
		t.Error("unbound and still told")
	}
}

func strangerByWechat(t *testing.T, h *house.House) {
	f := follows(t, h, "hzqx", "plain", "oSTRANGER")
	f.writes("今天天气")
	f.until("空气质量")
	f.event("CLICK", "今天天气")
	if f.reply.Silent {
		t.Error("a menu key has no answer")
	}
	f.event("VIEW", "https://x.example/")
	if !f.reply.Silent {
		t.Error("an opened page is answered")
	}
	f.got(f.at.Push(t.Context(), f.at.Message(f.openid, "voice", "MediaId", "m", "Format", "amr", "Recognition", "取消。")))
	f.reads("现在没有正在办的事")
	f.got(f.at.Push(t.Context(), f.at.Message(f.openid, "voice", "MediaId", "m", "Format", "amr")))
	f.reads("说清楚的语音")
	f.got(f.at.Push(t.Context(), f.at.Message(f.openid, "image", "PicUrl", "http://x", "MediaId", "m")))
	f.reads("请在网页上传")
	f.got(f.at.Push(t.Context(), f.at.Message(f.openid, "location", "Location_X", "30.274085", "Location_Y", "120.155070", "Scale", "16", "Label", "西湖")))
	f.reads("收到位置")
	f.writes("♞♞♞")
	f.reads("没有找到这样的事项", "打 12345")
	f.writes(strings.Repeat("字", 600))
	f.reads("一次最多写 500 个字")
	g := follows(t, h, "hzzw", "compatible", "oMENU") // sealed with the key before
	g.event("subscribe", "qrscene_none")
	g.reads("您好", "1. ")
	g.writes("1")
	if g.reply.Text == "" {
		t.Error("a number of the greeting is not understood")
	}
	g.event("unsubscribe", "")
	if !g.reply.Silent {
		t.Error("leaving is answered")
	}
}

// placeByWechat: a place that is sent answers where one is asked for, and what is too long for one reply comes in parts.
func placeByWechat(t *testing.T, h *house.House) {
	f := follows(t, h, "hzjt", "plain", "oPLACE")
	f.event("CLICK", "service:parking-space-query")
	f.reads("停车")
	f.got(f.at.Push(t.Context(), f.at.Message(f.openid, "location", "Location_X", "30.274085", "Location_Y", "120.155070", "Scale", "16", "Label", "西湖")))
	f.until("空位")
	if f.reply.Bytes > 2048 {
		t.Errorf("%d bytes", f.reply.Bytes)
	}
	f.reads("打开结果页（要先登录）", "6. 再看一次") // numbers go on after those of the list
	f.writes("6")
	f.reads("您在哪里")
}

// TestLongWechatReplies: what is too long for one reply comes in parts when it is asked for, and a part that is delivered again is the same.
func TestLongWechatReplies(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../catalog/services/elderly-care-map.yaml")
	if err != nil {
		t.Fatal(err)
	}
	const sentence = "床位每天更新，去之前先打电话。"
	folder := t.TempDir()
	if err := os.Mkdir(filepath.Join(folder, "services"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "services", "elderly-care-map.yaml"), []byte(strings.Replace(string(text), sentence, strings.Repeat(sentence, 40), 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	h := house.OpenSet(t, "", folder, func(c *server.DemoConfig) { c.Wechat = wechatFile(t, linked) })
	f := follows(t, h, "hzjt", "plain", "oLONG")
	f.writes("养老院")
	f.got(f.at.Push(t.Context(), f.at.Message(f.openid, "location", "Location_X", "30.274085", "Location_Y", "120.155070", "Scale", "16", "Label", "西湖")))
	f.until("回“更多”接着看")
	told := f.reply.Text
	if !strings.Contains(told, "。\n（后面还有") {
		t.Errorf("cut within a sentence: %q", told)
	}
	message := f.at.Message(f.openid, "text", "Content", "更多")
	f.got(f.at.Push(t.Context(), message))
	second := f.reply.Text
	f.got(f.at.Push(t.Context(), message))
	if f.reply.Text != second {
		t.Errorf("a part that is delivered again is another: %q", f.reply.Text)
	}
	if n := strings.Count(told+second, sentence); n != 40 {
		t.Errorf("%d of 40 sentences arrived", n)
	}
	f.reads("拱墅区护理院")
	f.writes("更多")
	if strings.Contains(f.reply.Text, sentence) {
		t.Error("there is more than there was")
	}
}

// deliveredAgain: what the platform delivers again moves no talk twice and is answered alike.
func deliveredAgain(t *testing.T, h *house.House) {
	f := follows(t, h, "hzjj", "secure", "oAGAIN")
	f.writes("交罚款")
	f.binds(resident(t, h, h.Resident(t, "L4", 1)))
	f.reads("要处理哪辆车")
	message := f.at.Message(f.openid, "text", "Content", "1")
	var replies [4]platform.Reply
	var all sync.WaitGroup
	for i := range replies {
		all.Go(func() {
			r, err := f.at.Push(t.Context(), message)
			if err != nil {
				t.Error(err)
			}
			replies[i] = r
		})
	}
	all.Wait()
	f.reply = replies[0]
	f.until("没有处理")
	f.got(f.at.Push(t.Context(), message))
	again := f.reply.Text
	f.got(f.at.Push(t.Context(), message))
	if again == "" || f.reply.Text != again {
		t.Errorf("two answers to one message: %q, %q", again, f.reply.Text)
	}
	f.writes("99")
	f.reads("没看懂") // and not the check, to which a second 1 would have led
}

func deliveredAfterRestart(t *testing.T, h *house.House) {
	f := follows(t, h, "hzjj", "secure", "oRESTART")
	f.writes("交罚款")
	f.binds(resident(t, h, h.Resident(t, "L4", 2)))
	message := f.at.Message(f.openid, "text", "Content", "1")
	f.got(f.at.Push(t.Context(), message))
	f.until("没有处理")
	h.Restart(t)
	f.at.URL = h.Ready.BaseURL + "/wechat/hzjj"
	f.got(f.at.Push(t.Context(), message))
	f.writes("99")
	f.reads("没看懂")
	h.Clock.Advance(72 * time.Hour)
	f.writes("1")
	f.reads("上次办到", "继续")
	f.writes("继续")
	f.reads("没有处理")
}

// TestWechatRefuses: nobody but the platform is believed, and what it never sends is refused (security.md T20, T21, T32).
func TestWechatRefuses(t *testing.T) {
	t.Parallel()
	h := house.OpenSet(t, "", "", func(c *server.DemoConfig) { c.Wechat = wechatFile(t, linked) })
	secure, plain := follows(t, h, "hzjj", "secure", "oX").at, follows(t, h, "hzqx", "plain", "oX").at
	compatible := follows(t, h, "hzzw", "compatible", "oX").at
	text := plain.Message("oX", "text", "Content", "交罚款")
	type push struct {
		at   *platform.Account
		q    url.Values
		body []byte
		want int
	}
	seal := func(a *platform.Account, change func(q url.Values)) push {
		q, body := a.Seal(text)
		change(q)
		return push{a, q, body, http.StatusUnauthorized}
	}
	same := func(url.Values) {}
	clock := func(by time.Duration) *platform.Account {
		a := follows(t, h, "hzjj", "secure", "oX").at
		a.Now = func() time.Time { return h.Clock.Now().Add(by) }
		return a
	}
	app := follows(t, h, "hzjj", "secure", "oX").at
	app.AppID = "wxother"
	token := follows(t, h, "hzjj", "secure", "oX").at
	token.Token = "another"
	other := follows(t, h, "hzjj", "secure", "oX").at
	other.ID = "gh_ffffffffffff"
	stray := push{at: other, want: http.StatusUnauthorized}
	stray.q, stray.body = other.Seal(other.Message("oX", "text", "Content", "交罚款"))
	inClear := seal(plain, same)
	inClear.at = secure
	beside := seal(plain, same)
	beside.at = compatible
	mixed := seal(secure, same)
	_, mixed.body = secure.Seal(secure.Message("oX", "text", "Content", "换了"))
	bomb := seal(plain, same)
	bomb.body, bomb.want = []byte(`<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><xml>`+text+`<L>&b;</L></xml>`), http.StatusBadRequest
	large := seal(plain, same)
	large.body, large.want = []byte("<xml>"+text+"<L>"+strings.Repeat("x", 70<<10)+"</L></xml>"), http.StatusRequestEntityTooLarge
	junk := seal(plain, same)
	junk.body, junk.want = []byte("hello"), http.StatusBadRequest
	copied := seal(plain, same)
	if status, _, err := plain.Send(t.Context(), copied.q, copied.body); err != nil || status != http.StatusOK {
		t.Fatal(status, err)
	}
	copied.body = []byte("<xml>" + plain.Message("oX", "text", "Content", "换了") + "</xml>")
	split := seal(plain, func(q url.Values) { // the same joined text, cut elsewhere
		q.Set("timestamp", q.Get("timestamp")+q.Get("nonce")[:1])
		q.Set("nonce", q.Get("nonce")[1:])
	})
	nowhere := seal(follows(t, h, "nobody", "plain", "oX").at, same)
	nowhere.want = http.StatusNotFound
	twice := seal(plain, func(q url.Values) { q.Add("signature", q.Get("signature")) })
	twice.want = http.StatusBadRequest
	for name, p := range map[string]push{
		"no signature":                            {plain, url.Values{}, []byte("<xml>" + text + "</xml>"), http.StatusUnauthorized},
		"a forged signature":                      seal(plain, func(q url.Values) { q.Set("signature", strings.Repeat("0", 40)) }),
		"another nonce":                           seal(plain, func(q url.Values) { q.Set("nonce", "1") }),
		"another token":                           seal(token, same),
		"a forged seal":                           seal(secure, func(q url.Values) { q.Set("msg_signature", strings.Repeat("0", 40)) }),
		"no signature over the seal":              seal(secure, func(q url.Values) { q.Del("msg_signature") }),
		"the seal of another message":             mixed,
		"sealed for another app":                  seal(app, same),
		"to another account":                      stray,
		"in the clear, secure":                    inClear,
		"in the clear, compatible":                beside,
		"copied six minutes ago":                  seal(clock(-6*time.Minute), same),
		"from the future":                         seal(clock(6*time.Minute), same),
		"a copied signature with another message": copied,
		"signed parts cut elsewhere":              split,
		"no time":                                 seal(plain, func(q url.Values) { q.Set("timestamp", "now") }),
		"entities":                                bomb, "too large": large, "no XML": junk, "an account that is not linked": nowhere, "a parameter twice": twice,
	} {
		status, body, err := p.at.Send(t.Context(), p.q, p.body)
		if err != nil || status != p.want {
			t.Errorf("%s: %d %s, want %d, %v", name, status, body, p.want, err)
		}
		if same := "签名不对。请核对 Token、EncodingAESKey 和本机时间\n"; p.want == http.StatusUnauthorized && name != "a copied signature with another message" && string(body) != same {
			t.Errorf("%s: another answer tells what was wrong: %s", name, body) // T16
		}
		if strings.Contains(string(body), "oX") || strings.Contains(string(body), "罚款") {
			t.Errorf("%s: the answer repeats what was sent: %s", name, body)
		}
	}
	token.URL = secure.URL
	if err := token.Check(t.Context()); err == nil {
		t.Error("an address is checked with another token")
	}
	q, _ := plain.Seal(text)
	q.Set("echostr", "<script>")
	res, err := http.Get(plain.URL + "?" + q.Encode())
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusBadRequest {
		t.Errorf("a script is sent back: %d", res.StatusCode)
	}
}

// TestWechatFlood: one follower's flood stops, others' messages go on.
func TestWechatFlood(t *testing.T) {
	t.Parallel()
	h := house.OpenSet(t, "", "", func(c *server.DemoConfig) { c.Wechat = wechatFile(t, linked) })
	loud, calm := follows(t, h, "hzqx", "plain", "oLOUD"), follows(t, h, "hzqx", "plain", "oCALM")
	n := 0
	for ; n < 40; n++ {
		loud.writes("取消")
		if !strings.Contains(loud.reply.Text, "现在没有正在办的事") {
			break
		}
	}
	if n != 30 {
		t.Errorf("a flood is answered %d times a minute: %s", n, loud.reply.Text)
	}
	calm.writes("取消")
	calm.reads("现在没有正在办的事")
	h.Clock.Advance(2 * time.Minute)
	loud.writes("取消")
	loud.reads("现在没有正在办的事")
}

// TestStolenWechatLinks: who sends the link of their own talk to somebody gets nothing without the number, and who takes somebody's link
// speaks in nobody's talk.
func TestStolenWechatLinks(t *testing.T) {
	t.Parallel()
	h := house.OpenSet(t, "", "", func(c *server.DemoConfig) { c.Wechat = wechatFile(t, linked) })
	thief, owner := follows(t, h, "hzjj", "secure", "oTHIEF"), follows(t, h, "hzjj", "secure", "oOWNER")
	victim := resident(t, h, h.Resident(t, "L4", 3))
	thief.writes("交罚款")
	link := strings.TrimPrefix(thief.reply.Link(), h.Ready.BaseURL)
	visitor(t, h).get(link) // signs nobody in
	victim.open(link)
	victim.reads("别人发给您的，请不要点")
	victim.send("/me/wechat/", nil) // tricked all the same
	right := sixDigits.FindString(victim.Page.Text)
	for _, guess := range []string{"111111", "222222", "333333", "444444", "555555"} {
		if guess != right {
			thief.writes(guess)
			thief.reads("数字不对")
		}
	}
	thief.writes(right)
	if strings.Contains(thief.reply.Text, "名下") && strings.Contains(thief.reply.Text, "已经接到") {
		t.Error("a guesser is bound")
	}
	second := resident(t, h, h.Resident(t, "L4", 5))
	owner.writes("交罚款")
	stolen := strings.TrimPrefix(owner.reply.Link(), h.Ready.BaseURL)
	second.open(stolen)
	second.send("/me/wechat/", nil)
	number := sixDigits.FindString(second.Page.Text)
	victim.get(stolen)
	if victim.Page.Status != http.StatusNotFound {
		t.Errorf("a link holds for two: %d", victim.Page.Status)
	}
	thief.writes(number)
	if strings.Contains(thief.reply.Text, "已经接到") {
		t.Error("a number binds another talk")
	}
	second.open("/me/sessions")
	if strings.Contains(second.Page.Text, "微信对话") {
		t.Error("bound without a word from the talk")
	}
	if text := h.Log.Tail(10_000); strings.Contains(text, "oTHIEF") || strings.Contains(text, "oOWNER") || strings.Contains(text, stolen) {
		t.Error("an openid or a link is in the log")
	}
}

// TestWechatFile: what is wrong with the file is said without its secrets.
func TestWechatFile(t *testing.T) {
	t.Parallel()
	open := func(path string) error {
		h, err := server.Open(context.Background(), server.Config{Data: t.TempDir(), Addr: "127.0.0.1:0", Clock: testkit.Clock(), Log: testkit.Log(t), Wechat: path, Unsafe: true})
		if err == nil {
			return errors.Join(errors.New("opened"), h.Close())
		}
		return err
	}
	good := "accounts:\n  hzjj: {id: gh_1, appid: wx1, token: SECRET, mode: plain}\n"
	for want, text := range map[string]string{
		"want accounts:":       "hzjj: SECRET\n",
		"there is no account ": good,
		"no account in it":     "accounts: {}\n",
		"id: want":             strings.Replace(good, "gh_1", "SECRET", 1),
		"appid: want":          strings.Replace(good, "wx1", "SECRET", 1),
		"token: want":          strings.Replace(good, "SECRET", "SECRET_", 1),
		"mode: want":           strings.Replace(good, "plain", "SECRET", 1),
		"aes_key: wanted":      strings.Replace(good, "plain", "secure", 1),
		"aes_key: want the":    strings.Replace(good, "plain", "secure, aes_key: SECRET", 1),
	} {
		if err := open(wechatFile(t, text)); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%s: %v", want, err)
		}
	}
	path := wechatFile(t, good)
	if err := os.Chmod(path, 0o444); err != nil {
		t.Fatal(err)
	}
	if err := open(path); err == nil || !strings.Contains(err.Error(), "others can read it") {
		t.Errorf("a file for all: %v", err)
	}
}

// TestWechatIsAnsweredInTime: while an office is silent the platform has its answer within five seconds all the same, and whatever is written
// then shows what came of it.
func TestWechatIsAnsweredInTime(t *testing.T) {
	t.Parallel()
	h := house.OpenSet(t, "", "", func(c *server.DemoConfig) { c.Wechat = wechatFile(t, linked) })
	f := follows(t, h, "hzqx", "plain", "oSLOW")
	from := time.Now()
	f.writes("菜单")
	plain := time.Since(from) // what a reply costs on this machine that waits for nobody
	h.World.Switch(sandbox.Weather, sandbox.Hang)
	from = time.Now()
	f.writes("今天天气")
	if took := time.Since(from); took > 4*time.Second+50*plain {
		t.Errorf("answered after %v, a reply that waits for nobody after %v", took, plain)
	}
	f.reads("正在办，稍后回复任意字看结果")
	f.writes("嗯")
	f.reads("没有回应")
	h.World.Switch(sandbox.Weather, sandbox.Normal)
	h.Clock.Advance(time.Minute)
	f.writes("再试")
	f.until("空气质量")
}
