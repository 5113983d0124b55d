package draw

import (
	"context"
	"crypto/subtle"
	"regexp"
	"strings"
	"time"

	"zhijian/domain/draw/record"
	"zhijian/ground/actor"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
)

func (d *Desk) onClose(ctx context.Context, e event.Event) error {
	var s Subject
	if err := e.Decode(&s); err != nil {
		return err
	}
	return d.Close(ctx, s.No)
}

// Close ends entries when their time is over, and publishes the list. The house calls it by an alarm; called again at any point, it goes on
// from where it stopped, and does nothing when all is done or the time has not come.
func (d *Desk) Close(ctx context.Context, no string) (err error) {
	defer fault.Wrap(&err, "close draw %s", no)
	s := Subject{no}
	now, house := d.c.Clock.Now(), secret()
	one, err := d.c.Store.Change(ctx, s.No, func(one *Draw) ([]event.Body, error) {
		if one.State != Announced || now.Before(one.Closes()) {
			return nil, nil
		}
		one.State, one.House = Frozen, seal.Plain(house)
		one.Rev++
		return []event.Body{FrozenEvent{one.meta(actor.House), s}}, nil
	})
	if err != nil || one.State != Frozen {
		return err
	}
	list, withdrawn, err := d.c.Entries.All(ctx, one.ID)
	if err != nil {
		return err
	}
	terms := one.Terms.Hash(one.No)
	made := record.List{Entries: list, Withdrawn: withdrawn}
	made.Arrange(one.No, terms)
	_, err = d.c.Store.Change(ctx, s.No, func(one *Draw) ([]event.Body, error) {
		if one.State != Frozen {
			return nil, nil
		}
		one.State = Listed
		one.Rev++
		c := &one.Course
		c.Listed, c.Entries, c.Withdrawn = d.c.Clock.Now().Truncate(time.Second), len(list), len(withdrawn)
		c.ListHash, c.HouseHash = made.Hash, record.Commit(one.House.Reveal())
		return []event.Body{ListedEvent{one.meta(actor.House), s, terms, c.ListHash, c.HouseHash, c.Entries, c.Withdrawn}}, nil
	})
	return err
}

// Seed takes the public seed from a member of staff. The first is kept and shown to nobody; when a second, another person, types the same, the
// house shows its own seed and the draw is drawn. Seeds that differ count for neither. fault.Invalid "draw.seed" for a text that is not
// written as announced; fault.Conflict "draw.wait" before the moment, "draw.same" for the same person again, "draw.differs".
func (d *Desk) Seed(ctx context.Context, a actor.Actor, no, typed string) (_ Draw, err error) {
	defer fault.Wrap(&err, "seed of draw %s by %s", no, a)
	if a.Kind != actor.Staff && a.Kind != actor.Operator || a.ID == 0 {
		return Draw{}, denied()
	}
	typed = strings.Join(strings.Fields(typed), " ")
	now, differs := d.c.Clock.Now(), false
	one, err := d.change(ctx, a, no, func(one *Draw) (State, event.Body, error) {
		differs = false
		switch first := one.Course.First; {
		case one.State == Seeded || one.State == Drawn:
			return one.State, nil, fault.Conflict("draw.final", "已经摇过号了，结果不能取消，也不能重摇")
		case one.State != Listed:
			return one.State, nil, fault.Conflict("draw.state", "这次摇号已经不能这样做了，请刷新看一看")
		case now.Before(one.Moment()):
			return one.State, nil, fault.Conflict("draw.wait", "还没有到摇号时间")
		case !record.GoodSeed(typed) || shape(typed) != shape(one.Terms.Example):
			return one.State, nil, fault.Invalid("draw.seed", "和公布的写法不一样，请照这个样子写：%s", one.Terms.Example).On("seed")
		case first == nil:
			one.Course.First = &Typed{By: a.ID, Seed: typed, At: now}
			return one.State, TypedEvent{one.meta(a), Subject{no}}, nil
		case first.By == a.ID:
			return one.State, nil, fault.Conflict("draw.same", "您已经输入过了，请另一位同事再输入一遍")
		case subtle.ConstantTimeCompare([]byte(first.Seed), []byte(typed)) == 0:
			one.Course.First, differs = nil, true
			return one.State, DifferedEvent{one.meta(a), Subject{no}}, nil
		default:
			return one.seed(a, typed, now)
		}
	})
	if err == nil && differs {
		err = fault.Conflict("draw.differs", "两个人输入的不一样，都不算数。请各自核对公布的结果，再输入一遍")
	}
	return one, err
}

// seed fixes both seeds.
func (d *Draw) seed(a actor.Actor, public string, now time.Time) (State, event.Body, error) {
	c := &d.Course
	c.Members, c.First = []int64{c.First.By, a.ID}, nil
	c.Public, c.Seeded = public, now.Truncate(time.Second)
	c.Final = record.Final(d.No, c.ListHash, public, d.House.Reveal())
	return Seeded, SeededEvent{d.meta(a), Subject{d.No}, public, d.House.Reveal(), c.Final}, nil
}

var words = regexp.MustCompile(`[0-9A-Za-z]+`)

// shape is how a seed is written, whatever its numbers are.
func shape(s string) string { return words.ReplaceAllString(s, "w") }

func (d *Desk) onSeeded(ctx context.Context, e event.Event) error {
	var s SeededEvent
	if err := e.Decode(&s); err != nil {
		return err
	}
	return d.Publish(ctx, s.No)
}

// Publish writes what became of every entry, then publishes the results. The house calls it when both seeds are known; called again, it
// writes the same.
func (d *Desk) Publish(ctx context.Context, no string) (err error) {
	defer fault.Wrap(&err, "publish the results of draw %s", no)
	s := Subject{no}
	one, err := d.c.Store.Draw(ctx, s.No)
	if err != nil || one.State != Seeded {
		return err
	}
	r, err := d.record(ctx, one)
	if err != nil {
		return err
	}
	if err := d.c.Entries.Tell(ctx, one.ID, r.Results.Order); err != nil {
		return err
	}
	winners := 0
	for _, x := range r.Results.Order {
		if x.Place != "" {
			winners++
		}
	}
	_, err = d.c.Store.Change(ctx, s.No, func(one *Draw) ([]event.Body, error) {
		if one.State != Seeded {
			return nil, nil
		}
		one.State = Drawn
		one.Rev++
		c := &one.Course
		c.Drawn, c.Winners, c.ResultsHash = d.c.Clock.Now().Truncate(time.Second), winners, r.Results.Hash
		return []event.Body{DrawnEvent{one.meta(actor.House), s, r.Results.Hash, winners}}, nil
	})
	return err
}
