package intake_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/text/encoding/simplifiedchinese"

	"zhijian/catalog"
	"zhijian/domain/observatory"
	"zhijian/domain/observatory/intake"
	"zhijian/domain/observatory/nation"
	"zhijian/ground/fault"
	"zhijian/ground/tabular"
)

func loaded(t testing.TB) *observatory.Catalog {
	t.Helper()
	c, err := observatory.LoadCatalog(catalog.FS)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

const (
	head     = "id,name,region_code,country,level,sector,institution,kind,verified,opened,department\n"
	oneMonth = "account_id,month,active_users,clicks,service_visits\n"
)

func source(accounts, months string) intake.Source {
	return intake.Source{Accounts: intake.File{Name: "accounts.csv", Data: []byte(accounts)}, Months: intake.File{Name: "months.csv", Data: []byte(months)}}
}

func TestRead(t *testing.T) {
	t.Parallel()
	cat := loaded(t)
	src := source(
		"\xef\xbb\xbfname,ID,sector,level,kind,verified,region_code,opened,shoe\n"+
			"温州交警,b,公安,地,服务号,1,330300,2014-02-28,x\n"+
			"杭州发布,a,f03,prefecture,subscription,0,330100,,\n"+
			"文体,c,文体广电,县,订阅号,否,330106,2012-02-29,\n",
		oneMonth+"b,2015-08,100,7,3\na,2015-08,5,,\n")
	src.Places = intake.File{Name: "places.csv", Data: []byte("region_code;city_class;city_service\n330100;特大城市;1\n330300;大城市;0\n")}
	src.Indicators = intake.File{Name: "i.csv", Data: []byte("region_code,indicator,year,value\n330000,gdp_per_head,2014,73002.5\n")}
	src.Roster = intake.File{Name: "r.csv", Data: []byte("region_code,level,sector,departments\n330100,地,,50\n")}
	src.Services = intake.File{Name: "s.csv", Data: []byte("region_code,service,launched,visits\n330100,weather-forecast,1,9\n")}
	got, report, err := intake.Read(src, cat)
	if err != nil {
		t.Fatal(err)
	}
	want := &observatory.Facts{
		Accounts: []observatory.Account{
			{ID: "a", Name: "杭州发布", Region: "330100", Country: "CN", Level: observatory.Municipal, Sector: "f03", Kind: observatory.Subscription},
			{ID: "b", Name: "温州交警", Region: "330300", Country: "CN", Level: observatory.Municipal, Sector: "f01", Kind: observatory.Serving, Verified: true, Opened: 20140228},
			{ID: "c", Name: "文体", Region: "330106", Country: "CN", Level: observatory.County, Sector: "f07", Kind: observatory.Subscription, Opened: 20120229},
		},
		Months:     []observatory.Month{{Account: "a", Month: "2015-08", Active: 5, NoClicks: true, NoVisits: true}, {Account: "b", Month: "2015-08", Active: 100, Clicks: 7, Visits: 3}},
		Places:     []observatory.Place{{Region: "330100", Class: "特大城市", Service: true}, {Region: "330300", Class: "大城市"}},
		Indicators: []observatory.Indicator{{Region: "330000", Indicator: "gdp_per_head", Year: 2014, Value: 73002.5}},
		Rosters:    []observatory.Roster{{Region: "330100", Level: observatory.Municipal, Departments: 50}},
		Launches:   []observatory.Launch{{Region: "330100", Service: "weather-forecast", Launched: true, Visits: 9}},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if len(report.Refused) != 0 || len(report.Warnings) != 3 || report.Warnings[0].Column != "shoe" || report.Warnings[2].Code != "uncounted" || report.Warnings[2].Line != 3 || report.Taken["accounts.csv"] != 3 {
		t.Errorf("report %+v", report)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	cat := loaded(t)
	good := "g,好,330100,,地,公安,,service,1,2014-01-01,\n"
	for name, c := range map[string]struct {
		row    string
		column string
		code   string
		says   string
	}{
		"duplicate id":       {"g,二,330100,,地,公安,,service,1,,\n", "id", "duplicate", "earlier row"},
		"impossible date":    {"x,名,330100,,地,公安,,service,1,2015-02-29,\n", "opened", "date", "2015-02-29"},
		"date in other form": {"x,名,330100,,地,公安,,service,1,31.8.2015,\n", "opened", "date", "2015-08-31"},
		"unknown region":     {"x,名,999999,,地,公安,,service,1,,\n", "region_code", "region", "999999"},
		"earlier code":       {"x,名,542300,,地,公安,,service,1,,\n", "region_code", "region", "540200"},
		"later code":         {"x,名,540500,,地,公安,,service,1,,\n", "region_code", "region", "542200"},
		"unknown level":      {"x,名,330100,,村,公安,,service,1,,\n", "level", "level", "村"},
		"unknown sector":     {"x,名,330100,,地,航天,,service,1,,\n", "sector", "sector", "航天"},
		"unknown kind":       {"x,名,330100,,地,公安,,mini,1,,\n", "kind", "kind", "mini"},
		"neither yes nor no": {"x,名,330100,,地,公安,,service,2,,\n", "verified", "flag", "2"},
		"no id":              {",名,330100,,地,公安,,service,1,,\n", "id", "missing", "no id"},
		"no name":            {"x,,330100,,地,公安,,service,1,,\n", "name", "missing", "no name"},
		"country":            {"x,名,,China,地,公安,,service,1,,\n", "country", "country", "China"},
		"abroad in Zhejiang": {"x,名,330100,US,地,公安,,service,1,,\n", "region_code", "country", "US"},
		"institution":        {"x,名,330100,,地,医疗,诊所,service,1,,\n", "institution", "word", "诊所"},
		"too wide":           {"x,名,330100,,地,公安,,service,1,,,more\n", "", "width", "12 cells"},
		"open quotation":     {"x,\"名,330100,,地,公安,,service,1,,\n", "", "row", "quotation"},
	} {
		facts, report, err := intake.Read(source(head+good+c.row, oneMonth), cat)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(facts.Accounts) != 1 || len(report.Refused) != 1 {
			t.Errorf("%s: %d accounts, refused %v", name, len(facts.Accounts), report.Refused)
			continue
		}
		if p := report.Refused[0]; p.File != "accounts.csv" || p.Line != 3 || p.Column != c.column || p.Code != c.code || !strings.Contains(p.String(), c.says) {
			t.Errorf("%s: %v (%s)", name, p, p.Code)
		}
	}
	for name, row := range map[string]string{
		"nobody counted people": "g,2015-08,,0,0\n", "negative": "g,2015-08,-1,0,0\n", "fraction": "g,2015-08,1.5,0,0\n", "month": "g,2015-13,1,0,0\n", "month form": "g,201508,1,0,0\n", "stranger": "z,2015-08,1,0,0\n",
	} {
		facts, report, err := intake.Read(source(head+good, oneMonth+row), cat)
		if err != nil || len(facts.Months) != 0 || len(report.Refused) != 1 || report.Refused[0].Line != 2 {
			t.Errorf("%s: %v %+v", name, err, report)
		}
	}
}

// An empty number is never 0: it is told of, by the row or once for a column that is not there, and stays empty.
func TestNotCounted(t *testing.T) {
	t.Parallel()
	cat := loaded(t)
	two := head + "g,好,330100,,地,公安,,service,1,2014-01-01,\nh,好二,330100,,地,公安,,service,1,2014-01-01,\n"
	for name, c := range map[string]struct {
		months, services string
		want             []observatory.Month
		launches         []observatory.Launch
		lines            []int
	}{
		"an empty cell": {
			"account_id,month,active_users,clicks,service_visits\ng,2015-08,3,,0\nh,2015-08,3,0,\n", "region_code,service,launched,visits\n330100,weather-forecast,1,\n330100,id-card-service,1,0\n",
			[]observatory.Month{{Account: "g", Month: "2015-08", Active: 3, NoClicks: true}, {Account: "h", Month: "2015-08", Active: 3, NoVisits: true}},
			[]observatory.Launch{{Region: "330100", Service: "id-card-service", Launched: true}, {Region: "330100", Service: "weather-forecast", Launched: true, NoVisits: true}},
			[]int{2, 3, 2},
		},
		"no such column": {
			"account_id,month,active_users\ng,2015-08,3\nh,2015-08,4\n", "region_code,service,launched\n330100,weather-forecast,1\n",
			[]observatory.Month{{Account: "g", Month: "2015-08", Active: 3, NoClicks: true, NoVisits: true}, {Account: "h", Month: "2015-08", Active: 4, NoClicks: true, NoVisits: true}},
			[]observatory.Launch{{Region: "330100", Service: "weather-forecast", Launched: true, NoVisits: true}},
			[]int{1, 1, 1},
		},
		"a short row": {
			"account_id,month,active_users,clicks,service_visits\ng,2015-08,3\n", "region_code,service,launched,visits\n330100,weather-forecast,1,7\n",
			[]observatory.Month{{Account: "g", Month: "2015-08", Active: 3, NoClicks: true, NoVisits: true}},
			[]observatory.Launch{{Region: "330100", Service: "weather-forecast", Launched: true, Visits: 7}},
			[]int{2, 2},
		},
	} {
		src := source(two, c.months)
		src.Services = intake.File{Name: "services.csv", Data: []byte(c.services)}
		facts, report, err := intake.Read(src, cat)
		if err != nil || len(report.Refused) > 0 {
			t.Fatalf("%s: %v %+v", name, err, report)
		}
		if d := cmp.Diff(c.want, facts.Months) + cmp.Diff(c.launches, facts.Launches); d != "" {
			t.Errorf("%s: %s", name, d)
		}
		var lines []int
		for _, w := range report.Warnings {
			if w.Code == "uncounted" && strings.Contains(w.Zh(), "不算 0") {
				lines = append(lines, w.Line)
			}
		}
		if d := cmp.Diff(c.lines, lines); d != "" {
			t.Errorf("%s: warned of other lines: %s", name, d)
		}
	}
}

func TestUnreadableTables(t *testing.T) {
	t.Parallel()
	cat := loaded(t)
	for name, src := range map[string]intake.Source{
		"no column":       source("id,name\n1,x\n", oneMonth),
		"empty":           source("", oneMonth),
		"no months":       source(head, ""),
		"no workbook":     {Accounts: intake.File{Name: "a.xlsx", Data: []byte("PK nonsense")}, Months: intake.File{Name: "m.csv", Data: []byte(oneMonth)}},
		"neither UTF nor": source("\xff\xfe\x00\x01"+head, oneMonth),
	} {
		if _, _, err := intake.Read(src, cat); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestGBKAndWorkbook(t *testing.T) {
	t.Parallel()
	cat := loaded(t)
	text := head + "b,温州交警,330300,,地,公安,交警,service,1,2014-02-28,温州市公安局\n"
	plain, _, err := intake.Read(source(text, oneMonth), cat)
	if err != nil {
		t.Fatal(err)
	}
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	recoded, report, err := intake.Read(source(gbk, oneMonth), cat)
	if err != nil || len(report.Warnings) != 1 {
		t.Fatal(err, report)
	}
	page := tabular.Page{Name: "账号"}
	for line := range strings.Lines(text) {
		var row []any
		for cell := range strings.SplitSeq(strings.TrimSpace(line), ",") {
			row = append(row, cell)
		}
		page.Rows = append(page.Rows, row)
	}
	book, err := tabular.XLSX([]tabular.Page{page})
	if err != nil {
		t.Fatal(err)
	}
	src := source("", oneMonth)
	src.Accounts = intake.File{Name: "accounts.XLSX", Data: book}
	fromBook, _, err := intake.Read(src, cat)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(plain, recoded) + cmp.Diff(plain, fromBook); d != "" {
		t.Error(d)
	}
}

// TestNationComesBack: the tables that the simulator writes are read without a refusal, and give the facts it made.
func TestNationComesBack(t *testing.T) {
	t.Parallel()
	this, last, err := nation.Simulate(1, nation.Input{Catalogue: catalog.FS})
	if err != nil {
		t.Fatal(err)
	}
	for year, facts := range map[string]*observatory.Facts{"2015": &this, "2014": &last} {
		src := intake.Source{}
		into := map[string]*intake.File{
			"accounts.csv": &src.Accounts, "months.csv": &src.Months, "places.csv": &src.Places,
			"indicators.csv": &src.Indicators, "roster.csv": &src.Roster, "services.csv": &src.Services, "outcomes.csv": &src.Outcomes,
		}
		for _, f := range nation.Files(*facts) {
			var b bytes.Buffer
			if err := f.Write(&b); err != nil {
				t.Fatal(err)
			}
			*into[f.Name] = intake.File{Name: f.Name, Data: b.Bytes()}
		}
		got, report, err := intake.Read(src, loaded(t))
		if err != nil || len(report.Refused) > 0 || len(report.Warnings) > 0 {
			t.Fatal(year, err, report.Refused[:min(3, len(report.Refused))], report.Warnings[:min(3, len(report.Warnings))])
		}
		want := facts.Clone()
		want.Sort()
		if d := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmp.AllowUnexported(observatory.Counted{})); d != "" {
			t.Error(year, d[:min(2000, len(d))])
		}
	}
}

func TestOrderOfRowsDoesNotShow(t *testing.T) {
	t.Parallel()
	cat := loaded(t)
	lines := slices.Collect(strings.Lines(many(200)))
	a, _, err := intake.Read(source(head+strings.Join(lines, ""), oneMonth), cat)
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(lines)
	b, _, err := intake.Read(source(head+strings.Join(lines, ""), oneMonth), cat)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(a, b); d != "" {
		t.Error(d)
	}
}

func many(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "w%06d,温州市第 %d 号,330300,CN,地,公安,交警,service,1,2014-02-28,温州市公安局交通警察支队\n", i, i)
	}
	return b.String()
}

func BenchmarkRead(b *testing.B) {
	cat := loaded(b)
	const n = 83641
	var m strings.Builder
	for i := range n {
		fmt.Fprintf(&m, "w%06d,2015-08,%d,%d,%d\n", i, i, i*3, i/2)
	}
	src := source(head+many(n), oneMonth+m.String())
	for b.Loop() {
		if f, r, err := intake.Read(src, cat); err != nil || len(f.Months) != n || len(r.Refused) > 0 {
			b.Fatal(err, r.Refused[:1])
		}
	}
}

func FuzzRead(f *testing.F) {
	cat := loaded(f)
	f.Add(head+"b,温州交警,330300,,地,公安,交警,service,1,2014-02-28,x\n", oneMonth+"b,2015-08,1,2,3\n")
	f.Add("\xef\xbb\xbfid;name\n\"", "account_id\tmonth\tactive_users\n\"\"\t\"")
	f.Fuzz(func(t *testing.T, accounts, months string) {
		facts, report, err := intake.Read(source(accounts, months), cat)
		if err != nil {
			if !fault.Is(err, fault.KindInvalid) {
				t.Fatal(err)
			}
			return
		}
		if len(facts.Accounts) != report.Taken["accounts.csv"] || len(facts.Months) != report.Taken["months.csv"] {
			t.Fatal("rows were lost")
		}
		for _, m := range facts.Months {
			if m.Active < 0 || m.Clicks < 0 || m.Visits < 0 {
				t.Fatalf("%+v was taken", m)
			}
		}
	})
}
