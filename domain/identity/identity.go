// Package identity knows residents and how well they are proven.
//
// L0 nobody, L1 a phone that answered a code, L2 real name (name + citizen number + phone
// agree with the population register), L3 a bank card of the same person, L4 five in one:
// login, phone, card holder, vehicle owner and licence holder are one person. A level rises
// only here. A failed proof gives one and the same answer whichever part did not match, after
// the same work. Tries are counted per resident and per number tried, durably.
// Acts on what is sensitive want presence proven anew by StepUp, within FreshFor.
// Who a resident saved (Person) fills forms; whom they may act for (Principal) is confirmed by the household register or
// by the other's own login (Mandate), and is asked anew at every move.
// Sessions live on the server, are replaced whenever the level changes, and can be listed and ended.
package identity

import (
	"time"

	"zhijian/ground/seal"
)

// Resident is a person who signed in at least once.
type Resident struct {
	ID            int64
	Level         int
	Phone         seal.Text   // +86…
	Name          seal.Text   // empty below L2
	CitizenNumber seal.Text   // empty below L2
	Card          seal.Text   // empty below L3
	CardPhone     seal.Text   // +86…, as registered with the bank; empty below L3
	Bank          string      // name of the card's bank; empty below L3
	Plates        []seal.Text // vehicles proven theirs; empty below L4
	SavedPlates   []seal.Text // vehicles saved for forms, oldest first; may be anybody's
	Wish          Wish
	Created       time.Time
	ProvenAt      time.Time // when the present level was reached
	Rev           int64
}

// Wish is how a resident wants the pages.
type Wish struct {
	City  string // slug of the city last used
	Lang  string // "" or "zh", "en"
	Theme string // "" follows the device, "light", "dark"
	Elder bool
}

// Session is one signed-in device.
type Session struct {
	ID       int64
	Resident int64
	Device   string // what the browser calls itself, shortened: "Chrome · Android"
	Created  time.Time
	Seen     time.Time // to the nearest 5 minutes
	Expires  time.Time // Limits.SessionIdle after the last use, at most Limits.SessionLife after the first sign-in
	StepUp   time.Time // when the resident last stepped up (see Desk.StepUp), zero for never: signing in is not enough
}

// The purposes of consent.
const (
	ForName    = "real_name"
	ForCard    = "bank_card"
	ForVehicle = "vehicle"
	ForPeople  = "people" // keeping other people's names and numbers for one's own forms
)

// ConsentVersion is the version of the consent texts shown now. A new text has a new version.
const ConsentVersion = 1

// Consent is one purpose a resident agreed to.
type Consent struct {
	ID      int64
	Purpose string // ForName, ForCard, ForVehicle or ForPeople
	Version int    // of the text agreed to
	Given   time.Time
	Ended   time.Time // zero while in force
}

// Favourite is a service a resident keeps at hand.
type Favourite struct {
	City, Service string
	At            time.Time
}
