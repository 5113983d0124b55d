package service

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"cel.dev/cel-go/cel"
	"go.yaml.in/yaml/v3"

	"zhijian/ground/money"
)

func bundleKey(id string, version int) string {
	if version == 0 {
		return id
	}
	return id + "@" + strconv.Itoa(version)
}

func compareBundles(x, y *Bundle) int { return cmp.Compare(x.ID, y.ID) }

// loadBundles reads bundles/<id>.yaml, the versions in force, and bundles/<id>@<version>.yaml, old ones.
func (c *Catalogue) loadBundles(fsys fs.FS) (map[string]*Bundle, []Problem) {
	names, err := fs.Glob(fsys, "bundles/*.yaml")
	if err != nil {
		return nil, []Problem{{File: "bundles", Say: "The folder cannot be listed."}}
	}
	all := map[string]*Bundle{}
	var problems []Problem
	base := sync.OnceValues(baseEnv)
	for _, name := range names {
		src, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, []Problem{{File: name, Say: "The file cannot be read."}}
		}
		env, err := base()
		if err != nil {
			return nil, []Problem{{File: name, Say: err.Error()}}
		}
		b, wrong := c.loadBundle(env, name, src)
		problems = append(problems, wrong...)
		if b == nil {
			continue
		}
		id, version, old := strings.Cut(strings.TrimSuffix(path.Base(name), ".yaml"), "@")
		if id != b.ID || old && version != strconv.Itoa(b.Version) {
			problems = append(problems, Problem{File: name, Line: 1, Column: 1, Say: fmt.Sprintf("The file holds %s version %d; it must be named %s.yaml, or %s@%d.yaml when it is no longer in force.", b.ID, b.Version, b.ID, b.ID, b.Version)})
		}
		if all[bundleKey(b.ID, b.Version)] != nil {
			problems = append(problems, Problem{File: name, Line: 1, Column: 1, Say: fmt.Sprintf("Version %d of %q is given twice.", b.Version, b.ID)})
		}
		all[bundleKey(b.ID, b.Version)] = b
		if !old {
			all[bundleKey(b.ID, 0)] = b
		}
	}
	return all, problems
}

// LoadBundle reads one bundle over the services of a catalogue. It gives either a bundle or everything that is wrong with the file.
func (c *Catalogue) LoadBundle(name string, src []byte) (*Bundle, []Problem) {
	base, err := baseEnv()
	if err != nil {
		return nil, []Problem{{File: name, Say: err.Error()}}
	}
	return c.loadBundle(base, name, src)
}

// bundleLoader reads one bundle: the head, the questions as a definition of their own, then the members over both.
type bundleLoader struct {
	*loader
	b       *Bundle
	shelf   *Catalogue
	members []*mapping
}

func (c *Catalogue) loadBundle(base *cel.Env, name string, src []byte) (*Bundle, []Problem) {
	r := &reader{file: name}
	root := r.parse(src)
	if root == nil {
		return nil, r.problems
	}
	m := r.mapping(root, "")
	l := &bundleLoader{b: &Bundle{asks: map[string]string{}}, shelf: c}
	l.loader = newQuestions(r)
	l.bundleHead(m)
	l.checkAsked(m)
	l.ask(base, m.node, m.get("answers"), l.forms(m))
	l.b.questions = l.d
	l.nameMembers(m)
	for i := range l.b.Members {
		l.fillMember(&l.b.Members[i], l.members[i])
	}
	m.done()
	l.lintCycle()
	l.lintUsed(m)
	if len(r.problems) > 0 {
		return nil, sorted(r.problems)
	}
	return l.b, nil
}

func (l *bundleLoader) bundleHead(m *mapping) {
	b := l.b
	if n := m.need("id", "every bundle has an id; it is the file's name"); n != nil {
		b.ID = l.word(n, "id")
		if !regexp.MustCompile(`^[a-z][a-z0-9-]{1,40}$`).MatchString(b.ID) {
			l.say(n, "id", "%q cannot be an id: use small letters, digits and -, beginning with a letter.", clip(b.ID))
		}
	}
	b.Version = l.whole(m.need("version", "a change of a bundle is a new version"), "version", 1, 9999)
	b.Name = l.text(m.need("name", "residents must know what it is called"), "name")
	b.About = l.text(m.need("about", "one sentence says what it does for the resident"), "about")
	b.Icon = l.word(m.need("icon", "the entry shows a picture"), "icon")
	b.Keywords = l.words(m.get("keywords"), "keywords")
	b.Who = l.text(m.need("who", "say who can have it done"), "who")
	b.Note = l.text(m.get("note"), "note")
	if n := m.need("review_by", "past this date somebody must read the bundle again"); n != nil {
		t, err := time.Parse(time.DateOnly, n.Value)
		if err != nil {
			l.say(n, "review_by", "%q is not a day; write it like 2027-06-30.", clip(n.Value))
		}
		b.ReviewBy = t
	}
	l.d.ID, l.d.Version, l.d.Name, l.d.About, l.d.How, l.d.Who = b.ID, b.Version, b.Name, b.About, "online", b.Who
}

// shareable are the types of answer that several services can have in common: one value that somebody types or picks.
func shareable() []string {
	return []string{
		"plate", "phone", "citizen_number", "credit_code", "bank_card", "date", "money", "text", "number", "choice", "engine_tail",
		"electricity_account", "digits", "person_name", "place",
	}
}

// checkAsked wants the shared answers of types that can be shared.
func (l *bundleLoader) checkAsked(m *mapping) {
	all := l.mapping(m.get("answers"), "answers")
	for _, p := range all.pairs {
		if p.val.Kind != yaml.MappingNode {
			continue // said when it is read
		}
		n := l.mapping(p.val, all.at(p.name)).get("type")
		if n == nil {
			continue
		}
		l.b.asks[p.name] = n.Value
		if _, known := answerTypeOf(n.Value); known && !slices.Contains(shareable(), n.Value) {
			l.say(n, all.at(p.name)+".type", "An answer of type %s cannot be shared; a bundle asks %s.", n.Value, listed(shareable()))
		}
	}
}

// forms gives the pages that ask the shared answers.
func (l *bundleLoader) forms(m *mapping) []*yaml.Node {
	list := l.items(m.get("ask"), "ask")
	for i, n := range list {
		at := fmt.Sprintf("ask.%d", i+1)
		if fm := l.mapping(n, at); n.Kind == yaml.MappingNode && fm.need("form", "a bundle asks with forms and nothing else") == nil {
			return nil
		}
	}
	return list
}

func (l *bundleLoader) nameMembers(m *mapping) {
	n := m.need("members", "a bundle is its services")
	list := l.items(n, "members")
	if n != nil && (len(list) < 2 || len(list) > 20) {
		l.say(n, "members", "A bundle has 2 to 20 services; this one has %s.", count(len(list)))
	}
	for i, mn := range list {
		mm := l.mapping(mn, fmt.Sprintf("members.%d", i+1))
		one := Member{}
		sn := mm.need("service", "say which service it is")
		one.Service = l.word(sn, mm.at("service"))
		if one.ID = one.Service; mm.get("id") != nil {
			one.ID = l.word(mm.get("id"), mm.at("id"))
		}
		if one.ID != "" {
			mm.path = "members." + one.ID
		}
		if _, twice := l.b.Member(one.ID); twice && one.ID != "" {
			l.say(mn, mm.path, "%q is given twice; give one of them an \"id\" of its own.", one.ID)
		}
		if l.shelf.latest[one.Service] == nil && one.Service != "" {
			var ids []string
			for id := range l.shelf.latest {
				ids = append(ids, id)
			}
			slices.Sort(ids)
			l.say(sn, mm.at("service"), "There is no service %q.%s", clip(one.Service), guess(one.Service, ids))
		}
		l.b.Members = append(l.b.Members, one)
		l.members = append(l.members, mm)
	}
}

func (l *bundleLoader) fillMember(one *Member, m *mapping) {
	one.Why = l.text(m.need("why", "say in a few words what this service is for in this matter"), m.at("why"))
	one.Optional = l.truth(m.get("optional"), m.at("optional"))
	sc := scope{at: len(l.drafts)}
	if n := m.get("if"); n != nil && l.c != nil {
		one.cond = l.c.compile(n, m.at("if"), l.word(n, m.at("if")), wantBool, sc)
	}
	for i, n := range l.items(m.get("after"), m.at("after")) {
		l.edge(one, n, fmt.Sprintf("%s.%d", m.at("after"), i+1))
	}
	give := l.mapping(m.get("give"), m.at("give"))
	for _, p := range give.pairs {
		give.asked = append(give.asked, p.name)
		l.gift(one, p, give.at(p.name), sc)
	}
	m.done()
}

func (l *bundleLoader) edge(one *Member, n *yaml.Node, at string) {
	e := Edge{}
	word := n
	if n.Kind == yaml.MappingNode {
		em := l.mapping(n, at)
		word, e.Ended = em.need("ended", "a member waits for another to be done, or with \"ended\" for its end whatever it is"), true
		em.done()
	}
	if e.Member = l.word(word, at); e.Member == "" {
		return
	}
	if _, ok := l.b.Member(e.Member); !ok {
		var ids []string
		for _, m := range l.b.Members {
			ids = append(ids, m.ID)
		}
		l.say(word, at, "There is no member %q.%s", clip(e.Member), guess(e.Member, ids))
		return
	}
	one.After = append(one.After, e)
}

// gift reads one answer that a member need not ask: an expression over the shared answers whose value the service would take.
func (l *bundleLoader) gift(one *Member, p pair, at string, sc scope) {
	if l.c == nil {
		return
	}
	e := l.c.compile(p.val, at, l.word(p.val, at), wantAny, sc)
	if e == nil {
		return
	}
	g := gift{answer: p.name, e: e}
	if _, ok := l.b.asks[e.src]; ok {
		g.shared = e.src
	}
	one.give = append(one.give, g)
	d := l.shelf.latest[one.Service]
	if d == nil || d.body == nil || d.read != nil {
		return // an index vouches for the service: bundles were checked over all of it when that was made
	}
	a := d.answerOf(p.name)
	if a == nil {
		var ids []string
		for _, a := range d.answers {
			ids = append(ids, a.id)
		}
		l.say(p.key, at, "%s asks nothing called %q.%s", one.Service, clip(p.name), guess(p.name, ids))
		return
	}
	l.fitsGift(one, p, at, g, a)
}

// fitsGift wants the value to be one that the service's answer can take.
func (l *bundleLoader) fitsGift(one *Member, p pair, at string, g gift, a *answer) {
	switch {
	case !slices.Contains(shareable(), a.name):
		l.say(p.key, at, "%s asks %q as a %s, which only its own page can ask.", one.Service, a.id, a.name)
	case g.shared != "" && l.b.asks[g.shared] != a.name:
		l.say(p.val, at, "%q is a %s, but %s asks %q as a %s.", g.shared, l.b.asks[g.shared], one.Service, a.id, a.name)
	case g.shared != "" && a.name == "choice":
		for _, o := range l.d.answerOf(g.shared).options {
			l.option(one, p, at, o.value, a)
		}
	case g.shared == "" && g.e.shape.kind == "text" && strings.HasPrefix(g.e.src, "'") && a.name == "choice":
		l.option(one, p, at, strings.Trim(g.e.src, "'"), a)
	case g.shared == "" && (g.e.shape.kind == "int") != slices.Contains([]string{"int", "money"}, a.shape.kind),
		slices.Contains([]string{"list", "object", "bool"}, g.e.shape.kind):
		l.say(p.val, at, "%q gives %s, but %s asks %q as a %s.", clip(g.e.src), wordFor(g.e.shape.kind), one.Service, a.id, a.name)
	}
}

func (l *bundleLoader) option(one *Member, p pair, at, value string, a *answer) {
	var known []string
	for _, o := range a.options {
		known = append(known, o.value)
	}
	if len(known) > 0 && !slices.Contains(known, value) {
		l.say(p.val, at, "%q is none of what %s offers for %q: %s.%s", clip(value), one.Service, a.id, listed(known), guess(value, known))
	}
}

// lintCycle refuses members that wait for each other.
func (l *bundleLoader) lintCycle() {
	const unseen, open, done = 0, 1, 2
	seen := map[string]int{}
	var walk func(id string, trail []string) bool
	walk = func(id string, trail []string) bool {
		switch seen[id] {
		case done:
			return true
		case open:
			i := slices.Index(trail, id)
			at := slices.IndexFunc(l.b.Members, func(m Member) bool { return m.ID == id })
			l.say(l.members[at].node, l.members[at].at("after"), "These wait for each other, so none could begin: %s.", strings.Join(append(trail[i:], id), " → "))
			return false
		}
		seen[id] = open
		one, _ := l.b.Member(id)
		for _, e := range one.After {
			if !walk(e.Member, append(trail, id)) {
				return false
			}
		}
		seen[id] = done
		return true
	}
	for _, m := range l.b.Members {
		if seen[m.ID] == unseen && !walk(m.ID, nil) {
			return
		}
	}
}

// lintUsed refuses questions that nobody needs: no reason, no question.
func (l *bundleLoader) lintUsed(m *mapping) {
	all := l.mapping(m.get("answers"), "answers")
	for _, p := range all.pairs {
		used := func(e *expr) bool {
			return e != nil && (slices.Contains(e.refs, p.name) || slices.Contains(e.refs, "answers."+p.name))
		}
		if !slices.ContainsFunc(l.b.Members, func(m Member) bool {
			return used(m.cond) || slices.ContainsFunc(m.give, func(g gift) bool { return used(g.e) })
		}) {
			l.say(p.key, all.at(p.name), "No member needs %q; do not ask it.", p.name)
		}
	}
}

// typedAs writes a value as somebody would type it; "" for what nobody types.
func typedAs(v any, kind string) string {
	switch v := v.(type) {
	case string:
		return v
	case int64:
		if kind == "money" {
			return money.Fen(v).String()
		}
		return strconv.FormatInt(v, 10)
	}
	return ""
}
