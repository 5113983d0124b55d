package paper

import (
	"strings"

	"zhijian/domain/observatory"
)

// contradiction is what is wrong with a printed figure; {} stands for our value.
type contradiction struct {
	id     string
	level  observatory.WarningLevel
	zh, en string
}

// contradictions are by target id or its beginning. The arithmetic is on the paper's own figures.
var contradictions = []struct {
	target string
	contradiction
}{
	{"prov.active_share_residents.", contradiction{"DQ-36", observatory.Note, "400 万活跃用户要 5,670 万以上的常住人口才是 7.0%；这里是 {}%", "4.0 million is 7.0% only of 56.7 million residents or more; here it is {}%"}},
	{"prov.rank_change.", contradiction{"DQ-10", observatory.Wrong, "11 减 9 是 2，不是 3；这里是 {}", "11 - 9 is 2, not 3; here it is {}"}},
	{"prov.active_diff.", contradiction{"DQ-11", observatory.Wrong, "印出的差值不等于两个名次之差；这里是 {}", "The printed difference does not follow from the two ranks; here it is {}"}},
	{"nation.midwest_count", contradiction{"DQ-27", observatory.Wrong, "按白皮书自己的东部，余下 20 个；不算重庆才是 19", "The paper's own east leaves 20; 19 only without Chongqing"}},
	{"pref.tier2.centre", contradiction{"DQ-05", observatory.Wrong, "表 3 的七个数平均是 924.29", "The mean of the seven in table 3 is 924.29"}},
	{"pref.tiers123.share_divisions", contradiction{"DQ-15", observatory.Wrong, "31/334 是 9.3%，不是一成", "31/334 is 9.3%, not a tenth"}},
	{"pref.tiers45.share_divisions", contradiction{"DQ-15", observatory.Wrong, "303/334 是 90.7%，高于九成", "303/334 is 90.7%, above nine tenths"}},
	{"pref.over500.count", contradiction{"DQ-04", observatory.Wrong, "超过 500 的有 {} 个；印出的 8 个是前两级，表 3 单独就有 10 个", "{} prefectures exceed 500; the 8 printed are tiers 1 and 2, and table 3 alone has 10"}},
	{"pref.dev_rankdiff20", contradiction{"DQ-14", observatory.Wrong, "相差 20 名以上的是 7 个：深圳 4 减 20 是 -16", "7, not 8, differ by 20 or more: 深圳 has 4 - 20 = -16"}},
	{"cs.share_accounts.all", contradiction{"DQ-07", observatory.Ambiguous, "34.5% 的基数是 334 个的合计；按全部账号是 {}%", "34.5% is of the 334; of all accounts it is {}%"}},
	{"size.large_medium_share", contradiction{"DQ-16", observatory.Wrong, "平均数和城市数得出 66.3% 至 66.6%；这里是 {}%", "Means and counts allow 66.3 to 66.6%; here it is {}%"}},
	{"field.rank.卫生计生", contradiction{"DQ-18", observatory.Wrong, "第 4 到第 10 只有七个位置，文中列了八个；卫生计生是第 11", "Positions 4 to 10 are seven and the text lists eight; 卫生计生 is 11th"}},
	{"tourism.prefectures", contradiction{"DQ-24", observatory.Wrong, "334 个里没有一个整数得 50.1%；这里是 {}%", "No whole number of 334 gives 50.1%; here it is {}%"}},
	{"zipf.order_subscription.table8", contradiction{"DQ-22", observatory.Wrong, "表 8 少了正文的金融和外事；70.8% 只能属于一种。这里是 {}", "Table 8 leaves out 金融 and 外事, which the text lists; 70.8% can belong to one only. Here: {}"}},
	{"maturity.", contradiction{"DQ-23", observatory.Wrong, "账号排第 6、8、10 的领域不能算少，而第 11 以后的算多；这里是 {}", "Sectors ranked 6th, 8th and 10th cannot have few accounts while those after the 11th have many; here it is {}"}},
	{"gdp.overlap", contradiction{"DQ-17", observatory.Wrong, "表 6 里福建也在两个前 10：五个，重合 50%", "Table 6 has 福建 in both first tens too: five, 50%"}},
}

func warningFor(t Target, m measured) *observatory.Warning {
	for _, c := range contradictions {
		if t.ID == c.target || strings.HasSuffix(c.target, ".") && strings.HasPrefix(t.ID, c.target) {
			fill := func(s string) string { return strings.ReplaceAll(s, "{}", m.short()) }
			return &observatory.Warning{ID: c.id, Level: c.level, Text: observatory.Text{Zh: fill(c.zh), En: fill(c.en)}}
		}
	}
	return nil
}
