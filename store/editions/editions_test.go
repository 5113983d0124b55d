package editions_test

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"zhijian/catalog"
	"zhijian/domain/observatory"
	"zhijian/ground/fault"
	"zhijian/store/editions"
)

func facts(active int64) *observatory.Facts {
	return &observatory.Facts{
		Accounts: []observatory.Account{
			{ID: "b", Name: "温州交警", Region: "330300", Country: "CN", Level: observatory.Municipal, Sector: "f01", Kind: observatory.Serving, Verified: true, Opened: 20140228, Institution: "交警", Department: "公安局"},
			{ID: "a", Name: "杭州,发布\"x\"", Region: "330100", Country: "CN", Level: observatory.Municipal, Sector: "f03", Kind: observatory.Subscription},
		},
		Months:     []observatory.Month{{Account: "a", Month: "2015-08", Active: active, Clicks: 3}, {Account: "b", Month: "2015-08", Active: 7, Visits: 2, NoClicks: true}, {Account: "b", Month: "2015-07", NoVisits: true}},
		Places:     []observatory.Place{{Region: "330100", Class: "特大城市", Service: true}},
		Indicators: []observatory.Indicator{{Region: "330000", Indicator: "gdp_per_head", Year: 2014, Value: 73002.25}},
		Rosters:    []observatory.Roster{{Region: "330100", Level: observatory.Municipal, Departments: 50}},
		Launches:   []observatory.Launch{{Region: "330100", Service: "weather-forecast", Launched: true, Visits: 9}, {Region: "330100", Service: "id-card-service", Launched: true, NoVisits: true}},
	}
}

func loaded(t *testing.T) *observatory.Catalog {
	t.Helper()
	c, err := observatory.LoadCatalog(catalog.FS)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// computed puts and computes an edition.
func computed(t *testing.T, s *editions.Shelf, m editions.Manifest, f *observatory.Facts) editions.Manifest {
	t.Helper()
	if _, err := s.Put(m, f, false); err != nil {
		t.Fatal(err)
	}
	this, previous, _, err := s.Both(m.Name)
	if err != nil {
		t.Fatal(err)
	}
	list, err := observatory.Compute(this, previous, loaded(t))
	if err != nil {
		t.Fatal(err)
	}
	m, err = s.Save(m.Name, "test", list)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestFactsComeBack(t *testing.T) {
	t.Parallel()
	s := editions.Open(t.TempDir())
	if _, err := s.Put(editions.Manifest{Name: "2015"}, facts(5), false); err != nil {
		t.Fatal(err)
	}
	want := facts(5)
	want.Sort()
	got, m, err := s.Facts("2015")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if m.Accounts != 2 || m.Months != 3 || len(m.Facts) != 6 || m.FactsSum == "" {
		t.Errorf("manifest %+v", m)
	}
}

// TestOutcomes: a table that came later has a file only where there are rows, so that earlier editions keep their sums.
func TestOutcomes(t *testing.T) {
	t.Parallel()
	s := editions.Open(t.TempDir())
	bare, err := s.Put(editions.Manifest{Name: "bare"}, facts(5), false)
	if err != nil {
		t.Fatal(err)
	}
	want := facts(5)
	o := observatory.Outcome{Region: "330100", Service: "weather-forecast", Month: "2015-08"}
	o.Set(observatory.Opened, 0)
	o.Set(observatory.Fen, -7)
	o.Took.Count(10, 3)
	want.Outcomes = []observatory.Outcome{o}
	want.Sort()
	m, err := s.Put(editions.Manifest{Name: "more"}, want, false)
	if err != nil {
		t.Fatal(err)
	}
	if bare.Facts["outcomes.csv"] != "" || m.Facts["outcomes.csv"] == "" || m.FactsSum == bare.FactsSum {
		t.Errorf("files %v and %v", bare.Facts, m.Facts)
	}
	got, _, err := s.Facts("more")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got, cmp.AllowUnexported(observatory.Counted{})); d != "" {
		t.Error(d)
	}
}

func TestPut(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := editions.Open(dir)
	put := func(m editions.Manifest, f *observatory.Facts, replace bool) error {
		_, err := s.Put(m, f, replace)
		return err
	}
	if list, err := s.List(); err != nil || len(list) != 0 {
		t.Fatal(list, err)
	}
	for name, c := range map[string]struct {
		m       editions.Manifest
		kind    fault.Kind
		active  int64
		replace bool
	}{
		"upper case":       {editions.Manifest{Name: "A"}, fault.KindInvalid, 1, false},
		"leaves the shelf": {editions.Manifest{Name: "../x"}, fault.KindInvalid, 1, false},
		"hidden":           {editions.Manifest{Name: ".x"}, fault.KindInvalid, 1, false},
		"no previous":      {editions.Manifest{Name: "x", Previous: "none"}, fault.KindNotFound, 1, false},
	} {
		if err := put(c.m, facts(c.active), c.replace); !fault.Is(err, c.kind) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for i, c := range []struct {
		active  int64
		replace bool
		kind    fault.Kind
	}{{5, false, ""}, {5, false, ""}, {6, false, fault.KindConflict}, {6, true, ""}, {6, false, ""}} {
		if err := put(editions.Manifest{Name: "2015"}, facts(c.active), c.replace); fault.KindOf(err) != c.kind {
			t.Errorf("step %d: %v", i, err)
		}
	}
	if list, err := s.List(); err != nil || len(list) != 1 {
		t.Errorf("%v %v", list, err)
	}
	if left, err := filepath.Glob(filepath.Join(dir, "observatory", ".*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func TestVerify(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, cat := editions.Open(dir), loaded(t)
	if _, err := s.Put(editions.Manifest{Name: "2014"}, facts(4), false); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Verify("2014", cat); !fault.Is(err, fault.KindConflict) {
		t.Errorf("an edition that was not computed: %v", err)
	}
	m := computed(t, s, editions.Manifest{Name: "2015", Previous: "2014"}, facts(5))
	if again := computed(t, s, editions.Manifest{Name: "2015", Previous: "2014"}, facts(5)); again.ExhibitsSum != m.ExhibitsSum {
		t.Error("the same facts gave other bytes")
	}
	if d, _, err := s.Verify("2015", cat); d != nil || err != nil {
		t.Fatalf("%v %v", d, err)
	}
	if _, err := s.Put(editions.Manifest{Name: "2014"}, facts(3), true); err != nil {
		t.Fatal(err)
	}
	if d, _, err := s.Verify("2015", cat); err != nil || d == nil || !strings.Contains(d.String(), "2014") {
		t.Errorf("the edition before was replaced: %v %v", d, err)
	}
	computed(t, s, editions.Manifest{Name: "2015", Previous: "2014"}, facts(5)) // computing again mends it
	if d, _, err := s.Verify("2015", cat); d != nil || err != nil {
		t.Fatalf("%v %v", d, err)
	}
	e, err := s.Exhibit("2015", "table-3")
	if err != nil || len(e.Rows) != 10 {
		t.Fatal(err)
	}
	if _, err := s.Exhibit("2015", "table-99"); !fault.Is(err, fault.KindNotFound) {
		t.Error(err)
	}
	folders, err := filepath.Glob(filepath.Join(dir, "observatory", "2015", "exhibits-*"))
	if err != nil || len(folders) != 1 {
		t.Fatal(folders, err)
	}
	forge(t, filepath.Join(folders[0], "table-3.json"), `["330100",`, `["330100" ,`)
	if d, _, err := s.Verify("2015", cat); err != nil || d == nil || d.Exhibit != "table-3" || d.Column != "sum" {
		t.Errorf("other bytes of the same content: %v %v", d, err)
	}
	forge(t, filepath.Join(folders[0], "table-3.json"), `"Hangzhou",1,`, `"Hangzhou",2,`)
	if d, _, err := s.Verify("2015", cat); err != nil || d == nil || d.Row != "330100" || d.Column != "accounts" || d.Kept != "2" || d.Now != "1" {
		t.Errorf("a forged cell: %v %v", d, err)
	}
	if _, err := s.Exhibit("2015", "table-3"); err == nil {
		t.Error("a forged exhibit is shown")
	}
	forge(t, filepath.Join(dir, "observatory", "2015", "facts", "months.csv"), "a,2015-08,5", "a,2015-08,6")
	if d, _, err := s.Verify("2015", cat); err != nil || d == nil || !strings.Contains(d.String(), "months.csv") {
		t.Errorf("forged facts: %v %v", d, err)
	}
}

func forge(t *testing.T, path, old, fresh string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(b), old) {
		t.Fatalf("%s does not hold %s (%v)", path, old, err)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(b), old, fresh, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestCompare(t *testing.T) {
	t.Parallel()
	s := editions.Open(t.TempDir())
	computed(t, s, editions.Manifest{Name: "one"}, facts(5))
	computed(t, s, editions.Manifest{Name: "two"}, facts(6))
	list, err := s.Compare("one", "two", 100)
	if err != nil || len(list) == 0 {
		t.Fatal(list, err)
	}
	found := false
	for _, d := range list {
		found = found || d.Exhibit == "appendix-1" && d.Row == "330100" && d.Column == "active" && d.Kept == "5" && d.Now == "6"
	}
	if !found {
		t.Errorf("the changed cell is not listed: %v", list)
	}
}

func TestExhibitJSONRoundTrip(t *testing.T) {
	t.Parallel()
	f := facts(5)
	list, err := observatory.Compute(f, nil, loaded(t))
	if err != nil {
		t.Fatal(err)
	}
	for i := range list {
		b, err := editions.EncodeExhibit(&list[i])
		if err != nil {
			t.Fatal(err)
		}
		var back observatory.Exhibit
		if err := json.Unmarshal(b, &back); err != nil {
			t.Fatal(err)
		}
		if d := editions.Differ(&list[i], &back, 3); len(d) > 0 {
			t.Error(d)
		}
	}
}

// TestPrinted: a printed report lies with the exhibits it was printed from and goes with them.
func TestPrinted(t *testing.T) {
	t.Parallel()
	s := editions.Open(t.TempDir())
	if err := s.Publish("2015", []byte("%PDF")); !fault.Is(err, fault.KindNotFound) {
		t.Errorf("of no edition: %v", err)
	}
	if _, err := s.Put(editions.Manifest{Name: "2015"}, facts(5), false); err != nil {
		t.Fatal(err)
	}
	if err := s.Publish("2015", []byte("%PDF")); !fault.Is(err, fault.KindConflict) {
		t.Errorf("before it is computed: %v", err)
	}
	computed(t, s, editions.Manifest{Name: "2015"}, facts(5))
	if _, _, err := s.Printed("2015"); !fault.Is(err, fault.KindNotFound) {
		t.Errorf("before it is printed: %v", err)
	}
	for _, text := range []string{"%PDF one", "%PDF another"} {
		if err := s.Publish("2015", []byte(text)); err != nil {
			t.Fatal(err)
		}
		f, size, err := s.Printed("2015")
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(f)
		if err = errors.Join(err, f.Close()); err != nil || string(b) != text || size != int64(len(text)) {
			t.Errorf("%q of %d bytes, %v", b, size, err)
		}
	}
	if d, _, err := s.Verify("2015", loaded(t)); err != nil || d != nil {
		t.Errorf("a printed report makes the edition another: %v %v", d, err)
	}
	if _, err := s.Save("2015", "test", nil); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Printed("2015"); !fault.Is(err, fault.KindNotFound) {
		t.Errorf("printed from other exhibits: %v", err)
	}
}

// TestRemove: an edition goes whole, unless another one needs it.
func TestRemove(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := editions.Open(dir)
	computed(t, s, editions.Manifest{Name: "2014"}, facts(4))
	computed(t, s, editions.Manifest{Name: "2015", Previous: "2014"}, facts(5))
	computed(t, s, editions.Manifest{Name: "2015-b", Corrects: "2015", Reason: "so"}, facts(6))
	for _, needed := range []string{"2014", "2015"} {
		if err := s.Remove(needed); !fault.Is(err, fault.KindConflict) {
			t.Errorf("%s: %v", needed, err)
		}
	}
	for _, none := range []string{"1999", "../observatory", "signing.key"} {
		if err := s.Remove(none); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("%s: %v", none, err)
		}
	}
	if err := os.MkdirAll(filepath.Join(dir, "observatory", ".gone-killed", "facts"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"2015-b", "2015", "2014"} {
		if err := s.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
	if list, err := s.List(); err != nil || len(list) != 0 {
		t.Errorf("left are %v, %v", list, err)
	}
	if left, err := filepath.Glob(filepath.Join(dir, "observatory", ".gone-*")); err != nil || len(left) != 0 {
		t.Errorf("left on disk are %v, %v", left, err)
	}
}
