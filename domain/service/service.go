// Package service turns a reviewed file into something one can have done.
//
// A Definition is data: names, legal basis, typed questions, steps. It is checked whole
// when it is loaded; a definition that loads runs. The engine is a pure function:
// definition + state + input → state + effects. It reads no clock, calls nobody and keeps
// nothing, so it can be replayed and tested by properties. What a resident must see next
// is a View, drawn by pages, chat and JSON alike.
package service

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"time"
)

// Text is a wording in Chinese and, where there is one, English.
type Text struct {
	Zh string
	En string
}

// In gives the wording for a language ("en", else Chinese), falling back to Chinese.
func (t Text) In(lang string) string {
	if lang == "en" && t.En != "" {
		return t.En
	}
	return t.Zh
}

// State is where one running case stands in its definition. It holds personal data: it
// prints as [sealed] and is kept sealed. The zero State is not started.
type State struct {
	// Step is the id of the step the resident or the house is at.
	Step string `json:"step"`
	// Waiting is set while an effect of Step is on its way.
	Waiting bool `json:"waiting,omitempty"`
	// Answers are typed values by answer id, as JSON values.
	Answers map[string]any `json:"answers,omitempty"`
	// Typed are the answers as they were typed, for showing them again.
	Typed map[string][]string `json:"typed,omitempty"`
	// Given lists the answers that were known before the case began and that no page has asked yet; see Definition.Give.
	Given []string `json:"given,omitempty"`
	// Facts are what offices, payments and bookings answered, by step id.
	Facts map[string]any `json:"facts,omitempty"`
	// Attempt counts tries by step id.
	Attempt map[string]int `json:"attempt,omitempty"`
	// Trail lists the steps behind, in order, for going back.
	Trail []string `json:"trail,omitempty"`
	// Phase tells apart the stations within a step, e.g. "filing", "tracing", "voiding", "refunding".
	Phase string `json:"phase,omitempty"`
	// Down is set when the office of Step does not answer; Since is when the wait began.
	Down bool `json:"down,omitempty"`
	// Hush is why it was not even asked, with Down: "busy", "quota" (of a minute), "quota_day"; empty for one that is silent. Again is when it can be
	// asked anew, zero when nobody knows.
	Hush  string    `json:"hush,omitempty"`
	Again time.Time `json:"again,omitzero"`
	Stuck bool      `json:"stuck,omitempty"`
	Since time.Time `json:"since,omitzero"`
	// Reason is the office's sentence when it refused.
	Reason string `json:"reason,omitempty"`
	// End is the id of the result reached; empty while running.
	End string `json:"end,omitempty"`
	// ChangeAt returns the resident to this step after changing an answer; empty for none.
	ChangeAt string `json:"change_at,omitempty"`
	// Note is the code of what to tell on the page the resident was sent back to: "refused",
	// "unknown", "taken", "twice", "expired", "closed".
	Note string `json:"note,omitempty"`
	// Missed is the place that was just lost to somebody else, on the book page the resident was sent back to.
	Missed string `json:"missed,omitempty"`
	// Barred lists places that an office refused in this case, as "pool slot", at most 20: they are not offered again.
	Barred []string `json:"barred,omitempty"`
	// More is the supply step that the resident was asked to fill in; empty for none.
	More string `json:"more,omitempty"`
	// Then is where to go after a release or a cancel: a step id, or "hold"; empty for the end.
	Then string `json:"then,omitempty"`
	// Tries counts failed tries in this phase; Due is when the next one may run.
	Tries int       `json:"tries,omitempty"`
	Due   time.Time `json:"due,omitzero"`
	// Round counts how often a submit step was entered; it is part of the office's key.
	Round map[string]int `json:"round,omitempty"`
	// With is the input of the filing under way, fixed when it began: a retry files the same.
	With map[string]any `json:"with,omitempty"`
	// Asked remembers by look-up what was asked and when, so that the same is not asked again.
	Asked map[string]Asked `json:"asked,omitempty"`
	// Returned lists superfluous payments that were sent back, as "step/attempt".
	Returned []string `json:"returned,omitempty"`
	// Corrected counts how often the resident put something right while it was decided.
	Corrected int `json:"corrected,omitempty"`
	// Recall is set while the resident takes back what was filed, until the case ends or waits on.
	Recall *Recalling `json:"recall,omitempty"`
}

// Asked is what a look-up was asked last.
type Asked struct {
	Of string    `json:"of"` // digest of the input
	At time.Time `json:"at"`
}

// String hides the state.
func (State) String() string { return "[sealed]" }

// GoString hides the state from %#v.
func (State) GoString() string { return "[sealed]" }

// LogValue hides the state from slog.
func (State) LogValue() slog.Value { return slog.StringValue("[sealed]") }

// Encode gives the state as JSON, to be sealed at once.
func (s State) Encode() ([]byte, error) { return json.Marshal(s) }

// DecodeState reverses Encode.
func DecodeState(b []byte) (State, error) {
	var s State
	err := json.Unmarshal(b, &s)
	return s, err
}

// UnmarshalJSON keeps whole numbers whole, so that a stored state behaves as the one that was stored.
func (s *State) UnmarshalJSON(b []byte) error {
	type plain State
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber()
	var p plain
	if err := dec.Decode(&p); err != nil {
		// The decoder's message may quote what it could not read.
		return errors.New("service: state cannot be read")
	}
	*s = State(p)
	for _, m := range []map[string]any{s.Answers, s.Facts, s.With} {
		for k, v := range m {
			m[k] = normal(v)
		}
	}
	return nil
}

// Me is what the house knows of the resident whose case runs; expressions see it as me.
type Me struct {
	Level         int
	Name          string
	CitizenNumber string
	Phone         string
	Plates        []string // number plates proven theirs
	Saved         []string // other number plates that they keep to pick from
	People        []Person // whom they saved; nil when the definition asks for none
	Others        []Other  // whom they may act for in this service at this moment; nil when it can be had for oneself only
}

// Env is everything outside the state that the engine may look at.
type Env struct {
	Now  time.Time
	Lang string
	Me   Me
	// Offer is how the city offers the service: names of offices, payee, fees.
	Offer Offer
	// CaseNo is the case's public number, part of every effect's key.
	CaseNo string
	// Files are those uploaded to the case and still there, oldest first; nil when the definition asks for none.
	Files []File
}

// Offer is one service in one city: the definition and what the city pack binds.
type Offer struct {
	City       string // GB/T 2260 code of the city
	Definition *Definition
	Account    string            // alias of the official account that answers for it
	Department string            // name of the department
	Offices    map[string]Office // by the definition's office word
	Places     func() []Place    // districts and counties of the city; nil when no answer asks for a location
}

// Office is a binding of a definition's office word to a real system.
type Office struct {
	System string         // key into the house's office client: "traffic"
	Name   Text           // how residents know it: 杭州交警
	Payee  string         // who receives payments
	Site   string         // where its own site begins, "https://www.12306.cn"; empty for none
	Pool   string         // prefix of booking pools; empty for none
	Fixed  map[string]any // fixed input merged into every call, e.g. the region
	Datum  string         // of the coordinates it gives: DatumGCJ02, or empty for WGS-84
}

// SheetPrefix begins the system of an office that is an uploaded table.
const SheetPrefix = "sheet:"

// DatumGCJ02 marks an office that gives coordinates of Chinese map services; they are turned to WGS-84 as they come in.
const DatumGCJ02 = "gcj02"

func (o Offer) places() []Place {
	if o.Places == nil {
		return nil
	}
	return o.Places()
}

// Input is one thing that moves a state: Answer, Draft, Change, Retry, Correct, Recall, Ruling, Review, Reopen, Amend or Outcome.
type Input interface{ input() }

// Answer is what a resident sent for a step: form values by input name.
type Answer struct {
	Step   string
	Values map[string][]string
}

// Change takes the resident back to a step; with Return they come back to the present step afterwards.
type Change struct {
	Step   string
	Return bool
}

// Retry asks the office of the present step again. On a step that only waited for a proof of
// identity it goes on; where there is nothing to try again it changes nothing.
type Retry struct{ Step string }

// Draft keeps what was typed for a step, the present one or one behind, without judging it.
type Draft struct {
	Step   string
	Values map[string][]string
}

// Ruling is what a member of staff decided about a stuck case: "retry" files again under the same
// key, "done" takes the filing as settled with Data as the office's answer, "refund" has the office call the filing off and then ends
// it as refused, "unsettled" ends it at once because the office confirmed that it took nothing. Of a case that its resident takes back,
// "retry" and "refund" ask the office again to let go, "unsettled" says that it has, and "done" that it did the matter all the same.
type Ruling struct {
	Step string
	What string
	Data map[string]any
}

// Review is what a member of staff decided at a review step. Values answers the fields that the step asks of staff, by input name,
// and counts with VerdictAccept only; Reason is what the resident is told, and must not be empty with the other two.
type Review struct {
	Step    string
	Verdict Verdict
	Reason  string
	Values  map[string][]string
	// Corrected is State.Corrected as they saw it: what was put right since must be read before it is decided on.
	Corrected int
}

// Correct puts answers right while somebody decides on them; what Values does not name stands.
type Correct struct{ Values map[string][]string }

// Recall takes back what was filed, while the definition lets it: the offices are asked to let go of it, and when they do the case ends as
// withdrawn. A second one changes nothing.
type Recall struct{}

// Reopen is what came of an appeal against the end of a case. Values answers what the step asks of staff and counts with ReopenChanged only.
type Reopen struct {
	What   string
	Reason string
	Values map[string][]string
}

// What an appeal comes to, besides that the decision stands.
const (
	ReopenChanged = "changed" // the matter is decided otherwise
	ReopenBack    = "back"    // it is decided anew
)

// Amend puts a mistake in a finished result right: by Values what staff filled in to make it, by Data what the office that made it says now.
type Amend struct {
	Values map[string][]string
	Data   map[string]any
}

// Verdict is what a review comes to.
type Verdict string

// The verdicts.
const (
	VerdictAccept Verdict = "accept" // go on
	VerdictRefuse Verdict = "refuse" // end as refused, money and places given back
	VerdictMore   Verdict = "more"   // ask the resident for more
)

func (Review) input()  {}
func (Correct) input() {}
func (Reopen) input()  {}
func (Amend) input()   {}
func (Recall) input()  {}
func (Answer) input()  {}
func (Draft) input()   {}
func (Ruling) input()  {}
func (Change) input()  {}
func (Retry) input()   {}
func (Outcome) input() {}
