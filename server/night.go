package server

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"zhijian/domain/observatory/live"
	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/store/editions"
)

// How long facts keep their days, and how long it is kept who the people were. After that months and numbers remain.
const (
	daysKept    = 400 * 24 * time.Hour
	peopleKept  = 13                  // months, the running one not counted: a month and the same one of the year before can be compared
	nightsKept  = 30 * 24 * time.Hour // editions of nights; of an older month the last one remains
	nightBegins = 30 * time.Minute
)

// night is what the observatory does once a day: old days become months, old residents become numbers, and the running month becomes an
// edition.
type night struct {
	gatherer
	clock clock.Clock
}

func (n night) names() []string { return []string{live.NightDue{}.EventName()} }

// schedule sets the alarm for the night after a day, unless it is set.
func (n night) schedule(ctx context.Context, day time.Time) error {
	y, m, d := day.In(clock.Shanghai).Date()
	after := time.Date(y, m, d+1, 0, 0, 0, 0, clock.Shanghai)
	return n.facts.SetNight(ctx, live.Day(day), event.Later{
		Body: live.NightDue{Meta: event.Meta{Actor: actor.House.String()}, Day: live.Day(day)}, At: after.Add(nightBegins),
	})
}

// on is one night. The next one is set before anything can go wrong.
func (n night) on(ctx context.Context, e event.Event) (err error) {
	var due live.NightDue
	if err := e.Decode(&due); err != nil {
		return err
	}
	defer fault.Wrap(&err, "the observatory's night of %d", due.Day)
	day := time.Date(int(due.Day/10_000), time.Month(due.Day/100%100), int(due.Day%100), 12, 0, 0, 0, clock.Shanghai)
	if err := n.schedule(ctx, later(day, n.clock.Now())); err != nil {
		return err
	}
	if err := n.facts.RollUp(ctx, live.Day(day.Add(-daysKept))/100); err != nil {
		return err
	}
	first := time.Date(day.Year(), day.Month(), 1, 12, 0, 0, 0, clock.Shanghai)
	if err := n.facts.DropPeople(ctx, live.Day(first.AddDate(0, -peopleKept, 0))/100); err != nil {
		return err
	}
	if err := n.edition(ctx, due.Day); err != nil {
		return err
	}
	return n.retire(day)
}

// retire removes the editions of nights that are not kept any longer. One that another edition names stays.
func (n night) retire(day time.Time) error {
	list, err := n.shelf.List()
	if err != nil {
		return err
	}
	for _, name := range retired(list, day) {
		if err := n.shelf.Remove(name); err != nil && !fault.Is(err, fault.KindConflict) {
			return err
		}
	}
	return nil
}

// retired lists the editions of nights that are older than nightsKept, but the last of each month: it holds the month whole.
func retired(list []editions.Manifest, day time.Time) (names []string) {
	last := map[string]string{} // night by month
	nights := map[string]time.Time{}
	for _, m := range list {
		of, _ := m.Public().Live()
		at, err := time.ParseInLocation(time.DateOnly, of, clock.Shanghai)
		if err != nil {
			continue // not a night's: somebody gathered it by hand
		}
		nights[m.Name] = at
		month := at.Format("2006-01")
		last[month] = max(last[month], m.Name)
	}
	for name, at := range nights {
		if at.Before(day.Add(-nightsKept)) && last[at.Format("2006-01")] != name {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// later is the day whose night comes next: that after day, or the running one when the house stood still over some nights.
func later(day, now time.Time) time.Time {
	if next := day.AddDate(0, 0, 1); now.Before(next) {
		return next
	}
	return now
}

// edition makes the edition of the day that ended. A night that is told twice finds it made; a house without accounts has nothing to show.
func (n night) edition(ctx context.Context, day int32) error {
	name := editionOf(day)
	if m, err := n.shelf.Manifest(name); err == nil && len(m.Exhibits) > 0 {
		return nil
	} else if err != nil && !fault.Is(err, fault.KindNotFound) {
		return err
	}
	_, err := n.gather(ctx, name, day/100)
	var f *fault.Error
	if errors.As(err, &f) && f.Code == "observatory.empty" {
		return nil
	}
	if err != nil {
		return fmt.Errorf("make edition %s: %w", name, err)
	}
	return nil
}
