package outline

import (
	"fmt"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v3"

	"zhijian/domain/service"
	"zhijian/ground/fault"
)

// Precheck is what a service asks beforehand, to tell whether one may have it: the file's "eligible".
type Precheck struct {
	Questions []Question
	Rules     []Rule
	Examples  []Example
}

// Rule turns somebody away.
type Rule struct {
	If           string
	Not, Instead service.Text
	Service      string
	Basis        service.Basis
}

// Example is what somebody answers and which rules, counted from 1, turn them away; none for nobody.
type Example struct {
	Answers []Given
	Bars    []int
}

// Given is one answer of an example.
type Given struct{ Question, Value string }

// PrecheckTypes lists the types of question that may be asked beforehand.
func PrecheckTypes() []string { return []string{"choice", "number", "date"} }

const eligible = "eligible"

// Precheck reads it; false when the service has none.
func (o *Outline) Precheck() (p Precheck, ok bool) {
	n := value(o.root, eligible)
	if n == nil {
		return Precheck{}, false
	}
	p.Questions = questionsOf(value(n, "answers"))
	for _, r := range list(value(n, "rules")) {
		b := value(r, "basis")
		p.Rules = append(p.Rules, Rule{
			wordOf(r, "if"), wording(value(r, "not")), wording(value(r, "instead")), wordOf(r, "service"), service.Basis{Law: wordOf(b, "law"), Article: wordOf(b, "article")},
		})
	}
	for _, t := range list(value(n, "tests")) {
		p.Examples = append(p.Examples, exampleOf(t))
	}
	return p, true
}

func exampleOf(n *yaml.Node) (e Example) {
	if a := value(n, "answers"); a != nil && a.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(a.Content); i += 2 {
			e.Answers = append(e.Answers, Given{a.Content[i].Value, word(a.Content[i+1])})
		}
	}
	for _, w := range list(value(n, "not")) {
		if k, err := strconv.Atoi(word(w)); err == nil {
			e.Bars = append(e.Bars, k)
		}
	}
	return e
}

// begun is what a precheck begins with: it loads as it is where the service names its law.
const begun = `answers:
  local:
    type: choice
    label: {zh: 住在本市, en: Lives here}
    ask: {zh: 您住在本市吗？, en: "Do you live in this city?"}
    why: {zh: 规定只给本市居民办, en: Only residents are served}
    options:
      - {value: "yes", label: {zh: 是, en: "Yes"}}
      - {value: "no", label: {zh: 不是, en: "No"}}
rules:
  - if: local == 'no'
    not: {zh: 不住在本市，不能办。, en: You do not live in this city.}
    basis: {law: ""}
tests:
  - {answers: {local: "yes"}}
  - {answers: {local: "no"}, not: [1]}
`

// BeginPrecheck gives the service a precheck of one question and one rule, which rests on the first law that the service names.
func (o *Outline) BeginPrecheck() error {
	if value(o.root, eligible) != nil {
		return nil
	}
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(begun), &doc); err != nil {
		return fmt.Errorf("outline: the precheck to begin with: %w", err)
	}
	n := doc.Content[0]
	if b := o.Head().Basis; len(b) > 0 {
		law := flow(yaml.MappingNode)
		put(law, "law", &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: b[0].Law})
		if b[0].Article != "" {
			put(law, "article", &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: b[0].Article})
		}
		put(list(value(n, "rules"))[0], "basis", law)
	}
	return o.set(n, "rate", eligible)
}

// DropPrecheck takes it away whole.
func (o *Outline) DropPrecheck() error { return o.set(nil, "", eligible) }

// precheckQuestion finds one of its questions.
func (o *Outline) precheckQuestion(id string) (Precheck, Question, error) {
	p, _ := o.Precheck()
	if i := slices.IndexFunc(p.Questions, func(q Question) bool { return q.ID == id }); i >= 0 {
		return p, p.Questions[i], nil
	}
	return Precheck{}, Question{}, noQuestion()
}

// SetPrecheckQuestion is SetQuestion for what is asked beforehand.
func (o *Outline) SetPrecheckQuestion(q Question) error {
	_, was, err := o.precheckQuestion(q.ID)
	if err != nil {
		return err
	}
	return o.writeQuestion(was, q, eligible, "answers")
}

// AddPrecheckQuestion adds a question, answered by 1 in every example, and gives its name.
func (o *Outline) AddPrecheckQuestion() (id string, err error) {
	p, _ := o.Precheck()
	for n := 1; id == "" || slices.ContainsFunc(p.Questions, func(q Question) bool { return q.ID == id }); n++ {
		id = "question_" + strconv.Itoa(n)
	}
	n := &yaml.Node{Kind: yaml.MappingNode}
	put(n, "type", plain("number", nil))
	put(n, "max", plain("120", nil))
	put(n, "label", textNode(service.Text{Zh: "新问题", En: "New question"}, nil))
	put(n, "ask", textNode(service.Text{Zh: "是多少？", En: "How many?"}, nil))
	put(n, "why", textNode(service.Text{Zh: "看够不够条件", En: "To see whether the condition is met"}, nil))
	if err := o.set(n, "", id, eligible, "answers"); err != nil {
		return "", err
	}
	for i := range p.Examples {
		p.Examples[i].Answers = append(p.Examples[i].Answers, Given{id, "1"})
	}
	return id, o.SetExamples(p.Examples)
}

// RemovePrecheckQuestion takes a question away, and its answers from the examples. The last one goes only with the whole.
func (o *Outline) RemovePrecheckQuestion(id string) error {
	p, _, err := o.precheckQuestion(id)
	if err != nil {
		return err
	}
	if len(p.Questions) == 1 {
		return fault.Conflict("outline.check_last", "至少要有一个问题和一条规则；不要的话，请整个去掉")
	}
	if err := o.set(nil, "", id, eligible, "answers"); err != nil {
		return err
	}
	for i, e := range p.Examples {
		p.Examples[i].Answers = slices.DeleteFunc(e.Answers, func(g Given) bool { return g.Question == id })
	}
	return o.SetExamples(p.Examples)
}

// SetRule writes what differs of the rule at a position from 0.
func (o *Outline) SetRule(i int, r Rule) error {
	p, _ := o.Precheck()
	if i < 0 || i >= len(p.Rules) {
		return noRule()
	}
	for _, edit := range []func() error{
		func() error { return o.setWord(r.If, "", "if", eligible, "rules", i) },
		func() error { return o.setText(r.Not, "if", "not", eligible, "rules", i) },
		func() error { return o.setText(r.Instead, "not", "instead", eligible, "rules", i) },
		func() error { return o.setWord(r.Service, "instead", "service", eligible, "rules", i) },
		func() error { return o.setRuleBasis(i, p.Rules[i].Basis, r.Basis) },
	} {
		if err := edit(); err != nil {
			return err
		}
	}
	return nil
}

func (o *Outline) setRuleBasis(i int, was, b service.Basis) error {
	if was == b {
		return nil
	}
	n := flow(yaml.MappingNode)
	put(n, "law", &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: b.Law})
	if b.Article != "" {
		put(n, "article", &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: b.Article})
	}
	return o.set(n, "not", "basis", eligible, "rules", i)
}

// AddRule adds a rule that still has to say when it holds, and gives its position.
func (o *Outline) AddRule() (int, error) {
	way, p, err := o.rules()
	if err != nil {
		return 0, err
	}
	n := &yaml.Node{Kind: yaml.MappingNode}
	put(n, "if", plain("false", nil))
	put(n, "not", textNode(service.Text{Zh: "还不能办。", En: "Not yet."}, nil))
	b := flow(yaml.MappingNode)
	last := service.Basis{}
	if len(p.Rules) > 0 {
		last = p.Rules[len(p.Rules)-1].Basis
	}
	put(b, "law", &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: last.Law})
	put(n, "basis", b)
	at := way[len(way)-1]
	if known := o.entries(at.node, at.to); known != nil {
		end := known[len(known)-1]
		text, err := written(entry{val: n, indent: end.indent})
		if err != nil {
			return 0, err
		}
		return len(p.Rules), o.splice(end.to, end.to, text)
	}
	at.node.Content = append(at.node.Content, n)
	return len(p.Rules), o.rewrite(way)
}

// MoveRule moves a rule up (-1) or down (1); the examples go on to name it. At the end of the list it stays.
func (o *Outline) MoveRule(i, by int) error {
	way, p, err := o.rules()
	if err != nil {
		return err
	}
	j := i + by
	if i < 0 || i >= len(p.Rules) || j < 0 || j >= len(p.Rules) {
		return nil
	}
	n := way[len(way)-1].node
	n.Content[i], n.Content[j] = n.Content[j], n.Content[i]
	if err := o.rewrite(way); err != nil {
		return err
	}
	return o.renumber(p, func(k int) int {
		switch k {
		case i + 1:
			return j + 1
		case j + 1:
			return i + 1
		}
		return k
	})
}

// RemoveRule takes a rule away; the examples forget it. The last one goes only with the whole.
func (o *Outline) RemoveRule(i int) error {
	way, p, err := o.rules()
	if err != nil {
		return err
	}
	if i < 0 || i >= len(p.Rules) {
		return noRule()
	}
	if len(p.Rules) == 1 {
		return fault.Conflict("outline.check_last", "至少要有一个问题和一条规则；不要的话，请整个去掉")
	}
	n := way[len(way)-1].node
	n.Content = slices.Delete(n.Content, i, i+1)
	if err := o.rewrite(way); err != nil {
		return err
	}
	return o.renumber(p, func(k int) int {
		switch {
		case k == i+1:
			return 0
		case k > i+1:
			return k - 1
		}
		return k
	})
}

// renumber rewrites which rules the examples name; 0 is no rule any more.
func (o *Outline) renumber(p Precheck, to func(int) int) error {
	for i, e := range p.Examples {
		var bars []int
		for _, k := range e.Bars {
			if k = to(k); k > 0 {
				bars = append(bars, k)
			}
		}
		slices.Sort(bars)
		p.Examples[i].Bars = bars
	}
	return o.SetExamples(p.Examples)
}

// SetExamples writes the examples; those that are as they were keep their lines' style and comments.
func (o *Outline) SetExamples(all []Example) error {
	was := list(value(value(o.root, eligible), "tests"))
	old := make([]Example, len(was))
	for i, n := range was {
		old[i] = exampleOf(n)
	}
	if slices.EqualFunc(old, all, sameExample) {
		return nil
	}
	n := &yaml.Node{Kind: yaml.SequenceNode}
	for _, e := range all {
		if i := slices.IndexFunc(old, func(x Example) bool { return sameExample(x, e) }); i >= 0 {
			n.Content = append(n.Content, was[i])
			continue
		}
		n.Content = append(n.Content, e.node())
	}
	return o.set(n, "rules", "tests", eligible)
}

func sameExample(a, b Example) bool {
	return slices.Equal(a.Answers, b.Answers) && slices.Equal(a.Bars, b.Bars)
}

func (e Example) node() *yaml.Node {
	one, given := flow(yaml.MappingNode), flow(yaml.MappingNode)
	for _, g := range e.Answers {
		put(given, g.Question, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Style: yaml.DoubleQuotedStyle, Value: g.Value})
	}
	put(one, "answers", given)
	if len(e.Bars) > 0 {
		bars := flow(yaml.SequenceNode)
		for _, k := range e.Bars {
			bars.Content = append(bars.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: strconv.Itoa(k)})
		}
		put(one, "not", bars)
	}
	return one
}

// rules is the way to the rules.
func (o *Outline) rules() ([]spot, Precheck, error) {
	p, _ := o.Precheck()
	way := o.walk(eligible, "rules")
	if way == nil || len(list(way[len(way)-1].node)) == 0 {
		return nil, Precheck{}, noRule()
	}
	return way, p, nil
}

func noRule() *fault.Error {
	return fault.NotFound("outline.rule", "没有这条规则，可能刚刚被改过")
}
