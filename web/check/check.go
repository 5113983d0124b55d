// Package check is the page where anybody checks a receipt: whoever was shown one on paper, and needs neither account nor
// script for it.
//
// A receipt is true when its number and the first digits of its hash belong together in the event chain. The page then says what
// the receipt says of the payment and nobody's name. Every other pair, whatever is wrong with it, has one and the same answer.
package check

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"net/http"
	"strings"

	"zhijian/domain/cases"
	"zhijian/door"
	"zhijian/ground/fault"
	"zhijian/ui/component"
	"zhijian/ui/say"
	"zhijian/web/frame"
)

//go:embed zh.yaml en.yaml
var sentences embed.FS

// Words are the sentences of the page, for words.Open.
func Words() fs.FS { return sentences }

// Receipts checks receipts; cases.Desk does.
type Receipts interface {
	Check(ctx context.Context, no, hash string) (cases.Checked, error)
}

// Config is what the page needs. Every field is required.
type Config struct {
	Frame    *frame.Frame
	Receipts Receipts
	// Key is the public key that signs the heads of the event chain, hexadecimal, for whoever keeps copies of them.
	Key string
}

// Check draws the page.
type Check struct {
	c Config
	f *frame.Frame
}

// New checks the configuration.
func New(c Config) (*Check, error) {
	if c.Frame == nil || c.Receipts == nil || c.Key == "" {
		return nil, errors.New("check: Frame, Receipts or Key is missing")
	}
	return &Check{c: c, f: c.Frame}, nil
}

// Routes are the pages.
func (c *Check) Routes() []door.Route {
	return []door.Route{{
		Method: http.MethodGet, Path: "/check", About: "check a receipt by its number and hash", Access: door.Public,
		Limit: door.Limit{Class: door.Searching}, Handler: c.show,
	}}
}

// page is the form, with what was found above it.
type page struct {
	nav    component.Nav
	errors component.ErrorSummary
	title  string
	lead   string
	answer component.Note
	rows   component.SummaryList
	no     component.Input
	hash   component.Input
	button component.Button
	how    component.Details
}

// longest bounds what is read of an input: a number has 17 characters, a hash 64, both perhaps in groups.
const longest = 100

func (c *Check) show(w http.ResponseWriter, r *door.Request) error {
	no, hash := clip(r.Query("no")), clip(r.Query("h"))
	q := c.page(r, no, hash)
	p := c.f.Page(r, q.title)
	p.Plain, p.Path = true, "/check"
	status := http.StatusOK
	switch {
	case no == "" && hash == "": // the form alone
	case no == "" || hash == "":
		status, p.Failed = http.StatusUnprocessableEntity, true
		c.missing(r, &q)
	default:
		found, err := c.c.Receipts.Check(r.Context(), no, hash)
		if err != nil && !fault.Is(err, fault.KindNotFound) {
			return err
		}
		if err != nil {
			status = http.StatusNotFound
			q.answer = component.Note{Tone: component.Warn, Title: c.f.T(r, "check.none"), Text: c.f.T(r, "check.none.text")}
			break
		}
		q.answer = component.Note{Tone: component.OK, Title: c.f.T(r, "check.true"), Text: c.f.T(r, "check.true.text")}
		q.rows = component.SummaryList{
			TotalLabel: c.f.T(r, "check.amount"), Total: int64(found.Amount),
			Rows: []component.Row{
				{Key: c.f.T(r, "check.no"), Value: say.Number(found.No)},
				{Key: c.f.T(r, "check.payee"), Value: found.Payee},
				{Key: c.f.T(r, "check.date"), Value: say.FullMoment(r.Lang, found.PaidAt)},
			},
		}
	}
	return c.f.Render(w, r, status, p, view(q))
}

func (c *Check) page(r *door.Request, no, hash string) page {
	back := c.f.Home(r)
	if back == "" {
		back = "/"
	}
	return page{
		nav: component.Nav{Title: c.f.T(r, "check.title"), Back: back}, title: c.f.T(r, "check.title"), lead: c.f.T(r, "check.lead"),
		no:     component.Input{Name: "no", Label: c.f.T(r, "check.no"), Hint: c.f.T(r, "check.no.hint"), Kind: component.KindCode, Value: no, Max: longest},
		hash:   component.Input{Name: "h", Label: c.f.T(r, "check.hash"), Hint: c.f.T(r, "check.hash.hint", cases.CheckDigits), Kind: component.KindCode, Value: hash, Max: longest},
		button: component.Button{Text: c.f.T(r, "check.go"), Block: true},
		how:    component.Details{Summary: c.f.T(r, "check.how"), Text: c.f.T(r, "check.how.text", c.c.Key)},
	}
}

// missing says which of the two inputs is to be filled in.
func (c *Check) missing(r *door.Request, q *page) {
	for _, in := range []*component.Input{&q.no, &q.hash} {
		if in.Value == "" {
			in.Error = c.f.T(r, "check.missing", in.Label)
			q.errors.Problems = append(q.errors.Problems, component.Problem{ID: in.Name, Text: in.Error})
		}
	}
}

func clip(s string) string {
	if r := []rune(strings.TrimSpace(s)); len(r) > longest {
		return string(r[:longest])
	}
	return strings.TrimSpace(s)
}
