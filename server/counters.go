package server

import (
	"context"
	"strconv"
	"time"

	"zhijian/domain/booking"
	"zhijian/domain/cases"
	"zhijian/ground/actor"
	"zhijian/ground/fault"
)

// counters is the house as an office of its own: what a department keeps here (booking.Resource) is booked by the same services as what it keeps
// in a system of its own. A city pack binds an office to it by the system's name "house", without a pool. All other systems are asked outside.
type counters struct {
	cases.Office
	booking *booking.Desk
}

// ownSystem is the name of the house among the systems.
const ownSystem = "house"

// Call answers for the house, or asks outside.
func (c counters) Call(ctx context.Context, system, call, key string, with map[string]any) (map[string]any, error) {
	if system != ownSystem {
		return c.Office.Call(ctx, system, call, key, with)
	}
	switch call {
	case "halls.list":
		return c.halls(ctx, named(with, "region"))
	case "matters.list":
		return c.matters(ctx, named(with, "hall"))
	case "slots.list": // the house publishes its slots to itself (booking.Roll)
		return map[string]any{"slots": []any{}}, nil
	case "slots.book":
		return c.book(ctx, named(with, "reservation"))
	case "slots.booked":
		r, err := c.found(ctx, named(with, "reservation"))
		return answer(r), err
	case "slots.cancel":
		return c.cancel(ctx, named(with, "reservation"))
	}
	return nil, fault.Unavailable("office.down", "没有这样的查询")
}

// Down says since when a system does not answer; the house always does.
func (c counters) Down(system string) (time.Time, bool) {
	if system == ownSystem {
		return time.Time{}, false
	}
	return c.Office.Down(system)
}

func named(with map[string]any, name string) string {
	s, _ := with[name].(string)
	return s
}

// halls lists the counters of a region.
func (c counters) halls(ctx context.Context, region string) (map[string]any, error) {
	list, err := c.booking.Resources(ctx, actor.House, region)
	if err != nil {
		return nil, err
	}
	out := []any{}
	for _, r := range list {
		if r.Kind == booking.Counter && region != "" {
			one := map[string]any{"id": r.Pool, "name": r.Name, "address": r.Address, "hours": r.Plan.Hours()}
			if r.At.Known() {
				one["lat"], one["lon"] = r.At.Lat, r.At.Lon
			}
			out = append(out, one)
		}
	}
	return map[string]any{"halls": out}, nil
}

// matters lists what one can come to a counter for.
func (c counters) matters(ctx context.Context, pool string) (map[string]any, error) {
	r, ok, err := c.booking.Resource(ctx, pool)
	if err != nil {
		return nil, err
	}
	out := []any{}
	for i, m := range r.Matters {
		if ok {
			out = append(out, map[string]any{"id": "m" + strconv.Itoa(i+1), "name": m, "minutes": int64(r.Plan.Minutes)})
		}
	}
	return map[string]any{"matters": out}, nil
}

// book says yes to a reservation that stands. The place was taken before; nothing is to be done.
func (c counters) book(ctx context.Context, no string) (map[string]any, error) {
	r, err := c.found(ctx, no)
	if err != nil {
		return nil, err
	}
	if r.State != booking.Confirmed {
		return nil, fault.Conflict("office.refused", "%s", "这个时间没有约上，请换一个")
	}
	return answer(r), nil
}

// cancel frees the place; one that has been used stays.
func (c counters) cancel(ctx context.Context, no string) (map[string]any, error) {
	r, err := c.found(ctx, no)
	if err != nil {
		return nil, err
	}
	was := r.State.Takes()
	if was {
		if r, err = c.booking.Release(ctx, actor.House, no, "resident"); err != nil {
			return nil, err
		}
	}
	return map[string]any{"cancelled": r.State == booking.Released, "was_booked": was}, nil
}

// found reads a reservation; one that never was counts as released.
func (c counters) found(ctx context.Context, no string) (booking.Reservation, error) {
	r, err := c.booking.Reservation(ctx, actor.House, no)
	if fault.Is(err, fault.KindNotFound) {
		return booking.Reservation{State: booking.Released}, nil
	}
	return r, err
}

func answer(r booking.Reservation) map[string]any {
	return map[string]any{"booked": r.State.Takes(), "cancelled": !r.State.Takes(), "code": r.Code(), "window": r.Window}
}
