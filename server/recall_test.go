package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"zhijian/testkit/house"
)

// reports writes to the hotline and gives the case's number. The office does to it what its magic ending says.
func (p person) reports(text string) string {
	p.t.Helper()
	p.start("hotline-12345")
	no := p.CaseNo()
	p.submit(map[string]string{"kind": "suggest"})
	p.submit(map[string]string{"place": "湖滨街道"})
	p.submit(map[string]string{"text": text})
	p.submit(nil)
	p.reads("请核对")
	p.submit(nil)
	p.until("/cases/"+no, "撤回这次申请")
	return no
}

// TestTakingBackByPages: what was filed is asked back from its office by a page; it lets go, or says why not, whatever the database.
func TestTakingBackByPages(t *testing.T) {
	t.Parallel()
	house.Both(t, func(t *testing.T, h *house.House) {
		p := resident(t, h, h.Resident(t, "L1", 0))
		no := p.reports("希望公园晚上多装几盏灯")
		p.follow("撤回这次申请")
		p.reads("要请部门撤回吗", "部门同意，就撤回", "不撤回，接着办")

		// It is hers alone, and no other site can press the button for her.
		stranger := resident(t, h, h.Resident(t, "L1", 1))
		stranger.get("/cases/" + no + "/withdraw")
		stranger.status(http.StatusNotFound)
		if err := p.Post(t.Context(), "/cases/"+no+"/withdraw", url.Values{"_token": {"forged"}}); err != nil {
			t.Fatal(err)
		}
		p.status(http.StatusForbidden)

		p.open("/cases/" + no + "/withdraw")
		p.send("/withdraw", nil)
		p.reads("已经请部门撤回")
		p.until("/cases/"+no, "部门已经同意撤回")
		p.reads("您请部门撤回", "重新办")
		p.until("/me/messages", "已经撤回")
		p.get("/cases/" + no + "/rate")
		if strings.Contains(p.Page.Text, "满意") && p.Page.URL.Path == "/cases/"+no+"/rate" {
			t.Error("a case that was taken back is rated")
		}

		no = p.reports("希望公园多装灯，附件 51")
		p.follow("撤回这次申请")
		p.send("/withdraw", nil)
		p.until("/cases/"+no, "部门没有同意撤回")
		p.reads("已经转出办理，不能撤回", "撤回这次申请")
		p.until("/me/messages", "部门没有同意撤回")
		staff := visitor(t, h)
		staff.staffIn("operator")
		staff.open("/console/cases/" + no)
		staff.send("/console/cases/"+no, map[string]string{"purpose": "handling"})
		staff.reads("没有同意撤回", "已经转出办理，不能撤回", "居民请求撤回")
	})
}

// TestTakingBackByProgram: the same over the JSON API.
func TestTakingBackByProgram(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	m, other := machine(t, h, h.Resident(t, "L4", 2)), machine(t, h, h.Resident(t, "L4", 3))
	file := func(text string) string {
		c := m.call(http.MethodPost, "/cities/hangzhou/services/hotline-12345/cases", map[string]any{"values": map[string][]string{"kind": {"suggest"}, "place": {"湖滨街道"}, "text": {text}}}, http.StatusCreated)
		for range 6 {
			if v := view(c); v["kind"] == "wait" {
				break
			}
			values := map[string][]string{"kind": {"suggest"}, "place": {"湖滨街道"}, "text": {text}}
			step, _ := view(c)["step"].(string)
			c = m.answer(c, map[string][]string{step: values[step]})
		}
		return c["no"].(string)
	}
	remedies := func(c map[string]any) map[string]any {
		r, _ := c["remedies"].(map[string]any)
		return r
	}
	no := file("希望公园晚上多装几盏灯")
	h.Until(t, "filed", func() bool {
		return remedies(m.call(http.MethodGet, "/cases/"+no, nil, http.StatusOK))["recallable"] == true
	})
	other.call(http.MethodPost, "/cases/"+no+"/withdraw", map[string]any{}, http.StatusNotFound)
	m.call(http.MethodPost, "/cases/"+no+"/withdraw", map[string]any{}, http.StatusOK)
	h.Until(t, "withdrawn", func() bool { return m.call(http.MethodGet, "/cases/"+no, nil, http.StatusOK)["state"] == "withdrawn" })
	if v := view(m.call(http.MethodGet, "/cases/"+no, nil, http.StatusOK)); v["end"] != "withdrawn" || v["title"] != "已经撤回" {
		t.Errorf("ends as %v", v)
	}
	// An office that says nothing is asked again by itself.
	no = file("希望公园多装灯，附件 52")
	m.call(http.MethodPost, "/cases/"+no+"/withdraw", map[string]any{}, http.StatusOK)
	h.Pass(t, time.Second, "withdrawn at the third time", func() bool {
		return m.call(http.MethodGet, "/cases/"+no, nil, http.StatusOK)["state"] == "withdrawn"
	})
}

// TestTakingBackInATalk: the same in the talk with an account, where one word asks and the same word again means it.
func TestTakingBackInATalk(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	p := resident(t, h, h.Resident(t, "L4", 4))
	p.open("/a/hzzw/chat")
	p.taps("hotline-12345")
	p.hears("哪一类")
	p.says("3")
	p.hears("和哪里有关")
	p.says("湖滨街道")
	p.hears("要反映什么")
	p.says("希望公园多装灯，附件 51")
	p.hears("照片")
	p.says("跳过")
	p.hears("请核对")
	p.says("1")
	p.hears("12345 热线")
	p.says("撤回")
	p.hears("部门同意才能撤回", "再回一次“撤回”")
	p.says("撤回")
	p.hears("部门没有同意撤回：已经转出办理，不能撤回")
}
