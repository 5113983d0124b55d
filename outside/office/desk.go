package office

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"zhijian/ground/budget"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/outside/guard"
)

// desk is one office with all that bounds it.
type desk struct {
	Office
	name    string
	clock   clock.Clock
	purse   budget.Purse
	log     *slog.Logger
	breaker *breaker
	cache   *cache
	places  chan struct{} // holds one for each question that is out
	waiting chan struct{} // and for each that waits for a place
	elapsed func() time.Duration
	moved   atomic.Int64 // when, by elapsed, a place was last given back, or taken in an office where nobody was
	record  *record
	shut    atomic.Pointer[Shut] // the last time that questions were not even sent
}

// Shut says until when an office is not asked, and why: the code of the fault.
type Shut struct {
	Code  string
	Until time.Time
}

// closed notes that a question was not sent.
func (d *desk) closed(f *fault.Error) *fault.Error {
	d.shut.Store(&Shut{f.Code, d.clock.Now().Add(f.RetryAfter)})
	return f
}

// ask sends one question through the bounds and the breaker, and notes what came of it.
func (d *desk) ask(ctx context.Context, q Question) (map[string]any, error) {
	if wait, open := d.breaker.enter(d.clock.Now()); open {
		return nil, down(nil).After(wait)
	}
	if err := d.admit(ctx); err != nil {
		d.breaker.leave()
		return nil, err
	}
	defer d.goes()
	if err := d.spend(ctx); err != nil {
		d.breaker.leave()
		return nil, err
	}
	asking, cancel := context.WithTimeout(ctx, d.Timeout)
	defer cancel()
	from := d.elapsed()
	data, err := d.Driver.Ask(asking, q)
	took := d.elapsed() - from
	if asking.Err() != nil && err != nil && fault.Of(err) == nil {
		err = down(err) // a driver that was cut off
	}
	if err != nil && (ctx.Err() != nil || errors.Is(err, guard.ErrBusy)) {
		// The asker went away, or we never asked: that says nothing about the office.
		d.breaker.leave()
		return nil, down(err)
	}
	if f := fault.Of(err); f != nil && f.Code == codeAbsent {
		d.breaker.leave() // there is nothing yet that could be down, and it may be there the next moment
		return nil, err
	}
	good := !fault.Is(err, fault.KindUnavailable)
	d.note(good)
	d.record.add(d.clock.Now(), took, good, fault.Is(err, fault.KindConflict))
	if err != nil && fault.Of(err) == nil {
		d.log.Error("office does not understand us", "office", d.name, "call", q.Call, "error", err)
	}
	return data, err
}

// admit takes a place among the questions that are out; goes gives it back.
func (d *desk) admit(ctx context.Context) error {
	select {
	case d.places <- struct{}{}:
		if len(d.places) == 1 {
			d.moved.Store(int64(d.elapsed()))
		}
		return nil
	default:
	}
	if d.elapsed()-time.Duration(d.moved.Load()) > patience {
		return d.busy() // nobody came back for a while: whoever waits here waits in vain
	}
	select {
	case d.waiting <- struct{}{}:
		defer func() { <-d.waiting }()
	default:
		return d.busy()
	}
	t := time.NewTimer(min(patience, d.Timeout))
	defer t.Stop()
	select {
	case d.places <- struct{}{}:
		return nil
	case <-ctx.Done():
		return down(ctx.Err())
	case <-t.C:
		return d.busy()
	}
}

func (d *desk) goes() {
	d.moved.Store(int64(d.elapsed()))
	<-d.places
}

func (d *desk) busy() error {
	d.record.turnedAway()
	return d.closed(fault.Unavailable("office.busy", "现在问对方系统的人太多，请过一会儿再试").After(5 * time.Second))
}

// quotas are the bounds on what is sent, as budgets.
func (d *desk) quotas() (list []budget.Budget) {
	if d.PerMinute > 0 {
		list = append(list, budget.Budget{Name: "office.minute", Limit: d.PerMinute, Window: time.Minute})
	}
	if d.PerDay > 0 {
		list = append(list, budget.Budget{Name: "office.day", Limit: d.PerDay, Window: 24 * time.Hour})
	}
	return list
}

// spend takes one from each quota.
func (d *desk) spend(ctx context.Context) error {
	for i, b := range d.quotas() {
		err := d.purse.Spend(ctx, b, d.name)
		if err == nil {
			continue
		}
		if !fault.Is(err, fault.KindTooMany) {
			return err
		}
		wait := fault.Of(err).RetryAfter
		for _, taken := range d.quotas()[:i] {
			err = errors.Join(err, d.purse.Return(ctx, taken, d.name))
		}
		if b.Window > time.Minute {
			return d.closed(fault.Unavailable("office.quota_day", "对方系统一天能问的次数今天用完了，请明天再来").After(wait).Because(err))
		}
		return d.closed(fault.Unavailable("office.quota", "问对方系统的次数这一分钟用完了，请过一会儿再试").After(wait).Because(err))
	}
	return nil
}

func (d *desk) note(good bool) {
	switch d.breaker.record(d.clock.Now(), good) {
	case opened:
		d.log.Warn("office down", "office", d.name)
	case shut:
		d.log.Info("office answers again", "office", d.name)
	}
}
