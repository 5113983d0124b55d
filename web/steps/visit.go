package steps

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"zhijian/domain/booking"
	"zhijian/domain/cases"
	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/ground/fault"
	"zhijian/ui/component"
	"zhijian/ui/say"
	"zhijian/web/frame"
)

// Visits is what one does with an appointment; cases.Desk does it.
type Visits interface {
	Wait(ctx context.Context, w cases.Who, no, slot string) (cases.Shown, error)
	Leave(ctx context.Context, w cases.Who, no string) error
	Arrive(ctx context.Context, w cases.Who, no string) (cases.Shown, error)
	Move(ctx context.Context, w cases.Who, no, slot string) (cases.Shown, error)
	Choices(ctx context.Context, w cases.Who, no string) ([]service.Day, error)
	Turn(ctx context.Context, w cases.Who, no string) (booking.Turn, error)
}

// visit is the page of the day: check in, one's number, whose turn it is.
type visit struct {
	nav    component.Nav
	flash  component.Flash
	done   component.DonePanel // the number, once there is one
	title  string
	lead   string
	live   string // path of the stream; empty when nothing changes any more
	state  string
	turn   string
	rows   component.SummaryList
	form   component.Form
	button component.Button
	links  []component.Item
}

const (
	turnEvery = 2 * time.Second  // how often a stream looks
	turnLasts = time.Minute      // how long one lasts before the browser comes anew
	turnAgain = 15 * time.Second // how often a page without script asks
)

// visitRoutes are the pages of an appointment.
func (s *Steps) visitRoutes(get func(string, string, door.Handler) door.Route, post func(string, string, door.Limit, door.Handler) door.Route) []door.Route {
	turn := get("/cases/{no}/visit/turn", "whose turn it is, as server-sent events", s.turn)
	turn.Limit.Time = turnLasts
	return []door.Route{
		post("/cases/{no}/wait", "wait for a place of a full time", door.Limit{}, s.wait),
		post("/cases/{no}/leave", "stop waiting for a place", door.Limit{}, s.leave),
		get("/cases/{no}/visit", "check in, one's number and whose turn it is", s.visit),
		post("/cases/{no}/visit", "check in", door.Limit{}, s.arrive),
		turn,
		get("/cases/{no}/move", "other times for an appointment", s.askMove),
		post("/cases/{no}/move", "take another time", door.Limit{}, s.move),
		get("/cases/{no}/calendar.ics", "an appointment for the phone's calendar", s.calendar),
	}
}

// wait puts the resident into the line of a full time.
func (s *Steps) wait(w http.ResponseWriter, r *door.Request) error {
	no := r.PathValue("no")
	shown, err := s.c.Visits.Wait(r.Context(), frame.Who(r), no, r.Value("wait"))
	if f := fault.Of(err); f != nil && (f.Kind == fault.KindConflict || f.Kind == fault.KindInvalid || f.Kind == fault.KindNotFound && f.Code == "booking.slot") {
		before, err := s.c.Cases.Show(r.Context(), frame.Who(r), no, "")
		if err != nil {
			return err
		}
		if before.View.Kind != service.ViewBook {
			return r.See(w, casePath(no))
		}
		p, content := s.Draw(w, r, before, f.On("wait"))
		return s.f.Render(w, r, http.StatusConflict, p, content)
	}
	if err != nil {
		return err
	}
	r.Flash(w, "steps.flash.waits")
	return r.See(w, stepPath(no, shown.View.Step))
}

// leave takes the resident out of the line.
func (s *Steps) leave(w http.ResponseWriter, r *door.Request) error {
	no := r.PathValue("no")
	if err := s.c.Visits.Leave(r.Context(), frame.Who(r), no); err != nil {
		return err
	}
	r.Flash(w, "steps.flash.left")
	return r.See(w, casePath(no))
}

// visit shows where one stands on the day.
func (s *Steps) visit(w http.ResponseWriter, r *door.Request) error {
	return s.drawVisit(w, r, http.StatusOK, nil)
}

func (s *Steps) drawVisit(w http.ResponseWriter, r *door.Request, status int, wrong *fault.Error) error {
	shown, err := s.c.Cases.Show(r.Context(), frame.Who(r), r.PathValue("no"), "")
	if err != nil {
		return err
	}
	if shown.Resource == nil || shown.Case.State != cases.Done && !shown.Case.Cancelled() {
		return fault.NotFound("booking", "没有找到这个预约，请核对编号")
	}
	q := s.visitOf(r, shown)
	q.flash = s.f.Flash(w, r)
	if wrong != nil {
		q.flash = component.Flash{Text: s.f.Sentence(r, wrong), Tone: component.Warn}
	}
	title := q.title
	if title == "" {
		title = q.done.Title
	}
	p := s.f.Page(r, title)
	p.City, p.Plain = shown.Offer.Definition.Name.In(r.Lang), true
	if q.live != "" {
		p.Refresh = turnAgain
	}
	return s.f.Render(w, r, status, p, visitPage(q))
}

func (s *Steps) visitOf(r *door.Request, shown cases.Shown) visit {
	b, now, at := shown.Reservation, s.f.Clock().Now(), casePath(shown.Case.No)
	q := visit{
		nav:   component.Nav{Title: shown.Offer.Definition.Name.In(r.Lang), Back: at},
		state: string(b.State),
		rows: component.SummaryList{Rows: []component.Row{
			{Key: s.f.T(r, "steps.time"), Value: say.Date(r.Lang, b.Start, now) + " " + say.Hours(r.Lang, b.Start, b.End), Strong: true},
			{Key: s.f.T(r, "steps.visit.place"), Value: shown.Resource.Name, Note: shown.Resource.Address},
			{Key: s.f.T(r, "steps.visit.code"), Value: spacedCode(b.Code())},
		}},
	}
	switch b.State {
	case booking.Confirmed:
		s.checkIn(r, shown, &q)
	case booking.Arrived, booking.Called:
		q.done = component.DonePanel{Title: s.f.T(r, "steps.visit.arrived"), Label: s.f.T(r, "steps.visit.number"), Number: b.Ticket()}
		if b.State == booking.Called {
			q.done.Title = s.f.T(r, "steps.visit.called", b.Window)
		}
		q.live, q.turn = at+"/visit/turn", s.turnText(r, shown.Turn)
	case booking.Served:
		q.title, q.lead = s.f.T(r, "steps.visit.served"), s.f.T(r, "steps.visit.served.lead")
	case booking.Missed:
		q.title, q.lead = s.f.T(r, "steps.visit.missed"), s.f.T(r, "steps.visit.missed.lead")
	default:
		q.title, q.lead = s.f.T(r, "steps.booking.released"), s.f.T(r, "steps.cancelled")
	}
	if rateable(shown, now) && b.State == booking.Served {
		q.links = append(q.links, component.Item{Title: s.f.T(r, "steps.rate"), Href: at + "/rate", Icon: "thumbs-up"})
	}
	q.links = append(q.links, component.Item{Title: s.f.T(r, "steps.progress"), Href: at, Icon: "history", Lines: []string{s.f.T(r, "steps.no", say.Number(shown.Case.No))}})
	return q
}

// checkIn offers the button within its window, and says when that is before it.
func (s *Steps) checkIn(r *door.Request, shown cases.Shown, q *visit) {
	now := s.f.Clock().Now()
	from, until, _ := shown.CheckIn()
	switch {
	case now.Before(from):
		q.title, q.lead = s.f.T(r, "steps.visit.early"), s.f.T(r, "steps.visit.early.lead", say.Moment(r.Lang, from, now))
	case now.Before(until):
		q.title, q.lead = s.f.T(r, "steps.visit.now"), s.f.T(r, "steps.visit.now.lead", say.Moment(r.Lang, until, now))
		q.form = component.Form{Action: casePath(shown.Case.No) + "/visit"}
		q.button = component.Button{Text: s.f.T(r, "steps.visit.do"), Block: true, Busy: s.f.T(r, "steps.visit.busy")}
	default:
		q.title, q.lead = s.f.T(r, "steps.visit.missed"), s.f.T(r, "steps.visit.missed.lead")
	}
}

// arrive checks the resident in.
func (s *Steps) arrive(w http.ResponseWriter, r *door.Request) error {
	no := r.PathValue("no")
	_, err := s.c.Visits.Arrive(r.Context(), frame.Who(r), no)
	if f := fault.Of(err); f != nil && f.Kind == fault.KindConflict {
		return s.drawVisit(w, r, http.StatusConflict, f)
	}
	if err != nil {
		return err
	}
	return r.See(w, casePath(no)+"/visit")
}

// news is one event of the stream; the page replaces its sentence, and asks for itself anew when the state is another.
type news struct {
	State string `json:"state"`
	Text  string `json:"text"`
}

// turn streams whose turn it is.
func (s *Steps) turn(w http.ResponseWriter, r *door.Request) error {
	return r.Stream(w, turnEvery, func(ctx context.Context) (string, error) {
		t, err := s.c.Visits.Turn(ctx, frame.Who(r), r.PathValue("no"))
		if err != nil {
			return "", err
		}
		b, err := json.Marshal(news{string(t.State), s.turnText(r, t)})
		return string(b), err
	})
}

// turnText says how many are before one, and which number was called last.
func (s *Steps) turnText(r *door.Request, t booking.Turn) string {
	text := ""
	switch {
	case t.State == booking.Called:
		return s.f.T(r, "steps.visit.go", t.Window)
	case t.State != booking.Arrived:
		return ""
	case t.Ahead == 0:
		text = s.f.T(r, "steps.visit.first")
	default:
		text = s.f.T(r, "steps.visit.ahead", t.Ahead)
	}
	if t.Now != "" {
		text += s.f.T(r, "steps.visit.calling", t.Now)
	}
	return text
}

// spacedCode is a code in two groups, as it is read aloud.
func spacedCode(code string) string {
	if len(code) <= 3 {
		return code
	}
	return code[:3] + " " + strings.TrimSpace(code[3:])
}

// appointment are the ways on from a made appointment that the house itself keeps.
func (s *Steps) appointment(r *door.Request, shown cases.Shown) []component.Item {
	at, now := casePath(shown.Case.No), s.f.Clock().Now()
	if shown.Resource == nil || shown.Case.State != cases.Done {
		return nil
	}
	var list []component.Item
	switch b := shown.Reservation; b.State {
	case booking.Confirmed:
		from, _, _ := shown.CheckIn()
		list = append(list, component.Item{Title: s.f.T(r, "steps.visit.open"), Lines: []string{s.f.T(r, "steps.visit.from", say.Moment(r.Lang, from, now))}, Href: at + "/visit", Icon: "map-pin"})
	case booking.Arrived, booking.Called:
		list = append(list, component.Item{Title: s.f.T(r, "steps.visit.see", b.Ticket()), Lines: []string{s.turnText(r, shown.Turn)}, Href: at + "/visit", Icon: "bell"})
	}
	if shown.Movable(now) {
		list = append(list, component.Item{Title: s.f.T(r, "steps.move"), Href: at + "/move", Icon: "calendar-days"})
	}
	return list
}
