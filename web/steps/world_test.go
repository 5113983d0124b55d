package steps_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"zhijian/catalog"
	"zhijian/domain/cases"
	"zhijian/domain/payment"
	"zhijian/domain/region"
	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ui/asset"
	"zhijian/ui/layout"
	"zhijian/ui/receipt"
	"zhijian/web/frame"
	"zhijian/web/steps"
	"zhijian/web/words"
)

// now is a Tuesday afternoon.
func now() time.Time { return time.Date(2026, 5, 26, 14, 8, 0, 0, clock.Shanghai) }

type nobody struct{}

func (nobody) Unread(context.Context, actor.Actor) (int, error) { return 0, nil }

// absent is a cases desk and a payment desk for pages that ask nobody.
type absent struct {
	steps.Cases
	steps.Files
	steps.Visits
	steps.Remedies
}

func (absent) Page(context.Context, actor.Actor, string, string) (payment.Order, error) {
	return payment.Order{}, nil
}

func (absent) Check(context.Context, actor.Actor, string) (payment.Order, error) {
	return payment.Order{}, nil
}

func pages(t *testing.T) (*steps.Steps, *asset.Asset) {
	t.Helper()
	regions, err := region.Load(catalog.FS)
	if err != nil {
		t.Fatal(err)
	}
	a, err := asset.New()
	if err != nil {
		t.Fatal(err)
	}
	book, err := words.Open(steps.Words())
	if err != nil {
		t.Fatal(err)
	}
	f, err := frame.New(frame.Config{Regions: regions, Assets: a, Unread: nobody{}, Words: book, Clock: clock.At(now()), Demo: true})
	if err != nil {
		t.Fatal(err)
	}
	p, err := receipt.New(a.Fonts())
	if err != nil {
		t.Fatal(err)
	}
	s, err := steps.New(steps.Config{Frame: f, Regions: regions, Cases: absent{}, Files: absent{}, Visits: absent{}, Remedies: absent{}, Payments: absent{}, Printer: p, Origin: "http://127.0.0.1:8080"})
	if err != nil {
		t.Fatal(err)
	}
	return s, a
}

// look is a way to see a page.
type look struct {
	lang, theme string
	elder       bool
}

func request(l look) *door.Request {
	path := "/cases/K7QF2M9D0R4T8VXA1"
	if l.lang == "en" {
		path = "/en" + path
	}
	return &door.Request{Request: httptest.NewRequest(http.MethodGet, path, nil), Lang: l.lang, Theme: l.theme, Elder: l.elder, HasStyle: true}
}

// html draws a page.
func html(t *testing.T, p layout.Page, content templ.Component) string {
	t.Helper()
	var b strings.Builder
	p.Token = "token"
	if err := p.In().Render(templ.WithChildren(context.Background(), content), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func both(zh, en string) service.Text { return service.Text{Zh: zh, En: en} }

// matter is a shown case around a view.
func matter(lang string, state cases.State, v service.View) cases.Shown {
	fine := &service.Definition{
		ID: "traffic-fine-payment", Version: 1, Name: both("交通违法罚款缴纳", "Pay traffic fines"), Type: "payment", Rate: true,
		Promise: service.Promise{Done: 30 * time.Second, Text: both("付款后 30 秒内", "Within 30 seconds of payment")},
	}
	c := cases.Case{
		ID: 1, No: "K7QF2M9D0R4T8VXA1", Resident: 7, City: "330100", Service: fine.ID, Version: 1, Lang: lang, State: state,
		Opened: now().Add(-3 * time.Minute), Updated: now(),
		Log: []cases.Entry{
			{At: now().Add(-3 * time.Minute), Code: "opened", Who: "you"},
			{At: now().Add(-2 * time.Minute), Code: "asked", Who: "杭州交警"},
			{At: now().Add(-time.Minute), Code: "paid", Who: "you", Args: []string{"150.00"}},
			{At: now(), Code: "filed", Who: "house"},
		},
	}
	if state.Ended() {
		c.Ended = now()
	}
	return cases.Shown{Case: c, Offer: service.Offer{City: "330100", Definition: fine, Department: "杭州市公安局交通警察支队（演示）"}, View: v}
}
