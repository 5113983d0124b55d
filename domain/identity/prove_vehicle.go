package identity

import (
	"context"
	"slices"
	"strconv"

	"zhijian/ground/actor"
	"zhijian/ground/fault"
	"zhijian/ground/format"
	"zhijian/ground/seal"
)

// ProveVehicle reaches L4; needs L3, else fault.Denied "level.card". The register, the bank and the vehicle office
// are asked again, all of them, so that login, phone, card holder, vehicle owner and licence holder are one person
// now. One identical answer whichever of the five does not match. At L4 it adds a vehicle. Faults as of ProveName,
// on "plate" and "consent".
func (d *Desk) ProveVehicle(ctx context.Context, a actor.Actor, p VehicleProof) (token string, r Resident, err error) {
	defer fault.Wrap(&err, "prove vehicle of %s", a)
	id, err := resident(a)
	if err != nil {
		return "", Resident{}, err
	}
	plate, err := readPlate(p)
	if err != nil {
		return "", Resident{}, err
	}
	me, err := d.c.Residents.Resident(ctx, id)
	if err != nil {
		return "", Resident{}, err
	}
	if me.Level < 3 {
		return "", Resident{}, needCard(me)
	}
	return d.padded(ctx, func() (string, Resident, error) { return d.proveVehicle(ctx, a, me, plate) })
}

func (d *Desk) proveVehicle(ctx context.Context, a actor.Actor, me Resident, plate seal.Text) (string, Resident, error) {
	if err := d.fiveInOne(ctx, a, me, plate); err != nil {
		return "", Resident{}, err
	}
	return d.raise(ctx, a, ForVehicle, 4, func(f *File) error {
		r := &f.Resident
		if r.Level < 3 || r.Card != me.Card || r.CitizenNumber != me.CitizenNumber { // withdrawn or replaced meanwhile
			return needCard(*r)
		}
		if !slices.Contains(r.Plates, plate) {
			r.Plates = append(r.Plates, plate)
		}
		return nil
	})
}

// fiveInOne asks all three offices. A plate that keeps failing is closed for everybody for the day.
func (d *Desk) fiveInOne(ctx context.Context, a actor.Actor, me Resident, plate seal.Text) error {
	failed := d.c.Limits.plateDraw(plate.Reveal())
	if left, err := d.c.Purse.Left(ctx, failed.budget, failed.target); err != nil {
		return err
	} else if left == 0 {
		return d.spend(ctx, failed) // refuses, with the time to wait
	}
	err := d.judge(ctx, a, []draw{
		d.c.Limits.proofDraw("vehicle", "resident", strconv.FormatInt(a.ID, 10)),
		d.c.Limits.proofDraw("vehicle", "number", me.CitizenNumber.Reveal()),
	}, func(v *verdict) {
		v.add(d.c.Register.Match(ctx, me.Name, me.CitizenNumber, me.Phone))
		ok, _, err := d.c.Bank.Holder(ctx, me.Name, me.CitizenNumber, me.Card, me.CardPhone)
		v.add(ok, err)
		v.add(d.c.Vehicles.Owner(ctx, me.Name, me.CitizenNumber, me.Phone, plate))
	})
	if f := fault.Of(err); f != nil && f.Code == "proof.mismatch" {
		if err := d.spend(ctx, failed); err != nil {
			return err
		}
	}
	return err
}

// needCard says which proof comes first.
func needCard(r Resident) error {
	if r.Level < 2 {
		return needName()
	}
	return fault.Denied("level.card", "请先用本人银行卡再核实一次身份")
}

func readPlate(p VehicleProof) (seal.Text, error) {
	plate, err := format.Plate(p.Plate)
	return seal.Plain(plate), fault.Join(on(err, "plate"), consented(p.Consent))
}
