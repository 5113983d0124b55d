package cases_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zhijian/domain/cases"
	"zhijian/domain/identity"
	"zhijian/domain/service"
	"zhijian/ground/actor"
	"zhijian/ground/cursor"
	"zhijian/ground/fault"
	"zhijian/ground/money"
	"zhijian/ground/uid"
	"zhijian/outside/proof"
	"zhijian/outside/sms"
	"zhijian/store"
	"zhijian/testkit"
	"zhijian/testkit/pump"
)

// letter is a service that waits for something that another system reports.
const letter = `
id: licence-letter
version: 1
name: {zh: 等信, en: A letter}
about: {zh: 等一封信。, en: Waits for a letter.}
sector: f01
group: traffic-police
type: application
how: online
owner: traffic
fee: {zh: 不要钱, en: Free}
promise: {text: {zh: 十天, en: Ten days}}
review_by: 2027-06-30
answers:
  remark: {type: text, max: 20, label: {zh: 备注, en: Remark}, ask: {zh: 备注, en: Remark}}
steps:
  - form: [remark]
    level: L1
  - wait: letter
    gives: {window: text, pieces: int}
    within: 10d
  - result: done
    say: {zh: "请到 {letter.window} 取信", en: "Fetch it at {letter.window}"}
    show: [{label: {zh: 件数, en: Pieces}, value: letter.pieces}]
    good: true
tests:
  - {name: it begins, as: L1, expect: {view: form}}
`

// shelf offers one service in every city.
type shelf struct{ only service.Offer }

func (s shelf) Offer(string, string) (service.Offer, bool)       { return s.only, true }
func (s shelf) Pinned(string, string, int) (service.Offer, bool) { return s.only, true }

// offers gives the house a desk whose only service is the given one.
func (h *house) offers(definition string) { h.offersFrom(definition, 0) }

// offersFrom is offers with the amount from which two members of staff must agree.
func (h *house) offersFrom(definition string, second money.Fen) {
	h.t.Helper()
	d, problems := service.Load("only.yaml", []byte(definition))
	if len(problems) > 0 {
		h.t.Fatal(problems)
	}
	offices := map[string]service.Office{}
	for _, word := range d.Offices {
		offices[word] = service.Office{System: word, Name: service.Text{Zh: "部门"}, Payee: "财政局"}
	}
	h.redesk(shelf{service.Offer{City: hangzhou, Definition: d, Account: "hzjj", Department: "车管所", Offices: offices}}, second)
}

// redesk makes the house's desk anew: with another catalogue, or another amount from which two must agree.
func (h *house) redesk(catalogue cases.Catalogue, second money.Fen) {
	h.t.Helper()
	ring, ids := testkit.Ring(h.t), &uid.Maker{Clock: h.clock}
	gateway, err := sms.New(sms.Config{URL: h.world.URLs()["sms"]})
	if err != nil {
		h.t.Fatal(err)
	}
	purse := store.Budgets{DB: h.db, Ring: ring, Clock: h.clock}
	who, err := identity.New(identity.Config{
		Residents: store.Residents{DB: h.db, Ring: ring}, Sessions: store.Sessions{DB: h.db, Ring: ring, Memo: store.NewSessionMemo(h.db)}, Codes: store.Codes{DB: h.db}, SMS: gateway,
		Register: proof.Register{Office: h.office.Client}, Bank: proof.Bank{Office: h.office.Client}, Vehicles: proof.Vehicles{Office: h.office.Client},
		Purse: purse, Ring: ring, Clock: h.clock, IDs: ids,
	})
	if err != nil {
		h.t.Fatal(err)
	}
	h.desk, err = cases.New(cases.Config{
		Store: crashCases{h.store, h.crash}, Files: store.Files{DB: h.db, Ring: ring}, Catalogue: catalogue, Office: h.office,
		Organs: organs{}, Identity: who, Payment: h.payment, Booking: h.booking, Purse: purse, Clock: h.clock, IDs: ids, SecondFrom: second,
	})
	if err != nil {
		h.t.Fatal(err)
	}
	var handlers []pump.Handler
	for _, x := range h.desk.Handlers() {
		handlers = append(handlers, pump.Handler(x))
	}
	for _, x := range h.payment.Handlers() {
		handlers = append(handlers, pump.Handler(x))
	}
	for _, x := range h.booking.Handlers() {
		handlers = append(handlers, pump.Handler(x))
	}
	h.pump = pump.New(h.t, h.db, h.clock, handlers...)
}

// An outside event is reported by case and name, once or many times, by those who may; the case goes on by it.
func TestOutsideEventHappens(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		h.offers(letter)
		ctx, w := t.Context(), h.who(0)
		c := h.open(w, "licence-letter")
		data := map[string]any{"window": "3 号窗口", "pieces": 2, "person": "张小敏"}
		if _, err := h.desk.Happen(ctx, actor.House, c.No, "letter", data); fault.Of(err) == nil || fault.Of(err).Code != "cases.early" {
			t.Errorf("before the case waits: %v", err)
		}
		s := h.answer(w, c.No, "remark", "remark", "请快")
		if s.Case.State != cases.Filing || s.View.Kind != service.ViewWait {
			t.Fatalf("waits as %s, %s", s.Case.State, s.View.Kind)
		}
		for name, a := range map[string]actor.Actor{"the resident": w.Actor, "nobody": {}, "another department": staffOf(2)} {
			if _, err := h.desk.Happen(ctx, a, c.No, "letter", data); !fault.Is(err, fault.KindDenied) && !fault.Is(err, fault.KindNotFound) {
				t.Errorf("by %s: %v", name, err)
			}
		}
		if _, err := h.desk.Happen(ctx, actor.House, c.No, "parcel", data); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("another event: %v", err)
		}
		if _, err := h.desk.Happen(ctx, actor.House, c.No, "letter", map[string]any{"pieces": "many"}); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("of another shape: %v", err)
		}
		for range 3 {
			if _, err := h.desk.Happen(ctx, staffOf(1), c.No, "letter", data); err != nil {
				t.Fatal(err)
			}
		}
		h.pump.Elapse(20 * 24 * time.Hour)
		s = h.show(w, c.No)
		if s.View.End != "done" || s.View.Title != "请到 3 号窗口 取信" || s.View.Rows[0].Value != "2" || s.Case.State == cases.Stuck {
			t.Errorf("afterwards: %s, %+v", s.Case.State, s.View)
		}
		if n := count(h.pump.Names(c.No), "cases.heard"); n != 1 {
			t.Errorf("it was heard %d times", n)
		}
	})
}

// What does not happen in time comes to a person, who can wait on; what comes late still counts.
func TestOutsideEventIsLate(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	h.offers(letter)
	w := h.who(0)
	c := h.open(w, "licence-letter")
	h.answer(w, c.No, "remark", "remark", "请快")
	h.pump.Elapse(9 * 24 * time.Hour)
	if s := h.show(w, c.No); s.Case.State != cases.Filing {
		t.Fatalf("within its time: %s", s.Case.State)
	}
	h.pump.Elapse(25 * time.Hour)
	s := h.show(w, c.No)
	if s.Case.State != cases.Stuck || !strings.Contains(s.View.Lead, "车管所") {
		t.Fatalf("after its time: %s %q", s.Case.State, s.View.Lead)
	}
	if list, err := h.desk.Queue(t.Context(), staffOf(1), []cases.State{cases.Stuck}, cursor.Cursor{}, 0); err != nil || len(list) != 1 {
		t.Errorf("the department sees %d, %v", len(list), err)
	}
	if _, err := h.desk.Decide(t.Context(), staffOf(1), c.No, cases.DecideRetry, "再等十天"); err != nil {
		t.Fatal(err)
	}
	h.pump.Elapse(9 * 24 * time.Hour)
	if s = h.show(w, c.No); s.Case.State != cases.Filing {
		t.Errorf("waiting on: %s", s.Case.State)
	}
	h.pump.Elapse(2 * 24 * time.Hour)
	if s = h.show(w, c.No); s.Case.State != cases.Stuck {
		t.Errorf("once more in vain: %s", s.Case.State)
	}
	if _, err := h.desk.Happen(t.Context(), actor.House, c.No, "letter", map[string]any{"window": "1 号窗口"}); err != nil {
		t.Fatal(err)
	}
	s = h.show(w, c.No)
	if s.View.End != "done" || s.View.Rows[0].Value != "部门没有告知" {
		t.Errorf("late: %s %+v", s.Case.State, s.View)
	}
}

// What running cases stand on is known to the check at start; ended ones stand on nothing.
func TestStandings(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		w, _ := h.fine(0, h.plate(0))
		h.open(w, "hall-appointment")
		h.open(h.who(1), "hall-appointment")
		if _, err := h.desk.Withdraw(t.Context(), w, h.open(w, "hall-appointment").No); err != nil {
			t.Fatal(err)
		}
		got, err := h.store.Standings(t.Context())
		want := []store.Standing{{City: hangzhou, Service: "hall-appointment", Version: 1, Cases: 2}, {City: hangzhou, Service: "traffic-fine-payment", Version: 1, Cases: 1}}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%v %s", err, diff)
		}
	})
}
