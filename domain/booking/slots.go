package booking

import (
	"context"
	"time"

	"zhijian/ground/actor"
	"zhijian/ground/fault"
)

// Publish takes over what an office offers. The house, the operator and staff may. A slot without
// pool, id, times or with a negative capacity is fault.Invalid and nothing is taken over.
func (d *Desk) Publish(ctx context.Context, a actor.Actor, slots []Slot) (err error) {
	defer fault.Wrap(&err, "publish %d slots", len(slots))
	if !housekeeping(a) {
		return fault.Denied("booking.denied", "只有开办部门的工作人员能发布号源")
	}
	for _, s := range slots {
		if s.Pool == "" || s.ID == "" || s.Start.IsZero() || !s.End.After(s.Start) || s.Capacity < 0 {
			return fault.Invalid("booking.publish", "号源缺少编号或时间，请核对后再发布")
		}
	}
	if len(slots) == 0 {
		return nil
	}
	return d.c.Store.Publish(ctx, slots)
}

// Slots lists what can be booked in a pool: the slots that start within [from, to) and have not begun, by start.
func (d *Desk) Slots(ctx context.Context, a actor.Actor, pool string, from, to time.Time) ([]Slot, error) {
	if now := d.c.Clock.Now(); from.Before(now) {
		from = now
	}
	return d.c.Store.Slots(ctx, pool, from, to)
}

// Confirmed counts the confirmed reservations of a pool by slot: what its office knows of. Held places it does not know yet.
func (d *Desk) Confirmed(ctx context.Context, a actor.Actor, pool string) (map[string]int, error) {
	if !housekeeping(a) {
		return nil, fault.Denied("booking.denied", "只有开办部门的工作人员能发布号源")
	}
	return d.c.Store.Confirmed(ctx, pool)
}
