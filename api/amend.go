package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"zhijian/domain/cases"
	"zhijian/door"
)

// Amending is what can be done about a mistake in a finished result, and what came of it.
type Amending struct {
	Until time.Time   `json:"until" doc:"A mistake must be pointed out before this, by POST …/amend"`
	Left  int         `json:"left" doc:"How often it still can be"`
	Open  bool        `json:"open" doc:"It can be now: one is answered before the next"`
	Asked []Amendment `json:"asked,omitempty" doc:"What was pointed out, oldest first"`
}

// Amendment is one mistake that was pointed out.
type Amendment struct {
	At      time.Time    `json:"at"`
	Said    string       `json:"said"`
	Due     time.Time    `json:"due" doc:"When it must be answered"`
	Outcome string       `json:"outcome,omitempty" doc:"amended or declined; absent until it is answered"`
	Reason  string       `json:"reason,omitempty"`
	Changes []Correction `json:"changes,omitempty" doc:"What was put right, old and new"`
}

// amendingOf is nil where there is nothing.
func amendingOf(s cases.Shown) *Amending {
	may := s.Amending
	if may == nil {
		return nil
	}
	out := &Amending{Until: may.Until, Left: may.Left, Open: may.Open}
	for _, a := range s.Case.Remedies.Amendments {
		x := Amendment{At: a.At, Said: a.Said, Due: a.Due, Outcome: string(a.Outcome), Reason: a.Reason}
		for _, row := range a.Rows {
			x.Changes = append(x.Changes, Correction{At: a.Decided, Label: row.Label, Was: row.Was, Now: row.Now})
		}
		out.Asked = append(out.Asked, x)
	}
	return out
}

// amend is the verb of a mistake in a result.
func (a *API) amend() {
	add(a, door.ResidentAt(1), huma.Operation{OperationID: "amend", Method: http.MethodPost, Path: "/api/v1/cases/{no}/amend", Summary: "Point out a mistake in a finished result, so that the office puts it right", Tags: []string{"cases"}},
		func(ctx context.Context, r *door.Request, in *struct {
			No
			Body struct {
				Said string `json:"said" maxLength:"2000" doc:"What is wrong and what it should be, 2 to 500 characters"`
			}
		},
		) (*caseBody, error) {
			if _, err := a.c.Cases.AskAmend(ctx, a.who(r), in.No.No, in.Body.Said); err != nil {
				return nil, err
			}
			return a.settled(ctx, r, in.No.No)
		})
}
