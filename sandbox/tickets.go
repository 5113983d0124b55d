package sandbox

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"zhijian/ground/clock"
)

// ticketsProfile describes an office that sells seats, beds or entries by the date.
type ticketsProfile struct {
	Title, About string
	// From and To are the ends of routes. Without To the office sells by place: a sight, a hotel.
	From, To []stop
	Days     int // how far ahead it sells, today included
	// First, Every and Trips (the last two digits of each trip's code) make a route's timetable; without Trips an
	// offer is for the whole day and ends in the Code of its kind.
	First  string // 06:30
	Every  int    // minutes
	Trips  []string
	Letter string // begins a code
	Kinds  []fareKind
	Nights bool // priced by the night
	Seats  int  // of one kind on one date
	Sells  bool // otherwise it only tells what is left
}

type stop struct {
	Name, Address, Note string
	Minutes             int // the way there
}

// fareKind is a class, a sort of ticket, a sort of room.
type fareKind struct {
	Name, Note string
	Code       string // ends an offer's code, where there are no trips
	Fare       int64  // fen
	Minute     int64  // fen for each minute of the way on top
}

// tickets is the selling system of one profile.
type tickets struct {
	p    ticketsProfile
	seed int64

	books
	sold   map[string]map[int]bool // seats by offer, counted from 1
	orders int
}

// offer is what can be had on a date. Its id tells all of it: from.to@date#code.kind.
type offer struct {
	from, to, trip, kind int
	date                 time.Time
	code                 string
	start, end           time.Time
}

func newTickets(p ticketsProfile, cfg Config) *office {
	t := &tickets{p: p, seed: cfg.Seed, sold: map[string]map[int]bool{}, books: newBooks(&diary{})}
	o := &office{
		title: p.Title, about: p.About, magic: []magic{{"编号末两位 00", "总是卖完了"}},
		calls: map[string]call{
			"places.list": {takes: "region", gives: "from[{id, name, address, note; lat, lon of what has an address}], to[{id, name, note}]", do: t.places},
			"days.list":   {gives: "items[{id (YYYY-MM-DD)}]", do: t.days},
			"search":      {takes: "from, to?, date, nights (1–7)?", gives: "known, items[{id, code, kind, note, start, end, fare, left}], as_of", do: t.search},
		},
	}
	if p.Sells {
		o.diary = t.ledger.diary
		o.calls["sell"] = call{act: true, takes: "offer, nights?, name, citizen_number, paid, amount", gives: "order, code, seat, sold_at", do: t.sell}
		o.calls["sold"] = call{takes: "key", gives: "settled, voided, order?, code?, seat?", do: t.settled}
		o.calls["cancel"] = call{act: true, takes: "key?", gives: "voided, was_settled", do: t.void}
		o.magic = append(o.magic,
			magic{"编号末两位 44", "付款后拒绝出票，应当退款"},
			magic{"编号末两位 45", "出票前两次没有回应，第三次成功"},
			magic{"编号末两位 46", "出票成功，但第一次的回答丢失"})
	}
	return o
}

func (t *tickets) places(in question) (data, error) {
	region := in.text("region")
	if !isRegion(region) {
		return data{"from": []data{}, "to": []data{}}, nil
	}
	list := func(stops []stop) (out []data, err error) {
		out = make([]data, 0, len(stops))
		for i, s := range stops {
			one := data{"id": strconv.Itoa(i + 1), "name": s.Name, "address": s.Address, "note": s.Note}
			if s.Address != "" {
				err = errors.Join(err, sited(one, region, i))
			}
			out = append(out, one)
		}
		return out, err
	}
	from, err1 := list(t.p.From)
	to, err2 := list(t.p.To)
	return data{"from": from, "to": to}, errors.Join(err1, err2)
}

func (t *tickets) days(in question) (data, error) {
	items := []data{}
	for d := range t.p.Days {
		items = append(items, data{"id": in.at.In(clock.Shanghai).AddDate(0, 0, d).Format(time.DateOnly)})
	}
	return data{"items": items}, nil
}

// search gives what there is on a date. A place that is none and a date that is not on sale are not known.
func (t *tickets) search(in question) (data, error) {
	out := data{"known": false, "items": []data{}, "as_of": stamp(in.at)}
	from, err := strconv.Atoi(in.text("from"))
	to, toErr := strconv.Atoi(in.text("to"))
	date, dateErr := time.ParseInLocation(time.DateOnly, in.text("date"), clock.Shanghai)
	o := offer{from: from - 1, to: to - 1, date: date}
	if len(t.p.To) == 0 {
		o.to, toErr = 0, nil
	}
	if err != nil || toErr != nil || dateErr != nil || !t.runs(o, in.at) {
		return out, nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	items := []data{}
	for o.trip = range max(len(t.p.Trips), 1) {
		for o.kind = range t.p.Kinds {
			o := t.timed(o)
			if len(t.p.Trips) > 0 && o.start.Before(in.at) {
				continue
			}
			k := t.p.Kinds[o.kind]
			items = append(items, data{
				"id": o.id(), "code": o.code, "kind": k.Name, "note": k.Note, "start": stamp(o.start), "end": stamp(o.end.AddDate(0, 0, t.nights(in)-1)),
				"fare": t.fare(o, in), "left": t.left(o),
			})
		}
	}
	out["known"], out["items"] = true, items
	return out, nil
}

// runs reports whether an offer's places and date exist.
func (t *tickets) runs(o offer, now time.Time) bool {
	today, _ := time.ParseInLocation(time.DateOnly, now.In(clock.Shanghai).Format(time.DateOnly), clock.Shanghai)
	return o.from >= 0 && o.from < len(t.p.From) && o.to >= 0 && o.to < max(len(t.p.To), 1) &&
		!o.date.Before(today) && o.date.Before(today.AddDate(0, 0, t.p.Days))
}

// timed fills in code and times.
func (t *tickets) timed(o offer) offer {
	if len(t.p.Trips) == 0 {
		o.code = t.p.Letter + strconv.Itoa(o.from+1) + t.p.Kinds[o.kind].Code
		o.start, o.end = o.date, o.date.AddDate(0, 0, 1)
		return o
	}
	first, err := time.Parse("15:04", t.p.First)
	if err != nil {
		return o
	}
	o.code = fmt.Sprintf("%s%d%d%s", t.p.Letter, o.from+1, o.to+1, t.p.Trips[o.trip])
	at := first.Add(time.Duration(o.trip*t.p.Every) * time.Minute)
	o.start = o.date.Add(time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute)
	o.end = o.start.Add(time.Duration(t.minutes(o)) * time.Minute)
	return o
}

func (t *tickets) minutes(o offer) int {
	if len(t.p.To) == 0 {
		return 0
	}
	return t.p.To[o.to].Minutes
}

func (t *tickets) nights(in question) int {
	if n, ok := in.whole("nights"); ok && t.p.Nights && n >= 1 && n <= 7 {
		return int(n)
	}
	return 1
}

func (t *tickets) fare(o offer, in question) int64 {
	k := t.p.Kinds[o.kind]
	return (k.Fare + k.Minute*int64(t.minutes(o))) * int64(t.nights(in))
}

// left is how many of an offer are not sold.
func (t *tickets) left(o offer) int {
	if ending(o.code, 2) == "00" {
		return 0
	}
	return max(0, t.p.Seats-t.before(o)-len(t.sold[o.id()]))
}

// before is how many were sold at counters.
func (t *tickets) before(o offer) int {
	return int((hashed(o.id()) ^ uint64(t.seed)) % uint64(t.p.Seats))
}

// take sells the first seat that is free; there must be one.
func (t *tickets) take(o offer) (seat int) {
	taken := t.sold[o.id()]
	if taken == nil {
		taken = map[int]bool{}
		t.sold[o.id()] = taken
	}
	for seat = t.before(o) + 1; taken[seat]; seat++ {
	}
	taken[seat] = true
	return seat
}

func (o offer) id() string {
	return fmt.Sprintf("%d.%d@%s.%d.%d.%s", o.from+1, o.to+1, o.date.Format(time.DateOnly), o.trip+1, o.kind+1, o.code)
}

// parse reads an offer's id back.
func (t *tickets) parse(id string, now time.Time) (offer, bool) {
	var o offer
	route, rest, _ := strings.Cut(id, "@")
	parts := append(strings.Split(route, "."), strings.Split(rest, ".")...)
	if len(parts) != 6 {
		return offer{}, false
	}
	date, err := time.ParseInLocation(time.DateOnly, parts[2], clock.Shanghai)
	if err != nil {
		return offer{}, false
	}
	o.date = date
	for i, into := range map[int]*int{0: &o.from, 1: &o.to, 3: &o.trip, 4: &o.kind} {
		n, err := strconv.Atoi(parts[i])
		if err != nil {
			return offer{}, false
		}
		*into = n - 1
	}
	if !t.runs(o, now) || o.trip < 0 || o.trip >= max(len(t.p.Trips), 1) || o.kind < 0 || o.kind >= len(t.p.Kinds) {
		return offer{}, false
	}
	o = t.timed(o)
	return o, o.id() == id
}

func (t *tickets) sell(in question) (data, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	id, name, citizen, paid := in.text("offer"), in.text("name"), in.text("citizen_number"), in.text("paid")
	amount, ok := in.whole("amount")
	if id == "" || name == "" || citizen == "" || paid == "" || !ok {
		return nil, refusal{"incomplete", "购票内容不完整：缺少班次、姓名、证件号、缴款凭证或金额"}
	}
	print := strings.Join([]string{id, name, citizen, paid, fmt.Sprint(amount), fmt.Sprint(t.nights(in))}, "|")
	return t.ledger.act(in, print, ending(id, 2), func() (data, func(), error) {
		o, ok := t.parse(id, in.at)
		switch {
		case !ok:
			return nil, nil, refusal{"unknown", "没有这个班次，请重新查询"}
		case len(t.p.Trips) > 0 && o.start.Before(in.at):
			return nil, nil, refusal{"past", "已经开出，请换一班"}
		case t.left(o) < 1:
			return nil, nil, refusal{"taken", "刚刚卖完了，请换一个"}
		case t.fare(o, in) != amount:
			return nil, nil, refusal{"amount", "缴款金额与票价不一致"}
		}
		seat := t.take(o)
		t.orders++
		answer := data{
			"order": fmt.Sprintf("%s%s%06d", t.p.Letter, in.at.In(clock.Shanghai).Format("20060102"), t.orders),
			"code":  fmt.Sprintf("%06d", hashed(in.key+id)%1_000_000), "seat": "", "sold_at": stamp(in.at),
		}
		if len(t.p.Trips) > 0 {
			answer["seat"] = fmt.Sprintf("%d 号", seat)
		}
		return answer, func() { delete(t.sold[id], seat) }, nil
	})
}
