package browser_test

import (
	"strings"
	"testing"

	"zhijian/testkit/house"
)

// reports writes to the hotline and gives the case's number. The office does to it what its magic ending says.
func (w *window) reports(text string) string {
	w.t.Helper()
	w.begin("hotline-12345")
	no := strings.Split(w.path(), "/")[2]
	w.pick("kind", "suggest")
	w.press("下一步")
	w.fill("place", "湖滨街道")
	w.press("下一步")
	w.fill("text", text)
	w.press("下一步")
	w.press("下一步")
	w.press("提交")
	w.must("/cases/" + no)
	w.reads("撤回这次申请")
	return no
}

// TestTakingBackInABrowser: asked back from the department, which lets go; and which says no, as staff see too. GALLERY keeps pictures.
func TestTakingBackInABrowser(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	a, w := newAlbum(t), newWindow(t, h)
	w.withAxe()
	w.enter(h.Resident(t, "L4", 0))
	no := w.reports("希望公园晚上多装几盏灯")
	a.take(w, "recall-filed")
	w.press("撤回这次申请")
	w.reads("要请部门撤回吗")
	a.take(w, "recall-ask")
	w.press("请部门撤回")
	w.must("/cases/" + no)
	w.reads("已经撤回")
	a.take(w, "recall-done")
	no = w.reports("希望公园多装灯，附件 51")
	w.press("撤回这次申请")
	w.press("请部门撤回")
	w.must("/cases/" + no)
	w.reads("部门没有同意撤回", "已经转出办理，不能撤回")
	a.take(w, "recall-kept")
	desk := deskOf(t, h, h.Ready.Logins.Operator)
	desk.open("/console/cases/" + no)
	desk.pick("purpose", "handling")
	desk.press("查看")
	desk.reads("没有同意撤回", "已经转出办理")
	a.takeDesk(desk, "desk-recall")
}
