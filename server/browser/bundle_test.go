package browser_test

import (
	"strings"
	"testing"

	"zhijian/testkit/house"
)

// TestBirth is a child's birth on a telephone, in every look: what it is, its questions one at a time, one course over all its cases, and the
// case of a member that asks nothing of what was said before.
func TestBirth(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	a := newAlbum(t)
	w := newWindow(t, h)
	w.withAxe()
	w.enter(h.Resident(t, "L4", 0))
	w.must("/city/hangzhou")
	w.reads("一件事", "新生儿出生一件事")
	w.must("/city/hangzhou/search?q=" + "shenghaizi")
	w.reads("新生儿出生一件事")
	w.must("/city/hangzhou/bundles/birth")
	w.reads("新生儿出生一件事", "包含的服务", "共同的问题")
	a.take(w, "bundle-1-about")

	w.press("开始办")
	w.pick("stage", "born")
	a.takeAsIs(w, "bundle-2-question")
	w.press("下一步")
	w.fill("day", "2026-05-01")
	w.press("下一步")
	w.fill("given_name", "王小宝")
	w.press("下一步")
	w.fill("spouse", "李雷")
	w.fill("spouse_number", "123")
	w.press("下一步")
	if got := js[string](w, `document.getElementsByName('spouse')[0].value`); got != "李雷" {
		t.Errorf("what was typed is %q after a mistake beside it", got)
	}
	w.fill("spouse_number", "11010519491231002X")
	w.press("下一步")
	w.fill("address", "西湖区文三路 1 号")
	w.press("下一步")
	w.reads("王小宝", "哪些要办？", "一起办省了什么")
	a.takeAsIs(w, "bundle-3-check")
	w.press("一起开始")
	no := strings.TrimPrefix(w.path(), "/bundles/")
	for range 40 {
		if !strings.Contains(w.text(), "正在开始") {
			break
		}
		w.must("/bundles/" + no)
	}
	w.reads("正在办", "生育登记", "预防接种预约", "等“户政业务预约”办好以后开始")
	a.take(w, "bundle-4-course")

	w.must("/me/cases")
	w.reads("一件事", "新生儿出生一件事")
	a.take(w, "bundle-5-mine")
	w.must("/bundles/" + no)
	w.press("生育登记")
	if got := w.path(); !strings.HasSuffix(got, "/steps/children") {
		t.Errorf("the registration begins at %s, want the one page that nobody has asked", got)
	}
	w.must("/bundles/" + no)
	w.press("收起这件事")
	a.take(w, "bundle-6-close")
	w.press("收起这件事")
	w.reads("已收起")
}

// TestMay asks on a telephone whether two people may marry, and prints what to bring.
func TestMay(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	a := newAlbum(t)
	w := newWindow(t, h)
	w.withAxe()
	w.must("/city/hangzhou/services/marriage-registration-booking")
	w.reads("我能不能办？", "带原件")
	a.take(w, "may-0-service")
	w.press("我能不能办？")
	w.fill("man", "21")
	w.fill("woman", "20")
	w.pick("kin", "no")
	a.takeAsIs(w, "may-1-ask")
	w.press("看结果")
	w.reads("看来还不能办", "男方不满 22 周岁", "1047")
	a.takeAsIs(w, "may-2-no")
	w.press("改一改再看")
	w.fill("man", "22")
	w.fill("woman", "20")
	w.pick("kin", "no")
	w.press("看结果")
	w.reads("看来可以办")
	w.must("/city/hangzhou/services/residence-permit-apply/list")
	w.reads("姓名和身份证号", "我们去取，不用带")
	a.take(w, "may-3-list")
}
