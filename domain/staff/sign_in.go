package staff

import (
	"context"
	"crypto/sha256"
	"errors"
	"time"

	"zhijian/ground/actor"
	"zhijian/ground/budget"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
	"zhijian/ground/uid"
)

const (
	// tokenLength is the length of the tokens that SignIn makes: 256 bits.
	tokenLength = 64
	// maxInput bounds what is hashed of a stranger's input.
	maxInput = 512
	// nobodysTOTP is checked for users that do not exist. No code of it opens anything.
	nobodysTOTP = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
)

func refused() error {
	return fault.Denied("staff.refused", "用户名、密码或动态口令不对，请核对后再试")
}

// SignIn trades user, password and TOTP code for a session token. client is the caller's address. Every failure gives the same
// answer, fault.Denied "staff.refused", in the same time; too many tries are fault.TooMany "budget.staff.…".
func (d *Desk) SignIn(ctx context.Context, user, password, totp, client string) (token string, m Member, err error) {
	defer fault.Wrap(&err, "sign staff in")
	user = foldUser(user)
	if len(user) > maxInput || len(password) > maxInput {
		user, password = "", ""
	}
	if err := d.spend(ctx, user, client); err != nil {
		return "", Member{}, err
	}
	m, err = d.c.Store.ByUser(ctx, user)
	known := err == nil
	if !known {
		if !fault.Is(err, fault.KindNotFound) {
			return "", Member{}, err
		}
		m = Member{Password: d.dummy, TOTP: seal.Plain(nobodysTOTP)}
	}
	// Both factors are always checked: the answer must not tell which one was wrong.
	verdict, err := d.inTurn(ctx, func() string {
		if checkPassword(m.Password, password) {
			return "right"
		}
		return ""
	})
	if err != nil {
		return "", Member{}, err
	}
	used := step(m.TOTP.Reveal(), totp, d.c.Clock.Now(), m.LastStep)
	if !known || verdict == "" || used == 0 {
		return "", Member{}, errors.Join(refused(), d.c.Roll.Note(ctx, m.ID, Refused{Meta: event.Meta{Actor: actor.Actor{}.String()}, Member: m.ID}))
	}
	return d.open(ctx, m, used, client)
}

// open spends the TOTP step under lock, so that of two sign-ins with one code one succeeds, and opens the session.
func (d *Desk) open(ctx context.Context, m Member, used int64, client string) (string, Member, error) {
	now := d.c.Clock.Now()
	s := Session{ID: d.c.IDs.ID(), Member: m.ID, Created: now, Seen: now, Expires: now.Add(life)}
	m, err := d.c.Store.Change(ctx, m.ID, func(m *Member) ([]event.Body, error) {
		if used <= m.LastStep {
			return nil, refused()
		}
		m.LastStep = used
		return []event.Body{SignedIn{Meta: event.Meta{Actor: self(*m).String()}, Member: m.ID, Session: s.ID}}, nil
	})
	if err != nil {
		return "", Member{}, err
	}
	token := uid.Secret(32)
	if err := d.c.Store.AddSession(ctx, tokenHash(token), s); err != nil {
		return "", Member{}, err
	}
	// A full purse of "known" only means that the address is known very well.
	if err := d.c.Purse.Spend(ctx, knownHere(), m.User+"\x00"+client); err != nil && !fault.Is(err, fault.KindTooMany) {
		return "", Member{}, err
	}
	return token, m, nil
}

func self(m Member) actor.Actor {
	if m.Operator {
		return actor.Actor{Kind: actor.Operator, ID: m.ID}
	}
	return actor.Actor{Kind: actor.Staff, ID: m.ID, Department: m.Department}
}

// spend takes one try. Strangers share a user's tries and those of the house; an address the user signed in from within
// 30 days has its own, so that no number of strangers keeps a member out.
func (d *Desk) spend(ctx context.Context, user, client string) error {
	quarter := 15 * time.Minute
	err := d.c.Purse.Spend(ctx, budget.Budget{Name: "staff.client.hour", Limit: d.c.Limits.Client, Window: time.Hour}, client)
	if err != nil {
		return err
	}
	known := knownHere()
	left, err := d.c.Purse.Left(ctx, known, user+"\x00"+client)
	if err != nil {
		return err
	}
	if left < known.Limit {
		return d.c.Purse.Spend(ctx, budget.Budget{Name: "staff.known.quarter", Limit: d.c.Limits.User, Window: quarter}, user+"\x00"+client)
	}
	if err := d.c.Purse.Spend(ctx, budget.Budget{Name: "staff.all.hour", Limit: d.c.Limits.All, Window: time.Hour}, ""); err != nil {
		return err
	}
	err = d.c.Purse.Spend(ctx, budget.Budget{Name: "staff.user.quarter", Limit: d.c.Limits.User, Window: quarter}, user)
	if fault.Is(err, fault.KindTooMany) {
		return d.c.Purse.Spend(ctx, budget.Budget{Name: "staff.user.minute", Limit: 1, Window: time.Minute}, user)
	}
	return err
}

// knownHere is the budget whose spends remember from where a user signs in.
func knownHere() budget.Budget {
	return budget.Budget{Name: "staff.known", Limit: 1000, Window: 30 * 24 * time.Hour}
}

func tokenHash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}
