package identity

import (
	"context"
	"errors"
	"time"

	"zhijian/ground/event"
	"zhijian/ground/seal"
)

// ErrTaken says that a citizen number is another resident's already. It never reaches a door as such.
var ErrTaken = errors.New("identity: citizen number belongs to another resident")

// File is a resident with what changes together with them: one aggregate.
type File struct {
	Resident
	// Consents are all that were ever given, newest first. A rule prepends new ones (without
	// ID) and dates the end of others; none is removed.
	Consents []Consent
	// People are those the resident saved, first saved first. A rule adds, replaces and takes away.
	People []Person
	// Session is the one the change was asked for in; zero when none was named.
	Session Session
	// Swap, when a rule sets it, replaces Session in the same change.
	Swap *Swap
}

// Swap opens a session and ends the one it replaces.
type Swap struct {
	Token   []byte // SHA-256 of the new secret
	Session Session
	Old     int64 // ended; 0 for none
}

// ResidentStore keeps residents, their consents and favourites. Personal data is sealed in it.
type ResidentStore interface {
	// Join saves a resident unless their phone has one; it returns the one kept. events are recorded
	// for a new one only.
	Join(ctx context.Context, r Resident, events ...event.Body) (Resident, error)
	// Resident finds by id; fault.NotFound "resident" when absent.
	Resident(ctx context.Context, id int64) (Resident, error)
	// Change loads a file under lock, lets rule decide and saves it with its events. No events
	// mean that nothing is to be saved. session 0 names none; fault.Denied "session" when the named one has been ended or is not the
	// resident's. ErrTaken when the new citizen number is another resident's.
	Change(ctx context.Context, id, session int64, rule func(*File) ([]event.Body, error)) (File, error)
	// Dispute records the event that made gives for the resident who holds number; it does nothing when nobody does.
	Dispute(ctx context.Context, number seal.Text, made func(holder int64) event.Body) error
	// Consents lists all consents of a resident, newest first.
	Consents(ctx context.Context, resident int64) ([]Consent, error)
	// People lists whom a resident saved, first saved first.
	People(ctx context.Context, resident int64) ([]Person, error)
	// Favourites lists what a resident keeps at hand, newest first.
	Favourites(ctx context.Context, resident int64) ([]Favourite, error)
	// Favour adds a favourite or takes it away, with its event; nothing happens when it is so already.
	Favour(ctx context.Context, resident int64, f Favourite, on bool, events ...event.Body) error
}

// SessionStore keeps sessions under the hash of their token.
type SessionStore interface {
	// Open saves a session, ends the one it replaces and some that have expired.
	Open(ctx context.Context, s Swap, events ...event.Body) error
	// Find gives the session of a token with its resident by one indexed read; fault.NotFound "session" when
	// there is none or it expired at now.
	Find(ctx context.Context, token []byte, now time.Time) (Session, Resident, error)
	// Touch keeps when a session was last used and when it now expires.
	Touch(ctx context.Context, resident, id int64, seen, expires time.Time) error
	// List gives the sessions of a resident that live at now, last used first.
	List(ctx context.Context, resident int64, now time.Time) ([]Session, error)
	// End ends one session of a resident, or with id 0 all but keep; it reports how many. events are
	// recorded when there was one.
	End(ctx context.Context, resident, id, keep int64, events ...event.Body) (int, error)
}

// Code is a one-time code as it is kept.
type Code struct {
	Target  []byte // blind index of phone, purpose and browser: one live code each
	Phone   []byte // blind index of phone and purpose
	Salt    string
	Hash    []byte // keyed; the code itself is kept nowhere
	Tries   int    // wrong tries so far
	Expires time.Time
}

// CodeStore keeps one-time codes.
type CodeStore interface {
	// Keep saves a code in place of its target's earlier one and drops some that have expired.
	Keep(ctx context.Context, c Code) error
	// Live reports whether a phone has a code that has neither been used nor expired at now, dead ones included, and
	// whether target has.
	Live(ctx context.Context, phone, target []byte, now time.Time) (one, own bool, err error)
	// Try finds the code of a target that lives at now and has fewer than most wrong tries. When right says
	// so the code is spent and Try gives true; otherwise one more wrong try is counted. Of callers at
	// once with the right code, one succeeds.
	Try(ctx context.Context, target []byte, now time.Time, most int, right func(Code) bool) (bool, error)
}
