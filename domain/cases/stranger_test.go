package cases_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"zhijian/domain/cases"
	"zhijian/domain/identity"
	"zhijian/domain/service"
	"zhijian/ground/actor"
	"zhijian/ground/seal"
	"zhijian/ground/uid"
	"zhijian/outside/office"
	"zhijian/store"
	"zhijian/testkit"
)

// police answers look-ups like an office that tells everybody everything, or like say.
func (h *house) police(say http.HandlerFunc) {
	h.t.Helper()
	server := httptest.NewServer(say)
	h.t.Cleanup(server.Close)
	client, err := office.New(office.Config{Clock: h.clock, Offices: map[string]office.Office{"traffic": {URL: server.URL, InFlight: 200, Timeout: 5 * time.Second}}})
	if err != nil {
		h.t.Fatal(err)
	}
	h.office.Client = client
}

// asks opens a look-up of somebody's vehicle by plate and engine number and gives what comes of it.
func (h *house) asks(w cases.Who, plate, engine string) cases.Shown {
	h.t.Helper()
	no := h.askFor(w, plate, engine)
	h.pump.Drain()
	return h.show(w, no)
}

// askFor sends the question of somebody without a vehicle and leaves it to the pump to ask.
func (h *house) askFor(w cases.Who, plate, engine string) string {
	h.t.Helper()
	c, err := h.desk.Open(h.t.Context(), w.Actor, cases.Opening{City: hangzhou, Service: "vehicle-violation-query"})
	if err != nil {
		h.t.Fatal(err)
	}
	if _, err := h.desk.Answer(h.t.Context(), w, c.No, "plate", map[string][]string{"plate": {plate}, "own_engine": {engine}}); err != nil {
		h.t.Fatal(err)
	}
	return c.No
}

// Who knows the engine number learns how many and how much. Where the car was and when is not even kept, whatever the office
// says: the case is exported, and shown by more doors than this one.
func TestStrangersLearnOnlyTheAmounts(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	secrets := []string{"文三路", "18:42", "2026-05-16", "违反规定停车", "3301061234567890", "V1234567890"}
	h.police(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprint(w, `{"data":{"known":true,"scope":"other","items":[{"id":"V1234567890","decision":"3301061234567890","at":"2026-05-16T18:42:00+08:00",
			"place":"西湖区文三路 259 号附近","act":"违反规定停车","law":"90","fine":15000,"points":3,"plate":"浙A8K267","licence":"","photos":3}]}}`)
	})
	w := h.crowd(1)[0]
	s := h.asks(w, "浙A8K267", "ABC123")
	if s.View.End != "others" || s.View.Rows[len(s.View.Rows)-1].Value != "¥150.00" {
		t.Fatalf("ends as %q: %+v", s.View.End, s.View.Rows)
	}
	var export bytes.Buffer
	if err := h.desk.Export(t.Context(), w.Actor, &export); err != nil {
		t.Fatal(err)
	}
	view, err := json.Marshal(s.View)
	if err != nil {
		t.Fatal(err)
	}
	state, err := s.Case.Data.Encode()
	if err != nil {
		t.Fatal(err)
	}
	for where, text := range map[string]string{"the view": string(view), "the export": export.String(), "the case": string(state), "the summary": s.Case.Summary.Reveal()} {
		for _, secret := range secrets {
			if strings.Contains(text, secret) {
				t.Errorf("%s tells a stranger %s", where, secret)
			}
		}
	}
}

// crowd makes residents of level 2 whom nobody else knows.
func (h *house) crowd(n int) (list []cases.Who) {
	h.t.Helper()
	residents, ids := store.Residents{DB: h.db, Ring: testkit.Ring(h.t)}, &uid.Maker{Clock: h.clock}
	for i := range n {
		r, err := residents.Join(h.t.Context(), identity.Resident{
			ID: ids.ID(), Level: 2, Phone: seal.Plain(fmt.Sprintf("+86139%08d", i)), Name: seal.Plain("李生"), CitizenNumber: seal.Plain(fmt.Sprintf("NOBODY%012d", i)),
			Created: h.clock.Now(), ProvenAt: h.clock.Now(), Rev: 1,
		})
		if err != nil {
			h.t.Fatal(err)
		}
		list = append(list, cases.Who{Actor: actor.Actor{Kind: actor.Resident, ID: r.ID, Level: 2}, ClientIP: "127.0.0.9"})
	}
	return list
}

// atOnce lets the house do at the same moment all that the given cases wait for.
func (h *house) atOnce(nos map[string]bool) {
	h.t.Helper()
	var wg sync.WaitGroup
	ready := make(chan struct{})
	for _, e := range h.pump.Log() {
		if e.Name != (cases.AskedEvent{}).EventName() || !nos[e.Key] {
			continue
		}
		for _, handler := range h.desk.Handlers() {
			if handler.Consumer != "cases.effects" {
				continue
			}
			wg.Go(func() {
				<-ready
				if err := handler.Handle(h.t.Context(), e); err != nil {
					h.t.Error(err)
				}
			})
		}
	}
	close(ready)
	wg.Wait()
}

// T48: five tries a day at a plate, however many ask and however they hurry. The office is slow, so that all of them are under way at once.
func TestGuessersAtOnceHaveFiveTries(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		var asked atomic.Int64
		h.police(func(w http.ResponseWriter, _ *http.Request) {
			asked.Add(1)
			_, _ = fmt.Fprint(w, `{"data":{"known":false,"scope":"none","items":[]}}`)
		})
		nos := map[string]bool{}
		for i, w := range h.crowd(64) {
			nos[h.askFor(w, "浙A8K267", fmt.Sprintf("%06d", i))] = true
		}
		h.atOnce(nos)
		limited := 0
		for no := range nos {
			c, err := h.store.Case(t.Context(), no)
			if err != nil {
				t.Fatal(err)
			}
			if c.Data.End == service.EndLimited {
				limited++
			}
		}
		if asked.Load() > 5 || limited != 64-int(asked.Load()) {
			t.Errorf("the office answered %d of 64 guesses at once, %d were told to wait", asked.Load(), limited)
		}
	})
}

// T48: one key per plate, whoever asks by whichever service; and what did not fail costs nothing.
func TestOnePlateIsOneKey(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	car := h.world.Residents()[0].Vehicles[0]
	crowd := h.crowd(14)
	for i, w := range crowd[:7] {
		if s := h.asks(w, car.Plate, car.Engine[len(car.Engine)-6:]); s.View.End != "others" {
			t.Fatalf("right engine number, %d: %s %q", i, s.View.Kind, s.View.End)
		}
	}
	for i, w := range crowd[7:12] {
		if s := h.asks(w, car.Plate, "000000"); s.View.Kind != service.ViewForm {
			t.Fatalf("wrong engine number, %d: %s %q", i, s.View.Kind, s.View.End)
		}
	}
	asked := h.office.count("violations.find")
	w := crowd[12]
	c := h.open(w, "traffic-fine-payment")
	s := h.show(w, c.No)
	if s = h.answer(w, c.No, s.View.Step, "plate", car.Plate); s.View.End != "limited" || h.office.count("violations.find") != asked {
		t.Errorf("by another service: %s %q", s.View.Kind, s.View.End)
	}
}

// T71: what others did to a plate does not close it to whom it belongs to.
func TestGuessersDoNotLockTheOwnerOut(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		for _, w := range h.crowd(8) {
			h.asks(w, h.plate(0), "000000")
		}
		w, s := h.fine(0, h.plate(0))
		if s.Case.State != cases.Paying {
			t.Errorf("the owner's fine: %s", s.Case.State)
		}
		c := h.open(w, "vehicle-violation-query")
		s = h.show(w, c.No)
		if s = h.answer(w, c.No, s.View.Step, "plate", h.plate(0)); s.View.End != "mine" {
			t.Errorf("the owner's look-up: %s %q", s.View.Kind, s.View.End)
		}
	})
}

// Guessing at ever other plates from one address, or from everywhere, is braked too; owners go on.
func TestGuessingWidelyIsBraked(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	crowd := h.crowd(20)
	for i := range 60 {
		if s := h.asks(crowd[i/4], fmt.Sprintf("浙A9%04d", 7001+10*i), "000000"); s.View.Kind != service.ViewForm {
			t.Fatalf("guess %d: %s %q", i, s.View.Kind, s.View.End)
		}
	}
	asked := h.office.count("violations.find")
	if s := h.asks(crowd[19], "浙A99999", "000000"); s.View.End != "limited" || h.office.count("violations.find") != asked {
		t.Errorf("guess 61 from one address: %s %q", s.View.Kind, s.View.End)
	}
	elsewhere := crowd[18]
	elsewhere.ClientIP = "127.0.0.10"
	if s := h.asks(elsewhere, "浙A99999", "000000"); s.View.Kind != service.ViewForm {
		t.Errorf("from another address: %s %q", s.View.Kind, s.View.End)
	}
	if _, s := h.fine(0, h.plate(0)); s.Case.State != cases.Paying {
		t.Errorf("the owner at the braked address: %s", s.Case.State)
	}
}
