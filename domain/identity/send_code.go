package identity

import (
	"context"
	"crypto/rand"
	"fmt"
	"math/big"
	"strings"
	"time"

	"zhijian/ground/actor"
	"zhijian/ground/fault"
	"zhijian/ground/format"
	"zhijian/ground/seal"
	"zhijian/ground/uid"
)

// forSignIn is the purpose of a code; a code for one purpose is worth nothing for another.
const forSignIn = "sign_in"

// SendCode sends a one-time code for signing in. client is the caller's address or device, for budgets.
// The answer is the same whether the phone is known or not. fault.Invalid on "phone"; fault.TooMany
// "budget.code.…" with RetryAfter; fault.Unavailable when the gateway does not take the text.
func (d *Desk) SendCode(ctx context.Context, _ actor.Actor, phone, client string) (err error) {
	defer fault.Wrap(&err, "send code")
	normal, err := format.Phone(phone)
	if err != nil {
		return fault.Of(err).On("phone")
	}
	target := d.codeTarget(normal, forSignIn)
	live, err := d.c.Codes.Live(ctx, target, d.c.Clock.Now())
	if err != nil {
		return err
	}
	// The pause is for codes that nobody has used yet: who has just signed in and signs in on a second device need not wait.
	if err := d.spend(ctx, d.c.Limits.pauseDraw(normal)); err != nil && (live || !fault.Is(err, fault.KindTooMany)) {
		return err
	}
	if err := d.spend(ctx, d.c.Limits.codeDraws(normal, client)...); err != nil {
		return err
	}
	code, err := sixDigits()
	if err != nil {
		return err
	}
	c := Code{Target: target, Salt: uid.No(), Expires: d.c.Clock.Now().Add(d.c.Limits.CodeLife)}
	c.Hash = d.codeHash(c, code)
	if err := d.c.Codes.Keep(ctx, c); err != nil {
		return err
	}
	minutes := int((d.c.Limits.CodeLife + time.Minute - 1) / time.Minute)
	return d.c.SMS.Send(ctx, seal.Plain(normal),
		fmt.Sprintf("【指尖】登录验证码 %s，%d 分钟内有效。请勿告诉他人，工作人员不会向您索要。", code, minutes))
}

// sixDigits gives a code of the machine's secret randomness.
func sixDigits() (string, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return "", fmt.Errorf("make code: %w", err)
	}
	return fmt.Sprintf("%06d", n), nil
}

// codeTarget names the one live code of a phone and purpose.
func (d *Desk) codeTarget(phone, purpose string) []byte {
	return d.c.Ring.Blind("identity.code.target", purpose+"\x00"+phone)
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
