package sandbox

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"go.yaml.in/yaml/v3"
)

// tradeFiles describe offices that keep accounts, calendars, tickets or cases, one file per trade: a new office is an entry, no code.
// The key of an entry is the office's name in World.URLs.
//
//go:embed offices/*.yaml
var tradeFiles embed.FS

// newTrades opens every office that is described there.
func newTrades(people []Person, cfg Config, began time.Time) ([]*office, error) {
	var out []*office
	folk := newFolk(people)
	errs := []error{
		each("billers", &out, func(p billerProfile) *office { return newBiller(p, people, cfg, began) }),
		each("slots", &out, func(p slotsProfile) *office { return newSlots(p, folk, cfg) }),
		each("tickets", &out, func(p ticketsProfile) *office { return newTickets(p, cfg) }),
		each("casework", &out, func(p caseworkProfile) *office { return newCasework(p, cfg, began) }),
	}
	return out, errors.Join(errs...)
}

// each reads a file of profiles and opens their offices, in the order of their names.
func each[P any](file string, into *[]*office, open func(P) *office) error {
	name := "offices/" + file + ".yaml"
	src, err := tradeFiles.ReadFile(name)
	if err != nil {
		return err
	}
	dec := yaml.NewDecoder(bytes.NewReader(src))
	dec.KnownFields(true)
	table := map[string]P{}
	if err := dec.Decode(&table); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	for _, name := range slices.Sorted(maps.Keys(table)) {
		o := open(table[name])
		o.name = name
		*into = append(*into, o)
	}
	return nil
}
