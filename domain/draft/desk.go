package draft

import (
	"context"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"zhijian/domain/service"
	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/uid"
)

// Grounds knows what a department stands on.
type Grounds interface {
	// Ground gives it; fault.Conflict "draft.ground" when the department has no city that is switched on, or no account.
	Ground(ctx context.Context, department int64) (Ground, error)
}

// Catalogue knows the groups of services, and which ids the files of the house have; service.Live does.
type Catalogue interface {
	Group(id string) (service.Group, bool)
	Carries(id string) bool
}

// Config is what the desk needs. Every field is required.
type Config struct {
	Store     Store
	Grounds   Grounds
	Catalogue Catalogue
	Clock     clock.Clock
	IDs       *uid.Maker
}

// Desk is the room's counter. It is safe for concurrent use.
type Desk struct{ c Config }

// New checks the configuration.
func New(c Config) (*Desk, error) {
	if c.Store == nil || c.Grounds == nil || c.Catalogue == nil || c.Clock == nil || c.IDs == nil {
		return nil, errors.New("draft: Store, Grounds, Catalogue, Clock or IDs is missing")
	}
	return &Desk{c: c}, nil
}

// scope gives the department whose drafts an actor may see: 0 for all.
func scope(a actor.Actor) (department int64, err error) {
	switch {
	case a.Kind == actor.Operator:
		return 0, nil
	case a.Kind == actor.Staff && a.Department != 0:
		return a.Department, nil
	}
	return 0, fault.Denied("draft.staff", "只有本部门的工作人员可以做这件事")
}

// writer is scope for what only members of the department itself do.
func writer(a actor.Actor) (department int64, err error) {
	if a.Kind != actor.Staff || a.Department == 0 {
		return 0, fault.Denied("draft.staff", "只有本部门的工作人员可以做这件事")
	}
	return a.Department, nil
}

func absent() *fault.Error {
	return fault.NotFound("draft", "没有找到这项服务，可能不是本部门的")
}

// Draft gives one draft, whole; one of another department does not exist.
func (d *Desk) Draft(ctx context.Context, a actor.Actor, service string) (_ Draft, err error) {
	defer fault.Wrap(&err, "find draft %s for %s", service, a)
	department, err := scope(a)
	if err != nil {
		return Draft{}, err
	}
	one, err := d.c.Store.Draft(ctx, service)
	if err == nil && department != 0 && one.Department != department {
		err = absent()
	}
	if err != nil {
		return Draft{}, err
	}
	return one, nil
}

// mostListed is how many drafts one list holds.
const mostListed = 200

// List gives the drafts of the actor's department, all departments' to the operator, last changed first and without editions.
func (d *Desk) List(ctx context.Context, a actor.Actor) (_ []Draft, err error) {
	defer fault.Wrap(&err, "list drafts for %s", a)
	department, err := scope(a)
	if err != nil {
		return nil, err
	}
	return d.c.Store.Of(ctx, department, mostListed)
}

// Ground gives what the actor's department stands on.
func (d *Desk) Ground(ctx context.Context, a actor.Actor) (_ Ground, err error) {
	defer fault.Wrap(&err, "find the ground of %s", a)
	department, err := writer(a)
	if err != nil {
		return Ground{}, err
	}
	return d.c.Grounds.Ground(ctx, department)
}

// GroundOf gives what the department of a draft stands on, to whoever may see the draft.
func (d *Desk) GroundOf(ctx context.Context, a actor.Actor, one Draft) (_ Ground, err error) {
	defer fault.Wrap(&err, "find the ground of draft %s for %s", one.Service, a)
	department, err := scope(a)
	if err != nil {
		return Ground{}, err
	}
	if department != 0 && one.Department != department {
		return Ground{}, absent()
	}
	return d.c.Grounds.Ground(ctx, one.Department)
}

// OnTrial finds what a link leads to, for anybody who has the link; fault.NotFound "draft.trial" when it is none or its day is over.
func (d *Desk) OnTrial(ctx context.Context, trial string) (_ Draft, err error) {
	defer fault.Wrap(&err, "find a draft on trial")
	if trial == "" {
		return Draft{}, over()
	}
	one, err := d.c.Store.OnTrial(ctx, trial)
	if err == nil && !d.c.Clock.Now().Before(one.TrialUntil) {
		err = over()
	}
	if err != nil {
		return Draft{}, err
	}
	return one, nil
}

func over() *fault.Error {
	return fault.NotFound("draft.trial", "这个试办链接不能用了，请向做这项服务的同事要新的")
}

// change finds a draft within the actor's scope and changes it. rev is the revision that the actor saw; 0 asks for none.
func (d *Desk) change(ctx context.Context, a actor.Actor, department int64, name string, rev int64, rule func(*Draft) (event.Body, error)) (Draft, error) {
	return d.c.Store.Change(ctx, name, func(one *Draft) ([]event.Body, error) {
		if department != 0 && one.Department != department {
			return nil, absent()
		}
		if rev != 0 && rev != one.Rev {
			return nil, fault.Conflict("draft.moved", "这份草案刚刚被同事改过，请看一看再改")
		}
		was := one.State
		body, err := rule(one)
		if body == nil || err != nil {
			return nil, err
		}
		if !was.CanMove(one.State) {
			return nil, fault.Conflict("draft.state", "这份草案现在不能这样做，请刷新看一看")
		}
		if _, only := body.(TriedEvent); !only {
			one.Rev++ // what was seen before is old now
			one.Changed = d.c.Clock.Now()
		}
		return []event.Body{body}, nil
	})
}

func (d Draft) meta(a actor.Actor) event.Meta {
	return event.Meta{Actor: a.String(), Region: d.City, Service: d.Service}
}

// reasoned checks a reason: 2 to 300 characters.
func reasoned(reason string) (string, error) {
	reason = strings.TrimSpace(reason)
	if n := utf8.RuneCountInString(reason); n < 2 || n > 300 {
		return "", fault.Invalid("draft.reason", "请写明理由，2 到 300 个字").On("reason")
	}
	return reason, nil
}

func (d *Draft) wrote(member int64) {
	if !slices.Contains(d.Hands, member) {
		d.Hands = append(d.Hands, member)
	}
}
