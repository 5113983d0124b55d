package sandbox

import (
	"fmt"
	"strconv"
	"strings"
)

// hall is the booking system of the government service halls (政务服务大厅).
type hall struct{ reservations }

func newHall(cfg Config) *office {
	h := &hall{newReservations(cfg.Seed)}
	return &office{
		name: Hall, title: "政务大厅预约系统（演示）", about: "大厅、可办事项、号源、预约。工作日 9:00–11:30、14:00–17:00，半小时一段。",
		diary: h.diary,
		calls: map[string]call{
			"halls.list":   {takes: "region", gives: "halls[{id, name, address, hours, lat, lon}]", do: h.halls},
			"matters.list": {takes: "hall", gives: "matters[{id, name, minutes}]", do: h.matters},
			"slots.list":   {takes: "hall, from (YYYY-MM-DD)?, days (1–31)?", gives: "slots[{id, start, end, capacity, left}], as_of", do: h.slots},
			"slots.book":   {act: true, takes: "slot, name, phone, matter, reservation", gives: "code, window, start, end", do: h.book},
			"slots.booked": {takes: "reservation", gives: "booked, cancelled, code?, window?", do: h.booked},
			"slots.cancel": {act: true, takes: "reservation", gives: "cancelled, was_booked", do: h.cancel},
		},
		magic: magicSlots(),
	}
}

func (h *hall) halls(in question) (data, error) {
	region := in.text("region")
	if !isRegion(region) {
		return data{"halls": []data{}}, nil
	}
	names := [][2]string{{"市民之家（演示）", "富春路 188 号"}, {"区政务服务中心（演示）", "文三路 298 号"}, {"公安办证中心（演示）", "华光路 35 号"}}
	list := []data{}
	for i, n := range names {
		one := data{
			"id": region + "-" + strconv.Itoa(i+1), "name": n[0], "address": n[1],
			"hours": "工作日 9:00–12:00，14:00–17:30",
		}
		if err := sited(one, region, i); err != nil {
			return nil, err
		}
		list = append(list, one)
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
	id := in.text("hall")
	if !validHall(id) {
		return data{"slots": []data{}, "as_of": stamp(in.at)}, nil
	}
	return h.list(in, id, officeHours()), nil
}

func (h *hall) book(in question) (data, error) {
	at, start, ok := parseSlot(in.text("slot"), officeHours())
	if !ok || !validHall(at) || in.text("name") == "" || in.text("phone") == "" {
		return nil, refusal{"incomplete", "预约内容不完整，或没有这个时段"}
	}
	return h.take(in, start, start.Add(officeHours().length()), "")
}

// officeHours are those of the halls.
func officeHours() hours {
	return hours{Workdays: true, Minutes: 30, Spans: []string{"09:00-11:30", "14:00-17:00"}}
}

func validHall(id string) bool {
	return len(id) == 8 && isRegion(id[:6]) && id[6] == '-' && id[7] >= '1' && id[7] <= '3'
}
