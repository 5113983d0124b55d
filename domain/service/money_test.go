package service_test

import (
	"testing"
	"time"

	"zhijian/domain/service"
)

func outcome(kind service.OutcomeKind, step string, attempt int, no string, amount int) service.Outcome {
	return service.Outcome{Kind: kind, Step: step, Attempt: attempt, Data: map[string]any{"no": no, "amount": amount, "paid_at": "2026-05-26T14:08:00+08:00"}}
}

func atPay(t *testing.T) *rider {
	t.Helper()
	r := atCheck(t)
	r.answer()
	r.proceed()
	return r
}

func TestOrderWhenTheChannelIsSilent(t *testing.T) {
	t.Parallel()
	r := atCheck(t)
	r.answer()
	first := r.awaits(service.EffectOrder)
	r.hear(service.OutcomeDown, nil)
	if v := r.view(); !v.Down || !v.Retry || v.Title != "暂时不能付款" {
		t.Fatalf("%+v", v)
	}
	r.do(service.Retry{Step: "fine"})
	if again := r.awaits(service.EffectOrder); again.Attempt != first.Attempt || again.Amount != first.Amount {
		t.Fatalf("orders anew: %+v", again)
	}
	r.proceed()
	if v := r.view(); v.Kind != service.ViewPay || v.PayURL == "" || v.Down || v.Back != "check" {
		t.Fatalf("%+v", v)
	}
}

func TestPaymentComesBeforeTheOrdersAnswer(t *testing.T) {
	t.Parallel()
	r := atCheck(t)
	r.answer()
	r.do(outcome(service.OutcomePaid, "fine", 1, "N1", 15000))
	if e := r.awaits(service.EffectFile); e.With["paid"] != "N1" || e.With["amount"] != int64(15000) {
		t.Fatalf("%+v", e)
	}
	r.do(service.Outcome{Kind: service.OutcomeOrdered, Effect: service.EffectOrder, Step: "fine", Attempt: 1, Data: map[string]any{"no": "N1"}})
	if r.s.Phase != "filing" || len(r.effects) > 0 {
		t.Fatalf("the late answer moved it to %s", r.s.Phase)
	}
}

func TestClosedOrderIsPaidAgain(t *testing.T) {
	t.Parallel()
	r := atPay(t)
	r.do(outcome(service.OutcomeClosed, "fine", 1, "", 0))
	if v := r.view(); v.Kind != service.ViewPay || !v.Retry || v.PayURL != "" || v.Button != "再付一次 ¥150.00" {
		t.Fatalf("%+v", v)
	}
	r.answer()
	if e := r.awaits(service.EffectOrder); e.Attempt != 2 {
		t.Fatalf("%+v", e)
	}
	r.proceed()
	t.Run("the old order is paid after all", func(t *testing.T) {
		r := *r
		r.t = t
		r.do(outcome(service.OutcomePaid, "fine", 1, "N1", 15000))
		if len(r.effects) != 2 || r.effects[0].Kind != service.EffectCancel || r.effects[0].Attempt != 2 || r.effects[1].Kind != service.EffectFile {
			t.Fatalf("%+v", r.effects)
		}
		r.do(outcome(service.OutcomePaid, "fine", 2, "N2", 15000))
		if len(r.effects) != 1 || r.effects[0].Kind != service.EffectRefund || r.effects[0].No != "N2" || r.s.Phase != "filing" {
			t.Fatalf("%+v", r.effects)
		}
		r.do(outcome(service.OutcomePaid, "fine", 2, "N2", 15000))
		if len(r.effects) != 0 {
			t.Fatalf("sent back twice: %+v", r.effects)
		}
	})
	t.Run("the new one is paid, then the old one", func(t *testing.T) {
		r := *r
		r.t = t
		r.do(outcome(service.OutcomePaid, "fine", 2, "N2", 15000))
		r.awaits(service.EffectFile)
		r.do(outcome(service.OutcomePaid, "fine", 1, "N1", 15000))
		if len(r.effects) != 1 || r.effects[0].Kind != service.EffectRefund || r.effects[0].Attempt != 1 {
			t.Fatalf("%+v", r.effects)
		}
	})
}

func TestChangeWhilePaymentIsOpen(t *testing.T) {
	t.Parallel()
	r := atPay(t)
	r.do(service.Change{Step: "chosen", Return: true})
	if e := r.awaits(service.EffectCancel); e.No == "" || e.Attempt != 1 {
		t.Fatalf("%+v", e)
	}
	paid := *r
	paid.do(outcome(service.OutcomePaid, "fine", 1, "N1", 15000))
	paid.awaits(service.EffectFile)
	r.hear(service.OutcomeClosed, nil)
	if v := r.view(); v.Step != "chosen" || !v.Items[0].Selected {
		t.Fatalf("%+v", v)
	}
	r.answer("chosen", "3")
	if v := r.view(); v.Step != "check" || v.Amount != 10000 {
		t.Fatalf("%+v", v)
	}
	r.answer()
	if e := r.awaits(service.EffectOrder); e.Attempt != 2 || e.Amount != 10000 {
		t.Fatalf("%+v", e)
	}
	r.do(outcome(service.OutcomePaid, "fine", 1, "N1", 15000))
	if len(r.effects) != 1 || r.effects[0].Kind != service.EffectRefund || r.s.Phase != "ordering" {
		t.Fatalf("the cancelled order's money: %+v", r.effects)
	}
}

// atSlot is an appointment with hall and matter chosen.
func atSlot(t *testing.T) *rider {
	t.Helper()
	r := start(t, "hall-appointment")
	r.proceed()
	r.answer("hall", "330100-1")
	r.proceed()
	r.answer("matter", "m1")
	return r
}

func TestBooking(t *testing.T) {
	t.Parallel()
	const slot = "330100-1@20260528T0930"
	t.Run("the places to show", func(t *testing.T) {
		r := atSlot(t)
		office, call, with, pool, ok := r.d.SlotsCall(r.s, r.env)
		if !ok || office != "hall" || call != "slots.list" || with["hall"] != "330100-1" || with["days"] != int64(7) || with["region"] != "330100" || pool != r.view().Pool {
			t.Fatalf("%s %s %v %s %v", office, call, with, pool, ok)
		}
	})
	t.Run("somebody was quicker", func(t *testing.T) {
		r := atSlot(t)
		r.answer("slot", slot)
		r.hear(service.OutcomeTaken, nil, "booking.taken")
		if v := r.view(); v.Kind != service.ViewBook || v.Notes[0].Text != "这个时间刚刚被约满，请换一个。" || v.Missed != slot || r.s.Bars(v.Pool, slot) {
			t.Fatalf("%+v", v)
		}
		r.answer("slot", slot+"x")
		if r.s.Missed != "" {
			t.Errorf("still misses %s", r.s.Missed)
		}
		if e := r.awaits(service.EffectHold); e.Attempt != 2 || e.Slot != slot+"x" || e.Pool != "hall-330100/330100-1" {
			t.Fatalf("%+v", e)
		}
	})
}

func TestHoldRunsOut(t *testing.T) {
	t.Parallel()
	const slot = "330100-1@20260528T0930"
	t.Run("while the answers are checked", func(t *testing.T) {
		r := atSlot(t)
		r.answer("slot", slot)
		r.proceed()
		r.do(service.Outcome{Kind: service.OutcomeExpired, Step: "slot", Attempt: 1})
		if v := r.view(); v.Step != "slot" || v.Notes[0].Text != "为您保留的时间已经过了，请重新选。" {
			t.Fatalf("%+v", v)
		}
	})
	t.Run("while it is confirmed", func(t *testing.T) {
		r := atSlot(t)
		r.answer("slot", slot)
		r.proceed()
		r.answer()
		if e := r.awaits(service.EffectConfirm); e.No != "R1" || e.Step != "slot" || e.Attempt != 1 {
			t.Fatalf("%+v", e)
		}
		r.do(service.Outcome{Kind: service.OutcomeExpired, Step: "slot", Attempt: 1})
		if r.s.Step != "slot" || r.s.Waiting {
			t.Fatalf("at %s", r.s.Step)
		}
	})
}

func TestPlaceGivenBack(t *testing.T) {
	t.Parallel()
	const slot = "330100-1@20260528T0930"
	t.Run("another time is chosen: the old one goes back first", func(t *testing.T) {
		r := atSlot(t)
		r.answer("slot", slot)
		r.proceed()
		r.do(service.Change{Step: "slot", Return: true})
		r.answer("slot", slot+"x")
		if e := r.awaits(service.EffectRelease); e.No != "R1" {
			t.Fatalf("%+v", e)
		}
		r.hear(service.OutcomeDone, nil)
		if e := r.awaits(service.EffectHold); e.Slot != slot+"x" || e.Attempt != 2 {
			t.Fatalf("%+v", e)
		}
		r.proceed()
		if r.s.Step != "check" {
			t.Fatalf("at %s", r.s.Step)
		}
	})
	t.Run("the office refuses: released, back, and filed under a new key", func(t *testing.T) {
		r := atSlot(t)
		r.answer("slot", slot)
		r.proceed()
		r.answer()
		r.proceed()
		if e := r.awaits(service.EffectFile); e.Key != "0CASE/appointment" || e.With["reservation"] != "R1" || e.With["name"] != "张小敏" {
			t.Fatalf("%+v", e)
		}
		r.hear(service.OutcomeRefused, nil, "这个时段刚刚被约满，请换一个时段")
		r.awaits(service.EffectRelease)
		r.hear(service.OutcomeDone, nil)
		if v := r.view(); v.Kind != service.ViewBook || v.Notes[0].Text != "这个时段刚刚被约满，请换一个时段" || v.Missed != slot {
			t.Fatalf("%+v", v)
		}
		if pool := r.view().Pool; !r.s.Bars(pool, slot) || r.s.Bars(pool, slot+"x") || r.s.Bars("elsewhere", slot) {
			t.Errorf("the places of %q that the office refused are not those remembered", pool)
		}
		r.answer("slot", slot+"x")
		r.proceed()
		r.answer()
		r.proceed()
		if e := r.awaits(service.EffectFile); e.Key != "0CASE/appointment/2" {
			t.Fatalf("%+v", e)
		}
		r.hear(service.OutcomeDown, nil)
		r.hear(service.OutcomeAnswered, told("slots.book"))
		if r.s.End != "done" || r.d.Stand(r.s) != service.StandDone {
			t.Fatalf("end %q stand %s", r.s.End, r.d.Stand(r.s))
		}
		undo := r.d.Undo(r.s, r.env)
		if len(undo) != 1 || undo[0].Call != "slots.cancel" || undo[0].With["reservation"] != "R1" || undo[0].Key != "0CASE/appointment/2" {
			t.Fatalf("undone by %+v", undo)
		}
	})
	t.Run("an unpaid order frees the place", func(t *testing.T) {
		offer := service.Offer{Offices: map[string]service.Office{"school": {System: "s", Name: service.Text{Zh: "考场"}, Payee: "考试中心"}}}
		r := ride(t, load(t, "everything.yaml"), offer, "")
		for r.view().Kind != service.ViewPay {
			if v := r.view(); r.s.Waiting {
				r.proceed()
			} else {
				r.fillIn(v)
			}
		}
		r.env.Now = r.env.Now.Add(15 * time.Minute)
		r.do(outcome(service.OutcomeClosed, "fee", 1, "", 0))
		if e := r.awaits(service.EffectRelease); e.No != "R1" {
			t.Fatalf("%+v", e)
		}
		r.hear(service.OutcomeDone, nil)
		if v := r.view(); v.Step != "slot" || v.Notes[0].Text != "没有在规定时间内付款，没有扣钱。" {
			t.Fatalf("%+v", v)
		}
	})
}
