package server_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"zhijian/door"
	"zhijian/testkit/house"
	"zhijian/testkit/walk"
)

// inside matches what a database's own errors say. A bare "sql" would not do: a random token of a form holds it now and then.
var inside = regexp.MustCompile(`(?i)sqlite|sqlstate|\bsql: |\bpgx\b|syntax error|near "`)

// TestInjection types what breaks a database into every kind of field (security.md T17): nothing fails inside, nothing waits, nothing is
// found that was not asked for, and all rows are still there.
func TestInjection(t *testing.T) {
	t.Parallel()
	house.Both(t, func(t *testing.T, h *house.House) {
		who := h.Resident(t, "L4", 0)
		p := tappedResident(t, h, who)
		p.start("traffic-fine-payment")
		no := p.CaseNo()
		p.open("/cases/" + no + "/steps/plate")
		token := p.token()
		q := tapped(t, h)
		q.open("/login")
		crew := tapped(t, h)
		crew.open("/console/login")
		for i, evil := range []string{
			`' OR '1'='1`, `' OR 1=1 --`, `"; DROP TABLE resident; --`, `'; select pg_sleep(9); --`, `1) UNION SELECT 1,2,3 --`, `%' OR '%'='`,
			`\'; DELETE FROM session; --`, `1; ATTACH DATABASE '/tmp/x' AS x`, `' || (select password from staff) || '`, `%%%___`, `* OR name:x NEAR/2`,
			`"a" AND "b" NOT`, `$1 $2 ?1 :a @b`, `{"$gt":""}`, `1e309`, `x' AND randomblob(1000000000) --`, `＇ ＯＲ １＝１`, `�'�`, `'`, `"`, `)`, `--`, `/*`,
		} {
			watch := time.Now()
			x := url.QueryEscape(evil)
			form := func(token string, pairs ...string) url.Values {
				v := url.Values{"_token": {token}}
				for i := 0; i < len(pairs); i += 2 {
					v.Set(pairs[i], pairs[i+1])
				}
				return v
			}
			answers := map[string]reply{
				"city":      p.raw(http.MethodGet, "/?q="+x, nil),
				"search":    p.raw(http.MethodGet, "/search?q="+x, nil),
				"services":  p.raw(http.MethodGet, "/city/hangzhou/services?q="+x, nil),
				"cursor":    p.raw(http.MethodGet, "/me/cases?after="+x, nil),
				"case":      p.raw(http.MethodGet, "/cases/"+url.PathEscape(evil), nil),
				"check":     p.raw(http.MethodGet, "/check?no="+x+"&sum="+x, nil),
				"api city":  p.raw(http.MethodGet, "/api/v1/cities?q="+x, nil),
				"api find":  p.raw(http.MethodGet, "/api/v1/cities/hangzhou/services?q="+x, nil),
				"phone":     q.raw(http.MethodPost, "/login", form(q.token(), "phone", evil)),
				"code":      q.raw(http.MethodPost, "/login", form(q.token(), "phone", "19900009999", "code", evil)),
				"plate":     p.raw(http.MethodPost, "/cases/"+no+"/steps/plate", form(token, "plate", evil, "other_plate", evil, "engine", evil)),
				"free text": p.raw(http.MethodPost, "/cases/"+no+"/rate", form(token, "level", "2", "why", evil, "text", evil)),
				"session":   p.raw(http.MethodPost, "/me/sessions", form(token, "session", evil)),
				"wish":      p.raw(http.MethodPost, "/me/wish", form(token, "lang", evil, "theme", evil, "mode", evil)),
			}
			if i < 4 { // each check of a password holds 64 MiB
				answers["staff"] = crew.raw(http.MethodPost, "/console/login", form(crew.token(), "user", evil, "password", evil, "totp", evil))
			}
			for field, got := range answers {
				if got.status >= 500 || inside.MatchString(got.body) {
					t.Errorf("%s with %q: %d", field, evil, got.status)
				}
				if strings.HasPrefix(field, "api") && strings.Count(got.body, `"slug"`) > 25 {
					t.Errorf("%s with %q finds everything", field, evil)
				}
			}
			if took := time.Since(watch); took > time.Minute {
				t.Errorf("%q took %v", evil, took)
			}
		}
		// All is as it was: one session, one case at its first step, nobody else signed in.
		p.open("/me/sessions")
		p.open("/cases/" + no)
		if !p.Page.Has("plate") {
			t.Errorf("the case moved: %s", p.Page.Text)
		}
		m := machine(t, h, h.Resident(t, "L4", 3))
		if list, _ := m.call(http.MethodGet, "/cases", nil, http.StatusOK)["cases"].([]any); len(list) != 0 {
			t.Errorf("another resident has %d cases", len(list))
		}
	})
}

// TestMassAssignment adds to every form of a fine what only the house may set (security.md T20): it changes nothing.
func TestMassAssignment(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	extra := map[string]string{
		"level": "4", "Level": "4", "resident": "1", "owner": "1", "id": "1", "amount": "1", "fee": "0.01", "total": "1", "state": "done", "paid": "true", "no": "0",
		"rev": "9", "operator": "true", "verified": "true", "version": "0", "department": "1", "card": "6222020000000000000", "citizen_number_blind": "x", "_step": "pay", "_level": "4",
	}
	with := func(set map[string]string) map[string]string {
		all := map[string]string{}
		for k, v := range extra {
			all[k] = v
		}
		for k, v := range set {
			all[k] = v
		}
		return all
	}
	low := h.Resident(t, "L1", 0)
	p := visitor(t, h)
	p.open("/login")
	p.submit(with(map[string]string{"phone": low.Phone}))
	code, err := p.Inbox(t.Context(), h.Ready.Sandbox["sms"], low.Phone)
	if err != nil {
		t.Fatal(err)
	}
	p.submit(with(map[string]string{"code": code}))
	p.open("/me/proof/name")
	p.send("/me/proof/name", with(map[string]string{"name": "别人", "citizen_number": low.CitizenNumber, "consent": "yes"}))
	p.open("/me/settings")
	p.send("/me/wish", with(map[string]string{"mode": "standard"}))
	m := machine(t, h, low)
	if me := m.call(http.MethodGet, "/me", nil, http.StatusOK); me["level"] != 1.0 || me["name"] != nil {
		t.Errorf("an input raised a resident: %v", me)
	}

	who := h.Resident(t, "L4", 0)
	plain := resident(t, h, who) // what the fine costs without any of it
	plain.start("traffic-fine-payment")
	plain.submit(map[string]string{"plate": who.Plates[0]})
	chosen := plain.offered("chosen")[0]
	plain.submit(map[string]string{"chosen": chosen})
	price := regexp.MustCompile(`¥(\d+\.\d\d)`).FindStringSubmatch(plain.Page.Text)[1]

	o := resident(t, h, who)
	o.open("/city/hangzhou/services/traffic-fine-payment")
	o.send("/start", extra)
	o.status(http.StatusOK)
	no := o.CaseNo()
	o.submit(with(map[string]string{"plate": who.Plates[0]}))
	o.submit(with(map[string]string{"chosen": chosen}))
	o.reads(price)
	o.submit(extra)
	o.atCashier()
	o.reads(price)
	o.pay()
	o.until("/cases/"+no, "已办结")
	o.open("/cases/" + no + "/receipt")
	o.reads(price)
	c := h.Count(t)
	if c.Cases["done"] != 1 || fmt.Sprint(c.Captured) != strings.Replace(price, ".", "", 1) {
		t.Errorf("cases %v, %d fen taken, want %s yuan", c.Cases, c.Captured, price)
	}
}

// TestSmuggling sends the listener what two servers in a row could cut apart in different places (security.md T32). The
// request hidden behind is never answered: the house refuses, or closes behind its one answer.
func TestSmuggling(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	at := strings.TrimPrefix(h.Ready.BaseURL, "http://")
	const hidden = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
	post := func(head, body string) string {
		return "POST /login HTTP/1.1\r\nHost: " + at + "\r\nContent-Type: application/x-www-form-urlencoded\r\n" + head + "\r\n" + body
	}
	for name, c := range map[string]struct {
		raw    string
		refuse bool // must be 400 or 501; else anything that closes
	}{
		"length and chunks":          {post("Content-Length: 6\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"+hidden), false},
		"chunks and length":          {post("Transfer-Encoding: chunked\r\nContent-Length: 6\r\n", "0\r\n\r\n"+hidden), false},
		"chunks alone":               {post("Transfer-Encoding: chunked\r\n", "0\r\n\r\n"+hidden), false},
		"a chunk with an extension":  {post("Transfer-Encoding: chunked\r\n", "1;a=\"\r\n\"\r\nx\r\n0\r\n\r\n"+hidden), false},
		"a chunk length with a sign": {post("Transfer-Encoding: chunked\r\n", "+1\r\nx\r\n0\r\n\r\n"+hidden), false},
		"a chunk ended by LF alone":  {post("Transfer-Encoding: chunked\r\n", "1\nx\n0\n\n"+hidden), false},
		"two lengths":                {post("Content-Length: 0\r\nContent-Length: "+fmt.Sprint(len(hidden))+"\r\n", hidden), true},
		"a list of lengths":          {post("Content-Length: 0, "+fmt.Sprint(len(hidden))+"\r\n", hidden), true},
		"a length with a sign":       {post("Content-Length: +0\r\n", hidden), true},
		"a negative length":          {post("Content-Length: -1\r\n", hidden), true},
		"a length in hex":            {post("Content-Length: 0x0\r\n", hidden), true},
		"an endless length":          {post("Content-Length: 99999999999999999999\r\n", hidden), true},
		"a blank before the colon":   {post("Content-Length : 0\r\n", hidden), true},
		"chunked in two":             {post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", "0\r\n\r\n"+hidden), true},
		"xchunked":                   {post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"+hidden), true},
		"chunked and more":           {post("Transfer-Encoding: chunked, gzip\r\n", "0\r\n\r\n"+hidden), true},
		"a vertical tab":             {post("Transfer-Encoding: \x0bchunked\r\n", "0\r\n\r\n"+hidden), true},
		"a NUL in a value":           {post("X-A: a\x00b\r\nContent-Length: 0\r\n", hidden), true},
		"a NUL in a name":            {post("X\x00A: b\r\nContent-Length: 0\r\n", hidden), true},
		"a bare CR":                  {post("X-A: a\rTransfer-Encoding: chunked\r\nContent-Length: 0\r\n", hidden), true},
		"two hosts":                  {"GET /healthz HTTP/1.1\r\nHost: " + at + "\r\nHost: evil.example\r\n\r\n" + hidden, true},
		"no host":                    {"GET /healthz HTTP/1.1\r\n\r\n" + hidden, true},
		"a folded line":              {post("X-A: a\r\n Transfer-Encoding: chunked\r\nContent-Length: 5\r\nConnection: close\r\n", "a=b&c"+hidden), false},
		"a length on a folded line":  {post("Content-Length:\r\n 5\r\nConnection: close\r\n", "a=b&c"+hidden), false},
		"chunks to HTTP/1.0":         {strings.Replace(post("Transfer-Encoding: chunked\r\nConnection: keep-alive\r\n", "0\r\n\r\n"+hidden), "HTTP/1.1", "HTTP/1.0", 1), false},
	} {
		t.Run(name, func(t *testing.T) {
			conn, err := net.Dial("tcp", at)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			_ = conn.SetDeadline(time.Now().Add(time.Minute))
			if _, err := io.WriteString(conn, c.raw); err != nil {
				t.Fatal(err)
			}
			in := bufio.NewReader(conn)
			res, err := http.ReadResponse(in, nil)
			if err != nil {
				return // closed without an answer
			}
			_, _ = io.Copy(io.Discard, res.Body)
			if c.refuse && res.StatusCode != http.StatusBadRequest && res.StatusCode != http.StatusNotImplemented {
				t.Errorf("%s, want it refused", res.Status)
			}
			if rest, _ := io.ReadAll(in); len(rest) > 0 && !strings.HasPrefix(string(rest), "HTTP/1.1 400 ") {
				t.Errorf("after %s the hidden request is answered: %.60s", res.Status, rest)
			}
		})
	}
}

// TestConsoleRoles walks every console route with every role there is (security.md T45, T72): the routes say who may, and
// this holds them to it.
func TestConsoleRoles(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	who := h.Resident(t, "L4", 0)
	owner := resident(t, h, who)
	owner.start("traffic-fine-payment")
	no := owner.CaseNo()
	roles := map[string]thief{"visitor": tapped(t, h), "resident": tappedResident(t, h, who)}
	for range 2 { // the second time its browser sends the cookie it got
		roles["visitor"].open("/console/login")
	}
	for role, user := range map[string]string{"own department": "traffic-police", "other department": "power", "operator": "operator"} {
		roles[role] = tapped(t, h)
		roles[role].staffIn(user)
		roles[role].open("/console")
	}
	own := roles["own department"]
	service := own.begins("application", "通行证申请", "roles")
	own.open("/console/sheets")
	own.attach(map[string]string{"name": "读者", "slug": "roles"}, walk.File{Field: "file", Name: "a.csv", Body: []byte("证号,在借\nA1,2\n")})
	own.open("/console")
	ours := strings.NewReplacer("/console/services/{id}", service, "/console/sheets/{slug}", "/console/sheets/roles", "{number}", "1")
	h.Until(t, "the demonstration's edition is there", func() bool {
		return roles["operator"].raw(http.MethodGet, "/console/observatory", nil).status == http.StatusOK
	})
	walked := 0
	for _, r := range h.Routes {
		if !strings.HasPrefix(r.Path, "/console") || r.Path == "/console/logout" {
			continue
		}
		walked++
		for role, p := range roles {
			inside := role != "visitor" && role != "resident"
			form := url.Values{"_token": {p.token()}, "what": {"refund"}, "reason": {""}, "consumer": {"none"}, "event": {"1"}}
			of := r
			of.Path = ours.Replace(r.Path)
			got := p.raw(r.Method, filled(of, no, "plate"), form)
			var ok bool
			switch {
			case role != "visitor" && r.Access == door.Public && r.Method == http.MethodPost && got.status == http.StatusForbidden:
				ok = true // the form that they have is not of this page
			case strings.HasPrefix(r.Path, "/console/setup"): // the house has staff
				ok = got.status == http.StatusNotFound
			case r.Access == door.Public:
				ok = got.status == http.StatusOK || got.status == http.StatusUnprocessableEntity
			case !inside:
				ok = got.status == http.StatusSeeOther && got.to == "/console/login"
			case r.Access == door.OperatorOnly:
				ok = (got.status != http.StatusForbidden) == (role == "operator") && got.to != "/console/login"
			case r.Takes == door.TakesFile: // what is sent here is no file
				ok = got.status == http.StatusUnsupportedMediaType
			case r.Path == "/console/services/new": // a department makes them
				ok = got.status == http.StatusForbidden == (role == "operator") && got.to != "/console/login"
			case of.Path != r.Path && role == "operator": // reads, tries out and approves, and writes nothing
				ok = got.to != "/console/login" && (got.status != http.StatusOK || r.Method == http.MethodGet || strings.HasSuffix(r.Path, "/trial"))
			case of.Path != r.Path && slices.Contains([]string{"page", "question", "take", "{number}"}, r.Path[strings.LastIndex(r.Path, "/")+1:]): // the form names none that is there
				ok = got.status == http.StatusNotFound
			case of.Path != r.Path: // a service and a table of one department
				ok = (got.status == http.StatusNotFound) == (role == "other department") && got.status != http.StatusForbidden && got.to != "/console/login"
			case strings.Contains(r.Path, "/files/"): // there is no such file
				ok = got.status == http.StatusNotFound
			case strings.Contains(r.Path, "{pool}"): // a counter of another city's department
				ok = role == "operator" && got.status != http.StatusForbidden && got.to != "/console/login" || got.status == http.StatusNotFound
			case r.Path == "/console/draws/new": // the house draws for departments of another city
				ok = got.status == http.StatusForbidden
			case strings.HasPrefix(r.Path, "/console/appeals/"), strings.HasPrefix(r.Path, "/console/ratings/"), strings.HasPrefix(r.Path, "/console/amends/"): // there is none; TestAppealByPages has one
				ok = got.status == http.StatusNotFound
			case strings.Contains(r.Path, "{draw}"): // there is none
				ok = got.status == http.StatusNotFound
			case strings.Contains(r.Path, "{no}"):
				ok = (got.status == http.StatusNotFound) == (role == "other department") && got.status != http.StatusForbidden && got.to != "/console/login"
			default:
				ok = got.status == http.StatusOK
			}
			if !ok {
				t.Errorf("%s %s as %s: %d %s", r.Method, r.Path, role, got.status, got.to)
			}
		}
	}
	if walked < 10 {
		t.Errorf("only %d routes were walked", walked)
	}
	for role, p := range roles {
		if role == "visitor" || role == "resident" {
			continue
		}
		if got := p.raw(http.MethodPost, "/console/logout", url.Values{"_token": {p.token()}}); got.to != "/console/login" {
			t.Errorf("%s signs out to %s", role, got.to)
		}
		if got := p.raw(http.MethodGet, "/console", nil); got.to != "/console/login" {
			t.Errorf("%s is still in: %d", role, got.status)
		}
	}
}
