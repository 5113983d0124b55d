package report

func above(x float64) func(float64) bool { return func(v float64) bool { return v > x } }

var macroLead = rule{"macro-lead", func(r *reader) (Text, bool) {
	ahead := r.which("table-6", "lead", above(0))
	return say("账号前 10 名的省里，有 %s 个的账号名次高过人均 GDP 名次：账号多不全靠经济。", "Of the first ten provinces %s rank higher by accounts than by GDP per head: accounts do not only follow wealth.", whole(float64(len(ahead)))), len(ahead) > 5
}}

var indexRelations = rule{"index-relations", func(r *reader) (Text, bool) {
	count := map[string]int{}
	for _, p := range r.rows("figure-11") {
		count[r.words("figure-11", p, "relation")]++
	}
	n := func(k string) string { return whole(float64(count[k])) }
	return say("号均活跃名次比“互联网+”指数名次：%s 个省领先，%s 个落后，%s 个接近（相差 3 位以内）。", "Users per account against the Internet-plus index: %s provinces are ahead, %s behind, %s close (within 3 places).", n("lead"), n("lag"), n("close")), true
}}

var indexWidest = rule{"index-widest", func(r *reader) (Text, bool) {
	up, down := r.most("figure-11", "diff"), r.least("figure-11", "diff")
	a, b := r.num("figure-11", up, "diff"), r.num("figure-11", down, "diff")
	return say("领先最多的是 %s（%s 位），落后最多的是 %s（%s 位）。", "Furthest ahead is %s (%s places), furthest behind %s (%s places).", r.name("figure-11", up), whole(a), r.name("figure-11", down), whole(-b)), a > far && b < -far
}}

var indexCorrelation = rule{"index-correlation", func(r *reader) (Text, bool) {
	rho, low, high := r.num("correlations", "province-index-mean", "rho"), r.num("correlations", "province-index-mean", "low"), r.num("correlations", "province-index-mean", "high")
	if low <= 0 && high >= 0 {
		return say("两个名次的相关是 %s，区间 %s 到 %s 包含 0：31 个省的数据不足以说两者有关。", "The two ranks correlate at %s; the interval %s to %s holds 0: 31 provinces are not enough to say that they go together.", decimal(rho, 2), decimal(low, 2), decimal(high, 2)), true
	}
	return say("两个名次的相关是 %s（区间 %s 到 %s）。", "The two ranks correlate at %s (interval %s to %s).", decimal(rho, 2), decimal(low, 2), decimal(high, 2)), true
}}

var gdpAhead = rule{"gdp-ahead", func(r *reader) (Text, bool) {
	ahead, top := r.which("table-6", "lead", above(0)), r.most("table-6", "lead")
	return say("前 10 名里有 %s 个的账号名次更高；相差最多的是 %s，高 %s 位。", "Of the ten, %s rank higher by accounts; %s most, by %s places.", whole(float64(len(ahead))), r.name("table-6", top), whole(r.num("table-6", top, "lead"))), len(ahead) > 0
}}

var gdpBoth = rule{"gdp-both", func(r *reader) (Text, bool) {
	both := r.which("table-6", "both", func(v float64) bool { return v == 1 })
	return say("两个前 10 名都在的有 %s 个：%s。", "In both first tens are %s: %s.", whole(float64(len(both))), r.names("table-6", both)), len(both) > 0
}}

var gdpLast = rule{"gdp-last", func(r *reader) (Text, bool) {
	behind := r.which("figure-13", "lead", func(v float64) bool { return v < 0 })
	return say("账号后 10 名里，%s 的账号名次低于人均 GDP 名次。", "Of the last ten, these rank lower by accounts than by GDP per head: %s.", r.names("figure-13", behind)), len(behind) > 0
}}

var sizeOrder = rule{"size-order", func(r *reader) (Text, bool) {
	rows := r.rows("table-7")
	for i := 1; i < len(rows); i++ {
		if r.num("table-7", rows[i], "mean_accounts") >= r.num("table-7", rows[i-1], "mean_accounts") {
			return Text{}, false
		}
	}
	if len(rows) < 2 {
		return Text{}, false
	}
	first, last := rows[0], rows[len(rows)-1]
	return say("城市越大，账号越多：%s 平均 %s 个，%s 平均 %s 个。", "The larger the city, the more accounts: %s cities have %s on average, %s ones %s.",
		sizeName(r, first), whole(r.num("table-7", first, "mean_accounts")), sizeName(r, last), whole(r.num("table-7", last, "mean_accounts"))), true
}}

func sizeName(r *reader, row string) Text {
	return Text{Zh: row, En: r.name("table-7", row).En}
}

var sizeUse = rule{"size-use", func(r *reader) (Text, bool) {
	top, low := r.most("table-7", "mean"), r.least("table-7", "mean")
	a, b := r.num("table-7", top, "mean"), r.num("table-7", low, "mean")
	return say("%s 的号均活跃用户最多，每号 %s 人，是 %s 的 %s 倍。", "Users per account are most in %s cities, %s, which is %[4]s times those of %[3]s ones.", sizeName(r, top), whole(a), sizeName(r, low), decimal(a/max(b, 1), 1)), b > 0 && a >= 1.5*b
}}

var correlationSure = rule{"correlation-sure", func(r *reader) (Text, bool) {
	sure := r.which("correlations", "low", above(0))
	return say("区间不含 0 的相关有 %s 对：%s。", "Correlations whose interval does not hold 0: %s, namely %s.", whole(float64(len(sure))), r.names("correlations", sure)), len(sure) > 0
}}
