package server_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"zhijian/sandbox"
	"zhijian/testkit"
	"zhijian/testkit/house"
)

// TestASlowOfficeSlowsNoOtherService: the hall's system holds every question and answers none. A crowd asks for its appointments; whoever
// asks the weather bureau's service meanwhile is answered as ever, and both the page and the console say what is wrong.
func TestASlowOfficeSlowsNoOtherService(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	weather := visitor(t, h)
	forecast := func() time.Duration {
		t.Helper()
		from := time.Now()
		weather.open("/city/hangzhou/services/weather-forecast")
		weather.send("/start", nil)
		weather.ends("℃")
		return time.Since(from)
	}
	beside := func(city string) (worst time.Duration) { // a crowd that asks for appointments
		var wg sync.WaitGroup
		for range 80 {
			wg.Go(func() {
				p := visitor(t, h)
				if err := p.Start(t.Context(), city, "hall-appointment"); err != nil {
					t.Error(err)
				}
			})
		}
		for range 5 {
			worst = max(worst, forecast())
		}
		wg.Wait()
		return max(worst, forecast())
	}
	crowded := beside("guangzhou") // what the crowd alone costs on this machine; its halls are not those that are asked for next
	h.World.Switch(sandbox.Hall, sandbox.Hang)
	worst := beside("hangzhou")
	t.Logf("the forecast took %v at worst beside a crowd, and %v while the hall was silent to it", crowded, worst)
	if worst > crowded+2500*time.Millisecond && !testkit.Race { // less than one time limit of the silent office; the race detector is asked for no times
		t.Errorf("the forecast took %v beside a crowd and %v while its office was silent", crowded, worst)
	}
	h.Until(t, "the hall counts as away", func() bool { _, down := h.Server.Offices().Down("hall"); return down })
	h.Clock.Advance(2 * time.Minute) // a kept page is a minute old at most
	p := visitor(t, h)
	_ = p.Start(t.Context(), "hangzhou", "hall-appointment") // the try after the pause finds it still silent
	p.get("/city/hangzhou/services/hall-appointment")
	p.reads("的系统从", "起暂时连不上", "不是您的问题")
	operator := visitor(t, h)
	operator.staffIn("operator")
	operator.open("/console/offices")
	operator.status(http.StatusOK)
	operator.reads("政务服务中心", "hall · office JSON", "连不上，先不问", "weather · office JSON")
	if hall := strings.Index(operator.Page.Text, "hall"); hall > strings.Index(operator.Page.Text, "weather") {
		t.Error("what is away does not stand first")
	}
	clerk := visitor(t, h)
	clerk.staffIn("traffic-police")
	clerk.get("/console/offices")
	if clerk.Page.Status == http.StatusOK && strings.Contains(clerk.Page.Text, "连不上") {
		t.Error("staff of a department see the operator's page")
	}
}
