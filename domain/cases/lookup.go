package cases

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"zhijian/domain/service"
	"zhijian/ground/actor"
	"zhijian/ground/budget"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
)

// The budgets of look-ups (security.md part 8): five different targets a day and resident, five failures a day and target,
// whoever asks. "seen" remembers which targets a resident's five are, so that looking the same up again is free.
var (
	lookupResident = budget.Budget{Name: "lookup.resident", Limit: 5, Window: 24 * time.Hour}
	lookupSeen     = budget.Budget{Name: "lookup.seen", Limit: 1, Window: 24 * time.Hour}
	lookupFailures = budget.Budget{Name: "lookup.failures", Limit: 5, Window: 24 * time.Hour}
)

// lookUp asks an office within the budgets.
func (d *Desk) lookUp(ctx context.Context, c Case, m matter, f service.Effect, o service.Outcome) (service.Outcome, error) {
	limited, err := d.limited(ctx, c, f)
	if err != nil {
		return o, err
	}
	if limited != "" {
		o.Kind, o.Reason = service.OutcomeLimited, limited
		return o, nil
	}
	o, err = d.call(ctx, m, f, o)
	if err != nil {
		return o, err
	}
	if o.Kind == service.OutcomeRefused || o.Kind == service.OutcomeAnswered && o.Data["known"] == false {
		for _, s := range f.Failures {
			if err := d.c.Purse.Spend(ctx, lookupFailures, c.Service+"\x00"+s.Target); err != nil && !fault.Is(err, fault.KindTooMany) {
				return o, err
			}
		}
	}
	return o, nil
}

// lookedUp gives the resident to be told that somebody else looked their vehicle up (security.md T48): an office marks such an
// answer with the scope "other", and the target of its budgets is the plate. 0 for nobody.
func (d *Desk) lookedUp(ctx context.Context, c Case, f service.Effect, o service.Outcome) (int64, error) {
	if f.Kind != service.EffectAsk || o.Kind != service.OutcomeAnswered || o.Data["scope"] != "other" || len(f.Failures) == 0 {
		return 0, nil
	}
	owner, err := d.c.Identity.Holder(ctx, actor.House, seal.Plain(f.Failures[0].Target))
	if owner == c.Resident {
		return 0, err
	}
	return owner, err
}

// limited takes the budgets of a look-up and names the one that is used up, "" for none.
func (d *Desk) limited(ctx context.Context, c Case, f service.Effect) (string, error) {
	for _, s := range f.Failures {
		left, err := d.c.Purse.Left(ctx, lookupFailures, c.Service+"\x00"+s.Target)
		if err != nil {
			return "", err
		}
		if left <= 0 {
			return lookupFailures.Name, nil
		}
	}
	for _, s := range f.Spend {
		if s.Budget != lookupResident.Name {
			return "", fmt.Errorf("unknown budget %q", s.Budget)
		}
		err := d.spendTarget(ctx, c, s.Target)
		if fault.Is(err, fault.KindTooMany) {
			return lookupResident.Name, nil
		}
		if err != nil {
			return "", err
		}
	}
	return "", nil
}

// spendTarget takes one of the resident's targets unless this one is among them already. It is noted as seen only
// after it was paid for, so that a refusal never makes the next try free.
func (d *Desk) spendTarget(ctx context.Context, c Case, target string) error {
	who := "resident/" + strconv.FormatInt(c.Resident, 10)
	if c.Resident == 0 {
		who = "visitor/" + string(c.Visitor)
	}
	left, err := d.c.Purse.Left(ctx, lookupSeen, who+"\x00"+target)
	if err != nil || left <= 0 {
		return err
	}
	if err := d.c.Purse.Spend(ctx, lookupResident, who); err != nil {
		return err
	}
	err = d.c.Purse.Spend(ctx, lookupSeen, who+"\x00"+target)
	if fault.Is(err, fault.KindTooMany) {
		return nil
	}
	return err
}
