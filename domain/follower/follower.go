// Package follower knows who writes to an official account from another platform: an openid there, and the resident here to whom that openid
// was bound, if any.
//
// An openid is personal data and is never kept: only a keyed index of it and its account, so that openids of two accounts cannot be linked
// without the key. It is bound in three steps, and no fewer: the talk there gives a link (Offer), a signed-in resident agrees on its page and
// is shown a number (Claim), and the talk that got the link writes the number (Bind). Who steals a link has no talk to write in; who is sent
// somebody else's link would have to tell that person the number. A link holds for 15 minutes and for one resident, a number for five tries.
// A binding ends when its resident ends it (End), when the openid stops following (Leave), and after half a year by itself. It never signs
// anybody in: it says only in whose name the talk speaks.
package follower

import (
	"time"

	"zhijian/ground/seal"
)

// Follower is one openid of one account. The zero Follower is one that nothing is kept of.
type Follower struct {
	ID      int64
	Account int64
	Index   []byte // of account and openid
	// Visitor stands for the openid as a visitor's cookie does for a browser. It is derived with a key of its own and kept nowhere.
	Visitor string
	// Resident is whose it is, 0 for nobody, and Bound since when.
	Resident int64
	Bound    time.Time
	Link     Link
	Rev      int64
}

// Link is the way to bind that is open; the zero Link for none.
type Link struct {
	Hash     []byte // of the secret in the address
	Until    time.Time
	Claimant int64     // the resident who agreed; 0 until then
	Code     seal.Text // the number that they were shown
	Tries    int       // wrong numbers so far
}

const (
	linkFor  = 15 * time.Minute
	boundFor = 180 * 24 * time.Hour // as long as a talk that nobody touches is kept
	digits   = 6
	mostLost = 5
	seenFor  = 10 * time.Minute
)

// Holds reports whether the follower is bound at now.
func (f Follower) Holds(now time.Time) bool {
	return f.Resident != 0 && now.Before(f.Bound.Add(boundFor))
}

// Awaits reports whether a number written in the talk would be compared: a resident has agreed.
func (f Follower) Awaits(now time.Time) bool { return f.Link.open(now) && f.Link.Claimant != 0 }

// open reports whether the link leads anywhere at now.
func (l Link) open(now time.Time) bool {
	return len(l.Hash) > 0 && now.Before(l.Until) && l.Tries < mostLost
}

// IsCode reports whether words have the form of a number to bind by.
func IsCode(text string) bool {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return len(text) == digits
}
