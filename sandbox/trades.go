package sandbox

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"time"
)

// tradeFiles describe offices that keep accounts, calendars, tickets or cases, one file per trade: a new office is an entry, no code.
// The key of an entry is the office's name in World.URLs.
//
//go:embed offices/*.yaml
var tradeFiles embed.FS

// tradeNames are the files there are.
var tradeNames = []string{"billers", "casework", "slots", "tickets"}

// newTrades opens every office that is described there, and in the folder offices of own.
func newTrades(own fs.FS, people []Person, cfg Config, began time.Time) ([]*office, error) {
	names, err := fs.Glob(own, "offices/*.yaml")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if !slices.Contains(tradeNames, name[len("offices/"):len(name)-len(".yaml")]) {
			return nil, fmt.Errorf("%s: a file here is named by its trade: billers.yaml, casework.yaml, slots.yaml or tickets.yaml", name)
		}
	}
	var out []*office
	folk := newFolk(people)
	shelves := []fs.FS{tradeFiles, own}
	errs := []error{
		each(shelves, "billers", &out, func(p billerProfile) *office { return newBiller(p, people, cfg, began) }),
		each(shelves, "slots", &out, func(p slotsProfile) *office { return newSlots(p, folk, cfg) }),
		each(shelves, "tickets", &out, func(p ticketsProfile) *office { return newTickets(p, cfg) }),
		each(shelves, "casework", &out, func(p caseworkProfile) *office { return newCasework(p, cfg, began) }),
	}
	return out, errors.Join(errs...)
}

// each reads the files of one trade and opens their offices, in the order of their names.
func each[P interface{ lacks() string }](shelves []fs.FS, file string, into *[]*office, open func(P) *office) error {
	name := "offices/" + file + ".yaml"
	for _, shelf := range shelves {
		table := map[string]P{}
		if err := readYAML(shelf, name, &table); errors.Is(err, fs.ErrNotExist) {
			continue
		} else if err != nil {
			return err
		}
		for _, word := range slices.Sorted(maps.Keys(table)) {
			if lack := table[word].lacks(); lack != "" {
				return fmt.Errorf("%s: the office %q has no %s", name, word, lack)
			}
			o := open(table[word])
			o.name = word
			*into = append(*into, o)
		}
	}
	return nil
}

// A profile says what it lacks before its office can open; "" for nothing.

func (p billerProfile) lacks() string {
	switch {
	case p.Title == "":
		return "title"
	case p.Number.Name == "":
		return "number with a name"
	case !p.Number.Phone && p.Number.Digits < len(p.Number.Prefix)+5:
		return "number with enough digits: five more than its prefix"
	case p.Bill == nil && len(p.Offers) == 0:
		return "bill or offers"
	case p.Bill != nil && len(p.Bill.Titles) == 0:
		return "titles of its bill"
	}
	return ""
}

func (p slotsProfile) lacks() string {
	switch {
	case p.Title == "":
		return "title"
	case p.Hours.Minutes < 1 || len(p.Hours.Spans) == 0:
		return "hours with minutes and spans"
	case len(p.Levels) == 0 || slices.ContainsFunc(p.Levels, func(l resourceLevel) bool { return len(l.Items) == 0 }):
		return "levels with items"
	}
	return ""
}

func (p ticketsProfile) lacks() string {
	switch {
	case p.Title == "":
		return "title"
	case len(p.From) == 0:
		return "from"
	case p.Days < 1:
		return "days"
	case len(p.Kinds) == 0:
		return "kinds"
	}
	return ""
}

func (p caseworkProfile) lacks() string {
	switch {
	case p.Title == "":
		return "title"
	case p.Prefix == "":
		return "prefix"
	case len(p.Needs) == 0:
		return "needs"
	case p.Subject == "":
		return "subject"
	case len(p.Stages) == 0:
		return "stages"
	}
	return ""
}
