package observatory_test

import (
	"strings"
	"testing"

	"zhijian/domain/observatory"
)

// exhibits computes and gives exhibits by id.
func exhibits(t *testing.T, f *observatory.Facts) map[string]observatory.Exhibit {
	t.Helper()
	f.Sort()
	list, err := observatory.Compute(f, nil, loaded(t))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]observatory.Exhibit{}
	for _, e := range list {
		out[e.ID] = e
	}
	return out
}

// cellOf gives a cell by the first cell of its row and the id of its column.
func cellOf(t *testing.T, e observatory.Exhibit, row, column string) observatory.Cell {
	t.Helper()
	for _, r := range e.Rows {
		for i, c := range e.Columns {
			if r[0].String() == row && c.ID == column {
				return r[i]
			}
		}
	}
	t.Fatalf("%s has no cell %s of %s", e.ID, column, row)
	return observatory.None
}

func warned(e observatory.Exhibit, text string) bool {
	for _, w := range e.Warnings {
		if strings.Contains(w.Text.En, text) && w.Text.Zh != "" {
			return true
		}
	}
	return false
}

// What was not counted is in no sum, and the sum says of how many it is; where nobody counted there is no number.
func TestUncounted(t *testing.T) {
	t.Parallel()
	f := small()
	for i := range f.Months {
		if m := &f.Months[i]; m.Account == "a02" || m.Account == "a08" { // 300 and 1000 people, the only two of f03
			m.Clicks, m.NoClicks = 0, true
		}
		f.Months[i].Visits, f.Months[i].NoVisits = 0, true
	}
	for i := range f.Launches {
		if l := &f.Launches[i]; l.Service == "weather-forecast" {
			l.NoVisits, l.Visits = true, 0
		}
	}
	x := exhibits(t, f)
	for _, c := range []struct{ exhibit, row, column, want string }{
		{"summary", "clicks", "value", "95"},
		{"appendix-2", "f01", "clicks", "55"},
		{"appendix-2", "f03", "clicks", ""},
		{"appendix-2", "f54", "clicks", "0"},
		{"appendix-2", "f02", "visits", "0"},
		{"leaders", "a08", "clicks", ""},
		{"leaders", "a01", "clicks", "50"},
		{"leaders", "a01", "visits", ""},
		{"launches", "weather-forecast", "visits", ""},
		{"launches", "vehicle-violation-query", "visits", "20"},
		{"launches", "tide-query", "visits", "0"},
	} {
		if got := cellOf(t, x[c.exhibit], c.row, c.column); got.String() != c.want {
			t.Errorf("%s: %s of %s is %q, want %q", c.exhibit, c.column, c.row, got, c.want)
		}
	}
	for exhibit, text := range map[string]string{
		"summary": "of 11 accounts 2 have no count of clicks; sums are of the other 9", "appendix-2": "of 11 accounts 2", "leaders": "of 11 accounts 2", "entry-effect": "of 11 accounts 2",
		"table-8": "of 11 accounts 2", "table-9": "of 11 accounts 2", "zipf": "of 11 accounts 2", "figure-7": "of 3 launched services 2", "launches": "of 3 launched services 2",
	} {
		if !warned(x[exhibit], text) {
			t.Errorf("%s does not say %q: %+v", exhibit, text, x[exhibit].Warnings)
		}
	}
	for _, e := range exhibits(t, small()) {
		if warned(e, "have no count of") {
			t.Errorf("%s: all is counted, and it says otherwise", e.ID)
		}
	}
}
