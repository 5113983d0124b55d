package identity

import (
	"context"
	"encoding/json"
	"io"
	"time"

	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
)

// exported is everything the room keeps of a resident, in words of its own.
type exported struct {
	Phone         string              `json:"phone"`
	Level         int                 `json:"level"`
	Name          string              `json:"name,omitempty"`
	CitizenNumber string              `json:"citizen_number,omitempty"`
	BankCard      string              `json:"bank_card,omitempty"`
	CardPhone     string              `json:"bank_card_phone,omitempty"`
	Bank          string              `json:"bank,omitempty"`
	Plates        []string            `json:"plates,omitempty"`
	SavedPlates   []string            `json:"saved_plates,omitempty"`
	Created       time.Time           `json:"created"`
	ProvenAt      time.Time           `json:"proven_at"`
	City          string              `json:"city,omitempty"`
	Lang          string              `json:"lang,omitempty"`
	Theme         string              `json:"theme,omitempty"`
	Elder         bool                `json:"elder"`
	Consents      []exportedConsent   `json:"consents"`
	Sessions      []exportedSession   `json:"sessions"`
	Favourites    []exportedFavourite `json:"favourites"`
	People        []exportedPerson    `json:"people,omitempty"`
	Mandates      []exportedMandate   `json:"mandates,omitempty"`
}

type exportedPerson struct {
	Relation      string    `json:"relation"`
	Name          string    `json:"name"`
	CitizenNumber string    `json:"citizen_number"`
	Saved         time.Time `json:"saved"`
	Confirmed     time.Time `json:"confirmed,omitzero"`
}

type exportedMandate struct {
	Acting   bool      `json:"acting"` // true: for the other; false: the other acts
	Other    string    `json:"other"`
	State    string    `json:"state"`
	Services []string  `json:"services,omitempty"`
	Asked    time.Time `json:"asked"`
	Until    time.Time `json:"until"`
	Ended    time.Time `json:"ended,omitzero"`
}

type exportedConsent struct {
	Purpose string    `json:"purpose"`
	Version int       `json:"version"`
	Given   time.Time `json:"given"`
	Ended   time.Time `json:"ended,omitzero"`
}

type exportedSession struct {
	Device  string    `json:"device"`
	Created time.Time `json:"created"`
	Seen    time.Time `json:"seen"`
	Expires time.Time `json:"expires"`
}

type exportedFavourite struct {
	City    string    `json:"city"`
	Service string    `json:"service"`
	At      time.Time `json:"at"`
}

// Export writes everything the room keeps of the actor as JSON, in plain (PIPL 45). Times are of Shanghai.
func (d *Desk) Export(ctx context.Context, a actor.Actor, w io.Writer) (err error) {
	defer fault.Wrap(&err, "export %s", a)
	id, err := resident(a)
	if err != nil {
		return err
	}
	r, err := d.c.Residents.Resident(ctx, id)
	if err != nil {
		return err
	}
	out := exported{
		Phone: r.Phone.Reveal(), Level: r.Level, Name: r.Name.Reveal(), CitizenNumber: r.CitizenNumber.Reveal(),
		BankCard: r.Card.Reveal(), CardPhone: r.CardPhone.Reveal(), Bank: r.Bank, Created: local(r.Created), ProvenAt: local(r.ProvenAt),
		City: r.Wish.City, Lang: r.Wish.Lang, Theme: r.Wish.Theme, Elder: r.Wish.Elder,
		Consents: []exportedConsent{}, Sessions: []exportedSession{}, Favourites: []exportedFavourite{},
	}
	for _, p := range r.Plates {
		out.Plates = append(out.Plates, p.Reveal())
	}
	for _, p := range r.SavedPlates {
		out.SavedPlates = append(out.SavedPlates, p.Reveal())
	}
	if err := d.exportLists(ctx, id, &out); err != nil {
		return err
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(out)
}

func (d *Desk) exportLists(ctx context.Context, id int64, out *exported) error {
	consents, err := d.c.Residents.Consents(ctx, id)
	if err != nil {
		return err
	}
	for _, c := range consents {
		out.Consents = append(out.Consents, exportedConsent{c.Purpose, c.Version, local(c.Given), local(c.Ended)})
	}
	sessions, err := d.c.Sessions.List(ctx, id, d.c.Clock.Now())
	if err != nil {
		return err
	}
	for _, s := range sessions {
		out.Sessions = append(out.Sessions, exportedSession{s.Device, local(s.Created), local(s.Seen), local(s.Expires)})
	}
	favourites, err := d.c.Residents.Favourites(ctx, id)
	if err != nil {
		return err
	}
	for _, f := range favourites {
		out.Favourites = append(out.Favourites, exportedFavourite{f.City, f.Service, local(f.At)})
	}
	return d.exportOthers(ctx, id, out)
}

// exportOthers adds whom the resident saved and the mandates in which they stand.
func (d *Desk) exportOthers(ctx context.Context, id int64, out *exported) error {
	people, err := d.c.Residents.People(ctx, id)
	if err != nil {
		return err
	}
	for _, p := range people {
		out.People = append(out.People, exportedPerson{string(p.Relation), p.Name.Reveal(), p.CitizenNumber.Reveal(), local(p.Saved), local(p.Confirmed)})
	}
	mine, given, err := d.Mandates(ctx, actor.Actor{Kind: actor.Resident, ID: id})
	if err != nil {
		return err
	}
	for i, m := range append(mine, given...) {
		out.Mandates = append(out.Mandates, exportedMandate{i < len(mine), m.Other.Reveal(), string(m.State), m.Services, local(m.At), local(m.Until), local(m.Ended)})
	}
	return nil
}

func local(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.In(clock.Shanghai)
}
