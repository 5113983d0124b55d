package report

// planned is a chapter before numbers.
type planned struct {
	id       string
	title    Text
	lead     []rule
	points   []point
	sections []part
}

type part struct {
	title   Text
	rules   []rule
	figures []show
}

// show places an exhibit.
type show struct {
	id      string
	columns []string
	most    int
}

type point struct {
	text   Text
	number func(r *reader) Text
}

const restRows = 40 // rows of an exhibit in the last appendix; the export has all

// cellPoint sets one cell large.
func cellPoint(zh, en, exhibit, row, column string, write func(float64) string) point {
	return point{Text{Zh: zh, En: en}, func(r *reader) Text { return same(write(r.num(exhibit, row, column))) }}
}

func fig(id string, columns ...string) show { return show{id: id, columns: columns} }

var coverPoints = []point{
	cellPoint("公众号", "accounts", "summary", "accounts", "value", whole),
	{Text{Zh: "活跃用户（按账号累计）", En: "active users, summed over accounts"}, func(r *reader) Text { return people(r.num("summary", "active", "value")) }},
	cellPoint("经过认证", "verified", "summary", "verified_share", "value", percent),
	cellPoint("个领域", "sectors", "summary", "sectors", "value", whole),
	cellPoint("个城市上线城市服务", "cities with a city entry", "summary", "city_services", "value", whole),
}

var appendices = []show{
	{"appendix-1", []string{"name", "province", "accounts", "rank", "active", "mean", "active_rank", "service_share", "tier"}, 0},
	{"appendix-2", []string{"name", "class", "accounts", "rank", "verified_share", "service_share", "active", "mean", "mean_rank"}, 0},
}

var plan = []planned{
	{
		id: "provinces", title: Text{Zh: "省级行政区", En: "Provinces"}, lead: []rule{provinceLead},
		points: []point{
			cellPoint("新增账号在中西部", "of new accounts are in the centre and west", "summary", "midwest_new_share", "value", percent),
			cellPoint("个省处在第一级", "provinces are in the first tier", "province-tiers", "1", "divisions", whole),
		},
		sections: []part{
			{Text{Zh: "数量和名次", En: "Numbers and ranks"}, []rule{provinceLeader, provinceRiser, provinceFaller, provinceNewcomers, seriesBreak("table-1")}, []show{fig("table-1"), fig("figure-2")}},
			{Text{Zh: "数量和质量", En: "Quantity and quality"}, []rule{quantityQuality("province-accounts-mean", "省", "provinces"), provinceWidest}, []show{fig("provinces", "name", "accounts", "rank", "growth", "active", "active_rank", "mean", "mean_rank")}},
			{Text{Zh: "四个直辖市", En: "The four municipalities"}, []rule{municipalities}, []show{fig("table-2")}},
			{Text{Zh: "增长在哪里", En: "Where it grows"}, []rule{midwestNew, lastTenGrowth}, []show{fig("figure-3")}},
			{Text{Zh: "三级阶梯", En: "Three tiers"}, []rule{provinceTiers, tiersDisagree}, []show{fig("figure-4"), fig("province-tiers")}},
		},
	},
	{
		id: "prefectures", title: Text{Zh: "地级行政区", En: "Prefectures"}, lead: []rule{prefectureLead},
		points: []point{
			cellPoint("个地级行政区有公众号", "prefectures have accounts", "summary", "prefectures", "value", whole),
			cellPoint("的活跃用户在上线城市服务的地级", "of active users are in prefectures with a city entry", "entry-effect", "prefectures", "share_active", percent),
			cellPoint("个地级处在最低一级", "prefectures are in the lowest tier", "figure-9", "5", "divisions", whole),
		},
		sections: []part{
			{Text{Zh: "账号最多的十个", En: "The ten with most accounts"}, []rule{prefectureGaps, prefectureRank, prefectureEast, prefectureNewcomers}, []show{fig("table-3"), fig("figure-5", "name", "province", "band", "accounts", "rank", "deputy")}},
			{Text{Zh: "账号最少的十个", En: "The ten with fewest accounts"}, []rule{lastTen, lastTenBetter}, []show{fig("table-4")}},
			{Text{Zh: "城市服务的入口效应", En: "The effect of a city entry"}, []rule{entryShares, entryLift, entryMatch}, []show{
				fig("figure-6"), fig("entry-effect", "name", "cities", "accounts", "mean_accounts", "share_accounts", "share_active", "mean", "active_lift", "click_lift"),
				{"entry-match", []string{"name", "accounts", "mean", "match_name", "match_accounts", "match_mean", "difference"}, 20},
			}},
			{Text{Zh: "长尾和五级结构", En: "The long tail and five tiers"}, []rule{overFiveHundred, firstTiers, howManyTiers}, []show{{"figure-8", nil, 20}, fig("figure-9"), fig("tier-choice")}},
			{Text{Zh: "部门拥有率", En: "Departments that have an account"}, []rule{ownershipNation}, []show{{"ownership", []string{"name", "level", "sector", "departments", "owning", "share"}, 20}}},
		},
	},
	{
		id: "sectors", title: Text{Zh: "职能领域", En: "Sectors"}, lead: []rule{sectorLead},
		points: []point{
			cellPoint("的账号属于医疗", "of accounts are medical", "appendix-2", "f02", "share", percent),
			cellPoint("的等级医院账号是服务号", "of the accounts of graded hospitals are service accounts", "table-5", "graded", "service_share", percent),
			cellPoint("个地级有自己的公安账号", "prefectures have a police account of their own", "sector-cover", "f01", "prefectures_own", whole),
		},
		sections: []part{
			{Text{Zh: "分布", En: "Distribution"}, []rule{sectorTopThree, sectorNewcomers}, []show{fig("figure-10"), fig("classes")}},
			{Text{Zh: "三类领域", En: "Three classes"}, []rule{classGap}, nil},
			{Text{Zh: "医疗", En: "Health care"}, []rule{hospitals, medicalUse}, []show{fig("table-5", "name", "accounts", "service", "service_share"), fig("medical", reach...)}},
			{Text{Zh: "公安", En: "Police"}, []rule{policeCover, policeVerified, policeKinds}, []show{fig("police", reach...), fig("police-kinds")}},
			{Text{Zh: "旅游和公用事业", En: "Tourism and utilities"}, []rule{tourismCover}, []show{fig("tourism", reach...), fig("utilities", reach...)}},
			{Text{Zh: "国家级账号", En: "National accounts"}, []rule{nationalReach}, []show{{"national", []string{"name", "accounts", "subscription", "subscription_share", "subscription_mean", "mean", "multiple", "rank"}, 12}}},
			{Text{Zh: "境外账号", En: "Accounts abroad"}, []rule{abroad}, []show{fig("figure-1")}},
			{Text{Zh: "认证和纵向覆盖", En: "Verification and reach"}, []rule{verifiedShare}, []show{fig("verified"), {"sector-cover", []string{"name", "accounts", "provinces_own", "prefectures_own", "prefectures_own_share", "county_township_share", "subscription_share", "countries"}, 30}}},
		},
	},
	{
		id: "macro", title: Text{Zh: "和宏观指标比较", En: "Against macro indicators"}, lead: []rule{macroLead},
		points: []point{
			cellPoint("超大城市的平均账号数", "accounts of a super-large city on average", "table-7", "超大城市", "mean_accounts", whole),
		},
		sections: []part{
			{Text{Zh: "“互联网+”指数", En: "The Internet-plus index"}, []rule{indexRelations, indexWidest, indexCorrelation}, []show{fig("figure-11"), fig("figure-12")}},
			{Text{Zh: "人均 GDP", En: "GDP per head"}, []rule{gdpAhead, gdpBoth, gdpLast}, []show{fig("table-6"), fig("figure-13")}},
			{Text{Zh: "城市规模", En: "City size"}, []rule{sizeOrder, sizeUse}, []show{fig("table-7"), fig("figure-14", "class", "cities", "accounts", "active", "mean_active")}},
			{Text{Zh: "名次之间的相关", En: "Correlations of ranks"}, []rule{correlationSure}, []show{fig("correlations")}},
		},
	},
	{
		id: "depth", title: Text{Zh: "深度分析", En: "Deep analysis"}, lead: []rule{depthLead},
		points: []point{
			cellPoint("的活跃用户在最大的一成账号里", "of active users are with the largest tenth of accounts", "concentration", "account-active", "top10", percent),
			cellPoint("的账号能在线办事（第四阶段）", "of accounts can transact (stage four)", "table-9", "4", "share", percent),
		},
		sections: []part{
			{Text{Zh: "领域成熟度", En: "Maturity of sectors"}, []rule{quadrants, quadrantMoves}, []show{{"figure-15", []string{"name", "accounts", "rank", "active", "mean", "quadrant", "quadrant_before", "moved"}, 0}}},
			{Text{Zh: "使用量的集中", En: "Concentration of use"}, []rule{zipfServices, zipfSubscriptions, concentrated}, []show{{"table-8", []string{"rank", "service_name", "service_visits", "service_running", "subscription_name", "subscription_clicks", "subscription_running"}, 10}, fig("zipf"), fig("concentration"), fig("lorenz")}},
			{Text{Zh: "城市服务", En: "City services"}, []rule{launchedMost, visitScores}, []show{fig("figure-7"), fig("figure-16", "name", "cities", "share", "visits"), fig("figure-17")}},
			{Text{Zh: "各层级的增长", En: "Growth by level"}, []rule{fastestLevel, likeForLike, newSectors}, []show{fig("figure-18"), {"growth", nil, 20}, {"levels", []string{"name", "accounts", "nation", "province", "prefecture", "county", "township", "county_share", "township_share"}, 0}}},
			{Text{Zh: "连接型政府的五个阶段", En: "Five stages of connected government"}, []rule{stages, stageFive, connected}, []show{fig("table-9")}},
			{Text{Zh: "办成了多少", En: "What was done"}, []rule{doneMost, keptMost, bestRate, metMost, openMost}, []show{
				{"service-health", []string{"name", "cities", "over", "share", "low", "high", "refused", "cancelled", "rank"}, 30},
				{"promise", []string{"name", "promised", "share", "low", "high", "rank"}, 30},
				{"rating", []string{"name", "rated", "share", "low", "high", "mean", "rank"}, 30},
				{"response", nil, 30},
				{"burden", nil, 30},
				{"availability", []string{"name", "calls", "share", "low", "high", "rank"}, 30},
				{"unmet", []string{"name", "searches", "share", "low", "high", "rank"}, 30},
				{"accessibility", []string{"name", "checked", "share", "low", "high", "rank"}, 30},
				{"city-outcomes", []string{"name", "over", "done", "kept", "content", "answered", "unmet", "accessible"}, 30},
			}},
			{Text{Zh: "账号健康度", En: "Health of accounts"}, []rule{silent, turning}, []show{{"health", nil, 24}, {"leaders", []string{"name", "sector", "kind", "rank", "active", "clicks", "visits"}, 30}}},
		},
	},
}

var reach = []string{"name", "rank", "accounts", "own_level", "with_any", "prefecture_level", "county", "township", "county_share"}
