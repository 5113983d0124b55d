// Package transit is the driver of GTFS Realtime feeds: where vehicles are, when they come, what is wrong.
//
// Each of the three sorts is a feed of its own, or all are one file; it is read once a while for everybody, and answers say as of when the
// publisher made it. Names of stops and lines are the publisher's ids: a definition that wants names keeps them in a sheet.
package transit

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	gtfs "github.com/MobilityData/gtfs-realtime-bindings/golang/gtfs"
	"google.golang.org/protobuf/proto"

	"zhijian/ground/clock"
	"zhijian/ground/seal"
	"zhijian/outside/office"
	"zhijian/outside/office/feed"
)

// The calls. Each takes `route` to leave one line's; arrivals need a `stop`, alerts may have one.
const (
	CallVehicles = "vehicles.list"
	CallArrivals = "arrivals.at"
	CallAlerts   = "alerts.list"
)

// Config describes one publisher. At least one address is required; the same may stand more than once.
type Config struct {
	Name                    string
	Vehicles, Trips, Alerts string
	Timeout                 time.Duration
	Fresh                   time.Duration // 0 means 15 s
	Headers                 map[string]seal.Text
	Clock                   clock.Clock // required
}

// Driver speaks to one publisher. Safe for concurrent use.
type Driver struct {
	feeds map[string]*feed.Feed[*gtfs.FeedMessage] // by call
	clock clock.Clock
}

// The bounds of a feed and of an answer.
const (
	maxBody     = 10 << 20
	maxEntities = 50_000
	maxItems    = 500
)

// New checks the configuration.
func New(c Config) (*Driver, error) {
	d := &Driver{feeds: map[string]*feed.Feed[*gtfs.FeedMessage]{}, clock: c.Clock}
	made := map[string]*feed.Feed[*gtfs.FeedMessage]{}
	for call, address := range map[string]string{CallVehicles: c.Vehicles, CallArrivals: c.Trips, CallAlerts: c.Alerts} {
		if address == "" {
			continue
		}
		if made[address] == nil {
			f, err := feed.New(feed.Config[*gtfs.FeedMessage]{
				Name: "office " + c.Name, URL: address, Timeout: c.Timeout, Fresh: c.Fresh, MaxBody: maxBody, Headers: c.Headers, Clock: c.Clock, Read: read,
			})
			if err != nil {
				return nil, err
			}
			made[address] = f
		}
		d.feeds[call] = made[address]
	}
	if len(made) == 0 {
		return nil, fmt.Errorf("office %s: no feed is named", c.Name)
	}
	return d, nil
}

func read(_ context.Context, body []byte, _ func(context.Context, string) ([]byte, error)) (*gtfs.FeedMessage, error) {
	m := &gtfs.FeedMessage{}
	if err := (proto.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(body, m); err != nil {
		return nil, errors.New("no GTFS Realtime message")
	}
	switch {
	case m.GetHeader().GetIncrementality() != gtfs.FeedHeader_FULL_DATASET:
		return nil, errors.New("a differential feed, which nobody can read alone")
	case len(m.GetEntity()) > maxEntities:
		return nil, errors.New("too many entities")
	}
	return m, nil
}

// Ask implements office.Driver.
func (d *Driver) Ask(ctx context.Context, q office.Question) (map[string]any, error) {
	f := d.feeds[q.Call]
	if f == nil {
		return nil, fmt.Errorf("this transit office has no feed for the call %q", q.Call)
	}
	route, _ := q.With["route"].(string)
	stop, _ := q.With["stop"].(string)
	if q.Call == CallArrivals && stop == "" {
		return nil, errors.New("arrivals are asked for at a stop")
	}
	m, err := f.Get(ctx)
	if err != nil {
		return nil, err
	}
	var items []any
	switch q.Call {
	case CallVehicles:
		items = vehicles(m, route)
	case CallArrivals:
		items = arrivals(m, route, stop, d.clock.Now())
	case CallAlerts:
		items = alerts(m, route, stop, d.clock.Now())
	}
	items = items[:min(len(items), maxItems)]
	data := map[string]any{"known": len(items) > 0, "items": append([]any{}, items...)}
	if at := m.GetHeader().GetTimestamp(); at > 0 && at < 1<<40 {
		data["as_of"] = moment(at)
	}
	return data, nil
}

// Close implements office.Driver.
func (d *Driver) Close() {
	for _, f := range d.feeds {
		f.Close()
	}
}

func moment(seconds uint64) string {
	return time.Unix(int64(min(seconds, 1<<40)), 0).In(clock.Shanghai).Format(time.RFC3339)
}

// put adds what is there.
func put(m map[string]any, name, v string) {
	if v != "" {
		m[name] = v
	}
}

// vehicles lists where vehicles are; one without a place is left out.
func vehicles(m *gtfs.FeedMessage, route string) (items []any) {
	for _, e := range m.GetEntity() {
		v := e.GetVehicle()
		p := v.GetPosition()
		if e.GetIsDeleted() || p == nil || route != "" && v.GetTrip().GetRouteId() != route {
			continue
		}
		lat, lon := float64(p.GetLatitude()), float64(p.GetLongitude())
		if !(lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180) || lat == 0 && lon == 0 {
			continue
		}
		one := map[string]any{"id": cmp.Or(v.GetVehicle().GetId(), e.GetId()), "lat": lat, "lon": lon}
		put(one, "name", v.GetVehicle().GetLabel())
		put(one, "route", v.GetTrip().GetRouteId())
		put(one, "trip", v.GetTrip().GetTripId())
		put(one, "stop", v.GetStopId())
		if t := v.GetTimestamp(); t > 0 {
			one["at"] = moment(t)
		}
		if v.OccupancyStatus != nil {
			put(one, "crowd", crowds[v.GetOccupancyStatus()])
		}
		items = append(items, one)
	}
	return items
}

// arrivals lists when vehicles come to a stop, the next first. What has gone, is cancelled or passes without stopping is left out.
func arrivals(m *gtfs.FeedMessage, route, stop string, now time.Time) (items []any) {
	type coming struct {
		at   int64
		item map[string]any
	}
	var list []coming
	for _, e := range m.GetEntity() {
		u := e.GetTripUpdate()
		trip := u.GetTrip()
		if e.GetIsDeleted() || u == nil || trip.GetScheduleRelationship() == gtfs.TripDescriptor_CANCELED || route != "" && trip.GetRouteId() != route {
			continue
		}
		for _, s := range u.GetStopTimeUpdate() {
			when := s.GetArrival()
			if when.GetTime() == 0 {
				when = s.GetDeparture()
			}
			at := when.GetTime()
			skipped := s.GetScheduleRelationship() != gtfs.TripUpdate_StopTimeUpdate_SCHEDULED
			if s.GetStopId() != stop || skipped || at < now.Unix()-30 || at > now.Unix()+24*3600 {
				continue
			}
			one := map[string]any{"at": moment(uint64(at)), "minutes": max(0, (at-now.Unix())/60), "late": int64(when.GetDelay())}
			put(one, "route", trip.GetRouteId())
			put(one, "trip", trip.GetTripId())
			put(one, "vehicle", cmp.Or(u.GetVehicle().GetLabel(), u.GetVehicle().GetId()))
			list = append(list, coming{at, one})
		}
	}
	slices.SortStableFunc(list, func(a, b coming) int { return cmp.Compare(a.at, b.at) })
	for _, c := range list {
		items = append(items, c.item)
	}
	return items
}

// alerts lists what is wrong now.
func alerts(m *gtfs.FeedMessage, route, stop string, now time.Time) (items []any) {
	for _, e := range m.GetEntity() {
		a := e.GetAlert()
		if e.GetIsDeleted() || a == nil || !current(a.GetActivePeriod(), now) || !concerns(a.GetInformedEntity(), route, stop) {
			continue
		}
		one := map[string]any{"id": e.GetId(), "effect": effects[a.GetEffect()], "cause": causes[a.GetCause()]}
		put(one, "title", chinese(a.GetHeaderText()))
		put(one, "text", chinese(a.GetDescriptionText()))
		for _, p := range a.GetActivePeriod() {
			if p.GetEnd() > 0 && p.GetEnd() < 1<<40 {
				one["until"] = moment(p.GetEnd())
			}
		}
		items = append(items, one)
	}
	return items
}

func current(periods []*gtfs.TimeRange, now time.Time) bool {
	at := uint64(max(0, now.Unix()))
	return len(periods) == 0 || slices.ContainsFunc(periods, func(p *gtfs.TimeRange) bool {
		return p.GetStart() <= at && (p.GetEnd() == 0 || p.GetEnd() > at)
	})
}

// concerns reports whether an alert is about a line or a stop; one about neither is about all.
func concerns(list []*gtfs.EntitySelector, route, stop string) bool {
	return route == "" && stop == "" || slices.ContainsFunc(list, func(s *gtfs.EntitySelector) bool {
		r := cmp.Or(s.GetRouteId(), s.GetTrip().GetRouteId())
		return (r == "" || r == route) && (s.GetStopId() == "" || s.GetStopId() == stop)
	})
}

// chinese gives the Chinese wording, or the first.
func chinese(t *gtfs.TranslatedString) string {
	for _, x := range t.GetTranslation() {
		if l := x.GetLanguage(); len(l) >= 2 && l[:2] == "zh" {
			return clipped(x.GetText())
		}
	}
	if list := t.GetTranslation(); len(list) > 0 {
		return clipped(list[0].GetText())
	}
	return ""
}

func clipped(s string) string {
	if r := []rune(s); len(r) > 1000 {
		return string(r[:1000])
	}
	return s
}
