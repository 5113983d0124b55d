package booking

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"zhijian/domain/booking/plan"
	"zhijian/ground/actor"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/geo"
)

// Kind is what sort of thing a resource is.
type Kind string

// The kinds of resources.
const (
	Doctor  Kind = "doctor"
	Counter Kind = "counter"
	Court   Kind = "court"
	Lane    Kind = "lane" // of a vehicle inspection
)

// Kinds lists them, the usual one first.
func Kinds() []Kind { return []Kind{Counter, Doctor, Court, Lane} }

// Resource is what the house itself has slots of, and whose queue it calls. Its pool is its name to the rest of the house.
type Resource struct {
	Pool       string
	Kind       Kind
	Name       string
	Address    string
	At         geo.Point // where it is; the zero Point when nobody said
	Department int64
	Account    int64
	Region     string
	Matters    []string // what one can come for; may be empty
	Plan       plan.Plan
	Rules      Rules
	Rev        int64 // 0 for one that is not kept yet
}

// Rules say how a resource is used on the day.
type Rules struct {
	// Early is how many minutes before the start one may check in; one may until the slot ends.
	Early int `json:"early"`
	// NoShow is when a resident who did not come can no longer book.
	NoShow NoShow `json:"no_show"`
}

// NoShow: who did not come Times times within Days cannot book for Bar days after the last time. Times 0 is no rule.
type NoShow struct {
	Times int `json:"times"`
	Days  int `json:"days"`
	Bar   int `json:"bar"`
}

// DefaultRules are those of a new resource.
func DefaultRules() Rules { return Rules{Early: 60, NoShow: NoShow{Times: 3, Days: 90, Bar: 30}} }

// Until gives when somebody with these absences may book again, latest first; zero when they may now.
func (n NoShow) Until(absences []time.Time, now time.Time) time.Time {
	if n.Times < 1 {
		return time.Time{}
	}
	day := 24 * time.Hour
	within := time.Duration(n.Days) * day
	// The last time that was one too many counts, even when the oldest of them has since left the window.
	for i := range absences {
		if i+n.Times > len(absences) {
			break
		}
		if absences[i].Sub(absences[i+n.Times-1]) <= within {
			if until := absences[i].Add(time.Duration(n.Bar) * day); until.After(now) {
				return until
			}
			return time.Time{}
		}
	}
	return time.Time{}
}

// check reports what is wrong as fault.Invalid, each on its field.
func (r Resource) check() error {
	n, x := utf8.RuneCountInString(r.Name), r.Rules.NoShow
	oddPool := r.Pool == "" || len(r.Pool) > 80 || strings.ContainsFunc(r.Pool, func(c rune) bool { return c <= ' ' || c > '~' || c == '?' || c == '#' })
	oddRule := x.Times < 0 || x.Times > 20 || x.Times > 0 && (x.Days < 1 || x.Days > 365 || x.Bar < 1 || x.Bar > 365)
	wrong := []*fault.Error{
		unless(n < 2 || n > 60, "resource.name", "名称请写 2 到 60 个字", "name"),
		unless(utf8.RuneCountInString(r.Address) > 120, "resource.address", "地址最多 120 个字", "address"),
		unless(r.At != geo.Point{} && !r.At.Known(), "resource.at", "请写纬度和经度，例如 31.2990,120.5853", "at"),
		unless(!slices.Contains(Kinds(), r.Kind), "resource.kind", "请选一种资源", "kind"),
		unless(oddPool, "resource.pool", "编号请用字母、数字和 - /，不要空格", "pool"),
		unless(r.Rules.Early < 0 || r.Rules.Early > 24*60, "resource.early", "签到可以提前的时间请填 0 到 1440 分钟", "early"),
		unless(oddRule, "resource.no_show", "爽约规则请填次数 0 到 20、天数和停约天数 1 到 365", "no_show"),
		unless(len(r.Matters) > 100, "resource.matters", "事项最多 100 个", "matters"),
	}
	if err := fault.Of(r.Plan.Check()); err != nil {
		wrong = append(wrong, err)
	}
	return fault.Join(wrong...)
}

// unless is a fault on a field when something is bad.
func unless(bad bool, code, sentence, field string) *fault.Error {
	if !bad {
		return nil
	}
	return fault.Invalid(code, sentence).On(field)
}

// runs reports whether the actor works with a resource: the house, the operator, and staff of its department.
func (r Resource) runs(a actor.Actor) bool {
	return a.Kind == actor.System || a.Kind == actor.Operator || a.Kind == actor.Staff && a.Department != 0 && a.Department == r.Department
}

// Resource finds a resource by its pool; false when the pool's slots come from an office.
func (d *Desk) Resource(ctx context.Context, pool string) (Resource, bool, error) {
	return d.c.Store.Resource(ctx, pool)
}

// Run gives a resource to who works with it; fault.NotFound "resource" to anybody else.
func (d *Desk) Run(ctx context.Context, a actor.Actor, pool string) (Resource, error) {
	r, ok, err := d.c.Store.Resource(ctx, pool)
	if err == nil && (!ok || !r.runs(a)) {
		err = fault.NotFound("resource", "没有找到这个资源")
	}
	return r, err
}

// Resources lists what an actor works with: all of it for the house and the operator, else that of their department.
func (d *Desk) Resources(ctx context.Context, a actor.Actor, region string) ([]Resource, error) {
	switch {
	case a.Kind == actor.System, a.Kind == actor.Operator:
		return d.c.Store.ListResources(ctx, 0, region)
	case a.Kind == actor.Staff && a.Department != 0:
		return d.c.Store.ListResources(ctx, a.Department, region)
	}
	return nil, fault.Denied("booking.denied", "只有开办部门的工作人员能发布号源")
}

// Open makes a resource known; one of that pool that is there stays as it is. The house and the operator may.
func (d *Desk) Open(ctx context.Context, a actor.Actor, r Resource) (_ Resource, err error) {
	defer fault.Wrap(&err, "open resource %s", r.Pool)
	if a.Kind != actor.System && a.Kind != actor.Operator {
		return Resource{}, fault.Denied("booking.denied", "只有平台运营人员能开设资源")
	}
	if err := r.check(); err != nil {
		return Resource{}, err
	}
	return d.c.Store.ChangeResource(ctx, r.Pool, func(kept *Resource) ([]event.Body, error) {
		if kept.Rev > 0 {
			return nil, nil
		}
		*kept = r
		return []event.Body{ResourceEvent{r.meta(a), r.Pool}}, nil
	})
}

// Rule changes plan, rules, name, address, place and matters of a resource. rev is the Rev that who changes it has seen: fault.Conflict
// "resource.rev" when somebody else was quicker. Bookings that no longer fit stay; Outside lists them. Who runs the resource may.
func (d *Desk) Rule(ctx context.Context, a actor.Actor, r Resource, rev int64) (_ Resource, err error) {
	defer fault.Wrap(&err, "change resource %s", r.Pool)
	if _, err := d.Run(ctx, a, r.Pool); err != nil {
		return Resource{}, err
	}
	if err := r.check(); err != nil {
		return Resource{}, err
	}
	kept, err := d.c.Store.ChangeResource(ctx, r.Pool, func(kept *Resource) ([]event.Body, error) {
		if kept.Rev != rev {
			return nil, fault.Conflict("resource.rev", "这个资源刚被别人改过，请重新打开再改")
		}
		kept.Name, kept.Address, kept.At, kept.Matters, kept.Plan, kept.Rules = r.Name, r.Address, r.At, r.Matters, r.Plan, r.Rules
		return []event.Body{ResourceEvent{kept.meta(a), kept.Pool}}, nil
	})
	if err != nil {
		return Resource{}, err
	}
	return kept, d.roll(ctx, kept)
}

func (r Resource) meta(a actor.Actor) event.Meta {
	return event.Meta{Actor: a.String(), Account: r.Account, Region: r.Region}
}

// Roll publishes the slots of a resource that have opened; the house calls it whenever somebody looks at them.
func (d *Desk) Roll(ctx context.Context, pool string) (err error) {
	defer fault.Wrap(&err, "publish the slots of %s", pool)
	r, ok, err := d.c.Store.Resource(ctx, pool)
	if err != nil || !ok {
		return err
	}
	return d.roll(ctx, r)
}

func (d *Desk) roll(ctx context.Context, r Resource) error {
	now := d.c.Clock.Now()
	open := map[string]bool{}
	var slots []Slot
	for _, s := range r.Plan.Open(now) {
		open[s.ID] = true
		slots = append(slots, Slot{Pool: r.Pool, ID: s.ID, Start: s.Start, End: s.End, Capacity: s.Places, Walk: s.Walk, Free: s.Free})
	}
	known, err := d.c.Store.Slots(ctx, r.Pool, now, now.AddDate(1, 0, 0))
	if err != nil {
		return err
	}
	for _, s := range known { // what the plan no longer has is closed; who booked it keeps it until staff decide
		if !open[s.ID] && s.Capacity > 0 {
			s.Capacity, s.Walk = 0, 0
			slots = append(slots, s)
		}
	}
	if len(slots) == 0 {
		return nil
	}
	return d.publish(ctx, slots)
}

// Outside lists the confirmed bookings of a resource that its plan no longer has, soonest first: staff call them off or see them all the same.
func (d *Desk) Outside(ctx context.Context, a actor.Actor, pool string) ([]Reservation, error) {
	if _, err := d.Run(ctx, a, pool); err != nil {
		return nil, err
	}
	now := d.c.Clock.Now()
	slots, err := d.c.Store.Slots(ctx, pool, now, now.AddDate(1, 0, 0))
	if err != nil {
		return nil, err
	}
	var out []Reservation
	seen := map[string]bool{}
	for _, s := range slots {
		date := Reservation{Start: s.Start}.Date()
		if s.Taken <= s.Capacity || seen[date] {
			continue
		}
		seen[date] = true
		list, err := d.c.Store.Day(ctx, pool, date, Confirmed)
		if err != nil {
			return nil, err
		}
		for _, r := range list {
			if slices.ContainsFunc(slots, func(s Slot) bool { return s.ID == r.Slot && s.Capacity == 0 }) {
				out = append(out, r)
			}
		}
	}
	return out, nil
}

// Barred says until when a resident cannot book a pool because they did not come; zero when they can.
func (d *Desk) Barred(ctx context.Context, resident int64, pool string) (until time.Time, err error) {
	r, ok, err := d.c.Store.Resource(ctx, pool)
	if err != nil || !ok || r.Rules.NoShow.Times < 1 || resident == 0 {
		return time.Time{}, err
	}
	return d.barred(ctx, resident, r)
}

func (d *Desk) barred(ctx context.Context, resident int64, r Resource) (time.Time, error) {
	now, rule := d.c.Clock.Now(), r.Rules.NoShow
	absences, err := d.c.Store.Absences(ctx, resident, r.Pool, now.AddDate(0, 0, -rule.Days-rule.Bar))
	if err != nil {
		return time.Time{}, fmt.Errorf("absences: %w", err)
	}
	return rule.Until(absences, now), nil
}
