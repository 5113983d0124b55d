package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"zhijian/testkit/house"
)

// into sends a form of the page whose action ends so.
func (p person) into(end string, set map[string]string) {
	p.t.Helper()
	p.send(end, set)
}

// own is the path of a service in the console, from the page that is open.
func (p person) own() string {
	p.t.Helper()
	parts := strings.Split(strings.Trim(p.Page.URL.Path, "/"), "/")
	if len(parts) < 3 || parts[1] != "services" {
		p.t.Fatalf("no service is open: %s %s", p.Page.URL.Path, p.Page.Text)
	}
	return "/console/services/" + parts[2]
}

// begins makes a service of the department from a pattern and gives its path in the console.
func (p person) begins(pattern, name, word string) string {
	p.t.Helper()
	p.open("/console/services/new")
	p.into("/new", map[string]string{"pattern": pattern, "name": name, "english": "Test", "group": "traffic-police", "word": word, "_do": "pattern"})
	p.status(http.StatusOK)
	return p.own()
}

// based states that no law governs the service, and saves the start page.
func (p person) based(at string) {
	p.t.Helper()
	p.open(at)
	p.into("/head", map[string]string{"nobasis": "1", "_do": "save"})
	p.status(http.StatusOK)
}

// TestOwnService: a clerk makes a service, a colleague approves it, a resident uses it, it is changed, rolled back and withdrawn, and it is
// there again after a restart.
func TestOwnService(t *testing.T) {
	t.Parallel()
	house.Both(t, func(t *testing.T, h *house.House) {
		clerk, second := visitor(t, h), visitor(t, h)
		clerk.staffIn("traffic-police")
		at := clerk.begins("application", "通行证申请", "pass")
		clerk.reads("通行证申请", "还有 1 处要改好", "没有写办这件事的法律依据", "预计")
		clerk.based(at)
		clerk.reads("草稿")
		clerk.into("/state", map[string]string{"what": "submit", "reason": "写好了，请看"})
		clerk.status(http.StatusOK)
		clerk.reads("等审批", "您写过这份草案")
		clerk.get("/city/hangzhou/services/own-pass")
		clerk.status(http.StatusNotFound)

		second.staffIn("traffic-police-2")
		second.open(at)
		second.into("/state", map[string]string{"what": "approve", "reason": "看过了"})
		second.status(http.StatusOK)
		second.into("/state", map[string]string{"what": "publish"})
		second.status(http.StatusOK)
		second.reads("已发布", "线上是第 1 版")

		who := h.Resident(t, "L4", 0)
		r := resident(t, h, who)
		r.until("/city/hangzhou/services/own-pass", "通行证申请")
		r.reads("交通警察支队")
		r.get("/api/v1/cities/hangzhou/services/own-pass")
		if r.Page.Status != http.StatusOK || !strings.Contains(string(r.Page.Body), "通行证申请") {
			t.Errorf("the API: %d %s", r.Page.Status, r.Page.Body)
		}
		r.open("/city/hangzhou/search?q=" + url.QueryEscape("通行证申请"))
		r.reads("通行证申请")
		r.open("/a/hzjj/chat")
		r.says("通行证申请")
		r.hears("申请人")
		r.says("取消")
		r.get("/city/suzhou-js/services/own-pass")
		r.status(http.StatusNotFound)
		r.open("/city/hangzhou/services/own-pass")
		r.send("/start", nil)
		r.status(http.StatusOK)
		no := r.CaseNo()
		r.submit(nil) // the name is filled in beforehand
		r.submit(map[string]string{"purpose": "送货进小区"})
		r.submit(nil)
		r.reads("审核")

		// The second version has another result; the case stays with the first.
		clerk.open(at + "?page=done")
		clerk.into("/page", map[string]string{"page_say": "批下来了", "_do": "save"})
		clerk.status(http.StatusOK)
		clerk.open(at)
		clerk.into("/state", map[string]string{"what": "submit", "reason": "改了结果"})
		second.open(at + "/versions")
		second.reads("“结果”这一步的结果改成了“批下来了”")
		second.open(at)
		second.into("/state", map[string]string{"what": "approve", "reason": "看过了"})
		second.into("/state", map[string]string{"what": "publish"})
		second.reads("线上是第 2 版")

		h.Clock.Advance(time.Minute) // a code opens once
		h.Restart(t)
		r = resident(t, h, who)
		r.open("/cases/" + no)
		r.reads("审核")
		second = visitor(t, h)
		second.staffIn("traffic-police-2")
		second.open("/console/cases/" + no)
		second.submit(map[string]string{"purpose": "handling"})
		second.send("/review", map[string]string{"verdict": "accept", "reason": "材料齐全"})
		r.passes(no, time.Second, "申请通过了")
		if strings.Contains(r.Page.Text, "批下来了") {
			t.Error("a case that began with version 1 ends as version 2")
		}

		second.open(at + "/versions")
		second.into("/state", map[string]string{"what": "askback", "version": "1", "reason": "新的有错"})
		second.status(http.StatusOK)
		second.reads("请求退回到第 1 版：新的有错", "要另一位同事来确认")
		second.into("/state", map[string]string{"what": "rollback", "version": "1", "reason": "我自己来"})
		second.status(http.StatusUnprocessableEntity)
		second.reads("提出退回的人不能自己确认")
		clerk = visitor(t, h)
		clerk.staffIn("traffic-police")
		clerk.open(at + "/versions")
		clerk.into("/state", map[string]string{"what": "rollback", "version": "1", "reason": "看过了"})
		clerk.status(http.StatusOK)
		second.open(at + "/versions")
		second.reads("第 3 版（退回到第 1 版的内容）", "结果改成了“申请通过了”")
		second.open(at + "/file?version=3")
		if !strings.Contains(string(second.Page.Body), "version: 3") || !strings.Contains(string(second.Page.Body), "申请通过了") {
			t.Errorf("exported: %s", second.Page.Body)
		}
		second.open(at + "/versions")
		second.into("/state", map[string]string{"what": "withdraw", "reason": "不办了"})
		second.status(http.StatusOK)
		h.Until(t, "it is not offered any more", func() bool {
			r.get("/city/hangzhou/services/own-pass")
			return r.Page.Status == http.StatusNotFound
		})
		r.open("/cases/" + no)
		r.reads("申请通过了")
	})
}

// TestOwnServiceIsOnTrial: whoever has the link plays the draft to its end; nothing of it is kept.
func TestOwnServiceIsOnTrial(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	clerk := visitor(t, h)
	clerk.staffIn("traffic-police")
	at := clerk.begins("application", "通行证申请", "pass")
	clerk.based(at)
	clerk.into("/trial", nil)
	clerk.status(http.StatusOK)
	link := ""
	for _, l := range clerk.Page.Links {
		if strings.Contains(l.Href, "/try/") {
			link = l.Href
		}
	}
	u, err := url.Parse(link)
	if err != nil || link == "" {
		t.Fatal(link, err)
	}
	p := visitor(t, h)
	p.open(u.Path)
	p.reads("试办：只看流程")
	p.submit(nil)
	p.send("", map[string]string{"purpose": "x"})
	p.status(http.StatusUnprocessableEntity)
	p.submit(map[string]string{"purpose": "送货进小区"})
	p.submit(nil)
	p.reads("试办：往下走")
	p.submit(nil)
	p.reads("申请通过了")
	// A state that was made elsewhere does not open.
	p.open(u.Path)
	p.send("", map[string]string{"_state": "AAAA"})
	p.status(http.StatusConflict)
	p.get("/try/0000000000000000")
	p.status(http.StatusNotFound)
	if c := h.Count(t); len(c.Cases) != 0 {
		t.Errorf("a trial left cases: %v", c.Cases)
	}
}

// TestOwnServiceIsHarmless: what somebody writes into a service is shown as text (security.md T33), and nobody else's service can be
// reached.
func TestOwnServiceIsHarmless(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	clerk := visitor(t, h)
	clerk.staffIn("traffic-police")
	at := clerk.begins("information", "<script>alert(1)</script>"[:20], "guide")
	const evil = `"><img src=x onerror=alert(1)>`
	clerk.open(at)
	clerk.into("/head", map[string]string{"about": evil, "needs": evil, "_do": "save"})
	clerk.status(http.StatusOK)
	clerk.open(at + "?page=topic&ask=topic")
	clerk.into("/question", map[string]string{"ask_ask": evil, "ask_hint": evil, "ask_why": evil, "_do": "save"})
	for _, path := range []string{at, at + "?page=topic", at + "?page=topic&ask=topic", at + "/text", at + "/versions"} {
		clerk.open(path)
		if body := string(clerk.Page.Body); strings.Contains(body, "<img src=x") || strings.Contains(body, "<script>alert") {
			t.Errorf("%s: what was written runs", path)
		}
	}
	other := visitor(t, h)
	other.staffIn("power")
	for _, path := range []string{at, at + "/text", at + "/versions", at + "/file"} {
		other.get(path)
		other.status(http.StatusNotFound)
	}
	other.open("/console/services")
	if strings.Contains(other.Page.Text, "own-guide") {
		t.Error("another department's service is listed")
	}
	// A definition that asks another department's office is not to be submitted.
	clerk.begins("query", "电费查询", "power")
	clerk.open("/console/services/own-power/text")
	f, ok := clerk.Page.Form()
	if !ok {
		t.Fatal("the file is not shown")
	}
	text := f.Values.Get("text")
	clerk.into("/text", map[string]string{"text": strings.ReplaceAll(text, "office: "+officeIn(text), "office: electricity")})
	clerk.status(http.StatusOK)
	clerk.reads("系统“electricity”不是本部门的")
	// A file that is no YAML is kept on the page and says so.
	clerk.into("/text", map[string]string{"text": "steps: ["})
	clerk.status(http.StatusUnprocessableEntity)
	clerk.reads("这份文件读不出来")
}

func officeIn(text string) string {
	_, rest, _ := strings.Cut(text, "office: ")
	word, _, _ := strings.Cut(rest, "\n")
	return word
}
