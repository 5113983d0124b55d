package console

import (
	"slices"
	"strings"

	"zhijian/domain/draft"
	"zhijian/domain/service"
	"zhijian/domain/service/outline"
	"zhijian/door"
	"zhijian/ui/component"
)

// rightForm is the form at the right of the designer: what is chosen can be changed.
type rightForm struct {
	Title   string
	Note    string
	Form    component.Form
	Inputs  []component.DeskInput
	Flags   []component.DeskChoices
	Buttons []component.DeskButton // beside the title: move, remove
	Save    component.DeskButton
	Asks    []adviceLink // questions of the page
	Rules   []adviceLink // of the precheck
	More    component.DeskButton
	Raw     component.DeskInput
}

func formAt(one draft.Draft, what, rev string, hidden ...component.Hidden) component.Form {
	return component.Form{Action: servicePath(one.Service) + "/" + what, Hidden: append([]component.Hidden{{Name: "_rev", Value: rev}}, hidden...)}
}

// pair are the inputs of a wording in both languages.
func pair(r *door.Request, name string, t service.Text, max int) []component.DeskInput {
	label := word(r, "desk.service_"+name)
	return []component.DeskInput{
		{Name: name, Label: label, Value: t.Zh, Max: max}, {Name: name + "_en", Label: word(r, "desk.service_english_of", label), Value: t.En, Max: 3 * max},
	}
}

func save(r *door.Request) component.DeskButton {
	return component.DeskButton{Text: word(r, "desk.service_save"), Name: "_do", Value: "save"}
}

// moves are the buttons to move and remove what is chosen.
func moves(r *door.Request, what string) []component.DeskButton {
	return []component.DeskButton{
		{Text: word(r, "desk.service_up"), Name: "_do", Value: "up", Tone: component.Line, Spoken: what},
		{Text: word(r, "desk.service_down"), Name: "_do", Value: "down", Tone: component.Line, Spoken: what},
		{Text: word(r, "desk.service_remove"), Name: "_do", Value: "remove", Tone: component.Danger, Spoken: what},
	}
}

// headForm asks what the start page says.
func (c *Console) headForm(r *door.Request, o *outline.Outline, one draft.Draft, rev string) rightForm {
	h := o.Head()
	f := rightForm{Title: word(r, "desk.service_start"), Form: formAt(one, "head", rev), Save: save(r)}
	f.Inputs = slices.Concat(pair(r, "name", h.Name, 20), pair(r, "about", h.About, 60), pair(r, "who", h.Who, 60), pair(r, "fee", h.Fee, 60), pair(r, "promise", h.Promise, 40))
	group := component.DeskInput{Name: "group", Label: word(r, "desk.service_group"), Options: c.groupOptions(r, h.Group)}
	how := component.DeskInput{Name: "how", Label: word(r, "desk.service_how")}
	for _, v := range []string{"online", "window", "query"} {
		how.Options = append(how.Options, component.Option{Value: v, Text: word(r, "desk.how_"+v), On: v == h.How})
	}
	f.Inputs = append(f.Inputs, group, how,
		component.DeskInput{Name: "keywords", Label: word(r, "desk.service_keywords"), Hint: word(r, "desk.service_keywords_hint"), Value: strings.Join(h.Keywords, "、"), Max: 200},
		component.DeskInput{Name: "needs", Label: word(r, "desk.service_needs"), Hint: word(r, "desk.service_needs_hint"), Lines: 3, Value: textLines(h.Needs)},
		component.DeskInput{Name: "basis", Label: word(r, "desk.service_basis"), Hint: word(r, "desk.service_basis_hint"), Lines: 3, Value: lawLines(h.Basis)},
		component.DeskInput{Name: "review_by", Label: word(r, "desk.service_review"), Hint: word(r, "desk.service_review_hint"), Value: h.Review, Max: 10},
	)
	f.Flags = []component.DeskChoices{{Name: "nobasis", Label: word(r, "desk.service_nobasis_label"), Multi: true, Options: []component.Choice{{Value: "1", Title: word(r, "desk.service_nobasis"), On: h.NoBasis}}}}
	return f
}

// pageForm asks what a page says.
func (c *Console) pageForm(r *door.Request, o *outline.Outline, one draft.Draft, rev string, p outline.Page) rightForm {
	called := o.Called(p).In(r.Lang)
	f := rightForm{
		Title: word(r, "desk.service_page", called), Form: formAt(one, "page", rev, component.Hidden{Name: "page", Value: p.ID}), Save: save(r), Buttons: moves(r, called),
	}
	for _, name := range p.Wordings() {
		f.Inputs = append(f.Inputs, pair(r, "page_"+name, p.Wording(name), 80)...)
	}
	level := component.DeskInput{Name: "level", Label: word(r, "desk.service_level"), Options: []component.Option{{Text: word(r, "desk.service_level_same"), On: p.Level == ""}}}
	for _, l := range []string{"L0", "L1", "L2", "L3", "L4"} {
		level.Options = append(level.Options, component.Option{Value: l, Text: outline.LevelName(l).In(r.Lang), On: l == p.Level})
	}
	f.Inputs = append(f.Inputs, level, component.DeskInput{Name: "if", Label: word(r, "desk.service_if"), Hint: word(r, "desk.service_if_hint"), Value: p.If, Max: 300})
	for _, id := range p.Asks {
		if q, err := o.Question(id); err == nil {
			f.Asks = append(f.Asks, adviceLink{q.Called().In(r.Lang), designerPath(one.Service, p.ID, id)})
		}
	}
	if len(p.Asks) > 0 {
		f.More = component.DeskButton{Text: word(r, "desk.service_addask"), Name: "_do", Value: "ask", Tone: component.Line, Icon: "plus"}
	}
	f.Raw = component.DeskInput{Name: "raw", Label: word(r, "desk.service_raw"), Hint: word(r, "desk.service_raw_hint"), Lines: 8, Value: p.Raw}
	return f
}

// questionForm asks all about a question.
func (c *Console) questionForm(r *door.Request, one draft.Draft, rev string, p outline.Page, q outline.Question) rightForm {
	called := q.Called().In(r.Lang)
	f := rightForm{
		Title: word(r, "desk.service_question", called), Save: save(r), Buttons: moves(r, called),
		Form: formAt(one, "question", rev, component.Hidden{Name: "page", Value: p.ID}, component.Hidden{Name: "ask", Value: q.ID}),
	}
	f.Inputs = slices.Concat(pair(r, "ask_ask", q.Ask, 60), pair(r, "ask_label", q.Label, 20), pair(r, "ask_hint", q.Hint, 80))
	why := pair(r, "ask_why", q.Why, 120)
	why[0].Lines, why[0].Hint = 2, word(r, "desk.service_why_hint")
	f.Inputs = append(f.Inputs, why...)
	typ := component.DeskInput{Name: "type", Label: word(r, "desk.service_type")}
	types := outline.Types()
	if !slices.Contains(types, q.Type) {
		types = append(types, q.Type)
	}
	for _, t := range types {
		typ.Options = append(typ.Options, component.Option{Value: t, Text: outline.TypeName(t).In(r.Lang), On: t == q.Type})
	}
	f.Inputs = append(f.Inputs, typ,
		component.DeskInput{Name: "min", Label: word(r, "desk.service_min"), Value: q.Min, Max: 9}, component.DeskInput{Name: "max", Label: word(r, "desk.service_max"), Value: q.Max, Max: 9})
	if q.Type == "choice" {
		f.Inputs = append(f.Inputs, component.DeskInput{Name: "options", Label: word(r, "desk.service_options"), Hint: word(r, "desk.service_options_hint"), Lines: 5, Value: optionLines(q.Options)})
	}
	f.Flags = []component.DeskChoices{{Name: "optional", Label: word(r, "desk.service_must_label"), Options: []component.Choice{
		{Value: "", Title: word(r, "desk.service_must"), On: !q.Optional}, {Value: "1", Title: word(r, "desk.service_optional"), On: q.Optional},
	}}}
	if k := outline.Known(q.Type); k != "" && q.Prefill == "" && q.From == "" {
		f.More = component.DeskButton{Text: word(r, "desk.service_prefill"), Name: "_do", Value: "prefill", Tone: component.Line}
	}
	return f
}

// textLines writes wordings one a line, Chinese | English.
func textLines(list []service.Text) string {
	var b strings.Builder
	for _, t := range list {
		b.WriteString(bar(t) + "\n")
	}
	return b.String()
}

func bar(t service.Text) string {
	if t.En == "" {
		return t.Zh
	}
	return t.Zh + " | " + t.En
}

// unbar reverses bar.
func unbar(s string) service.Text {
	zh, en, _ := strings.Cut(strings.ReplaceAll(s, "｜", "|"), "|")
	return service.Text{Zh: strings.TrimSpace(zh), En: strings.TrimSpace(en)}
}

// lines are those that hold something.
func lines(s string) []string {
	var out []string
	for l := range strings.SplitSeq(newlines(s), "\n") {
		if l = strings.TrimSpace(l); l != "" {
			out = append(out, l)
		}
	}
	return out
}

func lawLines(list []service.Basis) string {
	var b strings.Builder
	for _, x := range list {
		b.WriteString(bar(service.Text{Zh: x.Law, En: x.Article}) + "\n")
	}
	return b.String()
}

// basisOf reverses lawLines.
func basisOf(s string) (out []service.Basis) {
	for _, l := range lines(s) {
		t := unbar(l)
		out = append(out, service.Basis{Law: t.Zh, Article: t.En})
	}
	return out
}

func optionLines(list []outline.Option) string {
	var b strings.Builder
	for _, o := range list {
		b.WriteString(o.Value + " = " + bar(o.Label) + "\n")
	}
	return b.String()
}

// optionsOf reverses optionLines. A line without a code gets one.
func optionsOf(s string) []outline.Option {
	var out []outline.Option
	for i, l := range lines(s) {
		code, label, ok := strings.Cut(l, "=")
		if !ok {
			code, label = "choice"+string(rune('a'+i%26)), l
		}
		out = append(out, outline.Option{Value: strings.TrimSpace(code), Label: unbar(label)})
	}
	return out
}
