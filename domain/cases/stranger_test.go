package cases_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"zhijian/domain/cases"
	"zhijian/outside/office"
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

// askFor sends the question and leaves it to the pump to ask.
func (h *house) askFor(w cases.Who, plate, engine string) string {
	h.t.Helper()
	c, err := h.desk.Open(h.t.Context(), w.Actor, cases.Opening{City: hangzhou, Service: "vehicle-violation-query"})
	if err != nil {
		h.t.Fatal(err)
	}
	if _, err := h.desk.Answer(h.t.Context(), w, c.No, "plate", map[string][]string{"plate": {"other"}}); err != nil {
		h.t.Fatal(err)
	}
	if _, err := h.desk.Answer(h.t.Context(), w, c.No, "other", map[string][]string{"other_plate": {plate}, "engine": {engine}}); err != nil {
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
	w := h.who(0)
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
