package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"zhijian/testkit/house"
)

// TestAmendByPages: a mistake in a result is pointed out by its resident, and put right by whoever made it, whatever the database.
func TestAmendByPages(t *testing.T) {
	t.Parallel()
	house.Both(t, func(t *testing.T, h *house.House) {
		p := resident(t, h, h.Resident(t, "L4", 0))
		no := p.certified()
		p.get("/cases/" + no + "/amend") // there is no result yet
		p.reads("正在核对")
		staff, elsewhere := visitor(t, h), visitor(t, h)
		staff.staffIn("traffic-police")
		elsewhere.staffIn("power")
		staff.decides(no, map[string]string{"verdict": "accept", "stars": "3"})
		p.until("/cases/"+no, "您是3星用户")
		p.follow("结果有错，申请更正")
		p.reads("结果哪里写错了", "还可以申请 3 次")
		p.send("/amend", map[string]string{"said": "错"})
		p.status(http.StatusUnprocessableEntity)
		p.send("/amend", map[string]string{"said": "核对时说的是 4 星"})
		p.reads("已经提交", "核对时说的是 4 星", "最晚答复")
		p.open("/cases/" + no)
		p.reads("您申请更正结果")

		stranger := resident(t, h, h.Resident(t, "L4", 1))
		stranger.get("/cases/" + no + "/amend")
		stranger.status(http.StatusNotFound)

		staff.open("/console")
		staff.reads("结果更正")
		at := staff.task("/console/amends")
		staff.reads("核对时说的是 4 星", "您是3星用户", "只改写错的地方")
		elsewhere.get(at)
		elsewhere.status(http.StatusNotFound)
		staff.send(at, map[string]string{"outcome": "amended", "reason": "录入时选错了", "stars": "3"})
		staff.status(http.StatusConflict)
		staff.reads("和原来的一样", "录入时选错了")
		staff.send(at, map[string]string{"outcome": "amended", "reason": "", "stars": "4"})
		staff.status(http.StatusUnprocessableEntity)
		staff.send(at, map[string]string{"outcome": "amended", "reason": "录入时选错了", "stars": "4"})
		staff.status(http.StatusOK)
		staff.reads("没有要办的结果更正")
		staff.open(at)
		staff.reads("录入时选错了", "原来是")
		p.until("/cases/"+no, "您是4星用户")
		p.reads("结果已更正", "原来是")
		p.open("/cases/" + no + "/steps/done")
		p.reads("已更正（", "原来是")
		p.open("/cases/" + no + "/amend")
		p.reads("还可以申请 2 次", "录入时选错了")
		p.until("/me/messages", "您申请的结果更正有了答复")
	})
}

// TestAmendByProgram: a program points out a mistake, and reads until when it is answered and what came of it. Nobody else's program can.
func TestAmendByProgram(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	m := machine(t, h, h.Resident(t, "L4", 0))
	p := resident(t, h, h.Resident(t, "L4", 0))
	no := p.certified()
	m.call(http.MethodPost, "/cases/"+no+"/amend", map[string]any{"said": "还没有结果"}, http.StatusConflict)
	staff := visitor(t, h)
	staff.staffIn("traffic-police")
	staff.decides(no, map[string]string{"verdict": "accept", "stars": "3"})
	h.Until(t, "it is done", func() bool {
		return m.call(http.MethodGet, "/cases/"+no, nil, http.StatusOK)["state"] == "done"
	})
	amending := func(c map[string]any) map[string]any {
		return c["remedies"].(map[string]any)["amending"].(map[string]any)
	}
	if a := amending(m.call(http.MethodGet, "/cases/"+no, nil, http.StatusOK)); a["open"] != true || a["left"] != 3.0 {
		t.Errorf("it can be put right: %v", a)
	}
	other := machine(t, h, h.Resident(t, "L4", 1))
	other.call(http.MethodPost, "/cases/"+no+"/amend", map[string]any{"said": "不是我的办件"}, http.StatusNotFound)
	m.call(http.MethodPost, "/cases/"+no+"/amend", map[string]any{"said": "错"}, http.StatusUnprocessableEntity)
	a := amending(m.call(http.MethodPost, "/cases/"+no+"/amend", map[string]any{"said": "应该是 4 星"}, http.StatusOK))
	if asked := a["asked"].([]any); a["open"] == true || len(asked) != 1 || asked[0].(map[string]any)["said"] != "应该是 4 星" || asked[0].(map[string]any)["due"] == nil {
		t.Errorf("pointed out: %v", a)
	}
	m.call(http.MethodPost, "/cases/"+no+"/amend", map[string]any{"said": "应该是 4 星"}, http.StatusConflict)
	at := staff.task("/console/amends")
	staff.send(at, map[string]string{"outcome": "declined", "reason": "档案上就是 3 星"})
	a = amending(m.call(http.MethodGet, "/cases/"+no, nil, http.StatusOK))
	if one := a["asked"].([]any)[0].(map[string]any); one["outcome"] != "declined" || one["reason"] != "档案上就是 3 星" || strings.Contains(asText(a), "staff/") {
		t.Errorf("answered: %v", a)
	}
}

// TestAmendInChat: a talk about a case that is finished leads to the page on which one points out a mistake.
func TestAmendInChat(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	p := resident(t, h, h.Resident(t, "L4", 0))
	p.open("/a/hzjj/chat")
	p.taps("star-user-certification")
	p.hears("档案编号")
	p.says("330100000001")
	p.says("跳过")
	p.hears("请核对")
	no := ""
	for _, l := range p.Page.Links { // to the page on which an answer can be changed
		if rest, ok := strings.CutPrefix(l.Href, "/cases/"); ok {
			no, _, _ = strings.Cut(rest, "/")
		}
	}
	p.says("1")
	p.hears("正在核对")
	staff := visitor(t, h)
	staff.staffIn("traffic-police")
	staff.decides(no, map[string]string{"verdict": "accept", "stars": "3"})
	p.hears("您是3星用户")
	p.follow("结果有错，申请更正")
	p.reads("结果哪里写错了")
}

// TestAmendIsHostile: what is written is text wherever it is shown, forms without their token do nothing, and nobody but staff of the
// department puts anything right, whatever they send.
func TestAmendIsHostile(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	p := resident(t, h, h.Resident(t, "L4", 0))
	no := p.certified()
	staff, elsewhere := visitor(t, h), visitor(t, h)
	staff.staffIn("traffic-police")
	elsewhere.staffIn("power")
	staff.decides(no, map[string]string{"verdict": "accept", "stars": "3"})
	p.until("/cases/"+no, "您是3星用户")
	const evil = `<script>alert(1)</script>{{ stars }}{stars}`
	if err := p.Post(t.Context(), "/cases/"+no+"/amend", url.Values{"said": {evil}}); err != nil {
		t.Fatal(err)
	}
	p.status(http.StatusForbidden) // without the token of a page
	p.open("/cases/" + no + "/amend")
	p.send("/amend", map[string]string{"said": evil, "outcome": "amended", "stars": "5", "no": "x"})
	p.reads(evil)
	p.open("/cases/" + no)
	p.reads("您是3星用户")
	at := staff.task("/console/amends")
	staff.reads(evil)
	token := ""
	for _, f := range staff.Page.Forms {
		if f.Action == at {
			token = f.Values.Get("_token")
		}
	}
	if token == "" || strings.Contains(string(staff.Page.Body), "<script>alert") {
		t.Fatalf("the page of staff: %s", staff.Page.Body)
	}
	right := url.Values{"outcome": {"amended"}, "reason": {"录入时选错了"}, "stars": {"4"}}
	for name, one := range map[string]person{"without a token": staff, "by its resident": p, "by another department": elsewhere} {
		values := url.Values{}
		for k, v := range right {
			values[k] = v
		}
		if name != "without a token" {
			values.Set("_token", token) // of another session
		}
		if err := one.Post(t.Context(), at, values); err != nil {
			t.Fatal(err)
		}
		if one.Page.Status < 400 && !strings.HasSuffix(one.Page.URL.Path, "/login") {
			t.Errorf("%s: %d at %s", name, one.Page.Status, one.Page.URL.Path)
		}
	}
	staff.open(at)
	staff.send(at, map[string]string{"outcome": "amended", "reason": evil, "stars": "4", "file": "999999999999", "plate": "浙A00000"})
	staff.status(http.StatusOK)
	p.open("/cases/" + no + "/submitted")
	p.reads("330100000001")
	p.open("/cases/" + no + "/amend")
	p.reads(evil)
}
