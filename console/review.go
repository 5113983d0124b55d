package console

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"zhijian/domain/cases"
	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/ground/fault"
	"zhijian/ui/component"
	"zhijian/ui/say"
	"zhijian/ui/wording"
)

// reviewOf draws what a decision is made on, nil when none is waited for. What was typed stays when something is missing.
func (c *Console) reviewOf(r *door.Request, seen cases.Shown, wrong *fault.Error) *reviewForm {
	if seen.Brief == nil {
		return nil
	}
	s := *seen.Brief
	f := &reviewForm{
		Form: component.Form{Action: "/console/cases/" + seen.Case.No + "/review", Hidden: []component.Hidden{{Name: "_step", Value: s.Step}, {Name: "_corrected", Value: strconv.Itoa(s.Corrected)}}},
		// Working days end with the day: the moment after it is not what one counts on.
		Note: wording.T(r.Lang, "desk.review_until", say.FullDay(r.Lang, s.Until.Add(-time.Second))),
		Verdict: component.DeskChoices{
			Name: "verdict", Label: wording.T(r.Lang, "desk.verdict"), Error: about(r.Lang, wrong, "verdict"),
		},
		Reason: component.DeskInput{
			Name: "reason", Label: wording.T(r.Lang, "desk.review_reason"), Hint: wording.T(r.Lang, "desk.review_reason_hint"), Lines: 3, Max: 500,
			Value: r.Value("reason"), Error: about(r.Lang, wrong, "reason"),
		},
		Button: component.DeskButton{Text: wording.T(r.Lang, "desk.review_do")},
	}
	f.Corrected = corrections(r, seen.Case.Remedies.Corrections, c.c.Clock.Now())
	if wrong != nil && wrong.Code == "review.corrected" {
		f.Verdict.Error = wording.Fault(r.Lang, wrong)
	}
	if p, ok := seen.Case.Proposal(); ok {
		f.Note = wording.T(r.Lang, "desk.second", wording.T(r.Lang, "desk.verdict_"+string(p.What)))
	}
	for _, row := range s.Rows {
		one := component.Row{Key: row.Label, Value: row.Value, Note: strings.Join(row.Lines, " ")}
		if len(row.Files) > 0 {
			f.Files = wording.T(r.Lang, "desk.files_note")
			one.Body = fileLinks(fileItems(seen.Case.No, row.Files))
		}
		f.Rows.Rows = append(f.Rows.Rows, one)
	}
	verdicts := []service.Verdict{service.VerdictAccept, service.VerdictMore, service.VerdictRefuse}
	for _, v := range verdicts {
		if v == service.VerdictMore && !s.More {
			continue
		}
		f.Verdict.Options = append(f.Verdict.Options, component.Choice{Value: string(v), Title: wording.T(r.Lang, "desk.verdict_"+string(v)), On: r.Value("verdict") == string(v)})
	}
	for _, field := range s.Fields {
		f.Fields = append(f.Fields, reviewField(r, field, wrong))
	}
	return f
}

func reviewField(r *door.Request, field service.Field, wrong *fault.Error) component.DeskInput {
	in := component.DeskInput{
		Name: field.Name, Label: field.Label, Hint: field.Hint, Max: field.MaxLength, Value: field.Value, Error: about(r.Lang, wrong, field.Name),
	}
	if typed := r.Value(field.Name); typed != "" {
		in.Value = typed
	}
	for _, o := range field.Options {
		in.Options = append(in.Options, component.Option{Value: o.Value, Text: o.Label, On: o.Value == in.Value})
	}
	return in
}

// fileItem leads to one file that the application has.
type fileItem struct{ Name, Size, Href, Icon string }

// fileItems leads to an application's files. They are not shown by themselves: each one that is opened is a look that the resident sees.
func fileItems(no string, list []service.File) []fileItem {
	var out []fileItem
	for _, f := range list {
		icon := "file-text"
		if f.Kind.Photo() {
			icon = "image"
		}
		out = append(out, fileItem{f.Name, service.Megabytes(f.Size), "/console/cases/" + no + "/files/" + f.ID, icon})
	}
	return out
}

// file opens a file of an application that waits for a decision.
func (c *Console) file(w http.ResponseWriter, r *door.Request) error {
	f, body, err := c.c.Cases.ReadFile(r.Context(), r.Actor, r.PathValue("no"), r.PathValue("id"))
	if err != nil {
		return err
	}
	return door.ServeFile(w, f.Name, f.Kind, body)
}

// review takes the decision on a case that waits for one.
func (c *Console) review(w http.ResponseWriter, r *door.Request) error {
	corrected, _ := strconv.Atoi(r.Value("_corrected"))
	in := service.Review{Corrected: corrected, Step: r.Value("_step"), Verdict: service.Verdict(r.Value("verdict")), Reason: r.Value("reason"), Values: r.Values()}
	_, err := c.c.Cases.Review(r.Context(), r.Actor, r.PathValue("no"), in)
	if f := fault.Of(err); f != nil && (f.Kind == fault.KindInvalid || f.Code == "review.corrected") {
		return c.drawCase(w, r, http.StatusUnprocessableEntity, cases.Purposes()[0], f)
	}
	if err != nil {
		return err
	}
	return r.See(w, "/console/cases?state="+string(cases.Reviewing))
}
