package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/pquerna/otp/totp"

	"zhijian/server"
	"zhijian/testkit/house"
)

// TestCheckReceipt pays a fine and has somebody without an account check the receipt (security.md T41).
func TestCheckReceipt(t *testing.T) {
	t.Parallel()
	house.Both(t, func(t *testing.T, h *house.House) {
		who := h.Resident(t, "L4", 0)
		p := resident(t, h, who)
		no := p.toCashier(who.Plates[0])
		p.pay()
		p.open("/cases/" + no + "/receipt")
		p.ends("校验值", "记录序号")
		at := ""
		for _, l := range p.Page.Links {
			if strings.Contains(l.Text, "核对这张票据") {
				at = l.Href
			}
		}
		link, err := url.Parse(at)
		if err != nil || link.Path != "/check" || len(link.Query().Get("h")) != 16 {
			t.Fatalf("the receipt leads to %q, %v", at, err)
		}
		order, code := link.Query().Get("no"), link.Query().Get("h")

		anybody := visitor(t, h)
		anybody.open("/check")
		anybody.reads("核对票据", "公钥")
		anybody.open(at)
		anybody.reads("这张票据是真的", "¥", "收款单位", "付款时间")
		for _, secret := range []string{who.Name, who.Plates[0], who.Phone, who.CitizenNumber} {
			if strings.Contains(string(anybody.Page.Body), secret) {
				t.Errorf("the page says %q", secret)
			}
		}
		check := func(no, code string) string {
			return "/check?" + url.Values{"no": {no}, "h": {code}}.Encode()
		}
		typed := strings.ToLower(order[:4]) + " " + order[4:9] + "-" + order[9:]
		for name, path := range map[string]string{
			"by the case's number": check(no, code), "as people type": check(typed, " "+strings.ToUpper(code[:8])+" "+code[8:]),
		} {
			if anybody.open(path); !strings.Contains(anybody.Page.Text, "这张票据是真的") {
				t.Errorf("%s: %s", name, anybody.Page.Text)
			}
		}
		anybody.open("/en" + check(order, code))
		anybody.reads("This receipt is true", "Paid to")

		answer := ""
		other := code[:15] + map[bool]string{true: "1", false: "0"}[code[15] == '0']
		for name, path := range map[string]string{
			"altered hash": check(order, other), "a digit too few": check(order, code[:15]), "a digit too many": check(order, code+"g"),
			"no number": check("hello", code), "an altered number": check(order[:16]+swapped(order[16:]), code), "an absent number": check("00000000000000000", code),
			"a case without receipt": check(p.unfinished(), code), "the placeholder": check(p.CaseNo(), strings.Repeat("-", 16)),
		} {
			anybody.get(path)
			anybody.status(http.StatusNotFound)
			anybody.reads("没有找到这张票据")
			text, _, _ := strings.Cut(anybody.Page.Text, "编号")
			if answer != "" && text != answer {
				t.Errorf("%s: %q, others %q", name, text, answer)
			}
			answer = text
		}
		anybody.get("/check?no=" + order)
		anybody.status(http.StatusUnprocessableEntity)
		anybody.reads("请填“校验值”")
	})
}

func swapped(last string) string {
	if last == "0" {
		return "1"
	}
	return "0"
}

// unfinished starts a case that has no receipt.
func (p person) unfinished() string {
	p.t.Helper()
	p.start("electricity-bill-payment")
	return p.CaseNo()
}

// TestLooks has staff read a resident's case, and the resident see who and why (security.md T42).
func TestLooks(t *testing.T) {
	t.Parallel()
	house.Both(t, func(t *testing.T, h *house.House) {
		p := resident(t, h, h.Resident(t, "L4", 1))
		p.open("/me/privacy")
		p.reads("没有工作人员看过您的信息")
		p.start("electricity-bill-payment")
		no := p.CaseNo()
		clerk, boss := staffOf(t, h, no), employee(t, h, h.Ready.Logins.Operator)
		for range 2 {
			clerk.open("/console/cases/" + no)
			clerk.submit(map[string]string{"purpose": "handling"})
		}
		clerk.open("/console/cases/" + no) // who only opens the question has seen nothing
		clerk.send("", map[string]string{"purpose": "curiosity"})
		clerk.status(http.StatusUnprocessableEntity)
		boss.open("/console/cases/" + no)
		boss.submit(map[string]string{"purpose": "supervision"})
		p.h.Until(t, "three looks are shown", func() bool {
			p.get("/me/privacy")
			return strings.Count(p.Page.Text, "办理这个办件") == 2 && strings.Count(p.Page.Text, "检查办理情况") == 1
		})
		p.reads("演示", "指尖")
		another := resident(t, h, h.Resident(t, "L4", 2))
		another.open("/me/privacy")
		another.reads("没有工作人员看过您的信息")
	})
}

// employee signs a member of staff in.
func employee(t *testing.T, h *house.House, l server.StaffLogin) person {
	t.Helper()
	p := visitor(t, h)
	p.open("/console/login")
	code, err := totp.GenerateCode(l.TOTPSecret, h.Clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	p.send("/console/login", map[string]string{"user": l.User, "password": l.Password, "totp": code})
	p.status(http.StatusOK)
	return p
}

// staffOf signs in the member of staff whose department has a case.
func staffOf(t *testing.T, h *house.House, no string) person {
	t.Helper()
	for _, l := range h.Ready.Logins.Staff {
		p := employee(t, h, l)
		if p.get("/console/cases"); strings.Contains(string(p.Page.Body), no) {
			return p
		}
	}
	t.Fatalf("no department has case %s", no)
	return person{}
}

// TestOwnerIsTold looks up another's car: the owner is told that somebody did, and not who (security.md T48).
func TestOwnerIsTold(t *testing.T) {
	t.Parallel()
	house.Both(t, func(t *testing.T, h *house.House) {
		owner := h.Resident(t, "L4", 3)
		plate := owner.Plates[0] // the one they proved
		asker := h.Resident(t, "L4", 8)
		for range 2 {
			p := resident(t, h, asker)
			p.start("vehicle-violation-query")
			p.submit(map[string]string{"plate": "other"})
			p.send("", map[string]string{"other_plate": plate, "engine": owner.Engines[plate]})
			p.until(p.Page.URL.Path, "处理")
		}
		told := resident(t, h, owner)
		told.until("/me/messages", "有人查了您的车")
		if n := strings.Count(told.Page.Text, "有人查了您的车"); n != 1 {
			t.Errorf("told %d times in a day, want once", n)
		}
		for _, secret := range []string{asker.Name, asker.Phone, asker.Phone[7:]} {
			if strings.Contains(told.Page.Text, secret) {
				t.Errorf("the message says %q", secret)
			}
		}
		// An owner who looks at their own car is told nothing.
		told.start("vehicle-violation-query")
		told.submit(map[string]string{"plate": plate})
		told.until(told.Page.URL.Path, "处理")
		told.open("/me/messages")
		if n := strings.Count(told.Page.Text, "有人查了您的车"); n != 1 {
			t.Errorf("told %d times after looking themself, want once", n)
		}
		nobody := resident(t, h, asker)
		nobody.open("/me/messages")
		if strings.Contains(nobody.Page.Text, "有人查了您的车") {
			t.Error("the one who looked was told")
		}
	})
}
