package bundle

import (
	"context"
	"fmt"

	"zhijian/domain/cases"
	"zhijian/domain/service"
	"zhijian/ground/actor"
	"zhijian/ground/event"
	"zhijian/ground/fault"
)

// Choice is what a resident decides about one member.
type Choice string

// The choices.
const (
	Leave Choice = "leave" // not wanted; what comes after it need not wait for it
	Add   Choice = "add"   // wanted after all
	Again Choice = "again" // it failed: a new case
)

// Choose decides about one member. A choice that is so already changes nothing. fault.Conflict "bundle.under_way" for one that has a case
// under way: that is called off as a case.
func (d *Desk) Choose(ctx context.Context, w cases.Who, no, member string, c Choice) (_ Bundle, err error) {
	defer fault.Wrap(&err, "%s member %s of bundle %s", c, member, no)
	b, err := d.own(ctx, w.Actor, no)
	if err != nil {
		return Bundle{}, err
	}
	m, err := d.matter(ctx, b, w.Actor, w.Known)
	if err != nil {
		return Bundle{}, err
	}
	if _, ok := m.def.Member(member); !ok {
		return Bundle{}, fault.NotFound("bundle.member", "这件事里没有这一项")
	}
	return d.c.Store.Change(ctx, no, func(b *Bundle) ([]event.Body, error) {
		if b.State == Draft || b.State.Over() {
			return nil, fault.Conflict("bundle.ended", "这件事现在不能改")
		}
		kept := b.Members[member]
		next, err := chosen(kept, c)
		if err != nil || next.Standing == kept.Standing {
			return nil, err
		}
		next.At, b.Level = m.env.Now, w.Actor.Level
		b.set(member, next)
		bodies, err := d.advance(b, m, w.Actor)
		if err != nil {
			return nil, err
		}
		return append([]event.Body{ChosenEvent{b.meta(w.Actor), b.subject(), member, c}}, bodies...), nil
	})
}

// chosen is what a member becomes by a choice. Its round and its last case stay known.
func chosen(m Member, c Choice) (Member, error) {
	under := fault.Conflict("bundle.under_way", "这一项正在办。不想办了，请到办件里取消")
	switch {
	case m.Standing == service.MemberOpening, m.Standing == service.MemberOpen:
		if c == Leave {
			return m, under
		}
		return m, nil
	case m.Standing == service.MemberDone:
		return m, nil
	case c == Leave:
		return Member{Standing: service.MemberSkipped, Case: m.Case, Round: m.Round}, nil
	case c == Add && m.Standing == service.MemberSkipped, c == Again && m.Standing == service.MemberFailed:
		return Member{Case: m.Case, Round: m.Round}, nil
	}
	return m, nil
}

// Close puts a bundle away. Cases that have begun go on by themselves. A bundle that is over stays as it is.
func (d *Desk) Close(ctx context.Context, w cases.Who, no string) (_ Bundle, err error) {
	defer fault.Wrap(&err, "close bundle %s", no)
	if _, err := d.own(ctx, w.Actor, no); err != nil {
		return Bundle{}, err
	}
	return d.c.Store.Change(ctx, no, func(b *Bundle) ([]event.Body, error) {
		if b.State.Over() {
			return nil, nil
		}
		now := d.c.Clock.Now()
		b.State, b.Updated, b.Ended = Closed, now, now
		return []event.Body{ClosedEvent{b.meta(w.Actor), b.subject()}}, nil
	})
}

// onReady opens the case of a member that begins. The key makes a second delivery find the same case.
func (d *Desk) onReady(ctx context.Context, e event.Event) (err error) {
	var ready ReadyEvent
	if err := e.Decode(&ready); err != nil {
		return err
	}
	defer fault.Wrap(&err, "begin %s of bundle %s", ready.Member, ready.No)
	b, err := d.c.Store.Bundle(ctx, ready.No)
	if err != nil {
		return err
	}
	kept := b.Members[ready.Member]
	if b.State.Over() || kept.Standing != service.MemberOpening || kept.Round != ready.Round {
		return nil
	}
	m, err := d.matter(ctx, b, actor.House, nil)
	if err != nil {
		return err
	}
	one, _ := m.def.Member(ready.Member)
	given, err := m.def.Given(one, b.Data, m.env)
	if err != nil {
		return err
	}
	who := actor.Actor{Kind: actor.Resident, ID: b.Resident, Level: b.Level, Lang: b.Lang}
	c, err := d.c.Cases.Open(ctx, who, cases.Opening{
		City: b.City, Service: one.Service, Channel: cases.Channel(b.Channel), Given: given, Key: fmt.Sprintf("bundle/%s/%s/%d", b.No, one.ID, ready.Round),
	})
	switch {
	case fault.Is(err, fault.KindTooMany):
		return d.ended(ctx, b.No, one.ID, ready.Round, service.MemberFailed, "limit")
	case fault.Is(err, fault.KindNotFound), fault.Is(err, fault.KindDenied), fault.Is(err, fault.KindInvalid):
		return d.ended(ctx, b.No, one.ID, ready.Round, service.MemberFailed, "gone")
	case err != nil:
		return err
	}
	if err := d.begun(ctx, b.No, one.ID, ready.Round, c.No); err != nil {
		return err
	}
	// A case that asks nothing may have ended before the bundle knew that it was its own.
	return d.hear(ctx, b.No, c.No)
}

// begun remembers the case of a member.
func (d *Desk) begun(ctx context.Context, no, member string, round int, caseNo string) error {
	_, err := d.c.Store.Change(ctx, no, func(b *Bundle) ([]event.Body, error) {
		kept := b.Members[member]
		if b.State.Over() || kept.Standing != service.MemberOpening || kept.Round != round {
			return nil, nil
		}
		now := d.c.Clock.Now()
		b.set(member, Member{Standing: service.MemberOpen, Case: caseNo, Round: round, At: now})
		b.Updated = now
		return []event.Body{BegunEvent{b.meta(actor.House), b.subject(), member, caseNo}}, nil
	})
	return err
}

// onCase hears that a case ended; most are no members.
func (d *Desk) onCase(ctx context.Context, e event.Event) error {
	no, err := d.c.Store.Holding(ctx, e.Key)
	if err != nil || no == "" {
		return err
	}
	return d.hear(ctx, no, e.Key)
}

// hear looks how a member's case stands now, whatever event led here, so that the order of events does not matter.
func (d *Desk) hear(ctx context.Context, no, caseNo string) (err error) {
	defer fault.Wrap(&err, "hear of case %s of bundle %s", caseNo, no)
	c, err := d.c.Cases.Standing(ctx, cases.Who{Actor: actor.House}, caseNo)
	if err != nil || !c.State.Ended() {
		return err
	}
	b, err := d.c.Store.Bundle(ctx, no)
	if err != nil {
		return err
	}
	member := b.of(caseNo)
	if member == "" {
		return nil // an earlier round's
	}
	to, why := service.MemberFailed, string(c.State)
	if c.State == cases.Done || c.State == cases.Answered {
		to, why = service.MemberDone, ""
	}
	return d.ended(ctx, no, member, b.Members[member].Round, to, why)
}

// ended gives a member the standing that its case came to and lets begin what waited for it.
func (d *Desk) ended(ctx context.Context, no, member string, round int, to service.Standing, why string) error {
	b, err := d.c.Store.Bundle(ctx, no)
	if err != nil {
		return err
	}
	m, err := d.matter(ctx, b, actor.House, nil)
	if err != nil {
		return err
	}
	_, err = d.c.Store.Change(ctx, no, func(b *Bundle) ([]event.Body, error) {
		kept := b.Members[member]
		switch {
		case b.State.Over(), kept.Round != round, kept.Standing == to && kept.Why == why:
			return nil, nil
		case kept.Standing == service.MemberSkipped, kept.Standing == "":
			return nil, nil // the resident decided otherwise since
		}
		b.set(member, Member{Standing: to, Case: kept.Case, Round: round, Why: why, At: m.env.Now})
		bodies, err := d.advance(b, m, actor.House)
		if err != nil {
			return nil, err
		}
		return append([]event.Body{HeardEvent{b.meta(actor.House), b.subject(), member, string(to), why}}, bodies...), nil
	})
	return err
}

// onDraftDue ends a bundle whose questions nobody went on with for 30 days.
func (d *Desk) onDraftDue(ctx context.Context, e event.Event) (err error) {
	var due DraftDue
	if err := e.Decode(&due); err != nil {
		return err
	}
	defer fault.Wrap(&err, "expire bundle %s", due.No)
	now := d.c.Clock.Now()
	_, err = d.c.Store.Change(ctx, due.No, func(b *Bundle) ([]event.Body, error) {
		if b.State != Draft || b.Kept.UnixMilli() != due.At || now.Before(b.Kept) {
			return nil, nil
		}
		if until := b.Updated.Add(keep); until.After(now) {
			b.Kept = until
			return []event.Body{event.Later{Body: DraftDue{b.meta(actor.House), b.No, until.UnixMilli()}, At: until}}, nil
		}
		b.State, b.Updated, b.Ended = Expired, now, now
		return []event.Body{ExpiredEvent{b.meta(actor.House), b.subject()}}, nil
	})
	return err
}
