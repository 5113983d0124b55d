package outline

import (
	"slices"

	"go.yaml.in/yaml/v3"

	"zhijian/domain/service"
	"zhijian/ground/fault"
)

// Question is one answer that residents are asked.
type Question struct {
	ID, Type              string
	Label, Ask, Hint, Why service.Text
	Optional              bool
	Min, Max              string
	Prefill, From         string
	Options               []Option
}

// Option is one choice.
type Option struct {
	Value string
	Label service.Text
}

// Types lists the types of question that the form offers.
func Types() []string {
	return []string{
		"text", "number", "date", "money", "choice", "phone", "person_name", "citizen_number", "plate", "credit_code", "bank_card", "digits", "place", "location", "file",
	}
}

// Questions lists what residents are asked, in the order of the file.
func (o *Outline) Questions() []Question { return questionsOf(value(o.root, "answers")) }

func questionsOf(all *yaml.Node) []Question {
	if all == nil || all.Kind != yaml.MappingNode {
		return nil
	}
	var out []Question
	for i := 0; i+1 < len(all.Content); i += 2 {
		n := all.Content[i+1]
		q := Question{
			ID: all.Content[i].Value, Type: wordOf(n, "type"), Label: wording(value(n, "label")), Ask: wording(value(n, "ask")), Hint: wording(value(n, "hint")),
			Why: wording(value(n, "why")), Optional: wordOf(n, "optional") == "true", Min: wordOf(n, "min"), Max: wordOf(n, "max"),
			Prefill: wordOf(n, "prefill"), From: wordOf(n, "from"),
		}
		for _, c := range list(value(n, "options")) {
			q.Options = append(q.Options, Option{wordOf(c, "value"), wording(value(c, "label"))})
		}
		out = append(out, q)
	}
	return out
}

// Question finds one; fault.NotFound when it is not there.
func (o *Outline) Question(id string) (Question, error) {
	all := o.Questions()
	if i := slices.IndexFunc(all, func(q Question) bool { return q.ID == id }); i >= 0 {
		return all[i], nil
	}
	return Question{}, noQuestion()
}

func noQuestion() *fault.Error {
	return fault.NotFound("outline.question", "没有这个问题，可能刚刚被改过")
}

// SetQuestion writes what differs.
func (o *Outline) SetQuestion(q Question) error {
	was, err := o.Question(q.ID)
	if err != nil {
		return err
	}
	return o.writeQuestion(was, q, "answers")
}

// writeQuestion writes what differs of a question below a path.
func (o *Outline) writeQuestion(was, q Question, path ...any) error {
	path = append(path, q.ID)
	way := o.walk(path...)
	if way == nil {
		return unreadable()
	}
	at := way[len(way)-1].node
	options, had := value(at, "options"), value(at, "optional") != nil
	optional := ""
	if q.Optional {
		optional = "true"
	} else if had && !was.Optional {
		optional = "false" // written out so already
	}
	texts := []struct {
		name, after string
		t           service.Text
	}{{"label", "type", q.Label}, {"ask", "label", q.Ask}, {"hint", "ask", q.Hint}, {"why", "hint", q.Why}}
	if err := o.setWord(q.Type, "", "type", path...); err != nil {
		return err
	}
	for _, t := range texts {
		if err := o.setText(t.t, t.after, t.name, path...); err != nil {
			return err
		}
	}
	for _, w := range []struct{ name, word string }{{"optional", optional}, {"min", q.Min}, {"max", q.Max}, {"prefill", q.Prefill}, {"from", q.From}} {
		if err := o.setWord(w.word, "why", w.name, path...); err != nil {
			return err
		}
	}
	if slices.Equal(was.Options, q.Options) {
		return nil
	}
	return o.set(optionsNode(q.Options, options), "why", "options", path...)
}

// optionsNode writes choices; what the file says of a choice beside its label stays.
func optionsNode(all []Option, old *yaml.Node) *yaml.Node {
	if len(all) == 0 {
		return nil
	}
	n := &yaml.Node{Kind: yaml.SequenceNode}
	for _, c := range all {
		one := flow(yaml.MappingNode)
		var label *yaml.Node
		for _, was := range list(old) {
			if wordOf(was, "value") == c.Value {
				one, label = was, value(was, "label")
			}
		}
		if wordOf(one, "value") == "" {
			put(one, "value", &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: c.Value})
		}
		if label == nil || wording(label) != c.Label {
			put(one, "label", textNode(c.Label, label))
		}
		n.Content = append(n.Content, one)
	}
	return n
}

// AddQuestion puts a new question last on a page that asks, and gives its name.
func (o *Outline) AddQuestion(page string) (id string, err error) {
	i, p, err := o.page(page)
	if err != nil {
		return "", err
	}
	id = o.free("question")
	if err := o.reask(i, p, func(n *yaml.Node) {
		n.Content = append(n.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: id})
	}); err != nil {
		return "", err
	}
	return id, o.addAnswer(id)
}

// addAnswer describes a new question.
func (o *Outline) addAnswer(id string) error {
	n := &yaml.Node{Kind: yaml.MappingNode}
	put(n, "type", plain("text", nil))
	put(n, "max", plain("60", nil))
	put(n, "label", textNode(service.Text{Zh: "新问题", En: "New question"}, nil))
	put(n, "ask", textNode(service.Text{Zh: "请填写", En: "Please fill in"}, nil))
	if value(o.root, "answers") == nil {
		all := &yaml.Node{Kind: yaml.MappingNode}
		put(all, id, n)
		return o.set(all, "rate", "answers")
	}
	return o.set(n, "", id, "answers")
}

// reask changes what a page asks. The page keeps its name, by which expressions and tests know it.
func (o *Outline) reask(i int, p Page, change func(*yaml.Node)) error {
	way := o.walk("steps", i)
	if way == nil || asked(way[len(way)-1].node) == nil {
		return fault.Conflict("outline.asks", "这一页不问问题")
	}
	step := way[len(way)-1].node
	change(asked(step))
	if stepID(step, p.Kind, i) != p.ID && value(step, "id") == nil {
		step.Content = slices.Insert(step.Content, 2, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: "id"}, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: p.ID})
	}
	return o.rewrite(way)
}

// place finds a question on a page.
func place(n *yaml.Node, question string) int {
	return slices.IndexFunc(n.Content, func(a *yaml.Node) bool {
		if a.Kind == yaml.MappingNode {
			a = value(a, "ask")
		}
		return word(a) == question
	})
}

// MoveQuestion moves a question up (-1) or down (1) on its page; at the end of the page it stays.
func (o *Outline) MoveQuestion(page, question string, by int) error {
	i, p, err := o.page(page)
	if err != nil {
		return err
	}
	at := slices.Index(p.Asks, question)
	if to := at + by; at < 0 || to < 0 || to >= len(p.Asks) {
		return nil
	}
	return o.reask(i, p, func(n *yaml.Node) {
		at := place(n, question)
		if to := at + by; at >= 0 && to >= 0 && to < len(n.Content) {
			n.Content[at], n.Content[to] = n.Content[to], n.Content[at]
		}
	})
}

// RemoveQuestion takes a question off its page, and away when no other page asks it. The last one goes with its page.
func (o *Outline) RemoveQuestion(page, question string) error {
	i, p, err := o.page(page)
	if err != nil {
		return err
	}
	if len(p.Asks) == 1 && p.Asks[0] == question {
		return o.RemovePage(page)
	}
	if err := o.reask(i, p, func(n *yaml.Node) {
		if at := place(n, question); at >= 0 {
			n.Content = slices.Delete(n.Content, at, at+1)
		}
	}); err != nil {
		return err
	}
	return o.dropUnasked(question)
}
