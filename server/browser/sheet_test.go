package browser_test

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"zhijian/sandbox"
	"zhijian/testkit/house"
)

// TestSheetsInABrowser walks a clerk from a file to a table that is in use, the operator's look at the offices, and a resident who meets one that is
// away. GALLERY keeps pictures.
func TestSheetsInABrowser(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	a := newAlbum(t)
	d := newWindow(t, h)
	d.withAxe()
	d.desk()
	d.must("/console/login")
	d.staffIn(staffOf(t, h, "traffic-police"))
	d.must("/console/sheets")
	a.takeDesk(d, "console-sheets")
	d.fill("name", "拖走的车")
	d.fill("slug", "towed")
	choose := func(name, text string) {
		t.Helper()
		d.do("choose a file", chromedp.SetUploadFiles(`#file`, []string{written(t, name, []byte(text))}))
		d.press("上传")
	}
	choose("拖车.csv", "车牌号,停车场,拖走日期,费用,车主手机\n浙A12345,城西停车场,2026-05-20,200,13800138000\n浙B8K888,城东停车场,2026-05-21,180.50,13800138001\n浙A1234,城西停车场,2026-05-22,200,13800138002\n")
	d.reads("请核对各列", "***********")
	a.takeDesk(d, "console-sheet-confirm")
	d.press("收下这张表")
	d.reads("收下 2 行，没有收 1 行", "车牌号少一位")
	a.takeDesk(d, "console-sheet-ready")
	d.press("启用")
	d.reads("现在用的")
	choose("新.csv", "车牌号,停车场,拖走日期,费用,车主手机\n浙A12345,城东停车场,2026-05-20,200,13800138000\n")
	d.press("收下这张表")
	d.press("启用")
	d.reads("以前用过的", "改回这一份")
	a.takeDesk(d, "console-sheet")

	h.World.Switch(sandbox.Traffic, sandbox.Broken)
	for range 6 {
		_, _ = h.Server.Offices().Call(t.Context(), "traffic", "points.of", "", nil)
	}
	h.Clock.Advance(2 * time.Minute)
	o := newWindow(t, h)
	o.withAxe()
	o.desk()
	o.must("/console/login")
	o.staffIn(h.Ready.Logins.Operator)
	o.must("/console/offices")
	o.reads("traffic", "连不上，先不问")
	a.takeDesk(o, "console-offices")
	w := newWindow(t, h)
	w.withAxe()
	w.must("/city/hangzhou/services/traffic-fine-payment")
	w.reads("起暂时连不上", "不是您的问题")
	a.take(w, "start-away")
}
