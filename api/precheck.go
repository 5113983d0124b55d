package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/ground/fault"
	"zhijian/ui/wording"
)

// Eligibility says whether one may have a service, by what was sent; nothing is kept.
type Eligibility struct {
	May     bool     `json:"may" doc:"Nothing that the law says stands in the way; the department decides"`
	Reasons []Reason `json:"reasons,omitempty"`
}

// Reason says why one may not have a service.
type Reason struct {
	Say     string `json:"say"`
	Instead string `json:"instead,omitempty" doc:"What to do"`
	Service string `json:"service,omitempty" doc:"Service to go to"`
	Basis   string `json:"basis"`
}

func (a *API) prechecks() {
	add(a, door.Public, huma.Operation{OperationID: "eligibility", Method: http.MethodGet, Path: "/api/v1/cities/{slug}/services/{id}/eligibility", Summary: "What decides whether one may have a service: a form", Tags: []string{"places"}},
		func(_ context.Context, _ *door.Request, in *struct {
			Lang
			Slug string `path:"slug"`
			ID   string `path:"id"`
		},
		) (*struct{ Body View }, error) {
			p, env, err := a.precheck(in.Slug, in.ID, in.Lang.Lang)
			if err != nil {
				return nil, err
			}
			return &struct{ Body View }{ViewOf(p.View(nil, env))}, nil
		})
	add(a, door.Public, huma.Operation{OperationID: "judge", Method: http.MethodPost, Path: "/api/v1/cities/{slug}/services/{id}/eligibility", Summary: "Whether one may have a service, by the answers; nothing is kept", Tags: []string{"places"}},
		func(_ context.Context, _ *door.Request, in *struct {
			Lang
			Slug string `path:"slug"`
			ID   string `path:"id"`
			Body Values
		},
		) (*struct{ Body Eligibility }, error) {
			p, env, err := a.precheck(in.Slug, in.ID, in.Lang.Lang)
			if err != nil {
				return nil, err
			}
			reasons, err := p.Judge(in.Body.inputs(), env)
			if err != nil {
				return nil, err
			}
			out := Eligibility{May: len(reasons) == 0}
			for _, one := range reasons {
				law := wording.T(env.Lang, "law.whole", one.Basis.Law)
				if one.Basis.Article != "" {
					law = wording.T(env.Lang, "law.article", one.Basis.Law, one.Basis.Article)
				}
				out.Reasons = append(out.Reasons, Reason{Say: one.Say.In(env.Lang), Instead: one.Instead.In(env.Lang), Service: one.Service, Basis: law})
			}
			return &struct{ Body Eligibility }{out}, nil
		})
}

func (a *API) precheck(slug, id, lang string) (*service.Precheck, service.Env, error) {
	code, err := a.code(slug)
	if err != nil {
		return nil, service.Env{}, err
	}
	o, ok := a.c.Catalogue.Offer(code, id)
	if !ok || !o.Definition.Prechecks {
		return nil, service.Env{}, fault.NotFound("service", "这座城市没有开通这项服务")
	}
	return o.Definition.Precheck(), service.Env{Now: a.c.Clock.Now(), Lang: lang, Offer: o}, nil
}
