package server

import (
	"context"

	"zhijian/bus"
	"zhijian/domain/account"
	"zhijian/domain/booking"
	"zhijian/domain/bundle"
	"zhijian/domain/cases"
	"zhijian/domain/department"
	"zhijian/domain/draft"
	"zhijian/domain/draw"
	"zhijian/domain/follower"
	"zhijian/domain/identity"
	"zhijian/domain/message"
	"zhijian/domain/observatory/live"
	"zhijian/domain/payment"
	"zhijian/domain/sheet"
	"zhijian/domain/staff"
	"zhijian/ground/event"
	"zhijian/ground/money"
	"zhijian/store"
	"zhijian/store/editions"
)

// rooms are the desks of the domain.
type rooms struct {
	identity   *identity.Desk
	staff      *staff.Desk
	department *department.Desk
	account    *account.Desk
	message    *message.Desk
	payment    *payment.Desk
	booking    *booking.Desk
	cases      *cases.Desk
	bundle     *bundle.Desk
	draft      *draft.Desk
	sheet      *sheet.Desk
	draw       *draw.Desk
	follower   *follower.Desk
}

// openSheets makes the desk that the world's offices already answer from.
func (h *House) openSheets(context.Context) (err error) {
	s := store.Sheets{DB: h.db, Ring: h.ring}
	h.rooms.sheet, err = sheet.New(sheet.Config{Store: s, Rows: s, Users: sheetUsers{h.live}, Clock: h.c.Clock, IDs: h.ids})
	return err
}

// sweepSheets forgets what an upload that was killed left behind. What cannot be swept now is swept in the next night.
func (h *House) sweepSheets(ctx context.Context) {
	n, err := h.rooms.sheet.Sweep(ctx)
	if err != nil {
		h.c.Log.Warn("sweep what no sheet names", "error", err)
	} else if n > 0 {
		h.c.Log.Info("forgot what no sheet names", "kept", n)
	}
}

func (h *House) openRooms(context.Context) (err error) {
	r := &h.rooms
	purse := store.Budgets{DB: h.db, Ring: h.ring, Clock: h.c.Clock}
	if r.identity, err = h.identityDesk(h.c.Limits.identity()); err != nil {
		return err
	}
	if r.staff, err = staff.New(staff.Config{
		Store: store.Staff{DB: h.db, Ring: h.ring}, Roll: store.Staff{DB: h.db, Ring: h.ring}, Purse: purse, Clock: h.c.Clock, IDs: h.ids, Cost: h.passwordCost(),
	}); err != nil {
		return err
	}
	if r.department, err = department.New(department.Config{Store: store.Departments{DB: h.db}, Clock: h.c.Clock, IDs: h.ids}); err != nil {
		return err
	}
	if r.account, err = account.New(account.Config{Store: store.Accounts{DB: h.db, Memo: store.NewAccountMemo(h.db)}, Clock: h.c.Clock, IDs: h.ids}); err != nil {
		return err
	}
	if r.message, err = message.New(message.Config{Store: store.Messages{DB: h.db, Ring: h.ring}, Talks: store.Talks{DB: h.db, Ring: h.ring}, Purse: purse, Clock: h.c.Clock, IDs: h.ids}); err != nil {
		return err
	}
	if r.follower, err = follower.New(follower.Config{Store: store.Followers{DB: h.db, Ring: h.ring}, Purse: purse, Clock: h.c.Clock, IDs: h.ids}); err != nil {
		return err
	}
	if r.payment, err = payment.New(payment.Config{
		Store: store.Payments{DB: h.db}, Books: store.Payments{DB: h.db}, Channel: h.world.pay, Clock: h.c.Clock, IDs: h.ids, Origin: h.c.Origin,
	}); err != nil {
		return err
	}
	if r.booking, err = booking.New(booking.Config{Store: store.Bookings{DB: h.db}, Clock: h.c.Clock, IDs: h.ids}); err != nil {
		return err
	}
	ground := grounds{r.department, r.account, r.sheet, h.facts.regions, h.facts.catalogue}
	if err = h.openDraws(ground); err != nil {
		return err
	}
	if r.draft, err = draft.New(draft.Config{
		Store: store.Drafts{DB: h.db}, Grounds: ground, Catalogue: h.live, Clock: h.c.Clock, IDs: h.ids,
	}); err != nil {
		return err
	}
	r.cases, err = cases.New(cases.Config{
		Store: store.Cases{DB: h.db, Ring: h.ring, Memo: store.NewCaseMemo(h.db)}, Files: store.Files{DB: h.db, Ring: h.ring}, Catalogue: h.live, Office: counters{lots{h.world.office, r.draw, h.c.Clock}, r.booking}, Organs: organs{r.account},
		Identity: r.identity, Payment: r.payment, Booking: r.booking, Purse: purse, Clock: h.c.Clock, IDs: h.ids, PerDay: h.c.Limits.CasesPerDay, LookupsPerClient: h.c.Limits.LookupsPerClient, LookupsAll: h.c.Limits.LookupsAll, SecondFrom: money.Fen(h.c.Limits.RefundTakesTwo),
		Log: places{db: h.db, log: h.c.Log}, Room: h.space.room,
	})
	if err != nil {
		return err
	}
	if r.bundle, err = bundle.New(bundle.Config{
		Store: store.Bundles{DB: h.db, Ring: h.ring}, Catalogue: h.live, Cases: r.cases, Identity: r.identity, Purse: purse, Clock: h.c.Clock, IDs: h.ids,
	}); err != nil {
		return err
	}
	return h.connect()
}

// identityDesk makes a counter of identity with the given limits.
func (h *House) identityDesk(l identity.Limits) (*identity.Desk, error) {
	return identity.New(identity.Config{
		Residents: store.Residents{DB: h.db, Ring: h.ring}, Sessions: store.Sessions{DB: h.db, Ring: h.ring, Memo: store.NewSessionMemo(h.db)}, Codes: store.Codes{DB: h.db},
		Plates: store.Residents{DB: h.db, Ring: h.ring}, SMS: h.world.sms, Register: h.world.register(), Bank: h.world.bank(), Vehicles: h.world.vehicles(),
		Mandates: store.Mandates{DB: h.db, Ring: h.ring}, Households: h.world.register(),
		Purse: store.Budgets{DB: h.db, Ring: h.ring, Clock: h.c.Clock}, Ring: h.ring, Clock: h.c.Clock, IDs: h.ids, Limits: l,
	})
}

// connect tells the bus who wants to hear what. Consumers' names are kept in the database: renaming one makes it start anew.
func (h *House) connect() error {
	for _, x := range h.rooms.payment.Handlers() {
		h.hear(x.Consumer, x.Names, bus.Handler(x.Handle))
	}
	for _, x := range h.rooms.booking.Handlers() {
		h.hear(x.Consumer, x.Names, bus.Handler(x.Handle))
	}
	for _, x := range h.rooms.draw.Handlers() {
		h.hear(x.Consumer, x.Names, bus.Handler(x.Handle))
	}
	for _, x := range h.rooms.cases.Handlers() {
		h.hear(x.Consumer, x.Names, bus.Handler(x.Handle))
	}
	for _, x := range h.rooms.bundle.Handlers() {
		h.hear(x.Consumer, x.Names, bus.Handler(x.Handle))
	}
	n := notes{cases: h.rooms.cases, message: h.rooms.message, identity: h.rooms.identity, talks: talks{h.rooms.message, h.rooms.account}}
	h.hear("message.notes", n.names(), n.on)
	v := visitNotes{n}
	h.hear("message.visits", v.names(), v.on)
	w := warnings{message: h.rooms.message}
	h.hear("message.warnings", w.names(), w.on)
	g := mandates{identity: h.rooms.identity, message: h.rooms.message}
	h.hear("message.mandates", g.names(), g.on)
	o := followers{h.rooms.message}
	h.hear("message.followers", o.names(), o.on)
	l := h.looks()
	h.hear("looks", l.names(), l.on)
	b := newDaybook(store.Facts{DB: h.db})
	h.hear("observatory.facts", live.Names(), b.on)
	h.night = night{gatherer{
		facts: b.store, accounts: h.rooms.account, departments: h.rooms.department, catalogue: h.live, shelf: editions.Open(h.c.Data), visits: visitBook(h.VisitMonths),
		demo: h.c.Demo,
	}, h.c.Clock}
	h.hear("observatory.night", h.night.names(), h.night.on)
	h.hear("sheet.night", h.night.names(), func(ctx context.Context, _ event.Event) error {
		_, err := h.rooms.sheet.Sweep(ctx)
		return err
	})
	a, err := newSignInAlarm(h.c.Clock, h.metrics)
	if err != nil {
		return err
	}
	h.hear("staff.alarm", a.names(), a.on)
	return nil
}

// hear connects a handler and notes it for the generated reference.
func (h *House) hear(consumer string, names []string, handle bus.Handler) {
	h.bus.Handle(consumer, names, handle)
	for _, name := range names {
		h.heard[name] = append(h.heard[name], consumer)
	}
}

// organs tells cases which account and department answer for a service.
type organs struct{ accounts *account.Desk }

// Owner finds by the account's alias.
func (o organs) Owner(ctx context.Context, alias string) (accountID, departmentID int64, err error) {
	a, err := o.accounts.ByAlias(ctx, alias)
	return a.ID, a.Department, err
}

func (l Limits) identity() identity.Limits {
	out := identity.Limits{CodeClient: l.CodesPerClient, MinProof: l.MinProof}
	if l.CodesPerClient > 0 {
		out.WrongClient, out.CodeAll = 3*l.CodesPerClient, 10*l.CodesPerClient
	}
	if l.CodesPerPhone > 0 {
		out.CodePhoneHour, out.CodePhoneDay, out.WrongPhone = 5*l.CodesPerPhone, 10*l.CodesPerPhone, 10*l.CodesPerPhone
	}
	return out
}

// passwordCost is what a password of staff costs. A demonstration, whose passwords are printed, enrols some forty people before it opens
// and takes the least that is allowed; any other house takes the default.
func (h *House) passwordCost() staff.Cost {
	if h.c.Demo {
		return staff.Cost{Memory: 19 << 10, Passes: 2, Lanes: 1}
	}
	return staff.Cost{}
}
