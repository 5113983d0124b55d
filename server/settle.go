package server

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"zhijian/domain/identity"
	"zhijian/domain/service"
	"zhijian/domain/staff"
	"zhijian/ground/actor"
	"zhijian/ground/budget"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
	"zhijian/sandbox"
	"zhijian/store"
)

// settler is one imitation resident and the level to bring them to.
type settler struct {
	person sandbox.Person
	level  int
}

// member is one imitation person of a department; department is empty for the operator.
type member struct{ department, slug, user, password, totp string }

const (
	demoCity    = "330100" // Hangzhou
	demoSettled = 16       // residents at L4
)

// settlers chooses who lives in the demonstration: enough people at L4 with a car, two each at L1 to L3, four who
// never signed in.
func settlers(all []sandbox.Person) []settler {
	var list []settler
	plan := map[int]int{4: demoSettled, 3: 2, 2: 2, 1: 2, 0: 4}
	for _, level := range []int{4, 3, 2, 1, 0} {
		for _, p := range all {
			if plan[level] == 0 {
				break
			}
			if p.Region != demoCity || len(p.Vehicles) == 0 || chosen(list, p) {
				continue
			}
			list = append(list, settler{p, level})
			plan[level]--
		}
	}
	return list
}

func chosen(list []settler, p sandbox.Person) bool {
	for _, s := range list {
		if s.person.Phone == p.Phone {
			return true
		}
	}
	return false
}

// demoPair is the department of the demonstration that has two people: what takes two can be tried there.
const demoPair = "hangzhou-traffic-police"

// crewOf gives every department of the demonstration city a person, one of them two, and the operator one.
func crewOf(h *House, seed int64) []member {
	var list []member
	if pack, ok := h.facts.catalogue.City(demoCity); ok {
		for _, d := range pack.Departments {
			user := strings.TrimPrefix(d.Slug, "hangzhou-")
			list = append(list, member{d.Name.Zh, d.Slug, user, passwordOf(seed, user), totpOf(seed, user)})
			if user += "-2"; d.Slug == demoPair {
				list = append(list, member{d.Name.Zh, d.Slug, user, passwordOf(seed, user), totpOf(seed, user)})
			}
		}
	}
	if pack, ok := h.facts.catalogue.City("320500"); ok { // whose halls are kept in the house itself
		for _, d := range pack.Departments {
			if d.Slug == "suzhou-service-hall" {
				list = append(list, member{d.Name.Zh, d.Slug, "suzhou-hall", passwordOf(seed, "suzhou-hall"), totpOf(seed, "suzhou-hall")})
			}
		}
	}
	if pack, ok := h.facts.catalogue.City("110000"); ok { // where the house itself draws
		for _, x := range demoDrawers {
			for _, d := range pack.Departments {
				if d.Slug == x.slug {
					list = append(list, member{d.Name.Zh, d.Slug, x.user, passwordOf(seed, x.user), totpOf(seed, x.user)})
				}
			}
		}
	}
	for _, d := range h.newDepartments() { // two each: what one writes another approves
		for _, user := range []string{d.Slug, d.Slug + "-2"} {
			list = append(list, member{d.Name.Zh, d.Slug, user, passwordOf(seed, user), totpOf(seed, user)})
		}
	}
	return append(list, member{user: "operator", password: passwordOf(seed, "operator"), totp: totpOf(seed, "operator")})
}

// newDepartments are those that an operator's own folder adds to the demonstration.
func (h *House) newDepartments() (out []service.DepartmentSeed) {
	if h.c.Catalogue == "" {
		return nil
	}
	known := map[string]bool{}
	if f, err := carried[true](); err == nil {
		for _, code := range f.catalogue.Cities() {
			pack, _ := f.catalogue.City(code)
			for _, d := range pack.Departments {
				known[d.Slug] = true
			}
		}
	}
	for _, code := range h.facts.catalogue.Cities() {
		pack, _ := h.facts.catalogue.City(code)
		for _, d := range pack.Departments {
			if !known[d.Slug] {
				out = append(out, d)
			}
		}
	}
	return out
}

func logins(people []settler, crew []member) Logins {
	var l Logins
	for _, s := range people {
		r := ResidentLogin{
			Level: fmt.Sprintf("L%d", s.level), Phone: s.person.Phone, Name: s.person.Name, CitizenNumber: s.person.CitizenNumber,
			BankCard: s.person.BankCard, Accounts: map[string]string{"electricity": s.person.Electricity}, City: "hangzhou",
			Engines: map[string]string{},
		}
		for _, v := range s.person.Vehicles {
			r.Plates = append(r.Plates, v.Plate)
			r.Engines[v.Plate] = v.Engine[len(v.Engine)-6:]
		}
		for _, k := range s.person.Children {
			r.Children = append(r.Children, ChildLogin{k.Name, k.CitizenNumber})
		}
		l.Residents = append(l.Residents, r)
	}
	for _, m := range crew {
		login := StaffLogin{Department: m.department, User: m.user, Password: m.password, TOTPSecret: m.totp}
		if m.department == "" {
			l.Operator = login
		} else {
			l.Staff = append(l.Staff, login)
		}
	}
	return l
}

// settle signs the people in and proves them through the same counters that residents use, once per data folder.
func (d *Demo) settle(ctx context.Context, dir string, people []settler, crew []member) error {
	mark := filepath.Join(dir, "settled")
	if _, err := os.Stat(mark); err == nil {
		return d.join(ctx, crew)
	} else if !errors.Is(err, os.ErrNotExist) {
		return err
	}
	box := &letterBox{}
	desk, err := d.House.settlingDesk(box)
	if err != nil {
		return err
	}
	for _, s := range people {
		if err := settleOne(ctx, desk, box, s); err != nil {
			return fmt.Errorf("settle a resident at L%d: %w", s.level, err)
		}
	}
	var drawers []actor.Actor
	for _, m := range crew {
		enrolled, err := d.House.enroll(ctx, m)
		if err != nil {
			return fmt.Errorf("enrol %s: %w", m.user, err)
		}
		if strings.HasPrefix(m.slug, "beijing-") {
			drawers = append(drawers, actor.Actor{Kind: actor.Staff, ID: enrolled.ID, Department: enrolled.Department})
		}
	}
	if len(drawers) == len(demoDrawers) {
		if err := d.House.settleDraws(ctx, d.World.Residents(), drawers); err != nil {
			return fmt.Errorf("settle the draws: %w", err)
		}
	}
	return os.WriteFile(mark, nil, 0o600)
}

// join enrols who came since: the staff of departments that an operator's own folder has got in the meantime.
func (d *Demo) join(ctx context.Context, crew []member) error {
	for _, x := range d.House.newDepartments() {
		for _, m := range crew {
			if m.slug != x.Slug {
				continue
			}
			if _, err := d.House.enroll(ctx, m); err != nil && !fault.Is(err, fault.KindConflict) {
				return fmt.Errorf("enrol %s: %w", m.user, err)
			}
		}
	}
	return nil
}

// settlingDesk is identity's counter with a letter box in this process in place of the SMS gateway and with budgets
// that are not charged, so that a program can sign in as these people right afterwards.
func (h *House) settlingDesk(box *letterBox) (*identity.Desk, error) {
	return identity.New(identity.Config{
		Residents: store.Residents{DB: h.db, Ring: h.ring}, Sessions: store.Sessions{DB: h.db, Ring: h.ring}, Codes: store.Codes{DB: h.db},
		SMS: box, Register: h.world.register(), Bank: h.world.bank(), Vehicles: h.world.vehicles(),
		Purse: freePurse{}, Ring: h.ring, Clock: h.c.Clock, IDs: h.ids, Limits: identity.Limits{MinProof: -1, CodePause: time.Millisecond},
	})
}

func settleOne(ctx context.Context, desk *identity.Desk, box *letterBox, s settler) error {
	if s.level == 0 {
		return nil
	}
	from := identity.Caller{Client: "demo", Browser: "demo", Device: "演示"}
	if err := desk.SendCode(ctx, actor.Actor{}, s.person.Phone, from); err != nil {
		return err
	}
	token, r, err := desk.SignIn(ctx, actor.Actor{}, s.person.Phone, box.code(), from)
	if err != nil {
		return err
	}
	proofs := []func(actor.Actor) (string, identity.Resident, error){
		func(a actor.Actor) (string, identity.Resident, error) {
			return desk.ProveName(ctx, a, identity.NameProof{Name: s.person.Name, CitizenNumber: s.person.CitizenNumber, Consent: true})
		},
		func(a actor.Actor) (string, identity.Resident, error) {
			return desk.ProveCard(ctx, a, identity.CardProof{Number: s.person.BankCard, Phone: s.person.Phone, Consent: true})
		},
		func(a actor.Actor) (string, identity.Resident, error) {
			return desk.ProveVehicle(ctx, a, identity.VehicleProof{Plate: s.person.Vehicles[0].Plate, Consent: true})
		},
	}
	for level := r.Level; level < s.level; level++ {
		session, known, err := desk.Who(ctx, token)
		if err != nil {
			return err
		}
		a := actor.Actor{Kind: actor.Resident, ID: known.ID, Level: known.Level, Session: session.ID}
		if token, _, err = proofs[level-1](a); err != nil {
			return err
		}
	}
	session, known, err := desk.Who(ctx, token)
	if err != nil {
		return err
	}
	return desk.SignOut(ctx, actor.Actor{Kind: actor.Resident, ID: known.ID, Level: known.Level, Session: session.ID})
}

func (h *House) enroll(ctx context.Context, m member) (staff.Member, error) {
	e := staff.Enrolment{User: m.user, Name: m.user, Password: m.password, TOTP: m.totp, Operator: m.slug == ""}
	if m.slug != "" {
		for _, city := range h.facts.catalogue.Cities() {
			list, err := h.rooms.department.Of(ctx, city)
			if err != nil {
				return staff.Member{}, err
			}
			for _, d := range list {
				if d.Slug == m.slug {
					e.Department = d.ID
				}
			}
		}
	}
	enrolled, _, err := h.rooms.staff.Enroll(ctx, actor.House, e)
	return enrolled, err
}

// letterBox is an SMS gateway within the process: it keeps the last text.
type letterBox struct{ text string }

// Send keeps the text.
func (b *letterBox) Send(_ context.Context, _ seal.Text, text string) error {
	b.text = text
	return nil
}

// code is the first run of six digits in the last text.
func (b *letterBox) code() string {
	run := 0
	for i := range len(b.text) {
		if b.text[i] < '0' || b.text[i] > '9' {
			run = 0
			continue
		}
		if run++; run == 6 {
			return b.text[i-5 : i+1]
		}
	}
	return ""
}

// freePurse charges nothing. Only the settling of a demonstration may use it.
type freePurse struct{}

// Spend takes nothing.
func (freePurse) Spend(context.Context, budget.Budget, string) error { return nil }

// Return has nothing to give back.
func (freePurse) Return(context.Context, budget.Budget, string) error { return nil }

// Left is the whole budget.
func (freePurse) Left(_ context.Context, b budget.Budget, _ string) (int, error) { return b.Limit, nil }
