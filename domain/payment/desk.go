package payment

import (
	"context"
	"errors"
	"strings"
	"time"

	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/uid"
)

// Config is what the desk needs. Every field but Expire is required.
type Config struct {
	Store   Store
	Books   Books
	Channel Channel
	Clock   clock.Clock
	IDs     *uid.Maker
	Origin  string        // public origin of this site, "https://city.example", for return addresses
	Expire  time.Duration // how long an order can be paid; 0 means 15 minutes
}

// Desk is the room's counter. It is safe for concurrent use.
type Desk struct{ c Config }

// New checks the configuration.
func New(c Config) (*Desk, error) {
	switch {
	case c.Store == nil || c.Books == nil || c.Channel == nil || c.Clock == nil || c.IDs == nil:
		return nil, errors.New("payment: Store, Books, Channel, Clock and IDs are required")
	case !strings.HasPrefix(c.Origin, "http://") && !strings.HasPrefix(c.Origin, "https://"):
		return nil, errors.New("payment: Origin must be the site's http or https origin")
	case c.Expire < 0 || c.Expire > 2*time.Hour: // a channel's page lives two hours at most
		return nil, errors.New("payment: Expire must lie within 0 and 2 hours")
	}
	c.Origin = strings.TrimRight(c.Origin, "/")
	if c.Expire == 0 {
		c.Expire = 15 * time.Minute
	}
	return &Desk{c: c}, nil
}

// Handler is one subscription.
type Handler struct {
	Consumer string
	Names    []string
	Handle   func(ctx context.Context, e event.Event) error
}

// Handlers lists what the room wants to hear from the bus: consumer name, event names, handler.
func (d *Desk) Handlers() []Handler {
	return []Handler{
		{
			"payment.alarms",
			[]string{QueryDue{}.EventName(), ExpiryDue{}.EventName(), RefundDue{}.EventName(), ReconcileDue{}.EventName()},
			d.OnDue,
		},
		{"payment.refunds", []string{RefundingEvent{}.EventName(), SurplusEvent{}.EventName(), RefundRetriedEvent{}.EventName()}, d.OnRefunding},
	}
}

// housekeeping reports who may move money besides the channel: the house and the operator.
func housekeeping(a actor.Actor) bool { return a.Kind == actor.System || a.Kind == actor.Operator }

func denied() error {
	return fault.Denied("payment.denied", "这笔缴费不在您名下，请换成本人账户再办")
}

func absent() error {
	return fault.NotFound("payment.order", "没有找到这笔缴费，请核对编号")
}

// silent reports an error that says nothing about the outcome.
func silent(err error) bool { return fault.Is(err, fault.KindUnavailable) }
