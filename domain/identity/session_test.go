package identity_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"zhijian/domain/identity"
	"zhijian/ground/actor"
	"zhijian/ground/fault"
	"zhijian/store/sqldb"
	"zhijian/testkit"
)

// T09: a planted token never becomes signed in; the one before a change of level, and the one
// before signing in again, are dead.
func TestTokensRotate(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w, ctx := newWorld(t, db), context.Background()
		planted := strings.Repeat("a", 64)
		w.gone(planted)
		a, first := w.signIn(zhang.phone)
		if first == planted {
			t.Error("the planted token was taken")
		}
		w.gone(planted)
		second, r, err := w.desk.ProveName(ctx, a, nameOf(zhang))
		if err != nil || r.Level != 2 {
			t.Fatal(r, err)
		}
		w.gone(first)
		now := w.who(second)
		if now.ID != a.ID || now.Session == a.Session || now.Level != 2 {
			t.Errorf("after the proof: %+v, before %+v", now, a)
		}
		// The dead session proves nothing more.
		_, _, err = w.desk.ProveCard(ctx, a, cardOf(zhang))
		if !fault.Is(err, fault.KindDenied) {
			t.Errorf("an ended session raises a level: %v", err)
		}
		w.clock.Advance(time.Hour + time.Minute)
		third, _, err := w.desk.SignIn(ctx, now, zhang.phone, w.code(zhang.phone), on("c", ""))
		if err != nil {
			t.Fatal(err)
		}
		w.gone(second)
		fourth, err := w.desk.Withdraw(ctx, w.who(third), identity.ForName)
		if err != nil {
			t.Fatal(err)
		}
		w.gone(third)
		if last := w.who(fourth); last.Level != 1 {
			t.Errorf("after withdrawing: %+v", last)
		}
		seen := map[string]bool{planted: true}
		for _, tok := range []string{first, second, third, fourth} {
			if seen[tok] || len(tok) != 64 {
				t.Errorf("token repeated or short: %d characters", len(tok))
			}
			seen[tok] = true
		}
	})
}

func TestSessionsListAndEnd(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w, ctx := newWorld(t, db), context.Background()
		one, tokenOne := w.signIn(zhang.phone)
		two, tokenTwo := w.signIn(zhang.phone)
		_, tokenThree := w.signIn(zhang.phone)
		stranger, strangersToken := w.signIn(li.phone)
		list, err := w.desk.Sessions(ctx, one)
		if err != nil || len(list) != 3 || list[0].ID != one.Session {
			t.Fatalf("%d sessions, %v", len(list), err)
		}
		if !fault.Is(w.desk.EndSession(ctx, stranger, two.Session), fault.KindNotFound) {
			t.Error("a stranger ends the session")
		}
		if err := w.desk.EndSession(ctx, one, two.Session); err != nil {
			t.Fatal(err)
		}
		w.gone(tokenTwo)
		if err := w.desk.EndSession(ctx, one, 0); err != nil {
			t.Fatal(err)
		}
		w.gone(tokenThree)
		w.who(tokenOne)
		w.who(strangersToken)
		if err := w.desk.SignOut(ctx, one); err != nil {
			t.Fatal(err)
		}
		w.gone(tokenOne)
		if err := w.desk.SignOut(ctx, one); err != nil {
			t.Errorf("signing out twice: %v", err)
		}
		if e := w.events(); e["identity.session_ended"] != 3 {
			t.Errorf("events are %v", e)
		}
	})
}

func TestSessionsExpire(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w, ctx := newWorld(t, db), context.Background()
		_, idle := w.signIn(zhang.phone)
		_, used := w.signIn(zhang.phone)
		day := 24 * time.Hour
		for range 6 {
			w.clock.Advance(29 * day)
			if _, _, err := w.desk.Who(ctx, used); err != nil {
				t.Fatalf("a session in use ends: %v", err)
			}
		}
		w.gone(idle)
		w.clock.Advance(7 * day) // 181 days since signing in
		w.gone(used)
	})
}

func TestIdleSessionEndsAfterThirtyDays(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.Database(t))
	_, token := w.signIn(zhang.phone)
	w.clock.Advance(30*24*time.Hour - time.Millisecond)
	s, _, err := w.desk.Who(context.Background(), token)
	if err != nil || !s.Seen.Equal(w.clock.Now()) {
		t.Fatalf("a day before its end: %+v, %v", s, err)
	}
	w.clock.Advance(30 * 24 * time.Hour)
	w.gone(token)
}

func TestWhoRefusesOddTokens(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.Database(t))
	_, token := w.signIn(zhang.phone)
	for _, odd := range []string{
		"", "x", token[:63], token + "a", strings.ToUpper(token), " " + token, token[1:] + token[:1], strings.Repeat("'", 64),
	} {
		if odd != token {
			w.gone(odd)
		}
	}
}

// T45: nobody reads or changes what is not theirs; absent and foreign look alike.
func TestOnlyOnesOwn(t *testing.T) {
	t.Parallel()
	w, ctx := newWorld(t, testkit.Database(t)), context.Background()
	mine, _ := w.signIn(zhang.phone)
	theirs, _ := w.signIn(li.phone)
	_, foreign := w.desk.Resident(ctx, mine, theirs.ID)
	_, absent := w.desk.Resident(ctx, mine, 42)
	if !fault.Is(foreign, fault.KindNotFound) || fault.Of(foreign).Public != fault.Of(absent).Public || fault.Of(foreign).Code != fault.Of(absent).Code {
		t.Errorf("foreign %v, absent %v", foreign, absent)
	}
	if r, err := w.desk.Resident(ctx, actor.House, theirs.ID); err != nil || r.ID != theirs.ID {
		t.Errorf("the house reads %v, %v", r, err)
	}
	if r, err := w.desk.Resident(ctx, mine, mine.ID); err != nil || r.ID != mine.ID {
		t.Errorf("a resident reads their own: %v, %v", r, err)
	}
	for _, a := range []actor.Actor{nobody, {Kind: actor.Staff, ID: mine.ID, Department: 1}, {Kind: actor.Operator, ID: mine.ID}, {Kind: actor.Resident}} {
		for name, err := range map[string]error{
			"sessions": second(w.desk.Sessions(ctx, a)), "end": w.desk.EndSession(ctx, a, mine.Session), "out": w.desk.SignOut(ctx, a),
			"consents": second(w.desk.Consents(ctx, a)), "withdraw": second(w.desk.Withdraw(ctx, a, identity.ForName)),
			"wish": w.desk.Wish(ctx, a, identity.Wish{}), "favourites": second(w.desk.Favourites(ctx, a)),
			"favour": w.desk.Favour(ctx, a, "hangzhou", "x", true), "export": w.desk.Export(ctx, a, &strings.Builder{}),
			"name": third(w.desk.ProveName(ctx, a, nameOf(zhang))), "card": third(w.desk.ProveCard(ctx, a, cardOf(zhang))),
			"vehicle": third(w.desk.ProveVehicle(ctx, a, identity.VehicleProof{Plate: zhang.plate, Consent: true})),
		} {
			if !fault.Is(err, fault.KindDenied) {
				t.Errorf("%s by %v: %v", name, a, err)
			}
		}
	}
}

func second[T any](_ T, err error) error        { return err }
func third[S, T any](_ S, _ T, err error) error { return err }
