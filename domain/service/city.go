package service

import (
	"io/fs"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// CityPack is what a city switches on and binds.
type CityPack struct {
	City        string // GB/T 2260 code
	Base        string // the base whose content it begins with; empty for none
	Demo        bool   // departments and accounts are invented; names end in （演示）
	Departments []DepartmentSeed
	Accounts    []AccountSeed
	Offices     map[string]Office // by the definitions' office words

	services []cityService
	file     string
}

// DepartmentSeed is a department that the pack's services need.
type DepartmentSeed struct {
	Slug   string // "hangzhou-traffic-police"
	Name   Text
	Sector string // sector id
	Level  string // nation, province, prefecture, county, township
	Phone  string
}

// AccountSeed is an official account that answers for services.
type AccountSeed struct {
	Alias      string // "hzjj"
	Name       Text
	Kind       string // "service" or "subscription"
	Department string // slug
	Sector     string
	Sign       string // one character for the avatar
	Intro      Text
}

type cityService struct {
	id      string
	account string
	node    *yaml.Node
	name    Text
	about   Text
	fee     Text
	promise Text
	needs   []Need
}

func (c *Catalogue) loadCities(fsys fs.FS) []Problem {
	names, err := fs.Glob(fsys, "cities/*.yaml")
	if err != nil {
		return []Problem{{File: "cities", Say: "The folder cannot be listed."}}
	}
	var problems []Problem
	seen := map[string]string{}
	for _, name := range names {
		src, err := fs.ReadFile(fsys, name)
		if err != nil {
			problems = append(problems, Problem{File: name, Say: "The file cannot be read."})
			continue
		}
		r := &reader{file: name}
		if root := r.parse(src); root != nil {
			m := r.mapping(root, "")
			p, more := c.basis(fsys, r, m)
			problems = append(problems, more...)
			r.city(m, p)
			if c.cities[p.City] != nil {
				r.say(root, "city", "City %s has a pack already.", p.City)
			}
			for _, a := range p.Accounts {
				if at := seen[a.Alias]; at != "" {
					r.say(root, "accounts."+a.Alias, "The alias %q is used in %s too.", a.Alias, at)
				}
				seen[a.Alias] = name
			}
			p.file = name
			c.cities[p.City] = p
			c.bind(r, p)
		}
		problems = append(problems, r.problems...)
	}
	return problems
}

// city reads a pack over what its base has given already.
func (r *reader) city(m *mapping, p *CityPack) {
	if n := m.need("city", "the GB/T 2260 code, in quotes"); n != nil {
		p.City = r.word(n, "city")
		if !regexp.MustCompile(`^[1-9]\d{5}$`).MatchString(p.City) {
			r.say(n, "city", "%q is not a code of six digits.", clip(p.City))
		}
	}
	p.Demo = r.truth(m.get("demo"), "demo")
	for _, id := range r.words(m.get("without"), "without") {
		if !p.leaveOut(id) {
			r.say(m.get("without"), "without", "The base does not offer %q.", clip(id))
		}
	}
	r.content(m, p)
	m.done()
}

// leaveOut takes a service of the base away, with the account that has no other and the department that has no other account. It reports
// whether the service was there.
func (p *CityPack) leaveOut(id string) bool {
	i := slices.IndexFunc(p.services, func(s cityService) bool { return s.id == id })
	if i < 0 {
		return false
	}
	alias := p.services[i].account
	p.services = slices.Delete(p.services, i, i+1)
	at := slices.IndexFunc(p.Accounts, func(a AccountSeed) bool { return a.Alias == alias })
	if at < 0 || slices.ContainsFunc(p.services, func(s cityService) bool { return s.account == alias }) {
		return true
	}
	department := p.Accounts[at].Department
	p.Accounts = slices.Delete(p.Accounts, at, at+1)
	if !slices.ContainsFunc(p.Accounts, func(a AccountSeed) bool { return a.Department == department }) {
		p.Departments = slices.DeleteFunc(p.Departments, func(d DepartmentSeed) bool { return d.Slug == department })
	}
	return true
}

// content reads what a pack and a base have alike. What is there already is replaced by what has its name.
func (r *reader) content(m *mapping, p *CityPack) {
	r.departments(m, p)
	r.accounts(m, p)
	r.offices(m, p)
	services := r.mapping(m.need("services", "a pack switches services on"), "services")
	for _, s := range services.pairs {
		services.asked = append(services.asked, s.name)
		read := r.cityService(s, services.at(s.name))
		p.services = put(p.services, read, func(s cityService) bool { return s.id == read.id })
	}
}

// put replaces the member that is the same thing, or appends.
func put[T any](list []T, v T, same func(T) bool) []T {
	if i := slices.IndexFunc(list, same); i >= 0 {
		list[i] = v
		return list
	}
	return append(list, v)
}

// demoName wants invented organisations to say so.
func (r *reader) demoName(p *CityPack, n *yaml.Node, path string, t Text) {
	if p.Demo && !strings.HasSuffix(t.Zh, "（演示）") {
		r.say(n, path, "The name of an invented organisation ends in （演示）.")
	}
}

func (r *reader) departments(m *mapping, p *CityPack) {
	all := r.mapping(m.get("departments"), "departments")
	for _, e := range all.pairs {
		all.asked = append(all.asked, e.name)
		dm := r.mapping(e.val, all.at(e.name))
		d := DepartmentSeed{
			Slug: e.name, Name: r.text(dm.need("name", "the full legal name"), dm.at("name")),
			Sector: r.word(dm.need("sector", "a department works in a sector"), dm.at("sector")),
			Level:  r.oneOf(dm.get("level"), dm.at("level"), []string{"nation", "province", "prefecture", "county", "township"}),
			Phone:  r.word(dm.get("phone"), dm.at("phone")),
		}
		if d.Level == "" {
			d.Level = "prefecture"
		}
		r.demoName(p, e.key, dm.at("name"), d.Name)
		dm.done()
		p.Departments = put(p.Departments, d, func(was DepartmentSeed) bool { return was.Slug == d.Slug })
	}
}

func (r *reader) accounts(m *mapping, p *CityPack) {
	all := r.mapping(m.get("accounts"), "accounts")
	for _, e := range all.pairs {
		all.asked = append(all.asked, e.name)
		am := r.mapping(e.val, all.at(e.name))
		a := AccountSeed{
			Alias: e.name, Name: r.text(am.need("name", "what residents read"), am.at("name")),
			Kind:  r.oneOf(am.get("kind"), am.at("kind"), []string{"service", "subscription"}),
			Sign:  r.word(am.need("sign", "one character for the avatar"), am.at("sign")),
			Intro: r.text(am.need("intro", "one sentence about the account"), am.at("intro")),
		}
		if a.Kind == "" {
			a.Kind = "service"
		}
		dn := am.need("department", "a department answers for the account")
		a.Department = r.word(dn, am.at("department"))
		i := slices.IndexFunc(p.Departments, func(d DepartmentSeed) bool { return d.Slug == a.Department })
		if i >= 0 {
			a.Sector = p.Departments[i].Sector
		} else if dn != nil {
			r.say(dn, am.at("department"), "There is no department %q in this pack.", clip(a.Department))
		}
		if len([]rune(a.Sign)) != 1 {
			r.say(e.val, am.at("sign"), "The sign is one character.")
		}
		r.demoName(p, e.key, am.at("name"), a.Name)
		am.done()
		p.Accounts = put(p.Accounts, a, func(was AccountSeed) bool { return was.Alias == a.Alias })
	}
}

func (r *reader) offices(m *mapping, p *CityPack) {
	all := r.mapping(m.get("offices"), "offices")
	for _, e := range all.pairs {
		all.asked = append(all.asked, e.name)
		om := r.mapping(e.val, all.at(e.name))
		o := Office{
			System: r.word(om.need("system", "the system that the house reaches"), om.at("system")),
			Name:   r.text(om.need("name", "how residents know the office"), om.at("name")),
			Payee:  r.word(om.get("payee"), om.at("payee")),
			Pool:   r.word(om.get("pool"), om.at("pool")),
			Site:   r.site(om.get("site"), om.at("site")),
			Datum:  r.oneOf(om.get("datum"), om.at("datum"), []string{"wgs84", DatumGCJ02}),
		}
		fixed := r.mapping(om.get("fixed"), om.at("fixed"))
		for _, f := range fixed.pairs {
			fixed.asked = append(fixed.asked, f.name)
			if o.Fixed == nil {
				o.Fixed = map[string]any{}
			}
			o.Fixed[f.name] = r.word(f.val, fixed.at(f.name))
		}
		om.done()
		p.Offices[e.name] = o
	}
}

// site reads where an office's own site begins.
func (r *reader) site(n *yaml.Node, path string) string {
	w := r.word(n, path)
	if w == "" {
		return ""
	}
	if u, err := url.Parse(w); err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		r.say(n, path, "%q is no address of a site; write it like https://www.12306.cn.", clip(w))
	}
	return w
}

func (r *reader) cityService(e pair, path string) cityService {
	m := r.mapping(e.val, path)
	s := cityService{
		id: e.name, node: e.key, account: r.word(m.need("account", "an account answers for the service"), m.at("account")),
		name: r.text(m.get("name"), m.at("name")), about: r.text(m.get("about"), m.at("about")),
		fee: r.text(m.get("fee"), m.at("fee")), promise: r.text(m.get("promise"), m.at("promise")),
	}
	s.needs = r.needs(m.get("needs"), m.at("needs"))
	m.done()
	return s
}

// bind checks a pack against the definitions and makes its offers.
func (c *Catalogue) bind(r *reader, p *CityPack) {
	var offers []Offer
	for _, s := range p.services {
		path := "services." + s.id
		d := c.latest[s.id]
		if d == nil {
			r.say(s.node, path, "There is no definition services/%s.yaml, or it has problems.", s.id)
			continue
		}
		if !slices.ContainsFunc(p.Accounts, func(a AccountSeed) bool { return a.Alias == s.account }) {
			r.say(s.node, path+".account", "There is no account %q in this pack.", clip(s.account))
		}
		for _, word := range d.Offices {
			o, ok := p.Offices[word]
			if !ok {
				r.say(s.node, path, "The service asks office %q, which this pack does not bind.", word)
			} else if o.Site == "" && slices.Contains(d.wants.Sites, word) {
				r.say(s.node, path, "The service sends people to the site of office %q, which has no \"site\" in this pack.", word)
			} else if o.Payee == "" && slices.Contains(d.wants.Payees, word) {
				r.say(s.node, path, "The service takes money for office %q, which has no \"payee\" in this pack.", word)
			}
		}
		offers = append(offers, c.offer(p, d))
	}
	order := func(o Offer) int {
		if i := slices.IndexFunc(c.kinds, func(k Kind) bool { return k.ID == o.Definition.ID }); i >= 0 {
			return i
		}
		return len(c.kinds) // what is none of the kinds comes last
	}
	slices.SortStableFunc(offers, func(a, b Offer) int { return order(a) - order(b) })
	c.offers[p.City] = offers
}

// offer binds a definition in this city. Overridden wordings go on a copy of the definition.
func (p *CityPack) offer(d *Definition) Offer {
	o := Offer{City: p.City, Definition: d, Offices: map[string]Office{}}
	for _, word := range d.Offices {
		if b, ok := p.Offices[word]; ok {
			b.Fixed = maps.Clone(b.Fixed)
			o.Offices[word] = b
		}
	}
	i := slices.IndexFunc(p.services, func(s cityService) bool { return s.id == d.ID })
	if i < 0 {
		return o
	}
	s := p.services[i]
	o.Account = s.account
	for _, a := range p.Accounts {
		for _, dep := range p.Departments {
			if a.Alias == s.account && dep.Slug == a.Department {
				o.Department = dep.Name.Zh
			}
		}
	}
	o.Definition = d.reworded(s)
	return o
}

func (d *Definition) reworded(s cityService) *Definition {
	if s.name == (Text{}) && s.about == (Text{}) && s.fee == (Text{}) && s.promise == (Text{}) && len(s.needs) == 0 {
		return d
	}
	c := *d
	for _, t := range []struct{ from, to *Text }{{&s.name, &c.Name}, {&s.about, &c.About}, {&s.fee, &c.Fee}, {&s.promise, &c.Promise.Text}} {
		if *t.from != (Text{}) {
			*t.to = *t.from
		}
	}
	if len(s.needs) > 0 {
		c.Needs = s.needs
	}
	return &c
}
