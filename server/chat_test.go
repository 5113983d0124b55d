package server_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"zhijian/testkit/house"
	"zhijian/testkit/walk"
)

// says writes a line into the talk that is open, as a browser without script does.
func (p person) says(text string) {
	p.t.Helper()
	p.posts(url.Values{"line": {text}})
	p.status(http.StatusOK)
}

// taps begins a service from the menu of the talk.
func (p person) taps(service string) {
	p.t.Helper()
	p.posts(url.Values{"service": {service}})
	p.status(http.StatusOK)
}

// posts sends a form of the talk with the token and the last line of the page that is open.
func (p person) posts(v url.Values) {
	p.t.Helper()
	f := p.talk()
	v.Set("_token", f.Values.Get("_token"))
	if v.Get("seen") == "" {
		v.Set("seen", f.Values.Get("seen"))
	}
	v.Set("mode", "text")
	if err := p.Post(context.Background(), f.Action, v); err != nil {
		p.t.Fatal(err)
	}
}

// talk is a form of the talk that is open.
func (p person) talk() walk.Form {
	p.t.Helper()
	for _, f := range p.Page.Forms {
		if strings.HasSuffix(f.Action, "/chat") {
			return f
		}
	}
	p.t.Fatalf("%s has no talk: %d %s", p.Page.URL.Path, p.Page.Status, p.Page.Text)
	return walk.Form{}
}

// hears waits until the talk says parts.
func (p person) hears(parts ...string) {
	p.t.Helper()
	if !strings.Contains(p.Page.Text, parts[0]) {
		p.until(p.Page.URL.Path, parts[0])
	}
	p.reads(parts...)
}

// TestTalks walks services in the talk with an account alone.
func TestTalks(t *testing.T) {
	t.Parallel()
	house.Both(t, func(t *testing.T, h *house.House) {
		t.Run("weather needs no sign-in", func(t *testing.T) {
			t.Parallel()
			p := visitor(t, h)
			p.open("/a/hzqx")
			p.follow("发消息")
			p.reads("您好，这里是杭州气象")
			p.says("今天天气")
			p.hears("℃", "空气质量", "自动回复", "今天天气")
			p.says("取消")
			p.reads("现在没有正在办的事")
		})
		t.Run("violations, found by name and by number", func(t *testing.T) {
			t.Parallel()
			who := h.Resident(t, "L4", 1)
			p := resident(t, h, who)
			p.open("/a/hzjj/chat")
			p.says("♞♞♞")
			p.reads("没有找到这样的事项", "12345")
			p.taps("vehicle-violation-query")
			p.hears("现在办")
			p.says("99")
			p.reads("车牌号第一个字")
			p.says("１")
			p.hears("没有处理")
		})
		t.Run("a fine to the receipt", func(t *testing.T) {
			t.Parallel()
			who := h.Resident(t, "L4", 0)
			p := resident(t, h, who)
			p.open("/a/hzjj/chat")
			p.says("我要交罚款")
			p.hears("要处理哪辆车")
			p.says("1")
			p.hears("没有处理")
			p.says("1")
			p.hears("收款单位", "付款就是认可")
			p.says("1")
			p.hears("应付")
			p.send("/steps/fine", nil)
			p.atCashier()
			p.pay()
			if !strings.HasSuffix(p.Page.URL.Path, "/a/hzjj/chat") {
				t.Errorf("after paying at %s, want the talk", p.Page.URL.Path)
			}
			p.hears("处理完了", "票据号")
			p.follow("看凭证")
			p.reads("金额", "票据号")
			p.until("/a/hzjj/chat", "办好了") // the account's note stands in the same stream
			p.open("/me/messages")
			for _, l := range p.Page.Links {
				if strings.Contains(l.Text, "办好了") && l.Href != "/a/hzjj/chat" {
					t.Errorf("the note leads to %s, want the talk", l.Href)
				}
			}
		})
		t.Run("an appointment with a calendar", func(t *testing.T) {
			t.Parallel()
			p := resident(t, h, h.Resident(t, "L4", 9))
			p.open("/a/hzzw/chat")
			p.says("预约")
			for range 8 { // whatever is asked before the calendar is answered by its first choice
				if strings.Contains(p.Page.Text, "换一天") || strings.Contains(p.Page.Text, "约好了") {
					break
				}
				p.says("1")
			}
			p.reads("换一天")
			p.says("上一步") // another day
			p.says("1")
			p.says("1")
			for range 5 {
				if strings.Contains(p.Page.Text, "约好了") {
					break
				}
				p.says("1")
				p.hears("预约")
			}
			p.hears("约好了", "窗口")
		})
		t.Run("English", func(t *testing.T) {
			t.Parallel()
			p := resident(t, h, h.Resident(t, "L2", 0))
			p.open("/en/a/hzjj/chat")
			p.reads("Hello, this is")
			p.says("violations")
			p.reads("Which one do you mean?")
			p.says("1")
			p.hears("Plate number")
			p.says("cancel")
			p.reads("once more to be sure")
			p.says("continue")
			p.hears("Plate number")
			p.says("cancel")
			p.says("cancel")
			p.hears("Cancelled")
		})
	})
}

// TestTalkOfAVisitor begins without signing in and goes on after it: what was said stays, and nobody else sees it.
func TestTalkOfAVisitor(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	who := h.Resident(t, "L4", 0)
	p := visitor(t, h)
	p.open("/a/hzjj/chat")
	p.says("交罚款")
	p.reads("要先登录")
	next := ""
	for _, l := range p.Page.Links {
		if strings.HasPrefix(l.Href, "/login") {
			next = l.Href
		}
	}
	p.open(next)
	p.submit(map[string]string{"phone": who.Phone})
	code, err := p.Inbox(t.Context(), h.Ready.Sandbox["sms"], who.Phone)
	if err != nil {
		t.Fatal(err)
	}
	p.submit(map[string]string{"code": code})
	if p.Page.URL.Path != "/a/hzjj/chat" {
		t.Fatalf("after signing in at %s", p.Page.URL)
	}
	p.reads("交罚款", "要先登录", "已经登录")
	p.taps("traffic-fine-payment")
	p.hears("要处理哪辆车")

	other := resident(t, h, h.Resident(t, "L4", 2)) // security.md T45: another's talk does not exist
	other.open("/a/hzjj/chat")
	if strings.Contains(other.Page.Text, "要先登录") || strings.Contains(other.Page.Text, "哪辆车") {
		t.Error("somebody else reads the talk")
	}

	var opened string
	if err := second(t, h).QueryRow(`select data from event where name = 'cases.opened'`).Scan(&opened); err != nil || !strings.Contains(opened, `"channel":"chat"`) {
		t.Errorf("a case is recorded as opened %s, %v", opened, err)
	}

	h.Clock.Advance(8 * time.Hour)
	p.open("/a/hzjj/chat")
	p.reads("上次办到")
	p.says("继续")
	p.hears("要处理哪辆车")
}

// TestHostileTalk is what must not work.
func TestHostileTalk(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	p := resident(t, h, h.Resident(t, "L4", 0))
	p.open("/a/hzjj/chat")
	token := p.talk().Values.Get("_token")
	t.Run("markup is text", func(t *testing.T) {
		p.says(`<img src=x onerror=alert(1)>`)
		if strings.Contains(string(p.Page.Body), "<img src=x") || !strings.Contains(p.Page.Text, "<img src=x") {
			t.Error("markup came through")
		}
	})
	t.Run("too long, and nothing", func(t *testing.T) {
		for _, line := range []string{strings.Repeat("字", 501), "", " \u3000\n"} {
			p.posts(url.Values{"line": {line}})
			p.status(http.StatusUnprocessableEntity)
			p.open("/a/hzjj/chat")
		}
		p.says(strings.Repeat("字", 500))
	})
	t.Run("a second press", func(t *testing.T) {
		p.open("/a/hzjj/chat")
		seen := p.talk().Values.Get("seen")
		p.says("没有这样的事")
		p.posts(url.Values{"line": {"没有这样的事"}, "seen": {seen}})
		p.status(http.StatusConflict)
		p.reads("对话里有了新的消息")
		p.posts(url.Values{"line": {"1"}, "seen": {"abc"}})
		p.status(http.StatusConflict)
	})
	t.Run("a service that is not offered", func(t *testing.T) {
		p.posts(url.Values{"service": {"no-such-service"}})
		p.status(http.StatusNotFound)
		p.open("/a/hzjj/chat")
	})
	t.Run("another's token", func(t *testing.T) {
		q := resident(t, h, h.Resident(t, "L4", 1))
		q.open("/a/hzjj/chat")
		if err := q.Post(t.Context(), "/a/hzjj/chat", url.Values{"_token": {token}, "line": {"交罚款"}, "seen": {"0"}}); err != nil {
			t.Fatal(err)
		}
		if q.Page.Status == http.StatusOK {
			t.Errorf("another's token is taken: %d", q.Page.Status)
		}
	})
	t.Run("an account that is not there", func(t *testing.T) {
		p.get("/a/nobody-at-all/chat")
		p.status(http.StatusNotFound)
	})
}
