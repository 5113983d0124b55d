package cases

import (
	"context"

	"zhijian/domain/booking"
	"zhijian/domain/payment"
	"zhijian/domain/service"
	"zhijian/ground/actor"
	"zhijian/ground/fault"
)

// Kind is what payments and bookings call this room's things by.
const Kind = "cases"

// Shown is a case with what its resident must see now.
type Shown struct {
	Case  Case
	Offer service.Offer
	View  service.View
	// Brief is what staff decide on; nil for residents, and when nothing is to be decided.
	Brief *service.Brief
	// Objection is what can be done about how it ended, nil for nothing.
	Objection *Objection
	// Amending is what can be done about a mistake in the result, nil for nothing.
	Amending *Amending
	// Corrects are the questions whose answers can be put right now, filled in.
	Corrects []service.Field
	// Recallable is set while its resident can have what was filed taken back; View.Amount is what then goes back to them.
	Recallable bool
	// Between names both sides when it is for somebody else; for staff only.
	Between Between
	// Order is the latest payment the case has, nil for none.
	Order *payment.Order
	// Reservation is the latest booking the case has, nil for none.
	Reservation *booking.Reservation
	// Wait is what the case waits for, or was offered and has not taken yet; nil for none. Ahead is how many wait longer.
	Wait  *booking.Reservation
	Ahead int
	// Resource is what the reservation is of when the house itself keeps it: one can check in and take another time. Turn is how its queue stands.
	Resource *booking.Resource
	Turn     booking.Turn
}

// Show gives a case to its owner. step is the step asked for; empty means the present one. An
// earlier step of the trail shows that step's form filled in. fault.NotFound to anybody else.
func (d *Desk) Show(ctx context.Context, w Who, no, step string) (_ Shown, err error) {
	defer fault.Wrap(&err, "show case %s", no)
	c, err := d.own(ctx, w, no)
	if err != nil {
		return Shown{}, err
	}
	s, m, err := d.present(ctx, w, c)
	c = s.Case
	if err != nil || s.View.Barred || step == "" || step == c.Data.Step || c.State.Ended() {
		return s, err
	}
	if view, ok := m.def.ViewAt(c.Data, step, m.env); ok {
		s.View = view
		if view.Kind == service.ViewBook {
			past := c
			past.Data.Step, past.Data.Phase, past.Data.Waiting = step, "", false
			err = d.calendar(ctx, past, m, w, &s.View)
		}
	}
	return s, err
}

// Look gives a case that its owner has in hand, at its present step, as Show does after reading it.
func (d *Desk) Look(ctx context.Context, w Who, c Case) (_ Shown, err error) {
	defer fault.Wrap(&err, "look at case %s", c.No)
	if !w.owns(c) {
		return Shown{}, absent()
	}
	s, _, err := d.present(ctx, w, c)
	return s, err
}

// present gathers what a case shows at its present step.
func (d *Desk) present(ctx context.Context, w Who, c Case) (Shown, matter, error) {
	m, err := d.matter(ctx, c, w.Actor.Lang, w.Known)
	if err != nil {
		return Shown{}, m, err
	}
	if stalled(c, m) {
		// The resident proved who they are since; the step that waited only for that goes on.
		if err := d.retry(ctx, w, c.No); err != nil {
			return Shown{}, m, err
		}
		if c, err = d.c.Store.Case(ctx, c.No); err != nil {
			return Shown{}, m, err
		}
	}
	s, err := d.shown(ctx, c, m, w)
	return s, m, err
}

// stalled reports a case that stands at a step of the house with nothing under way and nothing to prove any more.
func stalled(c Case, m matter) bool {
	if c.State != Draft || c.Data.Waiting || c.Data.Phase != "" || c.Data.Down {
		return false
	}
	v := m.def.View(c.Data, m.env)
	return v.Kind == service.ViewWait && !v.Barred
}

// shown gathers the page of a case.
func (d *Desk) shown(ctx context.Context, c Case, m matter, w Who) (Shown, error) {
	if barred(w, c, m) {
		return Shown{Case: c.closed(), Offer: m.offer, View: m.def.View(c.Data, m.env)}, nil
	}
	s := Shown{Case: c, Offer: m.offer}
	if c.State == Withdrawn && !c.Recalled() || c.State == Expired {
		s.View = over(c, m)
	} else {
		s.View = m.def.View(c.Data, m.env)
	}
	s.Recallable = m.def.Recallable(c.Data, m.env)
	if w.Actor.Kind == actor.Resident {
		s.Corrects, s.Amending = m.def.Correctable(c.Data, m.env), amending(c, m)
		var err error
		if s.Objection, err = d.objection(ctx, c, m); err != nil {
			return Shown{}, err
		}
	}
	if c.Data.Attempt != nil && (c.State == Paying || c.State == Filing || c.State == Recalling || c.State == Refunding || c.State == Stuck || c.State.Ended()) {
		orders, err := d.c.Payment.Of(ctx, payment.For{Kind: Kind, No: c.No})
		if err != nil {
			return Shown{}, err
		}
		if n := len(orders); n > 0 {
			s.Order = &orders[n-1]
		}
	}
	if s.View.Kind == service.ViewPay && s.View.PayURL == "" && s.Order != nil && s.Order.State == payment.Ordered {
		s.View.PayURL = s.Order.URL
	}
	if s.View.Kind == service.ViewBook || booked(c.Data) {
		if err := d.places(ctx, c, &s); err != nil {
			return Shown{}, err
		}
	}
	if s.View.Kind == service.ViewBook {
		if err := d.calendar(ctx, c, m, w, &s.View); err != nil {
			return Shown{}, err
		}
	}
	return s, nil
}

// booked reports whether a step of the case holds or held a place.
func booked(s service.State) bool {
	for id := range s.Facts {
		if f := fact(s, id); f["slot"] != nil && f["pool"] != nil {
			return true
		}
	}
	return false
}

// over is the page of a case that ended by a move of this room: its definition knows nothing of that.
func over(c Case, m matter) service.View {
	v := service.View{Kind: service.ViewResult, Step: c.Data.Step, End: string(c.State)}
	state := c.State
	if c.Cancelled() {
		state = cancelled
	}
	say := map[State][2]service.Text{
		cancelled: {
			{Zh: "预约已取消", En: "Appointment cancelled"},
			{Zh: "您不用再去，这个时间已经让给别人。需要的话请重新预约。", En: "You need not come; the time is free for others. Book again if you still need it."},
		},
		Withdrawn: {
			{Zh: "已经取消", En: "Cancelled"},
			{Zh: "您取消了这次办理。没有付款的订单已关闭；如果付过款，钱会原路退回。", En: "You called this off. Unpaid orders are closed; anything paid goes back the way it came."},
		},
		Expired: {
			{Zh: "太久没有继续，已经结束", En: "Ended because nothing happened for long"},
			{Zh: "30 天没有继续，填写的内容不再保留办理。需要的话请重新办理。", En: "Nothing happened for 30 days. Please start again if you still need it."},
		},
	}[state]
	v.Title, v.Lead = say[0].In(m.env.Lang), say[1].In(m.env.Lang)
	return v
}
