package draw

import (
	"context"
	"slices"

	"zhijian/domain/draw/record"
	"zhijian/ground/actor"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
)

// Entering is what an entry is made of.
type Entering struct {
	No      string // of the draw
	Key     string // of the act: the same key again gives the same entry
	Person  seal.Text
	Phone   seal.Text
	Choices []string
}

// Current finds the draw of a series that takes entries now, or else the one that will next, or the last; false when there was none.
func (d *Desk) Current(ctx context.Context, series string) (Draw, bool, error) {
	list, err := d.c.Store.List(ctx, Filter{Series: series, Limit: mostListed})
	if err != nil || len(list) == 0 {
		return Draw{}, false, err
	}
	now, best := d.c.Clock.Now(), publicly(list)[0]
	for _, one := range list {
		switch one.Phase(now) {
		case Open:
			return one, true, nil
		case Soon:
			if best.Phase(now) != Soon || one.Opens().Before(best.Opens()) {
				best = one
			}
		}
	}
	return best, true, nil
}

// Enter gives a person an entry. Whether they may have one the service decided before. fault.Conflict "draw.twice" when the person has one,
// "draw.shut" outside the hours, "draw.full", "draw.choice" for choices that are not those announced.
func (d *Desk) Enter(ctx context.Context, in Entering) (_ Entry, err error) {
	defer fault.Wrap(&err, "enter draw %s", in.No)
	if in.Person.IsZero() || in.Key == "" {
		return Entry{}, fault.Conflict("draw.person", "没有收到身份证号，不能报名")
	}
	now, nonce := d.c.Clock.Now(), secret()
	return d.c.Entries.Enter(ctx, in.No, in.Key, in.Person, func(one Draw, number int) (Entry, []event.Body, error) {
		switch {
		case one.Phase(now) == Soon:
			return Entry{}, nil, fault.Conflict("draw.early", "报名还没有开始")
		case one.Phase(now) != Open:
			return Entry{}, nil, fault.Conflict("draw.shut", "这次报名已经截止")
		case number > MostEntries:
			return Entry{}, nil, fault.Conflict("draw.full", "这次报名的人已经到了上限")
		}
		choices := in.Choices
		if len(choices) == 0 && len(one.Terms.Places) == 1 {
			choices = []string{one.Terms.Places[0].Code}
		}
		if !one.chosen(choices) {
			return Entry{}, nil, fault.Conflict("draw.choice", "志愿要从公布的里面选，不能重复")
		}
		e := Entry{
			Draw: one.ID, Number: number, Key: in.Key, Person: in.Person, Phone: in.Phone, Nonce: seal.Plain(nonce), Choices: choices, State: Entered,
			Blind: record.Blind(one.No, number, in.Person.Reveal(), nonce), Created: now,
		}
		return e, []event.Body{EnteredEvent{one.meta(actor.House), Subject{one.No}, number, e.Blind}}, nil
	})
}

func (d Draw) chosen(choices []string) bool {
	if len(choices) < 1 || len(choices) > d.Terms.Choices {
		return false
	}
	for i, code := range choices {
		if _, ok := d.Place(code); !ok || slices.Contains(choices[:i], code) {
			return false
		}
	}
	return true
}

// Twice is the fault of a person who has an entry. It stands here so that both databases say the same.
func Twice(code string) error {
	return fault.Conflict("draw.twice", "这个人已经报过名，一人一次只能报一个。报名号 %s", code)
}

// Voided is the fault of a key that was called off.
func Voided() error { return fault.Conflict("draw.void", "这次报名已经取消，请重新报名") }

// NoEntry says that there is no such entry.
func NoEntry() *fault.Error { return fault.NotFound("draw.entry", "没有查到这个报名") }

// Made finds the entry of an act; voided when the act was called off, and fault.NotFound "draw.entry" when there is neither.
func (d *Desk) Made(ctx context.Context, key string) (e Entry, voided bool, err error) {
	return d.c.Entries.Made(ctx, key)
}

// Void gives an entry back while entries are open, and sees to it that its act never makes another. was says whether there was one.
// fault.Conflict "draw.shut" when the list is made.
func (d *Desk) Void(ctx context.Context, key string) (was bool, err error) {
	defer fault.Wrap(&err, "give an entry back")
	now := d.c.Clock.Now()
	err = d.c.Entries.Void(ctx, key, func(one Draw, e *Entry) ([]event.Body, error) {
		was = true
		if e.State == Withdrawn {
			return nil, nil
		}
		if one.Phase(now) != Open {
			return nil, fault.Conflict("draw.shut", "这次报名已经截止")
		}
		e.State = Withdrawn
		return []event.Body{WithdrawnEvent{one.meta(actor.House), Subject{one.No}, e.Number}}, nil
	})
	return was, err
}

// Found is an entry with its draw.
type Found struct {
	Draw  Draw
	Entry Entry
}

// Of finds the entry that a person has in a draw; false when they have none.
func (d *Desk) Of(ctx context.Context, one Draw, person seal.Text) (Entry, bool, error) {
	e, err := d.c.Entries.Of(ctx, one.ID, person)
	if fault.Is(err, fault.KindNotFound) {
		return Entry{}, false, nil
	}
	return e, err == nil, err
}

// Holding finds the draw of an entry among those of a series; fault.NotFound "draw.entry" when it is of another.
func (d *Desk) Holding(ctx context.Context, series string, e Entry) (Draw, error) {
	list, err := d.c.Store.List(ctx, Filter{Series: series, Limit: mostListed})
	if err != nil {
		return Draw{}, err
	}
	i := slices.IndexFunc(list, func(one Draw) bool { return one.ID == e.Draw })
	if i < 0 {
		return Draw{}, NoEntry()
	}
	return list[i].public(), nil
}

// ByCode finds an entry of a series by its code, with the draw as anybody sees it; fault.NotFound "draw.entry" when there is none. owned says whether the phone is
// the one that entered.
func (d *Desk) ByCode(ctx context.Context, series, code string, phone seal.Text) (_ Found, owned bool, err error) {
	defer fault.Wrap(&err, "find an entry of %s", series)
	period, number, ok := split(code)
	if !ok {
		return Found{}, false, NoEntry()
	}
	list, err := d.c.Store.List(ctx, Filter{Series: series, Limit: mostListed})
	if err != nil {
		return Found{}, false, err
	}
	i := slices.IndexFunc(list, func(one Draw) bool { return one.Terms.Period == period })
	if i < 0 {
		return Found{}, false, NoEntry()
	}
	e, owned, err := d.c.Entries.At(ctx, list[i].ID, number, phone)
	return Found{list[i].public(), e}, owned, err
}
