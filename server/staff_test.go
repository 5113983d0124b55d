package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"zhijian/sandbox"
	"zhijian/server"
	"zhijian/testkit/house"
)

func (p person) crew(user string) server.StaffLogin {
	p.t.Helper()
	if user == "operator" {
		return p.h.Ready.Logins.Operator
	}
	for _, s := range p.h.Ready.Logins.Staff {
		if s.User == user {
			return s
		}
	}
	p.t.Fatalf("no %s among the staff", user)
	return server.StaffLogin{}
}

// staffIn signs a member of staff in.
func (p person) staffIn(user string) {
	p.t.Helper()
	s := p.crew(user)
	code, err := totp.GenerateCode(s.TOTPSecret, p.h.Clock.Now())
	if err != nil {
		p.t.Fatal(err)
	}
	p.open("/console/login")
	p.submit(map[string]string{"user": s.User, "password": s.Password, "totp": code})
	if p.Page.URL.Path != "/console" {
		p.t.Fatalf("not signed in: %s %s", p.Page.URL.Path, p.Page.Text)
	}
}

func TestStaffSignIn(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	p := visitor(t, h)
	s := p.crew("traffic-police")
	code, err := totp.GenerateCode(s.TOTPSecret, h.Clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	said := ""
	for name, set := range map[string]map[string]string{
		"a wrong password": {"user": s.User, "password": "x" + s.Password, "totp": code},
		"a wrong code":     {"user": s.User, "password": s.Password, "totp": "000000"},
		"nobody's name":    {"user": "nobody", "password": s.Password, "totp": code},
		"another's code":   {"user": "power", "password": p.crew("power").Password, "totp": code},
	} {
		p.open("/console/login")
		p.send("", set)
		p.status(http.StatusUnprocessableEntity)
		if said == "" {
			said = p.Page.Text
		} else if p.Page.Text != said {
			t.Errorf("%s tells more than the others: %q, %q", name, p.Page.Text, said)
		}
		p.get("/console")
		if p.Page.URL.Path != "/console/login" {
			t.Errorf("after %s the console opens", name)
		}
	}
	p.staffIn("traffic-police")
	// Signing in once more in the same browser ends what it had (T09).
	again := tapped(t, h)
	again.staffIn("operator")
	again.open("/console")
	before := again.tap.cookies
	h.Clock.Advance(time.Minute)
	again.staffIn("operator")
	again.tap.cookies = before
	if got := again.raw(http.MethodGet, "/console", nil); got.to != "/console/login" {
		t.Errorf("the session of before lives on: %d", got.status)
	}
	h.Until(t, "the refusals are counted", func() bool {
		_, metrics := ask(t, http.MethodGet, h.Ready.AdminURL+"/metrics", nil, nil)
		return strings.Contains(asText(metrics), "zhijian_staff_refused_total 4") && strings.Contains(asText(metrics), "zhijian_staff_alarm 0")
	})
	// The same code once more, from another browser: it is used up.
	q := visitor(t, h)
	q.open("/console/login")
	q.send("", map[string]string{"user": s.User, "password": s.Password, "totp": code})
	if q.Page.Status == http.StatusOK && q.Page.URL.Path == "/console" {
		t.Error("a one-time code works twice")
	}
	// A resident's session opens nothing here, nor the other way round.
	r := resident(t, h, h.Resident(t, "L4", 0))
	r.get("/console")
	if r.Page.URL.Path != "/console/login" {
		t.Errorf("a resident in the console: %s", r.Page.URL.Path)
	}
	p.get("/me")
	if p.Page.URL.Path != "/login" {
		t.Errorf("a member of staff on a resident's page: %s", p.Page.URL.Path)
	}
	p.open("/console")
	if err := p.Post(t.Context(), "/console/logout", url.Values{"_token": {thief{person: p}.token()}}); err != nil {
		t.Fatal(err)
	}
	p.get("/console")
	if p.Page.URL.Path != "/console/login" {
		t.Error("signed out, and the console still opens")
	}
}

// TestStuck has the traffic office fall silent after the money came, until a person must look, and lets each decision be made.
func TestStuck(t *testing.T) {
	t.Parallel()
	house.Both(t, func(t *testing.T, h *house.House) {
		decisions := []struct{ what, ends string }{{"unsettled", "没有办成"}, {"refund", "没有办成"}, {"done", "已办结"}, {"retry", "已办结"}}
		var people []person
		var cases []string
		for i := range decisions {
			who := h.Resident(t, "L4", 6+i)
			p := resident(t, h, who)
			people, cases = append(people, p), append(cases, p.toCashier(who.Plates[0]))
		}
		h.World.Switch(sandbox.Traffic, sandbox.Refuse)
		for _, p := range people {
			p.pay()
			p.reads("钱已收到", "请不要再付一次")
		}
		for i, p := range people {
			p.passes(cases[i], 10*time.Minute, "人工核对")
			p.until("/me/messages", "核对")
		}

		elsewhere := visitor(t, h)
		elsewhere.staffIn("power")
		elsewhere.open("/console/stuck")
		elsewhere.reads("没有卡住的办件")
		elsewhere.get("/console/cases/" + cases[0])
		elsewhere.status(http.StatusNotFound)

		crew := visitor(t, h)
		crew.staffIn("traffic-police")
		crew.reads("卡住的办件")
		crew.open("/console/stuck")
		if n := strings.Count(crew.Page.Text, "交通违法罚款缴纳"); n != len(decisions) {
			t.Fatalf("%d stuck cases are listed, want %d: %s", n, len(decisions), crew.Page.Text)
		}
		// A slow machine lets more minutes pass than a session of the staff may idle.
		again := func() {
			crew = visitor(t, h)
			h.Clock.Advance(time.Minute) // a code opens once
			crew.staffIn("traffic-police")
		}
		if strings.Contains(crew.Page.Text, "停下的消息") {
			t.Error("a department sees the operator's parked events")
		}
		for i, d := range decisions {
			who := h.Resident(t, "L4", 6+i)
			if i > 0 {
				again()
			}
			crew.open("/console/cases/" + cases[i])
			if strings.Contains(crew.Page.Text, "已提交对方系统") {
				t.Error("a case is shown before anybody said why they look")
			}
			crew.submit(map[string]string{"purpose": "handling"})
			crew.reads("已提交对方系统")
			for what, secret := range map[string]string{"name": who.Name, "number": who.CitizenNumber, "phone": who.Phone, "plate": who.Plates[0]} {
				if strings.Contains(string(crew.Page.Body), secret) {
					t.Errorf("the staff's page shows the %s", what)
				}
			}
			crew.send("/decide", map[string]string{"what": d.what, "reason": ""})
			crew.status(http.StatusUnprocessableEntity)
			crew.reads("请写明")
			if d.what != "unsettled" {
				h.World.Switch(sandbox.Traffic, sandbox.Normal)
			}
			crew.send("/decide", map[string]string{"what": d.what, "reason": "电话核实过了"})
			crew.status(http.StatusOK)
			people[i].passes(cases[i], time.Minute, d.ends)
		}
		again()
		crew.open("/console/stuck")
		crew.reads("没有卡住的办件")

		// The resident sees that somebody looked.
		people[0].open("/me/privacy")
		people[0].reads("交通警察支队")
		people[0].until("/me/messages", "工作人员看了")

		boss := visitor(t, h)
		boss.staffIn("operator")
		boss.open("/console/stuck")
		boss.reads("停下的消息", "没有停下的消息")

		s := h.World.Channel().Sums()
		if c := h.Count(t); c.Cases["done"] != 2 || c.Cases["refused"] != 2 || c.Returned != s.RefundedFen || s.Refunded != 2 {
			t.Errorf("cases %v, %d fen back; the channel gave back %d", c.Cases, c.Returned, s.RefundedFen)
		}
	})
}
