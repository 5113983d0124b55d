package service

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Check reads one definition as a reviewer does. problems keep it from loading; advice is worth a
// look: wordings without English, sentences that are too long, the kind list's opinion. c may be nil.
func Check(name string, src []byte, c *Catalogue) (problems, advice []Problem) {
	d, problems := Load(name, src)
	if d == nil {
		return problems, nil
	}
	if c != nil {
		if wrong := c.shelved(d); wrong != "" {
			problems = append(problems, Problem{File: name, Line: 1, Column: 1, Say: wrong})
		}
	}
	r := &reader{file: name}
	r.advise(r.parse(src), "")
	return problems, append(advice, r.problems...)
}

// CheckBundle is Check for a bundle; its members are looked for in c.
func CheckBundle(name string, src []byte, c *Catalogue) (problems, advice []Problem) {
	b, problems := c.LoadBundle(name, src)
	if b == nil {
		return problems, nil
	}
	r := &reader{file: name}
	r.advise(r.parse(src), "")
	return nil, r.problems
}

// LooksLikeBundle reports whether a file speaks of members and has no steps: it is a bundle and no definition.
func LooksLikeBundle(src []byte) bool {
	r := &reader{}
	root := r.parse(src)
	if root == nil {
		return false
	}
	m := r.mapping(root, "")
	return m.get("members") != nil && m.get("steps") == nil
}

// maxSentence is where a sentence becomes hard to read (ux-rules R7.1).
const maxSentence = 40

// advise walks the wordings: every object with a member zh.
func (r *reader) advise(n *yaml.Node, path string) {
	if n == nil {
		return
	}
	if n.Kind == yaml.SequenceNode {
		for i, e := range n.Content {
			r.advise(e, fmt.Sprintf("%s.%d", path, i+1))
		}
		return
	}
	if n.Kind != yaml.MappingNode {
		return
	}
	var zh, en *yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		switch k, v := n.Content[i], n.Content[i+1]; k.Value {
		case "zh":
			zh = v
		case "en":
			en = v
		default:
			if path != "" || k.Value != "tests" {
				r.advise(v, join(path, k.Value))
			}
		}
	}
	if zh == nil {
		return
	}
	if en == nil {
		r.say(zh, path, "There is no English for %q.", clip(zh.Value))
	}
	if strings.ContainsAny(zh.Value, "！!") {
		r.say(zh, path, "Wordings have no exclamation marks (ux-rules R7.4).")
	}
	for _, s := range strings.FieldsFunc(zh.Value, func(c rune) bool { return strings.ContainsRune("。；？", c) }) {
		if n := len([]rune(s)); n > maxSentence && !strings.Contains(s, "{") {
			r.say(zh, path, "A sentence has %d characters; at most %d are easy to read.", n, maxSentence)
		}
	}
}

// Blank gives a new definition to fill in: it loads as it is, and its comments explain each part.
// Name and group come from the kind list when it knows the id; c may be nil.
func Blank(id string, c *Catalogue) []byte {
	name, en, group := "名称", "Name", "gov-service"
	if c != nil {
		if k, ok := c.Kind(id); ok {
			name, en, group = k.Name.Zh, k.Name.En, k.Group
		}
	}
	return []byte(strings.NewReplacer("ID", id, "ZH", name, "EN", fmt.Sprintf("%q", en), "GROUP", group).Replace(blankText))
}

const blankText = `# What residents read is Chinese first; {zh: …, en: …} adds English. docs/service-definition.md explains every line.
id: ID
version: 1 # a change that running cases must not meet is a new version; keep the old file as ID@1.yaml
name: {zh: ZH, en: EN}
about: {zh: 一句话说清能办什么。, en: One sentence on what it does for you.}
sector: f51 # line of government work, see catalog/sectors
group: GROUP # where the city entry shows it, see catalog/kinds/groups.csv
type: query # query, payment, booking, application, report, information or map
how: query # online, window (book, then go there) or query
owner: desk # the office word of the department that answers for it
keywords: [关键词]
who: {zh: 谁可以办, en: Who can have it done}
fee: {zh: 不要钱, en: Free}
promise:
  done: 10s # what the house is measured by: 30s, 10m, 2h, 15d
  text: {zh: 马上知道, en: At once}
basis:
  - {law: 法律名称, article: "1"} # say which law; the start page shows it
needs:
  - {zh: 要准备什么, en: What to have ready}
review_by: 2027-12-31 # past this day the entry says that nobody has looked at it
rate: true

answers: # what residents are asked; the id is the input's name
  number:
    type: text # plate, phone, date, money, choice, … : the type knows its format
    max: 20
    label: {zh: 受理编号, en: Case number} # short, for summaries
    ask: {zh: 受理编号是多少？, en: "What is the case number?"} # the question
    hint: {zh: 在回执右上角, en: Top right on the slip}
    why: {zh: 按编号查进度, en: Progress is kept under this number} # every question has a reason

steps: # from top to bottom; a step with "if" is passed over when it does not hold
  - form: [number]
    name: {zh: 填编号, en: Number}
    level: L2 # identity asked for here: L1 phone, L2 real name, L3 bank card, L4 five in one
  - lookup: progress # asks an office; what it gives is then known as progress.…
    office: desk # bound to a real system by the city pack
    call: progress.find
    with: {number: number, owner: me.citizen_number}
    gives: {known: bool, state: text, until: day} # only these members are kept
    down: [retry, notify]
    unknown: {zh: 没有查到这个编号，请核对回执。, en: No such number. Please check the slip.}
  - result: found
    say: {zh: "{progress.state}", en: "{progress.state}"}
    show:
      - {label: {zh: 最晚办结, en: Done by}, value: progress.until}
    good: true

tests: # run by: zhijian service test
  - name: nobody without a name may ask
    as: L1
    answers: {number: "1"}
    expect: {view: prove}
`
