package draw

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"zhijian/domain/draw/record"
	"zhijian/ground/actor"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/uid"
)

// Announce publishes the terms of a new draw, which never change. City and department's name are the house's to say. Staff of a department
// announce for its own series. fault.Invalid names the fields at fault.
func (d *Desk) Announce(ctx context.Context, a actor.Actor, t record.Terms) (_ Draw, err error) {
	defer fault.Wrap(&err, "announce a draw by %s", a)
	if a.Kind != actor.Staff || a.Department == 0 {
		return Draw{}, denied()
	}
	g, err := d.c.Grounds.Draws(ctx, a.Department)
	if err != nil {
		return Draw{}, err
	}
	now := d.c.Clock.Now()
	t.City, t.By = g.City, g.Name
	series := unless(!slices.ContainsFunc(g.Series, func(s Series) bool { return s.Code == t.Series }), "draw.series", "请选这次摇号属于哪一项服务", "series")
	if err := fault.Join(series, fault.Of(checkTerms(t, now))); err != nil {
		return Draw{}, err
	}
	one := Draw{ID: d.c.IDs.ID(), No: uid.No(), Department: a.Department, State: Announced, Terms: t, Course: Course{By: a.ID}, Created: now, Rev: 1}
	err = d.c.Store.Add(ctx, one, AnnouncedEvent{one.meta(a), Subject{one.No}, t.Hash(one.No)},
		event.Later{Body: CloseDue{one.meta(actor.House), Subject{one.No}}, At: one.Closes()})
	return one, err
}

// Cancel calls a draw off before it is drawn, for a reason that is published.
func (d *Desk) Cancel(ctx context.Context, a actor.Actor, no, reason string) (_ Draw, err error) {
	defer fault.Wrap(&err, "call draw %s off", no)
	reason = strings.Join(strings.Fields(reason), " ")
	if n := utf8.RuneCountInString(reason); n < 4 || n > 300 {
		return Draw{}, fault.Invalid("draw.reason", "请写明取消的理由，4 到 300 个字，会公布出来").On("reason")
	}
	now := d.c.Clock.Now()
	return d.change(ctx, a, no, func(one *Draw) (State, event.Body, error) {
		if one.State == Cancelled {
			return one.State, nil, nil
		}
		if one.State == Seeded || one.State == Drawn {
			return one.State, nil, fault.Conflict("draw.final", "已经摇过号了，结果不能取消，也不能重摇")
		}
		one.Course.Reason, one.Course.Cancelled, one.Course.First = reason, now.Truncate(time.Second), nil
		return Cancelled, CancelledEvent{one.meta(a), Subject{no}}, nil
	})
}
