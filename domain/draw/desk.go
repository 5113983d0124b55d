package draw

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"sync"

	"zhijian/domain/draw/record"
	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
	"zhijian/ground/uid"
)

// Ground is what a department draws for: its city, its name, and the series that are its own.
type Ground struct {
	City   string
	Name   string
	Series []Series
}

// Series is what draws of one matter have in common: services ask for it by its code.
type Series struct{ Code, Name string }

// Grounds knows what departments draw for.
type Grounds interface {
	// Draws gives it; no series when the department has none.
	Draws(ctx context.Context, department int64) (Ground, error)
}

// Config is what the desk needs. Every field is required.
type Config struct {
	Store   Store
	Entries Entries
	Grounds Grounds
	Clock   clock.Clock
	IDs     *uid.Maker
}

// Desk is the room's counter. It is safe for concurrent use.
type Desk struct {
	c Config

	mu    sync.Mutex // one record is made at a time
	books []book     // the last made at the end
}

// New checks the configuration.
func New(c Config) (*Desk, error) {
	if c.Store == nil || c.Entries == nil || c.Grounds == nil || c.Clock == nil || c.IDs == nil {
		return nil, errors.New("draw: Store, Entries, Grounds, Clock or IDs is missing")
	}
	return &Desk{c: c}, nil
}

// Handler is one subscription.
type Handler struct {
	Consumer string
	Names    []string
	Handle   func(ctx context.Context, e event.Event) error
}

// Handlers lists what the room wants to hear from the bus.
func (d *Desk) Handlers() []Handler {
	return []Handler{
		{"draw.lists", []string{CloseDue{}.EventName(), FrozenEvent{}.EventName()}, d.onClose},
		{"draw.results", []string{SeededEvent{}.EventName()}, d.onSeeded},
	}
}

// Ground gives what the actor's department draws for; no series when it draws for nothing.
func (d *Desk) Ground(ctx context.Context, a actor.Actor) (_ Ground, err error) {
	defer fault.Wrap(&err, "what %s draws for", a)
	if a.Kind != actor.Staff || a.Department == 0 {
		return Ground{}, nil
	}
	return d.c.Grounds.Draws(ctx, a.Department)
}

// Draw gives a draw to anybody: all of it is public but the seed that the house has not shown yet, and what one member has typed.
func (d *Desk) Draw(ctx context.Context, no string) (_ Draw, err error) {
	defer fault.Wrap(&err, "find draw %s", no)
	one, err := d.c.Store.Draw(ctx, no)
	return one.public(), err
}

// public leaves out what only the house knows yet.
func (d Draw) public() Draw {
	if d.Course.Seeded.IsZero() {
		d.House, d.Course.First = seal.Text{}, nil
	}
	return d
}

// mostListed is how many draws one list holds.
const mostListed = 100

// In lists the draws of a city, the last announced first, to anybody.
func (d *Desk) In(ctx context.Context, city string) ([]Draw, error) {
	list, err := d.c.Store.List(ctx, Filter{City: city, Limit: mostListed})
	return publicly(list), err
}

func publicly(list []Draw) []Draw {
	for i := range list {
		list[i] = list[i].public()
	}
	return list
}

// List lists the draws that an actor works with, the last announced first.
func (d *Desk) List(ctx context.Context, a actor.Actor) ([]Draw, error) {
	switch {
	case a.Kind == actor.Operator, a.Kind == actor.System:
		return d.c.Store.List(ctx, Filter{Limit: mostListed})
	case a.Kind == actor.Staff && a.Department != 0:
		return d.c.Store.List(ctx, Filter{Department: a.Department, Limit: mostListed})
	}
	return nil, denied()
}

func denied() *fault.Error {
	return fault.Denied("draw.staff", "只有主办部门的工作人员可以做这件事")
}

// Run gives a draw to who works with it; to anybody else there is none.
func (d *Desk) Run(ctx context.Context, a actor.Actor, no string) (Draw, error) {
	one, err := d.c.Store.Draw(ctx, no)
	if err == nil && !one.runs(a) {
		err = absent()
	}
	if err != nil {
		return Draw{}, err
	}
	if first := one.Course.First; first != nil { // that somebody has typed is shown to the second; what, is not
		one.Course.First = &Typed{By: first.By, At: first.At}
	}
	one.House = one.public().House
	return one, nil
}

// change changes a draw that the actor works with.
func (d *Desk) change(ctx context.Context, a actor.Actor, no string, rule func(*Draw) (State, event.Body, error)) (Draw, error) {
	return d.c.Store.Change(ctx, no, func(one *Draw) ([]event.Body, error) {
		if !one.runs(a) {
			return nil, absent()
		}
		to, body, err := rule(one)
		if body == nil || err != nil {
			return nil, err
		}
		if to != one.State && !one.State.CanMove(to) {
			return nil, fault.Conflict("draw.state", "这次摇号已经不能这样做了，请刷新看一看")
		}
		one.State = to
		one.Rev++
		return []event.Body{body}, nil
	})
}

// book is a record with its file, kept while the draw is as it was.
type book struct {
	id, rev int64
	record  record.Record
	file    []byte
}

// mostBooks is how many records are kept in memory.
const mostBooks = 4

// Record gives the published record of a draw, and its file. Do not change them.
func (d *Desk) Record(ctx context.Context, no string) (_ record.Record, _ []byte, err error) {
	defer fault.Wrap(&err, "record of draw %s", no)
	d.mu.Lock()
	defer d.mu.Unlock()
	one, err := d.c.Store.Draw(ctx, no)
	if err != nil {
		return record.Record{}, nil, err
	}
	for i, b := range d.books {
		if b.id == one.ID && b.rev == one.Rev {
			d.books = append(append(d.books[:i:i], d.books[i+1:]...), b)
			return b.record, b.file, nil
		}
	}
	r, err := d.record(ctx, one)
	if err != nil {
		return record.Record{}, nil, err
	}
	b := book{one.ID, one.Rev, r, r.Encode()}
	d.books = append(d.books[max(0, len(d.books)+1-mostBooks):], b)
	return b.record, b.file, nil
}

// record makes the record anew from what is kept.
func (d *Desk) record(ctx context.Context, one Draw) (record.Record, error) {
	r := record.Announced(one.No, one.Terms)
	r.Cancelled = one.Course.Reason
	if one.Course.Listed.IsZero() {
		return r, nil
	}
	list, withdrawn, err := d.c.Entries.All(ctx, one.ID)
	if err != nil {
		return r, err
	}
	r = r.Listed(record.Stamp(one.Course.Listed), one.Course.HouseHash, list, withdrawn)
	if r.List.Hash != one.Course.ListHash {
		return r, errors.New("the entries are not those of the published list")
	}
	if !one.Course.Seeded.IsZero() {
		r = r.Drawn(record.Stamp(one.Course.Seeded), one.Course.Public, one.House.Reveal())
	}
	return r, nil
}

// secret gives 256 random bits as hexadecimal digits.
func secret() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails since Go 1.24
	return hex.EncodeToString(b)
}
