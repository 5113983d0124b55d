package steps

import (
	"net/http"
	"slices"
	"strconv"
	"unicode/utf8"

	"zhijian/domain/cases"
	"zhijian/door"
	"zhijian/ground/fault"
	"zhijian/ui/component"
	"zhijian/ui/say"
	"zhijian/web/frame"
)

// ratePage is the judgement with its reasons.
type ratePage struct {
	nav    component.Nav
	flash  component.Flash
	errors component.ErrorSummary
	about  string
	form   component.Form
	title  string
	rating component.Rating
	why    component.Choices
	text   component.TextArea
	note   string
	button component.Button
}

// reasons are what may have been wrong, for the two lowest levels.
func reasons() []string { return []string{"slow", "unclear", "repeated", "rude", "website"} }

// maxWords bounds the text (cases.Rating).
const maxWords = 300

// judged is a judgement as it was typed.
type judged struct {
	level int
	why   []string
	text  string
}

func (s *Steps) askRating(w http.ResponseWriter, r *door.Request) error {
	shown, err := s.c.Cases.Show(r.Context(), frame.Who(r), r.PathValue("no"), "")
	if err != nil {
		return err
	}
	if !rateable(shown, s.f.Clock().Now()) {
		return r.See(w, casePath(shown.Case.No))
	}
	was := judged{}
	if k := shown.Case.Rating; k != nil {
		was = judged{k.Stars, k.Reasons, k.Text}
	}
	return s.drawRating(w, r, http.StatusOK, shown, was, nil)
}

func (s *Steps) drawRating(w http.ResponseWriter, r *door.Request, status int, shown cases.Shown, was judged, wrong error) error {
	no, d := shown.Case.No, shown.Offer.Definition
	title := s.f.T(r, "steps.rate.title")
	p := s.f.Page(r, title)
	p.City, p.Plain, p.Failed = d.Name.In(r.Lang), true, wrong != nil
	q := ratePage{
		nav: component.Nav{Title: s.f.T(r, "steps.rate"), Back: casePath(no)}, flash: s.f.Flash(w, r), title: title,
		errors: component.ErrorSummary{Problems: s.f.Problems(r, wrong)},
		about:  d.Name.In(r.Lang), form: component.Form{Action: casePath(no) + "/rate", Hidden: []component.Hidden{{Name: "full", Value: "1"}}},
		rating: component.Rating{Name: "level", Value: was.level, Legend: title, Error: s.fieldError(r, wrong, "level", "")},
		why:    component.Choices{Name: "why", Label: s.f.T(r, "steps.rate.why"), Hint: s.f.T(r, "steps.rate.why.hint"), Multi: true, Plain: true},
		text:   component.TextArea{Name: "text", Label: s.f.T(r, "steps.rate.text"), Optional: true, Max: maxWords, Value: was.text, Error: s.fieldError(r, wrong, "text", "")},
		note:   s.f.T(r, "steps.rate.note"), button: component.Button{Text: s.f.T(r, "steps.rate.send")},
	}
	if !shown.Case.Ended.IsZero() {
		q.about += "　" + s.f.T(r, "steps.rate.ended", say.Day(r.Lang, shown.Case.Ended, s.f.Clock().Now()))
	}
	for _, code := range reasons() {
		q.why.Options = append(q.why.Options, component.Choice{Value: code, Title: s.f.T(r, "steps.rate.why."+code), On: slices.Contains(was.why, code)})
	}
	return s.f.Render(w, r, status, p, judgePage(q))
}

// rate keeps a judgement. From the result page it is one press; whoever chose one of the two lowest levels there is
// asked what was wrong.
func (s *Steps) rate(w http.ResponseWriter, r *door.Request) error {
	no, values := r.PathValue("no"), r.Values()
	level, _ := strconv.Atoi(r.Value("level"))
	in := judged{level: level, text: r.Value("text")}
	for _, code := range values["why"] {
		if slices.Contains(reasons(), code) {
			in.why = append(in.why, code)
		}
	}
	kept := cases.Rating{Stars: in.level, Text: in.text}
	if in.level <= 2 { // reasons are asked of these alone; without script the boxes stand there for all
		kept.Reasons = in.why
	}
	err := inputs(in)
	if err == nil {
		err = s.c.Cases.Rate(r.Context(), frame.Who(r), no, kept)
	}
	if fault.Is(err, fault.KindInvalid) {
		shown, wrong := s.c.Cases.Show(r.Context(), frame.Who(r), no, "")
		if wrong != nil {
			return wrong
		}
		return s.drawRating(w, r, http.StatusUnprocessableEntity, shown, in, err)
	}
	if err != nil {
		return err
	}
	if in.level <= 2 && r.Value("full") == "" {
		r.Flash(w, "steps.flash.tell")
		return r.See(w, casePath(no)+"/rate")
	}
	r.Flash(w, "steps.flash.rated")
	return r.See(w, casePath(no))
}

// inputs names the inputs as this page calls them.
func inputs(in judged) error {
	var level, text *fault.Error
	if in.level < 1 || in.level > 5 {
		level = fault.Invalid("steps.level", "请选一个满意程度").On("level")
	}
	if n := utf8.RuneCountInString(in.text); n > maxWords {
		text = fault.Invalid("rating.text", "最多 300 个字，现在 %d 个，请缩短一些", n).On("text")
	}
	return fault.Join(level, text)
}
