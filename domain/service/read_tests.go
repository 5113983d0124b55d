package service

import (
	"fmt"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// rehearsal is one of a definition's own test cases.
type rehearsal struct {
	name    string
	line    int
	level   int
	who     int // which of the people at hand plays the resident
	answers map[string][]string
	entries map[string]int   // how many entries an answer of that type has; their parts are among the answers
	picks   map[string][]int // choose and book answers given by position
	pay     string           // "" pays, "closed" lets the time run out
	hold    string           // "" holds, "taken" once
	reviews []string         // verdicts in turn: accept, refuse, more
	// recall is whether the resident takes back what was filed, and what its office says to that: one of the recall… words, "" for not.
	// corrects is what the resident puts right while it is decided, appeal what her appeal comes to: "changed" or "back"; "" is none.
	corrects map[string][]string
	appeal   string
	recall   string
	recallAt string // the step at which she does; "" is the first at which she can
	// amends is what staff put right in the finished result, or retold that its office is asked anew.
	amends  map[string][]string
	retold  bool
	happens map[string]map[string]any
	silent  string // the office word whose system gives no answer; "" is none
	expect  map[string]any
}

// What an office says in a test when it is asked to let go of what was filed.
const (
	recallAsked   = "asked"   // whatever it says
	recallRefused = "refused" // no
	recallDown    = "down"    // nothing, however often
)

func (l *loader) readTests(m *mapping) []rehearsal {
	var out []rehearsal
	for i, n := range l.items(m.get("tests"), "tests") {
		tm := l.mapping(n, fmt.Sprintf("tests.%d", i+1))
		t := rehearsal{line: n.Line, answers: map[string][]string{}, entries: map[string]int{}, picks: map[string][]int{}, expect: map[string]any{}}
		t.name = l.word(tm.need("name", "it says what the case shows"), tm.at("name"))
		if as := l.oneOf(tm.need("as", "it says how well the resident is proven"), tm.at("as"), []string{"L0", "L1", "L2", "L3", "L4"}); as != "" {
			t.level, _ = strconv.Atoi(as[1:])
		}
		t.who = l.whole(tm.get("who"), tm.at("who"), 0, 1000)
		t.pay = l.oneOf(tm.get("pay"), tm.at("pay"), []string{"closed"})
		t.hold = l.oneOf(tm.get("hold"), tm.at("hold"), []string{"taken"})
		for i, n := range l.items(tm.get("review"), tm.at("review")) {
			t.reviews = append(t.reviews, l.oneOf(n, fmt.Sprintf("%s.%d", tm.at("review"), i+1), []string{"accept", "refuse", "more"}))
		}
		l.testRemedies(tm, &t)
		l.testHappenings(tm, &t)
		if n := tm.get("silent"); n != nil {
			t.silent = l.oneOf(n, tm.at("silent"), l.d.Offices)
		}
		l.testAnswers(tm, &t)
		em := l.mapping(tm.need("expect", "a test without an expectation shows nothing"), tm.at("expect"))
		for _, p := range em.pairs {
			em.asked = append(em.asked, p.name)
			l.expectation(em, p, t.expect)
		}
		tm.done()
		out = append(out, t)
	}
	return out
}

// testRemedies reads what the resident puts right while it is decided, what her appeal comes to, and what is put right in the result.
func (l *loader) testRemedies(tm *mapping, t *rehearsal) {
	if n := tm.get("recall"); n != nil {
		l.testRecall(n, tm.at("recall"), t)
	}
	if n := tm.get("appeal"); n != nil {
		t.appeal = l.oneOf(n, tm.at("appeal"), []string{ReopenChanged, ReopenBack})
	}
	t.corrects = l.testValues(tm.get("correct"), tm.at("correct"))
	if n := tm.get("amend"); n != nil && n.Kind == yaml.ScalarNode {
		t.retold = l.oneOf(n, tm.at("amend"), []string{"asked"}) != ""
	} else {
		t.amends = l.testValues(n, tm.at("amend"))
	}
}

// testValues reads answers by name, one value each; nil for none.
func (l *loader) testValues(n *yaml.Node, path string) map[string][]string {
	var out map[string][]string
	m := l.mapping(n, path)
	for _, p := range m.pairs {
		m.asked = append(m.asked, p.name)
		if a := l.answer(p.key, m.at(p.name)); a != nil {
			if out == nil {
				out = map[string][]string{}
			}
			out[a.id] = []string{l.word(p.val, m.at(p.name))}
		}
	}
	return out
}

// testRecall reads that the resident takes back what was filed: what the office says, or {at: step, office: what it says}.
func (l *loader) testRecall(n *yaml.Node, path string, t *rehearsal) {
	if l.d.recall == nil {
		l.say(n, path, "What is filed here cannot be taken back: the definition has no \"recall\".")
	}
	if n.Kind == yaml.MappingNode {
		m := l.mapping(n, path)
		if at := m.need("at", "it says where the case is taken back"); at != nil {
			t.recallAt = l.oneOf(at, m.at("at"), l.stepIDs())
		}
		n, path = m.need("office", "it says what the office answers"), m.at("office")
		m.done()
	}
	if n != nil {
		t.recall = l.oneOf(n, path, []string{recallAsked, recallRefused, recallDown})
	}
}

// testHappenings reads the outside events that come while the case waits: {step: {member: value}}.
func (l *loader) testHappenings(tm *mapping, t *rehearsal) {
	hm := l.mapping(tm.get("happen"), tm.at("happen"))
	for _, p := range hm.pairs {
		hm.asked = append(hm.asked, p.name)
		if i, ok := l.d.index[p.name]; !ok || l.d.steps[i].kind != kindWait && l.d.steps[i].kind != kindDeliver {
			l.say(p.key, hm.at(p.name), "%q is no wait or delivery.", clip(p.name))
			continue
		}
		var data map[string]any
		if err := p.val.Decode(&data); err != nil {
			l.say(p.val, hm.at(p.name), "Expected what happens, as {member: value}.")
			continue
		}
		if t.happens == nil {
			t.happens = map[string]map[string]any{}
		}
		t.happens[p.name] = data
	}
}

func (l *loader) testAnswers(tm *mapping, t *rehearsal) {
	am := l.mapping(tm.get("answers"), tm.at("answers"))
	for _, p := range am.pairs {
		am.asked = append(am.asked, p.name)
		a := l.answer(p.key, am.at(p.name))
		if a == nil {
			continue
		}
		if a.name == typeFile {
			for i := range l.whole(p.val, am.at(p.name), 0, MaxFiles) {
				t.answers[a.id] = append(t.answers[a.id], fmt.Sprintf("%s-%d", a.id, i+1))
			}
			continue
		}
		if a.name == typeEntries {
			l.testEntries(a, p.val, am.at(p.name), t)
			continue
		}
		values := []*yaml.Node{p.val}
		if p.val.Kind == yaml.SequenceNode {
			values = p.val.Content
		}
		for _, v := range values {
			w := l.word(v, am.at(p.name))
			if n, err := strconv.Atoi(w); err == nil && v.Tag == "!!int" && (a.name == "list" || a.name == "item" || a.name == "slot") {
				t.picks[a.id] = append(t.picks[a.id], n)
				continue
			}
			t.answers[a.id] = append(t.answers[a.id], w)
		}
	}
}

// expectation reads what must be true at the end: end, view, step, office, refunded, or facts of a step.
func (l *loader) expectation(m *mapping, p pair, into map[string]any) {
	if _, isStep := l.d.index[p.name]; !isStep {
		known := []string{"end", "view", "step", "office", "refunded"}
		if l.oneOf(p.key, m.at(p.name), append(known, l.stepIDs()...)) == "" {
			return
		}
	}
	if p.val.Kind == yaml.ScalarNode {
		into[p.name] = p.val.Value
		return
	}
	em := l.mapping(p.val, m.at(p.name))
	members := map[string]any{}
	for _, e := range em.pairs {
		em.asked = append(em.asked, e.name)
		members[e.name] = l.word(e.val, em.at(e.name))
	}
	into[p.name] = members
}
