package sandbox

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"zhijian/ground/clock"
)

// hall is the booking system of the government service halls (政务服务大厅).
type hall struct {
	seed  int64
	diary *diary

	mu       sync.Mutex
	taken    map[string]int    // slot → booked places
	bookings map[string]*place // by reservation
}

type place struct {
	slot         string
	code, window string
	gone         bool
}

func newHall(cfg Config, d *diary) *office {
	h := &hall{seed: cfg.Seed, diary: d, taken: map[string]int{}, bookings: map[string]*place{}}
	return &office{
		name: Hall, title: "政务大厅预约系统（演示）", about: "大厅、可办事项、号源、预约。工作日 9:00–11:30、14:00–17:00，半小时一段。",
		calls: map[string]call{
			"halls.list":   {takes: "region", gives: "halls[{id, name, address, hours}]", do: h.halls},
			"matters.list": {takes: "hall", gives: "matters[{id, name, minutes}]", do: h.matters},
			"slots.list":   {takes: "hall, from (YYYY-MM-DD)?, days (1–31)?", gives: "slots[{id, start, end, capacity, left}], as_of", do: h.slots},
			"slots.book":   {act: true, takes: "slot, name, phone, matter, reservation", gives: "code, window, start, end", do: h.book},
			"slots.booked": {takes: "reservation", gives: "booked, cancelled, code?, window?", do: h.booked},
			"slots.cancel": {act: true, takes: "reservation", gives: "cancelled, was_booked", do: h.cancel},
		},
		magic: []magic{
			{"16:30 的号（编号以 T1630 结尾）", "总是刚刚被别人约走"},
			{"16:00 的号（编号以 T1600 结尾）", "约上了，但第一次的回答丢失"},
		},
	}
}

func (h *hall) halls(in question) (data, error) {
	region := in.text("region")
	if len(region) != 6 || strings.Trim(region, "0123456789") != "" {
		return data{"halls": []data{}}, nil
	}
	names := [][2]string{{"市民之家（演示）", "富春路 188 号"}, {"区政务服务中心（演示）", "文三路 298 号"}, {"公安办证中心（演示）", "华光路 35 号"}}
	list := []data{}
	for i, n := range names {
		list = append(list, data{
			"id": region + "-" + strconv.Itoa(i+1), "name": n[0], "address": n[1],
			"hours": "工作日 9:00–12:00，14:00–17:30",
		})
	}
	return data{"halls": list}, nil
}

func (h *hall) matters(in question) (data, error) {
	list := []data{}
	if validHall(in.text("hall")) {
		for i, m := range strings.Fields("身份证补领 户口迁移 社保卡补办 不动产登记 营业执照办理 居住证申领 出入境证件换发 公积金提取") {
			list = append(list, data{"id": fmt.Sprintf("m%d", i+1), "name": m, "minutes": 15 + 5*(i%3)})
		}
	}
	return data{"matters": list}, nil
}

func (h *hall) slots(in question) (data, error) {
	now := in.at.In(clock.Shanghai)
	from, err := time.ParseInLocation("2006-01-02", in.text("from"), clock.Shanghai)
	if err != nil {
		from = now
	}
	days, ok := in.whole("days")
	if !ok || days < 1 {
		days = 7
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	list := []data{}
	id := in.text("hall")
	for d := range min(int(days), 31) {
		day := from.AddDate(0, 0, d)
		if !validHall(id) || !workday(day) {
			continue
		}
		for _, s := range times(day) {
			if s.Before(now) {
				continue
			}
			slot := id + "@" + s.Format("20060102T1504")
			c := h.capacity(slot)
			list = append(list, data{
				"id": slot, "start": stamp(s), "end": stamp(s.Add(30 * time.Minute)),
				"capacity": c, "left": c - h.taken[slot],
			})
		}
	}
	return data{"slots": list, "as_of": stamp(now)}, nil
}

// capacity is three to eight places, the same for a slot whenever asked.
func (h *hall) capacity(slot string) int {
	return 3 + int((hashed(slot)^uint64(h.seed))%6)
}

// parse reads a slot's id back; ok is false for one that slots.list never gives.
func parseSlot(id string) (start time.Time, ok bool) {
	at, when, found := strings.Cut(id, "@")
	if !found || !validHall(at) {
		return time.Time{}, false
	}
	start, err := time.ParseInLocation("20060102T1504", when, clock.Shanghai)
	if err != nil || !workday(start) {
		return time.Time{}, false
	}
	for _, t := range times(start) {
		if t.Equal(start) {
			return start, true
		}
	}
	return time.Time{}, false
}

func (h *hall) book(in question) (data, error) {
	slot, reservation := in.text("slot"), in.text("reservation")
	start, ok := parseSlot(slot)
	if !ok || reservation == "" || in.text("name") == "" || in.text("phone") == "" {
		return nil, refusal{"incomplete", "预约内容不完整，或没有这个时段"}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	p := h.bookings[reservation]
	switch {
	case p != nil && p.gone:
		return nil, refusal{"cancelled", "这个预约已经取消"}
	case p != nil && p.slot != slot:
		return nil, refusal{"reservation.used", "这个预约号已用于另一个时段"}
	case p != nil:
		return p.answer(start), nil
	case strings.HasSuffix(slot, "T1630"), h.taken[slot] >= h.capacity(slot):
		return nil, refusal{"taken", "这个时段刚刚被约满，请换一个时段"}
	case start.Before(in.at):
		return nil, refusal{"past", "这个时段已经过去，请换一个时段"}
	}
	if err := h.diary.write(in); err != nil {
		return nil, err
	}
	h.taken[slot]++
	n := hashed(reservation)
	p = &place{slot: slot, code: fmt.Sprintf("%c%05d", 'A'+rune(n%6), n/7%100000), window: fmt.Sprintf("%d 号窗口", 1+n%12)}
	h.bookings[reservation] = p
	if strings.HasSuffix(slot, "T1600") {
		return nil, errLost
	}
	return p.answer(start), nil
}

func (p *place) answer(start time.Time) data {
	return data{"code": p.code, "window": p.window, "start": stamp(start), "end": stamp(start.Add(30 * time.Minute))}
}

func (h *hall) booked(in question) (data, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p := h.bookings[in.text("reservation")]
	out := data{"booked": p != nil && !p.gone, "cancelled": p != nil && p.gone}
	if p != nil && !p.gone {
		out["code"], out["window"] = p.code, p.window
	}
	return out, nil
}

// cancel gives the place back; a reservation never seen is barred from booking later.
func (h *hall) cancel(in question) (data, error) {
	reservation := in.text("reservation")
	if reservation == "" {
		return nil, refusal{"incomplete", "缺少预约号"}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	p := h.bookings[reservation]
	if p == nil || !p.gone {
		if err := h.diary.write(in); err != nil {
			return nil, err
		}
	}
	if p == nil {
		h.bookings[reservation] = &place{gone: true}
		return data{"cancelled": true, "was_booked": false}, nil
	}
	was := p.slot != ""
	if !p.gone {
		p.gone = true
		h.taken[p.slot]--
	}
	return data{"cancelled": true, "was_booked": was}, nil
}

func validHall(id string) bool {
	return len(id) == 8 && id[6] == '-' && id[7] >= '1' && id[7] <= '3' && strings.Trim(id[:6], "0123456789") == ""
}

// workday is Monday to Friday without the fixed statutory days (全国年节及纪念日放假办法, 2024).
func workday(t time.Time) bool {
	if wd := t.Weekday(); wd == time.Saturday || wd == time.Sunday {
		return false
	}
	switch t.Format("0102") {
	case "0101", "0501", "0502", "1001", "1002", "1003":
		return false
	}
	return true
}

// times are the starts of a day's slots: 9:00 to 11:00 and 14:00 to 16:30, every half hour.
func times(day time.Time) []time.Time {
	var out []time.Time
	for _, m := range []int{540, 570, 600, 630, 660, 840, 870, 900, 930, 960, 990} {
		out = append(out, time.Date(day.Year(), day.Month(), day.Day(), 0, m, 0, 0, clock.Shanghai))
	}
	return out
}
