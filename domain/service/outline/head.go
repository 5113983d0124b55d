package outline

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"zhijian/domain/service"
)

// Head is what the start page says of a service, and where it is found.
type Head struct {
	ID, Version           string
	Name, About, Who, Fee service.Text
	Promise, Legal        service.Text
	Done                  string // what the house is measured by, "2h"
	Group, Type, How      string
	Sector, Owner, Review string
	Keywords              []string
	Needs                 []service.Text
	Basis                 []service.Basis
	NoBasis               bool
}

// Head reads what the file says of itself.
func (o *Outline) Head() Head {
	r := o.root
	h := Head{
		ID: wordOf(r, "id"), Version: wordOf(r, "version"), Name: wording(value(r, "name")), About: wording(value(r, "about")),
		Who: wording(value(r, "who")), Fee: wording(value(r, "fee")), Group: wordOf(r, "group"), Type: wordOf(r, "type"), How: wordOf(r, "how"),
		Sector: wordOf(r, "sector"), Owner: wordOf(r, "owner"), Review: wordOf(r, "review_by"),
	}
	p := value(r, "promise")
	h.Promise, h.Legal, h.Done = wording(value(p, "text")), wording(value(p, "legal")), wordOf(p, "done")
	for _, n := range list(value(r, "keywords")) {
		h.Keywords = append(h.Keywords, word(n))
	}
	for _, n := range list(value(r, "needs")) {
		h.Needs = append(h.Needs, wording(n))
	}
	h.NoBasis = wordOf(r, "basis") == "none"
	for _, n := range list(value(r, "basis")) {
		h.Basis = append(h.Basis, service.Basis{Law: wordOf(n, "law"), Article: wordOf(n, "article")})
	}
	return h
}

// SetVersion writes the version's number and nothing else.
func (o *Outline) SetVersion(n string) error { return o.setWord(n, "id", "version") }

// Origin is what a form does not ask: the service's id, the line of work of its department, and the day of the next review.
type Origin struct{ ID, Sector, Review string }

// SetOrigin writes what is given of it.
func (o *Outline) SetOrigin(g Origin) error {
	for _, w := range []struct{ name, word string }{{"id", g.ID}, {"sector", g.Sector}, {"review_by", g.Review}} {
		if w.word == "" {
			continue
		}
		if err := o.setWord(w.word, "id", w.name); err != nil {
			return err
		}
	}
	return nil
}

// SetHead writes what differs. ID, Version, Sector and Owner are not the form's to change and stay as they are.
func (o *Outline) SetHead(h Head) error {
	was := o.Head()
	edits := []func() error{
		func() error { return o.setText(h.Name, "version", "name") },
		func() error { return o.setText(h.About, "name", "about") },
		func() error { return o.setWord(h.Group, "sector", "group") },
		func() error { return o.setWord(h.Type, "group", "type") },
		func() error { return o.setWord(h.How, "type", "how") },
		func() error { return o.setText(h.Who, "keywords", "who") },
		func() error { return o.setText(h.Fee, "who", "fee") },
		func() error { return o.setPromise(was, h) },
		func() error { return o.setWord(h.Review, "needs", "review_by") },
	}
	if strings.Join(was.Keywords, "\n") != strings.Join(h.Keywords, "\n") {
		edits = append(edits, func() error { return o.set(words(h.Keywords), "owner", "keywords") })
	}
	if !sameTexts(was.Needs, h.Needs) {
		edits = append(edits, func() error { return o.set(o.needs(h.Needs), "basis", "needs") })
	}
	if was.NoBasis != h.NoBasis || !sameBasis(was.Basis, h.Basis) {
		edits = append(edits, func() error { return o.set(basis(h), "promise", "basis") })
	}
	for _, edit := range edits {
		if err := edit(); err != nil {
			return err
		}
	}
	return nil
}

func (o *Outline) setPromise(was, h Head) error {
	if was.Promise == h.Promise && was.Legal == h.Legal && was.Done == h.Done {
		return nil
	}
	if value(o.root, "promise") == nil {
		p := flow(yaml.MappingNode)
		put(p, "text", textNode(h.Promise, nil))
		if err := o.set(p, "fee", "promise"); err != nil {
			return err
		}
	}
	if err := o.setWord(h.Done, "", "done", "promise"); err != nil {
		return err
	}
	if err := o.setText(h.Promise, "done", "text", "promise"); err != nil {
		return err
	}
	return o.setText(h.Legal, "text", "legal", "promise")
}

// setWord writes one plain value when it differs; "" takes it away.
func (o *Outline) setWord(w, after, name string, path ...any) error {
	way := o.walk(path...)
	if way == nil {
		return unreadable()
	}
	old := value(way[len(way)-1].node, name)
	if w == word(old) {
		return nil
	}
	if w == "" {
		return o.set(nil, after, name, path...)
	}
	return o.set(plain(w, old), after, name, path...)
}

// setText writes a wording when it differs; an empty one is taken away.
func (o *Outline) setText(t service.Text, after, name string, path ...any) error {
	way := o.walk(path...)
	if way == nil {
		return unreadable()
	}
	old := value(way[len(way)-1].node, name)
	if t == wording(old) {
		return nil
	}
	if t == (service.Text{}) {
		return o.set(nil, after, name, path...)
	}
	return o.set(textNode(t, old), after, name, path...)
}

// wording reads a line of Chinese, or {zh, en}.
func wording(n *yaml.Node) service.Text {
	if n == nil || n.Kind == yaml.ScalarNode {
		return service.Text{Zh: word(n)}
	}
	return service.Text{Zh: wordOf(n, "zh"), En: wordOf(n, "en")}
}

// textNode is a wording as the file holds it: one line without English stays one line.
func textNode(t service.Text, old *yaml.Node) *yaml.Node {
	if t.En == "" && (old == nil || old.Kind == yaml.ScalarNode) {
		return plain(t.Zh, old)
	}
	n := flow(yaml.MappingNode)
	put(n, "zh", plain(t.Zh, value(old, "zh")))
	if t.En != "" {
		put(n, "en", plain(t.En, value(old, "en")))
	}
	return n
}

// plain is a single value. Numbers and true stay what they were as long as the old value was one.
func plain(w string, old *yaml.Node) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: w}
	if old != nil && old.Kind == yaml.ScalarNode && old.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 {
		n.Style = old.Style & (yaml.SingleQuotedStyle | yaml.DoubleQuotedStyle)
		return n
	}
	if bareWord(w) {
		n.Tag = ""
	}
	return n
}

// bareWord reports a number, a day, true or false, which a file holds without quotes.
func bareWord(w string) bool {
	if w == "true" || w == "false" {
		return true
	}
	return w != "" && len(w) <= 10 && w[0] != '-' && (w[0] != '0' || len(w) == 1) && strings.Trim(w, "0123456789-") == ""
}

func flow(k yaml.Kind) *yaml.Node { return &yaml.Node{Kind: k, Style: yaml.FlowStyle} }

func words(list []string) *yaml.Node {
	if len(list) == 0 {
		return nil
	}
	n := flow(yaml.SequenceNode)
	for _, w := range list {
		n.Content = append(n.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: w})
	}
	return n
}

// needs writes what to have ready; what the file says of a need besides its wording stays with it.
func (o *Outline) needs(wanted []service.Text) *yaml.Node {
	if len(wanted) == 0 {
		return nil
	}
	was := list(value(o.root, "needs"))
	n := &yaml.Node{Kind: yaml.SequenceNode}
	for _, t := range wanted {
		if i := slices.IndexFunc(was, func(w *yaml.Node) bool { return wording(w) == t }); i >= 0 {
			n.Content = append(n.Content, was[i])
			continue
		}
		n.Content = append(n.Content, textNode(t, nil))
	}
	return n
}

func basis(h Head) *yaml.Node {
	if h.NoBasis {
		return plain("none", nil)
	}
	if len(h.Basis) == 0 {
		return nil
	}
	n := &yaml.Node{Kind: yaml.SequenceNode}
	for _, b := range h.Basis {
		one := flow(yaml.MappingNode)
		put(one, "law", &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: b.Law})
		if b.Article != "" {
			put(one, "article", &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: b.Article})
		}
		n.Content = append(n.Content, one)
	}
	return n
}

func sameTexts(a, b []service.Text) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func sameBasis(a, b []service.Basis) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
