package server_test

import (
	"strings"
	"testing"

	"zhijian/catalog"
	"zhijian/domain/service"
	"zhijian/server"
	"zhijian/store"
)

func TestStartNeedsThePinnedDefinitions(t *testing.T) {
	t.Parallel()
	c, problems := service.LoadCatalogue(catalog.FS)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	there := []store.Standing{{City: "330100", Service: "traffic-fine-payment", Version: 1, Cases: 2}, {City: "620100", Service: "weather-forecast", Version: 1, Cases: 1}}
	if err := server.Missing(there, service.NewLive(c)); err != nil {
		t.Errorf("all there, one in a city without a pack: %v", err)
	}
	gone := append(there, store.Standing{City: "330100", Service: "hall-appointment", Version: 9, Cases: 3})
	if err := server.Missing(gone, service.NewLive(c)); err == nil || !strings.Contains(err.Error(), "3 running cases in 330100 stand on version 9 of hall-appointment") ||
		!strings.Contains(err.Error(), "hall-appointment@9.yaml") {
		t.Errorf("one is gone: %v", err)
	}
}
