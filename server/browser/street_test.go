package browser_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"zhijian/testkit/house"
)

// TestFine has a resident pay a fine as a person would: city by typing, search, service, sign-in, car, violation, check,
// cashier, receipt.
func TestFine(t *testing.T) {
	t.Parallel()
	house.Both(t, func(t *testing.T, h *house.House) {
		t.Run("with script", func(t *testing.T) {
			t.Parallel()
			finePaid(t, newWindow(t, h), 0)
		})
		t.Run("without script", func(t *testing.T) {
			t.Parallel()
			w := newWindow(t, h)
			w.withoutScript()
			finePaid(t, w, 6)
		})
	})
}

func finePaid(t *testing.T, w *window, n int) {
	t.Helper()
	who := w.h.Resident(t, "L4", n)
	w.must("/")
	w.fill("q", "hangzhou")
	w.press("找")
	w.press("杭州")
	if got := w.path(); got != "/city/hangzhou" {
		t.Fatalf("the choice of the city leads to %s", got)
	}
	w.fill("q", "交罚款")
	w.press("搜索")
	w.press("交通违法罚款")
	w.do("unfold the legal basis", chromedp.Click(seen("summary", "依据")))
	w.reads("谁能办", "不收手续费", "道路交通安全法")
	w.press("开始办理")
	w.signIn(who)
	if strings.Contains(w.path(), "/services/") { // back at the service, signed in
		w.press("开始办理")
	}
	w.pick("plate", who.Plates[0])
	w.press("查询")
	w.reads("没有处理")
	w.pick("chosen", w.first("chosen"))
	w.press("下一步")
	w.reads("缴款人", "决定书号", "付款就是认可")
	w.press("付款")
	if at := js[string](w, `location.origin`); at != w.h.Ready.Sandbox["pay"] {
		t.Fatalf("not at the cashier: %s\n%s", at, w.text())
	}
	w.press("确认付款")
	w.reads("处理完了", "票据号", "缴款编号")
	w.press("看电子票据")
	w.reads("电子缴款凭证", "收款单位")
}
