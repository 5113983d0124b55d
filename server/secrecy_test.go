package server_test

import (
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"zhijian/door"
	"zhijian/testkit/house"
)

// TestNobodyElsesCase asks every route with a case's number as its owner, as another resident, as a visitor and as a
// program of another: to all but the owner the case is as absent as one that never was.
func TestNobodyElsesCase(t *testing.T) {
	t.Parallel()
	house.Both(t, func(t *testing.T, h *house.House) {
		who := h.Resident(t, "L4", 0)
		owner := tappedResident(t, h, who)
		done := owner.toCashier(who.Plates[0])
		owner.pay()
		owner.until("/cases/"+done, "已办结")
		owner.start("traffic-fine-payment")
		begun := owner.CaseNo()
		owner.open("/me/settings")

		other := tappedResident(t, h, h.Resident(t, "L4", 6))
		stranger := tapped(t, h)
		stranger.open("/login")
		nobody := tapped(t, h)
		programs := machine(t, h, h.Resident(t, "L4", 7)).head
		const absent = "0123456789ABCDEFG"

		h.Clock.Advance(time.Minute) // a code opens once
		life := machine(t, h, who).call(http.MethodPost, "/cities/hangzhou/bundles/birth", map[string]any{}, http.StatusCreated)
		bundle, _ := life["no"].(string)
		asks, _ := view(life)["step"].(string)

		asked := 0
		for _, r := range h.Routes {
			if !strings.Contains(r.Path, "{no}") || strings.HasPrefix(r.Path, "/console") {
				continue
			}
			own := map[string]string{done: "fine", begun: "plate"}
			if strings.Contains(r.Path, "/bundles/") {
				own = map[string]string{bundle: asks}
			}
			r.Path = strings.Replace(r.Path, "{member}", "vaccine-booking", 1)
			for no, step := range own {
				asked++
				name := r.Method + " " + r.Path
				if strings.HasPrefix(r.Path, "/api/") {
					body := map[string]any{"values": map[string]any{}}
					switch r.Path[strings.LastIndex(r.Path, "/")+1:] {
					case "rating":
						body = map[string]any{"stars": 5}
					case "appeal":
						body = map[string]any{"reasons": "编号是新证上的"}
					case "amend":
						body = map[string]any{"said": "姓名写错了"}
					case "settle":
						body = map[string]any{"settled": true}
					case "vaccine-booking":
						body = map[string]any{"choice": "leave"}
					case "near":
						body = map[string]any{"where": "330106"}
					case "retry", "withdraw", "leave", "check-in", "away":
						body = map[string]any{}
					case "wait", "move":
						body = map[string]any{"slot": "20261130T0900"}
					}
					query := ""
					if strings.HasSuffix(r.Path, "/files") {
						query = "?answer=photos"
					}
					there, thereSays := ask(t, r.Method, h.Ready.BaseURL+filled(r, no, step)+query, programs, body)
					none, noneSays := ask(t, r.Method, h.Ready.BaseURL+filled(r, absent, step)+query, programs, body)
					if there != http.StatusNotFound || there != none || asText(thereSays) != asText(noneSays) {
						t.Errorf("%s of another's case: %d %v, of none: %d %v", name, there, thereSays, none, noneSays)
					}
					continue
				}
				for as, p := range map[string]thief{"another resident": other, "a visitor": stranger, "nobody": nobody} {
					form := url.Values{"plate": {who.Plates[0]}, "_step": {step}, "step": {step}, "level": {"1"}, "text": {"x"}}
					if p.tap.cookies != "" {
						form.Set("_token", p.token())
					}
					there := p.raw(r.Method, filled(r, no, step), form).plain(no)
					none := p.raw(r.Method, filled(r, absent, step), form).plain(absent)
					if there != none {
						t.Errorf("%s as %s: %d %s of a case, %d %s of none\n%.400s", name, as, there.status, there.to, none.status, none.to, differing(there.body, none.body))
					}
					if there.status < 300 || there.status == http.StatusSeeOther && !strings.HasPrefix(there.to, "/login") {
						t.Errorf("%s as %s: %d %s", name, as, there.status, there.to)
					}
				}
				if r.Method == http.MethodGet && r.Path != "/cases/{no}/calendar.ics" {
					mine := owner.raw(r.Method, filled(r, no, step), nil)
					receipt := strings.Contains(r.Path, "receipt") && no == begun
					file := strings.Contains(r.Path, "/files/") || strings.Contains(r.Path, "/visit") // there is none
					if mine.status >= 400 && !receipt && !file {
						t.Errorf("%s as its owner: %d", name, mine.status)
					}
				}
			}
		}
		if asked < 20 {
			t.Errorf("only %d routes were asked: the test looks in the wrong place", asked)
		}
		owner.open("/cases/" + begun)
		if !owner.Page.Has("plate") {
			t.Errorf("somebody else's tries changed the case: %s", owner.Page.Text)
		}
		owner.open("/cases/" + done)
		owner.reads("已办结")
		if strings.Contains(owner.Page.Text, "您评价了") {
			t.Error("somebody else judged the case")
		}
	})
}

// differing gives the place where two texts begin to differ.
func differing(a, b string) string {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return "…" + a[max(0, i-80):min(len(a), i+100)] + "… against …" + b[max(0, i-80):min(len(b), i+100)]
		}
	}
	return ""
}

// TestForgedForms posts every form there is from somewhere else, with all that a browser would add by itself.
func TestForgedForms(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	who := h.Resident(t, "L4", 0)
	p := tappedResident(t, h, who)
	p.start("traffic-fine-payment")
	no := p.CaseNo()
	p.open("/me/settings")
	crew := tapped(t, h)
	crew.staffIn("operator")
	crew.open("/console")
	forms := 0
	for _, r := range h.Routes {
		if !sendsForm(r) {
			continue
		}
		forms++
		as := p
		if strings.HasPrefix(r.Path, "/console") && r.Access != door.Public {
			as = crew
		}
		path := filled(r, no, "plate")
		full := url.Values{"_token": {as.token()}, "plate": {who.Plates[0]}, "phone": {"19900009999"}, "mode": {"elder"}, "user": {"operator"}}
		bare := url.Values{"plate": {who.Plates[0]}, "phone": {"19900009999"}, "mode": {"elder"}, "user": {"operator"}}
		wrong := url.Values{"_token": {strings.Repeat("A", 43)}, "phone": {"19900009999"}, "mode": {"elder"}}
		for name, got := range map[string]reply{
			"another site":       as.raw(r.Method, path, full, "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"),
			"another origin":     as.raw(r.Method, path, full, "Origin", "https://evil.example"),
			"origin null":        as.raw(r.Method, path, full, "Origin", "null"),
			"a neighbour's page": as.raw(r.Method, path, full, "Sec-Fetch-Site", "same-site", "Origin", "http://localhost:1"),
			"no token":           as.raw(r.Method, path, bare),
			"a made-up token":    as.raw(r.Method, path, wrong),
		} {
			if got.status != http.StatusForbidden {
				t.Errorf("%s %s from %s: %d %s, want 403", r.Method, r.Path, name, got.status, got.to)
			}
		}
		if got := as.raw(http.MethodGet, path+"?"+full.Encode(), nil); got.status < 400 && !shown(h, r.Path) {
			t.Errorf("GET %s acts like its form: %d", r.Path, got.status)
		}
	}
	if forms < 15 {
		t.Errorf("only %d forms were found: the test looks in the wrong place", forms)
	}
	// Nothing of it happened: still signed in, the same case, no code sent.
	p.open("/cases/" + no)
	if !p.Page.Has("plate") {
		t.Errorf("a forged form changed the case: %s", p.Page.Text)
	}
	if _, err := h.Visitor().Inbox(t.Context(), h.Ready.Sandbox["sms"], "19900009999"); err == nil {
		t.Error("a forged form sent a code")
	}
}

// shown reports whether a path has a page of its own.
func shown(h *house.House, path string) bool {
	for _, r := range h.Routes {
		if r.Path == path && r.Method == http.MethodGet {
			return true
		}
	}
	return false
}

// TestFiveInOne gives each proof one wrong thing at a time: the answer never tells which.
func TestFiveInOne(t *testing.T) {
	t.Parallel()
	house.Both(t, func(t *testing.T, h *house.House) {
		other := h.Resident(t, "L4", 0)
		tell := func(level, path string, wrong map[string]map[string]string) {
			t.Helper()
			who := h.Resident(t, level, 1)
			p := tappedResident(t, h, who)
			right := map[string]string{"name": who.Name, "citizen_number": who.CitizenNumber, "card_number": who.BankCard, "phone": who.Phone, "plate": who.Plates[0]}
			var first reply
			what := ""
			for name, set := range wrong {
				p.open("/me/proof/" + path)
				form := url.Values{"_token": {p.token()}, "consent": {"yes"}, "level": {"4"}}
				var typed []string
				f, _ := p.Page.Form()
				for input := range f.Values {
					if v, ok := right[input]; ok {
						form.Set(input, v)
					}
				}
				for input, v := range set {
					form.Set(input, v)
				}
				for input := range right {
					if v := form.Get(input); v != "" {
						typed = append(typed, v)
					}
				}
				got := p.raw(http.MethodPost, "/me/proof/"+path, form).plain(typed...)
				if got.status < 400 {
					t.Fatalf("%s with %s wrong: %d %s", path, name, got.status, got.to)
				}
				if what == "" {
					first, what = got, name
				} else if got != first {
					t.Errorf("%s: the answer to a wrong %s differs from that to a wrong %s: %d and %d\n%s", path, name, what, got.status, first.status, differing(got.body, first.body))
				}
			}
		}
		tell("L1", "name", map[string]map[string]string{
			"name": {"name": other.Name}, "citizen number": {"citizen_number": other.CitizenNumber}, "person": {"name": other.Name, "citizen_number": other.CitizenNumber},
		})
		tell("L2", "card", map[string]map[string]string{
			"card of another": {"card_number": other.BankCard}, "card nobody has": {"card_number": cardOfNobody()}, "phone": {"phone": other.Phone},
		})
		tell("L3", "vehicle", map[string]map[string]string{
			"plate of another": {"plate": other.Plates[0]}, "plate nobody has": {"plate": "浙A9Z999"}, "plate elsewhere": {"plate": "川A9Z999"},
		})
	})
}

// cardOfNobody is a card number of the right form (ISO/IEC 7812-1) that no bank gave out.
func cardOfNobody() string {
	digits, sum := "622202000000009999", 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return digits + strconv.Itoa((10-sum%10)%10)
}

// TestCanary pays a fine and books an appointment, judges, fails and looks, and then reads everything the house keeps, logs
// and counts: nothing of the person is in it.
func TestCanary(t *testing.T) {
	t.Parallel()
	house.Both(t, func(t *testing.T, h *house.House) {
		who := h.Resident(t, "L4", 0)
		p := resident(t, h, who)
		no := p.toCashier(who.Plates[0])
		p.pay()
		p.until("/cases/"+no, "已办结")
		p.open("/cases/" + no + "/rate")
		p.submit(map[string]string{"level": "2", "why": "slow", "text": "我是" + who.Name + "，电话" + who.Phone})
		p.start("vehicle-violation-query")
		p.submit(map[string]string{"plate": "other"})
		p.send("", map[string]string{"other_plate": who.Plates[0], "engine": "ZZ0000"})
		p.toSlots()
		p.choosesSlot("T1000")
		p.get("/search?q=" + url.QueryEscape(who.Name+" "+who.Phone))
		p.get("/cases/" + who.CitizenNumber)
		p.get("/no/such/" + who.Phone)
		p.start("electricity-bill-payment")
		p.send("", map[string]string{"account": who.CitizenNumber})
		p.get("/me/export")
		p.stepsUp(who)
		if !strings.Contains(string(p.Page.Body), who.CitizenNumber) {
			t.Error("the resident's own export lacks their number: is this the right page?")
		}
		fresh := h.Resident(t, "L1", 0) // a proof that fails and one that holds
		q := resident(t, h, fresh)
		q.open("/me/proof/name")
		q.send("", map[string]string{"name": fresh.Name, "citizen_number": who.CitizenNumber, "consent": "yes"})
		q.submit(map[string]string{"name": fresh.Name, "citizen_number": fresh.CitizenNumber, "consent": "yes"})
		machine(t, h, who).call(http.MethodGet, "/cases/"+no, nil, http.StatusOK)

		status, metrics := ask(t, http.MethodGet, h.Ready.AdminURL+"/metrics", nil, nil)
		if text := asText(metrics); status != http.StatusOK || !strings.Contains(text, "go_goroutines") {
			t.Fatalf("metrics: %d", status)
		}
		h.Count(t)
		secrets := map[string]string{
			"name": who.Name, "citizen number": who.CitizenNumber, "phone": who.Phone, "card": who.BankCard, "plate": who.Plates[0],
			"plate without its province": strings.TrimPrefix(who.Plates[0], "浙"), "name of another": fresh.Name, "number of another": fresh.CitizenNumber,
		}
		hunt(t, "the log", h.Log.String(), secrets)
		hunt(t, "the metrics", asText(metrics), secrets)
		hunt(t, "what was counted", fmt.Sprint(metrics), secrets)
		kept(t, h, secrets)
	})
}

// hunt looks for secrets in a text, as they are and as machines may write them.
func hunt(t *testing.T, where, text string, secrets map[string]string) {
	t.Helper()
	for what, s := range secrets {
		ascii := strings.Trim(strconv.QuoteToASCII(s), `"`)
		for _, form := range []string{s, url.QueryEscape(s), ascii, hex.EncodeToString([]byte(s)), strings.ToUpper(hex.EncodeToString([]byte(s)))} {
			if i := strings.Index(text, form); i >= 0 {
				t.Errorf("the %s stands in %s: …%q…", what, where, text[max(0, i-100):min(len(text), i+len(form)+40)])
				break
			}
		}
	}
}

// kept hunts through the data folder (but for the imitation outside world's own part) and the database.
func kept(t *testing.T, h *house.House, secrets map[string]string) {
	t.Helper()
	read := 0
	err := filepath.WalkDir(h.Data, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if err == nil && d.Name() == "sandbox" {
				return fs.SkipDir
			}
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		read += len(b)
		hunt(t, d.Name(), string(b), secrets)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if h.Database != "" {
		read += dump(t, h.Database, secrets)
	}
	if read < 50_000 {
		t.Errorf("only %d bytes were looked through: the test looks in the wrong place", read)
	}
}

// dump hunts through every row of every table.
func dump(t *testing.T, database string, secrets map[string]string) (n int) {
	t.Helper()
	db, err := sql.Open("pgx", database)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	ctx := context.Background()
	column := func(query string) (list []string) {
		rows, err := db.QueryContext(ctx, query)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var s string
			if err := rows.Scan(&s); err != nil {
				t.Fatal(err)
			}
			list = append(list, s)
		}
		if err := rows.Err(); err != nil && err != io.EOF {
			t.Fatal(err)
		}
		return list
	}
	for _, table := range column(`select table_name from information_schema.tables where table_schema = 'public'`) {
		for _, row := range column(`select x::text from "` + table + `" x`) {
			n += len(row)
			hunt(t, "table "+table, row, secrets)
		}
	}
	return n
}
