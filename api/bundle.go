package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"zhijian/domain/bundle"
	"zhijian/domain/cases"
	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/ground/fault"
)

// Matter is a matter of life: several services that are asked once and done side by side.
type Matter struct {
	ID      string       `json:"id" example:"birth"`
	Name    string       `json:"name"`
	About   string       `json:"about"`
	Who     string       `json:"who"`
	Note    string       `json:"note,omitempty" doc:"What it cannot do"`
	Version int          `json:"version"`
	Members []MatterPart `json:"members"`
	Saving  Saving       `json:"saving"`
}

// MatterPart is one service of a matter of life.
type MatterPart struct {
	ID       string   `json:"id"`
	Service  string   `json:"service"`
	Name     string   `json:"name"`
	Why      string   `json:"why"`
	Optional bool     `json:"optional,omitempty"`
	After    []string `json:"after,omitempty" doc:"Members that come first"`
}

// Saving is what doing it together spares.
type Saving struct {
	Asked      int    `json:"asked" doc:"Shared questions"`
	AskedApart int    `json:"asked_apart" doc:"Questions that the services would ask one by one"`
	Needs      []Need `json:"needs"`
	NeedsApart int    `json:"needs_apart"`
	Days       int    `json:"days" doc:"The longest way through, by what is promised"`
	DaysApart  int    `json:"days_apart" doc:"One after another"`
	Visits     int    `json:"visits" doc:"Members that have one go somewhere"`
}

// Need is one thing to have ready.
type Need struct {
	Text    string `json:"text"`
	Form    string `json:"form,omitempty" doc:"original, copy, photo or number"`
	Where   string `json:"where,omitempty" doc:"How to come by it"`
	Fetched bool   `json:"fetched,omitempty" doc:"The house gets it from the register: bring nothing"`
}

// Bundle is a matter of life that a resident has begun.
type Bundle struct {
	No      string       `json:"no"`
	City    string       `json:"city" doc:"GB/T 2260 code"`
	Matter  string       `json:"matter" doc:"Id of the matter of life"`
	Version int          `json:"version"`
	State   string       `json:"state" doc:"draft, running, partly, done, closed or expired"`
	Opened  time.Time    `json:"opened"`
	Updated time.Time    `json:"updated"`
	View    *View        `json:"view,omitempty" doc:"While the shared questions are asked; the page check also takes want, the members to begin"`
	Members []BundlePart `json:"members,omitempty"`
}

// BundlePart is how one member stands.
type BundlePart struct {
	ID       string   `json:"id"`
	Service  string   `json:"service"`
	Standing string   `json:"standing" doc:"skipped, waits, blocked, ready, opening, open, done or failed"`
	For      []string `json:"for,omitempty" doc:"waits, blocked: the members that it is because of"`
	Why      string   `json:"why,omitempty" doc:"failed: refused, withdrawn, expired, limit or gone"`
	Case     string   `json:"case,omitempty" doc:"Number of its case"`
}

type bundleBody struct{ Body Bundle }

func needsOf(list []service.Need, lang string) []Need {
	out := make([]Need, 0, len(list))
	for _, n := range list {
		out = append(out, Need{Text: n.Text.In(lang), Form: n.Form, Where: n.Where.In(lang), Fetched: n.Fetched})
	}
	return out
}

func (a *API) matter(code, lang string, b *service.Bundle) Matter {
	s := b.Saves(code, a.c.Catalogue, nil)
	const day = 24 * time.Hour
	m := Matter{
		ID: b.ID, Name: b.Name.In(lang), About: b.About.In(lang), Who: b.Who.In(lang), Note: b.Note.In(lang), Version: b.Version,
		Saving: Saving{Asked: s.Asked, AskedApart: s.AskedApart, Needs: needsOf(s.Needs, lang), NeedsApart: s.NeedsApart, Days: int((s.Days + day - 1) / day), DaysApart: int((s.DaysApart + day - 1) / day), Visits: s.Visits},
	}
	for _, one := range b.Members {
		o, ok := a.c.Catalogue.Offer(code, one.Service)
		if !ok {
			continue
		}
		p := MatterPart{ID: one.ID, Service: one.Service, Name: o.Definition.Name.In(lang), Why: one.Why.In(lang), Optional: one.Optional}
		for _, e := range one.After {
			p.After = append(p.After, e.Member)
		}
		m.Members = append(m.Members, p)
	}
	return m
}

func (a *API) bundles() {
	tags := []string{"bundles"}
	add(a, door.Public, huma.Operation{OperationID: "matters", Method: http.MethodGet, Path: "/api/v1/cities/{slug}/bundles", Summary: "Matters of life of a city: services that are asked once and done side by side", Tags: tags},
		func(_ context.Context, _ *door.Request, in *struct {
			Lang
			Slug string `path:"slug"`
		},
		) (*struct{ Body []Matter }, error) {
			code, err := a.code(in.Slug)
			if err != nil {
				return nil, err
			}
			out := &struct{ Body []Matter }{Body: []Matter{}}
			for _, b := range a.c.Catalogue.Bundles(code) {
				out.Body = append(out.Body, a.matter(code, in.Lang.Lang, b))
			}
			return out, nil
		})
	add(a, door.Public, huma.Operation{OperationID: "matter", Method: http.MethodGet, Path: "/api/v1/cities/{slug}/bundles/{id}", Summary: "One matter of life: its services, what to have ready, what it saves", Tags: tags},
		func(_ context.Context, _ *door.Request, in *struct {
			Lang
			Slug string `path:"slug"`
			ID   string `path:"id"`
		},
		) (*struct{ Body Matter }, error) {
			code, err := a.code(in.Slug)
			if err != nil {
				return nil, err
			}
			b, ok := a.c.Bundle.Known(code, in.ID)
			if !ok {
				return nil, fault.NotFound("bundle.unknown", "这个城市还没有开通这件事")
			}
			return &struct{ Body Matter }{Body: a.matter(code, in.Lang.Lang, b)}, nil
		})
	add(a, door.ResidentAt(1), huma.Operation{OperationID: "begin", Method: http.MethodPost, Path: "/api/v1/cities/{slug}/bundles/{id}", Summary: "Begin a matter of life", Tags: tags, DefaultStatus: http.StatusCreated},
		func(ctx context.Context, r *door.Request, in *struct {
			Lang
			Slug string `path:"slug"`
			ID   string `path:"id"`
		},
		) (*bundleBody, error) {
			code, err := a.code(in.Slug)
			if err != nil {
				return nil, err
			}
			b, err := a.c.Bundle.Open(ctx, r.Actor, bundle.Opening{City: code, Bundle: in.ID, Channel: cases.ByAPI})
			return a.begun(ctx, r, b.No, err)
		})
	a.running(tags)
}

// running is what one does with a matter of life that was begun.
func (a *API) running(tags []string) {
	add(a, door.ResidentAt(1), huma.Operation{OperationID: "bundles", Method: http.MethodGet, Path: "/api/v1/bundles", Summary: "The resident's matters of life, newest change first, without their members", Tags: tags},
		func(ctx context.Context, r *door.Request, _ *Lang) (*struct{ Body []Bundle }, error) {
			list, err := a.c.Bundle.List(ctx, r.Actor)
			out := &struct{ Body []Bundle }{Body: []Bundle{}}
			for _, b := range list {
				out.Body = append(out.Body, bundled(b))
			}
			return out, err
		})
	add(a, door.ResidentAt(1), huma.Operation{OperationID: "bundle", Method: http.MethodGet, Path: "/api/v1/bundles/{no}", Summary: "How a matter of life stands", Tags: tags},
		func(ctx context.Context, r *door.Request, in *No) (*bundleBody, error) {
			return a.begun(ctx, r, in.No, nil)
		})
	add(a, door.ResidentAt(1), huma.Operation{OperationID: "bundle_answer", Method: http.MethodPost, Path: "/api/v1/bundles/{no}/steps/{step}", Summary: "Answer a page of the shared questions", Tags: tags},
		func(ctx context.Context, r *door.Request, in *struct {
			No
			Step string `path:"step" maxLength:"64"`
			Body Values
		},
		) (*bundleBody, error) {
			_, err := a.c.Bundle.Answer(ctx, a.who(r), in.No.No, in.Step, in.Body.inputs())
			return a.begun(ctx, r, in.No.No, err)
		})
	add(a, door.ResidentAt(1), huma.Operation{OperationID: "bundle_choose", Method: http.MethodPost, Path: "/api/v1/bundles/{no}/members/{member}", Summary: "Leave a service out, add one or try one again", Tags: tags},
		func(ctx context.Context, r *door.Request, in *struct {
			No
			Member string `path:"member" maxLength:"64"`
			Body   struct {
				Choice string `json:"choice" enum:"leave,add,again"`
			}
		},
		) (*bundleBody, error) {
			_, err := a.c.Bundle.Choose(ctx, a.who(r), in.No.No, in.Member, bundle.Choice(in.Body.Choice))
			return a.begun(ctx, r, in.No.No, err)
		})
	add(a, door.ResidentAt(1), huma.Operation{OperationID: "bundle_close", Method: http.MethodPost, Path: "/api/v1/bundles/{no}/away", Summary: "Put a matter of life away; cases that have begun go on", Tags: tags},
		func(ctx context.Context, r *door.Request, in *No) (*bundleBody, error) {
			_, err := a.c.Bundle.Close(ctx, a.who(r), in.No)
			return a.begun(ctx, r, in.No, err)
		})
}

// begun answers with a bundle as it stands.
func (a *API) begun(ctx context.Context, r *door.Request, no string, err error) (*bundleBody, error) {
	if err != nil {
		return nil, err
	}
	s, err := a.c.Bundle.Show(ctx, a.who(r), no, "")
	if err != nil {
		return nil, err
	}
	out := bundled(s.Bundle)
	if s.Bundle.State == bundle.Draft {
		v := ViewOf(s.View)
		out.View = &v
	}
	for _, one := range s.Plan.Steps {
		kept := s.Bundle.Members[one.ID]
		out.Members = append(out.Members, BundlePart{ID: one.ID, Service: one.Service, Standing: string(one.Standing), For: one.For, Why: kept.Why, Case: kept.Case})
	}
	return &bundleBody{Body: out}, nil
}

func bundled(b bundle.Bundle) Bundle {
	return Bundle{No: b.No, City: b.City, Matter: b.Bundle, Version: b.Version, State: string(b.State), Opened: b.Opened, Updated: b.Updated}
}
