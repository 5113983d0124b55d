package cases

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"zhijian/domain/service"
	"zhijian/ground/actor"
	"zhijian/ground/budget"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
)

// The budgets of look-ups (security.md T48 and part 8): five different targets a day, resident and office, by whichever of its services, so that
// who pays for water, power and gas has plates left to look up; five failed tries a day and target, whoever asks and by whichever service.
// "seen" remembers which targets a resident's five are, so that looking the same up again is free.
var (
	lookupResident = budget.Budget{Name: "lookup.resident", Limit: 5, Window: 24 * time.Hour}
	lookupSeen     = budget.Budget{Name: "lookup.seen", Limit: 1, Window: 24 * time.Hour}
	lookupFailures = budget.Budget{Name: "lookup.failures", Limit: 5, Window: 24 * time.Hour}
	// What a resident holds by the register is theirs to look up whatever others did to it (T71); they fail on an account of their own.
	lookupOwn = budget.Budget{Name: "lookup.own", Limit: 5, Window: 24 * time.Hour}
)

// brakes stop guessing at many targets: by client address, and over the whole house. They count failures only.
func (d *Desk) brakes(c Case) []draw {
	list := []draw{{budget.Budget{Name: "lookup.all.hour", Limit: d.c.LookupsAll, Window: time.Hour}, ""}}
	if client := c.Client.Reveal(); client != "" {
		list = append(list, draw{budget.Budget{Name: "lookup.client.hour", Limit: d.c.LookupsPerClient, Window: time.Hour}, client})
	}
	return list
}

// draw is one budget to be spent for one target.
type draw struct {
	budget budget.Budget
	target string
}

// lookUp asks an office within the budgets. A try is taken before the office is asked and given back when it did not fail, so that any
// number of residents who ask at once have five tries between them.
func (d *Desk) lookUp(ctx context.Context, c Case, m matter, f service.Effect, o service.Outcome) (service.Outcome, error) {
	tries, brakes := d.tries(c, m, f)
	limited, err := d.limited(ctx, c, f, tries, brakes)
	if err != nil {
		return o, err
	}
	if limited != "" {
		o.Kind, o.Reason = service.OutcomeLimited, limited
		return o, nil
	}
	o, err = d.call(ctx, m, f, o)
	if err == nil && (o.Kind == service.OutcomeRefused || o.Kind == service.OutcomeAnswered && o.Data["known"] == false) {
		for _, b := range brakes {
			if err := d.c.Purse.Spend(ctx, b.budget, b.target); err != nil && !fault.Is(err, fault.KindTooMany) {
				return o, err
			}
		}
		return o, nil
	}
	return o, errors.Join(err, d.untake(ctx, tries))
}

// tries lists what a failure of a look-up is counted by, and what brakes it besides. Nothing brakes who asks for what is theirs.
func (d *Desk) tries(c Case, m matter, f service.Effect) (tries, brakes []draw) {
	for _, s := range f.Failures {
		if slices.Contains(m.env.Me.Plates, s.Target) {
			tries = append(tries, draw{lookupOwn, owner(c) + "\x00" + s.Target})
			continue
		}
		tries, brakes = append(tries, draw{lookupFailures, s.Target}), d.brakes(c)
	}
	return tries, brakes
}

// owner is who a budget of a case's resident is counted by.
func owner(c Case) string {
	if c.Resident == 0 {
		return "visitor/" + string(c.Visitor)
	}
	return "resident/" + strconv.FormatInt(c.Resident, 10)
}

func (d *Desk) untake(ctx context.Context, taken []draw) error {
	var errs []error
	for _, t := range taken {
		errs = append(errs, d.c.Purse.Return(ctx, t.budget, t.target))
	}
	return errors.Join(errs...)
}

// lookedUp gives the resident to be told that somebody else looked their vehicle up (security.md T48): an office marks such an
// answer with the scope "other", and the target of its budgets is the plate. 0 for nobody.
func (d *Desk) lookedUp(ctx context.Context, c Case, f service.Effect, o service.Outcome) (int64, error) {
	if f.Kind != service.EffectAsk || o.Kind != service.OutcomeAnswered || o.Data["scope"] != "other" || len(f.Failures) == 0 {
		return 0, nil
	}
	holder, err := d.c.Identity.Holder(ctx, actor.House, seal.Plain(f.Failures[0].Target))
	if holder == c.Resident {
		return 0, err
	}
	return holder, err
}

// limited takes the budgets of a look-up and names the one that is used up, "" for none. Then nothing stays taken of the tries.
func (d *Desk) limited(ctx context.Context, c Case, f service.Effect, tries, brakes []draw) (string, error) {
	for _, b := range brakes {
		left, err := d.c.Purse.Left(ctx, b.budget, b.target)
		if err != nil {
			return "", err
		}
		if left <= 0 {
			return b.budget.Name, nil
		}
	}
	for i, t := range tries {
		err := d.c.Purse.Spend(ctx, t.budget, t.target)
		if fault.Is(err, fault.KindTooMany) {
			return t.budget.Name, d.untake(ctx, tries[:i])
		}
		if err != nil {
			return "", errors.Join(err, d.untake(ctx, tries[:i]))
		}
	}
	for _, s := range f.Spend {
		if s.Budget != lookupResident.Name {
			return "", errors.Join(fmt.Errorf("unknown budget %q", s.Budget), d.untake(ctx, tries))
		}
		err := d.spendTarget(ctx, owner(c)+"\x00"+f.Office, s.Target)
		if fault.Is(err, fault.KindTooMany) {
			return lookupResident.Name, d.untake(ctx, tries)
		}
		if err != nil {
			return "", errors.Join(err, d.untake(ctx, tries))
		}
	}
	return "", nil
}

// spendTarget takes one of the targets that somebody has at an office unless this one is among them already. It is noted as seen only
// after it was paid for, so that a refusal never makes the next try free.
func (d *Desk) spendTarget(ctx context.Context, who, target string) error {
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
