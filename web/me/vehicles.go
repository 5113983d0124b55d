package me

import (
	"context"
	"net/http"

	"zhijian/door"
	"zhijian/ground/actor"
	"zhijian/ground/fault"
	"zhijian/ground/format"
	"zhijian/ui/component"
)

// Vehicles keeps the plates a resident saved for forms; identity.Desk does.
type Vehicles interface {
	SaveVehicle(ctx context.Context, a actor.Actor, plate string) error
	DropVehicle(ctx context.Context, a actor.Actor, plate string) error
}

func (m *Me) vehicleRoutes() []door.Route {
	route := func(method, path, about string, h door.Handler) door.Route {
		return door.Route{Method: method, Path: path, About: about, Access: door.ResidentAt(1), Handler: h}
	}
	return []door.Route{
		route(http.MethodGet, "/me/vehicles", "vehicles to pick in forms", m.vehicles),
		route(http.MethodGet, "/me/vehicles/add", "save a vehicle", m.askVehicle),
		route(http.MethodPost, "/me/vehicles/add", "save a vehicle", m.addVehicle),
		route(http.MethodPost, "/me/vehicles/drop", "forget a vehicle", m.dropVehicle),
	}
}

// vehicles lists what can be picked. A vehicle proven theirs has no button: its proof is withdrawn under privacy.
func (m *Me) vehicles(w http.ResponseWriter, r *door.Request) error {
	title := m.f.T(r, "me.vehicles")
	p := m.f.Page(r, title)
	p.Tab, p.Plain = "me", true
	q := keptPage{
		nav: component.Nav{Title: title, Back: r.Next("/me")}, flash: m.f.Flash(w, r), title: title, lead: m.f.T(r, "me.vehicles.none"), note: m.f.T(r, "me.vehicles.note"),
		acts: []component.Button{{Text: m.f.T(r, "me.vehicles.add"), Href: door.With("/me/vehicles/add", r.Next("")), Block: true}},
	}
	one := keptList{}
	for _, v := range r.Resident.Garage() {
		shown := format.PlateShow(v.Plate.Reveal())
		it := component.Item{Title: shown, Icon: "car"}
		if v.Proven {
			it.Lines = []string{m.f.T(r, "me.vehicles.proven")}
		} else {
			it.Side = component.PostButton{
				Action: "/me/vehicles/drop", Hidden: append(next(r), component.Hidden{Name: "plate", Value: v.Plate.Reveal()}),
				Button: component.Button{Text: m.f.T(r, "me.vehicles.drop"), Tone: component.Line, Small: true, Spoken: shown},
			}
		}
		one.items = append(one.items, it)
	}
	if len(one.items) > 0 {
		q.lead, q.lists = m.f.T(r, "me.vehicles.lead"), []keptList{one}
	}
	if to := r.Next(""); to != "" {
		q.acts = append(q.acts, component.Button{Text: m.f.T(r, "me.people.back"), Href: to, Tone: component.Line, Block: true})
	}
	return m.f.Render(w, r, http.StatusOK, p, keptView(q))
}

func (m *Me) askVehicle(w http.ResponseWriter, r *door.Request) error {
	return m.drawVehicle(w, r, http.StatusOK, nil)
}

func (m *Me) drawVehicle(w http.ResponseWriter, r *door.Request, status int, wrong error) error {
	title := m.f.T(r, "me.vehicles.add")
	p := m.f.Page(r, title)
	p.Plain, p.Failed = true, wrong != nil
	q := namedPage{
		nav: component.Nav{Title: title, Back: door.With("/me/vehicles", r.Next(""))}, errors: m.summary(r, wrong, "plate"), title: title,
		form: component.Form{Action: "/me/vehicles/add", Hidden: next(r)}, inputs: vehicleInputs(m, r, wrong),
		use: component.Inset{Title: m.f.T(r, "me.proof.use")}, purpose: m.f.T(r, "me.vehicles.use"),
		bar: component.ActionBar{Button: component.Button{Text: m.f.T(r, "me.vehicles.save")}},
	}
	return m.f.Render(w, r, status, p, namedView(q))
}

func (m *Me) addVehicle(w http.ResponseWriter, r *door.Request) error {
	err := m.c.Vehicles.SaveVehicle(r.Context(), r.Actor, r.Value("plate"))
	if f := fault.Of(err); f != nil && mendable(f.Kind) {
		return m.drawVehicle(w, r, statusOf(f.Kind), err)
	}
	if err != nil {
		return err
	}
	r.Flash(w, "me.flash.vehicle")
	return r.See(w, door.With("/me/vehicles", r.Next("")))
}

func (m *Me) dropVehicle(w http.ResponseWriter, r *door.Request) error {
	err := m.c.Vehicles.DropVehicle(r.Context(), r.Actor, r.Value("plate"))
	if err != nil && !fault.Is(err, fault.KindInvalid) {
		return err
	}
	if err == nil {
		r.Flash(w, "me.flash.dropped")
	}
	return r.See(w, door.With("/me/vehicles", r.Next("")))
}
