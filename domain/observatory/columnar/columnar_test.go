package columnar_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"

	"zhijian/catalog"
	"zhijian/domain/observatory"
	"zhijian/domain/observatory/columnar"
	"zhijian/domain/observatory/public"
)

func written(t *testing.T, e columnar.Edition) map[string][]byte {
	t.Helper()
	cat, err := observatory.LoadCatalog(catalog.FS)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	if err := columnar.Write(e, cat, func(name string, b []byte) error { files[name] = b; return nil }); err != nil {
		t.Fatal(err)
	}
	return files
}

func edition() columnar.Edition {
	return columnar.Edition{
		Edition: public.Edition{Name: "2015", Simulated: true, FactsSum: "abc"},
		Facts: &observatory.Facts{
			Accounts: []observatory.Account{
				{ID: "a", Name: "甲", Region: "330100", Country: "CN", Level: observatory.Municipal, Sector: "f01", Kind: observatory.Serving, Verified: true, Opened: 1970_01_02},
				{ID: "b", Name: "乙", Country: "CN", Level: observatory.County, Sector: "f02", Kind: observatory.Subscription},
			},
			Months: []observatory.Month{{Account: "a", Month: "2015-08", Active: 9, Visits: 1 << 50}, {Account: "b", Month: "2015-08", Active: 40}},
		},
		Exhibits: []observatory.Exhibit{{
			ID: "x", Columns: []observatory.Column{
				{ID: "z", Kind: observatory.Code}, {ID: "a", Kind: observatory.Count}, {ID: "m", Kind: observatory.Share}, {ID: "f", Kind: observatory.YesNo},
			},
			Rows: [][]observatory.Cell{{observatory.Int(7), observatory.Int(3), observatory.Num(0.5), observatory.Flag(true)}, {observatory.Say(""), observatory.None, observatory.None, observatory.None}},
		}},
	}
}

// table reads a file back as text, a row a line, and its columns with their types.
func table(t *testing.T, b []byte) (columns []string, lines []string, f *parquet.File) {
	t.Helper()
	f, err := parquet.OpenFile(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	for _, field := range f.Schema().Fields() {
		columns = append(columns, field.Name()+" "+field.Type().String())
	}
	for _, group := range f.RowGroups() {
		rows := group.Rows()
		buf := make([]parquet.Row, group.NumRows())
		n, _ := rows.ReadRows(buf)
		for _, r := range buf[:n] {
			var cells []string
			for _, v := range r {
				cells = append(cells, v.String())
			}
			lines = append(lines, strings.Join(cells, "|"))
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return columns, lines, f
}

func TestWrite(t *testing.T) {
	t.Parallel()
	files := written(t, edition())
	columns, lines, f := table(t, files["facts/accounts.parquet"])
	if want := []string{"id STRING", "name STRING", "region_code STRING", "country STRING", "level STRING", "sector STRING", "institution STRING", "kind STRING", "verified BOOLEAN", "opened DATE", "department STRING", "simulated BOOLEAN"}; !slices.Equal(columns, want) {
		t.Error(cmp.Diff(want, columns))
	}
	if want := []string{"a|甲|330100|CN|prefecture|f01|<null>|service|true|1|<null>|true", "b|乙|<null>|CN|county|f02|<null>|subscription|false|<null>|<null>|true"}; !slices.Equal(lines, want) {
		t.Error(cmp.Diff(want, lines))
	}
	for key, want := range map[string]string{"zhijian.edition": "2015", "zhijian.simulated": "true", "zhijian.facts_sum": "abc", "zhijian.label": "模拟数据 simulated data"} {
		if got, _ := f.Lookup(key); got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
	columns, lines, _ = table(t, files["exhibits/x.parquet"])
	if want := []string{"z STRING", "a INT(64,true)", "m DOUBLE", "f BOOLEAN", "simulated BOOLEAN"}; !slices.Equal(columns, want) {
		t.Error(cmp.Diff(want, columns))
	}
	if want := []string{"7|3|0.5|true|true", "<null>|<null>|<null>|<null>|true"}; !slices.Equal(lines, want) {
		t.Error(cmp.Diff(want, lines))
	}
	if columns, lines, _ = table(t, files["before/months.parquet"]); len(columns) != 6 || len(lines) != 0 {
		t.Errorf("without an edition before its tables are there and empty: %v %v", columns, lines)
	}
	if columns, lines, f = table(t, files["catalogue/sectors.parquet"]); len(lines) != 54 || slices.Contains(columns, "simulated BOOLEAN") {
		t.Errorf("reference data is not simulated: %v, %d rows", columns, len(lines))
	}
	if _, marked := f.Lookup("zhijian.simulated"); marked {
		t.Error("reference data is marked as simulated")
	}
}

// TestRealAndPublic: real data has no column simulated; what the public may not see is absent.
func TestRealAndPublic(t *testing.T) {
	t.Parallel()
	e := edition()
	e.Simulated = false
	_, lines, _ := table(t, written(t, e)["facts/months.parquet"])
	if want := []string{"a|2015-08|9|0|1125899906842624", "b|2015-08|40|0|0"}; !slices.Equal(lines, want) {
		t.Error(cmp.Diff(want, lines))
	}
	e.Public = true
	_, lines, _ = table(t, written(t, e)["facts/months.parquet"])
	if want := []string{"a|2015-08|<null>|0|1125899906842624", "b|2015-08|<null>|0|0"}; !slices.Equal(lines, want) {
		t.Error(cmp.Diff(want, lines)) // the two share the sum of their country
	}
}

// TestOutcomes: what was not counted is NULL and 0 is 0; every measure has a column with words; few people have no row of numbers.
func TestOutcomes(t *testing.T) {
	t.Parallel()
	e := edition()
	took, _ := observatory.ParseDurations("10:12 50:3")
	o := observatory.Outcome{Region: "330100", Service: "hall-appointment", Month: "2015-08", Account: "a", Took: took}
	o.Set(observatory.Opened, 20)
	o.Set(observatory.Done, 15)
	o.Set(observatory.Refused, 0)
	o.Set(observatory.Searches, 9)
	o.Set(observatory.Checked, 3)
	e.Facts.Outcomes = []observatory.Outcome{o, {Region: "330100", Month: "2015-08"}}
	columns, lines, _ := table(t, written(t, e)["facts/outcomes.parquet"])
	for i, m := range observatory.Measures() {
		if want := m.String() + " INT(64,true)"; columns[5+i] != want {
			t.Errorf("column %s, want %s", columns[5+i], want)
		}
	}
	nulls := func(n int) string { return strings.Repeat("|<null>", n) }
	if want := []string{"330100|hall-appointment|2015-08|a|10:12 50:3|20|15|0" + nulls(13) + "|9" + nulls(3) + "|3" + nulls(1) + "|true", "330100|<null>|2015-08" + nulls(24) + "|true"}; !slices.Equal(lines, want) {
		t.Error(cmp.Diff(want, lines))
	}
	e.Public = true
	_, lines, _ = table(t, written(t, e)["facts/outcomes.parquet"])
	if want := "330100|hall-appointment|2015-08|a|10:12 50:3|20|15|0" + nulls(17) + "|3" + nulls(1) + "|true"; lines[0] != want {
		t.Error(cmp.Diff(want, lines[0]))
	}
	e.Facts.Outcomes[0].Set(observatory.People, 9)
	_, lines, _ = table(t, written(t, e)["facts/outcomes.parquet"])
	if want := "330100|hall-appointment|2015-08|a" + nulls(21) + "|3" + nulls(1) + "|true"; lines[0] != want {
		t.Error(cmp.Diff(want, lines[0]))
	}
	for _, table := range columnar.Facts() {
		for _, c := range table.Columns {
			if table.Name == "outcomes" && c.Is == "" {
				t.Errorf("column %s of outcomes says nothing", c.ID)
			}
		}
	}
}

func TestSameBytes(t *testing.T) {
	first := written(t, edition())
	before := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(before)
	for name, b := range written(t, edition()) {
		if sha256.Sum256(b) != sha256.Sum256(first[name]) {
			t.Errorf("%s: other bytes", name)
		}
	}
}

func TestWriteEnds(t *testing.T) {
	t.Parallel()
	cat, err := observatory.LoadCatalog(catalog.FS)
	if err != nil {
		t.Fatal(err)
	}
	full, calls := errors.New("disk full"), 0
	err = columnar.Write(edition(), cat, func(string, []byte) error { calls++; return full })
	if !errors.Is(err, full) || calls != 1 {
		t.Errorf("%v after %d calls", err, calls)
	}
}
