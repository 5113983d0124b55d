package server_test

import (
	"net/http"
	"strings"
	"testing"

	"zhijian/testkit/house"
)

// certified takes a resident to where the traffic police decide whether to verify their licence, and gives the case's number.
func (p person) certified() string {
	p.t.Helper()
	p.start("star-user-certification")
	no := p.CaseNo()
	p.has("file")
	p.submit(map[string]string{"file": "330100000001"})
	p.submit(map[string]string{"plate": ""})
	p.submit(nil)
	p.until("/cases/"+no, "正在核对")
	return no
}

// decides has a member of staff decide on a case.
func (p person) decides(no string, set map[string]string) {
	p.t.Helper()
	p.open("/console/cases/" + no)
	p.send("/console/cases/"+no, map[string]string{"purpose": "handling"})
	p.status(http.StatusOK)
	p.send("/review", set)
}

// task opens the first task of a list.
func (p person) task(list string) string {
	p.t.Helper()
	p.open(list)
	for _, l := range p.Page.Links {
		if strings.HasPrefix(l.Href, list+"/") || strings.Contains(l.Href, list+"/") {
			p.open(l.Href)
			return p.Page.URL.Path
		}
	}
	p.t.Fatalf("%s lists nothing: %s", list, p.Page.Text)
	return ""
}

// TestAppealByPages: what was sent is put right, refused, appealed against, decided otherwise by a second person, whatever the database.
func TestAppealByPages(t *testing.T) {
	t.Parallel()
	house.Both(t, func(t *testing.T, h *house.House) {
		p := resident(t, h, h.Resident(t, "L4", 0))
		no := p.certified()
		p.follow("更正我填的")
		p.send("/correct", map[string]string{"file": "12"})
		p.status(http.StatusUnprocessableEntity)
		p.send("/correct", map[string]string{"file": "330100000002"})
		p.reads("已经更正", "原来是：330100000001")

		first, second, elsewhere := visitor(t, h), visitor(t, h), visitor(t, h)
		first.staffIn("traffic-police")
		second.staffIn("traffic-police-2")
		elsewhere.staffIn("power")
		first.decides(no, map[string]string{"verdict": "refuse", "reason": "档案编号对不上"})
		p.until("/cases/"+no, "没有通过认证")
		p.follow("我不同意，申诉")
		p.reads("不同意这个决定", "档案编号对不上", "由另一位工作人员")
		p.send("/appeal", map[string]string{"reasons": "不"})
		p.status(http.StatusUnprocessableEntity)
		p.send("/appeal", map[string]string{"reasons": "编号是新证上的，没有错"})
		p.reads("申诉已经提交", "编号是新证上的")

		stranger := resident(t, h, h.Resident(t, "L4", 1))
		stranger.get("/cases/" + no + "/appeal")
		stranger.status(http.StatusNotFound)

		at := second.task("/console/appeals")
		second.reads("编号是新证上的，没有错", "档案编号对不上", "原来是：330100000001")
		first.open("/console/appeals")
		first.reads("没有要办的申诉")
		first.get(at)
		first.status(http.StatusForbidden)
		first.reads("原来的决定是您作的")
		elsewhere.get(at)
		elsewhere.status(http.StatusNotFound)
		second.send(at, map[string]string{"outcome": "changed", "reason": "新证的编号是对的", "stars": ""})
		second.status(http.StatusUnprocessableEntity)
		second.send(at, map[string]string{"outcome": "changed", "reason": "新证的编号是对的", "stars": "4"})
		second.status(http.StatusOK)
		p.until("/cases/"+no, "您是4星用户")
		p.reads("您申诉了", "改变了原决定")
		p.until("/me/messages", "您的申诉有了结果")
	})
}

// TestBadRatingByPages: a bad rating is answered by somebody who neither decided the case nor learns whose it is; not settled, by the operator.
func TestBadRatingByPages(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	p := resident(t, h, h.Resident(t, "L4", 0))
	no := p.certified()
	first, second, elsewhere, operator := visitor(t, h), visitor(t, h), visitor(t, h), visitor(t, h)
	first.staffIn("traffic-police")
	second.staffIn("traffic-police-2")
	elsewhere.staffIn("power")
	operator.staffIn("operator")
	first.decides(no, map[string]string{"verdict": "accept", "stars": "3"})
	p.until("/cases/"+no, "您是3星用户")
	p.open("/cases/" + no + "/rate")
	p.send("/rate", map[string]string{"level": "1", "why": "slow", "text": "等了很久"})
	p.reads("部门怎么改", "最晚联系您")

	at := second.task("/console/ratings")
	second.reads("非常不满意", "等的时间太长", "等了很久", "不得打击报复")
	for _, secret := range []string{no, h.Resident(t, "L4", 0).Name, h.Resident(t, "L4", 0).Phone} {
		if strings.Contains(strings.ReplaceAll(second.Page.Text, " ", ""), secret) {
			t.Errorf("the page tells %q", secret)
		}
	}
	first.open("/console/ratings")
	first.reads("没有要答复的差评")
	for _, other := range []person{first, elsewhere} {
		other.get(at)
		other.status(http.StatusNotFound)
	}
	// The case's own page does not tell who decided it how it was rated.
	first.open("/console/cases/" + no)
	first.send("/console/cases/"+no, map[string]string{"purpose": "checking"})
	if strings.Contains(first.Page.Text, "评价") {
		t.Errorf("the case tells of the rating: %s", first.Page.Text)
	}
	second.send("/contact", map[string]string{"text": "您好，正在核实等待的时间"})
	second.status(http.StatusOK)
	p.until("/me/messages", "部门就您的评价联系您")
	second.open(at)
	second.send("/answer", map[string]string{"text": "已加派人手，向您道歉"})
	second.status(http.StatusOK)
	p.open("/cases/" + no)
	p.reads("正在核实等待的时间", "已加派人手", "解决了吗")
	p.send("/settle", map[string]string{"settled": "no"})
	p.reads("已经转给平台运营人员")
	operator.task("/console/ratings")
	operator.send("/answer", map[string]string{"text": "部门确实拖延，已经要求整改"})
	operator.status(http.StatusOK)
	p.open("/cases/" + no)
	p.reads("部门确实拖延", "没有解决")
}

// TestRemediesByProgram: a program puts right, appeals and settles, and reads the ways outside the house.
func TestRemediesByProgram(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	m := machine(t, h, h.Resident(t, "L4", 0))
	p := resident(t, h, h.Resident(t, "L4", 0))
	no := p.certified()
	c := m.call(http.MethodGet, "/cases/"+no, nil, http.StatusOK)
	if f := c["remedies"].(map[string]any)["corrects"].([]any); len(f) != 2 {
		t.Fatalf("can put right %v", f)
	}
	c = m.call(http.MethodPost, "/cases/"+no+"/correct", map[string]any{"values": map[string][]string{"file": {"330100000009"}}}, http.StatusOK)
	if x := c["remedies"].(map[string]any)["corrections"].([]any)[0].(map[string]any); x["was"] != "330100000001" || x["now"] != "330100000009" {
		t.Errorf("put right: %v", x)
	}
	staff := visitor(t, h)
	staff.staffIn("traffic-police")
	staff.decides(no, map[string]string{"verdict": "refuse", "reason": "档案编号对不上"})
	h.Until(t, "it is refused", func() bool {
		return m.call(http.MethodGet, "/cases/"+no, nil, http.StatusOK)["state"] == "refused"
	})
	other := machine(t, h, h.Resident(t, "L4", 1))
	other.call(http.MethodPost, "/cases/"+no+"/appeal", map[string]any{"reasons": "不是我的办件"}, http.StatusNotFound)
	m.call(http.MethodPost, "/cases/"+no+"/appeal", map[string]any{"reasons": "不"}, http.StatusUnprocessableEntity)
	c = m.call(http.MethodPost, "/cases/"+no+"/appeal", map[string]any{"reasons": "编号是新证上的"}, http.StatusOK)
	if o := c["remedies"].(map[string]any)["objection"].(map[string]any); o["open"] == true || o["reasons"] != "编号是新证上的" {
		t.Errorf("the objection: %v", o)
	}
	m.call(http.MethodPost, "/cases/"+no+"/appeal", map[string]any{"reasons": "编号是新证上的"}, http.StatusConflict)
	m.call(http.MethodPost, "/cases/"+no+"/settle", map[string]any{"settled": true}, http.StatusConflict)
}
