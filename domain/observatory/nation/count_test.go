package nation_test

import (
	"cmp"
	"slices"
	"testing"

	"zhijian/catalog"
	"zhijian/domain/observatory"
	"zhijian/domain/region"
	"zhijian/domain/sector"
)

// counted is the facts grouped the ways that the figures need.
type counted struct {
	tree       *region.Tree
	this, last observatory.Facts
	month      map[string]observatory.Month
	lastMonth  map[string]observatory.Month
	province   map[string]string // of an account; "" in none of the 31
	city       map[string]string // of an account: prefecture or municipality
	sectors    *sector.Table
	member     map[string]bool
	class      map[string]string
	groups     map[string]string // of a kind of service
}

func count(t *testing.T, this, last observatory.Facts) *counted {
	t.Helper()
	tree, err := region.Load(catalog.FS)
	if err != nil {
		t.Fatal(err)
	}
	sectors, err := sector.Load(catalog.FS)
	if err != nil {
		t.Fatal(err)
	}
	c := &counted{
		tree: tree, sectors: sectors, this: this, last: last, month: map[string]observatory.Month{}, lastMonth: map[string]observatory.Month{},
		province: map[string]string{}, city: map[string]string{}, member: map[string]bool{}, class: map[string]string{}, groups: map[string]string{},
	}
	for _, m := range this.Months {
		c.month[m.Account] = m
	}
	for _, m := range last.Months {
		c.lastMonth[m.Account] = m
	}
	for _, a := range this.Accounts {
		if path := tree.Path(a.Region); len(path) > 1 && a.Country == "CN" {
			c.province[a.ID] = path[1].Code
		}
		if r, ok := tree.City(a.Region); ok {
			c.city[a.ID] = r.Code
		}
	}
	for _, p := range this.Places {
		c.class[p.Region] = p.Class
		c.member[p.Region] = p.Service
	}
	for _, r := range rowsOf(t, "kinds/kinds.csv") {
		c.groups[r[1]] = r[4]
	}
	return c
}

// total counts accounts and users of the accounts that pass.
type total struct{ n, users, clicks, serving, verified float64 }

func (c *counted) of(pass func(a observatory.Account) bool) total {
	var s total
	for _, a := range c.this.Accounts {
		if !pass(a) {
			continue
		}
		m := c.month[a.ID]
		s.n++
		s.users += float64(m.Active)
		s.clicks += float64(m.Clicks)
		if a.Kind == observatory.Serving {
			s.serving++
		}
		if a.Verified {
			s.verified++
		}
	}
	return s
}

// by groups all accounts by a key; "" is left out.
func (c *counted) by(key func(a observatory.Account) string) map[string]total {
	groups := map[string]total{}
	for _, a := range c.this.Accounts {
		k := key(a)
		if k == "" {
			continue
		}
		m, s := c.month[a.ID], groups[k]
		s.n++
		s.users += float64(m.Active)
		s.clicks += float64(m.Clicks)
		if a.Kind == observatory.Serving {
			s.serving++
		}
		if a.Verified {
			s.verified++
		}
		groups[k] = s
	}
	return groups
}

func (c *counted) prefecture(a observatory.Account) string {
	if r, ok := c.tree.Find(c.city[a.ID]); ok && r.Level == region.Prefecture {
		return r.Code
	}
	return ""
}

func (c *counted) inProvince(a observatory.Account) string { return c.province[a.ID] }

func municipality(code string) bool {
	return slices.Contains([]string{"110000", "120000", "310000", "500000"}, code)
}

// rank gives 1 to the largest; ties go to the smaller key.
func rank(values map[string]float64) map[string]float64 {
	keys := ordered(values)
	out := map[string]float64{}
	for i, k := range keys {
		out[k] = float64(i + 1)
	}
	return out
}

func ordered(values map[string]float64) []string {
	keys := make([]string, 0, len(values))
	for k := range values {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b string) int { return cmp.Or(cmp.Compare(values[b], values[a]), cmp.Compare(a, b)) })
	return keys
}

func pickValues(groups map[string]total, keep func(key string) bool, value func(total) float64) map[string]float64 {
	out := map[string]float64{}
	for k, s := range groups {
		if keep == nil || keep(k) {
			out[k] = value(s)
		}
	}
	return out
}

func accounts(s total) float64 { return s.n }
func users(s total) float64    { return s.users }
func mean(s total) float64     { return s.users / s.n }

// tiers divides values, largest first, into k groups with the least squared error: the exact optimum in one dimension.
func tiers(values []float64, k int) (sizes []int, centres []float64) {
	v := slices.Clone(values)
	slices.SortFunc(v, func(a, b float64) int { return cmp.Compare(b, a) })
	n := len(v)
	sum, square := make([]float64, n+1), make([]float64, n+1)
	for i, x := range v {
		sum[i+1], square[i+1] = sum[i]+x, square[i]+x*x
	}
	cost := func(i, j int) float64 { // of v[i:j]
		s := sum[j] - sum[i]
		return square[j] - square[i] - s*s/float64(j-i)
	}
	best, from := make([][]float64, k+1), make([][]int, k+1)
	for g := range best {
		best[g], from[g] = make([]float64, n+1), make([]int, n+1)
		for j := range best[g] {
			best[g][j] = 1e18
		}
	}
	best[0][0] = 0
	for g := 1; g <= k; g++ {
		for j := g; j <= n; j++ {
			for i := g - 1; i < j; i++ {
				if x := best[g-1][i] + cost(i, j); x < best[g][j] {
					best[g][j], from[g][j] = x, i
				}
			}
		}
	}
	for g, j := k, n; g > 0; g-- {
		i := from[g][j]
		sizes = append(sizes, j-i)
		centres = append(centres, (sum[j]-sum[i])/float64(j-i))
		j = i
	}
	slices.Reverse(sizes)
	slices.Reverse(centres)
	return sizes, centres
}
