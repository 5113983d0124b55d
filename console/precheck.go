package console

import (
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
)

// The precheck of a service is edited as a page that is no step: no step can be called so, and no question as its rules are.
const (
	precheckPage = "-precheck"
	rulePrefix   = "rule-"
)

// ruleAt reads which rule is meant, from 0.
func ruleAt(ask string) (int, bool) {
	n, ok := strings.CutPrefix(ask, rulePrefix)
	i, err := strconv.Atoi(n)
	return i - 1, ok && err == nil && i > 0
}

func ruleName(i int) string { return rulePrefix + strconv.Itoa(i+1) }

// precheckForm asks about the precheck, one of its questions or one of its rules.
func (c *Console) precheckForm(r *door.Request, o *outline.Outline, one draft.Draft, rev, ask string) rightForm {
	p, ok := o.Precheck()
	here := []component.Hidden{{Name: "page", Value: precheckPage}, {Name: "ask", Value: ask}}
	if !ok {
		return rightForm{
			Title: word(r, "desk.precheck"), Form: formAt(one, "page", rev, here...), Note: word(r, "desk.precheck_none"),
			Save: component.DeskButton{Text: word(r, "desk.precheck_begin"), Name: "_do", Value: "begin", Icon: "plus"},
		}
	}
	if i, is := ruleAt(ask); is && i < len(p.Rules) {
		return ruleForm(r, one, rev, here, i, p.Rules[i])
	}
	if i := slices.IndexFunc(p.Questions, func(q outline.Question) bool { return q.ID == ask }); i >= 0 {
		f := c.questionForm(r, one, rev, outline.Page{ID: precheckPage}, p.Questions[i])
		f.More, f.Flags, f.Buttons = component.DeskButton{}, nil, moves(r, p.Questions[i].Called().In(r.Lang))[2:]
		for k, in := range f.Inputs {
			if in.Name == "type" {
				f.Inputs[k].Options = slices.DeleteFunc(in.Options, func(x component.Option) bool { return !x.On && !slices.Contains(outline.PrecheckTypes(), x.Value) })
			}
		}
		f.Note = word(r, "desk.precheck_name", p.Questions[i].ID)
		return f
	}
	f := rightForm{
		Title: word(r, "desk.precheck"), Form: formAt(one, "page", rev, here...), Note: word(r, "desk.precheck_about"), Save: save(r),
		Inputs: []component.DeskInput{{Name: "examples", Label: word(r, "desk.precheck_examples"), Hint: word(r, "desk.precheck_examples_hint"), Lines: 6, Value: exampleLines(p.Examples)}},
		Buttons: []component.DeskButton{
			{Text: word(r, "desk.service_addask"), Name: "_do", Value: "ask", Tone: component.Line, Icon: "plus"},
			{Text: word(r, "desk.precheck_addrule"), Name: "_do", Value: "rule", Tone: component.Line, Icon: "plus"},
			{Text: word(r, "desk.precheck_drop"), Name: "_do", Value: "drop", Tone: component.Danger},
		},
	}
	for _, q := range p.Questions {
		f.Asks = append(f.Asks, adviceLink{q.Called().In(r.Lang), designerPath(one.Service, precheckPage, q.ID)})
	}
	for i, rule := range p.Rules {
		f.Rules = append(f.Rules, adviceLink{word(r, "desk.precheck_rule", i+1, rule.Not.In(r.Lang)), designerPath(one.Service, precheckPage, ruleName(i))})
	}
	return f
}

func ruleForm(r *door.Request, one draft.Draft, rev string, here []component.Hidden, i int, rule outline.Rule) rightForm {
	called := word(r, "desk.precheck_rule", i+1, rule.Not.In(r.Lang))
	f := rightForm{Title: called, Form: formAt(one, "question", rev, here...), Save: save(r), Buttons: moves(r, called)}
	f.Inputs = append(f.Inputs, component.DeskInput{Name: "rule_if", Label: word(r, "desk.precheck_if"), Hint: word(r, "desk.precheck_if_hint"), Value: rule.If, Max: 300})
	f.Inputs = append(f.Inputs, pair(r, "rule_not", rule.Not, 60)...)
	f.Inputs = append(f.Inputs, pair(r, "rule_instead", rule.Instead, 60)...)
	f.Inputs = append(f.Inputs,
		component.DeskInput{Name: "rule_service", Label: word(r, "desk.precheck_service"), Hint: word(r, "desk.precheck_service_hint"), Value: rule.Service, Max: 60},
		component.DeskInput{Name: "rule_law", Label: word(r, "desk.precheck_law"), Value: rule.Basis.Law, Max: 60},
		component.DeskInput{Name: "rule_article", Label: word(r, "desk.precheck_article"), Value: rule.Basis.Article, Max: 20})
	return f
}

// editPrecheck does what a form of the precheck as a whole asks for.
func editPrecheck(r *door.Request, o *outline.Outline) (page, ask string, err error) {
	switch r.Value("_do") {
	case "begin":
		return precheckPage, "", o.BeginPrecheck()
	case "drop":
		return "", "", o.DropPrecheck()
	case "ask":
		id, err := o.AddPrecheckQuestion()
		return precheckPage, id, err
	case "rule":
		i, err := o.AddRule()
		return precheckPage, ruleName(i), err
	}
	list, err := examplesOf(r.Value("examples"))
	if err != nil {
		return "", "", err
	}
	return precheckPage, "", o.SetExamples(list)
}

// editPrecheckPart does what a form of one question or rule asks for.
func editPrecheckPart(r *door.Request, o *outline.Outline) (page, ask string, err error) {
	p, _ := o.Precheck()
	ask = r.Value("ask")
	i, is := ruleAt(ask)
	switch do := r.Value("_do"); {
	case is && do == "up":
		return precheckPage, ruleName(max(0, i-1)), o.MoveRule(i, -1)
	case is && do == "down":
		return precheckPage, ruleName(min(len(p.Rules)-1, i+1)), o.MoveRule(i, 1)
	case is && do == "remove":
		return precheckPage, "", o.RemoveRule(i)
	case is:
		return precheckPage, ask, o.SetRule(i, outline.Rule{
			If: line(r, "rule_if"), Not: both(r, "rule_not"), Instead: both(r, "rule_instead"), Service: line(r, "rule_service"),
			Basis: service.Basis{Law: line(r, "rule_law"), Article: line(r, "rule_article")},
		})
	case do == "remove":
		return precheckPage, "", o.RemovePrecheckQuestion(ask)
	}
	at := slices.IndexFunc(p.Questions, func(q outline.Question) bool { return q.ID == ask })
	if at < 0 {
		return "", "", fault.NotFound("outline.question", "没有这个问题，可能刚刚被改过")
	}
	return precheckPage, ask, o.SetPrecheckQuestion(typed(r, p.Questions[at]))
}

// exampleLines writes one example a line: "local=no, months=5 => 2".
func exampleLines(list []outline.Example) string {
	var b strings.Builder
	for _, e := range list {
		given := make([]string, len(e.Answers))
		for i, g := range e.Answers {
			given[i] = g.Question + "=" + g.Value
		}
		b.WriteString(strings.Join(given, ", "))
		if len(e.Bars) > 0 {
			bars := make([]string, len(e.Bars))
			for i, k := range e.Bars {
				bars[i] = strconv.Itoa(k)
			}
			b.WriteString(" => " + strings.Join(bars, ", "))
		}
		b.WriteString("\n")
	}
	return b.String()
}

// examplesOf reverses exampleLines; full-width signs do too.
func examplesOf(s string) (out []outline.Example, err error) {
	s = strings.NewReplacer("，", ",", "、", ",", "＝", "=", "→", "=>", "＞", ">").Replace(s)
	for i, l := range lines(s) {
		given, bars, _ := strings.Cut(l, "=>")
		var e outline.Example
		for _, one := range strings.Split(given, ",") {
			name, v, ok := strings.Cut(one, "=")
			if !ok {
				return nil, badExample(i)
			}
			e.Answers = append(e.Answers, outline.Given{Question: strings.TrimSpace(name), Value: strings.TrimSpace(v)})
		}
		for _, one := range strings.FieldsFunc(bars, func(c rune) bool { return c == ',' || c == ' ' }) {
			k, err := strconv.Atoi(one)
			if err != nil {
				return nil, badExample(i)
			}
			e.Bars = append(e.Bars, k)
		}
		out = append(out, e)
	}
	return out, nil
}

func badExample(i int) *fault.Error {
	return fault.Invalid("desk.example", "第 %d 个例子请写成“问题=答案，问题=答案 => 第几条规则”", i+1).On("examples")
}

// precheckScreen is what residents see of it; nil when the text does not load.
func (c *Console) precheckScreen(r *door.Request, def *service.Definition, one draft.Draft) (templ.Component, error) {
	trial := def.Trial(one.City, r.Lang, c.c.Clock.Now())
	p := def.Precheck()
	if p == nil {
		return startScreen(r, def), nil
	}
	v := p.View(nil, service.Env{Now: c.c.Clock.Now(), Lang: r.Lang, Offer: trial.Offer()})
	v.Of = 0
	return c.c.Screens.Content(r.Context(), trial.Offer(), v, r.Lang, component.Pointer{}, c.c.Clock.Now())
}

// precheckLink is its place among the pages.
func precheckLink(r *door.Request, one draft.Draft, on string) pageLink {
	return pageLink{word(r, "desk.precheck_sign"), word(r, "desk.precheck"), designerPath(one.Service, precheckPage, ""), on == precheckPage}
}
