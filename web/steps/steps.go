// Package steps draws a running case: one thing per page, from the first question to the receipt.
//
// A page is what the service's definition says must be seen now (service.View); answering is POST, 303, GET. A step's page
// has one main form, whose inputs are named after the definition's answer ids, so that a plain HTTP program walks any
// service; every other form stands after it. After a POST the page waits up to 1.5 s for the case to move on, then shows
// where it stands, so that most residents never see a waiting page; a waiting page may be left, and asks again by itself.
// A GET changes nothing. Nothing here is cached, and no address or title holds anything a person typed.
package steps

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"net/http"
	"slices"
	"time"

	"zhijian/domain/cases"
	"zhijian/domain/payment"
	"zhijian/domain/region"
	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/ground/actor"
	"zhijian/ui/component"
	"zhijian/ui/receipt"
	"zhijian/web/frame"
)

//go:embed zh.yaml en.yaml
var sentences embed.FS

// Words are the sentences of these pages, for words.Open.
func Words() fs.FS { return sentences }

// Cases moves a case along; cases.Desk does.
type Cases interface {
	Show(ctx context.Context, w cases.Who, no, step string) (cases.Shown, error)
	Answer(ctx context.Context, w cases.Who, no, step string, values map[string][]string) (cases.Shown, error)
	SaveDraft(ctx context.Context, w cases.Who, no, step string, values map[string][]string) error
	Change(ctx context.Context, w cases.Who, no, step string) (cases.Shown, error)
	Retry(ctx context.Context, w cases.Who, no string) (cases.Shown, error)
	Withdraw(ctx context.Context, w cases.Who, no string) (cases.Case, error)
	Rate(ctx context.Context, w cases.Who, no string, r cases.Rating) error
	Receipt(ctx context.Context, w cases.Who, no string) (cases.Receipt, error)
}

// Files keeps what residents upload; cases.Desk does.
type Files interface {
	Upload(ctx context.Context, w cases.Who, no, step, answer, name string, body []byte) (cases.File, error)
	Download(ctx context.Context, w cases.Who, no, id string) (cases.File, []byte, error)
	Discard(ctx context.Context, w cases.Who, no, id string) error
}

// Payments asks the channel how an order stands and for a page to pay on that still opens; payment.Desk does.
type Payments interface {
	Page(ctx context.Context, a actor.Actor, no, clientIP string) (payment.Order, error)
	Check(ctx context.Context, a actor.Actor, no string) (payment.Order, error)
}

// Config is what the pages need. Every field but Talk is required.
type Config struct {
	Frame    *frame.Frame
	Regions  *region.Tree
	Cases    Cases
	Files    Files
	Visits   Visits
	Remedies Remedies
	Payments Payments
	// Printer prints receipts.
	Printer *receipt.Printer
	// Origin is "https://city.example": a printed receipt leads to its page there.
	Origin string
	// Talk is the path of the talk with the case's account, "" when that is not where its resident talks about it: who paid from there
	// comes back there. nil is no talk at all.
	Talk func(ctx context.Context, w cases.Who, c cases.Case) (string, error)
}

// Steps draws the pages.
type Steps struct {
	c Config
	f *frame.Frame
	// pointed is the question that a preview points at.
	pointed component.Pointer
}

// New checks the configuration.
func New(c Config) (*Steps, error) {
	switch {
	case c.Frame == nil:
		return nil, errors.New("steps: Frame is missing")
	case c.Regions == nil:
		return nil, errors.New("steps: Regions is missing")
	case c.Cases == nil:
		return nil, errors.New("steps: Cases is missing")
	case c.Files == nil:
		return nil, errors.New("steps: Files is missing")
	case c.Visits == nil:
		return nil, errors.New("steps: Visits is missing")
	case c.Remedies == nil:
		return nil, errors.New("steps: Remedies is missing")
	case c.Payments == nil:
		return nil, errors.New("steps: Payments is missing")
	case c.Printer == nil:
		return nil, errors.New("steps: Printer is missing")
	case c.Origin == "":
		return nil, errors.New("steps: Origin is missing")
	}
	return &Steps{c: c, f: c.Frame}, nil
}

// Routes are the pages of a case. They are for a signed-in resident, or for the visitor who opened the case; to anybody
// else the case does not exist.
func (s *Steps) Routes() []door.Route {
	lists := door.Limit{Lists: []string{"*"}}
	get := func(path, about string, h door.Handler) door.Route {
		return door.Route{Method: http.MethodGet, Path: path, About: about, Access: door.Owner, Handler: h}
	}
	post := func(path, about string, l door.Limit, h door.Handler) door.Route {
		return door.Route{Method: http.MethodPost, Path: path, About: about, Access: door.Owner, Limit: l, Handler: h}
	}
	return append([]door.Route{
		get("/cases/{no}", "how a case stands, or on to its present step", s.track),
		get("/cases/{no}/steps/{step}", "one step of a case", s.show),
		post("/cases/{no}/steps/{step}", "answer a step", lists, s.answer),
		{
			Method: http.MethodPost, Path: "/cases/{no}/steps/{step}/files", About: "answer a step that asks for files, upload and delete them", Access: door.ResidentAt(1),
			Takes: door.TakesFile, Limit: door.Limit{Lists: []string{"*"}, Body: service.MaxFileBytes + 1<<20, Time: time.Minute}, Handler: s.attach,
		},
		post("/cases/{no}/steps/{step}/near", "places of a step sorted by how far they are; where one is is not kept", door.Limit{}, s.near),
		{Method: http.MethodGet, Path: "/cases/{no}/files/{id}", About: "a file that its resident uploaded", Access: door.ResidentAt(1), Handler: s.file},
		get("/cases/{no}/paid", "back from the payment channel", s.paid),
		post("/cases/{no}/draft", "keep what is typed so far", lists, s.draft),
		post("/cases/{no}/change", "go back to a step", door.Limit{}, s.change),
		post("/cases/{no}/retry", "ask a silent office again", door.Limit{}, s.retry),
		get("/cases/{no}/withdraw", "confirm calling a case off", s.askWithdraw),
		post("/cases/{no}/withdraw", "call a case off", door.Limit{}, s.withdraw),
		get("/cases/{no}/rate", "judge a finished case", s.askRating),
		post("/cases/{no}/rate", "judge a finished case", door.Limit{Lists: []string{"why"}}, s.rate),
		get("/cases/{no}/receipt", "the receipt of a payment", s.receipt),
		get("/cases/{no}/receipt.pdf", "the receipt to print", s.print),
		get("/cases/{no}/submitted", "what was submitted", s.submitted),
	}, slices.Concat(s.visitRoutes(get, post), s.remedyRoutes(get, post))...)
}

const (
	settleFor = 1500 * time.Millisecond // how long an answer waits for the case to move on
	paidFor   = 2 * time.Second         // how long the return from the channel waits
	again     = 5 * time.Second         // how often a waiting page asks without script
)

func casePath(no string) string { return "/cases/" + no }

func stepPath(no, step string) string { return casePath(no) + "/steps/" + step }

// citySlug is the slug of a case's city; "" when it is unknown.
func (s *Steps) citySlug(code string) string {
	c, ok := s.c.Regions.Find(code)
	if !ok {
		return ""
	}
	return c.Slug
}

// servicePath is where a service of the case's city is begun.
func (s *Steps) servicePath(city, service string) string {
	slug := s.citySlug(city)
	if slug == "" {
		return "/"
	}
	return "/city/" + slug + "/services/" + service
}

func (s *Steps) homePath(city string) string {
	if slug := s.citySlug(city); slug != "" {
		return "/city/" + slug
	}
	return "/"
}
