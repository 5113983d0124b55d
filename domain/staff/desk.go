package staff

import (
	"context"
	"errors"
	"sync"
	"time"

	"zhijian/ground/actor"
	"zhijian/ground/budget"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/ground/uid"
)

// Config is what the desk needs. Every field but Limits and Cost is required.
type Config struct {
	Store  Store
	Roll   Roll
	Purse  budget.Purse
	Clock  clock.Clock
	IDs    *uid.Maker
	Limits Limits // zero values mean the defaults of security.md part 8
	Cost   Cost   // zero means 64 MiB and 3 passes
}

// Limits are the room's settings. A zero field means its default.
type Limits struct {
	User   int // sign-ins tried for one user in 15 minutes, then one a minute; default 10
	Client int // sign-ins tried from one client in an hour; default 60
	All    int // sign-ins tried in an hour from clients that the user does not know, in the whole house; default 600
}

const (
	idle  = 30 * time.Minute
	life  = 12 * time.Hour
	grain = time.Minute // how exactly the last use of a session is kept
)

// Desk is the room's counter.
type Desk struct {
	c     Config
	dummy string        // hash of no password, for users that do not exist
	turn  chan struct{} // bounds the memory that password checks hold at once

	mu    sync.Mutex // guards setup
	setup *setup     // nil when nobody can be set up
}

// atOnce is how many password checks run at once: each holds Cost.Memory.
const atOnce = 2

// New checks the configuration.
func New(c Config) (*Desk, error) {
	if c.Store == nil || c.Roll == nil || c.Purse == nil || c.Clock == nil || c.IDs == nil {
		return nil, errors.New("staff: Store, Roll, Purse, Clock or IDs is missing")
	}
	var err error
	if c.Cost, err = c.Cost.withDefaults(); err != nil {
		return nil, err
	}
	if c.Limits.User <= 0 {
		c.Limits.User = 10
	}
	if c.Limits.Client <= 0 {
		c.Limits.Client = 60
	}
	if c.Limits.All <= 0 {
		c.Limits.All = 600
	}
	// No password has the hash of zeros, so nothing opens it.
	return &Desk{c: c, dummy: phc(c.Cost, make([]byte, saltBytes), make([]byte, hashBytes)), turn: make(chan struct{}, atOnce)}, nil
}

// Who finds the session and member of a token; fault.Denied "session" when there is none, it was idle for 30 minutes, is 12
// hours old, or its member was enrolled anew.
func (d *Desk) Who(ctx context.Context, token string) (s Session, m Member, err error) {
	defer fault.Wrap(&err, "find staff session")
	if len(token) != tokenLength {
		return Session{}, Member{}, signedOut()
	}
	now := d.c.Clock.Now()
	s, err = d.c.Store.Session(ctx, tokenHash(token), now)
	if err == nil && now.Sub(s.Seen) >= idle {
		return Session{}, Member{}, errors.Join(signedOut(), d.c.Store.EndSession(ctx, s.ID))
	}
	if err == nil {
		m, err = d.c.Store.Member(ctx, s.Member)
	}
	if fault.Is(err, fault.KindNotFound) {
		return Session{}, Member{}, signedOut()
	}
	if err != nil {
		return Session{}, Member{}, err
	}
	if now.Sub(s.Seen) >= grain {
		s.Seen = now
		// A store that cannot write now still lets people read: the session only ages a little.
		_ = d.c.Store.Touch(ctx, s.ID, now)
	}
	return s, m, nil
}

// Leave ends the session of a token; nothing happens when there is none. It is for the session that a browser had before it
// signed in anew (security.md T09).
func (d *Desk) Leave(ctx context.Context, token string) (err error) {
	defer fault.Wrap(&err, "leave a staff session")
	if len(token) != tokenLength {
		return nil
	}
	s, err := d.c.Store.Session(ctx, tokenHash(token), d.c.Clock.Now())
	if fault.Is(err, fault.KindNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return d.c.Store.EndSession(ctx, s.ID)
}

// SignOut ends the actor's session. Ending it twice does nothing.
func (d *Desk) SignOut(ctx context.Context, a actor.Actor) (err error) {
	defer fault.Wrap(&err, "sign out %s", a)
	if a.Kind != actor.Staff && a.Kind != actor.Operator {
		return signedOut()
	}
	if a.Session == 0 {
		return nil
	}
	return d.c.Store.EndSession(ctx, a.Session)
}

func signedOut() error { return fault.Denied("session", "请先登录") }
