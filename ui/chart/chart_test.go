package chart_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"zhijian/ui/chart"
)

var update = flag.Bool("update", false, "write the golden files anew")

func draw(t testing.TB, c chart.Chart) chart.Drawing {
	t.Helper()
	d, err := c.Draw()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.ReplaceAll(string(want), "><", ">\n<"), strings.ReplaceAll(string(got), "><", ">\n<")); diff != "" {
		t.Errorf("%s (go test -update, then look at it):\n%s", path, diff)
	}
}

func TestGolden(t *testing.T) {
	t.Parallel()
	for _, s := range samples(t) {
		for mode, name := range map[chart.Mode]string{chart.Page: "page", chart.Light: "light"} {
			f := s.f
			f.Mode = mode
			golden(t, filepath.Join("testdata", s.name+"."+name+".svg"), draw(t, s.of(f)).SVG)
		}
	}
}

func TestSheet(t *testing.T) {
	t.Parallel()
	golden(t, "../css/chart.css", []byte(chart.Sheet()))
}

// Every drawing is XML that names itself, runs nothing and styles nothing by attribute, in every mode.
func TestSound(t *testing.T) {
	t.Parallel()
	bad := regexp.MustCompile(`NaN|Inf\b|(?i)<script|\bstyle=|\bon\w+=|e[+-]\d\d|https?://`)
	for _, s := range samples(t) {
		for _, mode := range []chart.Mode{chart.Page, chart.Light, chart.Dark} {
			f := s.f
			f.Mode = mode
			d := draw(t, s.of(f))
			checkXML(t, s.name, d.SVG)
			body := bytes.Replace(d.SVG, []byte(`xmlns="http://www.w3.org/2000/svg"`), nil, 1)
			if hit := bad.Find(body); hit != nil {
				t.Errorf("%s: holds %q", s.name, hit)
			}
			for _, need := range []string{`<title id="` + f.ID + `-t">`, `<desc id="` + f.ID + `-d">`, `aria-labelledby="` + f.ID + `-t"`} {
				if !bytes.Contains(d.SVG, []byte(need)) {
					t.Errorf("%s: lacks %s", s.name, need)
				}
			}
			if mode == chart.Page && regexp.MustCompile(`fill="#|stroke="#`).Match(d.SVG) {
				t.Errorf("%s: a page takes its colours from classes", s.name)
			}
			if mode != chart.Page && (bytes.Contains(d.SVG, []byte("class=")) || bytes.Contains(d.SVG, []byte("var(--"))) {
				t.Errorf("%s: a self-contained drawing needs no style sheet", s.name)
			}
		}
	}
}

func checkXML(t testing.TB, name string, svg []byte) {
	t.Helper()
	dec := xml.NewDecoder(bytes.NewReader(svg))
	ids := map[string]bool{}
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		if e, ok := tok.(xml.StartElement); ok {
			seen := map[string]bool{}
			for _, a := range e.Attr {
				if seen[a.Name.Local] {
					t.Errorf("%s: %s has %s twice", name, e.Name.Local, a.Name.Local)
				}
				seen[a.Name.Local] = true
				if a.Name.Local == "id" {
					if ids[a.Value] {
						t.Errorf("%s: id %s twice", name, a.Value)
					}
					ids[a.Value] = true
				}
			}
		}
	}
}

type textBox struct {
	words          string
	x0, y0, x1, y1 float64
}

// boxes measures the texts of a self-contained drawing.
func boxes(t testing.TB, svg []byte) []textBox {
	t.Helper()
	var list []textBox
	dec := xml.NewDecoder(bytes.NewReader(svg))
	var at *xml.StartElement
	var words strings.Builder
	depth := 0
	for {
		tok, err := dec.Token()
		if err != nil {
			return list
		}
		switch e := tok.(type) {
		case xml.StartElement:
			if e.Name.Local == "text" {
				c := e.Copy()
				at, depth = &c, 0
				words.Reset()
			} else if at != nil {
				depth++ // a title inside
			}
		case xml.EndElement:
			if e.Name.Local == "text" && at != nil {
				list = append(list, measured(t, at, words.String()))
				at = nil
			} else if at != nil {
				depth--
			}
		case xml.CharData:
			if at != nil && depth == 0 {
				words.Write(e)
			}
		}
	}
}

func measured(t testing.TB, e *xml.StartElement, words string) textBox {
	t.Helper()
	a := map[string]string{}
	for _, x := range e.Attr {
		a[x.Name.Local] = x.Value
	}
	num := func(k string) float64 {
		v, err := strconv.ParseFloat(a[k], 64)
		if err != nil {
			t.Fatalf("%q: %s: %v", words, k, err)
		}
		return v
	}
	x, y, size := num("x"), num("y"), num("font-size")
	w := chart.WidthOf(words, size, a["font-weight"] == "600")
	x0 := x
	switch a["text-anchor"] {
	case "middle":
		x0 = x - w/2
	case "end":
		x0 = x - w
	}
	if strings.HasPrefix(a["transform"], "rotate(-90") {
		return textBox{words, x - size*.8, y - w/2, x + size*.2, y + w/2}
	}
	return textBox{words, x0, y - size*.8, x0 + w, y + size*.2}
}

// No word leaves the drawing and no two words lie on each other.
func TestTextHasRoom(t *testing.T) {
	t.Parallel()
	for _, s := range samples(t) {
		for _, w := range []float64{0, 340, 900} {
			f := s.f
			f.Mode, f.Width = chart.Light, w
			d := draw(t, s.of(f))
			list := boxes(t, d.SVG)
			for i, b := range list {
				if b.x0 < -1.5 || b.y0 < -1.5 || b.x1 > d.Width+1.5 || b.y1 > d.Height+1.5 {
					t.Errorf("%s at %v: %q leaves the drawing: %.0f %.0f %.0f %.0f of %v × %v", s.name, w, b.words, b.x0, b.y0, b.x1, b.y1, d.Width, d.Height)
				}
				for _, c := range list[i+1:] {
					if b.x0+.5 < c.x1 && c.x0+.5 < b.x1 && b.y0+1 < c.y1 && c.y0+1 < b.y1 {
						t.Errorf("%s at %v: %q lies on %q", s.name, w, b.words, c.words)
					}
				}
			}
		}
	}
}

// The same spec gives the same bytes, whoever draws at the same time.
func TestSameBytes(t *testing.T) {
	t.Parallel()
	for _, s := range samples(t) {
		want := draw(t, s.of(s.f))
		done := make(chan []byte)
		for range runtime.GOMAXPROCS(0) + 1 {
			go func() { d, _ := s.of(s.f).Draw(); done <- d.SVG }()
		}
		for range runtime.GOMAXPROCS(0) + 1 {
			if got := <-done; !bytes.Equal(got, want.SVG) {
				t.Errorf("%s differs", s.name)
			}
		}
	}
}

// The table has a row for each figure, and its order names places of the spec.
func TestTables(t *testing.T) {
	t.Parallel()
	for _, s := range samples(t) {
		d := draw(t, s.of(s.f))
		for _, r := range d.Table.Rows {
			if len(r.Cells) != len(d.Table.Head) && s.name != "diverging" {
				t.Errorf("%s: %d cells under %d heads: %q %q", s.name, len(r.Cells), len(d.Table.Head), d.Table.Head, r.Cells)
			}
		}
	}
	got := draw(t, &chart.Tail{Frame: frame("t", "t"), Values: []float64{3, 9, 5}}).Table.Order()
	if !slices.Equal(got, []int{1, 2, 0}) {
		t.Errorf("order %v", got)
	}
	got = draw(t, &chart.Countries{Frame: frame("t", "t"), Items: []chart.Country{{"AA", "a", 1}, {"BB", "b", 3}}}).Table.Order()
	if !slices.Equal(got, []int{1, 0}) {
		t.Errorf("order %v", got)
	}
}

func BenchmarkScatter334(b *testing.B) {
	c := scatter(frame("scatter", "账号多，不等于用户活跃"), readCities(b))
	b.ReportAllocs()
	for b.Loop() {
		draw(b, c)
	}
}
