package cases_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zhijian/domain/cases"
	"zhijian/domain/payment"
	"zhijian/domain/service"
	"zhijian/ground/actor"
	"zhijian/ground/cursor"
	"zhijian/ground/fault"
	"zhijian/testkit"
)

func TestStates(t *testing.T) {
	t.Parallel()
	for _, s := range cases.States() {
		if !s.CanMove(s) {
			t.Errorf("%s can't stay", s)
		}
		for _, to := range cases.States() {
			got := s.CanMove(to)
			switch {
			case s == to:
			case s == cases.Done && to == cases.Withdrawn: // an appointment
				if !got {
					t.Errorf("%s to %s is missing", s, to)
				}
			case s == cases.Refused && !slices.Contains([]cases.State{cases.Supplying, cases.Recalling, cases.Refunding, cases.Withdrawn, cases.Expired}, to): // by an appeal
				if !got {
					t.Errorf("%s to %s is missing", s, to)
				}
			case s.Ended() && got:
				t.Errorf("%s has ended and moves to %s", s, to)
			case (to == cases.Withdrawn || to == cases.Expired) && !s.Ended():
				want := slices.Contains([]cases.State{cases.Draft, cases.Asking, cases.Paying, cases.Supplying}, s)
				if to == cases.Withdrawn { // what staff have, and what an office let go of
					want = want || slices.Contains([]cases.State{cases.Reviewing, cases.Recalling, cases.Refunding, cases.Stuck}, s)
				}
				if got != want {
					t.Errorf("%s.CanMove(%s) = %v, want %v", s, to, got, want)
				}
			}
		}
	}
	seen := map[string]bool{}
	for _, b := range cases.Events() {
		if name := b.EventName(); seen[name] || !strings.HasPrefix(name, "cases.") {
			t.Errorf("event name %q is used twice or is not the room's", name)
		}
		seen[b.EventName()] = true
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		ctx, w := t.Context(), h.who(0)
		o := cases.Opening{City: hangzhou, Service: "traffic-fine-payment", Key: "k1", Answers: map[string][]string{"plate": {"浙A00000"}, "chosen": {"x"}, "evil": {"y"}}}
		var wg sync.WaitGroup
		nos := make([]string, 8)
		for i := range nos {
			wg.Go(func() {
				c, err := h.desk.Open(ctx, w.Actor, o)
				if err != nil {
					t.Error(err)
				}
				nos[i] = c.No
			})
		}
		wg.Wait()
		if n := len(slices.Compact(slices.Sorted(slices.Values(nos)))); n != 1 {
			t.Errorf("one key opened %d cases", n)
		}
		s := h.show(w, nos[0])
		if diff := cmp.Diff(map[string][]string{"plate": {"浙A00000"}}, s.Case.Data.Typed); diff != "" {
			t.Errorf("filled in from the link:\n%s", diff)
		}
		other, err := h.desk.Open(ctx, h.who(1).Actor, o)
		if err != nil || other.No == nos[0] {
			t.Errorf("the key of another resident: %s, %v", other.No, err)
		}
		for name, change := range map[string]func(*cases.Opening){
			"another service": func(o *cases.Opening) { o.Service = "hall-appointment" },
			"other answers":   func(o *cases.Opening) { o.Answers = map[string][]string{"plate": {"浙A00001"}} },
			"no answers":      func(o *cases.Opening) { o.Answers = nil },
		} {
			other := o
			change(&other)
			if _, err := h.desk.Open(ctx, w.Actor, other); fault.Of(err) == nil || fault.Of(err).Kind != fault.KindInvalid || fault.Of(err).Code != "cases.key" {
				t.Errorf("the key with %s: %v", name, err)
			}
		}
		for name, c := range map[string]struct {
			a    actor.Actor
			o    cases.Opening
			kind fault.Kind
		}{
			"no such service":     {w.Actor, cases.Opening{City: hangzhou, Service: "nothing"}, fault.KindNotFound},
			"no such city":        {w.Actor, cases.Opening{City: "999999", Service: "weather-forecast"}, fault.KindNotFound},
			"visitor, needs more": {actor.Actor{}, cases.Opening{City: hangzhou, Service: "traffic-fine-payment", Visitor: "c"}, fault.KindDenied},
			"visitor, no cookie":  {actor.Actor{}, cases.Opening{City: hangzhou, Service: "weather-forecast"}, fault.KindDenied},
			"staff":               {staffOf(1), cases.Opening{City: hangzhou, Service: "weather-forecast", Visitor: "c"}, fault.KindDenied},
		} {
			if _, err := h.desk.Open(ctx, c.a, c.o); !fault.Is(err, c.kind) {
				t.Errorf("%s: %v, want %s", name, err, c.kind)
			}
		}
	})
}

func TestTwentyADay(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	open := func(i int) error {
		_, err := h.desk.Open(t.Context(), h.who(i).Actor, cases.Opening{City: hangzhou, Service: "weather-forecast"})
		return err
	}
	var got, refused atomic.Int64
	var wg sync.WaitGroup
	for range 24 {
		wg.Go(func() {
			if err := open(0); fault.Is(err, fault.KindTooMany) {
				refused.Add(1)
			} else if err == nil {
				got.Add(1)
			} else {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got.Load() != 20 || refused.Load() != 4 {
		t.Errorf("%d opened, %d refused; want 20, 4", got.Load(), refused.Load())
	}
	if err := open(1); err != nil {
		t.Errorf("another resident: %v", err)
	}
	h.clock.Advance(24*time.Hour + time.Minute)
	if err := open(0); err != nil {
		t.Errorf("the next day: %v", err)
	}
}

func TestMistakesAreKept(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		w := h.who(5)
		c := h.open(w, "traffic-fine-payment")
		s := h.show(w, c.No)
		h.answer(w, c.No, s.View.Step, "plate", "other")
		got, err := h.desk.Answer(t.Context(), w, c.No, "other", map[string][]string{"other_plate": {"浙A1"}})
		if !fault.Is(err, fault.KindInvalid) || fault.Of(err).Field != "other_plate" {
			t.Fatalf("a bad plate: %v", err)
		}
		if f := got.View.Fields[0]; f.Error == "" || f.Value != "浙A1" {
			t.Errorf("the page says %q about %q", f.Error, f.Value)
		}
		if f := h.show(w, c.No).View.Fields[0]; f.Value != "浙A1" {
			t.Errorf("on the next look the field holds %q", f.Value)
		}
		if err := h.desk.SaveDraft(t.Context(), w, c.No, "other", map[string][]string{"other_plate": {"浙A123"}}); err != nil {
			t.Fatal(err)
		}
		before := len(h.pump.Log())
		if f := h.show(w, c.No).View.Fields[0]; f.Value != "浙A123" {
			t.Errorf("the draft holds %q", f.Value)
		}
		if after := len(h.pump.Log()); after != before {
			t.Error("drafts leave events")
		}
	})
}

func TestChangeAndBack(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	w, s := h.fine(0, h.plate(0))
	no, first := s.Case.No, s.Order.No
	back, err := h.desk.Change(t.Context(), w, no, "chosen")
	if err != nil {
		t.Fatal(err)
	}
	h.pump.Drain()
	back = h.show(w, no)
	if back.View.Kind != service.ViewChoose {
		t.Fatalf("back at %s %s", back.View.Kind, back.View.Step)
	}
	old, err := h.payment.Find(t.Context(), actor.House, first)
	if err != nil || old.State != payment.Closed {
		t.Errorf("the order that was left behind is %s, %v", old.State, err)
	}
	s = h.answer(w, no, "chosen", "chosen", back.View.Items[1].Value)
	for s.View.Kind == service.ViewCheck {
		s = h.answer(w, no, s.View.Step)
	}
	if s.View.Kind != service.ViewPay || s.Order.No == first {
		t.Fatalf("on again: %s, order %s", s.View.Kind, s.Order.No)
	}
	past, err := h.desk.Show(t.Context(), w, no, "chosen")
	if err != nil || past.View.Step != "chosen" || past.Case.Data.Step != s.Case.Data.Step {
		t.Errorf("a look back shows %s, %v", past.View.Step, err)
	}
}

// Two devices, many clicks: one order, one filing.
func TestManyClicks(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		w, s := h.fine(0, h.plate(0))
		no := s.Case.No
		check := s.Case.Data.Trail[len(s.Case.Data.Trail)-1]
		var wg sync.WaitGroup
		for i := range 20 {
			wg.Go(func() {
				var err error
				if i%2 == 0 {
					_, err = h.desk.Answer(t.Context(), w, no, s.View.Step, nil)
				} else {
					_, err = h.desk.Answer(t.Context(), w, no, check, nil)
				}
				if err != nil && !fault.Is(err, fault.KindConflict) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		h.pump.Drain()
		orders, err := h.payment.Of(t.Context(), payment.For{Kind: cases.Kind, No: no})
		if err != nil || len(orders) != 1 {
			t.Fatalf("%d orders, %v", len(orders), err)
		}
		h.pays(orders[0].No)
		n := <-h.notices
		for range 20 {
			wg.Go(func() {
				if _, err := h.payment.Settle(t.Context(), channelActor, n); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		h.pump.Twice = true
		h.pump.Drain()
		if got := h.show(w, no); got.Case.State != cases.Done || h.office.count("violations.settle") != 1 {
			t.Errorf("state %s, filed %d times", got.Case.State, h.office.count("violations.settle"))
		}
	})
}

func TestClaim(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	c := h.open(cases.Who{Visitor: "cookie"}, "weather-forecast")
	w := h.who(0)
	w.Visitor = "cookie"
	if err := h.desk.Claim(t.Context(), cases.Who{Visitor: "cookie"}, c.No); !fault.Is(err, fault.KindDenied) {
		t.Errorf("Claim without signing in: %v", err)
	}
	for range 2 {
		if err := h.desk.Claim(t.Context(), w, c.No); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := h.desk.Show(t.Context(), cases.Who{Visitor: "cookie"}, c.No, ""); !fault.Is(err, fault.KindNotFound) {
		t.Errorf("the cookie alone still opens it: %v", err)
	}
	list, err := h.desk.List(t.Context(), w.Actor, nil, cursor.Cursor{}, 0)
	if err != nil || len(list) != 1 || list[0].No != c.No {
		t.Errorf("List = %d, %v", len(list), err)
	}
}

func TestLookUpBudgets(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	w := h.who(5)
	try := func(plate string) cases.Shown {
		c := h.open(w, "traffic-fine-payment")
		s := h.show(w, c.No)
		s = h.answer(w, c.No, s.View.Step, "plate", "other")
		return h.answer(w, c.No, s.View.Step, "other_plate", plate)
	}
	for i := range 5 {
		if s := try(fmt.Sprintf("浙A9000%d", i)); s.View.Kind != service.ViewForm {
			t.Fatalf("target %d: %s %s", i, s.View.Kind, s.View.Title)
		}
	}
	asked := h.office.count("violations.find")
	if s := try("浙A90009"); s.View.End != "limited" || h.office.count("violations.find") != asked {
		t.Errorf("the sixth target: %s %q, asked %d times", s.View.Kind, s.View.End, h.office.count("violations.find")-asked)
	}
	if s := try("浙A90000"); s.View.Kind != service.ViewForm {
		t.Errorf("a target seen before: %s", s.View.Kind)
	}
	for range 3 {
		try("浙A90000")
	}
	asked = h.office.count("violations.find")
	w = h.who(6)
	if s := try("浙A90000"); s.View.End != "limited" || h.office.count("violations.find") != asked {
		t.Errorf("the sixth failure about one plate, by another resident: %s %q", s.View.Kind, s.View.End)
	}
	h.clock.Advance(24*time.Hour + time.Minute)
	if s := try("浙A90000"); s.View.Kind != service.ViewForm {
		t.Errorf("the next day: %s %q", s.View.Kind, s.View.End)
	}
}

func TestRate(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		w, s := h.fine(0, h.plate(0))
		no := s.Case.No
		if err := h.desk.Rate(ctx, w, no, cases.Rating{Stars: 5}); !fault.Is(err, fault.KindConflict) {
			t.Errorf("before the end: %v", err)
		}
		h.pays(s.Order.No)
		h.noticed()
		h.pump.Drain()
		for name, r := range map[string]cases.Rating{
			"no stars":            {},
			"six":                 {Stars: 6},
			"reasons for praise":  {Stars: 5, Reasons: []string{"slow"}},
			"a reason of no name": {Stars: 1, Reasons: []string{"<b>"}},
			"a novel":             {Stars: 1, Text: strings.Repeat("长", 301)},
		} {
			if err := h.desk.Rate(ctx, w, no, r); !fault.Is(err, fault.KindInvalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := h.desk.Rate(ctx, w, no, cases.Rating{Stars: 1, Reasons: []string{"slow"}, Text: "等了很久，张三"}); err != nil {
			t.Fatal(err)
		}
		h.clock.Advance(23 * time.Hour)
		if err := h.desk.Rate(ctx, w, no, cases.Rating{Stars: 4}); err != nil {
			t.Fatal(err)
		}
		h.clock.Advance(time.Hour)
		if err := h.desk.Rate(ctx, w, no, cases.Rating{Stars: 2}); !fault.Is(err, fault.KindConflict) {
			t.Errorf("after a day: %v", err)
		}
		got, err := h.desk.Ratings(ctx, hangzhou)
		if diff := cmp.Diff(map[string]cases.Stars{"traffic-fine-payment": {Count: 1, Sum: 4, Good: 1}}, got); diff != "" || err != nil {
			t.Errorf("Ratings differ (%v):\n%s", err, diff)
		}
		if r := h.show(w, no).Case.Rating; r == nil || r.Stars != 4 || r.Text != "" {
			t.Errorf("rating = %+v", r)
		}
	})
}

func TestListPages(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		w := h.who(0)
		var want []string
		for i := range 7 {
			c := h.open(w, "hall-appointment")
			want = append([]string{c.No}, want...)
			if i%2 == 0 {
				h.clock.Advance(time.Second) // some share a millisecond
			}
		}
		h.open(h.who(1), "hall-appointment")
		var got []string
		after := cursor.Cursor{}
		for range 10 {
			list, err := h.desk.List(t.Context(), w.Actor, []cases.State{cases.Draft, cases.Asking}, after, 3)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range list {
				got = append(got, c.No)
			}
			if len(list) < 3 {
				break
			}
			after = list[len(list)-1].Cursor()
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("pages differ:\n%s", diff)
		}
		if list, err := h.desk.List(t.Context(), actor.Actor{}, nil, cursor.Cursor{}, 0); err != nil || list != nil {
			t.Errorf("a visitor's list = %v, %v", list, err)
		}
	})
}

func TestExport(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	var b bytes.Buffer
	if err := h.desk.Export(t.Context(), h.who(2).Actor, &b); err != nil || strings.TrimSpace(b.String()) != "[]" {
		t.Errorf("nothing to export: %q, %v", b.String(), err)
	}
	w, s := h.fine(0, h.plate(0))
	h.toSlots(0)
	h.fine(1, "浙A12344")
	b.Reset()
	if err := h.desk.Export(t.Context(), w.Actor, &b); err != nil {
		t.Fatal(err)
	}
	var list []struct {
		No       string `json:"no"`
		Answers  map[string]any
		Payments []struct{ No string }
	}
	if err := json.Unmarshal(b.Bytes(), &list); err != nil {
		t.Fatal(err)
	}
	if len(list) != 2 || list[1].No != s.Case.No || len(list[1].Answers) == 0 || len(list[1].Payments) != 1 {
		t.Errorf("export = %s", b.String())
	}
	if strings.Contains(b.String(), "浙A12344") {
		t.Error("the export holds another resident's case")
	}
}

func TestDraftsRunOut(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		w := h.who(0)
		c := h.open(w, "hall-appointment")
		h.pump.Elapse(20 * 24 * time.Hour)
		s := h.show(w, c.No)
		h.answer(w, c.No, s.View.Step, s.View.Name, s.View.Items[0].Value)
		h.pump.Twice = true
		h.pump.Elapse(29 * 24 * time.Hour)
		if got := h.show(w, c.No).Case.State; got != cases.Draft {
			t.Errorf("29 days after the last change: %s", got)
		}
		h.pump.Elapse(24 * time.Hour)
		s = h.show(w, c.No)
		if s.Case.State != cases.Expired || s.View.End != "expired" {
			t.Errorf("30 days after the last change: %s, page %q", s.Case.State, s.View.End)
		}
		if n := count(h.pump.Names(c.No), "cases.expired"); n != 1 {
			t.Errorf("expired %d times", n)
		}
		if _, set := h.pump.NextAlarm(); set {
			t.Error("an alarm is left over")
		}
	})
}

func TestChannelSilentWhenOrdering(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	h.channelMode("refuse")
	w := h.who(0)
	c := h.open(w, "traffic-fine-payment")
	s := h.show(w, c.No)
	s = h.answer(w, c.No, s.View.Step, "plate", h.plate(0))
	s = h.answer(w, c.No, s.View.Step, s.View.Name, s.View.Items[0].Value)
	s = h.answer(w, c.No, s.View.Step)
	if s.Case.State != cases.Paying || !s.Case.Data.Down {
		t.Fatalf("state %s, down %v", s.Case.State, s.Case.Data.Down)
	}
	h.channelMode("normal")
	h.pump.Elapse(time.Minute)
	if s = h.show(w, c.No); s.View.Kind != service.ViewPay || s.View.PayURL == "" {
		t.Errorf("a minute later: %s %q", s.View.Kind, s.View.PayURL)
	}
}

func TestStateIsSealed(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		w, s := h.fine(0, h.plate(0))
		p := h.world.Residents()[0]
		var data, summary, client []byte
		var log string
		if err := h.db.QueryRow(t.Context(), `select data, summary, client, log from cases where no = $1`, s.Case.No).Scan(&data, &summary, &client, &log); err != nil {
			t.Fatal(err)
		}
		all := string(data) + string(summary) + string(client) + log
		for _, secret := range []string{p.Name, p.CitizenNumber, p.Vehicles[0].Plate, w.ClientIP, s.Case.Summary.Reveal()} {
			if secret == "" || strings.Contains(all, secret) {
				t.Errorf("%q lies open in the table", secret)
			}
		}
		for _, text := range []string{fmt.Sprint(s.Case.Data), fmt.Sprintf("%+v", s.Case.Data), fmt.Sprintf("%#v", s.Case.Data)} {
			if strings.Contains(text, p.Vehicles[0].Plate) {
				t.Errorf("a state prints %s", text)
			}
		}
	})
}
