package steps

import (
	"net/http"

	"github.com/a-h/templ"

	"zhijian/domain/cases"
	"zhijian/door"
	"zhijian/ground/fault"
	"zhijian/ui/component"
	"zhijian/ui/say"
	"zhijian/web/frame"
)

// askAmend is the page of a mistake in a finished result: what is wrong while that can be said, and what came of what was said before.
func (s *Steps) askAmend(w http.ResponseWriter, r *door.Request) error {
	shown, err := s.c.Cases.Show(r.Context(), frame.Who(r), r.PathValue("no"), "")
	if err != nil {
		return err
	}
	return s.drawAmend(w, r, http.StatusOK, shown, nil)
}

func (s *Steps) drawAmend(w http.ResponseWriter, r *door.Request, status int, shown cases.Shown, wrong error) error {
	no, a := shown.Case.No, shown.Amending
	if a == nil {
		return r.See(w, casePath(no))
	}
	made, now := shown.Case.Remedies.Amendments, s.f.Clock().Now()
	title := s.f.T(r, "steps.amend.title")
	if !a.Open {
		title = s.f.T(r, "steps.amend.see")
	}
	p := s.f.Page(r, title)
	p.City, p.Plain, p.Failed = shown.Offer.Definition.Name.In(r.Lang), true, wrong != nil
	q := remedyPage{
		nav:   s.forWhom(r, shown, component.Nav{Title: shown.Offer.Definition.Name.In(r.Lang), Back: casePath(no)}),
		flash: s.f.Flash(w, r), errors: component.ErrorSummary{Problems: s.f.Problems(r, wrong)}, title: title,
	}
	for i := len(made) - 1; i >= 0; i-- {
		q.body = append(q.body, component.SummaryList{Rows: s.amendRows(r, made[i])})
	}
	if a.Open {
		result := component.SummaryList{Rows: []component.Row{
			{Key: s.f.T(r, "steps.amend.result"), Value: shown.View.Title, Note: s.f.T(r, "steps.amend.decision")},
			{Key: s.f.T(r, "steps.amend.ended"), Value: say.Day(r.Lang, shown.Case.Ended, now)},
		}}
		q.lead = s.f.T(r, "steps.amend.lead", until(r.Lang, a.Until), a.Left)
		q.form = component.Form{Action: casePath(no) + "/amend"}
		q.body = append([]templ.Component{result, component.TextArea{
			Name: "said", Label: s.f.T(r, "steps.amend.said"), Hint: s.f.T(r, "steps.amend.hint"), Max: 500, Value: r.Value("said"), Error: s.fieldError(r, wrong, "said", ""),
		}}, q.body...)
		q.bar = component.ActionBar{Button: component.Button{Text: s.f.T(r, "steps.amend.do"), Busy: s.f.T(r, "steps.amend.busy")}}
	} else if n := len(made); n == 0 || made[n-1].Outcome != "" {
		q.lead = s.f.T(r, "steps.amend.over", until(r.Lang, a.Until))
		if a.Left == 0 {
			q.lead = s.f.T(r, "steps.amend.many", n)
		}
	}
	return s.f.Render(w, r, status, p, remedyView(q))
}

// amendRows is how one mistake that was pointed out stands.
func (s *Steps) amendRows(r *door.Request, a cases.Amendment) []component.Row {
	now := s.f.Clock().Now()
	rows := []component.Row{
		{Key: s.f.T(r, "steps.amend.since"), Value: say.Day(r.Lang, a.At, now)},
		{Key: s.f.T(r, "steps.amend.said"), Value: a.Said},
	}
	switch a.Outcome {
	case "":
		return append(rows, component.Row{Key: s.f.T(r, "steps.amend.due"), Value: until(r.Lang, a.Due)})
	case cases.Amended:
		rows = append(rows, component.Row{Key: s.f.T(r, "steps.amend.outcome"), Value: s.f.T(r, "steps.log.amended"), Note: a.Reason})
	default:
		rows = append(rows, component.Row{Key: s.f.T(r, "steps.amend.outcome"), Value: s.f.T(r, "steps.log.amend_declined"), Note: a.Reason})
	}
	return append(rows, s.amendedRows(r, a)...)
}

// amendedRows tells what was put right, old and new.
func (s *Steps) amendedRows(r *door.Request, a cases.Amendment) (rows []component.Row) {
	for _, x := range a.Rows {
		rows = append(rows, component.Row{Key: x.Label, Value: x.Now, Note: s.f.T(r, "steps.amended.was", x.Was)})
	}
	return rows
}

// amend takes what is wrong in a result.
func (s *Steps) amend(w http.ResponseWriter, r *door.Request) error {
	no, who := r.PathValue("no"), frame.Who(r)
	_, err := s.c.Remedies.AskAmend(r.Context(), who, no, r.Value("said"))
	switch {
	case err == nil:
		r.Flash(w, "steps.flash.amending")
		return r.See(w, casePath(no)+"/amend")
	case fault.Is(err, fault.KindConflict):
		return r.See(w, casePath(no)+"/amend") // which says why not
	case !fault.Is(err, fault.KindInvalid):
		return err
	}
	shown, gone := s.c.Cases.Show(r.Context(), who, no, "")
	if gone != nil {
		return gone
	}
	return s.drawAmend(w, r, http.StatusUnprocessableEntity, shown, err)
}

// amending is the way to point out a mistake in a result, nothing where there is none and never was one.
func (s *Steps) amending(r *door.Request, shown cases.Shown) []component.Item {
	a, made := shown.Amending, shown.Case.Remedies.Amendments
	if a == nil || !a.Open && len(made) == 0 {
		return nil
	}
	it := component.Item{Title: s.f.T(r, "steps.amend"), Href: casePath(shown.Case.No) + "/amend", Icon: "square-pen"}
	switch n := len(made); {
	case n > 0 && made[n-1].Outcome == "":
		it.Title, it.Lines = s.f.T(r, "steps.amend.see"), []string{s.f.T(r, "steps.amend.by", until(r.Lang, made[n-1].Due))}
	case !a.Open:
		it.Title = s.f.T(r, "steps.amend.see")
	default:
		it.Lines = []string{s.f.T(r, "steps.amend.last", until(r.Lang, a.Until))}
	}
	return []component.Item{it}
}

// amended says on a result that it was put right, and what it said before.
func (s *Steps) amended(r *door.Request, shown cases.Shown) (note component.Note, rows component.SummaryList) {
	at := shown.Case.Remedies.LastAmended()
	if at.IsZero() {
		return component.Note{}, component.SummaryList{}
	}
	for _, a := range shown.Case.Remedies.Amendments {
		rows.Rows = append(rows.Rows, s.amendedRows(r, a)...)
	}
	return component.Note{Tone: component.OK, Text: s.f.T(r, "steps.amend.done", say.Day(r.Lang, at, s.f.Clock().Now()))}, rows
}

// putRight gives a line of the timeline what it tells was put right, old and new.
func (s *Steps) putRight(r *door.Request, shown cases.Shown, e cases.Entry) string {
	if e.Code != "amended" {
		return ""
	}
	text := ""
	for _, a := range shown.Case.Remedies.Amendments {
		if !a.Decided.Equal(e.At) {
			continue
		}
		for _, x := range a.Rows {
			if text != "" {
				text += s.f.T(r, "steps.amended.and")
			}
			text += s.f.T(r, "steps.amended.row", x.Label, x.Was, x.Now)
		}
	}
	return text
}
