package draft

import (
	"context"
	"slices"
	"time"

	"zhijian/domain/service"
	"zhijian/ground/actor"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/uid"
)

// Publish offers an approved text to residents from now on, under the next number. It is checked once more: offices and accounts may have
// changed since.
func (d *Desk) Publish(ctx context.Context, a actor.Actor, name string, rev int64) (_ Draft, err error) {
	defer fault.Wrap(&err, "publish draft %s by %s", name, a)
	department, err := writer(a)
	if err != nil {
		return Draft{}, err
	}
	return d.change(ctx, a, department, name, rev, func(one *Draft) (event.Body, error) {
		if one.State != Approved {
			return nil, fault.Conflict("draft.unapproved", "先要有另一位同事审批，才能发布")
		}
		if err := d.ready(ctx, one); err != nil {
			return nil, err
		}
		return d.offer(one, a, 0, "published", ""), nil
	})
}

// AskBack says that an earlier version should be offered again. It does nothing by itself: a second person has it done by RollBack. A later
// wish takes the place of this one. fault.NotFound "draft.edition" when there is no such version.
func (d *Desk) AskBack(ctx context.Context, a actor.Actor, name string, version int, reason string) (_ Draft, err error) {
	defer fault.Wrap(&err, "ask draft %s back to %d by %s", name, version, a)
	department, err := writer(a)
	if err != nil {
		return Draft{}, err
	}
	if reason, err = reasoned(reason); err != nil {
		return Draft{}, err
	}
	return d.change(ctx, a, department, name, 0, func(one *Draft) (event.Body, error) {
		if err := one.canBack(version); err != nil {
			return nil, err
		}
		want := Back{version, a.ID, reason}
		if one.Back == want {
			return nil, nil
		}
		one.Back = want
		one.note(Act{At: d.c.Clock.Now(), What: "asked_back", Who: a.ID, Version: version, Reason: reason})
		return BackAskedEvent{one.meta(a), Subject{one.Service, version}, reason}, nil
	})
}

func (d Draft) canBack(version int) error {
	if _, ok := d.Edition(version); !ok {
		return fault.NotFound("draft.edition", "没有这个版本")
	}
	if d.Live == version {
		return fault.Conflict("draft.live", "这个版本正在用，不用退回")
	}
	return nil
}

// RollBack offers the text of an earlier version again, under a new number, as a colleague asked; what is being written stays. Whoever asked
// is refused with fault.Denied "draft.back_own", and fault.Conflict "draft.back_none" says that nobody asked for this version. Harm that
// cannot wait for a second person is undone by Withdraw.
func (d *Desk) RollBack(ctx context.Context, a actor.Actor, name string, version int, reason string) (_ Draft, err error) {
	defer fault.Wrap(&err, "roll draft %s back to %d by %s", name, version, a)
	department, err := writer(a)
	if err != nil {
		return Draft{}, err
	}
	if reason, err = reasoned(reason); err != nil {
		return Draft{}, err
	}
	return d.change(ctx, a, department, name, 0, func(one *Draft) (event.Body, error) {
		if err := one.canBack(version); err != nil {
			return nil, err
		}
		switch {
		case one.Back.Version != version:
			return nil, fault.Conflict("draft.back_none", "没有人请求退回到这一版，请先提出请求")
		case one.Back.By == a.ID:
			return nil, fault.Denied("draft.back_own", "提出退回的人不能自己确认，请另一位同事来；急事可以先下线")
		}
		e, _ := one.Edition(version)
		was := *one
		one.Text = e.Text
		if err := d.ready(ctx, one); err != nil {
			return nil, err
		}
		body := d.offer(one, a, version, "rolled_back", reason)
		if was.State == Writing || was.State == Submitted || was.State == Approved {
			one.Text, one.State, one.Hands = was.Text, Writing, was.Hands
		}
		return body, nil
	})
}

// offer publishes the text as it stands, which ready has numbered.
func (d *Desk) offer(one *Draft, a actor.Actor, back int, what, reason string) event.Body {
	now, by, approver := d.c.Clock.Now(), a.ID, int64(0)
	if back == 0 {
		for _, act := range slices.Backward(one.Acts) {
			if act.What == "approved" {
				approver = act.Who
				break
			}
		}
	} else {
		by, approver = one.Back.By, a.ID // who asked offers it, who agreed approved
	}
	e := Edition{Version: one.Next(), Text: one.Text, At: now, By: by, Approver: approver, Back: back}
	one.note(Act{At: now, What: what, Who: a.ID, Version: e.Version, Reason: reason})
	one.Editions = append(one.Editions, e)
	one.Live, one.State, one.Hands = e.Version, Published, nil
	one.Turn++
	one.Back = Back{}
	return PublishedEvent{one.meta(a), Subject{one.Service, e.Version}, back}
}

// Withdraw offers the service no more. Cases that began go on; the text stays. One person may at once: it undoes harm, and is noted with the
// reason.
func (d *Desk) Withdraw(ctx context.Context, a actor.Actor, name, reason string) (_ Draft, err error) {
	defer fault.Wrap(&err, "withdraw draft %s by %s", name, a)
	department, err := scope(a)
	if err != nil {
		return Draft{}, err
	}
	if reason, err = reasoned(reason); err != nil {
		return Draft{}, err
	}
	return d.change(ctx, a, department, name, 0, func(one *Draft) (event.Body, error) {
		if one.Live == 0 {
			return nil, fault.Conflict("draft.notlive", "这项服务没有上线，不用下线")
		}
		version := one.Live
		one.Live, one.Back = 0, Back{}
		one.Turn++
		if one.State == Published {
			one.State = Withdrawn
		}
		one.note(Act{At: d.c.Clock.Now(), What: "withdrawn", Who: a.ID, Version: version, Reason: reason})
		return WithdrawnEvent{one.meta(a), Subject{one.Service, version}}, nil
	})
}

// trialFor is how long a link to try a draft out works.
const trialFor = 24 * time.Hour

// Try makes a link by which anybody who has it can try the text out for a day; one that was made before works no more.
func (d *Desk) Try(ctx context.Context, a actor.Actor, name string) (_ Draft, err error) {
	defer fault.Wrap(&err, "put draft %s on trial by %s", name, a)
	department, err := scope(a)
	if err != nil {
		return Draft{}, err
	}
	return d.change(ctx, a, department, name, 0, func(one *Draft) (event.Body, error) {
		one.Trial, one.TrialUntil = uid.No(), d.c.Clock.Now().Add(trialFor)
		return TriedEvent{one.meta(a), Subject{Service: one.Service}}, nil
	})
}

// Turns changes whenever what residents are offered does: a process that sees another sum reads Locals again.
func (d *Desk) Turns(ctx context.Context) (n int64, err error) {
	defer fault.Wrap(&err, "count the turns of drafts")
	return d.c.Store.Turns(ctx)
}

// Shelf turns published texts into what a city offers. Texts are read once. It is not safe for concurrent use.
type Shelf struct {
	desk *Desk
	read map[string]*service.Definition // by service@version
}

// Shelf begins with nothing read.
func (d *Desk) Shelf() *Shelf { return &Shelf{d, map[string]*service.Definition{}} }

// Locals gives every version that was ever published, those offered now marked so. wrong names what cannot be offered any more, with the
// reason: a city that was switched off, an office that left the department. Cases that stand on such a version keep it, without the office.
func (s *Shelf) Locals(ctx context.Context) (out []service.Local, wrong []error, err error) {
	defer fault.Wrap(&err, "read the services of departments")
	all, err := s.desk.c.Store.Shown(ctx)
	if err != nil {
		return nil, nil, err
	}
	grounds := map[int64]Ground{}
	for _, one := range all {
		g, seen := grounds[one.Department]
		if !seen {
			if g, err = s.desk.c.Grounds.Ground(ctx, one.Department); err != nil {
				if fault.KindOf(err) != fault.KindConflict {
					return nil, nil, err
				}
				wrong, g = append(wrong, err), Ground{}
			}
			grounds[one.Department] = g
		}
		for _, e := range one.Editions {
			def, problem := s.definition(one, e)
			if def == nil {
				wrong = append(wrong, problem)
				continue
			}
			l := service.Local{City: one.City, Account: one.Account, Department: g.Department, Definition: def, Offices: g.Offices, Live: e.Version == one.Live}
			if l.Live && (g.City != one.City || len(bounds(one, def, g)) > 0) {
				wrong = append(wrong, fault.Conflict("draft.bounds", "服务 %s 用到的系统或公众号已经不是本部门的，先下线", one.Service))
				l.Live = false
			}
			out = append(out, l)
		}
	}
	return out, wrong, nil
}

func (s *Shelf) definition(one Draft, e Edition) (*service.Definition, error) {
	name := FileName(one, e.Version)
	if d := s.read[name]; d != nil {
		return d, nil
	}
	d, problems := service.Load(name, []byte(e.Text))
	if d == nil {
		return nil, fault.Conflict("draft.unreadable", "服务 %s 的第 %d 版读不出来：%s", one.Service, e.Version, problems[0].Say)
	}
	s.read[name] = d
	return d, nil
}
