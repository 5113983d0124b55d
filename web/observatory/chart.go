package observatory

import (
	"math"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"zhijian/domain/observatory"
	"zhijian/domain/observatory/public"
	"zhijian/ground/fault"
	"zhijian/ui/chart"
	"zhijian/ui/figure"
	"zhijian/ui/layout"
)

// The widths that charts are drawn for: half a page, and a phone.
const (
	wide   = 590
	narrow = 340
)

// picture is a chart in both widths; nil when there is none. Of a dense one, close says that it can be looked at closer.
type picture struct {
	drawings []templ.Component
	class    string
	close    bool
}

// both draws a chart twice. make gives the chart in a frame.
func both(f chart.Frame, make func(chart.Frame) (chart.Chart, error)) (p picture, err error) {
	for _, one := range []struct {
		shown chart.Shown
		width float64
		end   string
	}{{chart.Wide, wide, ""}, {chart.Narrow, narrow, "-s"}} {
		g := f
		g.ID, g.Shown, g.Width = f.ID+one.end, one.shown, one.width
		c, err := make(g)
		if err != nil {
			return p, err
		}
		d, err := c.Draw()
		if err != nil {
			return p, err
		}
		p.drawings = append(p.drawings, templ.Raw(string(d.SVG)))
	}
	return p, nil
}

// picture draws an exhibit; a picture without drawings when it is a table alone.
func (s *sight) picture(x *observatory.Exhibit) (picture, error) {
	if x.Chart.Kind == observatory.Tiles {
		return s.tiles(x, func(f chart.Frame) (chart.Chart, error) { return figure.In(x, f) })
	}
	p, err := both(s.plate(x), func(f chart.Frame) (chart.Chart, error) { return figure.In(x, f) })
	if fault.Is(err, fault.KindNotFound) {
		return picture{}, nil
	}
	p.close = (x.Chart.Kind == observatory.Dots || x.Chart.Kind == observatory.Quadrants) && len(x.Rows) >= dense
	return p, err
}

// plate is the frame that drawings of an exhibit begin with.
func (s *sight) plate(x *observatory.Exhibit) chart.Frame {
	title := s.say(x.Title)
	if s.edition.Simulated {
		title += s.t("ob.in", s.say(public.Simulated))
	}
	return chart.Frame{ID: "c-" + x.ID, Title: title, Lang: s.lang}
}

// tiles draws provinces once, for squares fit both widths, and leads from each to its page.
func (s *sight) tiles(x *observatory.Exhibit, make func(chart.Frame) (chart.Chart, error)) (picture, error) {
	f := s.plate(x)
	c, err := make(f)
	if err != nil {
		return picture{}, err
	}
	t, ok := c.(*chart.Tiles)
	if ok {
		for i := range t.Items {
			t.Items[i].Href = layout.Link(s.lang, s.to("regions/"+t.Items[i].Code))
		}
	}
	d, err := c.Draw()
	return picture{[]templ.Component{templ.Raw(string(d.SVG))}, "ob-pic--map", true}, err
}

// tiers draws provinces by their tier, the first the darkest.
func (s *sight) tiers(x *observatory.Exhibit) (picture, error) {
	count := map[int]int{}
	most := 0
	for _, r := range x.Rows {
		if n := number(x, r, "tier"); !math.IsNaN(n) {
			count[int(n)]++
			most = max(most, int(n))
		}
	}
	return s.tiles(x, func(f chart.Frame) (chart.Chart, error) {
		f.ID += "-tiers"
		t := &chart.Tiles{Frame: f, Label: s.t("ob.col.province"), Value: s.t("ob.col.accounts"), Outside: s.t("ob.outside")}
		for k := most; k > 0; k-- {
			t.Classes = append(t.Classes, s.t("ob.tier.n", k, count[k]))
		}
		for _, r := range x.Rows {
			tile := chart.Tile{Code: text(x, r, "code"), Value: number(x, r, "accounts")}
			if n := number(x, r, "tier"); !math.IsNaN(n) {
				tile.Class = most + 1 - int(n)
			}
			t.Items = append(t.Items, tile)
		}
		return t, nil
	})
}

// dense is how many dots lie so close that a figure can be looked at closer.
const dense = 30

// farApart is how many ranks make two rankings disagree.
const farApart = 100

// ranks draws the two ranks of every prefecture, with those that disagree standing out.
func (s *sight) ranks(x *observatory.Exhibit) (picture, error) {
	p, err := both(s.plate(x), func(f chart.Frame) (chart.Chart, error) {
		f.Height = f.Width * .96
		c := &chart.Scatter{
			Frame: f, X: chart.Axis{Title: s.t("ob.axis.accounts"), Exact: true}, Y: chart.Axis{Title: s.t("ob.axis.active"), Exact: true, Reverse: true},
			Groups: []string{s.t("ob.ranks.active", farApart), s.t("ob.ranks.accounts", farApart)}, Quiet: s.t("ob.ranks.near", farApart),
			Diagonal: true, Label: s.t("ob.col.place"),
		}
		for _, r := range x.Rows {
			d := chart.Dot{Label: s.name(x, r), X: number(x, r, "rank"), Y: number(x, r, "active_rank")}
			switch diff := d.X - d.Y; {
			case math.IsNaN(diff):
				continue
			case diff >= farApart:
				d.Group = 1
			case diff <= -farApart:
				d.Group = 2
			}
			c.Dots = append(c.Dots, d)
		}
		return c, nil
	})
	p.close = true
	return p, err
}

// split is where a bar of 600 px is parted for a share of 0 to 100.
func split(share float64) string { return strconv.Itoa(int(math.Round(6 * share))) }

func rest(share float64) string { return strconv.Itoa(600 - int(math.Round(6*share))) }

// best gives the row with the greatest value of a column; nil when none is above least.
func best(x *observatory.Exhibit, column string, least float64) []observatory.Cell {
	var found []observatory.Cell
	for _, r := range x.Rows {
		if n := number(x, r, column); n > least {
			found, least = r, n
		}
	}
	return found
}

// rowOf gives the row whose first cell is key; nil when there is none.
func rowOf(x *observatory.Exhibit, key string) []observatory.Cell {
	if x == nil {
		return nil
	}
	if i := slices.IndexFunc(x.Rows, func(r []observatory.Cell) bool { return r[0].String() == key }); i >= 0 {
		return x.Rows[i]
	}
	return nil
}
