package identity_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zhijian/domain/identity"
	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/store/sqldb"
	"zhijian/testkit"
)

func TestClimbToFiveInOne(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w, ctx := newWorld(t, db), context.Background()
		a, _ := w.climb(zhang, 4)
		r, err := w.desk.Resident(ctx, a, a.ID)
		if err != nil || r.Level != 4 || r.Name.Reveal() != "张三" || r.CitizenNumber.Reveal() != zhang.number ||
			r.Card.Reveal() != zhang.card || r.CardPhone.Reveal() != zhang.phone || r.Bank != "中国工商银行" ||
			len(r.Plates) != 1 || r.Plates[0].Reveal() != "浙A12345" || !r.ProvenAt.Equal(w.clock.Now()) {
			t.Fatalf("reached %+v, %v", r, err)
		}
		consents, err := w.desk.Consents(ctx, a)
		var purposes []string
		for _, c := range consents {
			purposes = append(purposes, c.Purpose)
			if c.Version != identity.ConsentVersion || c.Given.IsZero() || !c.Ended.IsZero() {
				t.Errorf("consent %+v", c)
			}
		}
		if want := []string{identity.ForVehicle, identity.ForCard, identity.ForName}; err != nil || !cmp.Equal(purposes, want) {
			t.Errorf("consents are %v, %v", purposes, err)
		}
		if e := w.events(); e["identity.proven"] != 3 || e["identity.consented"] != 3 {
			t.Errorf("events are %v", e)
		}
		// A second vehicle is added, the same one again is not; the level stays.
		w.out.people = append(w.out.people, person{zhang.name, zhang.number, zhang.phone, zhang.card, "浙AD12345"})
		for range 2 {
			token, r, err := w.desk.ProveVehicle(ctx, a, identity.VehicleProof{Plate: "浙a·d12345", Consent: true})
			if err != nil || len(r.Plates) != 2 || r.Level != 4 {
				t.Fatalf("second vehicle: %+v, %v", r, err)
			}
			a = w.who(token)
		}
		if e := w.events(); e["identity.consented"] != 3 {
			t.Errorf("consent in force is recorded again: %v", e)
		}
	})
}

func TestProofsNeedTheOneBefore(t *testing.T) {
	t.Parallel()
	w, ctx := newWorld(t, testkit.Database(t)), context.Background()
	a, _ := w.signIn(zhang.phone)
	_, _, err := w.desk.ProveCard(ctx, a, cardOf(zhang))
	wantCode(t, err, "level.name")
	_, _, err = w.desk.ProveVehicle(ctx, a, identity.VehicleProof{Plate: zhang.plate, Consent: true})
	wantCode(t, err, "level.name")
	token, _, err := w.desk.ProveName(ctx, a, nameOf(zhang))
	if err != nil {
		t.Fatal(err)
	}
	a = w.who(token)
	_, _, err = w.desk.ProveVehicle(ctx, a, identity.VehicleProof{Plate: zhang.plate, Consent: true})
	wantCode(t, err, "level.card")
	_, _, err = w.desk.ProveName(ctx, a, nameOf(li))
	wantCode(t, err, "proof.bound")
	if len(w.out.calls) != 1 {
		t.Errorf("offices were asked for nothing: %v", w.out.calls)
	}
}

func TestProofsShowEveryFault(t *testing.T) {
	t.Parallel()
	w, ctx := newWorld(t, testkit.Database(t)), context.Background()
	a, _ := w.climb(zhang, 3)
	_, _, name := w.desk.ProveName(ctx, a, identity.NameProof{Name: "1", CitizenNumber: "11010519491231002"})
	_, _, card := w.desk.ProveCard(ctx, a, identity.CardProof{Number: "6222", Phone: "138"})
	_, _, vehicle := w.desk.ProveVehicle(ctx, a, identity.VehicleProof{Plate: "浙A1234"})
	for _, c := range []struct {
		err  error
		want []string
	}{
		{name, []string{"name name.chars", "citizen_number citizen_number.short", "consent consent.missing"}},
		{card, []string{"card_number bank_card.short", "phone phone.short", "consent consent.missing"}},
		{vehicle, []string{"plate plate.short", "consent consent.missing"}},
	} {
		var got []string
		for _, f := range fault.Of(c.err).All() {
			got = append(got, f.Field+" "+f.Code)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Error(diff)
		}
	}
}

// T13: whichever of the five is wrong, the answer is byte for byte the same and the same offices are asked.
func TestFiveInOneTellsNothing(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		ctx := context.Background()
		answers, calls := map[string]bool{}, map[string]bool{}
		w := newWorld(t, db, func(c *identity.Config) { c.Limits.Proofs = 100 })
		a, _ := w.climb(zhang, 3)
		plate := identity.VehicleProof{Plate: "浙A99999", Consent: true}
		for name, wrong := range map[string]map[string]bool{
			"login or phone":  {"register": true},
			"card holder":     {"bank": true},
			"vehicle owner":   {"vehicles": true}, // the office answers for owner and licence holder as one
			"licence holder":  {"vehicles": true},
			"everything":      {"register": true, "bank": true, "vehicles": true},
			"somebody's else": {},
		} {
			w.out.wrong, w.out.calls = wrong, nil
			token, r, err := w.desk.ProveVehicle(ctx, a, plate)
			if token != "" || r.ID != 0 {
				t.Errorf("%s: something is given away", name)
			}
			f := fault.Of(err)
			if f == nil {
				t.Fatalf("%s: %v", name, err)
			}
			body, _ := json.Marshal(f)
			answers[string(body)+err.Error()] = true
			calls[strings.Join(w.out.calls, ",")] = true
			plate.Plate = strings.Replace(plate.Plate, "9", "8", 1) // another one: five failures close a plate
		}
		if len(answers) != 1 {
			t.Errorf("answers differ: %v", answers)
		}
		if len(calls) != 1 || !calls["register,bank,vehicles"] {
			t.Errorf("offices asked: %v", calls)
		}
	})
}

// The first proof: wrong name, wrong number, wrong phone and a number that is another's give the same answer.
func TestNameProofTellsNothing(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w, ctx := newWorld(t, db), context.Background()
		w.climb(zhang, 2)
		// The register says yes for li's phone with zhang's number: still it is zhang's.
		w.out.people = append(w.out.people, person{name: zhang.name, number: zhang.number, phone: li.phone})
		answers := map[string]bool{}
		for _, p := range []person{{name: "李五", number: li.number}, {name: li.name, number: "530102200002290127"}, {name: zhang.name, number: zhang.number}} {
			a, _ := w.signIn(li.phone)
			w.out.calls = nil
			_, _, err := w.desk.ProveName(ctx, a, nameOf(p))
			wantCode(t, err, "proof.mismatch")
			body, _ := json.Marshal(fault.Of(err))
			answers[string(body)+err.Error()] = true
			if len(w.out.calls) != 1 {
				t.Errorf("asked %v", w.out.calls)
			}
		}
		if len(answers) != 1 {
			t.Errorf("answers differ: %v", answers)
		}
		if e := w.events(); e["identity.claimed_twice"] != 1 {
			t.Errorf("the first holder is not told: %v", e)
		}
	})
}

// T13: of many who claim one number at once, one wins.
func TestDoubleClaim(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db, func(c *identity.Config) { c.Limits.Proofs = 100 })
		const n = 6
		actors := make([]actor.Actor, n)
		for i := range actors {
			phone := fmt.Sprintf("+861370000000%d", i)
			w.out.people = append(w.out.people, person{name: zhang.name, number: zhang.number, phone: phone})
			actors[i], _ = w.signIn(phone)
		}
		var wg sync.WaitGroup
		errs := make([]error, n)
		for i, a := range actors {
			wg.Go(func() { _, _, errs[i] = w.desk.ProveName(context.Background(), a, nameOf(zhang)) })
		}
		wg.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
			} else {
				wantCode(t, err, "proof.mismatch")
			}
		}
		if e := w.events(); won != 1 || e["identity.proven"] != 1 || e["identity.claimed_twice"] != n-1 {
			t.Errorf("%d won; events %v", won, e)
		}
	})
}

func TestProofBudgets(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w, ctx := newWorld(t, db), context.Background()
		a, _ := w.signIn(zhang.phone)
		wrong := nameOf(person{name: "李五", number: zhang.number})
		for range 3 {
			_, _, err := w.desk.ProveName(ctx, a, wrong)
			wantCode(t, err, "proof.mismatch")
		}
		w.out.calls = nil
		_, _, err := w.desk.ProveName(ctx, a, nameOf(zhang))
		wantCode(t, err, "budget.proof.name.resident.day")
		if f := fault.Of(err); !fault.Is(err, fault.KindTooMany) || f.RetryAfter <= 0 || len(w.out.calls) != 0 {
			t.Errorf("the fourth try: %v after %v, asked %v", err, f.RetryAfter, w.out.calls)
		}
		// The number is spent for everybody.
		b, _ := w.signIn(li.phone)
		_, _, err = w.desk.ProveName(ctx, b, wrong)
		wantCode(t, err, "budget.proof.name.number.day")
		if _, _, err := w.desk.ProveName(ctx, b, nameOf(li)); err != nil {
			t.Errorf("another number: %v", err)
		}
		w.clock.Advance(24 * time.Hour)
		if _, _, err := w.desk.ProveName(ctx, a, nameOf(zhang)); err != nil {
			t.Errorf("the next day: %v", err)
		}
	})
}

// A card is tried three times a day, by whoever; a plate fails five times a day (T48).
func TestCardAndPlateBudgets(t *testing.T) {
	t.Parallel()
	w, ctx := newWorld(t, testkit.Database(t)), context.Background()
	z, _ := w.climb(zhang, 2)
	l, _ := w.climb(li, 2)
	stolen := identity.CardProof{Number: "4111111111111111", Phone: zhang.phone, Consent: true}
	for range 2 {
		_, _, err := w.desk.ProveCard(ctx, z, stolen)
		wantCode(t, err, "proof.mismatch")
	}
	_, _, err := w.desk.ProveCard(ctx, l, stolen)
	wantCode(t, err, "proof.mismatch")
	_, _, err = w.desk.ProveCard(ctx, l, stolen)
	wantCode(t, err, "budget.proof.card.card.day")

	plates := newWorld(t, testkit.Database(t), func(c *identity.Config) { c.Limits.Proofs = 100 })
	a, _ := plates.climb(zhang, 3)
	for range 5 {
		_, _, err := plates.desk.ProveVehicle(ctx, a, identity.VehicleProof{Plate: "浙A99999", Consent: true})
		wantCode(t, err, "proof.mismatch")
	}
	_, _, err = plates.desk.ProveVehicle(ctx, a, identity.VehicleProof{Plate: "浙A99999", Consent: true})
	wantCode(t, err, "budget.proof.vehicle.plate.day")
	if _, r, err := plates.desk.ProveVehicle(ctx, a, identity.VehicleProof{Plate: zhang.plate, Consent: true}); err != nil || r.Level != 4 {
		t.Errorf("another plate: %v", err)
	}
}

// Of many tries at once, no more than the budget learn anything.
func TestProofBudgetAtOnce(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		a, _ := w.signIn(zhang.phone)
		var wg sync.WaitGroup
		errs := make([]error, 12)
		for i := range errs {
			wg.Go(func() {
				_, _, errs[i] = w.desk.ProveName(context.Background(), a, nameOf(person{name: "李五", number: zhang.number}))
			})
		}
		wg.Wait()
		told := 0
		for _, err := range errs {
			if f := fault.Of(err); f != nil && f.Code == "proof.mismatch" {
				told++
			} else if !fault.Is(err, fault.KindTooMany) {
				t.Errorf("%v", err)
			}
		}
		if told != 3 {
			t.Errorf("%d learnt the verdict", told)
		}
	})
}

// A silent office costs no try, and the others are asked all the same.
func TestSilentOfficeCostsNothing(t *testing.T) {
	t.Parallel()
	w, ctx := newWorld(t, testkit.Database(t)), context.Background()
	a, _ := w.climb(zhang, 3)
	w.out.down["register"], w.out.calls = true, nil
	for range 5 {
		_, _, err := w.desk.ProveVehicle(ctx, a, identity.VehicleProof{Plate: zhang.plate, Consent: true})
		wantCode(t, err, "office.down")
	}
	if len(w.out.calls) != 15 {
		t.Errorf("asked %d times", len(w.out.calls))
	}
	w.out.down["register"] = false
	if _, _, err := w.desk.ProveVehicle(ctx, a, identity.VehicleProof{Plate: zhang.plate, Consent: true}); err != nil {
		t.Errorf("after the outage: %v", err)
	}
}

func TestFailedProofTakesItsTime(t *testing.T) {
	t.Parallel()
	w, ctx := newWorld(t, testkit.Database(t), func(c *identity.Config) { c.Limits.MinProof = 120 * time.Millisecond }), context.Background()
	a, _ := w.signIn(zhang.phone)
	took := clock.Stopwatch()
	_, _, err := w.desk.ProveName(ctx, a, nameOf(li))
	wantCode(t, err, "proof.mismatch")
	if d := took(); d < 120*time.Millisecond {
		t.Errorf("a failed proof took %v", d)
	}
}

// Who went away is not waited for: were it otherwise, this test would take an hour.
func TestFailedProofEndsWithItsCaller(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.Database(t), func(c *identity.Config) { c.Limits.MinProof = time.Hour })
	a, _ := w.signIn(zhang.phone)
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := w.desk.ProveName(gone, a, nameOf(li)); err == nil {
		t.Error("another's name was proven")
	}
}

func TestWithdraw(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db, func(c *identity.Config) { c.Limits.Proofs, c.Limits.CodePhoneDay = 100, 100 })
		ctx := context.Background()
		for purpose, want := range map[string]struct {
			level int
			live  []string
		}{
			identity.ForVehicle: {3, []string{identity.ForCard, identity.ForName}},
			identity.ForCard:    {2, []string{identity.ForName}},
			identity.ForName:    {1, nil},
		} {
			a, _ := w.climb(zhang, 4)
			token, err := w.desk.Withdraw(ctx, a, purpose)
			if err != nil {
				t.Fatal(purpose, err)
			}
			a = w.who(token)
			r, err := w.desk.Resident(ctx, a, a.ID)
			if err != nil || r.Level != want.level || a.Level != want.level || len(r.Plates) != 0 ||
				r.Card.IsZero() != (want.level < 3) || r.CardPhone.IsZero() != (want.level < 3) || (r.Bank == "") != (want.level < 3) ||
				r.Name.IsZero() != (want.level < 2) || r.CitizenNumber.IsZero() != (want.level < 2) {
				t.Errorf("%s leaves %+v, %v", purpose, r, err)
			}
			list, _ := w.desk.Consents(ctx, a)
			var live []string
			for _, c := range list {
				if c.Ended.IsZero() {
					live = append(live, c.Purpose)
				}
			}
			if !slices.Equal(live, want.live) {
				t.Errorf("after %s, in force: %v", purpose, live)
			}
			_, err = w.desk.Withdraw(ctx, a, purpose)
			wantCode(t, err, "consent.none")
			if purpose == identity.ForName {
				continue
			}
			if _, err := w.desk.Withdraw(ctx, a, identity.ForName); err != nil {
				t.Fatal(err)
			}
		}
		a, _ := w.signIn(li.phone)
		_, err := w.desk.Withdraw(ctx, a, "everything")
		wantCode(t, err, "consent.purpose")
		// A withdrawn number is free for its true holder.
		w.out.people = append(w.out.people, person{name: zhang.name, number: zhang.number, phone: li.phone})
		if _, _, err := w.desk.ProveName(ctx, a, nameOf(zhang)); err != nil {
			t.Errorf("a withdrawn number stays taken: %v", err)
		}
	})
}

func TestWishAndFavourites(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w, ctx := newWorld(t, db), context.Background()
		a, token := w.signIn(zhang.phone)
		wish := identity.Wish{City: "suzhou-js", Lang: "en", Theme: "dark", Elder: true}
		for range 2 {
			if err := w.desk.Wish(ctx, a, wish); err != nil {
				t.Fatal(err)
			}
		}
		if _, r, err := w.desk.Who(ctx, token); err != nil || r.Wish != wish {
			t.Errorf("kept %+v, %v", r.Wish, err)
		}
		err := w.desk.Wish(ctx, a, identity.Wish{City: "Hang zhou", Lang: "fr", Theme: "blue"})
		if f := fault.Of(err); f == nil || len(f.All()) != 3 {
			t.Errorf("an odd wish: %v", err)
		}
		for _, s := range []string{"weather-forecast", "traffic-fine-payment", "weather-forecast"} {
			w.clock.Advance(time.Second)
			if err := w.desk.Favour(ctx, a, "hangzhou", s, true); err != nil {
				t.Fatal(err)
			}
		}
		list, err := w.desk.Favourites(ctx, a)
		if err != nil || len(list) != 2 || list[0].Service != "traffic-fine-payment" || list[0].City != "hangzhou" {
			t.Errorf("favourites %+v, %v", list, err)
		}
		for range 2 {
			if err := w.desk.Favour(ctx, a, "hangzhou", "traffic-fine-payment", false); err != nil {
				t.Fatal(err)
			}
		}
		if list, _ := w.desk.Favourites(ctx, a); len(list) != 1 {
			t.Errorf("favourites %+v", list)
		}
		wantCode(t, w.desk.Favour(ctx, a, "hangzhou", "../x", true), "favourite.service")
		if e := w.events(); e["identity.wished"] != 1 || e["identity.favoured"] != 3 {
			t.Errorf("events are %v", e)
		}
		for i := range 99 {
			if err := w.desk.Favour(ctx, a, "hangzhou", fmt.Sprintf("service-%d", i), true); err != nil {
				t.Fatal(err)
			}
		}
		wantCode(t, w.desk.Favour(ctx, a, "hangzhou", "one-more", true), "favourite.full")
	})
}

func TestExport(t *testing.T) {
	t.Parallel()
	w, ctx := newWorld(t, testkit.Database(t)), context.Background()
	a, _ := w.climb(zhang, 4)
	if err := w.desk.Favour(ctx, a, "hangzhou", "weather-forecast", true); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := w.desk.Export(ctx, a, &b); err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{zhang.name, zhang.number, zhang.phone, zhang.card, zhang.plate, "weather-forecast", "Chrome · Android", "real_name", "+08:00"} {
		if !strings.Contains(b.String(), s) {
			t.Errorf("the export lacks %q", s)
		}
	}
	if !json.Valid([]byte(b.String())) {
		t.Error("the export is no JSON")
	}
}
