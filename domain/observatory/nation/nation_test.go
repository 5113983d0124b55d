package nation_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"zhijian/catalog"
	"zhijian/domain/observatory"
	"zhijian/domain/observatory/nation"
)

// digest is a hash over all files of both editions.
func digest(t *testing.T, editions ...observatory.Facts) string {
	t.Helper()
	h := sha256.New()
	for _, f := range editions {
		for _, file := range nation.Files(f) {
			if err := file.Write(h); err != nil {
				t.Fatal(err)
			}
		}
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// TestSameBytes is not parallel: it sets the number of processors.
func TestSameBytes(t *testing.T) {
	this, last := simulated(t, 2015)
	want := digest(t, this, last)
	t.Logf("seed 2015: %s", want)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	this, last = simulated(t, 2015)
	if got := digest(t, this, last); got != want {
		t.Errorf("one processor gives %s, several %s", got, want)
	}
	this, last = simulated(t, 2016)
	if got := digest(t, this, last); got == want {
		t.Error("another seed gives the same nation")
	}
}

// TestCanonical: facts come in the order that Sort would give them, and say what the contract allows.
func TestCanonical(t *testing.T) {
	t.Parallel()
	this, last := simulated(t, 3)
	c := count(t, this, last)
	for name, f := range map[string]observatory.Facts{"this": this, "last": last} {
		if !f.Sorted() {
			t.Errorf("%s: facts are not in order", name)
		}
	}
	names := map[string]bool{}
	for _, a := range this.Accounts {
		if names[a.Name] {
			t.Errorf("%s occurs twice", a.Name)
		}
		names[a.Name] = true
		if !strings.HasSuffix(a.Name, "（模拟）") || strings.ContainsAny(a.Name, "{}") || strings.HasPrefix(a.Name, "（") {
			t.Errorf("%s: name %q", a.ID, a.Name)
		}
		if _, ok := c.tree.Find(a.Region); !ok && a.Region != "" || a.Country == "" || a.Level == "" || a.Opened == 0 {
			t.Errorf("%+v", a)
		}
		if c.month[a.ID].Active < 1 {
			t.Errorf("%s has no active users", a.Name)
		}
	}
	was := map[string]observatory.Account{}
	for _, a := range this.Accounts {
		was[a.ID] = a
	}
	for _, a := range last.Accounts {
		if diff := cmp.Diff(was[a.ID], a); diff != "" {
			t.Errorf("last year's %s: %s", a.ID, diff)
		}
		if a.Opened > 20140831 {
			t.Errorf("%s was counted before it opened: %d", a.ID, a.Opened)
		}
	}
}

// TestMoves: a sector stood in 2014 where 5.1 says it stood.
func TestMoves(t *testing.T) {
	t.Parallel()
	this, last := simulated(t, 11)
	c := count(t, this, last)
	got := c.quadrant(last, c.lastMonth, float64(len(this.Accounts))/54, c.cut())
	moved := 0
	for _, row := range rowsOf(t, "whitepaper/maturity.csv") {
		field, before := row[4], row[5]
		if before == "" {
			continue
		}
		moved++
		if got[field] != before {
			t.Errorf("%s stood in %s, want %s", field, got[field], before)
		}
	}
	if moved < 10 {
		t.Errorf("%d sectors have a quadrant of 2014", moved)
	}
}

// TestScale: copies keep ranks and shares.
func TestScale(t *testing.T) {
	t.Parallel()
	one, _ := simulated(t, 5)
	three, last, err := nation.Simulate(5, nation.Input{Catalogue: catalog.FS, Scale: 3})
	if err != nil {
		t.Fatal(err)
	}
	if len(three.Accounts) != 3*len(one.Accounts) || len(last.Accounts) != 3*40641 || !three.Sorted() || !last.Sorted() {
		t.Fatalf("%d and %d accounts", len(three.Accounts), len(last.Accounts))
	}
	sums := func(f observatory.Facts) (users, clicks, visits int64) {
		for _, m := range f.Months {
			users, clicks = users+m.Active, clicks+m.Clicks
		}
		for _, l := range f.Launches {
			visits += l.Visits
		}
		return users, clicks, visits
	}
	u1, c1, v1 := sums(one)
	u3, c3, v3 := sums(three)
	if diff := cmp.Diff([]int64{3 * u1, 3 * c1, 3 * v1}, []int64{u3, c3, v3}); diff != "" {
		t.Error(diff)
	}
	for _, scale := range []int{-1, 11} {
		if _, _, err := nation.Simulate(5, nation.Input{Catalogue: catalog.FS, Scale: scale}); err == nil {
			t.Errorf("scale %d was taken", scale)
		}
	}
}

// TestFiles: the tables have the columns that tools rely on.
func TestFiles(t *testing.T) {
	t.Parallel()
	f := observatory.Facts{
		Accounts: []observatory.Account{
			{
				ID: "a1", Name: "甲, 乙（模拟）", Region: "330106", Country: "CN", Level: observatory.County, Sector: "f01", Institution: "交警",
				Kind: observatory.Serving, Verified: true, Opened: 20130901, Department: "西湖区公安局",
			},
			{ID: "a2", Name: "丙", Country: "JP", Level: observatory.Provincial, Sector: "f09", Kind: observatory.Subscription},
		},
		Months:     []observatory.Month{{Account: "a1", Month: "2015-08", Active: 3, Clicks: 2, Visits: 1}},
		Places:     []observatory.Place{{Region: "330100", Class: "特大城市", Service: true}},
		Indicators: []observatory.Indicator{{Region: "330000", Indicator: "internet_plus_index", Year: 2015, Value: 97.3}},
		Rosters:    []observatory.Roster{{Region: "000000", Level: observatory.National, Departments: 42}},
		Launches:   []observatory.Launch{{Region: "330100", Service: "tide-query", Visits: 7}},
	}
	want := []string{
		"accounts.csv\nid,name,region_code,country,level,sector,institution,kind,verified,opened,department\n" +
			"a1,\"甲, 乙（模拟）\",330106,CN,county,f01,交警,service,1,2013-09-01,西湖区公安局\na2,丙,,JP,province,f09,,subscription,0,,\n",
		"months.csv\naccount_id,month,active_users,clicks,service_visits\na1,2015-08,3,2,1\n",
		"places.csv\nregion_code,city_class,city_service\n330100,特大城市,1\n",
		"indicators.csv\nregion_code,indicator,year,value\n330000,internet_plus_index,2015,97.3\n",
		"roster.csv\nregion_code,level,sector,departments\n000000,nation,,42\n",
		"services.csv\nregion_code,service,launched,visits\n330100,tide-query,0,7\n",
		"outcomes.csv\nregion_code,service,month,account_id,took,opened,done,refused,cancelled,paid,fen,promised,kept,steps,loads,materials,departments,people," +
			"rated,rating_sum,satisfied,searches,unmet,office_calls,office_failed,checked,accessible\n330100,tide-query,2015-08,a1,10:2,0,,,,,-5,,,,,,,,,,,,,,,,\n",
	}
	o := observatory.Outcome{Region: "330100", Service: "tide-query", Month: "2015-08", Account: "a1"}
	o.Took.Count(10, 2)
	o.Set(observatory.Opened, 0)
	o.Set(observatory.Fen, -5)
	f.Outcomes = []observatory.Outcome{o}
	var got []string
	for _, file := range nation.Files(f) {
		var b bytes.Buffer
		if err := file.Write(&b); err != nil {
			t.Fatal(err)
		}
		got = append(got, file.Name+"\n"+b.String())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func BenchmarkSimulate(b *testing.B) {
	for b.Loop() {
		if _, _, err := nation.Simulate(1, nation.Input{Catalogue: catalog.FS}); err != nil {
			b.Fatal(err)
		}
	}
}
