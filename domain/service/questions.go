package service

import (
	"cel.dev/cel-go/cel"
	"go.yaml.in/yaml/v3"
)

// Questions that belong to no case — those of a bundle, those that tell whether one may have a service — are forms like any others. They
// are made into a definition of their own that asks them and ends, so that they are read, judged and drawn as all questions are.

func newQuestions(r *reader) *loader {
	return &loader{reader: r, d: &Definition{body: &body{inside: inside{index: map[string]int{}, names: map[string]known{}}}}}
}

// ask reads answers and the forms that ask them; behind the forms stands a page to check them and an end. at is where the file speaks of
// them.
func (l *loader) ask(base *cel.Env, at, answers *yaml.Node, forms []*yaml.Node) {
	steps := &yaml.Node{Kind: yaml.SequenceNode, Line: at.Line, Column: at.Column, Content: append([]*yaml.Node(nil), forms...)}
	var rows []*yaml.Node
	if answers != nil && answers.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(answers.Content); i += 2 {
			rows = append(rows, answers.Content[i])
		}
	}
	steps.Content = append(steps.Content,
		pairs(at, "check", &yaml.Node{Kind: yaml.SequenceNode, Line: at.Line, Column: at.Column, Content: rows}),
		pairs(at, "result", scalarNode(at, BundleAsked), "say", scalarNode(at, "好了")),
	)
	all := []any{"steps", steps}
	if answers != nil {
		all = append(all, "answers", answers)
	}
	m := l.mapping(pairs(at, all...), "")
	l.nameAnswers(m)
	l.nameSteps(m)
	l.askedAt()
	var err error
	if l.c, err = newCompiler(l.reader, base, l.d.names); err != nil {
		l.say(nil, "", "%s.", err)
		return
	}
	for _, a := range l.askers {
		l.fillAnswer(a)
	}
	for _, s := range l.drafts {
		l.fillStep(s)
	}
	l.d.wants = l.d.wanted()
}

func scalarNode(at *yaml.Node, value string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: value, Line: at.Line, Column: at.Column}
}

// pairs makes a mapping that stands where at does: names, each with its node.
func pairs(at *yaml.Node, list ...any) *yaml.Node {
	m := &yaml.Node{Kind: yaml.MappingNode, Line: at.Line, Column: at.Column}
	for i := 0; i+1 < len(list); i += 2 {
		name, _ := list[i].(string)
		node, _ := list[i+1].(*yaml.Node)
		m.Content = append(m.Content, scalarNode(at, name), node)
	}
	return m
}
