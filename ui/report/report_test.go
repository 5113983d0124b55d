package report_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"zhijian/catalog"
	"zhijian/domain/observatory"
	"zhijian/domain/observatory/nation"
	"zhijian/domain/report"
	"zhijian/testkit"
	"zhijian/ui/proof"
	reportpage "zhijian/ui/report"
)

// compute gives the exhibits of facts and of those before, which may be nil.
func compute(t *testing.T, facts, before *observatory.Facts) []observatory.Exhibit {
	t.Helper()
	cat, err := observatory.LoadCatalog(catalog.FS)
	if err != nil {
		t.Fatal(err)
	}
	list, err := observatory.Compute(facts, before, cat)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func written(t *testing.T, ed report.Edition, now, before []observatory.Exhibit, pages map[string]int, langs ...string) string {
	t.Helper()
	r, err := report.Make(ed, now, before)
	if err != nil {
		t.Fatal(err)
	}
	b, err := reportpage.HTML(testkit.Context(), reportpage.Document{Report: r, Langs: langs, Pages: pages})
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func small() *observatory.Facts {
	f := &observatory.Facts{}
	for _, a := range []struct{ id, region, sector string }{{"a", "330100", "f01"}, {"b", "330300", "f03"}, {"c", "440100", "f01"}} {
		f.Accounts = append(f.Accounts, observatory.Account{ID: a.id, Name: a.id + "<b>", Region: a.region, Country: "CN", Level: observatory.Municipal, Sector: a.sector, Kind: observatory.Serving, Verified: true})
		f.Months = append(f.Months, observatory.Month{Account: a.id, Month: "2015-08", Active: int64(len(f.Accounts)) * 100, Clicks: 7, Visits: 3})
	}
	f.Sort()
	return f
}

// TestGolden holds the file of a small edition; UPDATE=1 writes it again.
func TestGolden(t *testing.T) {
	t.Parallel()
	var few []observatory.Exhibit
	for _, e := range compute(t, small(), nil) {
		switch e.ID {
		case "table-3", "table-9", "summary", "errata":
			few = append(few, e)
		}
	}
	ed := report.Edition{Name: "2015", Accounts: 3, MethodVersion: "1", FactsSum: "f00", ExhibitsSum: "e00"}
	got := written(t, ed, few, nil, map[string]int{"zh-provinces": 4}, "zh", "en")
	_, got, _ = strings.Cut(got, "</style>")
	got = strings.ReplaceAll(got, "><", ">\n<")
	path := filepath.Join("testdata", "small.html")
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Error(d)
	}
	if strings.Contains(got, "模拟数据") || strings.Contains(got, "imulated") {
		t.Error("a real edition is called simulated")
	}
}

var heading = regexp.MustCompile(`<h([1-6])[ >]`)

// TestMarkup reads the whole report of the calibrated nation as a strict browser and a screen reader would.
func TestMarkup(t *testing.T) {
	t.Parallel()
	this, last, err := nation.Simulate(1, nation.Input{Catalogue: catalog.FS, Scale: 1})
	if err != nil {
		t.Fatal(err)
	}
	now, before := compute(t, &this, &last), compute(t, &last, nil)
	ed := report.Edition{Name: "2015", Previous: "2014", Simulated: true, Accounts: len(this.Accounts)}
	text := written(t, ed, now, before, nil, "zh", "en")
	if text != written(t, ed, now, before, nil, "zh", "en") {
		t.Error("the same report gives other bytes")
	}
	for _, f := range proof.Page(text) {
		t.Error(f)
	}
	level := 0
	for _, m := range heading.FindAllStringSubmatch(text, -1) {
		n := int(m[1][0] - '0')
		if n > level+1 {
			t.Fatalf("h%d after h%d", n, level)
		}
		level = n
	}
	inner := strings.NewReplacer(`xmlns="http://www.w3.org/2000/svg"`, "", "url(#", "").Replace(text) // neither fetches anything
	for _, never := range []string{"<script", "http://", "https://", "url(", "@import", "%!"} {
		if at := strings.Index(inner, never); at >= 0 {
			t.Errorf("%q in a file that needs nothing else", never)
		}
	}
	figures := strings.Count(text, "<figure")
	for what, want := range map[string]int{"<figcaption": figures, "<b>模拟数据</b>": figures / 2, "<b>Simulated data</b>": figures / 2, `lang="en"`: 1, `content: "模拟数据"`: 1, `content: "Simulated data"`: 1} {
		if got := strings.Count(text, what); got < want {
			t.Errorf("%d times %s, want %d", got, what, want)
		}
	}
	if tables, captions := strings.Count(text, "<table"), strings.Count(text, "<caption"); figures < 100 || tables != captions {
		t.Errorf("%d figures, %d tables, %d captions", figures, tables, captions)
	}
	english := text[strings.Index(text, `<article class="rp rp-en"`):]
	if n := len(regexp.MustCompile(`<p>[^<]*\p{Han}`).FindAllString(english, -1)); n > 0 {
		t.Errorf("%d English paragraphs with Chinese words", n)
	}
	if bytes.Count([]byte(english), []byte("Hebei rose 14 places by accounts, but its users rank 11 places lower.")) == 0 {
		t.Error("the finding about 河北 is not there")
	}
}
