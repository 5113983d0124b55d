package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"zhijian/domain/booking"
	"zhijian/domain/cases"
	"zhijian/domain/service"
	"zhijian/door"
)

// Booking is the place that a case has, or waits for.
type Booking struct {
	No     string    `json:"no"`
	State  string    `json:"state" doc:"waiting, held, confirmed, arrived, called, served, missed or released"`
	Start  time.Time `json:"start"`
	End    time.Time `json:"end"`
	Until  time.Time `json:"until,omitzero" doc:"held: when the place is given to somebody else"`
	Ahead  int       `json:"ahead" doc:"waiting: who waits longer. arrived: who is called before"`
	Code   string    `json:"code,omitempty" doc:"What one shows at the counter"`
	Ticket string    `json:"ticket,omitempty" doc:"Number in the day's queue"`
	Window string    `json:"window,omitempty" doc:"called: where to"`
	Now    string    `json:"now,omitempty" doc:"arrived: the number called last"`
	Opens  time.Time `json:"check_in_from,omitzero" doc:"confirmed: when one can check in, where the house calls the queue"`
	Shuts  time.Time `json:"check_in_until,omitzero"`
}

// bookingOf is what a case has of booking, nil for nothing.
func bookingOf(s cases.Shown) *Booking {
	r := s.Wait
	if r == nil {
		r = s.Reservation
	}
	if r == nil {
		return nil
	}
	b := &Booking{No: r.No, State: string(r.State), Start: r.Start, End: r.End, Ahead: s.Ahead, Window: r.Window, Ticket: r.Ticket()}
	switch r.State {
	case booking.Held:
		b.Until = r.Until
	case booking.Arrived:
		b.Ahead, b.Now = s.Turn.Ahead, s.Turn.Now
	}
	if s.Resource != nil && r == s.Reservation {
		b.Code = r.Code()
		b.Opens, b.Shuts, _ = s.CheckIn()
	}
	return b
}

// SlotChoice names a time.
type SlotChoice struct {
	Slot string `json:"slot" minLength:"1" maxLength:"100"`
}

// bookings are the verbs of an appointment.
func (a *API) bookings() {
	type withSlot struct {
		No
		Body SlotChoice
	}
	for _, v := range []struct {
		id, about string
		do        func(context.Context, cases.Who, string, string) (cases.Shown, error)
	}{
		{"wait", "Wait for a place of a full time on the book page; places that come free are offered in the order of arrival", a.c.Cases.Wait},
		{"move", "Give a made appointment another time; the old one is kept until the new one is there", a.c.Cases.Move},
	} {
		add(a, door.ResidentAt(1), huma.Operation{OperationID: v.id, Method: http.MethodPost, Path: "/api/v1/cases/{no}/" + v.id, Summary: v.about, Tags: []string{"cases"}},
			func(ctx context.Context, r *door.Request, in *withSlot) (*caseBody, error) {
				s, err := v.do(ctx, a.who(r), in.No.No, in.Body.Slot)
				return a.one(ctx, r, s, err)
			})
	}
	add(a, door.ResidentAt(1), huma.Operation{OperationID: "times", Method: http.MethodGet, Path: "/api/v1/cases/{no}/times", Summary: "Times that a made appointment can be moved to", Tags: []string{"cases"}},
		func(ctx context.Context, r *door.Request, in *No) (*struct {
			Body struct {
				Days []Day `json:"days"`
			}
		}, error,
		) {
			days, err := a.c.Cases.Choices(ctx, a.who(r), in.No)
			if err != nil {
				return nil, err
			}
			out := &struct {
				Body struct {
					Days []Day `json:"days"`
				}
			}{}
			out.Body.Days = daysOf(days)
			return out, nil
		})
}

func daysOf(list []service.Day) []Day {
	out := []Day{}
	for _, d := range list {
		day := Day{Date: d.Date, Left: d.Left}
		for _, s := range d.Slots {
			day.Slots = append(day.Slots, Slot{ID: s.ID, Start: s.Start, End: s.End, Left: s.Left, Waiting: s.Waiting, Line: s.Line})
		}
		out = append(out, day)
	}
	return out
}
