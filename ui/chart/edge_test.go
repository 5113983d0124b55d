package chart_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"zhijian/ui/chart"
)

// of builds every kind from the same few numbers.
func of(f chart.Frame, v []float64) map[string]chart.Chart {
	var (
		items   []chart.Bar
		diffs   []chart.Difference
		groups  []chart.Group
		pts     []chart.Point
		dots    []chart.Dot
		pairs   []chart.Pair
		bins    []chart.Bin
		bands   []chart.Band
		blocks  []chart.Block
		nations []chart.Country
		tiles   []chart.Tile
		places  []chart.Place
		stages  []chart.Stage
		shares  []chart.Share
	)
	codes := []string{"330000", "440000", "370000", "130000"}
	for i, x := range v {
		n := fmt.Sprintf("第 %d 项", i)
		items, diffs = append(items, chart.Bar{Label: n, Value: x}), append(diffs, chart.Difference{Label: n, Value: x})
		groups, pts = append(groups, chart.Group{Label: n, Values: []float64{x, -x}}), append(pts, chart.Point{X: float64(i), Y: x})
		dots, pairs = append(dots, chart.Dot{Label: n, X: x, Y: x}), append(pairs, chart.Pair{Label: n, From: x, To: -x})
		a := math.Abs(x)
		bins, bands = append(bins, chart.Bin{From: float64(i), To: float64(i + 1), Count: a}), append(bands, chart.Band{Label: n, Left: a, Right: a})
		blocks, nations = append(blocks, chart.Block{Label: n, Text: n, Width: a, Height: a}), append(nations, chart.Country{Code: "A" + string(rune('A'+i)), Name: n, Value: a})
		tiles = append(tiles, chart.Tile{Code: codes[i], Class: 1, Value: x})
		places = append(places, chart.Place{Label: n, Lon: 100 + float64(i), Lat: 30, Value: a})
		stages, shares = append(stages, chart.Stage{Label: n, Value: a}), append(shares, chart.Share{Label: n, Values: []float64{a, a}})
	}
	abs := make([]float64, len(v))
	for i, x := range v {
		abs[i] = math.Abs(x)
	}
	return map[string]chart.Chart{
		"bars": &chart.Bars{Frame: f, Items: items}, "diverging": &chart.Diverging{Frame: f, Items: diffs},
		"grouped": &chart.Grouped{Frame: f, Series: []string{"甲", "乙"}, Items: groups}, "lines": &chart.Lines{Frame: f, Lines: []chart.Line{{Name: "线", Points: pts}}},
		"tail": &chart.Tail{Frame: f, Values: abs}, "tiers": &chart.Tiers{Frame: f, Blocks: blocks}, "scatter": &chart.Scatter{Frame: f, Dots: dots, Diagonal: true},
		"slope": &chart.Slope{Frame: f, Items: pairs}, "shares": &chart.Shares{Frame: f, Parts: []string{"甲", "乙"}, Rows: shares},
		"lorenz": &chart.Lorenz{Frame: f, Curves: []chart.Curve{{Name: "线", Held: held(abs)}}}, "tiles": &chart.Tiles{Frame: f, Classes: []string{"一"}, Items: tiles},
		"points": &chart.Points{Frame: f, Places: places}, "pyramid": &chart.Pyramid{Frame: f, Bands: bands}, "histogram": &chart.Histogram{Frame: f, Bins: bins},
		"elbow": &chart.Elbow{Frame: f, First: 1, Scores: v}, "countries": &chart.Countries{Frame: f, Items: nations},
		"stairs": &chart.Stairs{Frame: f, Stages: stages},
	}
}

// Nothing, one figure, all equal, zeros, negatives, great and missing ones are drawn by every kind that can hold them.
func TestEdges(t *testing.T) {
	t.Parallel()
	for name, v := range map[string][]float64{
		"nothing": nil, "one": {7}, "equal": {5, 5, 5}, "zeros": {0, 0}, "negative": {-3, -9, -1}, "both": {-4, 0, 6}, "great": {9e14, 1, -1e15},
		"tiny": {1e-9, 2e-9}, "near": {1e9, 1e9 + 1}, "missing": {chart.None, 3, chart.None}, "none": {chart.None},
	} {
		f := frame("x", name)
		f.Mode = chart.Light
		for kind, c := range of(f, v) {
			d, err := c.Draw()
			if err != nil {
				if kind != "" && (name == "missing" || name == "none") && strings.Contains(err.Error(), "is no number") {
					continue // lengths that make up a whole cannot be missing
				}
				t.Errorf("%s of %s: %v", kind, name, err)
				continue
			}
			checkXML(t, kind+" of "+name, d.SVG)
			if hit := regexp.MustCompile(`NaN|Inf|="-[^"]*" height|width="-|height="-|e\+`).Find(d.SVG); hit != nil {
				t.Errorf("%s of %s holds %q", kind, name, hit)
			}
			for _, b := range boxes(t, d.SVG) {
				if b.x0 < -3 || b.x1 > d.Width+3 || b.y0 < -3 || b.y1 > d.Height+3 {
					t.Errorf("%s of %s: %q leaves the drawing: %.0f %.0f %.0f %.0f of %v × %v", kind, name, b.words, b.x0, b.y0, b.x1, b.y1, d.Width, d.Height)
				}
			}
			if name == "nothing" && kind != "tiles" && !bytes.Contains(d.SVG, []byte("没有数据")) {
				t.Errorf("%s does not say that there is nothing", kind)
			}
		}
	}
}

// What cannot be drawn is refused with the field that is wrong; Draw refuses what Validate refuses.
func TestRefusals(t *testing.T) {
	t.Parallel()
	ok := frame("x", "图")
	with := func(change func(*chart.Frame)) chart.Frame { f := ok; change(&f); return f }
	for want, c := range map[string]chart.Chart{
		`id ""`:            &chart.Bars{Frame: with(func(f *chart.Frame) { f.ID = "" })},
		`id "1x"`:          &chart.Bars{Frame: with(func(f *chart.Frame) { f.ID = "1x" })},
		`id "a\"><script"`: &chart.Bars{Frame: with(func(f *chart.Frame) { f.ID = `a"><script` })},
		"needs a title":    &chart.Bars{Frame: with(func(f *chart.Frame) { f.Title = " " })},
		`language "fr"`:    &chart.Bars{Frame: with(func(f *chart.Frame) { f.Lang = "fr" })},
		"mode 9, shown 0":  &chart.Bars{Frame: with(func(f *chart.Frame) { f.Mode = 9 })},
		"at least 240":     &chart.Bars{Frame: with(func(f *chart.Frame) { f.Width = 10 })},
		"size 0 × NaN":     &chart.Bars{Frame: with(func(f *chart.Frame) { f.Height = chart.None })},
		"+Inf is beyond":   &chart.Bars{Frame: ok, Items: []chart.Bar{{Label: "a", Value: math.Inf(1)}}},
		"2e+15 is beyond":  &chart.Diverging{Frame: ok, Items: []chart.Difference{{Label: "a", Value: 2e15}}},
		"for 0 heads":      &chart.Bars{Frame: ok, Items: []chart.Bar{{Label: "a", More: []string{"x"}}}},
		"0 series":         &chart.Grouped{Frame: ok},
		"does not rise":    &chart.Lines{Frame: ok, Lines: []chart.Line{{Name: "a", Points: []chart.Point{{X: 2}, {X: 2}}}}},
		"on a log axis":    &chart.Scatter{Frame: ok, X: chart.Axis{Log: true}, Dots: []chart.Dot{{Label: "a"}}},
		"group 1 of 0":     &chart.Scatter{Frame: ok, Dots: []chart.Dot{{Label: "a", Group: 1}}},
		"rank 3 of 1":      &chart.Tail{Frame: ok, Values: []float64{1}, Marks: []chart.Mark{{At: 3, Text: "a"}}},
		"stand on 0":       &chart.Tiers{Frame: ok, Y: chart.Axis{Log: true}},
		"bracket":          &chart.Tiers{Frame: ok, Brackets: []chart.Bracket{{To: 1}}},
		"-1 is below 0":    &chart.Shares{Frame: ok, Parts: []string{"a"}, Rows: []chart.Share{{Values: []float64{-1}}}},
		`"999999"`:         &chart.Tiles{Frame: ok, Classes: []string{"a"}, Items: []chart.Tile{{Code: "999999"}}},
		"given twice":      &chart.Tiles{Frame: ok, Classes: []string{"a"}, Items: []chart.Tile{{Code: "330000"}, {Code: "330000"}}},
		"lies at":          &chart.Points{Frame: ok, Places: []chart.Place{{Label: "a", Lon: 181}}},
		"a side below 0":   &chart.Pyramid{Frame: ok, Bands: []chart.Band{{Left: -1}}},
		"bin 1":            &chart.Histogram{Frame: ok, Bins: []chart.Bin{{From: 0, To: 1}, {From: 2, To: 3}}},
		"chosen 9":         &chart.Elbow{Frame: ok, First: 1, Scores: []float64{1}, Chosen: 9},
		`code "usa"`:       &chart.Countries{Frame: ok, Items: []chart.Country{{Code: "usa"}}},
		"9 stages":         &chart.Stairs{Frame: ok, Stages: make([]chart.Stage, 9)},
		"do not rise":      &chart.Lorenz{Frame: ok, Curves: []chart.Curve{{Name: "a", Held: []float64{0, 60, 40, 100}}}},
		"at 101 percent":   &chart.Lorenz{Frame: ok, Marks: []chart.Mark{{At: 101}}},
	} {
		_, err := c.Draw()
		if err == nil || c.Validate() == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]struct {
		n chart.Number
		v float64
	}{
		"126,408 个":             {chart.Number{Unit: " 个"}, 126408},
		"—":                     {chart.Number{Unit: "%"}, chart.None},
		"+3":                    {chart.Number{Signed: true}, 3},
		"−11":                   {chart.Number{Signed: true}, -11},
		"0":                     {chart.Number{Signed: true}, 0},
		"34.5%":                 {chart.Number{Decimals: 1, Unit: "%"}, 34.45},
		"1,000":                 {chart.Number{}, 999.5},
		"−0.3":                  {chart.Number{Decimals: 1}, -.25},
		"1,000,000,000,000,000": {chart.Number{}, 1e15},
	} {
		if got := c.n.Say(c.v); got != want {
			t.Errorf("%v: %q, want %q", c.v, got, want)
		}
	}
}

// The colours of self-contained drawings are those of the style sheet.
func TestColoursAreThoseOfThePages(t *testing.T) {
	t.Parallel()
	light, dark := tokens(t)
	for _, c := range chart.Tokens() {
		if light[c[0]] != c[1] || dark[c[0]] != c[2] {
			t.Errorf("%s: drawings have %s and %s, tokens.css has %s and %s", c[0], c[1], c[2], light[c[0]], dark[c[0]])
		}
	}
}

func tokens(t *testing.T) (light, dark map[string]string) {
	t.Helper()
	css, err := os.ReadFile("../css/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	pick := func(from string) map[string]string {
		_, rest, ok := strings.Cut(string(css), from)
		if !ok {
			t.Fatalf("tokens.css has no %s", from)
		}
		body, _, _ := strings.Cut(rest, "}")
		all := map[string]string{}
		for _, m := range regexp.MustCompile(`(--[\w-]+):\s*(#[0-9A-Fa-f]{6})`).FindAllStringSubmatch(body, -1) {
			all[m[1]] = m[2]
		}
		return all
	}
	return pick(":root {"), pick(`html[data-theme="dark"] {`)
}

// Everything that carries meaning stands out 3:1 from the ground, by its fill or by its edge, and words 4.5:1; on fills too.
func TestContrast(t *testing.T) {
	t.Parallel()
	for _, mode := range []chart.Mode{chart.Light, chart.Dark} {
		back := chart.Paint(mode, "bg")["fill"]
		shapes := "c1 c2 c3 c4 c5 c6 l1 l2 l3 l4 l5 l6 d1 d2 d3 d4 d5 d6 s1 s2 s3 s4 s5 s6 dq dk dz lq lz cq hh he rf ax z nm"
		for _, r := range strings.Fields(shapes) {
			p := chart.Paint(mode, r)
			if got := max(ratio(p["fill"], back), ratio(p["stroke"], back)); got < 3 {
				t.Errorf("mode %d: %s stands out %.2f:1", mode, r, got)
			}
		}
		for _, r := range strings.Fields("t vl lb hl hq bt rk up dn") {
			if got := ratio(chart.Paint(mode, r)["fill"], back); got < 4.5 {
				t.Errorf("mode %d: words %s stand out %.2f:1", mode, r, got)
			}
		}
		for words, fills := range map[string]string{"on": "c1 s5 s6", "ov": "s5 s6", "bo": "s5 s6", "bt": "s1 s2 s3", "vl": "s1 s2 s3", "lb": "cq"} {
			for _, f := range strings.Fields(fills) {
				if got := ratio(chart.Paint(mode, words)["fill"], chart.Paint(mode, f)["fill"]); got < 4.5 {
					t.Errorf("mode %d: words %s on %s stand out %.2f:1", mode, words, f, got)
				}
			}
		}
	}
}

// ratio is the contrast of WCAG 2.2; a colour that is none gives 0.
func ratio(a, b string) float64 {
	if !strings.HasPrefix(a, "#") {
		return 0
	}
	x, y := luminance(a), luminance(b)
	return (max(x, y) + .05) / (min(x, y) + .05)
}

func luminance(c string) float64 {
	sum := 0.0
	for i, k := range []float64{.2126, .7152, .0722} {
		n, _ := strconv.ParseUint(c[1+2*i:3+2*i], 16, 8)
		v := float64(n) / 255
		if v <= .04045 {
			v /= 12.92
		} else {
			v = math.Pow((v+.055)/1.055, 2.4)
		}
		sum += k * v
	}
	return sum
}

// The squares are the 34 divisions, one each, with the names that the catalogue has.
func TestTileFile(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("china-tiles.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Cols, Rows int
		Tiles      []struct {
			Code, Name, Short, English, Letters string
			Col, Row                            int
		}
	}
	if err := json.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	regions, err := os.ReadFile("../../catalog/regions/regions.csv")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, x := range file.Tiles {
		row := regexp.MustCompile(`(?m)^` + x.Code + `,[^,]*,` + x.Name + `,[^,]*,` + x.English + `,`)
		if !row.Match(regions) {
			t.Errorf("the catalogue does not have %s %s %s", x.Code, x.Name, x.English)
		}
		for _, k := range []string{x.Code, x.Short, x.Letters, fmt.Sprint(x.Col, " ", x.Row)} {
			if seen[k] {
				t.Errorf("%s twice", k)
			}
			seen[k] = true
		}
		if x.Col >= file.Cols || x.Row >= file.Rows {
			t.Errorf("%s lies outside", x.Code)
		}
	}
	if len(file.Tiles) != 34 {
		t.Errorf("%d squares", len(file.Tiles))
	}
}

// Whatever words and numbers come, a drawing is XML and the words cannot leave their element.
func FuzzWords(f *testing.F) {
	f.Add("浙江", 5992.0, int8(1))
	f.Add(`"><script>alert(1)</script>`, -1.5, int8(0))
	f.Add("a\x00\x1b\xff]]>&amp;\u2028\ufffe", 1e15, int8(2))
	f.Fuzz(func(t *testing.T, s string, v float64, m int8) {
		fr := frame("x", "t"+s)
		fr.Desc, fr.Mode = s, chart.Mode(m)
		for kind, c := range of(fr, []float64{v, 1, 3}) {
			switch c := c.(type) {
			case *chart.Bars:
				c.Items[0].Label, c.Head, c.Number.Unit = s, chart.BarHead{Label: s, Value: s}, s
			case *chart.Scatter:
				c.Dots[0].Label, c.X.Title, c.Y.Title, c.Corners[0] = s, s, s, s
			case *chart.Tiles:
				c.Items[0].Href, c.Classes[0] = s, s
			case *chart.Lines:
				c.Lines[0].Name, c.Breaks = s, []chart.Mark{{At: 1, Text: s}}
			case *chart.Shares:
				c.Parts[0], c.Rows[0].Texts = s, []string{s}
			}
			d, err := c.Draw()
			if (err == nil) != (c.Validate() == nil) {
				t.Fatalf("%s: Draw and Validate differ: %v", kind, err)
			}
			if err != nil {
				continue
			}
			checkXML(t, kind, d.SVG)
			if bytes.Contains(d.SVG, []byte("<script")) || bytes.Contains(d.SVG, []byte("NaN")) && !strings.Contains(s, "NaN") {
				t.Fatalf("%s of %q: %s", kind, s, d.SVG)
			}
		}
	})
}

// Long English words in a narrow drawing: what has no room is cut or left to the table, never drawn over something.
func TestNarrowEnglish(t *testing.T) {
	t.Parallel()
	f := chart.Frame{ID: "x", Title: "Narrow", Lang: "en", Mode: chart.Light, Width: 340}
	long := "Inner Mongolia Autonomous Region"
	bar := &chart.Bars{Frame: f, Head: chart.BarHead{Rank: "Rank", Label: "Province", Value: "Accounts", More: []string{"Change on last year", "Rank by active users"}}}
	sl := &chart.Slope{Frame: f, Left: "Rank by number of accounts", Right: "Rank by gross domestic product per head"}
	di := &chart.Diverging{Frame: f, Below: "Active users rank below accounts", Above: "Active users rank above accounts"}
	li := &chart.Lines{Frame: f, X: chart.Axis{Title: long + long}, Y: chart.Axis{Title: long + long}}
	for i := range 6 {
		v := float64(5000 - i*900)
		bar.Items = append(bar.Items, chart.Bar{Label: long, Value: v, Rank: i + 1, More: []string{"▲ 1", "no change"}})
		sl.Items = append(sl.Items, chart.Pair{Label: long, From: float64(i + 1), To: float64(i*3 + 1), Strong: i == 2})
		di.Items = append(di.Items, chart.Difference{Label: long, Value: float64(i - 3), Note: "4 → 15"})
		li.Lines = append(li.Lines, chart.Line{Name: long, Points: []chart.Point{{X: 1, Y: v}, {X: 2, Y: v + 10}}})
	}
	for _, c := range []chart.Chart{bar, sl, di, li} {
		d := draw(t, c)
		list := boxes(t, d.SVG)
		for i, b := range list {
			if b.x0 < -1.5 || b.x1 > d.Width+1.5 {
				t.Errorf("%T: %q leaves the drawing", c, b.words)
			}
			for _, o := range list[i+1:] {
				if b.x0+.5 < o.x1 && o.x0+.5 < b.x1 && b.y0+1 < o.y1 && o.y0+1 < b.y1 {
					t.Errorf("%T: %q lies on %q", c, b.words, o.words)
				}
			}
		}
	}
}

// TestCountryNamesAreWhole: columns are given up before names are cut.
func TestCountryNamesAreWhole(t *testing.T) {
	t.Parallel()
	c := &chart.Countries{Frame: frame("x", "图")}
	for i := range 40 {
		c.Items = append(c.Items, chart.Country{Code: string([]byte{'A', byte('A' + i%26)}), Name: "阿拉伯联合酋长国", Value: float64(i)})
	}
	if svg := draw(t, c).SVG; bytes.Contains(svg, []byte("…")) || bytes.Contains(svg, []byte("⋯")) {
		t.Error("a name is cut though there is room below")
	}
}
