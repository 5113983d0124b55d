package console

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"zhijian/domain/booking"
	"zhijian/door"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/ui/component"
	"zhijian/ui/say"
	"zhijian/ui/wording"
)

const queuePath = "/console/queue"

// dayPage is a day of a resource: who comes, whose turn it is.
type dayPage struct {
	Problem string
	Days    component.QueueTabs
	Today   bool
	Next    component.Form
	Window  component.DeskInput
	Call    component.DeskButton
	Draw    component.DeskPost
	Drawn   string // what was just given out or called
	Search  component.Filter
	Code    component.DeskInput
	List    component.Table
}

// queueRoutes are the pages of what a department keeps here: its days and its plan.
func (c *Console) queueRoutes() []door.Route {
	const one = queuePath + "/{pool}"
	return []door.Route{
		{Method: http.MethodGet, Path: queuePath, About: "what can be booked here, and today's queues", Access: door.StaffOnly, Handler: c.queues},
		{Method: http.MethodGet, Path: one, About: "a day of a resource: who comes, whose turn it is", Access: door.StaffOnly, Handler: c.day},
		{Method: http.MethodPost, Path: one + "/next", About: "call the next to a window", Access: door.StaffOnly, Handler: c.next},
		{Method: http.MethodPost, Path: one + "/draw", About: "a number for somebody without a booking", Access: door.StaffOnly, Handler: c.draw},
		{Method: http.MethodPost, Path: one + "/{no}/{verb}", About: "check in, served, not there, called off", Access: door.StaffOnly, Handler: c.turn},
		{Method: http.MethodGet, Path: one + "/plan", About: "when a resource has slots, and its rules", Access: door.StaffOnly, Handler: c.plan},
		{Method: http.MethodPost, Path: one + "/plan", About: "change when a resource has slots, and its rules", Access: door.StaffOnly, Handler: c.replan},
		{Method: http.MethodGet, Path: queuePath + "/new", About: "open a resource", Access: door.OperatorOnly, Handler: c.newResource},
		{Method: http.MethodPost, Path: queuePath + "/new", About: "open a resource", Access: door.OperatorOnly, Handler: c.openResource},
	}
}

func dayPath(pool string) string { return queuePath + "/" + url.PathEscape(pool) }

// queues lists the resources of the department with how many come today.
func (c *Console) queues(w http.ResponseWriter, r *door.Request) error {
	list, err := c.c.Booking.Resources(r.Context(), r.Actor, "")
	if err != nil {
		return err
	}
	t := table(r, "desk.queues", "desk.queues_empty", "desk.queue_name", "desk.queue_kind", "desk.queue_booked", "desk.queue_line", "desk.queue_served")
	for _, x := range list {
		_, day, err := c.c.Booking.Today(r.Context(), r.Actor, x.Pool, "")
		if err != nil {
			return err
		}
		n := map[booking.State]int{}
		for _, b := range day {
			n[b.State]++
		}
		t.Rows = append(t.Rows, component.TableRow{Cells: []component.Cell{
			{Text: x.Name, Href: dayPath(x.Pool), Small: x.Address},
			{Text: word(r, "desk.kind_"+string(x.Kind))},
			{Text: strconv.Itoa(n[booking.Confirmed])},
			{Text: strconv.Itoa(n[booking.Arrived])},
			{Text: strconv.Itoa(n[booking.Served])},
		}})
	}
	head := component.DeskHead{Title: word(r, "desk.queues"), Sub: word(r, "desk.queues_sub")}
	if r.Member.Operator {
		head.Buttons = []component.DeskButton{{Text: word(r, "desk.queue_new"), Href: queuePath + "/new", Tone: component.Line}}
	}
	return render(w, r, http.StatusOK, c.frame(w, r, head.Title).In(), queuesPage(head, t))
}

// day shows a day of a resource.
func (c *Console) day(w http.ResponseWriter, r *door.Request) error {
	return c.drawDay(w, r, http.StatusOK, nil)
}

func (c *Console) drawDay(w http.ResponseWriter, r *door.Request, status int, wrong *fault.Error) error {
	pool, now := r.PathValue("pool"), c.c.Clock.Now()
	today := now.In(clock.Shanghai).Format(time.DateOnly)
	date := r.Query("date")
	if _, err := time.Parse(time.DateOnly, date); err != nil {
		date = today
	}
	x, list, err := c.c.Booking.Today(r.Context(), r.Actor, pool, date)
	if err != nil {
		return err
	}
	at := dayPath(pool)
	p := dayPage{
		Today: date == today, Days: c.daysOf(r, x, date),
		Next: component.Form{Action: at + "/next"}, Call: component.DeskButton{Text: word(r, "desk.queue_next")},
		Window: component.DeskInput{Name: "window", Label: word(r, "desk.queue_window"), Hint: word(r, "desk.queue_window_hint"), Max: 12, Value: r.Query("window"), Error: about(r.Lang, wrong, "window")},
		Draw:   component.DeskPost{Action: at + "/draw", Button: component.DeskButton{Text: word(r, "desk.queue_draw"), Tone: component.Line}, Hidden: []component.Hidden{{Name: "window", Value: r.Query("window")}}},
		Search: component.Filter{Action: at}, Code: component.DeskInput{Name: "code", Label: word(r, "desk.queue_code"), Value: r.Query("code"), Max: 20},
		List: table(r, "desk.queue_day", "desk.queue_day_empty", "desk.queue_time", "desk.queue_code", "desk.queue_ticket", "desk.state", "desk.act"),
	}
	if v := r.Value("window"); v != "" {
		p.Window.Value = v
	}
	if wrong != nil && wrong.Field == "" {
		p.Problem = wording.Fault(r.Lang, wrong)
	}
	if code := r.Query("code"); code != "" {
		list = booking.Find(list, code)
	}
	for _, b := range list {
		p.List.Rows = append(p.List.Rows, c.dayRow(r, b, now, date))
		if ticket := r.Query("ticket"); ticket != "" && ticket == b.Ticket() {
			p.Drawn = word(r, "desk.queue_drawn", ticket)
			if b.Window != "" {
				p.Drawn = word(r, "desk.queue_called", ticket, b.Window)
			}
		}
	}
	head := component.DeskHead{Title: x.Name, Sub: say.Date(r.Lang, dayOf(date), now), Buttons: []component.DeskButton{{Text: word(r, "desk.queue_plan"), Href: at + "/plan", Tone: component.Line}}}
	return render(w, r, status, c.frame(w, r, x.Name).In(), p.view(head))
}

func dayOf(date string) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, date, clock.Shanghai)
	if err != nil {
		return time.Time{}
	}
	return t.Add(12 * time.Hour)
}

// daysOf are the days that can be looked at: today and those that can be booked.
func (c *Console) daysOf(r *door.Request, x booking.Resource, date string) component.QueueTabs {
	now := c.c.Clock.Now().In(clock.Shanghai)
	tabs := component.QueueTabs{Label: word(r, "desk.queue_days")}
	for n := range min(x.Plan.Ahead, 13) + 1 {
		t := now.AddDate(0, 0, n)
		d := t.Format(time.DateOnly)
		tabs.Items = append(tabs.Items, component.QueueTab{Text: say.Day(r.Lang, t, now), Href: dayPath(x.Pool) + "?date=" + d, N: -1, On: d == date})
	}
	return tabs
}

// dayRow is one reservation with what can be done about it. Nobody is named: who comes shows the code.
func (c *Console) dayRow(r *door.Request, b booking.Reservation, now time.Time, date string) component.TableRow {
	at := dayPath(b.Pool) + "/" + b.No + "/"
	var verbs []component.DeskPost
	add := func(verb string, tone component.Tone) {
		verbs = append(verbs, component.DeskPost{
			Action: at + verb, Button: component.DeskButton{Text: word(r, "desk.queue_"+verb), Tone: tone, Spoken: b.Code()},
			Hidden: []component.Hidden{{Name: "date", Value: date}, {Name: "window", Value: r.Query("window")}},
		})
	}
	switch {
	case b.State == booking.Confirmed && b.Date() == now.In(clock.Shanghai).Format(time.DateOnly) && now.Before(b.End):
		add("arrive", component.Plain)
	case b.State == booking.Confirmed && !now.Before(b.End):
		add("pass", component.Line)
	case b.State == booking.Called:
		add("serve", component.Plain)
		add("pass", component.Line)
	}
	if b.State == booking.Confirmed && now.Before(b.Start) {
		add("cancel", component.Danger)
	}
	code := b.Code()
	if b.Walked() {
		code = word(r, "desk.queue_walkin")
	}
	state := word(r, "desk.booking_"+string(b.State))
	if b.State == booking.Missed && b.Reason == "passed" {
		state = word(r, "desk.booking_passed")
	}
	row := component.TableRow{On: b.State == booking.Called, Cells: []component.Cell{
		{Text: say.Hours(r.Lang, b.Start, b.End)}, {Text: code}, {Text: b.Ticket()}, {Text: state, Small: b.Window},
	}}
	var acts templ.Component
	if len(verbs) > 0 {
		acts = turnButtons(verbs)
	}
	row.Cells = append(row.Cells, component.Cell{Body: acts})
	return row
}

// next calls the next to a window.
func (c *Console) next(w http.ResponseWriter, r *door.Request) error {
	b, err := c.c.Booking.Next(r.Context(), r.Actor, r.PathValue("pool"), r.Value("window"))
	return c.called(w, r, b, err)
}

// draw gives a number to somebody without a booking.
func (c *Console) draw(w http.ResponseWriter, r *door.Request) error {
	b, err := c.c.Booking.Draw(r.Context(), r.Actor, r.PathValue("pool"))
	return c.called(w, r, b, err)
}

func (c *Console) called(w http.ResponseWriter, r *door.Request, b booking.Reservation, err error) error {
	if f := c.told(err); f != nil {
		return c.drawDay(w, r, http.StatusConflict, f)
	}
	if err != nil {
		return err
	}
	return r.See(w, dayPath(b.Pool)+"?"+url.Values{"ticket": {b.Ticket()}, "window": {strings.TrimSpace(r.Value("window"))}}.Encode())
}

// told are the faults that are said on the page of the day.
func (c *Console) told(err error) *fault.Error {
	f := fault.Of(err)
	if f != nil && (f.Kind == fault.KindConflict || f.Kind == fault.KindInvalid || f.Code == "booking.nobody") {
		return f
	}
	return nil
}

// turn does what is to be done about one reservation.
func (c *Console) turn(w http.ResponseWriter, r *door.Request) error {
	no, pool, d := r.PathValue("no"), r.PathValue("pool"), c.c.Booking
	if _, err := d.Run(r.Context(), r.Actor, pool); err != nil {
		return err
	}
	var err error
	switch r.PathValue("verb") {
	case "arrive":
		_, err = d.Arrive(r.Context(), r.Actor, no)
	case "serve":
		_, err = d.Serve(r.Context(), r.Actor, no)
	case "pass":
		_, err = d.Pass(r.Context(), r.Actor, no)
	case "cancel":
		_, err = d.CallOff(r.Context(), r.Actor, no)
	default:
		err = fault.NotFound("booking", "没有找到这个预约，请核对编号")
	}
	if f := c.told(err); f != nil {
		return c.drawDay(w, r, http.StatusConflict, f)
	}
	if err != nil {
		return err
	}
	q := url.Values{}
	for _, name := range []string{"date", "window"} {
		if v := r.Value(name); v != "" {
			q.Set(name, v)
		}
	}
	return r.See(w, dayPath(pool)+"?"+q.Encode())
}
