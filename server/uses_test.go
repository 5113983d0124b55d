package server_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"zhijian/testkit/house"
)

// TestUseOrders: of two services that a word fits alike, the one that residents of the city begin more comes first, on pages, over the API and
// nowhere else; what fits the word better stays where it is.
func TestUseOrders(t *testing.T) {
	t.Parallel()
	house.Both(t, func(t *testing.T, h *house.House) {
		found := func(city string) (ids []string) {
			p := visitor(t, h)
			p.get("/api/v1/cities/" + city + "/services?q=" + url.QueryEscape("缴费"))
			var list []struct{ ID string }
			if err := json.Unmarshal(p.Page.Body, &list); err != nil {
				t.Fatalf("%v: %s", err, p.Page.Body)
			}
			for _, one := range list {
				ids = append(ids, one.ID)
			}
			return ids
		}
		before := found("hangzhou")
		school, clinic := slices.Index(before, "school-fee-payment"), slices.Index(before, "outpatient-payment")
		if clinic < 1 || school != clinic+1 {
			t.Fatalf("before anybody did anything: %v", before)
		}
		for n := range 4 {
			m := machine(t, h, h.Resident(t, "L4", n))
			for range 5 {
				m.call(http.MethodPost, "/cities/hangzhou/services/school-fee-payment/cases", map[string]any{"values": map[string][]string{}}, http.StatusCreated)
			}
		}
		want := slices.Clone(before)
		want[school], want[clinic] = want[clinic], want[school]
		h.Until(t, "what is used comes first", func() bool { // once the facts have heard of all
			if err := h.Server.CountUses(t.Context()); err != nil {
				t.Fatal(err)
			}
			return slices.Equal(found("hangzhou"), want)
		})
		h.Restart(t)
		h.Until(t, "a house that begins counts at once", func() bool { return slices.Equal(found("hangzhou"), want) })
		p := visitor(t, h)
		p.open("/city/hangzhou/search?q=" + url.QueryEscape("缴费"))
		first, other, best := strings.Index(string(p.Page.Body), "/services/school-fee-payment"), strings.Index(string(p.Page.Body), "/services/outpatient-payment"), strings.Index(string(p.Page.Body), "/services/"+before[0])
		if best < 0 || first < best || other < first {
			t.Errorf("on the page: %s at %d, the used service at %d, the other at %d", before[0], best, first, other)
		}
		p.open("/city/hangzhou")
		body := string(p.Page.Body)
		if used, was := strings.Index(body, "/services/school-fee-payment"), strings.Index(body, "/services/vehicle-violation-query"); used < 0 || used > was {
			t.Errorf("on the home: the used service at %d, what stood first at %d", used, was)
		}
		if got := found("suzhou-js"); slices.Index(got, "school-fee-payment") >= 0 && slices.Index(got, "school-fee-payment") < slices.Index(got, "outpatient-payment") {
			t.Errorf("in another city: %v", got)
		}
	})
}
