// Package console is the door for staff and the operator: what residents wait for and the house
// cannot solve by itself.
//
// Everybody signs in with a password and a one-time code. A member of a department sees its own
// cases, the operator all of them and the parked events. Residents' data is not shown here: a case
// has a number, a state and a history; every look at one is an event that its resident can see.
package console

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"zhijian/domain/account"
	"zhijian/domain/booking"
	"zhijian/domain/cases"
	"zhijian/domain/department"
	"zhijian/domain/draft"
	"zhijian/domain/draw"
	"zhijian/domain/payment"
	"zhijian/domain/service"
	"zhijian/domain/sheet"
	"zhijian/domain/staff"
	"zhijian/door"
	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/cursor"
	"zhijian/ui/component"
	"zhijian/ui/layout"
	"zhijian/ui/wording"
)

// Parked is one event that a receiver could not handle.
type Parked struct {
	Consumer string
	Event    int64 // the event's id
	Name     string
	Key      string
	Attempts int
	Error    string
	Since    time.Time
	Waiting  int // later events of its key behind it
	After    cursor.Cursor
}

// Deliveries shows parked events and frees them.
type Deliveries interface {
	Parked(ctx context.Context, after cursor.Cursor, limit int) ([]Parked, error)
	// Retry and Skip record who decided, together with the decision.
	Retry(ctx context.Context, a actor.Actor, consumer string, event int64) error
	Skip(ctx context.Context, a actor.Actor, consumer string, event int64) error
}

// Config is what the door needs. Every field but Origin and Demo is required.
type Config struct {
	Staff       *staff.Desk
	Department  *department.Desk
	Cases       *cases.Desk
	Payment     *payment.Desk
	Booking     *booking.Desk
	Sheet       *sheet.Desk
	Catalogue   *service.Live
	Deliveries  Deliveries
	Accounts    *account.Desk
	Observatory Observatory
	Drafts      *draft.Desk
	Draws       *draw.Desk
	Screens     Screens
	Offices     Offices
	Assets      layout.Assets
	Clock       clock.Clock
	Origin      string // how people reach the console
	Demo        bool
}

// Console is the door.
type Console struct{ c Config }

// New checks the configuration.
func New(c Config) (*Console, error) {
	if c.Staff == nil || c.Department == nil || c.Cases == nil || c.Payment == nil || c.Booking == nil || c.Sheet == nil || c.Catalogue == nil || c.Deliveries == nil || c.Accounts == nil || c.Observatory == nil || c.Drafts == nil || c.Draws == nil || c.Screens == nil || c.Offices == nil || c.Assets == nil || c.Clock == nil {
		return nil, errors.New("console: a field of Config is missing")
	}
	return &Console{c: c}, nil
}

// Set is the door's routes.
func (c *Console) Set() door.Set {
	signing := door.Limit{Class: door.Signing}
	return door.Set{Face: face{c}, Routes: append([]door.Route{
		{Method: http.MethodGet, Path: "/console/login", About: "staff sign-in", Access: door.Public, Handler: c.signInPage},
		{Method: http.MethodPost, Path: "/console/login", About: "staff sign-in", Access: door.Public, Limit: signing, Handler: c.signIn},
		{Method: http.MethodGet, Path: "/console/setup", About: "enrol the first operator, on this machine only", Access: door.Public, AnyHost: true, Limit: signing, Handler: c.setupPage},
		{Method: http.MethodPost, Path: "/console/setup", About: "enrol the first operator, on this machine only", Access: door.Public, AnyHost: true, Plain: true, Limit: signing, Handler: c.setUp},
		{Method: http.MethodPost, Path: "/console/logout", About: "end the staff session", Access: door.StaffOnly, Handler: c.signOut},
		{Method: http.MethodGet, Path: "/console", About: "what needs a person today", Access: door.StaffOnly, Handler: c.home},
		{Method: http.MethodGet, Path: "/console/cases", About: "cases of the department", Access: door.StaffOnly, Handler: c.queue},
		{Method: http.MethodGet, Path: "/console/cases/{no}", About: "asks why somebody wants to look at a case", Access: door.StaffOnly, Handler: c.show},
		{Method: http.MethodPost, Path: "/console/cases/{no}", About: "one case and its history", Access: door.StaffOnly, Handler: c.read},
		{Method: http.MethodPost, Path: "/console/cases/{no}/decide", About: "decide a stuck case", Access: door.StaffOnly, Handler: c.decide},
		{Method: http.MethodPost, Path: "/console/cases/{no}/review", About: "decide on an application", Access: door.StaffOnly, Handler: c.review},
		{Method: http.MethodGet, Path: "/console/cases/{no}/files/{id}", About: "a file of an application; each look is recorded", Access: door.StaffOnly, Handler: c.file},
		{Method: http.MethodGet, Path: "/console/stuck", About: "stuck cases and parked events", Access: door.StaffOnly, Handler: c.stuck},
		{Method: http.MethodPost, Path: "/console/parked/retry", About: "deliver a parked event again", Access: door.OperatorOnly, Handler: c.retry},
		{Method: http.MethodPost, Path: "/console/parked/skip", About: "leave a parked event out", Access: door.OperatorOnly, Handler: c.skip},
	}, slices.Concat(c.moneyRoutes(), c.serviceRoutes(), c.observatoryRoutes(), c.queueRoutes(), c.sheetRoutes(), c.drawRoutes(), c.officeRoutes(), c.remedyRoutes(), c.amendRoutes())...)}
}

// frame begins a console page.
func (c *Console) frame(w http.ResponseWriter, r *door.Request, title string) layout.Desk {
	d := layout.Desk{
		Lang: r.Lang, Title: title, Operator: r.Member.Operator, Home: "/console", User: r.Member.User,
		Out: "/console/logout", Theme: r.Theme, Demo: c.c.Demo, Assets: c.c.Assets, Token: r.Token(w),
		Avatar: component.Avatar{Char: "指"}, Org: word(r, "name"),
		Groups: []layout.NavGroup{{Items: []layout.NavItem{
			{Text: word(r, "desk.home"), Href: "/console", Icon: "layout-grid", On: r.URL.Path == "/console"},
			{Text: word(r, "desk.queue"), Href: "/console/cases", Icon: "file-text", On: r.URL.Path == "/console/cases"},
			{Text: word(r, "desk.stuck"), Href: "/console/stuck", Icon: "triangle-alert", On: r.URL.Path == "/console/stuck"},
			{Text: word(r, "desk.appeals"), Href: appealsPath, Icon: "undo-2", On: strings.HasPrefix(r.URL.Path, appealsPath)},
			{Text: word(r, "desk.amends"), Href: amendsPath, Icon: "square-pen", On: strings.HasPrefix(r.URL.Path, amendsPath)},
			{Text: word(r, "desk.ratings"), Href: ratingsPath, Icon: "thumbs-up", On: strings.HasPrefix(r.URL.Path, ratingsPath)},
			{Text: word(r, "desk.queues"), Href: queuePath, Icon: "calendar-days", On: strings.HasPrefix(r.URL.Path, queuePath)},
			{Text: word(r, "desk.services"), Href: servicesPath, Icon: "square-pen", On: strings.HasPrefix(r.URL.Path, servicesPath)},
			{Text: word(r, "desk.sheets"), Href: sheetsPath, Icon: "list", On: strings.HasPrefix(r.URL.Path, sheetsPath)},
			{Text: word(r, "desk.draws"), Href: drawsPath, Icon: "ticket", On: strings.HasPrefix(r.URL.Path, drawsPath)},
			{Text: word(r, "desk.stat"), Href: observatoryPath, Icon: "chart-line", On: strings.HasPrefix(r.URL.Path, observatoryPath)},
		}}},
		Crumbs: []component.Anchor{{Text: word(r, "desk.home"), Href: "/console"}, {Text: title}},
	}
	if r.Member.Operator {
		items := &d.Groups[0].Items
		*items = append(*items, layout.NavItem{Text: word(r, "desk.money"), Href: moneyPath, Icon: "wallet", On: r.URL.Path == moneyPath},
			layout.NavItem{Text: word(r, "desk.offices"), Href: officesPath, Icon: "zap", On: r.URL.Path == officesPath})
	}
	if r.Member.Department != 0 {
		if dep, err := c.c.Department.Department(r.Context(), r.Member.Department); err == nil {
			d.Org = dep.Name
		}
	}
	return d
}

// render writes a console page whole.
func render(w http.ResponseWriter, r *door.Request, status int, page, content templ.Component) error {
	var b bytes.Buffer
	if err := page.Render(templ.WithChildren(r.Context(), content), &b); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // a browser that hangs up is no fault of ours
	return nil
}

func word(r *door.Request, key string, args ...any) string { return wording.T(r.Lang, key, args...) }
