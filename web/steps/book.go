package steps

import (
	"slices"
	"strconv"
	"time"

	"zhijian/domain/cases"
	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/ground/clock"
	"zhijian/ui/component"
	"zhijian/ui/say"
)

// book is the strip of days and the times of the day that is shown.
type book struct {
	days   component.Days
	near   component.Section // times close to the one that was just taken
	nearby component.Slots
	groups []component.Slots
	empty  component.Note
}

func (s *Steps) bookBody(r *door.Request, a *ask, shown cases.Shown, wrong error) {
	v, now := shown.View, s.f.Clock().Now()
	day, chosen := dayOf(v, r.Query("date"))
	near := nearest(v)
	at := stepPath(shown.Case.No, v.Step)
	b := book{}
	if chosen {
		a.form.Action = at + "?date=" + day.Date
	}
	if v.Name == "" || len(v.Days) == 0 {
		none := s.f.T(r, "steps.book.none")
		if v.Down {
			none = s.f.T(r, "steps.book.silent", v.Office)
		}
		b.empty = component.Note{Tone: component.Warn, Text: none}
		a.bar.Button = component.Button{Text: s.f.T(r, "steps.book.again"), Href: at}
	}
	for _, d := range v.Days {
		b.days.Items = append(b.days.Items, s.day(r, d, at, d.Date == day.Date, now))
	}
	problem := s.fieldError(r, wrong, v.Name, "")
	if len(near) > 0 {
		b.near = component.Section{Title: s.f.T(r, "steps.book.near"), Small: true}
		b.nearby = component.Slots{Name: v.Name, Legend: s.f.T(r, "steps.book.near.legend"), First: true, Error: problem}
		for _, one := range near {
			slot := s.slot(r, one)
			if at := one.Start.In(clock.Shanghai).Format(time.DateOnly); at != day.Date {
				slot.Note = say.Day(r.Lang, one.Start, now) + " " + slot.Note
			}
			b.nearby.Items = append(b.nearby.Items, slot)
		}
	}
	b.groups = s.halves(r, v.Name, day, near, problem)
	a.body = bookBody(b)
	s.line(r, a, shown, day, wrong)
}

// halves are the times of a day, morning and afternoon; near are shown elsewhere on the page.
func (s *Steps) halves(r *door.Request, name string, day service.Day, near []service.SlotView, problem string) []component.Slots {
	now := s.f.Clock().Now()
	var groups []component.Slots
	for _, half := range []string{"am", "pm"} {
		group := component.Slots{Name: name, First: len(groups) == 0 && len(near) == 0}
		if group.First {
			group.Error = problem
		}
		for _, one := range day.Slots {
			if (one.Start.In(clock.Shanghai).Hour() < 12) != (half == "am") {
				continue
			}
			if len(group.Items) == 0 {
				group.Legend = s.f.T(r, "steps.book."+half, say.Date(r.Lang, one.Start, now))
			}
			if !slices.ContainsFunc(near, func(n service.SlotView) bool { return n.ID == one.ID }) {
				group.Items = append(group.Items, s.slot(r, one))
			}
		}
		if len(group.Items) > 0 {
			groups = append(groups, group)
		}
	}
	return groups
}

// queued is what stands after the times: one's place in a line, or the full times of the day that one can wait for.
type queued struct {
	title string
	text  string
	times component.Slots
	form  component.Form
	do    component.Button
}

// line says where one stands in a line, or offers to wait for a full time.
func (s *Steps) line(r *door.Request, a *ask, shown cases.Shown, day service.Day, wrong error) {
	now, at := s.f.Clock().Now(), casePath(shown.Case.No)
	if w := shown.Wait; w != nil {
		when := say.Date(r.Lang, w.Start, now) + " " + say.Hours(r.Lang, w.Start, w.End)
		text := s.f.T(r, "steps.wait.ahead", shown.Ahead)
		if shown.Ahead == 0 {
			text = s.f.T(r, "steps.wait.first")
		}
		a.after = queuedView(queued{
			title: s.f.T(r, "steps.wait.yours", when), text: text + s.f.T(r, "steps.wait.promise"), form: component.Form{Action: at + "/leave"},
			do: component.Button{Text: s.f.T(r, "steps.wait.stop"), Tone: component.Line, Block: true},
		})
		return
	}
	q := queued{
		title: s.f.T(r, "steps.wait.title"), text: s.f.T(r, "steps.wait.text"), form: component.Form{Action: at + "/wait"},
		times: component.Slots{Name: "wait", Legend: s.f.T(r, "steps.wait.legend"), First: true, Error: s.fieldError(r, wrong, "wait", "")},
		do:    component.Button{Text: s.f.T(r, "steps.wait.do"), Tone: component.Line, Block: true, Busy: s.f.T(r, "steps.wait.busy")},
	}
	for _, one := range day.Slots {
		if !one.Line {
			continue
		}
		note := s.f.T(r, "steps.wait.count", one.Waiting)
		if one.Waiting == 0 {
			note = s.f.T(r, "steps.wait.nobody")
		}
		q.times.Items = append(q.times.Items, component.Slot{Value: one.ID, Text: say.Hours(r.Lang, one.Start, one.End), Note: note})
	}
	if len(q.times.Items) > 0 {
		a.after = queuedView(q)
	}
}

func (s *Steps) slot(r *door.Request, one service.SlotView) component.Slot {
	full := one.Left == 0 && !one.Selected
	note := s.f.T(r, "steps.book.left", one.Left)
	if one.Left == 0 {
		note = s.f.T(r, "steps.book.full")
	}
	return component.Slot{Value: one.ID, Text: say.Hours(r.Lang, one.Start, one.End), Note: note, On: one.Selected, Full: full}
}

func (s *Steps) day(r *door.Request, d service.Day, at string, on bool, now time.Time) component.Day {
	t, err := time.ParseInLocation(time.DateOnly, d.Date, clock.Shanghai)
	if err != nil {
		t = now
	}
	top := say.Weekday(r.Lang, t)
	if d.Date == now.In(clock.Shanghai).Format(time.DateOnly) {
		top = s.f.T(r, "steps.book.today")
	}
	state := s.f.T(r, "steps.book.free", d.Left)
	if d.Left == 0 {
		state = s.f.T(r, "steps.book.full")
	}
	return component.Day{Href: at + "?date=" + d.Date, Top: top, Number: strconv.Itoa(t.Day()), State: state, Full: d.Left == 0, On: on}
}

// dayOf finds the day to show: the one asked for, the one with the chosen time or the time just lost, the first with a free
// place. chosen says that it was asked for.
func dayOf(v service.View, date string) (_ service.Day, chosen bool) {
	days := v.Days
	for _, d := range days {
		if d.Date == date {
			return d, true
		}
	}
	for _, d := range days {
		if slices.ContainsFunc(d.Slots, func(one service.SlotView) bool { return one.Selected || one.ID == v.Missed && v.Missed != "" }) {
			return d, false
		}
	}
	for _, d := range days {
		if d.Left > 0 {
			return d, false
		}
	}
	if len(days) == 0 {
		return service.Day{}, false
	}
	return days[0], false
}

// nearest gives the three free times closest to the one that was just lost (ux-rules R2.9).
func nearest(v service.View) []service.SlotView {
	var wanted time.Time
	var free []service.SlotView
	for _, d := range v.Days {
		for _, one := range d.Slots {
			switch {
			case one.ID == v.Missed:
				wanted = one.Start
			case one.Left > 0:
				free = append(free, one)
			}
		}
	}
	if wanted.IsZero() || v.Missed == "" {
		return nil
	}
	slices.SortStableFunc(free, func(a, b service.SlotView) int {
		return int(a.Start.Sub(wanted).Abs() - b.Start.Sub(wanted).Abs())
	})
	return free[:min(3, len(free))]
}
