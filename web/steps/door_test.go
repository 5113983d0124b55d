package steps_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"zhijian/catalog"
	"zhijian/domain/booking"
	"zhijian/domain/cases"
	"zhijian/domain/identity"
	"zhijian/domain/payment"
	"zhijian/domain/region"
	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
	"zhijian/ui/asset"
	"zhijian/ui/proof"
	"zhijian/ui/receipt"
	"zhijian/web/frame"
	"zhijian/web/steps"
	"zhijian/web/words"
)

// desk stands for the cases and payment rooms: it shows what it is given and records what it is told. How a case moves is
// tested with the whole house; here it is what the pages do with it.
type desk struct {
	steps.Cases
	now   cases.Shown            // what Show gives
	at    map[string]cases.Shown // what Show gives for a step behind
	then  *cases.Shown           // what Show gives after something was done
	err   error                  // of Answer
	order payment.Order          // what Check gives
	did   []string
	rated cases.Rating
}

func (d *desk) Show(_ context.Context, _ cases.Who, no, step string) (cases.Shown, error) {
	if no != d.now.Case.No {
		return cases.Shown{}, fault.NotFound("case", "没有找到这个办件")
	}
	if s, ok := d.at[step]; ok {
		return s, nil
	}
	return d.now, nil
}

func (d *desk) act(what string) {
	d.did = append(d.did, what)
	if d.then != nil {
		d.now = *d.then
	}
}

func (d *desk) Answer(_ context.Context, _ cases.Who, _, step string, values map[string][]string) (cases.Shown, error) {
	if d.err != nil {
		d.did = append(d.did, "answer "+step)
		return d.now, d.err
	}
	d.act("answer " + step + " " + url.Values(values).Encode())
	return d.now, nil
}

func (d *desk) SaveDraft(_ context.Context, _ cases.Who, _, step string, values map[string][]string) error {
	d.did = append(d.did, "draft "+step+" "+url.Values(values).Encode())
	return nil
}

func (d *desk) Change(_ context.Context, _ cases.Who, _, step string) (cases.Shown, error) {
	d.act("change " + step)
	return d.now, nil
}

func (d *desk) Retry(context.Context, cases.Who, string) (cases.Shown, error) {
	d.act("retry")
	return d.now, nil
}

func (d *desk) Withdraw(context.Context, cases.Who, string) (cases.Case, error) {
	d.act("withdraw")
	return d.now.Case, nil
}

func (d *desk) Rate(_ context.Context, _ cases.Who, _ string, r cases.Rating) error {
	d.rated = r
	d.act("rate")
	return nil
}

func (d *desk) Receipt(context.Context, cases.Who, string) (cases.Receipt, error) {
	return cases.Receipt{Case: d.now.Case, Offer: d.now.Offer, Order: *d.now.Order, Office: "浙财 0042"}, nil
}

func (d *desk) Page(context.Context, actor.Actor, string, string) (payment.Order, error) {
	d.act("page")
	return *d.now.Order, nil
}

func (d *desk) Check(context.Context, actor.Actor, string) (payment.Order, error) {
	d.act("check")
	return d.order, nil
}

func (*desk) Who(_ context.Context, token string) (identity.Session, identity.Resident, error) {
	if token != "r1" {
		return identity.Session{}, identity.Resident{}, fault.Denied("session", "请先登录")
	}
	return identity.Session{ID: 1, Resident: 7}, identity.Resident{ID: 7, Level: 4, Plates: []seal.Text{seal.Plain("浙A12345")}}, nil
}

type rig struct {
	t       *testing.T
	h       http.Handler
	desk    *desk
	page    string
	status  int
	at      string
	header  http.Header
	from    string // Sec-Fetch-Site of the next request
	session string
}

const no = "K7QF2M9D0R4T8VXA1"

func build(t *testing.T, shown cases.Shown) *rig {
	t.Helper()
	g := &rig{t: t, desk: &desk{now: shown, at: map[string]cases.Shown{}}, session: "r1"}
	regions, err := region.Load(catalog.FS)
	must(t, err)
	a, err := asset.New()
	must(t, err)
	book, err := words.Open(steps.Words())
	must(t, err)
	c := clock.At(now().Add(10 * time.Minute))
	f, err := frame.New(frame.Config{Regions: regions, Assets: a, Unread: nobody{}, Words: book, Clock: c, Demo: true})
	must(t, err)
	p, err := receipt.New(a.Fonts())
	must(t, err)
	s, err := steps.New(steps.Config{Frame: f, Regions: regions, Cases: g.desk, Files: absent{}, Visits: absent{}, Remedies: absent{}, Payments: g.desk, Printer: p, Origin: "http://127.0.0.1"})
	must(t, err)
	d, err := door.New(door.Config{Origin: "http://127.0.0.1", Clock: c, Secret: []byte(strings.Repeat("s", 32)), Residents: g.desk, StyleCookie: "v1"})
	must(t, err)
	mux := http.NewServeMux()
	must(t, d.Mount(mux, door.Set{Face: f, Routes: s.Routes(), Pages: true}))
	g.h = d.Handler(mux, f)
	return g
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (g *rig) do(r *http.Request) {
	r.Host = "127.0.0.1"
	if g.session != "" {
		r.AddCookie(&http.Cookie{Name: "zj", Value: g.session})
	}
	if g.from != "" {
		r.Header.Set("Sec-Fetch-Site", g.from)
	}
	w := httptest.NewRecorder()
	g.h.ServeHTTP(w, r)
	g.page, g.status, g.at, g.header = w.Body.String(), w.Code, w.Header().Get("Location"), w.Header()
}

func (g *rig) get(path string) {
	g.t.Helper()
	g.do(httptest.NewRequest(http.MethodGet, path, nil))
	if strings.HasPrefix(g.header.Get("Content-Type"), "text/html") {
		for _, f := range proof.Page(g.page) {
			g.t.Errorf("%s: %s", path, f)
		}
		if i := strings.Index(g.page, "⟨"); i >= 0 {
			g.t.Errorf("%s: a word is missing: %s", path, g.page[i:i+40])
		}
	}
}

var token = regexp.MustCompile(`name="_token" value="([^"]+)"`)

// post sends a form with the token of a page of this resident.
func (g *rig) post(path, form string) {
	g.t.Helper()
	was := g.from
	g.from = "same-origin"
	g.get(casePage + "/withdraw")
	found := token.FindStringSubmatch(g.page)
	if found == nil {
		g.t.Fatal("no token on the page")
	}
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form+"&_token="+found[1]))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	g.do(r)
	g.from = was
}

const casePage = "/cases/" + no

func paying(url string, state payment.State) cases.Shown {
	s := matter("zh", cases.Paying, flow(service.View{Kind: service.ViewPay, Step: "fine", Title: "付款", Button: "付款 ¥150.00", Amount: 15000, Payee: "杭州市财政局", PayURL: url}, 3, "付款"))
	s.Order = &payment.Order{No: "3301260526140807", State: state, URL: url, Amount: 15000, Payee: "杭州市财政局", Expires: now().Add(time.Hour)}
	return s
}

func done() cases.Shown {
	s := matter("zh", cases.Done, flow(service.View{Kind: service.ViewResult, Step: "done", End: "done", Title: "已付款", Good: true, Receipt: true}, 4, "完成"))
	s.Order = &payment.Order{No: "3301260526140807", State: payment.Paid, Amount: 15000, Payee: "杭州市财政局", PaidAt: now()}
	return s
}

func TestWhereACaseLeads(t *testing.T) {
	t.Parallel()
	waiting := matter("zh", cases.Filing, flow(service.View{Kind: service.ViewWait, Step: "settlement", Title: "正在交给杭州交警办理"}, 4, ""))
	query := done()
	d := *query.Offer.Definition
	d.Type, d.How = "query", "query"
	query.Offer.Definition = &d
	prove := matter("zh", cases.Draft, service.View{Kind: service.ViewProve, Step: "chosen", Level: 4})
	gone := matter("zh", cases.Withdrawn, vehicles())
	for name, c := range map[string]struct {
		now      cases.Shown
		path, to string // "" stays
	}{
		"a question to answer":      {matter("zh", cases.Draft, vehicles()), casePage, casePage + "/steps/plate"},
		"a step that is not there":  {matter("zh", cases.Draft, vehicles()), casePage + "/steps/chosen", casePage + "/steps/plate"},
		"with the office":           {waiting, casePage, ""},
		"ended":                     {done(), casePage, ""},
		"the end":                   {done(), casePage + "/steps/done", ""},
		"a question that is done":   {query, casePage, casePage + "/steps/done"},
		"proof first":               {prove, casePage + "/steps/chosen", "/me/proof?level=4&next=%2Fcases%2F" + no + "%2Fsteps%2Fchosen"},
		"proof first, in English":   {prove, "/en" + casePage + "/steps/chosen", "/en/me/proof?level=4&next=%2Fen%2Fcases%2F" + no + "%2Fsteps%2Fchosen"},
		"called off":                {gone, casePage + "/steps/plate", casePage},
		"called off, its page":      {gone, casePage, ""},
		"paid, but not heard of it": {paying("http://127.0.0.1:1/pay", payment.Paid), casePage + "/steps/fine", casePage + "/paid"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := build(t, c.now)
			g.get(c.path)
			if g.at != c.to || (c.to == "") != (g.status == http.StatusOK) {
				t.Errorf("%d to %q, want %q", g.status, g.at, c.to)
			}
			if len(g.desk.did) > 0 {
				t.Errorf("a GET did %v", g.desk.did)
			}
			if g.header.Get("Cache-Control") != "no-store" {
				t.Error("the page may be kept")
			}
		})
	}
}

func TestAnswering(t *testing.T) {
	t.Parallel()
	t.Run("on to the next step", func(t *testing.T) {
		t.Parallel()
		g := build(t, matter("zh", cases.Draft, vehicles()))
		then := matter("zh", cases.Draft, fines())
		g.desk.then = &then
		g.post(casePage+"/steps/plate", "plate=1&_key=k")
		if g.status != http.StatusSeeOther || g.at != casePage+"/steps/chosen" || g.desk.did[0] != "answer plate plate=1" {
			t.Errorf("%d %s %v", g.status, g.at, g.desk.did)
		}
	})
	t.Run("straight to the cashier", func(t *testing.T) {
		t.Parallel()
		g := build(t, matter("zh", cases.Draft, check()))
		then := paying("http://127.0.0.1:9001/pay?x=1", payment.Ordered)
		g.desk.then = &then
		g.post(casePage+"/steps/check", "")
		if g.at != "http://127.0.0.1:9001/pay?x=1" {
			t.Errorf("%d %s", g.status, g.at)
		}
	})
	t.Run("another amount than was agreed to is shown first", func(t *testing.T) {
		t.Parallel()
		g := build(t, matter("zh", cases.Draft, check()))
		then := paying("http://127.0.0.1:9001/pay", payment.Ordered)
		then.View.Amount = 30000
		g.desk.then = &then
		g.post(casePage+"/steps/check", "")
		if g.at != casePage+"/steps/fine" {
			t.Errorf("%d %s", g.status, g.at)
		}
	})
	t.Run("to be mended", func(t *testing.T) {
		t.Parallel()
		g := build(t, matter("zh", cases.Draft, other()))
		g.desk.err = fault.Invalid("engine.empty", "请填发动机号的后 6 位").On("engine")
		g.post(casePage+"/steps/other", "other_plate=x")
		if g.status != http.StatusUnprocessableEntity || !strings.Contains(g.page, "<title>错误：") || !strings.Contains(g.page, `href="#engine"`) {
			t.Errorf("%d", g.status)
		}
	})
	t.Run("a time that was just taken", func(t *testing.T) {
		t.Parallel()
		v := flow(service.View{Kind: service.ViewBook, Step: "slot", Name: "slot", Title: "哪天、几点来？", Button: "下一步", Days: days()}, 3, "选时间")
		g := build(t, matter("zh", cases.Draft, v))
		lost := matter("zh", cases.Draft, v)
		lost.View.Missed = "2026-05-28-b"
		g.desk.then = &lost
		g.post(casePage+"/steps/slot", "slot=2026-05-28-b")
		if g.status != http.StatusConflict || !strings.Contains(g.page, "离您选的最近的时间") {
			t.Errorf("%d", g.status)
		}
		for _, f := range proof.Page(g.page) {
			t.Error(f)
		}
	})
	t.Run("a second press on a step that is behind", func(t *testing.T) {
		t.Parallel()
		g := build(t, matter("zh", cases.Draft, fines()))
		g.post(casePage+"/steps/plate", "plate=1")
		if g.at != casePage+"/steps/chosen" || len(g.desk.did) > 0 {
			t.Errorf("%d %s %v", g.status, g.at, g.desk.did)
		}
	})
	t.Run("a draft", func(t *testing.T) {
		t.Parallel()
		g := build(t, matter("zh", cases.Draft, vehicles()))
		g.post(casePage+"/draft", "_step=plate&plate=2")
		if g.status != http.StatusNoContent || g.desk.did[0] != "draft plate plate=2" {
			t.Errorf("%d %v", g.status, g.desk.did)
		}
	})
}

func TestPaying(t *testing.T) {
	t.Parallel()
	const cashier = "http://127.0.0.1:9001/pay"
	t.Run("the pay page leads to the cashier", func(t *testing.T) {
		t.Parallel()
		g := build(t, paying(cashier, payment.Ordered))
		g.post(casePage+"/steps/fine", "")
		if g.at != cashier {
			t.Errorf("%d %s", g.status, g.at)
		}
	})
	t.Run("an order that ran out is made anew", func(t *testing.T) {
		t.Parallel()
		old := paying("", payment.Closed)
		old.View.Retry = true
		g := build(t, old)
		then := paying(cashier, payment.Ordered)
		g.desk.then = &then
		g.post(casePage+"/steps/fine", "")
		if g.at != cashier || g.desk.did[0] != "retry" {
			t.Errorf("%d %s %v", g.status, g.at, g.desk.did)
		}
	})
	t.Run("back from the channel, the channel is asked", func(t *testing.T) {
		t.Parallel()
		g := build(t, paying(cashier, payment.Ordered))
		g.from = "same-site"
		g.get(casePage + "/steps/fine")
		if g.at != casePage+"/paid" {
			t.Fatalf("%d %s", g.status, g.at)
		}
		then := done()
		g.desk.then, g.desk.order = &then, *then.Order
		g.get(casePage + "/paid")
		if g.at != casePage+"/steps/done" || g.desk.did[0] != "check" {
			t.Errorf("%d %s %v", g.status, g.at, g.desk.did)
		}
	})
	t.Run("back from the channel in English", func(t *testing.T) {
		t.Parallel()
		ended := done()
		ended.Case.Lang, ended.Order.Step = "en", "fine"
		g := build(t, ended)
		g.from = "cross-site"
		g.get(casePage + "/steps/fine")
		if g.at != "/en"+casePage+"/paid" {
			t.Errorf("%d %s", g.status, g.at)
		}
		g.get(g.at)
		if g.at != "/en"+casePage+"/steps/done" {
			t.Errorf("%d %s", g.status, g.at)
		}
	})
	t.Run("not known yet", func(t *testing.T) {
		t.Parallel()
		g := build(t, paying(cashier, payment.Ordered))
		g.desk.order = payment.Order{State: payment.Ordered}
		g.get(casePage + "/paid")
		for _, want := range []string{"请不要再付一次", `data-wait="` + casePage + `/paid"`, `content="5"`, "没有付款，回到付款页"} {
			if !strings.Contains(g.page, want) {
				t.Errorf("%q is not on the page", want)
			}
		}
	})
}

func TestWithdrawing(t *testing.T) {
	t.Parallel()
	s := matter("zh", cases.Paying, vehicles())
	s.Order = &payment.Order{State: payment.Ordered, Amount: 15000}
	s.Reservation = &booking.Reservation{State: booking.Held}
	g := build(t, s)
	g.get(casePage + "/withdraw")
	for _, want := range []string{"要撤回吗", "钱会原路退回", "让给别人", "不撤回"} {
		if !strings.Contains(g.page, want) {
			t.Errorf("%q is not on the page", want)
		}
	}
	g.post(casePage+"/withdraw", "")
	if g.at != casePage || g.desk.did[0] != "withdraw" {
		t.Errorf("%d %s %v", g.status, g.at, g.desk.did)
	}
	late := build(t, matter("zh", cases.Filing, vehicles()))
	late.get(casePage + "/withdraw")
	if !strings.Contains(late.page, "现在不能撤回") || strings.Contains(late.page, "<form") {
		t.Error("it is not said that it is too late")
	}
}

// What is filed is asked back from its department: the page says so, and what was paid, before it is asked; and what the department said after.
func TestRecalling(t *testing.T) {
	t.Parallel()
	list, problems := service.OpenCatalogue(catalog.FS)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	offer, _ := list.Offer("330100", "consumer-complaint")
	s := matter("zh", cases.Filing, vehicles())
	s.Offer.Definition = offer.Definition
	s.Recallable, s.View = true, service.View{Kind: service.ViewWait, Step: "progress", Title: "正在办", Long: true, Amount: 1000}
	g := build(t, s)
	g.get(casePage)
	if !strings.Contains(g.page, `href="`+casePage+`/withdraw"`) {
		t.Error("the page does not lead to it")
	}
	g.get(casePage + "/withdraw")
	for _, want := range []string{"要撤回投诉吗", "部门同意，就撤回", "您付的 ¥10.00 会原路退回", "撤回投诉", "不撤回，接着办"} {
		if !strings.Contains(g.page, want) {
			t.Errorf("%q is not on the page", want)
		}
	}
	then := s
	then.Case.State, then.Recallable = cases.Recalling, false
	then.View = service.View{Kind: service.ViewWait, Step: "progress", Title: "正在请部门撤回", Lead: "部门同意以后就撤回了", Down: true}
	then.Case.Log = append(then.Case.Log[:len(then.Case.Log):len(then.Case.Log)], cases.Entry{At: now(), Code: "recalling", Who: "you"})
	g.desk.then = &then
	g.post(casePage+"/withdraw", "")
	if g.at != casePage || g.desk.did[0] != "withdraw" {
		t.Fatalf("%d %s %v", g.status, g.at, g.desk.did)
	}
	g.get(casePage)
	for _, want := range []string{"正在请部门撤回", "您请部门撤回"} {
		if !strings.Contains(g.page, want) {
			t.Errorf("%q is not on the page", want)
		}
	}
	if g.get(casePage + "/withdraw"); g.at != casePage {
		t.Errorf("asked again: %d %s", g.status, g.at)
	}
	kept := s
	kept.View.Notes = []service.Note{{Tone: "warn", Text: "部门没有同意撤回：已经制证，不能撤回"}}
	kept.Case.Log = append(kept.Case.Log[:len(kept.Case.Log):len(kept.Case.Log)], cases.Entry{At: now(), Code: "kept", Who: "house"})
	kept.Case.Remedies.Recalls = []cases.Recall{{At: now(), Answered: now(), Outcome: cases.RecallKept, Reason: "制证机已经开了"}}
	g = build(t, kept)
	g.get(casePage)
	for _, want := range []string{"部门没有同意撤回：已经制证，不能撤回", "制证机已经开了"} {
		if !strings.Contains(g.page, want) {
			t.Errorf("%q is not on the page", want)
		}
	}
}

// A made appointment is called off from its page and from the tracking page, in its own words.
func TestCancelling(t *testing.T) {
	t.Parallel()
	s := done()
	s.Order, s.View.Receipt = nil, false
	s.Reservation = &booking.Reservation{No: "7K2Q", State: booking.Confirmed, Start: at(28, 9, 30), End: at(28, 10, 0)}
	g := build(t, s)
	for _, path := range []string{casePage, casePage + "/steps/done"} {
		g.get(path)
		if !strings.Contains(g.page, `href="`+casePage+`/withdraw"`) || !strings.Contains(g.page, "取消预约") {
			t.Errorf("%s leads nowhere", path)
		}
	}
	g.get(casePage + "/withdraw")
	for _, want := range []string{"要取消预约吗", "5月28日 周四 9:30–10:00", "让给别人", "不取消"} {
		if !strings.Contains(g.page, want) {
			t.Errorf("%q is not on the page", want)
		}
	}
	then := s
	then.Case.State, then.View.End = cases.Withdrawn, "withdrawn"
	then.Case.Log = append(then.Case.Log[:len(then.Case.Log):len(then.Case.Log)], cases.Entry{At: now(), Code: "cancelled", Who: "you"})
	g.desk.then = &then
	g.post(casePage+"/withdraw", "")
	if g.at != casePage || g.desk.did[0] != "withdraw" {
		t.Fatalf("%d %s %v", g.status, g.at, g.desk.did)
	}
	g.get(casePage)
	for _, want := range []string{"已取消", "您不用再去", "您取消了预约"} {
		if !strings.Contains(g.page, want) {
			t.Errorf("%q is not on the page", want)
		}
	}
	if strings.Contains(g.page, "撤回") || strings.Contains(g.page, "/withdraw") {
		t.Error("an appointment is spoken of as an application")
	}
	begun := s
	begun.Reservation = &booking.Reservation{No: "7K2Q", State: booking.Confirmed, Start: at(26, 14, 0), End: at(26, 14, 30)}
	late := build(t, begun)
	late.get(casePage)
	if strings.Contains(late.page, "/withdraw") {
		t.Error("an appointment that has begun can be called off")
	}
	late.get(casePage + "/withdraw")
	if !strings.Contains(late.page, "现在不能取消") || strings.Contains(late.page, "<form") {
		t.Error("it is not said that it is too late")
	}
}

func TestRating(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		form, to string
		status   int
		want     cases.Rating
	}{
		"one press":             {"level=5", casePage, http.StatusSeeOther, cases.Rating{Stars: 5}},
		"dissatisfied is asked": {"level=2", casePage + "/rate", http.StatusSeeOther, cases.Rating{Stars: 2}},
		"with reasons":          {"level=1&full=1&why=slow&why=rude&why=made-up&text=等太久", casePage, http.StatusSeeOther, cases.Rating{Stars: 1, Reasons: []string{"slow", "rude"}, Text: "等太久"}},
		"reasons fall away":     {"level=4&full=1&why=slow", casePage, http.StatusSeeOther, cases.Rating{Stars: 4}},
		"nothing chosen":        {"text=好", "", http.StatusUnprocessableEntity, cases.Rating{}},
		"too many words":        {"level=3&text=" + strings.Repeat("长", 301), "", http.StatusUnprocessableEntity, cases.Rating{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := build(t, matter("zh", cases.Draft, vehicles()))
			g.get(casePage + "/withdraw") // for the token
			tok := token.FindStringSubmatch(g.page)[1]
			g.desk.now = done()
			r := httptest.NewRequest(http.MethodPost, casePage+"/rate", strings.NewReader(strings.ReplaceAll(c.form, "等太久", url.QueryEscape("等太久"))+"&_token="+tok))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			g.from = "same-origin"
			g.do(r)
			if g.status != c.status || g.at != c.to || g.desk.rated.Stars != c.want.Stars || g.desk.rated.Text != c.want.Text || len(g.desk.rated.Reasons) != len(c.want.Reasons) {
				t.Errorf("%d to %s, kept %+v", g.status, g.at, g.desk.rated)
			}
		})
	}
	g := build(t, done())
	g.get(casePage + "/rate")
	if !strings.Contains(g.page, `name="why"`) || !strings.Contains(g.page, "5月26日办结") {
		t.Error("the rating page lacks its reasons or the day")
	}
}

func TestPapers(t *testing.T) {
	t.Parallel()
	s := done()
	s.Reservation = &booking.Reservation{No: "7K2Q", State: booking.Confirmed, Start: at(28, 9, 30), End: at(28, 10, 0)}
	g := build(t, s)
	g.get(casePage + "/receipt")
	if !strings.Contains(g.page, "浙财 0042") || !strings.Contains(g.page, "2026年5月26日 14:08") {
		t.Error("the receipt lacks its facts")
	}
	g.get(casePage + "/receipt.pdf")
	if !strings.HasPrefix(g.page, "%PDF-") || g.header.Get("Content-Disposition") != `attachment; filename="receipt-3301260526140807.pdf"` {
		t.Errorf("%d %s", g.status, g.header.Get("Content-Disposition"))
	}
	g.get(casePage + "/calendar.ics")
	for _, want := range []string{"DTSTART;TZID=Asia/Shanghai:20260528T093000\r\n", "UID:7K2Q@zhijian\r\n", "STATUS:CONFIRMED\r\n", "SUMMARY:交通违法罚款缴纳\r\n", "TRIGGER:-PT1H\r\n", "END:VCALENDAR\r\n"} {
		if !strings.Contains(g.page, want) {
			t.Errorf("the calendar lacks %q", want)
		}
	}
}

func TestTracking(t *testing.T) {
	t.Parallel()
	s := done()
	s.Reservation = &booking.Reservation{No: "7K2Q", State: booking.Confirmed, Start: at(28, 9, 30), End: at(28, 10, 0)}
	for _, path := range []string{casePage, "/en" + casePage} {
		g := build(t, s)
		g.get(path)
		if g.status != http.StatusOK {
			t.Fatalf("%s: %d", path, g.status)
		}
		if strings.HasPrefix(path, "/en") {
			continue
		}
		for _, want := range []string{"已办结", "K7QF 2M9D 0R4T 8VXA 1", "已付款 ¥150.00", "去问了部门", "杭州交警", "¥150.00，已付", "5月28日 周四 9:30–10:00", "/submitted", "/receipt", "/rate"} {
			if !strings.Contains(g.page, want) {
				t.Errorf("%q is not on the page", want)
			}
		}
	}
}

// What was submitted is read from the pages behind, also after the end, with what is chosen by its name.
func TestSubmitted(t *testing.T) {
	t.Parallel()
	catalogue, problems := service.LoadCatalogue(catalog.FS)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	offer, ok := catalogue.Offer("330100", "traffic-fine-payment")
	if !ok {
		t.Fatal("Hangzhou does not offer it")
	}
	env := service.Env{Now: now(), Lang: "zh", Me: service.Me{Level: 4, Plates: []string{"浙A12345"}}, Offer: offer, CaseNo: no}
	state, _, err := offer.Definition.Start(env)
	must(t, err)
	state, _, err = offer.Definition.Apply(state, service.Answer{Step: state.Step, Values: map[string][]string{"plate": {"other"}}}, env)
	must(t, err)
	state, _, err = offer.Definition.Apply(state, service.Answer{Step: state.Step, Values: map[string][]string{"other_plate": {"浙b 54321"}}}, env)
	must(t, err)
	state.End = "done"
	s := done()
	s.Offer, s.Case.Data = offer, state
	g := build(t, s)
	g.get(casePage + "/submitted")
	for _, want := range []string{"车牌号", "其他车辆", "浙B·54321"} {
		if !strings.Contains(g.page, want) {
			t.Errorf("%q is not on the page", want)
		}
	}
}

// To anybody else a case does not exist, and nobody gets as far without a cookie.
func TestStrangers(t *testing.T) {
	t.Parallel()
	g := build(t, done())
	g.get("/cases/0000000000000000A")
	if g.status != http.StatusNotFound {
		t.Errorf("a foreign case: %d", g.status)
	}
	g.session = ""
	g.get(casePage)
	if g.status != http.StatusSeeOther || !strings.HasPrefix(g.at, "/login?next=") {
		t.Errorf("nobody: %d %s", g.status, g.at)
	}
}
