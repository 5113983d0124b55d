package browser_test

import (
	"testing"

	"github.com/chromedp/chromedp"

	"zhijian/testkit/house"
)

// TestAmendingInABrowser: a mistake in a result is pointed out, put right by whoever made it, and the result says so. GALLERY keeps pictures.
func TestAmendingInABrowser(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	a, w := newAlbum(t), newWindow(t, h)
	w.withAxe()
	w.enter(h.Resident(t, "L4", 0))
	no := w.certified()
	staff := deskOf(t, h, staffOf(t, h, "traffic-police"))
	staff.reviews(no, "accept", "stars", "3")
	w.must("/cases/" + no + "/steps/done")
	w.reads("您是3星用户")
	a.take(w, "amend-result")
	w.press("结果有错，申请更正")
	a.take(w, "amend")
	w.fill("said", "核对时民警说是 4 星，写成了 3 星")
	w.press("提交")
	w.reads("已经提交", "最晚答复")
	a.take(w, "amend-asked")
	staff.must("/console/amends")
	a.takeDesk(staff, "desk-amends")
	staff.press("交管星级用户认证")
	staff.reads("写成了 3 星")
	a.takeDesk(staff, "desk-amend")
	staff.pick("outcome", "amended")
	staff.do("choose stars", chromedp.SetValue(`[name=stars]`, "4"))
	staff.fill("reason", "录入时选错了，已经改正")
	staff.press("答复")
	staff.reads("没有要办的结果更正")
	w.must("/cases/" + no + "/steps/done")
	w.reads("您是4星用户", "已更正", "原来是")
	a.take(w, "amended-result")
	w.must("/cases/" + no)
	w.reads("星级：原来是 三星，现在是 四星")
	a.take(w, "amended-case")
	w.must("/cases/" + no + "/amend")
	a.take(w, "amend-again")
}
