package tabular_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zhijian/ground/fault"
	"zhijian/ground/tabular"
)

var today = time.Date(2026, 5, 26, 6, 0, 0, 0, time.UTC)

func TestGuess(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		header []string
		rows   [][]string
		kinds  []tabular.Kind
		keys   []string
	}{
		"towed cars":    {[]string{"车牌", "停车场", "时间", "费用"}, [][]string{{"浙A12345", "城西", "2026-05-20", "200"}, {"浙A12346", "城西", "5月", "180.5"}, {"浙A12347", "城东", "2026/5/21", "1"}}, []tabular.Kind{tabular.Plate, tabular.Text, tabular.Day, tabular.Money}, []string{"车牌"}},
		"codes":         {[]string{"code", "余额", "已领"}, [][]string{{"HZ00001", "1.50", "是"}, {"HZ00002", "2.00", "否"}}, []tabular.Kind{tabular.Text, tabular.Money, tabular.Yes}, []string{"code"}},
		"people":        {[]string{"姓名", "身份证", "手机"}, [][]string{{"张三", "11010519491231002X", "13800138000"}}, []tabular.Kind{tabular.Text, tabular.Citizen, tabular.Phone}, []string{"身份证"}},
		"eight digits":  {[]string{"编号", "数量"}, [][]string{{"20260101", "0"}, {"20260102", "1"}}, []tabular.Kind{tabular.Number, tabular.Number}, []string{"编号"}},
		"times":         {[]string{"日期", "开始", "名额"}, [][]string{{"2026-05-27", "9:00", "3"}, {"2026-05-27", "9:30", "3"}}, []tabular.Kind{tabular.Day, tabular.Clock, tabular.Number}, []string{"日期"}},
		"nothing in it": {[]string{"甲", "乙"}, [][]string{{"", "x"}}, []tabular.Kind{tabular.Text, tabular.Text}, []string{"乙"}},
	} {
		s := tabular.Guess(c.header, c.rows, today)
		var kinds []tabular.Kind
		var keys []string
		for _, col := range s.Columns {
			kinds = append(kinds, col.Kind)
		}
		for _, col := range s.Keys() {
			keys = append(keys, col.Label)
		}
		if d := cmp.Diff(c.kinds, kinds) + cmp.Diff(c.keys, keys); d != "" {
			t.Errorf("%s: %s", name, d)
		}
		if s.LooksLikeSlots() != (name == "times") {
			t.Errorf("%s: %v", name, s.LooksLikeSlots())
		}
	}
}

func TestCell(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind tabular.Kind
		cell string
		want any
		code string
	}{
		{tabular.Text, " =1+1 ", "=1+1", ""},
		{tabular.Text, "a\x00", nil, "cell.text"},
		{tabular.Text, "  ", nil, ""},
		{tabular.Number, "1,234", int64(1234), ""},
		{tabular.Number, "1,2", nil, "cell.number"},
		{tabular.Number, "３.0", int64(3), ""},
		{tabular.Number, "99999999999999999", nil, "cell.number"},
		{tabular.Money, "1,500.5元", int64(150050), ""},
		{tabular.Money, "-1", nil, "money"},
		{tabular.Day, "2026-05-26 00:00:00", "2026-05-26", ""},
		{tabular.Day, "2026-02-30", nil, "date.calendar"},
		{tabular.Clock, "9：05", "09:05", ""},
		{tabular.Clock, "9点半", nil, "cell.clock"},
		{tabular.Clock, "9点", "09:00", ""},
		{tabular.Plate, "浙a·12345", "浙A12345", ""},
		{tabular.Phone, "138 0013 8000", "+8613800138000", ""},
		{tabular.Citizen, "1.10105E+17", nil, "cell.rounded"},
		{tabular.Yes, "√", true, ""},
		{tabular.Yes, "maybe", nil, "cell.yes"},
	} {
		got, err := tabular.Cell(c.kind, c.cell, today)
		code := ""
		if err != nil {
			code = fault.Of(err).Code
		}
		if got != c.want || code != c.code {
			t.Errorf("%s %q: %v %q, want %v %q", c.kind, c.cell, got, code, c.want, c.code)
		}
	}
}

// FuzzUpload: whatever is uploaded is read to its end or refused with a sentence, and every row of it is taken or refused.
func FuzzUpload(f *testing.F) {
	book, err := tabular.XLSX([]tabular.Page{{Name: "x", Rows: [][]any{{"编号", "数"}, {"A1", int64(3)}}}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add("a.xlsx", book)
	f.Add("a.csv", []byte("编号,数\nA1,3\n\"B,2\n"))
	f.Add("a.csv", []byte("\xb1\xe0\xba\xc5;x\nA;1\n"))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		r, err := tabular.Upload(name, data)
		if err != nil {
			if fault.Of(err) == nil {
				t.Fatal(err)
			}
			return
		}
		s := tabular.Guess(r.Header, nil, today)
		if err := s.Check(); len(s.Columns) > 1 && err != nil {
			t.Fatal(err)
		}
		if _, _, err := r.Read(s, today); err != nil && fault.Of(err) == nil {
			t.Fatal(err)
		}
		_ = r.Close()
	})
}
