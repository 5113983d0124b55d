// Package booking sells nothing twice: slots with a capacity, reservations on them, who waits for one, and who is called when.
//
// A pool is a row of slots, e.g. one hall, one doctor, one lane. Its slots come from an office that publishes them, or from the plan of a
// Resource that the house keeps itself; everything else is the same for both. Taking a place is one conditional update, so that of many at
// once exactly as many succeed as there are places. At every commit held + confirmed + used + free = capacity. A hold ends by itself.
//
// Online and walk-in take from one pool: of a slot's places Walk are for walk-ins until Free, the rest for bookings; from then on what is left
// serves both. Who comes to a full slot may wait. A place that comes free goes to who has waited longest, never to who happens to ask: as long
// as somebody waits for a slot nobody else books it.
//
// On the day one arrives, gets a number, is called and served. Who never came is missed, and after so many times in so many days books that
// resource no more for a while (Rules.NoShow). Every move is in the state table; a repeated one is "already so".
package booking

import (
	"time"

	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/ground/fault"
)

// For says what a reservation is for: the kind of thing and its public number.
type For struct {
	Kind string `json:"kind"` // "cases", or WalkIn
	No   string `json:"no"`
}

// WalkIn is the kind of a reservation that somebody at the counter drew; its No is the reservation's own.
const WalkIn = "walkin"

// Slot is one time with places.
type Slot struct {
	Pool     string
	ID       string // unique in the pool
	Start    time.Time
	End      time.Time
	Capacity int
	Taken    int // held, confirmed and used
	// Walk of the capacity are for walk-ins until Free, and Walked of those taken were walk-ins. The zero Free is long past.
	Walk, Walked int
	Free         time.Time
	Waiting      int // how many wait for a place
}

// Left is how many places can be booked online now, never negative. While somebody waits it is none.
func (s Slot) Left(now time.Time) int {
	if s.Waiting > 0 {
		return 0
	}
	return s.room(now)
}

// room is how many places are free for bookings, whoever may have them.
func (s Slot) room(now time.Time) int {
	left := s.Capacity - s.Taken
	if now.Before(s.Free) {
		left = min(left, s.Capacity-s.Walk-(s.Taken-s.Walked))
	}
	return max(0, left)
}

// Reservation is one place taken, or waited for.
type Reservation struct {
	ID       int64
	No       string // public number
	For      For
	Step     string
	Attempt  int // negative while it waits: it is no attempt of its step yet
	Resident int64
	Pool     string
	Slot     string
	Service  string
	Region   string
	Sector   string
	Account  int64
	Start    time.Time
	End      time.Time
	State    State
	Reason   string    // why released or missed, a code
	Until    time.Time // end of the hold
	Created  time.Time
	Changed  time.Time // last change; what is free is judged by it
	Place    int       // number in the slot's waitlist, 0 for who never waited
	Number   int       // number in the day's queue, 0 before arrival
	Window   string    // where it was called to
	Arrived  time.Time // zero before; so Called
	Called   time.Time
	Rev      int64
}

// Date is the day of the reservation in Shanghai, YYYY-MM-DD.
func (r Reservation) Date() string { return r.Start.In(clock.Shanghai).Format(time.DateOnly) }

// Walked reports a reservation that somebody at the counter drew.
func (r Reservation) Walked() bool { return r.For.Kind == WalkIn }

// Code is what one shows at the counter: the beginning of the number, enough to tell the bookings of a day apart.
func (r Reservation) Code() string { return r.No[:min(len(r.No), codeLength)] }

const codeLength = 6

// Hold is what it takes to hold a place, or to wait for one.
type Hold struct {
	For      For
	Step     string
	Attempt  int
	Resident int64
	Pool     string
	Slot     string
	Service  string
	Region   string
	Sector   string
	Account  int64
}

// Validate reports a hold that no caller of this house may ask for.
func (h Hold) Validate() error {
	switch {
	case h.For.Kind == "" || h.For.No == "" || h.Step == "" || h.Attempt < 1 || h.Resident == 0:
		return fault.Invalid("booking.for", "缺少预约事项，请从办事页面重新进入")
	case h.Pool == "" || h.Slot == "":
		return fault.Invalid("slot.none", "请选一个时间")
	}
	return nil
}

// reservation is what h asks for, not yet in any state.
func (h Hold) reservation(id int64, no string, now time.Time) Reservation {
	return Reservation{
		ID: id, No: no, For: h.For, Step: h.Step, Attempt: h.Attempt, Resident: h.Resident, Pool: h.Pool, Slot: h.Slot,
		Service: h.Service, Region: h.Region, Sector: h.Sector, Account: h.Account, Created: now, Changed: now, Rev: 1,
	}
}

func (r Reservation) meta(a actor.Actor) event.Meta {
	return event.Meta{Actor: a.String(), Account: r.Account, Region: r.Region, Sector: r.Sector, Service: r.Service}
}

func (r Reservation) subject() Subject {
	return Subject{No: r.No, For: r.For, Step: r.Step, Attempt: r.Attempt, Resident: r.Resident, Pool: r.Pool, Slot: r.Slot}
}
