package observatory_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"zhijian/catalog"
	"zhijian/domain/observatory"
	"zhijian/domain/observatory/nation"
	"zhijian/ground/fault"
)

func encoded(t testing.TB, facts, previous *observatory.Facts, cat *observatory.Catalog) []byte {
	t.Helper()
	list, err := observatory.Compute(facts, previous, cat)
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.MarshalIndent(list, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func shuffled(f *observatory.Facts) *observatory.Facts {
	c, r := f.Clone(), rand.New(rand.NewPCG(7, 7))
	shuffle(r, c.Accounts)
	shuffle(r, c.Months)
	shuffle(r, c.Places)
	shuffle(r, c.Indicators)
	shuffle(r, c.Rosters)
	shuffle(r, c.Launches)
	shuffle(r, c.Outcomes)
	return c
}

func shuffle[T any](r *rand.Rand, list []T) {
	r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
}

// bigNation is the nation of seed 1, made once; nobody may change it.
var bigNation = sync.OnceValues(func() ([2]observatory.Facts, error) {
	this, last, err := nation.Simulate(1, nation.Input{Catalogue: catalog.FS})
	return [2]observatory.Facts{this, last}, err
})

func big(t testing.TB) (this, last *observatory.Facts) {
	t.Helper()
	f, err := bigNation()
	if err != nil {
		t.Fatal(err)
	}
	return &f[0], &f[1]
}

func TestOrderOfRowsChangesNothing(t *testing.T) {
	t.Parallel()
	cat := loaded(t)
	for name, f := range map[string]func() (*observatory.Facts, *observatory.Facts){
		"small": func() (*observatory.Facts, *observatory.Facts) { return small(), smallBefore() },
		"big":   func() (*observatory.Facts, *observatory.Facts) { return big(t) },
	} {
		this, last := f()
		mixed := shuffled(this)
		first := slices.Clone(mixed.Accounts)
		if !bytes.Equal(encoded(t, this, last, cat), encoded(t, mixed, shuffled(last), cat)) {
			t.Errorf("%s: permuted rows gave other bytes", name)
		}
		if !slices.Equal(first, mixed.Accounts) {
			t.Errorf("%s: the caller's facts were sorted", name)
		}
	}
}

// renamed is the catalogue with 温州 called otherwise.
func renamed(t *testing.T) *observatory.Catalog {
	t.Helper()
	over := fstest.MapFS{}
	for _, name := range []string{"regions/regions.csv", "regions/prefectures.csv", "regions/changes.csv", "sectors/sectors.csv", "kinds/kinds.csv", "kinds/groups.csv"} {
		b, err := fs.ReadFile(catalog.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(name, "regions/regions") {
			b = []byte(strings.Replace(string(b), "330300,温州市,温州,wenzhou,Wenzhou", "330300,新名市,新名,wenzhou,Xinming", 1))
		}
		over[name] = &fstest.MapFile{Data: b}
	}
	c, err := observatory.LoadCatalog(over)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestNameOfARegionChangesNoNumber(t *testing.T) {
	t.Parallel()
	plain, other := encoded(t, small(), smallBefore(), loaded(t)), encoded(t, small(), smallBefore(), renamed(t))
	back := strings.NewReplacer("新名市", "温州市", "新名", "温州", "Xinming", "Wenzhou").Replace(string(other))
	if bytes.Equal(plain, other) || string(plain) != back {
		t.Error("a renamed region changed more than its name")
	}
}

func TestMissingRegionIsNoticed(t *testing.T) {
	t.Parallel()
	this, last := big(t)
	has := func(f *observatory.Facts) bool {
		e := computed(t, f, last)["appendix-1"]
		return slices.ContainsFunc(e.Warnings, func(w observatory.Warning) bool {
			return w.ID == "DQ-01" && w.Level == observatory.Wrong && strings.Contains(w.Text.Zh, "莱芜") && strings.Contains(w.Text.En, "371200")
		})
	}
	if has(this) {
		t.Error("the whole nation misses 莱芜")
	}
	cat := loaded(t)
	cut := this.Clone()
	cut.Accounts = slices.DeleteFunc(cut.Accounts, func(a observatory.Account) bool { return cat.Regions.Within(a.Region, "371200") })
	if !has(cut) {
		t.Error("nobody noticed that 莱芜 is missing")
	}
}

// TestScaledUsersKeepRanksAndShares: three times the users everywhere moves no rank and no share.
func TestScaledUsersKeepRanksAndShares(t *testing.T) {
	t.Parallel()
	this, last := big(t)
	scaled := this.Clone()
	for i := range scaled.Months {
		scaled.Months[i].Active *= 3
	}
	before, after := computed(t, this, last), computed(t, scaled, last)
	for id, e := range before {
		if id == "provinces" || id == "errata" {
			continue // users over residents does change, and sentences that say it
		}
		for _, c := range e.Columns {
			if c.Kind != observatory.Rank && c.Kind != observatory.Share && c.Kind != observatory.Steps {
				continue
			}
			for _, r := range e.Rows {
				is, ok := e.Find(r[0].String(), c.ID)
				if now, found := ptr(after[id]).Find(r[0].String(), c.ID); ok != found || is != now && far(is, now) {
					t.Fatalf("%s %s %s was %s, is %s", id, r[0], c.ID, is, now)
				}
			}
		}
	}
}

func ptr(e observatory.Exhibit) *observatory.Exhibit { return &e }

// far leaves the tenth digit to rounding.
func far(a, b observatory.Cell) bool {
	x, _ := a.Number()
	y, _ := b.Number()
	return max(x-y, y-x) > 1e-7*max(1, x, -x)
}

func TestDoubts(t *testing.T) {
	t.Parallel()
	cat := loaded(t)
	warned := func(f, last *observatory.Facts, exhibit, id string, level observatory.WarningLevel) bool {
		e := computed(t, f, last)[exhibit]
		return slices.ContainsFunc(e.Warnings, func(w observatory.Warning) bool { return w.ID == id && w.Level == level })
	}
	for name, c := range map[string]struct {
		spoil   func(f *observatory.Facts)
		exhibit string
		id      string
		level   observatory.WarningLevel
	}{
		"a level above its place":     {func(f *observatory.Facts) { f.Accounts[2].Level = province }, "summary", "DQ-02", observatory.Wrong},
		"one name twice in one place": {func(f *observatory.Facts) { f.Accounts[3].Name = f.Accounts[2].Name }, "appendix-1", "DQ-01", observatory.Note},
		"launched without an entry":   {func(f *observatory.Facts) { f.Launches[0].Region = "440100" }, "figure-6", "DQ-28", observatory.Wrong},
		"more users than residents":   {func(f *observatory.Facts) { f.Indicators[len(f.Indicators)-1].Value = 3 }, "provinces", "DQ-36", observatory.Wrong},
		"more owners than rosters":    {func(f *observatory.Facts) { f.Rosters[0].Departments = 0 }, "ownership", "DQ-46", observatory.Wrong},
	} {
		f := small()
		if warned(f, nil, c.exhibit, c.id, c.level) {
			t.Errorf("%s: warned before", name)
		}
		c.spoil(f)
		if !warned(f, nil, c.exhibit, c.id, c.level) {
			t.Errorf("%s: no %s at %s", name, c.id, c.exhibit)
		}
	}
	if this, last := big(t); !warned(this, last, "table-1", "DQ-44", observatory.Ambiguous) || !warned(this, last, "figure-18", "DQ-25", observatory.Ambiguous) {
		t.Error("the wider scope of 2015 is not noticed")
	}
	if _, err := observatory.Compute(&observatory.Facts{}, nil, cat); !fault.Is(err, fault.KindInvalid) {
		t.Errorf("no accounts: %v", err)
	}
}

// TestLloydAndOptimumDisagree: on a smooth distribution Lloyd's even start ends elsewhere than the optimum, and the figure says so.
func TestLloydAndOptimumDisagree(t *testing.T) {
	t.Parallel()
	cat := loaded(t)
	f, rank := &observatory.Facts{}, 0
	for _, r := range cat.Regions.All() {
		if r.Level != "prefecture" {
			continue
		}
		rank++
		for i := range 1 + int(1462*math.Exp(-float64(rank)/60)) {
			id := fmt.Sprintf("%s-%04d", r.Code, i)
			f.Accounts = append(f.Accounts, observatory.Account{ID: id, Name: id, Region: r.Code, Country: "CN", Level: prefecture, Sector: "f01", Kind: sub})
		}
	}
	e := computed(t, f, nil)["figure-9"]
	at := slices.IndexFunc(e.Warnings, func(w observatory.Warning) bool { return w.ID == "DQ-39" })
	if at < 0 {
		t.Fatalf("the optimum and Lloyd agree, or nobody says that they do not: %v", e.Rows)
	}
	this, last := big(t)
	if e := computed(t, this, last)["figure-9"]; slices.ContainsFunc(e.Warnings, func(w observatory.Warning) bool { return w.ID == "DQ-39" }) {
		t.Error("on the calibrated nation both agree")
	}
}

func TestGolden(t *testing.T) {
	t.Parallel()
	got := computed(t, small(), smallBefore())
	for _, id := range []string{"table-1", "figure-9", "summary", "errata"} {
		b, err := json.MarshalIndent(got[id], "", " ")
		if err != nil {
			t.Fatal(err)
		}
		path := "testdata/" + id + ".json"
		if os.Getenv("UPDATE") != "" {
			if err := os.WriteFile(path, append(b, '\n'), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil || !bytes.Equal(append(b, '\n'), want) {
			t.Errorf("%s differs from %s (%v): look, and run with UPDATE=1", id, path, err)
		}
	}
}

func TestDocumentIsFresh(t *testing.T) {
	t.Parallel()
	const path = "../../docs/exhibits.md"
	want := observatory.Document()
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != want {
		t.Errorf("%s is stale: run UPDATE=1 go test ./domain/observatory (%v)", path, err)
	}
}

func TestKeysAreUnique(t *testing.T) {
	t.Parallel()
	this, last := big(t)
	for id, e := range computed(t, this, last) {
		seen := map[string]bool{}
		for _, r := range e.Rows {
			if k := r[0].String(); seen[k] || k == "" {
				t.Errorf("%s: key %q is empty or occurs twice", id, k)
			}
			seen[r[0].String()] = true
		}
		if e.Title.Zh == "" || e.Title.En == "" || e.Question.Zh == "" || e.Base.Zh == "" || e.Method.En == "" {
			t.Errorf("%s does not say what it is", id)
		}
		for _, column := range append([]string{e.Chart.Label, e.Chart.X, e.Chart.Y, e.Chart.Size, e.Chart.Group}, e.Chart.Values...) {
			if column != "" && e.Column(column) < 0 {
				t.Errorf("%s: the chart names column %q, which there is not", id, column)
			}
		}
	}
}

func BenchmarkCompute(b *testing.B) {
	this, last := big(b)
	cat := loaded(b)
	for b.Loop() {
		list, err := observatory.Compute(this, last, cat)
		if err != nil {
			b.Fatal(err)
		}
		if err := json.NewEncoder(io.Discard).Encode(list); err != nil {
			b.Fatal(err)
		}
	}
}
