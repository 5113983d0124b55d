package sheet_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"zhijian/domain/sheet"
	"zhijian/ground/tabular"
	"zhijian/testkit"
)

// cells are what a table may hold by kind, good and bad; what a good one means is Cell's own matter, tested beside it.
var cells = map[tabular.Kind][]string{
	tabular.Text:    {"城西", " 城西 ", "=1+1", "@x", "a,b", "a\"b", "", "x\u202ey"},
	tabular.Number:  {"0", "12", "1,234", "１２", "12.5", "十二", ""},
	tabular.Money:   {"12", "12.5", "¥1,500.00", "3 元", "1.234", "-1", ""},
	tabular.Day:     {"2026-05-26", "2026年5月26日", "20260526", "2026-02-30", "明天", ""},
	tabular.Clock:   {"9:00", "09：30", "24:00", "9点", "早上", ""},
	tabular.Plate:   {"浙A12345", "浙a·12345", "浙AD12345", "浙A1", ""},
	tabular.Phone:   {"13800138000", "+86 138 0013 8001", "1380013", ""},
	tabular.Citizen: {"11010519491231002X", "11010519491231002x", "110105194912310021", "1.10105E+17", ""},
	tabular.Yes:     {"是", "否", "√", "也许", ""},
}

// Whatever a table holds, each of its rows is answered exactly or listed as refused, and nothing else is answered.
func TestEveryRowIsAnsweredOrRefused(t *testing.T) {
	t.Parallel()
	r := newRoom(t, testkit.Database(t))
	const slug = "any"
	r.open(slug)
	rapid.Check(t, func(rt *rapid.T) {
		shape := anyShape(rt)
		rows := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) []string { return anyRow(rt, shape) }), 1, 25).Draw(rt, "rows")
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		if err := w.WriteAll(append([][]string{shape.Labels()}, rows...)); err != nil {
			rt.Fatal(err)
		}
		s, err := r.Upload(t.Context(), clerk, slug, "any.csv", b.Bytes())
		if err != nil {
			if blank(rows) {
				return
			}
			rt.Fatal(err)
		}
		g, _ := s.Draft()
		if s, err = r.Take(t.Context(), clerk, slug, g.Number, shape); err != nil {
			rt.Fatal(err)
		}
		g, _ = s.Draft()
		refused, err := r.Refused(t.Context(), clerk, slug, g.Number, 0, 1000)
		if err != nil || len(refused) != g.Refused {
			rt.Fatal(len(refused), g.Refused, err)
		}
		no := map[int]bool{}
		for _, x := range refused {
			no[x.Line] = true
		}
		if g.Rows > 0 {
			if _, err := r.Answer(t.Context(), clerk, slug, g.Number); err != nil {
				rt.Fatal(err)
			}
		}
		answered := 0
		for i, row := range rows {
			if line := i + 2; !blank([][]string{row}) && !no[line] {
				answered++
				r.checkAnswered(rt, slug, shape, row)
			}
		}
		if answered != g.Rows {
			rt.Fatalf("%d rows answered, %d taken", answered, g.Rows)
		}
	})
}

// checkAnswered asks for a row by its own cells and wants exactly what they mean.
func (r room) checkAnswered(rt *rapid.T, slug string, shape tabular.Shape, row []string) {
	with, want := map[string]any{}, map[string]any{}
	for i, c := range shape.Columns {
		v, err := tabular.Cell(c.Kind, row[i], r.clock.Now())
		if err != nil && c.Use != tabular.Omit {
			rt.Fatalf("a row with a bad cell was taken: %q", row)
		}
		switch {
		case c.Use == tabular.Key:
			with[c.Name] = v
		case c.Use == tabular.Answer && v != nil:
			want[c.Name] = v
		}
	}
	got := r.find(slug, with)
	if shape.Unique {
		want["known"], want["as_of"] = true, got["as_of"]
		if d := cmp.Diff(want, got); d != "" {
			rt.Fatal(d)
		}
		return
	}
	for _, item := range got["items"].([]any) {
		if cmp.Equal(item, any(want)) {
			return
		}
	}
	rt.Fatalf("%v is not among %v", want, got["items"])
}

func blank(rows [][]string) bool {
	for _, row := range rows {
		if strings.TrimSpace(strings.Join(row, "")) != "" {
			return false
		}
	}
	return true
}

func anyShape(rt *rapid.T) tabular.Shape {
	s := tabular.Shape{Unique: rapid.Bool().Draw(rt, "unique")}
	for i := range rapid.IntRange(2, 5).Draw(rt, "columns") {
		c := tabular.Column{Name: fmt.Sprint("c", i), Label: fmt.Sprint("列", i), Kind: rapid.SampledFrom(tabular.Kinds()).Draw(rt, "kind"), Use: rapid.SampledFrom(tabular.Uses()).Draw(rt, "use")}
		switch {
		case i == 0:
			c.Use = tabular.Key
		case i == 1:
			c.Kind, c.Use = tabular.Text, tabular.Answer
		case c.Use == tabular.Answer && c.Kind.Sensitive():
			c.Use = tabular.Omit
		}
		s.Columns = append(s.Columns, c)
	}
	return s
}

func anyRow(rt *rapid.T, s tabular.Shape) []string {
	row := make([]string, len(s.Columns))
	for i, c := range s.Columns {
		if rapid.IntRange(0, 9).Draw(rt, "odd") == 0 {
			row[i] = rapid.StringMatching(`[a-z0-9 ;=“浙是]{0,6}`).Draw(rt, "cell")
			continue
		}
		row[i] = rapid.SampledFrom(cells[c.Kind]).Draw(rt, "cell")
	}
	return row
}

// bomb is a workbook of a few kilobytes that unfolds to more than an upload may.
func bomb(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range map[string]string{
		"[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`, "xl/worksheets/sheet1.xml": "<worksheet>",
	} {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = w.Write([]byte(text))
		if strings.HasPrefix(name, "xl/") {
			for chunk := make([]byte, 1<<20); chunk != nil; chunk = nil {
				for range 80 {
					_, _ = w.Write(chunk)
				}
			}
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// table is one as a township has it, of so many rows.
func table(rows int) []byte {
	var b strings.Builder
	b.WriteString("编号,姓氏,补贴,发放日,已领\n")
	for i := range rows {
		fmt.Fprintf(&b, "R%05d,张,%d.50,2026-05-%02d,%s\n", i, 100+i%900, 1+i%28, []string{"是", "否"}[i%2])
	}
	return []byte(b.String())
}

// TestTenThousandRows: every row of a large sheet is found, each with its own cells. How long that takes, BenchmarkAsk and `make bench` measure.
func TestTenThousandRows(t *testing.T) {
	t.Parallel()
	r := newRoom(t, testkit.Database(t))
	rows := 10_000
	if testkit.Race {
		rows = 1_000 // what races does so in the first ones
	}
	r.open("ten-thousand")
	s := r.upload("ten-thousand", "t.csv", table(rows), nil)
	g, _ := s.Answering()
	if got := r.find("ten-thousand", map[string]any{"c1": "r00321"}); got["c3"] != int64(42150) || g.Rows != rows {
		t.Errorf("%d rows, %v", g.Rows, got)
	}
	for i := 0; i < rows; i += 19 {
		got := r.find("ten-thousand", map[string]any{"c1": fmt.Sprintf("R%05d", i)})
		if want := int64(100*(100+i%900) + 50); got["c3"] != want || got["c4"] != fmt.Sprintf("2026-05-%02d", 1+i%28) {
			t.Errorf("row %d: %v, want %d fen", i, got, want)
		}
	}
}

// BenchmarkAsk measures one answer from 10,000 rows.
func BenchmarkAsk(b *testing.B) {
	r := newRoom(b, testkit.Database(b))
	r.open("ten-thousand")
	r.upload("ten-thousand", "t.csv", table(10_000), nil)
	ctx, i := context.Background(), 0
	for b.Loop() {
		i++
		if data, _, err := r.Ask(ctx, "ten-thousand", sheet.CallFind, map[string]any{"c1": fmt.Sprintf("R%05d", i%10_000)}); err != nil || data["known"] != true {
			b.Fatal(data, err)
		}
	}
}
