package bundle

import (
	"net/http"

	"github.com/a-h/templ"

	bundles "zhijian/domain/bundle"
	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/ground/fault"
	"zhijian/ui/component"
	"zhijian/web/frame"
	"zhijian/web/steps"
)

// show draws one page of the shared questions: the present one, or one behind it as it was answered.
func (p *Pages) show(w http.ResponseWriter, r *door.Request) error {
	no, step := r.PathValue("no"), r.PathValue("step")
	s, err := p.c.Desk.Show(r.Context(), frame.Who(r), no, step)
	if err != nil {
		return err
	}
	switch {
	case s.Bundle.State != bundles.Draft:
		return r.See(w, Path(no))
	case s.View.Kind == service.ViewProve:
		return p.prove(w, r, s)
	case s.View.Step != step:
		return r.See(w, stepPath(no, s.View.Step))
	}
	return p.ask(w, r, http.StatusOK, s, nil)
}

// prove leads to where the resident proves who they are, and back.
func (p *Pages) prove(w http.ResponseWriter, r *door.Request, s bundles.Shown) error {
	level := string(rune('0' + min(max(s.View.Level, 1), 4)))
	return r.See(w, door.With("/me/proof?level="+level, r.Link(stepPath(s.Bundle.No, s.View.Step))))
}

func (p *Pages) ask(w http.ResponseWriter, r *door.Request, status int, s bundles.Shown, wrong error) error {
	no := s.Bundle.No
	q := steps.Asked{
		Title: s.Def.Name.In(r.Lang), Action: stepPath(no, s.View.Step), Back: p.aboutPath(s), Change: func(step string) string { return stepPath(no, step) },
		Links: []component.Anchor{{Text: p.f.T(r, "bundle.close"), Href: Path(no) + "/away"}},
	}
	s.View.Of-- // the end of the questions is no page
	if s.View.Back != "" {
		q.Back = stepPath(no, s.View.Back)
	}
	if s.View.Kind == service.ViewCheck {
		q.Button, q.After = p.f.T(r, "bundle.go"), p.wanted(r, s, wrong)
	}
	page, content := p.sketch.Ask(w, r, s.Offer, s.View, q, wrong)
	return p.f.Render(w, r, status, page, content)
}

func (p *Pages) aboutPath(s bundles.Shown) string {
	return p.home(s.Bundle.City) + "/bundles/" + s.Def.ID
}

// wanted are the members to choose from on the last page, with what they have in common said under them.
func (p *Pages) wanted(r *door.Request, s bundles.Shown, wrong error) templ.Component {
	list := component.Choices{Name: bundles.Want, Label: p.f.T(r, "bundle.want"), Hint: p.f.T(r, "bundle.want.hint"), Multi: true, Error: p.f.Field(r, wrong, bundles.Want)}
	for _, one := range s.Plan.Steps {
		c := component.Choice{Value: one.ID, Title: s.Services[one.Service].Definition.Name.In(r.Lang), Sub: one.Why.In(r.Lang), On: !one.Optional}
		if s.Services[one.Service].Definition.How == "window" {
			c.Tag = component.Tag{Text: p.f.T(r, "bundle.window"), Tone: component.Warn}
		}
		list.Options = append(list.Options, c)
	}
	return checkExtra(list, component.SummaryList{Rows: p.saving(r, s.Saving)}, p.f.T(r, "bundle.together"))
}

func (p *Pages) answer(w http.ResponseWriter, r *door.Request) error {
	no, step := r.PathValue("no"), r.PathValue("step")
	b, err := p.c.Desk.Answer(r.Context(), frame.Who(r), no, step, r.Values())
	switch {
	case fault.Is(err, fault.KindInvalid):
		s, showing := p.c.Desk.Show(r.Context(), frame.Who(r), no, step)
		if showing != nil {
			return showing
		}
		return p.ask(w, r, http.StatusUnprocessableEntity, s, err)
	case fault.Is(err, fault.KindConflict):
		return r.See(w, Path(no))
	case fault.Is(err, fault.KindDenied):
		return r.See(w, stepPath(no, step))
	case err != nil:
		return err
	}
	if b.State == bundles.Draft {
		return r.See(w, stepPath(no, b.Data.Step))
	}
	return r.See(w, Path(no))
}
