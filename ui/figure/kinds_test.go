package figure_test

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"zhijian/domain/observatory"
	"zhijian/ui/chart"
	"zhijian/ui/figure"
)

// exhibit makes a small exhibit; a column is "id:kind" or "id:kind:unit", a cell a number, words, or nil.
func exhibit(c observatory.Chart, columns []string, rows ...[]any) *observatory.Exhibit {
	e := &observatory.Exhibit{ID: "x", Title: observatory.Text{Zh: "题", En: "Title"}, Chart: c}
	for _, column := range columns {
		id, kind, _ := strings.Cut(column, ":")
		kind, unit, _ := strings.Cut(kind, ":")
		e.Columns = append(e.Columns, observatory.Column{ID: id, Title: observatory.Text{Zh: "列" + id, En: "col " + id}, Kind: observatory.ColumnKind(kind), Unit: unit})
	}
	for _, r := range rows {
		cells := make([]observatory.Cell, len(r))
		for i, v := range r {
			switch v := v.(type) {
			case string:
				cells[i] = observatory.Say(v)
			case int:
				cells[i] = observatory.Int(v)
			case float64:
				cells[i] = observatory.Num(v)
			}
		}
		e.Rows = append(e.Rows, cells)
	}
	return e
}

// TestKinds: what a kind of chart takes from an exhibit, as marks tell it where one points, and as the table beside has it.
func TestKinds(t *testing.T) {
	t.Parallel()
	named := []string{"name:text", "a:percent", "b:percent"}
	for _, c := range []struct {
		name  string
		e     *observatory.Exhibit
		lang  string
		hints []string // titles of marks
		table string   // cells by "|", rows by "/"
		words []string // written
	}{
		{
			"countries", exhibit(observatory.Chart{Kind: observatory.Countries, Label: "country", Values: []string{"n"}}, []string{"country:code", "n:count"}, []any{"JP", 3}, []any{"FR", 9}, []any{"ZZ", nil}), "zh",
			[]string{"法国 9", "日本 3"},
			"FR|法国|9/JP|日本|3/ZZ|未知地区|—",
			[]string{"FR"},
		},
		{
			"countries in English", exhibit(observatory.Chart{Kind: observatory.Countries, Label: "country", Values: []string{"n"}}, []string{"country:code", "n:count"}, []any{"AE", 3}), "en",
			[]string{"United Arab Emirates 3"},
			"AE|United Arab Emirates|3", nil,
		},
		{
			"points", exhibit(observatory.Chart{Kind: observatory.Points, Label: "name", X: "lon", Y: "lat", Size: "n", Group: "band"}, []string{"name:text", "band:text", "n:count", "lon:number", "lat:number"},
				[]any{"杭州", "east", 9, 120.2, 30.3}, []any{"成都", "west", 5, 104.1, 30.7}, []any{"无处", "west", 5, nil, nil}), "zh",
			[]string{"杭州 9", "成都 5"},
			"杭州|120.20|30.30|9/成都|104.10|30.70|5",
			[]string{"东部", "西部", "点的位置示意，不画界线"},
		},
		{
			"tail", exhibit(observatory.Chart{Kind: observatory.Tail, Label: "name", X: "rank", Values: []string{"n"}, ReferenceY: 500}, []string{"name:text", "rank:rank", "n:count"},
				[]any{"甲", 1, 900}, []any{"乙", 2, 501}, []any{"丙", 3, 500}, []any{"丁", 4, nil}), "zh",
			[]string{"1 甲 900", "2 乙 501"},
			"1|甲|900/2|乙|501/3|丙|500",
			[]string{"甲 900", "第 2 名，往后不超过 500"},
		},
		{
			"elbow", exhibit(observatory.Chart{Kind: observatory.Elbow, X: "k", Values: []string{"sse"}, Group: "used"}, []string{"k:code", "sse:number", "used:flag"},
				[]any{2, 900.0, 0}, []any{3, 300.0, 1}, []any{4, 200.0, 0}), "zh",
			[]string{"列k 2: 900.0", "列k 3: 300.0", "列k 4: 200.0"},
			"2|900.0/3|300.0/4|200.0",
			[]string{"采用 3 级"},
		},
		{
			"lorenz", exhibit(observatory.Chart{Kind: observatory.Lorenz, X: "part", Values: []string{"a", "b"}}, []string{"part:code", "a:percent", "b:percent"},
				[]any{0, 0.0, 0.0}, []any{50, 12.5, nil}, []any{100, 100.0, 100.0}), "zh",
			[]string{"列a 20%: 5.0%", "列a 80%: 65.0%"},
			"10%|2.5%|—",
			[]string{"较少的一半：12.5%", "完全平均", "列a"},
		},
		{
			"grouped", exhibit(observatory.Chart{Kind: observatory.Grouped, Label: "name", Values: []string{"a", "b"}}, named, []any{"甲", 12.0, -3.0}, []any{"乙", nil, 5.0}), "zh",
			[]string{"甲 列a 12.0%", "甲 列b −3.0%", "乙 列b 5.0%"},
			"甲|12.0%|−3.0%/乙|—|5.0%",
			[]string{"列a", "列b"},
		},
		{
			"shares", exhibit(observatory.Chart{Kind: observatory.Shares, Label: "name", Values: []string{"a", "b"}}, named, []any{"甲", 30.0, 10.0}, []any{"乙", nil, 5.0}), "zh",
			[]string{"甲 列a 75.0%", "甲 列b 25.0%", "没有数据"},
			"甲|75.0%|25.0%/乙|—|—",
			[]string{"列a", "列b"},
		},
		{
			"parts", exhibit(observatory.Chart{Kind: observatory.Parts, Label: "name", Values: []string{"a", "b"}}, named, []any{"甲", 30.0, 1.0}, []any{"乙", 10.0, nil}), "zh",
			[]string{"列a 甲 75.0%", "列a 乙 25.0%", "没有数据"},
			"列a|75.0%|25.0%/列b|—|—",
			[]string{"甲", "乙"},
		},
		{
			"grouped in English", exhibit(observatory.Chart{Kind: observatory.Grouped, Label: "name", Values: []string{"a", "b"}}, []string{"kind:code", "name:text", "a:percent", "b:percent"}, []any{"service", "服务号", 12.0, 3.0}, []any{"a01", "某号", 1.0, 2.0}), "en",
			[]string{"service col a 12.0%", "某号 col b 2.0%"},
			"service|12.0%|3.0%/某号|1.0%|2.0%",
			[]string{"col a"},
		},
		{
			"times", exhibit(observatory.Chart{Kind: observatory.Grouped, Label: "name", Values: []string{"a", "b"}}, []string{"name:text", "a:number:seconds/case", "b:number:seconds/case"}, []any{"甲", 200000, 1000000}), "zh",
			[]string{"甲 列a 200,000 秒", "甲 列b 1,000,000 秒"},
			"甲|200,000 秒|1,000,000 秒",
			[]string{"2.3 天", "11.6 天", "对数刻度"},
		},
		{
			"pyramid", exhibit(observatory.Chart{Kind: observatory.Pyramid, Label: "name", Values: []string{"n", "m"}}, []string{"name:text", "n:count", "m:number"}, []any{"大", 6, 14.5}, []any{"小", 59, nil}), "zh",
			[]string{"大 列n 6", "大 列m 14.5", "小 列m —"},
			"大|6|14.5/小|59|—",
			[]string{"列n", "列m"},
		},
		{
			"histogram", exhibit(observatory.Chart{Kind: observatory.Histogram, Values: []string{"a"}}, []string{"name:text", "a:percent"}, []any{"甲", 0.0}, []any{"乙", 9.9}, []any{"丙", 10.0}, []any{"丁", 100.0}, []any{"戊", nil}), "zh",
			[]string{"0%–10% 2", "10%–20% 1", "90%–100% 1"},
			"0%|10%|2/10%|20%|1/20%|30%|0",
			[]string{"平均 30.0%"},
		},
	} {
		for _, wide := range []float64{590, 340} {
			drawn, err := figure.In(c.e, chart.Frame{Lang: c.lang, Mode: chart.Page, Width: wide})
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
				continue
			}
			d, err := drawn.Draw()
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
				continue
			}
			wellFormed(t, c.name, d.SVG)
			for _, h := range c.hints {
				if !bytes.Contains(d.SVG, []byte("<title>"+h+"</title>")) {
					t.Errorf("%s at %v: no mark says %q, but %q", c.name, wide, h, regexp.MustCompile(`<title>[^<]*`).FindAllString(string(d.SVG), -1))
				}
			}
			for _, w := range append(c.words, `<title id="x-t">`, `<desc id="x-d">`) {
				if !bytes.Contains(d.SVG, []byte(w)) {
					t.Errorf("%s at %v does not write %q", c.name, wide, w)
				}
			}
			var rows []string
			for _, r := range d.Table.Rows {
				rows = append(rows, strings.Join(r.Cells, "|"))
			}
			if got := strings.Join(rows, "/"); !strings.HasPrefix(got, c.table) {
				t.Errorf("%s: the table beside is %s, want %s", c.name, got, c.table)
			}
		}
	}
}

// TestPatterns: bars of several series are told apart without colour.
func TestPatterns(t *testing.T) {
	t.Parallel()
	for _, kind := range []observatory.ChartKind{observatory.Grouped, observatory.Shares, observatory.Pyramid} {
		e := exhibit(observatory.Chart{Kind: kind, Label: "name", Values: []string{"a", "b", "c"}}, []string{"name:text", "a:count", "b:count", "c:count"}, []any{"甲", 3, 4, 5})
		for mode, want := range map[chart.Mode]string{chart.Page: `fill="url(#x-p2)"`, chart.Light: `stroke-width="1.4" d="M`} {
			svg, err := figure.SVG(e, "zh", mode)
			if err != nil || !bytes.Contains(svg, []byte(want)) || mode == chart.Light && bytes.Contains(svg, []byte("<pattern")) {
				t.Errorf("%s has no pattern in mode %d: %v", kind, mode, err)
			}
		}
	}
}

// TestNothingHeld: Lorenz curves of a registry that nobody used say that there is nothing.
func TestNothingHeld(t *testing.T) {
	t.Parallel()
	e := exhibit(observatory.Chart{Kind: observatory.Lorenz, X: "part", Values: []string{"a"}}, []string{"part:code", "a:percent"}, []any{0, 0}, []any{50, 0}, []any{100, 0})
	svg, err := figure.SVG(e, "zh", chart.Light)
	if err != nil || !bytes.Contains(svg, []byte("没有数据")) {
		t.Errorf("%v %s", err, svg)
	}
}
