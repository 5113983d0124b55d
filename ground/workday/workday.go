// Package workday knows on which days offices in mainland China work: the days off and the working weekends that the State Council's
// General Office gives notice of for each year (全国年节及纪念日放假办法, 国务院令 795), and Monday to Friday otherwise. Years outside Years
// are counted by weekdays alone. A day is a date in the location of the time that is given; nothing here looks at a clock.
package workday

import (
	_ "embed"
	"strings"
	"time"
)

// days.csv: day, work (1: a weekend that is worked, 0: a day off), holiday; sorted. Made by tools/workdays, see docs/data.md.
//
//go:embed days.csv
var table string

// notices maps a day (YYYY-MM-DD) to whether it is worked, for the days that differ from their weekday.
var notices = read(table)

func read(csv string) map[string]bool {
	days := map[string]bool{}
	for i, line := range strings.Split(strings.TrimSpace(csv), "\n") {
		if day, rest, ok := strings.Cut(line, ","); ok && i > 0 {
			days[day] = strings.HasPrefix(rest, "1")
		}
	}
	return days
}

// Is reports whether offices work on the day of t.
func Is(t time.Time) bool {
	if work, noticed := notices[t.Format(time.DateOnly)]; noticed {
		return work
	}
	return t.Weekday() != time.Saturday && t.Weekday() != time.Sunday
}

// Add gives the n-th working day after the day of t, at the same time of day. With n 0 it is t itself, worked or not.
func Add(t time.Time, n int) time.Time {
	for n > 0 {
		t = t.AddDate(0, 0, 1)
		if Is(t) {
			n--
		}
	}
	return t
}

// Years gives the first and the last year that the notices cover.
func Years() (first, last int) {
	for day := range notices {
		t, err := time.Parse(time.DateOnly, day)
		if err != nil {
			continue
		}
		if first == 0 || t.Year() < first {
			first = t.Year()
		}
		last = max(last, t.Year())
	}
	return first, last
}
