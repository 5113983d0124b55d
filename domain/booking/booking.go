// Package booking sells nothing twice: slots with a capacity, and reservations on them.
//
// A pool is a row of slots, e.g. one matter at one hall. Capacity is published by the office;
// taking a place is one conditional update, so that of many at once exactly as many succeed as
// there are places. At every commit held + confirmed + free = capacity. A hold ends by itself.
package booking

import (
	"time"

	"zhijian/ground/actor"
	"zhijian/ground/event"
	"zhijian/ground/fault"
)

// For says what a reservation is for: the kind of thing and its public number.
type For struct {
	Kind string `json:"kind"` // "cases"
	No   string `json:"no"`
}

// Slot is one time with places.
type Slot struct {
	Pool     string
	ID       string // the office's id, unique in the pool
	Start    time.Time
	End      time.Time
	Capacity int
	Taken    int // held and confirmed
}

// Left is how many places are free, never negative.
func (s Slot) Left() int { return max(0, s.Capacity-s.Taken) }

// Reservation is one place taken.
type Reservation struct {
	ID       int64
	No       string // public number
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
	Start    time.Time
	End      time.Time
	State    State
	Reason   string    // why released: "resident", "expired", "office"
	Until    time.Time // end of the hold
	Created  time.Time
	Rev      int64
}

// Hold is what it takes to hold a place.
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

func (r Reservation) meta(a actor.Actor) event.Meta {
	return event.Meta{Actor: a.String(), Account: r.Account, Region: r.Region, Sector: r.Sector, Service: r.Service}
}

func (r Reservation) subject() Subject {
	return Subject{No: r.No, For: r.For, Step: r.Step, Attempt: r.Attempt, Resident: r.Resident, Pool: r.Pool, Slot: r.Slot}
}
