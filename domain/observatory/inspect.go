package observatory

import (
	"fmt"
	"slices"
	"strings"

	"zhijian/domain/observatory/measure"
)

// inspect looks for the classes of error that the white paper has, in any facts. Each rule is one function; what it finds is
// printed beside every exhibit that names the rule's id, and in the errata.
func (s *survey) inspect() {
	for _, rule := range []func(){
		s.missingPlaces, s.doubledNames, s.levelAbovePlace, s.namesakes, s.tied, s.unplacedAccounts, s.silent,
		s.meanOrTotal, s.bases, s.manyAbove500, s.tierShares, s.startOfLloyd, s.sizeShare, s.classesKnown,
		s.overlap, s.unnamedSectors, s.powerLaw, s.institutionsKnown, s.seriesBreak, s.shrunk, s.levelsAgainstAll,
		s.entryBases, s.launchedWithoutEntry, s.outsideYears, s.residents, s.smallRosters, s.uncounted,
	} {
		rule()
	}
}

// doubt notes a finding. slot names the rule where one id has two rules for different exhibits; it begins with the id.
func (s *survey) doubt(slot string, level WarningLevel, zh, en string) {
	id := strings.TrimRight(slot, "abcdefghijklmnopqrstuvwxyz")
	s.doubts[slot] = append(s.doubts[slot], Warning{id, level, Text{zh, en}})
}

func (s *survey) missingPlaces() {
	var missing, codes []string
	for _, p := range s.prefecture {
		if p.accounts == 0 {
			missing, codes = append(missing, p.Name), append(codes, p.Code)
		}
	}
	if n := len(missing); n > 0 {
		zh, en := strings.Join(first(missing, 5), "、"), strings.Join(first(codes, 5), ", ")
		s.doubt("DQ-01", Wrong, fmt.Sprintf("%d 个地级行政区一个账号也没有：%s。请核对代码，也许记在了别处", n, zh),
			fmt.Sprintf("%d of %d prefecture-level divisions have no account (%s); check the codes, they may stand elsewhere", n, len(s.prefecture), en))
	}
}

func (s *survey) doubledNames() {
	seen, doubled := map[[2]string]bool{}, map[[2]string]bool{}
	for i := range s.accounts {
		k := [2]string{s.accounts[i].Region, s.accounts[i].Name}
		if seen[k] {
			doubled[k] = true
		}
		seen[k] = true
	}
	if n := len(doubled); n > 0 {
		s.doubt("DQ-01", Note, fmt.Sprintf("%d 个账号名称在同一地区出现多次，按编号各算各的", n), fmt.Sprintf("%d names of accounts occur more than once in one place; they are counted apart, by id", n))
	}
}

// levelAbovePlace finds a parent mismatch: a provincial account whose code is a city's.
func (s *survey) levelAbovePlace() {
	n := 0
	for i := range s.accounts {
		a := &s.accounts[i]
		if a.Region == "" || a.level == 0 && a.province == nil {
			continue
		}
		if depth := len(s.cat.Regions.Path(a.Region)) - 1; depth > a.level && a.province != nil && !a.province.IsCity() {
			n++
		}
	}
	if n > 0 {
		s.doubt("DQ-02", Wrong, fmt.Sprintf("%d 个账号的层级高于它所在的地区，按地区代码归属", n), fmt.Sprintf("%d accounts have a level above their place; they are counted where the code says", n))
	}
}

func (s *survey) namesakes() {
	for _, p := range s.prefecture {
		if p.Short == p.province.Short && 20*p.rank > 19*len(s.prefecture) {
			s.doubt("DQ-34", Note, p.Name+"账号少得可疑：和所在的省同名，账号可能记到了省里", p.Name+" is suspiciously low: its name is its province's, and accounts may have gone there; check the codes")
		}
	}
}

func (s *survey) tied() {
	for slot, list := range map[string][]*area{"DQ-35": s.prefecture, "DQ-35p": s.provinces} {
		values := make([]int64, len(list))
		for i, a := range list {
			values[i] = a.accounts
		}
		if groups, members := measure.Ties(values); groups > 0 {
			s.doubt(slot, Ambiguous, fmt.Sprintf("有 %d 组共 %d 个地区账号数相同，并列按代码先后排", groups, members), fmt.Sprintf("%d groups of equals, %d places in all; ties are broken by code", groups, members))
		}
	}
	s.doubt("DQ-09", Ambiguous, "活跃名次按号均活跃用户，不按总数", "Active ranks are by active users per account, not by the total")
	s.doubt("DQ-12", Ambiguous, "名次只在 27 个省和自治区中排，不含直辖市；31 个的名次见 provinces", "Ranks are among 27 provinces and regions; those among 31 are in the exhibit provinces")
}

func (s *survey) unplacedAccounts() {
	if n := s.outside.accounts; n > 0 {
		s.doubt("DQ-30", Ambiguous, fmt.Sprintf("%d 个账号（%.1f%%）不在 31 个省", n, measure.Percent(n, s.nation.accounts)), fmt.Sprintf("%d accounts (%.1f%%) have no province of the 31", n, measure.Percent(n, s.nation.accounts)))
	}
}

// uncounted says that use was not counted at all, where the tables that have no empty cell show 0.
func (s *survey) uncounted() {
	if s.month == "" {
		s.doubt("DQ-50", Note, "没有数据：月度表是空的，活跃用户、点击、访问写成 0 的都是没有统计", "No data: the table of months is empty; active users, clicks and visits of 0 were not counted")
	}
	s.countedPartly()
	for _, l := range s.facts.Launches {
		if l.Visits > 0 {
			return
		}
	}
	if len(s.facts.Launches) > 0 {
		s.doubt(noData, Note, "没有数据：服务表没有访问量，写成 0 的都是没有统计", "No data: the table of services has no visits; those of 0 were not counted")
	}
}

// The slots of what was counted of some accounts, or of some services, only.
const (
	usePartly    = "DQ-50u"
	visitsPartly = "DQ-50v"
)

// countedPartly says of how many accounts and services clicks and visits were not counted: sums are of the others.
func (s *survey) countedPartly() {
	for _, m := range []struct {
		zh, en string
		n      int64
	}{{"点击", "clicks", s.nation.noClicks}, {"服务访问", "visits to services", s.nation.noVisits}} {
		if all := s.nation.accounts; m.n > 0 {
			s.doubt(usePartly, Note, fmt.Sprintf("没有数据：%d 个账号中有 %d 个没有统计%s，合计只含其余 %d 个", all, m.n, m.zh, all-m.n),
				fmt.Sprintf("No data: of %d accounts %d have no count of %s; sums are of the other %d", all, m.n, m.en, all-m.n))
		}
	}
	launched, uncounted := 0, 0
	for _, l := range s.facts.Launches {
		if l.Launched {
			launched++
			if l.NoVisits {
				uncounted++
			}
		}
	}
	if uncounted > 0 && uncounted < launched {
		s.doubt(visitsPartly, Note, fmt.Sprintf("没有数据：%d 项上线的服务中有 %d 项没有统计访问量，合计只含其余 %d 项", launched, uncounted, launched-uncounted),
			fmt.Sprintf("No data: of %d launched services %d have no count of visits; sums are of the other %d", launched, uncounted, launched-uncounted))
	}
}

// silent finds accounts without counters: an average over them is of the registry, not of accounts in use.
func (s *survey) silent() {
	n := 0
	for i := range s.accounts {
		if a := &s.accounts[i]; a.active == 0 {
			n++
		}
	}
	if n > 0 {
		s.doubt("DQ-50", Note, fmt.Sprintf("%d 个账号当月没有活跃用户，号均仍把它们算在内", n), fmt.Sprintf("%d accounts had no active users in the month; means per account include them", n))
	}
}

func (s *survey) meanOrTotal() {
	for _, p := range s.provinces {
		if p.IsCity() && p.meanRank != p.activeRank {
			s.doubt("DQ-13", Ambiguous, "号均名次和总数名次不同，两列都列出", "Ranks of the mean and of the total differ; both are shown")
			return
		}
	}
}

// bases says that shares of the 334 and of the whole registry are two things.
func (s *survey) bases() {
	all := s.prefectureSum()
	if all.accounts == s.nation.accounts || all.accounts == 0 {
		return
	}
	top := ranked(s.prefecture, byRank)[0]
	s.doubt("DQ-06", Ambiguous,
		fmt.Sprintf("占比的基数是 334 个的合计 %d，不是全部 %d：%s占 %.2f%%，按全部是 %.2f%%", all.accounts, s.nation.accounts, top.Short, measure.Percent(top.accounts, all.accounts), measure.Percent(top.accounts, s.nation.accounts)),
		fmt.Sprintf("Shares are of the 334 prefectures (%d), not of all %d: %s has %.2f%%, of all %.2f%%", all.accounts, s.nation.accounts, top.En, measure.Percent(top.accounts, all.accounts), measure.Percent(top.accounts, s.nation.accounts)))
}

func (s *survey) manyAbove500() {
	over, tiers12 := 0, 0
	for _, p := range s.prefecture {
		if p.accounts > 500 {
			over++
		}
		if p.tier <= 2 {
			tiers12++
		}
	}
	if over != tiers12 {
		s.doubt("DQ-04", Note, fmt.Sprintf("%d 个地级行政区超过 500 个账号；前两级有 %d 个，两者不是一回事", over, tiers12), fmt.Sprintf("%d prefectures exceed 500; tiers 1 and 2 have %d, which is not the same", over, tiers12))
	}
}

func (s *survey) tierShares() {
	n := 0
	for _, p := range s.prefecture {
		if p.tier <= 3 {
			n++
		}
	}
	all := int64(len(s.prefecture))
	s.doubt("DQ-15", Note, fmt.Sprintf("前三级占个数的 %.1f%%，其余 %.1f%%", measure.Percent(int64(n), all), measure.Percent(all-int64(n), all)), fmt.Sprintf("Tiers 1 to 3 are %.1f%% of the divisions, the others %.1f%%", measure.Percent(int64(n), all), measure.Percent(all-int64(n), all)))
}

// startOfLloyd says when the exact optimum and Lloyd's steps disagree.
func (s *survey) startOfLloyd() {
	values := accountsOf(s.prefecture)
	best, lloyd := measure.KMeans(values, PrefectureTiers), measure.LloydLine(values, PrefectureTiers)
	if !slices.Equal(best.Sizes, lloyd.Sizes) {
		s.doubt("DQ-39", Ambiguous, fmt.Sprintf("最优划分是 %v，Lloyd 法从均匀起步得到 %v；采用最优", best.Sizes, lloyd.Sizes), fmt.Sprintf("The exact optimum is %v, Lloyd's steps from an even start give %v; the optimum is used", best.Sizes, lloyd.Sizes))
	}
	raw, scaled := s.provincePlanes()
	if exact := measure.KMeans(accountsOf(s.provinces), ProvinceTiers); !slices.Equal(exact.Sizes, raw.Sizes) || !slices.Equal(raw.Sizes, scaled.Sizes) {
		s.doubt("DQ-39p", Ambiguous, fmt.Sprintf("按账号数最优是 %v；二维 Lloyd 法原始单位是 %v，标准化后是 %v", exact.Sizes, raw.Sizes, scaled.Sizes), fmt.Sprintf("On accounts the optimum is %v; Lloyd in the plane gives %v on raw units and %v on z-scores", exact.Sizes, raw.Sizes, scaled.Sizes))
	}
}
