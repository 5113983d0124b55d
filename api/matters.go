package api

import (
	"context"
	"maps"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"zhijian/domain/cases"
	"zhijian/domain/payment"
	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/ground/clock"
	"zhijian/ground/cursor"
	"zhijian/ground/fault"
)

// settleFor is how long an answer waits for the case to move on, so that a program need not ask again at once.
const settleFor = 1500 * time.Millisecond

// Values are answers by input name; a list has several.
type Values struct {
	Values map[string][]string `json:"values,omitempty"`
	// Entries answers what is asked of several: a list of objects by the name of the answer.
	Entries map[string][]map[string]string `json:"entries,omitempty" doc:"What is asked of several: the whole list, by name"`
}

// inputs gives both as the inputs of a form.
func (v Values) inputs() map[string][]string {
	out := maps.Clone(v.Values)
	if out == nil {
		out = map[string][]string{}
	}
	for name, list := range v.Entries {
		for n, entry := range list {
			for part, value := range entry {
				out[name+"."+strconv.Itoa(n)+"."+part] = []string{value}
			}
		}
	}
	return out
}

// No names a case.
type No struct {
	Lang
	No string `path:"no" maxLength:"32" doc:"Public number"`
}

type caseBody struct{ Body Case }

func (a *API) matters() {
	add(a, door.ResidentAt(1), huma.Operation{OperationID: "open", Method: http.MethodPost, Path: "/api/v1/cities/{slug}/services/{id}/cases", Summary: "Open a case of a service", Tags: []string{"cases"}, DefaultStatus: http.StatusCreated},
		func(ctx context.Context, r *door.Request, in *struct {
			Lang
			Slug string `path:"slug"`
			ID   string `path:"id"`
			Key  string `header:"Idempotency-Key" maxLength:"64" doc:"The same key of the same resident opens one case; with another service or other values it is refused with 422"`
			Body Values
		},
		) (*caseBody, error) {
			code, err := a.code(in.Slug)
			if err != nil {
				return nil, err
			}
			began := a.c.Clock.Now()
			c, err := a.c.Cases.Open(ctx, r.Actor, cases.Opening{City: code, Service: in.ID, Channel: cases.ByAPI, Key: in.Key, Answers: in.Body.Values, ClientIP: r.ClientIP(), Known: a.who(r).Known})
			if err != nil {
				return nil, err
			}
			if offer, ok := a.c.Catalogue.Offer(code, in.ID); ok && !c.Opened.Before(began) { // not one that the key found
				r.Visited(door.Visit{Kind: door.VisitService, Region: code, Service: in.ID, Account: offer.Account})
			}
			s, err := a.c.Cases.Look(ctx, a.who(r), c)
			if err == nil && moving(s.View) {
				return a.settled(ctx, r, c.No)
			}
			return a.one(ctx, r, s, err)
		})
	add(a, door.ResidentAt(1), huma.Operation{OperationID: "cases", Method: http.MethodGet, Path: "/api/v1/cases", Summary: "The resident's cases, newest change first", Tags: []string{"cases"}},
		func(ctx context.Context, r *door.Request, in *Page) (*struct {
			Body struct {
				Cases []Case `json:"cases"`
				Next  string `json:"next,omitempty" doc:"Cursor of the next part; absent at the end"`
			}
		}, error,
		) {
			after, err := cursor.Parse(in.After)
			if err != nil {
				return nil, err
			}
			list, err := a.c.Cases.List(ctx, r.Actor, nil, after, in.Limit)
			if err != nil {
				return nil, err
			}
			out := &struct {
				Body struct {
					Cases []Case `json:"cases"`
					Next  string `json:"next,omitempty" doc:"Cursor of the next part; absent at the end"`
				}
			}{}
			out.Body.Cases = []Case{}
			for _, c := range list {
				out.Body.Cases = append(out.Body.Cases, caseOf(c))
			}
			if len(list) == in.Limit {
				last := list[len(list)-1]
				out.Body.Next = cursor.Cursor{At: clock.Millis(last.Updated), ID: last.ID}.String()
			}
			return out, nil
		})
	add(a, door.ResidentAt(1), huma.Operation{OperationID: "case", Method: http.MethodGet, Path: "/api/v1/cases/{no}", Summary: "A case with what must be seen or answered now", Tags: []string{"cases"}},
		func(ctx context.Context, r *door.Request, in *No) (*caseBody, error) {
			s, err := a.c.Cases.Show(ctx, a.who(r), in.No, "")
			return a.one(ctx, r, s, err)
		})
	add(a, door.ResidentAt(1), huma.Operation{OperationID: "answer", Method: http.MethodPost, Path: "/api/v1/cases/{no}/steps/{step}", Summary: "Answer a step; a wrong value is 422 with one error per field", Tags: []string{"cases"}},
		func(ctx context.Context, r *door.Request, in *struct {
			No
			Step string `path:"step" maxLength:"64"`
			Body Values
		},
		) (*caseBody, error) {
			if _, err := a.c.Cases.Answer(ctx, a.who(r), in.No.No, in.Step, in.Body.inputs()); err != nil {
				return nil, err
			}
			return a.settled(ctx, r, in.No.No)
		})
	a.acts()
	a.bookings()
	a.files()
	a.remedies()
	a.near()
}

// acts are the verbs without input of their own.
func (a *API) acts() {
	verbs := []struct {
		id, about string
		do        func(context.Context, cases.Who, string) error
	}{
		{"retry", "Ask a silent office again", func(ctx context.Context, w cases.Who, no string) error {
			_, err := a.c.Cases.Retry(ctx, w, no)
			return err
		}},
		{"withdraw", "Call the case off; of what was filed its office is asked first", func(ctx context.Context, w cases.Who, no string) error {
			_, err := a.c.Cases.Withdraw(ctx, w, no)
			return err
		}},
		{"leave", "Stop waiting for a place", a.c.Cases.Leave},
		{"check-in", "Say that one has arrived, and get a number in the queue", func(ctx context.Context, w cases.Who, no string) error {
			_, err := a.c.Cases.Arrive(ctx, w, no)
			return err
		}},
	}
	for _, v := range verbs {
		add(a, door.ResidentAt(1), huma.Operation{OperationID: v.id, Method: http.MethodPost, Path: "/api/v1/cases/{no}/" + v.id, Summary: v.about, Tags: []string{"cases"}},
			func(ctx context.Context, r *door.Request, in *No) (*caseBody, error) {
				if err := v.do(ctx, a.who(r), in.No); err != nil {
					return nil, err
				}
				return a.settled(ctx, r, in.No)
			})
	}
	add(a, door.ResidentAt(1), huma.Operation{OperationID: "rate", Method: http.MethodPost, Path: "/api/v1/cases/{no}/rating", Summary: "Rate a finished case", Tags: []string{"cases"}, DefaultStatus: http.StatusNoContent},
		func(ctx context.Context, r *door.Request, in *struct {
			No
			Body struct {
				Stars   int      `json:"stars" minimum:"1" maximum:"5" doc:"5 best to 1 worst"`
				Reasons []string `json:"reasons,omitempty" maxItems:"8"`
				Text    string   `json:"text,omitempty" maxLength:"1200"`
			}
		},
		) (*struct{}, error) {
			return nil, a.c.Cases.Rate(ctx, a.who(r), in.No.No, cases.Rating{Stars: in.Body.Stars, Reasons: in.Body.Reasons, Text: in.Body.Text})
		})
}

func (a *API) who(r *door.Request) cases.Who {
	who := cases.Who{Actor: r.Actor, ClientIP: r.ClientIP()}
	who.Actor.Lang = lang(r)
	if r.SignedIn() {
		who.Known = &r.Resident
	}
	return who
}

// settled shows the case once nothing is on its way any more, or as it is when that takes too long.
func (a *API) settled(ctx context.Context, r *door.Request, no string) (*caseBody, error) {
	var s cases.Shown
	_, err := door.Until(ctx, settleFor, func(ctx context.Context) (bool, error) {
		var err error
		s, err = a.c.Cases.Show(ctx, a.who(r), no, "")
		return !moving(s.View), err
	})
	return a.one(ctx, r, s, err)
}

// moving reports whether the house itself is about to change the view.
func moving(v service.View) bool {
	return (v.Kind == service.ViewWait && !v.Down && !v.Stuck && !v.Long) || (v.Kind == service.ViewPay && v.PayURL == "")
}

// one gives a case. The page to pay on is one that still opens, or left out while the channel gives none.
func (a *API) one(ctx context.Context, r *door.Request, s cases.Shown, err error) (*caseBody, error) {
	if err != nil {
		return nil, err
	}
	if s.View.Kind == service.ViewPay && s.View.PayURL != "" && s.Order != nil && s.Order.State == payment.Ordered {
		o, err := a.c.Payment.Page(ctx, r.Actor, s.Order.No, r.ClientIP())
		if err != nil && fault.Of(err) == nil {
			return nil, err
		}
		if s.View.PayURL = ""; err == nil && o.State == payment.Ordered {
			s.View.PayURL = o.URL
		}
	}
	return &caseBody{Body: shown(s)}, nil
}
