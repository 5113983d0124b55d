package follower

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"zhijian/ground/actor"
	"zhijian/ground/budget"
	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
	"zhijian/ground/uid"
)

// Config is what the desk needs. Every field is required.
type Config struct {
	Store Store
	Purse budget.Purse
	Clock clock.Clock
	IDs   *uid.Maker
}

// Desk is the room's counter.
type Desk struct{ c Config }

// New checks the configuration.
func New(c Config) (*Desk, error) {
	if c.Store == nil || c.Purse == nil || c.Clock == nil || c.IDs == nil {
		return nil, errors.New("follower: Store, Purse, Clock or IDs is missing")
	}
	return &Desk{c: c}, nil
}

// The budgets of one openid: what it may send, and how many links it is given. And of a resident: how many links they may agree to.
var (
	wordsBudget  = budget.Budget{Name: "follower.words.minute", Limit: 30, Window: time.Minute}
	linksBudget  = budget.Budget{Name: "follower.links.hour", Limit: 12, Window: time.Hour}
	claimsBudget = budget.Budget{Name: "follower.claims.day", Limit: 10, Window: 24 * time.Hour}
)

// Meet gives who sent something to an account, and counts it: fault.TooMany after 30 in a minute. Only the house's own doors may ask, which
// have proven that the platform says so; others get fault.Denied "follower.house".
func (d *Desk) Meet(ctx context.Context, a actor.Actor, account int64, openid seal.Text) (f Follower, err error) {
	defer fault.Wrap(&err, "meet a follower of %d", account)
	if a.Kind != actor.System || openid.IsZero() {
		return Follower{}, notHouse()
	}
	index, visitor := d.c.Store.Keys(account, openid)
	if err := d.c.Purse.Spend(ctx, wordsBudget, hex.EncodeToString(index)); err != nil {
		return Follower{}, err
	}
	f, err = d.c.Store.Follower(ctx, index)
	f.Account, f.Index, f.Visitor = account, index, visitor
	return f, err
}

// Fresh takes note of a signature and of the message that came with it, for ten minutes: the platform's signature over an address says nothing
// of the message, so that a copied one could bring any other. fault.Denied "follower.copied" when it came with another before; the same again
// is the platform delivering anew. Only the house may ask.
func (d *Desk) Fresh(ctx context.Context, a actor.Actor, account int64, signature, message string) (err error) {
	defer fault.Wrap(&err, "note a signature of %d", account)
	if a.Kind != actor.System {
		return notHouse()
	}
	now := d.c.Clock.Now()
	is := sha256.Sum256(fmt.Appendf(nil, "zhijian signature\x00%d\x00%s", account, signature))
	of := sha256.Sum256([]byte("zhijian message\x00" + message))
	first, err := d.c.Store.Seen(ctx, is[:], of[:], now, now.Add(seenFor))
	if err == nil && !bytes.Equal(first, of[:]) {
		err = fault.Denied("follower.copied", "这个签名已经用过。请在公众平台改用安全模式")
	}
	return err
}

// Of lists the actor's own bindings that hold, the newest first.
func (d *Desk) Of(ctx context.Context, a actor.Actor) (list []Follower, err error) {
	defer fault.Wrap(&err, "followers of %s", a)
	if err := signedIn(a); err != nil {
		return nil, err
	}
	all, err := d.c.Store.Of(ctx, a.ID)
	now := d.c.Clock.Now()
	for _, f := range all {
		if f.Holds(now) {
			list = append(list, f)
		}
	}
	return list, err
}

// End takes one of the actor's bindings away; one that is not theirs, or is not any more, is left alone without a word.
func (d *Desk) End(ctx context.Context, a actor.Actor, id int64) (err error) {
	defer fault.Wrap(&err, "end follower %d", id)
	if err := signedIn(a); err != nil {
		return err
	}
	_, err = d.c.Store.Change(ctx, id, func(f *Follower) ([]event.Body, error) {
		if f.Resident != a.ID {
			return nil, nil
		}
		return []event.Body{f.end(a, "resident")}, nil
	})
	if fault.Is(err, fault.KindNotFound) {
		return nil
	}
	return err
}

// Leave ends what an openid that stopped following at a moment was bound to before it. Only the house may say so.
func (d *Desk) Leave(ctx context.Context, a actor.Actor, f Follower, at time.Time) (err error) {
	defer fault.Wrap(&err, "follower %d leaves", f.ID)
	if a.Kind != actor.System || f.ID == 0 {
		return nil
	}
	_, err = d.c.Store.Change(ctx, f.ID, func(f *Follower) ([]event.Body, error) {
		if f.Resident == 0 || f.Bound.After(at.Add(time.Second)) { // the platform counts whole seconds
			return nil, nil
		}
		return []event.Body{f.end(a, "left")}, nil
	})
	return err
}

// end unbinds.
func (f *Follower) end(a actor.Actor, by string) event.Body {
	e := Ended{event.Meta{Actor: a.String(), Account: f.Account}, f.ID, f.Resident, by}
	f.Resident, f.Bound, f.Link = 0, time.Time{}, Link{}
	return e
}

func notHouse() *fault.Error {
	return fault.Denied("follower.house", "这里不能查询")
}

func signedIn(a actor.Actor) error {
	if a.Kind != actor.Resident || a.ID == 0 {
		return fault.Denied("session", "请先登录")
	}
	return nil
}
