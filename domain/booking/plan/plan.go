// Package plan turns working hours into slots: a week of spans, days that differ, and how the places of a slot are shared.
//
// It is pure arithmetic: the same plan and day always give the same slots, which never overlap, in order of their start. Days off
// follow the State Council's notices (ground/workday): a public holiday has no slots, and a weekend that is worked has a Monday's.
// Times are those of Asia/Shanghai.
package plan

import (
	"slices"
	"time"

	"zhijian/ground/clock"
	"zhijian/ground/workday"
)

// Plan says when a resource has slots and who may take their places.
type Plan struct {
	Weekly     []Span      `json:"weekly"`
	Exceptions []Exception `json:"exceptions,omitempty"` // by date, one a day
	// Holidays keeps the week's hours on public holidays and on weekends that are worked.
	Holidays bool `json:"holidays,omitempty"`
	Minutes  int  `json:"minutes"` // length of a slot
	// WalkIn is how many percent of a slot's places are kept for who comes without an appointment.
	WalkIn int `json:"walk_in,omitempty"`
	// FreeBefore is how many minutes before its start what is left of a slot on either side serves both.
	FreeBefore int `json:"free_before,omitempty"`
	// Ahead is how many days after today can be booked; the last of them opens at Opens, "08:00".
	Ahead int    `json:"ahead"`
	Opens string `json:"opens"`
}

// Span is hours on some days of the week.
type Span struct {
	Days   []int  `json:"days,omitempty"` // 1 Monday to 7 Sunday; none in an exception
	From   string `json:"from"`           // "09:00"
	To     string `json:"to"`
	Places int    `json:"places"` // of each slot
}

// Exception is a day whose hours are not the week's: without spans it is closed.
type Exception struct {
	Date  string `json:"date"` // YYYY-MM-DD
	Spans []Span `json:"spans,omitempty"`
	Why   string `json:"why,omitempty"` // for residents
}

// Slot is one time with places. Walk of them are for walk-ins until Free; the rest can be booked.
type Slot struct {
	ID         string // "20261130T0900"
	Start, End time.Time
	Places     int
	Walk       int
	Free       time.Time
}

// Length is how long a slot is.
func (p Plan) Length() time.Duration { return time.Duration(p.Minutes) * time.Minute }

// Day gives the slots of the day of t.
func (p Plan) Day(t time.Time) []Slot {
	t = t.In(clock.Shanghai)
	var out []Slot
	for _, s := range p.spans(t) {
		from, to := at(t, s.From), at(t, s.To)
		if p.Minutes <= 0 || from.IsZero() || to.IsZero() {
			continue
		}
		for start := from; !start.Add(p.Length()).After(to); start = start.Add(p.Length()) {
			out = append(out, Slot{
				ID: start.Format("20060102T1504"), Start: start.UTC(), End: start.Add(p.Length()).UTC(), Places: s.Places,
				Walk: (s.Places*p.WalkIn + 50) / 100, Free: start.Add(-time.Duration(p.FreeBefore) * time.Minute).UTC(),
			})
		}
	}
	slices.SortFunc(out, func(a, b Slot) int { return a.Start.Compare(b.Start) })
	return out
}

// Open gives the slots that may be booked now: from today to the last day that has opened.
func (p Plan) Open(now time.Time) []Slot {
	now = now.In(clock.Shanghai)
	last := p.Ahead
	if opens := at(now, p.Opens); !opens.IsZero() && now.Before(opens) {
		last--
	}
	var out []Slot
	for n := range last + 1 {
		out = append(out, p.Day(now.AddDate(0, 0, n))...)
	}
	return out
}

// Exception finds what is different on a day.
func (p Plan) Exception(date string) (Exception, bool) {
	i := slices.IndexFunc(p.Exceptions, func(e Exception) bool { return e.Date == date })
	if i < 0 {
		return Exception{}, false
	}
	return p.Exceptions[i], true
}

// spans are the hours of a day.
func (p Plan) spans(t time.Time) []Span {
	if e, ok := p.Exception(t.Format(time.DateOnly)); ok {
		return e.Spans
	}
	weekday := int(t.Weekday())
	if weekday == 0 {
		weekday = 7
	}
	if !p.Holidays {
		switch works := workday.Is(t); {
		case weekday <= 5 && !works:
			return nil
		case weekday > 5 && works:
			weekday = 1
		}
	}
	var out []Span
	for _, s := range p.Weekly {
		if slices.Contains(s.Days, weekday) {
			out = append(out, s)
		}
	}
	return out
}

// at is a time of day on the day of t; zero for none.
func at(t time.Time, clockTime string) time.Time {
	c, err := time.Parse("15:04", clockTime)
	if err != nil {
		return time.Time{}
	}
	return time.Date(t.Year(), t.Month(), t.Day(), c.Hour(), c.Minute(), 0, 0, clock.Shanghai)
}
