package api

import (
	"context"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/ground/fault"
	"zhijian/ui/wording"
)

// City is one city that can be chosen.
type City struct {
	Slug     string  `json:"slug" doc:"Used in addresses" example:"hangzhou"`
	Code     string  `json:"code" doc:"GB/T 2260 code, edition 2015" example:"330100"`
	Name     string  `json:"name" example:"杭州市"`
	Short    string  `json:"short" example:"杭州"`
	Province string  `json:"province,omitempty" example:"浙江省"`
	Lon      float64 `json:"lon"`
	Lat      float64 `json:"lat"`
	Open     bool    `json:"open" doc:"Whether services can be had there now"`
}

// Service is what a city offers.
type Service struct {
	ID         string   `json:"id" example:"traffic-fine-payment"`
	Name       string   `json:"name"`
	About      string   `json:"about,omitempty"`
	Group      string   `json:"group"`
	Type       string   `json:"type"`
	Level      int      `json:"level" doc:"Identity level that its last step needs, 0 to 4"`
	Who        string   `json:"who,omitempty"`
	Fee        string   `json:"fee,omitempty"`
	Time       string   `json:"time,omitempty" doc:"Promised time"`
	Legal      string   `json:"legal,omitempty" doc:"Legal time limit"`
	Needs      []string `json:"needs,omitempty"`
	List       []Need   `json:"list,omitempty" doc:"Needs with how each is wanted and where one gets it"`
	Basis      []string `json:"basis,omitempty"`
	Department string   `json:"department"`
	Account    string   `json:"account" doc:"Alias of the official account that answers for it"`
	Version    int      `json:"version"`
	Rating     *Figures `json:"rating,omitempty" doc:"Of one service only, and once ten people have rated it"`
}

func (a *API) places() {
	add(a, door.Public, huma.Operation{OperationID: "cities", Method: http.MethodGet, Path: "/api/v1/cities", Summary: "Cities, all or those that match a name or pinyin", Tags: []string{"places"}},
		func(_ context.Context, _ *door.Request, in *struct {
			Q string `query:"q" maxLength:"100" doc:"Name, pinyin or initials"`
		},
		) (*struct{ Body []City }, error) {
			found := a.c.Regions.Cities()
			if in.Q != "" {
				found = a.c.Regions.Search(in.Q, 20)
			}
			out := &struct{ Body []City }{Body: []City{}}
			for _, r := range found {
				if r.Slug != "" {
					out.Body = append(out.Body, a.city(r.Code))
				}
			}
			return out, nil
		})
	add(a, door.Public, huma.Operation{OperationID: "services", Method: http.MethodGet, Path: "/api/v1/cities/{slug}/services", Summary: "Services of a city", Tags: []string{"places"}},
		func(_ context.Context, r *door.Request, in *struct {
			Lang
			Slug  string `path:"slug"`
			Q     string `query:"q" maxLength:"100" doc:"What a resident would type"`
			Group string `query:"group"`
		},
		) (*struct{ Body []Service }, error) {
			code, err := a.code(in.Slug)
			if err != nil {
				return nil, err
			}
			out := &struct{ Body []Service }{Body: []Service{}}
			if in.Q != "" {
				for _, id := range a.c.Find.Services(code, in.Q, 20) {
					if o, ok := a.c.Catalogue.Offer(code, id); ok {
						out.Body = append(out.Body, offered(o, in.Lang.Lang))
					}
				}
				return out, nil
			}
			for _, o := range a.c.Catalogue.Offers(code) {
				if in.Group == "" || o.Definition.Group == in.Group {
					out.Body = append(out.Body, offered(o, in.Lang.Lang))
				}
			}
			return out, nil
		})
	add(a, door.Public, huma.Operation{OperationID: "service", Method: http.MethodGet, Path: "/api/v1/cities/{slug}/services/{id}", Summary: "One service of a city: who, cost, time, what is needed, legal basis", Tags: []string{"places"}},
		func(ctx context.Context, _ *door.Request, in *struct {
			Lang
			Slug string `path:"slug"`
			ID   string `path:"id"`
		},
		) (*struct{ Body Service }, error) {
			code, err := a.code(in.Slug)
			if err != nil {
				return nil, err
			}
			o, ok := a.c.Catalogue.Offer(code, in.ID)
			if !ok {
				return nil, fault.NotFound("service", "这座城市没有开通这项服务")
			}
			out := &struct{ Body Service }{Body: offered(o, in.Lang.Lang)}
			by, err := a.c.Cases.Ratings(ctx, code)
			if err != nil {
				return nil, err
			}
			if f, ok := by[in.ID].Public(); ok {
				out.Body.Rating = &Figures{Count: f.Count, Mean: f.Mean}
				out.Body.Rating.Good, out.Body.Rating.InTime = orNone(f.Good), orNone(f.InTime)
			}
			return out, nil
		})
}

// Figures are how a service is rated.
type Figures struct {
	Count  int     `json:"count"`
	Mean   float64 `json:"mean" doc:"Of five"`
	Good   *int    `json:"good,omitempty" doc:"Percent of the upper three of the five grades; absent where so few are on one side that they could be guessed"`
	InTime *int    `json:"answered_in_time,omitempty" doc:"Percent of bad ratings that were answered in time; absent while too few were due"`
}

// orNone leaves a figure out that is not public.
func orNone(percent int) *int {
	if percent < 0 {
		return nil
	}
	return &percent
}

// Lang is the language of an answer's sentences.
type Lang struct {
	Lang string `query:"lang" enum:"zh,en" default:"zh" doc:"Language of names and sentences"`
}

func lang(r *door.Request) string {
	if l := r.Query("lang"); l == "en" {
		return "en"
	}
	return "zh"
}

func (a *API) city(code string) City {
	r, _ := a.c.Regions.Find(code)
	c := City{Slug: r.Slug, Code: r.Code, Name: r.Name, Short: r.Short, Lon: r.Lon, Lat: r.Lat, Open: len(a.c.Catalogue.Offers(code)) > 0}
	if p, ok := a.c.Regions.Find(r.Parent); ok && p.Code != "000000" {
		c.Province = p.Name
	}
	return c
}

// code finds a city's code by its slug.
func (a *API) code(slug string) (string, error) {
	r, ok := a.c.Regions.BySlug(slug)
	if !ok {
		return "", fault.NotFound("city", "没有找到这座城市")
	}
	return r.Code, nil
}

func offered(o service.Offer, lang string) Service {
	d := o.Definition
	s := Service{
		ID: d.ID, Name: d.Name.In(lang), About: d.About.In(lang), Group: d.Group, Type: d.Type, Level: d.Level, Who: d.Who.In(lang),
		Fee: d.Fee.In(lang), Time: d.Promise.Text.In(lang), Legal: d.Promise.Legal.In(lang), Department: o.Department, Account: o.Account, Version: d.Version,
	}
	if list := d.ToHave(); len(list) > 0 {
		s.List = needsOf(list, lang)
	}
	for _, n := range d.Needs {
		s.Needs = append(s.Needs, n.In(lang))
	}
	for _, b := range d.Basis {
		if b.Article == "" {
			s.Basis = append(s.Basis, wording.T(lang, "law.whole", b.Law))
		} else {
			s.Basis = append(s.Basis, wording.T(lang, "law.article", b.Law, b.Article))
		}
	}
	return s
}

func seconds(d time.Duration) string { return strconv.Itoa(int(math.Ceil(d.Seconds()))) }
