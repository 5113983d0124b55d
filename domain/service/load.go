package service

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"cel.dev/cel-go/cel"
	"go.yaml.in/yaml/v3"
)

// Load reads one definition. It gives either a definition that runs, or everything that is wrong
// with the file at once; never both.
func Load(name string, src []byte) (*Definition, []Problem) {
	base, err := baseEnv()
	if err != nil {
		return nil, []Problem{{File: name, Say: err.Error()}}
	}
	return load(base, name, src)
}

func load(base *cel.Env, name string, src []byte) (*Definition, []Problem) {
	r := &reader{file: name}
	root := r.parse(src)
	if root == nil {
		return nil, r.problems
	}
	l := &loader{reader: r, d: &Definition{body: &body{inside: inside{index: map[string]int{}, names: map[string]known{}}}}}
	l.read(r.mapping(root, ""), base)
	l.d.wants.People = l.d.wants.People || bytes.Contains(src, []byte("me.people"))
	if len(r.problems) > 0 {
		return nil, sorted(r.problems)
	}
	return l.d, nil
}

// loader turns one file into a Definition in three passes: the head, the names that steps and
// answers give to expressions, and then everything that holds expressions.
type loader struct {
	*reader
	d      *Definition
	c      *compiler
	drafts []*draftStep
	askers []*draftAnswer
	parts  []*draftAnswer // of groups
}

type draftStep struct {
	*step
	m     *mapping
	label *yaml.Node // value of the kind's key
}

type draftAnswer struct {
	*answer
	m *mapping
}

func (l *loader) read(m *mapping, base *cel.Env) {
	l.head(m)
	l.readFor(m)
	l.nameAnswers(m)
	l.nameSteps(m)
	l.askedAt()
	var err error
	if l.c, err = newCompiler(l.reader, base, l.scratchNames()); err != nil {
		l.say(nil, "", "%s.", err)
		return
	}
	if l.shapeLists() {
		if l.c, err = newCompiler(l.reader, base, l.d.names); err != nil {
			l.say(nil, "", "%s.", err)
			return
		}
	}
	for _, a := range l.askers {
		l.fillAnswer(a)
	}
	for _, s := range l.drafts {
		l.fillStep(s)
	}
	l.remedies(m)
	l.d.tests = l.readTests(m)
	l.readPrecheck(m, base)
	m.done()
	l.lint(m)
	l.d.wants = l.d.wanted()
}

func (l *loader) head(m *mapping) {
	d := l.d
	if n := m.need("id", "every service has the id of its kind"); n != nil {
		d.ID = l.word(n, "id")
		if !regexp.MustCompile(`^[a-z][a-z0-9-]{1,60}$`).MatchString(d.ID) {
			l.say(n, "id", "%q cannot be an id: use small letters, digits and -, beginning with a letter.", clip(d.ID))
		}
	}
	d.Version = l.whole(m.need("version", "a change of a service is a new version"), "version", 1, 9999)
	d.Name = l.text(m.need("name", "residents must know what it is called"), "name")
	d.About = l.text(m.need("about", "one sentence says what it does for the resident"), "about")
	d.Sector = l.sector(m.need("sector", "every service belongs to a line of government work"))
	d.Group = l.word(m.need("group", "the city entry shows services by group"), "group")
	d.Type = l.oneOf(m.need("type", "lists tell queries from payments"), "type",
		[]string{"query", "payment", "booking", "application", "report", "information", "map"})
	d.Owner = l.word(m.need("owner", "somebody answers for it"), "owner")
	d.Keywords = l.words(m.get("keywords"), "keywords")
	d.Who = l.text(m.get("who"), "who")
	d.Fee = l.text(m.need("fee", "residents are told what it costs"), "fee")
	d.How = l.oneOf(m.need("how", "online, window or query"), "how", []string{"online", "window", "query"})
	d.Rate = l.truth(m.get("rate"), "rate")
	d.Skip = l.truth(m.get("skip"), "skip")
	l.promise(m)
	l.basis(m.get("basis"))
	d.Needs = l.needs(m.get("needs"), "needs")
	if n := m.need("review_by", "past this date somebody must read the definition again"); n != nil {
		t, err := time.Parse(time.DateOnly, n.Value)
		if err != nil {
			l.say(n, "review_by", "%q is not a day; write it like 2027-06-30.", clip(n.Value))
		}
		d.ReviewBy = t
	}
}

// basis reads the legal basis: a list of laws, or the word none where no law of its own governs the service.
func (l *loader) basis(n *yaml.Node) {
	if n != nil && n.Kind == yaml.ScalarNode && n.Value == "none" {
		l.d.NoBasis = true
		return
	}
	for i, n := range l.items(n, "basis") {
		b := l.mapping(n, fmt.Sprintf("basis.%d", i+1))
		l.d.Basis = append(l.d.Basis, Basis{
			Law: l.word(b.need("law", "the law's name"), b.at("law")), Article: l.word(b.get("article"), b.at("article")),
		})
		b.done()
	}
}

func (l *loader) sector(n *yaml.Node) string {
	w := l.word(n, "sector")
	if w != "" && !regexp.MustCompile(`^f\d{2}$`).MatchString(w) {
		l.say(n, "sector", "%q is not a sector id; they are f01 to f54 in catalog/sectors.", clip(w))
	}
	return w
}

func (l *loader) promise(m *mapping) {
	n := m.need("promise", "residents are told how long it takes")
	if n == nil {
		return
	}
	p := l.mapping(n, "promise")
	l.d.Promise.Text = l.text(p.need("text", "the promise in words"), p.at("text"))
	l.d.Promise.Legal = l.text(p.get("legal"), p.at("legal"))
	if done := p.get("done"); done != nil {
		l.d.Promise.Done = l.length(done, p.at("done"))
	}
	p.done()
}

// length reads a length of time of at most 400 days.
func (l *loader) length(n *yaml.Node, path string) time.Duration {
	w := l.word(n, path)
	d, err := time.ParseDuration(w)
	if days, ok := strings.CutSuffix(w, "d"); ok {
		var c int
		c, err = strconv.Atoi(days)
		d = time.Duration(min(max(c, -1), 401)) * 24 * time.Hour
	}
	if err != nil || d < 0 || d > 400*24*time.Hour {
		l.say(n, path, "%q is not a length of time; write 30s, 10m, 2h or 15d.", clip(w))
	}
	return d
}

// nameAnswers gathers the answers' ids and types.
func (l *loader) nameAnswers(m *mapping) {
	all := l.mapping(m.get("answers"), "answers")
	var types []string
	for _, t := range answerTypes() {
		if t.name != typeWhom {
			types = append(types, t.name)
		}
	}
	for _, p := range all.pairs {
		all.asked = append(all.asked, p.name)
		path := all.at(p.name)
		id := l.id(p.key, path)
		am := l.mapping(p.val, path)
		name := l.oneOf(am.need("type", "it decides how the answer is read"), am.at("type"), types)
		t, ok := answerTypeOf(name)
		if !ok {
			l.refused = append(l.refused, p.name)
		}
		if id == "" || !ok {
			continue
		}
		a := &answer{answerType: t, id: id, shape: t.value()}
		if name == typeEntries {
			l.nameParts(a, am)
		}
		l.askers = append(l.askers, &draftAnswer{a, am})
		l.d.answers = append(l.d.answers, a)
	}
}

func (d *Definition) answerOf(id string) *answer {
	for _, a := range d.answers {
		if a.id == id {
			return a
		}
	}
	return nil
}

// nameSteps gathers kinds, ids and what each step leaves for expressions.
func (l *loader) nameSteps(m *mapping) {
	n := m.need("steps", "a service is its steps")
	list := l.items(n, "steps")
	if n != nil && len(list) == 0 {
		l.say(n, "steps", "There are no steps.")
	}
	if len(list) > 60 {
		l.say(n, "steps", "There are more than 60 steps.")
		list = list[:60]
	}
	for i, sn := range list {
		sm := l.mapping(sn, fmt.Sprintf("steps.%d", i+1))
		if s := l.nameStep(sm, i); s != nil {
			l.drafts = append(l.drafts, s)
		}
	}
	l.askWhom()
	for i, s := range l.drafts {
		s.pos = i
		l.d.steps = append(l.d.steps, s.step)
		if j, twice := l.d.index[s.id]; twice {
			l.say(s.m.node, s.m.path, "Step %q is given twice; the first is on line %d. Give one of them another id.", s.id, l.d.steps[j].line)
			continue
		}
		l.d.index[s.id] = i
		l.nameFacts(s, i)
	}
}

func (l *loader) nameStep(m *mapping, i int) *draftStep {
	var kinds []string
	for _, p := range m.pairs {
		if slices.Contains(stepKinds(), p.name) {
			kinds = append(kinds, p.name)
		}
	}
	if m.node.Kind != yaml.MappingNode {
		return nil
	}
	if len(kinds) > 1 && slices.ContainsFunc(kinds, func(k string) bool {
		return slices.Contains([]string{kindLookup, kindSubmit, kindReview, kindDeliver}, k)
	}) {
		// In these "wait" is the wording shown meanwhile.
		kinds = slices.DeleteFunc(kinds, func(k string) bool { return k == kindWait })
	}
	if len(kinds) != 1 {
		word := ""
		if len(m.pairs) > 0 && len(kinds) == 0 {
			word = guess(m.pairs[0].name, stepKinds())
		}
		l.say(m.node, m.path, "A step is exactly one of %s; this one has %s of them.%s", listed(stepKinds()), count(len(kinds)), word)
		return nil
	}
	s := &draftStep{step: &step{kind: kinds[0], line: m.node.Line}, m: m}
	s.label = m.get(s.kind)
	s.id = l.stepID(s, i)
	m.path = "steps." + s.id
	return s
}

func count(n int) string {
	if n == 0 {
		return "none"
	}
	return strconv.Itoa(n)
}

// stepID is the id given, or the one the kind's value implies.
func (l *loader) stepID(s *draftStep, i int) string {
	if n := s.m.get("id"); n != nil {
		if id := l.id(n, s.m.at("id")); id != "" {
			return id
		}
		return fmt.Sprintf("%s_%d", s.kind, i+1)
	}
	switch s.kind {
	case kindForm:
		if s.label.Kind == yaml.SequenceNode && len(s.label.Content) > 0 && goodID(s.label.Content[0].Value) {
			return s.label.Content[0].Value
		}
	case kindCheck:
		return kindCheck
	default:
		if id := l.id(s.label, s.m.at(s.kind)); id != "" {
			return id
		}
	}
	return fmt.Sprintf("%s_%d", s.kind, i+1)
}

func (l *loader) nameFacts(s *draftStep, i int) {
	why := "step " + s.id
	switch s.kind {
	case kindLookup, kindSubmit, kindWait:
		s.facts = scalar("any")
		if n := s.m.get("gives"); n != nil {
			s.facts = l.gives(n, s.m.at("gives"), s.id, 0)
			if s.facts.kind != "object" {
				l.say(n, s.m.at("gives"), "An office gives an object with named members.")
				s.facts = scalar("any")
			} else if s.kind == kindLookup && s.facts.field("as_of") == nil {
				s.facts.fields = append(s.facts.fields, member{"as_of", scalar("time")})
			}
		}
	case kindReview:
		s.facts = reviewShape(s.id)
	case kindDeliver:
		s.facts = parcelShape(s.id)
	case kindPay:
		s.facts = payShape(s.id)
	case kindBook:
		s.facts = bookShape(s.id)
	default:
		return
	}
	if a := l.d.answerOf(s.id); a != nil && s.kind != kindBook {
		l.say(s.label, s.m.path, "Step %q and an answer have the same name; expressions could not tell them apart.", s.id)
	}
	l.d.names[s.id] = known{s.facts, i, why}
}

// gives reads a declared shape: a kind, [shape], or {member: shape}.
func (l *loader) gives(n *yaml.Node, path, name string, depth int) *shape {
	if depth > 6 {
		l.say(n, path, "This is nested deeper than 6 levels.")
		return scalar("any")
	}
	switch n.Kind {
	case yaml.SequenceNode:
		if len(n.Content) != 1 {
			l.say(n, path, "A list holds one kind of thing: write [{id: text, …}].")
			return scalar("any")
		}
		return &shape{kind: "list", elem: l.gives(n.Content[0], path, name+".item", depth+1)}
	case yaml.MappingNode:
		m := l.mapping(n, path)
		s := object(name)
		for _, p := range m.pairs {
			if !goodID(p.name) {
				l.say(p.key, m.at(p.name), "%q cannot be a member's name: use small letters, digits and _.", clip(p.name))
				continue
			}
			s.fields = append(s.fields, member{p.name, l.gives(p.val, m.at(p.name), name+"."+p.name, depth+1)})
		}
		return s
	}
	kind := l.oneOf(n, path, append(scalarKinds(), "any"))
	if kind == "" || !slices.Contains(append(scalarKinds(), "any"), kind) {
		return scalar("any")
	}
	return scalar(kind)
}

// askedAt finds the step that asks each answer first.
func (l *loader) askedAt() {
	obj := object("answers")
	for _, a := range l.askers {
		at := l.firstAsked(a.id)
		if at < 0 {
			l.say(a.m.node, "answers."+a.id, "%q is never asked: no form, choose or book step names it.", a.id)
			at = len(l.drafts)
		}
		k := known{a.shape, at, "the answer " + a.id}
		if _, taken := l.d.names[a.id]; !taken {
			l.d.names[a.id] = k
		}
		obj.fields = append(obj.fields, member{a.id, a.shape})
	}
	l.d.names["answers"] = known{obj, -1, ""}
	l.d.names["me"] = known{meShape(), -1, ""}
	if l.d.ActsForOthers() {
		l.d.names[typeWhom] = known{whomShape(), -1, ""}
	}
	var words []string
	for _, s := range l.drafts {
		if w := s.m.get("office"); w != nil && goodID(w.Value) && !slices.Contains(words, w.Value) {
			words = append(words, w.Value)
		}
	}
	l.d.Offices = words
	l.d.names["office"] = known{officeShape(words), -1, ""}
}

func (l *loader) firstAsked(id string) int {
	for i, s := range l.drafts {
		switch s.kind {
		case kindForm, kindSupply, kindReview:
			if asked(s.asks(), id) {
				return i
			}
		case kindChoose, kindBook, kindHandoff:
			if s.label.Value == id {
				return i
			}
		}
	}
	return -1
}

// asks is where a step lists the answers it asks; nil for none.
func (s *draftStep) asks() *yaml.Node {
	if s.kind == kindForm {
		return s.label
	}
	return s.m.get("asks")
}

func asked(list *yaml.Node, id string) bool {
	return list != nil && slices.ContainsFunc(list.Content, func(n *yaml.Node) bool {
		return n.Value == id || n.Kind == yaml.MappingNode && len(n.Content) > 1 && n.Content[0].Value == "ask" && n.Content[1].Value == id
	})
}

// scratchNames are the names without those whose type depends on an expression: chosen items.
func (l *loader) scratchNames() map[string]known {
	chosen := map[*shape]bool{}
	for _, a := range l.d.answers {
		if a.kind == "list" || a.kind == "object" { // of a group the type is known
			chosen[a.shape] = true
		}
	}
	if len(chosen) == 0 {
		return l.d.names
	}
	out := map[string]known{}
	for name, k := range l.d.names {
		if !chosen[k.shape] && name != "answers" {
			out[name] = k
		}
	}
	return out
}

// shapeLists gives chosen items the type of the list they are chosen from. It reports whether
// any name changed, so that the environment must be made again.
func (l *loader) shapeLists() bool {
	changed := false
	for i, s := range l.drafts {
		if s.kind != kindChoose || s.m.get("from") == nil {
			continue
		}
		a := l.d.answerOf(s.label.Value)
		if a == nil || a.kind != "list" && a.kind != "object" {
			continue
		}
		changed = true
		elem := scalar("any")
		quiet := *l.reader
		l.c.r = &quiet
		from := s.m.get("from")
		if e := l.c.compile(from, "", from.Value, wantList, scope{at: i}); e != nil && e.shape.kind == "list" {
			elem = e.shape.elem
		}
		l.c.r = l.reader
		// The shape is shared by every name that mentions it, so it is changed in place.
		if a.kind == "list" {
			a.shape.elem = elem
		} else {
			*a.shape = *elem
		}
	}
	for _, a := range l.d.answers {
		if a.shape.kind == "list" && a.shape.elem == nil {
			a.shape.elem = scalar("any")
		}
	}
	return changed
}
