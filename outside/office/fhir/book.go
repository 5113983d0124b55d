package fhir

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/outside/office"
)

// goodID is what FHIR lets an id be.
var goodID = regexp.MustCompile(`^[A-Za-z0-9\-.]{1,64}$`)

func (d *Driver) schedules(ctx context.Context, specialty, actor, service string) (map[string]any, error) {
	q := url.Values{"active": {"true"}, "_count": {"100"}}
	for name, v := range map[string]string{"specialty": specialty, "actor": actor, "service-type": service} {
		if v != "" {
			q.Set(name, v)
		}
	}
	found, err := d.search(ctx, "Schedule", q)
	if err != nil {
		return nil, err
	}
	items := []any{}
	for _, s := range found {
		id, _ := s["id"].(string)
		if !goodID.MatchString(id) {
			continue
		}
		one := map[string]any{"id": id, "name": cmp.Or(display(s["actor"]), id)}
		if x := concept(s["specialty"]); x != "" {
			one["specialty"] = x
		}
		items = append(items, one)
	}
	return map[string]any{"known": len(items) > 0, "items": items}, nil
}

// display gives the names of references: "王医生、心内科".
func display(v any) string {
	var names []string
	for _, r := range list(v) {
		if s, _ := r["display"].(string); s != "" {
			names = append(names, s)
		}
	}
	return strings.Join(names, "、")
}

// concept gives the wording of the first codeable concept.
func concept(v any) string {
	for _, c := range list(v) {
		if s, _ := c["text"].(string); s != "" {
			return s
		}
		for _, x := range list(c["coding"]) {
			if s, _ := x["display"].(string); s != "" {
				return s
			}
		}
	}
	return ""
}

func (d *Driver) slots(ctx context.Context, schedule string, days int64) (map[string]any, error) {
	if !goodID.MatchString(schedule) {
		return nil, errors.New("slots are asked for by the id of a schedule")
	}
	if days < 1 || days > 60 {
		days = 7
	}
	now := d.clock.Now()
	found, err := d.search(ctx, "Slot", url.Values{
		"schedule": {"Schedule/" + schedule}, "_count": {"200"},
		"start": {"ge" + now.UTC().Format(time.RFC3339), "lt" + now.AddDate(0, 0, int(days)).UTC().Format(time.RFC3339)},
	})
	if err != nil {
		return nil, err
	}
	slots := []any{}
	for _, s := range found {
		id, _ := s["id"].(string)
		start, err1 := instant(s["start"])
		end, err2 := instant(s["end"])
		status, _ := s["status"].(string)
		if !goodID.MatchString(id) || err1 != nil || err2 != nil || !end.After(start) || status == "entered-in-error" || len(slots) == mostSlots {
			continue
		}
		left := int64(0)
		if status == "free" {
			left = 1
		}
		slots = append(slots, map[string]any{"id": id, "start": start.Format(time.RFC3339), "end": end.Format(time.RFC3339), "capacity": int64(1), "left": left})
	}
	slices.SortStableFunc(slots, func(a, b any) int {
		return cmp.Compare(a.(map[string]any)["start"].(string), b.(map[string]any)["start"].(string))
	})
	return map[string]any{"slots": slots}, nil
}

// instant reads a FHIR instant and gives it as Shanghai has it.
func instant(v any) (time.Time, error) {
	s, _ := v.(string)
	t, err := time.Parse(time.RFC3339, s)
	return t.In(clock.Shanghai), err
}

// token is a search for the key under System.
func token(key string) url.Values { return url.Values{"identifier": {System + "|" + key}} }

func identifier(key string) []any { return []any{resource{"system": System, "value": key}} }

// book makes an appointment unless one with the key exists; then that one is the answer.
func (d *Driver) book(ctx context.Context, key string, text func(string) string) (map[string]any, error) {
	slot := text("slot")
	if !goodID.MatchString(slot) {
		return nil, office.Refused("slot", "没有这个时间可约，请重新选一个")
	}
	patient := resource{"resourceType": "Patient", "id": "p", "name": []any{resource{"text": text("name")}}}
	if phone := text("phone"); phone != "" {
		patient["telecom"] = []any{resource{"system": "phone", "value": phone}}
	}
	body := resource{
		"resourceType": "Appointment", "status": "booked", "identifier": identifier(key), "contained": []any{patient},
		"slot":        []any{resource{"reference": "Slot/" + slot}},
		"participant": []any{resource{"actor": resource{"reference": "#p"}, "status": "accepted"}},
	}
	if c := text("comment"); c != "" {
		body["comment"] = c
	}
	made, err := d.create(ctx, key, body)
	if err != nil {
		return nil, err
	}
	if !live(made) {
		return nil, office.Refused("cancelled", "这次预约已经取消，请重新预约")
	}
	return map[string]any{"done": true, "code": code(made)}, nil
}

func (d *Driver) create(ctx context.Context, key string, body resource) (resource, error) {
	made, err := d.send(ctx, http.MethodPost, d.base+"/Appointment", body, http.Header{"If-None-Exist": {token(key).Encode()}})
	if err == nil && made["resourceType"] != "Appointment" {
		return nil, office.Silent(errors.New("no appointment"))
	}
	return made, err
}

// code is what the resident shows: the office's own identifier, or else the resource's id.
func code(appointment resource) string {
	for _, i := range list(appointment["identifier"]) {
		if v, _ := i["value"].(string); v != "" && i["system"] != System {
			return v
		}
	}
	id, _ := appointment["id"].(string)
	return id
}

// live reports whether an appointment holds: it is neither called off nor a mistake.
func live(appointment resource) bool {
	switch appointment["status"] {
	case "proposed", "pending", "booked", "arrived", "fulfilled", "checked-in":
		return true
	}
	return false
}

// find gives the appointment with a key, nil for none.
func (d *Driver) find(ctx context.Context, key string) (resource, error) {
	if key == "" {
		return nil, errors.New("an appointment is found by its key")
	}
	found, err := d.search(ctx, "Appointment", token(key))
	if err != nil || len(found) == 0 {
		return nil, err
	}
	for _, a := range found {
		if live(a) {
			return a, nil
		}
	}
	return found[0], nil
}

func (d *Driver) booked(ctx context.Context, key string) (map[string]any, error) {
	a, err := d.find(ctx, key)
	if err != nil {
		return nil, err
	}
	if a == nil || !live(a) {
		return map[string]any{"booked": false}, nil
	}
	return map[string]any{"booked": true, "code": code(a)}, nil
}

// cancel makes sure that no appointment with the key holds, now or later.
func (d *Driver) cancel(ctx context.Context, key string) (map[string]any, error) {
	a, err := d.find(ctx, key)
	if err != nil {
		return nil, err
	}
	if a == nil {
		a, err = d.create(ctx, key, resource{
			"resourceType": "Appointment", "status": "cancelled", "identifier": identifier(key),
			"participant": []any{resource{"actor": resource{"display": "-"}, "status": "declined"}},
		})
		if err != nil {
			return nil, err
		}
	}
	if !live(a) {
		return map[string]any{"done": true}, nil
	}
	if a["status"] == "fulfilled" || a["status"] == "arrived" || a["status"] == "checked-in" {
		return nil, office.Refused("arrived", "已经到场，不能再取消")
	}
	id, _ := a["id"].(string)
	if !goodID.MatchString(id) {
		return nil, office.Silent(errors.New("an appointment without an id"))
	}
	extra := http.Header{}
	if meta, _ := a["meta"].(resource); meta != nil {
		if v, _ := meta["versionId"].(string); goodID.MatchString(v) {
			extra.Set("If-Match", `W/"`+v+`"`)
		}
	}
	a["status"] = "cancelled"
	changed, err := d.send(ctx, http.MethodPut, d.base+"/Appointment/"+id, a, extra)
	if fault.Is(err, fault.KindConflict) {
		return nil, office.Silent(err) // somebody changed it meanwhile: the next try reads it again
	}
	if err != nil {
		return nil, err
	}
	if live(changed) {
		return nil, office.Silent(errors.New("the server left the appointment as it was"))
	}
	return map[string]any{"done": true}, nil
}
