// Package nation makes the simulated nation of the white paper of 2015: 83,641 accounts on which the paper's own methods give its
// published figures. Everything in it is simulated; names end in （模拟）.
//
// Printed figures come from catalog/whitepaper, what we had to assume from catalog/nation. Prefecture totals and active users are solved
// under the printed constraints (Hildreth's projections), tables are fitted to their margins and rounded exactly, the rest is drawn.
// The same seed gives the same bytes on any machine: no fused arithmetic, no map order, no clock. Nothing blocks.
//
// Where the paper leaves a choice, these are the definitions under which the figures come out:
//
//   - Place of an account: region_code is a county for 县 and 乡, a prefecture for 地, a province for 省 (a municipality's own code for its
//     own accounts, its districts for theirs), 000000 for the nation's 360. 东莞, 中山 and 儋州 have no counties: their 乡 accounts carry
//     the city's code. Hong Kong (60, code 810000, country HK), Macau (30, 820000, MO) and 41 countries (330, no code) are of level 省.
//     Places not known (3,366) have no code and country CN. The last five are the 4,146 accounts in no province.
//   - Ranks: by accounts, ties by smaller code; by active users per account in appendix 1 and table 2; table 1 ranks total active users of
//     the 27 provinces and regions. A province is its prefectures and its own pool. Shares of prefectures are of the 334 (69,040).
//   - Tiers: k-means in one dimension on raw accounts, k = 5 and 3, exact optimum.
//   - City services: members are the 69 prefectures and 3 municipalities with city_service 1. Shares of accounts (34.5) and users (58.7), the
//     mean (over 330) and its rank (55: one more than the prefectures above it) are of the 69 over the 334. The lifts of 60 and 57 percent
//     are users and clicks per account of the 69 over those of all 83,641 accounts.
//   - Months: active users, clicks and visits are of 2015-08; last year's edition has 2014-08 for the accounts that it counted.
//   - Last year: 40,641 of the same ids; growth of a level leaves out 医疗, 旅游 and 邮政 (f02, f09, f14), whose scope changed.
//   - Quadrants: a sector's accounts and its total active users, each against this year's mean of the 54 sectors. The same two cuts are laid
//     on last year: moves are then a sector's own. 旅游, 气象 and 社会团体 contradict their ranks (DQ-23): they come out as active, with more
//     accounts than the cut.
//   - Zipf: service_visits of service accounts by sector; 政务服务中心 and 信访 have no service account, which leaves the 52 kinds. Of
//     subscription accounts: clicks by sector, in the text's order.
//   - Institutions: graded hospitals are 三甲医院 and 等级医院 together; a police account without one is of a whole bureau.
//   - Ownership: distinct departments of accounts at a region and level over the roster's: 17/42 of the nation, 24/53 of 浙江, 30/50 of
//     杭州. One row each for the police (f01) and tourism (f09) office of a province (省) and of a prefecture (地). 50.1 percent of the
//     334 tourism offices cannot be: 167 have one.
//   - Launches: Launched is one item, Visits is cumulative. 出入境 is exit-entry-booking, 热力图 crowd-heatmap, 降雨预测 rainfall-nowcast,
//     地税发票 local-tax-invoice-check, 天气预报 weather-forecast, 汽车票 coach-ticket, 驾驶人计分 driver-points-query, 机动车违法
//     vehicle-violation-query. "Nearly 80 police items" are the items of the group police. The visit score of a domain is the visits of a
//     group of kinds over the mean of the 27 groups: 交通违法 traffic-police, 公共交通 transit, 医疗 health, 人社 social-security, 高速服务
//     expressway, 车船票 intercity-ticket, 生活缴费 utility, 税务 tax, 住房 housing, 司法 justice.
//   - Indicators: gdp_per_head (2014) and internet_plus_index (2015) are values with the printed ranks, largest first; an index rank less the
//     rank by users per account is 4.1's difference, above 3 is ahead, below -3 behind. population (2014) of provinces is public,
//     urban_population (2014) of the 338 cities only fits their class; covered_users (2015) of the 72 cities sum to over 258 million.
//   - Outcomes: the paper has none. Those of the launched services are assumed throughout (outcomes.go).
package nation

import (
	"io/fs"
	"math/rand/v2"

	"zhijian/domain/observatory"
	"zhijian/ground/fault"
)

// Input is what a nation is made from.
type Input struct {
	Catalogue fs.FS // package catalog's FS
	Scale     int   // 1 to 10 copies of every account, with the same use; 0 is 1
}

const (
	accountsTotal         = 83641
	nationalAccounts      = 360 // assumed
	nationalSubscriptions = 297 // 82.5 percent (3.2)
	servedNational        = 170 // users of one of the nation's service accounts, assumed
)

// Stages draw from streams of their own: what one draws does not move another.
const (
	streamMembers = iota + 1
	streamLevels
	streamInstitutions
	streamServing
	streamVerified
	streamBefore
	streamOpened
	streamClasses
	streamUsers
	streamClicks
	streamYearBefore
	streamLaunches
	streamIndex
	streamOutcomes
)

// Simulate makes the nation of the white paper: the edition of August 2015 and, as last, that of August 2014, which has the accounts that
// were there a year before under the same ids. The same seed and input give the same facts on every machine. An error means that a
// damaged catalogue or an unlucky seed left something that the paper prints out of reach; nothing is returned then.
func Simulate(seed uint64, input Input) (this, last observatory.Facts, err error) {
	defer fault.Wrap(&err, "simulate the nation with seed %d", seed)
	if input.Scale == 0 {
		input.Scale = 1
	}
	if input.Scale < 1 || input.Scale > 10 {
		return this, last, fault.Invalid("nation.scale", "请把倍数设为 1 到 10，不能是 %d", input.Scale)
	}
	c, list, all, err := populate(seed, input)
	if err != nil {
		return observatory.Facts{}, observatory.Facts{}, err
	}
	stream := func(n uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, n)) }
	class, err := c.classes(stream(streamClasses), list)
	if err != nil {
		return observatory.Facts{}, observatory.Facts{}, err
	}
	this, last = facts(all, input.Scale)
	if this.Places, this.Indicators, err = c.surroundings(stream(streamIndex), list, class); err != nil {
		return observatory.Facts{}, observatory.Facts{}, err
	}
	if this.Launches, err = c.launches(stream(streamLaunches), list); err != nil {
		return observatory.Facts{}, observatory.Facts{}, err
	}
	for i := range this.Launches {
		this.Launches[i].Visits *= int64(input.Scale)
	}
	this.Outcomes = c.outcomes(stream(streamOutcomes), &this)
	this.Rosters, last.Rosters = c.rosters(), c.rosters()
	for _, v := range this.Places {
		v.Service = false // city services began in December 2014
		last.Places = append(last.Places, v)
	}
	return this, last, nil
}

// populate solves the totals and makes every account with its use.
func populate(seed uint64, input Input) (c *census, list []place, all []account, err error) {
	stream := func(n uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, n)) }
	p, err := read(input.Catalogue)
	if err != nil {
		return nil, nil, nil, err
	}
	c = &census{paper: p, byActive: make([]int, len(p.prefectures))}
	for r, v := range p.prefectures {
		c.byActive[v.activeRank-1] = r
	}
	if c.n, c.provinces, err = p.totals(); err != nil {
		return nil, nil, nil, err
	}
	if c.member, err = p.members(stream(streamMembers), c.n); err != nil {
		return nil, nil, nil, err
	}
	crowd, err := c.crowd()
	if err != nil {
		return nil, nil, nil, err
	}
	list = c.places(crowd)
	if err := c.spread(list); err != nil {
		return nil, nil, nil, err
	}
	if all, err = c.register(stream(streamLevels), list); err != nil {
		return nil, nil, nil, err
	}
	if err := institutions(stream(streamInstitutions), all); err != nil {
		return nil, nil, nil, err
	}
	if err := c.serving(stream(streamServing), list, all); err != nil {
		return nil, nil, nil, err
	}
	verify(stream(streamVerified), list, all)
	if err := c.before(stream(streamBefore), list, all); err != nil {
		return nil, nil, nil, err
	}
	c.open(stream(streamOpened), all)
	if err := c.name(list, all); err != nil {
		return nil, nil, nil, err
	}
	c.departments(list, all)
	if err := c.users(stream(streamUsers), list, all, crowd.nation); err != nil {
		return nil, nil, nil, err
	}
	if err := c.clicks(stream(streamClicks), list, all); err != nil {
		return nil, nil, nil, err
	}
	c.yearBefore(stream(streamYearBefore), all, crowd.nation)
	return c, list, all, nil
}
