package outline

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"zhijian/domain/service"
	"zhijian/ground/fault"
)

// kinds are the kinds of step, as service.Load knows them.
var kinds = []string{"form", "lookup", "choose", "book", "check", "pay", "submit", "review", "supply", "deliver", "wait", "handoff", "result"}

// Page is one step.
type Page struct {
	ID   string // as expressions and tests know it
	Kind string
	Name, Title, Lead, Button,
	Say service.Text // Say is a result's sentence
	Level string
	If    string
	Asks  []string // answers that a form, supply or review asks
	Raw   string   // its lines in the file
}

// Wordings lists the wordings that a kind of page has for the form, by their names in the file.
func (p Page) Wordings() []string {
	switch p.Kind {
	case "result":
		return []string{"say", "lead"}
	case "lookup", "submit", "review", "wait", "deliver":
		return []string{"name", "title"}
	}
	return []string{"name", "title", "lead", "button"}
}

// Wording gives one of them.
func (p Page) Wording(name string) service.Text {
	switch name {
	case "say":
		return p.Say
	case "name":
		return p.Name
	case "title":
		return p.Title
	case "lead":
		return p.Lead
	case "button":
		return p.Button
	}
	return service.Text{}
}

// Pages lists the steps in order.
func (o *Outline) Pages() []Page {
	var out []Page
	way := o.walk("steps")
	if way == nil {
		return nil
	}
	at := way[len(way)-1]
	lines := o.entries(at.node, at.to)
	for i, n := range list(at.node) {
		p := Page{
			Kind: kindOf(n), Name: wording(value(n, "name")), Title: wording(value(n, "title")), Lead: wording(value(n, "lead")), Button: wording(value(n, "button")),
			Say: wording(value(n, "say")), Level: wordOf(n, "level"), If: wordOf(n, "if"), Asks: asks(n),
		}
		p.ID = stepID(n, p.Kind, i)
		if lines != nil {
			p.Raw = unindented(o.lines[lines[i].from:lines[i].to], lines[i].indent)
		}
		out = append(out, p)
	}
	return out
}

// kindOf is the one kind that a step is, "" when it is none. Where two could be meant the first of the file is.
func kindOf(n *yaml.Node) string {
	if n == nil || n.Kind != yaml.MappingNode {
		return ""
	}
	for i := 0; i < len(n.Content); i += 2 {
		if slices.Contains(kinds, n.Content[i].Value) {
			return n.Content[i].Value
		}
	}
	return ""
}

// stepID is the name that service.Load gives the step.
func stepID(n *yaml.Node, kind string, i int) string {
	if id := wordOf(n, "id"); id != "" {
		return id
	}
	switch kind {
	case "form":
		if all := asks(n); len(all) > 0 {
			return all[0]
		}
	case "check":
		return "check"
	default:
		if w := wordOf(n, kind); w != "" {
			return w
		}
	}
	return fmt.Sprintf("%s_%d", kind, i+1)
}

// asked is where a step lists what it asks.
func asked(n *yaml.Node) *yaml.Node {
	if v := value(n, "form"); v != nil {
		return v
	}
	return value(n, "asks")
}

func asks(n *yaml.Node) []string {
	var out []string
	for _, a := range list(asked(n)) {
		if a.Kind == yaml.MappingNode {
			a = value(a, "ask")
		}
		if w := word(a); w != "" {
			out = append(out, w)
		}
	}
	return out
}

func unindented(lines []string, indent string) string {
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(strings.TrimPrefix(l, indent))
	}
	return b.String()
}

// page finds a step by its name.
func (o *Outline) page(id string) (int, Page, error) {
	pages := o.Pages()
	i := slices.IndexFunc(pages, func(p Page) bool { return p.ID == id })
	if i < 0 {
		return 0, Page{}, fault.NotFound("outline.page", "没有这一页，可能刚刚被改过")
	}
	return i, pages[i], nil
}

// SetPage writes the wordings, level and condition of a step that differ.
func (o *Outline) SetPage(p Page) error {
	i, was, err := o.page(p.ID)
	if err != nil {
		return err
	}
	after := was.Kind
	for _, name := range was.Wordings() {
		if err := o.setText(p.Wording(name), after, name, "steps", i); err != nil {
			return err
		}
		if p.Wording(name) != (service.Text{}) {
			after = name
		}
	}
	if err := o.setWord(p.Level, after, "level", "steps", i); err != nil {
		return err
	}
	return o.setWord(p.If, after, "if", "steps", i)
}

// SetRaw writes a step's lines anew; fault.Invalid when they are not one step.
func (o *Outline) SetRaw(id, raw string) error {
	raw = strings.ReplaceAll(raw, "\r\n", "\n")
	i, was, err := o.page(id)
	if err != nil {
		return err
	}
	if strings.TrimSpace(raw) == strings.TrimSpace(was.Raw) {
		return nil
	}
	var n yaml.Node
	if err := yaml.Unmarshal([]byte(raw), &n); err != nil || len(n.Content) != 1 || len(list(n.Content[0])) != 1 || kindOf(n.Content[0].Content[0]) == "" {
		return fault.Invalid("outline.step", "请在这里写一步，以“- ”开头，写法见说明").On("raw")
	}
	lines, err := o.steps()
	if err != nil {
		return err
	}
	return o.splice(lines[i].from, lines[i].to, indented(raw, lines[i].indent))
}

func indented(raw, indent string) string {
	lines := strings.SplitAfter(strings.TrimRight(raw, "\n ")+"\n", "\n")
	for i, l := range lines {
		if strings.TrimSpace(l) != "" {
			lines[i] = indent + l
		}
	}
	return strings.Join(lines, "")
}

// steps gives the lines of all steps.
func (o *Outline) steps() ([]entry, error) {
	way := o.walk("steps")
	if way == nil {
		return nil, unreadable()
	}
	at := way[len(way)-1]
	lines := o.entries(at.node, at.to)
	if lines == nil {
		return nil, fault.Conflict("outline.flow", "这份文件的步骤不是一行一条写的，请在“原文”里改")
	}
	return lines, nil
}

// MovePage moves a step up (-1) or down (1); at the end of the list it stays.
func (o *Outline) MovePage(id string, by int) error {
	i, _, err := o.page(id)
	if err != nil {
		return err
	}
	lines, err := o.steps()
	if err != nil {
		return err
	}
	j := i + by
	if j < 0 || j >= len(lines) || i == j {
		return nil
	}
	a, b := lines[min(i, j)], lines[max(i, j)]
	between := strings.Join(o.lines[a.to:b.head], "")
	upper, lower := strings.Join(o.lines[a.head:a.to], ""), strings.Join(o.lines[b.head:b.to], "")
	if !strings.HasSuffix(lower, "\n") {
		lower += "\n"
	}
	return o.splice(a.head, b.to, lower+between+upper)
}

// RemovePage takes a step away, with the questions that no other step asks.
func (o *Outline) RemovePage(id string) error {
	i, p, err := o.page(id)
	if err != nil {
		return err
	}
	lines, err := o.steps()
	if err != nil {
		return err
	}
	if len(lines) == 1 {
		return fault.Conflict("outline.last", "最后一页不能删，一项服务至少有一页")
	}
	if err := o.splice(lines[i].head, lines[i].to, ""); err != nil {
		return err
	}
	for _, a := range p.Asks {
		if err := o.dropUnasked(a); err != nil {
			return err
		}
	}
	return nil
}

// dropUnasked takes a question away that no step asks any more.
func (o *Outline) dropUnasked(answer string) error {
	for _, p := range o.Pages() {
		if slices.Contains(p.Asks, answer) {
			return nil
		}
	}
	if value(value(o.root, "answers"), answer) == nil {
		return nil
	}
	if len(value(o.root, "answers").Content) == 2 {
		return o.set(nil, "", "answers")
	}
	return o.set(nil, "", answer, "answers")
}

// NewPages lists the kinds of page that AddPage makes.
func NewPages() []string { return []string{"form", "check", "review", "supply", "result"} }

// AddPage puts a new step behind the step named after, first for "", and gives its name.
func (o *Outline) AddPage(kind, after string) (id string, err error) {
	lines, err := o.steps()
	if err != nil {
		return "", err
	}
	at, indent, before := lines[0].head, lines[0].indent, 0
	if after != "" {
		i, _, err := o.page(after)
		if err != nil {
			return "", err
		}
		at, before = lines[i].to, i+1
	}
	so := strings.Join(o.askedBefore(before), ", ")
	var text string
	switch kind {
	case "form":
		id = o.free("question")
		text = "- form: [" + id + "]\n"
	case "check":
		id = o.free("check")
		text = "- check: [" + so + "]\n"
		if id != "check" {
			text += "  id: " + id + "\n"
		}
	case "review":
		id = o.free("approval")
		text = "- review: " + id + "\n  name: {zh: 审核, en: Review}\n  show: [" + so + "]\n  within: 5w\n  refused: {say: {zh: 没有通过审核, en: The application was refused}}\n"
	case "supply":
		id = o.free("extra")
		answer := o.free("question")
		text = "- supply: " + id + "\n  title: {zh: 请补充, en: Please add}\n  asks: [" + answer + "]\n"
		if err := o.splice(at, at, indented(text, indent)); err != nil {
			return "", err
		}
		return id, o.addAnswer(answer)
	case "result":
		id = o.free("done")
		text = "- result: " + id + "\n  say: {zh: 办好了, en: Done}\n  good: true\n"
	default:
		return "", fault.Invalid("outline.kind", "请选一种页面").On("kind")
	}
	if err := o.splice(at, at, indented(text, indent)); err != nil {
		return "", err
	}
	if kind == "form" {
		err = o.addAnswer(id)
	}
	return id, err
}

// askedBefore lists the questions of the pages before a position: what there is to check and to decide on.
func (o *Outline) askedBefore(n int) []string {
	var out []string
	for _, p := range o.Pages()[:n] {
		if p.Kind == "form" || p.Kind == "supply" {
			out = append(out, p.Asks...)
		}
	}
	return out
}

// free is a name that neither step nor question has: the stem, or the stem and a number.
func (o *Outline) free(stem string) string {
	taken := map[string]bool{}
	for _, p := range o.Pages() {
		taken[p.ID] = true
	}
	for _, q := range o.Questions() {
		taken[q.ID] = true
	}
	for n := 1; ; n++ {
		id := stem
		if n > 1 {
			id = fmt.Sprintf("%s_%d", stem, n)
		}
		if !taken[id] {
			return id
		}
	}
}
