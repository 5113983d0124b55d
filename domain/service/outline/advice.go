package outline

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"zhijian/domain/service"
)

// Advice is one thing that a file could do better.
type Advice struct {
	Say  service.Text
	Must bool   // it cannot be submitted so
	Page string // the page it is about, "" for the service as a whole
	Ask  string // the question it is about
}

// Checkup is what a careful reader finds.
type Checkup struct {
	Advice    []Advice
	Questions int // asked of residents
	Pages     int // that a resident acts on
	Minutes   int // that answering may take
	Prefilled int // questions that are filled in beforehand
	Could     int // questions that could be, from what the house knows of a resident
}

// known is what the house has of a resident, by the type of question it answers.
var known = map[string]string{"phone": "me.phone", "person_name": "me.name", "citizen_number": "me.citizen_number", "plate": "me.plates"}

// Known is the expression that answers a type of question from what the house knows; "" for none.
func Known(typ string) string { return known[typ] }

// maxSentence and maxAsked are where a sentence and a page become hard to read (ux-rules R7.1, R3.1).
const maxSentence, maxAsked = 40, 5

// Check reads the file as a careful colleague does. What stops it from running is service.Load's to say.
func (o *Outline) Check() Checkup {
	c := &Checkup{}
	say := func(must bool, page, ask, code string, args ...service.Text) {
		d := &difference{}
		d.say(code, args...)
		c.Advice = append(c.Advice, Advice{Say: d.out[0], Must: must, Page: page, Ask: ask})
	}
	h := o.Head()
	if len(h.Basis) == 0 && !h.NoBasis {
		say(true, "", "", "advice.basis")
	}
	pageOf, ofStaff := map[string]string{}, map[string]bool{}
	for _, p := range o.Pages() {
		for _, a := range p.Asks {
			if pageOf[a] == "" {
				pageOf[a], ofStaff[a] = p.ID, p.Kind == "review"
			}
		}
		if slices.Contains([]string{"form", "choose", "book", "check", "pay", "supply", "handoff"}, p.Kind) {
			c.Pages++
		}
		if len(p.Asks) > maxAsked {
			say(false, p.ID, "", "advice.many", o.Called(p), number(len(p.Asks)))
		}
	}
	for _, q := range o.Questions() {
		if ofStaff[q.ID] {
			continue
		}
		c.Questions++
		if q.Why.Zh == "" && pageOf[q.ID] != "" {
			say(true, pageOf[q.ID], q.ID, "advice.why", q.Called())
		}
		switch {
		case q.Prefill != "" || q.From != "":
			c.Prefilled++
		case known[q.Type] != "":
			c.Could++
			say(false, pageOf[q.ID], q.ID, "advice.prefill", q.Called())
		}
	}
	c.Minutes = max(1, (c.Questions-c.Prefilled)*30/60+c.Pages*10/60)
	english, long := o.wordings()
	if n := len(english); n > 0 {
		say(false, "", "", "advice.english", number(n), english[0])
	}
	for _, t := range long {
		say(false, "", "", "advice.long", t)
	}
	return *c
}

func number(n int) service.Text { return service.Text{Zh: fmt.Sprint(n)} }

// wordings gives those without English, and sentences that are too long, shortened.
func (o *Outline) wordings() (english, long []service.Text) {
	var walk func(n *yaml.Node, key string)
	walk = func(n *yaml.Node, key string) {
		switch n.Kind {
		case yaml.SequenceNode:
			for _, c := range n.Content {
				walk(c, key)
			}
		case yaml.MappingNode:
			zh, en := value(n, "zh"), value(n, "en")
			if zh != nil {
				if word(en) == "" {
					english = append(english, clipped(word(zh)))
				}
				for _, s := range strings.FieldsFunc(word(zh), func(r rune) bool { return strings.ContainsRune("。；？", r) }) {
					if len([]rune(s)) > maxSentence && !strings.Contains(s, "{") {
						long = append(long, clipped(s))
					}
				}
				return
			}
			for i := 0; i+1 < len(n.Content); i += 2 {
				if name := n.Content[i].Value; name != "tests" {
					walk(n.Content[i+1], name)
				}
			}
		case yaml.ScalarNode:
			if slices.Contains([]string{"name", "about", "who", "fee", "text", "label", "ask", "hint", "why", "title", "lead", "button", "say", "declare"}, key) && chinese(n.Value) {
				english = append(english, clipped(n.Value))
			}
		}
	}
	walk(o.root, "")
	return english, long
}

func chinese(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r >= 0x4e00 && r <= 0x9fff })
}

func clipped(s string) service.Text {
	if r := []rune(s); len(r) > 16 {
		s = string(r[:16]) + "…"
	}
	return service.Text{Zh: s}
}
