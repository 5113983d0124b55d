package console

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"zhijian/domain/draft"
	"zhijian/domain/service"
	"zhijian/domain/service/outline"
	"zhijian/door"
	"zhijian/ground/fault"
	"zhijian/ui/component"
	"zhijian/ui/layout"
	"zhijian/ui/wording"
)

// deskFrame is the frame of a console page.
type deskFrame = layout.Desk

// designerPage is a service as a form: its pages at the left, what residents see in the middle, what can be changed at the right.
type designerPage struct {
	ID     string
	Title  string // with how it stands
	Rev    string
	Wrong  string // what could not be done
	Pages  []pageLink
	Add    component.DeskInput // kind of a new page
	After  string
	Sum    []string // what answering takes
	Advice []adviceLink
	Must   []problemLine
	Screen templ.Component // nil when the text does not load
	Right  templ.Component
	Flow   []flowMark
	Foot   templ.Component
	Locked string // why it cannot be changed now
}

// pageLink is one page in the list.
type pageLink struct {
	Sign, Text, Href string
	On               bool
}

type adviceLink struct{ Text, Href string }

type flowMark struct {
	Text string
	On   bool
}

// designer shows a service as a form. ?page= chooses the page, ?ask= a question on it.
func (c *Console) designer(w http.ResponseWriter, r *door.Request) error {
	one, err := c.c.Drafts.Draft(r.Context(), r.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	return c.drawDesigner(w, r, http.StatusOK, one, r.Query("page"), r.Query("ask"), nil)
}

// drawDesigner draws the form, with what could not be done above it. A text that is no YAML is shown as its file.
func (c *Console) drawDesigner(w http.ResponseWriter, r *door.Request, status int, one draft.Draft, page, ask string, wrong *fault.Error) error {
	o, err := outline.Read([]byte(one.Text))
	if err != nil {
		return c.drawText(w, r, http.StatusOK, one, one.Text, fault.Of(err))
	}
	g, err := c.groundOf(r, one)
	if err != nil {
		return err
	}
	def, found := draft.Check(one, one.Text, g)
	p := designerPage{ID: one.Service, Rev: strconv.FormatInt(one.Rev, 10), Must: problemLines(r, found), Flow: flowOf(r, one)}
	if page != precheckPage {
		p.After = page // which a new page comes behind
	}
	if wrong != nil {
		p.Wrong = faultText(r, wrong)
	}
	pages := o.Pages()
	at := slices.IndexFunc(pages, func(x outline.Page) bool { return x.ID == page })
	p.Pages = pageLinks(r, o, one, page)
	p.Add = component.DeskInput{Name: "kind", Label: word(r, "desk.service_addpage"), Hide: true}
	for _, k := range outline.NewPages() {
		p.Add.Options = append(p.Add.Options, component.Option{Value: k, Text: outline.KindName(k).In(r.Lang)})
	}
	k := found.Checkup
	p.Sum = []string{
		word(r, "desk.service_sum", k.Minutes, k.Questions), word(r, "desk.service_perpage", fmt.Sprintf("%.1f", float64(k.Questions)/float64(max(1, k.Pages)))),
		word(r, "desk.service_could", k.Could),
	}
	for _, a := range k.Advice {
		if !a.Must {
			p.Advice = append(p.Advice, adviceLink{a.Say.In(r.Lang), designerPath(one.Service, a.Page, a.Ask)})
		}
	}
	q, err := o.Question(ask)
	asked := at >= 0 && err == nil && slices.Contains(pages[at].Asks, ask)
	if def != nil {
		var mark component.Pointer
		if asked {
			mark = component.Pointer{Ask: ask, Says: outline.TypeName(q.Type).In(r.Lang)}
		}
		if p.Screen, err = c.screen(r, def, one, page, mark); err != nil {
			return err
		}
	}
	switch {
	case page == precheckPage:
		p.Right = c.precheckForm(r, o, one, p.Rev, ask).view()
	case asked:
		p.Right = c.questionForm(r, one, p.Rev, pages[at], q).view()
	case at >= 0:
		p.Right = c.pageForm(r, o, one, p.Rev, pages[at]).view()
	default:
		p.Right = c.headForm(r, o, one, p.Rev).view()
	}
	if r.Member.Operator {
		p.Locked = word(r, "desk.service_reading")
	}
	p.Foot = c.footOf(r, one, found).view()
	title := titleOf(r, one)
	d := c.serviceFrame(w, r, title)
	d.Whole = true
	d.Crumbs[len(d.Crumbs)-1].Text += "　" + standOf(r, one)
	p.Title = d.Crumbs[len(d.Crumbs)-1].Text
	return render(w, r, status, d.In(), p.view())
}

func faultText(r *door.Request, f *fault.Error) string {
	var out []string
	for _, one := range f.All() {
		out = append(out, wording.Fault(r.Lang, one))
	}
	return strings.Join(out, "；")
}

func designerPath(id, page, ask string) string {
	q := url.Values{}
	if page != "" {
		q.Set("page", page)
	}
	if ask != "" {
		q.Set("ask", ask)
	}
	if len(q) == 0 {
		return servicePath(id)
	}
	return servicePath(id) + "?" + q.Encode()
}

// standOf says what is written and what residents are offered.
func standOf(r *door.Request, one draft.Draft) string {
	live := word(r, "desk.services_notlive")
	if one.Live > 0 {
		live = word(r, "desk.service_live", one.Live)
	}
	return word(r, "desk.service_"+string(one.State)) + "　" + live
}

func pageLinks(r *door.Request, o *outline.Outline, one draft.Draft, on string) []pageLink {
	out := []pageLink{{word(r, "desk.service_sign_start"), word(r, "desk.service_start"), servicePath(one.Service), on == ""}, precheckLink(r, one, on)}
	n := 0
	for _, x := range o.Pages() {
		sign := ""
		switch x.Kind {
		case "result":
			sign = word(r, "desk.service_sign_end")
		case "check":
			sign = word(r, "desk.service_sign_check")
		case "form", "choose", "book", "pay", "supply", "handoff":
			n++
			sign = strconv.Itoa(n)
		default:
			sign = "·"
		}
		out = append(out, pageLink{sign, o.Called(x).In(r.Lang), designerPath(one.Service, x.ID, ""), x.ID == on})
	}
	return out
}

// flowOf are the stations of a draft, with the one it is at.
func flowOf(r *door.Request, one draft.Draft) []flowMark {
	var out []flowMark
	for _, s := range []draft.State{draft.Writing, draft.Submitted, draft.Approved, draft.Published} {
		out = append(out, flowMark{word(r, "desk.flow_"+string(s)), s == one.State})
	}
	return out
}

// screen is what residents see of a page, with a mark at the question that is being written; of the start, what the start page says.
func (c *Console) screen(r *door.Request, def *service.Definition, one draft.Draft, page string, mark component.Pointer) (templ.Component, error) {
	if page == precheckPage {
		return c.precheckScreen(r, def, one)
	}
	trial := def.Trial(one.City, r.Lang, c.c.Clock.Now())
	v, ok := trial.Glimpse(page)
	if !ok {
		return startScreen(r, def), nil
	}
	return c.c.Screens.Content(r.Context(), trial.Offer(), v, r.Lang, mark, c.c.Clock.Now())
}

func startScreen(r *door.Request, d *service.Definition) templ.Component {
	s := startLook{
		Nav:   component.Nav{Title: word(r, "desk.service_start"), Back: "/"},
		Title: d.Name.In(r.Lang), About: d.About.In(r.Lang), Ready: component.Section{Title: word(r, "desk.service_needs"), Small: true},
		Bar: component.ActionBar{Button: component.Button{Text: word(r, "desk.service_go")}},
	}
	if d.How == "query" {
		s.Bar.Button.Text = word(r, "desk.service_query")
	}
	for _, row := range []struct{ key, value string }{
		{"desk.service_who", d.Who.In(r.Lang)}, {"desk.service_fee", d.Fee.In(r.Lang)}, {"desk.service_promise", d.Promise.Text.In(r.Lang)},
	} {
		if row.value != "" {
			s.Rows.Rows = append(s.Rows.Rows, component.Row{Key: word(r, row.key), Value: row.value})
		}
	}
	for _, n := range d.Needs {
		s.Needs = append(s.Needs, n.In(r.Lang))
	}
	return s.view()
}

// startLook is the start page in the preview.
type startLook struct {
	Nav          component.Nav
	Title, About string
	Rows         component.SummaryList
	Ready        component.Section // with Needs
	Needs        []string
	Bar          component.ActionBar
}

// footForm is what can be done with the text as a whole.
type footForm struct {
	Links   []component.DeskButton
	Trial   component.DeskPost
	Action  string
	Rev     string
	Reason  component.DeskInput
	Buttons []component.DeskButton
	Note    string
}

// footOf offers what the state allows to whoever reads.
func (c *Console) footOf(r *door.Request, one draft.Draft, f draft.Findings) footForm {
	at := servicePath(one.Service)
	foot := footForm{
		Links: []component.DeskButton{
			{Text: word(r, "desk.service_versions"), Href: at + "/versions", Tone: component.Line},
			{Text: word(r, "desk.service_file"), Href: at + "/text", Tone: component.Line},
			{Text: word(r, "desk.service_export"), Href: at + "/file", Tone: component.Line},
		},
		Trial:  component.DeskPost{Action: at + "/trial", Button: component.DeskButton{Text: word(r, "desk.service_try"), Tone: component.Line, Icon: "smartphone"}},
		Action: at + "/state", Rev: strconv.FormatInt(one.Rev, 10),
		Reason: component.DeskInput{Name: "reason", ID: "state_reason", Label: word(r, "desk.service_reason"), Max: 300, Value: r.Value("reason")},
	}
	do := func(what string, tone component.Tone) {
		foot.Buttons = append(foot.Buttons, component.DeskButton{Text: word(r, "desk.do_"+what), Name: "what", Value: what, Tone: tone})
	}
	own := !r.Member.Operator
	switch one.State {
	case draft.Writing:
		if own && f.Ready() {
			do("submit", component.Plain)
		} else if own {
			foot.Note = word(r, "desk.service_unready", len(problemLines(r, f)))
		}
	case draft.Submitted:
		if slices.Contains(one.Hands, r.Actor.ID) {
			foot.Note = word(r, "desk.service_own")
		} else {
			if own {
				do("release", component.Plain)
			}
			do("approve", component.Line)
		}
		do("return", component.Line)
	case draft.Approved:
		if own {
			do("publish", component.Plain)
			foot.Reason = component.DeskInput{}
		}
	}
	return foot
}
