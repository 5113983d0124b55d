package service

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

// Group is one of the 27 groups that the city entry shows services by.
type Group struct {
	ID       string
	Name     Text
	Icon     string // name in design/assets/icons.svg
	Sector   string // sector id, "f01"
	Keywords []string
}

// Kind is one of the 101 kinds of service the catalogue knows, whether or not a city offers it.
type Kind struct {
	ID         string
	No         int
	Name       Text
	Group      string
	Type       string
	Level      int
	Keywords   []string
	KeywordsEn []string
}

// Catalogue holds kinds, definitions, bundles and city packs, checked against each other. It never changes
// after loading and is safe for concurrent use.
type Catalogue struct {
	groups []Group
	kinds  []Kind
	latest map[string]*Definition
	pinned map[string]*Definition // "id@version"
	files  map[string]*Definition // by file
	cities map[string]*CityPack
	offers map[string][]Offer        // by city, in the order of groups and kinds
	bases  map[string]*yaml.Node     // by file, while it is loaded
	places func() map[string][]Place // by city; read when a location is first asked for
	locals map[string]Offer          // every version of what departments made themselves, see With

	bundles bundleShelf
}

// LoadCatalogue reads folders kinds, services, bundles and cities of a file system rooted at the catalogue. It
// gives either a catalogue or everything that is wrong with any file.
func LoadCatalogue(fsys fs.FS) (*Catalogue, []Problem) { return loadCatalogue(fsys, nil) }

// OpenCatalogue is LoadCatalogue that reads of the definitions in the index only their heads, until they are used. It is for a catalogue
// whose index was made of it when it was checked.
func OpenCatalogue(fsys fs.FS) (*Catalogue, []Problem) {
	index, problems := readIndex(fsys)
	if len(problems) > 0 {
		return nil, problems
	}
	return loadCatalogue(fsys, index)
}

func loadCatalogue(fsys fs.FS, index map[string]indexed) (*Catalogue, []Problem) {
	c := &Catalogue{
		latest: map[string]*Definition{}, pinned: map[string]*Definition{}, files: map[string]*Definition{},
		cities: map[string]*CityPack{}, offers: map[string][]Offer{}, bases: map[string]*yaml.Node{},
	}
	problems := c.loadKinds(fsys)
	problems = append(problems, c.loadServices(fsys, index)...)
	c.places = sync.OnceValue(func() map[string][]Place { return places(fsys) })
	problems = append(problems, c.loadCities(fsys)...)
	c.bases = nil
	if index != nil {
		c.bundles = lazily(func() (map[string]*Bundle, []Problem) { return c.loadBundles(fsys) })
	} else {
		all, wrong := c.loadBundles(fsys)
		problems = append(append(problems, wrong...), c.checkWays()...)
		c.bundles = func() map[string]*Bundle { return all }
	}
	problems = append(problems, c.checkSectors(fsys)...)
	problems = append(problems, c.checkCities(fsys)...)
	if len(problems) > 0 {
		return nil, sorted(problems)
	}
	return c, nil
}

// checkWays wants the ways out that checks beforehand name to be services.
func (c *Catalogue) checkWays() (out []Problem) {
	for file, d := range c.files {
		if d.check == nil {
			continue
		}
		for i, rule := range d.check.rules {
			if rule.service != "" && c.latest[rule.service] == nil {
				out = append(out, Problem{File: file, Line: 1, Column: 1, Path: fmt.Sprintf("eligible.rules.%d.service", i+1), Say: fmt.Sprintf("There is no service %q.", rule.service)})
			}
		}
	}
	return out
}

// checkSectors wants every sector that is named to be in sectors/sectors.csv, when that file is there.
func (c *Catalogue) checkSectors(fsys fs.FS) []Problem {
	const name = "sectors/sectors.csv"
	if _, err := fs.Stat(fsys, name); err != nil {
		return nil
	}
	ids := map[string]bool{}
	problems := table(fsys, name, func(_ int, row map[string]string) { ids[row["id"]] = true })
	say := func(file, sector string) {
		if !ids[sector] {
			problems = append(problems, Problem{File: file, Line: 1, Column: 1, Path: "sector", Say: fmt.Sprintf("There is no sector %q in %s.", sector, name)})
		}
	}
	for _, d := range c.pinned {
		say("services/"+d.ID+".yaml", d.Sector)
	}
	for code, p := range c.cities {
		for _, dep := range p.Departments {
			say("cities of "+code+", department "+dep.Slug, dep.Sector)
		}
	}
	return problems
}

// checkCities wants every pack to be of a city of regions/prefectures.csv and its file named by that city's slug, when that file
// is there.
func (c *Catalogue) checkCities(fsys fs.FS) []Problem {
	const name = "regions/prefectures.csv"
	if _, err := fs.Stat(fsys, name); err != nil {
		return nil
	}
	slugs := map[string]string{}
	problems := table(fsys, name, func(_ int, row map[string]string) {
		if row["level"] == "prefecture" || row["kind"] == "直辖市" {
			slugs[row["code"]] = row["slug"]
		}
	})
	for code, p := range c.cities {
		switch slug := slugs[code]; {
		case slug == "":
			problems = append(problems, Problem{File: p.file, Line: 1, Column: 1, Path: "city", Say: fmt.Sprintf("%q is the code of no city in %s.", code, name)})
		case p.file != "cities/"+slug+".yaml":
			problems = append(problems, Problem{File: p.file, Line: 1, Column: 1, Path: "city", Say: fmt.Sprintf("The pack of %s is the file cities/%s.yaml.", code, slug)})
		}
	}
	return problems
}

// table reads a CSV file with a heading into rows by column name.
func table(fsys fs.FS, name string, each func(line int, row map[string]string)) []Problem {
	f, err := fsys.Open(name)
	if err != nil {
		return []Problem{{File: name, Say: "The file is not there."}}
	}
	defer f.Close()
	r := csv.NewReader(f)
	head, err := r.Read()
	if err != nil {
		return []Problem{{File: name, Line: 1, Column: 1, Say: "The file has no heading."}}
	}
	for {
		rec, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		line, _ := r.FieldPos(0)
		if err != nil {
			return []Problem{{File: name, Line: line, Column: 1, Say: "This line is not CSV with the heading's columns."}}
		}
		row := make(map[string]string, len(head))
		for i, h := range head {
			row[h] = rec[i]
		}
		each(line, row)
	}
}

func (c *Catalogue) loadKinds(fsys fs.FS) []Problem {
	var wrong []Problem
	problems := table(fsys, "kinds/groups.csv", func(line int, row map[string]string) {
		g := Group{ID: row["id"], Name: Text{row["name"], row["en"]}, Icon: row["icon"], Sector: row["sector"], Keywords: split(row["keywords"])}
		if _, ok := c.Group(g.ID); ok || g.ID == "" {
			wrong = append(wrong, Problem{File: "kinds/groups.csv", Line: line, Column: 1, Say: fmt.Sprintf("Group %q is empty or given twice.", g.ID)})
		}
		c.groups = append(c.groups, g)
	})
	problems = append(problems, table(fsys, "kinds/kinds.csv", func(line int, row map[string]string) {
		say := func(format string, args ...any) {
			wrong = append(wrong, Problem{File: "kinds/kinds.csv", Line: line, Column: 1, Say: fmt.Sprintf(format, args...)})
		}
		k := Kind{
			ID: row["id"], Name: Text{row["name"], row["en"]}, Group: row["group"], Type: row["type"],
			Keywords: split(row["keywords"]), KeywordsEn: split(row["keywords_en"]),
		}
		k.No, _ = strconv.Atoi(row["no"])
		k.Level, _ = strconv.Atoi(strings.TrimPrefix(row["level"], "L"))
		if _, ok := c.Group(k.Group); !ok {
			say("Kind %q is in group %q, which is not in groups.csv.", k.ID, k.Group)
		}
		if _, ok := c.Kind(k.ID); ok || k.ID == "" {
			say("Kind %q is empty or given twice.", k.ID)
		}
		c.kinds = append(c.kinds, k)
	})...)
	return append(problems, wrong...)
}

func split(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ';' || r == '；' })
}

// loadServices reads services/<id>.yaml, the versions in force, and services/<id>@<version>.yaml, old ones.
func (c *Catalogue) loadServices(fsys fs.FS, index map[string]indexed) []Problem {
	names, err := fs.Glob(fsys, "services/*.yaml")
	if err != nil {
		return []Problem{{File: "services", Say: "The folder cannot be listed."}}
	}
	base := sync.OnceValues(baseEnv)
	var problems []Problem
	for _, name := range names {
		src, err := fs.ReadFile(fsys, name)
		if err != nil {
			problems = append(problems, Problem{File: name, Say: "The file cannot be read."})
			continue
		}
		if e, ok := index[name]; ok && e.Sum == sum(src) {
			problems = append(problems, c.addService(name, e.later(base, name, src))...)
			continue
		}
		env, err := base()
		if err != nil {
			return append(problems, Problem{File: name, Say: err.Error()})
		}
		d, wrong := load(env, name, src)
		problems = append(problems, wrong...)
		if d != nil {
			problems = append(problems, c.addService(name, d)...)
		}
	}
	for key, d := range c.pinned {
		if c.latest[d.ID] == nil {
			problems = append(problems, Problem{File: "services/" + key + ".yaml", Say: fmt.Sprintf("This is an old version of %q, but there is no %s.yaml.", d.ID, d.ID)})
		}
	}
	return problems
}

func (c *Catalogue) addService(name string, d *Definition) []Problem {
	var out []Problem
	say := func(format string, args ...any) {
		out = append(out, Problem{File: name, Line: 1, Column: 1, Say: fmt.Sprintf(format, args...)})
	}
	stem := strings.TrimSuffix(path.Base(name), ".yaml")
	id, version, old := strings.Cut(stem, "@")
	if id != d.ID || old && version != strconv.Itoa(d.Version) {
		say("The file holds %s version %d; it must be named %s.yaml, or %s@%d.yaml when it is no longer in force.", d.ID, d.Version, d.ID, d.ID, d.Version)
	}
	if wrong := c.shelved(d); wrong != "" {
		say("%s", wrong)
	}
	key := fmt.Sprintf("%s@%d", d.ID, d.Version)
	if c.pinned[key] != nil {
		say("Version %d of %q is given twice.", d.Version, d.ID)
	}
	c.pinned[key], c.files[name] = d, d
	if !old {
		c.latest[d.ID] = d
	}
	return out
}

// shelved says what is wrong with where a definition stands: a kind of the list stands in its group; what is none of them has an id of its
// own and stands in a group that there is. "" when nothing is wrong.
func (c *Catalogue) shelved(d *Definition) string {
	if k, ok := c.Kind(d.ID); ok {
		if k.Group != d.Group {
			return fmt.Sprintf("%q belongs to group %q, not %q.", d.ID, k.Group, d.Group)
		}
		return ""
	}
	if !strings.HasPrefix(d.ID, OwnPrefix) {
		var ids []string
		for _, k := range c.kinds {
			ids = append(ids, k.ID)
		}
		return fmt.Sprintf("%q is none of the kinds in kinds.csv. A service of your own has an id that begins with %q, such as %q.%s",
			d.ID, OwnPrefix, OwnPrefix+d.ID, guess(d.ID, ids))
	}
	if _, ok := c.Group(d.Group); !ok {
		var ids []string
		for _, g := range c.groups {
			ids = append(ids, g.ID)
		}
		return fmt.Sprintf("There is no group %q.%s The groups are %s.", d.Group, guess(d.Group, ids), listed(ids))
	}
	return ""
}

// Carries reports whether a file defines the service, so that nobody else may have its id.
func (c *Catalogue) Carries(id string) bool { return c.latest[id] != nil }

// Groups lists the 27 groups in their order.
func (c *Catalogue) Groups() []Group { return slices.Clone(c.groups) }

// Group finds a group; false when there is none.
func (c *Catalogue) Group(id string) (Group, bool) {
	i := slices.IndexFunc(c.groups, func(g Group) bool { return g.ID == id })
	if i < 0 {
		return Group{}, false
	}
	return c.groups[i], true
}

// Kinds lists the kinds of a group in their order; all 101 for "".
func (c *Catalogue) Kinds(group string) []Kind {
	var out []Kind
	for _, k := range c.kinds {
		if group == "" || k.Group == group {
			out = append(out, k)
		}
	}
	return out
}

// Kind finds a kind; false when there is none.
func (c *Catalogue) Kind(id string) (Kind, bool) {
	i := slices.IndexFunc(c.kinds, func(k Kind) bool { return k.ID == id })
	if i < 0 {
		return Kind{}, false
	}
	return c.kinds[i], true
}

// Cities lists the codes of the cities that have a pack, in order.
func (c *Catalogue) Cities() []string {
	out := make([]string, 0, len(c.cities))
	for code := range c.cities {
		out = append(out, code)
	}
	slices.Sort(out)
	return out
}

// City finds a city's pack; false when the city has none.
func (c *Catalogue) City(code string) (*CityPack, bool) {
	p, ok := c.cities[code]
	return p, ok
}

// Offers lists what a city offers, in the order of kinds; empty for a city without a pack.
func (c *Catalogue) Offers(city string) []Offer { return slices.Clone(c.offers[city]) }

// Offer finds one service of a city in the version in force.
func (c *Catalogue) Offer(city, service string) (Offer, bool) {
	i := slices.IndexFunc(c.offers[city], func(o Offer) bool { return o.Definition.ID == service })
	if i < 0 {
		return Offer{}, false
	}
	return c.offers[city][i], true
}

// OfferNear finds a service in a city or, where that does not offer it, in the first one by code that does; false when none does.
func (c *Catalogue) OfferNear(city, service string) (Offer, bool) {
	for _, at := range append([]string{city}, c.Cities()...) {
		if o, ok := c.Offer(at, service); ok {
			return o, true
		}
	}
	return Offer{}, false
}

// Pinned finds one version of a service in a city, for a case that began with it. A city that no
// longer offers the service still serves the cases it has; one whose pack is gone shows them, with no office bound.
func (c *Catalogue) Pinned(city, service string, version int) (Offer, bool) {
	if o, ok := c.locals[localKey(city, service, version)]; ok {
		return o, true
	}
	d := c.pinned[fmt.Sprintf("%s@%d", service, version)]
	if d == nil {
		return Offer{}, false
	}
	p, ok := c.cities[city]
	if !ok {
		p = &CityPack{City: city}
	}
	if now, on := c.Offer(city, service); on && now.Definition.Version == version {
		return now, true
	}
	return c.offer(p, d), true
}

// Definitions lists the versions in force by id.
func (c *Catalogue) Definitions() []*Definition {
	out := make([]*Definition, 0, len(c.latest))
	for _, d := range c.latest {
		out = append(out, d)
	}
	slices.SortFunc(out, func(a, b *Definition) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

// offer binds a definition in a city, with the city's districts when it asks where somebody is.
func (c *Catalogue) offer(p *CityPack, d *Definition) Offer {
	o := p.offer(d)
	if d.wants.Place {
		o.Places = func() []Place { return c.places()[p.City] }
	}
	return o
}
