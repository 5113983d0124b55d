package paper_test

import (
	"os"
	"strings"
	"sync"
	"testing"

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
	want := paper.Document(compared(t), "Measured on the calibrated nation, `zhijian observatory simulate --seed 1`: simulated data, one solution among many, never Tencent's.")
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
