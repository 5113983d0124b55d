package identity

import (
	"context"
	"slices"

	"zhijian/ground/actor"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/format"
	"zhijian/ground/seal"
)

// maxVehicles bounds the plates one resident saves: a household's, not a fleet's.
const maxVehicles = 10

// Vehicle is one that a resident can pick in forms.
type Vehicle struct {
	Plate seal.Text
	// Proven says that it is theirs by ProveVehicle. One that was only saved may be anybody's and proves nothing.
	Proven bool
}

// Garage lists the vehicles a resident can pick in forms: those proven theirs, then those saved, each plate once.
func (r Resident) Garage() []Vehicle {
	var list []Vehicle
	for _, p := range r.Plates {
		list = append(list, Vehicle{Plate: p, Proven: true})
	}
	for _, p := range r.SavedPlates {
		if !slices.Contains(r.Plates, p) {
			list = append(list, Vehicle{Plate: p})
		}
	}
	return list
}

// SaveVehicle keeps a plate, as it was typed, for the actor's forms; one that can be picked already stays as it is.
// fault.Invalid on "plate"; fault.Conflict "vehicle.full" at 10.
func (d *Desk) SaveVehicle(ctx context.Context, a actor.Actor, plate string) (err error) {
	defer fault.Wrap(&err, "save a vehicle of %s", a)
	return d.garage(ctx, a, plate, func(f *File, one seal.Text) (event.Body, error) {
		switch {
		case slices.Contains(f.Plates, one), slices.Contains(f.SavedPlates, one):
			return nil, nil
		case len(f.SavedPlates) >= maxVehicles:
			return nil, fault.Conflict("vehicle.full", "最多保存 %d 辆车，请先去掉几辆", maxVehicles).On("plate")
		}
		f.SavedPlates = append(f.SavedPlates, one)
		return VehicleSaved{Meta: by(a), Resident: f.ID}, nil
	})
}

// DropVehicle forgets a plate that was saved; one that is not there stays so. What was proven is withdrawn by Withdraw.
func (d *Desk) DropVehicle(ctx context.Context, a actor.Actor, plate string) (err error) {
	defer fault.Wrap(&err, "drop a vehicle of %s", a)
	return d.garage(ctx, a, plate, func(f *File, one seal.Text) (event.Body, error) {
		i := slices.Index(f.SavedPlates, one)
		if i < 0 {
			return nil, nil
		}
		f.SavedPlates = slices.Delete(f.SavedPlates, i, i+1)
		return VehicleDropped{Meta: by(a), Resident: f.ID}, nil
	})
}

// garage changes the actor's plates by a rule, which gives no event when it changed nothing.
func (d *Desk) garage(ctx context.Context, a actor.Actor, plate string, rule func(*File, seal.Text) (event.Body, error)) error {
	id, err := resident(a)
	if err != nil {
		return err
	}
	normal, err := format.Plate(plate)
	if err != nil {
		return on(err, "plate")
	}
	_, err = d.c.Residents.Change(ctx, id, 0, func(f *File) ([]event.Body, error) {
		body, err := rule(f, seal.Plain(normal))
		if body == nil || err != nil {
			return nil, err
		}
		return []event.Body{body}, nil
	})
	return err
}
