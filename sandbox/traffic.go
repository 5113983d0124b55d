package sandbox

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// traffic is the traffic police's system: vehicles, licences, violations and their settlement.
type traffic struct {
	seed   int64
	start  time.Time // midnight in Shanghai of the day the world began
	byID   map[string]*Person
	owners map[string]*Person
	cars   map[string]Vehicle

	books
	violations map[string][]*violation // by plate; made when first asked for
	decisions  map[string]*violation
	points     map[string][]record // by citizen number, of this cycle
	receipts   int
}

type violation struct {
	plate, decision, place, act, law string
	at                               time.Time
	fine                             int64
	points                           int
	photos                           int
	settled                          bool
}

type record struct {
	at     time.Time
	act    string
	points int
}

func newTraffic(people []Person, cfg Config, began time.Time) *office {
	t := &traffic{
		seed: cfg.Seed, start: began,
		byID: map[string]*Person{}, owners: map[string]*Person{}, cars: map[string]Vehicle{},
		violations: map[string][]*violation{}, decisions: map[string]*violation{},
		points: map[string][]record{}, books: newBooks(&diary{}),
	}
	for i := range people {
		p := &people[i]
		t.byID[p.CitizenNumber] = p
		for _, v := range p.Vehicles {
			t.owners[v.Plate], t.cars[v.Plate] = p, v
			t.open(v.Plate)
		}
		if p.Licence.Points > 0 {
			at := t.start.AddDate(0, 0, -40-i%100).Add(9 * time.Hour)
			t.points[p.CitizenNumber] = []record{{at, "以前处理的违法", p.Licence.Points}}
		}
	}
	return t.office()
}

func (t *traffic) office() *office {
	return &office{
		name: Traffic, title: "交警业务系统（演示）",
		about: "机动车、驾驶证、交通违法的查询与处理。",
		shows: []string{"name", "citizen", "phone", "card", "plates"}, diary: t.ledger.diary,
		calls: map[string]call{
			"identity.five":      {takes: "name, citizen_number, phone, card_holder_number, plate", gives: "match", do: t.five},
			"vehicles.of":        {takes: "citizen_number", gives: "items[{plate, kind, kind_name, inspection_until}]", do: t.vehicles},
			"violations.find":    {takes: "plate, engine?, owner?", gives: "known, scope, items[{id, decision, at, place, act, law, fine, points, plate, licence, photos}], as_of", do: t.find},
			"points.of":          {takes: "citizen_number", gives: "known, points, of, cycle_from, cycle_until, records[{at, act, points}], as_of", do: t.pointsOf},
			"violations.settle":  {act: true, takes: "decisions[], paid, amount, owner", gives: "receipt, points, total_points, released_at", do: t.settle},
			"violations.settled": {takes: "key", gives: "settled, voided, receipt?, points?, total_points?, released_at?", do: t.settled},
			"violations.void":    {act: true, takes: "key?", gives: "voided, was_settled", do: t.void},
			"violations.issue":   {act: true, takes: "plate, count", gives: "items", do: t.issue},
		},
		magic: []magic{
			{"车牌末两位 00", "没有违法记录"},
			{"车牌末两位 13", "查询一直没有回应，直到对方放弃"},
			{"车牌末两位 44", "付款后交警拒绝处理，应当退款"},
			{"车牌末两位 45", "处理时前两次没有回应，第三次成功"},
			{"车牌末两位 46", "处理成功，但第一次的回答丢失"},
		},
	}
}

// open gives a plate's violations, making them at first: none for 00, one or more for the rest.
func (t *traffic) open(plate string) []*violation {
	if list, ok := t.violations[plate]; ok {
		return list
	}
	r := rand.New(rand.NewPCG(uint64(t.seed), hashed(plate)))
	n := []int{0, 1, 1, 1, 1, 2, 2, 2, 3, 3}[r.IntN(10)]
	owner := t.owners[plate]
	switch {
	case ending(plate, 2) == "00":
		n = 0
	case plate == "浙A12344" || plate == "浙A12345" || plate == "浙A12346":
		n = 1
	case slices.Contains([]string{"44", "45", "46"}, ending(plate, 2)):
		n = max(n, 1)
	case owner.Vehicles[0].Plate == plate && plate[:4] == "浙A" && strings.HasSuffix(owner.Phone, "0000001"):
		n = 2
	}
	t.violations[plate] = nil
	for range n {
		t.add(plate, r)
	}
	return t.violations[plate]
}

// add puts one more violation on a plate. The three plates of the examples have 150 yuan and 3 points.
func (t *traffic) add(plate string, r *rand.Rand) *violation {
	k := len(t.violations[plate])
	a := acts()[r.IntN(len(acts()))]
	if k == 0 && slices.Contains([]string{"浙A12344", "浙A12345", "浙A12346"}, plate) {
		a = acts()[0]
	}
	region := t.owners[plate].CitizenNumber[:6]
	v := &violation{
		plate: plate, act: a.name, law: a.law, fine: a.fine, points: a.points, photos: 2 + r.IntN(2),
		place: places()[r.IntN(len(places()))],
		at:    t.start.AddDate(0, 0, -3-7*k-r.IntN(7)).Add(time.Duration(7*60+r.IntN(13*60)) * time.Minute),
	}
	for v.decision == "" || t.decisions[v.decision] != nil {
		v.decision = fmt.Sprintf("%s%010d", region, r.Int64N(10_000_000_000))
	}
	t.violations[plate] = append(t.violations[plate], v)
	t.decisions[v.decision] = v
	return v
}

func (t *traffic) five(in question) (data, error) {
	p := t.byID[in.text("citizen_number")]
	owner := t.owners[foldPlate(in.text("plate"))]
	match := p != nil && owner == p && p.Name == in.text("name") && p.Phone == in.phone("phone") &&
		p.CitizenNumber == in.text("card_holder_number") && p.Licence.FileNumber != ""
	return data{"match": match}, nil
}

func (t *traffic) vehicles(in question) (data, error) {
	items := []data{}
	if p := t.byID[in.text("citizen_number")]; p != nil {
		for i, v := range p.Vehicles {
			items = append(items, data{
				"plate": v.Plate, "kind": v.Kind, "kind_name": kindName(v.Kind),
				"inspection_until": t.start.AddDate(0, 5+7*i, 0).Format("2006-01-02"),
			})
		}
	}
	return data{"items": items, "as_of": stamp(in.at)}, nil
}

func (t *traffic) find(in question) (data, error) {
	plate := foldPlate(in.text("plate"))
	if ending(plate, 2) == "13" {
		return nil, errSilent
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	out := data{"known": false, "scope": "none", "items": []data{}, "as_of": stamp(in.at)}
	p := t.owners[plate]
	if p == nil {
		return out, nil
	}
	// Whose car it is decides who may look: the owner, or who can read the engine number off it.
	switch engine := strings.ToUpper(in.text("engine")); {
	case in.text("owner") == p.CitizenNumber:
		out["scope"] = "owner"
	case len(engine) == 6 && ending(t.cars[plate].Engine, 6) == engine:
		out["scope"] = "other"
	default:
		return out, nil
	}
	out["known"] = true
	items := []data{}
	for _, v := range t.open(plate) {
		if !v.settled {
			items = append(items, t.shown(v, p, out["scope"] == "owner"))
		}
	}
	out["items"] = items
	return out, nil
}

func (t *traffic) shown(v *violation, p *Person, owner bool) data {
	if !owner { // who only knows the engine number learns how many and how much, not where the car was and when
		return data{"fine": v.fine, "plate": v.plate}
	}
	return data{
		"id": "V" + v.decision[6:], "decision": v.decision, "at": stamp(v.at), "place": v.place, "act": v.act,
		"law": v.law, "fine": v.fine, "points": v.points, "plate": v.plate, "licence": p.Licence.FileNumber, "photos": v.photos,
	}
}

func (t *traffic) pointsOf(in question) (data, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	number := in.text("citizen_number")
	p := t.byID[number]
	now := in.at
	out := data{"known": false, "points": 0, "of": 12, "cycle_from": "", "cycle_until": "", "records": []data{}, "as_of": stamp(now)}
	if p == nil || p.Licence.FileNumber == "" {
		return out, nil
	}
	// A cycle is twelve months from the day of first issue (道路交通安全违法行为记分管理办法, 2022, art. 4).
	from := t.start.AddDate(0, -1-int(hashed(number)%10), 0)
	records := []data{}
	for _, r := range t.points[number] {
		records = append(records, data{"at": stamp(r.at), "act": r.act, "points": r.points})
	}
	out["known"], out["points"], out["records"] = true, t.total(number), records
	out["cycle_from"], out["cycle_until"] = from.Format("2006-01-02"), from.AddDate(1, 0, -1).Format("2006-01-02")
	return out, nil
}

func (t *traffic) total(number string) int {
	n := 0
	for _, r := range t.points[number] {
		n += r.points
	}
	return n
}

func foldPlate(s string) string {
	return strings.ToUpper(strings.NewReplacer(" ", "", "·", "", ".", "", "-", "").Replace(s))
}

// hashed is FNV-1a of s; it only spreads seeds.
func hashed(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}
