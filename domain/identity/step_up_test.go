package identity_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"zhijian/domain/identity"
	"zhijian/ground/actor"
	"zhijian/ground/fault"
	"zhijian/store/sqldb"
	"zhijian/testkit"
)

// stepCode has a step-up code sent and reads it.
func (w *world) stepCode(a actor.Actor) string {
	w.t.Helper()
	if err := w.desk.SendStepUp(context.Background(), a, at("c")); err != nil {
		w.t.Fatal(err)
	}
	_, text, _ := strings.Cut(w.out.texts[len(w.out.texts)-1], " ")
	if strings.Contains(text, "登录") || !strings.Contains(text, "核实本人") {
		w.t.Errorf("the text does not name its purpose: %s", text)
	}
	return sixDigits.FindString(text)
}

// T09, T10: presence is proven by a fresh code and by what was proven before, and only for a while.
func TestStepUp(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w, ctx := newWorld(t, db), context.Background()
		for _, c := range []struct {
			name          string
			level         int
			right, others string
		}{
			{"L1 the code", 1, "", ""},
			{"L2 and the citizen number", 2, strings.ToLower(zhang.number), li.number},
			{"L3 and the card", 3, "6222 0200 0000 0000 000", li.card},
		} {
			w.clock.Advance(25 * time.Hour)
			a, token := w.climb(zhang, c.level)
			fresh := func() bool {
				s, _, err := w.desk.Who(ctx, token)
				return err == nil && s.Fresh(w.clock.Now(), identity.FreshFor)
			}
			if fresh() {
				t.Errorf("%s: signing in and proving is presence enough", c.name)
			}
			signIn := w.code(zhang.phone)
			if _, err := w.desk.StepUp(ctx, a, identity.StepUpProof{Code: signIn, Second: c.right}, at("c")); fault.Of(err) == nil || fault.Of(err).Code != "step_up.wrong" {
				t.Errorf("%s: a code for signing in: %v", c.name, err)
			}
			code := w.stepCode(a)
			if c.level > 1 {
				_, wrongSecond := w.desk.StepUp(ctx, a, identity.StepUpProof{Code: code, Second: c.others}, at("c"))
				_, wrongCode := w.desk.StepUp(ctx, a, identity.StepUpProof{Code: "000000", Second: c.right}, at("c"))
				if fmt.Sprint(wrongSecond) != fmt.Sprint(wrongCode) || fault.Of(wrongCode) == nil || fault.Of(wrongCode).Code != "step_up.wrong" {
					t.Errorf("%s: told apart: %v, %v", c.name, wrongSecond, wrongCode)
				}
				_, none := w.desk.StepUp(ctx, a, identity.StepUpProof{Code: code}, at("c"))
				if f := fault.Of(none); f == nil || f.All()[0].Field != string(map[int]identity.Second{2: identity.SecondNumber, 3: identity.SecondCard}[c.level]) {
					t.Errorf("%s: without the second: %v", c.name, none)
				}
			}
			next, err := w.desk.StepUp(ctx, a, identity.StepUpProof{Code: code, Second: c.right}, at("c"))
			if err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
			w.gone(token)
			token = next
			if !fresh() {
				t.Errorf("%s: stepped up, and not fresh", c.name)
			}
			w.clock.Advance(identity.FreshFor)
			if fresh() {
				t.Errorf("%s: fresh for longer than it should be", c.name)
			}
			if _, err := w.desk.Withdraw(ctx, w.who(token), identity.ForName); (err == nil) != (c.level > 1) {
				t.Fatal(err)
			}
		}
		if e := w.events(); e["identity.stepped_up"] != 3 {
			t.Errorf("events are %v", e)
		}
	})
}

// A code for one session is worth nothing in another, and guessing ends it.
func TestStepUpIsBound(t *testing.T) {
	t.Parallel()
	w, ctx := newWorld(t, testkit.Database(t)), context.Background()
	one, _ := w.climb(zhang, 3)
	two, _ := w.signIn(zhang.phone)
	stranger, _ := w.signIn(li.phone)
	code := w.stepCode(one)
	for _, a := range []actor.Actor{two, stranger} {
		_, err := w.desk.StepUp(ctx, a, identity.StepUpProof{Code: code, Second: zhang.card}, at("c"))
		wantCode(t, err, "step_up.wrong")
	}
	for range 5 {
		_, err := w.desk.StepUp(ctx, one, identity.StepUpProof{Code: code, Second: li.card}, at("c"))
		wantCode(t, err, "step_up.wrong")
	}
	_, err := w.desk.StepUp(ctx, one, identity.StepUpProof{Code: code, Second: zhang.card}, at("c"))
	wantCode(t, err, "step_up.wrong")
	for _, a := range []actor.Actor{nobody, {Kind: actor.Resident, ID: one.ID}, {Kind: actor.Staff, ID: 1, Session: 1}} {
		if err := w.desk.SendStepUp(ctx, a, at("c")); !fault.Is(err, fault.KindDenied) {
			t.Errorf("%v: %v", a, err)
		}
	}
}

// T09: the first card is a climb; another in its place is an act for which presence is proven anew.
func TestReplacingTheCardNeedsStepUp(t *testing.T) {
	t.Parallel()
	w, ctx := newWorld(t, testkit.Database(t)), context.Background()
	second := zhang
	second.card = "6228480000000000000"
	w.out.people = append(w.out.people, second)
	a, _ := w.climb(zhang, 3)
	_, _, err := w.desk.ProveCard(ctx, a, cardOf(second))
	wantCode(t, err, "step_up")
	token, err := w.desk.StepUp(ctx, a, identity.StepUpProof{Code: w.stepCode(a), Second: zhang.card}, at("c"))
	if err != nil {
		t.Fatal(err)
	}
	if _, r, err := w.desk.ProveCard(ctx, w.who(token), cardOf(second)); err != nil || r.Card.Reveal() != second.card {
		t.Errorf("after stepping up: %v", err)
	}
}
