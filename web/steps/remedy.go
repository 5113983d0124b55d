package steps

import (
	"context"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"zhijian/domain/cases"
	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/ground/fault"
	"zhijian/ui/component"
	"zhijian/ui/say"
	"zhijian/web/frame"
)

// Remedies puts right what was sent, appeals against what was decided, points out a mistake in the result and says whether an answer settles a bad rating; cases.Desk does.
type Remedies interface {
	Correct(ctx context.Context, w cases.Who, no string, values map[string][]string) (cases.Case, error)
	Appeal(ctx context.Context, w cases.Who, no, reasons string) (cases.Case, error)
	AskAmend(ctx context.Context, w cases.Who, no, said string) (cases.Case, error)
	Settle(ctx context.Context, w cases.Who, no string, settled bool) error
}

// remedyRoutes are the pages of what a resident can do about what she sent, what was decided and how.
func (s *Steps) remedyRoutes(get func(path, about string, h door.Handler) door.Route, post func(path, about string, l door.Limit, h door.Handler) door.Route) []door.Route {
	return []door.Route{
		get("/cases/{no}/correct", "put right what was sent", s.askCorrect),
		post("/cases/{no}/correct", "put right what was sent", door.Limit{Lists: []string{"*"}}, s.correct),
		get("/cases/{no}/appeal", "appeal against a decision, and the ways outside the house", s.askAppeal),
		{
			Method: http.MethodPost, Path: "/cases/{no}/appeal", About: "appeal against a decision, upload and delete its papers", Access: door.ResidentAt(1),
			Takes: door.TakesFile, Limit: door.Limit{Lists: []string{"*"}, Body: service.MaxFileBytes + 1<<20, Time: time.Minute}, Handler: s.appeal,
		},
		get("/cases/{no}/amend", "point out a mistake in a result", s.askAmend),
		post("/cases/{no}/amend", "point out a mistake in a result", door.Limit{}, s.amend),
		post("/cases/{no}/settle", "say whether the answer settles a bad rating", door.Limit{}, s.settle),
	}
}

// remedyPage is one thing a resident does about a case: a question or a few, what else there is, one button.
type remedyPage struct {
	nav    component.Nav
	flash  component.Flash
	errors component.ErrorSummary
	title  string
	lead   string
	form   component.Form
	body   []templ.Component
	bar    component.ActionBar
	ways   component.Section // the ways outside the house
	list   component.NextList
}

// askCorrect shows the answers that can be put right.
func (s *Steps) askCorrect(w http.ResponseWriter, r *door.Request) error {
	shown, err := s.c.Cases.Show(r.Context(), frame.Who(r), r.PathValue("no"), "")
	if err != nil {
		return err
	}
	return s.drawCorrect(w, r, http.StatusOK, shown, nil)
}

func (s *Steps) drawCorrect(w http.ResponseWriter, r *door.Request, status int, shown cases.Shown, wrong error) error {
	no := shown.Case.No
	if len(shown.Corrects) == 0 {
		return r.See(w, casePath(no))
	}
	title := s.f.T(r, "steps.correct.title")
	p := s.f.Page(r, title)
	p.City, p.Plain, p.Failed = shown.Offer.Definition.Name.In(r.Lang), true, wrong != nil
	q := remedyPage{
		nav:   s.forWhom(r, shown, component.Nav{Title: shown.Offer.Definition.Name.In(r.Lang), Back: casePath(no)}),
		flash: s.f.Flash(w, r), errors: component.ErrorSummary{Problems: s.f.Problems(r, wrong)},
		title: title, lead: s.f.T(r, "steps.correct.lead"), form: component.Form{Action: casePath(no) + "/correct"},
		bar: component.ActionBar{Button: component.Button{Text: s.f.T(r, "steps.correct.do"), Busy: s.f.T(r, "steps.correct.busy")}},
	}
	for _, f := range shown.Corrects {
		f.Error = s.fieldError(r, wrong, f.Name, "")
		if typed, sent := r.Values()[f.Name]; sent && len(typed) > 0 {
			f.Value = typed[0]
			for i := range f.Options {
				f.Options[i].Selected = f.Options[i].Value == f.Value
			}
		}
		q.body = append(q.body, field(f, false, s.f.T(r, "steps.choose"), s.f.T(r, "steps.yuan")))
	}
	return s.f.Render(w, r, status, p, remedyView(q))
}

// correct puts answers right. What cannot be put right any more says why on the page.
func (s *Steps) correct(w http.ResponseWriter, r *door.Request) error {
	no := r.PathValue("no")
	_, err := s.c.Remedies.Correct(r.Context(), frame.Who(r), no, r.Values())
	if fault.Is(err, fault.KindInvalid) || fault.Is(err, fault.KindConflict) {
		shown, gone := s.c.Cases.Show(r.Context(), frame.Who(r), no, "")
		if gone != nil {
			return gone
		}
		status := http.StatusUnprocessableEntity
		if fault.Is(err, fault.KindConflict) {
			status = http.StatusConflict
		}
		return s.drawCorrect(w, r, status, shown, err)
	}
	if err != nil {
		return err
	}
	r.Flash(w, "steps.flash.corrected")
	return r.See(w, casePath(no))
}

// askAppeal is the page of a decision that one does not agree with: the appeal while it can be made, how it went, and the ways outside.
func (s *Steps) askAppeal(w http.ResponseWriter, r *door.Request) error {
	shown, err := s.c.Cases.Show(r.Context(), frame.Who(r), r.PathValue("no"), "")
	if err != nil {
		return err
	}
	return s.drawAppeal(w, r, http.StatusOK, shown, nil)
}

func (s *Steps) drawAppeal(w http.ResponseWriter, r *door.Request, status int, shown cases.Shown, wrong error) error {
	no, o, now := shown.Case.No, shown.Objection, s.f.Clock().Now()
	if o == nil {
		return r.See(w, casePath(no))
	}
	title := s.f.T(r, "steps.appeal.title")
	p := s.f.Page(r, title)
	p.City, p.Plain, p.Failed = shown.Offer.Definition.Name.In(r.Lang), true, wrong != nil
	q := remedyPage{
		nav:   s.forWhom(r, shown, component.Nav{Title: shown.Offer.Definition.Name.In(r.Lang), Back: casePath(no)}),
		flash: s.f.Flash(w, r), errors: component.ErrorSummary{Problems: s.f.Problems(r, wrong)}, title: title,
	}
	decided := component.SummaryList{Rows: []component.Row{{Key: s.f.T(r, "steps.appeal.decision"), Value: shown.View.Title, Note: shown.View.Lead}, {Key: s.f.T(r, "steps.appeal.at"), Value: say.Day(r.Lang, o.Ended, now)}}}
	switch {
	case o.Made != nil:
		q.title = s.f.T(r, "steps.appeal.made")
		decided.Rows = append(decided.Rows, s.appealRows(r, *o.Made, no)...)
		q.body = []templ.Component{decided}
	case o.Open:
		q.lead = s.f.T(r, "steps.appeal.lead", until(r.Lang, o.Until))
		q.form = component.Form{Action: casePath(no) + "/appeal", Files: true}
		q.body = []templ.Component{
			decided,
			component.TextArea{Name: "reasons", Label: s.f.T(r, "steps.appeal.reasons"), Hint: s.f.T(r, "steps.appeal.hint"), Max: 1000, Value: r.Value("reasons"), Error: s.fieldError(r, wrong, "reasons", "")},
			s.appealFiles(r, no, o.Files, wrong),
		}
		q.bar = component.ActionBar{Button: component.Button{Text: s.f.T(r, "steps.appeal.do"), Busy: s.f.T(r, "steps.appeal.busy")}}
	default:
		q.lead = s.f.T(r, "steps.appeal.over", until(r.Lang, o.Until))
		q.body = []templ.Component{decided}
	}
	if o.Terms.Act {
		q.ways, q.list = component.Section{Title: s.f.T(r, "steps.appeal.ways"), Small: true}, component.NextList{Items: s.outside(r)}
	}
	return s.f.Render(w, r, status, p, remedyView(q))
}

// outside names the ways that the law opens against an administrative act, whatever the house does: 行政复议法 (2023) article 20, and
// 行政诉讼法 article 46.
func (s *Steps) outside(r *door.Request) []string {
	return []string{s.f.T(r, "steps.appeal.review"), s.f.T(r, "steps.appeal.court"), s.f.T(r, "steps.appeal.both")}
}

// appealRows is how an appeal stands.
func (s *Steps) appealRows(r *door.Request, a cases.Appeal, no string) []component.Row {
	now := s.f.Clock().Now()
	rows := []component.Row{
		{Key: s.f.T(r, "steps.appeal.since"), Value: say.Day(r.Lang, a.At, now)},
		{Key: s.f.T(r, "steps.appeal.reasons"), Value: a.Reasons},
	}
	if len(a.Files) > 0 {
		rows = append(rows, component.Row{Key: s.f.T(r, "steps.appeal.files"), Body: fileLines(filesOf(no, a.Files))})
	}
	if a.Outcome == "" {
		return append(rows, component.Row{Key: s.f.T(r, "steps.appeal.due"), Value: until(r.Lang, a.Due)})
	}
	return append(rows, component.Row{Key: s.f.T(r, "steps.appeal.outcome"), Value: s.f.T(r, "steps.log.appeal_"+string(a.Outcome)), Note: a.Reason})
}

// until is the last day of a time that ends with a day.
func until(lang string, t time.Time) string { return say.FullDay(lang, t.Add(-time.Second)) }

// appealFiles asks for papers, with those that are there already.
func (s *Steps) appealFiles(r *door.Request, no string, list []cases.File, wrong error) templ.Component {
	f := component.Upload{
		Name: cases.AppealPage, Label: s.f.T(r, "steps.appeal.files"), Hint: s.f.T(r, "steps.file.both", 5, "5 MB"), Optional: true, Multiple: true,
		Accept: "image/jpeg,image/png,image/webp,application/pdf", Error: s.fieldError(r, wrong, cases.AppealPage, ""),
	}
	files := make([]service.File, 0, len(list))
	for _, x := range list {
		files = append(files, x.File)
	}
	f.Files = filesOf(no, files)
	if len(files) >= 5 {
		f.Full = s.f.T(r, "steps.file.full", len(files))
	}
	return f
}

// appeal takes the form of an appeal. Every button sends the whole form: files are uploaded, one is deleted, or the appeal is made.
func (s *Steps) appeal(w http.ResponseWriter, r *door.Request) error {
	no, who := r.PathValue("no"), frame.Who(r)
	shown, err := s.c.Cases.Show(r.Context(), who, no, "")
	if err != nil {
		return err
	}
	if shown.Objection == nil || !shown.Objection.Open {
		return r.See(w, casePath(no)+"/appeal") // which says why not
	}
	var wrong error
	id := r.Value("_remove")
	if id != "" {
		err = s.c.Files.Discard(r.Context(), who, no, id)
	} else {
		wrong, err = s.uploaded(r, no, cases.AppealPage, map[string][]string{})
	}
	if err != nil {
		return err
	}
	if wrong == nil && id == "" && r.Value("_go") != "upload" {
		_, err := s.c.Remedies.Appeal(r.Context(), who, no, r.Value("reasons"))
		switch {
		case err == nil:
			r.Flash(w, "steps.flash.appealed")
			return r.See(w, casePath(no)+"/appeal")
		case fault.Is(err, fault.KindConflict):
			return r.See(w, casePath(no)+"/appeal")
		case !fault.Is(err, fault.KindInvalid):
			return err
		}
		wrong = err
	}
	if shown, err = s.c.Cases.Show(r.Context(), who, no, ""); err != nil {
		return err
	}
	status := http.StatusOK // what was typed stands on the page that is drawn again
	if wrong != nil {
		status = http.StatusUnprocessableEntity
	}
	return s.drawAppeal(w, r, status, shown, wrong)
}

// settle takes whether the department's answer settles a bad rating.
func (s *Steps) settle(w http.ResponseWriter, r *door.Request) error {
	no := r.PathValue("no")
	err := s.c.Remedies.Settle(r.Context(), frame.Who(r), no, r.Value("settled") == "yes")
	if err != nil && !fault.Is(err, fault.KindConflict) {
		return err
	}
	if err == nil {
		r.Flash(w, "steps.flash.settled")
	}
	return r.See(w, casePath(no))
}

// followed is what became of a bad rating; without a title it is left out.
type followed struct {
	title  string
	rows   component.SummaryList
	ask    string
	form   component.Form
	settle []component.Button
}

// followed tells the resident how the department follows her bad rating up, and asks once whether that settles it.
func (s *Steps) followed(r *door.Request, shown cases.Shown) followed {
	f, now := shown.Case.Remedies.Followup, s.f.Clock().Now()
	if f == nil || f.Dropped {
		return followed{}
	}
	q := followed{title: s.f.T(r, "steps.followed")}
	add := func(key, value, note string) {
		q.rows.Rows = append(q.rows.Rows, component.Row{Key: s.f.T(r, key), Value: value, Note: note})
	}
	if f.Contacted.IsZero() && f.Answer == "" {
		add("steps.followed.contact", until(r.Lang, f.ContactBy), "")
	}
	if f.Note != "" {
		add("steps.followed.note", f.Note, say.Moment(r.Lang, f.Contacted, now))
	}
	if f.Answer != "" {
		add("steps.followed.answer", f.Answer, "")
	}
	switch {
	case f.Answered.IsZero():
		add("steps.followed.due", until(r.Lang, f.Due), "")
		if f.Settled == "no" {
			q.ask = s.f.T(r, "steps.followed.second")
		}
	case f.Settled == "":
		q.ask, q.form = s.f.T(r, "steps.followed.ask"), component.Form{Action: casePath(shown.Case.No) + "/settle"}
		q.settle = []component.Button{
			{Text: s.f.T(r, "steps.followed.yes"), Name: "settled", Value: "yes", Tone: component.Line, Block: true},
			{Text: s.f.T(r, "steps.followed.no"), Name: "settled", Value: "no", Tone: component.Quiet, Block: true},
		}
	default:
		add("steps.followed.you", s.f.T(r, "steps.log."+map[string]string{"yes": "settled", "no": "unsettled"}[f.Settled]), "")
	}
	return q
}

// remedies are the ways to put right what was sent, and to object to what was decided.
func (s *Steps) remedies(r *door.Request, shown cases.Shown) []component.Item {
	at := casePath(shown.Case.No)
	var list []component.Item
	if len(shown.Corrects) > 0 {
		list = append(list, component.Item{Title: s.f.T(r, "steps.correct"), Href: at + "/correct", Icon: "square-pen"})
	}
	list = append(list, s.amending(r, shown)...)
	o := shown.Objection
	if o == nil {
		return list
	}
	it := component.Item{Title: s.f.T(r, "steps.appeal"), Href: at + "/appeal", Icon: "undo-2"}
	switch {
	case o.Made != nil && o.Made.Outcome == "":
		it.Title, it.Lines = s.f.T(r, "steps.appeal.see"), []string{s.f.T(r, "steps.appeal.by", until(r.Lang, o.Made.Due))}
	case o.Made != nil:
		it.Title, it.Lines = s.f.T(r, "steps.appeal.see"), []string{s.f.T(r, "steps.log.appeal_"+string(o.Made.Outcome))}
	case o.Open:
		it.Lines = []string{s.f.T(r, "steps.appeal.last", until(r.Lang, o.Until))}
	default:
		it.Lines = []string{s.f.T(r, "steps.appeal.ways")}
	}
	return append(list, it)
}

// corrected tells what was put right, old and new.
func (s *Steps) corrected(r *door.Request, shown cases.Shown) component.SummaryList {
	var out component.SummaryList
	for _, x := range shown.Case.Remedies.Corrections {
		for _, row := range x.Rows {
			out.Rows = append(out.Rows, component.Row{Key: row.Label, Value: row.Now, Note: s.f.T(r, "steps.corrected.was", row.Was, say.Moment(r.Lang, x.At, s.f.Clock().Now()))})
		}
	}
	return out
}
