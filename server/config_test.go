package server_test

import (
	"io"
	"log/slog"
	"strings"
	"testing"

	"zhijian/ground/clock"
	"zhijian/server"
)

// Names, citizen numbers and payments do not leave the machine in the clear.
func TestOutsideIsReachedOverTLS(t *testing.T) {
	t.Parallel()
	for at, ok := range map[string]bool{
		"https://office.example.gov.cn": true, "http://127.0.0.1:9001": true, "http://localhost:9001": true, "http://[::1]:9001": true,
		"http://10.0.0.7:8080": false, "http://office.example.gov.cn": false, "http://127.0.0.1.example.com": false, "ftp://127.0.0.1": false, "office": false,
	} {
		for _, name := range []string{"traffic", "bank", "sms", "pay", "another"} {
			c := server.Config{
				Data: t.TempDir(), Addr: "127.0.0.1:-1", Clock: &clock.System{}, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
				World: server.World{URLs: map[string]string{}},
			}
			for _, each := range []string{"traffic", "population", "bank", "electricity", "hall", "weather", "sms", "pay"} {
				c.World.URLs[each] = "http://127.0.0.1:1"
			}
			c.World.URLs[name] = at
			_, err := server.Open(t.Context(), c) // the port is none, so it opens never
			if err == nil || strings.Contains(err.Error(), "https address") == ok {
				t.Errorf("%s at %s: %v", name, at, err)
			}
		}
	}
}

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
