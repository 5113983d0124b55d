package service

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"cel.dev/cel-go/cel"
	"go.yaml.in/yaml/v3"

	"zhijian/ground/fault"
)

// Precheck tells before anything is begun whether one may have a service (我能不能办): a few plain questions, answered by anybody and kept
// nowhere, and the rules that the law gives. It promises nothing: the office decides.
type Precheck struct {
	questions *Definition
	rules     []checkRule
}

type checkRule struct {
	bars    *expr // holds: one may not
	say     Text
	instead Text
	service string // where that is done; "" for nowhere here
	basis   Basis
}

// Reason says why one may not have a service.
type Reason struct {
	Say     Text // 男方要满 22 周岁
	Instead Text // what to do; empty for nothing
	Service string
	Basis   Basis // what the rule rests on
}

// Precheck gives the questions and rules of a definition; nil when Prechecks is false.
func (d *Definition) Precheck() *Precheck {
	d.whole()
	return d.check
}

// View is the page that asks. values fill it in again.
func (p *Precheck) View(values map[string][]string, env Env) View {
	s := State{Typed: map[string][]string{}}
	for _, a := range p.questions.answers {
		if v, ok := values[a.id]; ok {
			s.Typed[a.id] = v
		}
	}
	r := p.questions.run(s, env)
	r.enter(p.questions.steps[0].id)
	v := p.questions.View(r.s, env)
	if all := p.questions.answers; len(all) == 1 {
		// A single question is the page's heading.
		if ask := all[0].ask.in(&scene{d: p.questions, s: &r.s, env: &env}); ask != "" {
			v.Title = ask
		}
	}
	return v
}

// Judge tells what stands in the way, in the order of the rules; nothing means that one may. A wrong answer is fault.Invalid with one entry
// per field.
func (p *Precheck) Judge(values map[string][]string, env Env) ([]Reason, error) {
	r := p.questions.run(State{}, env)
	r.enter(p.questions.steps[0].id)
	s, _, err := p.questions.Apply(r.s, Answer{Step: r.s.Step, Values: values}, env)
	if err != nil {
		return nil, err
	}
	sc := &scene{d: p.questions, s: &s, env: &env}
	var out []Reason
	for _, rule := range p.rules {
		bars, err := rule.bars.truth(sc)
		if err != nil {
			return nil, fmt.Errorf("precheck: %w", err)
		}
		if bars {
			out = append(out, Reason{rule.say, rule.instead, rule.service, rule.basis})
		}
	}
	return out, nil
}

// readPrecheck reads eligible: answers, rules and the examples that show them.
func (l *loader) readPrecheck(m *mapping, base *cel.Env) {
	n := m.get("eligible")
	if n == nil {
		return
	}
	em := l.mapping(n, "eligible")
	q := newQuestions(l.reader)
	q.d.ID, q.d.Version, q.d.Name = l.d.ID, l.d.Version, l.d.Name
	answers := em.need("answers", "say what is asked")
	am := l.mapping(answers, "answers")
	form := &yaml.Node{Kind: yaml.SequenceNode, Line: n.Line, Column: n.Column}
	for _, p := range am.pairs {
		form.Content = append(form.Content, p.key)
		if t := l.mapping(p.val, am.at(p.name)).get("type"); t != nil && !slices.Contains([]string{"choice", "number", "date"}, t.Value) {
			l.say(t, "eligible.answers."+p.name+".type", "A check beforehand asks a choice, a number or a date and nothing that names somebody: nobody is signed in.")
		}
	}
	if len(am.pairs) == 0 || len(am.pairs) > 5 {
		l.say(n, "eligible", "A check beforehand asks one to five questions; this one has %s.", count(len(am.pairs)))
		return
	}
	title := pairs(n, "zh", scalarNode(n, "我能不能办？"), "en", scalarNode(n, "Can I have it done?"))
	q.ask(base, n, answers, []*yaml.Node{pairs(n, "form", form, "title", title, "id", scalarNode(n, "precheck"))})
	l.d.check, l.d.Prechecks = &Precheck{questions: q.d}, true
	if q.c == nil || len(l.problems) > 0 {
		return
	}
	rules := em.need("rules", "a check without a rule says nothing")
	for i, rn := range l.items(rules, "eligible.rules") {
		l.readRule(q, rn, fmt.Sprintf("eligible.rules.%d", i+1))
	}
	tests := em.need("tests", "examples show that the rules say what the law says")
	if len(l.problems) == 0 {
		l.tryPrecheck(tests)
	}
	em.done()
}

func (l *loader) readRule(q *loader, n *yaml.Node, at string) {
	m := l.mapping(n, at)
	rule := checkRule{
		say: l.text(m.need("not", "say why one may not, in a sentence"), m.at("not")), instead: l.text(m.get("instead"), m.at("instead")),
		service: l.word(m.get("service"), m.at("service")),
	}
	if en := m.need("if", "say when one may not"); en != nil {
		rule.bars = q.c.compile(en, m.at("if"), l.word(en, m.at("if")), wantBool, scope{at: len(q.drafts)})
	}
	b := l.mapping(m.need("basis", "a rule that turns somebody away names its law"), m.at("basis"))
	rule.basis = Basis{Law: l.word(b.need("law", "the law's name"), b.at("law")), Article: l.word(b.get("article"), b.at("article"))}
	if law := b.get("law"); law != nil && rule.basis.Law == "" {
		l.say(law, b.at("law"), "%q is missing: %s.", "law", "the law's name")
	}
	b.done()
	m.done()
	if rule.bars != nil {
		l.d.check.rules = append(l.d.check.rules, rule)
	}
}

// precheckDay is the day on which the examples of a check are looked at, so that they do not grow old.
var precheckDay = time.Date(2026, 6, 1, 4, 0, 0, 0, time.UTC)

// tryPrecheck runs the examples: {answers, not: the rules by number that bar, none for yes}.
func (l *loader) tryPrecheck(n *yaml.Node) {
	yes, no := false, map[int]bool{}
	for i, tn := range l.items(n, "eligible.tests") {
		at := fmt.Sprintf("eligible.tests.%d", i+1)
		m := l.mapping(tn, at)
		values := map[string][]string{}
		am := l.mapping(m.need("answers", "an example answers the questions"), m.at("answers"))
		for _, p := range am.pairs {
			values[p.name] = []string{p.val.Value}
		}
		var want []int
		for _, w := range l.words(m.get("not"), m.at("not")) {
			k, err := strconv.Atoi(w)
			if err != nil || k < 1 || k > len(l.d.check.rules) {
				l.say(tn, m.at("not"), "%q is the number of no rule; they count from 1 to %d.", clip(w), len(l.d.check.rules))
			}
			want = append(want, k)
		}
		m.done()
		reasons, err := l.d.check.Judge(values, Env{Now: precheckDay})
		if err != nil {
			if f := fault.Of(err); f != nil {
				l.say(tn, at, "The answers of this example do not do: %s.", f.Public)
			} else {
				l.say(tn, at, "The answers of this example cannot be judged.")
			}
			continue
		}
		var got []int
		for k, rule := range l.d.check.rules {
			if slices.ContainsFunc(reasons, func(r Reason) bool { return r.Say == rule.say }) {
				got = append(got, k+1)
				no[k+1] = true
			}
		}
		yes = yes || len(got) == 0
		if !slices.Equal(got, want) {
			l.say(tn, at, "This example expects the rules %v to bar, and %v do.", want, got)
		}
	}
	for k := range l.d.check.rules {
		if !no[k+1] {
			l.say(n, "eligible.tests", "No example is barred by rule %d.", k+1)
		}
	}
	if !yes {
		l.say(n, "eligible.tests", "No example may have it done.")
	}
}
