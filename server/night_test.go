package server_test

import (
	"slices"
	"testing"
	"time"

	"zhijian/ground/clock"
	"zhijian/server"
	"zhijian/store/editions"
)

// TestRetired: thirty days of nights stay, before that the last of each month, and nothing that is no night's.
func TestRetired(t *testing.T) {
	t.Parallel()
	var list []editions.Manifest
	for _, name := range []string{
		"2015", "live-2026", "live-2026-08", "live-2026-08-30", "live-2026-09-01", "live-2026-09-30", "live-2026-10-01", "live-2026-10-28", "live-2026-10-29",
		"live-2026-10-30", "live-2026-11-01", "live-2026-11-02", "live-2026-11-28", "live-2026-13-01", "live-test",
	} {
		list = append(list, editions.Manifest{Name: name})
	}
	day := time.Date(2026, 11, 28, 12, 0, 0, 0, clock.Shanghai)
	for name, c := range map[string]struct {
		day  time.Time
		want []string
	}{
		"a night in November": {day, []string{"live-2026-09-01", "live-2026-10-01", "live-2026-10-28", "live-2026-10-29"}},
		"the night after":     {day.AddDate(0, 0, 1), []string{"live-2026-09-01", "live-2026-10-01", "live-2026-10-28", "live-2026-10-29"}},
		"a year later":        {day.AddDate(1, 0, 0), []string{"live-2026-09-01", "live-2026-10-01", "live-2026-10-28", "live-2026-10-29", "live-2026-11-01", "live-2026-11-02"}},
	} {
		if got := server.Retired(list, c.day); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v go, want %v", name, got, c.want)
		}
	}
}
