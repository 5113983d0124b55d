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

// Config is what the desk needs. Every field but HoldFor and OfferFor is required.
type Config struct {
	Store   Store
	Clock   clock.Clock
	IDs     *uid.Maker
	HoldFor time.Duration // 0 means 15 minutes (security.md part 8)
	// OfferFor is how long a place is kept for who waited for it; 0 means 30 minutes, for they do not sit before the page.
	OfferFor time.Duration
}

// Desk is the room's counter. It is safe for concurrent use.
type Desk struct {
	c     Config
	turns *turns
}

// New checks the configuration.
func New(c Config) (*Desk, error) {
	switch {
	case c.Store == nil || c.Clock == nil || c.IDs == nil:
		return nil, errors.New("booking: Store, Clock and IDs are required")
	case c.HoldFor < 0 || c.HoldFor > 2*time.Hour:
		return nil, errors.New("booking: HoldFor must lie within 0 and 2 hours")
	case c.OfferFor < 0 || c.OfferFor > 24*time.Hour:
		return nil, errors.New("booking: OfferFor must lie within 0 and 24 hours")
	}
	if c.HoldFor == 0 {
		c.HoldFor = 15 * time.Minute
	}
	if c.OfferFor == 0 {
		c.OfferFor = 30 * time.Minute
	}
	return &Desk{c: c, turns: newTurns()}, nil
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
		{"booking.alarms", []string{HoldDue{}.EventName()}, d.OnHoldDue},
		{"booking.absences", []string{MissDue{}.EventName()}, d.onMissDue},
		{"booking.line", []string{ReleasedEvent{}.EventName(), MovedEvent{}.EventName(), WaitDue{}.EventName()}, d.onFreed},
	}
}

// housekeeping reports who may act for any resident: the house, the operator and the department's staff.
func housekeeping(a actor.Actor) bool {
	return a.Kind == actor.System || a.Kind == actor.Operator || a.Kind == actor.Staff
}

func absent() error {
	return fault.NotFound("booking", "没有找到这个预约，请核对编号")
}

// Taken is the fault of a slot without a free place. It stands here, with Twice, so that both databases say the same.
func Taken() error {
	return fault.Conflict("booking.taken", "这个时间刚刚约满了，请换一个时间")
}

// Twice is the fault of a resident who has a place in the pool that day.
func Twice() error {
	return fault.Conflict("booking.twice", "您当天在这里已有一个预约，请先取消原来的，或选另一天")
}
