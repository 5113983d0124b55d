package live

import "zhijian/ground/event"

// Searched: how often people searched in a city's entry since the last one, and found nothing. The event's key is "searches/" and the
// city's code. What they typed is not kept.
type Searched struct {
	event.Meta
	Searches int64 `json:"searches"`
	Unmet    int64 `json:"unmet"`
}

// NightDue is the alarm of one night: what is old is rolled up, and the edition of the running month is made.
type NightDue struct {
	event.Meta
	Day int32 `json:"day"` // yyyymmdd in China: the day that ended
}

// EventName names the event.
func (Searched) EventName() string { return "observatory.searched" }

// EventName names the alarm.
func (NightDue) EventName() string { return "observatory.night_due" }

// Events lists a zero value of every event and alarm of the observatory.
func Events() []event.Body { return []event.Body{Searched{}, NightDue{}} }
