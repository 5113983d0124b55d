package figure_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"testing"

	"zhijian/catalog"
	"zhijian/domain/observatory"
	"zhijian/domain/observatory/nation"
	"zhijian/ground/fault"
	"zhijian/ui/chart"
	"zhijian/ui/figure"
)

// TestEveryExhibitIsDrawn: whatever an exhibit's chart asks for can be drawn, in both languages, twice to the same bytes; and no
// kind is there that no exhibit asks for.
func TestEveryExhibitIsDrawn(t *testing.T) {
	t.Parallel()
	this, last, err := nation.Simulate(1, nation.Input{Catalogue: catalog.FS})
	if err != nil {
		t.Fatal(err)
	}
	cat, err := observatory.LoadCatalog(catalog.FS)
	if err != nil {
		t.Fatal(err)
	}
	list, err := observatory.Compute(&this, &last, cat)
	if err != nil {
		t.Fatal(err)
	}
	unused := map[observatory.ChartKind]bool{}
	for _, k := range kinds {
		unused[k] = true
	}
	for i := range list {
		e := &list[i]
		delete(unused, e.Chart.Kind)
		for _, lang := range []string{"zh", "en"} {
			svg, err := figure.SVG(e, lang, chart.Light)
			if e.Chart.Kind == observatory.NoChart {
				if !fault.Is(err, fault.KindNotFound) {
					t.Errorf("%s has no chart: %v", e.ID, err)
				}
				continue
			}
			if err != nil {
				t.Errorf("%s %s: %v", e.ID, lang, err)
				continue
			}
			wellFormed(t, e.ID, svg)
			if again, _ := figure.SVG(e, lang, chart.Light); !bytes.Equal(svg, again) {
				t.Errorf("%s is drawn differently a second time", e.ID)
			}
		}
	}
	if len(unused) > 0 {
		t.Errorf("no exhibit is drawn as %v", unused)
	}
}

var kinds = []observatory.ChartKind{
	observatory.Bars, observatory.Diverging, observatory.Tiles, observatory.Dots, observatory.Quadrants, observatory.Slopes, observatory.Areas, observatory.Lines, observatory.Stairs,
	observatory.Countries, observatory.Points, observatory.Tail, observatory.Elbow, observatory.Lorenz, observatory.Grouped, observatory.Shares, observatory.Parts, observatory.Pyramid, observatory.Histogram,
}

func wellFormed(t *testing.T, id string, svg []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Errorf("%s: %v", id, err)
			return
		}
	}
}

// TestFewFacts: two accounts without any outside figure still draw what there is.
func TestFewFacts(t *testing.T) {
	t.Parallel()
	cat, err := observatory.LoadCatalog(catalog.FS)
	if err != nil {
		t.Fatal(err)
	}
	list, err := observatory.Compute(&observatory.Facts{
		Accounts: []observatory.Account{
			{ID: "a", Name: "甲", Region: "330100", Country: "CN", Level: observatory.Municipal, Sector: "f01", Kind: observatory.Serving},
			{ID: "b", Name: "乙", Region: "440300", Country: "CN", Level: observatory.Municipal, Sector: "f02", Kind: observatory.Subscription},
		},
		Months: []observatory.Month{{Account: "a", Month: "2015-08", Active: 5}},
	}, nil, cat)
	if err != nil {
		t.Fatal(err)
	}
	for i := range list {
		if _, err := figure.SVG(&list[i], "zh", chart.Page); err != nil && !fault.Is(err, fault.KindNotFound) {
			t.Error(err)
		}
	}
}
