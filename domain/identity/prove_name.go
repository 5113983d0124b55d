package identity

import (
	"context"
	"errors"
	"strconv"

	"zhijian/ground/actor"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/format"
	"zhijian/ground/seal"
)

// ProveName reaches L2: name, citizen number and the phone signed in with agree with the register. The new token
// replaces the session the actor came with. Proving again with the same number renews the name. Faults: fault.Invalid on
// "name", "citizen_number", "consent"; "proof.mismatch" when they do not belong together or the number is another
// resident's; fault.Conflict "proof.bound" for another number than the one proven; fault.TooMany; fault.Unavailable.
func (d *Desk) ProveName(ctx context.Context, a actor.Actor, p NameProof) (token string, r Resident, err error) {
	defer fault.Wrap(&err, "prove name of %s", a)
	id, err := resident(a)
	if err != nil {
		return "", Resident{}, err
	}
	name, number, err := d.readName(p)
	if err != nil {
		return "", Resident{}, err
	}
	me, err := d.c.Residents.Resident(ctx, id)
	if err != nil {
		return "", Resident{}, err
	}
	if bound(me, number) {
		return "", Resident{}, fault.Conflict("proof.bound", "您已实名认证，不能换成另一个人的身份证")
	}
	return d.padded(ctx, func() (string, Resident, error) { return d.proveName(ctx, a, me, name, number) })
}

func (d *Desk) proveName(ctx context.Context, a actor.Actor, me Resident, name, number seal.Text) (string, Resident, error) {
	err := d.judge(ctx, a, []draw{
		d.c.Limits.proofDraw("name", "resident", strconv.FormatInt(me.ID, 10)),
		d.c.Limits.proofDraw("name", "number", number.Reveal()),
	}, func(v *verdict) { v.add(d.c.Register.Match(ctx, name, number, me.Phone)) })
	if err != nil {
		return "", Resident{}, err
	}
	token, r, err := d.raise(ctx, a, ForName, 2, func(f *File) error {
		r := &f.Resident
		if bound(*r, number) { // proven meanwhile, by a twin of this request
			return mismatch()
		}
		r.Name, r.CitizenNumber = name, number
		return nil
	})
	if !errors.Is(err, ErrTaken) {
		return token, r, err
	}
	return "", Resident{}, d.dispute(ctx, a, number)
}

// dispute tells the first holder of a citizen number, and gives the second the answer that everybody gets.
func (d *Desk) dispute(ctx context.Context, a actor.Actor, number seal.Text) error {
	err := d.c.Residents.Dispute(ctx, number, func(holder int64) event.Body {
		return ClaimedTwice{Meta: by(a), Resident: holder, By: a.ID}
	})
	if err != nil {
		return err
	}
	return mismatch()
}

func bound(r Resident, number seal.Text) bool {
	return !r.CitizenNumber.IsZero() && r.CitizenNumber != number
}

func (d *Desk) readName(p NameProof) (name, number seal.Text, err error) {
	n, nameErr := format.PersonName(p.Name)
	c, numberErr := format.CitizenNumber(p.CitizenNumber, d.c.Clock.Now())
	return seal.Plain(n), seal.Plain(c),
		fault.Join(on(nameErr, "name"), on(numberErr, "citizen_number"), consented(p.Consent))
}

// on names the input that a reader refused; nil for nil.
func on(err error, field string) *fault.Error {
	if err == nil {
		return nil
	}
	return fault.Of(err).On(field)
}

func consented(yes bool) *fault.Error {
	if yes {
		return nil
	}
	return notAgreed()
}
