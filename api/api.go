// Package api is the door for machines: everything a resident can do on the pages, as JSON, and the
// payment channel's notices.
//
// It is version 1 under /api/v1 and described by OpenAPI 3.1 at /api/openapi.json, made from the same
// types that answer. A program signs in like a resident and sends the token as "Authorization: Bearer".
// Faults are problem documents (RFC 9457) whose code is stable and whose detail is the sentence residents read.
// A View means the same here as on a page: the service is written once.
package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"zhijian/domain/bundle"
	"zhijian/domain/cases"
	"zhijian/domain/identity"
	"zhijian/domain/message"
	"zhijian/domain/payment"
	"zhijian/domain/region"
	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
)

// Notices proves and opens what the payment channel pushes. fault.Denied means it is not from the channel.
type Notices interface {
	Open(ctx context.Context, header http.Header, body []byte) (payment.Notice, error)
}

// Finder finds services of a city by what residents type.
type Finder interface {
	Services(city, q string, limit int) []string
}

// Config is what the door needs. Every field is required.
type Config struct {
	Cases     *cases.Desk
	Bundle    *bundle.Desk
	Identity  *identity.Desk
	Message   *message.Desk
	Payment   *payment.Desk
	Notices   Notices
	Regions   *region.Tree
	Catalogue *service.Live
	Find      Finder
	Editions  Editions
	Visits    Visits
	// Say gives a fault's sentence in a language.
	Say   func(lang string, f *fault.Error) string
	Clock clock.Clock
	Log   *slog.Logger
}

// API is the door.
type API struct {
	c      Config
	mux    *http.ServeMux
	huma   huma.API
	routes []door.Route
}

// New checks the configuration and registers every operation.
func New(c Config) (*API, error) {
	if c.Cases == nil || c.Bundle == nil || c.Identity == nil || c.Message == nil || c.Payment == nil || c.Notices == nil ||
		c.Regions == nil || c.Catalogue == nil || c.Find == nil || c.Editions == nil || c.Visits == nil || c.Say == nil || c.Clock == nil || c.Log == nil {
		return nil, errors.New("api: a field of Config is missing")
	}
	a := &API{c: c, mux: http.NewServeMux()}
	conf := huma.DefaultConfig("Zhijian 指尖", "1")
	conf.Info.Description = "Services of a city: find them, have them done, pay, track. The same views as the pages, as JSON."
	conf.OpenAPIPath, conf.DocsPath, conf.SchemasPath = "", "", ""
	conf.CreateHooks = nil // no $schema members in answers
	conf.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"resident": {Type: "http", Scheme: "bearer", Description: "The token that POST /api/v1/login gave."},
	}
	a.huma = humago.New(a.mux, conf)
	a.places()
	a.people()
	a.matters()
	a.bundles()
	a.prechecks()
	a.observatory()
	a.visits()
	a.huma.OpenAPI().Components.Schemas.Map()["ErrorModel"].Properties["code"] = &huma.Schema{
		Type: huma.TypeString, Description: "Stable name of what is wrong", Examples: []any{"plate.short"},
	}
	a.routes = append(a.routes,
		door.Route{
			Method: http.MethodGet, Path: "/api/openapi.json", About: "description of this API, OpenAPI 3.1",
			Access: door.Public, Handler: a.describe,
		},
		door.Route{
			Method: http.MethodPost, Path: "/notify/pay", About: "payment notices of the channel",
			Access: door.SignedNotice, AnyHost: true, Takes: door.TakesRaw, Limit: door.Limit{Body: 64 << 10, Class: door.Notices}, Handler: a.payNotice,
		})
	return a, nil
}

// Set is the door's routes.
func (a *API) Set() door.Set {
	return door.Set{Face: door.Problems{Say: a.c.Say}, Routes: a.routes, Bearer: true}
}

// OpenAPI is the description as YAML, for docs/openapi.yaml.
func (a *API) OpenAPI() ([]byte, error) { return a.huma.OpenAPI().YAML() }

func (a *API) describe(w http.ResponseWriter, _ *door.Request) error {
	b, err := a.huma.OpenAPI().MarshalJSON()
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/openapi+json")
	_, err = w.Write(b)
	return err
}

type callKey struct{}

// caller is the request as the door saw it, for the operation.
func caller(ctx context.Context) *door.Request {
	return ctx.Value(callKey{}).(*door.Request) // put there by add, around every operation
}

// add registers an operation once for the description and once as a route of the door.
func add[I, O any](a *API, access door.Access, op huma.Operation, do func(context.Context, *door.Request, *I) (*O, error)) {
	if access != door.Public {
		op.Security = []map[string][]string{{"resident": {}}}
	}
	op.Errors = []int{http.StatusBadRequest, http.StatusNotFound, http.StatusTooManyRequests}
	huma.Register(a.huma, op, func(ctx context.Context, in *I) (*O, error) {
		r := caller(ctx)
		out, err := do(ctx, r, in)
		if err != nil {
			return nil, a.problem(ctx, r, err)
		}
		return out, nil
	})
	takes, limit := door.TakesForm, door.Limit{Class: door.Machine}
	if op.Tags[0] == "login" {
		limit.Class = door.Signing
	}
	bodied := false
	switch {
	case op.MaxBodyBytes > 0:
		takes, limit.Body, limit.Time = door.TakesRaw, op.MaxBodyBytes, op.BodyReadTimeout
	case op.Method == http.MethodPost:
		takes = door.TakesJSON
		bodied = a.huma.OpenAPI().Paths[op.Path].Post.RequestBody != nil
	case op.Method != http.MethodGet:
		takes = door.TakesRaw // no body is read
	}
	a.routes = append(a.routes, door.Route{
		Method: op.Method, Path: op.Path, About: op.Summary, Access: access, Takes: takes, Limit: limit,
		Handler: func(w http.ResponseWriter, r *door.Request) error {
			if takes == door.TakesJSON {
				if err := plain(r, bodied); err != nil {
					return err
				}
			}
			a.mux.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), callKey{}, r)))
			return nil
		},
	})
}

// Problem is a problem document (RFC 9457) with a stable code.
type Problem struct {
	huma.ErrorModel
	Code string `json:"code" doc:"Stable name of what is wrong"`
}

// problem turns a fault into a problem document.
func (a *API) problem(ctx context.Context, r *door.Request, err error) error {
	f := fault.Of(err)
	if f == nil {
		a.c.Log.LogAttrs(ctx, slog.LevelError, "fault", slog.String("request", r.ID), slog.String("cause", err.Error()))
		f = &fault.Error{Kind: fault.KindInternal, Code: "internal", Public: "这件事没能办成，是我们的问题，不是您的问题。请再试一次"}
	}
	status := map[fault.Kind]int{
		fault.KindInvalid: http.StatusUnprocessableEntity, fault.KindNotFound: http.StatusNotFound, fault.KindDenied: http.StatusForbidden,
		fault.KindConflict: http.StatusConflict, fault.KindTooMany: http.StatusTooManyRequests,
		fault.KindUnavailable: http.StatusServiceUnavailable, fault.KindInternal: http.StatusInternalServerError,
	}[f.Kind]
	if f.Kind == fault.KindDenied && f.Code == door.CodeSignIn {
		status = http.StatusUnauthorized
	}
	m := &Problem{Code: f.Code, ErrorModel: huma.ErrorModel{Type: "about:blank", Status: status, Title: http.StatusText(status), Detail: a.c.Say(lang(r), f)}}
	for _, e := range f.All() {
		if e.Field != "" {
			m.Errors = append(m.Errors, &huma.ErrorDetail{Message: a.c.Say(lang(r), e), Location: "body.values." + e.Field})
		}
	}
	if f.RetryAfter > 0 {
		return huma.ErrorWithHeaders(m, http.Header{"Retry-After": {seconds(f.RetryAfter)}})
	}
	return m
}
