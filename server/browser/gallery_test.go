package browser_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/pquerna/otp/totp"

	"zhijian/sandbox"
	"zhijian/sandbox/paychannel"
	"zhijian/server"
	"zhijian/testkit/house"
)

// TestGallery goes to every page there is, checks it in every look (accessibility, width, what can be pressed, content
// policy) and takes its picture, by the names of the design's mock-ups where it has one. GALLERY names the folder.
func TestGallery(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	a := newAlbum(t)
	walk := func(t *testing.T, part *album, tour func(*album, *window)) {
		w := newWindow(t, h)
		w.withAxe()
		part.t = t
		tour(part, w)
	}
	tours := []struct {
		name string
		walk func(*album, *window)
	}{{"the city", tourCity}, {"a fine", tourFine}, {"a hall", tourHall}, {"who I am", tourProof}, {"English", tourEnglish}, {"the observatory", tourObservatory}, {"a talk", tourTalk}, {"the city now", tourLayers}}
	t.Run("every day", func(t *testing.T) {
		for _, tour := range tours {
			part := a.part()
			t.Run(tour.name, func(t *testing.T) {
				t.Parallel()
				walk(t, part, tour.walk)
			})
		}
	})
	// Alone, for it switches the traffic office off.
	part := a.part()
	t.Run("silence", func(t *testing.T) { walk(t, part, tourSilence) })
	first := a.part()
	t.Run("the first operator", func(t *testing.T) {
		first.t = t
		tourSetup(first)
	})
}

func tourSetup(a *album) {
	empty := house.Empty(a.t, "")
	link, err := empty.SetupLink(a.t.Context())
	if err != nil {
		a.t.Fatal(err)
	}
	w := newWindow(a.t, &house.House{Ready: server.DemoReady{BaseURL: empty.Origin()}})
	w.withAxe()
	w.desk()
	w.must(strings.TrimPrefix(link, empty.Origin()))
	a.takeDesk(w, "console-setup")
}

func tourCity(a *album, w *window) {
	for _, stop := range []struct{ name, path string }{
		{"citizen-city", "/"},
		{"citizen-city-found", "/?q=wen"},
		{"citizen-city-none", "/?q=zzzz"},
		{"citizen-home-visitor", "/city/hangzhou"},
		{"citizen-home-closed", "/city/lasa"},
		{"service-groups", "/city/hangzhou/services"},
		{"service-list", "/city/hangzhou/services?group=traffic-police"},
		{"search", "/city/hangzhou/search?q=违章"},
		{"search-none", "/city/hangzhou/search?q=qqxxzz"},
		{"service", "/city/hangzhou/services/traffic-fine-payment"},
		{"service-absent", "/city/hangzhou/services/id-card-service"},
		{"account-profile", "/a/hzjj"},
		{"me-settings", "/me/settings"},
	} {
		w.must(stop.path)
		a.take(w, stop.name)
	}
	w.open("/there/is/nothing")
	a.take(w, "states-absent")
	w.must("/city/hangzhou/services/weather-forecast")
	w.press("开始")
	a.take(w, "weather")

	w.must("/login")
	a.take(w, "login")
	w.fill("phone", "1990000")
	w.press("验证码")
	a.take(w, "login-error")
	w.fill("phone", w.h.Resident(a.t, "L0", 0).Phone)
	w.press("验证码")
	a.take(w, "login-code")
	w.fill("code", "000000")
	w.press("登录")
	a.take(w, "login-code-error")
}

// tourLayers looks at what is drawn of the city: points, lines, cells, each with its list.
func tourLayers(a *album, w *window) {
	w.enter(w.h.Resident(a.t, "L2", 1))
	for _, id := range []string{"rainfall-nowcast", "parking-space-query", "public-bike-map", "live-road-conditions", "nearby-facility-map", "crowd-heatmap"} {
		w.begin(id)
		if id == "nearby-facility-map" {
			w.pick("kind", w.first("kind"))
			w.press("下一步")
		}
		if id == "rainfall-nowcast" {
			a.take(w, "layer-where")
		}
		js[bool](w, `(s => (s.value = [...s.options].find(o => o.value).value, true))(document.querySelector('main select'))`)
		w.load("look", chromedp.Click(chromedp.JSPath(`document.querySelector('.zj-bar button')`)))
		if !js[bool](w, `!!document.querySelector('.zj-map')`) {
			w.waits(100)
		}
		a.take(w, "layer-"+id)
		if !js[bool](w, `!!document.querySelector('.zj-map') && !!document.querySelector('.zj-maplist, .zj-sum')`) {
			a.t.Errorf("%s has no map with the same in words: %s", id, w.text())
		}
	}
}

func tourFine(a *album, w *window) {
	who := w.h.Resident(a.t, "L4", 0)
	w.enter(who)
	w.must("/me/cases")
	a.take(w, "states-no-cases")
	w.must("/me/messages")
	a.take(w, "states-no-messages")
	w.must("/me/favourites")
	a.take(w, "states-no-favourites")

	w.begin("traffic-fine-payment")
	a.take(w, "fine-1-query")
	w.pick("plate", "other")
	w.press("查询")
	a.take(w, "fine-1-other")
	w.fill("other_plate", "浙A1234")
	w.press("查询")
	a.take(w, "fine-1-error")
	w.begin("traffic-fine-payment")
	w.pick("plate", who.Plates[0])
	w.press("查询")
	w.press("下一步")
	a.take(w, "fine-2-error")
	w.pick("chosen", w.first("chosen"))
	a.takeAsIs(w, "fine-2-list")
	w.press("下一步")
	a.take(w, "fine-3-check")
	w.must("/city/hangzhou")
	a.take(w, "citizen-home")
	w.must("/me/cases")
	w.press("交通违法罚款")
	w.press("付款")
	w.press("取消")
	a.take(w, "states-checking")
	w.press("回到付款页")
	a.take(w, "fine-3-pay")
	w.press("付款")
	w.press("确认付款")
	a.take(w, "fine-4-done")
	w.press("看办理进度")
	a.take(w, "case-tracking")
	w.press("看我提交的内容")
	a.take(w, "submitted")
	w.open(strings.TrimSuffix(w.path(), "/submitted") + "/receipt")
	a.take(w, "receipt")
	w.open(strings.TrimSuffix(w.path(), "/receipt") + "/rate")
	w.press("提交评价")
	a.take(w, "rate-error")
	w.open(w.path())
	w.pick("level", "2")
	a.takeAsIs(w, "rate")
	w.press("提交评价")
	a.take(w, "rated")

	w.begin("vehicle-violation-query")
	w.pick("plate", who.Plates[0])
	w.press("查询")
	a.take(w, "violation-list")
	w.begin("driver-points-query")
	a.take(w, "points")
	w.begin("electricity-bill-payment")
	a.take(w, "electricity-1-query")
	w.fill("account", who.Accounts["electricity"])
	w.press("查询")
	a.take(w, "electricity-2-list")
	w.open(strings.TrimSuffix(w.path(), "/steps/bills") + "/withdraw")
	a.take(w, "withdraw")
	w.press("撤回这次申请")
	a.take(w, "withdrawn")

	w.must("/city/hangzhou/services/traffic-fine-payment")
	w.press("收藏")
	a.take(w, "service-kept")
	for _, stop := range []struct{ name, path string }{
		{"me", "/me"},
		{"me-cases", "/me/cases"},
		{"me-messages", "/me/messages"},
		{"me-favourites", "/me/favourites"},
		{"me-sessions", "/me/sessions"},
		{"me-privacy", "/me/privacy"},
		{"me-privacy-withdraw", "/me/privacy/withdraw?purpose=vehicle"},
		{"me-step-up", "/me/step-up"},
	} {
		w.must(stop.path)
		a.take(w, stop.name)
	}
}

func tourHall(a *album, w *window) {
	w.enter(w.h.Resident(a.t, "L2", 0))
	w.begin("hall-appointment")
	a.take(w, "hall-0-hall")
	w.pick("hall", w.first("hall"))
	w.press("下一步")
	a.take(w, "hall-0-matter")
	w.pick("matter", w.first("matter"))
	w.press("下一步")
	a.take(w, "hall-1-slots")
	w.pick("slot", js[string](w, `[...document.querySelectorAll('input[name=slot]')].find(i => i.value.endsWith('T1630')).value`))
	w.press("下一步")
	a.take(w, "hall-2-check")
	w.press("确认预约")
	a.take(w, "hall-1-taken")
	w.pick("slot", js[string](w, `[...document.querySelectorAll('input[name=slot]:not(:disabled)')].find(i => !i.value.endsWith('T1630') && !i.value.endsWith('T1600')).value`))
	w.press("下一步")
	w.press("确认预约")
	a.take(w, "hall-2-done")
	w.press("看办理进度")
	a.take(w, "hall-tracking")
}

func tourProof(a *album, w *window) {
	who := w.h.Resident(a.t, "L1", 0)
	w.enter(who)
	w.must("/me/proof?level=4")
	a.take(w, "verify")
	w.fill("name", who.Name)
	w.fill("citizen_number", "33010619900101123")
	w.press("下一步")
	a.take(w, "verify-error")
	w.fill("citizen_number", who.CitizenNumber)
	w.agree()
	w.press("下一步")
	a.take(w, "verify-card")
	w.fill("card_number", who.BankCard)
	w.fill("phone", who.Phone)
	w.agree()
	w.press("下一步")
	a.take(w, "verify-vehicle")
	w.fill("plate", "浙A99999")
	w.agree()
	w.press("确认")
	a.take(w, "verify-vehicle-error")
	w.fill("plate", who.Plates[0])
	w.agree()
	w.press("确认")
	w.must("/me")
	w.reads("车")
}

// agree ticks the consent of a proof.
func (w *window) agree() {
	w.t.Helper()
	w.pick("consent", w.first("consent"))
}

// tourObservatory looks at the public figures: on a desk first, for they are wide, and then on a phone.
func tourObservatory(a *album, w *window) {
	for _, stop := range []struct{ name, path string }{
		{"observatory-overview", "/observatory"},
		{"observatory-provinces", "/observatory/provinces?sort=mean"},
		{"observatory-exhibit", "/observatory/exhibits/figure-2"},
		{"observatory-prefectures", "/observatory/prefectures"},
		{"observatory-services", "/observatory/services"},
		{"observatory-appendix-1", "/observatory/exhibits/appendix-1"},
		{"observatory-times", "/observatory/exhibits/response"},
		{"observatory-report", "/observatory/report"},
		{"observatory-report-prefectures", "/observatory/report/prefectures"},
		{"observatory-report-depth", "/observatory/report/depth"},
		{"observatory-report-errata", "/observatory/report/errata"},
		{"observatory-report-method", "/observatory/report/method"},
		{"observatory-report-appendix", "/observatory/report/appendix-1"},
		{"observatory-sectors", "/observatory/sectors"},
		{"observatory-nation", "/observatory/regions/000000"},
		{"observatory-province", "/observatory/regions/330000"},
		{"observatory-region", "/observatory/regions/330300"},
		{"observatory-sector", "/observatory/sectors/f01"},
		{"observatory-account", "/observatory/accounts/sim0000001"},
		{"observatory-account-small", "/observatory/accounts/sim0000031"},
		{"observatory-accounts", "/observatory/accounts?region=330300&sector=f01"},
		{"observatory-accounts-none", "/observatory/accounts?q=zzzz"},
		{"observatory-scatter", "/observatory/exhibits/figure-4"},
		{"observatory-errata", "/observatory/errata"},
		{"observatory-method", "/observatory/method"},
		{"observatory-compare", "/observatory/compare?with=2014"},
		{"observatory-compare-regions", "/observatory/compare?a=330100&b=330300"},
		{"observatory-compare-unknown", "/observatory/compare?a=zzzzzz&b=330300"},
		{"en-observatory", "/en/observatory"},
		{"en-observatory-report", "/en/observatory/report/provinces"},
		{"en-observatory-sector", "/en/observatory/sectors/f01"},
		{"en-observatory-account", "/en/observatory/accounts/sim0000001"},
	} {
		w.must(stop.path)
		w.desk()
		a.takeDesk(w, stop.name)
		for _, l := range looks() {
			w.wear(l, false)
			w.size(320, height)
			found, keep := w.clumsy(0), rules
			w.size(width, height)
			if l.theme == "dark" {
				keep = `["color-contrast"]` // the dark look differs in its colours alone
			}
			for _, f := range slices.Concat(found, w.clumsy(0), w.axe(keep)) {
				a.t.Errorf("%s %s on a telephone: %s", stop.name, l.name, f)
			}
			a.picture(w, strings.TrimSuffix(stop.name+"-phone-"+l.name, "-"), width)
			w.size(width, height)
		}
	}
}

func tourEnglish(a *album, w *window) {
	for _, stop := range []struct{ name, path string }{
		{"en-city", "/en/"},
		{"en-home", "/en/city/hangzhou"},
		{"en-service", "/en/city/hangzhou/services/traffic-fine-payment"},
		{"en-search", "/en/city/hangzhou/search?q=fine"},
		{"en-login", "/en/login"},
	} {
		w.must(stop.path)
		if lang := js[string](w, `document.documentElement.lang`); lang != "en" {
			a.t.Errorf("%s is marked as %s", stop.path, lang)
		}
		a.take(w, stop.name)
	}
	who := w.h.Resident(a.t, "L4", 7)
	w.enter(who)
	w.must("/en/city/hangzhou/services/traffic-fine-payment")
	w.press("Start")
	w.pick("plate", who.Plates[0])
	a.take(w, "en-fine-1-query")
	w.press("Look up")
	w.pick("chosen", w.first("chosen"))
	a.take(w, "en-fine-2-list")
	w.load("on", chromedp.Click(chromedp.JSPath(`document.querySelector('.zj-bar button, form button[type=submit], form button')`)))
	a.take(w, "en-fine-3-check")
}

// begin opens a case of a service in Hangzhou.
func (w *window) begin(service string) {
	w.t.Helper()
	w.must("/city/hangzhou/services/" + service)
	w.load("begin "+service, chromedp.Click(chromedp.JSPath(`document.querySelector('form[action$="/start"] button')`)))
}

func tourSilence(a *album, w *window) {
	h := w.h
	who := h.Resident(a.t, "L4", 8)
	w.enter(who)
	w.begin("traffic-fine-payment")
	w.pick("plate", who.Plates[0])
	w.press("查询")
	w.pick("chosen", w.first("chosen"))
	w.press("下一步")
	w.press("付款")
	h.World.Switch(sandbox.Traffic, sandbox.Refuse)
	w.press("确认付款")
	a.take(w, "states-filing")
	no := strings.Split(w.path(), "/")[2]

	w.begin("driver-points-query")
	w.reads("不是您的问题")
	a.take(w, "states-down")

	h.Pass(a.t, 10*time.Minute, "the case is stuck", func() bool {
		w.open("/cases/" + no)
		return strings.Contains(w.text(), "人工核对")
	})
	a.take(w, "case-tracking-stuck")
	w.open("/cases/" + no + "/steps/settlement")
	a.take(w, "states-stuck")

	d := newWindow(a.t, h)
	d.withAxe()
	d.desk()
	d.must("/console/login")
	a.takeDesk(d, "console-login")
	crew := staffOf(a.t, h, "traffic-police")
	d.staffSignIn(crew.User, "wrong", "000000")
	a.takeDesk(d, "console-login-error")
	d.staffIn(crew)
	a.takeDesk(d, "console-dashboard")
	d.must("/console/cases")
	a.takeDesk(d, "console-cases")
	d.must("/console/observatory")
	a.takeDesk(d, "console-statistics")
	d.must("/console/stuck")
	a.takeDesk(d, "console-stuck")
	d.press("交通违法罚款")
	a.takeDesk(d, "console-purpose")
	d.pick("purpose", "handling")
	d.press("查看")
	a.takeDesk(d, "console-case")
	d.types("reason", strings.Join(guiles()[:12], " "))
	d.press("确认处理")
	a.takeDesk(d, "console-case-error")
	h.World.Switch(sandbox.Traffic, sandbox.Normal)
	h.World.Channel().Switch(paychannel.Switches{Refunds: "closed"})
	d.pick("what", "refund")
	d.fill("reason", "电话核实，没有入账")
	d.press("确认处理")
	d.reads("没有卡住的办件")

	o := newWindow(a.t, h)
	o.withAxe()
	o.desk()
	o.must("/console/login")
	o.staffIn(h.Ready.Logins.Operator)
	o.must("/console/stuck")
	a.takeDesk(o, "console-stuck-operator")
	o.must("/console/observatory/editions")
	a.takeDesk(o, "console-editions")
	o.must("/console/observatory/editions/2015?with=2014")
	a.takeDesk(o, "console-edition")
	h.Pass(a.t, time.Minute, "the refund is closed", func() bool {
		o.open("/console/money")
		return strings.Contains(o.text(), "退款没有走通")
	})
	a.takeDesk(o, "console-money")
	o.press("退款没有走通")
	a.takeDesk(o, "console-money-order")
	h.World.Channel().Switch(paychannel.Switches{})
	o.pick("what", "retry")
	o.press("确认处理")
	o.reads("没有要处理的钱")
	a.takeDesk(o, "console-money-none")

	h.Pass(a.t, time.Minute, "the money is back", func() bool {
		w.open("/cases/" + no)
		return strings.Contains(w.text(), "没有办成")
	})
	a.take(w, "case-tracking-refused")
	w.open("/cases/" + no + "/steps/done")
	a.take(w, "fine-4-refused")
	w.must("/me/messages")
	a.take(w, "me-messages-refund")
	w.must("/me/privacy")
	a.take(w, "me-privacy-looked")
}

func staffOf(t *testing.T, h *house.House, user string) server.StaffLogin {
	t.Helper()
	for _, s := range h.Ready.Logins.Staff {
		if s.User == user {
			return s
		}
	}
	t.Fatalf("there is no %s among the staff", user)
	return server.StaffLogin{}
}

func (w *window) staffSignIn(user, password, code string) {
	w.t.Helper()
	w.fill("user", user)
	w.fill("password", password)
	w.fill("totp", code)
	w.press("登录")
}

func (w *window) staffIn(s server.StaffLogin) {
	w.t.Helper()
	code, err := totp.GenerateCode(s.TOTPSecret, w.h.Clock.Now())
	if err != nil {
		w.t.Fatal(err)
	}
	w.staffSignIn(s.User, s.Password, code)
	w.reads("今天要处理的")
}

// TestChecksFind spoils a page in every way that the tour looks for: a check that finds nothing must be able to.
func TestChecksFind(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	w := newWindow(t, h)
	w.withAxe()
	w.must("/login")
	if found := w.faults(looks()[0]); len(found) > 0 {
		t.Errorf("before anything is spoilt: %q", found)
	}
	js[bool](w, `(put => {
		put('img', 'src=/favicon.ico', '', '');
		put('a', 'href=/x', 'display:block;height:20px', 'a');
		put('div', 'id=wide', 'width:900px', 'wide');
		put('span', 'id=pale', 'color:#ccc;background:#fff', 'pale');
	})((kind, attribute, style, text) => {
		const e = document.createElement(kind);
		e.setAttribute(...attribute.split('='));
		e.style.cssText = style; // set by script: the content policy stops it in the markup
		e.textContent = text;
		document.querySelector('main').append(e);
	}), true`)
	text := strings.Join(w.faults(looks()[0]), "\n")
	for _, part := range []string{"axe image-alt", "axe color-contrast", "20 px high", "wider than the screen", "at 320"} {
		if !strings.Contains(text, part) {
			t.Errorf("the checks do not find %q: %s", part, text)
		}
	}
	js[bool](w, `console.error('noticed?'), true`)
	js[bool](w, `new Promise(done => {
		addEventListener('securitypolicyviolation', () => done(true));
		try { document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="window.ran=1">') } catch {} // markup from a script: refused whole
	})`)
	w.h.Until(t, "the window's troubles", func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return len(w.trouble) >= 2
	})
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, part := range []string{"noticed?", "ontent"} {
		if !strings.Contains(strings.Join(w.trouble, "\n"), part) {
			t.Errorf("the window does not notice %q: %q", part, w.trouble)
		}
	}
	w.trouble = nil
}
