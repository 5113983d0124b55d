package bundle

import (
	"context"
	"errors"
	"strconv"
	"time"

	"zhijian/domain/cases"
	"zhijian/domain/identity"
	"zhijian/domain/service"
	"zhijian/ground/actor"
	"zhijian/ground/budget"
	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/uid"
)

// keep is how long an unanswered bundle waits for its resident.
const keep = 30 * 24 * time.Hour

// Catalogue finds bundles and what a city offers; service.Live does.
type Catalogue interface {
	service.Offers
	Bundle(id string, version int) (*service.Bundle, bool)
	Bundles(city string) []*service.Bundle
}

// Cases opens and finds the cases of members; cases.Desk does.
type Cases interface {
	Open(ctx context.Context, a actor.Actor, o cases.Opening) (cases.Case, error)
	Standing(ctx context.Context, w cases.Who, no string) (cases.Case, error)
}

// Config is what the desk needs. Every field but PerDay is required.
type Config struct {
	Store     Store
	Catalogue Catalogue
	Cases     Cases
	Identity  *identity.Desk
	Purse     budget.Purse
	Clock     clock.Clock
	IDs       *uid.Maker
	// PerDay is how many bundles one resident may begin in a day; 0 means 10, negative no limit.
	PerDay int
}

// Desk is the room's counter. It is safe for concurrent use.
type Desk struct{ c Config }

// New checks the configuration.
func New(c Config) (*Desk, error) {
	if c.Store == nil || c.Catalogue == nil || c.Cases == nil || c.Identity == nil || c.Purse == nil || c.Clock == nil || c.IDs == nil {
		return nil, errors.New("bundle: Store, Catalogue, Cases, Identity, Purse, Clock or IDs is missing")
	}
	if c.PerDay == 0 {
		c.PerDay = 10
	}
	return &Desk{c}, nil
}

// Handler is one subscription.
type Handler struct {
	Consumer string
	Names    []string
	Handle   func(ctx context.Context, e event.Event) error
}

// Handlers lists what the room wants to hear from the bus. server connects them.
func (d *Desk) Handlers() []Handler {
	return []Handler{
		{"bundle.members", []string{ReadyEvent{}.EventName()}, d.onReady},
		{"bundle.cases", []string{
			cases.DoneEvent{}.EventName(), cases.RefusedEvent{}.EventName(), cases.WithdrawnEvent{}.EventName(), cases.ExpiredEvent{}.EventName(),
		}, d.onCase},
		{"bundle.alarms", []string{DraftDue{}.EventName()}, d.onDraftDue},
	}
}

// Opening is what it takes to begin a bundle.
type Opening struct {
	City, Bundle string
	Channel      cases.Channel
}

// Open begins a bundle. fault.Denied "session" to who is not signed in, fault.NotFound "bundle.unknown" when the city has it not,
// fault.TooMany after Config.PerDay a day and resident.
func (d *Desk) Open(ctx context.Context, a actor.Actor, o Opening) (_ Bundle, err error) {
	defer fault.Wrap(&err, "begin %s in %s", o.Bundle, o.City)
	if a.Kind != actor.Resident || a.ID == 0 {
		return Bundle{}, fault.Denied("session", "请先登录")
	}
	def, ok := d.Known(o.City, o.Bundle)
	if !ok {
		return Bundle{}, unknown()
	}
	now := d.c.Clock.Now()
	b := Bundle{
		ID: d.c.IDs.ID(), No: uid.No(), Resident: a.ID, City: o.City, Bundle: def.ID, Version: def.Version, Lang: a.Lang, Channel: string(o.Channel),
		Level: a.Level, State: Draft, Opened: now, Updated: now, Kept: now.Add(keep), Rev: 1,
	}
	m, err := d.matter(ctx, b, a, nil)
	if err != nil {
		return Bundle{}, err
	}
	if b.Data, _, err = m.def.Questions().Start(m.env); err != nil {
		return Bundle{}, err
	}
	if d.c.PerDay > 0 {
		day := budget.Budget{Name: "bundle.opened.day", Limit: d.c.PerDay, Window: 24 * time.Hour}
		if err := d.c.Purse.Spend(ctx, day, "resident/"+strconv.FormatInt(a.ID, 10)); err != nil {
			return Bundle{}, err
		}
	}
	return b, d.c.Store.Add(
		ctx, b, OpenedEvent{b.meta(a), b.subject(), b.Channel, a.Level},
		event.Later{Body: DraftDue{b.meta(actor.House), b.No, b.Kept.UnixMilli()}, At: b.Kept},
	)
}

// Known finds a bundle that can be had in a city; false when it cannot.
func (d *Desk) Known(city, id string) (*service.Bundle, bool) {
	for _, b := range d.c.Catalogue.Bundles(city) {
		if b.ID == id {
			return b, true
		}
	}
	return nil, false
}

func unknown() error { return fault.NotFound("bundle.unknown", "这个城市还没有开通这件事") }

// matter is what is needed to look at one bundle at one moment.
type matter struct {
	def *service.Bundle
	env service.Env
}

// matter gathers the pinned definition and what the house knows of the resident. known is the resident when the asker brought them along;
// nil reads them.
func (d *Desk) matter(ctx context.Context, b Bundle, a actor.Actor, known *identity.Resident) (matter, error) {
	def, ok := d.c.Catalogue.Bundle(b.Bundle, b.Version)
	if !ok {
		return matter{}, fault.Conflict("bundle.version", "这件事的办法已经换了，请重新开始")
	}
	if known == nil || known.ID != b.Resident {
		r, err := d.c.Identity.Resident(ctx, actor.House, b.Resident)
		if err != nil {
			return matter{}, err
		}
		known = &r
	}
	me := service.Me{Level: known.Level, Name: known.Name.Reveal(), CitizenNumber: known.CitizenNumber.Reveal(), Phone: known.Phone.Reveal()}
	for _, p := range known.Plates {
		me.Plates = append(me.Plates, p.Reveal())
	}
	return matter{def, service.Env{
		Now: d.c.Clock.Now(), Lang: a.Lang, Me: me, CaseNo: b.No, Offer: service.Offer{City: b.City, Definition: def.Questions()},
	}}, nil
}

// own finds a bundle of the asker; a foreign one and an absent one look alike.
func (d *Desk) own(ctx context.Context, a actor.Actor, no string) (Bundle, error) {
	b, err := d.c.Store.Bundle(ctx, no)
	if err != nil {
		return Bundle{}, err
	}
	if !a.IsResident(b.Resident) {
		return Bundle{}, absent()
	}
	return b, nil
}
