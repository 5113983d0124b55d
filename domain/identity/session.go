package identity

import (
	"context"
	"slices"
	"time"

	"zhijian/ground/actor"
	"zhijian/ground/fault"
)

// seenGrain is how exactly a session's last use is kept: one write in five minutes, not one a page.
const seenGrain = 5 * time.Minute

// tokenLength is the length of the tokens that newSession makes.
const tokenLength = 64

// Who finds the session and resident of a token; fault.Denied "session" when there is none. It is called on
// every request and costs one indexed read.
func (d *Desk) Who(ctx context.Context, token string) (s Session, r Resident, err error) {
	defer fault.Wrap(&err, "find session")
	if len(token) != tokenLength {
		return Session{}, Resident{}, signedOut()
	}
	now := d.c.Clock.Now()
	s, r, err = d.c.Sessions.Find(ctx, tokenHash(token), now)
	if fault.Is(err, fault.KindNotFound) {
		return Session{}, Resident{}, signedOut()
	}
	if err != nil {
		return Session{}, Resident{}, err
	}
	if now.Sub(s.Seen) >= seenGrain {
		s.Seen = now
		s.Expires = d.expiry(s)
		// A store that cannot write now still lets people read: the session only ages a little.
		_ = d.c.Sessions.Touch(ctx, r.ID, s.ID, s.Seen, s.Expires)
	}
	return s, r, nil
}

// SignOut ends the actor's present session. Ending it twice does nothing.
func (d *Desk) SignOut(ctx context.Context, a actor.Actor) (err error) {
	defer fault.Wrap(&err, "sign out %s", a)
	id, err := resident(a)
	if err != nil {
		return err
	}
	if a.Session == 0 {
		return nil
	}
	_, err = d.c.Sessions.End(ctx, id, a.Session, 0, SessionEnded{Meta: by(a), Resident: id, Session: a.Session})
	return err
}

// Sessions lists the actor's devices, the present one first, then the last used.
func (d *Desk) Sessions(ctx context.Context, a actor.Actor) (list []Session, err error) {
	defer fault.Wrap(&err, "list sessions of %s", a)
	id, err := resident(a)
	if err != nil {
		return nil, err
	}
	list, err = d.c.Sessions.List(ctx, id, d.c.Clock.Now())
	if i := slices.IndexFunc(list, func(s Session) bool { return s.ID == a.Session }); i > 0 {
		present := list[i]
		list = slices.Insert(slices.Delete(list, i, i+1), 0, present)
	}
	return list, err
}

// EndSession ends one of the actor's sessions; 0 ends all but the present one. fault.NotFound "session"
// when the actor has no such session.
func (d *Desk) EndSession(ctx context.Context, a actor.Actor, session int64) (err error) {
	defer fault.Wrap(&err, "end session %d of %s", session, a)
	id, err := resident(a)
	if err != nil {
		return err
	}
	n, err := d.c.Sessions.End(ctx, id, session, a.Session, SessionEnded{Meta: by(a), Resident: id, Session: session})
	if err == nil && n == 0 && session != 0 {
		return fault.NotFound("session.gone", "这台设备已经退出登录")
	}
	return err
}
