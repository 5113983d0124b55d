package booking

import (
	"context"
	"slices"
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
		if s.Pool == "" || s.ID == "" || s.Start.IsZero() || !s.End.After(s.Start) || s.Capacity < 0 || s.Walk < 0 || s.Walk > s.Capacity {
			return fault.Invalid("booking.publish", "号源缺少编号或时间，请核对后再发布")
		}
	}
	if len(slots) == 0 {
		return nil
	}
	return d.publish(ctx, slots)
}

// publish takes slots over, and offers what became free by it to who waits.
func (d *Desk) publish(ctx context.Context, slots []Slot) error {
	if err := d.c.Store.Publish(ctx, slots); err != nil {
		return err
	}
	var pools []string
	for _, s := range slots {
		if !slices.Contains(pools, s.Pool) {
			pools = append(pools, s.Pool)
		}
	}
	now := d.c.Clock.Now()
	for _, pool := range pools {
		list, err := d.c.Store.Slots(ctx, pool, now, now.AddDate(1, 0, 0))
		if err != nil {
			return err
		}
		for _, s := range list {
			if s.Waiting > 0 && s.room(now) > 0 {
				if err := d.offer(ctx, pool, s.ID); err != nil {
					return err
				}
			}
		}
	}
	return nil
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
