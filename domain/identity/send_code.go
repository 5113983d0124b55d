package identity

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"zhijian/ground/actor"
	"zhijian/ground/fault"
	"zhijian/ground/format"
	"zhijian/ground/seal"
	"zhijian/ground/uid"
)

// purpose is what a code is for; a code for one purpose is worth nothing for another.
type purpose string

const forSignIn purpose = "sign_in"

// text is the message that brings a code. It names the purpose, so that nobody gives away more than they think.
func (p purpose) text(code string, minutes int) string {
	if p == forStepUp {
		return fmt.Sprintf("【指尖】核实本人的验证码 %s，%d 分钟内有效，用于下载个人数据等敏感操作。请勿告诉他人。", code, minutes)
	}
	return fmt.Sprintf("【指尖】登录验证码 %s，%d 分钟内有效。请勿告诉他人，工作人员不会向您索要。", code, minutes)
}

// Caller is from where somebody calls.
type Caller struct {
	// Client is the caller's address or address block, for budgets.
	Client string
	// Browser is a secret that names the browser or program. A code works only where it was asked for: whoever reads
	// it off a screen, or has it read out to them, needs the browser as well.
	Browser string
	// Mark is a lasting secret of the browser, chosen by the caller. After a sign-in with it the phone knows the browser:
	// it has budgets of its own, which no stranger can use up (security.md T71). Empty for none.
	Mark string
	// Device is what the browser calls itself, for the list of sessions.
	Device string

	session bool // Browser is a session of the phone's resident
}

// SendCode sends a one-time code for signing in. The answer is the same whether the phone is known or not.
// fault.Invalid on "phone"; fault.TooMany with RetryAfter, "budget.code.browser.minute" while this browser has a code
// that is still good, else another "budget.code.…"; fault.Unavailable when the gateway does not take the text.
func (d *Desk) SendCode(ctx context.Context, _ actor.Actor, phone string, from Caller) (err error) {
	defer fault.Wrap(&err, "send code")
	normal, err := format.Phone(phone)
	if err != nil {
		return fault.Of(err).On("phone")
	}
	return d.send(ctx, normal, forSignIn, from)
}

// send sends a code for a purpose.
func (d *Desk) send(ctx context.Context, phone string, why purpose, from Caller) error {
	if from.Browser == "" {
		return errors.New("identity: a code belongs to a browser, and none is named")
	}
	c := Code{
		Target: d.codeTarget(phone, why, from.Browser), Phone: d.codePhone(phone, why), Salt: uid.No(),
		Expires: d.c.Clock.Now().Add(d.c.Limits.CodeLife),
	}
	owed, err := d.whose(ctx, phone, from)
	if err != nil {
		return err
	}
	if err := d.pause(ctx, owed, from, c); err != nil {
		return err
	}
	if err := d.spend(ctx, d.c.Limits.codeDraws(owed, from.Client)...); err != nil {
		return err
	}
	code := uid.Code()
	c.Hash = d.codeHash(c, code)
	if err := d.c.Codes.Keep(ctx, c); err != nil {
		return err
	}
	minutes := int((d.c.Limits.CodeLife + time.Minute - 1) / time.Minute)
	return d.c.SMS.Send(ctx, seal.Plain(phone), why.text(code, minutes))
}

// pause refuses a second code too soon. It is for codes that nobody has used yet: who has just signed in and signs in
// on a second device need not wait.
func (d *Desk) pause(ctx context.Context, owed purseOf, from Caller, c Code) error {
	one, own, err := d.c.Codes.Live(ctx, c.Phone, c.Target, d.c.Clock.Now())
	if err != nil {
		return err
	}
	for _, p := range []struct {
		draw
		holds bool
	}{
		{d.c.Limits.pauseDraw("browser", owed.phone+"\x00"+from.Browser), own},
		{d.c.Limits.pauseDraw("phone", owed.phone), one && owed.mark == ""},
	} {
		if err := d.spend(ctx, p.draw); err != nil && (p.holds || !fault.Is(err, fault.KindTooMany)) {
			return err
		}
	}
	return nil
}

// codeTarget names the one live code of a phone and purpose in a browser.
func (d *Desk) codeTarget(phone string, why purpose, browser string) []byte {
	return d.c.Ring.Blind("identity.code.target", string(why)+"\x00"+phone+"\x00"+browser)
}

// codePhone names all codes of a phone and purpose.
func (d *Desk) codePhone(phone string, why purpose) []byte {
	return d.c.Ring.Blind("identity.code.phone", string(why)+"\x00"+phone)
}

// codeHash binds a code to its target and salt under a key: a stolen table of a million
// possible codes is of no use without it.
func (d *Desk) codeHash(c Code, code string) []byte {
	return d.c.Ring.Blind("identity.code.hash", string(c.Target)+"\x00"+c.Salt+"\x00"+code)
}

// readCode reads a code as people type it; fault.Invalid on "code".
func readCode(s string) (string, error) {
	normal, err := format.Postcode(s) // six digits, folded alike
	switch {
	case err == nil:
		return normal, nil
	case strings.TrimSpace(s) == "":
		return "", fault.Invalid("code.empty", "请填写短信里的 6 位验证码").On("code")
	}
	return "", fault.Invalid("code.shape", "验证码是 6 位数字，请对照短信核对").On("code")
}
