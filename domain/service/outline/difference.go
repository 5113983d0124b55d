package outline

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"zhijian/domain/service"
)

// Differences says in plain sentences what became of one version in another, as a colleague would tell it: what the start page says, then
// the pages, then the questions. Nothing is said of comments, line breaks and the version's number.
func Differences(was, is *Outline) []service.Text {
	d := &difference{}
	d.head(was.Head(), is.Head())
	d.pages(was, is)
	d.questions(was.Questions(), is.Questions())
	d.precheck(was, is)
	if !same(value(was.root, "tests"), value(is.root, "tests")) {
		d.say("tests")
	}
	return d.out
}

type difference struct{ out []service.Text }

func (d *difference) say(code string, args ...service.Text) {
	t := sentence(code)
	zh, en := make([]any, len(args)), make([]any, len(args))
	for i, a := range args {
		zh[i], en[i] = a.Zh, a.In("en")
	}
	d.out = append(d.out, service.Text{Zh: fmt.Sprintf(t.Zh, zh...), En: fmt.Sprintf(t.En, en...)})
}

func (d *difference) head(was, is Head) {
	for _, t := range []struct {
		what    string
		was, is service.Text
	}{
		{"name", was.Name, is.Name},
		{"about", was.About, is.About},
		{"who", was.Who, is.Who},
		{"fee", was.Fee, is.Fee},
		{"promise", was.Promise, is.Promise},
		{"legal", was.Legal, is.Legal},
	} {
		switch {
		case t.was.Zh == t.is.Zh && t.was.En != t.is.En:
			d.say("english", sentence("what."+t.what))
		case t.was.Zh != t.is.Zh && t.is.Zh == "":
			d.say("emptied", sentence("what."+t.what))
		case t.was.Zh != t.is.Zh:
			d.say("became", sentence("what."+t.what), t.is)
		}
	}
	for _, w := range []struct{ what, was, is string }{
		{"group", was.Group, is.Group},
		{"type", was.Type, is.Type},
		{"how", was.How, is.How},
		{"review_by", was.Review, is.Review},
		{"done", was.Done, is.Done},
		{"owner", was.Owner, is.Owner},
		{"sector", was.Sector, is.Sector},
		{"id", was.ID, is.ID},
	} {
		if w.was != w.is {
			d.say("became", sentence("what."+w.what), service.Text{Zh: w.is})
		}
	}
	if strings.Join(was.Keywords, "\n") != strings.Join(is.Keywords, "\n") {
		d.say("became", sentence("what.keywords"), service.Text{Zh: strings.Join(is.Keywords, "、"), En: strings.Join(is.Keywords, ", ")})
	}
	d.members("need", was.Needs, is.Needs)
	d.members("basis", laws(was), laws(is))
}

func laws(h Head) []service.Text {
	var out []service.Text
	for _, b := range h.Basis {
		t := service.Text{Zh: b.Law}
		if b.Article != "" {
			t = service.Text{Zh: b.Law + " " + b.Article, En: b.Law + " " + b.Article}
		}
		out = append(out, t)
	}
	if h.NoBasis {
		out = append(out, sentence("nobasis"))
	}
	return out
}

// members says what a list gained and lost.
func (d *difference) members(what string, was, is []service.Text) {
	for _, t := range is {
		if !slices.Contains(was, t) {
			d.say(what+".added", t)
		}
	}
	for _, t := range was {
		if !slices.Contains(is, t) {
			d.say(what+".gone", t)
		}
	}
}

func (d *difference) pages(a, b *Outline) {
	was, is := a.Pages(), b.Pages()
	at := func(all []Page, id string) int { return slices.IndexFunc(all, func(p Page) bool { return p.ID == id }) }
	for _, p := range was {
		if at(is, p.ID) < 0 {
			d.say("page.gone", a.Called(p))
		}
	}
	kept := longest(was, is)
	for i, p := range is {
		j := at(was, p.ID)
		if j < 0 {
			d.say("page.added", b.Called(p))
			continue
		}
		if !kept[p.ID] {
			d.say("page.moved", b.Called(p))
		}
		d.page(b.Called(p), was[j], p, list(value(a.root, "steps"))[j], list(value(b.root, "steps"))[i])
	}
}

// longest are the pages that both have in the same order, as many as there can be: the others were moved.
func longest(was, is []Page) map[string]bool {
	n, m := len(was), len(is)
	most := make([][]int, n+1)
	for i := range most {
		most[i] = make([]int, m+1)
	}
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			most[i][j] = max(most[i+1][j], most[i][j+1])
			if was[i].ID == is[j].ID {
				most[i][j] = most[i+1][j+1] + 1
			}
		}
	}
	out := map[string]bool{}
	for i, j := 0, 0; i < n && j < m; {
		switch {
		case was[i].ID == is[j].ID:
			out[was[i].ID] = true
			i, j = i+1, j+1
		case most[i+1][j] >= most[i][j+1]:
			i++
		default:
			j++
		}
	}
	return out
}

// told are the members of a step that have sentences of their own.
var told = []string{"id", "name", "title", "lead", "button", "say", "level", "if", "form", "asks"}

func (d *difference) page(called service.Text, was, is Page, a, b *yaml.Node) {
	if was.Kind != is.Kind {
		d.say("page.kind", called)
	}
	for _, name := range []string{"name", "title", "lead", "button", "say"} {
		x, y := was.Wording(name), is.Wording(name)
		switch {
		case x == y:
		case y.Zh == "":
			d.say("page.emptied", called, sentence("what."+name))
		case x.Zh == y.Zh:
			d.say("page.english", called, sentence("what."+name))
		default:
			d.say("page.became", called, sentence("what."+name), y)
		}
	}
	if was.Level != is.Level {
		d.say("page.level", called, level(is.Level))
	}
	if was.If != is.If {
		d.say("page.if", called)
	}
	if !slices.Equal(was.Asks, is.Asks) {
		x, y := slices.Sorted(slices.Values(was.Asks)), slices.Sorted(slices.Values(is.Asks))
		if slices.Equal(x, y) {
			d.say("page.order", called)
		} else {
			d.say("page.asks", called)
		}
	}
	if !same(without(a, told), without(b, told)) {
		d.say("page.other", called)
	}
}

func level(w string) service.Text {
	if w == "" {
		return sentence("level.none")
	}
	return sentence("level." + w)
}

func (d *difference) questions(was, is []Question) {
	at := func(all []Question, id string) int {
		return slices.IndexFunc(all, func(q Question) bool { return q.ID == id })
	}
	for _, q := range was {
		if at(is, q.ID) < 0 {
			d.say("question.gone", q.Called())
		}
	}
	for _, q := range is {
		if i := at(was, q.ID); i >= 0 {
			d.question(was[i], q)
		} else {
			d.say("question.added", q.Called())
		}
	}
}

func (d *difference) question(was, is Question) {
	called := was.Called()
	if was.Type != is.Type {
		d.say("question.type", called, sentence("type."+is.Type))
	}
	for _, t := range []struct {
		what    string
		was, is service.Text
	}{{"label", was.Label, is.Label}, {"ask", was.Ask, is.Ask}, {"hint", was.Hint, is.Hint}, {"why", was.Why, is.Why}} {
		switch {
		case t.was == t.is:
		case t.is.Zh == "":
			d.say("question.emptied", called, sentence("what."+t.what))
		case t.was.Zh == t.is.Zh:
			d.say("question.english", called, sentence("what."+t.what))
		default:
			d.say("question.became", called, sentence("what."+t.what), t.is)
		}
	}
	switch {
	case is.Optional && !was.Optional:
		d.say("question.optional", called)
	case was.Optional && !is.Optional:
		d.say("question.required", called)
	}
	for _, w := range []struct{ what, was, is string }{{"min", was.Min, is.Min}, {"max", was.Max, is.Max}} {
		if w.was != w.is {
			d.say("question."+w.what, called, service.Text{Zh: w.is})
		}
	}
	switch {
	case was.Prefill == "" && is.Prefill != "":
		d.say("question.prefilled", called)
	case was.Prefill != is.Prefill || was.From != is.From:
		d.say("question.prefill", called)
	}
	d.options(called, was.Options, is.Options)
}

func (d *difference) options(called service.Text, was, is []Option) {
	at := func(all []Option, v string) int {
		return slices.IndexFunc(all, func(o Option) bool { return o.Value == v })
	}
	for _, o := range is {
		switch i := at(was, o.Value); {
		case i < 0:
			d.say("option.added", called, o.Label)
		case was[i].Label != o.Label:
			d.say("option.became", called, was[i].Label, o.Label)
		}
	}
	for _, o := range was {
		if at(is, o.Value) < 0 {
			d.say("option.gone", called, o.Label)
		}
	}
}

// Called is what a question is called in a sentence.
func (q Question) Called() service.Text {
	switch {
	case q.Label.Zh != "":
		return q.Label
	case q.Ask.Zh != "":
		return q.Ask
	}
	return service.Text{Zh: q.ID}
}

// Called is what a page is called in a sentence and in a list: its short name, else its question, else what its kind is for.
func (o *Outline) Called(p Page) service.Text {
	if p.Name.Zh != "" {
		return p.Name
	}
	if p.Title.Zh != "" {
		return p.Title
	}
	if len(p.Asks) > 0 {
		if q, err := o.Question(p.Asks[0]); err == nil {
			return q.Called()
		}
	}
	return sentence("kind." + p.Kind)
}

// same compares what two parts of files say, whatever their comments and style.
func same(a, b *yaml.Node) bool {
	switch {
	case a == nil || b == nil:
		return a == b
	case a.Kind != b.Kind || a.Value != b.Value || len(a.Content) != len(b.Content):
		return false
	}
	for i := range a.Content {
		if !same(a.Content[i], b.Content[i]) {
			return false
		}
	}
	return true
}

// without is an object without some members.
func without(n *yaml.Node, names []string) *yaml.Node {
	c := &yaml.Node{Kind: n.Kind}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if !slices.Contains(names, n.Content[i].Value) {
			c.Content = append(c.Content, n.Content[i], n.Content[i+1])
		}
	}
	return c
}

// precheck says what became of the rules that are told beforehand, by what they say; and that the rest of it changed.
func (d *difference) precheck(was, is *Outline) {
	a, had := was.Precheck()
	b, has := is.Precheck()
	before := len(d.out)
	switch {
	case !had && !has:
		return
	case !had:
		d.say("check.added")
	case !has:
		d.say("check.gone")
		return
	}
	named := func(all []Rule, r Rule) int {
		return slices.IndexFunc(all, func(x Rule) bool { return x.Not == r.Not })
	}
	for _, r := range b.Rules {
		switch i := named(a.Rules, r); {
		case i < 0:
			d.say("rule.added", r.Not)
		case a.Rules[i].If != r.If:
			d.say("rule.if", r.Not)
		case a.Rules[i] != r:
			d.say("rule.other", r.Not)
		}
	}
	for _, r := range a.Rules {
		if named(b.Rules, r) < 0 {
			d.say("rule.gone", r.Not)
		}
	}
	if len(d.out) == before && !same(value(was.root, eligible), value(is.root, eligible)) {
		d.say("check.other")
	}
}
