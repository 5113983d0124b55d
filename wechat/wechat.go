// Package wechat is the door for official accounts on WeChat and on platforms that speak as it does.
//
// What is here is the back end of an account: the platform posts each message of a follower to /wechat/{alias} (wechat-contract part 2), and
// the answer is the account's own talk (web/chat), in the name of the resident to whom the sender was bound (domain/follower) or of nobody.
// A message is believed for its signature, its time within five minutes, its account's own id and, sealed, its app. It is answered within five
// seconds, and moves the talk on once however often it is delivered; what takes longer goes on, and the next message gets what came of it.
// An openid is hashed at this door and goes no further; nothing of a message is in a log, an address or an error.
package wechat

import (
	"context"
	"errors"
	"net/http"
	"time"

	"zhijian/domain/account"
	"zhijian/domain/follower"
	"zhijian/domain/identity"
	"zhijian/door"
	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/ground/push"
	"zhijian/ground/seal"
	"zhijian/ui/chat"
)

// Talk is the talk with an account; web/chat's Chat is.
type Talk interface {
	Post(r *door.Request, p chat.Post) (chat.Reply, error)
	// Later is what is said where there is no reply yet, Refused where the house cannot take a message.
	Later(r *door.Request) string
	Refused(r *door.Request, f *fault.Error) string
}

// Accounts finds official accounts; account.Desk does.
type Accounts interface {
	ByAlias(ctx context.Context, alias string) (account.Account, error)
}

// Followers knows who writes; follower.Desk does.
type Followers interface {
	Fresh(ctx context.Context, a actor.Actor, account int64, signature, message string) error
	Meet(ctx context.Context, a actor.Actor, account int64, openid seal.Text) (follower.Follower, error)
	Offer(ctx context.Context, a actor.Actor, f follower.Follower) (secret string, err error)
	Bind(ctx context.Context, a actor.Actor, f follower.Follower, code string) (follower.Follower, error)
	Leave(ctx context.Context, a actor.Actor, f follower.Follower, at time.Time) error
}

// Residents finds residents; identity.Desk does.
type Residents interface {
	Resident(ctx context.Context, a actor.Actor, id int64) (identity.Resident, error)
}

// Mode is how an account's messages come, in the platform's three words.
type Mode string

// The modes: 明文, 兼容, 安全.
const (
	Plain      Mode = "plain"
	Compatible Mode = "compatible"
	Secure     Mode = "secure"
)

// Link is what the platform's console and an account here were both told of each other.
type Link struct {
	ID    string // 原始ID, gh_…
	AppID string
	Token string
	Key   push.Key // zero in plain mode
	Old   push.Key // the key before it, still believed; zero for none
	Mode  Mode
}

// String hides the link.
func (Link) String() string { return "[sealed]" }

// GoString hides the link from %#v.
func (Link) GoString() string { return "[sealed]" }

// Config is what the door needs. Every field is required; Links may be empty.
type Config struct {
	Links     map[string]Link // by the account's alias
	Talk      Talk
	Accounts  Accounts
	Followers Followers
	Residents Residents
	Say       func(lang string, f *fault.Error) string
	Clock     clock.Clock
}

// Wechat is the door.
type Wechat struct{ c Config }

// New checks the configuration.
func New(c Config) (*Wechat, error) {
	if c.Talk == nil || c.Accounts == nil || c.Followers == nil || c.Residents == nil || c.Say == nil || c.Clock == nil {
		return nil, errors.New("wechat: a field of Config is missing")
	}
	return &Wechat{c: c}, nil
}

// Set is the door's routes.
func (x *Wechat) Set() door.Set {
	limit := door.Limit{Class: door.Notices, Body: push.MaxBody}
	return door.Set{Face: face{x.c.Say}, Routes: []door.Route{
		{
			Method: http.MethodGet, Path: "/wechat/{alias}", About: "a platform checks that an account's messages arrive here",
			Access: door.SignedNotice, AnyHost: true, Takes: door.TakesRaw, Limit: limit, Handler: x.verify,
		},
		{
			Method: http.MethodPost, Path: "/wechat/{alias}", About: "messages to an account on another platform",
			Access: door.SignedNotice, AnyHost: true, Takes: door.TakesRaw, Limit: limit, Handler: x.take,
		},
	}}
}

// face says what is wrong in one sentence: the platform's console shows it to the operator.
type face struct {
	say func(lang string, f *fault.Error) string
}

// Trouble implements door.Face.
func (f face) Trouble(w http.ResponseWriter, r *door.Request, t door.Trouble) {
	http.Error(w, f.say(r.Lang, t.Fault), t.Status)
}
