package bundle

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"

	bundles "zhijian/domain/bundle"
	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/ui/component"
	"zhijian/ui/say"
	"zhijian/web/frame"
	"zhijian/web/steps"
)

// coursePage is how a bundle stands: its members, then one course over all their cases.
type coursePage struct {
	nav     component.Nav
	flash   component.Flash
	head    component.CaseHead
	note    component.Note
	members component.Section
	steps   []stepRow
	course  component.Section
	points  component.Timeline
	saved   component.Section
	rows    component.SummaryList
	links   []component.Item
}

// stepRow is one member with what can be done about it.
type stepRow struct {
	item component.Item
	acts []component.PostButton
}

// again is how often the page of a bundle that is opening cases asks without script.
const again = 3 * time.Second

// course shows how a bundle stands; one whose questions are not answered leads on to them.
func (p *Pages) course(w http.ResponseWriter, r *door.Request) error {
	no := r.PathValue("no")
	s, err := p.c.Desk.Show(r.Context(), frame.Who(r), no, "")
	if err != nil {
		return err
	}
	if s.Bundle.State == bundles.Draft {
		return r.See(w, stepPath(no, s.View.Step))
	}
	title := s.Def.Name.In(r.Lang)
	page := p.f.Page(r, title)
	page.Plain = true
	done := 0
	for _, one := range s.Plan.Steps {
		if one.Standing == service.MemberDone {
			done++
		}
		if one.Standing == service.MemberOpening {
			page.Refresh = again
		}
	}
	state := string(s.Bundle.State)
	v := coursePage{
		nav: component.Nav{Title: p.f.T(r, "bundle.kind"), Back: "/me/cases"}, flash: p.f.Flash(w, r),
		head: component.CaseHead{Tag: tag(s.Bundle.State, p.f.T(r, "bundle.state."+state)), Title: title, Number: say.Number(no), Unit: p.f.T(r, "bundle.progress", done, s.Saving.Members)},
		note: component.Note{Text: p.f.T(r, "bundle.note."+state)}, members: component.Section{Title: p.f.T(r, "bundle.members")},
		course: component.Section{Title: p.f.T(r, "bundle.course")}, points: p.points(r, s),
		saved: component.Section{Title: p.f.T(r, "bundle.together")}, rows: component.SummaryList{Rows: p.saving(r, s.Saving)},
	}
	switch s.Bundle.State {
	case bundles.Done:
		v.note.Tone = component.OK
	case bundles.Partly:
		v.note.Tone = component.Warn
	}
	for _, one := range s.Plan.Steps {
		v.steps = append(v.steps, p.step(r, s, one))
	}
	if !s.Bundle.State.Over() {
		v.links = append(v.links, component.Item{Title: p.f.T(r, "bundle.close"), Href: Path(no) + "/away"})
	}
	v.links = append(v.links, component.Item{Title: p.f.T(r, "bundle.about"), Href: p.aboutPath(s)})
	return p.f.Render(w, r, http.StatusOK, page, courseView(v))
}

func tag(s bundles.State, text string) component.Tag {
	t := component.Tag{Text: text, Tone: component.Info}
	switch s {
	case bundles.Done:
		t.Tone = component.OK
	case bundles.Partly, bundles.Draft:
		t.Tone = component.Warn
	case bundles.Closed, bundles.Expired:
		t.Tone = component.Plain
	}
	return t
}

// step is a member: where it stands and why, what it waits for, and the way to its case.
func (p *Pages) step(r *door.Request, s bundles.Shown, one service.Step) stepRow {
	kept, name := s.Bundle.Members[one.ID], called(r, s, one.ID)
	row := stepRow{item: component.Item{Title: name, Lines: []string{one.Why.In(r.Lang)}}}
	state := component.Tag{Text: p.f.T(r, "bundle.member."+string(one.Standing)), Tone: component.Info}
	var of []string
	for _, id := range one.For {
		of = append(of, called(r, s, id))
	}
	names := strings.Join(of, p.f.T(r, "bundle.comma"))
	act := func(c bundles.Choice, key string) {
		row.acts = append(row.acts, component.PostButton{
			Action: Path(s.Bundle.No) + "/members/" + one.ID, Hidden: []component.Hidden{{Name: "choice", Value: string(c)}},
			Button: component.Button{Text: p.f.T(r, key), Tone: component.Line, Small: true, Spoken: name},
		})
	}
	open := !s.Bundle.State.Over()
	switch one.Standing {
	case service.MemberDone:
		state.Tone = component.OK
	case service.MemberFailed:
		state.Tone = component.Danger
		row.item.Lines = append(row.item.Lines, p.f.T(r, "bundle.why."+cmp.Or(kept.Why, "refused")))
		if open {
			act(bundles.Again, "bundle.again")
			act(bundles.Leave, "bundle.leave")
		}
	case service.MemberWaits:
		row.item.Lines = append(row.item.Lines, p.f.T(r, "bundle.waits", names))
		state.Tone = component.Plain
		if open {
			act(bundles.Leave, "bundle.leave")
		}
	case service.MemberBlocked:
		row.item.Lines = append(row.item.Lines, p.f.T(r, "bundle.blocked", names))
		state.Tone = component.Warn
		if open {
			act(bundles.Leave, "bundle.leave")
		}
	case service.MemberSkipped:
		state.Tone = component.Plain
		if open {
			act(bundles.Add, "bundle.add")
		}
	case service.MemberOpen:
		if c, ok := s.Cases[kept.Case]; ok {
			state = steps.StateTag(c.State, p.f.T(r, "steps.state."+string(c.State)))
		}
	}
	row.item.Tags = []component.Tag{state}
	if kept.Case != "" && one.Standing != service.MemberSkipped {
		row.item.Href = "/cases/" + kept.Case
	}
	return row
}

// points is one course over the cases of all members, oldest first: what happened, of which service.
func (p *Pages) points(r *door.Request, s bundles.Shown) component.Timeline {
	type moment struct {
		at    time.Time
		point component.Point
	}
	now := p.f.Clock().Now()
	all := []moment{{s.Bundle.Opened, component.Point{Title: p.f.T(r, "bundle.begun")}}}
	for _, one := range s.Plan.Steps {
		c, ok := s.Cases[s.Bundle.Members[one.ID].Case]
		if !ok {
			continue
		}
		for _, e := range c.Log {
			args := make([]any, len(e.Args))
			for i, a := range e.Args {
				args[i] = a
			}
			all = append(all, moment{e.At, component.Point{Title: p.f.T(r, "steps.log."+e.Code, args...), Sub: called(r, s, one.ID)}})
		}
	}
	if !s.Bundle.Ended.IsZero() {
		all = append(all, moment{s.Bundle.Ended, component.Point{Title: p.f.T(r, "bundle.state."+string(s.Bundle.State))}})
	}
	slices.SortStableFunc(all, func(a, b moment) int { return a.at.Compare(b.at) })
	var t component.Timeline
	for i, m := range all {
		m.point.At = component.Moment{Text: say.Moment(r.Lang, m.at, now), ISO: say.ISO(m.at)}
		if i == len(all)-1 && s.Bundle.State == bundles.Running {
			m.point.State = "now"
		}
		t.Items = append(t.Items, m.point)
	}
	return t
}

// choose leaves a member out, adds one or tries one again.
func (p *Pages) choose(w http.ResponseWriter, r *door.Request) error {
	no := r.PathValue("no")
	if _, err := p.c.Desk.Choose(r.Context(), frame.Who(r), no, r.PathValue("member"), bundles.Choice(r.Value("choice"))); err != nil {
		return err
	}
	return r.See(w, Path(no))
}

// closePage asks before a bundle is put away.
type closePage struct {
	nav    component.Nav
	title  string
	lead   string
	form   component.Form
	button component.Button
	stay   component.Button
}

func (p *Pages) askClose(w http.ResponseWriter, r *door.Request) error {
	no := r.PathValue("no")
	s, err := p.c.Desk.Show(r.Context(), frame.Who(r), no, "")
	if err != nil {
		return err
	}
	title := p.f.T(r, "bundle.close.title", s.Def.Name.In(r.Lang))
	page := p.f.Page(r, title)
	page.Plain = true
	return p.f.Render(w, r, http.StatusOK, page, closeView(closePage{
		nav: component.Nav{Title: s.Def.Name.In(r.Lang), Back: Path(no)}, title: title, lead: p.f.T(r, "bundle.close.lead"),
		form: component.Form{Action: Path(no) + "/away"}, button: component.Button{Text: p.f.T(r, "bundle.close"), Tone: component.Danger, Block: true},
		stay: component.Button{Text: p.f.T(r, "bundle.stay"), Href: Path(no), Tone: component.Line, Block: true},
	}))
}

func (p *Pages) close(w http.ResponseWriter, r *door.Request) error {
	if _, err := p.c.Desk.Close(r.Context(), frame.Who(r), r.PathValue("no")); err != nil {
		return err
	}
	return r.See(w, Path(r.PathValue("no")))
}

// called is what a member's service is called.
func called(r *door.Request, s bundles.Shown, member string) string {
	m, _ := s.Def.Member(member)
	if o, ok := s.Services[m.Service]; ok {
		return o.Definition.Name.In(r.Lang)
	}
	return m.Why.In(r.Lang)
}
