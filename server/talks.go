package server

import (
	"context"

	"zhijian/domain/account"
	"zhijian/domain/cases"
	"zhijian/domain/message"
	"zhijian/ground/fault"
)

// talks finds where a case is talked about: cases and message know nothing of each other.
type talks struct {
	message *message.Desk
	account *account.Desk
}

// path is the talk with the case's account when its resident talks about the case there; "" otherwise.
func (t talks) path(ctx context.Context, w cases.Who, c cases.Case) (string, error) {
	if c.Account == 0 {
		return "", nil
	}
	talking, err := t.message.Talking(ctx, w.Actor, w.Visitor, c.Account, c.No)
	if err != nil || !talking {
		return "", err
	}
	a, err := t.account.Account(ctx, c.Account)
	if fault.Is(err, fault.KindNotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return "/a/" + a.Alias + "/chat", nil
}
