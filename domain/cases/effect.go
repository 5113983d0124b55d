package cases

import (
	"context"
	"fmt"
	"strings"
	"time"

	"zhijian/domain/booking"
	"zhijian/domain/payment"
	"zhijian/domain/service"
	"zhijian/ground/actor"
	"zhijian/ground/event"
	"zhijian/ground/fault"
)

// onAsked does what a move asked for and moves the case by its outcome. What to do is computed again from the
// kept case, so that an event that comes twice does nothing when its outcome is known.
func (d *Desk) onAsked(ctx context.Context, e event.Event) (err error) {
	var asked AskedEvent
	if err := e.Decode(&asked); err != nil {
		return err
	}
	defer fault.Wrap(&err, "%s for case %s step %s", asked.Effect, asked.No, asked.Step)
	c, err := d.c.Store.Case(ctx, asked.No)
	if err != nil {
		return err
	}
	m, err := d.matter(ctx, c, c.Lang, nil)
	if err != nil {
		return err
	}
	f, ok := pending(c, m, asked)
	if !ok {
		return nil
	}
	o, err := d.do(ctx, c, m, f)
	if (fault.Is(err, fault.KindUnavailable) || fault.Is(err, fault.KindDenied)) && own(f.Kind) {
		// Nothing outside may stay undone because the channel was silent or refused: the house asks again by itself.
		return d.again(ctx, c, m, asked)
	}
	if err != nil {
		return err
	}
	owner, err := d.lookedUp(ctx, c, f, o)
	if err != nil {
		return err
	}
	if err := d.hear(ctx, c, m, o, owner); err != nil {
		return err
	}
	if o.Kind == service.OutcomeDown && (f.Kind == service.EffectOrder || c.State == Withdrawn) {
		return d.again(ctx, c, m, asked)
	}
	return nil
}

// own reports an effect of the house itself, which must be repeated until it has an outcome.
func own(k service.EffectKind) bool {
	return k == service.EffectCancel || k == service.EffectRefund
}

// pending finds the effect that an event asks for. Sending money back, calling an order off and freeing a place are
// decisions once made, awaited or not; everything else must still be awaited.
func pending(c Case, m matter, asked AskedEvent) (service.Effect, bool) {
	kind := service.EffectKind(asked.Effect)
	if c.State != Withdrawn && c.State != Expired {
		for _, f := range m.def.Pending(c.Data, m.env) {
			if f.Kind == kind && f.Step == asked.Step && f.Attempt == asked.Attempt {
				return f, true
			}
		}
	}
	switch kind {
	case service.EffectVoid:
		if c.State == Withdrawn { // an appointment that was called off
			for _, f := range m.def.Undo(c.Data, m.env) {
				if f.Step == asked.Step && f.Attempt == asked.Attempt {
					return f, true
				}
			}
		}
	case service.EffectCancel, service.EffectRefund, service.EffectRelease:
		return service.Effect{Kind: kind, Step: asked.Step, Attempt: asked.Attempt, No: asked.Of}, true
	}
	return service.Effect{}, false
}

// again sets an alarm that repeats an effect of the house: after 5 s, 15 s, 1 min, 5 min, then every 15 minutes.
func (d *Desk) again(ctx context.Context, c Case, m matter, asked AskedEvent) error {
	gaps := []time.Duration{5 * time.Second, 15 * time.Second, time.Minute, 5 * time.Minute, 15 * time.Minute}
	wait := gaps[min(asked.Try, len(gaps)-1)]
	_, err := d.c.Store.Change(ctx, c.No, func(c *Case) ([]event.Body, error) {
		asked.Meta, asked.Subject = c.meta(actor.House), c.subject()
		next := asked
		next.Try++
		return []event.Body{event.Later{Body: next, At: m.env.Now.Add(wait)}}, nil
	})
	return err
}

// do runs one effect. An error means that there is no outcome yet.
func (d *Desk) do(ctx context.Context, c Case, m matter, f service.Effect) (service.Outcome, error) {
	o := service.Outcome{Effect: f.Kind, Step: f.Step, Attempt: f.Attempt}
	switch f.Kind {
	case service.EffectAsk:
		return d.lookUp(ctx, c, m, f, o)
	case service.EffectFile, service.EffectTrace, service.EffectVoid:
		return d.call(ctx, m, f, o)
	case service.EffectDue:
		o.Kind = service.OutcomeDone
		return o, nil
	case service.EffectOrder:
		return d.order(ctx, c, m, f, o)
	case service.EffectCancel, service.EffectRefund:
		return d.giveBack(ctx, c, f, o)
	case service.EffectHold:
		return d.hold(ctx, c, f, o)
	case service.EffectConfirm, service.EffectRelease:
		return d.place(ctx, c, f, o)
	}
	return o, fmt.Errorf("unknown effect %q", f.Kind)
}

// call asks an office. Only acts carry a key: a question may be answered from what is known. An office that does not understand us
// (404, 409, a redirect) has not answered either: what was paid for must come to where a person of the department sees it.
func (d *Desk) call(ctx context.Context, m matter, f service.Effect, o service.Outcome) (service.Outcome, error) {
	office, ok := m.offer.Offices[f.Office]
	if !ok { // the city's pack is gone: nobody answers, and a person must look
		o.Kind = service.OutcomeDown
		return o, nil
	}
	key := f.Key
	if f.Kind == service.EffectAsk || f.Kind == service.EffectTrace {
		key = ""
	}
	data, err := d.c.Office.Call(ctx, office.System, f.Call, key, f.With)
	switch refused := fault.Of(err); {
	case err == nil:
		o.Kind, o.Data = service.OutcomeAnswered, data
	case refused != nil && refused.Kind == fault.KindConflict:
		o.Kind, o.Reason = service.OutcomeRefused, refused.Public
	case ctx.Err() != nil:
		return o, err
	default:
		o.Kind = service.OutcomeDown
		if why, ok := unasked(refused); ok {
			o.Data = map[string]any{"why": why, "again": d.c.Clock.Now().Add(refused.RetryAfter).Format(time.RFC3339)}
		} else if since, down := d.c.Office.Down(office.System); down {
			o.Data = map[string]any{"since": since.Format(time.RFC3339)}
		}
	}
	return o, nil
}

// unasked tells why a question was not even sent, as service.State.Hush; false for an office that is silent.
func unasked(f *fault.Error) (why string, ok bool) {
	if f == nil || f.RetryAfter <= 0 {
		return "", false
	}
	switch f.Code {
	case "office.busy", "office.quota", "office.quota_day":
		return strings.TrimPrefix(f.Code, "office."), true
	}
	return "", false
}

func (d *Desk) order(ctx context.Context, c Case, m matter, f service.Effect, o service.Outcome) (service.Outcome, error) {
	ordered, err := d.c.Payment.Order(ctx, actor.House, payment.Ask{
		For: payment.For{Kind: Kind, No: c.No}, Step: f.Step, Attempt: f.Attempt, Resident: c.Resident, Account: c.Account,
		Region: c.City, Sector: c.Sector, Service: c.Service, Amount: f.Amount, Payee: f.Payee, About: f.About,
		ReturnTo: homeward(c, "/cases/"+c.No+"/steps/"+f.Step), ClientIP: c.Client.Reveal(),
	})
	if fault.Is(err, fault.KindUnavailable) {
		o.Kind = service.OutcomeDown
		return o, nil
	}
	if err != nil {
		return o, err
	}
	switch ordered.State {
	case payment.Closed:
		o.Kind, o.Effect = service.OutcomeClosed, ""
	case payment.Ordered:
		o.Kind = service.OutcomeOrdered
		o.Data = map[string]any{"no": ordered.No, "url": ordered.URL, "expires": ordered.Expires.Format(time.RFC3339)}
	default: // paid within a moment: the payment's own event says the same
		return paidOutcome(ordered), nil
	}
	return o, nil
}

// paidOutcome says that an order has its money.
func paidOutcome(p payment.Order) service.Outcome {
	return service.Outcome{Kind: service.OutcomePaid, Step: p.Step, Attempt: p.Attempt, Data: map[string]any{
		"no": p.No, "amount": int64(p.Amount), "transaction": p.Transaction, "paid_at": p.PaidAt.Format(time.RFC3339),
	}}
}

// giveBack calls an order off or returns its money.
func (d *Desk) giveBack(ctx context.Context, c Case, f service.Effect, o service.Outcome) (service.Outcome, error) {
	no, err := d.orderNo(ctx, c, f)
	if err != nil {
		return o, err
	}
	if no == "" { // never ordered: nothing to call off
		o.Kind = service.OutcomeClosed
		return o, nil
	}
	var p payment.Order
	if f.Kind == service.EffectCancel {
		p, err = d.c.Payment.Cancel(ctx, actor.House, no)
	} else {
		p, err = d.c.Payment.Refund(ctx, actor.House, no, c.refundReason(f))
	}
	if err != nil {
		return o, err
	}
	switch p.State {
	case payment.Closed:
		o.Kind = service.OutcomeClosed
	case payment.Paid:
		return paidOutcome(p), nil
	case payment.Refunded:
		o.Kind, o.Data = service.OutcomeRefunded, map[string]any{"refunded_at": p.RefundedAt.Format(time.RFC3339)}
	default:
		o.Kind = "" // on its way: payment.refunded says when it is back
	}
	return o, nil
}

// refundReason is the code of why money goes back.
func (c Case) refundReason(f service.Effect) string {
	if c.State == Refunding && fact(c.Data, f.Step)["paid"] == true {
		if c.Data.Recall != nil {
			return string(Withdrawn)
		}
		return "refused"
	}
	return "unwanted"
}

// orderNo finds the order of a step and attempt; "" when there is none.
func (d *Desk) orderNo(ctx context.Context, c Case, f service.Effect) (string, error) {
	if f.No != "" {
		return f.No, nil
	}
	list, err := d.c.Payment.Of(ctx, payment.For{Kind: Kind, No: c.No})
	for _, p := range list {
		if p.Step == f.Step && p.Attempt == f.Attempt {
			return p.No, err
		}
	}
	return "", err
}

func (d *Desk) hold(ctx context.Context, c Case, f service.Effect, o service.Outcome) (service.Outcome, error) {
	r, err := d.c.Booking.Hold(ctx, actor.House, booking.Hold{
		For: booking.For{Kind: Kind, No: c.No}, Step: f.Step, Attempt: f.Attempt, Resident: c.Resident, Pool: f.Pool, Slot: f.Slot,
		Service: c.Service, Region: c.City, Sector: c.Sector, Account: c.Account,
	})
	switch no := fault.Of(err); {
	case err == nil && r.State.Live():
		o.Kind = service.OutcomeHeld
		o.Data = map[string]any{
			"no": r.No, "slot": r.Slot, "start": r.Start.Format(time.RFC3339), "end": r.End.Format(time.RFC3339), "until": r.Until.Format(time.RFC3339),
		}
	case err == nil: // the hold ran out before the case heard of it
		o.Kind, o.Reason = service.OutcomeTaken, "booking.taken"
	case no != nil && no.Kind == fault.KindConflict:
		o.Kind, o.Reason = service.OutcomeTaken, no.Code
	case no != nil && (no.Kind == fault.KindNotFound || no.Kind == fault.KindInvalid): // a slot that was never offered
		o.Kind, o.Reason = service.OutcomeTaken, "booking.taken"
	default:
		return o, err
	}
	return o, nil
}

// place makes a held place definite, or frees it.
func (d *Desk) place(ctx context.Context, c Case, f service.Effect, o service.Outcome) (service.Outcome, error) {
	o.Kind = service.OutcomeDone
	no := f.No
	if no == "" {
		list, err := d.c.Booking.Of(ctx, booking.For{Kind: Kind, No: c.No})
		if err != nil {
			return o, err
		}
		for _, r := range list {
			if r.Step == f.Step && r.Attempt == f.Attempt {
				no = r.No
			}
		}
		if no == "" {
			return o, nil
		}
	}
	if f.Kind == service.EffectRelease {
		_, err := d.c.Booking.Release(ctx, actor.House, no, "resident")
		return o, err
	}
	_, err := d.c.Booking.Confirm(ctx, actor.House, no)
	if fault.Is(err, fault.KindConflict) {
		o.Kind, o.Effect = service.OutcomeExpired, ""
		return o, nil
	}
	return o, err
}

// homeward is a path of the case's pages in the language the resident began in (docs/map.md: English pages live under /en).
func homeward(c Case, path string) string {
	if c.Lang == "en" {
		return "/en" + path
	}
	return path
}
