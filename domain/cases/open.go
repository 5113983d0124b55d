package cases

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"zhijian/domain/identity"
	"zhijian/domain/service"
	"zhijian/ground/actor"
	"zhijian/ground/budget"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
	"zhijian/ground/uid"
)

// Opening is what it takes to open a case.
type Opening struct {
	City, Service string
	Channel       Channel
	// Visitor is the visitor's cookie value when nobody is signed in; services whose first step needs level 0 only.
	Visitor string
	// Key makes opening idempotent: the same key of the same actor gives the same case. Empty for none.
	Key string
	// Answers prefill the first form (a link "pay this one" from a query's result). May be nil.
	Answers map[string][]string
	// Given are answers that were asked before, for several services at once: pages that ask nothing else are passed. May be nil.
	Given map[string][]string
	// ClientIP is the client's address, for payments. May be empty.
	ClientIP string
	// Known is the actor's own record when the door has just read it with the session; nil reads it.
	Known *identity.Resident
}

// Channel is a way to the house.
type Channel string

// The channels.
const (
	ByPage Channel = "page"
	ByAPI  Channel = "api"
	ByChat Channel = "chat" // the talk with an account
)

// daily is the budget of cases that a resident may open in a day (security.md part 8).
func (d *Desk) daily() budget.Budget {
	return budget.Budget{Name: "cases.opened.day", Limit: d.c.PerDay, Window: 24 * time.Hour}
}

// Open starts a case and returns it with its first view. fault.NotFound "service" when the city does not offer it;
// fault.Denied "session" when its first step needs somebody who is signed in; fault.TooMany after Config.PerDay a day and resident;
// fault.Invalid "cases.key" when the key was used for another service or with other answers; what Config.Room says.
func (d *Desk) Open(ctx context.Context, a actor.Actor, o Opening) (_ Case, err error) {
	defer fault.Wrap(&err, "open %s in %s", o.Service, o.City)
	offer, ok := d.c.Catalogue.Offer(o.City, o.Service)
	if !ok {
		return Case{}, fault.NotFound("service", "这个城市还没有开通这项服务")
	}
	c, err := d.blank(ctx, a, o, offer)
	if err != nil {
		return Case{}, err
	}
	if found, ok, err := d.opened(ctx, c); ok || err != nil {
		return found, err
	}
	if d.c.Room != nil {
		if err := d.c.Room(); err != nil {
			return Case{}, err
		}
	}
	m, err := d.matter(ctx, c, a.Lang, o.Known)
	if err != nil {
		return Case{}, err
	}
	bodies, err := d.begin(&c, m, a, o)
	if err != nil {
		return Case{}, err
	}
	if d.c.PerDay > 0 {
		if err := d.c.Purse.Spend(ctx, d.daily(), owner(c)); err != nil {
			return Case{}, err
		}
	}
	kept, err := d.c.Store.Add(ctx, c, bodies...)
	if err != nil || kept.No == c.No {
		return kept, err
	}
	kept, _, err = d.opened(ctx, c) // somebody was quicker with this key
	return kept, err
}

// blank is a case before its first step.
func (d *Desk) blank(ctx context.Context, a actor.Actor, o Opening, offer service.Offer) (Case, error) {
	account, department, err := d.c.Organs.Owner(ctx, offer.Account)
	if err != nil {
		return Case{}, err
	}
	now := d.c.Clock.Now()
	c := Case{
		ID: d.c.IDs.ID(), No: uid.No(), City: o.City, Service: o.Service, Sector: offer.Definition.Sector, Version: offer.Definition.Version,
		Account: account, Department: department, Lang: a.Lang, Opened: now, Updated: now, Client: seal.Plain(o.ClientIP), Rev: 1,
	}
	owner := ""
	switch {
	case a.Kind == actor.Resident && a.ID != 0:
		c.Resident, owner = a.ID, "resident/"+strconv.FormatInt(a.ID, 10)
	case a.Kind == actor.Visitor && o.Visitor != "":
		c.Visitor, owner = visitorHash(o.Visitor), "visitor/"+o.Visitor
	default:
		return Case{}, fault.Denied("session", "请先登录")
	}
	if o.Key != "" {
		sum := sha256.Sum256([]byte(owner + "\x00" + o.Key))
		c.Key = sum[:]
		body, err := json.Marshal(o.Answers)
		if err != nil {
			return Case{}, err
		}
		given, err := json.Marshal(o.Given)
		if err != nil {
			return Case{}, err
		}
		if o.Given != nil {
			body = append(append(body, 0), given...)
		}
		// With the key in it, the hash of a plate or a number cannot be looked up in a table of all plates.
		asked := sha256.Sum256([]byte(strings.Join([]string{"asked", owner, o.Key, o.City, o.Service, string(body)}, "\x00")))
		c.Asked = asked[:]
	}
	return c, nil
}

// opened finds the case that was opened with the same key before.
func (d *Desk) opened(ctx context.Context, c Case) (Case, bool, error) {
	if len(c.Key) == 0 {
		return Case{}, false, nil
	}
	no, asked, err := d.c.Store.Opened(ctx, c.Key)
	if err != nil || no == "" {
		return Case{}, false, err
	}
	found, err := d.c.Store.Case(ctx, no)
	if err != nil {
		return Case{}, true, err
	}
	// A key that was used for something else is a mistake of who sent it (security.md T23).
	if found.City != c.City || found.Service != c.Service || len(asked) > 0 && !bytes.Equal(asked, c.Asked) {
		return Case{}, true, fault.Invalid("cases.key", "这次提交与之前的重复，但内容不同，请刷新页面再试")
	}
	return found, true, nil
}

// begin starts the definition and fills in what a link brought along.
func (d *Desk) begin(c *Case, m matter, a actor.Actor, o Opening) ([]event.Body, error) {
	state, effects, err := m.def.Begin(m.def.Give(o.Given), m.env)
	if err != nil {
		return nil, err
	}
	if len(o.Answers) > 0 && state.End == "" && !state.Waiting {
		// Only what the first page asks is taken over, as typed: the page judges it when it is sent.
		if filled, _, err := m.def.Apply(state, service.Draft{Step: state.Step, Values: o.Answers}, m.env); err == nil {
			state = filled
		}
	}
	if c.Resident == 0 && m.def.View(state, m.env).Kind == service.ViewProve {
		return nil, fault.Denied("session", "请先登录")
	}
	c.note(m.env.Now, "opened", "you")
	bodies, err := d.carry(c, m, a, state, effects)
	if err != nil {
		return nil, err
	}
	return append([]event.Body{OpenedEvent{c.meta(a), c.subject(), o.Channel, a.Level}}, bodies...), nil
}
