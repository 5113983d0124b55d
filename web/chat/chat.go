// Package chat is the talk of a resident, or of a visitor, with an official account: what they write is a command, an answer to the
// open step of a case, or words that look for a service; what the account says is the case drawn as messages (ui/chat).
//
// Everything said is kept (message.Talk), so that one can go on after days. Writing is POST, 303, GET. The page says what there is to say
// when it is opened: that an office has answered since, that money has come. A form carries the number of the last line its writer saw, so
// that "2" never answers a question they have not read. Nothing of it is cached, and no address or title holds anything a person wrote.
//
// Post is the same talk for who writes from another platform (package wechat): one engine, other transport. There the account cannot speak
// first and says one thing at a time, so what was said here meanwhile is told before anything is taken for an answer.
package chat

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"net/http"
	"time"

	"zhijian/domain/account"
	"zhijian/domain/cases"
	"zhijian/domain/message"
	"zhijian/domain/region"
	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/ground/actor"
	"zhijian/ground/cursor"
	"zhijian/web/frame"
)

//go:embed zh.yaml en.yaml
var sentences embed.FS

// Words are the sentences of these pages, for words.Open.
func Words() fs.FS { return sentences }

// Cases opens cases and moves them along; cases.Desk does.
type Cases interface {
	Open(ctx context.Context, a actor.Actor, o cases.Opening) (cases.Case, error)
	List(ctx context.Context, a actor.Actor, states []cases.State, after cursor.Cursor, limit int) ([]cases.Case, error)
	Show(ctx context.Context, w cases.Who, no, step string) (cases.Shown, error)
	Answer(ctx context.Context, w cases.Who, no, step string, values map[string][]string) (cases.Shown, error)
	Change(ctx context.Context, w cases.Who, no, step string) (cases.Shown, error)
	Retry(ctx context.Context, w cases.Who, no string) (cases.Shown, error)
	Withdraw(ctx context.Context, w cases.Who, no string) (cases.Case, error)
	Claim(ctx context.Context, w cases.Who, no string) error
}

// Messages keeps talks and notes; message.Desk does.
type Messages interface {
	Talk(ctx context.Context, a actor.Actor, cookie string, account int64) (message.Talk, []message.Line, error)
	Say(ctx context.Context, a actor.Actor, cookie string, account int64, turn message.Turn) (message.Talk, error)
	Heard(ctx context.Context, key string) (line int, err error)
	Adopt(ctx context.Context, a actor.Actor, cookie string, account int64) error
	List(ctx context.Context, a actor.Actor, account int64, after cursor.Cursor, limit int) ([]message.Note, error)
	Read(ctx context.Context, a actor.Actor, id int64) error
}

// Accounts finds official accounts; account.Desk does.
type Accounts interface {
	ByAlias(ctx context.Context, alias string) (account.Account, error)
}

// Shelf knows what each city offers; service.Live does.
type Shelf interface {
	Groups() []service.Group
	Offers(city string) []service.Offer
	Offer(city, id string) (service.Offer, bool)
	Bundles(city string) []*service.Bundle
}

// Finder gives the ids of what a city offers of what was meant, best first.
type Finder interface {
	Services(city, q string, limit int) []string
}

// Config is what the talk needs. Every field is required.
type Config struct {
	Frame    *frame.Frame
	Regions  *region.Tree
	Shelf    Shelf
	Find     Finder
	Cases    Cases
	Messages Messages
	Accounts Accounts
	// Origin stands before the addresses that go to other platforms: "https://city.example".
	Origin string
}

// Chat draws talks.
type Chat struct {
	c     Config
	f     *frame.Frame
	group map[string]service.Group
}

// New checks the configuration.
func New(c Config) (*Chat, error) {
	switch {
	case c.Frame == nil || c.Regions == nil:
		return nil, errors.New("chat: Frame or Regions is missing")
	case c.Shelf == nil || c.Find == nil:
		return nil, errors.New("chat: Shelf or Find is missing")
	case c.Cases == nil || c.Messages == nil || c.Accounts == nil || c.Origin == "":
		return nil, errors.New("chat: Cases, Messages, Accounts or Origin is missing")
	}
	x := &Chat{c: c, f: c.Frame, group: map[string]service.Group{}}
	for _, g := range c.Shelf.Groups() {
		x.group[g.ID] = g
	}
	return x, nil
}

// Routes are the pages. A talk is its writer's alone: nobody can name another's.
func (x *Chat) Routes() []door.Route {
	return []door.Route{
		{Method: http.MethodGet, Path: "/a/{alias}/chat", About: "the talk with an account", Access: door.Public, Handler: x.show},
		{Method: http.MethodPost, Path: "/a/{alias}/chat", About: "say something to an account", Access: door.Public, Limit: door.Limit{Body: 8 << 10}, Handler: x.say},
	}
}

const (
	settleFor = 1500 * time.Millisecond // how long an answer waits for the case to move on
	again     = 5 * time.Second         // how often a waiting page asks without script
	idle      = 6 * time.Hour           // after which a begun case is asked about before it goes on
	mostFound = 5                       // services listed for words that may mean several
	mostNotes = 20                      // notes of the account that stand in the talk
)

func path(a account.Account) string { return "/a/" + a.Alias + "/chat" }
