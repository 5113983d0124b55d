package fhir_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/outside/office"
	"zhijian/outside/office/fhir"
)

var now = time.Date(2026, 5, 26, 14, 8, 0, 0, clock.Shanghai)

// hospital is a small server of R4 written by hand: slots in pages of two, conditional creates, versions.
type hospital struct {
	mu    sync.Mutex
	made  []map[string]any
	taken map[string]bool
	lose  bool // the next answer to a POST is lost
	told  []string
}

func (h *hospital) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.told = append(h.told, r.Method+" "+r.URL.Path)
	w.Header().Set("Content-Type", "application/fhir+json")
	say := func(status int, v any) {
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(v)
	}
	switch {
	case r.URL.Path == "/fhir/Schedule":
		say(200, bundle("", map[string]any{"resourceType": "Schedule", "id": "s1", "actor": []any{map[string]any{"display": "王医生（演示）"}}, "specialty": []any{map[string]any{"coding": []any{map[string]any{"display": "心内科"}}}}}))
	case r.URL.Path == "/fhir/Slot":
		if r.URL.Query().Get("page") == "2" {
			say(200, bundle("", slot("c", "2026-05-27T02:00:00Z", "busy"), slot("d", "soon", "free"), slot("e", "2026-05-27T03:00:00Z", "entered-in-error"), map[string]any{"resourceType": "OperationOutcome"}))
			return
		}
		if q := r.URL.Query(); q.Get("schedule") != "Schedule/s1" || !slices.Equal(q["start"], []string{"ge2026-05-26T06:08:00Z", "lt2026-06-02T06:08:00Z"}) {
			say(400, map[string]any{})
			return
		}
		say(200, bundle("Slot?page=2", slot("b", "2026-05-27T09:30:00+08:00", "free"), slot("a", "2026-05-27T09:00:00+08:00", "free")))
	case r.Method == http.MethodGet:
		var found []any
		for _, a := range h.made {
			if "urn:zhijian:act|"+key(a) == r.URL.Query().Get("identifier") {
				found = append(found, a)
			}
		}
		say(200, bundle("", found...))
	case r.Method == http.MethodPost:
		h.post(r, say)
	case r.Method == http.MethodPut:
		b, _ := io.ReadAll(r.Body)
		var in map[string]any
		_ = json.Unmarshal(b, &in)
		for i, a := range h.made {
			if "/fhir/Appointment/"+a["id"].(string) == r.URL.Path && r.Header.Get("If-Match") == `W/"1"` {
				h.made[i] = in
				say(200, in)
				return
			}
		}
		say(412, map[string]any{})
	}
}

func (h *hospital) post(r *http.Request, say func(int, any)) {
	b, _ := io.ReadAll(r.Body)
	var in map[string]any
	_ = json.Unmarshal(b, &in)
	if q, _ := url.ParseQuery(r.Header.Get("If-None-Exist")); q.Get("identifier") != "urn:zhijian:act|"+key(in) {
		say(400, map[string]any{})
		return
	}
	for _, a := range h.made {
		if key(a) == key(in) {
			say(200, a)
			return
		}
	}
	if list, _ := in["slot"].([]any); len(list) > 0 {
		ref := list[0].(map[string]any)["reference"].(string)
		if h.taken[ref] {
			say(409, map[string]any{"resourceType": "OperationOutcome", "issue": []any{map[string]any{"severity": "error", "code": "conflict", "details": map[string]any{"text": "该号源已被预约"}}}})
			return
		}
		h.taken[ref] = true
	}
	in["id"], in["meta"] = fmt.Sprint("apt-", len(h.made)+1), map[string]any{"versionId": "1"}
	h.made = append(h.made, in)
	if h.lose {
		h.lose = false
		panic(http.ErrAbortHandler)
	}
	say(201, in)
}

func key(a map[string]any) string {
	list, _ := a["identifier"].([]any)
	return list[0].(map[string]any)["value"].(string)
}

func slot(id, start, status string) any {
	end := start
	if t, err := time.Parse(time.RFC3339, start); err == nil {
		end = t.Add(30 * time.Minute).Format(time.RFC3339)
	}
	return map[string]any{"resourceType": "Slot", "id": id, "start": start, "end": end, "status": status}
}

func bundle(next string, resources ...any) map[string]any {
	var entries []any
	for _, r := range resources {
		entries = append(entries, map[string]any{"resource": r})
	}
	b := map[string]any{"resourceType": "Bundle", "type": "searchset", "entry": entries}
	if next != "" {
		b["link"] = []any{map[string]any{"relation": "self", "url": "x"}, map[string]any{"relation": "next", "url": "/fhir/" + next}}
	}
	return b
}

func serve(t testing.TB, h http.Handler) *fhir.Driver {
	t.Helper()
	s := httptest.NewServer(h)
	d, err := fhir.New(fhir.Config{Name: "hospital", URL: s.URL + "/fhir", Clock: clock.At(now)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close(); s.Close() })
	return d
}

func TestReading(t *testing.T) {
	t.Parallel()
	d := serve(t, &hospital{})
	got, err := d.Ask(t.Context(), office.Question{Call: fhir.CallSchedules, With: map[string]any{}})
	if d := cmp.Diff(map[string]any{"known": true, "items": []any{map[string]any{"id": "s1", "name": "王医生（演示）", "specialty": "心内科"}}}, got); d != "" || err != nil {
		t.Error(err, d)
	}
	got, err = d.Ask(t.Context(), office.Question{Call: fhir.CallSlots, With: map[string]any{"schedule": "s1"}})
	want := map[string]any{"slots": []any{
		map[string]any{"id": "a", "start": "2026-05-27T09:00:00+08:00", "end": "2026-05-27T09:30:00+08:00", "capacity": int64(1), "left": int64(1)},
		map[string]any{"id": "b", "start": "2026-05-27T09:30:00+08:00", "end": "2026-05-27T10:00:00+08:00", "capacity": int64(1), "left": int64(1)},
		map[string]any{"id": "c", "start": "2026-05-27T10:00:00+08:00", "end": "2026-05-27T10:30:00+08:00", "capacity": int64(1), "left": int64(0)},
	}}
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Error(err, d)
	}
	for _, q := range []office.Question{{Call: "x"}, {Call: fhir.CallSlots}, {Call: fhir.CallSlots, With: map[string]any{"schedule": "s1/../../x"}}, {Call: fhir.CallBook}, {Call: fhir.CallBooked}, {Call: fhir.CallCancel}} {
		if _, err := d.Ask(t.Context(), q); err == nil || fault.Of(err) != nil {
			t.Errorf("%v: %v", q, err)
		}
	}
}

func TestAppointments(t *testing.T) {
	t.Parallel()
	h := &hospital{taken: map[string]bool{}}
	d := serve(t, h)
	ask := func(call, key string, with map[string]any) (map[string]any, error) {
		return d.Ask(t.Context(), office.Question{Call: call, Key: key, With: with})
	}
	book := func(key, slot string) (map[string]any, error) {
		return ask(fhir.CallBook, key, map[string]any{"slot": slot, "name": "张三", "phone": "+8613800138000"})
	}
	for range 2 { // the same act twice is one appointment
		if got, err := book("k1", "a"); err != nil || got["done"] != true || got["code"] != "apt-1" {
			t.Fatal(got, err)
		}
	}
	if _, err := book("k2", "a"); !fault.Is(err, fault.KindConflict) || fault.Of(err).Public != "该号源已被预约" {
		t.Errorf("a slot that is taken: %v", err)
	}
	// The answer is lost: the house asks, and finds that it took effect.
	h.lose = true
	if _, err := book("k3", "b"); !fault.Is(err, fault.KindUnavailable) {
		t.Errorf("a lost answer: %v", err)
	}
	if got, err := ask(fhir.CallBooked, "", map[string]any{"key": "k3"}); err != nil || got["booked"] != true || got["code"] != "apt-2" {
		t.Error(got, err)
	}
	for range 2 {
		if got, err := ask(fhir.CallCancel, "v", map[string]any{"key": "k3"}); err != nil || got["done"] != true {
			t.Error(got, err)
		}
	}
	if got, err := ask(fhir.CallBooked, "", map[string]any{"key": "k3"}); err != nil || got["booked"] != false {
		t.Error(got, err)
	}
	// What was called off before it came cannot be made any more.
	if got, err := ask(fhir.CallCancel, "v", map[string]any{"key": "k4"}); err != nil || got["done"] != true {
		t.Error(got, err)
	}
	if _, err := book("k4", "c"); !fault.Is(err, fault.KindConflict) {
		t.Errorf("a booking that comes late: %v", err)
	}
	if _, err := book("k5", "../x"); !fault.Is(err, fault.KindConflict) {
		t.Errorf("no slot: %v", err)
	}
}

func TestAwkwardServers(t *testing.T) {
	t.Parallel()
	outcome := func(code string) string {
		return `{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"` + code + `","diagnostics":"不行"}]}`
	}
	for _, c := range []struct {
		name   string
		status int
		body   string
		kind   fault.Kind
	}{
		{"about the matter", 422, outcome("business-rule"), fault.KindConflict},
		{"about how we asked", 422, outcome("structure"), fault.KindInternal},
		{"not allowed", 401, outcome("login"), fault.KindInternal},
		{"down", 503, outcome("transient"), fault.KindUnavailable},
		{"slow down", 429, "", fault.KindUnavailable},
		{"no JSON", 200, "<html>", fault.KindUnavailable},
		{"nothing", 200, "", fault.KindUnavailable},
		{"a list", 200, "[]", fault.KindUnavailable},
		{"no bundle", 200, `{"resourceType":"Patient"}`, fault.KindUnavailable},
		{"elsewhere", 200, `{"resourceType":"Bundle","link":[{"relation":"next","url":"http://169.254.169.254/x"}]}`, fault.KindUnavailable},
		{"endless", 200, `{"resourceType":"Bundle","link":[{"relation":"next","url":"/fhir/Slot?again"}]}`, fault.KindUnavailable},
	} {
		d := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(c.status)
			_, _ = io.WriteString(w, c.body)
		}))
		got, err := d.Ask(t.Context(), office.Question{Call: fhir.CallSlots, With: map[string]any{"schedule": "s1"}})
		if fault.KindOf(err) != c.kind || err == nil {
			t.Errorf("%s: %v %v", c.name, got, err)
		}
	}
}

func FuzzAnswer(f *testing.F) {
	good, err := json.Marshal(bundle("", slot("a", "2026-05-27T09:00:00+08:00", "free")))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(good))
	f.Add(`{"resourceType":"Appointment","id":"x","status":"booked","identifier":[{"value":1}]}`)
	f.Add(strings.Repeat("[", 50))
	var body string
	d := serve(f, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) }))
	f.Fuzz(func(t *testing.T, b string) {
		body = b
		for _, q := range []office.Question{
			{Call: fhir.CallSchedules, With: map[string]any{}},
			{Call: fhir.CallSlots, With: map[string]any{"schedule": "s"}},
			{Call: fhir.CallBook, Key: "k", With: map[string]any{"slot": "a"}},
			{Call: fhir.CallCancel, With: map[string]any{"key": "k"}},
		} {
			if _, err := d.Ask(t.Context(), q); err != nil && fault.Of(err) == nil {
				t.Fatal(err)
			}
		}
	})
}
