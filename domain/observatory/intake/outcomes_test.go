package intake_test

import (
	"strings"
	"testing"

	"zhijian/domain/observatory"
	"zhijian/domain/observatory/intake"
	"zhijian/ground/tabular"
)

const outcomesHead = "took,service,month,region_code,account_id,opened,done,refused,promised,kept,rated,rating_sum,searches,unmet,fen,mood\n"

func withOutcomes(rows string) intake.Source {
	src := source(head+"g,好,330100,,地,公安,,service,1,2014-01-01,\n", oneMonth)
	src.Outcomes = intake.File{Name: "outcomes.csv", Data: []byte(outcomesHead + rows)}
	return src
}

func TestOutcomes(t *testing.T) {
	t.Parallel()
	facts, report, err := intake.Read(withOutcomes("50:1 10:2,weather-forecast,2015-08,330100,g,9,3,0,,,,,,,-5,x\n,,2015-08,330100,,,,,,,,,40,0,,\n"), loaded(t))
	if err != nil || len(report.Refused) > 0 || len(facts.Outcomes) != 2 {
		t.Fatal(err, report)
	}
	if len(report.Warnings) != 1 || report.Warnings[0].Column != "mood" {
		t.Errorf("warnings %v", report.Warnings)
	}
	entry, one := facts.Outcomes[0], facts.Outcomes[1]
	if entry.Service != "" || one.Account != "g" || one.Took.String() != "10:2 50:1" {
		t.Errorf("%+v\n%+v", entry, one)
	}
	for m, want := range map[observatory.Measure]string{observatory.Opened: "9", observatory.Refused: "0", observatory.Promised: "", observatory.Fen: "-5", observatory.Loads: ""} {
		if got := one.Of(m).String(); got != want {
			t.Errorf("%s = %q, want %q", m, got, want)
		}
	}
	if got := entry.Of(observatory.Unmet).String(); got != "0" {
		t.Errorf("nothing unmet is %q", got)
	}
	// The same rows as a workbook are the same facts.
	page := tabular.Page{Name: "x"}
	for line := range strings.Lines(outcomesHead + ",,2015-08,330100,,,,,,,,,40,0,,\n") {
		var row []any
		for c := range strings.SplitSeq(strings.TrimSpace(line), ",") {
			row = append(row, c)
		}
		page.Rows = append(page.Rows, row)
	}
	book, err := tabular.XLSX([]tabular.Page{page})
	if err != nil {
		t.Fatal(err)
	}
	src := withOutcomes("")
	src.Outcomes = intake.File{Name: "outcomes.xlsx", Data: book}
	again, report, err := intake.Read(src, loaded(t))
	if err != nil || len(again.Outcomes) != 1 || again.Outcomes[0] != entry {
		t.Errorf("%v %+v %+v", err, report, again.Outcomes)
	}
}

func TestOutcomeRefusals(t *testing.T) {
	t.Parallel()
	cat := loaded(t)
	for name, c := range map[string]struct{ row, column, code string }{
		"no city":                   {",weather-forecast,2015-08,330106,,1,,,,,,,,,,", "region_code", "city"},
		"unknown service":           {",teleport,2015-08,330100,,1,,,,,,,,,,", "service", "service"},
		"own service without name":  {",own-,2015-08,330100,,1,,,,,,,,,,", "service", "service"},
		"own service of no form":    {",own-Pass,2015-08,330100,,1,,,,,,,,,,", "service", "service"},
		"no month":                  {",weather-forecast,2015-13,330100,,1,,,,,,,,,,", "month", "month"},
		"stranger":                  {",weather-forecast,2015-08,330100,z,1,,,,,,,,,,", "account_id", "account"},
		"bound between two":         {"7:1,weather-forecast,2015-08,330100,,1,1,,,,,,,,,", "took", "took"},
		"no number behind a bound":  {"10:,weather-forecast,2015-08,330100,,1,1,,,,,,,,,", "took", "took"},
		"nothing took":              {"10:0,weather-forecast,2015-08,330100,,1,1,,,,,,,,,", "took", "took"},
		"more times than cases":     {"10:2,weather-forecast,2015-08,330100,,1,1,,,,,,,,,", "took", "part"},
		"negative":                  {",weather-forecast,2015-08,330100,,-1,,,,,,,,,,", "opened", "negative"},
		"fraction":                  {",weather-forecast,2015-08,330100,,1.5,,,,,,,,,,", "opened", "number"},
		"more kept than promised":   {",weather-forecast,2015-08,330100,,9,9,0,3,4,,,,,,", "kept", "part"},
		"more stars than there are": {",weather-forecast,2015-08,330100,,9,9,0,,,2,11,,,,", "rating_sum", "part"},
		"fewer stars than ratings":  {",weather-forecast,2015-08,330100,,9,9,0,,,2,1,,,,", "rated", "part"},
		"more unmet than searches":  {",,2015-08,330100,,,,,,,,,3,4,,", "unmet", "part"},
	} {
		facts, report, err := intake.Read(withOutcomes(c.row+"\n"), cat)
		if err != nil || len(facts.Outcomes) != 0 || len(report.Refused) != 1 || report.Refused[0].Column != c.column || report.Refused[0].Code != c.code || report.Refused[0].Line != 2 {
			t.Errorf("%s: %v %v", name, err, report.Refused)
		}
	}
	own := ",own-pass,2015-08,330100,,1,,,,,,,,,,\n" // of the city's own
	if facts, report, err := intake.Read(withOutcomes(own), cat); err != nil || len(facts.Outcomes) != 1 || facts.Outcomes[0].Service != "own-pass" {
		t.Errorf("of the city's own: %v %v", err, report)
	}
	row := ",weather-forecast,2015-08,330100,,1,,,,,,,,,,\n"
	if facts, report, err := intake.Read(withOutcomes(row+row), cat); err != nil || len(facts.Outcomes) != 1 || len(report.Refused) != 1 || report.Refused[0].Code != "duplicate" {
		t.Errorf("twice: %v %v", err, report)
	}
}
