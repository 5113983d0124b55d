package report

var prefectureLead = rule{"prefecture-lead", func(r *reader) (Text, bool) {
	first, best := r.least("table-3", "rank"), r.least("table-3", "active_rank")
	a := r.num("table-3", first, "active_rank")
	if first == best {
		return say("%s 账号最多，在前 10 名里号均活跃用户也最多。", "%s has most accounts, and of the first ten also most users per account.", r.name("table-3", first)), true
	}
	return say("账号最多的城市，不一定最活跃：%s 账号第一，号均活跃用户排第 %s；前 10 名里最活跃的是 %s，排第 %s。",
		"The city with most accounts need not be the busiest: %s is first by accounts and %s by users per account; the busiest of the ten is %s, at %s.",
		r.name("table-3", first), whole(a), r.name("table-3", best), whole(r.num("table-3", best, "active_rank"))), a > 1
}}

var prefectureGaps = rule{"prefecture-gaps", func(r *reader) (Text, bool) {
	low := r.which("table-3", "active_diff", func(d float64) bool { return d <= -15 })
	worst := r.least("table-3", "active_diff")
	return say("前 10 名里，%s 个城市的活跃名次比账号名次低 15 位以上；%s 相差最多，有 %s 位。", "Of the ten, %s rank 15 places or more lower by use; %s is furthest apart, by %s.",
		whole(float64(len(low))), r.name("table-3", worst), whole(-r.num("table-3", worst, "active_diff"))), len(low) > 0
}}

var prefectureRank = rule{"prefecture-rank", func(r *reader) (Text, bool) {
	best := r.most("table-3", "active_diff")
	d, rank, active := r.num("table-3", best, "active_diff"), r.num("table-3", best, "rank"), r.num("table-3", best, "active_rank")
	return say("%s 的账号排第 %s，号均活跃用户排全国地级第 %s。", "%s ranks %s by accounts, and %s of all prefectures by users per account.", r.name("table-3", best), whole(rank), whole(active)), d > 0
}}

var prefectureEast = rule{"prefecture-deputy", func(r *reader) (Text, bool) {
	yes := func(v float64) bool { return v == 1 }
	deputy := r.which("table-3", "deputy", yes)
	east := 0
	for _, c := range r.rows("figure-5") {
		if r.words("figure-5", c, "band") == "east" {
			east++
		}
	}
	return say("这 10 个城市有 %s 个是副省级，%s 个在东部。", "Of the ten, %s are deputy-provincial and %s lie in the east.", whole(float64(len(deputy))), whole(float64(east))), len(deputy)+east > 0
}}

// prefectureNewcomers compares with the exhibits of the edition before.
var prefectureNewcomers = rule{"prefecture-newcomers", func(r *reader) (Text, bool) {
	old := r.book.before["table-3"]
	if old == nil {
		return Text{}, false
	}
	var in []string
	for _, c := range r.rows("table-3") {
		if _, was := old.Find(c, "rank"); !was {
			in = append(in, c)
			r.rest("table-3", c, "rank")
		}
	}
	return say("和上版比，新进前 10 名的有 %s。", "New among the ten since the edition before: %s.", r.names("table-3", in)), len(in) > 0
}}

var lastTen = rule{"last-ten", func(r *reader) (Text, bool) {
	top, low := r.most("table-4", "accounts"), r.least("table-4", "accounts")
	return say("后 10 名最多的有 %s 个账号，最少的 %s 只有 %s 个。", "Of the last ten the largest has %s accounts, and the smallest, %s, has %s.",
		whole(r.num("table-4", top, "accounts")), r.name("table-4", low), whole(r.num("table-4", low, "accounts"))), top != low
}}

var lastTenBetter = rule{"last-ten-better", func(r *reader) (Text, bool) {
	up := r.which("table-4", "active_diff", func(d float64) bool { return d >= 50 })
	return say("账号少不等于没人用：%s 的号均活跃名次比账号名次高 50 位以上。", "Few accounts are not little use: %s rank 50 places or more higher by users per account.", r.names("table-4", up)), len(up) > 0
}}

var entryShares = rule{"entry-shares", func(r *reader) (Text, bool) {
	n, a, u := r.num("entry-effect", "prefectures", "cities"), r.num("entry-effect", "prefectures", "share_accounts"), r.num("entry-effect", "prefectures", "share_active")
	if u > a {
		return say("上线城市服务的 %s 个地级，账号占全部地级的 %s，活跃用户占 %s。", "The %s prefectures with a city entry have %s of the accounts of all prefectures, and %s of the active users.", whole(n), percent(a), percent(u)), true
	}
	return say("上线城市服务的 %s 个地级，账号占全部地级的 %s，活跃用户只占 %s。", "The %s prefectures with a city entry have %s of the accounts of all prefectures, but only %s of the active users.", whole(n), percent(a), percent(u)), true
}}

var entryLift = rule{"entry-lift", func(r *reader) (Text, bool) {
	a, c := r.num("entry-effect", "prefectures", "active_lift"), r.num("entry-effect", "prefectures", "click_lift")
	return say("它们的号均活跃用户比全国高 %s，号均点击高 %s。", "Their active users per account are %s above the nation, their clicks per account %s.", percent(a), percent(c)), a > 0 && c > 0
}}

var entryMatch = rule{"entry-match", func(r *reader) (Text, bool) {
	all := len(r.rows("entry-match"))
	up := len(r.which("entry-match", "difference", func(d float64) bool { return d > 0 }))
	if 2*up <= all {
		return say("和账号数最接近的城市配对，%s 对里只有 %s 对更活跃：看不出入口的效应。", "Paired with cities of like size, only %[2]s of %[1]s are busier: no effect of the entry is seen.", whole(float64(all)), whole(float64(up))), true
	}
	return say("和账号数最接近的城市配对，%s 对里有 %s 对更活跃。配对只管规模和区域，不能证明因果。", "Paired with cities of like size, %[2]s of %[1]s are busier. Only size and place are matched: this proves no cause.", whole(float64(all)), whole(float64(up))), true
}}

var overFiveHundred = rule{"over-500", func(r *reader) (Text, bool) {
	n, all := len(r.which("figure-8", "over_500", func(v float64) bool { return v == 1 })), len(r.rows("figure-8"))
	return say("%s 个地级有 500 个以上账号，另外 %s 个没有。", "%s prefectures have 500 accounts or more; the other %s do not.", whole(float64(n)), whole(float64(all-n))), n > 0 && 2*n < all
}}

var firstTiers = rule{"first-tiers", func(r *reader) (Text, bool) {
	sum := func(column string) (s float64) {
		for _, t := range []string{"1", "2", "3"} {
			s += r.num("figure-9", t, column)
		}
		return s
	}
	d, a, u := sum("divisions"), sum("share_accounts"), sum("share_active")
	return say("前三级共 %s 个地级，账号占 %s，活跃用户占 %s：活跃用户比账号更集中。", "The first three tiers are %s prefectures with %s of the accounts and %s of the active users: use is more concentrated than accounts.", whole(d), percent(a), percent(u)), u > a
}}

var howManyTiers = rule{"how-many-tiers", func(r *reader) (Text, bool) {
	best := r.most("tier-choice", "silhouette")
	used := r.which("tier-choice", "used", func(v float64) bool { return v == 1 })
	if len(used) != 1 || best == used[0] {
		return Text{}, false
	}
	return say("这里照白皮书分 %s 级；按轮廓系数，分 %s 级最合适。", "There are %s tiers here because the white paper has them; by the silhouette %s fit best.", used[0], best), true
}}

var ownershipNation = rule{"ownership-nation", func(r *reader) (Text, bool) {
	const row = "000000/nation/all"
	return say("国家级的 %s 个部门里，%s 个有公众号，占 %s。", "Of %s departments of the nation %s have an account, %s.",
		whole(r.num("ownership", row, "departments")), whole(r.num("ownership", row, "owning")), percent(r.num("ownership", row, "share"))), true
}}
