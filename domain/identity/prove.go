package identity

import (
	"context"
	"time"

	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/ground/fault"
)

// mismatch is the one answer to a proof that did not succeed, whichever part was wrong.
func mismatch() error {
	return fault.Invalid("proof.mismatch", "这些信息对不上同一个人，请逐项核对后再试，或到窗口办理")
}

// notAgreed is for a proof without its separate consent (PIPL 29).
func notAgreed() *fault.Error {
	return fault.Invalid("consent.missing", "请勾选同意，才能核对这些信息").On("consent")
}

// judge decides a proof: ask makes every outside call, then each draw is spent, and only then is
// the verdict told. So a silent office costs the resident no try, and of many tries at once no more than the
// budget allows learn anything.
func (d *Desk) judge(ctx context.Context, a actor.Actor, draws []draw, ask func(*verdict)) error {
	for _, x := range draws {
		left, err := d.c.Purse.Left(ctx, x.budget, x.target)
		if err != nil {
			return err
		}
		if left == 0 {
			return d.spend(ctx, x) // refuses, with the time to wait
		}
	}
	if err := d.spend(ctx, d.c.Limits.callDraw(a.ID)); err != nil {
		return err
	}
	var v verdict
	ask(&v)
	if v.err != nil {
		return v.err
	}
	if err := d.spend(ctx, draws...); err != nil {
		return err
	}
	if v.no {
		return mismatch()
	}
	return nil
}

// padded runs a proof; a failure takes at least MinProof, so that the time tells nobody how far it came.
func (d *Desk) padded(ctx context.Context, prove func() (string, Resident, error)) (string, Resident, error) {
	spent := clock.Stopwatch()
	token, r, err := prove()
	if err == nil {
		return token, r, nil
	}
	if rest := d.c.Limits.MinProof - spent(); rest > 0 {
		t := time.NewTimer(rest)
		defer t.Stop()
		select {
		case <-t.C:
		case <-ctx.Done():
		}
	}
	return "", Resident{}, err
}

// verdict joins the answers of outside calls, all of which are made. An err outweighs a no.
type verdict struct {
	no  bool
	err error
}

func (v *verdict) add(yes bool, err error) {
	if err != nil && v.err == nil {
		v.err = err
	}
	v.no = v.no || !yes
}

// raise saves what a successful proof changed: the resident, the consent, a new session in place of the
// actor's, and the events, all in one transaction.
func (d *Desk) raise(ctx context.Context, a actor.Actor, method string, level int, change func(*File) error) (string, Resident, error) {
	now := d.c.Clock.Now()
	token := ""
	f, err := d.c.Residents.Change(ctx, a.ID, a.Session, func(f *File) ([]event.Body, error) {
		if err := change(f); err != nil {
			return nil, err
		}
		bodies := []event.Body{Proven{Meta: by(a), Resident: a.ID, Level: max(level, f.Level), Method: method}}
		if agree(f, method, now) {
			bodies = append([]event.Body{Consented{Meta: by(a), Resident: a.ID, Purpose: method, Version: ConsentVersion}}, bodies...)
		}
		if level > f.Level {
			f.Level, f.ProvenAt = level, now
		}
		token = d.swap(f)
		return bodies, nil
	})
	return token, f.Resident, err
}

// swap replaces the session of a change and gives the new secret; empty when there is none to replace.
func (d *Desk) swap(f *File) string {
	if f.Session.ID == 0 {
		return ""
	}
	token, s := d.newSession(f.Session, f.Session.ID)
	f.Swap = &s
	return token
}

// agree records a consent unless the same is in force; it reports whether it did.
func agree(f *File, purpose string, now time.Time) bool {
	for i, c := range f.Consents {
		if c.Purpose != purpose || !c.Ended.IsZero() {
			continue
		}
		if c.Version == ConsentVersion {
			return false
		}
		f.Consents[i].Ended = now // a newer text replaces it
	}
	f.Consents = append([]Consent{{Purpose: purpose, Version: ConsentVersion, Given: now}}, f.Consents...)
	return true
}
