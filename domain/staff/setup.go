package staff

import (
	"context"
	"crypto/subtle"
	"time"

	"zhijian/ground/actor"
	"zhijian/ground/fault"
	"zhijian/ground/uid"
)

// setupLife is how long a setup token works (security.md part 8).
const setupLife = 15 * time.Minute

// setup is the one way to the first operator. It lives in the process that printed its token, and nowhere else.
type setup struct {
	hash  []byte
	totp  string // the second factor to be, the same each time the page is drawn
	until time.Time
}

func noSetup() error {
	return fault.NotFound("staff.setup", "这个设置链接已经用过或过期，请重新启动服务，用新的链接")
}

// OpenSetup makes the token with which the first operator is enrolled, in place of any made before; empty when somebody is
// enrolled already. It works once, for 15 minutes, in this process (security.md T79).
func (d *Desk) OpenSetup(ctx context.Context) (token string, err error) {
	defer fault.Wrap(&err, "open setup")
	nobody, err := d.c.Roll.Nobody(ctx)
	if err != nil || !nobody {
		return "", err
	}
	token = uid.Secret(32)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.setup = &setup{hash: tokenHash(token), totp: newTOTP(), until: d.c.Clock.Now().Add(setupLife)}
	return token, nil
}

// Setup gives the second factor's secret that SetUp will enrol, for the person to put into their authenticator.
// fault.NotFound "staff.setup" when the token is wrong, used or old, or somebody is enrolled already.
func (d *Desk) Setup(ctx context.Context, token string) (totp string, err error) {
	defer fault.Wrap(&err, "look at setup")
	s, err := d.held(ctx, token, false)
	return s.totp, err
}

// SetUp enrols the first operator; code shows that their authenticator has the secret. It ends the token. fault.Invalid
// names every field at fault, the code on "totp"; the token then still works. fault.NotFound as of Setup.
func (d *Desk) SetUp(ctx context.Context, token string, e Enrolment, code string) (m Member, err error) {
	defer fault.Wrap(&err, "set up the first operator")
	s, err := d.held(ctx, token, true)
	if err != nil {
		return Member{}, err
	}
	e.TOTP, e.Operator, e.Department = s.totp, true, 0
	var wrong *fault.Error
	if step(s.totp, code, d.c.Clock.Now(), 0) == 0 {
		wrong = fault.Invalid("staff.totp.code", "动态码不对，请等下一个再试；手机的时间要准").On("totp")
	}
	if err = fault.Join(wrong, e.check(), strong(e.Password, foldUser(e.User))); err == nil {
		m, _, err = d.Enroll(ctx, actor.House, e)
	}
	if err != nil {
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.setup == nil {
			d.setup = &s
		}
	}
	return m, err
}

// held finds the setup of a token, and with take ends it, so that of two at once one goes on.
func (d *Desk) held(ctx context.Context, token string, take bool) (setup, error) {
	nobody, err := d.c.Roll.Nobody(ctx)
	if err != nil {
		return setup{}, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.setup
	if !nobody || s == nil || subtle.ConstantTimeCompare(tokenHash(token), s.hash) != 1 || !d.c.Clock.Now().Before(s.until) {
		return setup{}, noSetup()
	}
	if take {
		d.setup = nil
	}
	return *s, nil
}
