package me_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"zhijian/domain/cases"
	"zhijian/domain/message"
	"zhijian/ground/actor"
	"zhijian/ground/seal"
	"zhijian/ui/proof"
)

// sound checks a page as a browser and a screen reader would, and for personal data where none may be.
func (g *rig) sound(what string) {
	g.t.Helper()
	for _, f := range proof.Page(g.page) {
		g.t.Errorf("%s: %s", what, f)
	}
	if i := strings.Index(g.page, "⟨"); i >= 0 {
		g.t.Errorf("%s: a word is missing: %s", what, g.page[i:i+40])
	}
	title := g.page[strings.Index(g.page, "<title>"):strings.Index(g.page, "</title>")]
	for _, secret := range []string{"1380013", "张三", "11010519491231"} {
		if strings.Contains(title, secret) {
			g.t.Errorf("%s: the title names %s", what, secret)
		}
	}
}

func TestSigningIn(t *testing.T) {
	t.Parallel()
	g := build(t)
	g.get("/login?next=/cases/7K2Q9D0M7K2Q9D0MA/steps/plate")
	g.sound("phone")
	g.submit("/login", "phone", "1380013")
	if g.status != http.StatusUnprocessableEntity || !strings.Contains(g.page, "错误：") || !strings.Contains(g.page, `href="#phone"`) || !strings.Contains(g.page, `value="1380013"`) {
		t.Fatalf("a short number: %d %s", g.status, g.page)
	}
	g.sound("phone wrong")
	g.submit("/login", "phone", "138 0013 8000")
	if g.status != http.StatusOK || !strings.Contains(g.page, "138****8000") || !strings.Contains(g.page, `autocomplete="one-time-code"`) {
		t.Fatalf("code page: %d %s", g.status, g.page)
	}
	g.sound("code")
	g.submit("/login", "code", "000000")
	if g.status != http.StatusUnprocessableEntity || strings.Contains(g.page, "000000") {
		t.Fatalf("a wrong code: %d; the code typed must not come back", g.status)
	}
	g.sound("code wrong")
	g.submit("/login", "code", g.out.code())
	if g.status != http.StatusSeeOther || g.at != "/cases/7K2Q9D0M7K2Q9D0MA/steps/plate" {
		t.Fatalf("signed in: %d to %s", g.status, g.at)
	}
	if len(g.cases.claimed) != 1 || g.cases.claimed[0] != "7K2Q9D0M7K2Q9D0MA" {
		t.Errorf("the visitor's case was not claimed: %v", g.cases.claimed)
	}
	g.get("/login?next=/me/cases")
	if g.status != http.StatusSeeOther || g.at != "/me/cases" {
		t.Errorf("who is signed in goes on: %d %s", g.status, g.at)
	}
}

// T10: who reads a code off somebody's phone signs in nowhere but in the browser that asked for it.
func TestCodeWorksInItsBrowser(t *testing.T) {
	t.Parallel()
	g := build(t)
	g.get("/login")
	g.submit("/login", "phone", "13800138000")
	asked, mine := g.page, g.jar
	g.jar = map[string]string{}
	g.get("/login")
	phone := g.page
	g.submit("/login", "phone", "13800138000") // within the minute: no second code, and no question for the first
	if g.status != http.StatusTooManyRequests || strings.Contains(g.page, `name="code"`) || len(g.out.sent) != 1 {
		t.Errorf("another browser asks at once: %d, %d texts", g.status, len(g.out.sent))
	}
	for range 6 {
		g.page = phone
		g.submit("/login", "phone", "13800138000", "code", g.out.code())
		if g.status != http.StatusUnprocessableEntity || g.jar["zj"] != "" {
			t.Fatalf("another browser used the code: %d", g.status)
		}
	}
	g.jar, g.page = mine, asked
	g.submit("/login", "code", g.out.code())
	if g.status != http.StatusSeeOther || g.jar["zj"] == "" {
		t.Errorf("the browser that asked: %d", g.status)
	}
}

// T71: the browser in which somebody signed in is known there afterwards, also when they have signed out.
func TestBrowserIsKnownAfterSigningOut(t *testing.T) {
	t.Parallel()
	g := build(t)
	g.signIn("/me")
	g.get("/me")
	g.submit("/logout")
	mine := g.jar
	if mine["zjm"] == "" {
		t.Fatal("the browser has no mark")
	}
	g.clock.Advance(24 * time.Hour)
	for i := range 30 {
		g.jar, g.remote = map[string]string{}, fmt.Sprintf("198.51.100.%d:4000", i)
		g.get("/login")
		g.submit("/login", "phone", "13800138000", "code", "000000")
	}
	if g.status != http.StatusTooManyRequests {
		t.Errorf("strangers may go on guessing: %d", g.status)
	}
	g.jar, g.remote = mine, ""
	g.signIn("/me")
}

// A code is sent once a minute; a second press shows the page for the code that was sent.
func TestSecondPressSendsNoSecondCode(t *testing.T) {
	t.Parallel()
	g := build(t)
	g.get("/login")
	first := g.page
	g.submit("/login", "phone", "13800138000")
	g.page = first
	g.submit("/login", "phone", "13800138000")
	if g.status != http.StatusOK || !strings.Contains(g.page, `name="code"`) || len(g.out.sent) != 1 {
		t.Fatalf("%d, %d texts sent", g.status, len(g.out.sent))
	}
}

// T10: one IPv6 customer has more addresses than there are phones, and one budget of codes.
func TestCodesPerBlock(t *testing.T) {
	t.Parallel()
	g := build(t)
	g.get("/login")
	first := g.page
	for i := range 30 {
		g.page, g.remote = first, fmt.Sprintf("[2001:db8:1:2::%x]:4000", i+1)
		g.submit("/login", "phone", fmt.Sprintf("1380000%04d", i))
		if want := map[bool]int{true: http.StatusOK, false: http.StatusTooManyRequests}[i < 20]; g.status != want {
			t.Fatalf("code %d: %d, want %d", i+1, g.status, want)
		}
	}
	if len(g.out.sent) != 20 {
		t.Errorf("%d codes were sent", len(g.out.sent))
	}
	g.page, g.remote = first, "[2001:db8:1:3::1]:4000"
	g.submit("/login", "phone", "13800009999")
	if g.status != http.StatusOK {
		t.Errorf("the next customer pays for it: %d", g.status)
	}
}

func TestNextIsLocal(t *testing.T) {
	t.Parallel()
	for _, next := range []string{"https://evil.example/", "//evil.example", `/\evil.example`, "javascript:alert(1)"} {
		g := build(t)
		g.get("/login?next=" + strings.ReplaceAll(next, `\`, "%5C"))
		g.submit("/login", "phone", "13800138000")
		g.submit("/login", "code", g.out.code())
		if g.at != "/me" {
			t.Errorf("next=%s leads to %s", next, g.at)
		}
	}
}

func TestProvingUpToFive(t *testing.T) {
	t.Parallel()
	g := build(t)
	const back = "/cases/7K2Q9D0M7K2Q9D0MA/steps/chosen"
	g.signIn(back)
	g.get("/me/proof?level=4&next=" + back)
	g.get(g.at)
	g.sound("name")
	if !strings.Contains(g.page, "第 1 步，共 3 步") || strings.Contains(g.page, "checked") {
		t.Error("the consent is ticked beforehand, or the marker is missing")
	}
	g.submit("/me/proof/name", "name", "张三", "citizen_number", "110105194912310020")
	if g.status != http.StatusUnprocessableEntity || !strings.Contains(g.page, `href="#consent"`) || !strings.Contains(g.page, `value="张三"`) {
		t.Fatalf("without consent: %d", g.status)
	}
	g.sound("name wrong")
	g.submit("/me/proof/name", "name", "张四", "citizen_number", personNumber, "consent", "yes")
	if g.status != http.StatusUnprocessableEntity || !strings.Contains(g.page, "对不上同一个人") {
		t.Fatalf("another's name: %d", g.status)
	}
	session := g.jar["zj"]
	g.submit("/me/proof/name", "name", personName, "citizen_number", "11010519491231002x", "consent", "yes")
	if g.status != http.StatusSeeOther || g.jar["zj"] == session {
		t.Fatalf("proven: %d; the session must be replaced", g.status)
	}
	g.get(g.at)
	g.get(g.at)
	g.sound("card")
	g.submit("/me/proof/card", "card_number", "6222 0200 0000 0000 000", "phone", "13800138000", "consent", "yes")
	g.get(g.at)
	g.get(g.at)
	g.sound("vehicle")
	if !strings.Contains(g.page, "第 3 步，共 3 步") {
		t.Error("the third proof is not marked as such")
	}
	g.submit("/me/proof/vehicle", "plate", "浙a 12345", "consent", "yes")
	g.get(g.at)
	if g.status != http.StatusSeeOther || g.at != back {
		t.Fatalf("five in one: %d to %s", g.status, g.at)
	}
	g.get("/me")
	g.sound("me")
	if strings.Contains(g.page, "张三") || !strings.Contains(g.page, "张*") {
		t.Error("the name is not masked on the resident's page")
	}
}

func TestOwnPages(t *testing.T) {
	t.Parallel()
	g := build(t)
	g.signIn("/me")
	g.cases.list = []cases.Case{
		{No: "7K2Q9D0M7K2Q9D0MA", City: "330100", Service: "traffic-fine-payment", Version: 1, State: cases.Draft, Summary: seal.Plain("违反规定停车"), Updated: day(0)},
		{No: "7K2Q9D0M7K2Q9D0MB", City: "330100", Service: "hall-appointment", Version: 1, State: cases.Done, Updated: day(-3)},
	}
	g.get("/me/cases")
	g.sound("cases")
	if a, b := strings.Index(g.page, "没办完的"), strings.Index(g.page, "办过的和在办的"); a < 0 || b < a {
		t.Error("unfinished cases do not come first")
	}
	for _, path := range []string{"/me/messages", "/me/favourites", "/me/sessions", "/me/privacy", "/me/settings", "/en/me", "/en/me/cases", "/en/me/privacy", "/en/me/settings"} {
		g.get(path)
		if g.status != http.StatusOK {
			t.Errorf("%s: %d", path, g.status)
		}
		g.sound(path)
	}
	g.stepUp("/me/export")
	if !strings.HasPrefix(g.page, `{"identity":{`) || !strings.HasSuffix(g.page, "]\n}\n") {
		t.Errorf("export: %.80s", g.page)
	}
	g.get("/me")
	g.submit("/logout")
	g.get("/me/cases")
	if g.status != http.StatusSeeOther || !strings.HasPrefix(g.at, "/login?next=") {
		t.Errorf("signed out, /me/cases leads to %d %s", g.status, g.at)
	}
}

func TestMessagesAreReadByOpening(t *testing.T) {
	t.Parallel()
	g := build(t)
	g.signIn("/me")
	g.get("/me/sessions")
	id := g.resident()
	for _, n := range []message.Note{
		{Key: "a", Resident: id, Account: 1, Kind: "case", Title: "note.done", Text: seal.Plain("违反规定停车"), Link: "/cases/7K2Q9D0M7K2Q9D0MA", Rows: []message.Row{{Label: "note.time", Value: "2026-05-28T09:30:00+08:00"}, {Label: "note.amount", Value: "150.00"}}},
		{Key: "b", Resident: id, Account: 1, Kind: "case", Title: "note.of.a.later.version", Link: "/me"},
	} {
		must(t, g.messages.Notify(t.Context(), actor.House, n))
	}
	g.get("/me/messages")
	g.sound("messages")
	for _, want := range []string{"办好了", "有一条新消息", "5月28日 9:30", "¥150.00", "未读", `href="/cases/7K2Q9D0M7K2Q9D0MA"`} {
		if !strings.Contains(g.page, want) {
			t.Errorf("%q is not on the page", want)
		}
	}
	g.get("/me/messages")
	if strings.Contains(g.page, "未读　") {
		t.Error("messages are still unread after they were opened")
	}
	g.get("/en/me/messages")
	if !strings.Contains(g.page, "CNY 150.00") || strings.Contains(g.page, "¥") {
		t.Error("an amount is not in the reader's language")
	}
}

func TestConsentIsWithdrawnOnItsOwnPage(t *testing.T) {
	t.Parallel()
	g := build(t)
	g.signIn("/me")
	g.get("/me/proof/name?level=2&next=/me")
	g.submit("/me/proof/name", "name", personName, "citizen_number", personNumber, "consent", "yes")
	g.get("/me/privacy")
	if !strings.Contains(g.page, "/me/privacy/withdraw?purpose=real_name") {
		t.Fatal("the consent cannot be withdrawn")
	}
	g.get("/me/privacy/withdraw?purpose=real_name")
	g.sound("withdraw")
	g.submit("/me/privacy/withdraw")
	if g.status != http.StatusSeeOther {
		t.Fatalf("withdrawn: %d", g.status)
	}
	g.get(g.at)
	if !strings.Contains(g.page, "信息已删除") {
		t.Error("the page does not say that the data is gone")
	}
	g.get("/me")
	if strings.Contains(g.page, "张*") {
		t.Error("the name is still there")
	}
}

func TestSettingsWorkForVisitors(t *testing.T) {
	t.Parallel()
	g := build(t)
	g.get("/me/settings")
	g.sound("settings")
	g.submit("/me/wish", "mode", "elder", "theme", "dark")
	if g.jar["elder"] != "1" || g.jar["theme"] != "dark" {
		t.Fatalf("cookies: %v", g.jar)
	}
	g.get("/me/settings")
	if !strings.Contains(g.page, `data-mode="elder"`) || !strings.Contains(g.page, `data-theme="dark"`) {
		t.Error("the page does not follow the settings")
	}
	g.submit("/me/wish", "mode", "standard", "theme", "auto")
	if _, still := g.jar["theme"]; still || g.jar["elder"] != "0" {
		t.Errorf("cookies: %v", g.jar)
	}
}

// Who signs in on another device finds the city, the language and the look they had.
func TestWishesFollow(t *testing.T) {
	t.Parallel()
	g := build(t)
	g.jar["city"] = "wenzhou"
	g.signIn("/me")
	g.get("/me/settings")
	g.submit("/me/wish", "lang", "en", "mode", "elder", "theme", "dark")
	if g.at != "/en/me/settings" {
		t.Errorf("the settings are saved to %s", g.at)
	}
	g.get(g.at)
	g.sound("settings in English")
	g.jar = map[string]string{}
	g.clock.Advance(2 * time.Minute)
	g.signIn("/me")
	if g.at != "/en/me" {
		t.Errorf("signed in on another device to %s", g.at)
	}
	g.get("/en/me/settings")
	for _, want := range []string{`data-mode="elder"`, `data-theme="dark"`, "Wenzhou"} {
		if !strings.Contains(g.page, want) {
			t.Errorf("%q is not on the page", want)
		}
	}
	g.jar["city"] = "hangzhou.wenzhou"
	g.get("/en/me")
	g.submit("/en/logout")
	g.jar = map[string]string{}
	g.clock.Advance(2 * time.Minute)
	g.signIn("/me")
	g.get("/en/me/settings")
	if !strings.Contains(g.page, "Hangzhou") {
		t.Error("the city last used is forgotten")
	}
	g.submit("/en/me/wish", "lang", "zh")
	if g.at != "/me/settings" {
		t.Errorf("back to Chinese leads to %s", g.at)
	}
}

func TestOtherDevicesAreEnded(t *testing.T) {
	t.Parallel()
	g := build(t)
	g.signIn("/me")
	first := g.jar["zj"]
	g.jar = map[string]string{}
	g.clock.Advance(2 * time.Minute)
	g.signIn("/me")
	g.get("/me/sessions")
	if !strings.Contains(g.page, "Chrome · Android") || strings.Count(g.page, "zj-item__t") != 2 {
		t.Fatalf("devices: %s", g.page)
	}
	g.stepUp("/me/sessions")
	g.submit("/me/sessions/others")
	g.jar["zj"] = first
	g.get("/me")
	if g.status != http.StatusSeeOther {
		t.Errorf("the other device is still signed in: %d", g.status)
	}
}
