package browser_test

import (
	"testing"

	"zhijian/testkit/house"
)

// heaviest is what a page may weigh on the wire at a first visit, with styles and scripts, without images (asset-notes 3).
const heaviest = 60 << 10

// TestWeight opens pages as somebody who was never here before.
func TestWeight(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	for _, path := range []string{
		"/", "/city/hangzhou", "/city/hangzhou/services", "/city/hangzhou/search?q=交罚款", "/city/hangzhou/services/traffic-fine-payment", "/login",
		"/en/city/hangzhou", "/observatory", "/observatory/exhibits/appendix-1",
		"/observatory/prefectures", "/observatory/regions/330000", "/observatory/accounts/sim0000001", "/observatory/accounts",
	} {
		w := newWindow(t, h)
		w.must(path)
		sum, parts := w.weight()
		if sum > heaviest || sum < 5<<10 {
			t.Errorf("%s weighs %d bytes at the first visit, may %d: %v", path, sum, heaviest, parts)
		}
		t.Logf("%s: %d bytes", path, sum)
		first := sum
		w.must(path)
		if again, _ := w.weight(); again >= first {
			t.Errorf("%s weighs %d bytes at the second visit, %d at the first: nothing was kept", path, again, first)
		}
	}
	w := newWindow(t, h)
	who := h.Resident(t, "L4", 0)
	w.enter(who)
	w.begin("traffic-fine-payment")
	at := w.path()
	w.forget()
	w.must(at)
	if sum, parts := w.weight(); sum > heaviest {
		t.Errorf("a step weighs %d bytes with nothing kept, may %d: %v", sum, heaviest, parts)
	}
}
