package cases

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"time"

	"zhijian/domain/booking"
	"zhijian/domain/identity"
	"zhijian/domain/payment"
	"zhijian/domain/service"
	"zhijian/ground/actor"
	"zhijian/ground/budget"
	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/ground/money"
	"zhijian/ground/uid"
)

// Office reaches the departments' own systems. key is the idempotency key of an act, "" for a question. A refusal
// is fault.Conflict "office.refused" with the office's sentence; no answer is fault.Unavailable "office.down".
type Office interface {
	Call(ctx context.Context, system, call, key string, with map[string]any) (map[string]any, error)
	// Down says since when a system does not answer.
	Down(system string) (since time.Time, down bool)
}

// Catalogue finds what a city offers and pinned versions of definitions.
type Catalogue interface {
	Offer(city, service string) (service.Offer, bool)
	Pinned(city, service string, version int) (service.Offer, bool)
}

// Organs tells which account and department answer for a service in a city; 0, 0 for none.
type Organs interface {
	Owner(ctx context.Context, accountAlias string) (account, department int64, err error)
}

// Log finds where the house's records stand in the event chain.
type Log interface {
	// Ended gives the place of the event with which a case was done; the zero Place when there is none, or when what the log
	// holds is not what was recorded.
	Ended(ctx context.Context, no string) (Place, error)
}

// Place is where an event stands in the chain of its case, and what proves it. Order and Amount are what the event says.
type Place struct {
	Position int64
	Hash     []byte // SHA-256
	Order    string // number of the payment, empty for none
	Amount   money.Fen
}

// Config is what the desk needs. Every field but Log, Room and the limits is required.
type Config struct {
	Store     Store
	Catalogue Catalogue
	Office    Office
	Organs    Organs
	Identity  *identity.Desk
	Payment   *payment.Desk
	Booking   *booking.Desk
	Purse     budget.Purse
	Clock     clock.Clock
	IDs       *uid.Maker
	// Log proves receipts; with nil they have no Place and cannot be checked.
	Log Log
	// Room says why no case can be opened now; nil, and a nil error, mean that there is room.
	Room func() error
	// Files keeps what residents upload.
	Files Files
	// FilesPerDay is how many files one resident may upload in a day; 0 means 60, negative no limit.
	FilesPerDay int
	// KeepFiles is how long the files of a decided case stay; 0 means 200 days.
	KeepFiles time.Duration
	// PerDay is how many cases one resident may open in a day; 0 means 20 (security.md part 8), negative no limit.
	PerDay int
	// SecondFrom is the amount from which two members of staff must agree to give money back (security.md T24); 0 means ¥1,000.
	SecondFrom money.Fen
	// ContactDays and AnswerDays are the working days in which a department gets in touch about a bad rating, and answers it; 0 means 1 and 15.
	ContactDays, AnswerDays int
	// LookupsPerClient and LookupsAll are how many look-ups may fail in an hour from one address, and in the whole house, before
	// look-ups of what is not the asker's own wait; 0 means 60 and 3,000.
	LookupsPerClient, LookupsAll int
}

// Desk is the room's counter. It is safe for concurrent use.
type Desk struct {
	c     Config
	slots *freshness
}

// New checks the configuration.
func New(c Config) (*Desk, error) {
	switch {
	case c.Store == nil, c.Files == nil, c.Catalogue == nil, c.Office == nil, c.Organs == nil:
		return nil, errors.New("cases: Store, Files, Catalogue, Office and Organs are required")
	case c.Identity == nil, c.Payment == nil, c.Booking == nil:
		return nil, errors.New("cases: Identity, Payment and Booking are required")
	case c.Purse == nil, c.Clock == nil, c.IDs == nil:
		return nil, errors.New("cases: Purse, Clock and IDs are required")
	}
	if c.PerDay == 0 {
		c.PerDay = 20
	}
	if c.FilesPerDay == 0 {
		c.FilesPerDay = 60
	}
	if c.KeepFiles == 0 {
		c.KeepFiles = keepFiles
	}
	if c.SecondFrom == 0 {
		c.SecondFrom = 100_000
	}
	if c.ContactDays == 0 {
		c.ContactDays = 1
	}
	if c.AnswerDays == 0 {
		c.AnswerDays = 15
	}
	if c.LookupsPerClient == 0 {
		c.LookupsPerClient = 60
	}
	if c.LookupsAll == 0 {
		c.LookupsAll = 3000
	}
	return &Desk{c: c, slots: newFreshness()}, nil
}

// Handler is one subscription.
type Handler struct {
	Consumer string
	Names    []string
	Handle   func(ctx context.Context, e event.Event) error
}

// Handlers lists what the room wants to hear from the bus: consumer name, event names, handler.
// server connects them.
func (d *Desk) Handlers() []Handler {
	return []Handler{
		{"cases.effects", []string{AskedEvent{}.EventName()}, d.onAsked},
		{
			"cases.payments",
			[]string{
				payment.PaidEvent{}.EventName(), payment.ClosedEvent{}.EventName(), payment.RefundedEvent{}.EventName(),
				payment.SurplusReturnedEvent{}.EventName(), payment.UnresolvedEvent{}.EventName(),
			},
			d.onPayment,
		},
		{"cases.bookings", []string{booking.ReleasedEvent{}.EventName()}, d.onReleased},
		{
			"cases.visits",
			[]string{
				booking.OfferedEvent{}.EventName(), booking.MovedEvent{}.EventName(), booking.ArrivedEvent{}.EventName(), booking.CalledEvent{}.EventName(),
				booking.ServedEvent{}.EventName(), booking.MissedEvent{}.EventName(),
			},
			d.onVisit,
		},
		{"cases.ends", []string{WithdrawnEvent{}.EventName(), ExpiredEvent{}.EventName()}, d.onEnd},
		{"cases.alarms", []string{DraftDue{}.EventName()}, d.onDraftDue},
		{"cases.files", []string{FileDue{}.EventName()}, d.onFileDue},
		{"cases.tasks", []string{TaskDue{}.EventName()}, d.onTaskDue},
	}
}

// Who says who asks: the actor, and for visitors the cookie's value. The client's address is passed to payments.
type Who struct {
	Actor    actor.Actor
	Visitor  string
	ClientIP string
	// Known is the actor's own record when the door has just read it with the session; nil reads it.
	Known *identity.Resident
}

// visitorHash is what the store keeps of a visitor's cookie. The cookie is 128 random bits or more, so a plain hash is enough.
func visitorHash(cookie string) []byte {
	sum := sha256.Sum256([]byte("zhijian visitor\x00" + cookie))
	return sum[:]
}

// owns reports whether the case is the asker's. The house sees all.
func (w Who) owns(c Case) bool {
	switch {
	case w.Actor.Kind == actor.System:
		return true
	case c.Resident != 0:
		return w.Actor.IsResident(c.Resident)
	case len(c.Visitor) == 0 || w.Visitor == "":
		return false
	}
	return subtle.ConstantTimeCompare(visitorHash(w.Visitor), c.Visitor) == 1
}

// own finds a case of the asker; a foreign one and an absent one look alike.
func (d *Desk) own(ctx context.Context, w Who, no string) (Case, error) {
	c, err := d.c.Store.Case(ctx, no)
	if err != nil {
		return Case{}, err
	}
	if !w.owns(c) {
		return Case{}, absent()
	}
	return c, nil
}
