package sheet

import "zhijian/ground/event"

// Subject names the generation that an event is about. The event's key holds the sheet.
type Subject struct {
	Slug       string `json:"slug"`
	Department int64  `json:"department"`
	Generation int    `json:"generation"`
}

// Uploaded: a file came in.
type Uploaded struct {
	event.Meta
	Subject
	SHA256 string `json:"sha256"` // of the file
}

// EventName names the event.
func (Uploaded) EventName() string { return "sheet.uploaded" }

// Taken: its columns were confirmed and its rows taken apart.
type Taken struct {
	event.Meta
	Subject
	Rows    int `json:"rows"`
	Refused int `json:"refused"`
}

// EventName names the event.
func (Taken) EventName() string { return "sheet.taken" }

// Answers: a generation answers from now on, instead of Instead (0 for none).
type Answers struct {
	event.Meta
	Subject
	Instead int `json:"instead"`
}

// EventName names the event.
func (Answers) EventName() string { return "sheet.answers" }

// Events lists every event of the room.
func Events() []event.Body { return []event.Body{Uploaded{}, Taken{}, Answers{}} }
