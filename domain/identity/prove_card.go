package identity

import (
	"context"
	"strconv"

	"zhijian/ground/actor"
	"zhijian/ground/fault"
	"zhijian/ground/format"
	"zhijian/ground/seal"
)

// ProveCard reaches L3; needs L2, else fault.Denied "level.name". The card is the actor's own, with the phone that
// the bank has. At L3 or above it replaces the card, which
// wants presence proven lately, else fault.Denied "step_up". Faults as of ProveName, on "card_number", "phone", "consent".
func (d *Desk) ProveCard(ctx context.Context, a actor.Actor, p CardProof) (token string, r Resident, err error) {
	defer fault.Wrap(&err, "prove card of %s", a)
	id, err := resident(a)
	if err != nil {
		return "", Resident{}, err
	}
	card, phone, err := readCard(p)
	if err != nil {
		return "", Resident{}, err
	}
	me, err := d.c.Residents.Resident(ctx, id)
	if err != nil {
		return "", Resident{}, err
	}
	if me.Level < 2 {
		return "", Resident{}, needName()
	}
	return d.padded(ctx, func() (string, Resident, error) { return d.proveCard(ctx, a, me, card, phone) })
}

func (d *Desk) proveCard(ctx context.Context, a actor.Actor, me Resident, card, phone seal.Text) (string, Resident, error) {
	var bank string
	err := d.judge(ctx, a, []draw{
		d.c.Limits.proofDraw("card", "resident", strconv.FormatInt(me.ID, 10)),
		d.c.Limits.proofDraw("card", "number", me.CitizenNumber.Reveal()),
		d.c.Limits.proofDraw("card", "card", card.Reveal()),
	}, func(v *verdict) {
		ok, name, err := d.c.Bank.Holder(ctx, me.Name, me.CitizenNumber, card, phone)
		bank = name
		v.add(ok, err)
	})
	if err != nil {
		return "", Resident{}, err
	}
	return d.raise(ctx, a, ForCard, 3, func(f *File) error {
		r := &f.Resident
		if r.Level < 2 || r.CitizenNumber != me.CitizenNumber { // withdrawn meanwhile
			return needName()
		}
		if !r.Card.IsZero() && r.Card != card && !f.Session.Fresh(d.c.Clock.Now(), FreshFor) {
			return NeedStepUp()
		}
		r.Card, r.CardPhone, r.Bank = card, phone, bank
		return nil
	})
}

func needName() error { return fault.Denied("level.name", "请先完成实名认证") }

func readCard(p CardProof) (card, phone seal.Text, err error) {
	c, cardErr := format.BankCard(p.Number)
	n, phoneErr := format.Phone(p.Phone)
	return seal.Plain(c), seal.Plain(n), fault.Join(on(cardErr, "card_number"), on(phoneErr, "phone"), consented(p.Consent))
}
