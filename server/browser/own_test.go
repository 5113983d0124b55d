package browser_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"zhijian/testkit/house"
)

// into puts a text into a field at once, also one that is folded away.
func (w *window) into(name, value string) {
	w.t.Helper()
	js[bool](w, fmt.Sprintf(`document.querySelector('[name=%s]').value = %q, true`, name, value))
}

// because presses a button of a form that wants a reason.
func (w *window) because(button, reason string) {
	w.t.Helper()
	w.fill("reason", reason)
	w.press(button)
}

// TestClerk makes a service in a browser, from a pattern to its use by a resident and back to the version before. Its pictures are of the
// album when GALLERY names a folder.
func TestClerk(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	a := newAlbum(t)
	d := newWindow(t, h)
	d.withAxe()
	d.desk()
	d.must("/console/login")
	d.staffIn(staffOf(t, h, "traffic-police"))
	d.press("服务设计")
	d.press("新建服务")
	a.takeDesk(d, "console-service-new")
	d.pick("pattern", "query")
	d.fill("name", "我的记分")
	d.fill("english", "My points")
	d.into("word", "points")
	d.into("office", "traffic")
	d.into("group", "traffic-police")
	d.press("开始写")
	d.reads("我的记分", "要改好才能提交", "没有写办这件事的法律依据")
	a.takeDesk(d, "console-service-start")
	d.into("basis", "道路交通安全法 | 第二十四条")
	d.press("保存")
	d.must("/console/services/own-points?page=number&ask=number")
	d.reads("受理编号是多少")
	a.takeDesk(d, "console-service-designer")
	d.must("/console/services/own-points?page=-precheck")
	a.takeDesk(d, "console-service-precheck")
	d.must("/console/services/own-points?page=progress")
	d.into("raw", "- lookup: progress\n  office: traffic\n  call: points.of\n  with: {citizen_number: me.citizen_number}\n  gives: {known: bool, points: int}\n  wait: {zh: 正在查询, en: Looking it up}\n  down: [retry, notify]\n  unknown: {zh: 没有查到, en: Not found}\n")
	d.press("保存")
	d.reads("要改好才能提交") // the result still shows what the office no longer gives
	d.must("/console/services/own-points?page=found")
	d.into("raw", "- result: found\n  say: {zh: \"记了 {progress.points} 分\", en: \"{progress.points} points\"}\n  good: true\n")
	d.press("保存")
	a.takeDesk(d, "console-service-result")
	d.press("真机试填")
	d.reads("/try/")
	a.takeDesk(d, "console-service-trial")
	link := js[string](d, `document.querySelector('main a[href*="/try/"]').href`)
	p := newWindow(t, h)
	p.withAxe()
	p.must(link[len(h.Ready.BaseURL):])
	p.reads("试办")
	a.take(p, "trial-question")
	p.fill("number", "1")
	p.press("查询")
	p.reads("记了 1 分", "试办")
	a.take(p, "trial-result")

	d.must("/console/services/own-points")
	d.because("提交审批", "查自己的记分")
	d.reads("等审批")
	second := newWindow(t, h)
	second.withAxe()
	second.desk()
	second.must("/console/login")
	second.staffIn(staffOf(t, h, "traffic-police-2"))
	second.must("/console/services")
	second.reads("等审批")
	a.takeDesk(second, "console-services")
	second.press("我的记分")
	second.because("同意并发布", "试过了，没问题")
	second.reads("线上是第 1 版")

	r := newWindow(t, h)
	r.must("/login")
	r.signIn(h.Resident(t, "L4", 0))
	h.Until(t, "the service is offered", func() bool {
		r.open("/city/hangzhou/services/own-points")
		return r.status == 200
	})
	r.reads("我的记分", "办理依据")
	r.press("开始查")
	r.fill("number", "1")
	r.press("查询")
	h.Until(t, "the answer is there", func() bool { return strings.Contains(r.text(), "记了") })

	d.must("/console/services/own-points?page=found")
	d.fill("page_lead", "记满 12 分要重新学习")
	d.press("保存")
	d.because("提交审批", "加一句说明")
	second.must("/console/services/own-points")
	second.press("版本和对比")
	second.reads("“结果”这一步的说明改成了“记满 12 分要重新学习”")
	second.must("/console/services/own-points")
	second.because("同意并发布", "看过了")
	second.press("版本和对比")
	a.takeDesk(second, "console-service-versions")
	js[bool](second, `document.querySelector('details').open = true, true`)
	second.because("请求退回到这一版", "说明写错了")
	second.reads("请求退回到第 1 版：说明写错了")
	d.must("/console/services/own-points/versions")
	a.takeDesk(d, "console-service-back")
	d.because("同意，退回", "看过了")
	second.must("/console/services/own-points/versions")
	second.reads("第 3 版（退回到第 1 版的内容）")
	h.Clock.Advance(time.Second)
	r.open("/city/hangzhou/services/own-points")
	r.reads("我的记分")
}
