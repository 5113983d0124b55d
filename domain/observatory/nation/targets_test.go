package nation_test

import (
	"encoding/csv"
	"strconv"
	"strings"
	"testing"

	"zhijian/catalog"
	"zhijian/domain/observatory"
	"zhijian/domain/observatory/nation"
)

// target is a row of the paper's figures that can hold beside the others.
type target struct{ id, key, value, comparison, tolerance string }

func targets(t *testing.T) []target {
	t.Helper()
	f, err := catalog.FS.Open("whitepaper/targets.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var list []target
	for _, r := range rows[1:] {
		if r[9] != "no" { // contradictory ones: the observatory shows its own value and a warning
			list = append(list, target{r[0], r[3], r[4], r[5], r[6]})
		}
	}
	return list
}

func simulated(t *testing.T, seed uint64) (this, last observatory.Facts) {
	t.Helper()
	this, last, err := nation.Simulate(seed, nation.Input{Catalogue: catalog.FS})
	if err != nil {
		t.Fatal(err)
	}
	return this, last
}

// TestTargets recomputes the paper's figures from the facts alone, by ways of its own, for several seeds.
func TestTargets(t *testing.T) {
	t.Parallel()
	for _, seed := range []uint64{1, 2015, 7} {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			this, last := simulated(t, seed)
			c := count(t, this, last)
			values := c.values(t)
			met := 0
			for _, want := range targets(t) {
				got, ok := values[want.id]
				if !ok {
					t.Errorf("%s is not recomputed", want.id)
					continue
				}
				if !want.met(t, got) {
					t.Errorf("%s = %v, want %s %s (tolerance %s)", want.id, got, want.comparison, want.value, want.tolerance)
					continue
				}
				met++
			}
			t.Logf("%d targets met", met)
		})
	}
}

func (g target) met(t *testing.T, got any) bool {
	t.Helper()
	if text, ok := got.(string); ok {
		want := g.value
		if g.comparison == "order" || want == "" {
			want = g.key
			if !strings.Contains(want, ">") && strings.Contains(g.value, ">") {
				want = g.value
			}
		}
		return text == want
	}
	v := got.(float64)
	if low, high, ok := strings.Cut(g.tolerance, "-"); ok && low != "" {
		return v >= number(t, low) && v <= number(t, high)
	}
	if g.comparison == "in" {
		low, high, _ := strings.Cut(g.value, "-")
		return v >= number(t, low) && v <= number(t, high)
	}
	want := number(t, g.value)
	switch g.comparison {
	case "gt":
		return v > want
	case "ge":
		return v >= want
	case "lt":
		return v < want
	case "le":
		return v <= want
	}
	if g.tolerance == "free" {
		return true
	}
	return v >= want-number(t, g.tolerance)-1e-9 && v <= want+number(t, g.tolerance)+1e-9
}

func number(t *testing.T, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
