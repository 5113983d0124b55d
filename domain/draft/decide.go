package draft

import (
	"context"
	"slices"
	"strconv"

	"zhijian/domain/service/outline"
	"zhijian/ground/actor"
	"zhijian/ground/event"
	"zhijian/ground/fault"
)

// ready checks a text once more and gives it the number that it is published under.
func (d *Desk) ready(ctx context.Context, one *Draft) error {
	g, err := d.c.Grounds.Ground(ctx, one.Department)
	if err != nil {
		return err
	}
	text, err := numbered(one.Text, one.Next())
	if err != nil {
		return err
	}
	def, f := Check(*one, text, g)
	if def != nil {
		if _, ok := d.c.Catalogue.Group(def.Group); !ok {
			return fault.Conflict("draft.group", "请选放在哪一类")
		}
	}
	if n := len(f.Problems); n > 0 {
		return fault.Conflict("draft.problems", "还有 %d 处要改好，才能往下走", n)
	}
	if !f.Ready() {
		return fault.Conflict("draft.must", "每个问题都要写为什么要问，办这件事要写法律依据，写好才能往下走")
	}
	one.Text, one.City = text, g.City
	return nil
}

// numbered is a text with its version's number; nothing else of it changes.
func numbered(text string, version int) (string, error) {
	o, err := outline.Read([]byte(text))
	if err != nil {
		return "", err
	}
	if err := o.SetVersion(strconv.Itoa(version)); err != nil {
		return "", err
	}
	return string(o.Bytes()), nil
}

// Submit has a text wait for a second person. It must be without problems, every question with its reason and the service with its legal
// basis; fault.Conflict "draft.problems" or "draft.must" otherwise.
func (d *Desk) Submit(ctx context.Context, a actor.Actor, name string, rev int64, reason string) (_ Draft, err error) {
	defer fault.Wrap(&err, "submit draft %s by %s", name, a)
	department, err := writer(a)
	if err != nil {
		return Draft{}, err
	}
	if reason, err = reasoned(reason); err != nil {
		return Draft{}, err
	}
	return d.change(ctx, a, department, name, rev, func(one *Draft) (event.Body, error) {
		if one.State != Writing {
			return nil, fault.Conflict("draft.state", "这份草案现在不能这样做，请刷新看一看")
		}
		if err := d.ready(ctx, one); err != nil {
			return nil, err
		}
		one.State = Submitted
		one.wrote(a.ID)
		one.note(Act{At: d.c.Clock.Now(), What: "submitted", Who: a.ID, Version: one.Next(), Reason: reason})
		return SubmittedEvent{one.meta(a), Subject{one.Service, one.Next()}}, nil
	})
}

// Approve takes a submitted text as it is. Whoever wrote any of it is refused with fault.Denied "draft.own" (four eyes).
func (d *Desk) Approve(ctx context.Context, a actor.Actor, name string, rev int64, reason string) (_ Draft, err error) {
	defer fault.Wrap(&err, "approve draft %s by %s", name, a)
	return d.judged(ctx, a, name, rev, reason, "approved", func(one *Draft) (event.Body, error) {
		if slices.Contains(one.Hands, a.ID) {
			return nil, fault.Denied("draft.own", "写过这份草案的人不能自己审批，请另一位同事来")
		}
		one.State = Approved
		return ApprovedEvent{one.meta(a), Subject{one.Service, one.Next()}}, nil
	})
}

// Return gives a submitted text back to be written on; who submitted it may take it back too.
func (d *Desk) Return(ctx context.Context, a actor.Actor, name string, rev int64, reason string) (_ Draft, err error) {
	defer fault.Wrap(&err, "return draft %s by %s", name, a)
	return d.judged(ctx, a, name, rev, reason, "returned", func(one *Draft) (event.Body, error) {
		one.State = Writing
		return ReturnedEvent{one.meta(a), Subject{one.Service, one.Next()}}, nil
	})
}

func (d *Desk) judged(ctx context.Context, a actor.Actor, name string, rev int64, reason, what string, rule func(*Draft) (event.Body, error)) (Draft, error) {
	department, err := scope(a)
	if err != nil {
		return Draft{}, err
	}
	if reason, err = reasoned(reason); err != nil {
		return Draft{}, err
	}
	return d.change(ctx, a, department, name, rev, func(one *Draft) (event.Body, error) {
		if one.State != Submitted {
			return nil, fault.Conflict("draft.state", "这份草案现在不能这样做，请刷新看一看")
		}
		body, err := rule(one)
		if err == nil {
			one.note(Act{At: d.c.Clock.Now(), What: what, Who: a.ID, Version: one.Next(), Reason: reason})
		}
		return body, err
	})
}
