package server_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"zhijian/testkit"
	"zhijian/testkit/house"
)

// parts gives the members of a bundle by id.
func parts(b map[string]any) map[string]map[string]any {
	out := map[string]map[string]any{}
	list, _ := b["members"].([]any)
	for _, one := range list {
		if m, ok := one.(map[string]any); ok {
			id, _ := m["id"].(string)
			out[id] = m
		}
	}
	return out
}

// until asks for a bundle until a member stands as wanted.
func (m program) until(no, member, standing string) map[string]any {
	m.t.Helper()
	var b map[string]any
	for range 200 {
		b = m.call(http.MethodGet, "/bundles/"+no, nil, http.StatusOK)
		if parts(b)[member]["standing"] == standing {
			return b
		}
		select {
		case <-m.t.Context().Done():
		case <-time.After(20 * time.Millisecond):
		}
	}
	m.t.Fatalf("%s never becomes %s: %v", member, standing, parts(b)[member])
	return nil
}

// TestBundleByProgram has a child's birth done over the JSON API: questions once, cases of their own, one that is called off blocks what needs it
// and nothing else, and to anybody else none of it exists.
func TestBundleByProgram(t *testing.T) {
	t.Parallel()
	for name, url := range map[string]func(testing.TB) string{"sqlite": func(testing.TB) string { return "" }, "postgres": testkit.PostgresURL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := house.Open(t, url(t))
			who := h.Resident(t, "L4", 0)
			m := machine(t, h, who)
			about := m.call(http.MethodGet, "/cities/hangzhou/bundles/birth", nil, http.StatusOK)
			saving, _ := about["saving"].(map[string]any)
			if saving["asked"].(float64) >= saving["asked_apart"].(float64) {
				t.Errorf("it saves %v", saving)
			}
			m.call(http.MethodGet, "/cities/hangzhou/bundles/nothing", nil, http.StatusNotFound)
			b := m.call(http.MethodPost, "/cities/hangzhou/bundles/birth", map[string]any{}, http.StatusCreated)
			no, _ := b["no"].(string)
			values := map[string][]string{
				"stage": {"born"}, "day": {"2026-05-01"}, "given_name": {"王小宝"}, "spouse": {"李雷"}, "spouse_number": {"11010519491231002X"}, "address": {"文三路 1 号"},
				"want": {"newborn-name-duplicate-check", "family-planning-registration", "household-service-booking", "medical-insurance-query", "vaccine-booking"},
			}
			for n := 0; b["state"] == "draft" && n < 10; n++ {
				step, _ := view(b)["step"].(string)
				b = m.call(http.MethodPost, "/bundles/"+no+"/steps/"+step, map[string]any{"values": values}, http.StatusOK)
			}
			m.until(no, "newborn-name-duplicate-check", "done")
			b = m.until(no, "household-service-booking", "open")
			for id, want := range map[string]string{"medical-insurance-query": "waits", "social-security-card-service": "skipped"} {
				if got := parts(b)[id]["standing"]; got != want {
					t.Errorf("%s %v, want %s", id, got, want)
				}
			}

			household, _ := parts(b)["household-service-booking"]["case"].(string)
			m.call(http.MethodPost, "/cases/"+household+"/withdraw", map[string]any{}, http.StatusOK)
			b = m.until(no, "household-service-booking", "failed")
			if got := parts(b)["medical-insurance-query"]["standing"]; got != "blocked" {
				t.Errorf("what needed it is %v, want blocked", got)
			}
			if got := parts(m.until(no, "vaccine-booking", "open"))["vaccine-booking"]["case"]; got == nil {
				t.Error("what did not need it has no case")
			}
			m.call(http.MethodPost, "/bundles/"+no+"/members/household-service-booking", map[string]any{"choice": "again"}, http.StatusOK)
			b = m.until(no, "household-service-booking", "open")
			again, _ := parts(b)["household-service-booking"]["case"].(string)
			if again == household || again == "" {
				t.Errorf("trying again gives the case %q, the first was %q", again, household)
			}
			m.call(http.MethodPost, "/bundles/"+no+"/members/household-service-booking", map[string]any{"choice": "leave"}, http.StatusConflict)
			m.call(http.MethodPost, "/cases/"+again+"/withdraw", map[string]any{}, http.StatusOK)
			m.until(no, "household-service-booking", "failed")
			m.call(http.MethodPost, "/bundles/"+no+"/members/household-service-booking", map[string]any{"choice": "leave"}, http.StatusOK)
			m.until(no, "medical-insurance-query", "done")

			cases, _ := m.call(http.MethodGet, "/cases", nil, http.StatusOK)["cases"].([]any)
			if len(cases) != 6 {
				t.Errorf("%d cases were opened, want six: five members, one of them twice", len(cases))
			}
			machine(t, h, h.Resident(t, "L4", 1)).call(http.MethodGet, "/bundles/"+no, nil, http.StatusNotFound)
			b = m.call(http.MethodPost, "/bundles/"+no+"/away", map[string]any{}, http.StatusOK)
			if b["state"] != "closed" {
				t.Errorf("put away it is %v", b["state"])
			}
			m.call(http.MethodPost, "/bundles/"+no+"/members/vaccine-booking", map[string]any{"choice": "leave"}, http.StatusConflict)

			h.Clock.Advance(time.Minute) // a code opens once
			p := resident(t, h, who)
			p.get("/me/export")
			p.stepsUp(who)
			var own struct {
				Bundles []struct {
					No, Bundle, State string
					Answers           map[string]any
					Services          []struct{ ID, Standing, Case string }
				}
			}
			if err := json.Unmarshal(p.Page.Body, &own); err != nil || len(own.Bundles) != 1 {
				t.Fatalf("own data: %v, %d bundles", err, len(own.Bundles))
			}
			one := own.Bundles[0]
			if one.No != no || one.Bundle != "birth" || one.State != "closed" || one.Answers["given_name"] != "王小宝" || len(one.Services) < 5 {
				t.Errorf("own data has the bundle as %+v", one)
			}
			for _, s := range one.Services {
				if s.ID == "household-service-booking" && (s.Case != again || s.Standing != "skipped") {
					t.Errorf("the member that was left is exported as %+v", s)
				}
			}
		})
	}
}

// TestEligibility: the law's answer comes without signing in, with what it rests on.
func TestEligibility(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	anybody := program{t, h, nil}
	at := "/cities/hangzhou/services/marriage-registration-booking/eligibility"
	if fields, _ := anybody.call(http.MethodGet, at, nil, http.StatusOK)["fields"].([]any); len(fields) != 3 {
		t.Errorf("it asks %v", fields)
	}
	got := anybody.call(http.MethodPost, at, map[string]any{"values": map[string][]string{"man": {"21"}, "woman": {"20"}, "kin": {"no"}}}, http.StatusOK)
	reasons, _ := got["reasons"].([]any)
	if got["may"] != false || len(reasons) != 1 || reasons[0].(map[string]any)["basis"] != "《中华人民共和国民法典》第 1047 条" {
		t.Errorf("at 21 and 20: %v", got)
	}
	got = anybody.call(http.MethodPost, at, map[string]any{"values": map[string][]string{"man": {"22"}, "woman": {"20"}, "kin": {"no"}}}, http.StatusOK)
	if got["may"] != true {
		t.Errorf("at 22 and 20: %v", got)
	}
	anybody.call(http.MethodPost, at, map[string]any{"values": map[string][]string{"man": {"old"}}}, http.StatusUnprocessableEntity)
	anybody.call(http.MethodGet, "/cities/hangzhou/services/weather-forecast/eligibility", nil, http.StatusNotFound)
}
