package observatory_test

import (
	"strings"
	"testing"
	"time"

	"zhijian/domain/observatory"
)

// ofOutcomes are the exhibits that rest on the table of outcomes.
var ofOutcomes = []string{"burden", "promise", "rating", "response", "unmet", "availability", "accessibility", "service-health", "city-outcomes"}

// TestNoOutcomesIsNoData: what nobody counted has no row and says so; it is never 0.
func TestNoOutcomesIsNoData(t *testing.T) {
	t.Parallel()
	f := small()
	f.Outcomes = nil
	got := computed(t, f, nil)
	for _, id := range append(ofOutcomes, "table-9") {
		e, said := got[id], false
		for _, w := range e.Warnings {
			said = said || w.ID == "ND"
		}
		if !said || id != "table-9" && len(e.Rows) > 0 {
			t.Errorf("%s: %d rows, warnings %v", id, len(e.Rows), e.Warnings)
		}
	}
	table9 := got["table-9"]
	if c, ok := table9.Find("5", "accounts"); !ok || c != observatory.None {
		t.Errorf("connected without evidence: %v", c)
	}
}

// TestUnknownMeasure: one measure that is not counted empties its column, names itself, and leaves the others alone.
func TestUnknownMeasure(t *testing.T) {
	t.Parallel()
	f := small()
	for i := range f.Outcomes {
		o := observatory.Outcome{Region: f.Outcomes[i].Region, Service: f.Outcomes[i].Service, Month: f.Outcomes[i].Month, Took: f.Outcomes[i].Took}
		for _, m := range observatory.Measures() {
			if n, ok := f.Outcomes[i].Of(m).N(); ok && m != observatory.Loads && m != observatory.Kept {
				o.Set(m, n)
			}
		}
		f.Outcomes[i] = o
	}
	got := computed(t, f, nil)
	burden, promise := got["burden"], got["promise"]
	if c, _ := burden.Find("vehicle-violation-query", "loads"); c != observatory.None {
		t.Errorf("loads that nobody counted: %v", c)
	}
	if c, _ := burden.Find("vehicle-violation-query", "steps"); c.String() != "2.333333333" {
		t.Errorf("steps %v", c)
	}
	if len(promise.Rows) != 0 || len(promise.Warnings) != 1 || !strings.Contains(promise.Warnings[0].Text.En, "nobody counted kept in 2015-08; what is empty is not 0") {
		t.Errorf("promise: %v %v", promise.Rows, promise.Warnings)
	}
}

// TestConnected: each part of the evidence is needed.
func TestConnected(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		m    observatory.Measure
		n    int64
		want string
	}{
		"all of it":          {observatory.Departments, 3, "1"},
		"one department":     {observatory.Departments, 1, "0"},
		"nothing done":       {observatory.Done, 0, "0"},
		"promises broken":    {observatory.Kept, 32, "0"},
		"nobody could judge": {observatory.Rated, 0, "0"},
	} {
		f := small()
		for i := range f.Outcomes {
			if f.Outcomes[i].Account == "a01" {
				f.Outcomes[i].Set(c.m, c.n)
			}
		}
		table9 := computed(t, f, nil)["table-9"]
		if got, _ := table9.Find("5", "accounts"); got.String() != c.want {
			t.Errorf("%s: %v connected, want %s", name, got, c.want)
		}
	}
}

func TestDurations(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]int64{
		-time.Second: 1, 0: 1, time.Second: 1, time.Second + 1: 2, 5 * time.Second: 5, 5001 * time.Millisecond: 10, 24 * time.Hour: 100_000,
		100_000 * time.Hour: 100_000_000, // the last bucket takes what is longer still
	} {
		if got := observatory.Bucket(d); got != want {
			t.Errorf("%v falls into %d, want %d", d, got, want)
		}
	}
	d, ok := observatory.ParseDurations("50:6  5:20 10:10")
	if !ok || d.N() != 36 || d.String() != "5:20 10:10 50:6" {
		t.Fatal(d, ok)
	}
	for percent, want := range map[int64][2]int64{1: {2, 5}, 55: {2, 5}, 56: {5, 10}, 83: {5, 10}, 84: {20, 50}, 100: {20, 50}} {
		if over, within, ok := d.Quantile(percent); !ok || [2]int64{over, within} != want {
			t.Errorf("%d percent: over %d, within %d", percent, over, within)
		}
	}
	if _, _, ok := new(observatory.Durations).Quantile(50); ok {
		t.Error("nothing has a median")
	}
	if d.Count(7, 1) {
		t.Error("there is no bucket of 7 seconds")
	}
}
