package queries_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"zhijian/catalog"
	"zhijian/domain/observatory"
	"zhijian/domain/observatory/columnar"
	"zhijian/domain/observatory/nation"
	"zhijian/domain/observatory/public"
	"zhijian/domain/observatory/queries"
)

func loaded(t *testing.T) *observatory.Catalog {
	t.Helper()
	cat, err := observatory.LoadCatalog(catalog.FS)
	if err != nil {
		t.Fatal(err)
	}
	return cat
}

// answer is what DuckDB gave for one exhibit; whole numbers come as text.
type answer struct {
	Exhibit string   `json:"exhibit"`
	Error   string   `json:"error"`
	Columns []string `json:"columns"`
	Rows    [][]any  `json:"rows"`
}

// ask exports an edition and runs every query on the files with DuckDB, in a process that knows nothing but the folder.
func ask(t *testing.T, e columnar.Edition, cat *observatory.Catalog) map[string]answer {
	t.Helper()
	dir := t.TempDir()
	put := func(name string, b []byte) error {
		path := filepath.Join(dir, filepath.FromSlash(name))
		return errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, b, 0o644))
	}
	if err := errors.Join(columnar.Write(e, cat, put), queries.Write(put)); err != nil {
		t.Fatal(err)
	}
	for id, sql := range examples(t) {
		if err := put("queries/"+example+id+".sql", []byte(sql)); err != nil {
			t.Fatal(err)
		}
	}
	script := filepath.Join("..", "..", "..", "tools", "duckdb", "queries.mjs")
	cmd := exec.CommandContext(t.Context(), "node", script, dir)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("DuckDB did not run; `make duckdb` installs what it needs: %v\n%s", err, said.String())
	}
	answers := map[string]answer{}
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var a answer
		if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
			t.Fatal(err)
		}
		answers[a.Exhibit] = a
	}
	return answers
}

// TestQueriesGiveTheExhibits compares every cell of every exhibit with what DuckDB makes of the Parquet files.
func TestQueriesGiveTheExhibits(t *testing.T) {
	t.Parallel()
	cat := loaded(t)
	this, last, err := nation.Simulate(1, nation.Input{Catalogue: catalog.FS})
	if err != nil {
		t.Fatal(err)
	}
	little, uncounted := few(), few()
	uncounted.Outcomes = nil
	for name, c := range map[string]struct{ facts, previous *observatory.Facts }{
		"the nation":               {&this, &last},
		"a few accounts":           {little, nil},
		"a few accounts, none new": {little, little},
		"no outcomes":              {uncounted, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			exhibits, err := observatory.Compute(c.facts, c.previous, cat)
			if err != nil {
				t.Fatal(err)
			}
			answers := ask(t, columnar.Edition{Edition: public.Edition{Name: "2015", Simulated: true}, Facts: c.facts, Previous: c.previous, Exhibits: exhibits}, cat)
			cells := 0
			for i := range exhibits {
				if _, none := queries.Without()[exhibits[i].ID]; !none {
					cells += compare(t, &exhibits[i], answers[exhibits[i].ID])
				}
			}
			for id := range examples(t) {
				if c.facts != &this { // too few for a law
					break
				}
				compareExample(t, exhibits[slices.IndexFunc(exhibits, func(x observatory.Exhibit) bool { return x.ID == id })], answers[example+id])
			}
			t.Logf("%d cells of %d exhibits are equal or within %g", cells, len(answers), queries.Tolerance)
		})
	}
}

// few has what a nation has not: ties, places without accounts, no indicators, an account without a month, one abroad.
func few() *observatory.Facts {
	f := &observatory.Facts{
		Accounts: []observatory.Account{
			{ID: "a", Name: "杭州发布", Region: "330100", Country: "CN", Level: observatory.Municipal, Sector: "f03", Kind: observatory.Subscription, Verified: true, Opened: 2014_02_28, Department: "办公室"},
			{ID: "b", Name: "温州交警", Region: "330300", Country: "CN", Level: observatory.Municipal, Sector: "f01", Institution: "交警", Kind: observatory.Serving},
			{ID: "c", Name: "朝阳医院", Region: "110105", Country: "CN", Level: observatory.County, Sector: "f02", Institution: "三甲医院", Kind: observatory.Serving},
			{ID: "d", Name: "Visit", Country: "FR", Level: observatory.National, Sector: "f09", Kind: observatory.Subscription},
			{ID: "e", Name: "全国", Region: "000000", Country: "CN", Level: observatory.National, Sector: "f54", Kind: observatory.Subscription},
			{ID: "f", Name: "香港", Region: "810000", Country: "HK", Level: observatory.Provincial, Sector: "f09", Kind: observatory.Serving},
		},
		Months: []observatory.Month{
			{Account: "a", Month: "2015-07", Active: 900, Clicks: 1},
			{Account: "a", Month: "2015-08", Active: 12, Clicks: 5},
			{Account: "b", Month: "2015-08", Active: 12, Clicks: 5, Visits: 9},
			{Account: "e", Month: "2015-08", Active: 3},
		},
		Places:   []observatory.Place{{Region: "330100", Class: "大城市", Service: true}, {Region: "110000", Class: "超大城市", Service: true}},
		Rosters:  []observatory.Roster{{Region: "330100", Level: observatory.Municipal, Departments: 40}, {Region: "330100", Level: observatory.Municipal, Sector: "f03", Departments: 1}},
		Launches: []observatory.Launch{{Region: "330100", Service: "weather-forecast", Launched: true, Visits: 7}, {Region: "110000", Service: "hall-appointment"}},
		Outcomes: fewOutcomes(),
	}
	f.Sort()
	return f
}

// fewOutcomes has what was not counted, contradictions, equals, bases below and above 30, shares of nothing and of all, a service and a
// place the catalogue does not have, and a month that is over.
func fewOutcomes() []observatory.Outcome {
	type counts = map[observatory.Measure]int64
	of := func(region, service, account, took string, c counts) observatory.Outcome {
		d, ok := observatory.ParseDurations(took)
		if !ok {
			panic(took)
		}
		o := observatory.Outcome{Region: region, Service: service, Month: "2015-08", Account: account, Took: d}
		for m, n := range c {
			o.Set(m, n)
		}
		return o
	}
	const o, d, r, c = observatory.Opened, observatory.Done, observatory.Refused, observatory.Cancelled
	last := of("330100", "weather-forecast", "b", "1:5", counts{o: 1000, d: 900, r: 50, c: 50})
	last.Month = "2015-07"
	return []observatory.Outcome{
		last,
		of("330100", "weather-forecast", "b", "1:5 100000000:5", counts{o: 40, d: 30, r: 0, c: 2, observatory.StepsTaken: 80, observatory.Materials: 2, observatory.Departments: 2, observatory.Promised: 10, observatory.Kept: 9, observatory.Rated: 1, observatory.RatingSum: 5, observatory.Satisfied: 1, observatory.People: 9}),
		of("330300", "weather-forecast", "", "2:3", counts{o: 20, d: 19, c: 1, observatory.Loads: 100, observatory.Materials: 1, observatory.Rated: 40, observatory.OfficeCalls: 50, observatory.OfficeFailed: 0}),
		of("330100", "hall-appointment", "a", "", counts{o: 0, d: 0, r: 0, c: 0, observatory.Promised: 0, observatory.Kept: 0, observatory.Rated: 0, observatory.RatingSum: 0, observatory.Paid: 0, observatory.Fen: 0}),
		of("110000", "hall-appointment", "c", "10:1 20:1", counts{o: 30, observatory.StepsTaken: 60, d: 32, r: 0, c: 0, observatory.Paid: 3, observatory.Fen: -100, observatory.Kept: 5, observatory.Promised: 5, observatory.OfficeCalls: 50, observatory.OfficeFailed: 0, observatory.Satisfied: 0, observatory.Rated: 30, observatory.RatingSum: 31}),
		of("110000", "weather-forecast", "c", "", counts{observatory.Promised: 5, observatory.Kept: 6, observatory.OfficeCalls: 1, observatory.OfficeFailed: 2}),
		of("110000", "no-such-service", "e", "5:9", counts{o: 9, d: 9, r: 9, c: 9, observatory.Departments: 3, observatory.Rated: 1}),
		of("330000", "weather-forecast", "", "5:9", counts{o: 9, d: 9, r: 9, c: 9}), // a province is no city
		of("330100", "", "", "", counts{observatory.Searches: 200, observatory.Unmet: 0, observatory.Checked: 30, observatory.Accessible: 30}),
		of("330300", "", "", "", counts{observatory.Searches: 100, observatory.Unmet: 0, observatory.Checked: 30, observatory.Accessible: 30}),
		of("110000", "", "", "", counts{observatory.Searches: 29, observatory.Unmet: 29, observatory.Checked: 0, observatory.Accessible: 0}),
	}
}

// compare counts the cells it looked at.
func compare(t *testing.T, want *observatory.Exhibit, got answer) (cells int) {
	t.Helper()
	if got.Error != "" || got.Exhibit == "" {
		t.Errorf("%s: no answer: %s", want.ID, got.Error)
		return 0
	}
	var names []string
	for _, c := range want.Columns {
		names = append(names, c.ID)
	}
	if !slices.Equal(names, got.Columns) || len(got.Rows) != len(want.Rows) {
		t.Errorf("%s: columns %v, %d rows, want %v, %d rows", want.ID, got.Columns, len(got.Rows), names, len(want.Rows))
		return 0
	}
	wrong := 0
	for i, row := range want.Rows {
		for j, cell := range row {
			cells++
			if !same(cell, got.Rows[i][j]) && wrong < 5 {
				wrong++
				t.Errorf("%s, row %d (%s), column %s: DuckDB says %v, the exhibit %s", want.ID, i+1, row[0], names[j], got.Rows[i][j], cell)
			}
		}
	}
	return cells
}

// same compares one cell: measured numbers within the tolerance, all others exactly.
func same(want observatory.Cell, got any) bool {
	switch v := got.(type) {
	case nil:
		return want.String() == ""
	case bool:
		return want.Equal(observatory.Flag(v))
	case string:
		return v == want.String()
	case float64:
		n, ok := want.Number()
		return ok && math.Abs(v-n) <= queries.Tolerance*math.Abs(n)+1e-10 || !ok && want.String() == strconv.FormatFloat(v, 'f', -1, 64)
	}
	return false
}

const example = "example-"

// examples are those of the document, by exhibit.
func examples(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, part := range strings.Split(queries.Document(), "```sql\n-- ")[1:] {
		sql, _, _ := strings.Cut(part, "```")
		id, sql, _ := strings.Cut(sql, "\n")
		found[id] = sql
	}
	if len(found) != 3 {
		t.Fatalf("the document has %d examples", len(found))
	}
	return found
}

// compareExample compares the columns and rows that an example gives; there may be more in the exhibit.
func compareExample(t *testing.T, x observatory.Exhibit, got answer) {
	t.Helper()
	if got.Error != "" || len(got.Columns) == 0 {
		t.Errorf("example of %s: %s", x.ID, got.Error)
	}
	for _, row := range got.Rows {
		key, _ := row[0].(string)
		for j, column := range got.Columns {
			if want, ok := x.Find(key, column); !ok || !same(want, row[j]) {
				t.Errorf("example of %s, row %s, column %s: DuckDB says %v, the exhibit %s", x.ID, key, column, row[j], want)
			}
		}
	}
}

// TestFreshDocument: the guide with its tables is what docs/duckdb.md says.
func TestFreshDocument(t *testing.T) {
	t.Parallel()
	path := filepath.Join("..", "..", "..", "docs", "duckdb.md")
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(path, []byte(queries.Document()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if b, err := os.ReadFile(path); err != nil || string(b) != queries.Document() {
		t.Errorf("docs/duckdb.md is stale: UPDATE=1 go test ./domain/observatory/queries (%v)", err)
	}
}

// TestEveryExhibitHasAQuery: who adds an exhibit adds its query, or says in Without why there is none.
func TestEveryExhibitHasAQuery(t *testing.T) {
	t.Parallel()
	has := map[string]bool{}
	for _, q := range queries.List() {
		has[q.Exhibit] = true
	}
	without := queries.Without()
	for _, id := range observatory.IDs() {
		if reason := without[id]; has[id] == (reason != "") {
			t.Errorf("%s: needs either %s.sql here or a reason in Without, and not both", id, id)
		}
	}
	paths, err := filepath.Glob("*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range paths {
		if id := strings.TrimSuffix(p, ".sql"); id != "tables" && !has[id] {
			t.Errorf("%s: there is no exhibit of this name", p)
		}
	}
}
