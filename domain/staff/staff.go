// Package staff knows the people of departments and of the operator, and signs them in with
// a password and a second factor (security.md T11). There is no default person.
//
// Every failed sign-in gives one and the same answer after the same work, whether the user exists or not. A TOTP
// code works once. Each refusal is an event with ids alone. Wrong tries slow down and do not lock: who signed in from an address before has tries of their
// own there, which strangers cannot use up (T71). Sessions end after 30 idle minutes and after 12 hours, and when
// the member is enrolled anew.
package staff

import (
	"log/slog"
	"time"

	"zhijian/ground/seal"
)

// Member is one person with duties in the console.
type Member struct {
	ID         int64
	User       string // sign-in name, unique, lower case
	Name       string
	Department int64 // 0 for the operator's people
	Operator   bool
	Password   string    // Argon2id in PHC form
	TOTP       seal.Text // base32 secret; sealed at rest
	LastStep   int64     // last TOTP step used, so that a code works once
	Created    time.Time
	Rev        int64
}

// Session is one signed-in member: idle 30 minutes, at most 12 hours.
type Session struct {
	ID      int64
	Member  int64
	Created time.Time
	Seen    time.Time
	Expires time.Time
}

// String hides what a sign-in rests on.
func (m Member) String() string { return Key(m.ID) }

// GoString hides what a sign-in rests on from %#v.
func (m Member) GoString() string { return Key(m.ID) }

// LogValue hides what a sign-in rests on from slog.
func (m Member) LogValue() slog.Value { return slog.StringValue(Key(m.ID)) }

// MarshalJSON hides what a sign-in rests on from JSON.
func (m Member) MarshalJSON() ([]byte, error) { return []byte(`"` + Key(m.ID) + `"`), nil }
