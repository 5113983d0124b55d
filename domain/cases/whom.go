package cases

import (
	"context"
	"strconv"
	"strings"

	"zhijian/domain/service"
	"zhijian/ground/actor"
	"zhijian/ground/fault"
	"zhijian/ground/format"
	"zhijian/ground/seal"
)

// For names the right by which a case is somebody else's matter: "child/7", "mandate/9"; empty for the resident's own.
func (c Case) For() string { return c.Data.For() }

// people adds to what the engine knows of the resident whom they saved and whom they may act for at this moment, where the definition asks. It is
// read anew for every move and every page, so that what was taken back counts at once.
func (d *Desk) people(ctx context.Context, resident int64, def *service.Definition, me *service.Me) error {
	if resident == 0 || me.Level < 2 {
		return nil
	}
	if def.AsksPeople() {
		list, err := d.c.Identity.People(ctx, actor.Actor{Kind: actor.Resident, ID: resident})
		if err != nil {
			return err
		}
		for _, p := range list {
			me.People = append(me.People, service.Person{
				ID: strconv.FormatInt(p.ID, 10), Name: p.Name.Reveal(), CitizenNumber: p.CitizenNumber.Reveal(), Relation: string(p.Relation),
			})
		}
	}
	if def.ActsForOthers() {
		list, err := d.c.Identity.ActsFor(ctx, actor.House, resident, def.ID)
		if err != nil {
			return err
		}
		for _, p := range list {
			me.Others = append(me.Others, service.Other{Ref: p.Ref, Name: p.Name.Reveal(), CitizenNumber: p.CitizenNumber.Reveal()})
		}
	}
	return nil
}

// barred reports a case for somebody whom the asker may not act for any more. The house goes on seeing it.
func barred(w Who, c Case, m matter) bool {
	return w.Actor.Kind != actor.System && m.def.Barred(c.Data, m.env)
}

// closed is what is left of a barred case for who began it: that it is there.
func (c Case) closed() Case {
	c.Data, c.Summary, c.Client, c.Log, c.Rating = service.State{Step: c.Data.Step}, seal.Text{}, seal.Text{}, nil, nil
	return c
}

// mandated refuses what shows or keeps something of a barred case: fault.Denied "service.mandate".
func (d *Desk) mandated(ctx context.Context, w Who, c Case) error {
	if c.For() == "" {
		return nil
	}
	m, err := d.matter(ctx, c, w.Actor.Lang, w.Known)
	if err != nil {
		return err
	}
	if barred(w, c, m) {
		return notMandated()
	}
	return nil
}

func notMandated() error {
	return fault.Denied("service.mandate", "您现在不能替这个人办理：授权已经到期或者被撤回")
}

// Between names both sides of a case that one resident began for another, for staff; empty for a resident's own matter.
type Between struct{ Agent, Principal, Right string }

// between masks both names as staff see names; Right is "child" or "mandate".
func between(c Case, m matter) Between {
	ref, name := m.def.Whom(c.Data)
	if ref == "" {
		return Between{}
	}
	right, _, _ := strings.Cut(ref, "/")
	return Between{
		Agent:     format.Mask(format.FieldName, format.Staff, m.env.Me.Name),
		Principal: format.Mask(format.FieldName, format.Staff, name), Right: right,
	}
}
