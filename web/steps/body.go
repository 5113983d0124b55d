package steps

import (
	"slices"
	"strings"

	"github.com/a-h/templ"

	"zhijian/domain/cases"
	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/ground/money"
	"zhijian/ui/component"
	"zhijian/ui/say"
)

// fewOptions is how many options stand as rows; more are a select (components.md 5.4).
const fewOptions = 7

// formBody draws the fields of a form. A single question is the page's heading.
func (s *Steps) formBody(r *door.Request, a *ask, no string, v service.View, wrong error) {
	var list []templ.Component
	var why []string
	alone := len(v.Fields) == 1 && v.Repeat == nil && !v.Fields[0].Locked
	for _, f := range v.Fields {
		f.Error = s.fieldError(r, wrong, f.Name, f.Error)
		if alone {
			f.Label, f.Hint = orElse(v.Title, f.Label), joined(v.Lead, f.Hint)
		}
		if len(f.Accept) > 0 {
			list = append(list, s.upload(r, no, f, alone))
		} else {
			list = append(list, field(f, alone, s.f.T(r, "steps.choose"), s.f.T(r, "steps.yuan")))
		}
		if f.Name == s.pointed.Ask {
			list[len(list)-1] = component.Pointed{Pointer: s.pointed, At: list[len(list)-1]}
		}
		if f.More != nil {
			list = append(list, moreLink(component.Anchor{Text: f.More.Label, Href: door.With(f.More.Href, r.Link(stepPath(no, v.Step)))}))
		}
		switch {
		case f.Why != "" && alone:
			why = append(why, f.Why)
		case f.Why != "":
			why = append(why, s.f.T(r, "steps.why.one", f.Label, f.Why))
		}
	}
	switch {
	case alone && nobody(v.Fields[0]): // the question stands alone, so that the page has its heading
		a.question = component.Question{Title: orElse(v.Title, v.Fields[0].Label), Lead: v.Lead}
	case alone:
		a.question = component.Question{}
	}
	a.body = component.Group(list...)
	if v.Repeat != nil {
		a.body = s.entriesBody(r, a, v, list, wrong)
		if v.Repeat.Why != "" {
			why = append(why, v.Repeat.Why)
		}
	}
	if len(why) > 0 {
		a.why = component.Details{Summary: s.f.T(r, "steps.why"), Text: strings.Join(why, " ")}
	}
}

// field draws one question by its type.
func field(f service.Field, heading bool, empty, yuan string) templ.Component {
	if f.Type == "location" { // a select whatever there is to choose: the button adds the present position to it
		return component.Group(pickList(f, heading, empty), component.Locate{Input: f.Name})
	}
	switch {
	case f.Locked:
		return component.SummaryList{Rows: []component.Row{{Key: f.Label, Value: f.Value, Note: f.Wrong}}}
	case len(f.Options) > 0:
		return options(f, heading, empty)
	case nobody(f): // the way to add somebody stands beside
		return component.Group()
	}
	if f.Type == "text" && f.MaxLength >= 200 {
		return component.TextArea{Name: f.Name, Label: f.Label, Hint: f.Hint, Error: f.Error, Value: f.Value, Optional: f.Optional, Heading: heading, Max: f.MaxLength}
	}
	in := component.Input{
		Name: f.Name, Label: f.Label, Hint: f.Hint, Error: f.Error, Value: f.Value, Optional: f.Optional, Heading: heading,
		Max: f.MaxLength, Autocomplete: f.Autocomplete, Kind: kindOf(f.Type),
	}
	switch f.Type {
	case "plate", "engine_tail":
		in.Width = "6"
	case "money":
		in.Width, in.Unit = "6", yuan
	case "number":
		in.Width = "4"
	}
	return in
}

// nobody reports a question for a person with nobody to choose yet.
func nobody(f service.Field) bool {
	return (f.Type == "whom" || f.Type == "person") && len(f.Options) == 0
}

func kindOf(answer string) component.Kind {
	switch answer {
	case "plate", "engine_tail", "credit_code":
		return component.KindCode
	case "phone":
		return component.KindTel
	case "citizen_number":
		return component.KindID
	case "bank_card":
		return component.KindCard
	case "money":
		return component.KindMoney
	case "number", "digits", "electricity_account":
		return component.KindNumeric
	case "person_name":
		return component.KindName
	}
	return component.KindText
}

func pickList(f service.Field, heading bool, empty string) component.Select {
	sel := component.Select{Name: f.Name, Label: f.Label, Hint: f.Hint, Error: f.Error, Optional: f.Optional, Heading: heading, Empty: empty}
	for _, o := range f.Options {
		sel.Options = append(sel.Options, component.Option{Value: o.Value, Text: o.Label, On: o.Selected})
	}
	return sel
}

func options(f service.Field, heading bool, empty string) templ.Component {
	if len(f.Options) > fewOptions {
		return pickList(f, heading, empty)
	}
	list := component.Choices{Name: f.Name, Label: f.Label, Hint: f.Hint, Error: f.Error, Optional: f.Optional, Heading: heading}
	for _, o := range f.Options {
		c := component.Choice{Value: o.Value, Title: o.Label, Sub: o.Hint, On: o.Selected}
		if o.Plate {
			c.Plate, c.EV = o.Label, electric(o.Label)
		}
		if o.Tag != "" {
			c.Tag = component.Tag{Text: o.Tag, Tone: component.Warn}
		}
		list.Options = append(list.Options, c)
	}
	return list
}

// chooseBody draws things to pick from: records with amounts as cards with a running total, others as plain rows.
func (s *Steps) chooseBody(r *door.Request, a *ask, shown cases.Shown, wrong error) {
	v := shown.View
	problem := s.fieldError(r, wrong, v.Name, "")
	single := v.Max == 1
	record, points := false, false
	for _, it := range v.Items {
		record = record || it.Amount != 0 || len(it.Links) > 0
		points = points || it.Points >= 0
	}
	if !record {
		list := component.Choices{Name: v.Name, Label: v.Title, Hint: v.Lead, Error: problem, Multi: !single, Heading: true}
		if len(v.Places) > 0 {
			a.near = s.nearBy(r, shown, wrong)
			list.Hint, list.Heading, list.Quiet = "", false, true
		}
		for _, it := range v.Items {
			list.Options = append(list.Options, component.Choice{Value: it.Value, Title: it.Title, Sub: line(it.Rows), On: it.Selected, Tag: far(r.Lang, it)})
		}
		a.question, a.body = component.Question{}, list
		return
	}
	list := component.RecordList{Name: v.Name, Label: v.Title, Single: single, Error: problem}
	for _, it := range v.Items {
		card := component.RecordCard{Value: it.Value, Title: it.Title, Amount: int64(it.Amount), NoAmount: it.Amount == 0, Points: max(0, it.Points), On: it.Selected, Rows: rows(shown.Case.No, unplated(it.Rows))}
		for _, k := range it.Links {
			card.Links = append(card.Links, component.Anchor{Text: k.Label, Href: s.linkPath(shown.Case.City, k)})
		}
		list.Items = append(list.Items, card)
		if len(it.Links) > 0 {
			a.instead = component.Anchor{} // the way to object stands at each record
		}
	}
	a.body = list
	if !single {
		s.total(r, a, v.Items, points)
	}
}

// unplated writes plates as text: a record is a list of facts, not a picture of a car.
func unplated(list []service.Row) []service.Row {
	out := slices.Clone(list)
	for i := range out {
		out[i].Plate = false
	}
	return out
}

// total is the running summary in the action bar: what is chosen now, which a script keeps up to date.
func (s *Steps) total(r *door.Request, a *ask, items []service.Item, points bool) {
	n, p, sum := 0, 0, money.Fen(0)
	for _, it := range items {
		if it.Selected {
			n, p, sum = n+1, p+max(0, it.Points), sum+it.Amount
		}
	}
	key := "steps.chosen"
	if points {
		key = "steps.chosen.points"
	}
	a.bar.Running = s.f.T(r, key, "{n}", "{p}")
	a.bar.Label, a.bar.Value = s.f.T(r, key, n, p), say.Money(r.Lang, sum)
}

// line is an item's facts in one line.
func line(list []service.Row) string {
	var parts []string
	for _, row := range list {
		parts = append(parts, strings.TrimSpace(row.Label+" "+row.Value))
	}
	return strings.Join(parts, "　")
}

// checkBody lists the answers, each with its way to change it, and the amount.
func (s *Steps) checkBody(r *door.Request, a *ask, shown cases.Shown) {
	v := shown.View
	list := component.SummaryList{Rows: rows(shown.Case.No, v.Rows)}
	if v.Amount > 0 {
		list.TotalLabel, list.Total = s.f.T(r, "steps.due"), int64(v.Amount)
	}
	a.body = list
	a.small = joined(v.Declare, a.small)
}
