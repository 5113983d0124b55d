package chart_test

import (
	"encoding/csv"
	"math"
	"os"
	"slices"
	"strconv"
	"testing"

	"zhijian/ui/chart"
)

// The figures are those of the white paper of 2015 where it prints them; curves that need more are plain laws.

func frame(id, title string) chart.Frame {
	return chart.Frame{ID: id, Title: title, Lang: "zh"}
}

type sample struct {
	name string
	of   func(f chart.Frame) chart.Chart
	f    chart.Frame
}

func samples(t testing.TB) []sample {
	t.Helper()
	cities := readCities(t)
	return []sample{
		{"bars", bars, frame("bars", "浙江第一，河北升得最快")},
		{"diverging", diverging, frame("diverging", "河北的活跃排名比总量落后 11 名")},
		{"times", times, frame("times", "办结用时：半数和九成")},
		{"grouped", grouped, frame("grouped", "服务号占比：医疗机构越大越高")},
		{"lines", lines, frame("lines", "三年账号总量")},
		{"tail", func(f chart.Frame) chart.Chart { return tail(f, false) }, frame("tail", "前 31 个城市之后是长尾")},
		{"tail-log", func(f chart.Frame) chart.Chart { return tail(f, true) }, frame("tail-log", "名次与规模近似幂律")},
		{"tiers", tiers, frame("tiers", "31 个城市占了三成账号")},
		{"scatter", func(f chart.Frame) chart.Chart { return scatter(f, cities) }, frame("scatter", "账号多，不等于用户活跃")},
		{"quadrants", quadrants, frame("quadrants", "四类领域")},
		{"slope", slope, frame("slope", "经济不发达的地方，也能走在前面")},
		{"shares", shares, frame("shares", "20% 的服务，占 80% 的使用")},
		{"shares-parts", shareParts, frame("shares-parts", "各级账号的构成")},
		{"lorenz", lorenz, frame("lorenz", "账号分布很不均")},
		{"tiles", tiles, frame("tiles", "各省账号总量")},
		{"tiles-en", tilesEnglish, frame("tiles-en", "Accounts by province")},
		{"points", points, frame("points", "账号集中在东部沿海")},
		{"pyramid", pyramid, frame("pyramid", "各级账号与活跃")},
		{"histogram", histogram, frame("histogram", "大多数城市不到 200 个账号")},
		{"elbow", elbow, frame("elbow", "分 5 级之后，误差不再明显下降")},
		{"countries", countries, frame("countries", "五大洲 40 多个国家开通了账号")},
		{"stairs", stairs, frame("stairs", "多数账号停在第二阶段")},
		{"empty", func(f chart.Frame) chart.Chart { return &chart.Bars{Frame: f} }, frame("empty", "没有数据的图")},
	}
}

type city struct {
	name          string
	total, active float64
}

func readCities(t testing.TB) []city {
	t.Helper()
	f, err := os.Open("testdata/ranks.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var list []city
	for _, r := range rows[1:] {
		a, _ := strconv.ParseFloat(r[1], 64)
		b, _ := strconv.ParseFloat(r[2], 64)
		list = append(list, city{r[0], a, b})
	}
	if len(list) != 334 {
		t.Fatalf("%d cities", len(list))
	}
	return list
}

func bars(f chart.Frame) chart.Chart {
	b := &chart.Bars{Frame: f, Head: chart.BarHead{Rank: "名次", Label: "省份", Value: "账号总量", More: []string{"比上年", "活跃排名"}}}
	for i, r := range []struct {
		name           string
		n              float64
		change, active string
	}{
		{"浙江", 5992, "▲ 1", "1"},
		{"广东", 5654, "▼ 1", "2"},
		{"山东", 5606, "▲ 1", "4"},
		{"河北", 4774, "▲ 14", "15"},
		{"四川", 4425, "▲ 2", "7"},
		{"河南", 4360, "持平", "5"},
		{"江苏", 4293, "▼ 4", "3"},
		{"陕西", 3021, "▲ 1", "13"},
		{"湖南", 2924, "▲ 2", "8"},
		{"福建", 2692, "▼ 5", "6"},
	} {
		b.Items = append(b.Items, chart.Bar{Label: r.name, Value: r.n, Rank: i + 1, More: []string{r.change, r.active}})
	}
	return b
}

func diverging(f chart.Frame) chart.Chart {
	return &chart.Diverging{
		Frame: f, Label: "省份", Value: "名次差", Number: chart.Number{Signed: true}, Below: "活跃落后于账号", Above: "活跃领先于账号",
		Items: []chart.Difference{
			{"河北", -11, "4 → 15"},
			{"陕西", -5, "8 → 13"},
			{"四川", -2, "5 → 7"},
			{"山东", -1, "3 → 4"},
			{"浙江", 0, "1 → 1"},
			{"广东", 0, "2 → 2"},
			{"河南", 1, "6 → 5"},
			{"湖南", 1, "9 → 8"},
			{"江苏", 4, "7 → 3"},
			{"福建", 4, "10 → 6"},
			{"西藏", chart.None, ""},
		},
	}
}

func grouped(f chart.Frame) chart.Chart {
	return &chart.Grouped{
		Frame: f, Label: "机构", Series: []string{"服务号占比", "已认证占比"}, Number: chart.Number{Decimals: 1, Unit: "%"},
		Items: []chart.Group{{"等级医院", []float64{45.4, 60.2}}, {"基层医疗卫生机构", []float64{33.1, 41}}, {"公共卫生机构", []float64{30, chart.None}}, {"其他医疗机构", []float64{36.8, 52.5}}},
	}
}

func times(f chart.Frame) chart.Chart {
	return &chart.Times{
		Frame: f, Label: "事项", Series: []string{"中位数不多于", "九成不多于"}, Number: chart.Number{Unit: " 秒"},
		Items: []chart.Group{{"违法查询", []float64{10, 50}}, {"居住证签注", []float64{200_000, 1_000_000}}, {"挂号", []float64{1000, chart.None}}},
	}
}

func lines(f chart.Frame) chart.Chart {
	return &chart.Lines{
		Frame: f, X: chart.Axis{Title: "月", Ticks: []float64{1, 3, 5, 8}}, Y: chart.Axis{Title: "账号（个）", Zero: true},
		Breaks: []chart.Mark{{6, "6 月起换口径"}},
		Lines: []chart.Line{
			{"订阅号", []chart.Point{{1, 40000}, {2, 43000}, {3, 46000}, {4, 50500}, {5, 53000}, {6, chart.None}, {7, 58000}, {8, 61000}}},
			{"服务号", []chart.Point{{1, 11000}, {2, 12000}, {3, 13500}, {4, 15000}, {5, 17000}, {6, 19000}, {7, 21000}, {8, 22641}}},
			{"已认证", []chart.Point{{1, 12000}, {2, 12500}, {3, 13900}, {4, 15300}, {5, 17500}, {6, 19600}, {7, 21900}, {8, 23500}}},
		},
	}
}

func zipf(n int, c, s float64) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = math.Round(c * math.Pow(float64(i+1), -s))
	}
	return out
}

func tail(f chart.Frame, log bool) chart.Chart {
	return &chart.Tail{
		Frame: f, Values: zipf(334, 1462, .62), X: chart.Axis{Title: "名次 →", Log: log}, Y: chart.Axis{Title: "账号（个）", Log: log},
		Marks: []chart.Mark{{1, "杭州 1,462"}, {31, "第 31 名"}, {110, "第 110 名"}},
	}
}

func tiers(f chart.Frame) chart.Chart {
	return &chart.Tiers{
		Frame: f, Label: "级", Wide: "城市数", Area: "账号总数", Unit: " 个城市", Y: chart.Axis{Title: "平均账号数"},
		Blocks: []chart.Block{
			{"第一级", 1, 1462, "杭州 1,462 个"},
			{"第二级", 7, 925, "第二级 7 城，平均 925"},
			{"第三级", 23, 564, "第三级 23 城，平均 564"},
			{"第四级", 79, 293, "第四级 79 城，平均 293"},
			{"第五级", 224, 112, "第五级 224 城，平均约 112（推算）"},
		},
		Brackets: []chart.Bracket{{0, 2, "前三级占 30.3%"}, {3, 4, "第四、五级占 69.7%"}},
	}
}

func scatter(f chart.Frame, cities []city) chart.Chart {
	s := &chart.Scatter{
		Frame: f, Diagonal: true, Label: "城市", Quiet: "相差 100 名以内", Groups: []string{"活跃高出 100 名以上", "账号高出 100 名以上"},
		X: chart.Axis{Title: "账号总量名次 →", Exact: true, Ticks: []float64{1, 100, 200, 334}}, Y: chart.Axis{Title: "← 活跃用户名次", Exact: true, Reverse: true, Ticks: []float64{1, 100, 200, 334}},
	}
	show := map[string]bool{"温州": true, "东莞": true, "杭州": true, "成都": true, "保定": true, "邯郸": true, "南充": true, "承德": true, "内江": true, "贵港": true, "丽江": true, "三沙": true}
	for _, c := range cities {
		d := chart.Dot{Label: c.name, X: c.total, Y: c.active, Named: show[c.name]}
		switch {
		case c.total-c.active > 100:
			d.Group = 1
		case c.active-c.total > 100:
			d.Group = 2
		}
		s.Dots = append(s.Dots, d)
	}
	return s
}

func quadrants(f chart.Frame) chart.Chart {
	return &chart.Scatter{
		Frame: f, Label: "领域", Size: "点击", X: chart.Axis{Title: "账号（个）", Log: true}, Y: chart.Axis{Title: "平均活跃用户", Zero: true},
		CutX: []chart.Mark{{1550, "中位 1,550"}}, CutY: []chart.Mark{{180, "平均 180"}}, Corners: [4]string{"潜力", "活跃", "待开发", "待推广"},
		Dots: []chart.Dot{
			{"医疗", 27080, 240, 0, false, 900},
			{"公安", 10060, 520, 0, false, 700},
			{"政府办", 9281, 310, 0, false, 300},
			{"税务", 2750, 150, 0, false, 200},
			{"教育", 1100, 420, 0, false, 150},
			{"旅游", 900, 350, 0, false, 100},
			{"气象", 700, 300, 0, false, 80},
			{"国防", 120, 40, 0, false, 5},
			{"司法", 2100, 60, 0, false, 30},
			{"地震", 90, 75, 0, false, 4},
			{"未知", chart.None, 20, 0, false, 1},
		},
	}
}

func slope(f chart.Frame) chart.Chart {
	s := &chart.Slope{Frame: f, Left: "账号总量名次", Right: "人均 GDP 名次", Label: "省份"}
	for i, r := range []struct {
		name string
		to   float64
	}{{"浙江", 5}, {"广东", 6}, {"山东", 8}, {"河北", 17}, {"四川", 22}, {"河南", 20}, {"江苏", 4}, {"陕西", 13}, {"湖南", 21}, {"福建", 10}} {
		s.Items = append(s.Items, chart.Pair{Label: r.name, From: float64(i + 1), To: r.to, Strong: r.to-float64(i+1) >= 10})
	}
	return s
}

func shares(f chart.Frame) chart.Chart {
	return &chart.Shares{
		Frame: f, Parts: []string{"前 10 类", "其余"}, Number: chart.Number{Decimals: 1, Unit: "%"}, Label: "口径",
		Rows: []chart.Share{{Label: "服务号", Values: []float64{80.1, 19.9}, Texts: []string{"前 10 类（共约 52 类）80.1%", "其余 19.9%"}}, {Label: "订阅号", Values: []float64{77, 23}}},
	}
}

func shareParts(f chart.Frame) chart.Chart {
	return &chart.Shares{
		Frame: f, Parts: []string{"国家级", "省级", "地市级", "区县级", "乡镇级", "未知"}, Number: chart.Number{Unit: "%"}, Label: "类别",
		Rows: []chart.Share{{Label: "全部", Values: []float64{2, 11, 34, 41, 9, 3}}, {Label: "职能", Values: []float64{1, 20, 40, 30, 9, 0}}, {Label: "民生", Values: []float64{0, 0, 0, 0, 0, 0}}},
	}
}

// held gives the percentages held by the lowest 0, 1, 2 … n values; nothing when there is no sum.
func held(values []float64) []float64 {
	sorted, total, sum := slices.Sorted(slices.Values(values)), 0.0, 0.0
	for _, v := range sorted {
		total += v
	}
	if !(total > 0) {
		return nil
	}
	out := []float64{0}
	for _, v := range sorted {
		sum += v
		out = append(out, float64(100*sum)/total)
	}
	return out
}

func lorenz(f chart.Frame) chart.Chart {
	return &chart.Lorenz{
		Frame: f, X: "城市，由少到多累计", Y: "账号累计占比", Curves: []chart.Curve{{"账号 基尼 0.42", held(zipf(334, 1462, .62))}, {"点击 基尼 0.71", held(zipf(334, 90000, 1.1))}},
		Marks: []chart.Mark{{80, "八成城市占一半"}},
	}
}

var provinces = map[string]float64{
	"330000": 5992, "440000": 5654, "370000": 5606, "130000": 4774, "510000": 4425, "410000": 4360, "320000": 4293, "610000": 3021, "430000": 2924,
	"350000": 2692, "110000": 2442, "310000": 1793, "500000": 1147, "120000": 1058,
}

func tiles(f chart.Frame) chart.Chart {
	t := &chart.Tiles{Frame: f, Classes: []string{"第 3 阶梯 7 个", "第 2 阶梯 17 个", "第 1 阶梯 7 个"}, Outside: "不在统计范围", Label: "省份", Value: "账号"}
	third := map[string]bool{"460000": true, "220000": true, "120000": true, "500000": true, "640000": true, "540000": true, "630000": true}
	for _, code := range []string{
		"110000", "120000", "130000", "140000", "150000", "210000", "220000", "230000", "310000", "320000", "330000", "340000", "350000", "360000", "370000", "410000",
		"420000", "430000", "440000", "450000", "460000", "500000", "510000", "520000", "530000", "540000", "610000", "620000", "630000", "640000", "650000",
	} {
		i := chart.Tile{Code: code, Class: 2, Value: chart.None}
		if n, ok := provinces[code]; ok {
			i.Value = n
		}
		switch {
		case third[code]:
			i.Class = 1
		case i.Value > 4000:
			i.Class = 3
		}
		t.Items = append(t.Items, i)
	}
	return t
}

func tilesEnglish(f chart.Frame) chart.Chart {
	f.Lang = "en"
	t := tiles(f).(*chart.Tiles)
	t.Classes, t.Outside, t.Label, t.Value = []string{"Up to 1,000", "1,001–2,000", "2,001–3,000", "3,001–4,000", "Above 4,000"}, "Not counted", "Province", "Accounts"
	for i := range t.Items {
		t.Items[i].Class = i%5 + 1
		t.Items[i].Href = "/en/observatory/provinces/" + t.Items[i].Code
	}
	return t
}

func points(f chart.Frame) chart.Chart {
	return &chart.Points{
		Frame: f, Label: "城市", Value: "账号", Groups: []string{"前三级"}, Quiet: "其余",
		Places: []chart.Place{
			{"杭州", 119.48, 29.9, 1462, 1},
			{"成都", 103.93, 30.65, 1135, 1},
			{"广州", 113.55, 23.33, 1014, 1},
			{"深圳", 114.13, 22.64, 989, 1},
			{"温州", 120.46, 27.9, 895, 1},
			{"郑州", 113.47, 34.61, 842, 1},
			{"青岛", 120.14, 36.45, 825, 1},
			{"西安", 108.79, 34.11, 770, 1},
			{"宁波", 121.46, 29.73, 710, 1},
			{"武汉", 114.34, 30.62, 699, 1},
			{"石家庄", 114.45, 38.13, 596, 1},
			{"哈尔滨", 127.96, 45.64, 400, 0},
			{"乌鲁木齐", 87.9, 43.6, 250, 0},
			{"拉萨", 91.1, 29.97, 90, 0},
			{"喀什", 77.2, 37.9, 60, 0},
			{"呼伦贝尔", 121.3, 49.6, 80, 0},
			{"三沙", 112.34, 16.83, 3, 0},
			{"海口", 110.48, 19.8, 210, 0},
			{"昆明", 102.87, 25.4, 480, 0},
			{"兰州", 103.6, 36.3, 300, 0},
			{"无数", 100, 35, chart.None, 0},
		},
	}
}

func pyramid(f chart.Frame) chart.Chart {
	return &chart.Pyramid{Frame: f, Label: "层级", Left: "账号（个）", Right: "平均活跃用户", Bands: []chart.Band{{"国家", 620, 900}, {"省", 8100, 610}, {"地市", 27400, 420}, {"区县", 38900, 230}, {"乡镇", 8621, chart.None}}}
}

func histogram(f chart.Frame) chart.Chart {
	h := &chart.Histogram{Frame: f, X: chart.Axis{Title: "每城账号数"}, Y: chart.Axis{Title: "城市（个）"}, Marks: []chart.Mark{{207, "平均 207"}, {150, "中位 150"}}}
	for i, n := range []float64{104, 92, 52, 31, 20, 12, 8, 5, 4, 2, 1, 0, 1, 1, 1} {
		h.Bins = append(h.Bins, chart.Bin{From: float64(i * 100), To: float64(i*100 + 100), Count: n})
	}
	return h
}

func elbow(f chart.Frame) chart.Chart {
	return &chart.Elbow{Frame: f, First: 1, Scores: []float64{100, 41.2, 21, 12.4, 7.1, 5.9, 5.1, 4.6}, Chosen: 5, Text: "5 级", X: "级数", Y: chart.Axis{Title: "剩余误差", Zero: true, Number: chart.Number{Decimals: 1, Unit: "%"}}}
}

func countries(f chart.Frame) chart.Chart {
	c := &chart.Countries{Frame: f, Label: "国家", Value: "账号"}
	for i, r := range []string{"US 美国", "GB 英国", "FR 法国", "CA 加拿大", "AU 澳大利亚", "KR 韩国", "JP 日本", "TH 泰国", "SG 新加坡", "NZ 新西兰", "DE 德国", "ES 西班牙", "IT 意大利", "BA 波斯尼亚和黑塞哥维那"} {
		c.Items = append(c.Items, chart.Country{Code: r[:2], Name: r[3:], Value: math.Round(60 / float64(i+1))})
	}
	return c
}

func stairs(f chart.Frame) chart.Chart {
	return &chart.Stairs{Frame: f, Label: "阶段", Value: "账号", Stages: []chart.Stage{
		{"一 起步", "能找到", 31000}, {"二 发布", "能读到", 38641}, {"三 互动", "能问到", 9800}, {"四 办理", "能办成", 3900}, {"五 融合", "一次办", 300},
	}}
}
