package identity

import (
	"strconv"

	"zhijian/ground/event"
)

// Key gives the event key of a resident.
func Key(resident int64) string { return "resident/" + strconv.FormatInt(resident, 10) }

// Joined says that a phone signed in for the first time.
type Joined struct {
	event.Meta
	Resident int64 `json:"resident"`
}

// SignedIn says that a resident opened a session.
type SignedIn struct {
	event.Meta
	Resident int64 `json:"resident"`
	Session  int64 `json:"session"`
}

// SessionEnded says that a resident ended a session of theirs.
type SessionEnded struct {
	event.Meta
	Resident int64 `json:"resident"`
	Session  int64 `json:"session"` // 0 for all but the one they were in
}

// SteppedUp says that a resident proved presence anew; Session is the one that replaced the one before.
type SteppedUp struct {
	event.Meta
	Resident int64 `json:"resident"`
	Session  int64 `json:"session"`
}

// Consented says that a resident agreed to a purpose.
type Consented struct {
	event.Meta
	Resident int64  `json:"resident"`
	Purpose  string `json:"purpose"`
	Version  int    `json:"version"`
}

// Proven says that a resident proved who they are.
type Proven struct {
	event.Meta
	Resident int64  `json:"resident"`
	Level    int    `json:"level"`  // reached
	Method   string `json:"method"` // ForName, ForCard or ForVehicle
}

// Withdrawn says that a resident took a consent back and what it covered was deleted.
type Withdrawn struct {
	event.Meta
	Resident int64  `json:"resident"`
	Purpose  string `json:"purpose"`
	Level    int    `json:"level"` // left
}

// ClaimedTwice says that somebody proved, with the register's agreement, a citizen number that is
// Resident's already. Resident should be told; a person looks into it.
type ClaimedTwice struct {
	event.Meta
	Resident int64 `json:"resident"` // the first
	By       int64 `json:"by"`       // the second
}

// Wished says that a resident changed how they want the pages.
type Wished struct {
	event.Meta
	Resident int64 `json:"resident"`
}

// Favoured says that a resident put a service at hand or let it go.
type Favoured struct {
	event.Meta
	Resident int64  `json:"resident"`
	City     string `json:"city"`
	Of       string `json:"of"` // service id
	On       bool   `json:"on"`
}

// PersonSaved says that a resident saved somebody, or that the household register confirmed who was saved.
type PersonSaved struct {
	event.Meta
	Resident  int64    `json:"resident"`
	Person    int64    `json:"person"`
	Relation  Relation `json:"relation"`
	Confirmed bool     `json:"confirmed"`
}

// PersonDropped says that a resident forgot somebody.
type PersonDropped struct {
	event.Meta
	Resident int64 `json:"resident"`
	Person   int64 `json:"person"`
}

// VehicleSaved says that a resident saved a plate for forms; which one is nobody's business.
type VehicleSaved struct {
	event.Meta
	Resident int64 `json:"resident"`
}

// VehicleDropped says that a resident forgot a plate.
type VehicleDropped struct {
	event.Meta
	Resident int64 `json:"resident"`
}

// MandateKey gives the event key of a mandate.
func MandateKey(id int64) string { return "mandate/" + strconv.FormatInt(id, 10) }

// MandateAskedEvent says that a resident asked to act for somebody.
type MandateAskedEvent struct {
	event.Meta
	Mandate int64 `json:"mandate"`
	Agent   int64 `json:"agent"`
}

// MandateAnswered says that a mandate was accepted, refused or ended.
type MandateAnswered struct {
	event.Meta
	Mandate   int64        `json:"mandate"`
	Agent     int64        `json:"agent"`
	Principal int64        `json:"principal,omitempty"`
	State     MandateState `json:"state"`
}

// EventName implements event.Body.
func (PersonSaved) EventName() string { return "identity.person_saved" }

// EventName implements event.Body.
func (PersonDropped) EventName() string { return "identity.person_dropped" }

// EventName implements event.Body.
func (VehicleSaved) EventName() string { return "identity.vehicle_saved" }

// EventName implements event.Body.
func (VehicleDropped) EventName() string { return "identity.vehicle_dropped" }

// EventName implements event.Body.
func (MandateAskedEvent) EventName() string { return "identity.mandate_asked" }

// EventName implements event.Body.
func (MandateAnswered) EventName() string { return "identity.mandate_answered" }

// EventName implements event.Body.
func (Joined) EventName() string { return "identity.joined" }

// EventName implements event.Body.
func (SignedIn) EventName() string { return "identity.signed_in" }

// EventName implements event.Body.
func (SessionEnded) EventName() string { return "identity.session_ended" }

// EventName implements event.Body.
func (SteppedUp) EventName() string { return "identity.stepped_up" }

// EventName implements event.Body.
func (Consented) EventName() string { return "identity.consented" }

// EventName implements event.Body.
func (Proven) EventName() string { return "identity.proven" }

// EventName implements event.Body.
func (Withdrawn) EventName() string { return "identity.withdrawn" }

// EventName implements event.Body.
func (ClaimedTwice) EventName() string { return "identity.claimed_twice" }

// EventName implements event.Body.
func (Wished) EventName() string { return "identity.wished" }

// EventName implements event.Body.
func (Favoured) EventName() string { return "identity.favoured" }

// Events lists every event of the room.
func Events() []event.Body {
	return []event.Body{
		Joined{},
		SignedIn{},
		SessionEnded{},
		SteppedUp{},
		Consented{},
		Proven{},
		Withdrawn{},
		ClaimedTwice{},
		Wished{},
		Favoured{},
		PersonSaved{},
		PersonDropped{},
		VehicleSaved{},
		VehicleDropped{},
		MandateAskedEvent{},
		MandateAnswered{},
	}
}
