package server

import (
	"context"
	"sync"
	"time"

	"zhijian/catalog"
	"zhijian/console"
	"zhijian/domain/observatory"
	"zhijian/domain/observatory/live"
	"zhijian/domain/observatory/standing"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
)

// statistics shows the console what the observatory measures: editions, and the running month as the house's facts have it.
type statistics struct {
	*showcase
	house gatherer
	clock clock.Clock

	mu      sync.Mutex
	running console.Running
	counted time.Time // when running was counted

	rebuilding sync.Mutex // one edition at a time: it takes seconds and memory
}

// runningKept is for how long the running month is not counted again.
const runningKept = time.Minute

// Shelf lists all editions, also those that are not computed.
func (s *statistics) Shelf(ctx context.Context) (list []console.Edition, err error) {
	if _, err := s.Editions(ctx); err != nil { // makes those of a demonstration
		return nil, err
	}
	all, err := s.shelf.List()
	if err != nil {
		return nil, err
	}
	for _, m := range all {
		e := console.Edition{Edition: m.Public(), Exhibits: len(m.Exhibits)}
		if e.Written, err = s.shelf.Written(m.Name); err != nil {
			return nil, err
		}
		key, err := s.shelf.Signer(m.Name, nil)
		if fault.Of(err) == nil && err != nil {
			return nil, err
		}
		if e.Trouble = err; err == nil {
			e.Signer = key.Fingerprint()
		}
		list = append(list, e)
	}
	return list, nil
}

// Running counts the month that is not over, at most once a minute.
func (s *statistics) Running(ctx context.Context) (console.Running, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock.Now()
	month := live.Day(now) / 100
	if s.running.Book != nil && now.Sub(s.counted) < runningKept && s.running.Month == live.MonthName(month) {
		return s.running, nil
	}
	facts, err := s.house.tables(ctx, month)
	if err != nil {
		return console.Running{}, err
	}
	cat, err := observatory.LoadCatalog(catalog.FS)
	if err != nil {
		return console.Running{}, err
	}
	s.running, s.counted = console.Running{Month: live.MonthName(month), Book: standing.New(facts, cat), Outcomes: facts.Outcomes}, now
	return s.running, nil
}

// Differences lists what is not equal from one edition to another.
func (s *statistics) Differences(_ context.Context, from, to string, most int) (list []console.Difference, err error) {
	all, err := s.shelf.Compare(from, to, most)
	for _, d := range all {
		list = append(list, console.Difference{Exhibit: d.Exhibit, Row: d.Row, Column: d.Column, Was: d.Kept, Is: d.Now})
	}
	return list, err
}

// Verify rebuilds an edition from its facts.
func (s *statistics) Verify(_ context.Context, name string) (string, error) {
	if !s.rebuilding.TryLock() {
		return "", fault.Conflict("edition.verifying", "正在重算另一版，请过一会再试")
	}
	defer s.rebuilding.Unlock()
	cat, err := observatory.LoadCatalog(catalog.FS)
	if err != nil {
		return "", err
	}
	d, _, err := s.shelf.Verify(name, cat)
	if err != nil || d == nil {
		return "", err
	}
	return d.String(), nil
}
