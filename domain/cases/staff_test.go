package cases_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zhijian/domain/cases"
	"zhijian/ground/actor"
	"zhijian/ground/cursor"
	"zhijian/ground/fault"
	"zhijian/testkit"
)

func staffOf(department int64) actor.Actor {
	return actor.Actor{Kind: actor.Staff, ID: 900 + department, Department: department}
}

// Every method with a case number, by everybody: what is not yours looks as if it were not there.
func TestForeignCases(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	ctx := t.Context()
	owner, s := h.fine(0, h.plate(0))
	visitor := cases.Who{Visitor: "the right cookie"}
	open := h.open(visitor, "weather-forecast")
	const none = "00000000000000000"
	calls := map[string]func(w cases.Who, no string) error{
		"Show":      func(w cases.Who, no string) error { _, err := h.desk.Show(ctx, w, no, ""); return err },
		"Answer":    func(w cases.Who, no string) error { _, err := h.desk.Answer(ctx, w, no, "fine", nil); return err },
		"SaveDraft": func(w cases.Who, no string) error { return h.desk.SaveDraft(ctx, w, no, "fine", nil) },
		"Change":    func(w cases.Who, no string) error { _, err := h.desk.Change(ctx, w, no, "chosen"); return err },
		"Retry":     func(w cases.Who, no string) error { _, err := h.desk.Retry(ctx, w, no); return err },
		"Withdraw":  func(w cases.Who, no string) error { _, err := h.desk.Withdraw(ctx, w, no); return err },
		"Rate":      func(w cases.Who, no string) error { return h.desk.Rate(ctx, w, no, cases.Rating{Stars: 5}) },
		"Receipt":   func(w cases.Who, no string) error { _, err := h.desk.Receipt(ctx, w, no); return err },
	}
	strangers := map[string]cases.Who{
		"other resident":      h.who(1),
		"visitor":             {},
		"visitor with cookie": {Visitor: "another cookie"},
		"staff":               {Actor: staffOf(1)},
		"operator":            {Actor: actor.Actor{Kind: actor.Operator, ID: 1}},
		"channel":             {Actor: channelActor},
		"resident of id 0":    {Actor: actor.Actor{Kind: actor.Resident}},
		"staff with owner id": {Actor: actor.Actor{Kind: actor.Staff, ID: owner.Actor.ID, Department: 1}},
	}
	for name, call := range calls {
		for who, w := range strangers {
			for what, no := range map[string]string{"a resident's": s.Case.No, "a visitor's": open.No} {
				foreign, absent := fault.Of(call(w, no)), fault.Of(call(w, none))
				if foreign == nil || absent == nil || foreign.Kind != fault.KindNotFound || foreign.Code != absent.Code || foreign.Public != absent.Public {
					t.Errorf("%s of %s case by %s: %v, of an absent one: %v; want the same", name, what, who, foreign, absent)
				}
			}
		}
		if err := call(owner, s.Case.No); fault.Is(err, fault.KindNotFound) && name != "Receipt" {
			t.Errorf("%s by the owner: %v", name, err)
		}
		if err := call(visitor, open.No); fault.Is(err, fault.KindNotFound) && name != "Receipt" {
			t.Errorf("%s by the visitor: %v", name, err)
		}
	}
	for who, w := range strangers {
		if w.Actor.Kind == actor.Resident && w.Actor.ID != 0 {
			if err := h.desk.Claim(ctx, w, open.No); !fault.Is(err, fault.KindNotFound) {
				t.Errorf("Claim by %s: %v", who, err)
			}
		}
		if w.Actor.Kind == actor.Staff || w.Actor.Kind == actor.Operator {
			continue
		}
		if _, err := h.desk.Queue(ctx, w.Actor, nil, cursor.Cursor{}, 0); !fault.Is(err, fault.KindDenied) {
			t.Errorf("Queue by %s: %v", who, err)
		}
		if _, err := h.desk.Read(ctx, w.Actor, s.Case.No, "handling"); !fault.Is(err, fault.KindDenied) {
			t.Errorf("Read by %s: %v", who, err)
		}
		if _, err := h.desk.Decide(ctx, w.Actor, s.Case.No, cases.DecideDone, "理由"); !fault.Is(err, fault.KindDenied) {
			t.Errorf("Decide by %s: %v", who, err)
		}
	}
}

func TestStaffReadsAndQueues(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	ctx := t.Context()
	_, fine := h.fine(0, h.plate(0))
	_, slots := h.toSlots(1)
	for _, c := range []struct {
		a    actor.Actor
		want []string
	}{
		{staffOf(1), []string{fine.Case.No}},
		{staffOf(3), []string{slots.Case.No}},
		{staffOf(9), nil},
		{actor.Actor{Kind: actor.Operator, ID: 1}, []string{fine.Case.No, slots.Case.No}},
	} {
		list, err := h.desk.Queue(ctx, c.a, nil, cursor.Cursor{}, 0)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, x := range list {
			got = append(got, x.No)
			if len(x.Data.Answers) > 0 || !x.Client.IsZero() {
				t.Errorf("the queue of %s holds what the resident wrote", c.a)
			}
		}
		slices.Sort(got)
		slices.Sort(c.want)
		if !slices.Equal(got, c.want) {
			t.Errorf("queue of %s = %v, want %v", c.a, got, c.want)
		}
	}
	if _, err := h.desk.Read(ctx, staffOf(3), fine.Case.No, "checking"); !fault.Is(err, fault.KindNotFound) {
		t.Errorf("another department reads: %v", err)
	}
	if _, err := h.desk.Read(ctx, staffOf(1), fine.Case.No, "好奇"); !fault.Is(err, fault.KindInvalid) {
		t.Errorf("without a purpose: %v", err)
	}
	got, err := h.desk.Read(ctx, staffOf(1), fine.Case.No, "checking")
	if err != nil || got.Case.No != fine.Case.No || got.Order == nil || len(got.Case.Data.Answers) > 0 || got.View.Kind != "" {
		t.Errorf("Read = %+v, %v", got.View, err)
	}
	if n := count(h.pump.Names(fine.Case.No), "cases.read"); n != 1 {
		t.Errorf("reading was recorded %d times, want once", n)
	}
	for _, e := range h.pump.Log() {
		p := h.world.Residents()[0]
		for _, secret := range []string{p.Name, p.CitizenNumber, p.Phone, p.BankCard, p.Vehicles[0].Plate} {
			if strings.Contains(string(e.Data), secret) || strings.Contains(fmt.Sprint(e.Meta), secret) {
				t.Errorf("event %s holds personal data", e.Name)
			}
		}
	}
}

// Events are kept for ever, so they hold no free text: why staff decided is sealed with the case, why they looked is a code.
func TestReasonsAreSealed(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		const canary = "已联系欧阳金丝雀本人核实"
		w, s := h.fine(0, h.plate(0))
		h.police(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
		h.pays(s.Order.No)
		h.noticed()
		h.pump.Elapse(3 * time.Hour)
		no := s.Case.No
		if _, err := h.desk.Read(t.Context(), staffOf(1), no, canary); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("a purpose in words: %v", err)
		}
		if _, err := h.desk.Read(t.Context(), staffOf(1), no, "supervision"); err != nil {
			t.Fatal(err)
		}
		if _, err := h.desk.Decide(t.Context(), staffOf(1), no, cases.DecideUnsettled, canary); err != nil {
			t.Fatal(err)
		}
		h.pump.Elapse(time.Hour)
		if s = h.show(w, no); s.Case.State != cases.Refused {
			t.Fatalf("decided: %s", s.Case.State)
		}
		want := []cases.Ruling{{At: s.Case.Rulings[0].At, By: staffOf(1).String(), What: cases.DecideUnsettled, Reason: canary}}
		if diff := cmp.Diff(want, s.Case.Rulings); diff != "" {
			t.Errorf("the case keeps: %s", diff)
		}
		for _, e := range h.pump.Log() {
			if strings.Contains(string(e.Data), "金丝雀") || strings.Contains(fmt.Sprint(e.Meta), "金丝雀") {
				t.Errorf("event %s holds the reason", e.Name)
			}
			if e.Name == (cases.DecidedEvent{}).EventName() && !strings.Contains(string(e.Data), `"ruling":1`) {
				t.Errorf("the event does not say which ruling: %s", e.Data)
			}
		}
		var data, rulings []byte
		if err := h.db.QueryRow(t.Context(), `select data, rulings from cases where no = $1`, no).Scan(&data, &rulings); err != nil {
			t.Fatal(err)
		}
		if len(rulings) == 0 || strings.Contains(string(data)+string(rulings), "金丝雀") {
			t.Error("the reason lies open in the table")
		}
	})
}
