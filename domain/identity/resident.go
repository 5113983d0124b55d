package identity

import (
	"context"
	"time"

	"zhijian/ground/actor"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
)

// Resident gives a resident's own record. The house may read any (id), a resident only theirs;
// fault.NotFound "resident" otherwise.
func (d *Desk) Resident(ctx context.Context, a actor.Actor, id int64) (r Resident, err error) {
	defer fault.Wrap(&err, "find resident %d", id)
	if a.Kind != actor.System && !a.IsResident(id) {
		return Resident{}, fault.NotFound("resident", "没有找到这位居民，请核对编号")
	}
	return d.c.Residents.Resident(ctx, id)
}

// Holder gives the resident who proved last that a vehicle is theirs; 0 for nobody. Only the house may ask: a plate leads to
// no person for anybody else, who gets 0. plate is in the form that identity keeps it in.
func (d *Desk) Holder(ctx context.Context, a actor.Actor, plate seal.Text) (id int64, err error) {
	defer fault.Wrap(&err, "find the holder of a plate")
	if a.Kind != actor.System || d.c.Plates == nil || plate.IsZero() {
		return 0, nil
	}
	return d.c.Plates.Holder(ctx, plate)
}

// Consents lists what the actor agreed to, newest first.
func (d *Desk) Consents(ctx context.Context, a actor.Actor) (list []Consent, err error) {
	defer fault.Wrap(&err, "list consents of %s", a)
	id, err := resident(a)
	if err != nil {
		return nil, err
	}
	return d.c.Residents.Consents(ctx, id)
}

// Withdraw ends a consent: the data it covered is deleted, and with it what was proven on top of it, and the
// level falls accordingly. The new token replaces the session. fault.Invalid "consent.purpose" for an unknown purpose,
// fault.Conflict "consent.none" when no such consent is in force.
func (d *Desk) Withdraw(ctx context.Context, a actor.Actor, purpose string) (token string, err error) {
	defer fault.Wrap(&err, "withdraw a consent of %s", a)
	id, err := resident(a)
	if err != nil {
		return "", err
	}
	if levelUnder(purpose) == 0 {
		return "", fault.Invalid("consent.purpose", "没有这一项同意，请从列表里选").On("purpose")
	}
	now := d.c.Clock.Now()
	_, err = d.c.Residents.Change(ctx, id, a.Session, func(f *File) ([]event.Body, error) {
		if !end(f, purpose, now) {
			return nil, fault.Conflict("consent.none", "这项同意已经撤回")
		}
		if rests(ForPeople, purpose) {
			f.People = nil
		}
		forget(f, levelUnder(purpose), now)
		token = d.swap(f)
		return []event.Body{Withdrawn{Meta: by(a), Resident: id, Purpose: purpose, Level: f.Level}}, nil
	})
	if err != nil {
		return "", err
	}
	return token, nil
}

// levelUnder gives the level that is left when a purpose's consent is withdrawn; 0 for no purpose.
func levelUnder(purpose string) int {
	switch purpose {
	case ForName:
		return 1
	case ForCard:
		return 2
	case ForVehicle:
		return 3
	case ForPeople:
		return 4
	}
	return 0
}

// rests reports whether what one purpose covers falls when the consent to another ends. Saved people rest on the real name alone.
func rests(purpose, on string) bool {
	if purpose == ForPeople || on == ForPeople {
		return purpose == on || on == ForName
	}
	return levelUnder(purpose) >= levelUnder(on)
}

// end dates the live consent of a purpose and of what rests on it; it reports whether the purpose had one.
func end(f *File, purpose string, now time.Time) bool {
	found := false
	for i, c := range f.Consents {
		if c.Ended.IsZero() && rests(c.Purpose, purpose) {
			f.Consents[i].Ended = now
			found = found || c.Purpose == purpose
		}
	}
	return found
}

// forget deletes what lies above a level.
func forget(f *File, level int, now time.Time) {
	r := &f.Resident
	if level < 4 {
		r.Plates = nil
	}
	if level < 3 {
		r.Card, r.CardPhone, r.Bank = seal.Text{}, seal.Text{}, ""
	}
	if level < 2 {
		r.Name, r.CitizenNumber = seal.Text{}, seal.Text{}
	}
	if r.Level > level {
		r.Level, r.ProvenAt = level, now
	}
}
