package console

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"zhijian/domain/cases"
	"zhijian/door"
	"zhijian/ground/fault"
	"zhijian/ui/component"
	"zhijian/ui/say"
)

const (
	appealsPath = "/console/appeals"
	ratingsPath = "/console/ratings"
)

// remedyRoutes are the pages of what residents object to: decisions, and how they were served.
func (c *Console) remedyRoutes() []door.Route {
	return []door.Route{
		{Method: http.MethodGet, Path: appealsPath, About: "appeals to decide, the most urgent first", Access: door.StaffOnly, Handler: c.appeals},
		{Method: http.MethodGet, Path: appealsPath + "/{no}", About: "one appeal, for a second person; each look is recorded", Access: door.StaffOnly, Handler: c.appeal},
		{Method: http.MethodPost, Path: appealsPath + "/{no}", About: "decide an appeal", Access: door.StaffOnly, Handler: c.decideAppeal},
		{Method: http.MethodGet, Path: ratingsPath, About: "bad ratings to answer, the most urgent first", Access: door.StaffOnly, Handler: c.ratings},
		{Method: http.MethodGet, Path: ratingsPath + "/{no}", About: "one bad rating, without anybody's name", Access: door.StaffOnly, Handler: c.rating},
		{Method: http.MethodPost, Path: ratingsPath + "/{no}/contact", About: "get in touch about a bad rating", Access: door.StaffOnly, Handler: c.contact},
		{Method: http.MethodPost, Path: ratingsPath + "/{no}/answer", About: "answer a bad rating", Access: door.StaffOnly, Handler: c.answerRating},
	}
}

// tasksPage lists work of one kind.
type tasksPage struct {
	Tabs component.QueueTabs
	List component.Table
}

func (c *Console) appeals(w http.ResponseWriter, r *door.Request) error {
	return c.tasks(w, r, cases.TaskAppeal, appealsPath, "desk.appeals")
}

func (c *Console) ratings(w http.ResponseWriter, r *door.Request) error {
	return c.tasks(w, r, cases.TaskFollowup, ratingsPath, "desk.ratings")
}

// tasks lists what is to be done, what ran out first; "late" shows only that.
func (c *Console) tasks(w http.ResponseWriter, r *door.Request, kind cases.TaskKind, path, key string) error {
	late := r.Query("late") != ""
	list, err := c.c.Cases.Tasks(r.Context(), r.Actor, cases.TaskFinder{Kind: kind, Overdue: late})
	if err != nil {
		return err
	}
	now := c.c.Clock.Now()
	p := tasksPage{
		Tabs: component.QueueTabs{Label: word(r, "desk.state"), Items: []component.QueueTab{
			{Text: word(r, "desk.tasks_all"), Href: path, N: -1, On: !late},
			{Text: word(r, "desk.tasks_late"), Href: path + "?late=1", N: -1, On: late, Hot: true},
		}},
		List: table(r, key, "desk.tasks_none_"+strings.TrimPrefix(key, "desk."), "desk.task", "desk.since", "desk.task_due", "desk.state"),
	}
	for _, t := range list {
		state := component.Tag{Text: word(r, "desk.task_open"), Tone: component.Info}
		switch {
		case t.Due.Before(now):
			state = component.Tag{Text: word(r, "desk.task_over"), Tone: component.Danger}
		case t.Late:
			state = component.Tag{Text: word(r, "desk.task_late"), Tone: component.Warn}
		}
		p.List.Rows = append(p.List.Rows, component.TableRow{Cells: []component.Cell{
			{Text: c.offered(t.City, t.Service, r.Lang), Href: path + "/" + t.No, Small: say.Number(t.No), Num: true},
			{Text: say.Day(r.Lang, t.Opened, now)},
			{Text: c.until(r, t.Due)},
			{Body: state},
		}})
	}
	title := word(r, key)
	return render(w, r, http.StatusOK, c.frame(w, r, title).In(), p.view(component.DeskHead{Title: title, Sub: word(r, "desk.tasks_note_"+strings.TrimPrefix(key, "desk."))}))
}

// offered is the name of a service as the city offers it now.
func (c *Console) offered(city, service, lang string) string {
	if o, ok := c.c.Catalogue.Offer(city, service); ok {
		return o.Definition.Name.In(lang)
	}
	return service
}

// until is the last day of a time that ends with a day: the moment after it is not what one counts on.
func (c *Console) until(r *door.Request, t time.Time) string {
	return say.FullDay(r.Lang, t.Add(-time.Second))
}

// appealPage is one appeal with what it is decided on. Own is set instead for whoever made the decision.
type appealPage struct {
	Own     string
	Facts   component.KeyValues
	Rows    component.KeyValues
	Changes component.KeyValues // what was put right before the decision
	Files   string
	Reasons string
	Form    component.Form
	Note    string
	Outcome component.DeskChoices
	Fields  []component.DeskInput
	Reason  component.DeskInput
	Button  component.DeskButton
	Done    bool
}

func (c *Console) appeal(w http.ResponseWriter, r *door.Request) error {
	return c.drawAppeal(w, r, http.StatusOK, nil)
}

func (c *Console) drawAppeal(w http.ResponseWriter, r *door.Request, status int, wrong *fault.Error) error {
	title := word(r, "desk.appeal")
	b, err := c.c.Cases.AppealBrief(r.Context(), r.Actor, r.PathValue("no"))
	if f := fault.Of(err); f != nil && f.Code == "appeal.own" {
		p := appealPage{Own: word(r, "desk.appeal_own")}
		return render(w, r, http.StatusForbidden, c.frame(w, r, title).In(), p.view(component.DeskHead{Title: title}))
	}
	if err != nil {
		return err
	}
	now, a := c.c.Clock.Now(), b.Appeal
	p := appealPage{
		Facts: component.KeyValues{Rows: []component.Row{
			{Key: word(r, "desk.case_number"), Value: say.Number(b.Case.No)},
			{Key: word(r, "desk.appeal_against"), Value: say.Moment(r.Lang, a.Against, now), Note: b.Refusal},
			{Key: word(r, "desk.appeal_made"), Value: say.Moment(r.Lang, a.At, now)},
			{Key: word(r, "desk.task_due"), Value: c.until(r, a.Due)},
		}},
		Reasons: a.Reasons, Changes: corrections(r, b.Corrections, now), Done: a.Outcome != "",
		Form: component.Form{Action: appealsPath + "/" + a.No}, Note: word(r, "desk.appeal_second"),
		Outcome: component.DeskChoices{Name: "outcome", Label: word(r, "desk.appeal_outcome"), Error: about(r.Lang, wrong, "outcome")},
		Reason: component.DeskInput{
			Name: "reason", Label: word(r, "desk.appeal_reason"), Hint: word(r, "desk.appeal_reason_hint"), Lines: 4, Max: 1000,
			Value: r.Value("reason"), Error: about(r.Lang, wrong, "reason"),
		},
		Button: component.DeskButton{Text: word(r, "desk.appeal_do")},
	}
	if len(a.Files) > 0 {
		p.Files = word(r, "desk.files_note")
		p.Facts.Rows = append(p.Facts.Rows, component.Row{Key: word(r, "desk.appeal_files"), Body: fileLinks(fileItems(b.Case.No, a.Files))})
	}
	for _, row := range b.Rows {
		p.Rows.Rows = append(p.Rows.Rows, component.Row{Key: row.Label, Value: row.Value, Note: strings.Join(row.Lines, " ")})
	}
	for _, o := range cases.Outcomes() {
		if o != cases.Changed || b.Changes {
			p.Outcome.Options = append(p.Outcome.Options, component.Choice{Value: string(o), Title: word(r, "desk.appeal_"+string(o)), On: r.Value("outcome") == string(o)})
		}
	}
	for _, f := range b.Fields {
		in := reviewField(r, f, wrong)
		in.Hint = word(r, "desk.appeal_field")
		p.Fields = append(p.Fields, in)
	}
	if a.Outcome != "" {
		p.Facts.Rows = append(p.Facts.Rows, component.Row{Key: word(r, "desk.appeal_outcome"), Value: word(r, "desk.appeal_"+string(a.Outcome)), Note: a.Reason})
	}
	if wrong != nil && wrong.Field == "" {
		p.Outcome.Error = about(r.Lang, wrong, "")
	}
	head := component.DeskHead{Title: title + "：" + c.serviceName(b.Case, r.Lang), Sub: say.Number(a.No)}
	return render(w, r, status, c.frame(w, r, title).In(), p.view(head))
}

func (c *Console) decideAppeal(w http.ResponseWriter, r *door.Request) error {
	v := cases.AppealVerdict{Outcome: cases.Outcome(r.Value("outcome")), Reason: r.Value("reason"), Values: r.Values()}
	_, err := c.c.Cases.DecideAppeal(r.Context(), r.Actor, r.PathValue("no"), v)
	if f := fault.Of(err); f != nil && f.Kind == fault.KindInvalid {
		return c.drawAppeal(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return r.See(w, appealsPath)
}

// corrections tells what a resident put right, old and new with the time.
func corrections(r *door.Request, list []cases.Correction, now time.Time) component.KeyValues {
	var out component.KeyValues
	for _, x := range list {
		for _, row := range x.Rows {
			out.Rows = append(out.Rows, component.Row{Key: row.Label, Value: row.Now, Note: word(r, "desk.corrected_was", row.Was, say.Moment(r.Lang, x.At, now))})
		}
	}
	return out
}

// ratingPage is one bad rating: what was wrong, and what was done.
type ratingPage struct {
	Facts   component.KeyValues
	Text    string
	Note    string
	Contact *writeForm // nil once somebody got in touch
	Answer  *writeForm // nil once it is answered
}

// writeForm is a text to whoever rated.
type writeForm struct {
	Title  string
	Note   string
	Form   component.Form
	Text   component.DeskInput
	Button component.DeskButton
}

func (c *Console) rating(w http.ResponseWriter, r *door.Request) error {
	return c.drawRating(w, r, http.StatusOK, "", nil)
}

// drawRating shows a bad rating; verb is the form that was sent, "" for none.
func (c *Console) drawRating(w http.ResponseWriter, r *door.Request, status int, verb string, wrong *fault.Error) error {
	f, err := c.c.Cases.Followup(r.Context(), r.Actor, r.PathValue("no"))
	if err != nil {
		return err
	}
	now, title := c.c.Clock.Now(), word(r, "desk.rating")
	var why []string
	for _, code := range f.Reasons {
		why = append(why, word(r, "desk.why_"+code))
	}
	p := ratingPage{Text: f.Text, Note: word(r, "desk.rating_shield"), Facts: component.KeyValues{Rows: []component.Row{
		{Key: word(r, "desk.rating_grade"), Value: word(r, "desk.grade_"+strconv.Itoa(f.Stars)), Note: strings.Join(why, "　")},
		{Key: word(r, "desk.rating_at"), Value: say.Day(r.Lang, f.Opened, now)},
		{Key: word(r, "desk.rating_contact_by"), Value: c.until(r, f.ContactBy)},
		{Key: word(r, "desk.rating_due"), Value: c.until(r, f.Due)},
	}}}
	add := func(key, value, note string) {
		p.Facts.Rows = append(p.Facts.Rows, component.Row{Key: word(r, key), Value: value, Note: note})
	}
	if !f.Contacted.IsZero() {
		add("desk.rating_contacted", say.Moment(r.Lang, f.Contacted, now), f.Note)
	}
	if f.Answer != "" {
		add("desk.rating_answer", f.Answer, "")
	}
	if f.Settled != "" {
		add("desk.rating_settled", word(r, "desk.settled_"+f.Settled), "")
	}
	if f.Answered.IsZero() && !f.Dropped {
		at := ratingsPath + "/" + f.No
		if f.Contacted.IsZero() && f.Settled == "" {
			p.Contact = writing(r, "contact", at, verb, wrong)
		}
		p.Answer = writing(r, "answer", at, verb, wrong)
	}
	head := component.DeskHead{Title: title + "：" + c.offered(f.City, f.Service, r.Lang), Sub: say.Number(f.No)}
	return render(w, r, status, c.frame(w, r, title).In(), p.view(head))
}

// writing is one of the two forms; what was typed stays in the one that was sent.
func writing(r *door.Request, verb, at, sent string, wrong *fault.Error) *writeForm {
	f := &writeForm{
		Title: word(r, "desk.rating_"+verb+"_title"), Note: word(r, "desk.rating_"+verb+"_note"), Form: component.Form{Action: at + "/" + verb},
		Text:   component.DeskInput{Name: "text", ID: verb + "-text", Label: word(r, "desk.rating_"+verb+"_text"), Lines: 3, Max: 1000},
		Button: component.DeskButton{Text: word(r, "desk.rating_"+verb+"_do")},
	}
	if verb == sent {
		f.Text.Value, f.Text.Error = r.Value("text"), about(r.Lang, wrong, "text")
	}
	return f
}

func (c *Console) contact(w http.ResponseWriter, r *door.Request) error {
	err := c.c.Cases.Contact(r.Context(), r.Actor, r.PathValue("no"), r.Value("text"))
	return c.wrote(w, r, "contact", ratingsPath+"/"+r.PathValue("no"), err)
}

func (c *Console) answerRating(w http.ResponseWriter, r *door.Request) error {
	err := c.c.Cases.AnswerRating(r.Context(), r.Actor, r.PathValue("no"), r.Value("text"))
	return c.wrote(w, r, "answer", ratingsPath, err)
}

func (c *Console) wrote(w http.ResponseWriter, r *door.Request, verb, then string, err error) error {
	if f := fault.Of(err); f != nil && f.Kind == fault.KindInvalid {
		return c.drawRating(w, r, http.StatusUnprocessableEntity, verb, f)
	}
	if err != nil {
		return err
	}
	return r.See(w, then)
}

// taskTiles count what residents object to, for the first page.
func (c *Console) taskTiles(r *door.Request) ([]component.TodoTile, error) {
	var out []component.TodoTile
	for _, k := range []struct {
		kind      cases.TaskKind
		path, key string
	}{{cases.TaskAppeal, appealsPath, "desk.appeals"}, {cases.TaskAmend, amendsPath, "desk.amends"}, {cases.TaskFollowup, ratingsPath, "desk.ratings"}} {
		list, err := c.c.Cases.Tasks(r.Context(), r.Actor, cases.TaskFinder{Kind: k.kind})
		if err != nil {
			return nil, err
		}
		t := component.TodoTile{Label: word(r, k.key), N: len(list), Href: k.path, Note: word(r, "desk.none")}
		if len(list) > 0 {
			t.Tone, t.Note = component.Warn, word(r, "desk.task_first", c.until(r, list[0].Due))
			if list[0].Due.Before(c.c.Clock.Now()) {
				t.Tone = component.Danger
			}
		}
		out = append(out, t)
	}
	return out, nil
}
