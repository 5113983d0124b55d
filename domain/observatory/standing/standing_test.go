package standing_test

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"zhijian/catalog"
	"zhijian/domain/observatory"
	"zhijian/domain/observatory/nation"
	"zhijian/domain/observatory/public"
	"zhijian/domain/observatory/standing"
)

func TestStand(t *testing.T) {
	t.Parallel()
	mean := func(id string, count, over int64) standing.Peer {
		return standing.Peer{ID: id, Count: count, Over: over, Size: over}
	}
	counts := []standing.Peer{{ID: "a", Count: 10}, {ID: "b", Count: 7}, {ID: "c", Count: 7}, {ID: "d", Count: 0}, {ID: "e", Count: 9, Hidden: true}}
	means := []standing.Peer{mean("a", 10, 3), mean("b", 6, 2), mean("c", 3, 1), mean("d", 1, 5)}
	for name, c := range map[string]struct {
		list []standing.Peer
		me   string
		want standing.Place
	}{
		"the first needs nothing":           {counts, "a", standing.Place{Rank: 1, Of: 4}},
		"a hidden one is not passed":        {counts, "b", standing.Place{Rank: 2, Of: 4, Above: counts[0], Need: 4}},
		"equal, and the higher id":          {counts, "c", standing.Place{Rank: 3, Of: 4, Above: counts[1], Need: 1}},
		"nothing so far":                    {counts, "d", standing.Place{Rank: 4, Of: 4, Above: counts[2], Need: 8}},
		"a hidden one stands nowhere":       {counts, "e", standing.Place{}},
		"means are fractions, not rounded":  {means, "b", standing.Place{Rank: 2, Of: 4, Above: means[0], Need: 1}}, // 7/2 > 10/3
		"equal means: the larger is before": {means, "c", standing.Place{Rank: 3, Of: 4, Above: means[1], Need: 1}},
		"far behind":                        {means, "d", standing.Place{Rank: 4, Of: 4, Above: means[2], Need: 14}}, // 15/5 = 3/1, and 5 > 1
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := slices.IndexFunc(c.list, func(p standing.Peer) bool { return p.ID == c.me })
			if d := cmp.Diff(c.want, standing.Stand(c.list[at], slices.Values(c.list))); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestNeed: what is needed is enough to gain the rank, and one less is not.
func TestNeed(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		var list []standing.Peer
		for i := range 6 {
			p := standing.Peer{ID: strconv.Itoa(i), Count: r.Int64N(12), Size: r.Int64N(3)}
			if r.IntN(3) > 0 {
				p.Over = 1 + r.Int64N(4)
			}
			list = append(list, p)
		}
		for i, me := range list {
			place := standing.Stand(me, slices.Values(list))
			if place.Rank == 1 {
				continue
			}
			for less := range int64(2) {
				raised := slices.Clone(list)
				raised[i].Count += place.Need - less
				now := standing.Stand(raised[i], slices.Values(raised))
				if (now.Rank < place.Rank) != (less == 0) {
					t.Fatalf("%+v in %+v: with %d rank %d, before %d", me, list, place.Need-less, now.Rank, place.Rank)
				}
			}
		}
	}
}

var loaded = sync.OnceValues(func() (*observatory.Catalog, error) { return observatory.LoadCatalog(catalog.FS) })

func book(t *testing.T, f *observatory.Facts) *standing.Book {
	t.Helper()
	cat, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	f.Sort()
	return standing.New(f, cat)
}

// small is seven accounts in two cities of one province, one of the province and one without a place.
func small(t *testing.T) *standing.Book {
	t.Helper()
	f := &observatory.Facts{}
	for _, a := range []struct {
		id, name, code string
		level          observatory.Level
		sector         string
		active         int64
	}{
		{"a", "杭州发布", "330100", observatory.Municipal, "f03", 900},
		{"b", "杭州交警", "330100", observatory.Municipal, "f01", 400},
		{"c", "西湖交警", "330106", observatory.County, "f01", 9},
		{"d", "温州交警", "330300", observatory.Municipal, "f01", 400},
		{"e", "温州发布", "330300", observatory.Municipal, "f03", 50},
		{"f", "浙江交警", "330000", observatory.Provincial, "f01", 70},
		{"g", "某地交警", "", observatory.County, "f01", 0},
	} {
		f.Accounts = append(f.Accounts, observatory.Account{ID: a.id, Name: a.name, Region: a.code, Country: "CN", Level: a.level, Sector: a.sector, Kind: observatory.Serving})
		f.Months = append(f.Months, observatory.Month{Account: a.id, Month: "2015-08", Active: a.active, Clicks: a.active, Visits: 3}, observatory.Month{Account: a.id, Month: "2015-07", Active: 1})
	}
	return book(t, f)
}

// TestHidden: c has 9 people. With it go e, the smallest beside it in the nation and in the province, b in its city, and f in its
// sector; these leave d in Wenzhou and a in the sector f03 bare, so they go as well. g has nobody, which is no one's secret.
func TestHidden(t *testing.T) {
	t.Parallel()
	b := small(t)
	hidden := ""
	for _, id := range []string{"a", "b", "c", "d", "e", "f", "g"} {
		a, ok := b.Account(id)
		if !ok {
			t.Fatalf("no account %s", id)
		}
		if _, ok := a.Active(); !ok {
			hidden += id
			if p := b.Stand(a, standing.ByActive, standing.Everyone); p != (standing.Place{}) {
				t.Errorf("%s has a rank: %+v", id, p)
			}
			if p := b.Stand(a, standing.ByClicks, standing.Everyone); p.Rank == 0 {
				t.Errorf("%s has no rank by clicks, which are no people", id)
			}
		}
	}
	if hidden != "abcdef" {
		t.Errorf("hidden: %q", hidden)
	}
	if list := b.Leading(standing.Query{}, 10); len(list) != 0 {
		t.Errorf("leading: %v", list)
	}
}

func TestStandings(t *testing.T) {
	t.Parallel()
	b := small(t)
	a, _ := b.Account("d")
	for circle, want := range map[standing.Circle]standing.Place{
		standing.Everyone: {Rank: 3, Of: 7, Above: standing.Peer{ID: "b", Count: 400}, Need: 1},
		standing.Field:    {Rank: 2, Of: 2, Above: standing.Peer{ID: "b", Count: 400}, Need: 1},
		standing.Town:     {Rank: 1, Of: 2},
	} {
		if d := cmp.Diff(want, b.Stand(a, standing.ByClicks, circle)); d != "" {
			t.Errorf("%s: %s", circle, d)
		}
	}
	if b.Month() != "2015-08" {
		t.Errorf("month %s", b.Month())
	}
	if _, ok := b.Account("z"); ok {
		t.Error("found an account that is not there")
	}
}

func TestSearch(t *testing.T) {
	t.Parallel()
	b := small(t)
	for name, c := range map[string]struct {
		q          standing.Query
		from, most int
		want       string
		total      int
	}{
		"all":                {standing.Query{}, 0, 3, "abc", 7},
		"the second page":    {standing.Query{}, 3, 3, "def", 7},
		"beyond the end":     {standing.Query{}, 30, 3, "", 7},
		"before the start":   {standing.Query{}, -5, 2, "ab", 7},
		"a part of a name":   {standing.Query{Name: " 交警 "}, 0, 9, "bcdfg", 5},
		"its beginning":      {standing.Query{Name: "杭州"}, 0, 9, "ab", 2},
		"an id":              {standing.Query{Name: "F"}, 0, 9, "f", 1},
		"a city":             {standing.Query{Region: "330100"}, 0, 9, "abc", 3},
		"a province":         {standing.Query{Region: "330000", Sector: "f03"}, 0, 9, "ae", 2},
		"the nation":         {standing.Query{Region: "000000", Sector: "f01"}, 0, 9, "bcdfg", 5},
		"a place of nothing": {standing.Query{Region: "999999"}, 0, 9, "", 0},
		"nobody":             {standing.Query{Name: "zzz"}, 0, 9, "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			list, total := b.Search(c.q, c.from, c.most)
			got := ""
			for _, a := range list {
				got += a.ID
			}
			if got != c.want || total != c.total {
				t.Errorf("%q of %d, want %q of %d", got, total, c.want, c.total)
			}
		})
	}
}

func TestParts(t *testing.T) {
	t.Parallel()
	b := small(t)
	got := b.Parts(standing.Query{Region: "330000"}, func(a *standing.Account) string { return a.Sector })
	want := []standing.Part{{ID: "f01", Accounts: 4, Serving: 4}, {ID: "f03", Accounts: 2, Serving: 2}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if got := b.Parts(standing.Query{}, func(a *standing.Account) string { return a.City }); len(got) != 2 || got[0].ID != "330100" {
		t.Errorf("%+v", got)
	}
}

// TestNation: in the simulated nation no sum that an exhibit prints lacks one account alone, ranks are those of the exhibit
// of leaders.
func TestNation(t *testing.T) {
	t.Parallel()
	cat, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	this, _, err := nation.Simulate(1, nation.Input{Catalogue: catalog.FS})
	if err != nil {
		t.Fatal(err)
	}
	b := book(t, &this)
	of := map[[2]string]int{}
	shown := map[[2]string]bool{}
	for i := range this.Accounts {
		a, _ := b.Account(this.Accounts[i].ID)
		n, ok := a.Active()
		if ok && n > 0 && n < public.Least {
			t.Fatalf("%s shows %d people", a.ID, n)
		}
		if m := this.Months[i]; m.Account != a.ID || a.Counted() != m.Active || ok && n != m.Active {
			t.Fatalf("%s: counted %d, shown %d (%v), in the facts %+v", a.ID, a.Counted(), n, ok, m)
		}
		for _, g := range [][2]string{{"city", a.City}, {"province", a.Province}, {"sector", a.Sector}, {"province and sector", a.Province + a.Sector}} {
			if !ok {
				of[g]++
			} else if n > 0 {
				shown[g] = true
			}
		}
	}
	for g, n := range of {
		if n == 1 && shown[g] {
			t.Errorf("%v lacks one account alone", g)
		}
	}
	for _, i := range []int{0, 1_000, 40_000, len(this.Accounts) - 1} {
		a, _ := b.Account(this.Accounts[i].ID)
		want := standing.Stand(standing.Peer{ID: a.ID, Count: a.Visits}, func(yield func(standing.Peer) bool) {
			for _, o := range this.Accounts {
				if o, _ := b.Account(o.ID); !yield(standing.Peer{ID: o.ID, Count: o.Visits}) {
					return
				}
			}
		})
		if d := cmp.Diff(want, b.Stand(a, standing.ByVisits, standing.Everyone)); d != "" {
			t.Errorf("%s counted anew: %s", a.ID, d)
		}
	}
	list, err := observatory.Compute(&this, nil, cat)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range list {
		if x.ID != "leaders" {
			continue
		}
		leading := b.Leading(standing.Query{}, len(x.Rows))
		for i, r := range x.Rows {
			if leading[i].ID != r[0].String() {
				t.Fatalf("%s leads at %d, the exhibit says %s", leading[i].ID, i, r[0])
			}
			a, ok := b.Account(r[0].String())
			if !ok {
				t.Fatalf("no account %s", r[0])
			}
			if want, _ := x.Find(a.ID, "rank"); float64(b.Stand(a, standing.ByActive, standing.Everyone).Rank) != mustNumber(t, want) {
				t.Errorf("%s: rank %d, the exhibit says %s", a.ID, b.Stand(a, standing.ByActive, standing.Everyone).Rank, want)
			}
		}
	}
}

func mustNumber(t *testing.T, c observatory.Cell) float64 {
	t.Helper()
	n, ok := c.Number()
	if !ok {
		t.Fatalf("%s is no number", c)
	}
	return n
}
