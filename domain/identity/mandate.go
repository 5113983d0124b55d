package identity

import (
	"context"
	"slices"
	"strconv"
	"time"

	"zhijian/ground/actor"
	"zhijian/ground/budget"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/format"
	"zhijian/ground/seal"
)

// Mandate is the right of one resident to act for another, which the other gave by their own login. It never says more of the two to each
// other than that they know each other already: who is asked is named by the asker, and who asks is named to the asked.
type Mandate struct {
	ID        int64
	Agent     int64     // resident who acts
	Principal int64     // resident who is acted for; 0 until they answered
	Asked     []byte    // blind index of the citizen number that was asked for
	Name      seal.Text // as asked for; empty once it was answered
	Services  []string  // ids of services; empty for all
	State     MandateState
	At        time.Time // when it was asked for
	Answered  time.Time // zero until then
	Until     time.Time // the last moment it holds
	Ended     time.Time // when it was ended before its time; zero otherwise
	Rev       int64
}

// MandateState is where a mandate stands.
type MandateState string

// The states of a mandate. That it ran out follows from Until and is not kept.
const (
	MandateAsked   MandateState = "asked"
	MandateActive  MandateState = "active"
	MandateRefused MandateState = "refused"
	MandateEnded   MandateState = "ended"
)

// mandateMoves lists every move that exists.
var mandateMoves = map[MandateState][]MandateState{
	MandateAsked:  {MandateActive, MandateRefused, MandateEnded},
	MandateActive: {MandateEnded},
}

// MandateMoves gives the table of moves, for the generated reference.
func MandateMoves() map[MandateState][]MandateState { return mandateMoves }

// answerWithin is how long a mandate that was asked for can be accepted.
const answerWithin = 7 * day

// The bounds of a mandate.
const (
	maxMandateDays  = 365
	maxMandateScope = 20
)

// mandatesAsked is how many mandates one resident may ask for in a day.
var mandatesAsked = budget.Budget{Name: "mandate.asked.day", Limit: 5, Window: day}

// Holds reports whether the agent may act at now.
func (m Mandate) Holds(now time.Time) bool { return m.State == MandateActive && now.Before(m.Until) }

// Open reports whether it can still be accepted at now.
func (m Mandate) Open(now time.Time) bool {
	return m.State == MandateAsked && now.Before(m.At.Add(answerWithin)) && now.Before(m.Until)
}

// Covers reports whether it is about a service.
func (m Mandate) Covers(service string) bool {
	return len(m.Services) == 0 || slices.Contains(m.Services, service)
}

// MandateWish is a mandate to be asked for, as it was typed.
type MandateWish struct {
	Name          string
	CitizenNumber string
	Services      []string // ids; empty for all
	Days          int      // from now, 1 to 365
}

// String hides what was typed.
func (MandateWish) String() string { return hidden }

// GoString hides what was typed from %#v.
func (MandateWish) GoString() string { return hidden }

// MarshalJSON hides what was typed from JSON.
func (MandateWish) MarshalJSON() ([]byte, error) { return []byte(`"` + hidden + `"`), nil }

// MandateStore keeps mandates.
type MandateStore interface {
	// AddMandate saves a new one with its events.
	AddMandate(ctx context.Context, m Mandate, events ...event.Body) error
	// Mandate finds by id; fault.NotFound "mandate" when absent.
	Mandate(ctx context.Context, id int64) (Mandate, error)
	// ChangeMandate loads under lock, lets rule decide and saves it with its events; no events mean that nothing is to be saved.
	ChangeMandate(ctx context.Context, id int64, rule func(*Mandate) ([]event.Body, error)) (Mandate, error)
	// MandatesOf lists those in which the resident acts, newest first, at most 100.
	MandatesOf(ctx context.Context, agent int64) ([]Mandate, error)
	// MandatesOn lists those in which the resident is acted for, or whose number was asked for, newest first, at most 100.
	MandatesOn(ctx context.Context, principal int64, number seal.Text) ([]Mandate, error)
	// Numbered finds who holds a citizen number; 0 for nobody.
	Numbered(ctx context.Context, number []byte) (int64, error)
	// Index gives the blind index that numbers are found by.
	Index(number seal.Text) []byte
}

// AskMandate asks somebody, named by name and citizen number, to let the actor act for them. Whether there is such a resident
// makes no difference to the answer: who asks learns nothing. fault.Denied "level.name" below L2; fault.Invalid on "name", "citizen_number", "days",
// "services"; fault.Conflict "mandate.self"; fault.TooMany after five a day.
func (d *Desk) AskMandate(ctx context.Context, a actor.Actor, w MandateWish) (m Mandate, err error) {
	defer fault.Wrap(&err, "ask a mandate for %s", a)
	me, err := d.named(ctx, a)
	if err != nil {
		return Mandate{}, err
	}
	now := d.c.Clock.Now()
	n, nameErr := format.PersonName(w.Name)
	c, numberErr := format.CitizenNumber(w.CitizenNumber, now)
	var badDays, badServices *fault.Error
	if w.Days < 1 || w.Days > maxMandateDays {
		badDays = fault.Invalid("mandate.days", "请选 1 到 %d 天", maxMandateDays).On("days")
	}
	if len(w.Services) > maxMandateScope || slices.ContainsFunc(w.Services, func(s string) bool { return !slug(s) }) {
		badServices = fault.Invalid("mandate.services", "请从列表里选事项，最多 %d 项", maxMandateScope).On("services")
	}
	if err := fault.Join(on(nameErr, "name"), on(numberErr, "citizen_number"), badDays, badServices); err != nil {
		return Mandate{}, err
	}
	number := seal.Plain(c)
	if number == me.CitizenNumber {
		return Mandate{}, fault.Conflict("mandate.self", "这是您自己的身份证号，自己的事直接办就行").On("citizen_number")
	}
	if err := d.c.Purse.Spend(ctx, mandatesAsked, strconv.FormatInt(me.ID, 10)); err != nil {
		return Mandate{}, err
	}
	m = Mandate{
		ID: d.c.IDs.ID(), Agent: me.ID, Asked: d.c.Mandates.Index(number), Name: seal.Plain(n), Services: slices.Clone(w.Services), State: MandateAsked,
		At: now, Until: now.Add(time.Duration(w.Days) * day), Rev: 1,
	}
	return m, d.c.Mandates.AddMandate(ctx, m, MandateAskedEvent{Meta: by(a), Mandate: m.ID, Agent: m.Agent})
}

// Asked gives the resident whom a mandate is asked of, for the house to tell; 0 when there is none whose name and number were given.
func (d *Desk) Asked(ctx context.Context, a actor.Actor, id int64) (principal int64, err error) {
	defer fault.Wrap(&err, "find who is asked for mandate %d", id)
	if a.Kind != actor.System {
		return 0, nil
	}
	m, err := d.c.Mandates.Mandate(ctx, id)
	if err != nil || m.Principal != 0 {
		return m.Principal, err
	}
	who, err := d.c.Mandates.Numbered(ctx, m.Asked)
	if err != nil || who == 0 {
		return 0, err
	}
	r, err := d.c.Residents.Resident(ctx, who)
	if err != nil || r.Name != m.Name {
		return 0, err
	}
	return who, nil
}

// MandateLine is a mandate with the name of the other side as the actor may see it: in full to who is asked, so that they know whom they
// trust, and as the asker typed it until it is accepted.
type MandateLine struct {
	Mandate
	Other seal.Text
}

// Mandates lists those in which the actor acts, and those in which they are acted for or asked; newest first.
func (d *Desk) Mandates(ctx context.Context, a actor.Actor) (mine, given []MandateLine, err error) {
	defer fault.Wrap(&err, "list mandates of %s", a)
	id, err := resident(a)
	if err != nil || d.c.Mandates == nil {
		return nil, nil, err
	}
	me, err := d.c.Residents.Resident(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	acting, err := d.c.Mandates.MandatesOf(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	for _, m := range acting {
		other := m.Name
		if m.Principal != 0 && m.State == MandateActive {
			r, err := d.c.Residents.Resident(ctx, m.Principal)
			if err != nil {
				return nil, nil, err
			}
			other = r.Name
		}
		mine = append(mine, MandateLine{m, other})
	}
	on, err := d.c.Mandates.MandatesOn(ctx, id, me.CitizenNumber)
	if err != nil {
		return nil, nil, err
	}
	for _, m := range on {
		if m.Principal == 0 && (m.Name != me.Name || !m.Open(d.c.Clock.Now())) {
			continue // a number without the name is somebody else's guess
		}
		r, err := d.c.Residents.Resident(ctx, m.Agent)
		if err != nil {
			return nil, nil, err
		}
		given = append(given, MandateLine{m, r.Name})
	}
	return mine, given, nil
}

// AcceptMandate lets the asker act for the actor. fault.NotFound "mandate" for anybody but who is asked, and when it cannot be accepted any more;
// again is already so.
func (d *Desk) AcceptMandate(ctx context.Context, a actor.Actor, id int64) (err error) {
	defer fault.Wrap(&err, "accept mandate %d", id)
	return d.answerMandate(ctx, a, id, MandateActive)
}

// RefuseMandate says no, as AcceptMandate says yes.
func (d *Desk) RefuseMandate(ctx context.Context, a actor.Actor, id int64) (err error) {
	defer fault.Wrap(&err, "refuse mandate %d", id)
	return d.answerMandate(ctx, a, id, MandateRefused)
}

func (d *Desk) answerMandate(ctx context.Context, a actor.Actor, id int64, to MandateState) error {
	me, err := d.named(ctx, a)
	if err != nil {
		return err
	}
	now, index := d.c.Clock.Now(), d.c.Mandates.Index(me.CitizenNumber)
	_, err = d.c.Mandates.ChangeMandate(ctx, id, func(m *Mandate) ([]event.Body, error) {
		switch {
		case m.Principal == me.ID && m.State == to:
			return nil, nil
		case m.Principal != 0, string(m.Asked) != string(index), m.Name != me.Name, !m.Open(now), !slices.Contains(mandateMoves[m.State], to):
			return nil, noMandate()
		}
		m.Principal, m.State, m.Answered, m.Name = me.ID, to, now, seal.Text{}
		return []event.Body{MandateAnswered{Meta: by(a), Mandate: m.ID, Agent: m.Agent, Principal: m.Principal, State: m.State}}, nil
	})
	return err
}

// EndMandate takes a mandate back; both sides may, at any time and without a reason. Who asked may also take back what is not answered yet.
// fault.NotFound "mandate" to anybody else; again is already so.
func (d *Desk) EndMandate(ctx context.Context, a actor.Actor, id int64) (err error) {
	defer fault.Wrap(&err, "end mandate %d", id)
	who, err := resident(a)
	if err != nil {
		return err
	}
	now := d.c.Clock.Now()
	_, err = d.c.Mandates.ChangeMandate(ctx, id, func(m *Mandate) ([]event.Body, error) {
		switch {
		case m.Agent != who && m.Principal != who:
			return nil, noMandate()
		case !slices.Contains(mandateMoves[m.State], MandateEnded):
			return nil, nil
		}
		m.State, m.Ended, m.Name = MandateEnded, now, seal.Text{}
		return []event.Body{MandateAnswered{Meta: by(a), Mandate: m.ID, Agent: m.Agent, Principal: m.Principal, State: m.State}}, nil
	})
	return err
}

func noMandate() error {
	return fault.NotFound("mandate", "没有找到这份授权，它可能已经过期或被撤回")
}

// Principal is somebody a resident may act for now.
type Principal struct {
	Ref           string // "child/7", "mandate/9": stays the same as long as the right does
	Name          seal.Text
	CitizenNumber seal.Text
	Relation      Relation // Child, or Other under a mandate
	Resident      int64    // of a mandate; 0 for a child
}

// ActsFor lists whom a resident may act for in a service at this moment: own children under 18 that the household register confirmed, and who gave
// them a mandate. The house asks before every move of a case that is for somebody else, so that what was taken back counts at once.
func (d *Desk) ActsFor(ctx context.Context, a actor.Actor, agent int64, service string) (list []Principal, err error) {
	defer fault.Wrap(&err, "list whom resident %d acts for", agent)
	if a.Kind != actor.System && !a.IsResident(agent) {
		return nil, nil
	}
	people, err := d.c.Residents.People(ctx, agent)
	if err != nil {
		return nil, err
	}
	now := d.c.Clock.Now()
	for _, p := range people {
		if p.MayActFor(now) {
			list = append(list, Principal{Ref: "child/" + strconv.FormatInt(p.ID, 10), Name: p.Name, CitizenNumber: p.CitizenNumber, Relation: Child})
		}
	}
	if d.c.Mandates == nil {
		return list, nil
	}
	mandates, err := d.c.Mandates.MandatesOf(ctx, agent)
	if err != nil {
		return nil, err
	}
	for _, m := range mandates {
		if !m.Holds(now) || !m.Covers(service) {
			continue
		}
		r, err := d.c.Residents.Resident(ctx, m.Principal)
		if err != nil {
			return nil, err
		}
		if r.Level < 2 { // who took back their own name is nobody's principal
			continue
		}
		list = append(list, Principal{Ref: "mandate/" + strconv.FormatInt(m.ID, 10), Name: r.Name, CitizenNumber: r.CitizenNumber, Relation: Other, Resident: r.ID})
	}
	return list, nil
}
