package browser_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"

	"zhijian/ground/clock"
	"zhijian/testkit/house"
	"zhijian/testkit/walk"
)

const (
	saturdayHall = "320500-h3" // of Suzhou, open at weekends: one place of each half hour is booked online
	saturday     = "2026-05-30"
)

// books takes a time of Saturday at the hall, for a resident without a browser's window.
func books(t *testing.T, w *walk.Walker, slot string) (no string) {
	t.Helper()
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(w.Start(ctx, "suzhou-js", "hall-appointment"))
	no = w.CaseNo()
	must(w.Submit(ctx, map[string]string{"hall": saturdayHall}))
	must(w.Submit(ctx, map[string]string{"matter": "m1"}))
	must(w.Submit(ctx, map[string]string{"slot": slot}))
	must(w.Submit(ctx, nil))
	return no
}

// isAt has the browser's telephone stand at a place, and its owner allow pages to know.
func (w *window) isAt(lat, lon float64) {
	w.t.Helper()
	near := 10.0
	w.do("stand somewhere",
		func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
			of, err := cdp.Call(ctx, t, target.GetTargetInfo, target.GetTargetInfoParams{})
			if err != nil {
				return chromedp.Void{}, err
			}
			_, err = cdp.Call(ctx, t, browser.SetPermission, browser.SetPermissionParams{
				Permission: &browser.PermissionDescriptor{Name: "geolocation"}, Setting: browser.PermissionSettingGranted, Origin: w.h.Ready.BaseURL, BrowserContextID: of.TargetInfo.BrowserContextID,
			})
			return chromedp.Void{}, err
		},
		command(emulation.SetGeolocationOverride, emulation.SetGeolocationOverrideParams{Latitude: &lat, Longitude: &lon, Accuracy: &near}),
	)
}

// TestBookingPages is an appointment at a hall in a real browser, in every look: a full time is waited for, a made one gets another time, on the day
// one checks in and sees live, without loading the page, how many are before; staff call in the console.
func TestBookingPages(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	a := newAlbum(t)
	first := h.SignIn(t, h.Resident(t, "L4", 0))
	before := books(t, first, "20260530T0900")

	w := newWindow(t, h)
	w.withAxe()
	w.enter(h.Resident(t, "L4", 1))
	w.must("/city/suzhou-js/services/hall-appointment")
	w.press("开始")
	a.take(w, "booking-0-halls")
	w.isAt(31.3251, 120.7221)
	w.press("离我最近")
	w.reads("从“现在的位置”算，近的在前", "100 米以内", "约 11.8 公里")
	if first, at := w.first("hall"), ask[string](w, `location.href`); first != saturdayHall || strings.Contains(at, "31.") {
		t.Errorf("at %s the hall that one stands in front of is not the first: %s", at, first)
	}
	a.take(w, "booking-0-near")
	w.pick("hall", saturdayHall)
	w.press("下一步")
	w.pick("matter", "m1")
	w.press("下一步")
	at := w.path()
	w.must(at + "?date=" + saturday)
	w.reads("想要约满的时间", "还没有人在排")
	a.take(w, "booking-1-full")
	w.pick("wait", "20260530T0900")
	w.press("排候补")
	w.reads("已经排上候补", "您排在第一个")
	a.take(w, "booking-2-waits")
	w.must(at + "?date=" + saturday)
	w.pick("slot", "20260530T1000")
	w.press("下一步")
	w.press("确认预约")
	no := strings.Split(at, "/")[2]
	w.must("/cases/" + no)
	a.take(w, "booking-3-track")
	w.press("改时间")
	w.must("/cases/" + no + "/move?date=" + saturday)
	a.take(w, "booking-4-move")
	w.pick("slot", "20260530T0930")
	w.press("改到这个时间")
	w.reads("时间改好了", "9:30–10:00")
	w.must("/cases/" + no + "/visit")
	a.take(w, "booking-5-early")

	day, err := time.ParseInLocation(time.DateTime, saturday+" 08:40:00", clock.Shanghai)
	if err != nil {
		t.Fatal(err)
	}
	h.Clock.Advance(day.Sub(h.Clock.Now()))
	first = h.SignIn(t, h.Resident(t, "L4", 0))
	if err := first.Get(t.Context(), "/cases/"+before+"/visit"); err != nil {
		t.Fatal(err)
	}
	if err := first.Submit(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	w.must("/cases/" + no + "/visit")
	a.take(w, "booking-6-here")
	w.press("我到了")
	w.reads("A002", "前面还有 1 位")
	a.take(w, "booking-7-number")
	js[bool](w, `window.same = true`)

	d := newWindow(t, h)
	d.withAxe()
	d.desk()
	d.must("/console/login")
	d.staffIn(staffOf(t, h, "suzhou-hall"))
	d.must("/console/queue")
	a.takeDesk(d, "console-queues")
	d.press("园区一站式服务中心")
	d.fill("window", "3 号窗口")
	d.press("叫下一位")
	d.reads("请 A001 到 3 号窗口")
	a.takeDesk(d, "console-queue-day")
	w.do("see that one is next", chromedp.WaitVisible(seen("p", "下一位就是您，正在叫 A001")))
	if !js[bool](w, `window.same === true`) {
		t.Error("the page was loaded again to say so")
	}
	d.press("叫下一位")
	w.do("see where to go", chromedp.WaitVisible(seen("p", "轮到您了，请到 3 号窗口")))
	a.take(w, "booking-8-called")
	d.press("现场取号")
	d.reads("取到 B003")
	d.press("办完")
	w.must("/cases/" + no + "/visit")
	w.reads("办完了", "评价")
	a.take(w, "booking-9-served")
	d.press("时间和规则")
	a.takeDesk(d, "console-plan")
	d.fill("weekly", "1-5 9:00 x")
	d.press("保存")
	d.reads("每周时间第 1 行看不懂")
	a.takeDesk(d, "console-plan-error")
}
