package console

import (
	"net/http"

	"zhijian/domain/draft"
	"zhijian/domain/service"
	"zhijian/domain/sheet"
	"zhijian/door"
	"zhijian/ground/fault"
	"zhijian/ui/component"
)

// overForm makes a service over a table that answers: what it is called, where residents find it, and what law it stands on. All else is
// read off the columns.
type overForm struct {
	form    component.Form
	name    component.DeskInput
	english component.DeskInput
	group   component.DeskInput
	account component.DeskInput // no options when the department has one
	basis   component.DeskInput
	none    component.DeskChoices
	button  component.DeskButton
	problem string
}

// overOf draws the form for members of the department; nil when the department stands on nothing yet.
func (c *Console) overOf(r *door.Request, s sheet.Sheet, wrong *fault.Error) (*overForm, error) {
	if r.Member.Operator {
		return nil, nil
	}
	g, err := c.c.Drafts.Ground(r.Context(), r.Actor)
	if fault.Is(err, fault.KindConflict) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	input := func(name, label string, max int) component.DeskInput {
		return component.DeskInput{Name: name, ID: "over_" + name, Label: word(r, label), Value: r.Value(name), Max: max, Error: about(r.Lang, wrong, name)}
	}
	f := &overForm{
		form: component.Form{Action: sheetPath(s.Slug) + "/service"}, name: input("name", "desk.service_name", 20), english: input("english", "desk.service_english", 60),
		group: input("group", "desk.service_group", 0), account: input("account", "desk.service_account", 0), basis: input("basis", "desk.service_basis", 0),
		none:    component.DeskChoices{Name: "nobasis", Label: word(r, "desk.service_nobasis_label"), Multi: true, Options: []component.Choice{{Value: "1", Title: word(r, "desk.service_nobasis"), On: r.Value("nobasis") == "1"}}},
		button:  component.DeskButton{Text: word(r, "desk.sheet_make")},
		problem: about(r.Lang, wrong, ""),
	}
	group := r.Value("group")
	if r.Method == http.MethodGet || f.name.Value == "" && wrong == nil {
		f.name.Value, group = s.Name, c.usualGroup(g)
	}
	f.basis.Lines, f.basis.Hint = 2, word(r, "desk.service_basis_hint")
	f.group.Options = c.groupOptions(r, group)
	if len(g.Accounts) > 1 {
		for _, a := range g.Accounts {
			f.account.Options = append(f.account.Options, component.Option{Value: a.Alias, Text: a.Name, On: a.Alias == r.Value("account")})
		}
	}
	return f, nil
}

// usualGroup is the group that most services of the department's accounts are in.
func (c *Console) usualGroup(g draft.Ground) (group string) {
	count := map[string]int{}
	for _, o := range c.c.Catalogue.Offers(g.City) {
		for _, a := range g.Accounts {
			if o.Account == a.Alias {
				count[o.Definition.Group]++
			}
		}
	}
	for _, x := range c.c.Catalogue.Groups() {
		if count[x.ID] > count[group] || group == "" && count[x.ID] > 0 {
			group = x.ID
		}
	}
	for _, x := range c.c.Catalogue.Groups() {
		if group == "" && x.Sector == g.Sector {
			group = x.ID // nothing is offered yet
		}
	}
	return group
}

// makeService writes a service over a table and shows it.
func (c *Console) makeService(w http.ResponseWriter, r *door.Request) error {
	s, err := c.c.Sheet.Sheet(r.Context(), r.Actor, r.PathValue("slug"))
	if err != nil {
		return err
	}
	b := draft.Beginning{
		Sheet: true, Office: draft.OfficeWord(s.Slug), Name: service.Text{Zh: line(r, "name"), En: line(r, "english")}, Group: r.Value("group"), Account: r.Value("account"),
		Basis: basisOf(r.Value("basis")), NoBasis: r.Value("nobasis") == "1",
	}
	one, err := c.c.Drafts.Begin(r.Context(), r.Actor, b)
	if f := fault.Of(err); f != nil && (f.Kind == fault.KindInvalid || f.Kind == fault.KindConflict) {
		return c.drawSheet(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return r.See(w, servicePath(one.Service))
}
