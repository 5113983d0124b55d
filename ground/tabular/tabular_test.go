package tabular_test

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"zhijian/ground/fault"
	"zhijian/ground/tabular"
)

type line struct {
	At    int
	Cells []string
}

func all(t *testing.T, name string, data []byte) (head []string, lines []line) {
	t.Helper()
	r, err := tabular.Open(name, data)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}()
	for {
		at, row, err := r.Next()
		if errors.Is(err, io.EOF) {
			return r.Header, lines
		}
		if errors.Is(err, tabular.ErrRow) {
			lines = append(lines, line{at, nil})
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line{at, slices.Clone(row)})
	}
}

func TestCSV(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		want []line
	}{
		"plain":             {"a,b\n1,2\n3,4\n", []line{{2, []string{"1", "2"}}, {3, []string{"3", "4"}}}},
		"blank lines":       {"a,b\n\n , \n1,2\n", []line{{4, []string{"1", "2"}}}},
		"line in a cell":    {"a,b\n\"x\ny\",2\n3,4\n", []line{{2, []string{"x\ny", "2"}}, {4, []string{"3", "4"}}}},
		"semicolons":        {"a;b\n1;2\n", []line{{2, []string{"1", "2"}}}},
		"tabs and CRLF":     {"a\tb\r\n1\t2\r\n", []line{{2, []string{"1", "2"}}}},
		"ragged":            {"a,b\n1\n1,2,3\n", []line{{2, []string{"1"}}, {3, []string{"1", "2", "3"}}}},
		"a stray quotation": {"a,b\n1,x\"y\n3,4\n", []line{{2, nil}, {3, []string{"3", "4"}}}},
	} {
		head, lines := all(t, "x.csv", []byte(c.text))
		if d := cmp.Diff(c.want, lines); d != "" || !slices.Equal(head, []string{"a", "b"}) {
			t.Errorf("%s: head %q %s", name, head, d)
		}
	}
}

func TestXLSX(t *testing.T) {
	t.Parallel()
	pages := []tabular.Page{{Name: "甲", Bold: 1, Rows: [][]any{{"名称", "数"}, {"杭州", int64(1462)}, {nil, 924.25}}}, {Name: "乙", Rows: [][]any{{"x"}}}}
	a, err := tabular.XLSX(pages)
	if err != nil {
		t.Fatal(err)
	}
	b, err := tabular.XLSX(pages)
	if err != nil || !bytes.Equal(a, b) {
		t.Errorf("the same pages are other bytes (%v)", err)
	}
	head, lines := all(t, "x.xlsx", a)
	if d := cmp.Diff([]line{{2, []string{"杭州", "1462"}}, {3, []string{"", "924.25"}}}, lines); d != "" || !slices.Equal(head, []string{"名称", "数"}) {
		t.Error(head, d)
	}
}

func TestNoTable(t *testing.T) {
	t.Parallel()
	for name, data := range map[string]string{"x.csv": "", "y.xlsx": "not a workbook", "z.csv": "\xff\xff\xff\x00"} {
		if _, err := tabular.Open(name, []byte(data)); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if b, err := tabular.CSV([][]string{{"a,b", "c"}}); err != nil || string(b) != "\"a,b\",c\n" {
		t.Errorf("%q %v", b, err)
	}
}

// The name of a table above its headings, as clerks write it, is passed over; a table of one column has its first line as its heading.
func TestUploadPassesTheTitle(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		head []string
		want []line
	}{
		"a title":            {"停车场名单,,\n编号,名称,车位\nA1,南湖,3\n", []string{"编号", "名称", "车位"}, []line{{3, []string{"A1", "南湖", "3"}}}},
		"a title and a date": {"停车场名单,\n2026年11月,\n编号, 名称 \nA1,南湖\n", []string{"编号", "名称"}, []line{{4, []string{"A1", "南湖"}}}},
		"one column":         {"编号\nA1\nA2\nA3\nA4\n", []string{"编号"}, []line{{2, []string{"A1"}}, {3, []string{"A2"}}, {4, []string{"A3"}}, {5, []string{"A4"}}}},
		"one column, short":  {"编号\nA1\n", []string{"编号"}, []line{{2, []string{"A1"}}}},
		"no title":           {"编号,名称\nA1,南湖\n", []string{"编号", "名称"}, []line{{2, []string{"A1", "南湖"}}}},
		"a broken line":      {"编号\nA\"1\nA2\n", []string{"编号"}, []line{{2, nil}, {3, []string{"A2"}}}},
	} {
		r, err := tabular.Upload("x.csv", []byte(c.text))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var lines []line
		for {
			at, row, err := r.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil && !errors.Is(err, tabular.ErrRow) {
				t.Fatalf("%s: %v", name, err)
			}
			lines = append(lines, line{at, slices.Clone(row)})
		}
		if d := cmp.Diff(c.want, lines); d != "" || !slices.Equal(r.Header, c.head) {
			t.Errorf("%s: head %q %s", name, r.Header, d)
		}
	}
}
