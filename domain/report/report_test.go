package report_test

import (
	"slices"
	"strings"
	"testing"

	"zhijian/catalog"
	"zhijian/domain/observatory"
	"zhijian/domain/observatory/nation"
	"zhijian/domain/report"
	"zhijian/ground/fault"
)

// exhibit builds a small exhibit: columns by id, then rows. Numbers are float64, words strings, nil is nothing.
func exhibit(id string, columns []string, rows ...[]any) observatory.Exhibit {
	e := observatory.Exhibit{ID: id, Title: observatory.Text{Zh: id, En: id}}
	for _, c := range columns {
		e.Columns = append(e.Columns, observatory.Column{ID: c})
	}
	for _, r := range rows {
		var row []observatory.Cell
		for _, v := range r {
			switch v := v.(type) {
			case string:
				row = append(row, observatory.Say(v))
			case int:
				row = append(row, observatory.Int(v))
			case float64:
				row = append(row, observatory.Num(v))
			default:
				row = append(row, observatory.None)
			}
		}
		e.Rows = append(e.Rows, row)
	}
	return e
}

// said finds a sentence of a rule anywhere in the report.
func said(r *report.Report, id string) (report.Sentence, bool) {
	all := slices.Clone(r.Summary)
	for _, c := range r.Chapters {
		all = append(all, c.Lead...)
		for _, s := range c.Sections {
			all = append(all, s.Sentences...)
		}
	}
	for _, s := range all {
		if s.Rule == id {
			return s, true
		}
	}
	return report.Sentence{}, false
}

var tableOne = []string{"code", "name", "name_en", "accounts", "rank", "rank_before", "rank_change", "active_rank", "active_diff"}

func provinces(change, diff any) observatory.Exhibit {
	return exhibit("table-1", tableOne,
		[]any{"330000", "浙江", "Zhejiang", 5992, 1, 2, 1, 1, 0}, []any{"130000", "河北", "Hebei", 4774, 4, 18, change, 15, diff}, []any{"320000", "江苏", "Jiangsu", 4293, 7, 3, -4, 3, 4})
}

func TestSentencesFollowTheNumbers(t *testing.T) {
	t.Parallel()
	correlation := func(low, high float64) observatory.Exhibit {
		return exhibit("correlations", []string{"pair", "rho", "low", "high"}, []any{"province-accounts-mean", 0.23, low, high})
	}
	sizes := func(a, b int) observatory.Exhibit {
		return exhibit("table-7", []string{"class", "name_en", "mean_accounts"}, []any{"大城市", "large", a}, []any{"小城市", "small", b})
	}
	entry := func(accounts, users float64) observatory.Exhibit {
		return exhibit("entry-effect", []string{"group", "cities", "share_accounts", "share_active"}, []any{"prefectures", 69, accounts, users})
	}
	health := func(over any) observatory.Exhibit {
		return exhibit("service-health", []string{"service", "name", "name_en", "over", "share", "rank"}, []any{"x", "缴费", "fees", 900, 50, 2}, []any{"w", "天气", "weather", over, 98, 1})
	}
	stageFive := func(accounts any) observatory.Exhibit {
		return exhibit("table-9", []string{"stage", "accounts"}, []any{"5", accounts})
	}
	summary := func(growth any) observatory.Exhibit {
		return exhibit("summary", []string{"statistic", "value"}, []any{"growth", growth}, []any{"accounts_before", 40641})
	}
	for name, c := range map[string]struct {
		rule, zh, en string
		of           observatory.Exhibit
	}{
		"rises, users lower":         {"province-riser", "河北的账号名次升了 14 位，活跃名次却低 11 位。", "Hebei rose 14 places by accounts, but its users rank 11 places lower.", provinces(14, -11)},
		"rises, users higher":        {"province-riser", "河北的账号名次升了 14 位，活跃名次还要高 5 位。", "Hebei rose 14 places by accounts, and its users rank 5 places higher still.", provinces(14, 5)},
		"rises, users alike":         {"province-riser", "河北的账号名次升了 14 位，是前 10 名里升得最多的。", "Hebei rose 14 places by accounts, most of the first ten.", provinces(14, 2)},
		"hardly rises":               {"province-riser", "", "", provinces(2, -11)},
		"no edition before":          {"province-riser", "", "", provinces(nil, nil)},
		"falls, users higher":        {"province-faller", "江苏退了 4 位，活跃名次却比账号名次高 4 位。", "Jiangsu fell 4 places, yet its users rank 4 places above its accounts.", provinces(1, 0)},
		"leader in both":             {"province-leader", "浙江的账号最多，有 5,992 个，活跃用户也最多。", "Zhejiang has most accounts, 5,992, and also most active users.", provinces(1, 0)},
		"newcomer":                   {"province-newcomers", "河北上版不在前 10 名。", "Not among the first ten of the edition before: Hebei.", provinces(14, 0)},
		"correlation surely above 0": {"quantity-quality-province-accounts-mean", "账号多的省，号均活跃用户也多一些：名次相关 0.23（区间 0.1 到 0.4）。", "Of provinces, those with more accounts have more users per account: rank correlation 0.23 (interval 0.1 to 0.4).", correlation(0.1, 0.4)},
		"correlation not sure":       {"quantity-quality-province-accounts-mean", "账号多的省，号均活跃用户不一定多：名次相关 0.23，区间 −0.1 到 0.4 包含 0。", "Of provinces, those with more accounts do not surely have more users per account: rank correlation 0.23, interval −0.1 to 0.4, which holds 0.", correlation(-0.1, 0.4)},
		"larger cities have more":    {"size-order", "城市越大，账号越多：大城市平均 290 个，小城市平均 72 个。", "The larger the city, the more accounts: large cities have 290 on average, small ones 72.", sizes(290, 72)},
		"not in order":               {"size-order", "", "", sizes(72, 290)},
		"entry has more use":         {"entry-shares", "上线城市服务的 69 个地级，账号占全部地级的 34.5%，活跃用户占 58.7%。", "The 69 prefectures with a city entry have 34.5% of the accounts of all prefectures, and 58.7% of the active users.", entry(34.5, 58.7)},
		"entry has less use":         {"entry-shares", "上线城市服务的 69 个地级，账号占全部地级的 34.5%，活跃用户只占 20%。", "The 69 prefectures with a city entry have 34.5% of the accounts of all prefectures, but only 20% of the active users.", entry(34.5, 20)},
		"grows":                      {"summary-growth", "上版有 40,641 个，这一版多了 105.8%。", "The edition before had 40,641; this one has 105.8% more.", summary(105.8)},
		"shrinks":                    {"summary-growth", "上版有 40,641 个，这一版少了 5%。", "The edition before had 40,641; this one has 5% fewer.", summary(-5.0)},
		"growth is not known":        {"summary-growth", "", "", summary(nil)},
		"done most":                  {"done-most", "办得最成的事项是天气：98% 办成，一共 300 件。", "Most surely done is weather: 98% of 300 cases.", health(300)},
		"too few to name":            {"done-most", "", "", health(29)},
		"nobody counted":             {"done-most", "", "", health(nil)},
		"some are connected":         {"connected", "2 个账号到了第五阶段：一件事几个部门一起办，守住了时限，也有人评价。", "2 accounts reached stage five: departments act together in one case, time is kept, and residents rate it.", stageFive(2)},
		"none is connected":          {"connected", "还没有账号到第五阶段：没有一项服务把几个部门连起来，又守住了时限。", "No account reached stage five: no service joins departments and keeps its time.", stageFive(0)},
		"connected is not known":     {"connected", "", "", stageFive(nil)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := report.Make(report.Edition{Name: "x"}, []observatory.Exhibit{c.of}, nil)
			if err != nil {
				t.Fatal(err)
			}
			s, _ := said(r, c.rule)
			if s.Text.Zh != c.zh || s.Text.En != c.en {
				t.Errorf("%q\n%q\nwant\n%q\n%q", s.Text.Zh, s.Text.En, c.zh, c.en)
			}
			if c.zh != "" && len(s.On) == 0 {
				t.Error("rests on nothing")
			}
		})
	}
}

func TestNothingIsEmpty(t *testing.T) {
	t.Parallel()
	if _, err := report.Make(report.Edition{Name: "x"}, nil, nil); !fault.Is(err, fault.KindInvalid) {
		t.Errorf("no exhibit: %v", err)
	}
	r, err := report.Make(report.Edition{Name: "x"}, []observatory.Exhibit{exhibit("mine", []string{"a"}, []any{"x"})}, nil)
	if err != nil || len(r.Chapters) != 5 || len(r.Summary) > 0 {
		t.Fatalf("%v %+v", err, r)
	}
	if len(r.Appendix) != 1 || r.Appendix[0].Figures[0].Exhibit.ID != "mine" {
		t.Errorf("an exhibit that no chapter shows is lost: %+v", r.Appendix)
	}
}

// TestNation: the calibrated nation gives every part of the report, in sound sentences that rest on cells which are there.
func TestNation(t *testing.T) {
	t.Parallel()
	r, list := national(t)
	shown := map[string]bool{"errata": true, "summary": true}
	count := 0
	check := func(said []report.Sentence) {
		for _, s := range said {
			count++
			if strings.Contains(s.Text.Zh+s.Text.En, "%!") || strings.Contains(s.Text.Zh, "  ") || !strings.HasSuffix(s.Text.Zh, "。") || !strings.HasSuffix(s.Text.En, ".") {
				t.Errorf("%s: %q %q", s.Rule, s.Text.Zh, s.Text.En)
			}
			for _, at := range s.On {
				if !slices.ContainsFunc(list, func(e observatory.Exhibit) bool { _, ok := e.Find(at.Row, at.Column); return ok && e.ID == at.Exhibit }) {
					t.Errorf("%s rests on %v, which is not there", s.Rule, at)
				}
			}
			t.Logf("%-28s %s | %s", s.Rule, s.Text.Zh, s.Text.En)
		}
	}
	check(r.Summary)
	for _, c := range r.Chapters {
		if len(c.Lead) == 0 || len(c.Points) == 0 || len(c.Sections) < 4 {
			t.Errorf("chapter %s is thin", c.ID)
		}
		check(c.Lead)
		for _, s := range c.Sections {
			check(s.Sentences)
			for _, f := range s.Figures {
				shown[f.Exhibit.ID] = true
				for _, col := range f.Columns {
					if f.Exhibit.Column(col) < 0 {
						t.Errorf("%s has no column %s", f.Exhibit.ID, col)
					}
				}
			}
		}
	}
	for _, s := range r.Appendix {
		for _, f := range s.Figures {
			shown[f.Exhibit.ID] = true
		}
	}
	for _, e := range list {
		if !shown[e.ID] {
			t.Errorf("%s is nowhere in the report", e.ID)
		}
	}
	if count < 60 {
		t.Errorf("only %d sentences", count)
	}
}

// national computes both editions of the calibrated nation.
func national(t *testing.T) (*report.Report, []observatory.Exhibit) {
	t.Helper()
	cat, err := observatory.LoadCatalog(catalog.FS)
	if err != nil {
		t.Fatal(err)
	}
	this, last, err := nation.Simulate(1, nation.Input{Catalogue: catalog.FS, Scale: 1})
	if err != nil {
		t.Fatal(err)
	}
	before, err := observatory.Compute(&last, nil, cat)
	if err != nil {
		t.Fatal(err)
	}
	now, err := observatory.Compute(&this, &last, cat)
	if err != nil {
		t.Fatal(err)
	}
	r, err := report.Make(report.Edition{Name: "2015", Previous: "2014", Simulated: true, Accounts: len(this.Accounts)}, now, before)
	if err != nil {
		t.Fatal(err)
	}
	return r, now
}
