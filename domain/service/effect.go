package service

import (
	"time"

	"zhijian/ground/money"
)

// What the house owes the engine
//
// At most one effect of a case is awaited at any time; Pending gives it again. An Outcome repeats
// Effect, Step and Attempt of the effect it answers. What does not match the awaited effect changes
// nothing, so every outcome may come twice, late or out of order. Data holds JSON values only
// (string, bool, whole numbers, lists, objects); money is whole fen, times are RFC 3339, days
// YYYY-MM-DD. The engine keeps of an office's answer only the members that the definition's "gives"
// declares, and treats an answer of another shape as no answer.
//
//	effect   run it as                                   outcomes and their Data
//	ask      Office.Call(Office, Call, Key, With)        answered  the office's data as it is ("as_of" is kept; "known": false means not known)
//	                                                     refused   Reason: the office's sentence
//	                                                     down      since (optional): since when the system does not answer
//	                                                     limited   Reason: the budget's name ("lookup.resident"); the office was not asked
//	file     Office.Call, act, idempotent by Key         answered, refused, down as for ask
//	trace    Office.Call; With names the key             answered  the office's data: a true member named by the definition ("settled") means it took effect
//	                                                     down, refused
//	void     Office.Call, act                            answered  the office's data; down, refused
//	order    payment.Order(Step, Attempt, Amount, …)     ordered   no, url, expires
//	                                                     down      the channel does not answer; the resident may Retry, which gives the same Attempt
//	cancel   payment.Cancel(No)                          closed or paid, whichever it turned out
//	refund   payment.Refund(No)                          refunded  refunded_at (optional)
//	hold     booking.Hold(Step, Attempt, Pool, Slot)     held      no, slot, start, end, until
//	                                                     taken     Reason "booking.taken" or "booking.twice"
//	confirm  booking.Confirm(No)                         done, or expired when the hold is gone
//	release  booking.Release(No)                         done (also when it was free already)
//	due      nothing; only its After matters             done: what a wait step waits for has not happened in time
//
// Step and Attempt of order, cancel and refund, and of their outcomes, are the pay step and the order's
// attempt: exactly what payment.Order carries, so an outcome can be made from a payment event alone.
// Step and Attempt of hold, confirm and release are the book step and the reservation's attempt, as
// booking.Reservation carries them. Of ask, file, trace and void every try has an Attempt of its own.
//
// Outcomes that come by themselves, matched by Step and Attempt only (Effect may be empty):
//
//	paid      from payment.paid: no, amount (fen), transaction, paid_at, receipt (optional: the number is used)
//	closed    from payment.closed
//	refunded  from payment.refunded
//	expired   from a hold that ran out before it was confirmed
//	answered  of a wait step: Step is its id, Data what happened (members by its "gives")
//
// A paid order that the case no longer wants gives one refund effect that is not awaited; so does the
// cancel of an order that another payment made superfluous. The engine never asks twice for either.
//
// ask: take the budgets of Failures and Spend first; if one is used up answer limited without asking. Give Failures back
// unless the outcome is refused or "known" is false.
// Refund, cancel, hold, confirm and release are the house's own: repeat them until they have an outcome.

// EffectKind is a thing the engine wants done outside itself.
type EffectKind string

// The effects.
const (
	EffectAsk     EffectKind = "ask"     // ask an office (a look-up; repeating is harmless)
	EffectFile    EffectKind = "file"    // file with an office; repeated under the same key until answered
	EffectTrace   EffectKind = "trace"   // ask an office whether a filing of this key took effect
	EffectVoid    EffectKind = "void"    // make a filing of this key impossible for good
	EffectOrder   EffectKind = "order"   // order a payment
	EffectRefund  EffectKind = "refund"  // return the payment of step Pay
	EffectHold    EffectKind = "hold"    // hold a slot
	EffectConfirm EffectKind = "confirm" // make a held slot definite
	EffectRelease EffectKind = "release" // give a slot back
	EffectCancel  EffectKind = "cancel"  // call an unpaid order off
	EffectDue     EffectKind = "due"     // the time within which an outside event must come
)

// Effect is one thing to be done for a step. Its key in the house is case/step/attempt.
type Effect struct {
	Kind    EffectKind
	Step    string
	Attempt int // counts from 1
	// Key is what an office knows it by: case/step/attempt for ask; case/step for file, trace and
	// void, the same for every retry (case/step/2 when the step is entered again after a refusal
	// that sent the resident back). Empty for effects of the house itself.
	Key   string
	After time.Duration // do it no sooner than this after now (retries back off)
	// Office and Call with their input, for ask, file, trace, void.
	Office, Call string
	With         map[string]any
	// Spend lists budgets to take before asking; Failures those to give back unless the answer says "not known".
	Spend, Failures []Spend
	// Amount, Payee, About, for order. Pay names the step whose payment is meant, for refund.
	Amount money.Fen
	Payee  string
	About  string
	Pay    string
	// Pool and Slot, for hold. Book names the step whose reservation is meant, for confirm and release.
	Pool, Slot string
	Book       string
	// No is the public number of the order (cancel, refund) or reservation (confirm, release) meant.
	No string
}

// Spend names a budget and what it is counted by. Known names: "lookup.resident" (5 different
// targets a day and resident), "lookup.failures" (5 failures a day and target, whoever asks).
type Spend struct {
	Budget string
	Target string // personal data possible: hashed before it is stored
}

// OutcomeKind is how an effect ended.
type OutcomeKind string

// The outcomes.
const (
	OutcomeAnswered OutcomeKind = "answered" // ask, file, trace, void: Data holds the answer
	OutcomeRefused  OutcomeKind = "refused"  // ask, file: the office said no; Reason says why
	OutcomeDown     OutcomeKind = "down"     // no answer: for file the outcome is unknown
	OutcomeLimited  OutcomeKind = "limited"  // a budget is used up; Reason says which
	OutcomeOrdered  OutcomeKind = "ordered"  // order: Data has no, url, expires
	OutcomePaid     OutcomeKind = "paid"     // pay: Data has no, amount, transaction, paid_at, receipt
	OutcomeClosed   OutcomeKind = "closed"   // pay: not paid in time
	OutcomeRefunded OutcomeKind = "refunded" // refund: money is back
	OutcomeHeld     OutcomeKind = "held"     // hold: Data has no, slot, start, end, until
	OutcomeTaken    OutcomeKind = "taken"    // hold: somebody was quicker
	OutcomeDone     OutcomeKind = "done"     // confirm, release, due
	OutcomeExpired  OutcomeKind = "expired"  // the held slot's time ran out
)

// Outcome is what became of an effect.
type Outcome struct {
	Kind    OutcomeKind
	Effect  EffectKind
	Step    string
	Attempt int
	Data    map[string]any
	Reason  string // a sentence for the resident, from the office
	At      time.Time
}
