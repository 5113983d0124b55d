package console

import (
	"cmp"
	"net/http"
	"strings"

	"zhijian/domain/cases"
	"zhijian/door"
	"zhijian/ground/fault"
	"zhijian/ui/component"
	"zhijian/ui/say"
	"zhijian/ui/wording"
)

// show asks why somebody wants to look at a case, before anything of it is shown.
func (c *Console) show(w http.ResponseWriter, r *door.Request) error {
	return c.drawPurpose(w, r, http.StatusOK, nil)
}

func (c *Console) drawPurpose(w http.ResponseWriter, r *door.Request, status int, wrong *fault.Error) error {
	no := r.PathValue("no")
	if err := c.c.Cases.Within(r.Context(), r.Actor, no); err != nil {
		return err
	}
	page := purposePage{
		Action: "/console/cases/" + no, Note: wording.T(r.Lang, "desk.purpose_note"),
		Why:    component.DeskChoices{Name: "purpose", Label: wording.T(r.Lang, "desk.purpose"), Error: about(r.Lang, wrong, "purpose")},
		Button: component.DeskButton{Text: wording.T(r.Lang, "desk.look")},
	}
	for _, p := range cases.Purposes() {
		page.Why.Options = append(page.Why.Options, component.Choice{Value: p, Title: wording.T(r.Lang, "desk.purpose_"+p)})
	}
	title := wording.T(r.Lang, "desk.purpose")
	return render(w, r, status, c.frame(w, r, title).In(), page.view(component.DeskHead{Title: title, Sub: say.Number(no)}))
}

// read shows one case to who said why: where it stands and what happened, without the resident's data.
func (c *Console) read(w http.ResponseWriter, r *door.Request) error {
	return c.drawCase(w, r, http.StatusOK, r.Value("purpose"), nil)
}

func (c *Console) drawCase(w http.ResponseWriter, r *door.Request, status int, purpose string, wrong *fault.Error) error {
	seen, err := c.c.Cases.Read(r.Context(), r.Actor, r.PathValue("no"), purpose)
	if f := fault.Of(err); f != nil && f.Kind == fault.KindInvalid {
		return c.drawPurpose(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	one := seen.Case
	now := c.c.Clock.Now()
	page := casePage{
		Facts: component.KeyValues{Rows: []component.Row{
			{Key: wording.T(r.Lang, "desk.state"), Value: wording.T(r.Lang, "state."+string(one.State))},
			{Key: wording.T(r.Lang, "desk.opened"), Value: say.Moment(r.Lang, one.Opened, now)},
			{Key: wording.T(r.Lang, "desk.updated"), Value: say.Moment(r.Lang, one.Updated, now)},
		}},
		Masked: wording.T(r.Lang, "desk.masked"), Timeline: wording.T(r.Lang, "desk.timeline"),
	}
	if x := seen.Between; x.Agent != "" {
		page.Facts.Rows = append(page.Facts.Rows, component.Row{
			Key: wording.T(r.Lang, "desk.for"), Value: x.Principal, Note: wording.T(r.Lang, "desk.for_"+x.Right, x.Agent),
		})
	}
	for _, e := range one.Log {
		page.History.Rows = append(page.History.Rows, component.Row{Key: say.Moment(r.Lang, e.At, now), Value: wording.T(r.Lang, "course."+e.Code), Note: whoDid(r.Lang, e.Who)})
	}
	for _, a := range one.Remedies.Recalls {
		outcome := "desk.recall_asked"
		if a.Outcome != "" {
			outcome = "desk.recall_" + string(a.Outcome)
		}
		page.Facts.Rows = append(page.Facts.Rows, component.Row{Key: wording.T(r.Lang, "desk.recall"), Value: wording.T(r.Lang, outcome), Note: cmp.Or(a.Reason, say.Moment(r.Lang, a.At, now))})
	}
	if one.State == cases.Stuck && !one.Data.Stuck {
		page.Facts.Rows[0].Note = wording.T(r.Lang, "desk.stuck_money") // the operator has its refund before them
	}
	if one.State == cases.Stuck && one.Data.Stuck {
		page.Action = "/console/cases/" + one.No + "/decide"
		page.Note = wording.T(r.Lang, "desk.stuck_note")
		if one.Data.Recalling() {
			page.Note = wording.T(r.Lang, "desk.recall_note")
		}
		if p, ok := one.Proposal(); ok {
			page.Note = wording.T(r.Lang, "desk.second", wording.T(r.Lang, "desk.what_"+string(p.What)))
		}
		page.What = component.DeskChoices{Name: "what", Label: wording.T(r.Lang, "desk.what"), Error: about(r.Lang, wrong, "what")}
		for _, d := range cases.Decisions() {
			page.What.Options = append(page.What.Options, component.Choice{Value: string(d), Title: wording.T(r.Lang, "desk.what_"+string(d)), On: r.Value("what") == string(d)})
		}
		page.Reason = component.DeskInput{
			Name: "reason", Label: wording.T(r.Lang, "desk.reason"), Hint: wording.T(r.Lang, "desk.reason_hint"), Lines: 3, Max: 500,
			Value: r.Value("reason"), Error: about(r.Lang, wrong, "reason"),
		}
		page.Button = component.DeskButton{Text: wording.T(r.Lang, "desk.confirm")}
	}
	if page.Review = c.reviewOf(r, seen, wrong); page.Review != nil {
		page.Masked, page.Action = wording.T(r.Lang, "desk.review_masked"), ""
	}
	title := c.serviceName(one, r.Lang)
	return render(w, r, status, c.frame(w, r, title).In(), page.view(component.DeskHead{Title: title, Sub: say.Number(one.No)}))
}

// decide moves a stuck case; what was typed stays when something is missing.
func (c *Console) decide(w http.ResponseWriter, r *door.Request) error {
	_, err := c.c.Cases.Decide(r.Context(), r.Actor, r.PathValue("no"), cases.Decision(r.Value("what")), strings.TrimSpace(r.Value("reason")))
	if f := fault.Of(err); f != nil && f.Kind == fault.KindInvalid {
		return c.drawCase(w, r, http.StatusUnprocessableEntity, cases.Purposes()[0], f)
	}
	if err != nil {
		return err
	}
	return r.See(w, "/console/stuck")
}

// about gives what is wrong with one input, "" when nothing is.
func about(lang string, wrong *fault.Error, field string) string {
	if wrong == nil {
		return ""
	}
	for _, f := range wrong.All() {
		if f.Field == field {
			return wording.Fault(lang, f)
		}
	}
	return ""
}

// allAbout gives every sentence about a field.
func allAbout(lang string, wrong *fault.Error, field string) (out []string) {
	if wrong == nil {
		return nil
	}
	for _, f := range wrong.All() {
		if f.Field == field {
			out = append(out, wording.Fault(lang, f))
		}
	}
	return out
}

// whoDid names who moved a case: the resident and the house by their words, an office by its name.
func whoDid(lang, who string) string {
	if who == "you" || who == "house" {
		return wording.T(lang, "who."+who)
	}
	return who
}
