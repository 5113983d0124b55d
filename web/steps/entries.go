package steps

import (
	"strconv"

	"github.com/a-h/templ"

	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/ui/component"
)

// entries is a page that asks the same of several: the one at hand, then those there are, each with its ways to change it. All of it is one form,
// so that nothing typed is lost whichever button is pressed; the first button is the one that the enter key presses, and it keeps what is typed.
type entries struct {
	inputs []templ.Component
	more   component.Button
	had    component.Section
	list   component.List
}

func (s *Steps) entriesBody(r *door.Request, a *ask, v service.View, inputs []templ.Component, wrong error) templ.Component {
	p := v.Repeat
	e := entries{inputs: inputs, had: component.Section{Title: s.f.T(r, "steps.entries", len(p.Entries))}}
	all := len(p.Entries)
	if p.Open {
		e.inputs = append([]templ.Component{subtitle(s.f.T(r, "steps.entry", p.Entry, p.At+1))}, e.inputs...)
		all++
	}
	if problem := s.fieldError(r, wrong, p.Name, ""); problem != "" {
		e.inputs = append([]templ.Component{component.Note{Tone: component.Danger, Text: problem}}, e.inputs...)
	}
	if all < p.Max {
		text := "steps.entries.more"
		if all == 0 {
			text = "steps.entries.first"
		}
		e.more = component.Button{Text: s.f.T(r, text, p.Entry), Name: p.Name, Value: "more", Tone: component.Line, Block: true, Icon: "plus"}
	}
	for _, one := range p.Entries {
		n := strconv.Itoa(one.N)
		e.list.Items = append(e.list.Items, component.Item{
			Title: one.Title, Lines: lines(one.Rows),
			Side: component.ButtonRow{Items: []component.Button{
				{Text: s.f.T(r, "steps.entries.edit"), Name: p.Name, Value: "edit." + n, Tone: component.Line, Small: true, Spoken: one.Title},
				{Text: s.f.T(r, "steps.entries.remove"), Name: p.Name, Value: "remove." + n, Tone: component.Quiet, Small: true, Spoken: one.Title},
			}},
		})
	}
	a.bar.Button.Name, a.bar.Button.Value = p.Name, "done"
	return entriesBody(e)
}

func lines(rows []service.Row) []string {
	var out []string
	for _, row := range rows {
		out = append(out, row.Label+"　"+row.Value)
	}
	return out
}
