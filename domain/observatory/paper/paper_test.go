package paper_test

import (
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"zhijian/catalog"
	"zhijian/domain/observatory"
	"zhijian/domain/observatory/nation"
	"zhijian/domain/observatory/paper"
)

// simulated is the nation of seed 1 with its exhibits, made once for all tests.
var simulated = sync.OnceValues(func() ([]observatory.Exhibit, error) {
	this, last, err := nation.Simulate(1, nation.Input{Catalogue: catalog.FS})
	if err != nil {
		return nil, err
	}
	cat, err := observatory.LoadCatalog(catalog.FS)
	if err != nil {
		return nil, err
	}
	return observatory.Compute(&this, &last, cat)
})

func compared(t *testing.T) []paper.Row {
	t.Helper()
	exhibits, err := simulated()
	if err != nil {
		t.Fatal(err)
	}
	cat, err := observatory.LoadCatalog(catalog.FS)
	if err != nil {
		t.Fatal(err)
	}
	targets, err := paper.Targets(catalog.FS)
	if err != nil {
		t.Fatal(err)
	}
	return paper.Compare(targets, exhibits, cat)
}

func TestEveryFigure(t *testing.T) {
	t.Parallel()
	rows := compared(t)
	met, not, contradictory := paper.Count(rows)
	for _, r := range rows {
		if r.Status == paper.NotMet {
			t.Errorf("%s: printed %s %s (%s), measured %q in %s", r.ID, r.Comparison, r.Value, r.Tolerance, r.Measured, r.Exhibit)
		}
		if r.Status == paper.Contradictory && (r.Warning == nil || r.Measured == "") {
			t.Errorf("%s contradicts others and has value %q and warning %v", r.ID, r.Measured, r.Warning)
		}
	}
	if len(rows) != 929 || contradictory != 20 {
		t.Errorf("%d figures, %d contradictory; the paper has 929 and 20", len(rows), contradictory)
	}
	t.Logf("%d met, %d not met, %d contradictory", met, not, contradictory)
}

func TestDocumentIsFresh(t *testing.T) {
	t.Parallel()
	const path = "../../../docs/whitepaper-2015.md"
	want := paper.Document(compared(t), misprints(t), "Measured on the calibrated nation, `zhijian observatory simulate --seed 1`: simulated data, one solution among many, never Tencent's.")
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil || string(got) != want {
		t.Errorf("%s is stale: run UPDATE=1 go test ./domain/observatory/paper (%v)", path, err)
	}
	if !strings.Contains(want, "DQ-24") {
		t.Error("the document does not name the warnings")
	}
}

func misprints(t *testing.T) []observatory.Warning {
	t.Helper()
	cat, err := observatory.LoadCatalog(catalog.FS)
	if err != nil {
		t.Fatal(err)
	}
	list, err := paper.Misprints(catalog.FS, cat)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestMisprints: what a careful reader found by hand, the rules find; and nothing where the paper is right.
func TestMisprints(t *testing.T) {
	t.Parallel()
	got := map[string][]string{}
	for _, w := range misprints(t) {
		got[w.ID] = append(got[w.ID], w.Text.En)
	}
	for id, want := range map[string][]string{
		"DQ-01": {"萍乡 is printed 2 times, 莱芜市 371200 not at all"},
		"DQ-06": {"杭州's share of accounts: 1462/83641 is 1.75%, not 2.12%: the base is another one"},
		"DQ-10": {"湖南省 of table1: 11 - 9 is 2, printed is 3"},
		"DQ-11": {"广东省 of table1: 2 - 2 is 0, printed is -1", "山东省 of table1: 3 - 4 is -1, printed is 1", "福建省 of table1: 10 - 6 is 4, printed is -1"},
		"DQ-16": {"large and medium cities: means and counts give 66.28 to 66.60%, not 66.9%"},
		"DQ-21": {"ten of the kinds of service: 19.2% is impossible with 54"},
		"DQ-24": {"prefecture tourism offices: 50.1% is impossible with 334"},
	} {
		if d := cmp.Diff(want, got[id]); d != "" {
			t.Errorf("%s: %s", id, d)
		}
		delete(got, id)
	}
	if len(got) > 0 {
		t.Errorf("the rules also find %v", got)
	}
}
