package door

import (
	"context"
	"log/slog"
	"net/netip"
	"runtime/debug"
	"time"

	"zhijian/domain/identity"
	"zhijian/ground/actor"
	"zhijian/ground/fault"
)

// Speaker is who a proven sender says that a request speaks for: a resident, or with none somebody known by Visitor alone.
type Speaker struct {
	Resident identity.Resident
	// Visitor stands for a visitor's cookie.
	Visitor string
	// Client stands for the address of the person's device, which the sender did not tell.
	Client netip.Addr
}

// For gives a copy of the request in which somebody else acts, for handlers that prove their sender. The resident has no session in it: what
// wants presence proven stays shut.
func (r *Request) For(s Speaker) *Request {
	c := *r
	c.Visitor, c.Client, c.visits, c.unread = s.Visitor, s.Client, nil, nil
	c.Session, c.Resident, c.Actor = identity.Session{}, identity.Resident{}, actor.Actor{Lang: c.Lang}
	if s.Resident.ID != 0 {
		if s.Resident.Wish.Lang == "en" {
			c.Lang = "en"
		}
		c.Resident = s.Resident
		c.Actor = actor.Actor{Kind: actor.Resident, ID: s.Resident.ID, Level: s.Resident.Level, Lang: c.Lang}
	}
	return &c
}

// asidesAtOnce bounds the work that goes on beside requests.
const asidesAtOnce = 256

// Aside does work that must have an end although nobody waits for it so long: it waits within for it and says whether it is done; otherwise
// the work goes on, for most at the longest, and a fault of it is logged. The request that work gets is r with a context of its own; nothing
// else may use r until work is done. fault.Unavailable when too much goes on already.
func (r *Request) Aside(within, most time.Duration, work func(*Request) error) (done bool, err error) {
	d := r.door
	select {
	case d.asides <- struct{}{}:
	default:
		return false, fault.Unavailable("busy", "现在办的人太多，请过一会儿再试").After(10 * time.Second)
	}
	ctx, stop := context.WithTimeout(context.WithoutCancel(r.Context()), most)
	c := *r
	c.Request = r.WithContext(ctx)
	ended := make(chan error, 1)
	late := make(chan struct{})
	d.working.Go(func() {
		defer stop()
		defer func() { <-d.asides }()
		err := safely(d.c.Log, &c, work)
		if err == nil {
			d.count(c.visits, c.Request, c.Resident.ID)
		}
		ended <- err
		select {
		case <-late:
			if err != nil {
				d.c.Log.LogAttrs(ctx, slog.LevelWarn, "fault after answer", slog.String("request", c.ID), slog.String("route", c.Route.Method+" "+c.Route.Path), slog.String("cause", err.Error()))
			}
		default:
		}
	})
	wait := time.NewTimer(within)
	defer wait.Stop()
	select {
	case err := <-ended:
		return true, err
	case <-wait.C:
	}
	select {
	case err := <-ended: // at the same moment
		return true, err
	default:
		close(late)
		return false, nil
	}
}

// safely turns a panic into a fault; its value is not logged, for it may hold what a person wrote.
func safely(log *slog.Logger, r *Request, work func(*Request) error) (err error) {
	defer func() {
		if recover() != nil {
			log.LogAttrs(r.Context(), slog.LevelError, "panic", slog.String("request", r.ID), slog.String("route", r.Route.Method+" "+r.Route.Path), slog.String("stack", string(debug.Stack())))
			err = errPanic{}
		}
	}()
	return work(r)
}

// Rest waits for the work beside requests to end, after the last request was answered.
func (d *Door) Rest() { d.working.Wait() }
