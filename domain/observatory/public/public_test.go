package public_test

import (
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"zhijian/catalog"
	"zhijian/domain/observatory"
	"zhijian/domain/observatory/public"
)

func exhibit(active ...int) observatory.Exhibit {
	x := observatory.Exhibit{
		ID: "x", Title: observatory.Text{Zh: "题", En: "title"},
		Columns: []observatory.Column{
			{ID: "code", Kind: observatory.Code},
			{ID: "accounts", Kind: observatory.Count, Unit: "accounts"},
			{ID: "active", Kind: observatory.Count, Unit: "users"},
			{ID: "mean", Kind: observatory.Number, Unit: "users/account"},
			{ID: "share_active", Kind: observatory.Share, Unit: "%"},
		},
	}
	for i, n := range active {
		x.Rows = append(x.Rows, []observatory.Cell{observatory.Say(string(rune('a' + i))), observatory.Int(2), observatory.Int(n), observatory.Num(float64(n) / 2), observatory.Num(float64(n))})
	}
	return x
}

// of gives one exhibit as the public may see it.
func of(x observatory.Exhibit) observatory.Exhibit {
	return public.All([]observatory.Exhibit{x}, &observatory.Facts{}, nil)[0]
}

func TestOf(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		active []int
		gone   string // rows
	}{
		"nobody small":              {[]int{10, 11, 500}, ""},
		"nobody at all is no one":   {[]int{0, 10}, ""},
		"one, and the next with it": {[]int{500, 9, 40, 12}, "bd"},
		"two hide each other":       {[]int{9, 1, 40}, "ab"},
		"one alone":                 {[]int{3}, "a"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := exhibit(c.active...)
			got := of(x)
			gone := ""
			for i, r := range got.Rows {
				if n, ok := r[1].Number(); !ok || n != 2 {
					t.Error("a count of organisations was touched")
				}
				if _, ok := r[2].Number(); !ok {
					gone += r[0].String()
					if r[3] != observatory.None || r[4] != observatory.None {
						t.Errorf("row %d gives it away: %v", i, r)
					}
				}
				if _, ok := x.Rows[i][2].Number(); !ok {
					t.Error("the exhibit given was changed")
				}
			}
			if gone != c.gone || (len(got.Warnings) == 1) != (c.gone != "") {
				t.Errorf("suppressed %q with %d warnings, want %q", gone, len(got.Warnings), c.gone)
			}
		})
	}
}

// TestOfCases: cases and ratings stand for people; questions between machines do not.
func TestOfCases(t *testing.T) {
	t.Parallel()
	x := observatory.Exhibit{ID: "x", Columns: []observatory.Column{
		{ID: "code", Kind: observatory.Code},
		{ID: "rated", Kind: observatory.Count, Unit: "ratings"},
		{ID: "share", Kind: observatory.Share, Unit: "% of ratings"},
		{ID: "mean", Kind: observatory.Number, Unit: "stars/rating"},
		{ID: "answered", Kind: observatory.Share, Unit: "% of questions"},
		{ID: "rank", Kind: observatory.Rank},
	}}
	for i, n := range []int{9, 300, 40} {
		x.Rows = append(x.Rows, []observatory.Cell{observatory.Say(string(rune('a' + i))), observatory.Int(n), observatory.Int(50), observatory.Num(4.5), observatory.Int(99), observatory.Int(i + 1)})
	}
	got := of(x)
	for i, want := range []string{"a|||| 99", "b|300|50|4.5| 99", "c|||| 99"} {
		r := got.Rows[i]
		if text := r[0].String() + "|" + r[1].String() + "|" + r[2].String() + "|" + r[3].String() + "| " + r[4].String(); text != want {
			t.Errorf("row %d is %s, want %s", i, text, want)
		}
	}
}

// TestForms: every form says what the data is, and CSV and JSON hold the same.
func TestForms(t *testing.T) {
	t.Parallel()
	x := exhibit(500, 40)
	for _, e := range []public.Edition{{Name: "2015", Simulated: true}, {Name: "2026"}} {
		text, err := e.CSV(&x)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := e.JSON(&x)
		if err != nil {
			t.Fatal(err)
		}
		for form, b := range map[string][]byte{"csv": text, "json": raw} {
			if strings.Contains(string(b), "模拟数据") != e.Simulated || !strings.Contains(string(b), e.Name) {
				t.Errorf("%s of %s: %s", form, e.Name, b)
			}
		}
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(text), "\ufeff"))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		var back observatory.Exhibit
		if err := json.Unmarshal(raw, &back); err != nil {
			t.Fatal(err)
		}
		for i, want := range back.Table() {
			if got := strings.Join(rows[i][:len(want)], "|"); got != strings.Join(want, "|") {
				t.Errorf("row %d: csv %s, json %v", i, got, want)
			}
		}
		if book, err := e.Workbook(&x, false); err != nil || len(book) < 1000 {
			t.Errorf("workbook: %d bytes, %v", len(book), err)
		}
		if got := e.File("x", "csv"); strings.Contains(got, "simulated") != e.Simulated {
			t.Errorf("file %s", got)
		}
		if got := e.Labelled(x).Title.Zh; strings.Contains(got, "模拟数据") != e.Simulated {
			t.Errorf("title %s", got)
		}
	}
}

// TestHidden: no sum that exhibits publish lacks one count alone, unless it has only one.
func TestHidden(t *testing.T) {
	t.Parallel()
	cat, err := observatory.LoadCatalog(catalog.FS)
	if err != nil {
		t.Fatal(err)
	}
	f := &observatory.Facts{}
	add := func(id, place, sector string, active int64) {
		f.Accounts = append(f.Accounts, observatory.Account{ID: id, Region: place, Country: "CN", Level: observatory.Municipal, Sector: sector, Kind: observatory.Serving})
		f.Months = append(f.Months, observatory.Month{Account: id, Month: "2015-08", Active: active})
	}
	add("a", "330100", "f01", 9)
	add("b", "330100", "f01", 50)
	add("c", "330100", "f01", 20)
	add("d", "330300", "f02", 0)
	add("e", "330300", "f02", 10)
	add("f", "440300", "f03", 1000)
	got := ""
	for i := range f.Months {
		if public.Hidden(f, cat)[i] {
			got += f.Months[i].Account
		}
	}
	if got != "ac" {
		t.Errorf("hidden are %q, want a and, of its city, province, sector and level, the next smallest that all share", got)
	}
	f.Months[0].Active = 10
	if list := public.Hidden(f, cat); len(list) != 0 {
		t.Errorf("nobody is few, and %v is hidden", list)
	}
}

// TestHiddenSums: y has 500 people and goes only because one sum would lack its neighbour alone; all the others lack two.
func TestHiddenSums(t *testing.T) {
	t.Parallel()
	cat, err := observatory.LoadCatalog(catalog.FS)
	if err != nil {
		t.Fatal(err)
	}
	const service, subscription = observatory.Serving, observatory.Subscription
	for name, list := range map[string][]observatory.Account{
		"of a country": {
			{ID: "v", Country: "US", Level: observatory.National, Sector: "f09", Kind: service},
			{ID: "x", Country: "FR", Level: observatory.National, Sector: "f09", Kind: service},
			{ID: "y", Country: "FR", Level: observatory.County, Sector: "f10", Kind: subscription},
			{ID: "z", Country: "US", Level: observatory.National, Sector: "f09", Kind: service},
		},
		"of a kind in a province": {
			{ID: "v", Region: "440300", Country: "CN", Level: observatory.Municipal, Sector: "f01", Kind: service},
			{ID: "x", Region: "330100", Country: "CN", Level: observatory.Municipal, Sector: "f01", Kind: service},
			{ID: "y", Region: "330300", Country: "CN", Level: observatory.County, Sector: "f02", Kind: service},
			{ID: "z", Region: "330100", Country: "CN", Level: observatory.Municipal, Sector: "f01", Kind: subscription},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := &observatory.Facts{Accounts: list}
			for _, a := range list {
				n := int64(9)
				if a.ID == "y" {
					n = 500
				}
				f.Months = append(f.Months, observatory.Month{Account: a.ID, Month: "2015-08", Active: n})
			}
			if got := public.Hidden(f, cat); len(got) != len(list) {
				t.Errorf("hidden are the rows %v, want all", got)
			}
			twin := list[1]
			twin.ID = "w"
			f.Accounts = append(f.Accounts, twin)
			f.Months = append(f.Months, observatory.Month{Account: twin.ID, Month: "2015-08", Active: 9})
			if got := public.Hidden(f, cat); got[2] {
				t.Errorf("where the sum lacks two y is hidden too: %v", got)
			}
		})
	}
}

// TestHiddenOutcomes: a small count takes its act in the row with it, and no sum over a service or a city lacks one row alone.
func TestHiddenOutcomes(t *testing.T) {
	t.Parallel()
	type counts = map[observatory.Measure]int64
	var list []observatory.Outcome
	add := func(city, service string, c counts) {
		o := observatory.Outcome{Region: city, Service: service, Month: "2015-08"}
		for m, n := range c {
			o.Set(m, n)
		}
		list = append(list, o)
	}
	add("330100", "x", counts{observatory.Opened: 9, observatory.StepsTaken: 90, observatory.Rated: 50, observatory.Fen: 5})
	add("330200", "x", counts{observatory.Opened: 50, observatory.OfficeCalls: 3, observatory.Materials: 2, observatory.StepsTaken: 3})
	add("330300", "x", counts{observatory.Opened: 20, observatory.RatingSum: 8})
	add("330400", "x", counts{observatory.Opened: 0})
	add("330100", "y", counts{observatory.Opened: 80})
	add("330100", "z", counts{observatory.Opened: 70})
	add("330300", "z", counts{observatory.Opened: 60})
	got := public.HiddenOutcomes(list)
	want := map[public.OutcomeCell]bool{
		{Row: 0, Act: public.Case}: true, // nine
		{Row: 2, Act: public.Case}: true, // the next of x
		{Row: 5, Act: public.Case}: true, // the next of the first city
		{Row: 6, Act: public.Case}: true, // the next of z, and of the third city
		{Row: 1, Act: public.Case}: true, // steps of x: only the first row's would be missing
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	list[0].Set(observatory.Opened, 10)
	if got := public.HiddenOutcomes(list); len(got) != 0 {
		t.Errorf("nobody is few, and %v is hidden", got)
	}
}

// TestUsual: the newest edition that is not one of the house's nights, or the newest night.
func TestUsual(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		names []string
		want  int
	}{
		"none":                {nil, -1},
		"nights alone":        {[]string{"live-2026-11-27", "live-2026-11-28"}, 1},
		"one before nights":   {[]string{"2014", "2015", "live-2026-11-28"}, 1},
		"one named after all": {[]string{"2015", "live-2026-11-28", "nation"}, 2},
	} {
		var list []public.Edition
		for _, n := range c.names {
			list = append(list, public.Edition{Name: n})
		}
		if got := public.Usual(list); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
	if of, live := (public.Edition{Name: public.LiveName("2026-11-28")}).Live(); of != "2026-11-28" || !live {
		t.Errorf("%q %v", of, live)
	}
}
