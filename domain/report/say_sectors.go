package report

import "strings"

var sectorLead = rule{"sector-lead", func(r *reader) (Text, bool) {
	many, busy := r.least("appendix-2", "rank"), r.least("appendix-2", "mean_rank")
	if many == busy {
		return say("%s 的账号最多，号均活跃用户也最多。", "%s has most accounts and most users per account.", r.name("appendix-2", many)), true
	}
	return say("%s 的账号最多，号均活跃用户排第 %s；号均最多的是 %s。", "Most accounts: %s, which ranks %s by users per account. Most users per account: %s.",
		r.name("appendix-2", many), whole(r.num("appendix-2", many, "mean_rank")), r.name("appendix-2", busy)), true
}}

var sectorTopThree = rule{"sector-top-three", func(r *reader) (Text, bool) {
	ids := r.rows("figure-10")
	if len(ids) < 10 {
		return Text{}, false
	}
	return say("%s 三个领域的账号占 %s；前 10 个领域占 %s。", "Three sectors, %s, have %s of the accounts; the first ten have %s.",
		r.names("figure-10", ids[:3]), percent(r.num("figure-10", ids[2], "running")), percent(r.num("figure-10", ids[9], "running"))), true
}}

var sectorNewcomers = rule{"sector-newcomers", func(r *reader) (Text, bool) {
	in := r.which("figure-10", "rank_before", func(b float64) bool { return b > 10 })
	return say("%s 是新进前 10 的领域。", "New among the first ten: %s.", r.names("figure-10", in)), len(in) > 0
}}

var classNames = map[string]string{"comprehensive": "comprehensive bodies", "functional": "line departments", "livelihood": "livelihood bodies"}

var classGap = rule{"class-gap", func(r *reader) (Text, bool) {
	many, busy := r.most("classes", "accounts"), r.most("classes", "mean")
	call := func(row string) Text { return Text{Zh: r.words("classes", row, "name"), En: classNames[row]} }
	return say("%s类的账号最多，占 %s；%s类的号均活跃用户最多，每号 %s 人。", "The %s have most accounts, %s; the %s have most users per account, %s.",
		call(many), percent(r.num("classes", many, "share")), call(busy), whole(r.num("classes", busy, "mean"))), many != busy
}}

var hospitals = rule{"hospitals", func(r *reader) (Text, bool) {
	g, o, p := r.num("table-5", "graded", "service_share"), r.num("table-5", "other", "service_share"), r.num("table-5", "primary", "service_share")
	return say("等级医院的账号有 %s 是服务号，高于其他医疗机构的 %s 和基层的 %s。", "Of the accounts of graded hospitals %s are service accounts, above %s of other institutions and %s of primary care.", percent(g), percent(o), percent(p)), g > o && g > p
}}

var medicalUse = rule{"medical-use", func(r *reader) (Text, bool) {
	share, rank, sectors := r.num("appendix-2", "f02", "share"), r.num("appendix-2", "f02", "mean_rank"), float64(len(r.rows("appendix-2")))
	return say("医疗占全部账号的 %s，号均活跃用户在 %s 个领域里排第 %s。", "Health care has %s of all accounts; of %s sectors it ranks %s by users per account.", percent(share), whole(sectors), whole(rank)), rank > sectors/2
}}

var policeCover = rule{"police-cover", func(r *reader) (Text, bool) {
	n, s := r.num("sector-cover", "f01", "prefectures_own"), r.num("sector-cover", "f01", "prefectures_own_share")
	return say("%s 个地级有自己的公安账号，覆盖 %s。", "%s prefectures have a police account of their own, %s.", whole(n), percent(s)), true
}}

var policeVerified = rule{"police-verified", func(r *reader) (Text, bool) {
	p, n := r.num("verified", "police", "verified_share"), r.num("verified", "nation", "verified_share")
	if p > n {
		return say("公安账号的认证占比是 %s，高于全国的 %s。", "Of police accounts %s are verified, above the nation's %s.", percent(p), percent(n)), true
	}
	return say("公安账号的认证占比是 %s，低于全国的 %s。", "Of police accounts %s are verified, below the nation's %s.", percent(p), percent(n)), p < n
}}

var policeNames = map[string]string{
	"消防": "fire service", "交警": "traffic police", "派出所": "police stations", "出入境": "exit and entry", "户政": "household registration", "边防": "border police",
	"治安": "public order", "公共安全": "public safety", "禁毒": "drug control", "巡警": "patrol police", "经侦": "economic crime", "刑警": "criminal police",
}

var policeKinds = rule{"police-kinds", func(r *reader) (Text, bool) {
	best, top := "", 0.0
	for _, k := range r.rows("police-kinds") {
		if v, ok := r.value("police-kinds", k, "accounts"); ok && v > top && policeNames[k] != "" {
			best, top = k, v
		}
	}
	if best == "" {
		return Text{}, false
	}
	return say("登记了警种的账号里，%s 最多，占 %s。", "Of the kinds of police that are registered, the %s have most accounts, %s.", Text{Zh: best, En: policeNames[best]}, percent(r.num("police-kinds", best, "share"))), true
}}

var tourismCover = rule{"tourism-cover", func(r *reader) (Text, bool) {
	n := r.num("sector-cover", "f09", "prefectures_own")
	s := r.num("sector-cover", "f09", "prefectures_own_share")
	return say("%s 个地级有自己的旅游账号，占 %s；旅游账号还开到了 %s 个国家和地区。", "%s prefectures have a tourism account of their own, %s; tourism accounts reach %s countries and regions.",
		whole(n), percent(s), whole(r.num("sector-cover", "f09", "countries"))), true
}}

var nationalReach = rule{"national-reach", func(r *reader) (Text, bool) {
	best, top := "", 0.0
	for _, p := range r.rows("national") {
		if v, ok := r.value("national", p, "mean"); ok && p != "nation" && v > top {
			best, top = p, v
		}
	}
	if best == "" {
		return Text{}, false
	}
	m := r.num("national", best, "multiple")
	return say("国家级订阅号平均每号 %s 人，是号均最高的 %s 的 %s 倍。", "National subscription accounts have %s users each, %[3]s times the mean of %[2]s, the highest of the provinces.",
		whole(r.num("national", "nation", "subscription_mean")), r.name("national", best), decimal(m, 1)), m > 1
}}

var abroad = rule{"abroad", func(r *reader) (Text, bool) {
	rows := r.rows("figure-1")
	n, tourism := 0.0, 0.0
	for _, c := range rows {
		n += r.num("figure-1", c, "accounts")
		tourism += r.num("figure-1", c, "tourism")
	}
	return say("%s 个国家和地区有账号，共 %s 个，其中旅游 %s 个。", "%s countries and regions have accounts, %s in all; %s are of tourism.", whole(float64(len(rows))), whole(n), whole(tourism)), n > 0
}}

var verifiedShare = rule{"verified-share", func(r *reader) (Text, bool) {
	best, low := "", ""
	var top, bottom float64
	for _, p := range r.rows("verified") {
		v, ok := r.value("verified", p, "verified_share")
		if !ok || !strings.HasSuffix(p, "0000") {
			continue
		}
		if best == "" || v > top {
			best, top = p, v
		}
		if low == "" || v < bottom {
			low, bottom = p, v
		}
	}
	if best == low {
		return Text{}, false
	}
	return say("认证占比最高的是 %s（%s），最低的是 %s（%s）。", "The share of verified accounts is highest in %s (%s) and lowest in %s (%s).", r.name("verified", best),
		percent(r.num("verified", best, "verified_share")), r.name("verified", low), percent(r.num("verified", low, "verified_share"))), true
}}
