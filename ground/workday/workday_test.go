package workday_test

import (
	"testing"
	"time"

	"zhijian/ground/workday"
)

func day(t *testing.T, s string) time.Time {
	t.Helper()
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// The days are those of the notices 国办发明电〔2025〕7 号 and 国办发明电〔2014〕13 号.
func TestIs(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{
		"2026-02-14": true, "2026-02-15": false, "2026-02-16": false, "2026-02-24": true, "2026-02-28": true,
		"2026-09-20": true, "2026-10-01": false, "2026-10-08": true, "2026-10-10": true, "2026-10-11": false,
		"2015-02-15": true, "2015-02-18": false, "2015-10-10": true, "2015-09-03": false,
		"2026-11-27": true, "2026-11-28": false, "1990-01-01": true, "1990-01-06": false,
	} {
		if got := workday.Is(day(t, s)); got != want {
			t.Errorf("%s: %v, want %v", s, got, want)
		}
	}
}

func TestAdd(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from string
		n    int
		want string
	}{
		{"2026-02-13", 1, "2026-02-14"}, // a Saturday that is worked
		{"2026-02-14", 1, "2026-02-24"}, // over the Spring Festival
		{"2026-09-30", 3, "2026-10-10"}, // over the National Day: the 8th, the 9th, and the Saturday after
		{"2026-11-27", 1, "2026-11-30"},
		{"2026-11-28", 0, "2026-11-28"},
	} {
		if got := workday.Add(day(t, c.from), c.n).Format(time.DateOnly); got != c.want {
			t.Errorf("%d after %s: %s, want %s", c.n, c.from, got, c.want)
		}
	}
}

func TestYears(t *testing.T) {
	t.Parallel()
	if first, last := workday.Years(); first > 2014 || last < 2026 {
		t.Errorf("the notices cover %d to %d", first, last)
	}
}
