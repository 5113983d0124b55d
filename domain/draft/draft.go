// Package draft lets a department make services of its own without a programmer.
//
// A draft is the file of a service while it is written, and every version of it that was published. The text is the truth: what was
// imported and not changed is exported to the byte. A text goes from draft over submitted and approved to published; whoever wrote any of
// it since the last publication never approves it, and any change of the text takes an approval away. What is published joins the
// services of the department's city at once, under a number that is never used twice; cases stay with the version they began with. To
// roll back is to publish an earlier text again under a new number; it takes two people, and to take a service down one.
//
// A service made here may ask the department's own offices and no others, takes money only for them, and its id is never one of the
// house's files. Members of staff see drafts of their department alone; to others they do not exist. The operator sees all, and may
// approve.
package draft

import (
	"slices"
	"strconv"
	"time"

	"zhijian/domain/service"
)

// Draft is one service that a department makes.
type Draft struct {
	ID         int64
	Service    string // the service's id, unique in the house, begins with service.OwnPrefix
	Department int64
	City       string // GB/T 2260 code of the city it is offered in
	Account    string // alias of the official account that answers for it
	State      State
	Text       string  // the file as it is being written
	Hands      []int64 // members who wrote any of Text since it was published last
	Live       int     // version that residents are offered; 0 for none
	Turn       int64   // counts changes of what residents are offered
	Trial      string  // key of the link to try it out; empty for none
	TrialUntil time.Time
	Back       Back      // the wish that an earlier version be offered again
	Acts       []Act     // what was done, oldest first, the last 200
	Editions   []Edition // published versions, oldest first
	Created    time.Time
	Changed    time.Time
	Rev        int64
}

// Act is one thing that somebody did with a draft.
type Act struct {
	At      time.Time `json:"at"`
	What    string    `json:"what"` // created, submitted, approved, returned, published, asked_back, rolled_back, withdrawn
	Who     int64     `json:"who"`  // member of staff
	Version int       `json:"version,omitempty"`
	Reason  string    `json:"reason,omitempty"`
}

// Back is somebody's wish that an earlier version be offered again, which a second person has done. Version 0 is none.
type Back struct {
	Version int
	By      int64
	Reason  string
}

// Edition is one published version. It never changes.
type Edition struct {
	Version  int
	Text     string
	At       time.Time
	By       int64 // who published it
	Approver int64
	Back     int // the version whose text was published again; 0 for a new text
}

// Waits reports whether the draft waits for a member to decide: on a text that others wrote, or on somebody else's wish that an earlier
// version be offered again.
func (d Draft) Waits(member int64) bool {
	return d.State == Submitted && !slices.Contains(d.Hands, member) || d.Back.Version > 0 && d.Back.By != member
}

// maxActs bounds how much of a draft's history is kept beside it; the event log has all.
const maxActs = 200

// Key gives the event key of a draft.
func Key(id int64) string { return "draft/" + strconv.FormatInt(id, 10) }

// Next is the number that the next publication gets.
func (d Draft) Next() int {
	if n := len(d.Editions); n > 0 {
		return d.Editions[n-1].Version + 1
	}
	return 1
}

// Edition finds a published version; false when there is none.
func (d Draft) Edition(version int) (Edition, bool) {
	for _, e := range d.Editions {
		if e.Version == version {
			return e, true
		}
	}
	return Edition{}, false
}

func (d *Draft) note(a Act) {
	d.Acts = append(d.Acts, a)
	if n := len(d.Acts) - maxActs; n > 0 {
		d.Acts = append([]Act(nil), d.Acts[n:]...)
	}
}

// Ground is what a department stands on: where its services are offered, in whose name, and what they may ask.
type Ground struct {
	City       string // GB/T 2260 code
	Department string // name
	Sector     string
	Accounts   []Account                 // official accounts it may speak by
	Offices    map[string]service.Office // its own systems, by office word
	Sheets     map[string]Sheet          // those of them that are tables it uploaded
}

// Account is one of them.
type Account struct{ Alias, Name string }
