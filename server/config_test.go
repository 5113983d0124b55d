package server_test

import (
	"log/slog"
	"strings"
	"testing"

	"zhijian/ground/clock"
	"zhijian/server"
)

// Limits that load programs lift are all that slows a stranger down: beyond loopback the house does not start with them.
func TestLoadLimitsStayOnLoopback(t *testing.T) {
	t.Parallel()
	l := server.LoadLimits()
	if l.CodesPerPhone != 0 || l.MinProof != 0 {
		t.Errorf("load programs lift budgets of people: %+v", l)
	}
	for name, c := range map[string]struct {
		addr, origin string
		limits       server.Limits
		refused      bool
	}{
		"loopback":                   {"127.0.0.1:0", "", l, false},
		"loopback, told so":          {"127.0.0.1:0", "http://localhost:8080", l, false},
		"everywhere":                 {"0.0.0.0:0", "https://city.example", l, true},
		"one outer address":          {"192.0.2.1:0", "https://city.example", l, true},
		"no host":                    {":0", "https://city.example", l, true},
		"loopback behind a proxy":    {"127.0.0.1:0", "https://city.example", l, true},
		"everywhere, nothing lifted": {"0.0.0.0:0", "https://city.example", server.Limits{}, false},
	} {
		// Without a data folder and a world it never starts; what is looked at is whether the limits are named.
		_, err := server.Open(t.Context(), server.Config{Addr: c.addr, Origin: c.origin, Limits: c.limits, Clock: &clock.System{}, Log: slog.New(slog.DiscardHandler)})
		if err == nil || strings.Contains(err.Error(), "limits are lifted") != c.refused {
			t.Errorf("%s: %v", name, err)
		}
	}
}
