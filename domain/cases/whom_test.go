package cases_test

import (
	"bytes"
	"strings"
	"testing"

	"zhijian/domain/cases"
	"zhijian/domain/identity"
	"zhijian/domain/service"
	"zhijian/ground/actor"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/store/sqldb"
	"zhijian/testkit"
)

// mandate lets resident i act for resident j by both their hands.
func (h *house) mandate(i, j int) identity.Mandate {
	h.t.Helper()
	ctx, p := h.t.Context(), h.world.Residents()[j]
	m, err := h.known.AskMandate(ctx, h.who(i).Actor, identity.MandateWish{Name: p.Name, CitizenNumber: p.CitizenNumber, Days: 30})
	if err == nil {
		err = h.known.AcceptMandate(ctx, h.who(j).Actor, m.ID)
	}
	if err != nil {
		h.t.Fatal(err)
	}
	return m
}

// A case for somebody else asks about them, says so in its events and to staff, and stops at once when the mandate is taken back.
func TestCaseForSomebody(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		h := newHouse(t, db)
		m, w := h.mandate(0, 1), h.who(0)
		principal := h.world.Residents()[1]
		c := h.open(w, "social-insurance-query")
		s := h.show(w, c.No)
		if s.View.Step != "whom" || len(s.View.Fields[0].Options) != 2 {
			t.Fatalf("for whom: %+v", s.View)
		}
		ref := s.View.Fields[0].Options[1].Value
		h.answer(w, c.No, "whom", "whom", ref)
		h.pump.Drain()
		s = h.show(w, c.No)
		if s.View.Kind != service.ViewResult || s.View.For == "" || s.View.For == principal.Name {
			t.Fatalf("the result says it is for %q: %+v", s.View.For, s.View.Kind)
		}
		if s.Case.For() != ref || !strings.HasPrefix(ref, "mandate/") {
			t.Errorf("for %q, want %q", s.Case.For(), ref)
		}
		named := 0
		for _, e := range h.log(c.No) {
			var subject cases.Subject
			if e.Decode(&subject) == nil && subject.Right == ref {
				named++
			}
			if bytes.Contains(e.Data, []byte(principal.Name)) || bytes.Contains(e.Data, []byte(principal.CitizenNumber)) {
				t.Errorf("%s holds a person", e.Name)
			}
		}
		if named == 0 {
			t.Error("no event says for whom")
		}
		seen, err := h.desk.Read(t.Context(), actor.Actor{Kind: actor.Operator, ID: 1}, c.No, "handling")
		if err != nil || seen.Between.Agent == "" || seen.Between.Principal == "" || seen.Between.Right != "mandate" || seen.Between.Principal == principal.Name {
			t.Errorf("staff see %+v: %v", seen.Between, err)
		}
		// The other side sees nothing of it by its number, and neither does anybody else.
		if _, err := h.desk.Show(t.Context(), h.who(1), c.No, ""); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("the principal opens the agent's case: %v", err)
		}
		if err := h.known.EndMandate(t.Context(), h.who(1).Actor, m.ID); err != nil {
			t.Fatal(err)
		}
		s = h.show(w, c.No)
		if !s.View.Barred || len(s.View.Rows) > 0 || len(s.Case.Data.Facts) > 0 || s.Case.Summary.Reveal() != "" || len(s.Case.Log) > 0 {
			t.Errorf("after the mandate ended it shows %+v", s.View)
		}
		if _, err := h.desk.Receipt(t.Context(), w, c.No); !fault.Is(err, fault.KindDenied) {
			t.Errorf("receipt: %v", err)
		}
		if err := h.desk.Rate(t.Context(), w, c.No, cases.Rating{Stars: 5}); !fault.Is(err, fault.KindDenied) {
			t.Errorf("rating: %v", err)
		}
		var out bytes.Buffer
		if err := h.desk.Export(t.Context(), w.Actor, &out); err != nil || strings.Contains(out.String(), principal.CitizenNumber) || !strings.Contains(out.String(), c.No) {
			t.Errorf("the export holds the other's number, or not the case: %v", err)
		}
	})
}

// Steps that were still open stop too, a guessed right is none, and the mandate of another service is none.
func TestMandateStopsSteps(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	m, w := h.mandate(0, 1), h.who(0)
	c := h.open(w, "vaccine-booking")
	for _, guess := range []string{"mandate/1", "child/1", "mandate/" + strings.Repeat("9", 19)} {
		if _, err := h.desk.Answer(t.Context(), w, c.No, "whom", map[string][]string{"whom": {guess}}); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("guessed %s: %v", guess, err)
		}
	}
	h.answer(w, c.No, "whom", "whom", h.show(w, c.No).View.Fields[0].Options[1].Value)
	h.pump.Drain()
	if s := h.show(w, c.No); s.View.Kind != service.ViewChoose {
		t.Fatalf("%+v", s.View)
	}
	if err := h.known.EndMandate(t.Context(), w.Actor, m.ID); err != nil { // either side may
		t.Fatal(err)
	}
	_, err := h.desk.Answer(t.Context(), w, c.No, "place", map[string][]string{"place": {"x"}})
	if f := fault.Of(err); f == nil || f.Code != "service.mandate" {
		t.Errorf("a step after the end: %v", err)
	}
	if err := h.desk.SaveDraft(t.Context(), w, c.No, "place", nil); !fault.Is(err, fault.KindDenied) {
		t.Errorf("a draft after the end: %v", err)
	}
	if s := h.show(w, c.No); !s.View.Barred || len(s.View.Items) > 0 {
		t.Errorf("the page after the end: %+v", s.View)
	}
	if _, err := h.desk.Withdraw(t.Context(), w, c.No); err != nil {
		t.Errorf("calling it off is always possible: %v", err)
	}
}

// A child of the household is acted for without anybody's login; one that the register does not know is not offered.
func TestCaseForChild(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	w, p := h.who(0), h.world.Residents()[0]
	kin := p.Children[0]
	for name, number := range map[string]string{kin.Name: kin.CitizenNumber, "王小明": "110105201801010019"} {
		if _, err := h.known.SavePerson(t.Context(), w.Actor, identity.NewPerson{Name: name, CitizenNumber: number, Relation: identity.Child, Consent: true}); err != nil {
			t.Fatal(err)
		}
	}
	c := h.open(w, "school-enrollment-registration")
	s := h.show(w, c.No)
	if len(s.View.Fields[0].Options) != 1 || !strings.HasPrefix(s.View.Fields[0].Options[0].Value, "child/") {
		t.Fatalf("children to act for: %+v", s.View.Fields[0].Options)
	}
	h.answer(w, c.No, "whom", "whom", s.View.Fields[0].Options[0].Value)
	if s = h.show(w, c.No); s.View.Step != "grade" || s.View.For == "" || s.View.For == kin.Name {
		t.Errorf("at %s for %q", s.View.Step, s.View.For)
	}
}

// log reads the events of a case.
func (h *house) log(no string) (list []event.Event) {
	h.t.Helper()
	rows, err := h.db.Query(h.t.Context(), `select name, data from event where key = $1 order by id`, no)
	if err != nil {
		h.t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var e event.Event
		var data string
		if err := rows.Scan(&e.Name, &data); err != nil {
			h.t.Fatal(err)
		}
		e.Data = []byte(data)
		list = append(list, e)
	}
	return list
}
