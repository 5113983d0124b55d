package live

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"zhijian/domain/observatory"
	"zhijian/ground/event"
)

// Opened and Rated are the events that tell what the others leave unsaid about a case.
const (
	Opened = "cases.opened"
	Rated  = "cases.rated"
)

// Names lists the events that are counted.
func Names() []string {
	return []string{
		Opened, "cases.claimed", "cases.answered", "cases.heard", "cases.done", "cases.refused", "cases.reopened", "cases.withdrawn", "cases.expired", Rated,
		"payment.paid", "payment.refunded", "booking.confirmed", "booking.released", Searched{}.EventName(),
	}
}

// body has the members of all of them; an event is kept for ever, so what a member means never changes.
type body struct {
	No       string `json:"no"`
	Resident int64  `json:"resident"`
	Channel  string `json:"channel"`
	Level    int    `json:"level"`
	Effect   string `json:"effect"`
	Outcome  string `json:"outcome"`
	Took     int64  `json:"took"` // ms
	Due      int64  `json:"due"`  // Unix ms, 0 for no promise
	Stars    int64  `json:"stars"`
	WasStars int64  `json:"-"`
	Amount   int64  `json:"amount"` // fen
	For      struct {
		Kind string `json:"kind"`
		No   string `json:"no"`
	} `json:"for"`
	Was      json.RawMessage `json:"was"` // stars of a rating before, or the state of a reservation
	Searches int64           `json:"searches"`
	Unmet    int64           `json:"unmet"`
}

func read(e event.Event) (b body, err error) {
	if err := json.Unmarshal(e.Data, &b); err != nil {
		return b, fmt.Errorf("read event %d, %s: %w", e.ID, e.Name, err)
	}
	if e.Name == Rated && len(b.Was) > 0 {
		err = json.Unmarshal(b.Was, &b.WasStars)
	}
	return b, err
}

// CaseOf gives the number of the case that an event belongs to; "" for none.
func CaseOf(e event.Event) (string, error) {
	b, err := read(e)
	switch {
	case err != nil:
		return "", err
	case b.For.Kind == "cases":
		return b.For.No, nil
	case b.For.Kind != "":
		return "", nil
	}
	return b.No, nil
}

// Open gives the case that an Opened event opened.
func Open(e event.Event) (Case, error) {
	b, err := read(e)
	return Case{Region: e.Meta.Region, Service: e.Meta.Service, Channel: b.Channel, Level: b.Level}, err
}

// Take counts one event. What is not in Names counts nothing.
func (s *Sum) Take(e event.Event, c Case) error {
	b, err := read(e)
	if err != nil {
		return err
	}
	k := Key{Day: Day(e.At), Region: c.Region, Service: c.Service, Channel: c.Channel, Level: c.Level}
	switch e.Name {
	case Opened, "cases.claimed":
		if e.Name == Opened {
			s.measure(k, observatory.Opened, 1)
		}
		if b.Resident != 0 {
			s.People[Person{k.Day / 100, k.Region, k.Service, b.Resident}] = struct{}{}
		}
	case "cases.answered":
		s.measure(k, observatory.StepsTaken, 1)
	case "cases.heard":
		s.heard(k, b)
	case "cases.done":
		s.measure(k, observatory.Done, 1)
		s.ended(k, e.At, b)
	case "cases.refused":
		s.measure(k, observatory.Refused, 1)
		s.ended(k, e.At, b)
	case "cases.reopened": // by an appeal: it will have another end
		s.measure(k, observatory.Refused, -1)
	case "cases.withdrawn", "cases.expired":
		s.measure(k, observatory.Cancelled, 1)
	case Rated:
		s.rated(k, b, c)
	case "payment.paid":
		s.measure(k, observatory.Paid, 1)
		s.measure(k, observatory.Fen, b.Amount)
	case "payment.refunded":
		s.add(k, Refunded, 1)
		s.measure(k, observatory.Fen, -b.Amount)
	case "booking.confirmed":
		s.add(k, Booked, 1)
	case "booking.released":
		if string(b.Was) == `"confirmed"` {
			s.add(k, Unbooked, 1)
		}
	case Searched{}.EventName():
		entry := Key{Day: k.Day, Region: e.Meta.Region}
		s.measure(entry, observatory.Searches, b.Searches)
		s.measure(entry, observatory.Unmet, b.Unmet)
	}
	return nil
}

// heard counts a question to a department's system. One that was not asked, because the budget was used up, is none.
func (s *Sum) heard(k Key, b body) {
	switch b.Effect {
	case "ask", "file", "trace", "void":
	default:
		return
	}
	if b.Outcome == "limited" {
		return
	}
	s.measure(k, observatory.OfficeCalls, 1)
	if b.Outcome == "down" {
		s.measure(k, observatory.OfficeFailed, 1)
	}
}

func (s *Sum) ended(k Key, at time.Time, b body) {
	s.add(k, tookPoint+strconv.FormatInt(observatory.Bucket(time.Duration(b.Took)*time.Millisecond), 10), 1)
	if b.Due == 0 {
		return
	}
	s.measure(k, observatory.Promised, 1)
	if at.UnixMilli() <= b.Due {
		s.measure(k, observatory.Kept, 1)
	}
}

// rated counts a judgement on the day of the case's first one, so that a change of mind corrects what was counted.
func (s *Sum) rated(k Key, b body, c Case) {
	if !c.Rated.IsZero() {
		k.Day = Day(c.Rated)
	}
	if b.WasStars == 0 {
		s.measure(k, observatory.Rated, 1)
	}
	s.measure(k, observatory.RatingSum, b.Stars-b.WasStars)
	s.measure(k, observatory.Satisfied, content(b.Stars)-content(b.WasStars))
}

func content(stars int64) int64 {
	if stars >= 4 {
		return 1
	}
	return 0
}
