package identity

import (
	"context"
	"slices"
	"strconv"
	"time"

	"zhijian/ground/actor"
	"zhijian/ground/budget"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/format"
	"zhijian/ground/seal"
)

// Relation is what a saved person is to the resident who saved them.
type Relation string

// The relations.
const (
	Child  Relation = "child"
	Parent Relation = "parent"
	Spouse Relation = "spouse"
	Other  Relation = "other"
)

// Relations lists them in the order a form shows them.
func Relations() []Relation { return []Relation{Child, Parent, Spouse, Other} }

// Person is somebody a resident saved, to fill forms with.
type Person struct {
	ID            int64
	Relation      Relation
	Name          seal.Text
	CitizenNumber seal.Text
	Saved         time.Time
	// Confirmed is when the household register said that this is the resident's child; zero for anybody else.
	Confirmed time.Time
}

// adult is the age from which parents act for their children no longer (Civil Code 17).
const adult = 18

// MayActFor reports a child of the resident's own that is still a minor at now: its parents are its lawful agents (Civil Code 23, 27).
func (p Person) MayActFor(now time.Time) bool {
	c, ok := format.CitizenOf(p.CitizenNumber.Reveal())
	return ok && p.Relation == Child && !p.Confirmed.IsZero() && c.AgeAt(now) < adult
}

// maxPeople bounds whom one resident saves.
const maxPeople = 20

// peopleOffered is how many people one may save in a day: each child is asked for at the household register.
var peopleOffered = budget.Budget{Name: "people.saved.day", Limit: 20, Window: day}

// NewPerson is somebody to be saved, as it was typed.
type NewPerson struct {
	Name          string
	CitizenNumber string
	Relation      Relation
	Consent       bool // that the person knows, or is one's own child (PIPL 29, 31)
}

// String hides what was typed.
func (NewPerson) String() string { return hidden }

// GoString hides what was typed from %#v.
func (NewPerson) GoString() string { return hidden }

// MarshalJSON hides what was typed from JSON.
func (NewPerson) MarshalJSON() ([]byte, error) { return []byte(`"` + hidden + `"`), nil }

// People lists whom the actor saved, first saved first. The house may read anybody's by Resident.
func (d *Desk) People(ctx context.Context, a actor.Actor) (list []Person, err error) {
	defer fault.Wrap(&err, "list people of %s", a)
	id, err := resident(a)
	if err != nil {
		return nil, err
	}
	return d.c.Residents.People(ctx, id)
}

// SavePerson keeps somebody for the actor's forms; who is there already stays as they are. Of a child the household register is asked whether
// it is the actor's own; a child that it does not know, or a silent register, is saved all the same, and can be confirmed later by saving it again.
// fault.Invalid on "name", "citizen_number", "relation", "consent"; fault.Denied "level.name" below L2; fault.Conflict "people.full" at 20,
// "people.self" for the actor's own number.
func (d *Desk) SavePerson(ctx context.Context, a actor.Actor, p NewPerson) (saved Person, err error) {
	defer fault.Wrap(&err, "save a person of %s", a)
	me, err := d.named(ctx, a)
	if err != nil {
		return Person{}, err
	}
	one, err := d.readPerson(p)
	if err != nil {
		return Person{}, err
	}
	if one.CitizenNumber == me.CitizenNumber {
		return Person{}, fault.Conflict("people.self", "这是您自己的身份证号，不用添加").On("citizen_number")
	}
	if err := d.c.Purse.Spend(ctx, peopleOffered, strconv.FormatInt(me.ID, 10)); err != nil {
		return Person{}, err
	}
	if one.Relation == Child && d.c.Households != nil {
		yes, err := d.c.Households.Child(ctx, me.Name, me.CitizenNumber, one.Name, one.CitizenNumber)
		if err != nil && !fault.Is(err, fault.KindUnavailable) {
			return Person{}, err
		}
		if yes {
			one.Confirmed = d.c.Clock.Now()
		}
	}
	one.ID, one.Saved = d.c.IDs.ID(), d.c.Clock.Now()
	_, err = d.c.Residents.Change(ctx, me.ID, 0, func(f *File) ([]event.Body, error) {
		var bodies []event.Body
		saved, bodies, err = f.keep(one, a)
		return bodies, err
	})
	return saved, err
}

// keep is the rule of SavePerson.
func (f *File) keep(one Person, a actor.Actor) (Person, []event.Body, error) {
	i := slices.IndexFunc(f.People, func(p Person) bool { return p.CitizenNumber == one.CitizenNumber })
	bodies := []event.Body{}
	if agree(f, ForPeople, one.Saved) {
		bodies = append(bodies, Consented{Meta: by(a), Resident: f.ID, Purpose: ForPeople, Version: ConsentVersion})
	}
	switch {
	case i >= 0 && f.People[i].Name == one.Name && f.People[i].Relation == one.Relation && f.People[i].Confirmed.IsZero() == one.Confirmed.IsZero():
		if len(bodies) == 0 {
			return f.People[i], nil, nil
		}
		return f.People[i], bodies, nil
	case i >= 0:
		one.ID, one.Saved = f.People[i].ID, f.People[i].Saved
		f.People[i] = one
	case len(f.People) >= maxPeople:
		return Person{}, nil, fault.Conflict("people.full", "最多保存 %d 个人，请先去掉几个", maxPeople)
	default:
		f.People = append(f.People, one)
	}
	return one, append(bodies, PersonSaved{Meta: by(a), Resident: f.ID, Person: one.ID, Relation: one.Relation, Confirmed: !one.Confirmed.IsZero()}), nil
}

// DropPerson forgets somebody; one who is not there stays so.
func (d *Desk) DropPerson(ctx context.Context, a actor.Actor, person int64) (err error) {
	defer fault.Wrap(&err, "drop a person of %s", a)
	id, err := resident(a)
	if err != nil {
		return err
	}
	_, err = d.c.Residents.Change(ctx, id, 0, func(f *File) ([]event.Body, error) {
		i := slices.IndexFunc(f.People, func(p Person) bool { return p.ID == person })
		if i < 0 {
			return nil, nil
		}
		f.People = slices.Delete(f.People, i, i+1)
		return []event.Body{PersonDropped{Meta: by(a), Resident: id, Person: person}}, nil
	})
	return err
}

// named gives the actor's own record if they are proven by name; fault.Denied "level.name" otherwise.
func (d *Desk) named(ctx context.Context, a actor.Actor) (Resident, error) {
	id, err := resident(a)
	if err != nil {
		return Resident{}, err
	}
	me, err := d.c.Residents.Resident(ctx, id)
	if err != nil {
		return Resident{}, err
	}
	if me.Level < 2 {
		return Resident{}, fault.Denied("level.name", "请先完成实名认证")
	}
	return me, nil
}

func (d *Desk) readPerson(p NewPerson) (Person, error) {
	n, nameErr := format.PersonName(p.Name)
	c, numberErr := format.CitizenNumber(p.CitizenNumber, d.c.Clock.Now())
	var noRelation *fault.Error
	if !slices.Contains(Relations(), p.Relation) {
		noRelation = fault.Invalid("people.relation", "请选一项：孩子、父母、配偶或其他").On("relation")
	}
	var notTold *fault.Error
	if !p.Consent {
		notTold = fault.Invalid("people.consent", "请确认对方知道并同意，才能保存").On("consent")
	}
	return Person{Relation: p.Relation, Name: seal.Plain(n), CitizenNumber: seal.Plain(c)},
		fault.Join(on(nameErr, "name"), on(numberErr, "citizen_number"), noRelation, notTold)
}
