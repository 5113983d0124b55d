package server_test

import (
	"net/http"
	"reflect"
	"strings"
	"testing"

	"zhijian/server"
	"zhijian/testkit/house"
)

// program is a resident's own program.
type program struct {
	t    *testing.T
	h    *house.House
	head map[string]string
}

func machine(t *testing.T, h *house.House, r server.ResidentLogin) program {
	t.Helper()
	m := program{t, h, nil}
	asked := m.call(http.MethodPost, "/login/code", map[string]any{"phone": r.Phone}, http.StatusOK)
	code, err := h.Visitor().Inbox(t.Context(), h.Ready.Sandbox["sms"], r.Phone)
	if err != nil {
		t.Fatal(err)
	}
	token, _ := m.call(http.MethodPost, "/login", map[string]any{"phone": r.Phone, "code": code, "challenge": asked["challenge"]}, http.StatusOK)["token"].(string)
	if token == "" {
		t.Fatal("no token came")
	}
	m.head = map[string]string{"Authorization": "Bearer " + token}
	return m
}

func (m program) call(method, path string, body any, want int) map[string]any {
	m.t.Helper()
	status, out := ask(m.t, method, m.h.Ready.APIURL+path, m.head, body)
	if status != want {
		m.t.Fatalf("%s %s: %d, want %d: %v", method, path, status, want, out)
	}
	return out
}

func view(c map[string]any) map[string]any {
	v, _ := c["view"].(map[string]any)
	return v
}

// answer answers the step that a case stands at.
func (m program) answer(c map[string]any, values map[string][]string) map[string]any {
	m.t.Helper()
	step, _ := view(c)["step"].(string)
	if values == nil {
		values = map[string][]string{}
	}
	return m.call(http.MethodPost, "/cases/"+c["no"].(string)+"/steps/"+step, map[string]any{"values": values}, http.StatusOK)
}

// TestFineByProgram pays a fine over the JSON API: the same service, the same views.
func TestFineByProgram(t *testing.T) {
	t.Parallel()
	house.Both(t, func(t *testing.T, h *house.House) {
		who := h.Resident(t, "L4", 0)
		m := machine(t, h, who)
		if me := m.call(http.MethodGet, "/me", nil, http.StatusOK); me["level"] != 4.0 || strings.Contains(me["phone"].(string), who.Phone) {
			t.Errorf("me = %v, want level 4 and the phone masked", me)
		}
		c := m.call(http.MethodPost, "/cities/hangzhou/services/traffic-fine-payment/cases", map[string]any{"values": map[string][]string{}}, http.StatusCreated)
		if v := view(c); v["kind"] != "form" {
			t.Fatalf("a new case shows %v", v)
		}
		status, wrong := ask(t, http.MethodPost, h.Ready.APIURL+"/cases/"+c["no"].(string)+"/steps/plate", m.head, map[string]any{"values": map[string][]string{"plate": {"不是车牌"}}})
		if status != http.StatusUnprocessableEntity || wrong["errors"] == nil || wrong["detail"] == "" {
			t.Errorf("a plate that is none: %d %v", status, wrong)
		}
		c = m.answer(c, map[string][]string{"plate": {who.Plates[0]}})
		items, _ := view(c)["items"].([]any)
		if view(c)["kind"] != "choose" || len(items) != 2 {
			t.Fatalf("after the plate: %v", view(c))
		}
		both := []string{items[0].(map[string]any)["value"].(string), items[1].(map[string]any)["value"].(string)}
		c = m.answer(c, map[string][]string{"chosen": both})
		if view(c)["kind"] != "check" {
			t.Fatalf("after choosing: %v", view(c))
		}
		c = m.answer(c, nil)
		at, _ := view(c)["pay_url"].(string)
		if view(c)["kind"] != "pay" || !strings.HasPrefix(at, h.Ready.Sandbox["pay"]) {
			t.Fatalf("after checking: %v", view(c))
		}
		if status, out := ask(t, http.MethodPost, h.Ready.Sandbox["pay"]+"/sandbox/pay", nil, map[string]any{"out_trade_no": orderOf(t, h)}); status != http.StatusOK || out["state"] != "SUCCESS" {
			t.Fatalf("paying: %d %v", status, out)
		}
		no := c["no"].(string)
		h.Until(t, "done by program", func() bool {
			c = m.call(http.MethodGet, "/cases/"+no, nil, http.StatusOK)
			return c["state"] == "done"
		})
		if v := view(c); v["kind"] != "result" || v["good"] != true || v["receipt"] != true {
			t.Errorf("the end is %v", v)
		}
		m.call(http.MethodPost, "/cases/"+no+"/rating", map[string]any{"stars": 5}, http.StatusNoContent)
		h.Until(t, "a message", func() bool {
			_, out := ask(t, http.MethodGet, h.Ready.APIURL+"/messages", m.head, nil)
			return strings.Contains(asText(out), no)
		})
		if list := m.call(http.MethodGet, "/cases", nil, http.StatusOK)["cases"].([]any); len(list) != 1 {
			t.Errorf("%d cases are listed, want one", len(list))
		}

		other := machine(t, h, h.Resident(t, "L4", 6))
		other.call(http.MethodGet, "/cases/"+no, nil, http.StatusNotFound)
		m.call(http.MethodPost, "/logout", map[string]any{}, http.StatusNoContent)
		m.call(http.MethodGet, "/me", nil, http.StatusUnauthorized)
	})
}

// TestSavedVehicles saves a plate once and picks it in a service: it is looked up as anybody's, never as one's own, and no fine is settled by it.
func TestSavedVehicles(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	m := machine(t, h, h.Resident(t, "L2", 0))
	stranger := h.Resident(t, "L4", 0).Plates[0]
	for range 2 {
		m.call(http.MethodPost, "/me/vehicles", map[string]any{"plate": stranger}, http.StatusNoContent)
	}
	status, list := ask(t, http.MethodGet, h.Ready.APIURL+"/me/vehicles", m.head, nil)
	if text := asText(list); status != http.StatusOK || strings.Count(text, stranger) != 1 || strings.Contains(text, "true") {
		t.Fatalf("the list: %d %s", status, text)
	}
	c := m.call(http.MethodPost, "/cities/hangzhou/services/vehicle-violation-query/cases", map[string]any{"values": map[string][]string{}}, http.StatusCreated)
	if text := asText(view(c)); !strings.Contains(text, stranger) || !strings.Contains(text, "own_engine") {
		t.Fatalf("it cannot be picked, or its engine number is not asked: %s", text)
	}
	step := "/cases/" + c["no"].(string) + "/steps/plate"
	status, without := ask(t, http.MethodPost, h.Ready.APIURL+step, m.head, map[string]any{"values": map[string][]string{"plate": {stranger}}})
	if view(without)["kind"] == "result" {
		t.Errorf("a saved plate is looked up like one's own: %d %v", status, view(without))
	}
	m.call(http.MethodPost, "/me/vehicles/drop", map[string]any{"plate": stranger}, http.StatusNoContent)
	if _, list := ask(t, http.MethodGet, h.Ready.APIURL+"/me/vehicles", m.head, nil); strings.Contains(asText(list), stranger) {
		t.Error("it is still there")
	}
}

// TestChallenge: a code that a program asked for is worth nothing without the challenge it was given.
func TestChallenge(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	m := program{t, h, nil}
	phone := h.Resident(t, "L1", 0).Phone
	asked := m.call(http.MethodPost, "/login/code", map[string]any{"phone": phone}, http.StatusOK)["challenge"]
	code, err := h.Visitor().Inbox(t.Context(), h.Ready.Sandbox["sms"], phone)
	if err != nil {
		t.Fatal(err)
	}
	for _, other := range []string{"", "guess", strings.Repeat("0", 40)} {
		m.call(http.MethodPost, "/login", map[string]any{"phone": phone, "code": code, "challenge": other}, http.StatusUnprocessableEntity)
	}
	m.call(http.MethodPost, "/login", map[string]any{"phone": phone, "code": code}, http.StatusUnprocessableEntity)
	m.call(http.MethodPost, "/login", map[string]any{"phone": phone, "code": code, "challenge": asked}, http.StatusOK)
}

// TestProgramsNeedTokens: the API opens nothing to who is not signed in, and a page's cookie is no token.
func TestProgramsNeedTokens(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	who := h.Resident(t, "L4", 0)
	for name, head := range map[string]map[string]string{
		"nothing":        nil,
		"a made-up one":  {"Authorization": "Bearer " + strings.Repeat("x", 43)},
		"another scheme": {"Authorization": "Basic " + who.Phone},
		"an empty one":   {"Authorization": "Bearer "},
	} {
		for _, path := range []string{"/me", "/cases", "/messages", "/cases/0000000000000000"} {
			status, out := ask(t, http.MethodGet, h.Ready.APIURL+path, head, nil)
			if status != http.StatusUnauthorized || out["detail"] == nil {
				t.Errorf("%s with %s: %d %v, want 401 and a sentence", path, name, status, out)
			}
		}
	}
	p := tappedResident(t, h, who) // the cookie of a page signs in as well, but not from another origin
	p.open("/me")
	for _, path := range []string{"/api/v1/me", "/api/v1/cases", "/api/v1/messages"} {
		if got := p.raw(http.MethodGet, path, nil); got.status != http.StatusOK {
			t.Errorf("%s with a page's cookie: %d", path, got.status)
		}
	}
	for name, head := range map[string][]string{"another site": {"Sec-Fetch-Site", "cross-site"}, "another origin": {"Origin", "https://evil.example"}} {
		head = append(head, "Content-Type", "application/json")
		if got := p.raw(http.MethodPost, "/api/v1/cities/hangzhou/services/weather-forecast/cases", nil, head...); got.status != http.StatusForbidden {
			t.Errorf("a write from %s with a page's cookie: %d", name, got.status)
		}
	}
	for _, path := range []string{"/api/v1/cities", "/api/v1/me", "/api/openapi.json"} { // T15
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.Ready.BaseURL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Host = "rebound.example"
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != http.StatusMisdirectedRequest {
			t.Errorf("%s under another's name: %d, want 421", path, res.StatusCode)
		}
	}
	if status, out := ask(t, http.MethodGet, h.Ready.APIURL+"/cities/hangzhou/services?q=jiaofakuan", nil, nil); status != http.StatusOK || !strings.Contains(asText(out), "traffic-fine-payment") {
		t.Errorf("search without a token: %d %v", status, out)
	}
	if status, _ := ask(t, http.MethodGet, h.Ready.APIURL+"/cities/nowhere/services", nil, nil); status != http.StatusNotFound {
		t.Errorf("a city that is none: %d", status)
	}
}

// TestOpenedAsRead: what opening a case answers is, to the last field, what reading it gives.
func TestOpenedAsRead(t *testing.T) {
	t.Parallel()
	house.Both(t, func(t *testing.T, h *house.House) {
		m := machine(t, h, h.Resident(t, "L4", 0))
		for _, id := range []string{
			"vehicle-violation-query", "traffic-fine-payment", "driver-points-query", "electricity-bill-payment", "hall-appointment", "weather-forecast",
		} {
			opened := m.call(http.MethodPost, "/cities/hangzhou/services/"+id+"/cases", map[string]any{"values": map[string][]string{}}, http.StatusCreated)
			read := m.call(http.MethodGet, "/cases/"+opened["no"].(string), nil, http.StatusOK)
			delete(opened, "$schema")
			delete(read, "$schema")
			if !reflect.DeepEqual(opened, read) {
				t.Errorf("%s: opened as\n%v\nread as\n%v", id, opened, read)
			}
		}
	})
}
