package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"zhijian/domain/cases"
	"zhijian/door"
)

// Remedies is what can be done about a case, and what became of it.
type Remedies struct {
	Corrects    []Field      `json:"corrects,omitempty" doc:"Answers that can be put right now, by POST …/correct"`
	Corrections []Correction `json:"corrections,omitempty" doc:"What was put right, old and new"`
	Recallable  bool         `json:"recallable,omitempty" doc:"What was filed can be taken back by POST …/withdraw: its office is asked, the state is recalling until it has answered, then withdrawn with money and place given back, or as before when the office keeps it"`
	Recalls     []Recall     `json:"recalls,omitempty" doc:"How it was taken back, oldest first"`
	Objection   *Objection   `json:"objection,omitempty" doc:"The decision can be, or was, appealed against"`
	Amending    *Amending    `json:"amending,omitempty" doc:"A mistake in the result can be, or was, pointed out"`
	Followup    *Followup    `json:"followup,omitempty" doc:"What the department does about a bad rating"`
}

// Correction is one answer that was put right.
type Correction struct {
	At    time.Time `json:"at"`
	Label string    `json:"label"`
	Was   string    `json:"was"`
	Now   string    `json:"now"`
}

// Recall is one time that the resident took back what was filed.
type Recall struct {
	At       time.Time `json:"at"`
	Answered time.Time `json:"answered,omitzero"`
	Outcome  string    `json:"outcome,omitempty" doc:"letgo or kept; absent while the office is asked"`
	Reason   string    `json:"reason,omitempty" doc:"Why it was kept, in the office's words"`
}

// Objection is what can be done about how a case ended.
type Objection struct {
	Until          time.Time `json:"until" doc:"The appeal must be made before this"`
	Open           bool      `json:"open" doc:"An appeal can be made now; papers for it are uploaded for the step and answer appeal-files"`
	ReconsiderBy   time.Time `json:"reconsider_by,omitzero" doc:"Administrative reconsideration can be asked for until then at the least: 60 days from learning of it (行政复议法 20); only where the decision is an administrative act"`
	LitigateBy     time.Time `json:"litigate_by,omitzero" doc:"The courts are open until then at the least: 6 months from learning of it (行政诉讼法 46)"`
	Reasons        string    `json:"reasons,omitempty" doc:"Of the appeal that was made"`
	Due            time.Time `json:"due,omitzero" doc:"When it must be answered"`
	Outcome        string    `json:"outcome,omitempty" doc:"upheld, changed or back; absent until it is decided"`
	OutcomeReasons string    `json:"outcome_reasons,omitempty"`
}

// Followup is how a department follows up a bad rating. It does not know who rated.
type Followup struct {
	ContactBy time.Time `json:"contact_by"`
	Due       time.Time `json:"due"`
	Note      string    `json:"note,omitempty"`
	Answer    string    `json:"answer,omitempty"`
	Ask       bool      `json:"ask,omitempty" doc:"POST …/settle says whether the answer settles it"`
	Settled   string    `json:"settled,omitempty" doc:"yes or no"`
}

// The times of the ways outside the house against an administrative act: 行政复议法 (2023) article 20, 行政诉讼法 article 46.
const (
	reconsiderDays = 60
	litigateMonths = 6
)

// remediesOf is nil where there is nothing.
func remediesOf(s cases.Shown) *Remedies {
	out := Remedies{Corrects: fieldsOf(s.Corrects), Recallable: s.Recallable}
	for _, a := range s.Case.Remedies.Recalls {
		out.Recalls = append(out.Recalls, Recall{a.At, a.Answered, string(a.Outcome), a.Reason})
	}
	for _, c := range s.Case.Remedies.Corrections {
		for _, row := range c.Rows {
			out.Corrections = append(out.Corrections, Correction{At: c.At, Label: row.Label, Was: row.Was, Now: row.Now})
		}
	}
	if o := s.Objection; o != nil {
		out.Objection = &Objection{Until: o.Until, Open: o.Open}
		if o.Terms.Act {
			out.Objection.ReconsiderBy, out.Objection.LitigateBy = o.Ended.AddDate(0, 0, reconsiderDays), o.Ended.AddDate(0, litigateMonths, 0)
		}
		if a := o.Made; a != nil {
			out.Objection.Reasons, out.Objection.Due, out.Objection.Outcome, out.Objection.OutcomeReasons = a.Reasons, a.Due, string(a.Outcome), a.Reason
		}
	}
	out.Amending = amendingOf(s)
	if f := s.Case.Remedies.Followup; f != nil && !f.Dropped {
		out.Followup = &Followup{ContactBy: f.ContactBy, Due: f.Due, Note: f.Note, Answer: f.Answer, Ask: !f.Answered.IsZero() && f.Settled == "", Settled: f.Settled}
	}
	if len(out.Corrects)+len(out.Corrections)+len(out.Recalls) == 0 && !out.Recallable && out.Objection == nil && out.Amending == nil && out.Followup == nil {
		return nil
	}
	return &out
}

// remedies are the verbs of what a resident can do about what she sent, what was decided and how.
func (a *API) remedies() {
	add(a, door.ResidentAt(1), huma.Operation{OperationID: "correct", Method: http.MethodPost, Path: "/api/v1/cases/{no}/correct", Summary: "Put answers right while they are decided on; those that are not named stand", Tags: []string{"cases"}},
		func(ctx context.Context, r *door.Request, in *struct {
			No
			Body Values
		},
		) (*caseBody, error) {
			if _, err := a.c.Cases.Correct(ctx, a.who(r), in.No.No, in.Body.inputs()); err != nil {
				return nil, err
			}
			return a.settled(ctx, r, in.No.No)
		})
	add(a, door.ResidentAt(1), huma.Operation{OperationID: "appeal", Method: http.MethodPost, Path: "/api/v1/cases/{no}/appeal", Summary: "Appeal against the decision, once, to a second person of the department", Tags: []string{"cases"}},
		func(ctx context.Context, r *door.Request, in *struct {
			No
			Body struct {
				Reasons string `json:"reasons" maxLength:"4000" doc:"5 to 1,000 characters"`
			}
		},
		) (*caseBody, error) {
			if _, err := a.c.Cases.Appeal(ctx, a.who(r), in.No.No, in.Body.Reasons); err != nil {
				return nil, err
			}
			return a.settled(ctx, r, in.No.No)
		})
	a.amend()
	add(a, door.ResidentAt(1), huma.Operation{OperationID: "settle", Method: http.MethodPost, Path: "/api/v1/cases/{no}/settle", Summary: "Say, once, whether the answer to a bad rating settles it", Tags: []string{"cases"}},
		func(ctx context.Context, r *door.Request, in *struct {
			No
			Body struct {
				Settled bool `json:"settled"`
			}
		},
		) (*caseBody, error) {
			if err := a.c.Cases.Settle(ctx, a.who(r), in.No.No, in.Body.Settled); err != nil {
				return nil, err
			}
			return a.settled(ctx, r, in.No.No)
		})
}
