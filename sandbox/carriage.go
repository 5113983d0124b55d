package sandbox

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"zhijian/ground/clock"
)

// carriage answers where a parcel is that an office here has sent. Its number says when it was handed in, so that nothing has to be kept.
type carriage struct {
	Carrier string
	Stops   []carriageStop
}

// carriageStop is reached so many minutes after the parcel was handed in; the last is where it is signed for.
type carriageStop struct {
	Text, Place string
	Minutes     int
}

const waybillPrefix = "YZ"

// waybill numbers a parcel: the minute it is handed in, since 1970, and two digits, 00 for one that comes back.
func waybill(at time.Time, comesBack bool) string {
	minute := at.Unix() / 60
	end := 50 + minute%50
	if comesBack {
		end = 0
	}
	return fmt.Sprintf("%s%010d%02d", waybillPrefix, minute, end)
}

// readWaybill gives the number's time; ok is false for a number of another form.
func readWaybill(no string) (at time.Time, comesBack, ok bool) {
	digits, found := strings.CutPrefix(no, waybillPrefix)
	minute, err := strconv.ParseInt(digits[:max(0, len(digits)-2)], 10, 64)
	if !found || len(digits) != 12 || err != nil || minute < 0 {
		return time.Time{}, false, false
	}
	at, comesBack = time.Unix(minute*60, 0).In(clock.Shanghai), ending(digits, 2) == "00"
	return at, comesBack, waybill(at, comesBack) == no
}

func (c *carriage) takes() string { return "number" }

func (c *carriage) gives() string {
	return "known, carrier, number, state, at, events[{at, text, place}], as_of"
}

func (c *carriage) answer(_ *bureau, _ string, in question) (data, error) {
	no := in.text("number")
	if ending(no, 2) == "13" {
		return nil, errSilent
	}
	begun, comesBack, ok := readWaybill(no)
	if !ok {
		return unknown(in), nil
	}
	state, last, events := "waiting", begun, []data{}
	for i, s := range c.Stops {
		at := begun.Add(time.Duration(s.Minutes) * time.Minute)
		if at.After(in.at) {
			break
		}
		text := s.Text
		if state = "underway"; i == len(c.Stops)-1 {
			state = "signed"
			if comesBack {
				state, text = "returned", "收件人不在，退回寄件单位"
			}
		}
		last = at
		events = append(events, data{"at": stamp(at), "text": text, "place": s.Place})
	}
	slices.Reverse(events) // newest first
	return data{
		"known": true, "carrier": c.Carrier, "number": no, "state": state, "at": stamp(last), "events": events, "as_of": stamp(in.at),
	}, nil
}
