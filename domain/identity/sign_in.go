package identity

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"strings"
	"time"
	"unicode"

	"zhijian/ground/actor"
	"zhijian/ground/fault"
	"zhijian/ground/format"
	"zhijian/ground/seal"
	"zhijian/ground/uid"
)

// SignIn trades phone and code for a session and its secret token (for the cookie). A first sign-in makes the
// resident. A session the actor came with is replaced. A code that is wrong, spent, dead, expired or another browser's is
// one and the same fault.Invalid "code.wrong" on "code"; too many wrong ones are fault.TooMany.
func (d *Desk) SignIn(ctx context.Context, a actor.Actor, phone, code string, from Caller) (token string, r Resident, err error) {
	defer fault.Wrap(&err, "sign in")
	number, phoneErr := format.Phone(phone)
	digits, codeErr := readCode(code)
	if phoneErr != nil || codeErr != nil {
		return "", Resident{}, bothFaults(phoneErr, codeErr)
	}
	ok, err := d.tryCode(ctx, number, forSignIn, digits, true, from)
	if err != nil {
		return "", Resident{}, err
	}
	if !ok {
		return "", Resident{}, fault.Invalid("code.wrong", "验证码不对或已过期，请核对，或重新获取").On("code")
	}
	now := d.c.Clock.Now()
	id := d.c.IDs.ID()
	r, err = d.c.Residents.Join(ctx,
		Resident{ID: id, Level: 1, Phone: seal.Plain(number), Created: now, ProvenAt: now, Rev: 1},
		Joined{Meta: by(actor.Actor{Kind: actor.Resident, ID: id}), Resident: id})
	if err != nil {
		return "", Resident{}, err
	}
	self := actor.Actor{Kind: actor.Resident, ID: r.ID}
	old := int64(0)
	if a.Kind == actor.Resident {
		old = a.Session
	}
	token, swap := d.newSession(Session{Resident: r.ID, Device: shortened(from.Device), Created: now}, old)
	if err := d.remember(ctx, number, from.Mark); err != nil {
		return "", Resident{}, err
	}
	if err := d.c.Sessions.Open(ctx, swap, SignedIn{Meta: by(self), Resident: r.ID, Session: swap.Session.ID}); err != nil {
		return "", Resident{}, err
	}
	return token, r, nil
}

// tryCode spends a code and reports whether it, and what also had to hold, was right. The budgets of wrong tries are
// looked at first and spent when it was wrong, so that being right costs nothing.
func (d *Desk) tryCode(ctx context.Context, phone string, why purpose, code string, also bool, from Caller) (bool, error) {
	owed, err := d.whose(ctx, phone, from)
	if err != nil {
		return false, err
	}
	wrong := d.c.Limits.wrongDraws(owed, from.Client)
	for _, x := range wrong {
		left, err := d.c.Purse.Left(ctx, x.budget, x.target)
		if err != nil {
			return false, err
		}
		if left == 0 {
			return false, d.spend(ctx, x) // refuses, with the time to wait
		}
	}
	ok, err := d.c.Codes.Try(ctx, d.codeTarget(phone, why, from.Browser), d.c.Clock.Now(), d.c.Limits.CodeTries, func(c Code) bool {
		return subtle.ConstantTimeCompare(d.codeHash(c, code), c.Hash) == 1 && also
	})
	if err != nil || ok {
		return ok, err
	}
	return false, d.spend(ctx, wrong...)
}

// whose tells a browser that a phone knows from a stranger.
func (d *Desk) whose(ctx context.Context, phone string, from Caller) (purseOf, error) {
	if from.session {
		return purseOf{phone: phone, mark: from.Browser}, nil
	}
	if from.Mark == "" {
		return purseOf{phone: phone}, nil
	}
	known := d.c.Limits.knownDraw(phone, from.Mark)
	left, err := d.c.Purse.Left(ctx, known.budget, known.target)
	if err != nil || left == known.budget.Limit {
		return purseOf{phone: phone}, err
	}
	return purseOf{phone: phone, mark: from.Mark}, nil
}

// remember makes a phone know a browser. A full purse only means that it is known very well.
func (d *Desk) remember(ctx context.Context, phone, mark string) error {
	if mark == "" {
		return nil
	}
	if err := d.spend(ctx, d.c.Limits.knownDraw(phone, mark)); err != nil && !fault.Is(err, fault.KindTooMany) {
		return err
	}
	return nil
}

// newSession gives a fresh secret and what to save of it, in place of the session old.
func (d *Desk) newSession(s Session, old int64) (string, Swap) {
	token := uid.Secret(32)
	s.ID, s.Seen = d.c.IDs.ID(), d.c.Clock.Now()
	s.Expires = d.expiry(s)
	return token, Swap{Token: tokenHash(token), Session: s, Old: old}
}

// expiry gives when a session last seen at s.Seen ends by itself.
func (d *Desk) expiry(s Session) time.Time {
	idle, end := s.Seen.Add(d.c.Limits.SessionIdle), s.Created.Add(d.c.Limits.SessionLife)
	if idle.Before(end) {
		return idle
	}
	return end
}

// tokenHash is what a token is kept and found by, so that the table opens no session and comparing leaks no time.
func tokenHash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// shortened keeps a device's name printable and short.
func shortened(device string) string {
	device = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return -1
	}, strings.ToValidUTF8(device, ""))
	if rs := []rune(device); len(rs) > 40 {
		return string(rs[:40])
	}
	return device
}

func bothFaults(phoneErr, codeErr error) error {
	var p, c *fault.Error
	if phoneErr != nil {
		p = fault.Of(phoneErr).On("phone")
	}
	if codeErr != nil {
		c = fault.Of(codeErr)
	}
	return fault.Join(p, c)
}
