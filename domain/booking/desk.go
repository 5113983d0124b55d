package booking

import (
	"context"
	"errors"
	"time"

	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/uid"
)

// Config is what the desk needs. Every field but HoldFor is required.
type Config struct {
	Store   Store
	Clock   clock.Clock
	IDs     *uid.Maker
	HoldFor time.Duration // 0 means 15 minutes (security.md part 8)
}

// Desk is the room's counter. It is safe for concurrent use.
type Desk struct{ c Config }

// New checks the configuration.
func New(c Config) (*Desk, error) {
	switch {
	case c.Store == nil || c.Clock == nil || c.IDs == nil:
		return nil, errors.New("booking: Store, Clock and IDs are required")
	case c.HoldFor < 0 || c.HoldFor > 2*time.Hour:
		return nil, errors.New("booking: HoldFor must lie within 0 and 2 hours")
	}
	if c.HoldFor == 0 {
		c.HoldFor = 15 * time.Minute
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
	return []Handler{{"booking.alarms", []string{HoldDue{}.EventName()}, d.OnHoldDue}}
}

// housekeeping reports who may act for any resident: the house, the operator and the department's staff.
func housekeeping(a actor.Actor) bool {
	return a.Kind == actor.System || a.Kind == actor.Operator || a.Kind == actor.Staff
}

func absent() error {
	return fault.NotFound("booking", "没有找到这个预约，请核对编号")
}
