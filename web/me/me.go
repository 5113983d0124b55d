// Package me is what a resident has for themself: signing in, proving who they are, and everything under /me.
//
// Signing in and proving go one thing per page, keep what was typed when something must be mended (never a code), and
// come back to where the resident was sent from; "next" is a path of this house or nothing. Each proof and each consent
// withdrawn replaces the session. Nothing here is cached; no address and no title holds anything of a person.
package me

import (
	"context"
	"embed"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"time"

	"zhijian/domain/account"
	"zhijian/domain/bundle"
	"zhijian/domain/cases"
	"zhijian/domain/identity"
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

// Words are the sentences of these pages, for words.Open. The names of a case's states are those of web/steps.
func Words() fs.FS { return sentences }

// Entrance signs residents in and out; identity.Desk does.
type Entrance interface {
	SendCode(ctx context.Context, a actor.Actor, phone string, from identity.Caller) error
	SignIn(ctx context.Context, a actor.Actor, phone, code string, from identity.Caller) (token string, r identity.Resident, err error)
	SignOut(ctx context.Context, a actor.Actor) error
	SendStepUp(ctx context.Context, a actor.Actor, from identity.Caller) error
	StepUp(ctx context.Context, a actor.Actor, p identity.StepUpProof, from identity.Caller) (token string, err error)
	Sessions(ctx context.Context, a actor.Actor) ([]identity.Session, error)
	EndSession(ctx context.Context, a actor.Actor, session int64) error
}

// Prover proves who a resident is; identity.Desk does.
type Prover interface {
	ProveName(ctx context.Context, a actor.Actor, p identity.NameProof) (token string, r identity.Resident, err error)
	ProveCard(ctx context.Context, a actor.Actor, p identity.CardProof) (token string, r identity.Resident, err error)
	ProveVehicle(ctx context.Context, a actor.Actor, p identity.VehicleProof) (token string, r identity.Resident, err error)
}

// Keeper holds what a resident agreed to, wishes and keeps at hand; identity.Desk does.
type Keeper interface {
	Consents(ctx context.Context, a actor.Actor) ([]identity.Consent, error)
	Withdraw(ctx context.Context, a actor.Actor, purpose string) (token string, err error)
	Wish(ctx context.Context, a actor.Actor, w identity.Wish) error
	Favourites(ctx context.Context, a actor.Actor) ([]identity.Favourite, error)
	Export(ctx context.Context, a actor.Actor, w io.Writer) error
}

// Cases lists a resident's cases; cases.Desk does.
type Cases interface {
	List(ctx context.Context, a actor.Actor, states []cases.State, after cursor.Cursor, limit int) ([]cases.Case, error)
	Claim(ctx context.Context, w cases.Who, no string) error
	Export(ctx context.Context, a actor.Actor, w io.Writer) error
}

// Bundles lists a resident's matters of life; bundle.Desk does.
type Bundles interface {
	List(ctx context.Context, a actor.Actor) ([]bundle.Bundle, error)
	Definition(b bundle.Bundle) (*service.Bundle, bool)
	Export(ctx context.Context, a actor.Actor, w io.Writer) error
}

// Messages lists a resident's notes; message.Desk does.
type Messages interface {
	List(ctx context.Context, a actor.Actor, account int64, after cursor.Cursor, limit int) ([]message.Note, error)
	Read(ctx context.Context, a actor.Actor, id int64) error
	// Told gives every line of the resident's talks with accounts, each to be written as JSON.
	Told(ctx context.Context, a actor.Actor) ([]any, error)
}

// Accounts finds who a message is from; account.Desk does.
type Accounts interface {
	Account(ctx context.Context, id int64) (account.Account, error)
}

// Shelf names services; service.Live does.
type Shelf interface {
	Offer(city, id string) (service.Offer, bool)
	Pinned(city, id string, version int) (service.Offer, bool)
	Offers(city string) []service.Offer
}

// Look is one time that staff read a resident's data.
type Look struct {
	At      time.Time
	Who     string // department, and the staff number; never a name
	Purpose string
	Case    string // public number, empty for none
}

// Looks lists who read a resident's data, newest first.
type Looks interface {
	Looks(ctx context.Context, a actor.Actor) ([]Look, error)
}

// Config is what the pages need. Every field but Looks is required.
type Config struct {
	Frame    *frame.Frame
	Regions  *region.Tree
	Entrance Entrance
	Prover   Prover
	Keeper   Keeper
	People   People
	Vehicles Vehicles
	Cases    Cases
	Messages Messages
	Accounts Accounts
	Shelf    Shelf
	Bundles  Bundles
	// Followers binds talks of other platforms.
	Followers Followers
	// Looks is nil where the house does not list them; the page then leaves that part out.
	Looks Looks
}

// Me draws the pages.
type Me struct {
	c Config
	f *frame.Frame
}

// New checks the configuration.
func New(c Config) (*Me, error) {
	switch {
	case c.Frame == nil:
		return nil, errors.New("me: Frame is missing")
	case c.Regions == nil:
		return nil, errors.New("me: Regions is missing")
	case c.Entrance == nil, c.Prover == nil, c.Keeper == nil, c.People == nil:
		return nil, errors.New("me: Entrance, Prover, Keeper or People is missing")
	case c.Cases == nil:
		return nil, errors.New("me: Cases is missing")
	case c.Messages == nil, c.Accounts == nil:
		return nil, errors.New("me: Messages or Accounts is missing")
	case c.Shelf == nil, c.Bundles == nil, c.Followers == nil:
		return nil, errors.New("me: Shelf, Bundles or Followers is missing")
	}
	return &Me{c: c, f: c.Frame}, nil
}

// fresh is a route that a stolen session alone must not open. Withdrawing a consent is not among them: it must be as
// easy as giving it (PIPL 15), and it only makes the house know less.
func fresh(r door.Route) door.Route {
	r.Fresh = identity.FreshFor
	return r
}

// Routes are the pages.
func (m *Me) Routes() []door.Route {
	own := door.ResidentAt(1)
	codes := door.Limit{Class: door.Signing}
	get := func(path, about string, a door.Access, h door.Handler) door.Route {
		return door.Route{Method: http.MethodGet, Path: path, About: about, Access: a, Handler: h}
	}
	post := func(path, about string, a door.Access, l door.Limit, h door.Handler) door.Route {
		return door.Route{Method: http.MethodPost, Path: path, About: about, Access: a, Limit: l, Handler: h}
	}
	routes := []door.Route{
		get("/login", "sign in", door.Public, m.askPhone),
		post("/login", "send a code, or sign in with it", door.Public, codes, m.login),
		post("/logout", "sign out", door.Public, door.Limit{}, m.logout),
		get("/me", "a resident's own page", own, m.home),
		get("/me/cases", "a resident's cases", own, m.cases),
		get("/me/messages", "a resident's messages", own, m.messages),
		get("/me/favourites", "services kept at hand", own, m.favourites),
		get("/me/sessions", "signed-in devices", own, m.sessions),
		post("/me/sessions", "sign a device out", own, door.Limit{}, m.endSession),
		fresh(post("/me/sessions/others", "sign all other devices out", own, door.Limit{}, m.endOthers)),
		get("/me/step-up", "prove presence for a sensitive act", own, m.askStepUp),
		post("/me/step-up", "send a code, or prove presence with it", own, codes, m.stepUp),
		get("/me/privacy", "consents, own data, who looked", own, m.privacy),
		get("/me/privacy/withdraw", "confirm withdrawing a consent", own, m.askWithdraw),
		post("/me/privacy/withdraw", "withdraw a consent", own, door.Limit{}, m.withdraw),
		fresh(get("/me/export", "all own data as JSON", own, m.export)),
		get("/me/settings", "large type, light and dark, language, city", door.Public, m.settings),
		post("/me/wish", "keep the settings", door.Public, door.Limit{}, m.wish),
		get("/me/proof", "prove what is missing", own, m.proof),
	}
	elder := post("/me/elder", "large type on and off", door.Public, door.Limit{}, m.elder)
	elder.Plain = true
	routes = append(routes, elder)
	routes = append(routes, m.peopleRoutes()...)
	routes = append(routes, m.vehicleRoutes()...)
	routes = append(routes, m.wechatRoutes()...)
	for _, k := range kinds() {
		routes = append(routes, get("/me/proof/"+k.path, "prove by "+k.path, own, m.askProof(k)), post("/me/proof/"+k.path, "prove by "+k.path, own, codes, m.prove(k)))
	}
	return routes
}
