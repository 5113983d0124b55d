package identity

import (
	"context"
	"errors"

	"zhijian/ground/actor"
	"zhijian/ground/budget"
	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
	"zhijian/ground/uid"
)

// SMS sends one text. fault.Unavailable when the gateway does not take it.
type SMS interface {
	Send(ctx context.Context, phone seal.Text, text string) error
}

// Register is the population register.
type Register interface {
	Match(ctx context.Context, name, number, phone seal.Text) (bool, error)
}

// Bank knows who holds a card.
type Bank interface {
	Holder(ctx context.Context, name, number, card, phone seal.Text) (ok bool, bank string, err error)
}

// Vehicles knows who owns a vehicle and holds a licence.
type Vehicles interface {
	// Owner reports whether the vehicle's owner and a licence holder are both this person.
	Owner(ctx context.Context, name, number, phone, plate seal.Text) (bool, error)
}

// Plates finds who holds a vehicle.
type Plates interface {
	// Holder gives the resident who proved a plate last, 0 for none.
	Holder(ctx context.Context, plate seal.Text) (int64, error)
}

// Households is the household register.
type Households interface {
	// Child reports whether the second person is a child of the first.
	Child(ctx context.Context, name, number, childName, childNumber seal.Text) (bool, error)
}

// Config is what the desk needs. Every field but Plates, Mandates, Households and Limits is required.
type Config struct {
	Residents ResidentStore
	Sessions  SessionStore
	Codes     CodeStore
	SMS       SMS
	Register  Register
	Bank      Bank
	Vehicles  Vehicles
	Purse     budget.Purse
	Ring      *seal.Ring // blind indexes and code hashes
	Clock     clock.Clock
	IDs       *uid.Maker
	Plates    Plates       // nil where nobody is told of look-ups
	Mandates  MandateStore // nil where nobody acts for another adult
	// Households confirms children; nil where there is no such register, and nobody acts for a child.
	Households Households
	Limits     Limits // zero values mean the defaults of security.md part 8
}

// Desk is the room's counter.
type Desk struct{ c Config }

// New checks the configuration.
func New(c Config) (*Desk, error) {
	switch {
	case c.Residents == nil, c.Sessions == nil, c.Codes == nil:
		return nil, errors.New("identity: a store is missing")
	case c.SMS == nil, c.Register == nil, c.Bank == nil, c.Vehicles == nil:
		return nil, errors.New("identity: a port to the outside is missing")
	case c.Purse == nil, c.Ring == nil, c.Clock == nil, c.IDs == nil:
		return nil, errors.New("identity: Purse, Ring, Clock or IDs is missing")
	}
	c.Limits = c.Limits.withDefaults()
	return &Desk{c: c}, nil
}

// spend takes from each budget in turn; the first empty one ends it.
func (d *Desk) spend(ctx context.Context, list ...draw) error {
	for _, x := range list {
		if err := d.c.Purse.Spend(ctx, x.budget, x.target); err != nil {
			return err
		}
	}
	return nil
}

// resident gives the id of an actor who is a signed-in resident.
func resident(a actor.Actor) (int64, error) {
	if a.Kind != actor.Resident || a.ID == 0 {
		return 0, signedOut()
	}
	return a.ID, nil
}

func signedOut() error { return fault.Denied("session", "请先登录") }

// by gives the meta of what an actor does.
func by(a actor.Actor) event.Meta { return event.Meta{Actor: a.String()} }
