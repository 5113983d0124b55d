package identity

import (
	"context"
	"crypto/subtle"
	"strconv"
	"time"

	"zhijian/ground/actor"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/format"
)

// FreshFor is how long a step-up opens the acts that ask for one (security.md T09).
const FreshFor = 15 * time.Minute

const forStepUp purpose = "step_up"

// Second is what a resident shows besides the code when stepping up: a text message alone never carries an act on
// sensitive data (security.md T10).
type Second string

// What can be asked for.
const (
	SecondNone   Second = ""               // nothing sensitive is kept of them
	SecondNumber Second = "citizen_number" // at L2
	SecondCard   Second = "card_number"    // from L3
)

// SecondOf says what a resident must show.
func SecondOf(r Resident) Second {
	switch {
	case !r.Card.IsZero():
		return SecondCard
	case !r.CitizenNumber.IsZero():
		return SecondNumber
	}
	return SecondNone
}

// Fresh reports whether presence was proven so lately that sensitive acts are open.
func (s Session) Fresh(now time.Time, within time.Duration) bool {
	return !s.StepUp.IsZero() && now.Sub(s.StepUp) < within
}

// SendStepUp sends a code for StepUp to the actor's own phone. The code belongs to the session. Faults as of SendCode.
func (d *Desk) SendStepUp(ctx context.Context, a actor.Actor, from Caller) (err error) {
	defer fault.Wrap(&err, "send step-up code to %s", a)
	me, from, err := d.present(ctx, a, from)
	if err != nil {
		return err
	}
	return d.send(ctx, me.Phone.Reveal(), forStepUp, from)
}

// StepUp proves that the resident is there: the code just sent, and what SecondOf says, which is compared with what was
// proven here. The new token replaces the session. fault.Invalid on "code" and on the second's name for what cannot be
// read; "step_up.wrong" when one of the two, untold which, is not right; too many wrong ones are fault.TooMany.
func (d *Desk) StepUp(ctx context.Context, a actor.Actor, p StepUpProof, from Caller) (token string, err error) {
	defer fault.Wrap(&err, "step up %s", a)
	me, from, err := d.present(ctx, a, from)
	if err != nil {
		return "", err
	}
	code, codeErr := readCode(p.Code)
	right, secondErr := d.second(me, p.Second)
	if err := fault.Join(fault.Of(codeErr), secondErr); err != nil {
		return "", err
	}
	ok, err := d.tryCode(ctx, me.Phone.Reveal(), forStepUp, code, right, from)
	if err != nil {
		return "", err
	}
	if !ok {
		return "", fault.Invalid("step_up.wrong", "验证码或号码不对，请核对，或重新获取验证码").On("code")
	}
	_, err = d.c.Residents.Change(ctx, a.ID, a.Session, func(f *File) ([]event.Body, error) {
		f.Session.StepUp = d.c.Clock.Now()
		token = d.swap(f)
		return []event.Body{SteppedUp{Meta: by(a), Resident: a.ID, Session: f.Swap.Session.ID}}, nil
	})
	if err != nil {
		return "", err
	}
	return token, nil
}

// present finds a resident who acts in a session. The session stands for the browser, which therefore is known.
func (d *Desk) present(ctx context.Context, a actor.Actor, from Caller) (Resident, Caller, error) {
	id, err := resident(a)
	if err != nil {
		return Resident{}, from, err
	}
	if a.Session == 0 {
		return Resident{}, from, signedOut()
	}
	from.Browser = "session " + strconv.FormatInt(a.Session, 10)
	from.session = true
	me, err := d.c.Residents.Resident(ctx, id)
	return me, from, err
}

// second compares what was typed with what is kept, both as keyed indexes. What cannot be read is a fault of its own.
func (d *Desk) second(me Resident, typed string) (right bool, wrong *fault.Error) {
	kept := ""
	var err error
	switch SecondOf(me) {
	case SecondNone:
		return true, nil
	case SecondCard:
		kept = me.Card.Reveal()
		typed, err = format.BankCard(typed)
	case SecondNumber:
		kept = me.CitizenNumber.Reveal()
		typed, err = format.CitizenNumber(typed, d.c.Clock.Now())
	}
	index := func(s string) []byte { return d.c.Ring.Blind("identity.step_up", s) }
	return subtle.ConstantTimeCompare(index(typed), index(kept)) == 1, on(err, string(SecondOf(me)))
}

// NeedStepUp is the fault of an act that wants presence proven lately.
func NeedStepUp() error {
	return fault.Denied("step_up", "这件事要先再核实一次是您本人")
}
