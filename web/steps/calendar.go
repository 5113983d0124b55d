package steps

import (
	"bytes"
	"net/http"
	"strconv"
	"time"
	"unicode/utf8"

	"zhijian/domain/booking"
	"zhijian/domain/cases"
	"zhijian/door"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/ui/say"
	"zhijian/web/frame"
)

// calendar gives an appointment for the phone's calendar (RFC 5545), with a reminder an hour before. Its UID stays the same when the time changes
// or the appointment is called off, and SEQUENCE counts up, so that the calendar changes the entry that it has.
func (s *Steps) calendar(w http.ResponseWriter, r *door.Request) error {
	shown, err := s.c.Cases.Show(r.Context(), frame.Who(r), r.PathValue("no"), "")
	if err != nil {
		return err
	}
	b := shown.Reservation
	if b == nil || !appointed(shown) {
		return fault.NotFound("booking", "这个办件没有预约")
	}
	return file(w, "text/calendar; charset=utf-8", "appointment.ics", s.vcalendar(r, shown))
}

// appointed reports an appointment that was made, whether or not it has been called off since.
func appointed(shown cases.Shown) bool {
	switch shown.Reservation.State {
	case booking.Waiting, booking.Held:
		return false
	case booking.Released:
		return shown.Case.Cancelled()
	}
	return true
}

// vcalendar writes the file: local times with their zone, lines of at most 75 bytes.
func (s *Steps) vcalendar(r *door.Request, shown cases.Shown) []byte {
	const local, stamp = "20060102T150405", "20060102T150405Z"
	b, name := shown.Reservation, shown.Offer.Definition.Name.In(r.Lang)
	method, status := "PUBLISH", "CONFIRMED"
	if b.State == booking.Released {
		method, status = "CANCEL", "CANCELLED"
	}
	lines := []string{
		"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Zhijian//Appointment//EN", "METHOD:" + method,
		"BEGIN:VTIMEZONE", "TZID:Asia/Shanghai", "BEGIN:STANDARD", "DTSTART:19910915T000000", "TZOFFSETFROM:+0800", "TZOFFSETTO:+0800", "TZNAME:CST", "END:STANDARD", "END:VTIMEZONE",
		"BEGIN:VEVENT", "UID:" + b.No + "@zhijian", "SEQUENCE:" + strconv.FormatInt(b.Rev, 10), "DTSTAMP:" + s.f.Clock().Now().UTC().Format(stamp),
		"DTSTART;TZID=Asia/Shanghai:" + b.Start.In(clock.Shanghai).Format(local), "DTEND;TZID=Asia/Shanghai:" + b.End.In(clock.Shanghai).Format(local),
		"STATUS:" + status, "SUMMARY:" + escaped(name), "DESCRIPTION:" + escaped(s.f.T(r, "steps.no", say.Number(shown.Case.No))),
	}
	if x := shown.Resource; x != nil {
		lines = append(lines, "LOCATION:"+escaped(joined(x.Name, x.Address)))
	}
	if b.State != booking.Released {
		lines = append(lines, "BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-"+hour(time.Hour), "DESCRIPTION:"+escaped(name), "END:VALARM")
	}
	var out bytes.Buffer
	for _, line := range append(lines, "END:VEVENT", "END:VCALENDAR") {
		out.WriteString(folded(line) + "\r\n")
	}
	return out.Bytes()
}

// folded breaks a line after at most 75 bytes, never inside a character (RFC 5545, 3.1).
func folded(line string) string {
	var out []byte
	room := 75
	for _, c := range line {
		if n := utf8.RuneLen(c); n > room {
			out, room = append(out, "\r\n "...), 74
		}
		room -= utf8.RuneLen(c)
		out = utf8.AppendRune(out, c)
	}
	return string(out)
}
