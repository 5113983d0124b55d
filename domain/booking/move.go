package booking

import (
	"context"

	"zhijian/ground/actor"
	"zhijian/ground/event"
	"zhijian/ground/fault"
)

// Move gives a confirmed reservation another slot of its pool, in one transaction: the new place is taken before the old one is given back, or
// nothing changes. Only of a resource that the house keeps (an office would have to agree): fault.Conflict "booking.fixed" elsewhere;
// "booking.late" when its time has come or it is not confirmed; "booking.taken" and "booking.twice" as by Hold. To the slot that it has
// changes nothing. The house, who runs the resource, and its resident may.
func (d *Desk) Move(ctx context.Context, a actor.Actor, no, slot string) (_ Reservation, err error) {
	defer fault.Wrap(&err, "move reservation %s", no)
	known, err := d.c.Store.Reservation(ctx, no)
	if err != nil {
		return Reservation{}, err
	}
	resource, ours, err := d.c.Store.Resource(ctx, known.Pool)
	if err != nil {
		return Reservation{}, err
	}
	now := d.c.Clock.Now()
	to, err := d.slot(ctx, known.Pool, slot)
	if err != nil {
		return Reservation{}, err
	}
	return d.update(ctx, no, func(r *Reservation) ([]event.Body, error) {
		switch {
		case !a.IsResident(r.Resident) && !(ours && resource.runs(a)):
			return nil, absent()
		case !ours:
			return nil, fault.Conflict("booking.fixed", "这里的时间不能直接改，请先取消，再重新预约")
		case r.State != Confirmed || !now.Before(r.Start):
			return nil, fault.Conflict("booking.late", "已经到了预约的时间，不能再改")
		case r.Slot == slot:
			return nil, nil
		}
		from := r.Slot
		r.Slot, r.Start, r.End = to.ID, to.Start, to.End
		return []event.Body{MovedEvent{r.meta(a), r.subject(), from}, r.watch()}, nil
	})
}

// slot finds a slot of a pool that has not begun.
func (d *Desk) slot(ctx context.Context, pool, id string) (Slot, error) {
	if id == "" {
		return Slot{}, fault.Invalid("slot.none", "请选一个时间").On("slot")
	}
	now := d.c.Clock.Now()
	list, err := d.c.Store.Slots(ctx, pool, now, now.AddDate(1, 0, 0))
	for _, s := range list {
		if s.ID == id {
			return s, err
		}
	}
	if err == nil {
		err = fault.NotFound("booking.slot", "没有这个时间可约，请重新选一个")
	}
	return Slot{}, err
}
