package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"zhijian/door"
	"zhijian/ground/fault"
)

// District is a part of the city that one can say one is in.
type District struct {
	Code string `json:"code" doc:"GB/T 2260"`
	Name string `json:"name" doc:"In Chinese"`
	En   string `json:"en,omitempty" doc:"In English"`
}

// near sorts the places of a step by how far they are.
func (a *API) near() {
	add(a, door.ResidentAt(1), huma.Operation{
		OperationID: "near", Method: http.MethodPost, Path: "/api/v1/cases/{no}/steps/{step}/near", Tags: []string{"cases"},
		Summary:     "The case with the places that can be chosen sorted by how far they are, nearest first",
		Description: "Changes nothing, and nothing of where one is is kept. A position is looked at to a thousandth of a degree, about 100 m. Only for a view that has places.",
	},
		func(ctx context.Context, r *door.Request, in *struct {
			No
			Step string `path:"step" maxLength:"64"`
			Body struct {
				Where string `json:"where" maxLength:"64" doc:"Code or name of one of the view's places, or latitude and longitude in WGS-84: 30.274,120.155"`
			}
		},
		) (*caseBody, error) {
			s, err := a.c.Cases.Show(ctx, a.who(r), in.No.No, in.Step)
			if err != nil {
				return nil, err
			}
			if s.View.Step != in.Step || len(s.View.Places) == 0 {
				return nil, fault.Conflict("near.none", "这一步没有可以按远近排的地方")
			}
			s.View, err = s.View.Near(in.Body.Where, r.Lang)
			return a.one(ctx, r, s, err)
		})
}
