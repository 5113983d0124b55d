package console

import (
	"net/http"
	"slices"
	"strings"

	"zhijian/domain/cases"
	"zhijian/door"
	"zhijian/ground/fault"
	"zhijian/ui/component"
	"zhijian/ui/say"
)

const amendsPath = "/console/amends"

// amendRoutes are the pages of mistakes that residents point out in finished results.
func (c *Console) amendRoutes() []door.Route {
	return []door.Route{
		{Method: http.MethodGet, Path: amendsPath, About: "mistakes pointed out in results, the most urgent first", Access: door.StaffOnly, Handler: c.amends},
		{Method: http.MethodGet, Path: amendsPath + "/{no}", About: "one result and what is said to be wrong in it; each look is recorded", Access: door.StaffOnly, Handler: c.amendment},
		{Method: http.MethodPost, Path: amendsPath + "/{no}", About: "put a result right, or say why not", Access: door.StaffOnly, Handler: c.decideAmend},
	}
}

func (c *Console) amends(w http.ResponseWriter, r *door.Request) error {
	return c.tasks(w, r, cases.TaskAmend, amendsPath, "desk.amends")
}

// amendPage is one result, what is said to be wrong in it, and the form that puts it right.
type amendPage struct {
	Facts   component.KeyValues
	Said    string
	Result  component.KeyValues
	Form    component.Form
	Note    string
	Outcome component.DeskChoices
	Fields  []component.DeskInput
	Reason  component.DeskInput
	Button  component.DeskButton
	Done    bool
}

func (c *Console) amendment(w http.ResponseWriter, r *door.Request) error {
	return c.drawAmendment(w, r, http.StatusOK, nil)
}

func (c *Console) drawAmendment(w http.ResponseWriter, r *door.Request, status int, wrong *fault.Error) error {
	b, err := c.c.Cases.AmendBrief(r.Context(), r.Actor, r.PathValue("no"))
	if err != nil {
		return err
	}
	now, a := c.c.Clock.Now(), b.Amendment
	p := amendPage{
		Facts: component.KeyValues{Rows: []component.Row{
			{Key: word(r, "desk.case_number"), Value: say.Number(b.Case.No)},
			{Key: word(r, "desk.amend_ended"), Value: say.Moment(r.Lang, b.Case.Ended, now)},
			{Key: word(r, "desk.amend_made"), Value: say.Moment(r.Lang, a.At, now)},
			{Key: word(r, "desk.task_due"), Value: c.until(r, a.Due)},
		}},
		Said: a.Said, Done: a.Outcome != "", Form: component.Form{Action: amendsPath + "/" + a.No}, Note: word(r, "desk.amend_note"),
		Outcome: component.DeskChoices{Name: "outcome", Label: word(r, "desk.amend_outcome"), Error: about(r.Lang, wrong, "outcome")},
		Reason: component.DeskInput{
			Name: "reason", Label: word(r, "desk.amend_reason"), Hint: word(r, "desk.amend_reason_hint"), Lines: 3, Max: 500,
			Value: r.Value("reason"), Error: about(r.Lang, wrong, "reason"),
		},
		Button: component.DeskButton{Text: word(r, "desk.amend_do")},
	}
	able := b.Terms.Step != ""
	switch {
	case !able:
		p.Note = word(r, "desk.amend_over")
	case b.Terms.Office != "":
		p.Note = word(r, "desk.amend_note_office", b.Terms.Office)
	}
	if able {
		p.Result.Rows = append(p.Result.Rows, component.Row{Key: word(r, "desk.amend_result"), Value: b.Terms.Title})
	}
	for _, row := range b.Terms.Rows {
		p.Result.Rows = append(p.Result.Rows, component.Row{Key: row.Label, Value: row.Value, Note: strings.Join(row.Lines, " ")})
	}
	for _, o := range cases.AmendOutcomes() {
		if o != cases.Amended || able {
			p.Outcome.Options = append(p.Outcome.Options, component.Choice{Value: string(o), Title: word(r, "desk.amend_"+string(o)), On: r.Value("outcome") == string(o)})
		}
	}
	for _, f := range b.Terms.Fields {
		in := reviewField(r, f, wrong)
		in.Hint = word(r, "desk.amend_field")
		p.Fields = append(p.Fields, in)
	}
	if a.Outcome != "" {
		p.Facts.Rows = append(p.Facts.Rows, component.Row{Key: word(r, "desk.amend_outcome"), Value: word(r, "desk.amend_"+string(a.Outcome)), Note: a.Reason})
		for _, x := range a.Rows {
			p.Facts.Rows = append(p.Facts.Rows, component.Row{Key: x.Label, Value: x.Now, Note: word(r, "desk.amend_was", x.Was)})
		}
	}
	if wrong != nil && wrong.Field == "" {
		p.Outcome.Error = about(r.Lang, wrong, "")
	}
	head := component.DeskHead{Title: word(r, "desk.amend") + "：" + c.serviceName(b.Case, r.Lang), Sub: say.Number(a.No)}
	return render(w, r, status, c.frame(w, r, word(r, "desk.amend")).In(), p.view(head))
}

// decideAmend answers. What cannot be done now says why on the page, with what was typed.
func (c *Console) decideAmend(w http.ResponseWriter, r *door.Request) error {
	v := cases.AmendVerdict{Outcome: cases.AmendOutcome(r.Value("outcome")), Reason: r.Value("reason"), Values: r.Values()}
	_, err := c.c.Cases.DecideAmend(r.Context(), r.Actor, r.PathValue("no"), v)
	if f := fault.Of(err); f != nil && slices.Contains([]fault.Kind{fault.KindInvalid, fault.KindConflict, fault.KindUnavailable}, f.Kind) {
		status := map[fault.Kind]int{fault.KindInvalid: http.StatusUnprocessableEntity, fault.KindConflict: http.StatusConflict, fault.KindUnavailable: http.StatusServiceUnavailable}
		return c.drawAmendment(w, r, status[f.Kind], f)
	}
	if err != nil {
		return err
	}
	return r.See(w, amendsPath)
}
