package service

import (
	"errors"
	"slices"
	"sync"
	"time"
)

// Bundle is one matter of life as data (一件事): the services it takes, what they ask in common, and which of them waits for which. It
// never changes after loading and is safe for concurrent use.
type Bundle struct {
	ID       string // "birth"
	Version  int
	Name     Text
	About    Text // one sentence: what it does for you
	Icon     string
	Keywords []string
	Who      Text // who can have it done
	Note     Text // what it cannot do, and where that is done; empty for nothing
	ReviewBy time.Time
	Members  []Member // in the order that residents see; those that wait stand behind what they wait for

	questions *Definition
	asks      map[string]string // shared answer → its type
}

// Member is one service of a bundle.
type Member struct {
	ID       string // within the bundle; the service's id unless that stands twice
	Service  string
	Why      Text   // what it is for, in the words of the bundle
	Optional bool   // not chosen beforehand
	After    []Edge // what must have come first; without it the member may begin at once
	cond     *expr
	give     []gift
}

// Edge is what one member waits for.
type Edge struct {
	Member string
	// Ended waits for the end whatever it is; without it the member must have been done, and one that was refused blocks.
	Ended bool
}

// gift is an answer of a member's service that the bundle knows.
type gift struct {
	answer string
	e      *expr
	shared string // the shared answer it is, "" for what is computed
}

// Questions is what the bundle asks, as a definition of forms, a page to check them and an end: it is run and drawn like any service. Its
// end is BundleAsked.
func (b *Bundle) Questions() *Definition { return b.questions }

// The pages of Questions behind the forms.
const (
	BundleCheck = kindCheck // everything once more, with the members to choose
	BundleAsked = "asked"   // the end
)

// Member finds a member; false when there is none.
func (b *Bundle) Member(id string) (Member, bool) {
	i := slices.IndexFunc(b.Members, func(m Member) bool { return m.ID == id })
	if i < 0 {
		return Member{}, false
	}
	return b.Members[i], true
}

// Applies reports whether a member is part of the matter for what was answered: its city offers it and its condition holds.
func (b *Bundle) Applies(m Member, s State, env Env, offers Offers) (bool, error) {
	if _, ok := offers.Offer(env.Offer.City, m.Service); !ok {
		return false, nil
	}
	if m.cond == nil {
		return true, nil
	}
	return m.cond.truth(b.scene(s, env))
}

func (b *Bundle) scene(s State, env Env) *scene { return &scene{d: b.questions, s: &s, env: &env} }

// Given is what a member's service need not ask any more, by its own answers, as somebody would type it.
func (b *Bundle) Given(m Member, s State, env Env) (map[string][]string, error) {
	out := map[string][]string{}
	sc := b.scene(s, env)
	for _, g := range m.give {
		v, err := g.e.eval(sc)
		if err != nil {
			return nil, err
		}
		if typed := typedAs(v, g.e.shape.kind); typed != "" {
			out[g.answer] = []string{typed}
		}
	}
	return out, nil
}

// Offers finds what a city offers; Catalogue and Live do.
type Offers interface {
	Offer(city, service string) (Offer, bool)
}

// errBundles is for a catalogue whose bundles were checked when it was made and cannot be read any more.
var errBundles = errors.New("service: bundles were checked and do not load")

// bundleShelf reads the bundles when somebody first looks for one: they need the expressions of a definition each.
type bundleShelf func() map[string]*Bundle

func lazily(read func() (map[string]*Bundle, []Problem)) bundleShelf {
	return sync.OnceValue(func() map[string]*Bundle {
		all, problems := read()
		if len(problems) > 0 {
			panic(errBundles.Error() + ": " + problems[0].String())
		}
		return all
	})
}

// Bundle finds one version of a bundle; version 0 is the one in force. False when there is none.
func (c *Catalogue) Bundle(id string, version int) (*Bundle, bool) {
	b, ok := c.bundles()[bundleKey(id, version)]
	return b, ok
}

// Bundles lists the bundles that can be had in a city, by id: those of which it offers two services or more.
func (c *Catalogue) Bundles(city string) []*Bundle {
	return slices.DeleteFunc(c.AllBundles(), func(b *Bundle) bool {
		n := 0
		for _, m := range b.Members {
			if _, ok := c.Offer(city, m.Service); ok {
				n++
			}
		}
		return n < 2
	})
}

// AllBundles lists the bundles in force by id, wherever they can be had.
func (c *Catalogue) AllBundles() []*Bundle {
	var out []*Bundle
	for key, b := range c.bundles() {
		if key == bundleKey(b.ID, 0) {
			out = append(out, b)
		}
	}
	slices.SortFunc(out, compareBundles)
	return out
}
