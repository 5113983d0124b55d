package service

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// A base, bases/<name>.yaml, is what many cities have alike: departments, accounts, offices and services, written once as a pack is,
// without the city. A pack that says `base: <name>` begins with it, replaces what it names again and leaves out what it lists under
// `without`. In a base {city} stands for the city's name in the language of the wording, {slug} for that of its file, {code} for its
// GB/T 2260 code and {short} for the letters that begin the city's aliases.

// basis gives the pack that m begins with: an empty one, or its base filled in for the city.
func (c *Catalogue) basis(fsys fs.FS, r *reader, m *mapping) (*CityPack, []Problem) {
	p := &CityPack{Offices: map[string]Office{}}
	n := m.get("base")
	if n == nil {
		return p, nil
	}
	p.Base = r.word(n, "base")
	name := r.text(m.need("name", "a base needs the city's name"), "name")
	short := r.word(m.need("short", "a base needs the letters that begin the city's aliases, as in short: hz"), "short")
	if short != "" && !regexp.MustCompile(`^[a-z]{2,12}$`).MatchString(short) {
		r.say(m.get("short"), "short", "%q is not two to twelve small letters.", clip(short))
		return p, nil
	}
	file := path.Join("bases", path.Base(p.Base)+".yaml")
	src, err := fs.ReadFile(fsys, file)
	if err != nil {
		r.say(n, "base", "There is no %s.", file)
		return p, nil
	}
	b := &reader{file: file}
	if c.bases[file] == nil { // parsed once for all its cities
		if c.bases[file] = b.parse(src); c.bases[file] == nil {
			return p, b.problems
		}
	}
	root := copied(c.bases[file])
	code, slug := "", strings.TrimSuffix(path.Base(r.file), ".yaml")
	if v := m.get("city"); v != nil {
		code = v.Value
	}
	p.Demo = r.truth(m.get("demo"), "demo")
	names := func(city string) *strings.Replacer {
		return strings.NewReplacer("{city}", city, "{slug}", slug, "{code}", code, "{short}", short)
	}
	fill(root, names(name.Zh), names(name.In("en")))
	bm := b.mapping(root, "")
	b.content(bm, p)
	bm.done()
	for i := range b.problems {
		b.problems[i].Say += fmt.Sprintf(" (as the base of %s)", r.file)
	}
	return p, b.problems
}

// copied is a copy of a node with all below it.
func copied(n *yaml.Node) *yaml.Node {
	c := *n
	c.Content = make([]*yaml.Node, len(n.Content))
	for i, child := range n.Content {
		c.Content[i] = copied(child)
	}
	return &c
}

// fill replaces the names that stand for the city in every scalar below n; what stands under `en` gets the English ones.
func fill(n *yaml.Node, zh, en *strings.Replacer) {
	if n.Kind == yaml.ScalarNode {
		n.Value = zh.Replace(n.Value)
		return
	}
	for i, c := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 1 && n.Content[i-1].Value == "en" {
			fill(c, en, en)
		} else {
			fill(c, zh, en)
		}
	}
}
