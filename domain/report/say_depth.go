package report

import "slices"

var depthLead = rule{"depth-lead", func(r *reader) (Text, bool) {
	s, g := r.num("concentration", "account-active", "top10"), r.num("concentration", "account-active", "gini")
	return say("少数账号担着多数使用：最大的一成占 %s，基尼系数 %s。", "Few accounts carry most of the use: the largest tenth has %s, and the Gini coefficient is %s.", percent(s), decimal(g, 2)), s > 50
}}

var concentrated = rule{"concentrated", func(r *reader) (Text, bool) {
	s := r.num("concentration", "account-active", "top10")
	return say("用得最多的一成账号，占了 %s 的活跃用户。", "The tenth of accounts that is used most has %s of the active users.", percent(s)), s > 50
}}

var quadrants = rule{"quadrants", func(r *reader) (Text, bool) {
	count := map[string]int{}
	for _, f := range r.rows("figure-15") {
		count[r.words("figure-15", f, "quadrant_en")]++
	}
	n := func(k ...string) string {
		sum := 0
		for _, x := range k {
			sum += count[x]
		}
		return whole(float64(sum))
	}
	return say("%s 个领域账号多、也用得多；%s 个两样都少。", "%s sectors have many accounts and much use; %s have little of both.", n("active"), n("undeveloped")), count["active"] > 0 && count["undeveloped"] > 0
}}

var quadrantMoves = rule{"quadrant-moves", func(r *reader) (Text, bool) {
	moved := r.which("figure-15", "moved", func(v float64) bool { return v == 1 })
	var rise []string
	for _, f := range moved {
		if r.words("figure-15", f, "quadrant_en") == "active" {
			rise = append(rise, f)
		}
	}
	if len(rise) == 0 {
		return say("和上版比，%s 个领域换了象限。", "Since the edition before %s sectors moved to another quadrant.", whole(float64(len(moved)))), len(moved) > 0
	}
	return say("和上版比，%s 个领域换了象限；%s 进了活跃区域。", "Since the edition before %s sectors moved to another quadrant; into the active one: %s.", whole(float64(len(moved))), r.names("figure-15", rise)), true
}}

// zipfRow says how much the first ten kinds have, and how well Zipf's law fits.
func zipfRow(id, row, zh, en string) rule {
	return rule{id, func(r *reader) (Text, bool) {
		s, k, e, fit := r.num("zipf", row, "top10"), r.num("zipf", row, "top10_kinds"), r.num("zipf", row, "exponent"), r.num("zipf", row, "r2")
		of := Text{Zh: zh, En: en}
		if fit < 0.9 {
			return say("%s：前 10 类占 %s；齐夫定律不合（R² %s）。", "%s: the first ten kinds have %s; Zipf's law does not fit (R² %s).", of, percent(s), decimal(fit, 2)), s > k
		}
		return say("%s：前 10 类（类数的 %s）占 %s；合齐夫定律，指数 %s，R² %s。", "%s: the first ten kinds, %s of the kinds, have %s; Zipf's law fits with exponent %s, R² %s.",
			of, percent(k), percent(s), decimal(e, 3), decimal(fit, 3)), s > k
	}}
}

var (
	zipfServices      = zipfRow("zipf-services", "service", "服务号的访问", "Visits to service accounts")
	zipfSubscriptions = zipfRow("zipf-subscriptions", "subscription", "订阅号的点击", "Clicks on subscription accounts")
)

var launchedMost = rule{"launched-most", func(r *reader) (Text, bool) {
	top := r.most("figure-16", "share")
	half := r.which("figure-16", "share", above(50))
	return say("上线最多的是“%s”，%s 的城市有；%s 种服务在一半以上的城市上线。", "Launched most is “%s”, in %s of the cities; %s services are launched in more than half of them.",
		r.name("figure-16", top), percent(r.num("figure-16", top, "share")), whole(float64(len(half)))), len(half) > 0
}}

var visitScores = rule{"visit-scores", func(r *reader) (Text, bool) {
	over, first := r.which("figure-17", "above", func(v float64) bool { return v == 1 }), r.least("figure-17", "rank")
	all := len(r.rows("figure-17"))
	return say("%s 组服务里有 %s 组的访问高过平均；%s 最高，是平均的 %s 倍。", "Of %s groups of services %s are visited more than the mean; %s most, %s times the mean.",
		whole(float64(all)), whole(float64(len(over))), r.name("figure-17", first), decimal(r.num("figure-17", first, "score"), 1)), len(over) > 0
}}

var levelNames = map[string]Text{
	"nation": {Zh: "国家级", En: "nation"}, "province": {Zh: "省级", En: "province"}, "prefecture": {Zh: "地级", En: "prefecture"}, "county": {Zh: "县级", En: "county"}, "township": {Zh: "乡级", En: "township"},
}

var fastestLevel = rule{"fastest-level", func(r *reader) (Text, bool) {
	top := r.most("figure-18", "growth")
	g := r.num("figure-18", top, "growth")
	return say("%s 账号长得最快，增长 %s。", "Accounts of the level %s grow fastest, by %s.", levelNames[top], percent(g)), g > 0
}}

var likeForLike = rule{"like-for-like", func(r *reader) (Text, bool) {
	top := r.most("figure-18", "growth")
	a, b := r.num("figure-18", top, "growth"), r.num("figure-18", top, "constant_growth")
	return say("只看口径没变的领域，它的增长是 %s，不是 %s。", "In the sectors whose scope did not change it grew by %s, not %s.", percent(b), percent(a)), a-b > 5
}}

var newSectors = rule{"new-sectors", func(r *reader) (Text, bool) {
	top, all := r.most("growth", "new"), 0.0
	for _, f := range r.rows("growth") {
		if v, ok := r.value("growth", f, "new"); ok {
			all += v
		}
	}
	n := r.num("growth", top, "new")
	return say("新增账号里，%s 有 %s 个，占 %s。", "Of the new accounts, %s has %s, which is %s.", r.name("growth", top), whole(n), percent(100*n/max(all, 1))), n > 0
}}

var stages = rule{"stages", func(r *reader) (Text, bool) {
	s, n := r.num("table-9", "4", "share"), r.num("table-9", "3", "share")
	if n < s {
		return say("%s 的账号能在线办事，多于只能互动的 %s。", "%s of accounts can transact, more than the %s that only interact.", percent(s), percent(n)), true
	}
	return say("能在线办事的账号占 %s；%s 还停在互动阶段。", "%s of accounts can transact; %s are still at the interactive stage.", percent(s), percent(n)), n > s
}}

var stageFive = rule{"stage-five", func(r *reader) (Text, bool) {
	rows := r.rows("table-9")
	_, known := r.value("table-9", "5", "accounts")
	return say("第五阶段要看后台是否打通，登记表里没有这样的数据，所以不评。", "Stage five needs to know whether back offices are joined; the registry does not say, so nobody is scored."), slices.Contains(rows, "5") && !known
}}

var connected = rule{"connected", func(r *reader) (Text, bool) {
	n := r.num("table-9", "5", "accounts")
	if n == 0 {
		return say("还没有账号到第五阶段：没有一项服务把几个部门连起来，又守住了时限。", "No account reached stage five: no service joins departments and keeps its time."), true
	}
	return say("%s 个账号到了第五阶段：一件事几个部门一起办，守住了时限，也有人评价。", "%s accounts reached stage five: departments act together in one case, time is kept, and residents rate it.", whole(n)), true
}}

var silent = rule{"silent", func(r *reader) (Text, bool) {
	n, all := r.num("health", "nation", "silent"), r.num("health", "nation", "accounts")
	if n == 0 {
		return say("最近一个月没有一个账号是沉默的。", "No account was silent in the latest month."), true
	}
	return say("%s 个账号最近一个月没有人用，占 %s。", "%s accounts were used by nobody in the latest month, %s.", whole(n), percent(100*n/max(all, 1))), true
}}

var turning = rule{"turning", func(r *reader) (Text, bool) {
	n := r.num("health", "nation", "turning")
	return say("%s 个订阅号开始有人办事。", "%s subscription accounts begin to serve.", whole(n)), n > 0
}}
