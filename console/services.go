package console

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"zhijian/domain/draft"
	"zhijian/domain/service"
	"zhijian/domain/service/outline"
	"zhijian/door"
	"zhijian/ground/fault"
	"zhijian/ui/component"
	"zhijian/ui/say"
)

const servicesPath = "/console/services"

// Screens draws what a resident would see, inert, for the preview of a service that is being written.
type Screens interface {
	Content(ctx context.Context, offer service.Offer, v service.View, lang string, at component.Pointer, now time.Time) (templ.Component, error)
}

// serviceRoutes are the pages where a department makes its own services. They belong to members of departments; the operator reads and
// approves.
func (c *Console) serviceRoutes() []door.Route {
	const one = servicesPath + "/{id}"
	text := door.Limit{Body: 3 * outline.MaxBytes} // as a form sends it
	get := func(path, about string, h door.Handler) door.Route {
		return door.Route{Method: http.MethodGet, Path: path, About: about, Access: door.StaffOnly, Handler: h}
	}
	post := func(path, about string, l door.Limit, h door.Handler) door.Route {
		return door.Route{Method: http.MethodPost, Path: path, About: about, Access: door.StaffOnly, Limit: l, Handler: h}
	}
	return []door.Route{
		get(servicesPath, "services that the department makes itself", c.services),
		get(servicesPath+"/new", "begin a service", c.newService),
		post(servicesPath+"/new", "begin a service from a pattern or a file", text, c.beginService),
		get(one, "a service as a form, with what residents see", c.designer),
		post(one+"/head", "change what the start page says", door.Limit{}, c.editHead),
		post(one+"/add", "add a page", door.Limit{}, c.addPage),
		post(one+"/page", "change, move or remove a page", text, c.editPage),
		post(one+"/question", "change, move or remove a question", door.Limit{}, c.editQuestion),
		get(one+"/text", "a service as its file", c.serviceText),
		post(one+"/text", "change the file, or import one", text, c.editText),
		get(one+"/file", "export the file, or one of its versions", c.serviceFile),
		get(one+"/versions", "versions with what changed, and what was done", c.versions),
		post(one+"/state", "submit, approve, return, publish, roll back, withdraw", door.Limit{}, c.moveService),
		post(one+"/trial", "make a link to try it out on a phone", door.Limit{}, c.tryService),
	}
}

func servicePath(id string) string { return servicesPath + "/" + id }

// services lists what the department makes itself: what waits for somebody first.
func (c *Console) services(w http.ResponseWriter, r *door.Request) error {
	list, err := c.c.Drafts.List(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	title := word(r, "desk.services")
	head := component.DeskHead{Title: title, Sub: word(r, "desk.services_sub")}
	if !r.Member.Operator {
		head.Buttons = []component.DeskButton{{Text: word(r, "desk.services_new"), Href: servicesPath + "/new", Icon: "plus"}}
	}
	var parts []serviceList
	for _, part := range []struct {
		key string
		in  func(draft.Draft) bool
	}{
		{"waiting", func(d draft.Draft) bool {
			return d.State == draft.Submitted || d.State == draft.Approved || d.Back.Version > 0
		}},
		{"writing", func(d draft.Draft) bool { return d.State == draft.Writing }},
		{"live", func(d draft.Draft) bool { return d.State == draft.Published }},
		{"withdrawn", func(d draft.Draft) bool { return d.State == draft.Withdrawn }},
	} {
		t := table(r, "desk.services_"+part.key, "desk.services_none", "desk.services_name", "desk.services_state", "desk.services_live", "desk.updated")
		for _, d := range list {
			if part.in(d) {
				t.Rows = append(t.Rows, c.serviceRow(r, d))
			}
		}
		if len(t.Rows) > 0 || part.key == "writing" {
			parts = append(parts, serviceList{word(r, "desk.services_"+part.key), t})
		}
	}
	return render(w, r, http.StatusOK, c.frame(w, r, title).In(), servicesPage(head, parts))
}

// serviceList is one part of the list.
type serviceList struct {
	Title string
	Table component.Table
}

func (c *Console) serviceRow(r *door.Request, d draft.Draft) component.TableRow {
	live := word(r, "desk.services_notlive")
	if d.Live > 0 {
		live = word(r, "desk.services_version", d.Live)
	}
	state, at := word(r, "desk.service_"+string(d.State)), servicePath(d.Service)
	if d.Back.Version > 0 {
		state, at = word(r, "desk.service_back", d.Back.Version), at+"/versions" // where it is decided
	}
	return component.TableRow{Cells: []component.Cell{
		{Text: titleOf(r, d), Href: at, Small: d.Service},
		{Text: state},
		{Text: live},
		{Text: say.Moment(r.Lang, d.Changed, c.c.Clock.Now())},
	}}
}

// draftTile counts the services that wait for whoever reads.
func (c *Console) draftTile(r *door.Request) (component.TodoTile, error) {
	list, err := c.c.Drafts.List(r.Context(), r.Actor)
	if err != nil {
		return component.TodoTile{}, err
	}
	t := component.TodoTile{Label: word(r, "desk.services_todo"), Href: servicesPath, Note: word(r, "desk.none")}
	var first time.Time
	for _, d := range list {
		if d.Waits(r.Actor.ID) {
			if t.N++; first.IsZero() || d.Changed.Before(first) {
				first = d.Changed
			}
		}
	}
	if t.N > 0 {
		t.Tone, t.Note = component.Warn, word(r, "desk.oldest", say.FullMoment(r.Lang, first))
	}
	return t, nil
}

// titleOf is the name that a draft's text gives; its id when it gives none.
func titleOf(r *door.Request, d draft.Draft) string {
	if o, err := outline.Read([]byte(d.Text)); err == nil {
		if name := o.Head().Name.In(r.Lang); name != "" {
			return name
		}
	}
	return d.Service
}

// newServiceForm is what a service begins with.
type newServiceForm struct {
	Form    component.Form
	Wrong   component.Note
	Pattern component.DeskChoices
	Name    component.DeskInput
	English component.DeskInput
	Group   component.DeskInput
	Account component.DeskInput
	Office  component.DeskInput // no options when the department has no system
	Word    component.DeskInput
	Text    component.DeskInput
	Button  component.DeskButton
	Import  component.DeskButton
}

func (c *Console) newService(w http.ResponseWriter, r *door.Request) error {
	return c.drawNewService(w, r, http.StatusOK, nil)
}

func (c *Console) drawNewService(w http.ResponseWriter, r *door.Request, status int, wrong *fault.Error) error {
	g, err := c.c.Drafts.Ground(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	input := func(name string) component.DeskInput {
		return component.DeskInput{Name: name, Label: word(r, "desk.service_"+name), Value: r.Value(name), Error: about(r.Lang, wrong, name)}
	}
	f := newServiceForm{
		Form: component.Form{Action: servicesPath + "/new"}, Name: input("name"), English: input("english"), Group: input("group"), Account: input("account"), Office: input("office"), Word: input("word"), Text: input("text"),
		Pattern: component.DeskChoices{Name: "pattern", Label: word(r, "desk.service_pattern"), Error: about(r.Lang, wrong, "pattern")},
		Button:  component.DeskButton{Text: word(r, "desk.services_begin"), Name: "_do", Value: "pattern"},
		Import:  component.DeskButton{Text: word(r, "desk.services_import"), Name: "_do", Value: "file", Tone: component.Line},
	}
	f.Name.Max, f.English.Max, f.Word.Max, f.Text.Lines = 20, 60, 40, 8
	f.Word.Hint, f.Text.Hint = word(r, "desk.service_word_hint"), word(r, "desk.service_text_hint")
	for i, p := range draft.Patterns() {
		if draft.Asks(p) && len(g.Offices) == 0 {
			continue // nothing to ask
		}
		f.Pattern.Options = append(f.Pattern.Options, component.Choice{Value: p, Title: word(r, "desk.pattern_"+p), On: r.Value("pattern") == p || r.Value("pattern") == "" && i == 0})
	}
	group := r.Value("group")
	if group == "" {
		group = c.usualGroup(g)
	}
	f.Group.Options = c.groupOptions(r, group)
	for _, a := range g.Accounts {
		f.Account.Options = append(f.Account.Options, component.Option{Value: a.Alias, Text: a.Name, On: a.Alias == r.Value("account")})
	}
	f.Office.Hint = word(r, "desk.service_office_hint")
	for _, o := range draft.OfficeWords(g) {
		f.Office.Options = append(f.Office.Options, component.Option{Value: o, Text: g.Offices[o].Name.In(r.Lang) + "（" + o + "）", On: o == r.Value("office")})
	}
	title := word(r, "desk.services_new")
	return render(w, r, status, c.serviceFrame(w, r, title).In(), f.view(component.DeskHead{Title: title, Sub: word(r, "desk.services_new_sub")}))
}

func (c *Console) groupOptions(r *door.Request, on string) []component.Option {
	var out []component.Option
	for _, g := range c.c.Catalogue.Groups() {
		out = append(out, component.Option{Value: g.ID, Text: g.Name.In(r.Lang), On: g.ID == on})
	}
	return out
}

func (c *Console) beginService(w http.ResponseWriter, r *door.Request) error {
	b := draft.Beginning{
		Pattern: r.Value("pattern"), Name: service.Text{Zh: line(r, "name"), En: line(r, "english")}, Group: r.Value("group"), Account: r.Value("account"), Word: line(r, "word"), Office: r.Value("office"),
	}
	if r.Value("_do") == "file" {
		b.Text = newlines(r.Value("text"))
		if strings.TrimSpace(b.Text) == "" {
			return c.drawNewService(w, r, http.StatusUnprocessableEntity, fault.Invalid("draft.empty", "请把文件的内容贴进来").On("text"))
		}
	}
	one, err := c.c.Drafts.Begin(r.Context(), r.Actor, b)
	if f := fault.Of(err); f != nil && (f.Kind == fault.KindInvalid || f.Code == "draft.taken") {
		if f.Code == "draft.taken" {
			f = f.On("word")
		}
		return c.drawNewService(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return r.See(w, servicePath(one.Service))
}

// serviceFrame begins a page below the list of services.
func (c *Console) serviceFrame(w http.ResponseWriter, r *door.Request, title string) (d deskFrame) {
	d = c.frame(w, r, title)
	d.Crumbs = []component.Anchor{{Text: word(r, "desk.services"), Href: servicesPath}, {Text: title}}
	return d
}

// line is one line that was typed.
func line(r *door.Request, name string) string {
	return strings.Join(strings.Fields(r.Value(name)), " ")
}

// newlines undoes what a browser does to the ends of lines.
func newlines(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }

// serviceText shows the file itself.
func (c *Console) serviceText(w http.ResponseWriter, r *door.Request) error {
	one, err := c.c.Drafts.Draft(r.Context(), r.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	return c.drawText(w, r, http.StatusOK, one, one.Text, nil)
}

// textForm is a service as its file.
type textForm struct {
	Form     component.Form
	Text     component.DeskInput
	Button   component.DeskButton
	Back     component.DeskButton
	Problems []problemLine
}

func (c *Console) drawText(w http.ResponseWriter, r *door.Request, status int, one draft.Draft, text string, wrong *fault.Error) error {
	f := textForm{
		Form: component.Form{Action: servicePath(one.Service) + "/text", Hidden: []component.Hidden{{Name: "_rev", Value: revOf(r, one)}}},
		Text: component.DeskInput{
			Name: "text", Label: word(r, "desk.service_file"), Hint: word(r, "desk.service_file_hint"), Lines: 30, Value: text, Error: about(r.Lang, wrong, "text"),
		},
		Button: component.DeskButton{Text: word(r, "desk.service_save")},
		Back:   component.DeskButton{Text: word(r, "desk.service_form"), Href: servicePath(one.Service), Tone: component.Line},
	}
	g, err := c.groundOf(r, one)
	if err != nil {
		return err
	}
	_, found := draft.Check(one, text, g)
	f.Problems = problemLines(r, found)
	title := titleOf(r, one)
	return render(w, r, status, c.serviceFrame(w, r, title).In(), f.view(component.DeskHead{Title: title, Sub: word(r, "desk.service_file")}))
}

// editText puts a whole file in place of the text.
func (c *Console) editText(w http.ResponseWriter, r *door.Request) error {
	text := newlines(r.Value("text"))
	_, err := c.c.Drafts.Edit(r.Context(), r.Actor, r.PathValue("id"), rev(r), text)
	if f := fault.Of(err); f != nil && f.Kind == fault.KindInvalid {
		one, err := c.c.Drafts.Draft(r.Context(), r.Actor, r.PathValue("id"))
		if err != nil {
			return err
		}
		return c.drawText(w, r, http.StatusUnprocessableEntity, one, text, f)
	}
	if err != nil {
		return err
	}
	return r.See(w, servicePath(r.PathValue("id"))+"/text")
}

// serviceFile exports the text that is being written, or with ?version= one that was published.
func (c *Console) serviceFile(w http.ResponseWriter, r *door.Request) error {
	one, err := c.c.Drafts.Draft(r.Context(), r.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	text, version := one.Text, 0
	if q := r.Query("version"); q != "" {
		version, _ = strconv.Atoi(q)
		e, ok := one.Edition(version)
		if !ok {
			return fault.NotFound("draft.edition", "没有这个版本")
		}
		text = e.Text
	}
	h := w.Header()
	h.Set("Content-Type", "application/yaml; charset=utf-8")
	h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(draft.FileName(one, version)))
	_, _ = w.Write([]byte(text)) // a browser that hangs up is no fault of ours
	return nil
}

// rev is the revision that a form was made from.
func rev(r *door.Request) int64 {
	n, err := strconv.ParseInt(r.Value("_rev"), 10, 64)
	if err != nil || n < 1 {
		return -1 // no draft has it
	}
	return n
}

// revOf is the revision a form is made from; one that is drawn again keeps that of before.
func revOf(r *door.Request, one draft.Draft) string {
	if r.Method == http.MethodPost && r.Value("_rev") != "" {
		return r.Value("_rev")
	}
	return strconv.FormatInt(one.Rev, 10)
}

// groundOf is what the draft's department stands on; the operator sees a draft on no ground.
func (c *Console) groundOf(r *door.Request, one draft.Draft) (draft.Ground, error) {
	g, err := c.c.Drafts.GroundOf(r.Context(), r.Actor, one)
	if fault.KindOf(err) == fault.KindConflict {
		return draft.Ground{}, nil // said by the problems of the text
	}
	return g, err
}

// problemLine is one thing that must be mended.
type problemLine struct{ At, Say string }

func problemLines(r *door.Request, f draft.Findings) []problemLine {
	var out []problemLine
	for _, p := range f.Problems {
		at := p.Path
		if p.Line > 0 {
			at = word(r, "desk.service_line", p.Line)
		}
		out = append(out, problemLine{at, p.Say.In(r.Lang)})
	}
	for _, a := range f.Checkup.Advice {
		if a.Must {
			out = append(out, problemLine{Say: a.Say.In(r.Lang)})
		}
	}
	return slices.Clip(out)
}
