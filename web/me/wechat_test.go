package me_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"zhijian/domain/account"
	"zhijian/domain/follower"
	"zhijian/ground/actor"
	"zhijian/ground/seal"
)

// link has the talk of an openid with an account get a link, as it does when something wants a name.
func (g *rig) link(openid string) (follower.Follower, string) {
	g.t.Helper()
	a, err := g.accounts.Put(context.Background(), actor.House, account.Account{Alias: "hzjj", Name: "杭州交警", En: "Hangzhou Traffic Police", Kind: account.Service, Department: 1, Region: "330100", Sign: "警"})
	must(g.t, err)
	f, err := g.followers.Meet(context.Background(), actor.House, a.ID, seal.Plain(openid))
	must(g.t, err)
	secret, err := g.followers.Offer(context.Background(), actor.House, f)
	must(g.t, err)
	f, err = g.followers.Meet(context.Background(), actor.House, a.ID, seal.Plain(openid))
	must(g.t, err)
	return f, "/me/wechat/" + secret
}

func (g *rig) says(parts ...string) {
	g.t.Helper()
	for _, part := range parts {
		if !strings.Contains(g.page, part) {
			g.t.Errorf("the page does not say %q", part)
		}
	}
}

func TestBindingWeChat(t *testing.T) {
	t.Parallel()
	g := build(t)
	f, link := g.link("oA")
	g.get(link)
	if g.status != http.StatusSeeOther || !strings.HasPrefix(g.at, "/login?next=") {
		t.Fatalf("a link signs somebody in: %d %s", g.status, g.at)
	}
	g.signIn(link)
	if g.at != link {
		t.Fatalf("after signing in at %s", g.at)
	}
	g.get(link)
	g.sound("what binding allows")
	g.says("把这个微信号接到我名下？", "杭州交警", "138****8000", "不能付款", "别人发给您的")
	if strings.Contains(g.page, `href="`+link) || strings.Contains(g.page, `href="/en`+link) {
		t.Error("the secret stands in a link of the page")
	}
	g.submit(link)
	if g.status != http.StatusSeeOther || g.at != link {
		t.Fatalf("agreed: %d %s", g.status, g.at)
	}
	g.get(link)
	claimed, err := g.followers.Linked(t.Context(), actor.Actor{Kind: actor.Resident, ID: g.resident()}, strings.TrimPrefix(link, "/me/wechat/"))
	must(t, err)
	g.sound("the number")
	g.says(claimed.Link.Code.Reveal(), "不要告诉任何人")
	g.get("/me/sessions")
	if strings.Contains(g.page, "微信对话") {
		t.Error("bound before the number was written")
	}
	_, err = g.followers.Bind(t.Context(), actor.House, f, claimed.Link.Code.Reveal())
	must(t, err)
	g.get(link)
	if g.status != http.StatusNotFound {
		t.Errorf("a link that was used: %d", g.status)
	}
	g.says("这个链接已经失效")
	g.get("/me/sessions")
	g.says("接到您名下的微信", "和“杭州交警”的微信对话")
	g.get("/en/me/sessions")
	g.says("WeChat talk with Hangzhou Traffic Police", "Unbind")
	g.submit("/en/me/wechat/end", "follower", "x")
	g.get("/me/sessions")
	g.submit("/me/wechat/end")
	g.get("/me/sessions")
	g.says("已解除")
	if strings.Contains(g.page, "微信对话") {
		t.Error("unbound and still listed")
	}
}

// TestWeChatStaysWhenDevicesGo: who signs all other devices out is told that a bound WeChat is none, and ends it with one button.
func TestWeChatStaysWhenDevicesGo(t *testing.T) {
	t.Parallel()
	g := build(t)
	f, link := g.link("oA")
	g.signIn("/me")
	g.get("/me/sessions?left=1")
	if strings.Contains(g.page, "微信不是设备") {
		t.Error("told of a WeChat that is not bound")
	}
	g.get(link)
	g.submit(link)
	claimed, err := g.followers.Linked(t.Context(), actor.Actor{Kind: actor.Resident, ID: g.resident()}, strings.TrimPrefix(link, "/me/wechat/"))
	must(t, err)
	_, err = g.followers.Bind(t.Context(), actor.House, f, claimed.Link.Code.Reveal())
	must(t, err)
	g.jar = map[string]string{}
	g.clock.Advance(2 * time.Minute)
	g.signIn("/me")
	g.get("/me/sessions")
	if strings.Contains(g.page, "微信不是设备") {
		t.Error("told before the devices were signed out")
	}
	g.stepUp("/me/sessions")
	g.submit("/me/sessions/others")
	if g.status != http.StatusSeeOther || g.at != "/me/sessions?left=1" {
		t.Fatalf("signed out: %d %s", g.status, g.at)
	}
	g.get(g.at)
	g.sound("what stays bound")
	g.says("微信不是设备，还接在您名下", "和“杭州交警”的微信对话")
	g.submit("/me/wechat/end")
	g.get("/me/sessions?left=1")
	g.says("已解除")
	if strings.Contains(g.page, "微信对话") || strings.Contains(g.page, "微信不是设备") {
		t.Error("unbound and still told of")
	}
	if list, err := g.followers.Of(t.Context(), actor.Actor{Kind: actor.Resident, ID: g.resident()}); err != nil || len(list) != 0 {
		t.Errorf("still bound: %+v, %v", list, err)
	}
}

// TestBindingWantsPresence: a session that somebody took long after its sign-in cannot give a talk its resident's name.
func TestBindingWantsPresence(t *testing.T) {
	t.Parallel()
	g := build(t)
	g.signIn("/me")
	g.clock.Advance(16 * time.Minute)
	f, link := g.link("oA")
	g.get(link)
	g.submit(link)
	if g.status != http.StatusSeeOther || !strings.HasPrefix(g.at, "/me/step-up?next=%2Fme%2Fwechat%2F") {
		t.Errorf("an old session binds: %d %s", g.status, g.at)
	}
	f, err := g.followers.Meet(t.Context(), actor.House, f.Account, seal.Plain("oA"))
	if err != nil || f.Awaits(g.clock.Now()) {
		t.Errorf("agreed without being there: %v", err)
	}
}
