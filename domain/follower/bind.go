package follower

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"time"

	"zhijian/ground/actor"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
	"zhijian/ground/uid"
)

// secretBytes are the random bytes of a link's secret.
const secretBytes = 20

// Offer makes a link for a follower that Meet gave: the secret for its address. The link before it leads nowhere any more. fault.TooMany
// after 12 in an hour.
func (d *Desk) Offer(ctx context.Context, a actor.Actor, f Follower) (secret string, err error) {
	defer fault.Wrap(&err, "offer a link to follower %d", f.ID)
	if a.Kind != actor.System || len(f.Index) == 0 {
		return "", notHouse()
	}
	if err := d.c.Purse.Spend(ctx, linksBudget, hex.EncodeToString(f.Index)); err != nil {
		return "", err
	}
	now := d.c.Clock.Now()
	secret = uid.Secret(secretBytes)
	link := Link{Hash: hash(secret), Until: now.Add(linkFor)}
	if f.ID == 0 {
		f.ID, f.Link = d.c.IDs.ID(), link
		kept, err := d.c.Store.Add(ctx, f, now.Add(-24*time.Hour), Offered{event.Meta{Actor: a.String(), Account: f.Account}, f.ID})
		if err != nil || kept.ID == f.ID {
			return secret, err
		}
		f = kept // another delivery was quicker
	}
	_, err = d.c.Store.Change(ctx, f.ID, func(f *Follower) ([]event.Body, error) {
		f.Link = link
		return []event.Body{Offered{event.Meta{Actor: a.String(), Account: f.Account}, f.ID}}, nil
	})
	return secret, err
}

func hash(secret string) []byte {
	sum := sha256.Sum256([]byte("zhijian follower\x00" + secret))
	return sum[:]
}

func noLink() *fault.Error {
	return fault.NotFound("follower.link", "这个链接已经失效。请回到微信，再发一次消息，会收到新的链接")
}

// Linked gives the follower that a link is for, as the actor may see it: until somebody agreed anybody signed in, afterwards who agreed alone,
// with the number. fault.NotFound "follower.link" otherwise.
func (d *Desk) Linked(ctx context.Context, a actor.Actor, secret string) (f Follower, err error) {
	defer fault.Wrap(&err, "find a link")
	if err := signedIn(a); err != nil {
		return Follower{}, err
	}
	f, err = d.c.Store.Linked(ctx, hash(secret))
	if err != nil {
		return Follower{}, err
	}
	if !f.Link.leads(a, secret, d.c.Clock.Now()) {
		return Follower{}, noLink()
	}
	return f, nil
}

// leads reports whether the link of this secret is there for the actor at now.
func (l Link) leads(a actor.Actor, secret string, now time.Time) bool {
	return l.open(now) && subtle.ConstantTimeCompare(l.Hash, hash(secret)) == 1 && (l.Claimant == 0 || l.Claimant == a.ID)
}

// Claim says that the actor agrees to what the link's page told them, and gives the number to write in the talk; the same one when they agreed
// before. fault.NotFound "follower.link" when it leads nowhere, or another agreed; fault.TooMany after ten in a day.
func (d *Desk) Claim(ctx context.Context, a actor.Actor, secret string) (f Follower, err error) {
	defer fault.Wrap(&err, "claim a follower")
	f, err = d.Linked(ctx, a, secret)
	if err != nil || f.Link.Claimant == a.ID {
		return f, err
	}
	if err := d.c.Purse.Spend(ctx, claimsBudget, a.String()); err != nil {
		return Follower{}, err
	}
	code := seal.Plain(uid.Code())
	return d.c.Store.Change(ctx, f.ID, func(f *Follower) ([]event.Body, error) {
		switch {
		case !f.Link.leads(a, secret, d.c.Clock.Now()):
			return nil, noLink()
		case f.Link.Claimant == a.ID:
			return nil, nil
		}
		f.Link.Claimant, f.Link.Code = a.ID, code
		return []event.Body{Claimed{event.Meta{Actor: a.String(), Account: f.Account}, f.ID, a.ID}}, nil
	})
}

// Bind takes the number that was written in a follower's talk. The right one binds it to who agreed; a wrong one is counted, and the fifth
// ends the link. It gives the follower as it then is: see Holds. Only the house may.
func (d *Desk) Bind(ctx context.Context, a actor.Actor, f Follower, code string) (_ Follower, err error) {
	defer fault.Wrap(&err, "bind follower %d", f.ID)
	if a.Kind != actor.System {
		return Follower{}, notHouse()
	}
	now := d.c.Clock.Now()
	bound, err := d.c.Store.Change(ctx, f.ID, func(f *Follower) ([]event.Body, error) {
		if !f.Awaits(now) {
			return nil, nil
		}
		m := event.Meta{Actor: a.String(), Account: f.Account}
		if subtle.ConstantTimeCompare([]byte(f.Link.Code.Reveal()), []byte(code)) != 1 {
			f.Link.Tries++
			return []event.Body{Missed{m, f.ID, f.Link.Tries}}, nil
		}
		var events []event.Body
		whose := f.Link.Claimant
		if f.Resident != 0 && f.Resident != whose {
			events = append(events, f.end(a, "again"))
		}
		f.Resident, f.Bound, f.Link = whose, now, Link{}
		return append(events, Bound{m, f.ID, whose}), nil
	})
	bound.Visitor = f.Visitor
	return bound, err
}
