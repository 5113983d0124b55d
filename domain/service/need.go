package service

import (
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"
)

// Need is one thing to have ready.
type Need struct {
	Text
	// Form is how it is wanted: NeedOriginal, NeedCopy, NeedPhoto or NeedNumber; empty where it goes without saying.
	Form string
	// Where is how to come by it, empty where everybody knows.
	Where Text
	// Fetched says that the house gets it from the register: the resident brings nothing.
	Fetched bool
}

// The forms in which something is wanted.
const (
	NeedOriginal = "original"
	NeedCopy     = "copy"
	NeedPhoto    = "photo"  // a photo of it, uploaded
	NeedNumber   = "number" // only what is written on it
)

// ToHave lists what to have ready, and last what the house knows by itself of whoever is proven by real name.
func (d *Definition) ToHave() []Need {
	if d.Level < 2 {
		return d.Needs
	}
	return append(slices.Clip(d.Needs), Need{Text: Text{"姓名和身份证号", "Name and citizen number"}, Fetched: true})
}

// needs reads what to have ready: a wording each, or one with more said about it.
func (r *reader) needs(n *yaml.Node, path string) []Need {
	var out []Need
	for i, en := range r.items(n, path) {
		out = append(out, r.readNeed(en, fmt.Sprintf("%s.%d", path, i+1)))
	}
	return out
}

func (r *reader) readNeed(n *yaml.Node, path string) Need {
	if n.Kind == yaml.ScalarNode {
		return Need{Text: r.text(n, path)}
	}
	m := r.mapping(n, path)
	out := Need{Text: Text{Zh: r.word(m.need("zh", "a wording is in Chinese first"), m.at("zh")), En: r.word(m.get("en"), m.at("en"))}}
	out.Form = r.oneOf(m.get("form"), m.at("form"), []string{NeedOriginal, NeedCopy, NeedPhoto, NeedNumber})
	out.Where = r.text(m.get("where"), m.at("where"))
	out.Fetched = r.truth(m.get("fetched"), m.at("fetched"))
	if out.Fetched && (out.Form != "" || out.Where != Text{}) {
		r.say(n, path, "What the house fetches is not brought: it has neither \"form\" nor \"where\".")
	}
	m.done()
	return out
}
