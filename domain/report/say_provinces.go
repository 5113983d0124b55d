package report

// far is how many places apart two ranks must be before a sentence calls it a gap.
const far = 3

var summaryRules = []rule{
	{"summary-accounts", func(r *reader) (Text, bool) {
		n, v := r.num("summary", "accounts", "value"), r.num("summary", "verified_share", "value")
		return say("登记表里有 %s 个公众号，%s 经过认证。", "The registry holds %s accounts; %s are verified.", whole(n), percent(v)), true
	}},
	{"summary-growth", func(r *reader) (Text, bool) {
		g, before := r.num("summary", "growth", "value"), r.num("summary", "accounts_before", "value")
		if g == 0 {
			return say("账号数和上版一样，都是 %s。", "There are as many accounts as in the edition before: %s.", whole(before)), true
		}
		if g < 0 {
			return say("上版有 %s 个，这一版少了 %s。", "The edition before had %s; this one has %s fewer.", whole(before), percent(-g)), true
		}
		return say("上版有 %s 个，这一版多了 %s。", "The edition before had %s; this one has %s more.", whole(before), percent(g)), true
	}},
	seriesBreak("summary"),
	{"summary-use", func(r *reader) (Text, bool) {
		a, m := r.num("summary", "active", "value"), r.num("summary", "mean", "value")
		return say("最近一个月的活跃用户是 %s，平均每个账号 %s 人；一个人用两个账号，算两次。", "In the latest month there are %s active users, %s per account; a person who used two accounts counts twice.", people(a), whole(m)), true
	}},
	provinceRiser,
	prefectureRank,
	entryShares,
	{"summary-county", func(r *reader) (Text, bool) {
		c := r.num("summary", "county_share", "value")
		return say("县级账号占 %s，超过一半。", "County accounts are %s, more than half.", percent(c)), c > 50
	}},
	concentrated,
	sizeOrder,
	stages,
}

// seriesBreak warns where two editions do not count the same things.
func seriesBreak(exhibit string) rule {
	return rule{"series-break", func(r *reader) (Text, bool) {
		return say("两版的口径不同，增长里有一部分来自口径，不能直接相比。", "The two editions do not count the same things: part of the growth is scope. They are not like for like."), r.doubted(exhibit, "DQ-44")
	}}
}

var provinceLead = rule{"province-lead", func(r *reader) (Text, bool) {
	over := r.which("table-1", "active_diff", func(d float64) bool { return d <= -far })
	return say("账号多不等于用得多：前 10 名里有 %s 个省，活跃名次比账号名次低 %s 位以上。", "Many accounts are not much use: of the first ten, %s rank %s places or more lower by active users.", whole(float64(len(over))), whole(far)), len(over) > 0
}}

var provinceLeader = rule{"province-leader", func(r *reader) (Text, bool) {
	first := r.least("table-1", "rank")
	n, active := r.num("table-1", first, "accounts"), r.num("table-1", first, "active_rank")
	if active == 1 {
		return say("%s 的账号最多，有 %s 个，活跃用户也最多。", "%s has most accounts, %s, and also most active users.", r.name("table-1", first), whole(n)), true
	}
	return say("%s 的账号最多，有 %s 个，活跃用户却排第 %s。", "%s has most accounts, %s, but ranks %s by active users.", r.name("table-1", first), whole(n), whole(active)), true
}}

var provinceRiser = rule{"province-riser", func(r *reader) (Text, bool) {
	up := r.most("table-1", "rank_change")
	by, diff := r.num("table-1", up, "rank_change"), r.num("table-1", up, "active_diff")
	name := r.name("table-1", up)
	switch {
	case by < far:
		return Text{}, false
	case diff <= -far:
		return say("%s 的账号名次升了 %s 位，活跃名次却低 %s 位。", "%s rose %s places by accounts, but its users rank %s places lower.", name, whole(by), whole(-diff)), true
	case diff >= far:
		return say("%s 的账号名次升了 %s 位，活跃名次还要高 %s 位。", "%s rose %s places by accounts, and its users rank %s places higher still.", name, whole(by), whole(diff)), true
	}
	return say("%s 的账号名次升了 %s 位，是前 10 名里升得最多的。", "%s rose %s places by accounts, most of the first ten.", name, whole(by)), true
}}

var provinceFaller = rule{"province-faller", func(r *reader) (Text, bool) {
	down := r.least("table-1", "rank_change")
	by, diff := r.num("table-1", down, "rank_change"), r.num("table-1", down, "active_diff")
	name := r.name("table-1", down)
	switch {
	case by > -far:
		return Text{}, false
	case diff >= far:
		return say("%s 退了 %s 位，活跃名次却比账号名次高 %s 位。", "%s fell %s places, yet its users rank %s places above its accounts.", name, whole(-by), whole(diff)), true
	}
	return say("%s 退了 %s 位，是前 10 名里退得最多的。", "%s fell %s places, most of the first ten.", name, whole(-by)), true
}}

var provinceNewcomers = rule{"province-newcomers", func(r *reader) (Text, bool) {
	in := r.which("table-1", "rank_before", func(b float64) bool { return b > 10 })
	return say("%s 上版不在前 10 名。", "Not among the first ten of the edition before: %s.", r.names("table-1", in)), len(in) > 0
}}

// quantityQuality says whether two ranks go together, by the interval of their correlation.
func quantityQuality(pair, zh, en string) rule {
	return rule{"quantity-quality-" + pair, func(r *reader) (Text, bool) {
		rho, low, high := r.num("correlations", pair, "rho"), r.num("correlations", pair, "low"), r.num("correlations", pair, "high")
		span, places := Text{Zh: decimal(low, 2) + " 到 " + decimal(high, 2), En: decimal(low, 2) + " to " + decimal(high, 2)}, Text{Zh: zh, En: en}
		switch {
		case low > 0:
			return say("账号多的%s，号均活跃用户也多一些：名次相关 %s（区间 %s）。", "Of %s, those with more accounts have more users per account: rank correlation %s (interval %s).", places, decimal(rho, 2), span), true
		case high < 0:
			return say("账号多的%s，号均活跃用户反而少：名次相关 %s（区间 %s）。", "Of %s, those with more accounts have fewer users per account: rank correlation %s (interval %s).", places, decimal(rho, 2), span), true
		}
		return say("账号多的%s，号均活跃用户不一定多：名次相关 %s，区间 %s 包含 0。", "Of %s, those with more accounts do not surely have more users per account: rank correlation %s, interval %s, which holds 0.", places, decimal(rho, 2), span), true
	}}
}

var provinceWidest = rule{"province-widest", func(r *reader) (Text, bool) {
	best, gap := "", 0.0
	for _, p := range r.rows("provinces") {
		a, ok := r.value("provinces", p, "rank")
		b, also := r.value("provinces", p, "mean_rank")
		if ok && also && b-a > gap {
			best, gap = p, b-a
		}
	}
	if gap < 10 {
		return Text{}, false
	}
	return say("差得最多的是 %s：账号排第 %s，号均活跃用户排第 %s。", "The widest gap is in %s: rank %s by accounts, %s by users per account.",
		r.name("provinces", best), whole(r.num("provinces", best, "rank")), whole(r.num("provinces", best, "mean_rank"))), true
}}

var municipalities = rule{"municipalities", func(r *reader) (Text, bool) {
	large, busy := r.most("table-2", "accounts"), r.least("table-2", "mean_rank")
	n, rank := r.num("table-2", large, "accounts"), r.num("table-2", busy, "mean_rank")
	if large == busy {
		return say("%s 的账号最多，号均活跃用户也最多，在 31 个省级里排第 %s。", "%s has most accounts and most users per account: rank %s of the 31.", r.name("table-2", large), whole(rank)), true
	}
	return say("%s 的账号最多，有 %s 个，号均活跃用户排第 %s；%s 只有 %s 个，却排第 %s。", "%s has most accounts, %s, and ranks %s of 31 by users per account; %s has only %s and ranks %s.",
		r.name("table-2", large), whole(n), whole(r.num("table-2", large, "mean_rank")), r.name("table-2", busy), whole(r.num("table-2", busy, "accounts")), whole(rank)), true
}}

var midwestNew = rule{"midwest-new", func(r *reader) (Text, bool) {
	s, n := r.num("summary", "midwest_new_share", "value"), r.num("summary", "new", "value")
	return say("上版以来新增 %s 个账号，31 个省级的新增里有 %s 在中西部。", "There are %s new accounts since the edition before; of those in the 31, %s are in the centre and west.", whole(n), percent(s)), n > 0
}}

var lastTenGrowth = rule{"last-ten-growth", func(r *reader) (Text, bool) {
	nation := r.num("summary", "growth", "value")
	fast := r.which("figure-3", "growth", func(g float64) bool { return g > nation })
	top := r.most("figure-3", "growth")
	return say("账号后 10 名的省里，有 %s 个比全国长得快；最快的是 %s，增长 %s。", "Of the last ten provinces %s grow faster than the nation; the fastest is %s, by %s.",
		whole(float64(len(fast))), r.name("figure-3", top), percent(r.num("figure-3", top, "growth"))), len(fast) > 0
}}

var provinceTiers = rule{"province-tiers", func(r *reader) (Text, bool) {
	n := func(tier, column string) string { return whole(r.num("province-tiers", tier, column)) }
	return say("按账号数分三级：第一级 %s 个省，平均 %s 个账号；第二级 %s 个，平均 %s；第三级 %s 个，平均 %s。",
		"By accounts there are three tiers: %s provinces with %s accounts on average, %s with %s, and %s with %s.",
		n("1", "divisions"), n("1", "centre"), n("2", "divisions"), n("2", "centre"), n("3", "divisions"), n("3", "centre")), true
}}

var tiersDisagree = rule{"tiers-disagree", func(r *reader) (Text, bool) {
	one, two := r.num("province-tiers", "1", "divisions"), r.num("province-tiers", "1", "lloyd_scaled")
	return say("加上号均活跃用户、并统一尺度再聚类，第一级变成 %s 个省：分级取决于看什么。", "Clustered again with users per account, both on one scale, the first tier has %s provinces: tiers depend on what is looked at.", whole(two)), one != two
}}
