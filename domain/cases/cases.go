// Package cases runs a resident's matter from opening to end.
//
// A case pins one version of a service definition. What the resident does, and what offices,
// payments and bookings answer, moves it; each move is one transaction with its events, and
// what must be done outside follows from those events with the key case/step/attempt. A repeated
// event, notice or answer is "already so". Every case is at all times in a state with a name.
// A case is its resident's alone: to anybody else it does not exist.
//
// Nothing a resident does waits for the outside world: Answer commits and returns, the effect runs
// from the event cases.asked, and its outcome is the next move. What is asked outside is always
// computed again from the kept state, so an event that comes twice, late, or after a crash asks the
// same question under the same key, or none.
package cases

import (
	"time"

	"zhijian/domain/service"
	"zhijian/ground/actor"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
)

// Case is one running matter.
type Case struct {
	ID         int64
	No         string // public number, 17 Crockford characters
	Resident   int64  // 0 while nobody is signed in (services of level 0); then Visitor holds the key
	Visitor    []byte // hash of the visitor's cookie, for cases opened without signing in
	Key        []byte // hash that makes opening idempotent; empty for none
	Asked      []byte // hash of what was asked with Key; neither is read back with a case
	City       string // GB/T 2260 code
	Service    string
	Sector     string // sector id of the service
	Version    int    // of the definition, pinned
	Account    int64
	Department int64
	Lang       string
	State      State
	Data       service.State // sealed at rest
	Summary    seal.Text     // one masked line for lists, e.g. "违反规定停车 等 2 条"; sealed at rest
	Client     seal.Text     // address the resident last wrote from, which payments must name; sealed at rest
	Log        []Entry       // timeline, oldest first, at most 40
	Opened     time.Time
	Updated    time.Time
	Due        time.Time // promised end; zero when at once
	Kept       time.Time // an untouched case ends then; zero while an office or the house has it
	Ended      time.Time
	Rating     *Rating
	Rulings    []Ruling // what staff decided, oldest first; sealed at rest
	Remedies   Remedies // corrections, appeals, mistakes in the result and what a bad rating led to; sealed at rest
	Rev        int64    // counts changes
}

// Ruling is one decision of staff with its reason, which may name people and so never leaves the case.
type Ruling struct {
	At     time.Time `json:"at"`
	By     string    `json:"by"` // the actor
	What   Decision  `json:"what"`
	Reason string    `json:"reason"`
	// Proposed is set while a second member of staff must agree; what was decided afterwards replaces it.
	Proposed bool `json:"proposed,omitempty"`
}

// Proposal gives the decision that waits for a second member of staff; false for none.
func (c Case) Proposal() (Ruling, bool) {
	if n := len(c.Rulings); n > 0 && (c.State == Stuck || c.State == Reviewing) && c.Rulings[n-1].Proposed {
		return c.Rulings[n-1], true
	}
	return Ruling{}, false
}

// Entry is one line of the timeline. Code is a wording key; it holds no personal data.
type Entry struct {
	At   time.Time `json:"at"`
	Code string    `json:"code"` // "opened", "asked", "paid", "filed", "done", "refused", "refunded", …: see Codes
	Who  string    `json:"who"`  // "you", "house", or the office's name
	Args []string  `json:"args,omitempty"`
}

// Codes lists the codes of timeline entries; a door has a wording for each.
func Codes() []string {
	return []string{
		"opened", "claimed", "asked", "silent", "held", "waits", "offered", "moved", "arrived", "called", "served", "missed", "freed", "paying", "paid", "unpaid", "filed", "reviewing", "reviewed", "more", "stuck", "retried", "decided", "proposed",
		"done", "answered", "refused", "refunding", "refunded", recalling, kept, letGo, "withdrawn", "cancelled", "calledoff", "expired", "rated",
		"corrected", "appealed", "appeal_late", "appeal_upheld", "appeal_changed", "appeal_back", "reopened",
		"amend_asked", "amended", "amend_declined", "amend_late",
		"followup_late", "contacted", "rating_answered", "settled", "unsettled",
	}
}

const maxLog = 40

// note adds a line to the timeline; the first line and the latest ones are kept.
func (c *Case) note(at time.Time, code, who string, args ...string) {
	c.Log = append(c.Log[:len(c.Log):len(c.Log)], Entry{At: at, Code: code, Who: who, Args: args})
	if len(c.Log) > maxLog {
		c.Log = append(c.Log[:1:1], c.Log[len(c.Log)-maxLog+1:]...)
	}
}

// Rating is a resident's judgement (GB/T 39735 好差评: five levels).
type Rating struct {
	Stars   int       `json:"stars"`   // 5 best to 1 worst
	Reasons []string  `json:"reasons"` // codes, only for 1 and 2
	Text    string    `json:"-"`       // sealed at rest; at most 300 runes
	At      time.Time `json:"at"`
}

func (c Case) meta(a actor.Actor) event.Meta {
	return event.Meta{Actor: a.String(), Account: c.Account, Region: c.City, Sector: c.Sector, Service: c.Service}
}

func (c Case) subject() Subject {
	return Subject{No: c.No, Resident: c.Resident, Version: c.Version, State: c.State, Right: c.For()}
}

func absent() error {
	return fault.NotFound("case", "没有找到这个办件，请核对编号，或登录办理时的手机号再看")
}
