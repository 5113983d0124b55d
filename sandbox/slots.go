package sandbox

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"zhijian/ground/clock"
)

// slotsProfile describes an office that gives times of its resources away: doctors, counters, courts, lanes.
type slotsProfile struct {
	Title, About string
	Hours        hours
	// Levels lead from the outside in, 医院 → 科室 → 医生; those of the last have the slots. What stands at a level is found under
	// each one of the level before it.
	Levels []resourceLevel
	Named  bool // a booking names the person it is for
	// Number is how the code of a booking names the person whose phone it was made with: as the counters of that office do. Absent, a code is
	// made from the reservation.
	Number *numbering
}

type resourceLevel struct {
	What   string // 医院
	People bool   // its entries are people, whose names are made up from the seed
	Items  []resource
}

// resource is a thing or person, or what is to be had of it.
type resource struct {
	Name, Address, Hours, Note, Sort string
	Minutes                          int
	Fee                              int64 // fen, 0 for free
}

// slots is the booking system of one profile.
type slots struct {
	reservations
	p    slotsProfile
	folk *folk
}

func newSlots(p slotsProfile, folk *folk, cfg Config) *office {
	s := &slots{newReservations(cfg.Seed), p, folk}
	booking := "slot, reservation, phone"
	if p.Named {
		booking += ", name"
	}
	return &office{
		title: p.Title, about: p.About, diary: s.diary, magic: magicSlots(), visit: s.visit,
		calls: map[string]call{
			"resources.list": {takes: "region, of (resource)?", gives: "items[{id, name, address, hours, note, sort, minutes, fee; lat, lon of what has an address}], as_of", do: s.resources},
			"slots.list":     {takes: "resource, from (YYYY-MM-DD)?, days (1–31)?", gives: "slots[{id, start, end, capacity, left}], as_of", do: s.slots},
			"slots.book":     {act: true, takes: booking + ", paid and amount where there is a fee", gives: "code, window, start, end", do: s.book},
			"slots.booked":   {takes: "reservation", gives: "booked, cancelled, code?, window?", do: s.booked},
			"slots.cancel":   {act: true, takes: "reservation", gives: "cancelled, was_booked", do: s.cancel},
		},
	}
}

// resources lists what is found under a resource, or in a region when none is named.
func (s *slots) resources(in question) (data, error) {
	items := []data{}
	of, region := in.text("of"), in.text("region")
	level, ok := 0, isRegion(region)
	if of != "" {
		level, _, ok = s.find(of)
		level++
	}
	if ok && level < len(s.p.Levels) {
		parent := of + "-"
		if of == "" {
			parent = region + "-"
		}
		for i := range s.p.Levels[level].Items {
			id := parent + strconv.Itoa(i+1)
			_, r, _ := s.find(id)
			one := data{
				"id": id, "name": r.Name, "address": r.Address, "hours": r.Hours, "note": r.Note, "sort": r.Sort, "minutes": r.Minutes, "fee": r.Fee,
			}
			if r.Address != "" {
				if err := sited(one, id[:6], i); err != nil {
					return data{}, err
				}
			}
			items = append(items, one)
		}
	}
	return data{"items": items, "as_of": stamp(in.at)}, nil
}

// find reads a resource's id, 330100-1-2-3: a region and the place at each level, counted from 1.
func (s *slots) find(id string) (level int, r resource, ok bool) {
	parts := strings.Split(id, "-")
	if len(parts) < 2 || len(parts) > 1+len(s.p.Levels) || !isRegion(parts[0]) {
		return 0, resource{}, false
	}
	for i, part := range parts[1:] {
		n, err := strconv.Atoi(part)
		at := s.p.Levels[i]
		if err != nil || n < 1 || n > len(at.Items) || strconv.Itoa(n) != part {
			return 0, resource{}, false
		}
		level, r = i, at.Items[n-1]
	}
	if s.p.Levels[level].People {
		seed := rand.New(rand.NewPCG(uint64(s.seed), hashed(id)))
		r.Name = personName(seed, seed.IntN(2) == 0)
	}
	return level, r, true
}

// sells gives a resource that has slots.
func (s *slots) sells(id string) (resource, bool) {
	level, r, ok := s.find(id)
	return r, ok && level == len(s.p.Levels)-1
}

func (s *slots) slots(in question) (data, error) {
	id := in.text("resource")
	if _, ok := s.sells(id); !ok {
		return data{"slots": []data{}, "as_of": stamp(in.at.In(clock.Shanghai))}, nil
	}
	return s.list(in, id, s.p.Hours), nil
}

func (s *slots) book(in question) (data, error) {
	id, start, ok := parseSlot(in.text("slot"), s.p.Hours)
	r, known := s.sells(id)
	if !ok || !known || in.text("phone") == "" || s.p.Named && in.text("name") == "" {
		return nil, refusal{"incomplete", "预约内容不完整，或没有这个时段"}
	}
	if amount, _ := in.whole("amount"); r.Fee > 0 && (in.text("paid") == "" || amount != r.Fee) {
		return nil, refusal{"amount", "缴款金额与收费标准不一致"}
	}
	return s.take(in, start, start.Add(s.p.Hours.length()), s.code(in.text("phone")))
}

func (s *slots) code(phone string) string {
	if i := s.folk.who(phone); s.p.Number != nil && i != nobody {
		return s.p.Number.of(i)
	}
	return ""
}

// visit gives the names and the notes of what was booked for a day with a phone number, from the outside in: 医院, 科室, 医生. It is empty when nothing was.
func (s *slots) visit(phone string, day time.Time) (names, notes []string) {
	id, _, booked := strings.Cut(s.of(phone, day), "@")
	if !booked {
		return nil, nil
	}
	parts := strings.Split(id, "-")
	for i := range s.p.Levels {
		_, r, _ := s.find(strings.Join(parts[:i+2], "-"))
		names, notes = append(names, r.Name), append(notes, r.Note)
	}
	return names, notes
}

func isRegion(s string) bool { return len(s) == 6 && strings.Trim(s, "0123456789") == "" }
