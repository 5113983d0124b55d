package steps

import (
	"net/http"

	"zhijian/domain/cases"
	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/ground/fault"
	"zhijian/ui/component"
	"zhijian/ui/say"
	"zhijian/web/frame"
)

// nearBox is what sorts the places that can be chosen: by the telephone's position, or by a district. It is a form of its own above the list.
type nearBox struct {
	question component.Question
	form     component.Form
	locate   component.Locate
	district component.Details
	list     component.Select
	button   component.Button
	sorted   string // by what the list is sorted
}

// near shows the places of a step sorted by how far they are. Where the resident is stands in this one request alone: it is in no address, and
// nothing of it is kept.
func (s *Steps) near(w http.ResponseWriter, r *door.Request) error {
	no, step := r.PathValue("no"), r.PathValue("step")
	shown, err := s.c.Cases.Show(r.Context(), frame.Who(r), no, step)
	if err != nil {
		return err
	}
	if shown.View.Step != step || len(shown.View.Places) == 0 {
		return r.See(w, stepPath(no, shown.View.Step))
	}
	sorted, err := shown.View.Near(r.Value(service.Where), r.Lang)
	if fault.Is(err, fault.KindInvalid) {
		return s.mend(w, r, shown, err)
	}
	if err != nil {
		return err
	}
	shown.View = sorted
	p, content := s.Draw(w, r, shown, nil)
	return s.f.Render(w, r, http.StatusOK, p, content)
}

// nearBy draws the form above a list of places.
func (s *Steps) nearBy(r *door.Request, shown cases.Shown, wrong error) *nearBox {
	v := shown.View
	problem := s.fieldError(r, wrong, service.Where, "")
	n := nearBox{
		question: component.Question{Title: v.Title, Lead: v.Lead},
		form:     component.Form{Action: stepPath(shown.Case.No, v.Step) + "/near"},
		locate:   component.Locate{Input: service.Where, Send: true},
		district: component.Details{Summary: s.f.T(r, "steps.near.district"), Open: problem != ""},
		list:     component.Select{Name: service.Where, Label: s.f.T(r, "steps.near.from"), Error: problem, Empty: s.f.T(r, "steps.choose")},
		button:   component.Button{Text: s.f.T(r, "steps.near.sort"), Tone: component.Line, Block: true},
	}
	for _, p := range v.Places {
		n.list.Options = append(n.list.Options, component.Option{Value: p.Code, Text: p.Name.In(r.Lang), On: p.Name.In(r.Lang) == v.From})
	}
	if v.From != "" {
		n.sorted = s.f.T(r, "steps.near.sorted", v.From)
	}
	return &n
}

// far says how far a place is, as a tag; nothing when that is not known.
func far(lang string, it service.Item) component.Tag {
	if it.Far == 0 {
		return component.Tag{}
	}
	return component.Tag{Text: say.Metres(lang, it.Far), Tone: component.Info}
}
