package push

import (
	"math"
	"strconv"
	"time"
)

// Message is what a follower sent, or what happened between them and the account. Which of the lower fields are set goes by Kind and Event.
type Message struct {
	To   string // the account's own id: gh_ and twelve digits or letters
	From string // the follower's openid, which is personal data
	At   time.Time
	Kind Kind
	ID   string // number of a message; events have none

	Content     string // of a text
	Recognition string // of a voice message, what the platform heard; empty when it did not listen
	Lat, Lon    float64
	Label       string // of a place

	Event    Event
	EventKey string // of a menu its key, of a code its scene; of "subscribe" the scene with "qrscene_" before it
}

// String hides the message.
func (Message) String() string { return "[sealed]" }

// GoString hides the message from %#v.
func (Message) GoString() string { return "[sealed]" }

// Kind is what a message is, in the platform's words.
type Kind string

// The kinds that are told apart; every other is a message as well (image, video, link …).
const (
	Text     Kind = "text"
	Voice    Kind = "voice"
	Location Kind = "location"
	Happened Kind = "event"
)

// Event is what happened, in the platform's words and letters.
type Event string

// The events that are told apart.
const (
	Subscribe   Event = "subscribe"
	Unsubscribe Event = "unsubscribe"
	Scan        Event = "SCAN"
	Click       Event = "CLICK"
	View        Event = "VIEW"
	// LocationSelect is a place picked from the menu; the place follows as a message of its own.
	LocationSelect Event = "location_select"
)

// Key names the message: the same on every delivery of it, and of no other. Messages have a number; an event is named by whose it is, when it
// was and what it was (contract 2.5). It holds the openid: hash it before it is kept.
func (m Message) Key() string {
	if m.Kind != Happened {
		return m.From + "\x00" + m.ID
	}
	return m.From + "\x00" + strconv.FormatInt(m.At.Unix(), 10) + "\x00" + string(m.Event) + "\x00" + m.EventKey
}

const mostID = 64 // bytes of an openid, an account's id, a message's number

// message reads the fields; ErrXML when one that every message has is missing or is nothing it can be.
func (l leaves) message() (Message, error) {
	m := Message{
		To: l["ToUserName"], From: l["FromUserName"], Kind: Kind(l["MsgType"]), ID: l["MsgId"], Content: l["Content"], Recognition: l["Recognition"],
		Label: l["Label"], Event: Event(l["Event"]), EventKey: l["EventKey"],
	}
	at, err := strconv.ParseInt(l["CreateTime"], 10, 64)
	switch {
	case err != nil, at <= 0, at > math.MaxUint32:
		return Message{}, ErrXML
	case !named(m.To), !named(m.From), m.Kind == "":
		return Message{}, ErrXML
	case m.Kind == Happened && m.Event == "", m.Kind != Happened && !number(m.ID):
		return Message{}, ErrXML
	}
	m.At = time.Unix(at, 0).UTC()
	if m.Kind == Location {
		var err1, err2 error
		m.Lat, err1 = strconv.ParseFloat(l["Location_X"], 64)
		m.Lon, err2 = strconv.ParseFloat(l["Location_Y"], 64)
		if err1 != nil || err2 != nil || !(math.Abs(m.Lat) <= 90 && math.Abs(m.Lon) <= 180) {
			return Message{}, ErrXML
		}
	}
	return m, nil
}

// named reports whether s can be an id: printable, without space, and not long.
func named(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return s != "" && len(s) <= mostID
}

func number(s string) bool {
	_, err := strconv.ParseUint(s, 10, 64)
	return err == nil
}
