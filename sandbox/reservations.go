package sandbox

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"zhijian/ground/clock"
	"zhijian/ground/workday"
)

// reservations is what every office with a calendar keeps: which places are taken, and by what reservation.
// A slot is named by its resource and its start: "330100-1@20261123T0900".
type reservations struct {
	seed  int64
	diary *diary

	mu       sync.Mutex
	taken    map[string]int    // slot → booked places
	bookings map[string]*place // by reservation
}

type place struct {
	slot         string
	start, end   time.Time
	code, window string
	phone        string
	gone         bool
}

// hours say when an office has slots.
type hours struct {
	Workdays bool     // on days that offices work; otherwise every day
	Minutes  int      // of one slot
	Spans    []string // "09:00-11:30"
}

func newReservations(seed int64) reservations {
	return reservations{seed: seed, diary: &diary{}, taken: map[string]int{}, bookings: map[string]*place{}}
}

func magicSlots() []magic {
	return []magic{
		{"16:30 的号（编号以 T1630 结尾）", "总是刚刚被别人约走"},
		{"16:00 的号（编号以 T1600 结尾）", "约上了，但第一次的回答丢失"},
	}
}

// list gives a resource's slots from the input "from" on for the input "days", none that has begun.
func (r *reservations) list(in question, resource string, h hours) data {
	now := in.at.In(clock.Shanghai)
	from, err := time.ParseInLocation(time.DateOnly, in.text("from"), clock.Shanghai)
	if err != nil {
		from = now
	}
	days, ok := in.whole("days")
	if !ok || days < 1 {
		days = 7
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	list := []data{}
	for d := range min(int(days), 31) {
		for _, s := range h.starts(from.AddDate(0, 0, d)) {
			if s.Before(now) {
				continue
			}
			slot := resource + "@" + s.Format("20060102T1504")
			c := r.capacity(slot)
			list = append(list, data{"id": slot, "start": stamp(s), "end": stamp(s.Add(h.length())), "capacity": c, "left": c - r.taken[slot]})
		}
	}
	return data{"slots": list, "as_of": stamp(now)}
}

// capacity is three to eight places, the same for a slot whenever asked.
func (r *reservations) capacity(slot string) int {
	return 3 + int((hashed(slot)^uint64(r.seed))%6)
}

// parseSlot reads a slot's id back; ok is false for a time that list never gives.
func parseSlot(id string, h hours) (resource string, start time.Time, ok bool) {
	resource, when, _ := strings.Cut(id, "@")
	start, err := time.ParseInLocation("20060102T1504", when, clock.Shanghai)
	if err != nil {
		return "", time.Time{}, false
	}
	for _, t := range h.starts(start) {
		if t.Equal(start) {
			return resource, start, true
		}
	}
	return "", time.Time{}, false
}

// take books the slot of the question under its reservation, which is told the same answer again. An empty code is made from the reservation.
func (r *reservations) take(in question, start, end time.Time, code string) (data, error) {
	slot, reservation := in.text("slot"), in.text("reservation")
	if reservation == "" {
		return nil, refusal{"incomplete", "预约内容不完整，或没有这个时段"}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	p := r.bookings[reservation]
	switch {
	case p != nil && p.gone:
		return nil, refusal{"cancelled", "这个预约已经取消"}
	case p != nil && p.slot != slot:
		return nil, refusal{"reservation.used", "这个预约号已用于另一个时段"}
	case p != nil:
		return p.answer(), nil
	case strings.HasSuffix(slot, "T1630"), r.taken[slot] >= r.capacity(slot):
		return nil, refusal{"taken", "这个时段刚刚被约满，请换一个时段"}
	case start.Before(in.at):
		return nil, refusal{"past", "这个时段已经过去，请换一个时段"}
	}
	if err := r.diary.write(in); err != nil {
		return nil, err
	}
	r.taken[slot]++
	n := hashed(reservation)
	if code == "" {
		code = fmt.Sprintf("%c%05d", 'A'+rune(n%6), n/7%100000)
	}
	p = &place{slot: slot, start: start, end: end, code: code, window: fmt.Sprintf("%d 号窗口", 1+n%12), phone: plainPhone(in.text("phone"))}
	r.bookings[reservation] = p
	if strings.HasSuffix(slot, "T1600") {
		return nil, errLost
	}
	return p.answer(), nil
}

func (p *place) answer() data {
	return data{"code": p.code, "window": p.window, "start": stamp(p.start), "end": stamp(p.end)}
}

func (r *reservations) booked(in question) (data, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	p := r.bookings[in.text("reservation")]
	out := data{"booked": p != nil && !p.gone, "cancelled": p != nil && p.gone}
	if p != nil && !p.gone {
		out["code"], out["window"] = p.code, p.window
	}
	return out, nil
}

// of gives the slot that a phone number has on a day, the earliest; "" for none.
func (r *reservations) of(phone string, day time.Time) string {
	phone = plainPhone(phone)
	r.mu.Lock()
	defer r.mu.Unlock()
	slot, start := "", time.Time{}
	for _, p := range r.bookings {
		same := !p.gone && p.phone == phone && p.start.In(clock.Shanghai).Format(time.DateOnly) == day.In(clock.Shanghai).Format(time.DateOnly)
		if same && (slot == "" || p.start.Before(start) || p.start.Equal(start) && p.slot < slot) {
			slot, start = p.slot, p.start
		}
	}
	return slot
}

// cancel gives the place back; a reservation never seen is barred from booking later.
func (r *reservations) cancel(in question) (data, error) {
	reservation := in.text("reservation")
	if reservation == "" {
		return nil, refusal{"incomplete", "缺少预约号"}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	p := r.bookings[reservation]
	if p == nil || !p.gone {
		if err := r.diary.write(in); err != nil {
			return nil, err
		}
	}
	if p == nil {
		r.bookings[reservation] = &place{gone: true}
		return data{"cancelled": true, "was_booked": false}, nil
	}
	was := p.slot != ""
	if !p.gone {
		p.gone = true
		r.taken[p.slot]--
	}
	return data{"cancelled": true, "was_booked": was}, nil
}

func (h hours) length() time.Duration { return time.Duration(h.Minutes) * time.Minute }

// starts are the starts of a day's slots; none on a day without.
func (h hours) starts(day time.Time) []time.Time {
	if h.Workdays && !workday.Is(day) {
		return nil
	}
	var out []time.Time
	for _, span := range h.Spans {
		first, last, _ := strings.Cut(span, "-")
		from, err1 := time.Parse("15:04", first)
		until, err2 := time.Parse("15:04", last)
		if err1 != nil || err2 != nil {
			continue
		}
		for t := from; !t.Add(h.length()).After(until); t = t.Add(h.length()) {
			out = append(out, time.Date(day.Year(), day.Month(), day.Day(), t.Hour(), t.Minute(), 0, 0, clock.Shanghai))
		}
	}
	return out
}
