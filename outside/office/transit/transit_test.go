package transit_test

import (
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	gtfs "github.com/MobilityData/gtfs-realtime-bindings/golang/gtfs"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"

	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/outside/office"
	"zhijian/outside/office/transit"
)

var now = time.Date(2026, 5, 26, 14, 8, 0, 0, clock.Shanghai) // 1779775680

// written is a feed written by hand in protobuf's text form.
const written = `
header { gtfs_realtime_version: "2.0" timestamp: 1779775670 }
entity { id: "1" vehicle { trip { trip_id: "T1" route_id: "7" } vehicle { id: "V1" label: "浙A·00007" } position { latitude: 30.25 longitude: 120.125 } timestamp: 1779775660 stop_id: "S1" occupancy_status: FEW_SEATS_AVAILABLE } }
entity { id: "2" vehicle { trip { route_id: "8" } position { latitude: 30.5 longitude: 120.5 } } }
entity { id: "3" vehicle { trip { route_id: "7" } position { latitude: 300 longitude: 120 } } }
entity { id: "4" trip_update { trip { trip_id: "T1" route_id: "7" } vehicle { id: "V1" } stop_time_update { stop_id: "S2" arrival { time: 1779775980 delay: 60 } } stop_time_update { stop_id: "S3" arrival { time: 1779776280 } } } }
entity { id: "5" trip_update { trip { trip_id: "T2" route_id: "8" } stop_time_update { stop_id: "S2" departure { time: 1779775740 } } } }
entity { id: "6" trip_update { trip { trip_id: "T3" route_id: "7" schedule_relationship: CANCELED } stop_time_update { stop_id: "S2" arrival { time: 1779775700 } } } }
entity { id: "7" trip_update { trip { trip_id: "T4" route_id: "7" } stop_time_update { stop_id: "S2" arrival { time: 1779775000 } } stop_time_update { stop_id: "S2" schedule_relationship: SKIPPED arrival { time: 1779775990 } } } }
entity { id: "8" alert { active_period { start: 1779775000 end: 1779800000 } informed_entity { route_id: "7" } cause: CONSTRUCTION effect: DETOUR header_text { translation { text: "Detour" language: "en" } translation { text: "7 路改道" language: "zh-CN" } } } }
entity { id: "9" alert { active_period { start: 1779700000 end: 1779775000 } effect: NO_SERVICE header_text { translation { text: "over" } } } }
`

func feed(t testing.TB, text string) []byte {
	t.Helper()
	m := &gtfs.FeedMessage{}
	if err := prototext.Unmarshal([]byte(text), m); err != nil {
		t.Fatal(err)
	}
	b, err := proto.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func serve(t *testing.T, body []byte) (*transit.Driver, *atomic.Int64, *clock.Fixed) {
	t.Helper()
	var fetched atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fetched.Add(1)
		_, _ = w.Write(body)
	}))
	watch := clock.At(now)
	d, err := transit.New(transit.Config{Name: "bus", Vehicles: s.URL, Trips: s.URL, Alerts: s.URL, Clock: watch})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close(); s.Close() })
	return d, &fetched, watch
}

func TestFeed(t *testing.T) {
	t.Parallel()
	d, fetched, watch := serve(t, feed(t, written))
	ask := func(call string, with map[string]any) any {
		t.Helper()
		got, err := d.Ask(t.Context(), office.Question{Call: call, With: with})
		if err != nil || got["as_of"] != "2026-05-26T14:07:50+08:00" || got["known"] != (len(got["items"].([]any)) > 0) {
			t.Fatal(got, err)
		}
		return got["items"]
	}
	for _, c := range []struct {
		call string
		with map[string]any
		want []any
	}{
		{transit.CallVehicles, map[string]any{"route": "7"}, []any{map[string]any{"id": "V1", "name": "浙A·00007", "route": "7", "trip": "T1", "stop": "S1", "lat": 30.25, "lon": 120.125, "at": "2026-05-26T14:07:40+08:00", "crowd": "座位少"}}},
		{transit.CallArrivals, map[string]any{"stop": "S2"}, []any{
			map[string]any{"at": "2026-05-26T14:09:00+08:00", "minutes": int64(1), "late": int64(0), "route": "8", "trip": "T2"},
			map[string]any{"at": "2026-05-26T14:13:00+08:00", "minutes": int64(5), "late": int64(60), "route": "7", "trip": "T1", "vehicle": "V1"},
		}},
		{transit.CallArrivals, map[string]any{"stop": "S9"}, []any{}},
		{transit.CallAlerts, map[string]any{"route": "7"}, []any{map[string]any{"id": "8", "title": "7 路改道", "cause": "施工", "effect": "改道", "until": "2026-05-26T20:53:20+08:00"}}},
		{transit.CallAlerts, map[string]any{"route": "8"}, []any{}},
	} {
		if d := cmp.Diff(any(c.want), ask(c.call, c.with)); d != "" {
			t.Errorf("%s %v: %s", c.call, c.with, d)
		}
	}
	if fetched.Load() != 1 {
		t.Errorf("fetched %d times", fetched.Load())
	}
	watch.Advance(16 * time.Second)
	ask(transit.CallVehicles, nil)
	if fetched.Load() != 2 {
		t.Errorf("fetched %d times after a while", fetched.Load())
	}
	for _, q := range []office.Question{{Call: "x"}, {Call: transit.CallArrivals}} {
		if _, err := d.Ask(t.Context(), q); err == nil || fault.Of(err) != nil {
			t.Errorf("%v: %v", q, err)
		}
	}
}

func TestBadFeeds(t *testing.T) {
	t.Parallel()
	for name, body := range map[string][]byte{
		"no message": []byte("<html>"), "nothing": nil, "cut off": feed(t, written)[:100], "a difference": feed(t, `header { gtfs_realtime_version: "2.0" incrementality: DIFFERENTIAL }`), "too large": make([]byte, 11<<20),
	} {
		d, _, _ := serve(t, body)
		if got, err := d.Ask(t.Context(), office.Question{Call: transit.CallVehicles}); !fault.Is(err, fault.KindUnavailable) {
			t.Errorf("%s: %v %v", name, got, err)
		}
	}
	if _, err := transit.New(transit.Config{Name: "bus", Clock: clock.At(now)}); err == nil {
		t.Error("no feed")
	}
}

func FuzzFeed(f *testing.F) {
	f.Add(feed(f, written))
	var body []byte
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(body) }))
	f.Cleanup(s.Close)
	f.Fuzz(func(t *testing.T, b []byte) {
		body = b
		d, err := transit.New(transit.Config{Name: "bus", Vehicles: s.URL, Trips: s.URL, Alerts: s.URL, Clock: clock.At(now)})
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		for _, q := range []office.Question{{Call: transit.CallVehicles}, {Call: transit.CallArrivals, With: map[string]any{"stop": "S2"}}, {Call: transit.CallAlerts}} {
			if _, err := d.Ask(t.Context(), q); err != nil && !fault.Is(err, fault.KindUnavailable) {
				t.Fatal(err)
			}
		}
	})
}
