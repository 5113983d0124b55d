package find_test

import (
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"zhijian/catalog"
	"zhijian/domain/service/find"
)

// kinds are the catalogue's 101 kinds as documents: Chinese titles, or English ones.
func kinds(tb testing.TB, english bool) []find.Doc {
	tb.Helper()
	f, err := catalog.FS.Open("kinds/kinds.csv")
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		tb.Fatal(err)
	}
	var docs []find.Doc
	for _, row := range rows[1:] {
		title, other := row[2], row[3]
		if english {
			title, other = other, title
		}
		keywords := append(strings.Split(row[13], ";"), strings.Split(row[14], ";")...)
		docs = append(docs, find.Doc{ID: row[1], Kind: "kind", Title: title, Keywords: append(keywords, other)})
	}
	return docs
}

func synonyms(tb testing.TB) find.Synonyms {
	tb.Helper()
	list, err := find.LoadSynonyms(catalog.FS)
	if err != nil {
		tb.Fatal(err)
	}
	return list
}

// queries are what residents type, each with the kind that must come first.
var queries = []struct{ q, want string }{
	// Everyday words.
	{"违章", "vehicle-violation-query"},
	{"查违章", "vehicle-violation-query"},
	{"违章查询", "vehicle-violation-query"},
	{"交罚款", "traffic-fine-payment"},
	{"缴罚款", "traffic-fine-payment"},
	{"罚单", "traffic-fine-payment"},
	{"电子眼", "vehicle-violation-query"},
	{"驾照扣分", "driver-points-query"},
	{"驾驶证扣了几分", "driver-points-query"},
	{"换驾照", "online-vehicle-office"},
	{"挪车", "move-car-request"},
	{"堵车", "live-road-conditions"},
	{"年检", "vehicle-inspection-booking"},
	{"今天限行吗", "traffic-restriction-query"},
	{"摇号", "car-plate-lottery-query"},
	{"科目二", "driving-test-booking"},
	{"追尾了怎么办", "accident-quick-handling"},
	{"身份证丢了", "id-card-service"},
	{"户口", "household-service-booking"},
	{"迁户口", "household-service-booking"},
	{"暂住证", "residence-permit-apply"},
	{"护照", "exit-entry-booking"},
	{"去香港", "hk-macau-endorsement-renewal"},
	{"宝宝起名", "newborn-name-duplicate-check"},
	{"挂号", "hospital-registration"},
	{"我要看病", "hospital-registration"},
	{"打疫苗", "vaccine-booking"},
	{"化验单", "medical-report-query"},
	{"住院押金", "inpatient-deposit-payment"},
	{"准生证", "family-planning-registration"},
	{"高考分数", "exam-score-query"},
	{"小升初", "school-enrollment-registration"},
	{"学区房", "school-district-query"},
	{"交学费", "school-fee-payment"},
	{"房产证", "property-registration-query"},
	{"过户", "property-registration-booking"},
	{"公租房", "public-rental-housing-query"},
	{"公积金", "provident-fund-query"},
	{"查公积金余额", "provident-fund-query"},
	{"提公积金", "provident-fund-withdrawal"},
	{"社保断了", "social-insurance-query"},
	{"社保缴费", "social-insurance-query"},
	{"社保卡丢了", "social-security-card-service"},
	{"退休金", "pension-insurance-query"},
	{"医保余额", "medical-insurance-query"},
	{"找工作", "job-search"},
	{"领证", "marriage-registration-booking"},
	{"养老院", "elderly-care-map"},
	{"公交到哪了", "bus-realtime-arrival"},
	{"末班车", "metro-guide"},
	{"停车位", "parking-space-query"},
	{"高铁票", "train-ticket"},
	{"过路费", "toll-etc-query"},
	{"ETC充值", "toll-etc-query"},
	{"天气", "weather-forecast"},
	{"明天下雨吗", "rainfall-nowcast"},
	{"下雨", "rainfall-nowcast"},
	{"台风", "weather-warning"},
	{"PM2.5", "air-quality-query"},
	{"油价", "gas-station-map"},
	{"电费", "electricity-bill-payment"},
	{"交电费", "electricity-bill-payment"},
	{"充电费", "electricity-bill-payment"},
	{"煤气费", "gas-bill-payment"},
	{"水电煤", "unified-bill-query"},
	{"暖气不热", "heating-service-desk"},
	{"充话费", "telecom-tv-payment"},
	{"个税", "income-tax-record-query"},
	{"假发票", "local-tax-invoice-check"},
	{"借书", "library-service"},
	{"羽毛球", "venue-booking"},
	{"门票", "scenic-ticket"},
	{"打官司", "court-case-query"},
	{"营业执照", "enterprise-credit-query"},
	{"12315", "consumer-complaint"},
	{"快递", "parcel-tracking"},
	{"路灯坏了", "city-problem-report"},
	{"附近的厕所", "nearby-facility-map"},
	{"献血", "blood-donation-service"},
	{"办事大厅", "hall-appointment"},
	{"取号", "hall-appointment"},
	{"怎么办事", "service-guide-search"},
	{"市长热线", "hotline-12345"},
	{"12345", "hotline-12345"},
	{"人多不多", "crowd-heatmap"},
	// In the middle of a sentence, or in another order.
	{"请问怎么交罚款", "traffic-fine-payment"},
	{"我想换驾驶证", "online-vehicle-office"},
	{"电费在哪里交", "electricity-bill-payment"},
	{"罚款交通", "traffic-fine-payment"},
	{"预约 大厅", "hall-appointment"},
	// Full names.
	{"交通违法罚款缴纳", "traffic-fine-payment"},
	{"机动车违法查询", "vehicle-violation-query"},
	{"电费查询与充值缴费", "electricity-bill-payment"},
	// Pinyin, whole, begun, mixed and oddly split.
	{"jiaofakuan", "traffic-fine-payment"},
	{"jiao fa kuan", "traffic-fine-payment"},
	{"jia ofa ku an", "traffic-fine-payment"},
	{"jiao'fa'kuan", "traffic-fine-payment"},
	{"JIAOFAKUAN", "traffic-fine-payment"},
	{"jiāofákuǎn", "traffic-fine-payment"},
	{"weizhang", "vehicle-violation-query"},
	{"weizh", "vehicle-violation-query"},
	{"dianfei", "electricity-bill-payment"},
	{"jiaodianfei", "electricity-bill-payment"},
	{"tianqi", "weather-forecast"},
	{"guahao", "hospital-registration"},
	{"gongjijin", "provident-fund-query"},
	{"yinhang", ""},
	{"lvyou", "tour-route-search"},
	{"luyou", "tour-route-search"},
	{"lǚyóu", "tour-route-search"},
	{"huanshu", "library-service"},
	{"zenmejiaofakuan", "traffic-fine-payment"},
	{"交fakuan", "traffic-fine-payment"},
	{"jiao罚款", "traffic-fine-payment"},
	{"jiaofk", "traffic-fine-payment"},
	// Initials.
	{"jfk", "traffic-fine-payment"},
	{"jtwf", "vehicle-violation-query"},
	{"jtwffk", "traffic-fine-payment"},
	{"gjj", "provident-fund-query"},
	{"cwz", "vehicle-violation-query"},
	{"yygh", "hospital-registration"},
	{"tqyb", "weather-forecast"},
	{"查wz", "vehicle-violation-query"},
	// Slips of the finger and of the ear.
	{"交通为法", "vehicle-violation-query"},
	{"电废", "electricity-bill-payment"},
	{"交发款", "traffic-fine-payment"},
	{"住房公鸡金", "provident-fund-query"},
	{"预约挂毫", "hospital-registration"},
	{"桂号", "hospital-registration"},
	{"驾驶正扣分", "driver-points-query"},
	{"天汽预报", "weather-forecast"},
	{"交通违法罚宽缴纳", "traffic-fine-payment"},
	{"jiaofakaun", "traffic-fine-payment"},
	{"jiofakuan", "traffic-fine-payment"},
	{"gongjijing", "provident-fund-query"},
	{"dainfei", "electricity-bill-payment"},
	{"違章", "vehicle-violation-query"},
	{"電費", "electricity-bill-payment"},
	{"水電煤", "unified-bill-query"},
	// English.
	{"fine", "traffic-fine-payment"},
	{"fines", "traffic-fine-payment"},
	{"ticket", "traffic-fine-payment"},
	{"parking ticket", "traffic-fine-payment"},
	{"how to pay a traffic fine", "traffic-fine-payment"},
	{"electricity", "electricity-bill-payment"},
	{"electricty", "electricity-bill-payment"},
	{"pay electricity bill", "electricity-bill-payment"},
	{"weather", "weather-forecast"},
	{"weath", "weather-forecast"},
	{"wether forecast", "weather-forecast"},
	{"appointment", "hall-appointment"},
	{"apointment", "hall-appointment"},
	{"service hall", "hall-appointment"},
	{"driver's license", "online-vehicle-office"},
	{"renew driver license", "online-vehicle-office"},
	{"doctor", "hospital-registration"},
	{"passport", "exit-entry-booking"},
	{"bus", "bus-realtime-arrival"},
	{"taxes", "income-tax-record-query"},
	// Nothing.
	{"火星移民", ""},
	{"zzzzqqqq", ""},
	{"？！", ""},
	{"", ""},
	{"   ", ""},
}

func TestQueries(t *testing.T) {
	t.Parallel()
	list := synonyms(t)
	for _, lang := range []struct {
		name    string
		english bool
	}{{"Chinese titles", false}, {"English titles", true}} {
		t.Run(lang.name, func(t *testing.T) {
			t.Parallel()
			x := find.New(kinds(t, lang.english), list)
			for _, c := range queries {
				res := x.Search(c.q, 10)
				got, second := "", ""
				if len(res.Hits) > 0 {
					got = res.Hits[0].Doc.ID
				}
				if len(res.Hits) > 1 {
					second = res.Hits[1].Doc.ID
				}
				if got != c.want {
					t.Errorf("%q finds %q before %q, want %q; %s", c.q, got, second, c.want, scores(res))
				}
			}
		})
	}
}

func scores(r find.Result) string {
	var b strings.Builder
	for _, h := range r.Hits[:min(4, len(r.Hits))] {
		b.WriteString(h.Doc.Title)
		b.WriteByte(' ')
		b.WriteString(strconv.FormatFloat(h.Score, 'g', 4, 64))
		b.WriteString("; ")
	}
	return b.String()
}

// Every kind is found first by its full name, in both languages.
func TestEveryKindIsFoundByItsName(t *testing.T) {
	t.Parallel()
	docs := kinds(t, false)
	x := find.New(docs, synonyms(t))
	for _, d := range docs {
		for _, name := range []string{d.Title, d.Keywords[len(d.Keywords)-1]} {
			if res := x.Search(name, 1); len(res.Hits) != 1 || res.Hits[0].Doc.ID != d.ID {
				t.Errorf("%q finds %s", name, scores(res))
			}
		}
	}
}

func TestHeard(t *testing.T) {
	t.Parallel()
	x := find.New(kinds(t, false), synonyms(t))
	for _, c := range []struct {
		q    string
		want *find.Heard
	}{
		{"违章", &find.Heard{Word: "违章", Official: "交通违法"}},
		{"怎么查违章", &find.Heard{Word: "违章", Official: "交通违法"}},
		{"weizhang", &find.Heard{Word: "违章", Official: "交通违法"}},
		{"换驾照", &find.Heard{Word: "驾照", Official: "驾驶证"}},
		{"驾照", &find.Heard{Word: "驾照", Official: "驾驶证"}},
		{"户口", &find.Heard{Word: "户口", Official: "户籍"}},
		{"社保断了", &find.Heard{Word: "社保断了", Official: "补缴"}},
		{"煤气费", &find.Heard{Word: "煤气费", Official: "燃气费"}},
		{"办事大厅取号", &find.Heard{Word: "办事大厅", Official: "政务大厅"}},
		{"交通违法", nil},
		{"违章交通违法", nil}, // the official form was said too
		{"天气", nil},     // nothing worth saying
		{"fine", nil},
		{"火星", nil},
	} {
		if diff := cmp.Diff(c.want, x.Search(c.q, 5).Heard); diff != "" {
			t.Errorf("%s: %s", c.q, diff)
		}
	}
}

func TestMarks(t *testing.T) {
	t.Parallel()
	x := find.New(kinds(t, false), synonyms(t))
	for _, c := range []struct{ q, id, want string }{
		{"罚款", "traffic-fine-payment", "交通违法[罚款]缴纳"},
		{"交通罚款", "traffic-fine-payment", "[交通]违法[罚款]缴纳"},
		{"违章", "traffic-fine-payment", "[交通违法]罚款缴纳"},
		{"交通为法", "traffic-fine-payment", "[交通]违法罚款缴纳"},
		{"为法", "traffic-fine-payment", "交通[违法]罚款缴纳"},
		{"dianfei", "electricity-bill-payment", "[电费]查询与充值缴费"},
		{"jtwf", "traffic-fine-payment", "[交通违法]罚款缴纳"},
		{"ETC", "toll-etc-query", "通行费与[ETC]查询充值"},
		{"etc充值", "toll-etc-query", "通行费与[ETC]查询[充值]"},
		{"12345", "hotline-12345", "[12345] 政民互动"},
		{"交电费", "electricity-bill-payment", "[电费]查询与充值缴费"},
		{"fine", "traffic-fine-payment", "[交通违法罚款]缴纳"},
	} {
		got := ""
		for _, h := range x.Search(c.q, 50).Hits {
			if h.Doc.ID == c.id {
				got = marked(h)
			}
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.q, got, c.want)
		}
	}
}

func marked(h find.Hit) string {
	title := []rune(h.Doc.Title)
	var b strings.Builder
	at := 0
	for _, m := range h.Marks {
		b.WriteString(string(title[at:m[0]]) + "[" + string(title[m[0]:m[1]]) + "]")
		at = m[1]
	}
	b.WriteString(string(title[at:]))
	return b.String()
}

func TestSuggest(t *testing.T) {
	t.Parallel()
	x := find.New(kinds(t, false), synonyms(t))
	res := x.Search("电吹风", 5)
	if len(res.Hits) != 0 || len(res.Suggest) == 0 || len(res.Suggest) > 3 {
		t.Errorf("%+v", res)
	}
	if res := x.Search("电费", 5); len(res.Suggest) != 0 {
		t.Errorf("suggestions beside hits: %v", res.Suggest)
	}
}

func TestWeightAndOrder(t *testing.T) {
	t.Parallel()
	docs := []find.Doc{
		{ID: "a", Title: "杭州交警"},
		{ID: "b", Title: "杭州交警", Weight: 1},
		{ID: "c", Title: "杭州交警"},
		{ID: "d", Title: "别的", Sub: "杭州交警"},
	}
	var got []string
	for _, h := range find.New(docs, nil).Search("杭州交警", 10).Hits {
		got = append(got, h.Doc.ID)
	}
	if diff := cmp.Diff([]string{"b", "a", "c", "d"}, got); diff != "" {
		t.Error(diff)
	}
}

// TestUse: of what fits alike the more used comes first, and nothing that fits clearly less well is lifted over what fits better.
func TestUse(t *testing.T) {
	t.Parallel()
	ids := func(docs []find.Doc, q string) (list []string) {
		for _, h := range find.New(docs, nil).Search(q, 200).Hits {
			list = append(list, h.Doc.ID)
		}
		return list
	}
	same := []find.Doc{
		{ID: "a", Title: "社保查询"},
		{ID: "b", Title: "社保转移", Use: 0.1},
		{ID: "c", Title: "社保登记", Use: 1},
		{ID: "d", Title: "社保缴费", Use: 7},
		{ID: "e", Title: "城乡社保", Use: 1},
		{ID: "f", Title: "交社保", Use: 1},
	}
	if diff := cmp.Diff([]string{"c", "d", "b", "a"}, ids(same, "社保")[:4]); diff != "" {
		t.Error(diff)
	}
	if got := ids(same, "社保查询"); got[0] != "a" {
		t.Errorf("the unused service that is meant comes after %s", got[0])
	}
	// However many fit alike, the most used are among those that are compared.
	var many []find.Doc
	for n := range 300 {
		many = append(many, find.Doc{ID: fmt.Sprint(n), Title: "医保" + string(rune('一'+n))})
	}
	many[297].Use = 0.5
	for _, q := range []string{"医保", "yibao", "yb"} {
		if got := ids(many, q); len(got) == 0 || got[0] != "297" {
			t.Errorf("%s: the used service is not first of %d", q, len(got))
		}
	}
	// Whatever the use, two hits that change places fit alike to within the lift.
	docs := kinds(t, false)
	for i := range docs {
		docs[i].Use = float64(i%5) / 4
	}
	plain, used := find.New(kinds(t, false), synonyms(t)), find.New(docs, synonyms(t))
	for _, c := range queries {
		fits := map[string]float64{}
		for _, h := range plain.Search(c.q, 200).Hits {
			fits[h.Doc.ID] = h.Score
		}
		best := 9.0
		for _, h := range used.Search(c.q, 200).Hits {
			fit, known := fits[h.Doc.ID]
			if !known {
				continue
			}
			if fit > best+0.051 {
				t.Errorf("%s: %s fits with %.3f and comes behind what fits with %.3f", c.q, h.Doc.Title, fit, best)
			}
			best = min(best, fit)
		}
	}
}

func TestEmpty(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]*find.Index{
		"no documents":    find.New(nil, nil),
		"empty documents": find.New([]find.Doc{{}, {Title: "  "}}, find.Synonyms{{Word: "", Official: []string{"", "一"}}}),
	} {
		if res := x.Search("电费", 5); len(res.Hits) != 0 || res.Heard != nil {
			t.Errorf("%s: %+v", name, res)
		}
	}
	x := find.New(kinds(t, false), nil)
	for _, limit := range []int{-1, 0} {
		if n := len(x.Search("电费", limit).Hits); n != 0 {
			t.Errorf("limit %d gives %d", limit, n)
		}
	}
}

func TestLoadSynonyms(t *testing.T) {
	t.Parallel()
	list := synonyms(t)
	zh, docs := 0, kinds(t, false)
	for _, s := range list {
		if s.Lang == "zh" {
			zh++
		}
		for _, o := range s.Official {
			found := false
			for _, d := range docs {
				found = found || strings.Contains(d.Title+"\n"+strings.Join(d.Keywords, "\n"), o)
			}
			if !found {
				t.Errorf("%s stands for %s, which no kind is called", s.Word, o)
			}
		}
		if s.Say && strings.Contains(s.Word, s.Official[0]) {
			t.Errorf("%s contains its official form", s.Word)
		}
	}
	if zh < 120 || len(list)-zh < 30 {
		t.Errorf("%d Chinese and %d English words", zh, len(list)-zh)
	}
	const head = "word,official,say,lang\n"
	for _, c := range []struct{ name, text, want string }{
		{"twice", head + "a,b,1,zh\na,c,1,zh\n", "occurs twice"},
		{"no official", head + "a,,1,zh\n", "not whole"},
		{"language", head + "a,b,1,fr\n", "not whole"},
		{"columns", head + "a,b\n", "wrong number of fields"},
	} {
		_, err := find.LoadSynonyms(fstest.MapFS{"synonyms/synonyms.csv": {Data: []byte(c.text)}})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
