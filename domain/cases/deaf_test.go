package cases_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"zhijian/domain/cases"
	"zhijian/ground/cursor"
	"zhijian/testkit"
)

// An office that does not understand us has taken nothing: what was paid for comes to where the department sees it,
// and the resident is told meanwhile.
func TestOfficeThatDoesNotUnderstand(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusNotFound, http.StatusConflict, http.StatusFound, http.StatusNoContent} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, testkit.Database(t))
			w, s := h.fine(0, h.plate(0))
			h.police(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
			h.pays(s.Order.No)
			h.noticed()
			h.pump.Drain()
			if s = h.show(w, s.Case.No); s.Case.State != cases.Filing || !s.View.Down || len(s.View.Notes) == 0 || !slices.Contains(codes(s.Case), "silent") {
				t.Fatalf("after the first try: %s, told %v", s.Case.State, s.View.Notes)
			}
			h.pump.Elapse(3 * time.Hour)
			if s = h.show(w, s.Case.No); s.Case.State != cases.Stuck {
				t.Fatalf("hours later: %s %s", s.Case.State, s.Case.Data.Phase)
			}
			list, err := h.desk.Queue(t.Context(), staffOf(1), []cases.State{cases.Stuck}, cursor.Cursor{}, 0)
			if err != nil || len(list) != 1 || list[0].No != s.Case.No {
				t.Errorf("the department sees %d stuck cases, %v", len(list), err)
			}
		})
	}
}

// A look-up that the office does not understand says so instead of waiting for ever.
func TestLookUpThatIsNotUnderstood(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	h.police(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) })
	if s := h.asks(h.crowd(1)[0], "浙A8K267", "ABC123"); !s.View.Down || !s.View.Retry {
		t.Errorf("shows %s %q down %v", s.View.Kind, s.View.Title, s.View.Down)
	}
}
