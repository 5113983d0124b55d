package plan_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"zhijian/domain/booking/plan"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/ground/workday"
)

func hall() plan.Plan {
	return plan.Plan{
		Weekly:  []plan.Span{{Days: []int{1, 2, 3, 4, 5}, From: "09:00", To: "11:30", Places: 10}, {Days: []int{1, 3}, From: "14:00", To: "15:00", Places: 4}},
		Minutes: 30, WalkIn: 30, FreeBefore: 60, Ahead: 7, Opens: "08:00",
	}
}

func day(s string) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, s, clock.Shanghai)
	if err != nil {
		panic(err)
	}
	return t
}

func TestDay(t *testing.T) {
	t.Parallel()
	p := hall()
	p.Exceptions = []plan.Exception{
		{Date: "2026-11-24", Why: "系统升级"},
		{Date: "2026-11-28", Spans: []plan.Span{{From: "10:00", To: "11:00", Places: 3}}},
	}
	for _, c := range []struct {
		name, day   string
		count       int
		first, last string
	}{
		{"a Monday has both halves", "2026-11-23", 7, "20261123T0900", "20261123T1430"},
		{"a Friday has the morning", "2026-11-27", 5, "20261127T0900", "20261127T1100"},
		{"a closed day", "2026-11-24", 0, "", ""},
		{"an extra day", "2026-11-28", 2, "20261128T1000", "20261128T1030"},
		{"a Sunday", "2026-11-29", 0, "", ""},
		{"a public holiday", "2026-10-01", 0, "", ""},
		{"a Saturday that is worked is like a Monday", "2026-10-10", 7, "20261010T0900", "20261010T1430"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			list := p.Day(day(c.day))
			if len(list) != c.count {
				t.Fatalf("%d slots, want %d: %+v", len(list), c.count, list)
			}
			if c.count > 0 && (list[0].ID != c.first || list[c.count-1].ID != c.last) {
				t.Errorf("from %s to %s, want %s to %s", list[0].ID, list[c.count-1].ID, c.first, c.last)
			}
		})
	}
	s := p.Day(day("2026-11-23"))[0]
	if s.Places != 10 || s.Walk != 3 || s.Start.Sub(s.Free) != time.Hour {
		t.Errorf("10 places, 30 of 100 for walk-ins: %+v", s)
	}
}

// The last day opens at its minute, not before.
func TestOpen(t *testing.T) {
	t.Parallel()
	p := hall()
	last := func(now time.Time) string {
		list := p.Open(now)
		return list[len(list)-1].ID[:8]
	}
	monday := day("2026-11-23")
	if got := last(monday.Add(8*time.Hour - time.Millisecond)); got != "20261127" {
		t.Errorf("before 08:00 the last day is %s", got)
	}
	if got := last(monday.Add(8 * time.Hour)); got != "20261130" {
		t.Errorf("at 08:00 the last day is %s", got)
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	if err := hall().Check(); err != nil {
		t.Fatal(err)
	}
	for field, spoil := range map[string]func(*plan.Plan){
		"minutes":     func(p *plan.Plan) { p.Minutes = 0 },
		"walk_in":     func(p *plan.Plan) { p.WalkIn = 101 },
		"free_before": func(p *plan.Plan) { p.FreeBefore = -1 },
		"ahead":       func(p *plan.Plan) { p.Ahead = 61 },
		"opens":       func(p *plan.Plan) { p.Opens = "8 o'clock" },
		"weekly":      func(p *plan.Plan) { p.Weekly[1].From = "11:00" },
		"exceptions": func(p *plan.Plan) {
			p.Exceptions = []plan.Exception{{Date: "2026-10-01"}, {Date: "2026-10-01"}}
		},
	} {
		p := hall()
		spoil(&p)
		if f := fault.Of(p.Check()); f == nil || f.Kind != fault.KindInvalid || f.Field != field {
			t.Errorf("%s: %v", field, p.Check())
		}
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	p := hall()
	p.Exceptions = []plan.Exception{
		{Date: "2026-12-01", Why: "系统 升级"},
		{Date: "2026-12-05", Spans: []plan.Span{{From: "09:00", To: "10:00", Places: 3}, {From: "14:00", To: "15:00", Places: 2}}, Why: "加班"},
	}
	weekly, err := plan.Weekly(plan.Lines(p.Weekly))
	if err != nil {
		t.Fatal(err)
	}
	exceptions, err := plan.Exceptions(plan.ExceptionLines(p.Exceptions))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(p.Weekly, weekly); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(p.Exceptions, exceptions); diff != "" {
		t.Error(diff)
	}
	for _, bad := range []string{"8 09:00-10:00 3", "1 09:00-10:00", "1 9-10 3", "x"} {
		if _, err := plan.Weekly(bad); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	for _, bad := range []string{"2026-10-01", "2026-10-01 9-10 x", "2026-10-01 09:00-10:00"} {
		if _, err := plan.Exceptions(bad); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// Whatever the plan and the day: slots do not overlap, lie within the hours, all places are shared out, and a day off has none.
func TestSlotsAreSound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := plan.Plan{
			Minutes: rapid.IntRange(5, 480).Draw(t, "minutes"), WalkIn: rapid.IntRange(0, 100).Draw(t, "walk-in"),
			FreeBefore: rapid.IntRange(0, 600).Draw(t, "free"), Ahead: 7, Opens: "08:00", Holidays: rapid.Bool().Draw(t, "holidays"),
		}
		clocks := rapid.SliceOfNDistinct(rapid.IntRange(0, 23*60+59), 4, 4, rapid.ID[int]).Draw(t, "hours")
		text := func(m int) string { return time.Date(0, 1, 1, 0, m, 0, 0, time.UTC).Format("15:04") }
		for i := 0; i < 4; i += 2 {
			from, to := min(clocks[i], clocks[i+1]), max(clocks[i], clocks[i+1])
			p.Weekly = append(p.Weekly, plan.Span{Days: []int{1, 2, 3, 4, 5, 6, 7}, From: text(from), To: text(to), Places: rapid.IntRange(1, 500).Draw(t, "places")})
		}
		if p.Check() != nil {
			return // overlapping hours are refused; what is not is right
		}
		at := day("2026-01-01").AddDate(0, 0, rapid.IntRange(0, 400).Draw(t, "day"))
		list := p.Day(at)
		if !p.Holidays && at.Weekday() != time.Saturday && at.Weekday() != time.Sunday && !workday.Is(at) && len(list) > 0 {
			t.Fatalf("slots on a public holiday: %+v", list)
		}
		for i, s := range list {
			if s.Walk < 0 || s.Walk > s.Places || s.End.Sub(s.Start) != p.Length() || s.Free.After(s.Start) {
				t.Fatalf("unsound: %+v", s)
			}
			if i > 0 && s.Start.Before(list[i-1].End) {
				t.Fatalf("%+v overlaps %+v", s, list[i-1])
			}
			if exact := s.Places * p.WalkIn; 100*s.Walk-exact > 50 || exact-100*s.Walk > 50 {
				t.Fatalf("%d of %d places for walk-ins at %d%%", s.Walk, s.Places, p.WalkIn)
			}
		}
	})
}
