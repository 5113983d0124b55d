package browser_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"zhijian/server"
	"zhijian/testkit/house"
)

// certified hands in a licence for verification, and gives the case's number.
func (w *window) certified() string {
	w.t.Helper()
	w.begin("star-user-certification")
	no := strings.Split(w.path(), "/")[2]
	w.fill("file", "330100000001")
	w.press("下一步")
	w.press("下一步")
	w.press("提交认证")
	w.must("/cases/" + no)
	w.reads("核对")
	return no
}

// reviews signs a member of staff in and has them decide on a case.
func (w *window) reviews(no, verdict, name, value string) {
	w.t.Helper()
	w.open("/console/cases/" + no)
	w.pick("purpose", "handling")
	w.press("查看")
	w.pick("verdict", verdict)
	if name == "reason" {
		w.fill(name, value)
	} else {
		w.do("choose "+name, chromedp.SetValue(`[name=`+name+`]`, value))
	}
	w.press("提交结论")
}

func deskOf(t *testing.T, h *house.House, who server.StaffLogin) *window {
	t.Helper()
	w := newWindow(t, h)
	w.withAxe()
	w.desk()
	w.must("/console/login")
	w.staffIn(who)
	return w
}

// TestRemediesInABrowser: refused, appealed against, decided otherwise by a second person; and a bad rating that is answered and settled. GALLERY
// keeps pictures.
func TestRemediesInABrowser(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	a, w := newAlbum(t), newWindow(t, h)
	w.withAxe()
	w.enter(h.Resident(t, "L4", 0))
	no := w.certified()
	w.press("更正我填的")
	a.take(w, "correct")
	w.fill("file", "330100000002")
	w.press("提交更正")
	w.reads("已经更正", "330100000001")
	a.take(w, "corrected")
	first, second := deskOf(t, h, staffOf(t, h, "traffic-police")), deskOf(t, h, staffOf(t, h, "traffic-police-2"))
	first.reviews(no, "refuse", "reason", "档案编号对不上")
	w.must("/cases/" + no)
	w.reads("档案编号对不上")
	a.take(w, "refused")
	w.press("我不同意，申诉")
	a.take(w, "appeal")
	w.fill("reasons", "编号是新证上的，没有错")
	w.press("提交申诉")
	w.reads("申诉已经提交", "最晚答复")
	a.take(w, "appealed")
	second.must("/console/appeals")
	a.takeDesk(second, "desk-appeals")
	second.press("交管星级用户认证")
	second.reads("编号是新证上的", "原来是：330100000001")
	a.takeDesk(second, "desk-appeal")
	second.pick("outcome", "changed")
	second.do("choose stars", chromedp.SetValue(`[name=stars]`, "5"))
	second.fill("reason", "新证的编号是对的")
	second.press("作出结果")
	second.reads("没有要办的申诉")
	w.must("/cases/" + no)
	w.reads("您是5星用户", "改变了原决定")
	a.take(w, "changed")

	w.must("/cases/" + no + "/rate")
	w.pick("level", "2")
	w.pick("why", "slow")
	w.fill("text", "等了很久才有结果")
	w.press("提交评价")
	w.reads("部门怎么改", "最晚联系您")
	first.must("/console/ratings")
	first.reads("没有要答复的差评")
	operator := deskOf(t, h, h.Ready.Logins.Operator)
	operator.must("/console")
	operator.reads("差评整改")
	a.takeDesk(operator, "desk-home")
	operator.must("/console/ratings")
	a.takeDesk(operator, "desk-ratings")
	operator.press("交管星级用户认证")
	operator.reads("等了很久才有结果", "不得打击报复")
	a.takeDesk(operator, "desk-rating")
	operator.do("write", chromedp.SetValue(`#answer-text`, "已加派人手，向您道歉"))
	operator.press("答复")
	w.must("/cases/" + no)
	w.reads("已加派人手", "解决了吗")
	a.take(w, "followed")
	w.press("解决了")
	w.reads("已经记下")
	a.take(w, "settled")
}
